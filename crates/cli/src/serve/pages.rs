//! The pages, from the folder that `npm run build` left them in.

use std::path::{Component, Path, PathBuf};

use app::{Code, Failure};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use words::said;

use super::Site;

/// The same policy as the window's own, which has the shell's scheme besides.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                      font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file of the pages; a route of theirs is answered with the one page they all begin at.
pub(super) async fn page(State(site): State<Site>, uri: Uri) -> Response {
    let path = uri.path();
    if let Some(file) = inside(path)
        && let Ok(bytes) = tokio::fs::read(site.dist.join(&file)).await
    {
        return sent(&file, bytes);
    }
    // Below these are files only, and a missing one must not look like a page.
    if path.starts_with("/assets/") || path.starts_with("/api/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let start = Path::new("index.html");
    match tokio::fs::read(site.dist.join(start)).await {
        Ok(bytes) => sent(start, bytes),
        Err(_) => {
            let failure =
                Failure::said(Code::NotFound, said!("no-pages", path = site.dist.display().to_string()));
            (StatusCode::NOT_FOUND, Json(failure)).into_response()
        }
    }
}

fn sent(file: &Path, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind(file)),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, bytes).into_response()
}

/// The path below the folder; nothing for one that would leave it.
fn inside(path: &str) -> Option<PathBuf> {
    let path = Path::new(path.trim_start_matches('/'));
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && !path.to_string_lossy().contains(['\\', '%', '\0'])).then(|| path.to_owned())
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("woff") => "font/woff",
        Some("json" | "map") => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leaves_the_folder() {
        for path in ["/../secret", "/a/../../secret", "/..%2fsecret", "/a\\..\\b", "/%2e%2e/x"] {
            assert_eq!(inside(path), None, "{path}");
        }
        for (path, wanted) in
            [("/", ""), ("/runs/01J8", "runs/01J8"), ("/assets/index.js", "assets/index.js")]
        {
            assert_eq!(inside(path), Some(PathBuf::from(wanted)), "{path}");
        }
    }
}
