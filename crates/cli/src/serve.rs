//! The window's pages and commands for a browser on this machine, for building and testing the pages.
//!
//! Whoever can call this acts as the member at this desk. So: loopback only, and no other page, host name or account of the
//! machine gets through (`guard`).

mod guard;
mod pages;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use app::{App, Code, Failure};
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use clap::Args;
use futures::Stream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use words::said;

use crate::desk::Desk;
use crate::output::Answer;

/// A request larger than this was not made by our pages.
const REQUEST_BYTES_MAX: usize = 16 << 20;

#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 7410)]
    port: u16,
    /// Folder of the pages, as `npm run build` leaves them
    #[arg(long, value_name = "DIR", default_value = "ui/dist")]
    dist: PathBuf,
    /// Another origin whose pages may call, for example a development server's http://localhost:5173
    #[arg(long = "allow-origin", value_name = "ORIGIN")]
    origins: Vec<String>,
}

/// What every request needs.
#[derive(Clone)]
pub(crate) struct Site {
    app: Arc<App>,
    dist: Arc<PathBuf>,
    origins: Arc<Vec<String>>,
    port: u16,
}

impl Serve {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let output = desk.output;
        desk.open()?;
        let reader = desk.reader();
        let (runtime, app) = desk.open()?;
        runtime.block_on(async {
            let cannot = |error: std::io::Error| {
                Failure::said(Code::Denied, said!("port-taken", port = self.port.to_string())).because(&error)
            };
            let listener =
                tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await.map_err(cannot)?;
            let port = listener.local_addr().map_err(cannot)?.port();
            let site =
                Site { app: app.clone(), dist: Arc::new(self.dist), origins: Arc::new(self.origins), port };
            let url = format!("http://127.0.0.1:{port}/");
            output.line(&json!({ "url": url }), &reader.say(&said!("said-serving", url = url.as_str())));
            // What is due is done while the pages are served, as it is while the window is open.
            tokio::spawn(app.clone().watch(|_| {}));
            let service = router(site).into_make_service_with_connect_info::<SocketAddr>();
            // An open stream of changes would keep a graceful end waiting for ever: the end of the program ends it.
            tokio::select! {
                ended = axum::serve(listener, service) => ended.map_err(cannot),
                _ = tokio::signal::ctrl_c() => Ok(()),
            }
        })?;
        Ok(Answer::said())
    }
}

fn router(site: Site) -> Router {
    Router::new()
        .route("/api/call", post(call))
        .route("/api/changed", get(changed))
        .fallback(get(pages::page))
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .layer(middleware::from_fn_with_state(site.clone(), guard::check))
        .with_state(site)
}

#[derive(Deserialize)]
struct Call {
    command: String,
    #[serde(default = "nothing")]
    request: Value,
}

fn nothing() -> Value {
    json!({})
}

async fn call(State(site): State<Site>, call: Result<Json<Call>, JsonRejection>) -> Response {
    let call = match call {
        Ok(Json(call)) => call,
        Err(cause) => {
            let failure = Failure::said(Code::Usage, said!("post-unreadable", cause = cause.to_string()));
            return (status(failure.code), Json(failure)).into_response();
        }
    };
    match site.app.call(&call.command, call.request).await {
        Ok(answer) => Json(answer).into_response(),
        Err(failure) => (status(failure.code), Json(failure)).into_response(),
    }
}

fn status(code: Code) -> StatusCode {
    match code {
        Code::Usage | Code::Package | Code::Definition | Code::Expression => StatusCode::BAD_REQUEST,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::Refused | Code::Denied | Code::NoWorkspace => StatusCode::FORBIDDEN,
        Code::Conflict => StatusCode::CONFLICT,
        Code::Offline => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn changed(State(site): State<Site>) -> Sse<impl Stream<Item = Result<Event, axum::Error>>> {
    let changes = futures::stream::unfold(site.app.changes(), |mut changes| async move {
        let event = match changes.recv().await {
            Ok(change) => Event::default().event("changed").json_data(change),
            // Too many to keep up with: everything may be old.
            Err(RecvError::Lagged(_)) => {
                Event::default().event("changed").json_data(json!({ "position": 0, "rooms": ["workspace"] }))
            }
            Err(RecvError::Closed) => return None,
        };
        Some((event, changes))
    });
    Sse::new(changes).keep_alive(KeepAlive::default())
}
