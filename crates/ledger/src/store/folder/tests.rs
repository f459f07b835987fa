use tokio::runtime::Builder;

use super::*;
use crate::simulation::papers::{desk_key, fact, founding, sealed};
use crate::{Ledger, Offered};

/// What happens instead of a file system call, from the `nth` occurrence of its step on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// The call fails, once.
    Fails(Step, ErrorKind),
    /// The desk dies before the call: nothing more happens, not even tidying up.
    DiesBefore(Step),
    /// The desk dies after the call.
    DiesAfter(Step),
    /// The desk is dead.
    Dead,
}

fn dead<T>() -> io::Result<T> {
    Err(io::Error::other("the desk is dead"))
}

pub(super) fn with_fault<T>(
    fault: &Mutex<Option<Fault>>,
    step: Step,
    call: impl FnOnce() -> io::Result<T>,
) -> io::Result<T> {
    let mut fault = fault.lock().unwrap();
    match *fault {
        Some(Fault::Dead) => dead(),
        Some(Fault::Fails(failing, kind)) if failing == step => {
            *fault = None;
            Err(kind.into())
        }
        Some(Fault::DiesBefore(last)) if last == step => {
            *fault = Some(Fault::Dead);
            dead()
        }
        Some(Fault::DiesAfter(last)) if last == step => {
            *fault = Some(Fault::Dead);
            call().and_then(|_| dead())
        }
        _ => call(),
    }
}

/// Every step of a creation: with a file that nothing names, and where there is no such thing.
const STEPS: &[(bool, Step)] = &[
    (false, Step::OpenUnnamed),
    (false, Step::Write),
    (false, Step::SyncStaged),
    (false, Step::Link),
    (false, Step::MakeFolder),
    (false, Step::SyncFolder),
    (true, Step::OpenStaged),
    (true, Step::Write),
    (true, Step::SyncStaged),
    (true, Step::Link),
    (true, Step::MakeFolder),
    (true, Step::SyncFolder),
    (true, Step::Unstage),
];

fn block_on<T>(work: impl Future<Output = T>) -> T {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(work)
}

/// Offers to a folder whose disk knows files without a name (where the machine's does), or knows `named` ones only.
async fn offered_with(named: bool, fault: Fault) -> (tempfile::TempDir, Offered, Folder) {
    let here = tempfile::tempdir().unwrap();
    let key = desk_key(1);
    let folder = Folder::open(here.path()).unwrap();
    folder.inner.names_all.fetch_or(named, Ordering::Relaxed);
    let ledger = Ledger::found(Arc::new(folder.clone()), &founding(&key)).await.unwrap();
    *folder.inner.fault.lock().unwrap() = Some(fault);
    let offered = ledger.offer(&sealed(&ledger, &ledger.origin(), &key, vec![fact(1)])).await;
    (here, offered, folder)
}

/// The same bytes are offered again by a desk that starts anew: the fact stands once, whatever happened before.
async fn recovers(here: &tempfile::TempDir, story: &str) {
    let key = desk_key(1);
    let ledger = Ledger::open(Arc::new(Folder::open(here.path()).unwrap()), None).await.unwrap();
    let again = ledger.offer(&sealed(&ledger, &ledger.origin(), &key, vec![fact(1)])).await;
    assert!(matches!(again, Offered::Recorded { .. }), "{story}: {again:?}");
    let report = ledger.verify(|_| {}).await.unwrap();
    assert_eq!((report.entries, report.problems), (1, vec![]), "{story}");
}

#[test]
fn a_desk_that_dies_at_any_file_system_call_of_a_commit_loses_and_repeats_nothing() {
    for (named, step) in STEPS {
        for fault in [Fault::DiesBefore(*step), Fault::DiesAfter(*step)] {
            block_on(async {
                let (here, _, _) = offered_with(*named, fault).await;
                recovers(&here, &format!("{named} {fault:?}")).await;
            });
        }
    }
}

#[test]
fn any_file_system_call_of_a_commit_that_fails_once_leaves_the_fact_recorded_or_pending() {
    let kinds = [
        ErrorKind::StorageFull,
        ErrorKind::PermissionDenied,
        ErrorKind::Other,
        ErrorKind::NotFound,
        ErrorKind::TimedOut,
    ];
    for (named, step) in STEPS {
        for kind in kinds {
            block_on(async {
                let fault = Fault::Fails(*step, kind);
                let (here, offered, folder) = offered_with(*named, fault).await;
                match offered {
                    Offered::Recorded { slot } => assert_eq!(slot.position, 1, "{fault:?}"),
                    Offered::Pending { cause: Error::Unhealthy { .. } } => {
                        let refused = folder.create("log/x", Bytes::new()).await;
                        assert!(matches!(refused, Err(Error::Unhealthy { .. })), "{fault:?}: {refused:?}");
                    }
                    other => panic!("{fault:?}: {other:?}"),
                }
                recovers(&here, &format!("{fault:?}")).await;
            });
        }
    }
}

