//! A workspace that is open at this desk, and the one write path.
//!
//! ```text
//! intent ─► bring the cache up to the ledger's head
//!        ─► the rules say yes, or refuse
//!        ─► sealed, kept in the outbox, offered to the next slot ─► recorded │ beaten: again │ pending: kept
//!        ─► rows, audit log and head in one SQLite transaction
//!        ─► `changed`: window and terminal refresh what they show
//! ```

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use ::ledger::{Author, Head, Ledger, Offered, Payload, RawFact, Sealed, Slot};
use cache::desk::{Pin, Waiting};
use cache::projection::{self, Recorded as Logged};
use cache::{Cache, Desk};
use governance::state::{Changed, Decision, Founding, Stated};
use governance::{Digest, Fact, MemberName, PublicKey, State};
use identity::KeyHolder;
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex, broadcast};
use unicode_normalization::UnicodeNormalization;

use crate::ids::{new_id, now};
use crate::{Change, Code, Failure};

/// How often a decision is made anew when others write at the same time.
const ATTEMPTS_MAX: u32 = 40;
/// Entries applied to the cache in one transaction while catching up.
const BATCH_ENTRIES: usize = 256;
/// A definition's document is this large at most.
const DOCUMENT_BYTES_MAX: u64 = 64 << 20;

/// An open workspace.
pub struct Session {
    pub(crate) url: String,
    pub(crate) ledger: Ledger,
    pub(crate) cache: Cache,
    pub(crate) desk: Arc<Desk>,
    pub(crate) keys: Arc<KeyHolder>,
    pub(crate) home: PathBuf,
    /// What is being carried out at this desk right now: effects and runs, by key.
    pub(crate) under_way: std::sync::Mutex<std::collections::HashSet<String>>,
    member: RwLock<Option<MemberName>>,
    writing: Mutex<Writing>,
    changes: broadcast::Sender<Change>,
}

/// The state that decisions are judged against; read from the cache when it is first needed.
#[derive(Default)]
struct Writing {
    state: Option<(Head, State)>,
}

/// Where a decision was recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    pub(crate) position: u64,
}

impl Session {
    /// Opens a workspace: founding document, pin, cache, outbox, and everything written since.
    pub(crate) async fn open(
        url: &str,
        ledger: Ledger,
        home: &Path,
        desk: Arc<Desk>,
        keys: Arc<KeyHolder>,
        changes: broadcast::Sender<Change>,
    ) -> Result<Self, Failure> {
        let id = ledger.workspace().to_string();
        let folder = home.join("workspaces").join(&id["sha256:".len()..][..16]);
        crate::make_folder(&folder)?;
        let cache = Cache::open(&folder.join("cache.sqlite"), &id)?;
        let session = Self {
            url: url.to_owned(),
            ledger,
            cache,
            desk,
            keys,
            home: home.to_owned(),
            under_way: std::sync::Mutex::default(),
            member: RwLock::new(None),
            writing: Mutex::default(),
            changes,
        };
        if session.cache.head()?.is_none() {
            let (_, changed) = State::found(&session.founding()?);
            session.cache.found(&session.ledger.origin().chain.hex(), &changed)?;
        }
        if let Some(pin) = session.desk.pin(&id)? {
            let before = parse_digest(&pin.before)?;
            let seen = Head { position: pin.position, chain: parse_digest(&pin.chain)? };
            session.ledger.extends(&before, &seen).await.map_err(|error| from_ledger(&error))?;
        }
        session.flush_outbox().await?;
        session.catch_up().await?;
        Ok(session)
    }

    /// The workspace's identifier.
    pub(crate) fn id(&self) -> String {
        self.ledger.workspace().to_string()
    }

