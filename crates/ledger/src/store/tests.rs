//! What every store promises, tried with a folder, with memory, and with a bucket that misbehaves.

use std::sync::Arc;

use object_store::memory::InMemory;

use super::bucket::tests::Faulty;
use super::*;
use crate::digest::Digest;
use crate::simulation::papers::{desk_key, fact, founding, sealed};
use crate::{Ledger, Offered, probe};

struct Subject {
    name: &'static str,
    store: Arc<dyn Store>,
    _folder: Option<tempfile::TempDir>,
}

fn subjects() -> Vec<Subject> {
    let folder = tempfile::tempdir().unwrap();
    let opened = Folder::open(folder.path()).unwrap();
    let other = tempfile::tempdir().unwrap();
    let of_names = Folder::of_names(other.path());
    let bucket =
        Bucket::new(Arc::new(InMemory::new()), "a/prefix", "fake://bucket/a/prefix", Told::default());
    let bare = Bucket::new(Arc::new(InMemory::new()), "", "fake://bucket", Told::default());
    let subject = |name, store| Subject { name, store, _folder: None };
    vec![
        Subject { name: "folder", store: Arc::new(opened), _folder: Some(folder) },
        Subject { name: "folder of names", store: Arc::new(of_names), _folder: Some(other) },
        subject("memory", Arc::new(Memory::default())),
        subject("bucket", Arc::new(bucket)),
        subject("bucket without a prefix", Arc::new(bare)),
    ]
}

