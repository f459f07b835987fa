//! A store behind a bad network.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use async_trait::async_trait;
use bytes::Bytes;
use futures::channel::oneshot;
use futures::stream::BoxStream;

use super::{Chance, held};
use crate::error::Error;
use crate::store::{Creation, Kept, NameOf, Store};

/// How many turns late a request may arrive.
const LATE_TURNS_MAX: usize = 25;

/// The objects, and every request under way.
#[derive(Debug)]
pub(super) struct Net {
    inner: Mutex<Inner>,
    overwrites: bool,
}

#[derive(Debug, Default)]
struct Inner {
    objects: BTreeMap<String, Bytes>,
    flying: Vec<Flight>,
    /// Requests whose answer nobody waits for, with the turn in which they arrive.
    late: Vec<(u64, String, Bytes)>,
    turn: u64,
}

#[derive(Debug)]
enum Flight {
    Create { name: String, bytes: Bytes, reply: oneshot::Sender<Result<Creation, Error>> },
    Get { name: String, bytes_max: usize, reply: oneshot::Sender<Result<Option<Bytes>, Error>> },
}

fn lost(chance: &mut Chance) -> Error {
    let what = "net".to_owned();
    match chance.below(3) {
        0 => Error::Denied { what, attempt: "written", source: "403".into() },
        1 => Error::Full { what, source: "507".into() },
        _ => Error::Offline { what, source: "time-out".into() },
    }
}

impl Inner {
    /// Whoever asked has stopped waiting; the request arrives all the same.
    fn delay(&mut self, name: String, bytes: Bytes, chance: &mut Chance) {
        let due = self.turn + 1 + chance.below(LATE_TURNS_MAX) as u64;
        self.late.push((due, name, bytes));
    }
}

impl Net {
    pub(super) fn new(overwrites: bool) -> Net {
        Net { inner: Mutex::default(), overwrites }
    }

    pub(super) fn wire(self: &Arc<Net>) -> Arc<dyn Store> {
        Arc::new(Wire(Arc::clone(self)))
    }

    pub(super) fn objects(&self) -> BTreeMap<String, Bytes> {
        held(&self.inner).objects.clone()
    }

    /// Sends a request whose answer nobody waits for.
    pub(super) fn send(&self, name: String, bytes: Bytes) {
        held(&self.inner).late.push((0, name, bytes));
    }

    /// Lets one request arrive, or go wrong, and answers whether there was one.
    pub(super) fn turn(&self, chance: &mut Chance) -> bool {
        let mut inner = held(&self.inner);
        inner.turn += 1;
        let now = inner.turn;
        for (_, name, bytes) in inner.late.extract_if(.., |(due, ..)| *due <= now).collect::<Vec<_>>() {
            self.apply(&mut inner, &name, &bytes);
        }
        if inner.flying.is_empty() {
            return false;
        }
        let index = chance.below(inner.flying.len());
        match inner.flying.swap_remove(index) {
            Flight::Get { name, bytes_max, reply } => {
                let found = inner.objects.get(&name).map(|bytes| bytes.slice(..bytes.len().min(bytes_max)));
                // The desk may have crashed meanwhile.
                let _ = reply.send(if chance.per_mille(80) { Err(lost(chance)) } else { Ok(found) });
            }
            // The desk crashed while it waited.
            Flight::Create { name, bytes, reply } if reply.is_canceled() => inner.delay(name, bytes, chance),
            Flight::Create { name, bytes, reply } => {
                let answer = match chance.below(100) {
                    // Arrives, and the answer is lost.
                    0..10 => {
                        self.apply(&mut inner, &name, &bytes);
                        Err(lost(chance))
                    }
                    // Arrives, the answer is lost, and somebody on the way sends it again.
                    10..20 => {
                        self.apply(&mut inner, &name, &bytes);
                        Ok(self.apply(&mut inner, &name, &bytes))
                    }
                    // Never arrives.
                    20..30 => Err(lost(chance)),
                    // Arrives after the desk has given up waiting.
                    30..50 => {
                        inner.delay(name, bytes, chance);
                        Err(lost(chance))
                    }
                    // Arrives, and once more later.
                    50..56 => {
                        let created = self.apply(&mut inner, &name, &bytes);
                        inner.delay(name, bytes, chance);
                        Ok(created)
                    }
                    _ => Ok(self.apply(&mut inner, &name, &bytes)),
                };
                let _ = reply.send(answer);
            }
        }
        true
    }

    /// Lets everything that is still under way arrive.
    pub(super) fn settle(&self) {
        let mut inner = held(&self.inner);
        for (_, name, bytes) in std::mem::take(&mut inner.late) {
            self.apply(&mut inner, &name, &bytes);
        }
        for flight in std::mem::take(&mut inner.flying) {
            if let Flight::Create { name, bytes, .. } = flight {
                self.apply(&mut inner, &name, &bytes);
            }
        }
    }

    fn apply(&self, inner: &mut Inner, name: &str, bytes: &Bytes) -> Creation {
        if inner.objects.contains_key(name) && !self.overwrites {
            return Creation::Exists;
        }
        inner.objects.insert(name.to_owned(), bytes.clone());
        Creation::Created
    }
}

#[derive(Debug)]
struct Wire(Arc<Net>);

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("net")
    }
}

fn cut<E>(_: E) -> Error {
    Error::Offline { what: "net".into(), source: "the desk crashed".into() }
}

#[async_trait]
impl Store for Wire {
    async fn create(&self, name: &str, bytes: Bytes) -> Result<Creation, Error> {
        let (reply, answer) = oneshot::channel();
        held(&self.0.inner).flying.push(Flight::Create { name: name.into(), bytes, reply });
        answer.await.map_err(cut)?
    }

    async fn get(&self, name: &str, bytes_max: usize) -> Result<Option<Bytes>, Error> {
        let (reply, answer) = oneshot::channel();
        held(&self.0.inner).flying.push(Flight::Get { name: name.into(), bytes_max, reply });
        answer.await.map_err(cut)?
    }

    async fn create_from_file(&self, _: &Path, _: NameOf) -> Result<Kept, Error> {
        unreachable!("the simulated desks keep no blobs")
    }

    async fn pieces(&self, _: &str) -> Result<Option<BoxStream<'static, Result<Bytes, Error>>>, Error> {
        unreachable!("the simulated desks keep no blobs")
    }

    async fn size(&self, _: &str) -> Result<Option<u64>, Error> {
        unreachable!("the simulated desks keep no blobs")
    }

    async fn list(&self, _: &str) -> Result<Vec<String>, Error> {
        unreachable!("the protocol never lists")
    }

    async fn clock(&self) -> Result<Option<SystemTime>, Error> {
        Ok(None)
    }

    fn second_handle(&self) -> Result<Box<dyn Store>, Error> {
        Ok(Box::new(Wire(Arc::clone(&self.0))))
    }

    async fn forget_probe(&self, _: &str) {}
}
