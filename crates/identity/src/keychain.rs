//! The keychain of the operating system, asked on a thread of its own and never for long.

use std::sync::mpsc;
use std::time::Duration;

use crate::secret::Secret;

/// What our items are filed under.
const SERVICE: &str = "countersign";
/// How long the keychain may take to say that it is there.
const GREETING_TIMEOUT: Duration = Duration::from_secs(3);
/// How long it may take to give or take a secret: a person may have to unlock it.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// The keychain of this system, if it answered.
#[derive(Debug)]
pub(crate) struct Keychain {
    /// Tells the keys of this home folder from those of others.
    home: String,
}

impl Keychain {
    /// Greets the keychain; nothing if there is none or it does not answer in time.
    pub(crate) fn greet(home: &str) -> Option<Keychain> {
        if !may_be_there() {
            return None;
        }
        let keychain = Keychain { home: home.to_owned() };
        let greeted = keychain.ask("greeting", GREETING_TIMEOUT, |entry| match entry.get_secret() {
            Ok(_) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        });
        greeted.is_ok().then_some(keychain)
    }

    pub(crate) fn get(&self, item: &str) -> Result<Option<Secret>, String> {
        self.ask(item, ANSWER_TIMEOUT, |entry| match entry.get_secret() {
            Ok(bytes) => Ok(Some(Secret::new(bytes))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    /// Puts a secret in, and reads it back: a keychain that forgets must be found out while there is a choice.
    pub(crate) fn put(&self, item: &str, secret: &Secret) -> Result<(), String> {
        let bytes = secret.clone();
        let kept = self.ask(item, ANSWER_TIMEOUT, move |entry| {
            entry.set_secret(bytes.reveal())?;
            Ok(entry.get_secret()? == bytes.reveal())
        })?;
        if kept { Ok(()) } else { Err("it answered other bytes than it was given".to_owned()) }
    }

    pub(crate) fn forget(&self, item: &str) -> Result<(), String> {
        self.ask(item, ANSWER_TIMEOUT, |entry| match entry.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }

    /// A thread of its own, because the client blocks, must not run inside an asynchronous runtime, and may never
    /// return; in that case the thread is left behind.
    fn ask<T, F>(&self, item: &str, timeout: Duration, work: F) -> Result<T, String>
    where
        T: Send + 'static,
        F: FnOnce(&keyring::Entry) -> keyring::Result<T> + Send + 'static,
    {
        let account = format!("{}/{item}", self.home);
        let (answer, answered) = mpsc::sync_channel(1);
        let asking = move || {
            let result = keyring::Entry::new(SERVICE, &account).and_then(|entry| work(&entry));
            // Nobody may be waiting any more.
            let _ = answer.send(result.map_err(|error| error.to_string()));
        };
        std::thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(asking)
            .map_err(|cause| cause.to_string())?;
        answered
            .recv_timeout(timeout)
            .unwrap_or_else(|_| Err(format!("no answer in {} s", timeout.as_secs())))
    }
}

/// Whether it is worth asking. On Linux the keychain is a D-Bus service: without a session bus there is none, and the
/// client would try to start one.
fn may_be_there() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty()) {
        return true;
    }
    std::env::var_os("XDG_RUNTIME_DIR")
        .is_some_and(|folder| std::path::Path::new(&folder).join("bus").exists())
}
