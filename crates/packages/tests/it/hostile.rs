//! Packages that are refused, each with its reason and the entry's name.

use packages::{Limits, Refused};

use crate::zips::{Desk, Entry, crc32, deflated, end, entry, read, refused, zip};

/// A sound file, so that the hostile entry is the only reason.
fn sound() -> Entry {
    entry("score.py", "print(1)\n")
}

fn code_of(bytes: &[u8]) -> &'static str {
    refused(bytes, &Limits::default()).code()
}

#[test]
fn hostile_names_are_refused() {
    let rows: [(&[u8], &str); 19] = [
        (b"../evil.py", "path-traversal"),
        (b"a/../../evil.py", "path-traversal"),
        (b"..\\evil.py", "path-traversal"),
        (b"/etc/cron.d/evil", "absolute-path"),
        (b"C:\\evil.py", "absolute-path"),
        (b"d:evil.py", "absolute-path"),
        (b"\\\\host\\share\\evil", "absolute-path"),
        (b"a\\b.py", "backslash"),
        (b"caf\xe9.py", "not-utf8"),
        (b"\xff\xfe", "not-utf8"),
        (b"a\x00.py", "control-character"),
        (b"a\x1b[2J.py", "control-character"),
        ("a\u{202e}yp.exe".as_bytes(), "control-character"),
        (b"AUX", "reserved-name"),
        (b"m/com1.json", "reserved-name"),
        (b"file. ", "reserved-name"),
        (b"a//b", "bad-path"),
        (b"./score.py", "bad-path"),
        (b"", "bad-path"),
    ];
    for (name, code) in rows {
        let zip = zip(&[sound(), entry(name, "x")]);
        assert_eq!(code_of(&zip), code, "{}", String::from_utf8_lossy(name));
    }
}

#[test]
fn the_message_names_the_entry_and_what_to_do() {
    let message = refused(&zip(&[entry("../evil.py", "x")]), &Limits::default()).to_string();
    assert_eq!(message, "`../evil.py` climbs out of its folder; pack the file under a plain relative path");
}

#[test]
fn names_that_are_one_file_somewhere_are_refused() {
    for (one, other) in [
        ("score.py", "score.py"),
        ("score.py", "Score.PY"),
        ("café.csv", "cafe\u{301}.csv"),
        ("a/b.py", "A/b.py"),
        ("model", "model/score.py"),
        ("model/x", "MODEL"),
    ] {
        assert_eq!(code_of(&zip(&[entry(one, "1"), entry(other, "2")])), "duplicate", "{one} {other}");
    }
}

#[test]
fn links_and_devices_are_refused() {
    let rows = [
        (0o120_777, "symlink"),
        (0o010_644, "special-file"),
        (0o020_644, "special-file"),
        (0o060_644, "special-file"),
        (0o140_644, "special-file"),
        (0o040_755, "special-file"),
    ];
    for (mode, code) in rows {
        let hostile = Entry { mode, deflate: false, ..entry("link", "/etc/passwd") };
        assert_eq!(code_of(&zip(&[sound(), hostile])), code, "{mode:o}");
    }
}

#[test]
fn encrypted_and_unknown_compression_is_refused() {
    assert_eq!(code_of(&zip(&[Entry { flags: 1, ..sound() }])), "encrypted");
    assert_eq!(code_of(&zip(&[Entry { flags: 1 << 6, ..sound() }])), "encrypted");
    assert_eq!(code_of(&zip(&[Entry { method: Some(99), ..sound() }])), "encrypted");
    assert_eq!(code_of(&zip(&[Entry { method: Some(14), ..sound() }])), "compression");
    assert_eq!(code_of(&zip(&[Entry { flags: 1 << 5, ..sound() }])), "malformed");
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let zeros = vec![0; 20 << 20];
    let small =
        Limits { total_bytes_max: 30 << 20, file_bytes_max: 25 << 20, ratio_max: 2_000, ..Limits::default() };
    assert_eq!(code_of(&zip(&[sound(), entry("zeros", &zeros)])), "ratio");
    assert_eq!(refused(&zip(&[entry("a", &zeros), entry("b", &zeros)]), &small).code(), "total-too-large");
    assert_eq!(refused(&zip(&[entry("a", vec![0; 26 << 20])]), &small).code(), "too-large");
    // It declares ten bytes and holds twenty million.
    let liar = Entry { size: Some(10), ..entry("liar", &zeros) };
    assert_eq!(code_of(&zip(&[sound(), liar])), "malformed");
    let few = Limits { entries_max: 3, ..Limits::default() };
    let many: Vec<Entry> = (0..4).map(|n| entry(format!("f{n}"), "x")).collect();
    assert_eq!(refused(&zip(&many), &few).code(), "too-many-entries");
    // Twenty thousand names are refused by the count in the end record, before the directory is held.
    let crowd: Vec<Entry> = (0..20_000).map(|n| entry(format!("f{n}"), "")).collect();
    assert_eq!(code_of(&zip(&crowd)), "too-many-entries");
    let declared = Entry { size: Some(u32::MAX - 1), ..entry("huge", "x") };
    assert_eq!(
        refused(&zip(&[declared]), &Limits { file_bytes_max: 1 << 30, ..Limits::default() }).code(),
        "too-large"
    );
}

