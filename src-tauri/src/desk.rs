//! The desk behind the window: opened once, called by the pages, heard by them.

use std::sync::Arc;

use app::{App, Code, Failure, Options};
use serde_json::{Value, json};
use tauri::{AppHandle, Emitter, Manager, State};
use tokio::sync::OnceCell;
use tokio::sync::broadcast::error::RecvError;
use words::{Locale, Words, said};

use crate::arguments::Arguments;
use crate::{links, native};

/// Event that tells the pages which rooms are old.
const CHANGED: &str = "changed";

/// What the window holds: how it was started, and the desk once it is open.
pub(crate) struct Desk {
    arguments: Arguments,
    app: OnceCell<Arc<App>>,
}

/// Begins to open the desk. The window does not wait: its first call does.
pub(crate) fn open(window: &AppHandle, arguments: Arguments) {
    window.manage(Desk { arguments, app: OnceCell::new() });
    let window = window.clone();
    tauri::async_runtime::spawn(async move {
        // A failure is told to whoever calls; every call tries again.
        drop(window.state::<Desk>().ready(&window).await);
    });
}

/// The one command of the window.
#[tauri::command]
pub(crate) async fn call(
    window: AppHandle,
    desk: State<'_, Desk>,
    command: String,
    request: Value,
) -> Result<Value, Failure> {
    if command.starts_with("window.") {
        return native::call(&window, &command, &request).await;
    }
    desk.ready(&window).await.map_err(|failure| failure.in_words(spoken()))?.call(&command, request).await
}

/// What the system speaks, before a desk is open that may say otherwise.
fn spoken() -> &'static Words {
    Words::of(Locale::detect(None, |name| std::env::var(name).ok()))
}

impl Desk {
    async fn ready(&self, window: &AppHandle) -> Result<&Arc<App>, Failure> {
        self.app
            .get_or_try_init(|| async {
                let home =
                    match &self.arguments.home {
                        Some(home) => home.clone(),
                        None => window.path().data_dir().map(|data| data.join("countersign")).map_err(
                            |error| Failure::said(Code::Missing, said!("no-home")).because(&error),
                        )?,
                    };
                let options = Options {
                    home,
                    workspace: self.arguments.workspace.clone(),
                    member: self.arguments.member.clone(),
                    ..Options::default()
                };
                let app = Arc::new(App::open(options).await?);
                if self.arguments.demonstration {
                    app.call("demonstration.prepare", json!({})).await?;
                }
                forward(window, &app);
                Ok(app)
            })
            .await
    }
}

/// Tells the pages of changes, and of notifications that were clicked, for as long as the window lives.
fn forward(window: &AppHandle, app: &Arc<App>) {
    let (mut changes, mut opens) = (app.changes(), app.opened_links());
    let pages = window.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            match changes.recv().await {
                Ok(change) => drop(pages.emit(CHANGED, change)),
                // Too many to keep up with: everything may be old.
                Err(RecvError::Lagged(_)) => {
                    drop(pages.emit(CHANGED, json!({ "position": 0, "rooms": ["workspace"] })))
                }
                Err(RecvError::Closed) => break,
            }
        }
    });
    // What is due is done while the window is open; what stands in the way is shown where it stands.
    tauri::async_runtime::spawn(app.clone().watch(|_| {}));
    let pages = window.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            match opens.recv().await {
                Ok(link) => links::open(&pages, &link),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => break,
            }
        }
    });
}
