use super::*;

fn bucket() -> (tempfile::TempDir, FolderBucket) {
    let dir = tempfile::tempdir().unwrap();
    let bucket = FolderBucket::create("churn-demo", &dir.path().join("churn-demo")).unwrap();
    (dir, bucket)
}

#[test]
fn what_is_put_is_listed_read_and_digested() {
    let (_dir, bucket) = bucket();
    let put = bucket.put("model/train.py", b"print(1)\n", Precondition::Any).unwrap();
    bucket.put("model/sub/a.txt", b"", Precondition::Any).unwrap();
    bucket.put("modelx.txt", b"x", Precondition::Any).unwrap();
    assert_eq!(bucket.stat("model/train.py").unwrap(), put);
    assert_eq!(bucket.read("model/train.py", 100).unwrap(), b"print(1)\n");
    assert_eq!(bucket.read_range("model/train.py", 2, 3).unwrap(), b"int");
    assert!(matches!(bucket.read("model/train.py", 3), Err(Error::Invalid { .. })));
    let names = |prefix: &str| bucket.list(prefix).unwrap().into_iter().map(|o| o.name).collect::<Vec<_>>();
    assert_eq!(names("model/"), ["model/sub/a.txt", "model/train.py"]);
    assert_eq!(names("model"), ["model/sub/a.txt", "model/train.py", "modelx.txt"]);
    assert_eq!(names("model/t"), ["model/train.py"]);
    assert_eq!(names("nothing/here"), Vec::<String>::new());
    assert_eq!(names("").len(), 3);
}

#[test]
fn every_write_has_a_new_generation_and_preconditions_hold() {
    let (_dir, bucket) = bucket();
    let mut last = 0;
    for n in 0..50u8 {
        let put = bucket.put("a", &[n], Precondition::Any).unwrap();
        assert!(put.generation > last);
        last = put.generation;
    }
    let refused = |answer: Result<Object, Error>| matches!(answer, Err(Error::Conflict { .. }));
    assert!(refused(bucket.put("a", b"x", Precondition::Absent)));
    assert!(refused(bucket.put("a", b"x", Precondition::Generation(last - 1))));
    assert!(refused(bucket.put("b", b"x", Precondition::Generation(1))));
    assert_eq!(bucket.read("a", 10).unwrap(), [49]);
    let next = bucket.put("a", b"x", Precondition::Generation(last)).unwrap();
    assert!(matches!(bucket.delete("a", Precondition::Generation(last)), Err(Error::Conflict { .. })));
    bucket.delete("a", Precondition::Generation(next.generation)).unwrap();
    assert!(matches!(bucket.delete("a", Precondition::Any), Err(Error::NotFound { .. })));
    assert!(matches!(bucket.stat("a"), Err(Error::NotFound { .. })));
}

#[test]
fn many_writers_of_an_absent_object_have_one_winner() {
    let (_dir, bucket) = bucket();
    let wins = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8u8)
            .map(|n| {
                let bucket = &bucket;
                scope.spawn(move || bucket.put("only", &[n; 1000], Precondition::Absent).is_ok())
            })
            .collect();
        writers.into_iter().filter(|_| true).map(|w| usize::from(w.join().unwrap())).sum::<usize>()
    });
    assert_eq!(wins, 1);
}

#[test]
fn names_that_would_leave_the_bucket_are_refused() {
    let (dir, bucket) = bucket();
    for name in
        ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", ".", "a\nb", ".x.crc", &"n".repeat(1025)]
    {
        assert!(matches!(bucket.put(name, b"x", Precondition::Any), Err(Error::Invalid { .. })), "{name}");
    }
    std::os::unix::fs::symlink(dir.path(), bucket.root().join("out")).unwrap();
    assert!(matches!(bucket.put("out/x", b"x", Precondition::Any), Err(Error::Denied { .. })));
    assert!(!dir.path().join("x").exists());
}

#[test]
fn hadoops_side_files_are_hidden_and_a_stale_one_goes_with_the_object() {
    let (_dir, bucket) = bucket();
    bucket.put("data/part-0", b"one", Precondition::Any).unwrap();
    let side = bucket.root().join("data/.part-0.crc");
    fs::write(&side, b"crc").unwrap();
    assert_eq!(bucket.list("data/").unwrap().len(), 1);
    bucket.put("data/part-0", b"two", Precondition::Any).unwrap();
    assert!(!side.exists(), "a stale checksum makes Spark refuse the file");
    fs::write(&side, b"crc").unwrap();
    bucket.delete("data/part-0", Precondition::Any).unwrap();
    assert!(!bucket.root().join("data").exists(), "a bucket has no empty folders");
}

#[test]
fn a_file_that_is_not_the_approved_one_leaves_the_object_as_it_was() {
    let (dir, bucket) = bucket();
    let source = dir.path().join("train.py");
    fs::write(&source, b"approved").unwrap();
    let approved = Fingerprint::of_file(&source).unwrap();
    bucket
        .put_file("model/train.py", &source, Some(approved), Precondition::Any, &AtomicBool::new(false))
        .unwrap();
    fs::write(&source, b"tampered").unwrap();
    let unwanted = AtomicBool::new(true);
    let answer = bucket.put_file("model/unwanted.py", &source, None, Precondition::Any, &unwanted);
    assert!(answer.is_err() && bucket.stat("model/unwanted.py").is_err(), "nobody waits for it any more");
    let answer = bucket.put_file(
        "model/train.py",
        &source,
        Some(approved),
        Precondition::Any,
        &AtomicBool::new(false),
    );
    assert!(matches!(answer, Err(Error::Corrupt { .. })));
    assert_eq!(bucket.read("model/train.py", 100).unwrap(), b"approved");
    let left = fs::read_dir(bucket.root().join("model")).unwrap().count();
    assert_eq!(left, 1, "no unfinished file is left");
}

#[test]
fn a_missing_folder_is_not_found_and_is_not_made() {
    let dir = tempfile::tempdir().unwrap();
    let gone = dir.path().join("gone");
    assert!(matches!(FolderBucket::open("gone", &gone), Err(Error::NotFound { .. })));
    assert!(!gone.exists());
}
