//! The icon in the desktop's tray: the window and its busiest pages, one click away.

use tauri::AppHandle;
use tauri::menu::{MenuBuilder, MenuItemBuilder};
use tauri::tray::TrayIconBuilder;

use crate::{frame, links};

/// Menu entries: identifier, label, and the route it opens.
const PLACES: [(&str, &str, &str); 3] =
    [("inbox", "Inbox", "/"), ("projects", "Projects", "/projects"), ("runs", "Runs", "/runs")];

/// Puts the icon there, if this desktop has a tray.
pub(crate) fn build(app: &AppHandle) -> tauri::Result<()> {
    if !available() {
        return Ok(());
    }
    let mut menu = MenuBuilder::new(app);
    for (id, label, _) in PLACES {
        menu = menu.item(&MenuItemBuilder::with_id(id, label).build(app)?);
    }
    let menu =
        menu.separator().item(&MenuItemBuilder::with_id("quit", "Quit Countersign").build(app)?).build()?;
    let mut tray = TrayIconBuilder::with_id("countersign").tooltip("Countersign").menu(&menu).on_menu_event(
        |app, event| {
            if event.id() == "quit" {
                app.exit(0);
            } else if let Some((_, _, route)) = PLACES.iter().find(|(id, ..)| event.id() == id) {
                frame::show(app);
                links::open(app, route);
            }
        },
    );
    if let Some(icon) = app.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.build(app)?;
    Ok(())
}

/// Linux desktops bring the tray as a library that may be absent, and the binding panics where it is.
fn available() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let names = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
    let architecture = format!("{}-linux-gnu", std::env::consts::ARCH);
    ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"]
        .iter()
        .map(std::path::PathBuf::from)
        .flat_map(|folder| [folder.join(&architecture), folder])
        .any(|folder| names.iter().any(|name| folder.join(name).exists()))
}
