//! The window: one command, `call`, and two events, `changed` and `open`. Everything else is in `app`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod desk;
mod frame;
mod links;
mod native;
mod tray;

use std::process::ExitCode;

use arguments::{Arguments, Wish};

/// Definitions, entries and reports are many small pieces, which this allocator gives out and takes back sooner than the
/// system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match arguments::parse(std::env::args_os().skip(1)) {
        Wish::Open(arguments) => arguments,
        Wish::Say(text) => {
            say(&text);
            return ExitCode::SUCCESS;
        }
        Wish::Refuse(text) => {
            complain(&text);
            return ExitCode::from(2);
        }
    };
    if let Some(missing) = frame::missing_display() {
        complain(&missing);
        return ExitCode::FAILURE;
    }
    match open(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("The window could not be opened: {error}."));
            ExitCode::FAILURE
        }
    }
}

fn open(arguments: Arguments) -> tauri::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_stack_size(app::STACK_BYTES)
        .enable_all()
        .build()?;
    tauri::async_runtime::set(runtime.handle().clone());
    let first_page = arguments.link.as_deref().and_then(links::route).unwrap_or_else(|| "/".to_owned());
    let builder = tauri::Builder::default()
        // First of all plugins: a second start must end before it does anything else.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| frame::show(app)))
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .invoke_handler(tauri::generate_handler![desk::call])
        .setup(move |app| {
            desk::open(app.handle(), arguments);
            links::listen(app.handle());
            frame::build(app.handle(), &first_page)?;
            tray::build(app.handle())?;
            Ok(())
        });
    let ended = builder.run(tauri::generate_context!());
    // What is still under way is not waited for: the window is gone, and every step is safe to stop at.
    runtime.shutdown_background();
    ended
}

/// Writes to the terminal that started the window, if one did.
#[expect(clippy::print_stdout, reason = "`--help` and `--version` are answers, and go where answers go")]
fn say(text: &str) {
    println!("{text}");
}

/// The same for what went wrong.
#[expect(clippy::print_stderr, reason = "there is no window to show it in")]
fn complain(text: &str) {
    eprintln!("{text}");
}
