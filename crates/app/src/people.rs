//! People: members, roles, keys.

mod views;

use std::collections::BTreeSet;

use governance::fact::{KeyEnrolled, KeyRevoked, MemberAdded, RolesChanged};
use governance::people::{Key, Member};
use governance::{Deed, Fact, MemberName, PublicKey, Role};
use words::{Said, said};

pub use views::*;

use crate::registry::Recorded;
use crate::session::{Session, from_identity, parse};
use crate::workspace::{Nothing, device_name};
use crate::{App, Code, Failure};

/// Members and roles.
///
/// # Errors
/// [`Code::NoWorkspace`].
pub async fn list(app: &App, _request: Nothing) -> Result<People, Failure> {
    let session = app.session()?;
    let members = session
        .cache
        .all("members")?
        .into_iter()
        .map(|(_, row)| {
            let member = serde_json::from_value(row)
                .map_err(|cause| Failure::internal("a member has another shape", &cause))?;
            member_row(&session, &member)
        })
        .collect::<Result<_, _>>()?;
    let roles = Role::ALL
        .into_iter()
        .map(|role| RoleRow {
            role: role.name().to_owned(),
            may: Deed::ALL
                .into_iter()
                .filter(|deed| role.may(*deed))
                .map(|deed| session.words().say(&Said::new(format!("deed-{}", deed.name()))))
                .collect(),
        })
        .collect();
    Ok(People { members, roles })
}

/// Adds a member, and enrols a key if one is given or made here.
///
/// # Errors
/// [`Code::Refused`] when the name is taken or no role allows it.
pub async fn add_member(app: &App, request: AddMember) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let name: MemberName = parse("member name", &request.name)?;
    let roles = parse_roles(&request.roles)?;
    let mut facts = vec![Fact::MemberAdded(MemberAdded {
        name: name.clone(),
        display_name: request
            .display_name
            .filter(|text| !text.trim().is_empty())
            .unwrap_or_else(|| request.name.clone()),
        email: request.email.filter(|text| !text.trim().is_empty()),
        roles,
    })];
    let enrol =
        |key: PublicKey, device: String| Fact::KeyEnrolled(KeyEnrolled { member: name.clone(), key, device });
    if let Some(key) = &request.key {
        facts.push(enrol(public_key(key)?, format!("{name}'s desk")));
    } else if request.key_here {
        session.would_decide(&me, |_| Ok(facts.clone())).await?;
        let key = app.keys.create(&session.key_name(name.as_str())).map_err(|error| from_identity(&error))?;
        facts.push(enrol(parse("public key", &format!("ed25519:{}", key.hex()))?, device_name()));
    }
    let written = session.record(&me, facts).await?;
    Ok(Recorded { position: written.position, id: name.to_string() })
}

/// Makes a key for a member on this desk, or shows the one that lies here. Its public half goes to an administrator, who
/// enrols it; until then it signs nothing.
///
/// # Errors
/// [`Code::NoWorkspace`]; [`Code::Denied`] when the key cannot be kept here.
pub async fn create_key(app: &App, request: CreateKey) -> Result<KeyMade, Failure> {
    let session = app.session()?;
    let member: MemberName = parse("member name", &request.name)?;
    let key = match session.key_here(&member)? {
        Some(key) => key,
        None => {
            let made =
                app.keys.create(&session.key_name(member.as_str())).map_err(|error| from_identity(&error))?;
            parse("public key", &format!("ed25519:{}", made.hex()))?
        }
    };
    let enrolled = session.cache.get::<Key>("keys", key.as_str())?;
    Ok(KeyMade {
        name: member.to_string(),
        fingerprint: key.fingerprint().to_owned(),
        device: device_name(),
        enrolled: enrolled.is_some_and(|row| row.valid_from.is_some() && row.revoked_at.is_none()),
        key: key.to_string(),
    })
}

/// Enrols a key that a member made on a desk of their own. Where there are several administrators the first one's word
/// waits for a second, who says the same.
///
/// # Errors
/// [`Code::Refused`] with the rule.
pub async fn enrol_key(app: &App, request: EnrolKey) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let member: MemberName = parse("member name", &request.name)?;
    let key = public_key(&request.key)?;
    let known = session.cache.get::<Key>("keys", key.as_str())?;
    let device = request
        .device
        .filter(|text| !text.trim().is_empty())
        .or(known.map(|known| known.device))
        .unwrap_or_else(|| format!("{member}'s desk"));
    let fact = Fact::KeyEnrolled(KeyEnrolled { member, key: key.clone(), device });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: key.fingerprint().to_owned() })
}

