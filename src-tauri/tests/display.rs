//! The window where there can be none.

use std::process::Command;

#[test]
fn without_a_display_it_says_what_to_do_and_fails() {
    let done = Command::new(env!("CARGO_BIN_EXE_countersign-window"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    if cfg!(target_os = "linux") {
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(1), "{said}");
        for remedy in ["no display", "countersign --help", "countersign serve", "xvfb-run"] {
            assert!(said.contains(remedy), "`{remedy}` is missing in: {said}");
        }
    }
}

#[test]
fn what_it_does_not_know_is_wrong_usage() {
    let done = Command::new(env!("CARGO_BIN_EXE_countersign-window")).arg("--wokspace").output().unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8(done.stderr).unwrap().contains("--wokspace"));
}
