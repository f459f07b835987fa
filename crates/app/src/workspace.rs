//! The workspace: found one, open one, say how it stands, prove its history.

mod verify;
mod views;

use std::sync::Arc;

use ::ledger::{Founder, Genesis, Ledger, Location};
use cache::desk::Opened;
use governance::MemberName;
use governance::people::Member;
use words::said;

pub use verify::{export, verify};
pub use views::*;

use crate::session::{self, Session, from_identity, from_ledger, parse};
use crate::{App, Code, Failure, demonstration, people};

/// How this desk and its workspace stand.
///
/// # Errors
/// When the desk's files cannot be read.
pub async fn status(app: &App, _request: Nothing) -> Result<WorkspaceStatus, Failure> {
    let workspace = match app.session() {
        Ok(session) => Some(open_workspace(app, &session).await?),
        Err(_) => None,
    };
    let recent = app
        .desk
        .workspaces()?
        .into_iter()
        .map(|opened| RecentWorkspace { name: opened.name, url: opened.url, opened_at: opened.opened_at })
        .collect();
    Ok(WorkspaceStatus {
        workspace,
        recent,
        home: app.home.display().to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

async fn open_workspace(app: &App, session: &Session) -> Result<OpenWorkspace, Failure> {
    let row: governance::state::Workspace = session.row("workspace", "workspace", "workspace")?;
    let mut warnings = Vec::new();
    if let Some(newer) = row.newer_at {
        warnings.push(format!(
            "#{newer} was written by a newer Countersign: update this one; it writes nothing here."
        ));
    }
    if let Some(warning) = app.keys.kept().warning() {
        warnings.push(warning);
    }
    if session.is_unreachable() {
        warnings.push(session.words().say(&said!(
            "workspace-unreachable",
            place = session.url.clone(),
            head = session.head()?.position.to_string(),
        )));
    }
    warnings.extend(app.desk.conflicts(&session.id())?);
    let members: Vec<(String, serde_json::Value)> = session.cache.all("members")?;
    let member = match session.member_now() {
        Some(name) => {
            Some(people::member_row(session, &session.row::<Member>("members", "member", name.as_str())?)?)
        }
        None => None,
    };
    Ok(OpenWorkspace {
        id: session.id(),
        name: row.name,
        url: session.url.clone(),
        head: session.head()?.position,
        member,
        members_here: session.members_here()?.iter().map(ToString::to_string).collect(),
        alone: members.len() == 1,
        demonstration: demonstration::state(app, session).await?,
        pending: u32::try_from(app.desk.waiting(&session.id())?.len()).unwrap_or(u32::MAX),
        keys_in: match app.keys.kept() {
            identity::Kept::Keychain => "keychain".to_owned(),
            _ => "file".to_owned(),
        },
        warnings,
    })
}

/// Founds a workspace with one member, a fresh key, and every role.
///
/// # Errors
/// [`Code::Conflict`] when another workspace lies there; [`Code::Refused`] when the place is not fit for one.
pub async fn create(app: &App, request: CreateWorkspace) -> Result<WorkspaceStatus, Failure> {
    let member: MemberName = parse("member name", &request.member)?;
    let name = request.name.trim();
    if name.is_empty() || name.chars().count() > governance::names::NAME_CHARS_MAX {
        return Err(Failure::said(Code::Usage, said!("no-workspace-name", name = request.name.to_string())));
    }
    let policy = serde_json::json!({"version": 1, "quorum": request.quorum});
    governance::Policy::read(&policy)
        .map_err(|why| Failure::said(Code::Usage, said!("policy-unfit", why = why)))?;
    let location: Location = request.url.parse().map_err(|error| from_ledger(&error))?;
    if let Location::Folder(folder) = &location {
        let occupied = std::fs::read_dir(folder).ok().and_then(|mut entries| entries.next()).is_some();
        if occupied && !folder.join("genesis.json").exists() {
            return Err(Failure::said(
                Code::Conflict,
                said!("not-empty", path = folder.display().to_string()),
            ));
        }
        crate::make_folder(folder)?;
    }
    let store = location.open().map_err(|error| from_ledger(&error))?;
    if Ledger::open(Arc::clone(&store), None).await.is_ok() {
        return Err(Failure::said(Code::Conflict, said!("holds-workspace", location = location.to_string())));
    }
    ::ledger::probe(&store).await.map_err(|error| from_ledger(&error))?;

    let nonce = ulid::Ulid::generate().to_string();
    let key_name = session::key_name(&nonce, member.as_str());
    let key = app.keys.create(&key_name).map_err(|error| from_identity(&error))?;
    let key: ::ledger::PublicKey = parse("public key", &format!("ed25519:{}", key.hex()))?;
    let genesis = Genesis {
        v: ::ledger::GENESIS_VERSION,
        name: name.to_owned(),
        created_at: app.clock.now().to_string(),
        nonce,
        founders: vec![Founder { person: member.to_string(), key: key.clone(), device: device_name() }],
        threshold: 1,
        policy,
        personal_data: None,
    };
    let (payload, message) = genesis.to_sign().map_err(|error| from_ledger(&error))?;
    let signature = app.keys.sign(&key_name, &message).map_err(|error| from_identity(&error))?;
    let founding = Genesis::signed(&payload, &[(key, signature)]).map_err(|error| from_ledger(&error))?;
    let ledger = Ledger::found(store, &founding).await.map_err(|error| from_ledger(&error))?;
    open_ledger(app, &address(&location), ledger, Some(member.as_str())).await
}

/// Opens a workspace at this desk.
///
/// # Errors
/// [`Code::NotFound`] when none lies there; [`Code::Verification`] when its history is not the one this desk knows.
pub async fn open(app: &App, request: OpenAt) -> Result<WorkspaceStatus, Failure> {
    let (place, invited) = invitation(&request.url)?;
    let location: Location = place.parse().map_err(|error| from_ledger(&error))?;
    let url = address(&location);
    // An invitation says which workspace it is; a desk that was here before knows.
    let known = app.desk.workspaces()?.into_iter().find(|opened| opened.url == url);
    let expected = match (&invited, &known) {
        (Some(invited), _) => Some(*invited),
        (None, Some(known)) => Some(parse("workspace id", &known.id)?),
        (None, None) => None,
    };
    let store = location.open().map_err(|error| from_ledger(&error))?;
    let ledger = match Ledger::open(Arc::clone(&store), expected).await {
        // A desk that was here before reads on from what it has.
        Err(::ledger::Error::Offline { what, source }) => match app.desk.founding(&url)? {
            Some(kept) => {
                let ledger = Ledger::resume(store, kept.into()).map_err(|error| from_ledger(&error))?;
                let id = ledger.workspace();
                if expected.is_some_and(|expected| expected != id) {
                    return Err(from_ledger(&::ledger::Error::Offline { what, source }));
                }
                ledger
            }
            None => return Err(from_ledger(&::ledger::Error::Offline { what, source })),
        },
        opened => opened.map_err(|error| from_ledger(&error))?,
    };
    open_ledger(app, &url, ledger, request.member.as_deref()).await
}

/// How a place is written wherever it is kept.
fn address(location: &Location) -> String {
    match location {
        Location::Folder(folder) => {
            std::path::absolute(folder).unwrap_or_else(|_| folder.clone()).display().to_string()
        }
        other => other.to_string(),
    }
}

/// Takes `PLACE#sha256:…` apart: a place, and the workspace that must lie there.
fn invitation(text: &str) -> Result<(&str, Option<::ledger::Digest>), Failure> {
    match text.split_once("#sha256:") {
        Some((place, digits)) => Ok((place, Some(parse("workspace id", &format!("sha256:{digits}"))?))),
        None => Ok((text, None)),
    }
}

/// What to send to somebody who is to open this workspace at another desk: where it lies and, so that their first contact
/// is with this workspace and no other, its id.
///
/// # Errors
/// [`Code::NoWorkspace`].
pub async fn invite(app: &App, _request: Nothing) -> Result<Invitation, Failure> {
    let session = app.session()?;
    Ok(Invitation { link: format!("{}#{}", session.url, session.id()), id: session.id() })
}

async fn open_ledger(
    app: &App,
    url: &str,
    ledger: Ledger,
    member: Option<&str>,
) -> Result<WorkspaceStatus, Failure> {
    let founding = ledger.founding().clone();
    let session = Session::open(
        url,
        ledger,
        &app.home,
        Arc::clone(&app.desk),
        Arc::clone(&app.keys),
        app.changes.clone(),
        app.clock.clone(),
    )
    .await?;
    let session = Arc::new(session);
    let before =
        app.desk.workspaces()?.into_iter().find(|opened| opened.url == url).and_then(|opened| opened.member);
    let member = choose_member(&session, member, before.as_deref())?;
    session.act_as(member.clone());
    let row: governance::state::Workspace = session.row("workspace", "workspace", "workspace")?;
    app.desk.keep_founding(url, &founding)?;
    app.desk.opened(&Opened {
        url: url.to_owned(),
        id: session.id(),
        name: row.name,
        member: member.map(|member| member.to_string()),
        opened_at: app.clock.now().to_string(),
    })?;
    app.set_session(Some(session));
    status(app, Nothing {}).await
}

fn choose_member(
    session: &Session,
    asked: Option<&str>,
    before: Option<&str>,
) -> Result<Option<MemberName>, Failure> {
    let here = session.members_here()?;
    if let Some(asked) = asked {
        let asked: MemberName = parse("member name", asked)?;
        let _: Member = session.row("members", "member", asked.as_str())?;
        if !here.contains(&asked) {
            return Err(Failure::said(Code::Denied, said!("key-not-here", member = asked.to_string())));
        }
        return Ok(Some(asked));
    }
    if let Some(before) = before.and_then(|name| here.iter().find(|member| member.as_str() == name)) {
        return Ok(Some(before.clone()));
    }
    Ok(if here.len() == 1 { here.into_iter().next() } else { None })
}

/// Closes the workspace.
///
/// # Errors
/// Never, but for the status it answers.
pub async fn close(app: &App, _request: Nothing) -> Result<WorkspaceStatus, Failure> {
    app.set_session(None);
    status(app, Nothing {}).await
}

/// Changes who acts at this desk.
///
/// # Errors
/// [`Code::Denied`] when the member's key is not here.
pub async fn act_as(app: &App, request: ActAs) -> Result<WorkspaceStatus, Failure> {
    let session = app.session()?;
    let member = choose_member(&session, Some(&request.member), None)?;
    session.act_as(member.clone());
    let row: governance::state::Workspace = session.row("workspace", "workspace", "workspace")?;
    app.desk.opened(&Opened {
        url: session.url.clone(),
        id: session.id(),
        name: row.name,
        member: member.map(|member| member.to_string()),
        opened_at: app.clock.now().to_string(),
    })?;
    session.tell(&["workspace", "workflow", "notices"]);
    status(app, Nothing {}).await
}

/// Looks for what others wrote.
///
/// # Errors
/// [`Code::Offline`].
pub async fn refresh(app: &App, _request: Nothing) -> Result<WorkspaceStatus, Failure> {
    app.session()?.catch_up().await?;
    status(app, Nothing {}).await
}

/// What this device is called in the list of keys.
pub(crate) fn device_name() -> String {
    std::fs::read_to_string("/etc/hostname")
        .ok()
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "this desk".to_owned())
}
