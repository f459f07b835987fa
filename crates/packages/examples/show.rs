//! Prints what reading a package shows: `cargo run -p packages --example show PACKAGE.zip`.

use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("which package? name its zip")?;
    let staging = tempfile::tempdir()?;
    let reading = packages::read(path.as_ref(), staging.path(), &packages::Limits::default())?;
    serde_json::to_writer_pretty(std::io::stdout().lock(), &reading.package)?;
    writeln!(std::io::stdout())?;
    Ok(())
}
