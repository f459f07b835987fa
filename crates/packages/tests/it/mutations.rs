//! Whatever the bytes, reading ends, in bounded time and memory, without a panic.

use std::time::{Duration, Instant};

use packages::Limits;
use proptest::prelude::*;

use crate::zips::{Desk, Entry, entry, zip};

/// A package with one of everything that is looked into.
fn package() -> Vec<u8> {
    let pickle = b"\x80\x04\x8c\x05numpy\x94\x8c\x05dtype\x94\x93\x94\x8c\x02f8\x94\x85\x94R\x94.";
    zip(&[
        entry(
            "m/ModelProperties.json",
            r#"{"name": "m", "targetEvent": "1", "properties": [{"name": "a", "value": 1}]}"#,
        ),
        entry("m/inputVar.json", r#"[{"name": "x", "length": 8}]"#),
        entry(
            "m/dmcas_fitstat.json",
            r#"{"data": [{"dataMap": {"_DataRole_": "TRAIN", "_C_": "0.8", "_GINI_": 0.6}}]}"#,
        ),
        entry("m/demo-config.yml", "a: &x [gs://b-1/c]\nb: *x\n"),
        entry("m/requirement.txt", "a==1\nb[c]>2\n"),
        entry("m/score.py", "password = 'not-a-secret-1'\n"),
        Entry { deflate: false, ..entry("m/model.pickle", pickle) },
        entry("m/p.zip", zip(&[entry("metadata/part-00000", r#"{"class": "x"}"#), entry("q.pkl", pickle)])),
    ])
}

/// Tight, so that a mutated size cannot make the test slow.
fn limits() -> Limits {
    Limits { total_bytes_max: 1 << 20, file_bytes_max: 1 << 20, ..Limits::default() }
}

#[test]
fn the_unmutated_package_is_read() {
    let reading = Desk::new().read(&package(), &limits()).unwrap();
    assert_eq!(reading.package.files.len(), 8);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_changed_anywhere(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in prop::option::of(any::<prop::sample::Index>())) {
        let mut bytes = package();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let started = Instant::now();
        let _ = Desk::new().read(&bytes, &limits());
        prop_assert!(started.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn files_with_any_contents(name in prop::sample::select(vec!["ModelProperties.json", "inputVar.json", "dmcas_roc.json", "fileMetadata.json",
        "x.pickle", "c.yml", "requirement.txt", "requirements.json", "a.zip", "score.py"]), contents in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Desk::new().read(&zip(&[entry(name, contents)]), &limits());
    }

    #[test]
    fn pickles_of_plausible_opcodes(contents in prop::collection::vec(prop::sample::select(
        b"\x80\x04.(0122NIJKM]}){tldaesupqghjcibRo\x81\x85\x86\x87\x8c\x93\x94\x95\x91\x90\x92\x8f\nos\n\x05numpy\x00\x01\x02".to_vec()), 0..200)) {
        let _ = Desk::new().read(&zip(&[entry("x.pickle", contents)]), &limits());
    }

    #[test]
    fn entries_with_any_name(name in prop::collection::vec(any::<u8>(), 0..40)) {
        let _ = Desk::new().read(&zip(&[entry(name, "x")]), &limits());
    }

    #[test]
    fn any_bytes_at_all(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Desk::new().read(&bytes, &limits()).is_err());
    }
}