#[test]
fn overlapping_entries_are_refused() {
    // Fifield's bomb: many directory entries point at one kernel of data.
    let kernel = entry("kernel", vec![b'x'; 5000]);
    let twin = Entry {
        header_at: Some(0),
        local_name: Some(b"twin".to_vec()),
        ..entry("kernel2", vec![b'x'; 5000])
    };
    assert_eq!(code_of(&zip(&[kernel, twin])), "overlap");
    // One entry's data reaches into the next one's header.
    let long = Entry { compressed: Some(90), deflate: false, size: Some(90), ..entry("a", [b'x'; 10]) };
    assert_eq!(code_of(&zip(&[long, Entry { deflate: false, ..entry("b", [b'y'; 100]) }])), "overlap");
}

#[test]
fn directories_and_headers_that_disagree_are_refused() {
    assert_eq!(code_of(&zip(&[Entry { local_name: Some(b"SCORE.py".to_vec()), ..sound() }])), "malformed");
    assert_eq!(code_of(&zip(&[Entry { crc32: Some(1), ..sound() }])), "malformed");
    assert_eq!(code_of(&zip(&[Entry { size: Some(100), ..sound() }])), "malformed");
    assert_eq!(code_of(&zip(&[Entry { header_at: Some(7), ..sound() }])), "malformed");
    assert_eq!(code_of(&zip(&[Entry { header_at: Some(4_000_000), ..sound() }])), "malformed");
    assert_eq!(code_of(&zip(&[Entry { hidden: b"hidden".to_vec(), ..sound() }])), "malformed");
    // A second name in Unicode, as Info-ZIP writes it, that says something else.
    let mut extra = vec![0x75, 0x70, 12, 0, 1, 0, 0, 0, 0];
    extra.extend(b"evil.py");
    assert_eq!(code_of(&zip(&[Entry { extra, ..sound() }])), "malformed");
    // More or fewer records than the end record counts.
    let whole = zip(&[sound()]);
    let mut counted = whole.clone();
    let at = counted.len() - 14;
    counted[at..at + 4].copy_from_slice(&[2, 0, 2, 0]);
    assert_eq!(code_of(&counted), "malformed");
    // Bytes between the directory and the end record, and a second end record in the comment.
    let cut = whole.len() - 22;
    let padded = [&whole[..cut], b"hidden", &whole[cut..]].concat();
    assert_eq!(code_of(&padded), "malformed");
    let mut two = whole.clone();
    let comment = end(0, 0, 0);
    let at = two.len() - 2;
    two[at..].copy_from_slice(&(comment.len() as u16).to_le_bytes());
    two.extend(comment);
    assert_eq!(code_of(&two), "not-a-zip");
    // A program in front of the archive.
    assert_eq!(code_of(&[b"#!/bin/sh\n", whole.as_slice()].concat()), "malformed");
}

#[test]
fn what_is_no_zip_is_refused() {
    for bytes in [b"".as_slice(), b"PK", b"hello, this is a text and not a zip at all", &[0; 4096]] {
        assert_eq!(code_of(bytes), "not-a-zip");
    }
    let whole = zip(&[sound()]);
    for cut in [whole.len() - 1, whole.len() / 2, 30] {
        assert_eq!(code_of(&whole[..cut]), "not-a-zip");
    }
    assert_eq!(code_of(&zip(&[])), "empty");
    assert_eq!(code_of(&zip(&[Entry { deflate: false, mode: 0o040_755, ..entry("m/", "") }])), "empty");
    let desk = Desk::new();
    let folder = packages::read(&desk.staging(), &desk.staging(), &Limits::default()).unwrap_err();
    assert!(folder.to_string().contains("it is a folder"), "{folder}");
    let missing = packages::read("/nowhere/x.zip".as_ref(), &desk.staging(), &Limits::default()).unwrap_err();
    assert!(missing.to_string().contains("`/nowhere/x.zip` cannot be read"), "{missing}");
}

