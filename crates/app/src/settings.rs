//! Settings of this desk.

pub(crate) mod mail;
mod views;

use std::path::PathBuf;

pub use mail::{keep_mail_password, send_test_mail};
pub use views::*;

use words::said;

use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// The settings.
///
/// # Errors
/// When the desk file cannot be read.
pub async fn show(app: &App, _request: Nothing) -> Result<Settings, Failure> {
    let read = |name: &str, default: &str| -> Result<String, Failure> {
        Ok(app.desk.setting(name)?.unwrap_or_else(|| default.to_owned()))
    };
    Ok(Settings {
        theme: read("theme", "system")?,
        language: read("language", "system")?,
        desktop_notices: read("desktop_notices", "yes")? == "yes",
        buckets: bucket_folder(&app.desk, &app.home)?.display().to_string(),
        mail: mail::read(app)?,
    })
}

/// Changes the settings.
///
/// # Errors
/// [`Code::Usage`] for a value that is none of those known.
pub async fn change(app: &App, request: Settings) -> Result<Settings, Failure> {
    let one_of = |name: &str, value: &str, known: &[&str]| {
        if known.contains(&value) {
            return Ok(());
        }
        Err(Failure::said(
            Code::Usage,
            said!("not-one-of", value = value.to_string(), name = name.to_string(), known = known.join(", ")),
        ))
    };
    one_of("theme", &request.theme, &["system", "light", "dark"])?;
    one_of("language", &request.language, &["system", "en", "pt-BR"])?;
    if !PathBuf::from(&request.buckets).is_absolute() {
        return Err(Failure::said(Code::Usage, said!("not-absolute", path = request.buckets.to_string())));
    }
    mail::change(app, &request.mail)?;
    app.desk.set("theme", &request.theme)?;
    app.desk.set("language", &request.language)?;
    app.desk.set("desktop_notices", if request.desktop_notices { "yes" } else { "no" })?;
    app.desk.set("buckets", &request.buckets)?;
    show(app, Nothing {}).await
}

/// The folder whose sub-folders are buckets.
pub(crate) fn bucket_folder(desk: &cache::Desk, home: &std::path::Path) -> Result<PathBuf, Failure> {
    Ok(match desk.setting("buckets")? {
        Some(folder) => PathBuf::from(folder),
        None => home.join("buckets"),
    })
}
