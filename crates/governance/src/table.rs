//! A table that remembers what was in it before the decision under judgement, so that a refused decision leaves no trace
//! and an admitted one says exactly which rows it changed.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::collections::btree_map::Iter;
use std::ops::Bound;
use std::sync::Arc;

/// Rows by key, in the order of keys, with an undo log.
#[derive(Clone, Debug)]
pub struct Table<K: Ord, V> {
    rows: BTreeMap<K, Arc<V>>,
    before: BTreeMap<K, Option<Arc<V>>>,
}

impl<K: Ord, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), before: BTreeMap::new() }
    }
}

impl<K: Ord + Clone, V> Table<K, V> {
    /// The row at `key`.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.rows.get(key).map(Arc::as_ref)
    }

    /// Whether there is a row at `key`.
    pub fn has<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.rows.contains_key(key)
    }

    /// Puts a row, in place of the one that was there.
    pub fn put(&mut self, key: K, row: V) {
        let old = self.rows.insert(key.clone(), Arc::new(row));
        self.before.entry(key).or_insert(old);
    }

    /// Takes a row away.
    pub fn remove(&mut self, key: &K) {
        let old = self.rows.remove(key);
        if old.is_some() {
            self.before.entry(key.clone()).or_insert(old);
        }
    }

    /// All rows, in the order of keys.
    pub fn iter(&self) -> Iter<'_, K, Arc<V>> {
        self.rows.iter()
    }

    /// The rows from `key` on, in the order of keys.
    pub fn from<Q: Ord + ?Sized>(&self, key: &Q) -> impl Iterator<Item = (&K, &Arc<V>)>
    where
        K: Borrow<Q>,
    {
        self.rows.range((Bound::Included(key), Bound::Unbounded))
    }

    /// All rows without their keys.
    pub fn rows(&self) -> impl Iterator<Item = &V> {
        self.rows.values().map(Arc::as_ref)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Puts a row that is already judged, as when a state is read back from a cache.
    pub fn restore(&mut self, key: K, row: V) {
        self.rows.insert(key, Arc::new(row));
    }

    /// Undoes everything since the last [`Table::accept`].
    pub(crate) fn revert(&mut self) {
        for (key, old) in std::mem::take(&mut self.before) {
            match old {
                Some(row) => self.rows.insert(key, row),
                None => self.rows.remove(&key),
            };
        }
    }

    /// Keeps everything, and hands out the keys that changed.
    pub(crate) fn accept(&mut self) -> impl Iterator<Item = K> {
        std::mem::take(&mut self.before).into_keys()
    }
}

impl<K: Ord + Clone, V: Clone> Table<K, V> {
    /// Changes the row at `key`, if there is one.
    pub fn edit(&mut self, key: &K, change: impl FnOnce(&mut V)) -> bool {
        let Some(row) = self.get(key) else { return false };
        let mut row = row.clone();
        change(&mut row);
        self.put(key.clone(), row);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_decision_leaves_no_trace() {
        let mut table: Table<String, u32> = Table::default();
        table.put("a".into(), 1);
        table.put("b".into(), 2);
        assert_eq!(table.accept().collect::<Vec<_>>(), ["a", "b"]);
        let before = table.rows.clone();
        table.put("a".into(), 10);
        table.put("a".into(), 11);
        table.remove(&"b".into());
        table.put("c".into(), 3);
        table.revert();
        assert_eq!(table.rows, before);
        assert_eq!(table.accept().count(), 0);
    }
}