    pub(crate) fn founding(&self) -> Result<Founding, Failure> {
        let genesis = self.ledger.genesis();
        let founders = genesis
            .founders
            .iter()
            .map(|founder| {
                Ok((
                    parse("member name", &founder.person)?,
                    founder.person.clone(),
                    parse("public key", &founder.key.to_string())?,
                ))
            })
            .collect::<Result<_, Failure>>()?;
        Ok(Founding { name: genesis.name.clone(), founders, at: parse("time", &genesis.created_at)? })
    }

    /// Who acts at this desk.
    ///
    /// # Errors
    /// [`Code::NoWorkspace`] when nobody does.
    pub(crate) fn me(&self) -> Result<MemberName, Failure> {
        self.member_now().ok_or_else(|| {
            Failure::new(
                Code::NoWorkspace,
                "nobody acts at this desk in this workspace",
                "Say who you are with `--as NAME`; the member's key must lie on this desk.",
            )
        })
    }

    pub(crate) fn member_now(&self) -> Option<MemberName> {
        self.member.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    pub(crate) fn act_as(&self, member: Option<MemberName>) {
        *self.member.write().unwrap_or_else(std::sync::PoisonError::into_inner) = member;
    }

    /// Name under which a member's key of this workspace lies in the key holder.
    pub(crate) fn key_name(&self, member: &str) -> String {
        key_name(&self.ledger.genesis().nonce, member)
    }

    /// The key of a member on this desk, if it has one that is enrolled and not revoked.
    pub(crate) fn key_here(&self, member: &MemberName) -> Result<Option<PublicKey>, Failure> {
        match self.keys.public_key(&self.key_name(member.as_str())).map_err(|error| from_identity(&error))? {
            Some(key) => Ok(Some(parse("public key", &format!("ed25519:{}", key.hex()))?)),
            None => Ok(None),
        }
    }

    /// Members whose key lies on this desk, by name.
    pub(crate) fn members_here(&self) -> Result<Vec<MemberName>, Failure> {
        let mut here = Vec::new();
        for (name, row) in self.cache.all("members")? {
            let _ = row;
            let member: MemberName = parse("member name", &name)?;
            if self.key_here(&member)?.is_some() {
                here.push(member);
            }
        }
        Ok(here)
    }

    /// A member on this desk whose roles allow carrying out what processes ask for: the agent, else whoever acts.
    pub(crate) fn carrier(&self) -> Result<Option<MemberName>, Failure> {
        let mut carriers = Vec::new();
        for member in self.members_here()? {
            let row: governance::people::Member = self.row("members", "member", member.as_str())?;
            if row.may(governance::Deed::CarryOut) {
                carriers.push((
                    !row.roles.contains(&governance::Role::Agent),
                    Some(&member) != self.member_now().as_ref(),
                    member,
                ));
            }
        }
        carriers.sort();
        Ok(carriers.into_iter().next().map(|(.., member)| member))
    }

    /// One row of the cache that must be there.
    pub(crate) fn row<T: DeserializeOwned>(&self, table: &str, noun: &str, key: &str) -> Result<T, Failure> {
        self.cache
            .get(table, key)?
            .ok_or_else(|| Failure::not_found(noun, key, "It may be written by a desk that is not in reach."))
    }

    /// The content of a blob, verified.
    pub(crate) async fn blob(&self, digest: &Digest, bytes_max: u64) -> Result<Vec<u8>, Failure> {
        let digest = parse_digest(digest.as_str())?;
        let limit = usize::try_from(bytes_max).unwrap_or(usize::MAX);
        Ok(self.ledger.get_blob(&digest, limit).await.map_err(|error| from_ledger(&error))?.to_vec())
    }

    /// Keeps content as a blob.
    pub(crate) async fn put_blob(&self, bytes: Vec<u8>) -> Result<Digest, Failure> {
        let digest = self.ledger.put_blob(bytes).await.map_err(|error| from_ledger(&error))?;
        parse("digest", &digest.to_string())
    }

    /// Keeps a file as a blob; its content must have the digest it was read with.
    pub(crate) async fn put_blob_file(&self, path: &Path, expected: &str) -> Result<(), Failure> {
        let expected = parse_digest(expected)?;
        if self.ledger.has_blob(&expected).await.map_err(|error| from_ledger(&error))? {
            return Ok(());
        }
        let (digest, _) = self.ledger.put_blob_file(path).await.map_err(|error| from_ledger(&error))?;
        if digest != expected {
            return Err(Failure::new(
                Code::Conflict,
                format!("`{}` changed while it was stored", path.display()),
                "Nothing was registered. Try again.",
            ));
        }
        Ok(())
    }

    /// Records facts that need nothing looked up in the state.
    pub(crate) async fn record(&self, by: &MemberName, facts: Vec<Fact>) -> Result<Written, Failure> {
        self.decide(by, |_| Ok(facts.clone())).await
    }

    /// Asks the rules without recording anything.
    pub(crate) async fn would_decide(
        &self,
        by: &MemberName,
        mut draft: impl FnMut(&State) -> Result<Vec<Fact>, Failure>,
    ) -> Result<(), Failure> {
        let mut writing = self.writing.lock().await;
        self.bring_up(&mut writing).await?;
        let decision = self.judge(&mut writing, by, &mut draft).await?;
        drop(decision);
        Ok(())
    }

    /// The one write path. `draft` is asked again whenever somebody else was faster, with the state as it then is.
    pub(crate) async fn decide(
        &self,
        by: &MemberName,
        mut draft: impl FnMut(&State) -> Result<Vec<Fact>, Failure>,
    ) -> Result<Written, Failure> {
        let mut writing = self.writing.lock().await;
        let id = self.id();
        let mut stated: Option<Vec<Stated>> = None;
        for attempt in 0..ATTEMPTS_MAX {
            self.bring_up(&mut writing).await?;
            let (head, decision) = self.judge_stated(&mut writing, by, &mut draft, &mut stated).await?;
            let sealed = self.seal(&head, &decision)?;
            let waiting = Waiting {
                fact: decision.facts.first().map(|fact| fact.id.to_string()).unwrap_or_default(),
                position: sealed.position,
                bytes: sealed.bytes.clone(),
            };
            self.desk.save_waiting(&id, &waiting, &now().to_string())?;
            match self.ledger.offer(&sealed).await {
                Offered::Recorded { slot } => {
                    let position = slot.position;
                    self.take_in(&mut writing, vec![*slot]).await?;
                    self.desk.settle_waiting(&waiting.fact)?;
                    return Ok(Written { position });
                }
                Offered::Beaten { .. } => {
                    self.desk.settle_waiting(&waiting.fact)?;
                    tokio::time::sleep(jitter(attempt, &sealed)).await;
                }
                Offered::Pending { cause } => {
                    if !may_still_arrive(&cause) {
                        self.desk.settle_waiting(&waiting.fact)?;
                        return Err(from_ledger(&cause));
                    }
                    return Err(Failure::new(
                        Code::Offline,
                        "saved on this desk, but the workspace has not confirmed it yet",
                        "Nothing is lost: it is sent again as soon as the workspace is reachable.",
                    )
                    .because(&cause));
                }
            }
        }
        Err(Failure::new(
            Code::Conflict,
            format!("others wrote {ATTEMPTS_MAX} times in between"),
            "Nothing was recorded. Try again in a moment.",
        ))
    }

    async fn judge(
        &self,
        writing: &mut Writing,
        by: &MemberName,
        draft: &mut impl FnMut(&State) -> Result<Vec<Fact>, Failure>,
    ) -> Result<(Head, Decision), Failure> {
        self.judge_stated(writing, by, draft, &mut None).await
    }

    /// Drafts facts and asks the rules. Facts that stay the same from one attempt to the next keep their identifiers.
    async fn judge_stated(
        &self,
        writing: &mut Writing,
        by: &MemberName,
        draft: &mut impl FnMut(&State) -> Result<Vec<Fact>, Failure>,
        before: &mut Option<Vec<Stated>>,
    ) -> Result<(Head, Decision), Failure> {
        let Some((head, state)) = &mut writing.state else {
            return Err(Failure::new(Code::Internal, "the state is not at hand", "Please report this."));
        };
        let key = self.key_here(by)?.ok_or_else(|| {
            Failure::new(
                Code::Denied,
                format!("the key of `{by}` is not on this desk"),
                "Act as a member whose key lies here, or ask an administrator to enrol a key for this desk.",
            )
        })?;
        if let Some(newer) = state.workspace_row().newer_at {
            return Err(Failure::new(
                Code::UpdateRequired,
                format!("#{newer} was written by a newer Countersign; this one writes nothing here"),
                "Update Countersign on this desk.",
            ));
        }
        let facts: Vec<Fact> = draft(state)?.into_iter().map(normal).collect::<Result<_, _>>()?;
        let facts = match before.take() {
            Some(old) if old.iter().map(|stated| &stated.fact).eq(facts.iter()) => old,
            _ => facts.into_iter().map(|fact| Stated { id: new_id(), fact }).collect(),
        };
        *before = Some(facts.clone());
        let decision = Decision {
            position: head.position + 1,
            person: by.clone(),
            key,
            at: now(),
            rules_version: governance::RULES_VERSION,
            facts,
        };
        self.learn(state, &decision.facts).await?;
        state.would_admit(&decision).map_err(from_refusal)?;
        Ok((*head, decision))
    }

    fn seal(&self, head: &Head, decision: &Decision) -> Result<Sealed, Failure> {
        let author = Author {
            key: parse("public key", decision.key.as_str())?,
            person: decision.person.to_string(),
            claimed_at: decision.at.to_string(),
            rules_version: decision.rules_version,
        };
        let facts = decision
            .facts
            .iter()
            .map(|stated| {
                Ok(RawFact {
                    id: parse("fact identifier", stated.id.as_str())?,
                    kind: stated.fact.kind().to_owned(),
                    v: 1,
                    subject: stated.fact.subject(),
                    body: stated.fact.body(),
                })
            })
            .collect::<Result<_, Failure>>()?;
        let payload = Payload::after(head, self.ledger.workspace(), author, facts);
        let name = self.key_name(decision.person.as_str());
        ::ledger::seal(&payload, |bytes| self.keys.sign(&name, bytes)).map_err(|error| from_ledger(&error))
    }

    /// Brings the cache up to the head of the ledger.
    pub(crate) async fn catch_up(&self) -> Result<(), Failure> {
        let head = self.head()?;
        if self.ledger.next(&head).await.map_err(|error| from_ledger(&error))?.is_none() {
            return Ok(());
        }
        let mut writing = self.writing.lock().await;
        self.bring_up(&mut writing).await
    }

    /// Where the cache stands.
    pub(crate) fn head(&self) -> Result<Head, Failure> {
        let head = self.cache.head()?.ok_or_else(|| {
            Failure::new(
                Code::Internal,
                "the cache has no head",
                "Delete the cache; it is rebuilt at the next start.",
            )
        })?;
        Ok(Head { position: head.position, chain: parse_digest(&format!("sha256:{}", head.chain))? })
    }

    async fn bring_up(&self, writing: &mut Writing) -> Result<(), Failure> {
        let head = self.head()?;
        // Another process at this desk may have moved the cache on.
        if writing.state.as_ref().is_none_or(|(at, _)| *at != head) {
            writing.state = Some((head, self.cache.state()?));
        }
        loop {
            let mut at = self.head()?;
            let mut slots = Vec::new();
            while slots.len() < BATCH_ENTRIES {
                match self.ledger.next(&at).await.map_err(|error| from_ledger(&error))? {
                    Some(slot) => {
                        at = slot.head();
                        slots.push(slot);
                    }
                    None => break,
                }
            }
            if slots.is_empty() {
                return Ok(());
            }
            self.take_in(writing, slots).await?;
        }
    }

    /// Judges slots in turn and applies them to state and cache together.
    async fn take_in(&self, writing: &mut Writing, slots: Vec<Slot>) -> Result<(), Failure> {
        let Some(last) = slots.last() else { return Ok(()) };
        let (last_head, last_before) = (last.head(), last.before);
        let Some((head, mut state)) = writing.state.take() else {
            return Err(Failure::new(Code::Internal, "the state is not at hand", "Please report this."));
        };
        let from = projection::Head { position: head.position, chain: head.chain.hex() };
        let mut applied = Vec::with_capacity(slots.len());
        let mut rooms = std::collections::BTreeSet::new();
        for slot in &slots {
            applied.push(self.judge_slot(&mut state, slot, &mut rooms).await?);
        }
        match self.cache.apply(&from, &applied) {
            Ok(()) => writing.state = Some((last_head, state)),
            // Another process at this desk applied them first: what it wrote is what we would have written.
            Err(cache::Error::Moved { .. }) => writing.state = Some((self.head()?, self.cache.state()?)),
            Err(error) => return Err(error.into()),
        }
        let pin = Pin {
            position: last_head.position,
            before: last_before.to_string(),
            chain: last_head.chain.to_string(),
        };
        self.desk.set_pin(&self.id(), &pin)?;
        let _ =
            self.changes.send(Change { position: last_head.position, rooms: rooms.into_iter().collect() });
        Ok(())
    }

    async fn judge_slot(
        &self,
        state: &mut State,
        slot: &Slot,
        rooms: &mut std::collections::BTreeSet<&'static str>,
    ) -> Result<(Logged, Vec<Changed>), Failure> {
        let judged =
            slot.judged(|key, person| key_holds(state, key, person)).map_err(|error| from_ledger(&error))?;
        let entry = match judged {
            Ok(entry) => entry,
            Err(reason) => return Ok((void(slot, None, reason.to_string()), Vec::new())),
        };
        let decision = match decision_of(slot, entry) {
            Ok(decision) => decision,
            Err(why) => return Ok((void(slot, Some(entry), why), Vec::new())),
        };
        let newer = decision.rules_version > governance::RULES_VERSION
            || decision.facts.iter().any(|stated| matches!(stated.fact, Fact::Unknown { .. }));
        if newer {
            let changed = state.outgrown(slot.position);
            return Ok((
                logged(slot, entry, &decision, Some("it was written by a newer Countersign".to_owned())),
                changed,
            ));
        }
        self.learn(state, &decision.facts).await?;
        match state.admit(&decision) {
            Ok(changed) => {
                rooms.extend(decision.facts.iter().map(|stated| room_of(&stated.fact)));
                Ok((logged(slot, entry, &decision, None), changed))
            }
            Err(refusal) => Ok((logged(slot, entry, &decision, Some(refusal.to_string())), Vec::new())),
        }
    }

    /// Hands the state the documents it needs to judge these facts.
    async fn learn(&self, state: &mut State, facts: &[Stated]) -> Result<(), Failure> {
        for digest in state.needs(facts) {
            match self.blob(&digest, DOCUMENT_BYTES_MAX).await {
                Ok(document) => state.learn(digest, &document),
                // Whoever wrote the entry did not store the document: the fact cannot stand anywhere.
                Err(failure) if failure.code == Code::NotFound => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    /// Offers what an earlier session could not confirm: the same bytes, to the same slot.
    async fn flush_outbox(&self) -> Result<(), Failure> {
        for waiting in self.desk.waiting(&self.id())? {
            let Ok(sealed) = Sealed::from_bytes(&self.ledger.workspace(), waiting.bytes.clone()) else {
                self.desk.settle_waiting(&waiting.fact)?;
                continue;
            };
            match self.ledger.offer(&sealed).await {
                // Recorded now or before; or overtaken, and then its person decides anew with what is so by now: an
                // approval is never silently put onto another state.
                Offered::Recorded { .. } | Offered::Beaten { .. } => {
                    self.desk.settle_waiting(&waiting.fact)?
                }
                Offered::Pending { .. } => {}
            }
        }
        Ok(())
    }

    /// Marks something as being carried out here; `false` when it is already.
    pub(crate) fn begin(&self, key: &str) -> bool {
        self.under_way.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(key.to_owned())
    }

    /// The end of what [`Session::begin`] began.
    pub(crate) fn end(&self, key: &str) {
        self.under_way.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(key);
    }

    /// Tells the shells that something changed which is not in the ledger.
    pub(crate) fn tell(&self, rooms: &[&'static str]) {
        let position = self.head().map(|head| head.position).unwrap_or(0);
        let _ = self.changes.send(Change { position, rooms: rooms.to_vec() });
    }
}

/// Keys are named by the founding document's own chance, as the workspace's id is not known before it is signed.
pub(crate) fn key_name(nonce: &str, member: &str) -> String {
    format!("{}.{member}", nonce.to_lowercase())
}

/// Whether a key speaks for a person at this slot.
pub(crate) fn key_holds(state: &State, key: &::ledger::PublicKey, person: Option<&str>) -> bool {
    let Ok(key) = key.to_string().parse::<PublicKey>() else { return false };
    state.keys.get(&key).is_some_and(|row| {
        row.valid_from.is_some()
            && row.revoked_at.is_none()
            && person.is_none_or(|person| row.member.as_str() == person)
    })
}

/// Reads an entry as the rules understand it.
pub(crate) fn decision_of(slot: &Slot, entry: &::ledger::Entry) -> Result<Decision, String> {
    let payload = &entry.payload;
    let facts = payload
        .facts
        .iter()
        .map(|raw| {
            let fact =
                Fact::read(&raw.kind, raw.body.clone()).map_err(|why| format!("`{}`: {why}", raw.kind))?;
            if !matches!(fact, Fact::Unknown { .. }) && fact.subject() != raw.subject {
                return Err(format!("`{}` says it is about `{}`, but is not", raw.kind, raw.subject));
            }
            Ok(Stated { id: raw.id.to_string().parse().map_err(|error| format!("{error}"))?, fact })
        })
        .collect::<Result<_, String>>()?;
    Ok(Decision {
        position: slot.position,
        person: payload.person.parse().map_err(|error| format!("{error}"))?,
        key: payload.author_key.to_string().parse().map_err(|error| format!("{error}"))?,
        at: payload.claimed_at.parse().map_err(|error| format!("its time: {error}"))?,
        rules_version: payload.rules_version,
        facts,
    })
}

fn logged(slot: &Slot, entry: &::ledger::Entry, decision: &Decision, void: Option<String>) -> Logged {
    let facts = entry
        .payload
        .facts
        .iter()
        .map(|raw| serde_json::json!({"id": raw.id.to_string(), "kind": raw.kind, "subject": raw.subject, "body": raw.body}))
        .collect();
    Logged {
        position: slot.position,
        at: decision.at.to_string(),
        member: decision.person.to_string(),
        key: decision.key.to_string(),
        void,
        chain: slot.after.hex(),
        facts: serde_json::Value::Array(facts),
        about: decision.facts.iter().flat_map(|stated| stated.fact.about()).collect(),
    }
}

fn void(slot: &Slot, entry: Option<&::ledger::Entry>, why: String) -> Logged {
    Logged {
        position: slot.position,
        at: entry.map(|entry| entry.payload.claimed_at.clone()).unwrap_or_default(),
        member: entry.map(|entry| entry.payload.person.clone()).unwrap_or_default(),
        key: entry.map(|entry| entry.payload.author_key.to_string()).unwrap_or_default(),
        void: Some(why),
        chain: slot.after.hex(),
        facts: serde_json::Value::Array(Vec::new()),
        about: Vec::new(),
    }
}

/// The ledger takes text in Unicode's normal form C only, so that equal texts are equal bytes.
fn normal(fact: Fact) -> Result<Fact, Failure> {
    fn walk(value: serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::String(text) => serde_json::Value::String(text.nfc().collect()),
            serde_json::Value::Array(items) => items.into_iter().map(walk).collect(),
            serde_json::Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (name.nfc().collect::<String>(), walk(value)))
                .collect(),
            other => other,
        }
    }
    let kind = fact.kind().to_owned();
    Fact::read(&kind, walk(fact.body()))
        .map_err(|cause| Failure::internal("the fact cannot be written", &cause))
}

fn room_of(fact: &Fact) -> &'static str {
    match fact.kind().split_once('.').map(|(room, _)| room).unwrap_or_default() {
        "member" | "roles" | "key" => "people",
        "project" | "model" | "version" | "champion" | "challenger" | "place" => "registry",
        "run" | "migration" => "runs",
        "notice" => "notices",
        _ => "workflow",
    }
}

fn jitter(attempt: u32, sealed: &Sealed) -> Duration {
    let chance = Digest::as_str(&digest_of(&sealed.bytes)).bytes().map(u64::from).sum::<u64>() % 20;
    Duration::from_millis(u64::from(attempt.min(8)) * 5 + chance)
}

/// Whether bytes that were sent may still reach the store; otherwise nothing is pending and the desk is free again.
fn may_still_arrive(cause: &::ledger::Error) -> bool {
    !matches!(
        cause,
        ::ledger::Error::Denied { .. } | ::ledger::Error::Full { .. } | ::ledger::Error::Malformed { .. }
    )
}

/// Parses an identifier, name or digest that came from outside.
pub(crate) fn parse<T: FromStr>(noun: &str, text: &str) -> Result<T, Failure>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| {
        Failure::new(Code::Usage, format!("the {noun} is not valid: {error}"), "Correct it and try again.")
    })
}

