//! One suite for every kind of bucket, and for the Cloud Storage kind what a network does to it.

// Tests may: a failed expectation is what they are for.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use runs::Error;
use runs::bucket::{Bucket, FolderBucket, GoogleBucket, PIECE_BYTES, Precondition, UploadSessions};
use runs::cloud::{Cloud, Credentials, Endpoints, Patience};
use runs::digest::{Fingerprint, Sha256};
use runs::migration::{Difference, Manifest, Options as Migration, Place, READY, Stop, migrate, reconcile};
use sandbox::faults::{Fault, Kind};
use sandbox::{Options, Sandbox};

const IMPATIENT: Patience = Patience { tries_max: 5, first_pause_s: 0.01, pause_s_max: 0.1, total_s: 20.0 };

fn cloud(sandbox: &Sandbox, credentials: Credentials) -> Arc<Cloud> {
    Arc::new(Cloud::new(credentials, Endpoints::all_at(&sandbox.url()), IMPATIENT).unwrap())
}

async fn sandbox_with_bucket(folder: &Path) -> (Sandbox, Bucket) {
    std::fs::create_dir_all(folder.join("buckets/churn-demo")).unwrap();
    let sandbox = Sandbox::start(Options::in_folder(folder)).await.unwrap();
    let bucket = GoogleBucket::new("churn-demo", cloud(&sandbox, Credentials::anonymous())).unwrap();
    (sandbox, Bucket::Google(bucket))
}

