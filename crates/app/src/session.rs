//! A workspace that is open at this desk, and the one write path.
//!
//! ```text
//! intent ─► bring the cache up to the ledger's head
//!        ─► the rules say yes, or refuse
//!        ─► sealed, kept in the outbox, offered to the next slot ─► recorded │ beaten: again │ pending: kept
//!        ─► rows, audit log and head in one SQLite transaction
//!        ─► `changed`: window and terminal refresh what they show
//! ```

mod entries;
mod failures;
mod seat;
mod under_way;
mod waits;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use ::ledger::{Author, Head, Ledger, Offered, Payload, RawFact, Sealed, Slot};
use ::runs::lock::Locked;
use cache::desk::{Pin, Waiting};
use cache::projection::{self, Recorded as Logged};
use cache::{Cache, Desk};
use governance::state::{Changed, Decision, Founding, Stated};
use governance::{Digest, Fact, MemberName, State};
use identity::KeyHolder;
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex, broadcast};
use words::{Locale, Said, Words, said};

use crate::ids::new_id;
use crate::{Change, Clock, Code, Failure};

pub(crate) use entries::{decision_of, key_holds, void_said};
use entries::{logged, normal, spoken, stated_in, void};
pub(crate) use failures::{from_identity, from_ledger, from_refusal};
use under_way::{AllUnderWay, UnderWay};

