//! Who may take a task: texts and variables that name people and groups.

use super::super::{Candidates, Person, Refusal, Task};
use super::*;
use crate::model::{Assignment, AssignmentRole};
use serde_json::Value as Json;

impl<'a> Run<'a> {
    /// Evaluates who may and who may not take a task.
    pub(super) fn candidates(
        &mut self,
        assignments: &'a [Assignment],
        scope: u64,
        token: u64,
    ) -> Result<Candidates, Problem> {
        let mut candidates = Candidates::default();
        for assignment in assignments {
            let named = match self.value(&assignment.people, scope, Some(token))? {
                Value::Null => continue,
                Value::List(items) => items.iter().map(Value::to_string).collect::<Vec<_>>().join(","),
                other => other.to_string(),
            };
            for (who, is_group) in people(&named, assignment.role) {
                self.name(&mut candidates, assignment.role, who, is_group);
            }
        }
        Ok(candidates)
    }

    fn name(&self, candidates: &mut Candidates, role: AssignmentRole, who: String, is_group: bool) {
        if role == AssignmentRole::Excluded
            && let Some(node) = self.completed(&who)
            && !candidates.completers_of.contains(&node.id)
        {
            candidates.completers_of.push(node.id.clone());
        }
        let list = match (role, is_group) {
            (AssignmentRole::Excluded, true) => &mut candidates.excluded_groups,
            (AssignmentRole::Excluded, false) => &mut candidates.excluded,
            (_, true) => &mut candidates.groups,
            (_, false) => &mut candidates.users,
        };
        let who = if role == AssignmentRole::Excluded { self.stand_for(&who) } else { who };
        if !list.contains(&who) {
            list.push(who);
        }
    }

    /// Whom `initiator` and `completerOf(task)` stand for. Anything else, such as `modeler(project)`, is left for who
    /// knows more than the instance does.
    fn stand_for(&self, who: &str) -> String {
        if who == "initiator" {
            return self.state.initiator.clone().unwrap_or_else(|| who.to_owned());
        }
        self.completed(who)
            .and_then(|node| self.state.passages.get(&node.id))
            .and_then(|passage| passage.completed_by.clone())
            .unwrap_or_else(|| who.to_owned())
    }

    /// The element that `completerOf(task)` speaks of, by id or name.
    fn completed(&self, who: &str) -> Option<&'a Node> {
        let task = who.strip_prefix("completerOf(")?.strip_suffix(')')?.trim();
        let process = self.library.process(&self.state.process)?;
        process.nodes.iter().find(|node| &*node.id == task || node.name.as_deref() == Some(task))
    }

    /// Who is responsible for what a token is at: the holder or candidates of its tasks.
    pub(super) fn owners_at(&self, token: u64) -> Candidates {
        let mut owners = Candidates::default();
        let mut open = vec![token];
        while let Some(token) = open.pop() {
            if let Some(task) = self.state.tasks.get(&token) {
                let users: Vec<String> = match &task.assignee {
                    Some(assignee) if task.candidates.users.is_empty() => vec![assignee.clone()],
                    _ => task.candidates.users.clone(),
                };
                owners.users.extend(users);
                owners.groups.extend(task.candidates.groups.iter().cloned());
            }
            if let Some(At::Inside { scope }) = self.state.tokens.get(&token).map(|token| &token.at) {
                let inside = |at: u64| {
                    at == *scope || self.state.scopes.get(&at).is_some_and(|s| s.parent == Some(*scope))
                };
                open.extend(
                    self.state.tokens.iter().filter(|(_, other)| inside(other.scope)).map(|(id, _)| *id),
                );
            }
        }
        owners.users.dedup();
        owners.groups.dedup();
        owners
    }
}

