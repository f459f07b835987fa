//! Writes the demonstration's packages and data: `cargo run -p packages --example demonstration FOLDER BUCKET SEED`.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next =
        |what: &str| arguments.next().ok_or_else(|| format!("{what} is missing: FOLDER BUCKET SEED"));
    let (folder, bucket, seed) = (PathBuf::from(next("FOLDER")?), next("BUCKET")?, next("SEED")?.parse()?);
    packages::demonstration::write_demo_packages(&folder, &bucket, seed)?;
    packages::demonstration::write_demo_data(&folder, seed)?;
    Ok(())
}
