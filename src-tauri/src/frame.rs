//! The window itself: made, shown, brought to the front.

use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// Label of the one window; the capability file names it too.
const MAIN: &str = "main";

/// Why there can be no window here, and what to do instead; nothing where there can.
#[cfg(target_os = "linux")]
pub(crate) fn missing_display() -> Option<String> {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let what = match (set("DISPLAY"), set("WAYLAND_DISPLAY")) {
        (None, None) => {
            "There is no display here: neither `DISPLAY` nor `WAYLAND_DISPLAY` is set.".to_owned()
        }
        // The toolkit would end the program without a word of ours.
        (x11, wayland) => {
            gtk::init().err()?;
            let names: Vec<String> = wayland.into_iter().chain(x11).map(|name| format!("`{name}`")).collect();
            format!("The display {} does not answer.", names.join(" or "))
        }
    };
    Some(format!(
        "{what}\n\
         Use the same commands in the terminal (`countersign --help`), serve the pages to a browser (`countersign serve`), \
         or run the window on a virtual display (`xvfb-run countersign-window`)."
    ))
}

/// Other systems always have one.
#[cfg(not(target_os = "linux"))]
pub(crate) fn missing_display() -> Option<String> {
    None
}

/// Makes the window and shows it at `route`. The pages keep their route behind the `#`.
pub(crate) fn build(app: &AppHandle, route: &str) -> tauri::Result<WebviewWindow> {
    WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App(format!("index.html#{route}").into()))
        .title("Countersign")
        .inner_size(1280.0, 832.0)
        .min_inner_size(880.0, 560.0)
        // Only our own pages: a link that leads elsewhere is opened by the browser (`window.open_outside`).
        .on_navigation(|url| {
            matches!(url.scheme(), "tauri" | "about") || url.host_str() == Some("tauri.localhost")
        })
        .build()
}

/// Brings the window to the front.
pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        // Each of these can be refused by a window system that thinks otherwise; the window is there all the same.
        drop(window.show());
        drop(window.unminimize());
        drop(window.set_focus());
    }
}