/// How often a decision is made anew when others write at the same time.
const ATTEMPTS_MAX: u32 = 40;
/// Entries applied to the cache in one transaction while catching up.
const BATCH_ENTRIES: usize = 256;
/// How often a process looks whether another one at this desk has finished writing, and how many times.
const TURN_LOOK_EVERY: Duration = Duration::from_millis(20);
const TURN_LOOKS_MAX: u32 = 6000;
/// How far this desk's clock and the store's may be apart while something is signed.
const CLOCKS_APART_MAX: Duration = Duration::from_secs(120);
/// Reports kept in memory once they were read: one on the screen, and those laid over it.
const REPORTS_KEPT: usize = 4;
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
    pub(crate) clock: Clock,
    /// What is being carried out at this desk right now: effects and runs, by key.
    pub(crate) under_way: AllUnderWay,
    /// The threads on which runs are driven, once there is one to drive.
    drivers: std::sync::OnceLock<crate::agent::Drivers>,
    /// Reports being computed at this desk, by monitor.
    computing: std::sync::Mutex<BTreeMap<String, Arc<::monitoring::Watch>>>,
    /// Reports that were read last, by their blob: a page asks for one once a figure.
    read: std::sync::Mutex<std::collections::VecDeque<(Digest, Arc<::monitoring::Report>)>>,
    /// The log of a run that was read last, by its blob: a page asks for it piece by piece.
    log: std::sync::Mutex<Option<(Digest, Arc<Vec<u8>>)>>,
    /// When the folders of the monitors were last listed, and at which position.
    pub(crate) data_seen: std::sync::Mutex<Option<(u64, jiff::Timestamp)>>,
    /// Ways to talk to the cloud, by endpoints and impersonated account: tokens and connections are reused.
    pub(crate) clouds: std::sync::Mutex<
        std::collections::HashMap<(::runs::cloud::Endpoints, String), Arc<::runs::cloud::Cloud>>,
    >,
    /// Files that are being put into buckets by hand.
    pub(crate) uploads: crate::runs::uploads::Uploads,
    /// When something that is looked at now and then was looked at last.
    looked: std::sync::Mutex<std::collections::HashMap<String, std::time::Instant>>,
    /// The head, the number of open runs and the part of the hour when all of them were under way: while these stay, none is
    /// to be begun.
    pub(crate) all_driven: std::sync::Mutex<Option<(u64, usize, i64)>>,
    /// What waits, is looked at in the cloud, and went wrong there.
    waits: waits::Waits,
    member: RwLock<Option<MemberName>>,
    writing: Mutex<Writing>,
    unreachable: std::sync::atomic::AtomicBool,
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
        clock: Clock,
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
            clock,
            under_way: AllUnderWay::default(),
            drivers: std::sync::OnceLock::new(),
            computing: std::sync::Mutex::default(),
            read: std::sync::Mutex::default(),
            log: std::sync::Mutex::default(),
            data_seen: std::sync::Mutex::default(),
            clouds: std::sync::Mutex::default(),
            uploads: std::sync::Mutex::default(),
            looked: std::sync::Mutex::default(),
            all_driven: std::sync::Mutex::default(),
            waits: waits::Waits::default(),
            member: RwLock::new(None),
            writing: Mutex::default(),
            unreachable: std::sync::atomic::AtomicBool::new(false),
            changes,
        };
        if session.cache.head()?.is_none() {
            let (_, changed) = State::found(&session.founding()?);
            session.cache.found(&session.ledger.origin().chain.hex(), &changed)?;
        }
        if let Some(pin) = session.desk.pin(&id)? {
            let before = parse_digest(&pin.before)?;
            let seen = Head { position: pin.position, chain: parse_digest(&pin.chain)? };
            match session.ledger.extends(&before, &seen).await {
                // What this desk has can be read all the same.
                Ok(()) | Err(::ledger::Error::Offline { .. }) => {}
                Err(error) => return Err(from_ledger(&error)),
            }
        }
        match session.catch_up().await {
            Err(failure) if failure.code != Code::Offline => Err(failure),
            _ => Ok(session),
        }
    }

    /// Now, by the clock of this desk.
    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.clock.now()
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
        let policy = governance::Policy::read(&genesis.policy)
            .map_err(|why| Failure::said(Code::UpdateRequired, said!("policy-unknown", why = why)))?;
        Ok(Founding { name: genesis.name.clone(), founders, policy, at: parse("time", &genesis.created_at)? })
    }

    /// The words of this desk's language.
    pub(crate) fn words(&self) -> &'static Words {
        words_of(&self.desk)
    }

    /// A reason the cache keeps, in the words of this desk.
    pub(crate) fn tell_kept(&self, kept: &str) -> String {
        match serde_json::from_str::<Said>(kept) {
            Ok(said) => self.words().say(&said),
            Err(_) => kept.to_owned(),
        }
    }

    /// Whether it is time to look at something again; says yes at most once in `every`.
    pub(crate) fn is_time(&self, what: &str, every: Duration) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let due = looked.get(what).is_none_or(|at| at.elapsed() >= every);
        if due {
            looked.insert(what.to_owned(), std::time::Instant::now());
        }
        due
    }

    /// One row of the cache that must be there.
    pub(crate) fn row<T: DeserializeOwned>(&self, table: &str, noun: &str, key: &str) -> Result<T, Failure> {
        self.cache.get(table, key)?.ok_or_else(|| Failure::not_found(noun, key))
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
            return Err(Failure::said(
                Code::Conflict,
                said!("changed-while-stored", path = path.display().to_string()),
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
        draft: impl FnMut(&State) -> Result<Vec<Fact>, Failure>,
    ) -> Result<Written, Failure> {
        let mut writing = self.writing.lock().await;
        // One slot is outstanding per desk, however many processes it has: what was sent and not confirmed may still arrive.
        let _turn = self.turn_to_write().await?;
        self.flush_outbox(&mut writing).await?;
        if !self.desk.waiting(&self.id())?.is_empty() {
            return Err(Failure::said(Code::Offline, said!("earlier-waits")));
        }
        let written = self.decide_as(&mut writing, by, None, draft).await?;
        self.desk.forget_conflicts(&self.id(), by.as_str())?;
        Ok(written)
    }

    /// The write path with the desk's turn in hand; `stated` are facts that were stated before and keep their identifiers.
    async fn decide_as(
        &self,
        writing: &mut Writing,
        by: &MemberName,
        mut stated: Option<Vec<Stated>>,
        mut draft: impl FnMut(&State) -> Result<Vec<Fact>, Failure>,
    ) -> Result<Written, Failure> {
        let id = self.id();
        let mut kept: Option<String> = None;
        for attempt in 0..ATTEMPTS_MAX {
            self.bring_up(writing).await?;
            let (head, decision) = match self.judge_stated(writing, by, &mut draft, &mut stated).await {
                Ok(judged) => judged,
                Err(failure) => {
                    // It was overtaken and no longer stands: nothing of it waits any more.
                    kept.iter().try_for_each(|fact| self.desk.settle_waiting(fact))?;
                    return Err(failure);
                }
            };
            self.check_clock().await?;
            let sealed = self.seal(&head, &decision)?;
            let waiting = Waiting {
                fact: decision.facts.first().map(|fact| fact.id.to_string()).unwrap_or_default(),
                position: sealed.position,
                bytes: sealed.bytes.clone(),
            };
            self.desk.save_waiting(&id, &waiting, &self.now().to_string())?;
            if let Some(before) = kept.replace(waiting.fact.clone()).filter(|before| *before != waiting.fact)
            {
                self.desk.settle_waiting(&before)?;
            }
            match self.ledger.offer(&sealed).await {
                Offered::Recorded { slot } => {
                    let position = slot.position;
                    self.take_in(writing, vec![*slot]).await?;
                    self.desk.settle_waiting(&waiting.fact)?;
                    return Ok(Written { position });
                }
                Offered::Beaten { .. } => tokio::time::sleep(jitter(attempt, &sealed)).await,
                Offered::Pending { cause } => {
                    if !may_still_arrive(&cause) {
                        self.desk.settle_waiting(&waiting.fact)?;
                        return Err(from_ledger(&cause));
                    }
                    return Err(Failure::said(Code::Offline, said!("not-confirmed")).because(&cause));
                }
            }
        }
        kept.iter().try_for_each(|fact| self.desk.settle_waiting(fact))?;
        Err(Failure::said(Code::Conflict, said!("others-wrote", attempts = ATTEMPTS_MAX)))
    }

    /// The desk's turn to write: processes at one desk share its outbox. The system takes it back when its process ends.
    async fn turn_to_write(&self) -> Result<Locked, Failure> {
        for _ in 0..TURN_LOOKS_MAX {
            if let Some(turn) = self.try_turn_to_write()? {
                return Ok(turn);
            }
            tokio::time::sleep(TURN_LOOK_EVERY).await;
        }
        Err(Failure::said(Code::Conflict, said!("desk-writes")))
    }

    fn try_turn_to_write(&self) -> Result<Option<Locked>, Failure> {
        let path = self.home.join("workspaces").join(&self.id()["sha256:".len()..][..16]).join("write.lock");
        let file = std::fs::File::create(&path).map_err(|error| {
            Failure::said(Code::Denied, said!("home-unwritable", path = path.display().to_string()))
                .because(&error)
        })?;
        Ok(Locked::attempt(file).ok().and_then(Result::ok))
    }

    /// Refuses to sign while this desk's clock and the store's disagree: what is signed carries this desk's time, and
    /// timers fire by it.
    async fn check_clock(&self) -> Result<(), Failure> {
        let Some(store) = self.ledger.clock().await.map_err(|error| from_ledger(&error))? else {
            return Ok(());
        };
        let here = self.now();
        let Ok(store) = jiff::Timestamp::try_from(store) else { return Ok(()) };
        if here.duration_since(store).unsigned_abs() <= CLOCKS_APART_MAX {
            return Ok(());
        }
        let second = |at: jiff::Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Err(Failure::said(
            Code::Refused,
            said!(
                "clocks-apart",
                here = second(here),
                place = self.ledger.address(),
                there = second(store),
                seconds = CLOCKS_APART_MAX.as_secs().to_string(),
            ),
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
            return Err(Failure::said(Code::Internal, said!("state-not-at-hand")));
        };
        let key = self
            .key_here(by)?
            .ok_or_else(|| Failure::said(Code::Denied, said!("key-not-here", member = by.to_string())))?;
        if let Some(newer) = state.workspace_row().newer_at {
            return Err(Failure::said(
                Code::UpdateRequired,
                said!("written-by-newer", newer = newer.to_string()),
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
            at: self.now(),
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

    /// Sends what waits, and brings the cache up to the head of the ledger.
    pub(crate) async fn catch_up(&self) -> Result<(), Failure> {
        let caught_up = self.reach().await;
        let unreachable = matches!(&caught_up, Err(failure) if failure.code == Code::Offline);
        self.unreachable.store(unreachable, std::sync::atomic::Ordering::Relaxed);
        caught_up
    }

    async fn reach(&self) -> Result<(), Failure> {
        if self.desk.waiting(&self.id())?.is_empty() {
            let head = self.head()?;
            if self.ledger.next(&head).await.map_err(|error| from_ledger(&error))?.is_none() {
                return Ok(());
            }
        }
        let mut writing = self.writing.lock().await;
        // What waits while another process at this desk writes is that one's business.
        if let Some(_turn) = self.try_turn_to_write()? {
            self.flush_outbox(&mut writing).await?;
        }
        self.bring_up(&mut writing).await?;
        self.seat()
    }

    /// Whether the workspace did not answer when it was last asked: what is shown is as of the head.
    pub(crate) fn is_unreachable(&self) -> bool {
        self.unreachable.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Where the cache stands.
    pub(crate) fn head(&self) -> Result<Head, Failure> {
        let head =
            self.cache.head()?.ok_or_else(|| Failure::said(Code::Internal, said!("cache-headless")))?;
        Ok(Head { position: head.position, chain: parse_digest(&format!("sha256:{}", head.chain))? })
    }

    async fn bring_up(&self, writing: &mut Writing) -> Result<(), Failure> {
        let head = self.head()?;
        // Another process at this desk may have moved the cache on.
        if writing.state.as_ref().is_none_or(|(at, _)| *at != head) {
            writing.state = Some((head, self.cache.state()?));
        }
        let mut replay = self.ledger.replay(head);
        loop {
            let mut slots = Vec::new();
            while slots.len() < BATCH_ENTRIES {
                match replay.next().await.map_err(|error| from_ledger(&error))? {
                    Some(slot) => slots.push(slot),
                    None => break,
                }
            }
            if slots.is_empty() {
                return Ok(());
            }
            let until = replay.head();
            self.take_in(writing, slots).await?;
            // Another process at this desk was faster: go on from where it came to.
            let head = self.head()?;
            if head != until {
                replay = self.ledger.replay(head);
            }
        }
    }

    /// Judges slots in turn and applies them to state and cache together.
    async fn take_in(&self, writing: &mut Writing, slots: Vec<Slot>) -> Result<(), Failure> {
        let Some(last) = slots.last() else { return Ok(()) };
        let (last_head, last_before) = (last.head(), last.before);
        let Some((head, mut state)) = writing.state.take() else {
            return Err(Failure::said(Code::Internal, said!("state-not-at-hand")));
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
            Err(reason) => return Ok((void(slot, None, spoken(&void_said(&reason))), Vec::new())),
        };
        let decision = match decision_of(slot, entry) {
            Ok(decision) => decision,
            Err(why) => {
                return Ok((
                    void(slot, Some(entry), spoken(&said!("void-unreadable", why = why))),
                    Vec::new(),
                ));
            }
        };
        let newer = decision.rules_version > governance::RULES_VERSION
            || decision.facts.iter().any(|stated| matches!(stated.fact, Fact::Unknown { .. }));
        if newer {
            let changed = state.outgrown(slot.position);
            return Ok((logged(slot, entry, &decision, Some(spoken(&said!("void-newer")))), changed));
        }
        self.learn(state, &decision.facts).await?;
        match state.admit(&decision) {
            Ok(changed) => {
                rooms.extend(decision.facts.iter().map(|stated| room_of(&stated.fact)));
                Ok((logged(slot, entry, &decision, None), changed))
            }
            Err(refusal) => Ok((
                logged(slot, entry, &decision, Some(spoken(&crate::failure::refused(&refusal)))),
                Vec::new(),
            )),
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

    /// Offers what could not be confirmed: the same bytes, to the same slot. What was overtaken meanwhile is judged anew with
    /// its own identifiers, and recorded if it still stands; else its person is told. An approval is never put onto another
    /// state: it says what its signer had seen.
    async fn flush_outbox(&self, writing: &mut Writing) -> Result<(), Failure> {
        for waiting in self.desk.waiting(&self.id())? {
            let sealed = Sealed::from_bytes(&self.ledger.workspace(), waiting.bytes.clone());
            let Some((sealed, payload)) = sealed.ok().and_then(|sealed| {
                let payload = sealed.payload().ok()?;
                Some((sealed, payload))
            }) else {
                self.desk.settle_waiting(&waiting.fact)?;
                continue;
            };
            let won = match self.ledger.offer(&sealed).await {
                Offered::Recorded { .. } => {
                    self.desk.settle_waiting(&waiting.fact)?;
                    continue;
                }
                Offered::Pending { .. } => return Ok(()),
                Offered::Beaten { slot } => slot.position,
            };
            if let Err(why) = self.decide_anew(writing, &payload).await? {
                let kinds: Vec<&str> = payload.facts.iter().map(|fact| fact.kind.as_str()).collect();
                let why = self.words().say(&said!(
                    "overtaken",
                    member = payload.person.clone(),
                    at = payload.claimed_at.clone(),
                    kinds = kinds.join(", "),
                    won = won.to_string(),
                    why = why,
                ));
                self.desk.keep_conflict(
                    &self.id(),
                    &waiting.fact,
                    &payload.person,
                    &why,
                    &self.now().to_string(),
                )?;
                self.tell(&["workspace"]);
            }
        }
        Ok(())
    }

    /// Decides what a kept entry says once more; the inner error says why it no longer stands.
    async fn decide_anew(
        &self,
        writing: &mut Writing,
        payload: &Payload,
    ) -> Result<Result<(), String>, Failure> {
        let Ok((person, stated)) = stated_in(payload) else {
            return Ok(Err(self.words().say(&said!("overtaken-unreadable"))));
        };
        if stated.iter().any(|stated| matches!(stated.fact, Fact::ApprovalSigned(_))) {
            return Ok(
                Err("An approval holds for what its signer had seen; open the task again.".to_owned()),
            );
        }
        let facts: Vec<Fact> = stated.iter().map(|stated| stated.fact.clone()).collect();
        match self.decide_as(writing, &person, Some(stated), |_| Ok(facts.clone())).await {
            // Unconfirmed again: it stays where it is.
            Ok(_) => Ok(Ok(())),
            Err(failure) if failure.code == Code::Offline => Ok(Ok(())),
            Err(failure) if matches!(failure.code, Code::Refused | Code::Conflict | Code::NotFound) => {
                Ok(Err(failure.in_words(self.words()).to_string()))
            }
            Err(failure) => Err(failure),
        }
    }

    /// Marks something as being carried out here, until what is answered is dropped; `None` when it is already.
    pub(crate) fn begin(&self, key: &str) -> Option<UnderWay> {
        self.under_way.begin(key)
    }

    /// The threads on which runs are driven.
    pub(crate) fn drivers(&self) -> Result<&crate::agent::Drivers, Failure> {
        if let Some(drivers) = self.drivers.get() {
            return Ok(drivers);
        }
        let started = crate::agent::Drivers::start()
            .map_err(|error| Failure::said(Code::Failed, said!("no-threads")).because(&error))?;
        Ok(self.drivers.get_or_init(|| started))
    }

    /// A report that was read lately.
    pub(crate) fn report_read(&self, blob: &Digest) -> Option<Arc<::monitoring::Report>> {
        let read = self.read.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        read.iter().find(|(known, _)| known == blob).map(|(_, report)| Arc::clone(report))
    }

    /// The log that was read last, if it is this one.
    pub(crate) fn log_read(&self, blob: &Digest) -> Option<Arc<Vec<u8>>> {
        let read = self.log.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        read.as_ref().filter(|(known, _)| known == blob).map(|(_, bytes)| Arc::clone(bytes))
    }

    /// Keeps the log that was read last.
    pub(crate) fn keep_log(&self, blob: &Digest, bytes: &Arc<Vec<u8>>) {
        *self.log.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
            Some((blob.clone(), Arc::clone(bytes)));
    }

    /// Keeps a report that was read, in place of the one that was read first.
    pub(crate) fn keep_report(&self, blob: &Digest, report: Arc<::monitoring::Report>) {
        let mut read = self.read.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        read.truncate(REPORTS_KEPT - 1);
        read.push_front((blob.clone(), report));
    }

    /// Reports being computed at this desk, by monitor.
    pub(crate) fn computing(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<::monitoring::Watch>>> {
        self.computing.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Tells the shells that something changed which is not in the ledger.
    pub(crate) fn tell(&self, rooms: &[&'static str]) {
        let position = self.head().map(|head| head.position).unwrap_or(0);
        let _ = self.changes.send(Change { position, rooms: rooms.to_vec() });
    }
}

/// The words of a desk: its own setting, else what the system speaks.
pub(crate) fn words_of(desk: &Desk) -> &'static Words {
    let chosen = desk.setting("language").ok().flatten().filter(|language| language != "system");
    Words::of(Locale::detect(chosen.as_deref(), |name| std::env::var(name).ok()))
}

/// Keys are named by the founding document's own chance, as the workspace's id is not known before it is signed.
pub(crate) fn key_name(nonce: &str, member: &str) -> String {
    format!("{}.{member}", nonce.to_lowercase())
}

fn room_of(fact: &Fact) -> &'static str {
    match fact.kind().split_once('.').map(|(room, _)| room).unwrap_or_default() {
        "member" | "roles" | "key" => "people",
        "project" | "model" | "version" | "champion" | "challenger" | "place" => "registry",
        "run" | "migration" => "runs",
        "notice" => "notices",
        "monitor" | "report" | "alert" | "retrain" => "monitoring",
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
        Failure::said(
            Code::Usage,
            said!("not-valid", noun = crate::failure::noun_said(noun), error = error.to_string()),
        )
    })
}

fn parse_digest(text: &str) -> Result<::ledger::Digest, Failure> {
    parse("digest", text)
}

/// The digest of some bytes.
pub(crate) fn digest_of(bytes: &[u8]) -> Digest {
    ::ledger::Digest::of(bytes).to_string().parse().expect("a digest is written as every digest is")
}
