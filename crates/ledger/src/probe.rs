//! Trying whether a place keeps the promises the protocol rests on, before anything depends on it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::future::try_join_all;
use serde::Serialize;
use ulid::Ulid;

use crate::error::Error;
use crate::store::{Creation, Store};

/// How many desks race for one object.
const RACERS: usize = 8;
/// How many objects they race for.
const RACES: usize = 3;
/// Longest time a probe may take in all.
const PROBE_TIMEOUT: Duration = Duration::from_secs(60);

/// What a place was seen to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// Whether names that differ only in case are one name there. Harmless: the ledger's names are all lower case, and
    /// a place that changes the case of names is refused.
    pub folds_case: bool,
    /// How long one durable creation took, in microseconds.
    pub creation_us: u64,
}

/// Tries a place: racing creations (exactly one wins), hard links and fsync (in a folder, every creation needs both),
/// reading from a second handle what was just created, and names that come back as they were written.
///
/// Leaves a few small objects below `probe/` where nothing may be deleted.
///
/// # Errors
/// [`Error::Unsuitable`] with the reason, or what the store answers.
pub async fn probe(store: &Arc<dyn Store>) -> Result<Probe, Error> {
    match tokio::time::timeout(PROBE_TIMEOUT, tried(store)).await {
        Ok(result) => result,
        Err(cause) => Err(Error::Offline { what: store.to_string(), source: cause.into() }),
    }
}

async fn tried(store: &Arc<dyn Store>) -> Result<Probe, Error> {
    let folder = format!("probe/{}", Ulid::generate().to_string().to_lowercase());
    let mut left = Vec::new();
    let tried = in_folder(store, &folder, &mut left).await;
    for name in left {
        store.forget_probe(&name).await;
    }
    tried
}

async fn in_folder(store: &Arc<dyn Store>, folder: &str, left: &mut Vec<String>) -> Result<Probe, Error> {
    let unsuitable = |reason: String| Error::Unsuitable { what: store.to_string(), reason };
    for race in 0..RACES {
        let name = format!("{folder}/race-{race}");
        left.push(name.clone());
        let winner = raced(store, &name).await?.map_err(unsuitable)?;
        let seen = store.second_handle()?.get(&name, RACERS).await?;
        if seen.as_deref() != Some(winner.to_string().as_bytes()) {
            return Err(unsuitable(
                "what one handle creates another does not read at once; two desks would not see each other's entries"
                    .to_owned(),
            ));
        }
    }

    let (lower, upper) = (format!("{folder}/case"), format!("{folder}/CASE"));
    left.extend([lower.clone(), upper.clone()]);
    let begun = Instant::now();
    if store.create(&lower, Bytes::from_static(b"lower")).await? != Creation::Created {
        return Err(unsuitable("a new object is said to exist already".to_owned()));
    }
    let creation = begun.elapsed();
    let folds_case = store.get(&upper, 8).await?.is_some();
    let listed = store.list(&format!("{folder}/")).await?;
    if !listed.contains(&lower) {
        return Err(unsuitable(format!(
            "it changes names: `{lower}` was created, but it lists {listed:?}; choose a place that keeps them"
        )));
    }
    Ok(Probe { folds_case, creation_us: u64::try_from(creation.as_micros()).unwrap_or(u64::MAX) })
}

/// Lets several handles create one object; the inner error says which promise was broken.
async fn raced(store: &Arc<dyn Store>, name: &str) -> Result<Result<usize, String>, Error> {
    let racing = (0..RACERS).map(|racer| async move {
        let created = store.second_handle()?.create(name, Bytes::from(racer.to_string())).await?;
        Ok((created == Creation::Created).then_some(racer))
    });
    let winners: Vec<usize> = try_join_all(racing).await?.into_iter().flatten().collect();
    Ok(match winners.as_slice() {
        [winner] => Ok(*winner),
        winners => Err(format!(
            "of {RACERS} handles that created one object at once, {} were told that they had; exactly one must be, or \
             two desks would win one slot",
            winners.len()
        )),
    })
}
