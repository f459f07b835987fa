//! Migration to folder buckets, with every fault we could think of: the end is either exactly the approved set with
//! its `_READY.json`, or a named error and no `_READY.json`.

// Tests may: a failed expectation is what they are for, and a skipped one says why.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use runs::bucket::{Bucket, FolderBucket, Precondition};
use runs::digest::Sha256;
use runs::migration::{
    At, ConfigText, Difference, Manifest, Migrated, Options, Place, READY, Stop, migrate, preflight,
    reconcile,
};
use runs::target::Severity;
use runs::{Error, Progress};

struct Package {
    manifest: Manifest,
    sources: BTreeMap<String, PathBuf>,
}

fn package(folder: &Path, version: &str, files: &[(&str, &str)]) -> Package {
    let mut sources = BTreeMap::new();
    for (path, content) in files {
        let source = folder.join(version).join(path);
        std::fs::create_dir_all(source.parent().unwrap()).unwrap();
        std::fs::write(&source, content).unwrap();
        sources.insert((*path).to_owned(), source);
    }
    Package { manifest: Manifest::build(Sha256::of(version.as_bytes()), &sources).unwrap(), sources }
}

const FIRST: [(&str, &str); 5] = [
    ("demo-config.yml", "train: gs://churn-demo/data/train.parquet\n"),
    ("gbt/metadata/part-00000", "{}"),
    ("requirement.txt", "pyspark\nPyYAML\n"),
    ("score.py", "import yaml\n"),
    ("train.py", "import yaml\nprint('v1')\n"),
];

/// Version two has another `train.py`, a new file, and no `score.py`.
const SECOND: [(&str, &str); 5] = [
    ("demo-config.yml", "train: gs://churn-demo/data/train.parquet\n"),
    ("features.py", "import os\n"),
    ("gbt/metadata/part-00000", "{}"),
    ("requirement.txt", "pyspark\nPyYAML\n"),
    ("train.py", "import yaml\nprint('v2')\n"),
];

fn place(folder: &Path) -> Place {
    let bucket = FolderBucket::create("churn-demo", &folder.join("churn-demo")).unwrap();
    Place::new(Bucket::Folder(bucket), "model").unwrap()
}

fn quiet(_: Progress) {}

async fn go(package: &Package, place: &Place) -> Result<Migrated, Error> {
    migrate(&package.manifest, &package.sources, place, &Options::default(), &Stop::default(), &quiet).await
}

async fn names(place: &Place) -> Vec<String> {
    place.bucket.list("").await.unwrap().into_iter().map(|object| object.name).collect()
}

async fn is_ready(place: &Place) -> bool {
    place.ready().await.unwrap().is_some()
}

async fn assert_holds_exactly(place: &Place, package: &Package) {
    assert_eq!(reconcile(&package.manifest, place).await.unwrap(), []);
    let mut expected: Vec<String> = package.sources.keys().map(|path| format!("model/{path}")).collect();
    expected.push(format!("model/{READY}"));
    expected.sort();
    assert_eq!(names(place).await, expected);
}

#[tokio::test]
async fn a_version_arrives_whole_a_second_time_is_nothing_and_the_next_replaces_exactly() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path());
    let (first, second) = (package(dir.path(), "v1", &FIRST), package(dir.path(), "v2", &SECOND));
    let done = go(&first, &place).await.unwrap();
    assert!(!done.already_there && done.sent.len() == 5 && done.place == "gs://churn-demo/model/");
    assert!(done.manifest.files.iter().all(|file| file.generation.is_some()));
    assert_holds_exactly(&place, &first).await;

    let again = go(&first, &place).await.unwrap();
    assert!(again.already_there && again.sent.is_empty());
    assert_eq!(again.ready_generation, done.ready_generation, "no new trigger");
    assert_eq!(again.manifest, done.manifest);

    let next = go(&second, &place).await.unwrap();
    assert_eq!(next.sent, ["features.py", "train.py"]);
    assert_eq!(next.kept, ["demo-config.yml", "gbt/metadata/part-00000", "requirement.txt"]);
    assert_eq!(next.removed, ["score.py"], "what only the replaced version had goes with it");
    assert_ne!(next.ready_generation, done.ready_generation);
    assert_holds_exactly(&place, &second).await;
}

