//! The same workspace in the two other clouds' buckets.

use serde_json::json;

use crate::desk::{Desk, race};
use crate::emulators::Emulator;

#[test]
fn a_workspace_in_an_s3_bucket_and_in_an_azure_container_is_founded_shared_raced_for_and_written_once() {
    for (scheme, cloud) in [("s3", Emulator::s3()), ("az", Emulator::azure())] {
        let place = format!("{scheme}://models-desk/a/prefix");
        let environment = cloud.environment.clone();
        let ana = Desk::new(&place, &environment, "ana");
        // Nothing is founded where there is no bucket, and it is the bucket that is named.
        let nowhere = format!("{scheme}://no-such-bucket/a");
        let (status, answer) = ana.run(&["workspace", "init", &nowhere, "--name", "N", "--member", "ana"]);
        assert_eq!(status, 1, "{answer:#}");
        assert!(answer["message"].as_str().unwrap().contains("no-such-bucket"), "{answer:#}");

        ana.ok(&["workspace", "init", &place, "--name", "In a bucket", "--member", "ana"]);
        let ben = ana.invites("ben");
        race(&ana, &ben);

        // A package, in blobs; read from the bucket by a desk that has nothing yet.
        let folder = tempfile::tempdir().unwrap();
        let package = &packages::demonstration::write_demo_packages(folder.path(), "b", 3).unwrap()[0];
        ben.ok(&["model", "import", package.to_str().unwrap(), "--project", "ana 0", "--name", "churn"]);
        let late = Desk::new(&place, &environment, "");
        let files = late.ok(&["model", "files", "ana 0/churn"]);
        assert!(files["files"].as_array().unwrap().len() > 5, "{files:#}");
        let report = late.ok(&["workspace", "verify"]);
        assert_eq!((&report["problems"], &report["void"]), (&json!([]), &json!([])), "{scheme}");

        // Every slot is there, and whatever is there was written once.
        let objects = cloud.objects();
        let slots: Vec<&String> = objects.iter().filter(|name| name.starts_with("a/prefix/log/")).collect();
        assert_eq!(slots.len() as u64, late.head(), "{scheme}: {slots:?}");
        let mut once = objects.clone();
        once.dedup();
        assert_eq!(once, objects, "{scheme}: something was written over");

        // Without a network a desk reads what it has, and decides nothing.
        let head = ana.head();
        drop(cloud);
        assert_eq!(ana.head(), head);
        let (code, answer) = ana.run(&["project", "create", "Not now"]);
        assert_eq!((code, answer["code"].as_str()), (4, Some("offline")), "{answer:#}");
    }
}
