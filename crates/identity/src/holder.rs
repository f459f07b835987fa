//! The keys and secrets of one desk.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ed25519_dalek::{Signer as _, SigningKey};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::files::{Files, fill};
use crate::keychain::Keychain;
use crate::name::KeyName;
use crate::secret::Secret;

/// Bytes of a signature.
pub type SignatureBytes = [u8; 64];

const HOME_FILE: &str = "home-id";
const PUBLIC_SUFFIX: &str = ".pub";
const KEY_SUFFIX: &str = ".key";
const SECRET_SUFFIX: &str = ".secret";

/// An Ed25519 public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// 64 lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        hex::encode(self.0)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.hex())
    }
}

/// Where secrets lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In the keychain of the operating system.
    Keychain,
    /// In files of this folder, which only their owner may read. Warn: whoever reads the disk has them.
    Files(PathBuf),
}

impl Kept {
    fn word(&self) -> &'static str {
        match self {
            Kept::Keychain => "keychain",
            Kept::Files(_) => "file",
        }
    }

    /// What to tell the person, if anything.
    pub fn warning(&self) -> Option<String> {
        match self {
            Kept::Keychain => None,
            Kept::Files(folder) => Some(format!(
                "there is no keychain here, so keys lie in files below `{}` that only you may read; keep that disk \
                 encrypted",
                folder.display()
            )),
        }
    }
}

/// Keys and secrets of one home folder. Signs; never shows.
pub struct KeyHolder {
    files: Files,
    keychain: Option<Keychain>,
    loaded: Mutex<HashMap<KeyName, SigningKey>>,
}

impl fmt::Debug for KeyHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyHolder").field("kept", &self.kept()).finish_non_exhaustive()
    }
}

impl KeyHolder {
    /// Opens the keys of `home`, in the keychain where one answers within a few seconds, else in files.
    ///
    /// # Errors
    /// [`Error::Denied`] if the home folder cannot be written.
    pub fn open(home: &Path) -> Result<KeyHolder, Error> {
        let files = Files::open(&home.join("keys"))?;
        let keychain = Keychain::greet(&home_id(&files)?);
        Ok(KeyHolder { files, keychain, loaded: Mutex::default() })
    }

    /// Opens the keys of `home` without asking any keychain for new ones: for rehearsals, agents and tests.
    ///
    /// # Errors
    /// [`Error::Denied`] if the home folder cannot be written.
    pub fn open_in_files(home: &Path) -> Result<KeyHolder, Error> {
        Ok(KeyHolder { files: Files::open(&home.join("keys"))?, keychain: None, loaded: Mutex::default() })
    }

    /// Where new keys and secrets go.
    pub fn kept(&self) -> Kept {
        match self.keychain {
            Some(_) => Kept::Keychain,
            None => Kept::Files(self.files.folder().to_owned()),
        }
    }

    /// Makes a key, keeps it durably, and answers its public half. If the keychain does not take it, it goes to a file;
    /// [`KeyHolder::kept_key`] tells.
    ///
    /// # Errors
    /// [`Error::Exists`] if there is one of that name, or why none could be kept.
    pub fn create(&self, name: &str) -> Result<PublicKey, Error> {
        let name: KeyName = name.parse()?;
        let mut loaded = self.loaded();
        if self.public(&name)?.is_some() {
            return Err(Error::Exists { name: name.to_string() });
        }
        // A crash between keeping the secret and noting its public half leaves a key nobody has enrolled: take that one.
        let key_file = format!("{name}{KEY_SUFFIX}");
        let (key, kept) = match self.files.get_secret(&key_file)? {
            Some(left) => (signing_key(&name, &left)?, Kept::Files(self.files.folder().to_owned())),
            None => self.made(&name, &key_file)?,
        };
        let public = PublicKey(key.verifying_key().to_bytes());
        let noted = format!("{public} {}\n", kept.word());
        if !self.files.create(&format!("{name}{PUBLIC_SUFFIX}"), noted.as_bytes())? {
            return Err(Error::Exists { name: name.to_string() });
        }
        loaded.insert(name, key);
        Ok(public)
    }

    fn made(&self, name: &KeyName, key_file: &str) -> Result<(SigningKey, Kept), Error> {
        let mut seed = Zeroizing::new([0; 32]);
        fill(seed.as_mut())?;
        let key = SigningKey::from_bytes(&seed);
        let digits = Secret::new(hex::encode(seed.as_ref()));
        if let Some(keychain) = &self.keychain
            && keychain.put(&item_of(&PublicKey(key.verifying_key().to_bytes())), &digits).is_ok()
        {
            return Ok((key, Kept::Keychain));
        }
        if !self.files.create(key_file, digits.reveal())? {
            return Err(Error::Exists { name: name.to_string() });
        }
        Ok((key, Kept::Files(self.files.folder().to_owned())))
    }

    /// Signs `message` with the key of that name.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not on this desk, or why it cannot be used.
    pub fn sign(&self, name: &str, message: &[u8]) -> Result<SignatureBytes, Error> {
        let name: KeyName = name.parse()?;
        let mut loaded = self.loaded();
        if !loaded.contains_key(&name) {
            let key = self.load(&name)?;
            loaded.insert(name.clone(), key);
        }
        Ok(loaded[&name].sign(message).to_bytes())
    }

