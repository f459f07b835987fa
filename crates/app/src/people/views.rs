//! What the people room asks and answers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A member of the workspace.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MemberRow {
    /// The name rules speak of, for example `ana`.
    pub name: String,
    /// How the person is called on screens.
    pub display_name: String,
    /// Roles held, by their names (`administrator`, `data-scientist`, `validator`, …).
    pub roles: Vec<String>,
    /// Mail address for notices, if given.
    pub email: Option<String>,
    /// Keys of this member, with the position they hold from and, if revoked, until.
    pub keys: Vec<KeyRow>,
    /// Whether a key of this member lies on this desk.
    pub here: bool,
}

/// A device key.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct KeyRow {
    /// Its public half, `ed25519:` and 64 hexadecimal digits: what a second administrator confirms.
    pub key: String,
    /// First characters of the public key.
    pub fingerprint: String,
    /// What the device is called.
    pub device: String,
    /// Position of the entry that enrolled it.
    pub enrolled_at: u64,
    /// Who enrolled it.
    pub enrolled_by: String,
    /// Position from which it may sign; absent while it waits for a second administrator.
    pub valid_from: Option<u64>,
    /// Position of the entry that revoked it.
    pub revoked_at: Option<u64>,
}

/// A role and what it may do, for the roles table.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RoleRow {
    /// The role's name.
    pub role: String,
    /// What it may do, one line each, in the reader's words.
    pub may: Vec<String>,
}

/// Everybody, and every role.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct People {
    /// Members by name.
    pub members: Vec<MemberRow>,
    /// Roles there are.
    pub roles: Vec<RoleRow>,
}

/// Adds a member.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AddMember {
    /// Name (lower case letters, digits, `.`, `-`, `_`; at most 64).
    pub name: String,
    /// How the person is called on screens; the name if absent.
    #[ts(optional)]
    pub display_name: Option<String>,
    /// Roles to grant.
    pub roles: Vec<String>,
    /// Mail address for notices.
    #[ts(optional)]
    pub email: Option<String>,
    /// Public key (64 hexadecimal digits) made on the member's own desk by `people.create_key`.
    #[ts(optional)]
    pub key: Option<String>,
    /// Make and keep the key on this desk instead: for one desk that several people use.
    #[serde(default)]
    pub key_here: bool,
}

/// Makes a key on this desk.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CreateKey {
    /// The member it is for; they may be added later.
    pub name: String,
}

/// A key that lies on this desk.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct KeyMade {
    /// The member it is for.
    pub name: String,
    /// Its public half, `ed25519:` and 64 hexadecimal digits: what an administrator enrols.
    pub key: String,
    /// Its first characters, to be compared by voice.
    pub fingerprint: String,
    /// What this device is called.
    pub device: String,
    /// Whether it may sign already.
    pub enrolled: bool,
}

/// Enrols a key that was made on the member's own desk, or confirms it as a second administrator.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct EnrolKey {
    /// The member.
    pub name: String,
    /// Its public half, as `people.create_key` answered it there.
    pub key: String,
    /// What the device is called.
    #[ts(optional)]
    pub device: Option<String>,
}

/// Grants or takes roles.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChangeRoles {
    /// The member.
    pub name: String,
    /// The roles.
    pub roles: Vec<String>,
}

/// Revokes a key.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RevokeKey {
    /// Fingerprint, or the whole public key.
    pub key: String,
    /// Why.
    pub reason: String,
}
