//! Links of the scheme `countersign://`, from the browser, a mail, or a notification.

use tauri::{AppHandle, Emitter};
use tauri_plugin_deep_link::DeepLinkExt;

use crate::frame;

/// Event that tells the pages which link to open.
const OPEN: &str = "open";
/// A link longer than this was not made by us.
const LINK_CHARS_MAX: usize = 2_000;

/// Hears links for as long as the window lives.
pub(crate) fn listen(app: &AppHandle) {
    let window = app.clone();
    app.deep_link().on_open_url(move |event| {
        for url in event.urls() {
            open(&window, url.as_str());
        }
    });
    // An installed package registers the scheme; a build run from its folder asks the desktop to. Refusing is its right.
    #[cfg(all(debug_assertions, target_os = "linux"))]
    if std::env::var_os("COUNTERSIGN_REGISTER_LINKS").is_some() {
        drop(app.deep_link().register_all());
    }
}

/// Shows the window at a link or a route. What is neither is left alone.
pub(crate) fn open(app: &AppHandle, link: &str) {
    if let Some(route) = route(link) {
        frame::show(app);
        // A window that is gone misses nothing.
        drop(app.emit(OPEN, format!("countersign:/{route}")));
    }
}

/// The route of a link: `countersign://runs/1?tab=log` and `/runs/1?tab=log` both mean `/runs/1?tab=log`.
pub(crate) fn route(link: &str) -> Option<String> {
    let path = match link.strip_prefix("countersign:") {
        Some(rest) => rest.trim_start_matches('/'),
        None => link.strip_prefix('/')?,
    };
    let sound = link.len() <= LINK_CHARS_MAX
        && !path.starts_with('/')
        && !path.contains("..")
        && path.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.~%?=&,:@+#".contains(c));
    sound.then(|| format!("/{path}"))
}

#[cfg(test)]
mod tests {
    use super::route;

    #[test]
    fn links_become_routes() {
        for (link, wanted) in [
            ("countersign://runs/01J8", Some("/runs/01J8")),
            ("countersign:///runs/01J8?tab=log", Some("/runs/01J8?tab=log")),
            ("countersign:", Some("/")),
            ("/runs/01J8", Some("/runs/01J8")),
            ("//evil.example/x", None),
            ("https://evil.example", None),
            ("countersign://runs/../../etc", None),
            ("countersign://runs/<script>", None),
            ("javascript:alert(1)", None),
        ] {
            assert_eq!(route(link).as_deref(), wanted, "{link}");
        }
    }

    #[test]
    fn a_link_as_long_as_a_book_is_left_alone() {
        assert_eq!(route(&format!("countersign://{}", "a".repeat(2_000))), None);
    }
}
