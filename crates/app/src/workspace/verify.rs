//! Proves the whole history: structure, signatures, rules and blobs, from the founding document on, without the cache;
//! and writes a copy of it that others can prove.

use std::collections::BTreeSet;

use governance::{Fact, State};
use words::said;

use super::{ExportWorkspace, Exported, Nothing, VerifyProblem, VerifyReport};
use crate::session::{Session, decision_of, from_ledger, key_holds, void_said};
use crate::{App, Code, Failure};

/// How far the times that two authors claim may run against the order of their entries.
const CLOCKS_APART_MAX_S: i64 = 120;
/// The list of a package's files is this large at most.
const LISTING_BYTES_MAX: usize = 16 << 20;

/// Reads every slot and every blob named by an admitted fact, judges everything anew, and compares with the cache.
///
/// # Errors
/// [`crate::Code::Offline`] when the workspace cannot be read; what is wrong with it is an answer, not an error.
pub async fn verify(app: &App, _request: Nothing) -> Result<VerifyReport, Failure> {
    Ok(proven(&*app.session()?).await?.report)
}

/// Writes a copy of the workspace into a folder: every entry, every blob that the history names, and the report of the
/// verification that was done on the way. `workspace verify` proves the copy as it proves the workspace.
///
/// # Errors
/// [`Code::Verification`] when the history does not hold: what is damaged is not handed on. [`Code::Refused`] when
/// something lies in the folder.
pub async fn export(app: &App, request: ExportWorkspace) -> Result<Exported, Failure> {
    let session = app.session()?;
    let folder = std::path::PathBuf::from(&request.folder);
    if !folder.is_absolute() {
        return Err(Failure::said(Code::Usage, said!("export-not-absolute", path = request.folder)));
    }
    let Proven { report, head, blobs } = proven(&session).await?;
    if let Some(first) = report.problems.first() {
        return Err(Failure::said(
            Code::Verification,
            said!("nothing-exported", position = first.position.to_string(), problem = first.problem.clone(),),
        ));
    }
    let bytes =
        session.ledger.copy_into(&folder, &head, &blobs).await.map_err(|error| from_ledger(&error))?;
    let path = folder.join("verification.json");
    let text = serde_json::to_vec_pretty(&report)
        .map_err(|cause| Failure::internal("the report has no JSON form", &cause))?;
    std::fs::write(&path, text).map_err(|error| {
        Failure::said(
            Code::Denied,
            said!("cannot-write", path = path.display().to_string(), error = error.to_string()),
        )
        .because(&error)
    })?;
    Ok(Exported { folder: request.folder, bytes, report })
}

/// A report, and what it speaks of.
struct Proven {
    report: VerifyReport,
    head: ::ledger::Head,
    blobs: Vec<::ledger::Digest>,
}

