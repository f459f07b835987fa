//! What the workspace room asks and answers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The state of this desk and the workspace open at it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WorkspaceStatus {
    /// The workspace at the desk, if one is open.
    pub workspace: Option<OpenWorkspace>,
    /// Workspaces opened here before, latest first.
    pub recent: Vec<RecentWorkspace>,
    /// Folder of this desk: cache, desk file, and keys where there is no keychain.
    pub home: String,
    /// Version of this program.
    pub version: String,
}

/// The workspace that is open.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpenWorkspace {
    /// `sha256:…` of the genesis document: the name nobody can take over.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it lies.
    pub url: String,
    /// Position of the latest entry (0 is the founding entry).
    pub head: u64,
    /// Who acts at this desk now, and what they may do.
    pub member: Option<crate::people::MemberRow>,
    /// Members whose key lies on this desk: the ones `workspace.act_as` accepts.
    pub members_here: Vec<String>,
    /// Whether one person holds every role, as in a workspace just founded.
    pub alone: bool,
    /// Whether this is the demonstration workspace, and how far its story has come.
    pub demonstration: Option<crate::demonstration::StoryState>,
    /// Decisions saved on this desk that the workspace has not confirmed yet.
    pub pending: u32,
    /// Where keys lie here: `keychain`, or `file` with the warning that goes with it.
    pub keys_in: String,
    /// Things a person should know about this desk (no keychain, clock off, update required, …).
    pub warnings: Vec<String>,
}

/// A workspace opened at this desk before.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RecentWorkspace {
    /// What people call it.
    pub name: String,
    /// Where it lies.
    pub url: String,
    /// When it was opened last (RFC 3339).
    pub opened_at: String,
}

/// Founds a workspace.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CreateWorkspace {
    /// A folder path, `file:///…`, or any URL a bucket store knows.
    pub url: String,
    /// What people will call it.
    pub name: String,
    /// Name of the founding member (lower case letters, digits, `.`, `-`, `_`).
    pub member: String,
    /// How that person is called on screens.
    #[ts(optional)]
    pub display_name: Option<String>,
    /// How many persons must approve at a gate, by its element or the name of its task; `*` is every gate, and one person
    /// where nothing is said.
    #[serde(default)]
    #[ts(as = "Option<std::collections::BTreeMap<String, u32>>", optional)]
    pub quorum: std::collections::BTreeMap<String, u32>,
}

/// Opens a workspace at this desk.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OpenAt {
    /// Where it lies; `PLACE#sha256:…`, as an invitation says it, opens that workspace and no other.
    pub url: String,
    /// Who acts; the only member with a key here if absent.
    #[ts(optional)]
    pub member: Option<String>,
}

/// What brings somebody to this workspace from another desk.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Invitation {
    /// Where it lies and its id, `PLACE#sha256:…`: what `workspace.open` takes.
    pub link: String,
    /// `sha256:…` of the founding document.
    pub id: String,
}

/// Changes who acts at this desk.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ActAs {
    /// A member whose key lies on this desk.
    pub member: String,
}

/// What a full verification found.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VerifyReport {
    /// Entries read.
    pub entries: u64,
    /// Position of the latest.
    pub head: u64,
    /// Blobs read and hashed.
    pub blobs: u64,
    /// Running chain hash at the head.
    pub chain: String,
    /// What is wrong; empty when the history is whole.
    pub problems: Vec<VerifyProblem>,
    /// Slots that hold no valid entry: harmless, shown with their reason.
    pub void: Vec<VerifyProblem>,
    /// What deserves a look and changes nothing: clocks that ran ahead, keys that were suspect already.
    pub notes: Vec<VerifyProblem>,
}

/// Writes a copy of the workspace that others can verify.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ExportWorkspace {
    /// Absolute path of a folder that is empty or does not exist.
    pub folder: String,
}

/// A copy that was written.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Exported {
    /// Where.
    pub folder: String,
    /// Bytes of its blobs.
    pub bytes: u64,
    /// What the verification found on the way; it lies in the copy as `verification.json`.
    pub report: VerifyReport,
}

/// One thing that is wrong at one position.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VerifyProblem {
    /// The slot.
    pub position: u64,
    /// What is wrong, in words.
    pub problem: String,
}

/// A request without content.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
pub struct Nothing {}
