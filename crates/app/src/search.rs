//! Search over everything in the workspace that has a name, and entries by number.

mod views;

use governance::Digest;
use governance::registry::{Model, Version};
use governance::runs::Run;
pub use views::*;

use crate::registry::import;
use crate::session::Session;
use crate::{App, Code, Failure};

/// Hits of a kind, at most.
const EACH: u32 = 6;
const EACH_MAX: u32 = 50;
/// Packages whose names are read into the index before one answer; further ones wait for the next.
const PACKAGES_A_SEARCH: u32 = 40;

/// What is called like that, best first.
///
/// # Errors
/// [`Code::NoWorkspace`].
pub async fn find(app: &App, request: SearchFor) -> Result<Found, Failure> {
    let session = app.session()?;
    read_names(&session).await?;
    let each = request.each.unwrap_or(EACH).clamp(1, EACH_MAX);
    let text = request.text.trim();
    let mut hits = Vec::new();
    if let Ok(position) = text.trim_start_matches('#').parse::<u64>()
        && let Some(entry) = session.cache.entry(position)?
    {
        hits.push(HitRow {
            kind: "entry".to_owned(),
            title: format!("#{position}"),
            detail: entry.member,
            link: format!("/ledger/{position}"),
        });
    }
    // A digest names exactly the versions that hold these contents.
    if text.starts_with("sha256:") {
        for (key, version) in session.cache.having::<Version>("versions", "root", text)? {
            let title = label(&session, &version)?;
            let detail = version.package.root.to_string();
            hits.push(HitRow { kind: "version".to_owned(), title, detail, link: format!("/versions/{key}") });
        }
    }
    for hit in session.cache.search(text, each)? {
        hits.extend(hit_row(&session, hit)?);
    }
    Ok(Found { hits })
}

fn hit_row(session: &Session, hit: cache::search::Hit) -> Result<Option<HitRow>, Failure> {
    let cache::search::Hit { kind, key, title, detail } = hit;
    let row = |kind: &str, title: String, detail: String, link: String| {
        Some(HitRow { kind: kind.to_owned(), title, detail, link })
    };
    Ok(match kind.as_str() {
        "projects" => row("project", title, detail, format!("/projects/{key}")),
        "models" => {
            let model: Model = session.row("models", "model", &key)?;
            let link = model.versions.last().map_or_else(
                || format!("/projects/{}", model.project),
                |version| format!("/versions/{version}"),
            );
            row("model", format!("{title} {}", model.latest_number), model.project_name.to_string(), link)
        }
        "definitions" => {
            let definition: governance::workflow::Definition =
                session.row("definitions", "definition", &key)?;
            row("definition", title, definition.number.to_string(), format!("/definitions/{key}"))
        }
        "instances" => row("instance", title, detail, format!("/instances/{key}")),
        "tasks" => row("task", title, detail, format!("/tasks/{key}")),
        "runs" => {
            let run: Run = session.row("runs", "run", &key)?;
            let version: Version = session.row("versions", "version", run.version.as_str())?;
            let words = session.words();
            let kind = words.say(&words::Said::new(format!("run-kind-{}", run.kind.name())));
            row("run", format!("{} · {kind}", label(session, &version)?), run.bucket, format!("/runs/{key}"))
        }
        "members" => row("member", title, detail, "/people".to_owned()),
        "variables" | "files" => match key.split_once('/') {
            Some((version, path)) => {
                let of = label(session, &session.row("versions", "version", version)?)?;
                if kind == "variables" {
                    row("variable", title, of, format!("/versions/{version}?tab=variables"))
                } else {
                    let path = percent(path);
                    row("file", title, of, format!("/versions/{version}?tab=files&file={path}"))
                }
            }
            None => None,
        },
        _ => None,
    })
}

fn label(session: &Session, version: &Version) -> Result<String, Failure> {
    let model: Model = session.row("models", "model", version.model.as_str())?;
    Ok(format!("{} {}.{}", model.name, version.major, version.minor))
}

/// Reads the names inside packages that no search has seen yet. A blob that is out of reach is tried again by the next.
async fn read_names(session: &Session) -> Result<(), Failure> {
    for (id, _) in session.cache.unread_packages(PACKAGES_A_SEARCH)? {
        let version: Version = session.row("versions", "version", &id)?;
        let package = match import::reading(session, &version.package).await {
            Ok(package) => package,
            Err(failure) if matches!(failure.code, Code::Offline | Code::NotFound) => continue,
            Err(failure) => return Err(failure),
        };
        let variables = package.variables.iter().map(|variable| ("variables", variable.name.clone()));
        let files = package.files.iter().map(|file| ("files", file.path.clone()));
        let names: Vec<(&str, String)> = variables.chain(files).collect();
        let reading: &Digest = &version.package.reading;
        session.cache.index_package(&id, reading.as_str(), &names)?;
    }
    Ok(())
}

/// A path as a value of an address.
fn percent(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
