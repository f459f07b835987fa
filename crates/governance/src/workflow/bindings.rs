//! What a foreign definition calls and names, and what that most likely means here.
//!
//! The suggestions read what the file says (addresses, job names, element names), never who wrote it; whoever imports the
//! definition sees every one of them and can change it before it is recorded.

use std::collections::{BTreeMap, BTreeSet};

use bpmn::Definition;
use bpmn::model::{AssignmentRole, DataType, Node, NodeKind, Process, Service, ServiceCall, Text};

use crate::fact::{Action, Binding, Party};

/// A call of a definition to the outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Element.
    pub element: String,
    /// Its name.
    pub name: String,
    /// What it calls, as written.
    pub call: String,
    /// Whether it must be bound before a start: mail and notices are delivered as they are.
    pub must_be_bound: bool,
    /// What it most likely means here.
    pub suggestion: Option<Binding>,
}

/// Where a definition names a group or a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyUse {
    /// The group or person.
    pub party: Party,
    /// Elements that invite them.
    pub invited_at: Vec<String>,
    /// Elements that exclude them.
    pub excluded_at: Vec<String>,
    /// Elements that tell them something by mail or notice.
    pub told_at: Vec<String>,
}

impl PartyUse {
    /// Whether a process needs it to mean somebody: it is invited or excluded, and not only told something.
    pub fn is_needed(&self) -> bool {
        !self.invited_at.is_empty() || !self.excluded_at.is_empty()
    }

    /// Whether it means somebody by itself: who started the instance, who completed a task, who made the model.
    pub fn stands_for_itself(&self) -> bool {
        matches!(&self.party, Party::User(name) if super::parties::stands_for_somebody(name))
    }
}

/// Every call of every process in the document, in document order.
pub fn calls(definition: &Definition) -> Vec<Call> {
    let mut calls = Vec::new();
    for process in &definition.processes {
        for node in &process.nodes {
            let NodeKind::Service(service) = &node.kind else { continue };
            let field = |name: &str| service.fields.get(name).map(|text| filled_in(process, node, text));
            let written = |name: &str| service.fields.get(name).map(|text| text.source().to_owned());
            let (call, meant, must_be_bound) = match &service.call {
                ServiceCall::Http => {
                    let url = field("url").or_else(|| field("requestUrl")).unwrap_or_default();
                    let shown = written("url").or_else(|| written("requestUrl")).unwrap_or_default();
                    let method = field("method")
                        .or_else(|| field("requestMethod"))
                        .unwrap_or_else(|| "GET".to_owned());
                    (format!("{method} {shown}"), url, true)
                }
                ServiceCall::Job => {
                    let texts: Vec<String> = service.fields.keys().filter_map(|name| field(name)).collect();
                    let shown: Vec<&str> = service.fields.values().map(Text::source).collect();
                    (format!("job {}", shown.join(" ")), texts.join(" "), true)
                }
                ServiceCall::Delegate(name) => (name.clone(), name.clone(), true),
                ServiceCall::Mail => {
                    (format!("mail {}", written("to").unwrap_or_default()), String::new(), false)
                }
                ServiceCall::Notify => {
                    (format!("notice {}", written("templateName").unwrap_or_default()), String::new(), false)
                }
                // The engine evaluates the one and delivers the other by itself.
                ServiceCall::Expression(_) | ServiceCall::Message { .. } => continue,
            };
            let suggestion = if must_be_bound {
                action_meant(&meant, node.label()).map(|action| Binding {
                    action,
                    inputs: inputs(process, action, service.fields.get("url").map_or("", Text::source)),
                    connection: None,
                })
            } else {
                Some(Binding { action: Action::Notify, inputs: BTreeMap::new(), connection: None })
            };
            calls.push(Call {
                element: node.id.to_string(),
                name: node.label().to_owned(),
                call,
                must_be_bound,
                suggestion,
            });
        }
    }
    calls
}

