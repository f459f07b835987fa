use ed25519_dalek::{Signature, VerifyingKey};

use super::*;

#[test]
fn a_key_signs_after_the_desk_is_opened_again_and_is_never_replaced() {
    let home = tempfile::tempdir().unwrap();
    let desk = KeyHolder::open_in_files(home.path()).unwrap();
    let ana = desk.create("ana").unwrap();
    let ben = desk.create("ben").unwrap();
    assert_ne!(ana, ben);
    assert!(matches!(desk.create("ana"), Err(Error::Exists { .. })));

    let again = KeyHolder::open_in_files(home.path()).unwrap();
    let signature = again.sign("ana", b"message").unwrap();
    let key = VerifyingKey::from_bytes(ana.as_bytes()).unwrap();
    assert!(key.verify_strict(b"message", &Signature::from_bytes(&signature)).is_ok());
    assert!(key.verify_strict(b"massage", &Signature::from_bytes(&signature)).is_err());
    assert!(matches!(again.create("ana"), Err(Error::Exists { .. })));
    let listed: Vec<_> =
        again.list().unwrap().into_iter().map(|(name, key)| (name.to_string(), key)).collect();
    assert_eq!(listed, [("ana".to_owned(), ana), ("ben".to_owned(), ben)]);
    assert!(matches!(again.sign("carl", b""), Err(Error::NotFound { .. })));
    assert!(again.kept().warning().unwrap().contains(home.path().to_str().unwrap()));
}

#[test]
fn names_that_could_leave_the_folder_or_hide_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let desk = KeyHolder::open_in_files(home.path()).unwrap();
    for name in ["", ".", "..", "../ana", "a/b", "a\\b", "Ana", ".ana", "-ana", "ana\n", &"a".repeat(161)] {
        assert!(matches!(desk.create(name), Err(Error::Name(_))), "{name:?}");
    }
}

#[test]
fn nothing_secret_is_ever_shown() {
    let home = tempfile::tempdir().unwrap();
    let desk = KeyHolder::open_in_files(home.path()).unwrap();
    desk.create("ana").unwrap();
    let seed = std::fs::read_to_string(home.path().join("keys/ana.key")).unwrap();
    let secret = Secret::new("hunter2");
    desk.put_secret("mail", &secret).unwrap();
    desk.sign("ana", b"x").unwrap();
    let shown = format!("{desk:?} {desk:#?} {secret:?} {secret} {:?}", desk.secret("mail").unwrap());
    assert!(!shown.contains(&seed) && !shown.contains("hunter2"), "{shown}");
    // The bytes in the form `Debug` of a list would give them.
    assert!(!shown.contains("104, 117, 110"), "{shown}");
}

#[test]
fn secrets_are_kept_replaced_and_forgotten() {
    let home = tempfile::tempdir().unwrap();
    let desk = KeyHolder::open_in_files(home.path()).unwrap();
    assert!(desk.secret("mail").unwrap().is_none());
    for text in ["first", "second"] {
        desk.put_secret("mail", &Secret::new(text)).unwrap();
        let again = KeyHolder::open_in_files(home.path()).unwrap();
        assert_eq!(again.secret("mail").unwrap().unwrap().reveal(), text.as_bytes());
    }
    desk.forget_secret("mail").unwrap();
    desk.forget_secret("mail").unwrap();
    assert!(desk.secret("mail").unwrap().is_none());
}

#[test]
fn a_crash_between_the_secret_and_its_public_half_loses_nothing() {
    let home = tempfile::tempdir().unwrap();
    let desk = KeyHolder::open_in_files(home.path()).unwrap();
    let before = desk.create("ana").unwrap();
    std::fs::remove_file(home.path().join("keys/ana.pub")).unwrap();
    let again = KeyHolder::open_in_files(home.path()).unwrap();
    assert_eq!(again.public_key("ana").unwrap(), None);
    assert_eq!(again.create("ana").unwrap(), before);
}

#[test]
fn a_damaged_or_exchanged_key_is_refused_instead_of_signing_void_entries() {
    let home = tempfile::tempdir().unwrap();
    let desk = KeyHolder::open_in_files(home.path()).unwrap();
    for name in ["ana", "ben", "carl", "dora"] {
        desk.create(name).unwrap();
    }
    let file = |name: &str| home.path().join("keys").join(name);
    std::fs::copy(file("ben.key"), file("ana.key")).unwrap();
    std::fs::write(file("carl.key"), "no digits").unwrap();
    std::fs::remove_file(file("dora.key")).unwrap();
    let again = KeyHolder::open_in_files(home.path()).unwrap();
    assert!(matches!(again.sign("ana", b""), Err(Error::Corrupt { .. })));
    assert!(matches!(again.sign("carl", b""), Err(Error::Corrupt { .. })));
    assert!(matches!(again.sign("dora", b""), Err(Error::NotFound { .. })));
    assert!(again.sign("ben", b"").is_ok());
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_only_and_refused_if_others_may_read_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let desk = KeyHolder::open_in_files(home.path()).unwrap();
    desk.create("ana").unwrap();
    let keys = home.path().join("keys");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&keys), 0o700);
    assert_eq!(mode(&keys.join("ana.key")), 0o600);
    std::fs::set_permissions(keys.join("ana.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let again = KeyHolder::open_in_files(home.path()).unwrap();
    assert!(matches!(again.sign("ana", b""), Err(Error::Exposed { .. })));
}

#[test]
fn several_desks_that_make_one_key_at_once_agree_on_one() {
    let home = tempfile::tempdir().unwrap();
    let made: Vec<_> = std::thread::scope(|scope| {
        let desks: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| KeyHolder::open_in_files(home.path()).unwrap().create("ana")))
            .collect();
        desks.into_iter().map(|desk| desk.join().unwrap()).collect()
    });
    let kept = KeyHolder::open_in_files(home.path()).unwrap();
    let public = kept.public_key("ana").unwrap().unwrap();
    for result in made {
        match result {
            Ok(answered) => assert_eq!(answered, public),
            Err(Error::Exists { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    kept.sign("ana", b"x").unwrap();
}
