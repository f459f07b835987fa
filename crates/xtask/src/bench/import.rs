//! How fast a package comes in, beside reading it once with `sha256sum` and unpacking it once.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::{median, say, timed};

/// Contents of the package, in bytes.
const PACKAGE_BYTES: usize = 500 << 20;
const FILES: usize = 10;
const ROUNDS: usize = 3;
const GOAL: f64 = 0.7;

pub(super) fn measure(program: &Path) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let (home, workspace, contents) =
        (scratch.path().join("home"), scratch.path().join("workspace"), scratch.path().join("contents"));
    std::fs::create_dir(&contents)?;
    for number in 0..FILES {
        write_noise(&contents.join(format!("part{number}.bin")), PACKAGE_BYTES / FILES, number as u64 + 1)?;
    }
    let zip = scratch.path().join("package.zip");
    // Noise does not shrink; level 1 costs the reader what any deflated member costs.
    run(Command::new("python3").args(["-c", PACK]).arg(&zip).arg(&contents))?;
    let place = workspace.display().to_string();
    let ours = |words: &[&str]| {
        let mut command = Command::new(program);
        command
            .args(words)
            .env("COUNTERSIGN_HOME", &home)
            .env("COUNTERSIGN_WORKSPACE", &workspace)
            .env("COUNTERSIGN_MEMBER", "ana");
        command
    };
    run(&mut ours(&["workspace", "init", &place, "--name", "Bench", "--member", "ana"]))?;
    run(&mut ours(&["project", "create", "P"]))?;
    let (mut theirs, mut own) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let out = scratch.path().join(format!("out{round}"));
        theirs.push(
            timed(|| {
                run(Command::new("sha256sum").arg(&zip))?;
                run(Command::new("unzip").arg("-q").arg(&zip).arg("-d").arg(&out))
            })?
            .0,
        );
        std::fs::remove_dir_all(&out)?;
        // A new name each time: contents known already would not be stored again, so they are made anew, too.
        let fresh = scratch.path().join("fresh.zip");
        write_noise(&contents.join("part0.bin"), PACKAGE_BYTES / FILES, 100 + round as u64)?;
        run(Command::new("python3").args(["-c", PACK]).arg(&fresh).arg(&contents))?;
        let (path, name) = (fresh.display().to_string(), format!("model-{round}"));
        own.push(timed(|| run(&mut ours(&["model", "import", &path, "--project", "P", "--name", &name])))?.0);
    }
    let (theirs, own) = (median(theirs).as_secs_f64(), median(own).as_secs_f64());
    let speed = theirs / own;
    say(
        "import of a 500 MB package",
        &format!("{own:.2} s; sha256sum and unzip {theirs:.2} s: {speed:.2} of their speed"),
        "≥ 0.7",
        speed >= GOAL,
    );
    Ok(())
}

const PACK: &str = "import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED, compresslevel=1) as package:
    for name in sorted(os.listdir(sys.argv[2])):
        package.write(os.path.join(sys.argv[2], name), name)
";

/// Bytes that no compressor shrinks, the same for the same seed (xorshift64).
fn write_noise(file: &Path, bytes: usize, seed: u64) -> Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for _ in 0..bytes / 8 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        out.write_all(&state.to_le_bytes())?;
    }
    Ok(out.flush()?)
}

fn run(command: &mut Command) -> Result<()> {
    let done = command.output()?;
    if !done.status.success() {
        bail!(
            "{command:?} failed: {}{}",
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        );
    }
    Ok(())
}