    fn load(&self, name: &KeyName) -> Result<SigningKey, Error> {
        let (public, in_keychain) =
            self.public(name)?.ok_or_else(|| Error::NotFound { name: name.to_string() })?;
        let secret = if in_keychain {
            self.ask_keychain(&item_of(&public), name)?
        } else {
            self.files.get_secret(&format!("{name}{KEY_SUFFIX}"))?
        };
        let secret = secret.ok_or_else(|| Error::NotFound { name: name.to_string() })?;
        let key = signing_key(name, &secret)?;
        // Another key under this name would sign entries that every desk finds void.
        if key.verifying_key().to_bytes() != public.0 {
            return Err(Error::Corrupt { name: name.to_string() });
        }
        Ok(key)
    }

    fn ask_keychain(&self, item: &str, name: &KeyName) -> Result<Option<Secret>, Error> {
        let said = |said: String| Error::Keychain { name: name.to_string(), said };
        match &self.keychain {
            Some(keychain) => keychain.get(item).map_err(said),
            None => Err(said("there is none in this session, but the secret was put into one".to_owned())),
        }
    }

    /// The public half of the key of that name, if it is on this desk.
    ///
    /// # Errors
    /// [`Error::Name`], or [`Error::Denied`] if the home folder cannot be read.
    pub fn public_key(&self, name: &str) -> Result<Option<PublicKey>, Error> {
        Ok(self.public(&name.parse()?)?.map(|(public, _)| public))
    }

    /// Where the key of that name lies, if it is on this desk.
    ///
    /// # Errors
    /// As [`KeyHolder::public_key`].
    pub fn kept_key(&self, name: &str) -> Result<Option<Kept>, Error> {
        Ok(self.public(&name.parse()?)?.map(|(_, in_keychain)| {
            if in_keychain { Kept::Keychain } else { Kept::Files(self.files.folder().to_owned()) }
        }))
    }

    /// Every key on this desk, by name.
    ///
    /// # Errors
    /// [`Error::Denied`] if the home folder cannot be read.
    pub fn list(&self) -> Result<Vec<(KeyName, PublicKey)>, Error> {
        let mut keys = Vec::new();
        for name in self.files.names(PUBLIC_SUFFIX)? {
            let Ok(name) = name.parse::<KeyName>() else { continue };
            if let Some((public, _)) = self.public(&name)? {
                keys.push((name, public));
            }
        }
        Ok(keys)
    }

    fn public(&self, name: &KeyName) -> Result<Option<(PublicKey, bool)>, Error> {
        let Some(noted) = self.files.get_public(&format!("{name}{PUBLIC_SUFFIX}"))? else { return Ok(None) };
        let corrupt = || Error::Corrupt { name: name.to_string() };
        let (digits, kept) = noted.trim_end().split_once(' ').ok_or_else(corrupt)?;
        let mut public = [0; 32];
        hex::decode_to_slice(digits, &mut public).map_err(|_| corrupt())?;
        match kept {
            "keychain" => Ok(Some((PublicKey(public), true))),
            "file" => Ok(Some((PublicKey(public), false))),
            _ => Err(corrupt()),
        }
    }

    /// Keeps a secret under a name, in place of an earlier one, and says where it went.
    ///
    /// # Errors
    /// Why it could not be kept.
    pub fn put_secret(&self, name: &str, secret: &Secret) -> Result<Kept, Error> {
        let name: KeyName = name.parse()?;
        let file = format!("{name}{SECRET_SUFFIX}");
        if let Some(keychain) = &self.keychain
            && keychain.put(&format!("secret/{name}"), secret).is_ok()
        {
            // An earlier one in a file would come back when the keychain is away.
            self.files.remove(&file)?;
            return Ok(Kept::Keychain);
        }
        self.files.replace(&file, secret.reveal())?;
        Ok(Kept::Files(self.files.folder().to_owned()))
    }

    /// The secret of that name, if there is one.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn secret(&self, name: &str) -> Result<Option<Secret>, Error> {
        let name: KeyName = name.parse()?;
        // A file is only there if the keychain did not take the secret, so it is the later one.
        if let Some(secret) = self.files.get_secret(&format!("{name}{SECRET_SUFFIX}"))? {
            return Ok(Some(secret));
        }
        match &self.keychain {
            Some(_) => self.ask_keychain(&format!("secret/{name}"), &name),
            None => Ok(None),
        }
    }

    /// Forgets the secret of that name, wherever it is.
    ///
    /// # Errors
    /// Why it could not be forgotten.
    pub fn forget_secret(&self, name: &str) -> Result<(), Error> {
        let name: KeyName = name.parse()?;
        self.files.remove(&format!("{name}{SECRET_SUFFIX}"))?;
        match &self.keychain {
            Some(keychain) => keychain
                .forget(&format!("secret/{name}"))
                .map_err(|said| Error::Keychain { name: name.to_string(), said }),
            None => Ok(()),
        }
    }

    fn loaded(&self) -> MutexGuard<'_, HashMap<KeyName, SigningKey>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A key's item in the keychain bears its public half, so that two desks that make one name at once cannot put their
/// secrets in each other's place; which of the two the name means is decided by the file.
fn item_of(public: &PublicKey) -> String {
    format!("key/{public}")
}

fn signing_key(name: &KeyName, digits: &Secret) -> Result<SigningKey, Error> {
    let mut seed = Zeroizing::new([0; 32]);
    hex::decode_to_slice(digits.reveal().trim_ascii_end(), seed.as_mut())
        .map_err(|_| Error::Corrupt { name: name.to_string() })?;
    Ok(SigningKey::from_bytes(&seed))
}

fn home_id(files: &Files) -> Result<String, Error> {
    let mut chance = [0; 8];
    fill(&mut chance)?;
    files.create(HOME_FILE, hex::encode(chance).as_bytes())?;
    let found = files.get_public(HOME_FILE)?.unwrap_or_default();
    Ok(found.trim_end().to_owned())
}

#[cfg(test)]
mod tests;
