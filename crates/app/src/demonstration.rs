//! The demonstration: one model from a package to countersigned, migrated and trained, played through the same commands
//! everybody uses, with every outcome checked.

mod story;
mod views;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

pub use views::*;

use words::said;

use crate::session::Session;
use crate::workspace::{self, Nothing, OpenAt, WorkspaceStatus};
use crate::{App, Code, Failure, Options};

/// What the demonstration's workspace is called.
pub(crate) const NAME: &str = "Demonstration";
/// The bucket IT names in the story.
pub(crate) const BUCKET: &str = "countersign-demo";

/// Whether the story is being played right now, and how it last ended.
#[derive(Debug, Default)]
pub(crate) struct Playing {
    now: AtomicBool,
    /// The step whose outcome was not what it must be, and why; until the story is played on.
    failed: Mutex<Option<(&'static str, Failure)>>,
}

impl Playing {
    fn set_failed(&self, failed: Option<(&'static str, Failure)>) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = failed;
    }

    fn failed(&self) -> Option<(&'static str, Failure)> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Plays the story in a fresh workspace: to the end, or to the moment the validator has the task. Each step is told as it
/// ends; a step whose outcome is not what it must be ends the story with a failure. With `in_sandbox` the model goes to a
/// Google Cloud on this machine, which is started for it and stopped after it.
///
/// # Errors
/// The failure of the step that failed.
pub async fn play_afresh(
    options: Options,
    to_end: bool,
    in_sandbox: bool,
    tell: impl Fn(&StoryStep) + Send,
) -> Result<(), Failure> {
    let app = App::open(Options { workspace: None, member: None, ..options }).await?;
    take_away(&app)?;
    // Every step is played and checked, also one whose outcome an earlier step already brought about.
    let (first, rest) = story::STEPS.split_at(1);
    let (before, after) =
        if in_sandbox { ([story::SANDBOX].to_vec(), [story::SWEPT].to_vec()) } else { Default::default() };
    for step in first.iter().chain(&before).chain(rest).chain(&after) {
        if !to_end && step.by_hand {
            return Ok(());
        }
        let played = story::play(&app, step).await;
        let shown = step.shown(match &played {
            Ok(detail) => ("done", detail.clone()),
            Err(failure) => ("failed", failure.to_string()),
        });
        tell(&shown);
        played?;
    }
    Ok(())
}

/// Makes the demonstration workspace ready up to the moment the validator has the task, or opens it where it was left.
///
/// # Errors
/// When the home folder cannot be written.
pub async fn prepare(app: &App, _request: Nothing) -> Result<WorkspaceStatus, Failure> {
    let folder = folder(&app.home);
    if folder.join("genesis.json").exists() {
        let url = folder.display().to_string();
        if app.session().map(|session| session.url != url).unwrap_or(true) {
            workspace::open(app, OpenAt { url, member: None }).await?;
        }
    } else {
        take_away(app)?;
        story::play(app, &story::STEPS[0]).await?;
    }
    while let Some(step) = story::next(app).await? {
        if step.by_hand {
            break;
        }
        story::play(app, &step).await?;
    }
    let session = app.session()?;
    if session.member_now().is_none() {
        workspace::act_as(app, workspace::ActAs { member: story::VALIDATOR.to_owned() }).await?;
    }
    workspace::status(app, Nothing {}).await
}

/// Plays the next step of the story, or all that are left; in a Google Cloud on this machine where the request says so and no
/// bucket was named yet.
///
/// # Errors
/// [`Code::Conflict`] when it is being played already; [`Code::Refused`] when its model already went somewhere else; the
/// failure of the step that failed.
pub async fn play(app: &App, request: PlayStory) -> Result<StoryState, Failure> {
    let session = app.session()?;
    if !is_demonstration(app, &session) {
        return Err(Failure::said(Code::Refused, said!("not-demonstration")));
    }
    if app.story.now.swap(true, Ordering::SeqCst) {
        return Err(Failure::said(Code::Conflict, said!("story-playing")));
    }
    app.story.set_failed(None);
    let acting = session.member_now();
    let played = async {
        if request.in_sandbox && !story::in_sandbox(&session)? {
            if !story::place_is_open(&session)? {
                return Err(Failure::said(Code::Refused, said!("story-placed")));
            }
            story::play(app, &story::SANDBOX).await?;
            session.tell(&["workspace", "workflow", "runs", "settings"]);
            if !request.to_end {
                return Ok(());
            }
        }
        story::open_place(app).await?;
        while let Some(step) = story::next(app).await? {
            if let Err(failure) = story::play(app, &step).await {
                app.story.set_failed(Some((step.name, failure.clone())));
                return Err(failure);
            }
            session.tell(&["workspace", "workflow", "runs", "registry", "notices"]);
            if !request.to_end {
                break;
            }
        }
        Ok::<(), Failure>(())
    }
    .await;
    session.act_as(acting);
    app.story.now.store(false, Ordering::SeqCst);
    session.tell(&["workspace"]);
    played?;
    state(app, &session).await?.ok_or_else(|| Failure::said(Code::Internal, said!("story-stateless")))
}

pub(crate) fn folder(home: &Path) -> PathBuf {
    home.join("demo").join("workspace")
}

pub(crate) fn is_demonstration(app: &App, session: &Session) -> bool {
    session.url == folder(&app.home).display().to_string() && session.ledger.genesis().name == NAME
}

/// How far the story has come, if this is the demonstration.
pub(crate) async fn state(app: &App, session: &Session) -> Result<Option<StoryState>, Failure> {
    if !is_demonstration(app, session) {
        return Ok(None);
    }
    let playing = app.story.now.load(Ordering::SeqCst);
    let failed = app.story.failed();
    let mut steps = Vec::new();
    let mut next_seen = false;
    for step in story::steps(session)? {
        let done = !next_seen && story::is_done(session, &step)?;
        let why = failed.as_ref().filter(|(name, _)| *name == step.name);
        let state = match (done, next_seen) {
            (true, _) => "done",
            (false, false) if playing => "playing",
            (false, false) if why.is_some() => "failed",
            (false, false) => "next",
            (false, true) => "later",
        };
        next_seen |= !done;
        let why = why.filter(|_| state == "failed").map(|(_, why)| why.clone().in_words(session.words()));
        let detail = why.map(|why| why.to_string()).unwrap_or_default();
        steps.push(step.shown((state, detail)));
    }
    let in_sandbox = story::in_sandbox(session)?;
    let place_open = !in_sandbox && story::place_is_open(session)?;
    Ok(Some(StoryState { steps, playing, in_sandbox, place_open }))
}

/// Takes an earlier demonstration away. Only what a demonstration made: its folder says so.
fn take_away(app: &App) -> Result<(), Failure> {
    app.set_session(None);
    let folder = folder(&app.home);
    let parent = app.home.join("demo");
    if folder.join("genesis.json").exists() {
        std::fs::remove_dir_all(&parent).map_err(|error| {
            Failure::said(Code::Denied, said!("cannot-remove", path = parent.display().to_string()))
                .because(&error)
        })?;
    }
    let bucket = crate::settings::bucket_folder(&app.desk, &app.home)?.join(BUCKET);
    if bucket.exists() {
        std::fs::remove_dir_all(&bucket).map_err(|error| {
            Failure::said(Code::Denied, said!("cannot-remove", path = bucket.display().to_string()))
                .because(&error)
        })?;
    }
    Ok(())
}
