use super::*;

#[test]
fn ends_are_told_apart() {
    let check = |cause: &str, code: Option<i32>| {
        let exit = Exit { code, cause: cause.into(), message: "m".into(), ended: 0.0 };
        ending(&exit, 60).0
    };
    let failed = |reason| State::Failed { reason };
    assert_eq!(check("exit", Some(0)), State::Verifying, "exit 0 is not yet success (D-16)");
    assert_eq!(check("exit", Some(3)), failed(FailureReason::ExitCode { code: 3 }));
    assert_eq!(check("exit", Some(-9)), failed(FailureReason::Signal { signal: 9 }));
    assert_eq!(check("exit", Some(143)), failed(FailureReason::Signal { signal: 15 }));
    assert_eq!(check("cancelled", Some(143)), State::Cancelled);
    assert_eq!(check("deadline", Some(143)), failed(FailureReason::Deadline { limit_s: 60 }));
    assert_eq!(check("not started", None), failed(FailureReason::Preparation { message: "m".into() }));
    assert!(matches!(check("exit", None), State::Failed { reason: FailureReason::Lost { .. } }));
}

#[test]
fn a_log_is_read_in_pieces_that_keep_characters_whole() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("stdout");
    std::fs::write(&path, "a\u{e9}".as_bytes().split_last().unwrap().1).unwrap();
    let first = read_log(&path, 0, false).unwrap();
    assert_eq!((first.text.as_str(), first.next_offset, first.complete), ("a", 1, false));
    std::fs::write(&path, "a\u{e9}!").unwrap();
    let rest = read_log(&path, first.next_offset, true).unwrap();
    assert_eq!((rest.text.as_str(), rest.next_offset, rest.complete), ("\u{e9}!", 4, true));
    std::fs::write(&path, b"\xff\xfe ok \xc3").unwrap();
    let broken = read_log(&path, 0, true).unwrap();
    assert_eq!((broken.next_offset, broken.complete), (7, true));
    assert!(broken.text.contains("ok"));
    assert_eq!(read_log(&path, 0, false).unwrap().next_offset, 6);
    let absent = read_log(&dir.path().join("absent"), 0, false).unwrap();
    assert_eq!((absent.text.as_str(), absent.next_offset), ("", 0));
}

#[test]
fn words_of_the_command_line_survive_a_shell() {
    for (word, expected) in [("a", "a"), ("", "''"), ("local[2]", "'local[2]'"), ("it's", "'it'\\''s'")] {
        assert_eq!(quoted(word), expected);
    }
}

#[test]
fn the_version_of_spark_follows_python_and_java() {
    let target = LocalSpark::new("/nowhere", Buckets::default());
    assert_eq!(target.pyspark_for(11, 17), PYSPARK_3);
    assert_eq!(target.pyspark_for(13, 17), PYSPARK_4);
    assert_eq!(target.pyspark_for(11, 21), PYSPARK_4);
    assert_eq!(target.with_pyspark("3.5.1").pyspark_for(13, 21), "3.5.1");
}

#[test]
fn folders_with_spaces_become_uris() {
    assert_eq!(uri_path(Path::new("/a b/\u{e9}#")), "/a%20b/%C3%A9%23");
}

#[cfg(target_os = "linux")]
#[test]
fn the_first_process_of_a_run_is_known_although_nobody_can_read_its_mark() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = std::process::Command::new("sleep").arg("60").env_clear().spawn().unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let start = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap().to_owned();
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    let started = json!({"pid": child.id(), "start": start, "boot": boot.trim(), "started": 0.0});
    write_json(&dir.path().join("started.json"), &started).unwrap();
    assert_eq!(process::marked(dir.path()), [0; 0]);
    assert_eq!(processes_of(dir.path()).unwrap(), [i32::try_from(child.id()).unwrap()]);
    child.kill().unwrap();
    // It has ended, whether or not somebody has asked yet how.
    while child.try_wait().unwrap().is_none() {}
    assert_eq!(processes_of(dir.path()).unwrap(), [0; 0]);
}
