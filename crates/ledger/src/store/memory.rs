//! A store in memory: for tests, rehearsals, and as the plainest statement of what a store promises.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;

use crate::digest::Digest;
use crate::error::Error;
use crate::store::{Creation, Kept, NameOf, Store};

type Objects = Arc<Mutex<BTreeMap<String, Bytes>>>;
type Clock = Arc<Mutex<Option<SystemTime>>>;

static NAMED: LazyLock<Mutex<HashMap<String, (Objects, Clock)>>> = LazyLock::new(Mutex::default);

/// Objects in this process; handles made by [`Memory::named`] with one name, and clones, share them.
#[derive(Clone, Default)]
pub struct Memory {
    name: String,
    objects: Objects,
    clock: Clock,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// The store of that name in this process, which lives as long as the process does.
    pub fn named(name: &str) -> Memory {
        let (objects, clock) = held(&NAMED).entry(name.to_owned()).or_default().clone();
        Memory { name: name.to_owned(), objects, clock }
    }

    /// Gives this place a clock that stands still, or takes it away: for tests of what desks make of it.
    pub fn tell_time(&self, clock: Option<SystemTime>) {
        *held(&self.clock) = clock;
    }

    /// Puts other bytes in an object's place, or takes it away: what no desk may do, for tests of what desks then see.
    pub fn tamper(&self, name: &str, bytes: Option<Bytes>) {
        match bytes {
            Some(bytes) => held(&self.objects).insert(name.to_owned(), bytes),
            None => held(&self.objects).remove(name),
        };
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "memory://{}", self.name)
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memory({} objects)", held(&self.objects).len())
    }
}

#[async_trait]
impl Store for Memory {
    async fn create(&self, name: &str, bytes: Bytes) -> Result<Creation, Error> {
        use std::collections::btree_map::Entry;
        Ok(match held(&self.objects).entry(name.to_owned()) {
            Entry::Occupied(_) => Creation::Exists,
            Entry::Vacant(place) => {
                place.insert(bytes);
                Creation::Created
            }
        })
    }

    async fn create_from_file(&self, file: &Path, name_of: NameOf) -> Result<Kept, Error> {
        let bytes = tokio::fs::read(file).await.map_err(|cause| super::failed(file, "read", cause))?;
        let (digest, size) = (Digest::of(&bytes), bytes.len() as u64);
        Ok(Kept { digest, size, creation: Some(self.create(&name_of(&digest), bytes.into()).await?) })
    }

    async fn get(&self, name: &str, bytes_max: usize) -> Result<Option<Bytes>, Error> {
        Ok(held(&self.objects).get(name).map(|bytes| bytes.slice(..bytes.len().min(bytes_max))))
    }

    async fn pieces(&self, name: &str) -> Result<Option<BoxStream<'static, Result<Bytes, Error>>>, Error> {
        let found = held(&self.objects).get(name).cloned();
        Ok(found.map(|bytes| futures::stream::once(async move { Ok(bytes) }).boxed()))
    }

    async fn size(&self, name: &str) -> Result<Option<u64>, Error> {
        Ok(held(&self.objects).get(name).map(|bytes| bytes.len() as u64))
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let objects = held(&self.objects);
        Ok(objects
            .range(prefix.to_owned()..)
            .map(|(name, _)| name)
            .take_while(|name| name.starts_with(prefix))
            .cloned()
            .collect())
    }

    async fn clock(&self) -> Result<Option<SystemTime>, Error> {
        Ok(*held(&self.clock))
    }

    fn second_handle(&self) -> Result<Box<dyn Store>, Error> {
        Ok(Box::new(self.clone()))
    }

    async fn forget_probe(&self, name: &str) {
        held(&self.objects).remove(name);
    }
}
