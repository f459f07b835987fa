//! Why a command did not do what was asked, in the form every shell shows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use words::{Said, Words, said};

/// What kind of failure it is. The list is closed; shells choose by it and never by the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The request is malformed: a field is missing, of the wrong type, or out of range.
    Usage,
    /// A rule says no.
    Refused,
    /// The thing named does not exist here.
    NotFound,
    /// A package is hostile or unreadable.
    Package,
    /// A definition cannot be read, or has errors.
    Definition,
    /// An expression does not evaluate.
    Expression,
    /// Verification found the history, a blob or an output not to be what it must be.
    Verification,
    /// The workspace cannot be reached now; nothing is lost.
    Offline,
    /// The store or the machine does not let us: a read-only folder, a full disk, a missing right.
    Denied,
    /// Somebody else changed the same thing first.
    Conflict,
    /// No workspace is open, or no member acts.
    NoWorkspace,
    /// A part of the machine is missing: a JDK, a display, Python.
    Missing,
    /// A run, migration or delivery failed; the message says at what.
    Failed,
    /// A newer program wrote here; this one must be updated.
    UpdateRequired,
    /// A defect of this program.
    Internal,
}

/// A failure: what happened, and what to do next.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Failure {
    /// Its kind.
    pub code: Code,
    /// What happened, naming the thing.
    pub message: String,
    /// What to do next.
    pub hint: String,
    /// The causes, outermost first.
    pub causes: Vec<String>,
    /// Message and hint in no language yet; none for what other programs said.
    #[serde(skip)]
    #[ts(skip)]
    said: Option<Box<Said>>,
}

impl Failure {
    /// A failure that has a message in the words of every language, whose attribute `hint` says what to do next.
    pub fn said(code: Code, said: Said) -> Self {
        let english = Words::english();
        Self {
            code,
            message: english.say(&said),
            hint: english.hint(&said),
            causes: Vec::new(),
            said: Some(Box::new(said)),
        }
    }

    /// A failure in words that are none of ours: what an engine, a library or another program said.
    pub fn new(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: hint.into(), causes: Vec::new(), said: None }
    }

    /// The same in the language of whoever reads it.
    #[must_use]
    pub fn in_words(mut self, words: &Words) -> Self {
        if let Some(said) = &self.said {
            self.message = words.say(said);
            self.hint = words.hint(said);
        }
        self
    }

    /// The message in no language, to be kept and said later; as it was written, where another program said it.
    pub(crate) fn to_be_said(&self) -> Said {
        self.said.as_deref().cloned().unwrap_or_else(|| said!("as-it-says", detail = &self.message))
    }

    /// The same with the chain of causes of `error`.
    #[must_use]
    pub fn because(mut self, error: &dyn std::error::Error) -> Self {
        let mut cause = Some(error);
        while let Some(error) = cause {
            self.causes.push(error.to_string());
            cause = error.source();
        }
        self
    }

    pub(crate) fn usage(command: &str, cause: &dyn std::error::Error) -> Self {
        Self::said(Code::Usage, said!("request-unreadable", command = command, cause = cause.to_string()))
    }

    pub(crate) fn internal(what: &str, cause: &dyn std::error::Error) -> Self {
        Self::said(Code::Internal, said!("defect", what = what)).because(cause)
    }

    pub(crate) fn no_such_command(command: &str) -> Self {
        Self::said(Code::Usage, said!("no-such-command", command = command))
    }

    /// What a thing was looked for and not found. The noun is one of the messages `noun-NOUN`.
    pub fn not_found(noun: &str, name: &str) -> Self {
        let kind = noun.replace(' ', "-");
        Self::said(Code::NotFound, said!("no-such", noun = noun_said(&kind), kind = kind, name = name))
    }

    /// The exit status of a terminal: 1 refused or failed, 2 wrong usage, 3 verification failed, 4 offline.
    pub fn exit_code(&self) -> u8 {
        match self.code {
            Code::Usage => 2,
            Code::Verification => 3,
            Code::Offline => 4,
            _ => 1,
        }
    }
}

/// What happened and what to do, as sentences: where a failure is a text of its own, as in an incident.
impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut rest = self.message.trim().chars();
        if let Some(first) = rest.next() {
            write!(f, "{}{}", first.to_uppercase(), rest.as_str())?;
        }
        if self.hint.is_empty() {
            return Ok(());
        }
        let stop = if self.message.trim_end().ends_with(['.', '!', '?', ':']) { "" } else { "." };
        write!(f, "{stop} {}", self.hint)
    }
}

impl std::error::Error for Failure {}