#[tokio::test]
async fn stale_files_of_somebody_else_are_named_and_nothing_is_ready_d08() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path());
    let first = package(dir.path(), "v1", &FIRST);
    place.bucket.put("model/old_train.py", b"x", Precondition::Any).await.unwrap();
    place.bucket.put("data/train.parquet", b"x", Precondition::Any).await.unwrap();
    let answer = go(&first, &place).await.unwrap_err();
    assert!(matches!(&answer, Error::Stale { names, .. } if names == &["`old_train.py`"]), "{answer}");
    assert_eq!(names(&place).await, ["data/train.parquet", "model/old_train.py"], "nothing was written");

    let options = Options { remove_foreign: true, ..Options::default() };
    let done =
        migrate(&first.manifest, &first.sources, &place, &options, &Stop::default(), &quiet).await.unwrap();
    assert_eq!(done.removed, ["old_train.py"]);
    // What is put there later is named, and goes on the same word; the version stays as ready as it was.
    place.bucket.put("model/later.py", b"x", Precondition::Any).await.unwrap();
    let answer = go(&first, &place).await.unwrap_err();
    assert!(matches!(&answer, Error::Stale { names, .. } if names == &["`later.py`"]), "{answer}");
    let again =
        migrate(&first.manifest, &first.sources, &place, &options, &Stop::default(), &quiet).await.unwrap();
    assert!(again.already_there && again.sent.is_empty(), "{again:?}");
    assert_eq!((again.removed, again.ready_generation), (vec!["later.py".to_owned()], done.ready_generation));
    place.bucket.delete("data/train.parquet", Precondition::Any).await.unwrap();
    assert_holds_exactly(&place, &first).await;
}

#[tokio::test]
async fn an_object_of_the_replaced_version_that_somebody_changed_is_not_ours_to_remove() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path());
    let (first, second) = (package(dir.path(), "v1", &FIRST), package(dir.path(), "v2", &SECOND));
    go(&first, &place).await.unwrap();
    place.bucket.put("model/score.py", b"hand-made", Precondition::Any).await.unwrap();
    let answer = go(&second, &place).await.unwrap_err();
    assert!(matches!(&answer, Error::Stale { names, .. } if names == &["`score.py`"]), "{answer}");
}

#[tokio::test]
async fn a_missing_or_changed_file_is_refused_not_skipped_d08() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path());
    let mut first = package(dir.path(), "v1", &FIRST);
    std::fs::write(&first.sources["train.py"], "import yaml\nprint('tampered')\n").unwrap();
    let answer = go(&first, &place).await.unwrap_err();
    assert!(matches!(&answer, Error::Corrupt { .. }) && answer.to_string().contains("train.py"), "{answer}");
    assert!(!is_ready(&place).await);
    first.sources.remove("score.py");
    assert!(matches!(go(&first, &place).await, Err(Error::NotFound { .. })));
    assert!(!is_ready(&place).await);
}

#[tokio::test]
async fn a_file_that_grows_while_it_is_uploaded_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path());
    let first = package(dir.path(), "v1", &FIRST);
    let grow = first.sources["train.py"].clone();
    // The change comes after the migration began and before the file's turn.
    let change = move |progress: Progress| {
        if progress.line.contains("demo-config.yml") {
            std::fs::write(&grow, "longer than it was when it was approved").unwrap();
        }
    };
    let options = Options { parallel: 1, ..Options::default() };
    let answer = migrate(&first.manifest, &first.sources, &place, &options, &Stop::default(), &change)
        .await
        .unwrap_err();
    assert!(matches!(answer, Error::Corrupt { .. }));
    assert!(!is_ready(&place).await);
}

#[tokio::test]
async fn stopped_between_any_two_objects_it_goes_on_from_there_and_ready_is_always_last() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path());
    let (first, second) = (package(dir.path(), "v1", &FIRST), package(dir.path(), "v2", &SECOND));
    let options = Options { parallel: 1, ..Options::default() };
    for after in 0..=2 {
        go(&first, &place).await.unwrap();
        let (stop, seen) = (Stop::default(), Mutex::new(0));
        let count = |_: Progress| {
            let mut seen = seen.lock().unwrap();
            if *seen == after {
                stop.ask();
            }
            *seen += 1;
        };
        let answer = migrate(&second.manifest, &second.sources, &place, &options, &stop, &count).await;
        assert!(matches!(answer, Err(Error::Stopped { .. })), "{answer:?}");
        assert!(!is_ready(&place).await, "stopped after {after}");
        let resumed = go(&second, &place).await.unwrap();
        assert!(after == 0 || resumed.sent.len() < 2, "what was sent is not sent again");
        assert_holds_exactly(&place, &second).await;
    }
}