#[test]
fn what_could_not_be_forced_onto_the_disk_is_never_called_recorded() {
    for step in [Step::SyncStaged, Step::SyncFolder] {
        for named in [false, true] {
            let (_here, offered, _) = block_on(offered_with(named, Fault::Fails(step, ErrorKind::Other)));
            assert!(
                matches!(offered, Offered::Pending { cause: Error::Unhealthy { .. } }),
                "{step:?}: {offered:?}"
            );
        }
    }
}

#[test]
fn a_full_disk_and_a_denied_folder_are_named_for_what_they_are() {
    let rows = [
        (ErrorKind::StorageFull, "Full"),
        (ErrorKind::QuotaExceeded, "Full"),
        (ErrorKind::ReadOnlyFilesystem, "Denied"),
        (ErrorKind::PermissionDenied, "Denied"),
        (ErrorKind::NotFound, "NotFound"),
        (ErrorKind::NotADirectory, "Unsuitable"),
        (ErrorKind::StaleNetworkFileHandle, "Offline"),
        (ErrorKind::TimedOut, "Offline"),
    ];
    for (kind, named) in rows {
        let error = failed(Path::new("/w"), "written", kind.into());
        assert!(format!("{error:?}").starts_with(named), "{kind:?}: {error:?}");
        assert!(error.to_string().contains("`/w`"), "{error}");
    }
}

#[test]
fn a_folder_that_is_gone_is_not_made_anew() {
    block_on(async {
        let here = tempfile::tempdir().unwrap();
        let root = here.path().join("disk");
        fs::create_dir(&root).unwrap();
        let folder = Folder::open(&root).unwrap();
        assert_eq!(folder.get("log/x", 9).await.unwrap(), None);
        fs::remove_dir_all(&root).unwrap();
        assert!(matches!(folder.get("log/x", 9).await, Err(Error::NotFound { .. })));
        assert!(matches!(folder.create("log/x", Bytes::new()).await, Err(Error::NotFound { .. })));
        assert!(!root.exists(), "an unplugged disk must not be replaced by an empty folder");
        assert!(matches!(Folder::open(&root), Err(Error::NotFound { .. })));
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_desk_that_dies_leaves_no_file_where_files_need_no_name() {
    let here = tempfile::tempdir().unwrap();
    if unnamed(here.path()).is_err() {
        return;
    }
    for step in [Step::Write, Step::SyncStaged, Step::Link] {
        let (here, ..) = block_on(offered_with(false, Fault::DiesBefore(step)));
        assert!(!here.path().join(STAGING).exists(), "{step:?}");
        assert_eq!(fs::read_dir(here.path().join("log")).map_or(0, Iterator::count), 0, "{step:?}");
    }
}

#[test]
fn old_leftovers_are_swept_and_young_ones_are_left_to_whoever_is_writing() {
    let here = tempfile::tempdir().unwrap();
    let staging = here.path().join(STAGING);
    fs::create_dir(&staging).unwrap();
    for (name, age) in [("old", LEFTOVER_AGE_MIN + Duration::from_secs(60)), ("young", Duration::ZERO)] {
        let file = File::create(staging.join(name)).unwrap();
        file.set_modified(SystemTime::now() - age).unwrap();
    }
    Folder::open(here.path()).unwrap();
    assert!(!staging.join("old").exists());
    assert!(staging.join("young").exists());
}

#[cfg(unix)]
#[test]
fn a_link_or_a_folder_in_a_slots_place_is_void_and_leads_nowhere() {
    block_on(async {
        let here = tempfile::tempdir().unwrap();
        let key = desk_key(1);
        let ledger =
            Ledger::found(Arc::new(Folder::open(here.path()).unwrap()), &founding(&key)).await.unwrap();
        let log = here.path().join("log");
        fs::create_dir(&log).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", log.join("000000000001.json")).unwrap();
        fs::create_dir(log.join("000000000002.json")).unwrap();
        let mut head = ledger.origin();
        for _ in 0..2 {
            let Offered::Beaten { slot } = ledger.offer(&sealed(&ledger, &head, &key, vec![fact(1)])).await
            else {
                panic!("the slot is taken");
            };
            assert!(slot.raw.is_empty() && slot.content.is_err());
            head = slot.head();
        }
        let offered = ledger.offer(&sealed(&ledger, &head, &key, vec![fact(1)])).await;
        assert!(matches!(offered, Offered::Recorded { .. }), "{offered:?}");
    });
}
