//! Locks among processes: who holds a file, holds what it stands for.

use std::fs::{File, TryLockError};
use std::io;
use std::ops::{Deref, DerefMut};

/// An open file that no other process has locked, for as long as this lives; the system unlocks it when the process ends.
///
/// It is unlocked before it is closed: a program that is being started at that moment has a copy of the handle until it is
/// itself, and the lock would last as long as the copy.
#[derive(Debug)]
pub struct Locked(File);

impl Locked {
    /// Waits until nobody else has locked the file.
    ///
    /// # Errors
    /// The file system knows no locks, or cannot be asked.
    pub fn wait(file: File) -> io::Result<Self> {
        file.lock()?;
        Ok(Self(file))
    }

    /// Locks the file unless somebody else has; then the file comes back.
    ///
    /// # Errors
    /// The same as of [`Locked::wait`].
    pub fn attempt(file: File) -> io::Result<Result<Self, File>> {
        match file.try_lock() {
            Ok(()) => Ok(Ok(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(Err(file)),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        // What cannot be unlocked is unlocked by closing it.
        let _ = self.0.unlock();
    }
}

impl Deref for Locked {
    type Target = File;

    fn deref(&self) -> &File {
        &self.0
    }
}

impl DerefMut for Locked {
    fn deref_mut(&mut self) -> &mut File {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_ends_with_its_holder_although_a_copy_of_the_handle_is_open() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let open = || File::create(&path).unwrap();
        let held = Locked::attempt(open()).unwrap().unwrap();
        // As a program has one that is being started.
        let copy = held.try_clone().unwrap();
        assert!(Locked::attempt(open()).unwrap().is_err());
        drop(held);
        assert!(Locked::attempt(open()).unwrap().is_ok());
        drop(copy);
    }
}
