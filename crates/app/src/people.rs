//! People: members, roles, keys.

mod views;

use std::collections::BTreeSet;

use governance::fact::{KeyEnrolled, KeyRevoked, MemberAdded, RolesChanged};
use governance::people::{Key, Member};
use governance::{Deed, Fact, MemberName, PublicKey, Role};

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
                .map(|deed| deed.words().to_owned())
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
        |key: PublicKey| Fact::KeyEnrolled(KeyEnrolled { member: name.clone(), key, device: device_name() });
    if let Some(key) = &request.key {
        let key = if key.contains(':') { key.clone() } else { format!("ed25519:{key}") };
        facts.push(enrol(parse("public key", &key)?));
    } else if request.key_here {
        session.would_decide(&me, |_| Ok(facts.clone())).await?;
        let key = app.keys.create(&session.key_name(name.as_str())).map_err(|error| from_identity(&error))?;
        facts.push(enrol(parse("public key", &format!("ed25519:{}", key.hex()))?));
    }
    let written = session.record(&me, facts).await?;
    Ok(Recorded { position: written.position, id: name.to_string() })
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
        return Err(Failure::not_found(
            "key",
            &request.key,
            "List the members to see the fingerprints of their keys.",
        ));
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
        return Err(Failure::new(Code::Usage, "no role is named", "Name at least one role."));
    }
    roles.iter().map(|role| parse("role", role)).collect()
}

/// Members who hold any of these roles.
pub(crate) fn holders(session: &Session, roles: &[Role]) -> Result<BTreeSet<MemberName>, Failure> {
    let mut holders = BTreeSet::new();
    for (_, row) in session.cache.all("members")? {
        let member: Member = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a member has another shape", &cause))?;
        if roles.iter().any(|role| member.roles.contains(role)) {
            holders.insert(member.name);
        }
    }
    Ok(holders)
}

pub(crate) fn member_row(session: &Session, member: &Member) -> Result<MemberRow, Failure> {
    let keys = session
        .cache
        .all("keys")?
        .into_iter()
        .filter_map(|(_, row)| serde_json::from_value::<Key>(row).ok())
        .filter(|key| key.member == member.name)
        .map(|key| KeyRow {
            fingerprint: key.key.fingerprint().to_owned(),
            device: key.device,
            enrolled_at: key.enrolled_at,
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
