//! How fast uploads are, beside Google's own Python client against the same sandbox and beside `cp`, in one run:
//! `cargo xtask bench runs`, or `cargo run --release -p sandbox --example bench_sandbox`.
//!
//! The sandbox, each upload of ours and each of Google's is a process of its own, so that none borrows from another.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops where it cannot go on"
)]

use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use runs::bucket::{Bucket, GoogleBucket, Precondition};
use runs::cloud::{Cloud, Credentials, Endpoints, Patience};
use runs::digest::Fingerprint;
use runs::migration::PARALLEL;
use sandbox::{Options, Sandbox};

#[path = "../tests/google/clients.rs"]
mod clients;

const FILES: usize = 1000;
const FILE_BYTES: usize = 64 * 1024;
const LARGE_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Rounds of each, one after the other in turn; the middle one counts.
const ROUNDS: usize = 3;
/// Of Google's throughput, at least.
const GOAL: f64 = 0.8;
const MEMORY_GOAL_BYTES: u64 = 200 * 1024 * 1024;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve", folder] => serve(Path::new(folder)),
        ["ours", url, bucket, source, kind] => ours(url, bucket, &Path::new(source).join(kind)),
        _ => compare(),
    }
}

fn compare() {
    let python = clients::python();
    let scratch = tempfile::tempdir().unwrap();
    let source = scratch.path().join("source");
    write_sources(&source);
    let folder = scratch.path().join("sandbox");
    let buckets = folder.join("buckets");
    std::fs::create_dir_all(&buckets).unwrap();
    let mut served = start(&folder);
    let url = served.1.clone();
    for (kind, bytes) in [("files", (FILES * FILE_BYTES) as u64), ("large", LARGE_BYTES)] {
        let (mut mine, mut theirs, mut copied, mut memory) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for round in 0..ROUNDS {
            let fresh = |who: &str| {
                let name = format!("{who}-{kind}-{round}");
                std::fs::create_dir(buckets.join(&name)).unwrap();
                name
            };
            let bucket = fresh("ours");
            let said = said(
                Command::new(std::env::current_exe().unwrap())
                    .args(["ours", &url, &bucket])
                    .arg(&source)
                    .arg(kind),
            );
            let (seconds, peak) = said.split_once(' ').unwrap();
            mine.push(seconds.parse::<f64>().unwrap());
            memory = memory.max(peak.parse::<u64>().unwrap());
            same(&source.join(kind), &buckets.join(&bucket));

            let bucket = fresh("google");
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bench.py");
            theirs.push(said_seconds(
                Command::new(&python).arg(script).args([&url, &bucket]).arg(&source).arg(kind),
            ));
            same(&source.join(kind), &buckets.join(&bucket));

            let begun = Instant::now();
            said_nothing(
                Command::new("cp").arg("-r").arg(source.join(kind)).arg(scratch.path().join("copy")),
            );
            copied.push(begun.elapsed().as_secs_f64());
            std::fs::remove_dir_all(scratch.path().join("copy")).unwrap();
        }
        report(kind, bytes, median(mine), median(theirs), median(copied), memory);
    }
    let _ = served.0.kill();
    let _ = served.0.wait();
}

fn report(kind: &str, bytes: u64, ours: f64, theirs: f64, copied: f64, memory: u64) {
    let rate = |seconds: f64| bytes as f64 / seconds / 1e6;
    let what =
        if kind == "files" { format!("{FILES} files of 64 KiB") } else { "one file of 2 GiB".to_owned() };
    let met = |met: bool| if met { "met" } else { "MISSED" };
    println!(
        "  {what:<24} ours {:.0} MB/s, Google's client {:.0} MB/s, cp {:.0} MB/s: {:.2} of Google's, {:.2} of cp   goal ≥ {GOAL} of Google's   {}",
        rate(ours),
        rate(theirs),
        rate(copied),
        theirs / ours,
        copied / ours,
        met(theirs / ours >= GOAL)
    );
    println!(
        "  {what:<24} memory at most {} MB   goal < 200 MB   {}",
        memory / 1_000_000,
        met(memory < MEMORY_GOAL_BYTES)
    );
}

/// The sandbox in a process of its own, and its address.
fn start(folder: &Path) -> (Child, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .arg("serve")
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, line.trim().to_owned())
}

#[tokio::main]
async fn serve(folder: &Path) {
    let sandbox = Sandbox::start(Options::in_folder(folder)).await.unwrap();
    println!("{}", sandbox.url());
    std::io::stdout().flush().unwrap();
    std::future::pending::<()>().await;
}

/// As a migration sends them: digests known before, so many at a time, each compared with what the service reports.
#[tokio::main]
async fn ours(url: &str, bucket: &str, source: &Path) {
    let approved: Vec<(String, PathBuf, Fingerprint)> = files(source)
        .into_iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let print = Fingerprint::of_file(&path).unwrap();
            (name, path, print)
        })
        .collect();
    let begun = Instant::now();
    let cloud = Cloud::new(Credentials::anonymous(), Endpoints::all_at(url), Patience::default()).unwrap();
    let bucket = Bucket::Google(GoogleBucket::new(bucket, Arc::new(cloud)).unwrap());
    let sent: Vec<_> = futures::stream::iter(&approved)
        .map(|(name, path, print)| bucket.put_file(name, path, Some(*print), Precondition::Absent, &|_| {}))
        .buffer_unordered(PARALLEL)
        .collect()
        .await;
    let took = begun.elapsed();
    assert_eq!(sent.into_iter().filter(Result::is_ok).count(), approved.len(), "all arrived");
    println!("{} {}", took.as_secs_f64(), peak_bytes());
}

/// The most memory this process ever held.
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

fn write_sources(folder: &Path) {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut piece = vec![0u8; 1024 * 1024];
    let mut fill = |piece: &mut [u8]| {
        for eight in piece.chunks_exact_mut(8) {
            // Marsaglia's xorshift64: bytes that nothing can compress.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            eight.copy_from_slice(&state.to_le_bytes());
        }
    };
    for kind in ["files", "large"] {
        std::fs::create_dir_all(folder.join(kind)).unwrap();
    }
    for number in 0..FILES {
        fill(&mut piece[..FILE_BYTES]);
        std::fs::write(folder.join("files").join(format!("part-{number:05}.bin")), &piece[..FILE_BYTES])
            .unwrap();
    }
    let mut large = std::fs::File::create(folder.join("large/table.bin")).unwrap();
    for _ in 0..LARGE_BYTES / piece.len() as u64 {
        fill(&mut piece);
        large.write_all(&piece).unwrap();
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Both folders hold the same; the second one goes.
fn same(source: &Path, bucket: &Path) {
    let (sent, there) = (files(source), files(bucket));
    assert_eq!(sent.len(), there.len());
    for (sent, there) in sent.iter().zip(&there) {
        assert_eq!(Fingerprint::of_file(sent).unwrap(), Fingerprint::of_file(there).unwrap());
    }
    std::fs::remove_dir_all(bucket).unwrap();
    // The disk's own work is done before the next one is measured.
    said_nothing(&mut Command::new("sync"));
    std::thread::sleep(Duration::from_millis(200));
}

fn said(command: &mut Command) -> String {
    let done = command.output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

fn said_seconds(command: &mut Command) -> f64 {
    said(command).parse().unwrap()
}

fn said_nothing(command: &mut Command) {
    assert!(command.status().unwrap().success());
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