/// Who a text names: `user(ana), group(validators)`, or bare names, which are what their role says.
pub(super) fn people(text: &str, role: AssignmentRole) -> Vec<(String, bool)> {
    let mut all = Vec::new();
    for part in split(text) {
        let (inside, is_group) = if let Some(inside) = call(part, "user") {
            (inside, false)
        } else if let Some(inside) = call(part, "group") {
            (inside, true)
        } else {
            (part, matches!(role, AssignmentRole::Owners | AssignmentRole::Groups))
        };
        // An expression inside the brackets may have named several.
        let names: Vec<&str> =
            if std::ptr::eq(inside, part) { vec![inside] } else { inside.split(',').collect() };
        for name in names.into_iter().map(str::trim).filter(|name| !name.is_empty()) {
            all.push((name.to_owned(), is_group));
        }
    }
    all
}

/// The parts between commas that are not in brackets.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0usize, 0);
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

fn call<'t>(text: &'t str, function: &str) -> Option<&'t str> {
    text.strip_prefix(function)?.trim_start().strip_prefix('(')?.strip_suffix(')')
}

/// Who a participants variable names: JSON as a participant picker writes it, or text as above with bare names for
/// users.
pub(super) fn participants(text: &str) -> Vec<(String, bool)> {
    let Ok(json) = serde_json::from_str::<Json>(text) else {
        return people(text, AssignmentRole::Users);
    };
    let mut all = Vec::new();
    collect_participants(&json, &mut all);
    all
}

fn collect_participants(json: &Json, all: &mut Vec<(String, bool)>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| collect_participants(item, all)),
        Json::String(name) => all.extend(people(name, AssignmentRole::Users)),
        Json::Object(fields) => {
            let text = |keys: &[&str]| keys.iter().find_map(|key| fields.get(*key)).and_then(Json::as_str);
            let kind = text(&["participantType", "identityType", "type"]).unwrap_or("user");
            if let Some(name) = text(&["participantId", "identityId", "participant", "id", "name"]) {
                all.push((name.to_owned(), kind.eq_ignore_ascii_case("group")));
            } else {
                fields
                    .values()
                    .filter(|value| value.is_array())
                    .for_each(|value| collect_participants(value, all));
            }
        }
        _ => {}
    }
}

/// Whether a person may take a task.
pub(super) fn may_take(task: &Task, person: &Person) -> Result<(), Refusal> {
    let label = task.name.clone().unwrap_or_else(|| task.element.to_string());
    let barred = |why: Reason| Refusal::Barred { task: label.clone(), person: person.id.clone(), why };
    let candidates = &task.candidates;
    if candidates.excluded.contains(&person.id) {
        return Err(barred(excluded()));
    }
    if let Some(group) = candidates
        .excluded_groups
        .iter()
        .find(|group| person.groups.as_ref().is_some_and(|own| own.contains(*group)))
    {
        let english = format!("the definition excludes the group `{group}`; a second person must do it");
        return Err(barred(Reason::new("engine-group-excluded", english).with("group", group)));
    }
    if task.assignee.as_ref() == Some(&person.id) {
        return Ok(());
    }
    if let Some(holder) = &task.assignee {
        return Err(Refusal::Held { task: label, holder: holder.clone() });
    }
    let open_to_all = candidates.users.is_empty() && candidates.groups.is_empty();
    let by_group = match &person.groups {
        Some(own) => candidates.groups.iter().any(|group| own.contains(group)),
        None => !candidates.groups.is_empty(),
    };
    if open_to_all || by_group || candidates.users.contains(&person.id) {
        return Ok(());
    }
    let mut named = candidates.users.clone();
    named.extend(candidates.groups.iter().map(|group| format!("the group {group}")));
    let english = format!("it is offered to {}", named.join(", "));
    let offered = [candidates.users.as_slice(), candidates.groups.as_slice()].concat();
    Err(barred(Reason::new("engine-offered-to", english).with("names", offered.join(", "))))
}

/// That the definition names somebody as who may not take a task.
pub(super) fn excluded() -> Reason {
    Reason::new("engine-excluded", "the definition excludes them; a second person must do it")
}
