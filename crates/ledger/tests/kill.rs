//! Desks as real processes that append to a folder and are killed at any moment: nothing acknowledged is lost, nothing
//! intended is recorded twice.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::HashMap;
use std::convert::Infallible;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ed25519_dalek::{Signer as _, SigningKey};
use ledger::{
    Author, FactIds, Folder, Founder, Genesis, Ledger, Offered, Payload, PublicKey, RawFact, Sealed, Ulid,
    seal,
};
use serde_json::json;

const HOME: &str = "LEDGER_TEST_HOME";
const DESK: &str = "LEDGER_TEST_DESK";
/// How long desks are killed for; `COUNTERSIGN_KILL_SECONDS` says otherwise.
const SECONDS: u64 = 6;
const DESKS: u8 = 3;

fn key(desk: u8) -> SigningKey {
    SigningKey::from_bytes(&[desk + 1; 32])
}

fn public(desk: u8) -> PublicKey {
    PublicKey::ed25519(key(desk).verifying_key().as_bytes())
}

async fn open(home: &Path) -> Ledger {
    Ledger::open(Arc::new(Folder::open(&home.join("workspace")).unwrap()), None).await.unwrap()
}

/// A file that is replaced whole and durably: the outbox of the desk.
fn keep(home: &Path, name: &str, bytes: &[u8]) {
    let (staged, file) = (home.join(format!("{name}.new")), home.join(name));
    let mut out = OpenOptions::new().create(true).write(true).truncate(true).open(&staged).unwrap();
    out.write_all(bytes).unwrap();
    out.sync_all().unwrap();
    fs::rename(staged, file).unwrap();
}

/// One line at a time, so that a kill leaves at most a torn last line.
fn note(home: &Path, name: &str, line: &str) {
    let mut out = OpenOptions::new().create(true).append(true).open(home.join(name)).unwrap();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
}

fn whole_lines(home: &Path, name: &str) -> Vec<String> {
    let text = fs::read_to_string(home.join(name)).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().map(str::to_owned).collect()
}

/// Not a test of its own: the desk that the test below starts and kills.
#[tokio::test]
async fn appends_until_it_is_killed() {
    let (Some(home), Ok(desk)) = (std::env::var_os(HOME), std::env::var(DESK)) else { return };
    let (home, desk) = (Path::new(&home), desk.parse::<u8>().unwrap());
    let ledger = open(home).await;
    let outbox = format!("outbox-{desk}");
    let (intents, acknowledged) = (format!("intents-{desk}"), format!("acknowledged-{desk}"));
    let mut head = ledger.origin();
    let mut ids = FactIds::default();
    loop {
        while let Some(slot) = ledger.next(&head).await.unwrap() {
            if let Ok(entry) = slot.judged(|_, _| true).unwrap() {
                let _ = ids.admit(entry);
            }
            head = slot.head();
        }
        // Whatever was intended last, and is not there, is offered again.
        let done = whole_lines(home, &acknowledged);
        let open_intent = whole_lines(home, &intents).pop().filter(|last| !done.contains(last));
        let id = match open_intent {
            Some(id) => id.parse().unwrap(),
            None => {
                let id = Ulid::generate();
                note(home, &intents, &id.to_string());
                id
            }
        };
        if ids.contains(&id) {
            note(home, &acknowledged, &id.to_string());
            continue;
        }
        let kept = fs::read(home.join(&outbox))
            .ok()
            .and_then(|kept| Sealed::from_bytes(&ledger.workspace(), kept).ok());
        let sealed = match kept {
            Some(kept) if kept.fact_ids == [id] && kept.position == head.position + 1 => kept,
            _ => {
                let fact =
                    RawFact { id, kind: "test.said".into(), v: 1, subject: "it".into(), body: json!({}) };
                let author = Author {
                    key: public(desk),
                    person: format!("member-{desk}"),
                    claimed_at: "2026-01-01T09:00:00Z".into(),
                    rules_version: 1,
                };
                let payload = Payload::after(&head, ledger.workspace(), author, vec![fact]);
                let sealed =
                    seal(&payload, |message| Ok::<_, Infallible>(key(desk).sign(message).to_bytes()))
                        .unwrap();
                keep(home, &outbox, &sealed.bytes);
                sealed
            }
        };
        match ledger.offer(&sealed).await {
            Offered::Recorded { .. } => note(home, &acknowledged, &id.to_string()),
            Offered::Beaten { .. } => {}
            Offered::Pending { cause } => panic!("{cause}"),
        }
    }
}

fn start(home: &Path, desk: u8) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "appends_until_it_is_killed", "--nocapture"])
        .env(HOME, home)
        .env(DESK, desk.to_string())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn desks_killed_at_any_moment_lose_nothing_and_repeat_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    fs::create_dir(home.join("workspace")).unwrap();
    let founder = Founder { person: "member-0".into(), key: public(0), device: "test".into() };
    let genesis = Genesis {
        v: 1,
        name: "Killed".into(),
        created_at: "2026-01-01T09:00:00Z".into(),
        nonce: "kill".into(),
        founders: vec![founder],
        threshold: 1,
        policy: json!({}),
        personal_data: None,
    };
    let (payload, message) = genesis.to_sign().unwrap();
    let founding = Genesis::signed(&payload, &[(public(0), key(0).sign(&message).to_bytes())]).unwrap();
    Ledger::found(Arc::new(Folder::open(&home.join("workspace")).unwrap()), &founding).await.unwrap();

    let seconds =
        std::env::var("COUNTERSIGN_KILL_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SECONDS);
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut desks: Vec<Child> = (0..DESKS).map(|desk| start(home, desk)).collect();
    let mut kills = 0_u32;
    while Instant::now() < until {
        // Between 1 and 120 milliseconds, differently each time.
        let chance = Ulid::generate().0 as u64;
        std::thread::sleep(Duration::from_millis(1 + chance % 120));
        let desk = (chance >> 32) as usize % desks.len();
        desks[desk].kill().unwrap();
        desks[desk].wait().unwrap();
        kills += 1;
        desks[desk] = start(home, desk as u8);
    }
    for desk in &mut desks {
        desk.kill().unwrap();
        desk.wait().unwrap();
    }

    let ledger = open(home).await;
    let report = ledger.verify(|_| {}).await.unwrap();
    assert_eq!(report.problems, vec![]);
    let mut recorded: HashMap<String, u32> = HashMap::new();
    let mut replay = ledger.replay(ledger.origin());
    while let Some(slot) = replay.next().await.unwrap() {
        for fact in &slot.content.unwrap().payload.facts {
            *recorded.entry(fact.id.to_string()).or_default() += 1;
        }
    }
    let acknowledged: Vec<String> =
        (0..DESKS).flat_map(|desk| whole_lines(home, &format!("acknowledged-{desk}"))).collect();
    for id in &acknowledged {
        assert_eq!(recorded.get(id), Some(&1), "{id} was acknowledged");
    }
    assert!(recorded.values().all(|times| *times == 1), "a fact stands twice");
    let intended: Vec<String> =
        (0..DESKS).flat_map(|desk| whole_lines(home, &format!("intents-{desk}"))).collect();
    assert!(recorded.keys().all(|id| intended.contains(id)), "a fact nobody intended");
    assert!(kills >= 10 && acknowledged.len() >= 3, "{kills} kills, {} acknowledged", acknowledged.len());
    println!(
        "{kills} kills, {} entries, {} acknowledged: none lost, none repeated",
        report.entries,
        acknowledged.len()
    );
}
