//! Pickles as Python itself writes them. The machine's Python is asked; what is not installed is made up here by hand.

use std::process::Command;

use packages::{FindingKind, Severity};

use crate::zips::{entry, read, zip};

/// What Python prints on its standard output for a script.
fn python(script: &str) -> Vec<u8> {
    let output = Command::new("python3").args(["-c", script]).output();
    let output =
        output.expect("`python3` is needed for this test; install it with `sudo apt install python3`");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn imports(pickle: &[u8]) -> (Vec<(String, bool, Severity)>, bool) {
    let reading = read(&zip(&[entry("m.pickle", pickle)])).unwrap();
    let mut told = Vec::new();
    let mut malformed = false;
    for finding in &reading.package.findings {
        match &finding.kind {
            FindingKind::PickleImport { import, called } => {
                told.push((import.clone(), *called, finding.severity))
            }
            FindingKind::PickleMalformed => malformed = true,
            FindingKind::Secret { .. } => {}
        }
    }
    (told, malformed)
}

#[test]
fn a_pickle_that_runs_a_command_is_flagged_in_every_protocol() {
    for protocol in 0..=5 {
        let script = format!(
            "import pickle, sys, os\nclass X:\n def __reduce__(s): return (os.system, ('true',))\n\
             sys.stdout.buffer.write(pickle.dumps([1, {{'a': X()}}, 'text'], {protocol}))"
        );
        let (told, malformed) = imports(&python(&script));
        let expected = if cfg!(windows) { "nt.system" } else { "posix.system" };
        assert_eq!(told, [(expected.to_owned(), true, Severity::Blocking)], "protocol {protocol}");
        assert!(!malformed);
    }
}

#[test]
fn ordinary_values_of_every_protocol_are_walked_to_their_end() {
    for protocol in 0..=5 {
        let script = format!(
            "import pickle, sys, datetime, collections, decimal\n\
             v = {{'a': [1, -1, 2**70, -2**40, 1.5, None, True, b'x'*300, 'y'*300, 'caf\\u00e9', (), (1,), (1,2,3,4)], \
             'b': {{1,2}}, 'c': frozenset([1]), 'd': bytearray(b'zz'), 'e': collections.OrderedDict(a=1), \
             'f': datetime.datetime(2020,1,1), 'g': decimal.Decimal('1.5'), 'h': list(range(3000))}}\n\
             v['self'] = v['a']\nsys.stdout.buffer.write(pickle.dumps(v, {protocol}))"
        );
        let (told, malformed) = imports(&python(&script));
        assert!(!malformed, "protocol {protocol}");
        assert!(
            told.iter().all(|(_, _, severity)| *severity == Severity::Note),
            "protocol {protocol}: {told:?}"
        );
        assert!(told.iter().any(|(import, ..)| import == "datetime.datetime"));
    }
}

#[test]
fn a_compressed_pickle_is_walked_too() {
    for module in ["zlib", "gzip"] {
        let script = format!(
            "import pickle, sys, os, {module}\nclass X:\n def __reduce__(s): return (eval, ('1',))\n\
             sys.stdout.buffer.write({module}.compress(pickle.dumps(X())))"
        );
        let (told, malformed) = imports(&python(&script));
        assert_eq!(told, [("builtins.eval".to_owned(), true, Severity::Blocking)]);
        assert!(!malformed);
    }
    assert!(imports(b"\x78\x9cnot zlib at all").1);
}

#[test]
fn arrays_as_joblib_writes_them_are_stepped_over() {
    // joblib writes the bytes of an array behind the object that wraps it; here two doubles with five bytes of padding,
    // then, in the same stream, an import that must not be missed.
    let mut pickle = b"\x80\x04\x8c\x13joblib.numpy_pickle\x8c\x11NumpyArrayWrapper\x93)\x81}(\
        \x8c\x08subclass\x8c\x05numpy\x8c\x07ndarray\x93\
        \x8c\x05shapeK\x02\x85\x8c\x05order\x8c\x01C\
        \x8c\x05dtype\x8c\x05numpy\x8c\x05dtype\x93\x8c\x02f8\x89\x88\x87R(K\x03\x8c\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\
        \x8c\x0aallow_mmap\x88\x8c\x1bnumpy_array_alignment_bytesK\x10ub"
        .to_vec();
    pickle.extend([5]);
    pickle.extend([0xFF; 5]);
    pickle.extend([0xAB; 16]);
    pickle.extend(b"\x8c\x05posix\x8c\x06system\x93\x86.");
    let (told, malformed) = imports(&pickle);
    assert!(!malformed, "{told:?}");
    assert_eq!(told[0], ("posix.system".to_owned(), false, Severity::Blocking));
    assert!(told.contains(&("joblib.numpy_pickle.NumpyArrayWrapper".to_owned(), true, Severity::Note)));
}

#[test]
fn a_pickle_inside_a_nested_archive_is_walked() {
    let inner = zip(&[entry("archive/data.pkl", b"\x80\x02csubprocess\nPopen\n(X\x02\x00\x00\x00lstR.")]);
    let reading = read(&zip(&[entry("model.pt", inner)])).unwrap();
    let finding = reading.package.blocking().next().unwrap();
    assert_eq!(finding.file, "model.pt!/archive/data.pkl");
    assert!(finding.message.contains("imports and calls `subprocess.Popen`"), "{}", finding.message);
}

#[test]
fn a_malformed_pickle_is_flagged_and_not_refused() {
    let (told, malformed) = imports(b"\x80\x04\x8c\x02os\x8c\x06system\x93\xff\xff");
    assert!(malformed);
    assert_eq!(told[0].0, "os.system");
}