/// A noun, to be said: `open task` or `open-task`.
pub(crate) fn noun_said(noun: &str) -> Said {
    Said::new(format!("noun-{}", noun.replace(' ', "-")))
}

/// A rule's "no", to be said: its rule is the message and its fields are the values.
pub(crate) fn refused(refusal: &governance::Refusal) -> Said {
    let mut said = Said::new(format!("refusal-{}", refusal.rule()));
    let fields = serde_json::to_value(refusal).unwrap_or_default();
    for (name, value) in fields.as_object().into_iter().flatten().filter(|(name, _)| *name != "rule") {
        said = said.with(name.clone(), value_said(name, value));
    }
    said
}

fn value_said(name: &str, value: &serde_json::Value) -> words::Value {
    let text = value.as_str().unwrap_or_default();
    match (name, value) {
        ("noun", _) => noun_said(text).into(),
        ("deed", _) => Said::new(format!("deed-{text}")).into(),
        ("key", _) => text
            .parse::<governance::PublicKey>()
            .map_or(text.to_owned(), |key| key.fingerprint().to_owned())
            .into(),
        ("roles", serde_json::Value::Array(roles)) => words::Value::AnyOf(
            roles.iter().map(|role| format!("`{}`", role.as_str().unwrap_or_default()).into()).collect(),
        ),
        // Several reasons hold together; several candidates are a choice.
        ("why", serde_json::Value::Array(reasons)) => {
            let mut reasons = reasons.iter().map(|reason| value_said("", reason));
            let first = reasons.next().unwrap_or_else(|| "".into());
            reasons.fold(first, |before, next| said!("and-also", first = before, next = next).into())
        }
        (_, other) => serde_json::from_value(other.clone()).unwrap_or_else(|_| other.to_string().into()),
    }
}

impl From<&governance::Refusal> for Failure {
    fn from(refusal: &governance::Refusal) -> Self {
        Self::said(Code::Refused, refused(refusal))
    }
}

#[cfg(test)]
mod tests {
    use governance::{Deed, Digest, MemberName, Phrase, PublicKey, Refusal, Role};
    use words::Locale;

    use super::*;

