//! What is being carried out at this desk, so that nothing is carried out twice at once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Effects, runs and computations that are being carried out, by key.
#[derive(Default)]
pub(crate) struct AllUnderWay(Arc<Mutex<HashSet<String>>>);

impl AllUnderWay {
    /// Marks something until what is answered is dropped; `None` when it is marked already.
    pub(crate) fn begin(&self, key: &str) -> Option<UnderWay> {
        held(&self.0)
            .insert(key.to_owned())
            .then(|| UnderWay { all: Arc::clone(&self.0), key: key.to_owned() })
    }

    pub(crate) fn len(&self) -> usize {
        held(&self.0).len()
    }
}

/// Something that is being carried out. It ends however its work ends: one that panicked would never be taken up again.
pub(crate) struct UnderWay {
    all: Arc<Mutex<HashSet<String>>>,
    key: String,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        held(&self.all).remove(&self.key);
    }
}

fn held(all: &Mutex<HashSet<String>>) -> MutexGuard<'_, HashSet<String>> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_is_not_begun_twice_and_ends_however_it_ends() {
        let all = AllUnderWay::default();
        let first = all.begin("run 1");
        assert!(first.is_some() && all.begin("run 1").is_none());
        let other = all.begin("run 2");
        assert_eq!(all.len(), 2);
        drop(first);
        let again = all.begin("run 1");
        let panicked = std::thread::spawn(move || {
            let _again = again;
            panic!("while it is under way");
        });
        assert!(panicked.join().is_err());
        assert!(all.begin("run 1").is_some());
        drop(other);
        assert_eq!(all.len(), 0);
    }
}
