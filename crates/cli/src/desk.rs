//! The desk behind the terminal. Nothing is opened before a command needs it: `--version` and a list answer at once.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use app::{App, Code, Failure};
use serde_json::Value;
use tokio::runtime::Runtime;
use words::{Locale, Words, said};

use crate::arguments::Options;
use crate::output::{Output, Reader};

/// A desk that opens itself.
pub(crate) struct Desk {
    options: Options,
    /// How this command speaks.
    pub(crate) output: Output,
    runtime: Option<Runtime>,
    app: Option<Arc<App>>,
}

impl Desk {
    pub(crate) fn new(options: Options, output: Output) -> Self {
        Self { options, output, runtime: None, app: None }
    }

    /// Runs one command of the list.
    pub(crate) fn call(&mut self, command: &str, request: Value) -> Result<Value, Failure> {
        let (runtime, app) = self.open()?;
        runtime.block_on(app.call(command, request))
    }

    /// The desk, open, and what its futures run on.
    pub(crate) fn open(&mut self) -> Result<(&Runtime, &Arc<App>), Failure> {
        if self.app.is_none() {
            let options = self.app_options()?;
            let app = self.runtime()?.block_on(App::open(options))?;
            self.app = Some(Arc::new(app));
        }
        match (&self.runtime, &self.app) {
            (Some(runtime), Some(app)) => Ok((runtime, app)),
            _ => Err(Failure::said(Code::Internal, said!("desk-closed"))),
        }
    }

    /// Whoever reads this terminal, in the language of the desk's own setting once it is open, of the system before.
    pub(crate) fn reader(&self) -> Reader {
        Reader::of(match &self.app {
            Some(app) => app.words(),
            None => Words::of(Locale::detect(None, |name| std::env::var(name).ok())),
        })
    }

    /// Runs what needs no desk.
    pub(crate) fn block_on<T>(&mut self, future: impl Future<Output = T>) -> Result<T, Failure> {
        Ok(self.runtime()?.block_on(future))
    }

    /// How the command line says the desk is to be opened.
    pub(crate) fn app_options(&self) -> Result<app::Options, Failure> {
        let home = self
            .options
            .home
            .clone()
            .or_else(default_home)
            .ok_or_else(|| Failure::said(Code::Missing, said!("no-home")))?;
        Ok(app::Options {
            home,
            workspace: self.options.workspace.clone(),
            member: self.options.member.clone(),
            ..app::Options::default()
        })
    }

    /// Makes this the desk of no workspace: for a command that founds one.
    pub(crate) fn forget_workspace(&mut self) {
        self.options.workspace = None;
        self.options.member = None;
    }

    fn runtime(&mut self) -> Result<&Runtime, Failure> {
        if self.runtime.is_none() {
            let made = tokio::runtime::Builder::new_multi_thread()
                // A command waits for one thing at a time; runs and downloads wait beside it.
                .worker_threads(2)
                .thread_stack_size(app::STACK_BYTES)
                .enable_all()
                .build()
                .map_err(|error| Failure::said(Code::Missing, said!("no-thread")).because(&error))?;
            self.runtime = Some(made);
        }
        self.runtime.as_ref().ok_or_else(|| Failure::said(Code::Internal, said!("desk-closed")))
    }
}

/// Where a desk is kept when nobody says otherwise; the window asks the desktop and is told the same.
fn default_home() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let data = if cfg!(windows) {
        folder("APPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        folder("XDG_DATA_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| folder("HOME").map(|home| home.join(".local/share")))
    };
    data.map(|data| data.join("countersign"))
}
