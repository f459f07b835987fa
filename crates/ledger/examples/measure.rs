//! Measures what the ledger promises, in a folder given as the only argument:
//! `cargo run --release -p ledger --example measure -- /some/folder`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement may stop at the first surprise, and prints"
)]

use std::convert::Infallible;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ed25519_dalek::{Signer as _, SigningKey};
use ledger::{
    Author, Folder, Founder, Genesis, Head, Ledger, Offered, Payload, PublicKey, RawFact, Sealed, Store,
    Ulid, seal,
};
use serde_json::json;

struct Desk {
    key: SigningKey,
    ledger: Ledger,
    head: Head,
    nth: u128,
}

impl Desk {
    async fn found(folder: &Path) -> Desk {
        fs::create_dir_all(folder).unwrap();
        let store: Arc<dyn Store> = Arc::new(Folder::open(folder).unwrap());
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = PublicKey::ed25519(key.verifying_key().as_bytes());
        let genesis = Genesis {
            v: 1,
            name: "Measured".into(),
            created_at: "2026-01-01T09:00:00Z".into(),
            nonce: "measure".into(),
            founders: vec![Founder { person: "ana".into(), key: public.clone(), device: "bench".into() }],
            threshold: 1,
            policy: json!({}),
            personal_data: None,
        };
        let (payload, message) = genesis.to_sign().unwrap();
        let founding = Genesis::signed(&payload, &[(public, key.sign(&message).to_bytes())]).unwrap();
        let ledger = Ledger::found(store, &founding).await.unwrap();
        let head = ledger.origin();
        Desk { key, ledger, head, nth: 0 }
    }

    fn sealed(&mut self, facts: usize) -> Sealed {
        let facts = (0..facts)
            .map(|_| {
                self.nth += 1;
                RawFact {
                    id: Ulid(self.nth),
                    kind: "registry.property-set".into(),
                    v: 1,
                    subject: "01JFACTSUBJECT".into(),
                    body: json!({"name": "algorithm", "value": "gradient boosting", "previous": null, "n": 12345}),
                }
            })
            .collect();
        let author = Author {
            key: PublicKey::ed25519(self.key.verifying_key().as_bytes()),
            person: "ana".into(),
            claimed_at: "2026-01-01T09:00:00Z".into(),
            rules_version: 1,
        };
        let payload = Payload::after(&self.head, self.ledger.workspace(), author, facts);
        seal(&payload, |message| Ok::<_, Infallible>(self.key.sign(message).to_bytes())).unwrap()
    }

    async fn commit(&mut self, facts: usize) {
        let sealed = self.sealed(facts);
        match self.ledger.offer(&sealed).await {
            Offered::Recorded { slot } => self.head = slot.head(),
            other => panic!("{other:?}"),
        }
    }
}

/// One durable file: created, written, fsynced, and its folder fsynced.
fn create_durably(folder: &Path, nth: usize, bytes: &[u8]) {
    let mut file = File::create_new(folder.join(format!("{nth}"))).unwrap();
    file.write_all(bytes).unwrap();
    file.sync_all().unwrap();
    File::open(folder).unwrap().sync_all().unwrap();
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

async fn replayed(folder: &Path) -> (u64, u64, Duration) {
    let ledger = Ledger::open(Arc::new(Folder::open(folder).unwrap()), None).await.unwrap();
    let begun = Instant::now();
    let mut replay = ledger.replay(ledger.origin());
    let (mut entries, mut facts) = (0, 0);
    while let Some(slot) = replay.next().await.unwrap() {
        entries += 1;
        facts += slot.judged(|_, _| true).unwrap().unwrap().payload.facts.len() as u64;
    }
    (entries, facts, begun.elapsed())
}

/// Writes a history without making each entry durable, which is not what is measured.
async fn write_quickly(desk: &mut Desk, folder: &Path, entries: usize, facts: usize) {
    fs::create_dir_all(folder.join("log")).unwrap();
    for _ in 0..entries {
        let sealed = desk.sealed(facts);
        fs::write(folder.join(format!("log/{:012}.json", sealed.position)), &sealed.bytes).unwrap();
        desk.head = desk.ledger.next(&desk.head).await.unwrap().unwrap().head();
    }
}

#[tokio::main]
async fn main() {
    let root = std::env::args().nth(1).expect("name a folder to measure in");
    let root = Path::new(&root).join(format!("measure-{}", std::process::id()));
    const ROUNDS: usize = 300;

    let mut desk = Desk::found(&root.join("commits")).await;
    let size = desk.sealed(1).bytes;
    let plain = root.join("plain");
    fs::create_dir_all(&plain).unwrap();
    let (mut files, mut ones, mut tens) = (Vec::new(), Vec::new(), Vec::new());
    for nth in 0..ROUNDS {
        let begun = Instant::now();
        create_durably(&plain, nth, &size);
        files.push(begun.elapsed());
        let begun = Instant::now();
        desk.commit(1).await;
        ones.push(begun.elapsed());
        let begun = Instant::now();
        desk.commit(10).await;
        tens.push(begun.elapsed());
    }
    let (file, one, ten) = (median(files), median(ones), median(tens));
    println!("one durable file        {file:?}");
    println!("commit of one fact      {one:?}  ({:.2} files)", one.as_secs_f64() / file.as_secs_f64());
    println!(
        "commit of ten facts     {ten:?}  ({:.1} times the rate of ten commits)",
        10.0 * one.as_secs_f64() / ten.as_secs_f64()
    );

    for (entries, facts) in [(20_000, 1), (10_000, 10), (5_000, 50)] {
        let folder = root.join(format!("replay-{facts}"));
        let mut desk = Desk::found(&folder).await;
        write_quickly(&mut desk, &folder, entries, facts).await;
        let (entries, facts, took) = replayed(&folder).await;
        println!(
            "replay of {entries} entries, {facts} facts: {took:?}: {:.0} entries/s, {:.0} facts/s",
            entries as f64 / took.as_secs_f64(),
            facts as f64 / took.as_secs_f64()
        );
    }

    let big = root.join("big");
    let content: Vec<u8> =
        (0..64 * 1024 * 1024_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    fs::write(&big, &content).unwrap();
    let begun = Instant::now();
    desk.ledger.put_blob_file(&big).await.unwrap();
    println!(
        "a blob of 64 MiB from a file, durably: {:.0} MB/s",
        content.len() as f64 / 1e6 / begun.elapsed().as_secs_f64()
    );
    fs::remove_dir_all(&root).unwrap();
}
