//! What only a window can do: choosing files with the desktop's own dialog, opening a page in the browser. Pages ask for it
//! through the one command, in the room `window`, so that no plugin's command has to be let in.

use app::{Code, Failure};
use serde_json::{Value, json};
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;
use tokio::sync::oneshot;
use words::said;

/// Runs a command of the room `window`.
///
/// * `window.choose_file` `{title, extensions}` answers `{path}`, null if the person changed their mind.
/// * `window.choose_folder` `{title}` likewise.
/// * `window.open_outside` `{url}` opens an `https:` address in the browser.
pub(crate) async fn call(app: &AppHandle, command: &str, request: &Value) -> Result<Value, Failure> {
    match command {
        "window.choose_file" => Ok(json!({ "path": choose(app, request, What::File).await })),
        "window.choose_folder" => Ok(json!({ "path": choose(app, request, What::Folder).await })),
        "window.open_outside" => {
            let url = request["url"].as_str().unwrap_or_default();
            if !url.starts_with("https://") {
                return Err(Failure::said(Code::Usage, said!("no-browser-address", url = url.to_string())));
            }
            app.opener().open_url(url, None::<&str>).map_err(|error| {
                Failure::said(Code::Missing, said!("no-browser", url = url.to_string())).because(&error)
            })?;
            Ok(json!({}))
        }
        _ => Err(Failure::said(Code::Usage, said!("no-window-command", command = command.to_string()))),
    }
}

#[derive(Clone, Copy)]
enum What {
    File,
    Folder,
}

async fn choose(app: &AppHandle, request: &Value, what: What) -> Option<String> {
    let mut dialog = app.dialog().file();
    if let Some(title) = request["title"].as_str() {
        dialog = dialog.set_title(title);
    }
    let extensions: Vec<&str> =
        request["extensions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !extensions.is_empty() {
        dialog = dialog.add_filter(
            extensions.iter().map(|one| format!("*.{one}")).collect::<Vec<_>>().join(", "),
            &extensions,
        );
    }
    let (answer, chosen) = oneshot::channel();
    let reply = move |path: Option<tauri_plugin_dialog::FilePath>| drop(answer.send(path));
    match what {
        What::File => dialog.pick_file(reply),
        What::Folder => dialog.pick_folder(reply),
    }
    let path = chosen.await.ok().flatten()?.into_path().ok()?;
    Some(path.to_string_lossy().into_owned())
}
