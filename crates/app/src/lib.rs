//! The one door: every command, the one write path, the agent loop.
//!
//! Shells (terminal, window) hold an [`App`] and call [`App::call`] with a name of the one list in [`commands`]. They
//! hear of changes by [`App::changes`], and of notifications that were clicked by [`App::opened_links`].

mod agent;
mod bindings;
mod clock;
pub mod commands;
pub mod demonstration;
mod drawing;
mod failure;
mod ids;
pub mod ledger;
pub mod monitoring;
pub mod notices;
pub mod page;
pub mod people;
pub mod registry;
pub mod runs;
pub mod search;
mod session;
pub mod settings;
pub mod workflow;
pub mod workspace;

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use cache::Desk;
use identity::KeyHolder;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;
use words::said;

/// Stack of the threads that carry this crate's futures, in bytes: an unoptimised build keeps every temporary of every await in its
/// frames, and a look of the agent at a workspace is deeper than the two megabytes that threads have by themselves.
pub const STACK_BYTES: usize = 16 << 20;

pub use agent::Tick;
pub use clock::Clock;
pub use failure::{Code, Failure};
pub use session::Session;

/// Changes kept for a shell that is busy; one that falls further behind reads everything anew.
const CHANGES_KEPT: usize = 256;

/// What a shell says when it opens the door.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Folder of this desk: cache, desk file, keys where there is no keychain.
    pub home: PathBuf,
    /// Workspace to open at once; none opens none.
    pub workspace: Option<String>,
    /// Who acts.
    pub member: Option<String>,
    /// Keep keys in files of the home folder even where there is a keychain (tests, demonstrations, agents).
    pub keys_in_files: bool,
    /// What the time is: the system's clock, unless a test moves its own.
    pub clock: Clock,
}

/// Something changed: shells refresh what they show of these rooms.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// Position of the head.
    pub position: u64,
    /// Rooms that changed.
    pub rooms: Vec<&'static str>,
}

/// The door.
pub struct App {
    home: PathBuf,
    pub(crate) clock: Clock,
    desk: Arc<Desk>,
    keys: Arc<KeyHolder>,
    session: RwLock<Option<Arc<Session>>>,
    changes: broadcast::Sender<Change>,
    links: broadcast::Sender<String>,
    pub(crate) desktop: notifications::Desktop,
    pub(crate) turn: agent::Turn,
    /// Held by the look that is under way.
    pub(crate) looking: tokio::sync::Mutex<()>,
    pub(crate) sandbox: tokio::sync::Mutex<Option<::sandbox::Sandbox>>,
    pub(crate) story: demonstration::Playing,
}

impl App {
    /// Opens the desk, and the workspace if one is named.
    ///
    /// # Errors
    /// When the home folder cannot be written, or the workspace cannot be opened.
    pub async fn open(options: Options) -> Result<Self, Failure> {
        make_folder(&options.home)?;
        let desk = Arc::new(Desk::open(&options.home.join("desk.sqlite"))?);
        let keys = if options.keys_in_files {
            KeyHolder::open_in_files(&options.home)
        } else {
            KeyHolder::open(&options.home)
        };
        let keys = Arc::new(keys.map_err(|error| session::from_identity(&error))?);
        let links = broadcast::channel(CHANGES_KEPT).0;
        let clicked = links.clone();
        let desktop = notifications::Desktop::new("Countersign", "Open", move |link| {
            // Nobody may be listening any more; then there is no window to open it in.
            let _ = clicked.send(link);
        });
        let app = Self {
            home: options.home,
            clock: options.clock,
            desk,
            keys,
            session: RwLock::new(None),
            changes: broadcast::channel(CHANGES_KEPT).0,
            links,
            desktop,
            sandbox: tokio::sync::Mutex::default(),
            turn: agent::Turn::default(),
            looking: tokio::sync::Mutex::default(),
            story: demonstration::Playing::default(),
        };
        if let Some(url) = options.workspace {
            workspace::open(&app, workspace::OpenAt { url, member: options.member }).await?;
        }
        Ok(app)
    }

    /// Calls a command of the list.
    ///
    /// # Errors
    /// The command's own failure; [`Code::Usage`] for an unknown command or a malformed request.
    pub async fn call(&self, command: &str, request: Value) -> Result<Value, Failure> {
        self.answer(command, request).await.map_err(|failure| failure.in_words(self.words()))
    }

    async fn answer(&self, command: &str, request: Value) -> Result<Value, Failure> {
        let request = if request.is_null() { Value::Object(serde_json::Map::new()) } else { request };
        // What others wrote is seen before anything is answered; offline desks answer from what they have.
        if let Ok(session) = self.session()
            && !matches!(
                command,
                "workspace.status" | "workspace.open" | "workspace.create" | "workspace.close"
            )
        {
            match session.catch_up().await {
                Err(failure) if failure.code != Code::Offline => return Err(failure),
                _ => {}
            }
        }
        commands::dispatch(self, command, request).await
    }

    /// The words of this desk's language.
    pub fn words(&self) -> &'static words::Words {
        session::words_of(&self.desk)
    }

    /// Changes as they happen.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Routes of notifications that were clicked: `/runs/01J…`.
    pub fn opened_links(&self) -> broadcast::Receiver<String> {
        self.links.subscribe()
    }

    /// Folder of this desk.
    pub fn home(&self) -> &Path {
        &self.home
    }

    pub(crate) fn session(&self) -> Result<Arc<Session>, Failure> {
        self.session
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
            .ok_or_else(|| Failure::said(Code::NoWorkspace, said!("no-workspace-open")))
    }

    pub(crate) fn set_session(&self, session: Option<Arc<Session>>) {
        *self.session.write().unwrap_or_else(std::sync::PoisonError::into_inner) = session;
        let _ = self.changes.send(Change { position: 0, rooms: vec!["workspace"] });
    }

    pub(crate) fn staging_folder(&self) -> Result<PathBuf, Failure> {
        let folder = self.home.join("staging");
        make_folder(&folder)?;
        Ok(folder)
    }
}

pub(crate) fn make_folder(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| {
        Failure::said(Code::Denied, said!("cannot-make-folder", path = folder.display().to_string()))
            .because(&error)
    })
}

impl From<cache::Error> for Failure {
    fn from(error: cache::Error) -> Self {
        let detail = error.to_string();
        let (code, said) = match &error {
            cache::Error::BadRequest(_) => (Code::Usage, said!("as-it-says", detail = detail)),
            cache::Error::Newer { path, .. } => {
                (Code::UpdateRequired, said!("desk-newer", path = path.display().to_string()))
            }
            cache::Error::Denied { path, .. } => {
                (Code::Denied, said!("home-unwritable", path = path.display().to_string()))
            }
            cache::Error::Full { path } => {
                (Code::Denied, said!("desk-full", path = path.display().to_string()))
            }
            cache::Error::Damaged { .. } | cache::Error::Moved { .. } => {
                (Code::Internal, said!("cache-moved", detail = detail))
            }
        };
        Self::said(code, said).because(&error)
    }
}