fn public_key(text: &str) -> Result<PublicKey, Failure> {
    let text = text.trim();
    parse("public key", &if text.contains(':') { text.to_owned() } else { format!("ed25519:{text}") })
}

/// Grants roles.
///
/// # Errors
/// [`Code::Refused`].
pub async fn grant(app: &App, request: ChangeRoles) -> Result<Recorded, Failure> {
    change_roles(app, &request, Fact::RolesGranted).await
}

/// Takes roles.
///
/// # Errors
/// [`Code::Refused`]; the last administrator stays.
pub async fn revoke(app: &App, request: ChangeRoles) -> Result<Recorded, Failure> {
    change_roles(app, &request, Fact::RolesRevoked).await
}

async fn change_roles(
    app: &App,
    request: &ChangeRoles,
    fact: fn(RolesChanged) -> Fact,
) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let member: MemberName = parse("member name", &request.name)?;
    let fact = fact(RolesChanged { member: member.clone(), roles: parse_roles(&request.roles)? });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: member.to_string() })
}

/// Revokes a key from here on.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Refused`].
pub async fn revoke_key(app: &App, request: RevokeKey) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let keys: Vec<Key> = session
        .cache
        .all("keys")?
        .into_iter()
        .filter_map(|(_, row)| serde_json::from_value(row).ok())
        .filter(|key: &Key| key.key.as_str() == request.key || key.key.fingerprint() == request.key)
        .collect();
    let [key] = keys.as_slice() else {
        return Err(Failure::not_found("key", &request.key));
    };
    let fact = Fact::KeyRevoked(KeyRevoked {
        key: key.key.clone(),
        reason: request.reason.clone(),
        suspect_since: None,
    });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: key.key.to_string() })
}

fn parse_roles(roles: &[String]) -> Result<BTreeSet<Role>, Failure> {
    if roles.is_empty() {
        return Err(Failure::said(Code::Usage, said!("no-role-named")));
    }
    roles.iter().map(|role| parse("role", role)).collect()
}

/// Members who hold any of these roles.
pub(crate) fn holders(session: &Session, roles: &[Role]) -> Result<BTreeSet<MemberName>, Failure> {
    let holds = |member: &Member| roles.iter().any(|role| member.roles.contains(role));
    Ok(all(session)?.into_iter().filter(holds).map(|member| member.name).collect())
}

/// Whether this is the member that a name or a mail address means.
pub(crate) fn is_called(member: &Member, name: &str) -> bool {
    member.name.as_str() == name
        || member.email.as_deref().is_some_and(|mail| mail.eq_ignore_ascii_case(name))
}

/// The member that a name or a mail address means.
pub(crate) fn member_called(session: &Session, name: &str) -> Result<Option<MemberName>, Failure> {
    Ok(all(session)?.into_iter().find(|member| is_called(member, name)).map(|member| member.name))
}

/// All members there are.
pub(crate) fn all(session: &Session) -> Result<Vec<Member>, Failure> {
    let rows = session.cache.all("members")?.into_iter();
    rows.map(|(_, row)| {
        serde_json::from_value(row).map_err(|cause| Failure::internal("a member has another shape", &cause))
    })
    .collect()
}

pub(crate) fn member_row(session: &Session, member: &Member) -> Result<MemberRow, Failure> {
    let keys = session
        .cache
        .all("keys")?
        .into_iter()
        .filter_map(|(_, row)| serde_json::from_value::<Key>(row).ok())
        .filter(|key| key.member == member.name)
        .map(|key| KeyRow {
            key: key.key.to_string(),
            fingerprint: key.key.fingerprint().to_owned(),
            device: key.device,
            enrolled_at: key.enrolled_at,
            enrolled_by: key.enrolled_by.to_string(),
            valid_from: key.valid_from,
            revoked_at: key.revoked_at,
        })
        .collect();
    Ok(MemberRow {
        name: member.name.to_string(),
        display_name: member.display_name.clone(),
        roles: member.roles.iter().map(ToString::to_string).collect(),
        email: member.email.clone(),
        keys,
        here: session.key_here(&member.name)?.is_some(),
    })
}