/// Every user task, with the variable of its answer where that looks like an approval: a yes-or-no prompt, read by a
/// condition, of a task whose name or question speaks of approving.
pub fn gates(definition: &Definition) -> Vec<(String, Option<String>)> {
    let mut gates = Vec::new();
    for process in &definition.processes {
        let deciding: BTreeSet<&str> = process
            .flows
            .iter()
            .filter_map(|flow| flow.condition.as_ref())
            .flat_map(|condition| condition.variables())
            .collect();
        for node in &process.nodes {
            let NodeKind::User(task) = &node.kind else { continue };
            let approval = task.prompts.iter().find(|prompt| {
                let yes_or_no = prompt.kind == DataType::Boolean;
                let says = |text: &str| {
                    let text = text.to_lowercase();
                    ["approv", "aprov", "countersign", "sign off"].iter().any(|word| text.contains(word))
                };
                yes_or_no
                    && deciding.contains(prompt.variable.as_str())
                    && (says(node.label()) || says(&prompt.question))
            });
            gates.push((node.id.to_string(), approval.map(|prompt| prompt.variable.clone())));
        }
    }
    gates
}

/// Every group and person that user tasks, mails and notices name in plain text; names that a variable brings at run time
/// are members' own.
pub fn parties(definition: &Definition) -> Vec<PartyUse> {
    let mut uses: BTreeMap<Party, PartyUse> = BTreeMap::new();
    for process in &definition.processes {
        for node in &process.nodes {
            let mut named = |party: Party, list: fn(&mut PartyUse) -> &mut Vec<String>| {
                let at = uses.entry(party.clone()).or_insert_with(|| PartyUse {
                    party,
                    invited_at: Vec::new(),
                    excluded_at: Vec::new(),
                    told_at: Vec::new(),
                });
                let list = list(at);
                if !list.contains(&node.id.to_string()) {
                    list.push(node.id.to_string());
                }
            };
            let task = match &node.kind {
                NodeKind::User(task) => task,
                NodeKind::Service(service) => {
                    for party in recipients(service) {
                        named(party, |at| &mut at.told_at);
                    }
                    continue;
                }
                _ => continue,
            };
            for assignment in &task.candidates {
                let Text::Literal(people) = &assignment.people else { continue };
                for party in parties_in(people, assignment.role) {
                    match assignment.role {
                        AssignmentRole::Excluded => named(party, |at| &mut at.excluded_at),
                        _ => named(party, |at| &mut at.invited_at),
                    }
                }
            }
            if let Some(Text::Literal(assignee)) = &task.assignee
                && !assignee.trim().is_empty()
            {
                named(Party::User(assignee.trim().to_owned()), |at| &mut at.invited_at);
            }
        }
    }
    uses.into_values().collect()
}

/// The field of a notice that names groups.
const GROUPS: &str = "groupIds";

/// Whom a mail or a notice is for, as far as it names them in plain text.
fn recipients(service: &Service) -> Vec<Party> {
    let fields: &[&str] = match service.call {
        ServiceCall::Mail => &["to", "cc", "bcc"],
        ServiceCall::Notify => &["userIds", GROUPS],
        _ => return Vec::new(),
    };
    let mut named = Vec::new();
    for field in fields {
        let Some(Text::Literal(names)) = service.fields.get(*field) else { continue };
        let names = names.split([',', ';']).map(str::trim).filter(|name| !name.is_empty());
        let party = if *field == GROUPS { Party::Group } else { Party::User };
        named.extend(names.map(|name| party(name.to_owned())));
    }
    named
}

/// The bindings and gates that a definition gets by itself.
pub fn suggest(definition: &Definition) -> (BTreeMap<String, Binding>, BTreeMap<String, String>) {
    let bound = calls(definition)
        .into_iter()
        .filter_map(|call| call.suggestion.map(|binding| (call.element, binding)))
        .collect();
    let approvals =
        gates(definition).into_iter().filter_map(|(element, variable)| Some((element, variable?))).collect();
    (bound, approvals)
}

/// `user(a), group(b)`, or a plain list whose kind the attribute says.
fn parties_in(text: &str, role: AssignmentRole) -> Vec<Party> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty() && !part.contains("${") && !part.contains("#{"))
        .map(|part| {
            let inside = |word: &str| {
                part.strip_prefix(word)
                    .map(str::trim_start)
                    .and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'))
            };
            if let Some(name) = inside("user") {
                Party::User(name.trim().to_owned())
            } else if let Some(name) = inside("group") {
                Party::Group(name.trim().to_owned())
            } else {
                match role {
                    AssignmentRole::Users | AssignmentRole::Excluded => Party::User(part.to_owned()),
                    AssignmentRole::Groups | AssignmentRole::Owners => Party::Group(part.to_owned()),
                }
            }
        })
        .collect()
}