fn parse_digest(text: &str) -> Result<::ledger::Digest, Failure> {
    parse("digest", text)
}

/// The digest of some bytes.
pub(crate) fn digest_of(bytes: &[u8]) -> Digest {
    ::ledger::Digest::of(bytes).to_string().parse().expect("a digest is written as every digest is")
}

pub(crate) fn from_refusal(refusal: governance::Refusal) -> Failure {
    Failure::new(Code::Refused, refusal.to_string(), refusal.hint())
}

pub(crate) fn from_ledger(error: &::ledger::Error) -> Failure {
    use ::ledger::Error;
    let (code, hint) = match error {
        Error::NotFound { .. } => (Code::NotFound, "Check the path or URL."),
        Error::Denied { .. } | Error::Unhealthy { .. } => (Code::Denied, "Nothing was recorded."),
        Error::Full { .. } => (Code::Denied, "Nothing was recorded."),
        Error::Offline { .. } => (Code::Offline, "Try again when it is reachable; nothing is lost."),
        Error::Corrupt { .. } | Error::CorruptBlob { .. } => (
            Code::Verification,
            "Nothing is written here until this is resolved; restore the workspace from a copy.",
        ),
        Error::UpdateRequired { .. } => (Code::UpdateRequired, "Update Countersign on this desk."),
        Error::Occupied { .. } | Error::OtherWorkspace { .. } => (Code::Conflict, ""),
        Error::Unsuitable { .. } | Error::Unsupported { .. } | Error::Malformed { .. } => (Code::Refused, ""),
        _ => (Code::Failed, ""),
    };
    Failure::new(code, error.to_string(), hint).because(error)
}

pub(crate) fn from_identity(error: &identity::Error) -> Failure {
    Failure::new(Code::Denied, error.to_string(), "Check the keychain, and the rights of the home folder.")
        .because(error)
}
