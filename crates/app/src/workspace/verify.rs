//! Proves the whole history: structure, signatures, rules and blobs, from the founding document on, without the cache.

use std::collections::BTreeSet;

use governance::{Fact, State};

use super::{Nothing, VerifyProblem, VerifyReport};
use crate::session::{Session, decision_of, from_ledger, key_holds};
use crate::{App, Failure};

/// Reads every slot and every blob named by an admitted fact, judges everything anew, and compares with the cache.
///
/// # Errors
/// [`crate::Code::Offline`] when the workspace cannot be read; what is wrong with it is an answer, not an error.
pub async fn verify(app: &App, _request: Nothing) -> Result<VerifyReport, Failure> {
    let session = app.session()?;
    let ledger = &session.ledger;
    let (mut state, _) = State::found(&session.founding()?);
    let mut head = ledger.origin();
    let mut problems = Vec::new();
    let mut voided = Vec::new();
    let mut blobs: BTreeSet<(String, u64)> = BTreeSet::new();
    let mut entries = 0;
    while let Some(slot) = ledger.next(&head).await.map_err(|error| from_ledger(&error))? {
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
        let decision =
            match judged.map_err(|reason| reason.to_string()).and_then(|entry| decision_of(&slot, entry)) {
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
            Err(refusal) => voided.push(VerifyProblem { position, problem: refusal.to_string() }),
            Ok(_) => {
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
                    problems.push(VerifyProblem { position, problem: format!("blob `{digest}`: {error}") });
                }
                // The list of a package's files is a blob whose lines name further blobs.
                if let Ok(bytes) = ledger.get_blob(&parsed, 16 << 20).await
                    && let Ok(text) = std::str::from_utf8(&bytes)
                {
                    for file in files_listed(text) {
                        if checked.insert(file.clone())
                            && let Ok(parsed) = file.parse()
                            && let Err(error) = ledger.check_blob(&parsed).await
                        {
                            problems
                                .push(VerifyProblem { position, problem: format!("blob `{file}`: {error}") });
                        }
                    }
                }
            }
            Err(error) => problems.push(VerifyProblem { position, problem: format!("`{digest}`: {error}") }),
        }
    }
    if problems.is_empty() && cache_follows(&session, &head, &state)? == Some(false) {
        problems.push(VerifyProblem {
            position: head.position,
            problem: "the cache of this desk does not follow from the history; delete it, it is rebuilt"
                .to_owned(),
        });
    }
    Ok(VerifyReport {
        entries,
        head: head.position,
        blobs: u64::try_from(checked.len()).unwrap_or(u64::MAX),
        chain: head.chain.hex(),
        problems,
        void: voided,
    })
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