async fn proven(session: &Session) -> Result<Proven, Failure> {
    let words = session.words();
    let ledger = &session.ledger;
    let (mut state, _) = State::found(&session.founding()?);
    let mut head = ledger.origin();
    let mut problems = Vec::new();
    let mut voided = Vec::new();
    let mut blobs: BTreeSet<(String, u64)> = BTreeSet::new();
    let mut entries = 0;
    let mut times = Vec::new();
    let mut notes = Vec::new();
    let mut replay = ledger.replay(head);
    loop {
        let slot = match replay.next().await {
            Ok(Some(slot)) => slot,
            Ok(None) => break,
            Err(::ledger::Error::Corrupt { position, contradiction }) => {
                problems.push(VerifyProblem { position, problem: contradiction.to_string() });
                break;
            }
            Err(error) => return Err(from_ledger(&error)),
        };
        head = slot.head();
        entries += 1;
        let position = slot.position;
        let judged = match slot.judged(|key, person| key_holds(&state, key, person)) {
            Ok(judged) => judged,
            Err(contradiction) => {
                problems.push(VerifyProblem { position, problem: contradiction.to_string() });
                break;
            }
        };
        let decision = match judged.map_err(|reason| words.say(&void_said(&reason))).and_then(|entry| {
            decision_of(&slot, entry).map_err(|why| words.say(&said!("void-unreadable", why = why)))
        }) {
            Ok(decision) => decision,
            Err(reason) => {
                voided.push(VerifyProblem { position, problem: reason });
                continue;
            }
        };
        for digest in state.needs(&decision.facts) {
            match session.blob(&digest, u64::MAX).await {
                Ok(document) => state.learn(digest, &document),
                Err(failure) => problems.push(VerifyProblem { position, problem: failure.message }),
            }
        }
        match state.admit(&decision) {
            Err(refusal) => voided
                .push(VerifyProblem { position, problem: words.say(&crate::failure::refused(&refusal)) }),
            Ok(_) => {
                times.push((position, decision.at));
                if let Some(key) = state.keys.get(&decision.key)
                    && key.suspect_since.is_some_and(|since| position >= since)
                {
                    let problem = words.say(&said!("key-suspect", key = key.key.fingerprint()));
                    notes.push(VerifyProblem { position, problem });
                }
                for stated in &decision.facts {
                    blobs.extend(blobs_of(&stated.fact).into_iter().map(|digest| (digest, position)));
                }
            }
        }
    }
    let mut checked = BTreeSet::new();
    for (digest, position) in blobs {
        if !checked.insert(digest.clone()) {
            continue;
        }
        match digest.parse() {
            Ok(parsed) => {
                if let Err(error) = ledger.check_blob(&parsed).await {
                    problems.push(VerifyProblem {
                        position,
                        problem: words.say(&said!("verify-blob", digest = &digest, why = error.to_string())),
                    });
                }
                // The list of a package's files is a blob whose lines name further blobs.
                if let Ok(bytes) = ledger.get_blob(&parsed, LISTING_BYTES_MAX).await
                    && let Ok(text) = std::str::from_utf8(&bytes)
                {
                    for file in files_listed(text) {
                        if checked.insert(file.clone())
                            && let Ok(parsed) = file.parse()
                            && let Err(error) = ledger.check_blob(&parsed).await
                        {
                            problems.push(VerifyProblem {
                                position,
                                problem: words.say(&said!(
                                    "verify-blob",
                                    digest = &file,
                                    why = error.to_string()
                                )),
                            });
                        }
                    }
                }
            }
            Err(error) => problems.push(VerifyProblem { position, problem: format!("`{digest}`: {error}") }),
        }
    }
    notes.extend(ahead_of_time(words, &times));
    if problems.is_empty() && cache_follows(session, &head, &state)? == Some(false) {
        problems.push(VerifyProblem {
            position: head.position,
            problem: words.say(&said!("verify-cache-differs")),
        });
    }
    notes.sort_by_key(|note| note.position);
    let report = VerifyReport {
        entries,
        head: head.position,
        blobs: u64::try_from(checked.len()).unwrap_or(u64::MAX),
        chain: head.chain.hex(),
        problems,
        void: voided,
        notes,
    };
    let blobs = checked.iter().filter_map(|digest| digest.parse().ok()).collect();
    Ok(Proven { report, head, blobs })
}

/// Entries whose authors' clocks ran ahead: a later entry claims an earlier time. What they say stands in the order of the
/// slots all the same; a timer that fired there fired early.
fn ahead_of_time(words: &words::Words, times: &[(u64, jiff::Timestamp)]) -> Vec<VerifyProblem> {
    let mut notes = Vec::new();
    let mut earliest_after: Option<jiff::Timestamp> = None;
    for (position, at) in times.iter().rev() {
        if let Some(after) = earliest_after
            && at.as_second() - after.as_second() > CLOCKS_APART_MAX_S
        {
            let problem = words.say(&said!("clock-ahead", at = at.to_string(), after = after.to_string()));
            notes.push(VerifyProblem { position: *position, problem });
        }
        earliest_after = Some(earliest_after.map_or(*at, |after| after.min(*at)));
    }
    notes
}

/// Whether the cache holds what the history makes; nothing where it moved on while it was read, as it does when another
/// process at this desk writes.
fn cache_follows(session: &Session, head: &::ledger::Head, state: &State) -> Result<Option<bool>, Failure> {
    let before = session.head()?;
    let cached = session.cache.state()?;
    let still = before == *head && session.head()? == before;
    Ok(still.then(|| cached.all_rows().eq(state.all_rows())))
}

fn blobs_of(fact: &Fact) -> Vec<String> {
    match fact {
        Fact::VersionRegistered(fact) => {
            vec![fact.package.root.to_string(), fact.package.reading.to_string()]
        }
        Fact::VersionReplaced(fact) => vec![fact.package.root.to_string(), fact.package.reading.to_string()],
        Fact::DefinitionImported(fact) => vec![fact.document.to_string()],
        Fact::RunMoved(fact) => fact.log.iter().map(ToString::to_string).collect(),
        Fact::MigrationVerified(fact) => vec![fact.ready.to_string()],
        _ => Vec::new(),
    }
}

/// Digests in the list of a package's files (`<64 digits>  <path>` a line); empty for anything else.
fn files_listed(text: &str) -> Vec<String> {
    let mut files = Vec::new();
    for line in text.lines() {
        match line.split_once("  ") {
            Some((digits, _))
                if digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
            {
                files.push(format!("sha256:{digits}"));
            }
            _ => return Vec::new(),
        }
    }
    files
}