/// The process is gone, without any chance to tidy up, between every two steps.
#[tokio::test]
async fn killed_between_any_two_objects_it_goes_on_from_there() {
    if let Some(folder) = std::env::var_os("COUNTERSIGN_TEST_MIGRATE_IN") {
        // The child: dies in the middle.
        let folder = PathBuf::from(folder);
        let after: usize = std::env::var("COUNTERSIGN_TEST_DIE_AFTER").unwrap().parse().unwrap();
        let seen = Mutex::new(0);
        let die = |_: Progress| {
            let mut seen = seen.lock().unwrap();
            if *seen == after {
                std::process::abort();
            }
            *seen += 1;
        };
        let options = Options { parallel: 1, ..Options::default() };
        let second = package(&folder, "v2", &SECOND);
        let answer =
            migrate(&second.manifest, &second.sources, &place(&folder), &options, &Stop::default(), &die)
                .await;
        panic!("it was to die: {answer:?}");
    }
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path());
    let (first, second) = (package(dir.path(), "v1", &FIRST), package(dir.path(), "v2", &SECOND));
    // Two objects are sent, then there is the comparison: three places to die.
    for after in 0..3 {
        go(&first, &place).await.unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed_between_any_two_objects_it_goes_on_from_there", "--nocapture"])
            .env("COUNTERSIGN_TEST_MIGRATE_IN", dir.path())
            .env("COUNTERSIGN_TEST_DIE_AFTER", after.to_string())
            .output()
            .unwrap();
        assert!(!String::from_utf8_lossy(&child.stderr).contains("it was to die"), "it died after {after}");
        assert!(!child.status.success());
        assert!(!is_ready(&place).await, "killed after {after}");
        assert!(!reconcile(&first.manifest, &place).await.unwrap().is_empty());
        go(&second, &place).await.unwrap();
        assert_holds_exactly(&place, &second).await;
    }
}

#[tokio::test]
async fn ready_appears_only_when_everything_else_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path());
    let (first, second) = (package(dir.path(), "v1", &FIRST), package(dir.path(), "v2", &SECOND));
    let root = dir.path().join("churn-demo/model");
    let watched = Mutex::new(0);
    let watch = |_: Progress| {
        assert!(!root.join(READY).exists(), "the trigger is written after every object and the comparison");
        *watched.lock().unwrap() += 1;
    };
    for package in [&first, &second] {
        migrate(&package.manifest, &package.sources, &place, &Options::default(), &Stop::default(), &watch)
            .await
            .unwrap();
    }
    // Five objects and the comparison; then two, the removal of one, and the comparison.
    assert_eq!(*watched.lock().unwrap(), 5 + 1 + 2 + 1 + 1);
}

#[tokio::test]
async fn a_bucket_that_is_missing_or_cannot_be_written_is_named_before_anything_happens() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path());
    let first = package(dir.path(), "v1", &FIRST);
    let root = dir.path().join("churn-demo");
    std::fs::set_permissions(&root, std::fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser may write anywhere: then the kernel's refusal cannot be had this way.
    if std::fs::write(root.join("probe"), "").is_err() {
        let findings = preflight(&first.manifest.paths(), &place, &[], At::default()).await.unwrap();
        assert_eq!(findings[0].code, "bucket");
        assert!(matches!(go(&first, &place).await, Err(Error::Denied { .. })));
    } else {
        eprintln!("running as the superuser: a read-only folder cannot be tried");
    }
    std::fs::set_permissions(&root, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::remove_dir_all(&root).unwrap();
    let findings = preflight(&first.manifest.paths(), &place, &[], At::default()).await.unwrap();
    assert_eq!((findings[0].code.as_str(), findings[0].severity), ("bucket", Severity::Blocking));
    assert!(matches!(go(&first, &place).await, Err(Error::NotFound { .. })));
    assert!(!root.exists(), "a bucket that does not exist is not made up");
}

/// A file where the model's folder is to be: refused for the superuser too.
#[tokio::test]
async fn a_place_that_cannot_hold_the_files_ends_without_ready() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path());
    let first = package(dir.path(), "v1", &FIRST);
    place.bucket.put("model", b"not a folder", Precondition::Any).await.unwrap();
    assert!(go(&first, &place).await.is_err());
    assert_eq!(names(&place).await, ["model"]);
}