#[test]
fn nested_archives_are_held_to_the_same_rules() {
    let nest = |inner: Vec<u8>| zip(&[sound(), entry("inner.zip", inner)]);
    let inside = refused(&nest(zip(&[entry("../evil", "x")])), &Limits::default());
    assert_eq!(inside.code(), "path-traversal");
    assert!(
        matches!(inside, Refused::Nested { .. }) && inside.to_string().contains("`inner.zip`"),
        "{inside}"
    );
    assert_eq!(code_of(&nest(zip(&[entry("zeros", vec![0; 20 << 20])]))), "ratio");
    assert_eq!(code_of(&nest(zip(&[Entry { flags: 1, ..sound() }]))), "encrypted");
    assert_eq!(code_of(&nest(zip(&[Entry { crc32: Some(1), ..sound() }]))), "malformed");
    let mut deep = zip(&[entry("x", "x")]);
    for _ in 0..3 {
        deep = zip(&[entry("deeper.zip", deep)]);
    }
    read(&deep).unwrap();
    assert_eq!(code_of(&zip(&[entry("deeper.zip", deep)])), "too-deep");
    // Entries count together: a thousand archives of a thousand entries are a million.
    let limits = Limits { entries_max: 10, ..Limits::default() };
    let inner: Vec<Entry> = (0..6).map(|n| entry(format!("f{n}"), "")).collect();
    let outer = [entry("a.zip", zip(&inner)), entry("b.zip", zip(&inner))];
    assert_eq!(refused(&zip(&outer), &limits).code(), "too-many-entries");
}

#[test]
fn a_quine_ends() {
    // An archive whose entry is stored and begins like an archive, whatever follows.
    let fake = [b"PK\x03\x04".as_slice(), &[0; 60]].concat();
    assert_eq!(code_of(&zip(&[entry("fake.zip", fake)])), "not-a-zip");
}

#[test]
fn json_beyond_reason_is_refused() {
    let deep = "[".repeat(100_000);
    assert_eq!(code_of(&zip(&[sound(), entry("ModelProperties.json", &deep)])), "json-too-deep");
    assert_eq!(code_of(&zip(&[sound(), entry("notes.json", &deep)])), "json-too-deep");
    let huge = format!("[{}1]", "1,".repeat(600_000));
    let limits = Limits { json_bytes_max: 1 << 20, ..Limits::default() };
    assert_eq!(refused(&zip(&[sound(), entry("inputVar.json", &huge)]), &limits).code(), "json-too-large");
    for name in [
        "ModelProperties.json",
        "inputVar.json",
        "dmcas_fitstat.json",
        "fileMetadata.json",
        "requirements.json",
    ] {
        let refused = refused(&zip(&[sound(), entry(name, "{\"a\": ")]), &Limits::default());
        assert_eq!(refused.code(), "bad-contents");
        assert!(refused.to_string().contains(&format!("`{name}`")), "{refused}");
    }
}

#[test]
fn a_staging_folder_that_cannot_be_written_is_named() {
    let desk = Desk::new();
    let zip_path = desk.staging().join("x.zip");
    std::fs::write(&zip_path, zip(&[sound()])).unwrap();
    let missing = desk.staging().join("missing");
    let error = packages::read(&zip_path, &missing, &Limits::default()).unwrap_err();
    assert!(matches!(error, packages::Error::Staging { .. }), "{error}");
    assert!(!missing.exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_leaves_nothing() {
    // /dev/full cannot hold a folder; a file-size limit on a child process stands in for a full disk.
    let desk = Desk::new();
    let zip_path = desk.staging().join("x.zip");
    let mut contents = vec![0_u8; 3 << 20];
    let mut state = 1_u32;
    for byte in &mut contents {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = (state >> 24) as u8;
    }
    std::fs::write(&zip_path, zip(&[entry("big.bin", &contents)])).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let this = std::env::current_exe().unwrap();
    if std::env::var_os("PACKAGES_TEST_SMALL_DISK").is_some() {
        return;
    }
    let script = format!(
        "trap '' XFSZ; ulimit -f 1024; exec '{}' --exact hostile::small_disk_child --nocapture",
        this.display()
    );
    let output = std::process::Command::new("bash")
        .args(["-c", &script])
        .env("PACKAGES_TEST_SMALL_DISK", &zip_path)
        .env("PACKAGES_TEST_STAGING", folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("cannot be written while unpacking"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Runs in the process whose files may not grow; see the test above. Without it there is nothing to read.
#[test]
fn small_disk_child() {
    let (Some(package), Some(staging)) =
        (std::env::var_os("PACKAGES_TEST_SMALL_DISK"), std::env::var_os("PACKAGES_TEST_STAGING"))
    else {
        return;
    };
    match packages::read(package.as_ref(), staging.as_ref(), &Limits::default()) {
        Ok(_) => println!("it was read"),
        Err(error) => println!("{error}"),
    }
}

#[test]
fn sizes_are_checked_against_the_data_in_stored_entries_too() {
    let data = b"0123456789";
    let stored = Entry { deflate: false, ..entry("x.bin", data) };
    assert_eq!(read(&zip(std::slice::from_ref(&stored))).unwrap().package.files[0].size_bytes, 10);
    let lying = Entry { size: Some(9), ..stored };
    assert_eq!(code_of(&zip(&[lying])), "malformed");
    assert_ne!(crc32(data), 0);
    assert!(!deflated(data).is_empty());
}