    /// One of every rule's refusals.
    fn samples() -> Vec<Refusal> {
        let member = |name: &str| -> MemberName { name.parse().expect("a name") };
        let (ana, bruno) = (member("ana"), member("bruno"));
        let key: PublicKey = format!("ed25519:{}", "ab".repeat(32)).parse().expect("a key");
        let digest =
            |digits: &str| -> Digest { format!("sha256:{}", digits.repeat(32)).parse().expect("a digest") };
        let task = || "Approve the champion".to_owned();
        let what = || Phrase::new("output-not-verified").with("output", "scores");
        vec![
            Refusal::UnknownKey { key: key.clone() },
            Refusal::KeyUnconfirmed { key: key.clone() },
            Refusal::KeyRevoked { key: key.clone(), member: ana.clone(), at: 7 },
            Refusal::KeyOfAnother { key, owner: ana.clone(), claimed: bruno.clone() },
            Refusal::RecordedAlready { id: crate::ids::new_id(), at: 3 },
            Refusal::RoleMissing {
                member: ana.clone(),
                deed: Deed::Sign,
                roles: vec![Role::Validator, Role::Administrator],
            },
            Refusal::Unknown { noun: "open-task", id: "x".to_owned() },
            Refusal::NameTaken { noun: "project", name: "Churn".to_owned() },
            Refusal::Exists { noun: "run-with-this-key", id: "x".to_owned() },
            Refusal::NothingToDo { what: Phrase::new("already-these-roles").with("member", "ana") },
            Refusal::LastAdministrator { member: ana.clone() },
            Refusal::SelfGrant { member: ana.clone() },
            Refusal::SelfApproval { member: ana.clone() },
            Refusal::Excluded { member: ana.clone(), task: task() },
            Refusal::NotCandidate {
                member: ana.clone(),
                task: task(),
                candidates: vec![
                    Phrase::new("the-role").with("role", "validator"),
                    Phrase::new("the-member").with("member", "bruno"),
                ],
            },
            Refusal::HeldByAnother { task: task(), holder: bruno.clone() },
            Refusal::NotClaimed { task: task() },
            Refusal::SignedAlready { member: ana.clone(), task: task(), needed: 2 },
            Refusal::QuorumOpen { task: task(), signed: 1, needed: 2 },
            Refusal::Unsigned { task: task() },
            Refusal::PackageChanged { seen: digest("0a"), now: digest("0b") },
            Refusal::ApprovalMismatch { what: Phrase::new("approval-alone") },
            Refusal::NotApproved { what: Phrase::new("to-migrate"), digest: digest("0a") },
            Refusal::FindingsOpen { open: 2 },
            Refusal::ReasonNeeded { what: Phrase::new("reason-for-waiver"), chars_min: 10 },
            Refusal::NoChampion { project: "Churn".to_owned() },
            Refusal::NotStartable {
                definition: "Migration".to_owned(),
                why: vec![
                    Phrase::new("call-unbound").with("element", "e1"),
                    Phrase::new("group-unbound").with("name", "it"),
                ],
            },
            Refusal::NotMigratable {
                instance: "i".to_owned(),
                why: vec![Phrase::new("version-not-startable").with("number", 2)],
            },
            Refusal::BadDocument { digest: digest("0a"), why: Phrase::new("document-without-process") },
            Refusal::Engine {
                why: Phrase::new("engine-held").with("task", "Review").with("holder", "bruno"),
            },
            Refusal::LeaseHeld { holder: bruno, until: "2026-01-01T00:00:00Z".to_owned() },
            Refusal::RunTransition {
                run: "r".to_owned(),
                from: "failed".to_owned(),
                to: "running".to_owned(),
            },
            Refusal::NotVerified { run: "r".to_owned(), what: what() },
            Refusal::MigrationMismatch { what: Phrase::new("run-for-another").with("run", "r") },
            Refusal::BadTarget {
                target: "churn-cluster".parse().expect("a target's name"),
                why: Phrase::quoted("it names no region"),
            },
            Refusal::BadConnection { connection: "mail".to_owned(), why: Phrase::quoted("it names no host") },
            Refusal::BadMonitor { monitor: "Churn".to_owned(), why: Phrase::new("monitor-without-folder") },
            Refusal::SelfJudgement { member: ana.clone() },
            Refusal::ReportMismatch { what: Phrase::new("report-later") },
            Refusal::RulesNewer { needs: 9, has: 1 },
            Refusal::KindNewer { kind: "moon.landed".to_owned() },
            Refusal::Malformed { kind: "run.moved".to_owned(), why: "no state".to_owned() },
            Refusal::BadTemplate {
                template: "churn-small".parse().expect("a name"),
                why: Phrase::new("target-needs-limit").with("limit", "idle_delete_s"),
            },
            Refusal::BadStart { what: Phrase::new("start-seen-to").with("definition", "Renew") },
            Refusal::BadTurn { what: Phrase::new("turn-not-done").with("action", "choose") },
            Refusal::BadSchedule {
                what: Phrase::new("schedule-not-due")
                    .with("name", "nightly")
                    .with("due", "2026-10-02T02:00:00Z"),
            },
        ]
    }

    #[test]
    fn every_rule_says_no_in_every_language_with_nothing_left_open() {
        let samples = samples();
        let walked: std::collections::BTreeSet<_> = samples.iter().map(Refusal::rule).collect();
        // A rule that is new stands in `refusal.rs` and must be walked here.
        let source = include_str!("../../governance/src/refusal.rs");
        let rules: std::collections::BTreeSet<_> = source
            .lines()
            .filter_map(|line| {
                line.trim().strip_prefix("Self::")?.split_once("{ .. } => \"")?.1.split('"').next()
            })
            .collect();
        assert_eq!(walked, rules);
        for refusal in &samples {
            let said = refused(refusal);
            let texts: Vec<String> = Locale::ALL
                .into_iter()
                .map(|locale| {
                    let words = Words::of(locale);
                    assert!(words.knows(&said.id), "{locale}: {}", said.id);
                    let text = words.say(&said);
                    let hint = words.hint(&said);
                    for shown in [&text, &hint] {
                        assert!(
                            !shown.is_empty() && !shown.contains("{$") && !shown.contains("noun-"),
                            "{shown}"
                        );
                    }
                    text
                })
                .collect();
            let different: std::collections::BTreeSet<_> = texts.iter().collect();
            assert_eq!(different.len(), Locale::ALL.len(), "{texts:?}");
        }
    }

    #[test]
    fn a_failure_is_said_in_the_words_of_whoever_reads_it() {
        let refusal = Refusal::SelfApproval { member: "ana".parse().expect("a name") };
        let failure = Failure::from(&refusal);
        assert_eq!(failure.message, "`ana` registered this version; a second person must approve.");
        let read = failure.in_words(Words::of(Locale::PtBr));
        assert_eq!(read.code, Code::Refused);
        assert_eq!(read.message, "`ana` registrou esta versão; uma segunda pessoa precisa aprovar.");
        assert_eq!(read.hint, "Peça a um validador que não tenha participado da criação.");
    }
}