/// A fault, by hand over a socket: the suite needs no HTTP client of its own.
async fn fault(sandbox: &Sandbox, json: &str) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let address = sandbox.url().replace("http://", "");
    let mut socket = tokio::net::TcpStream::connect(&address).await.unwrap();
    let request = format!(
        "POST /sandbox/v1/faults HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{json}",
        json.len()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// What every bucket promises.
async fn suite(bucket: Bucket, dir: &Path) {
    bucket.probe().await.unwrap();
    assert!(bucket.list("").await.unwrap().is_empty());
    let text = "print('é')\n".as_bytes();
    let first = bucket.put("model/a b+é.py", text, Precondition::Absent).await.unwrap();
    assert_eq!(first.crc32c, Some(Fingerprint::of(text).crc32c));
    let stat = bucket.stat("model/a b+é.py").await.unwrap();
    assert_eq!(
        (stat.generation, stat.size_bytes, stat.crc32c),
        (first.generation, first.size_bytes, first.crc32c)
    );
    assert_eq!(bucket.read("model/a b+é.py", 100).await.unwrap(), text);
    assert!(matches!(bucket.read("model/a b+é.py", 3).await, Err(Error::Invalid { .. })));
    assert_eq!(bucket.read_range("model/a b+é.py", 2, 3).await.unwrap(), b"int");
    assert_eq!(bucket.read_range("model/a b+é.py", 1000, 3).await.unwrap(), b"");

    let conflict =
        |answer: Result<runs::bucket::Object, Error>| matches!(answer, Err(Error::Conflict { .. }));
    assert!(conflict(bucket.put("model/a b+é.py", b"other", Precondition::Absent).await));
    assert!(conflict(
        bucket.put("model/a b+é.py", b"other", Precondition::Generation(first.generation + 1)).await
    ));
    let second =
        bucket.put("model/a b+é.py", b"two", Precondition::Generation(first.generation)).await.unwrap();
    assert_ne!(second.generation, first.generation);

    // Beyond one piece, so that Cloud Storage takes a resumable session.
    let large = dir.join("large");
    let content: Vec<u8> = (0..PIECE_BYTES * 2 + 12_345).map(|n| (n % 251) as u8).collect();
    std::fs::write(&large, &content).unwrap();
    let print = Fingerprint::of(&content);
    let sent = AtomicU64::new(0);
    let count = |n| {
        sent.fetch_add(n, Ordering::Relaxed);
    };
    let put = bucket.put_file("data/large", &large, Some(print), Precondition::Absent, &count).await.unwrap();
    assert_eq!((put.size_bytes, put.crc32c), (print.size_bytes, Some(print.crc32c)));
    assert_eq!(sent.load(Ordering::Relaxed), print.size_bytes);
    assert_eq!(bucket.fingerprint("data/large").await.unwrap(), print);
    assert_eq!(bucket.fetch("data/large", &dir.join("back")).await.unwrap(), print);
    assert_eq!(std::fs::read(dir.join("back")).unwrap(), content);
    bucket.put("empty", b"", Precondition::Any).await.unwrap();
    assert_eq!(bucket.fingerprint("empty").await.unwrap().size_bytes, 0);

    std::fs::write(&large, vec![0; content.len()]).unwrap();
    let answer = bucket.put_file("data/large", &large, Some(print), Precondition::Any, &|_| {}).await;
    assert!(matches!(answer, Err(Error::Corrupt { .. })), "a file that changed never becomes an object");
    assert_eq!(bucket.stat("data/large").await.unwrap().generation, put.generation);

    let names: Vec<String> = bucket.list("").await.unwrap().into_iter().map(|o| o.name).collect();
    assert_eq!(names, ["data/large", "empty", "model/a b+é.py"]);
    assert_eq!(bucket.list("model/").await.unwrap().len(), 1);
    assert!(matches!(bucket.delete("empty", Precondition::Generation(1)).await, Err(Error::Conflict { .. })));
    bucket.delete("empty", Precondition::Any).await.unwrap();
    assert!(matches!(bucket.delete("empty", Precondition::Any).await, Err(Error::NotFound { .. })));
    assert!(matches!(bucket.stat("empty").await, Err(Error::NotFound { .. })));
    assert!(matches!(bucket.put("../x", b"", Precondition::Any).await, Err(Error::Invalid { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bucket_keeps_the_same_promises() {
    let dir = tempfile::tempdir().unwrap();
    let folder = FolderBucket::create("churn-demo", &dir.path().join("folder")).unwrap();
    suite(Bucket::Folder(folder), dir.path()).await;
    let (sandbox, bucket) = sandbox_with_bucket(&dir.path().join("sandbox")).await;
    suite(bucket, dir.path()).await;
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_not_there_is_not_found() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(Options::in_folder(dir.path())).await.unwrap();
    let bucket =
        Bucket::Google(GoogleBucket::new("no-such", cloud(&sandbox, Credentials::anonymous())).unwrap());
    assert!(matches!(bucket.probe().await, Err(Error::NotFound { .. })));
    assert!(matches!(bucket.put("x", b"", Precondition::Any).await, Err(Error::NotFound { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_network_changes_nothing_about_the_result() {
    let dir = tempfile::tempdir().unwrap();
    let (sandbox, bucket) = sandbox_with_bucket(&dir.path().join("sandbox")).await;
    for (n, kind) in [
        r#"{"status":{"code":503}}"#,
        r#"{"status":{"code":429,"retry_after_s":1}}"#,
        r#"{"status":{"code":500}}"#,
        r#""drop_before""#,
        r#""drop_after""#,
    ]
    .iter()
    .enumerate()
    {
        // An upload in one call: what was lost after its effect is recognised, although it was to be absent.
        fault(&sandbox, &format!(r#"{{"method":"POST","path":"/upload/","kind":{kind}}}"#)).await;
        let put = bucket.put(&format!("small-{n}"), b"content", Precondition::Absent).await.unwrap();
        assert_eq!(bucket.stat(&format!("small-{n}")).await.unwrap().generation, put.generation, "{kind}");

        // A resumable one, interrupted in its first piece, in a later one, and in the last.
        let large = dir.path().join("large");
        let content: Vec<u8> = (0..PIECE_BYTES * 2 + 99).map(|i| ((i * 7 + n) % 253) as u8).collect();
        std::fs::write(&large, &content).unwrap();
        for after in 0..3 {
            fault(
                &sandbox,
                &format!(r#"{{"method":"PUT","path":"/upload/","after":{after},"kind":{kind}}}"#),
            )
            .await;
            let name = format!("large-{n}-{after}");
            let put = bucket.put_file(&name, &large, None, Precondition::Absent, &|_| {}).await.unwrap();
            assert_eq!(put.size_bytes, content.len() as u64, "{kind} {after}");
            assert_eq!(bucket.fingerprint(&name).await.unwrap(), Fingerprint::of(&content));
        }
        // Reading goes on where it was interrupted.
        fault(&sandbox, &format!(r#"{{"method":"GET","path":"/o/large","after":1,"kind":{kind}}}"#)).await;
        assert_eq!(
            bucket.fingerprint(&format!("large-{n}-0")).await.unwrap(),
            Fingerprint::of(&content),
            "{kind}"
        );
    }
    // What never ends is given up within the budget, with a name.
    fault(&sandbox, r#"{"path":"/o/small-0","times":100,"kind":{"status":{"code":503}}}"#).await;
    assert!(matches!(bucket.stat("small-0").await, Err(Error::Offline { .. })));
    assert!(matches!(bucket.stat("small-0").await, Err(e) if e.is_transient()));
}

/// Holds the answer to a call of an upload, and lets go of the upload there, as the end of this program would.
async fn cut_off(sandbox: &Sandbox, bucket: &Bucket, file: &Path, method: &str, after: u32) {
    let (method, path) = (Some(method.to_owned()), "/upload/".to_owned());
    sandbox.misbehave(Fault { method, path, after, times: 1, kind: Kind::HoldAfter });
    let (bucket, file) = (bucket.clone(), file.to_owned());
    let upload = tokio::spawn(async move {
        bucket.put_file("data/large", &file, None, Precondition::Absent, &|_| {}).await
    });
    sandbox.held().await;
    upload.abort();
    assert!(upload.await.unwrap_err().is_cancelled());
    sandbox.behave();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_where_an_earlier_program_left_it() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("buckets/churn-demo")).unwrap();
    let sandbox = Sandbox::start(Options::in_folder(dir.path())).await.unwrap();
    let sessions = UploadSessions::in_folder(dir.path().join("uploads-of-the-desk"));
    let kept = || std::fs::read_dir(dir.path().join("uploads-of-the-desk")).unwrap().count();
    // Another one each time: nothing of it is remembered but what lies in the folder.
    let bucket = || {
        let bucket = GoogleBucket::new("churn-demo", cloud(&sandbox, Credentials::anonymous())).unwrap();
        Bucket::Google(bucket.remembering(sessions.clone()))
    };
    let large = dir.path().join("large");
    let piece = PIECE_BYTES as u64;
    let mut content: Vec<u8> = (0..PIECE_BYTES * 2 + 99).map(|n| (n % 251) as u8).collect();
    let whole = 2 * piece + 99;
    for (name, method, after, begins, requests) in [
        // A session that nobody heard of is none: another one, and three pieces.
        ("its session was unheard", "POST", 0, 0, 4),
        // The question how far it came, and two pieces.
        ("a piece was there", "PUT", 0, piece, 3),
        ("two pieces were there", "PUT", 1, 2 * piece, 2),
        ("all of it was there", "PUT", 2, whole, 1),
        // The question, another session, and three pieces.
        ("the service has forgotten it", "PUT", 1, 0, 5),
    ] {
        content[0] = content[0].wrapping_add(1);
        std::fs::write(&large, &content).unwrap();
        cut_off(&sandbox, &bucket(), &large, method, after).await;
        assert_eq!(kept(), 1, "{name}");
        if name.contains("forgotten") {
            for entry in std::fs::read_dir(dir.path().join("uploads")).unwrap() {
                std::fs::remove_file(entry.unwrap().path()).unwrap();
            }
        }
        let (steps, before) = (std::sync::Mutex::new(Vec::new()), sandbox.requests());
        let count = |n| steps.lock().unwrap().push(n);
        let put = bucket().put_file("data/large", &large, None, Precondition::Absent, &count).await.unwrap();
        let steps = steps.into_inner().unwrap();
        assert_eq!((steps[0], steps.iter().sum()), (begins, whole), "{name}: {steps:?}");
        assert_eq!(sandbox.requests() - before, requests, "{name}");
        assert_eq!(kept(), 0, "{name}: it is over");
        assert_eq!(bucket().fingerprint("data/large").await.unwrap(), Fingerprint::of(&content), "{name}");
        bucket().delete("data/large", Precondition::Generation(put.generation)).await.unwrap();
    }
    // What changed since is another upload.
    cut_off(&sandbox, &bucket(), &large, "PUT", 1).await;
    content[0] = content[0].wrapping_add(1);
    std::fs::write(&large, &content).unwrap();
    let first = AtomicU64::new(u64::MAX);
    let note = |n| {
        let _ = first.compare_exchange(u64::MAX, n, Ordering::Relaxed, Ordering::Relaxed);
    };
    bucket().put_file("data/large", &large, None, Precondition::Absent, &note).await.unwrap();
    assert_eq!(first.load(Ordering::Relaxed), 0, "nothing of the other content counts for it");
    assert_eq!(bucket().fingerprint("data/large").await.unwrap(), Fingerprint::of(&content));
    assert_eq!(kept(), 1, "the one that was cut off waits for its content to come back");
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_stops_in_the_middle_of_a_file_and_goes_on_from_there() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("buckets/churn-demo")).unwrap();
    let transcript = dir.path().join("transcript");
    let options = Options { transcript: Some(transcript.clone()), ..Options::in_folder(dir.path()) };
    let sandbox = Sandbox::start(options).await.unwrap();
    let sessions = UploadSessions::in_folder(dir.path().join("uploads-of-the-desk"));
    let bucket = GoogleBucket::new("churn-demo", cloud(&sandbox, Credentials::anonymous())).unwrap();
    let place = Place::new(Bucket::Google(bucket.remembering(sessions)), "model").unwrap();
    let large = dir.path().join("large");
    let content: Vec<u8> = (0..PIECE_BYTES * 2 + 99).map(|n| (n % 251) as u8).collect();
    std::fs::write(&large, &content).unwrap();
    let sources = BTreeMap::from([("data.bin".to_owned(), large)]);
    let manifest = Manifest::build(Sha256::of(b"a version"), &sources).unwrap();
    // The second piece is on its way and no answer comes: whoever stops it does not wait for one.
    let path = "/upload/".to_owned();
    sandbox.misbehave(Fault { method: Some("PUT".into()), path, after: 1, times: 1, kind: Kind::HoldAfter });
    let stop = Stop::default();
    let answer = {
        let options = Migration::default();
        let migrating = migrate(&manifest, &sources, &place, &options, &stop, &|_| {});
        tokio::pin!(migrating);
        tokio::select! {
            answer = &mut migrating => panic!("it ended before it was stopped: {answer:?}"),
            _ = sandbox.held() => stop.ask(),
        }
        migrating.await
    };
    assert!(matches!(answer, Err(Error::Stopped { .. })), "{answer:?}");
    sandbox.behave();
    assert!(place.bucket.list("").await.unwrap().is_empty());
    std::fs::write(&transcript, "").unwrap();
    let migrated =
        migrate(&manifest, &sources, &place, &Migration::default(), &Stop::default(), &|_| {}).await.unwrap();
    assert_eq!(migrated.sent, ["data.bin"]);
    assert_eq!(reconcile(&migrated.manifest, &place).await.unwrap(), []);
    let asked = std::fs::read_to_string(&transcript).unwrap();
    let of = |part: &str| asked.lines().filter(|call| call.contains(part)).count();
    assert_eq!(of("\"PUT\""), 2, "the question how far it came, and the piece that was missing: {asked}");
    assert_eq!(of("\"resumable\""), 2, "no other session was begun: {asked}");
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_expired_is_fetched_anew_once_and_a_wrong_one_is_denied() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("buckets/churn-demo")).unwrap();
    let options = Options { token: Some("fresh".into()), ..Options::in_folder(dir.path()) };
    let sandbox = Sandbox::start(options).await.unwrap();
    // The first time it prints a token that is not good any more.
    let once = dir.path().join("once").display().to_string();
    let script = format!("if [ -e '{once}' ]; then echo fresh; else touch '{once}'; echo stale; fi");
    let credentials = Credentials::from_command(vec!["sh".into(), "-c".into(), script]).unwrap();
    let bucket = GoogleBucket::new("churn-demo", cloud(&sandbox, credentials)).unwrap();
    Bucket::Google(bucket).probe().await.unwrap();
    let wrong = Credentials::from_command(vec!["echo".into(), "wrong".into()]).unwrap();
    let bucket = GoogleBucket::new("churn-demo", cloud(&sandbox, wrong)).unwrap();
    let answer = Bucket::Google(bucket).probe().await;
    assert!(matches!(&answer, Err(Error::Denied { .. })), "{answer:?}");
    assert!(!format!("{answer:?}").contains("wrong"), "the token is not in the message");
}

/// The same migration as to folders, over the network, with answers lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_over_a_bad_network_is_exact_and_ready_comes_last() {
    let dir = tempfile::tempdir().unwrap();
    let (sandbox, bucket) = sandbox_with_bucket(&dir.path().join("sandbox")).await;
    let place = Place::new(bucket, "model").unwrap();
    let mut sources = BTreeMap::new();
    for n in 0..20 {
        let source = dir.path().join(format!("file-{n}"));
        std::fs::write(&source, format!("content {n}")).unwrap();
        sources.insert(format!("part/file-{n}"), source);
    }
    let manifest = Manifest::build(Sha256::of(b"v1"), &sources).unwrap();
    fault(&sandbox, r#"{"method":"POST","path":"/upload/","after":3,"times":4,"kind":"drop_after"}"#).await;
    fault(&sandbox, r#"{"path":"/o","after":9,"times":3,"kind":{"status":{"code":503}}}"#).await;
    let go = || async {
        migrate(&manifest, &sources, &place, &Migration::default(), &Stop::default(), &|_| {}).await
    };
    let done = go().await.unwrap();
    assert_eq!(done.sent.len(), 20);
    assert_eq!(reconcile(&done.manifest, &place).await.unwrap(), []);
    assert!(go().await.unwrap().already_there);
    let ready = dir.path().join("sandbox/buckets/churn-demo/model").join(READY);
    let newest = std::fs::metadata(&ready).unwrap().modified().unwrap();
    for path in sources.keys() {
        let part = dir.path().join("sandbox/buckets/churn-demo/model").join(path);
        assert!(std::fs::metadata(part).unwrap().modified().unwrap() <= newest);
    }
}

/// Other content of the same length with the same crc32c: adding the sum's own polynomial does not change it.
fn with_the_same_sum(content: &[u8]) -> Vec<u8> {
    const POLYNOMIAL: u64 = 0x1_1EDC_6F41;
    let mut other = content.to_owned();
    for bit in (0..33).filter(|bit| POLYNOMIAL >> (32 - bit) & 1 == 1) {
        other[bit / 8] ^= 1 << (bit % 8);
    }
    let (one, two) = (Fingerprint::of(content), Fingerprint::of(&other));
    assert!(one.crc32c == two.crc32c && one.sha256 != two.sha256);
    other
}

/// The service's own checksum is no proof of what an object holds: whoever wants to can make other content that has it.
#[tokio::test(flavor = "multi_thread")]
async fn other_content_with_the_same_checksum_is_replaced_by_a_migration_and_named_by_a_comparison() {
    let dir = tempfile::tempdir().unwrap();
    let (_sandbox, bucket) = sandbox_with_bucket(&dir.path().join("sandbox")).await;
    let place = Place::new(bucket, "model").unwrap();
    let (weights, script) = (b"weights of the approved model".as_slice(), b"print('approved')".as_slice());
    let mut sources = BTreeMap::new();
    for (path, content) in [("weights.bin", weights), ("train.py", script)] {
        let source = dir.path().join(path);
        std::fs::write(&source, content).unwrap();
        sources.insert(path.to_owned(), source);
    }
    let manifest = Manifest::build(Sha256::of(b"v1"), &sources).unwrap();
    let lines = std::sync::Mutex::new(Vec::new());
    let go = || async {
        let note = |progress: runs::Progress| lines.lock().unwrap().push(progress.line);
        migrate(&manifest, &sources, &place, &Migration::default(), &Stop::default(), &note).await
    };
    let forged = with_the_same_sum(weights);
    place.bucket.put("model/weights.bin", &forged, Precondition::Absent).await.unwrap();
    let stale = go().await;
    assert!(stale.is_ok_and(|done| done.sent == ["train.py", "weights.bin"]), "what lay there was not kept");
    let read_back = BTreeMap::from([
        ("train.py".to_owned(), Sha256::of(script)),
        ("weights.bin".to_owned(), Sha256::of(weights)),
    ]);
    let again = go().await.unwrap();
    assert!(again.already_there && again.read_back == read_back);
    let said = lines.lock().unwrap().iter().filter(|line| line.starts_with("read back `")).count();
    assert_eq!(said, 4, "each time both are read");

    place.bucket.put("model/weights.bin", &forged, Precondition::Any).await.unwrap();
    let found = reconcile(&again.manifest, &place).await.unwrap();
    let changed = Difference::Changed {
        path: "weights.bin".into(),
        approved: Sha256::of(weights),
        found: Some(Sha256::of(&forged)),
    };
    assert_eq!(found, [changed]);
    let repaired = go().await.unwrap();
    assert_eq!((repaired.already_there, repaired.sent), (false, vec!["weights.bin".to_owned()]));
    assert_eq!((repaired.kept, repaired.read_back), (vec!["train.py".to_owned()], read_back));

    // Asked to stop while it reads, it stops, and what was ready stays ready.
    let stop = Stop::default();
    stop.ask();
    let stopped = migrate(&manifest, &sources, &place, &Migration::default(), &stop, &|_| {}).await;
    assert!(matches!(stopped, Err(Error::Stopped { .. })), "{stopped:?}");
    assert!(place.ready().await.unwrap().is_some());
}
