//! How fast a large package is read, beside `sha256sum` of it and `unzip`:
//! `cargo run --release -p packages --example import_speed [MEGABYTES]`.
//!
//! The package is made once in the system's temporary folder: half of it noise, as serialised models are, half of it
//! text, as tables are. Prints one JSON line.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use zip::write::SimpleFileOptions;

const ROUNDS: usize = 3;
const FILE_BYTES: usize = 64 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let megabytes: usize = std::env::args().nth(1).map_or(Ok(500), |it| it.parse())?;
    let folder = std::env::temp_dir().join(format!("packages-import-speed-{megabytes}"));
    std::fs::create_dir_all(&folder)?;
    let package = folder.join("package.zip");
    if !package.exists() {
        make(&package, megabytes << 20)?;
    }
    let (mut ours, mut sum, mut unzip) = (f64::MAX, f64::MAX, f64::MAX);
    for _ in 0..ROUNDS {
        ours = ours.min(seconds(|| {
            let staging = tempfile::tempdir_in(&folder)?;
            let reading = packages::read(&package, staging.path(), &packages::Limits::default())?;
            assert!(!reading.package.files.is_empty());
            Ok(())
        })?);
        sum = sum.min(seconds(|| run(Command::new("sha256sum").arg(&package)))?);
        unzip = unzip.min(seconds(|| {
            let out = tempfile::tempdir_in(&folder)?;
            run(Command::new("unzip").arg("-q").arg(&package).arg("-d").arg(out.path()))
        })?);
    }
    let bytes = package.metadata()?.len() as f64 / 1e6;
    writeln!(
        std::io::stdout(),
        "{{\"package_mb\": {bytes:.0}, \"import_s\": {ours:.2}, \"sha256sum_s\": {sum:.2}, \"unzip_s\": {unzip:.2}, \
         \"speed_against_both\": {:.2}}}",
        (sum + unzip) / ours
    )?;
    Ok(())
}

fn seconds(work: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed().as_secs_f64())
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.stdout(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}").into()) }
}

/// Writes files until the package has about this many bytes.
fn make(path: &Path, bytes: usize) -> Result<(), Box<dyn Error>> {
    let unfinished = path.with_extension("unfinished");
    let mut zip = zip::ZipWriter::new(BufWriter::new(File::create(&unfinished)?));
    let options = SimpleFileOptions::default().compression_level(Some(1));
    zip.start_file("score.py", options)?;
    zip.write_all(b"print('scored')\n")?;
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for index in 0.. {
        if std::fs::metadata(&unfinished)?.len() as usize >= bytes {
            break;
        }
        let noise = index % 2 == 0;
        zip.start_file(
            if noise { format!("model{index}.bin") } else { format!("table{index}.csv") },
            options,
        )?;
        let mut written = 0;
        while written < FILE_BYTES {
            let piece: Vec<u8> = if noise {
                (0..8192).flat_map(|_| next().to_le_bytes()).collect()
            } else {
                (0..1000)
                    .flat_map(|row| {
                        format!("{row},{},{:.3}\n", next() % 1000, (next() % 9999) as f64 / 7.0).into_bytes()
                    })
                    .collect()
            };
            zip.write_all(&piece)?;
            written += piece.len();
        }
    }
    zip.finish()?.flush()?;
    std::fs::rename(unfinished, path)?;
    Ok(())
}