#[tokio::test]
async fn a_swapped_object_is_named_later() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path());
    let first = package(dir.path(), "v1", &FIRST);
    let done = go(&first, &place).await.unwrap();
    let root = dir.path().join("churn-demo/model");
    let path = |name: &str| name.to_owned();

    // By hand, same size, and even with the old modification time put back.
    let time = std::fs::metadata(root.join("train.py")).unwrap().modified().unwrap();
    std::fs::write(root.join("train.py"), "import yaml\nprint('vX')\n").unwrap();
    std::fs::File::options().write(true).open(root.join("train.py")).unwrap().set_modified(time).unwrap();
    std::fs::remove_file(root.join("score.py")).unwrap();
    std::fs::write(root.join("extra.py"), "x").unwrap();
    place.bucket.put("model/requirement.txt", b"pyspark\nPyYAML\n", Precondition::Any).await.unwrap();
    let found = reconcile(&done.manifest, &place).await.unwrap();
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!(found[0], Difference::Missing { path: path("score.py") });
    assert!(matches!(&found[1], Difference::Changed { path, .. } if path == "train.py"));
    assert!(matches!(&found[2], Difference::Rewritten { path, .. } if path == "requirement.txt"));
    assert_eq!(found[3], Difference::Foreign { path: path("extra.py") });

    let second = package(dir.path(), "v2", &SECOND);
    let found = reconcile(&second.manifest, &place).await.unwrap();
    assert!(found.contains(&Difference::OtherVersion { found: first.manifest.version }), "{found:?}");
    std::fs::remove_file(root.join(READY)).unwrap();
    assert!(reconcile(&done.manifest, &place).await.unwrap().contains(&Difference::NotReady));
}

#[tokio::test]
async fn a_damaged_ready_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path());
    let first = package(dir.path(), "v1", &FIRST);
    go(&first, &place).await.unwrap();
    std::fs::write(dir.path().join("churn-demo/model").join(READY), "{").unwrap();
    assert!(reconcile(&first.manifest, &place).await.unwrap().contains(&Difference::NotReady));
    let again = go(&first, &place).await.unwrap();
    assert!(!again.already_there && again.sent.is_empty());
    assert_holds_exactly(&place, &first).await;
}

#[tokio::test]
async fn the_wrong_bucket_in_a_configuration_stands_in_the_way() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path());
    let mut files = FIRST;
    files[0].1 = "train: gs://churn-demo/a\ntest: gs://network-migrate/b\n";
    let bad = package(dir.path(), "v1", &files);
    let texts = ConfigText::read(&bad.sources).unwrap();
    let findings = preflight(&bad.manifest.paths(), &place, &texts, At::default()).await.unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!((findings[0].code.as_str(), findings[0].line), ("wrong-bucket", Some(2)));
    assert_eq!(findings[0].file.as_deref(), Some("demo-config.yml"));
    let good = package(dir.path(), "v2", &FIRST);
    let texts = ConfigText::read(&good.sources).unwrap();
    assert_eq!(preflight(&good.manifest.paths(), &place, &texts, At::default()).await.unwrap(), []);
}

#[test]
fn manifests_refuse_what_no_bucket_takes() {
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("x");
    std::fs::write(&source, "x").unwrap();
    for path in [READY, "_REPLACED.json", "../x", "/x", ""] {
        let files = BTreeMap::from([(path.to_owned(), source.clone())]);
        assert!(matches!(Manifest::build(Sha256::of(b"v"), &files), Err(Error::Invalid { .. })), "{path}");
    }
    assert!(Manifest::build(Sha256::of(b"v"), &BTreeMap::new()).is_err());
    assert!(matches!(Manifest::parse(b"{\"format\": 2}"), Err(Error::Corrupt { .. })));
}