#[tokio::test]
async fn an_object_is_created_once_and_read_back_as_it_was() {
    for Subject { name, store, _folder } in subjects() {
        let object = "log/000000000001.json";
        assert_eq!(store.get(object, 9).await.unwrap(), None, "{name}");
        assert_eq!(store.size(object).await.unwrap(), None, "{name}");
        assert!(store.pieces(object).await.unwrap().is_none(), "{name}");
        assert_eq!(
            store.create(object, Bytes::from_static(b"first")).await.unwrap(),
            Creation::Created,
            "{name}"
        );
        assert_eq!(
            store.create(object, Bytes::from_static(b"second")).await.unwrap(),
            Creation::Exists,
            "{name}"
        );
        assert_eq!(store.get(object, 9).await.unwrap().as_deref(), Some(&b"first"[..]), "{name}");
        assert_eq!(
            store.get(object, 3).await.unwrap().as_deref(),
            Some(&b"fir"[..]),
            "{name}: the cap holds"
        );
        assert_eq!(store.size(object).await.unwrap(), Some(5), "{name}");
        assert_eq!(
            store.second_handle().unwrap().get(object, 9).await.unwrap().as_deref(),
            Some(&b"first"[..]),
            "{name}"
        );
        assert_eq!(store.create("log/empty", Bytes::new()).await.unwrap(), Creation::Created, "{name}");
        assert_eq!(
            store.get("log/empty", 9).await.unwrap().as_deref(),
            Some(&b""[..]),
            "{name}: empty is not absent"
        );
        let names = [object, "log/none", "log/empty"].map(str::to_owned);
        let all = store.get_all(&names, 9).await.unwrap();
        assert_eq!(all.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true], "{name}");
        assert_eq!(store.list("log/").await.unwrap(), [object, "log/empty"], "{name}");
        assert_eq!(store.list("nothing/").await.unwrap(), [""; 0], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_create_one_object_at_once_one_is_told_that_it_did() {
    for Subject { name, store, _folder } in subjects() {
        for race in 0..20 {
            let object = format!("log/{race}");
            let racers = (0..8).map(|racer: u8| {
                let (store, object) = (Arc::clone(&store), object.clone());
                tokio::spawn(
                    async move { store.create(&object, Bytes::from(vec![racer; 1000])).await.unwrap() },
                )
            });
            let results = futures::future::join_all(racers).await;
            let won: Vec<usize> = results
                .iter()
                .enumerate()
                .filter(|(_, result)| *result.as_ref().unwrap() == Creation::Created)
                .map(|(racer, _)| racer)
                .collect();
            assert_eq!(won.len(), 1, "{name}");
            let found = store.get(&object, 2000).await.unwrap().unwrap();
            assert_eq!(found, vec![won[0] as u8; 1000], "{name}: the winner's bytes, whole");
        }
        assert!(probe(&store).await.is_ok(), "{name}");
    }
}

#[tokio::test]
async fn blobs_are_kept_under_their_digest_and_verified_on_every_read() {
    let key = desk_key(1);
    for Subject { name, store, _folder } in subjects() {
        let ledger = Ledger::found(Arc::clone(&store), &founding(&key)).await.unwrap();
        let content: Vec<u8> = (0..3_000_000_u32).map(|at| (at % 251) as u8).collect();
        let here = tempfile::tempdir().unwrap();
        let (file, copy) = (here.path().join("file"), here.path().join("copy"));
        std::fs::write(&file, &content).unwrap();
        let (digest, size) = ledger.put_blob_file(&file).await.unwrap();
        assert_eq!((digest, size), (Digest::of(&content), content.len() as u64), "{name}");
        assert_eq!(ledger.put_blob_file(&file).await.unwrap().0, digest, "{name}: twice is once");
        assert_eq!(ledger.put_blob(content.clone()).await.unwrap(), digest, "{name}");
        assert_eq!(ledger.get_blob(&digest, content.len()).await.unwrap(), content, "{name}");
        assert!(
            matches!(ledger.get_blob(&digest, content.len() - 1).await, Err(Error::Malformed { .. })),
            "{name}"
        );
        assert_eq!(ledger.save_blob(&digest, &copy).await.unwrap(), size, "{name}");
        assert_eq!(std::fs::read(&copy).unwrap(), content, "{name}");
        assert!(ledger.save_blob(&digest, &copy).await.is_err(), "{name}: a file in the way stays");
        assert!(copy.exists(), "{name}");
        let absent = Digest::of(b"absent");
        assert!(!ledger.has_blob(&absent).await.unwrap(), "{name}");
        assert!(matches!(ledger.get_blob(&absent, 9).await, Err(Error::NotFound { .. })), "{name}");

        // Somebody got there first, with other content.
        let taken = Digest::of(b"wanted");
        store.create(&crate::blob::blob_name(&taken), Bytes::from_static(b"planted")).await.unwrap();
        for error in [
            ledger.put_blob(&b"wanted"[..]).await.unwrap_err(),
            ledger.get_blob(&taken, 99).await.unwrap_err(),
            ledger.check_blob(&taken).await.unwrap_err(),
            ledger.save_blob(&taken, &here.path().join("never")).await.unwrap_err(),
        ] {
            assert!(matches!(error, Error::CorruptBlob { named, .. } if named == taken), "{name}: {error}");
        }
        assert!(!here.path().join("never").exists(), "{name}");
    }
}

/// Founds, however often it takes: the same document founded again is founded once.
async fn founded(store: &Arc<dyn Store>, key: u8) -> Ledger {
    loop {
        match Ledger::found(Arc::clone(store), &founding(&desk_key(key))).await {
            Ok(ledger) => return ledger,
            Err(error) => assert!(error.may_pass(), "{error}"),
        }
    }
}

/// A history is written by one desk and read by another, whatever the store suffers meanwhile.
async fn history(name: &str, store: Arc<dyn Store>) {
    let ledger = founded(&store, 1).await;
    assert_eq!(founded(&store, 1).await.workspace(), ledger.workspace(), "{name}");
    let mut head = ledger.origin();
    while head.position < 40 {
        let entry = sealed(&ledger, &head, &desk_key(1), vec![fact(u128::from(head.position) + 1)]);
        let slot = loop {
            match ledger.offer(&entry).await {
                Offered::Recorded { slot } => break slot,
                Offered::Beaten { slot } => panic!("{name}: beaten by {slot:?}"),
                Offered::Pending { cause } => assert!(cause.may_pass(), "{name}: {cause}"),
            }
        };
        assert_eq!((slot.position, slot.raw.as_ref()), (entry.position, entry.bytes.as_slice()), "{name}");
        head = slot.head();
    }
    loop {
        match ledger.verify(|_| {}).await {
            Ok(report) => {
                assert_eq!((report.head, report.problems), (head, vec![]), "{name}");
                return;
            }
            Err(error) => assert!(error.may_pass(), "{name}: {error}"),
        }
    }
}

#[tokio::test]
async fn a_history_is_written_and_read_through_every_store() {
    for Subject { name, store, _folder } in subjects() {
        history(name, Arc::clone(&store)).await;
        let other = Ledger::found(store, &founding(&desk_key(2))).await;
        assert!(matches!(other, Err(Error::Occupied { .. })), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_history_is_written_and_read_through_a_bucket_that_loses_and_repeats() {
    let mut suffered = 0;
    for seed in 0..20 {
        let faulty = Arc::new(Faulty::new(seed));
        history(
            "faulty bucket",
            Arc::new(Bucket::new(Arc::clone(&faulty) as _, "p", "fake://faulty/p", Told::default())),
        )
        .await;
        suffered += faulty.suffered();
    }
    assert!(suffered > 100, "the bucket must really misbehave: {suffered}");
}

#[tokio::test]
async fn a_probe_refuses_a_bucket_that_ignores_the_condition() {
    let careless = Bucket::new(Arc::new(Faulty::careless()), "p", "fake://careless/p", Told::default());
    let store: Arc<dyn Store> = Arc::new(careless);
    let refused = probe(&store).await.unwrap_err();
    assert!(
        matches!(&refused, Error::Unsuitable { reason, .. } if reason.contains("two desks would win")),
        "{refused}"
    );
}
