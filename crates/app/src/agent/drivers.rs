//! The threads on which runs are driven.
//!
//! Futures of the engines' hands borrow across waits in ways the compiler cannot yet prove to be free to move between
//! threads, so each stays on the thread where it began. A run waits for nearly all of its time: two hundred share a few
//! threads, and cost neither a stack nor a switch of threads each.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::STACK_BYTES;

/// More of them would only wait: what takes time in a run takes it in the cloud, on the disk, or on threads that block.
const THREADS_MAX: usize = 4;

/// What begins to drive a run, on the thread where it will stay.
type Begin = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = ()>>> + Send>;

/// They live as long as this, and everything that they drive is let go of where it is when it ends.
pub(crate) struct Drivers {
    threads: Vec<UnboundedSender<Begin>>,
    next: AtomicUsize,
}

impl Drivers {
    /// Starts the threads.
    ///
    /// # Errors
    /// When this machine has no more threads or files to give.
    pub(crate) fn start() -> io::Result<Self> {
        let count = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
        let threads = (0..count).map(|_| thread()).collect::<io::Result<_>>()?;
        Ok(Self { threads, next: AtomicUsize::new(0) })
    }

    /// Drives what `begin` makes, beside everything else.
    pub(crate) fn drive<Driven>(&self, begin: impl FnOnce() -> Driven + Send + 'static)
    where
        Driven: Future<Output = ()> + 'static,
    {
        let at = self.next.fetch_add(1, Ordering::Relaxed) % self.threads.len();
        // A thread ends only with its sender.
        let _ = self.threads[at].send(Box::new(|| Box::pin(begin())));
    }
}

fn thread() -> io::Result<UnboundedSender<Begin>> {
    let (sender, receiver) = unbounded_channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new()
        .name("runs".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || tokio::task::LocalSet::new().block_on(&runtime, take(receiver)))?;
    Ok(sender)
}

async fn take(mut begun: UnboundedReceiver<Begin>) {
    while let Some(begin) = begun.recv().await {
        tokio::task::spawn_local(begin());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::rc::Rc;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use super::*;

    #[test]
    fn two_hundred_that_wait_share_a_few_threads_and_one_that_panics_takes_nobody_with_it() {
        let drivers = Drivers::start().unwrap();
        let on = Arc::new(Mutex::new(HashSet::new()));
        let (sender, receiver) = std::sync::mpsc::channel();
        for number in 0..200 {
            let (on, sender) = (Arc::clone(&on), sender.clone());
            drivers.drive(move || async move {
                // Something that may not leave its thread, held across a wait.
                let own = Rc::new(number);
                tokio::time::sleep(Duration::from_millis(20)).await;
                assert_ne!(number, 7, "this one panics");
                on.lock().unwrap().insert(std::thread::current().id());
                sender.send(*own).unwrap();
            });
        }
        drop(sender);
        let done: HashSet<i32> = receiver.iter().collect();
        assert_eq!(done.len(), 199);
        assert!(on.lock().unwrap().len() <= THREADS_MAX);
    }

    #[test]
    fn what_is_driven_is_let_go_of_with_its_threads() {
        let drivers = Drivers::start().unwrap();
        let held = Arc::new(());
        let holds = Arc::clone(&held);
        let (sender, receiver) = std::sync::mpsc::channel();
        drivers.drive(move || async move {
            let _holds = holds;
            sender.send(()).unwrap();
            std::future::pending::<()>().await;
        });
        receiver.recv().unwrap();
        drop(drivers);
        while Arc::strong_count(&held) > 1 {
            std::thread::yield_now();
        }
    }
}
