//! A small bucket with conditional creation, and the faults a network adds.

use std::sync::Mutex;

use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::{
    CopyOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, PutMultipartOptions, PutResult, Result,
};

use super::*;
use crate::simulation::Chance;

/// A bucket that loses answers, repeats requests, and refuses now and then; or one that ignores the condition.
#[derive(Debug)]
pub(crate) struct Faulty {
    inner: InMemory,
    chance: Option<Mutex<Chance>>,
    suffered: Mutex<usize>,
}

impl Faulty {
    pub(crate) fn new(seed: u64) -> Faulty {
        Faulty {
            inner: InMemory::new(),
            chance: Some(Mutex::new(Chance::new(seed))),
            suffered: Mutex::default(),
        }
    }

    /// Every put overwrites and is called a success, as some emulators do.
    pub(crate) fn careless() -> Faulty {
        Faulty { inner: InMemory::new(), chance: None, suffered: Mutex::default() }
    }

    pub(crate) fn suffered(&self) -> usize {
        *self.suffered.lock().unwrap()
    }

    fn throw(&self) -> usize {
        let thrown = self.chance.as_ref().map_or(99, |chance| chance.lock().unwrap().below(100));
        *self.suffered.lock().unwrap() += usize::from(thrown < 35);
        thrown
    }
}

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("faulty")
    }
}

fn lost() -> object_store::Error {
    object_store::Error::Generic { store: "faulty", source: "connection reset".into() }
}

fn forbidden(location: &Name) -> object_store::Error {
    object_store::Error::PermissionDenied { path: location.to_string(), source: "403".into() }
}

fn precondition(location: &Name) -> object_store::Error {
    object_store::Error::Precondition { path: location.to_string(), source: "412".into() }
}

#[async_trait]
impl ObjectStore for Faulty {
    async fn put_opts(&self, location: &Name, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        if self.chance.is_none() {
            return self.inner.put_opts(location, payload, PutOptions::default()).await;
        }
        assert_eq!(options.mode, PutMode::Create, "nothing may be overwritten");
        match self.throw() {
            // It arrived, and the answer is lost.
            0..10 => self.inner.put_opts(location, payload, options).await.and(Err(lost())),
            // It arrived, and somebody on the way sent it again.
            10..20 => self.inner.put_opts(location, payload, options).await.and(Err(precondition(location))),
            20..25 => self.inner.put_opts(location, payload, options).await.and(Err(forbidden(location))),
            // It never arrived.
            25..30 => Err(lost()),
            30..35 => Err(forbidden(location)),
            _ => self.inner.put_opts(location, payload, options).await,
        }
    }

    async fn put_multipart_opts(&self, _: &Name, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        unreachable!("composite uploads cannot be conditional")
    }

    async fn get_opts(&self, location: &Name, options: GetOptions) -> Result<GetResult> {
        if self.chance.as_ref().is_some_and(|chance| chance.lock().unwrap().below(100) < 2) {
            return Err(lost());
        }
        self.inner.get_opts(location, options).await
    }

    fn delete_stream(&self, _: BoxStream<'static, Result<Name>>) -> BoxStream<'static, Result<Name>> {
        unreachable!("nothing is ever deleted")
    }

    fn list(&self, prefix: Option<&Name>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Name>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, _: &Name, _: &Name, _: CopyOptions) -> Result<()> {
        unreachable!("nothing is ever copied")
    }
}