/// A text with the defaults of the data objects it reads put in.
fn filled_in(process: &Process, node: &Node, text: &Text) -> String {
    let Text::Expression(expression) = text else { return text.source().to_owned() };
    let mut filled = expression.source().to_owned();
    for variable in expression.variables() {
        if let Some(data) = process.data_object(process.find(&node.id), variable)
            && let Some(default) = data.default.as_str()
        {
            filled = filled.replace(&format!("${{{variable}}}"), default);
        }
    }
    filled
}

fn action_meant(call: &str, label: &str) -> Option<Action> {
    let call = call.to_lowercase();
    let label = label.to_lowercase();
    // Our own addresses say which action, whatever the task is called.
    if let Some(own) = call.trim().strip_prefix("countersign:") {
        let word = own.split(['?', '/']).next().unwrap_or_default();
        let own = Action::ALL.into_iter().find(|action| action.name() == word);
        if own.is_some() {
            return own;
        }
    }
    if call.contains("/modelrepository/projects") && !call.contains("champion") {
        return Some(Action::FindProject);
    }
    if call.contains("/modelmanagement/performancetasks") || call.contains("performance") {
        return Some(Action::Report);
    }
    // The address says more than the label: a label is free text.
    for text in [&call, &label] {
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if says(&["retrain"]) {
            return Some(Action::Retrain);
        }
        if says(&["train"]) {
            return Some(Action::Train);
        }
        if says(&["migrat"]) {
            return Some(Action::Migrate);
        }
        if says(&["run_build", "build model", "build-model", "collect"])
            || (text == &label && says(&["build"]))
        {
            return Some(Action::Build);
        }
        if says(&["score", "scoring"]) {
            return Some(Action::Score);
        }
        if says(&["publish"]) {
            return Some(Action::Publish);
        }
        if says(&["notif"]) {
            return Some(Action::Notify);
        }
    }
    None
}

/// Variables an action's inputs most likely come from: the bucket from the answer that is called one, the decision on a
/// report from the answer that can be `retrain`, or that says whether the model performs.
fn inputs(process: &Process, action: Action, url: &str) -> BTreeMap<String, String> {
    // Our own addresses say it.
    let own = url.trim().strip_prefix("countersign:").and_then(|own| own.split_once('?'));
    let given =
        own.map(|(_, given)| given).unwrap_or_default().split('&').filter_map(|it| it.split_once('='));
    let mut inputs: BTreeMap<String, String> = given
        .filter_map(|(name, value)| {
            let variable = value.trim().strip_prefix("${")?.strip_suffix('}')?.trim();
            Some((name.trim().to_owned(), variable.to_owned()))
        })
        .collect();
    if action == Action::Migrate && !inputs.contains_key("bucket") {
        let bucket = process.nodes.iter().find_map(|node| match &node.kind {
            NodeKind::User(task) => task
                .prompts
                .iter()
                .find(|prompt| prompt.variable.to_lowercase().contains("bucket"))
                .map(|prompt| &prompt.variable),
            _ => None,
        });
        if let Some(variable) = bucket {
            inputs.insert("bucket".to_owned(), variable.clone());
        }
    }
    if action == Action::Report {
        let decides = |prompt: &bpmn::model::Prompt| {
            let offers = prompt.choices.iter().any(|choice| choice.value.as_str() == Some("retrain"));
            let asks = prompt.question.to_lowercase();
            offers || (prompt.kind == DataType::Boolean && asks.contains("perform"))
        };
        let decision = process.nodes.iter().find_map(|node| match &node.kind {
            NodeKind::User(task) => task.prompts.iter().find(|prompt| decides(prompt)).map(|it| &it.variable),
            _ => None,
        });
        if let Some(variable) = decision {
            inputs.insert("decision".to_owned(), variable.clone());
        }
    }
    inputs
}
