//! What a commit costs beside the one file it must create, and how fast a history is read again.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use ed25519_dalek::{Signer, SigningKey};
use ledger::{
    Author, Founder, Genesis, Head, Ledger, Location, Offered, Payload, PublicKey, RawFact, Sealed,
    SignatureBytes, Ulid,
};
use serde_json::json;

use super::{median, say};

const COMMITS: usize = 200;
const BATCH_FACTS: usize = 10;
/// Histories that are replayed: entries, and facts in each.
const HISTORIES: [(usize, usize); 3] = [(4_000, 1), (4_000, 10), (1_000, 100)];

pub(super) fn measure() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        commits().await?;
        for (entries, facts) in HISTORIES {
            replay(entries, facts).await?;
        }
        Ok(())
    })
}

/// One after the other in the same folder, turn and turn about, so that both meet the same disk.
async fn commits() -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let mut desk = Bench::found(&scratch.path().join("workspace")).await?;
    let beside = scratch.path().join("files");
    std::fs::create_dir(&beside)?;
    let (mut creates, mut singles, mut tens) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..COMMITS {
        let sealed = desk.seal(1)?;
        creates.push(create(&beside.join(number.to_string()), &sealed.bytes)?);
        singles.push(desk.offer(&sealed).await?);
        let sealed = desk.seal(BATCH_FACTS)?;
        tens.push(desk.offer(&sealed).await?);
    }
    let (create, single, ten) =
        (median(creates).as_secs_f64(), median(singles).as_secs_f64(), median(tens).as_secs_f64());
    say(
        "a commit",
        &format!(
            "{:.2} ms; one fsync'd file {:.2} ms: {:.2} times",
            single * 1e3,
            create * 1e3,
            single / create
        ),
        "≤ 1.3 times",
        single <= 1.3 * create,
    );
    let rate = single * BATCH_FACTS as f64 / ten;
    say(
        "ten facts in one commit",
        &format!("{:.2} ms: {rate:.1} times the rate of ten", ten * 1e3),
        "≥ 5 times",
        rate >= 5.0,
    );
    Ok(())
}

async fn replay(entries: usize, facts: usize) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let mut desk = Bench::found(&scratch.path().join("workspace")).await?;
    for _ in 0..entries {
        let sealed = desk.seal(facts)?;
        desk.offer(&sealed).await?;
    }
    let begun = Instant::now();
    let mut slots = desk.ledger.replay(desk.ledger.origin());
    let mut read = 0;
    while let Some(slot) = slots.next().await? {
        read += slot
            .content
            .map_err(|void| anyhow!("slot {} is void: {void}", slot.position))?
            .payload
            .facts
            .len();
    }
    let rate = read as f64 / begun.elapsed().as_secs_f64();
    say(
        &format!("replay of {entries} entries of {facts} fact(s)"),
        &format!("{rate:.0} facts a second, verified"),
        "≥ 100,000",
        rate >= 100_000.0,
    );
    Ok(())
}

/// The peer: a file of the same bytes, on the disk when the call returns, its name too.
fn create(file: &Path, bytes: &[u8]) -> Result<Duration> {
    let begun = Instant::now();
    let mut out = File::create_new(file)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    File::open(file.parent().context("a folder")?)?.sync_all()?;
    Ok(begun.elapsed())
}

struct Bench {
    ledger: Ledger,
    head: Head,
    key: SigningKey,
    facts: u128,
}

impl Bench {
    async fn found(folder: &Path) -> Result<Self> {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = PublicKey::ed25519(&key.verifying_key().to_bytes());
        let genesis = Genesis {
            v: ledger::GENESIS_VERSION,
            name: "Bench".to_owned(),
            created_at: "2026-01-01T00:00:00Z".to_owned(),
            nonce: "bench".to_owned(),
            founders: vec![Founder {
                person: "ana".to_owned(),
                key: public.clone(),
                device: "bench".to_owned(),
            }],
            threshold: 1,
            policy: json!({}),
            personal_data: None,
        };
        let (payload, message) = genesis.to_sign()?;
        let founding = Genesis::signed(&payload, &[(public, signature(&key, &message))])?;
        let location: Location = folder.display().to_string().parse()?;
        let ledger = Ledger::found(location.make()?, &founding).await?;
        let head = ledger.origin();
        Ok(Self { ledger, head, key, facts: 0 })
    }

    fn seal(&mut self, facts: usize) -> Result<Sealed> {
        let made = (0..facts)
            .map(|_| {
                self.facts += 1;
                RawFact {
                    id: Ulid::from(self.facts),
                    kind: "registry.version-registered".to_owned(),
                    v: 1,
                    subject: "01J8Z3M6Q4T0X9V7B5N2C1D8EF".to_owned(),
                    body: json!({ "name": "churn", "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000",
                                  "files": 12, "note": "a body of the usual size" }),
                }
            })
            .collect();
        let by = Author {
            key: PublicKey::ed25519(&self.key.verifying_key().to_bytes()),
            person: "ana".to_owned(),
            claimed_at: "2026-01-01T00:00:00Z".to_owned(),
            rules_version: 1,
        };
        let payload = Payload::after(&self.head, self.ledger.workspace(), by, made);
        let key = &self.key;
        Ok(ledger::seal(&payload, |message| Ok::<_, std::io::Error>(signature(key, message)))?)
    }

    async fn offer(&mut self, sealed: &Sealed) -> Result<Duration> {
        let begun = Instant::now();
        let Offered::Recorded { slot } = self.ledger.offer(sealed).await else {
            bail!("nobody else writes here")
        };
        let took = begun.elapsed();
        self.head = slot.head();
        Ok(took)
    }
}

fn signature(key: &SigningKey, message: &[u8]) -> SignatureBytes {
    key.sign(message).to_bytes()
}
