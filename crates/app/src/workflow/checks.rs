//! What checking a definition says here: the lint, by who is a member and what they may do, and names that mean nobody.

use std::collections::BTreeMap;

use bpmn::Diagnostic;
use bpmn::lint::{NOBODY_TOLD, OF_PEOPLE, Roster, lint_with, nobody_told};
use governance::fact::{Meaning, Party};
use governance::people::Member;
use governance::workflow::parties;
use governance::{Deed, Role};

use crate::people::is_called;
use crate::session::Session;
use crate::{Failure, people};

/// Whether what was found under this code may be otherwise by now, because people come and go.
pub(crate) fn is_of_people(code: &str) -> bool {
    code == NOBODY_TOLD || OF_PEOPLE.contains(&code)
}

/// Everything there is to say about a definition whose names mean these people, and whose answers to these tasks, by
/// element, are approvals.
pub(crate) fn checked(
    session: &Session,
    parsed: &bpmn::Definition,
    meanings: &[(Party, Meaning)],
    approvals: &BTreeMap<String, String>,
) -> Result<Vec<Diagnostic>, Failure> {
    let members = people::all(session)?;
    let roster = roster(session, parsed, &members, meanings, approvals)?;
    let mut found = lint_with(parsed, session.now(), Some(&roster));
    found.extend(told_nobody(parsed, &members, meanings));
    Ok(found)
}

/// Who is in which group of a definition, by what its names mean and the roles members have now, and who may sign what.
fn roster(
    session: &Session,
    parsed: &bpmn::Definition,
    members: &[Member],
    meanings: &[(Party, Meaning)],
    approvals: &BTreeMap<String, String>,
) -> Result<Roster, Failure> {
    let named = |member: &Member| member.name.to_string();
    let mut roster = Roster::default();
    for (party, meaning) in meanings {
        let people = match meaning {
            Meaning::Member(member) => [member.to_string()].into(),
            Meaning::Role(role) => {
                members.iter().filter(|member| member.roles.contains(role)).map(named).collect()
            }
        };
        match party {
            Party::Group(group) => roster.groups.insert(group.clone(), people),
            Party::User(user) => roster.users.insert(user.clone(), people),
        };
    }
    roster.signers = members.iter().filter(|member| member.may(Deed::Sign)).map(named).collect();
    let policy = session.founding()?.policy;
    let nodes = parsed.processes.iter().flat_map(|process| &process.nodes);
    let gates = nodes.filter(|node| approvals.contains_key(&*node.id));
    roster.gates =
        gates.map(|node| (node.id.to_string(), policy.quorum_of(&node.id, node.label()))).collect();
    Ok(roster)
}

/// Mails and notices to names that mean nobody here. That stops no start: whoever started the process is told instead.
fn told_nobody(
    parsed: &bpmn::Definition,
    members: &[Member],
    meanings: &[(Party, Meaning)],
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for named in parties(parsed) {
        let (Party::User(name) | Party::Group(name)) = &named.party;
        let is_member =
            || matches!(named.party, Party::User(_)) && members.iter().any(|member| is_called(member, name));
        let is_bound = meanings.iter().any(|(party, _)| *party == named.party);
        if is_bound || name.parse::<Role>().is_ok() || is_member() {
            continue;
        }
        found.extend(named.told_at.iter().map(|element| nobody_told(element, name)));
    }
    found
}
