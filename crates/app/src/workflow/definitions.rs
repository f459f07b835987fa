//! Definitions: import, bindings, display.

use std::collections::BTreeMap;

use governance::fact::{
    Action, Binding, DefinitionBound, DefinitionImported, DefinitionSwitched, EVERY_TASK, Meaning, Party,
    Reminder,
};
use governance::workflow::{Definition, calls, gates, parties, suggest};
use governance::{DefinitionId, Fact, Period};
use words::{Said, Words, said};

use super::checks::is_of_people;
use super::findings::diagnostic_row;
use super::{
    AnswerRow, BindCall, BindDefinition, BindParty, CallRow, ChoiceRow, CycleRow, DefinitionOf,
    DefinitionPage, DefinitionRow, ElementName, ExportDefinition, GateRow, ImportDefinition, PartyRow,
    PromptRow, ReminderRow, SwitchDefinition, TemplateRow, TimerText,
};
use crate::ids::new_id;
use crate::people::is_called;
use crate::registry::{Property, Recorded};
use crate::session::{Session, parse};
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// A definition's file is this large at most.
pub(crate) const FILE_BYTES_MAX: u64 = 64 << 20;

/// The built-in templates.
///
/// # Errors
/// Never.
pub async fn templates(app: &App, _request: Nothing) -> Result<Vec<TemplateRow>, Failure> {
    Ok(bpmn::templates::all()
        .iter()
        .map(|template| TemplateRow {
            name: template.name.to_owned(),
            description: app.words().say(&Said::new(format!("template-{}", template.name))),
        })
        .collect())
}

/// Imports a definition and binds what binds itself.
///
/// # Errors
/// [`Code::Definition`] when it is no BPMN document; [`Code::Refused`] when no role allows it.
pub async fn import_definition(app: &App, request: ImportDefinition) -> Result<DefinitionPage, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let bytes = document_of(&request)?;
    let definition = super::contract::parse_definition(&bytes)?;
    let name = name_of(&request, &definition)?;
    let document = crate::session::digest_of(&bytes);
    let suggested = suggest(&definition);
    // What a call was bound to in the version before, it is bound to again where it calls the same.
    let before = latest(&session, &name)?;
    let carried = carried(&session, before.as_ref(), &definition).await?;
    let (bound, approvals) = carried.over(suggested.0, suggested.1);
    let id: DefinitionId = new_id();
    let mut chosen = DefinitionBound {
        definition: id.clone(),
        calls: bound,
        parties: Vec::new(),
        gates: approvals,
        // Who is reminded when, and what escalates, was decided for the version before.
        reminders: before.as_ref().map_or_else(reminders_by_itself, |before| before.reminders.clone()),
        called: super::called::bound_by_itself(&session, &definition, before.as_ref())?,
    };
    for one in &request.called {
        chosen.called.insert(one.process.clone(), find(&session, &one.definition)?.id);
    }
    bind_calls(&mut chosen, &request.calls, &suggest(&definition).0)?;
    let by_hand = meant(&request.parties)?;
    if let Some(gates) = &request.gates {
        chosen.gates = gates.iter().map(|gate| (gate.element.clone(), gate.variable.clone())).collect();
    }
    session.put_blob(bytes).await?;
    session
        .decide(&me, |state| {
            let before = state.definition_named(&name);
            let number = before.map_or(1, |latest| latest.number + 1);
            let member = |name: &str| {
                let called = state.members.rows().find(|member| is_called(member, name));
                called.map(|member| member.name.clone())
            };
            let mut parties = meanings(&definition, before, &member);
            for (party, meaning) in &by_hand {
                parties.retain(|(other, _)| other != party);
                parties.push((party.clone(), meaning.clone()));
            }
            Ok(vec![
                Fact::DefinitionImported(DefinitionImported {
                    definition: id.clone(),
                    name: name.clone(),
                    number,
                    document: document.clone(),
                }),
                Fact::DefinitionBound(DefinitionBound { parties, ..chosen.clone() }),
            ])
        })
        .await?;
    page(&session, &find(&session, id.as_str())?).await
}

/// The name a definition is kept under: the one asked for, or its process's own.
pub(crate) fn name_of(request: &ImportDefinition, definition: &bpmn::Definition) -> Result<String, Failure> {
    let process = definition
        .process(None)
        .or(definition.processes.first())
        .ok_or_else(|| Failure::said(Code::Definition, said!("document-no-process")))?;
    let name = request
        .name
        .clone()
        .or_else(|| process.name.clone())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| process.id.to_string());
    let _: governance::ProjectName = parse("definition name", &name)?;
    Ok(name)
}

/// Whom the people of a definition mean: what they meant in the version before; a member or role of that very name, or of that
/// mail address, means itself.
pub(crate) fn meanings(
    definition: &bpmn::Definition,
    before: Option<&Definition>,
    member: &dyn Fn(&str) -> Option<governance::MemberName>,
) -> Vec<(Party, Meaning)> {
    let known = |party: &Party| {
        let all = &before?.meanings;
        all.iter().find(|(other, _)| other == party).map(|(_, meaning)| meaning.clone())
    };
    parties(definition)
        .into_iter()
        .filter_map(|named| {
            let itself = match &named.party {
                Party::User(user) => member(user).map(Meaning::Member),
                Party::Group(group) => group.parse().ok().map(Meaning::Role),
            };
            known(&named.party).or(itself).map(|meaning| (named.party.clone(), meaning))
        })
        .collect()
}

/// The same, by who is a member now.
pub(crate) fn meanings_now(
    session: &Session,
    definition: &bpmn::Definition,
    before: Option<&Definition>,
) -> Result<Vec<(Party, Meaning)>, Failure> {
    let members = crate::people::all(session)?;
    let member =
        |name: &str| members.iter().find(|member| is_called(member, name)).map(|member| member.name.clone());
    Ok(meanings(definition, before, &member))
}

/// What a version takes over from the one before.
pub(crate) struct Carried {
    calls: BTreeMap<String, Binding>,
    /// For each user task that was there before: the variable of its approval, if it was one.
    gates: BTreeMap<String, Option<String>>,
}

impl Carried {
    /// What is suggested, with what is taken over put in its place.
    pub(crate) fn over(
        self,
        mut calls: BTreeMap<String, Binding>,
        mut approvals: BTreeMap<String, String>,
    ) -> (BTreeMap<String, Binding>, BTreeMap<String, String>) {
        calls.extend(self.calls);
        for (element, variable) in self.gates {
            match variable {
                Some(variable) => drop(approvals.insert(element, variable)),
                None => drop(approvals.remove(&element)),
            }
        }
        (calls, approvals)
    }
}

/// What a definition takes over from the version before it: bindings of calls that call the same, and which answers are
/// approvals.
pub(crate) async fn carried(
    session: &Session,
    before: Option<&Definition>,
    definition: &bpmn::Definition,
) -> Result<Carried, Failure> {
    let mut carried = Carried { calls: BTreeMap::new(), gates: BTreeMap::new() };
    let Some(before) = before else { return Ok(carried) };
    let bytes = session.blob(&before.document, FILE_BYTES_MAX).await?;
    let earlier = super::contract::parse_definition(&bytes)?;
    let was: BTreeMap<String, String> =
        calls(&earlier).into_iter().map(|call| (call.element, call.call)).collect();
    for call in calls(definition) {
        if was.get(&call.element) == Some(&call.call)
            && let Some(binding) = before.bound.get(&call.element)
        {
            carried.calls.insert(call.element, binding.clone());
        }
    }
    let asked_before: BTreeMap<String, Option<String>> = gates(&earlier).into_iter().collect();
    for (element, now) in gates(definition) {
        // Where the question itself is another, what is suggested now counts.
        if asked_before.get(&element) == Some(&now) {
            let variable = before.gates.get(&element).cloned();
            carried.gates.insert(element, variable);
        }
    }
    Ok(carried)
}

/// The latest version of a name.
pub(crate) fn latest(session: &Session, name: &str) -> Result<Option<Definition>, Failure> {
    Ok(all(session)?
        .into_iter()
        .filter(|definition| definition.name == name)
        .max_by_key(|definition| definition.number))
}

/// A built-in template's document.
pub(crate) fn template_of(name: &str) -> Result<Vec<u8>, Failure> {
    bpmn::templates::all()
        .iter()
        .find(|template| template.name == name)
        .map(|template| template.document.as_bytes().to_vec())
        .ok_or_else(|| Failure::not_found("template", name))
}

pub(crate) fn document_of(request: &ImportDefinition) -> Result<Vec<u8>, Failure> {
    match (&request.path, &request.xml, &request.template) {
        (Some(path), None, None) => super::contract::read_file(path, FILE_BYTES_MAX),
        (None, Some(xml), None) => Ok(xml.clone().into_bytes()),
        (None, None, Some(name)) => template_of(name),
        _ => Err(Failure::said(Code::Usage, said!("one-source-needed"))),
    }
}

/// All definitions, latest version first within a name.
///
/// # Errors
/// [`Code::NoWorkspace`].
pub async fn list_definitions(app: &App, _request: Nothing) -> Result<Vec<DefinitionRow>, Failure> {
    let session = app.session()?;
    let mut all = all(&session)?;
    all.sort_by(|a, b| a.name.to_lowercase().cmp(&b.name.to_lowercase()).then(b.number.cmp(&a.number)));
    Ok(all.iter().map(row).collect())
}

/// A definition with everything its page shows.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn show_definition(app: &App, request: DefinitionOf) -> Result<DefinitionPage, Failure> {
    let session = app.session()?;
    page(&session, &find(&session, &request.definition)?).await
}

/// Binds calls, people and gates. What is not named stays as it is.
///
/// # Errors
/// [`Code::Usage`] for an unknown action or role; [`Code::Refused`].
pub async fn bind(app: &App, request: BindDefinition) -> Result<DefinitionPage, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let definition = find(&session, &request.definition)?;
    let document = session.blob(&definition.document, FILE_BYTES_MAX).await?;
    let parsed = super::contract::parse_definition(&document)?;
    let suggested = suggest(&parsed).0;
    let mut bound = DefinitionBound {
        definition: definition.id.clone(),
        calls: definition.bound.clone(),
        parties: definition.meanings.clone(),
        gates: definition.gates.clone(),
        reminders: definition.reminders.clone(),
        called: definition.called.clone(),
    };
    for one in &request.called {
        bound.called.insert(one.process.clone(), find(&session, &one.definition)?.id);
    }
    bind_calls(&mut bound, &request.calls, &suggested)?;
    for (named, meaning) in meant(&request.parties)? {
        bound.parties.retain(|(other, _)| *other != named);
        bound.parties.push((named, meaning));
    }
    if let Some(gates) = &request.gates {
        bound.gates = gates.iter().map(|gate| (gate.element.clone(), gate.variable.clone())).collect();
    }
    if let Some(reminders) = &request.reminders {
        bound.reminders = reminders.iter().map(reminder).collect::<Result<_, _>>()?;
    }
    session.record(&me, vec![Fact::DefinitionBound(bound)]).await?;
    page(&session, &find(&session, definition.id.as_str())?).await
}

/// Binds calls to actions; the inputs that are not named are those that are suggested.
fn bind_calls(
    bound: &mut DefinitionBound,
    calls: &[BindCall],
    suggested: &BTreeMap<String, Binding>,
) -> Result<(), Failure> {
    for call in calls {
        let action =
            Action::ALL.into_iter().find(|action| action.name() == call.action).ok_or_else(|| {
                let known: Vec<&str> = Action::ALL.iter().map(|action| action.name()).collect();
                Failure::said(
                    Code::Usage,
                    said!("no-such-action", action = call.action.to_string(), known = known.join(", ")),
                )
            })?;
        let inputs = if call.inputs.is_empty() {
            suggested
                .get(&call.element)
                .filter(|binding| binding.action == action)
                .map(|binding| binding.inputs.clone())
                .unwrap_or_default()
        } else {
            call.inputs.iter().map(|input| (input.name.clone(), input.value.clone())).collect()
        };
        let connection = call.connection.as_deref().map(|name| parse("connection name", name)).transpose()?;
        bound.calls.insert(call.element.clone(), Binding { action, inputs, connection });
    }
    Ok(())
}

/// Whom people and groups are to mean.
fn meant(parties: &[BindParty]) -> Result<Vec<(Party, Meaning)>, Failure> {
    let mut all = Vec::new();
    for party in parties {
        let named = match party.kind.as_str() {
            "group" => Party::Group(party.name.clone()),
            "user" => Party::User(party.name.clone()),
            other => {
                return Err(Failure::said(
                    Code::Usage,
                    said!("neither-group-nor-user", other = other.to_string()),
                ));
            }
        };
        let meaning = match (&party.role, &party.member) {
            (Some(role), None) => Meaning::Role(parse("role", role)?),
            (None, Some(member)) => Meaning::Member(parse("member name", member)?),
            _ => {
                return Err(Failure::said(
                    Code::Usage,
                    said!("party-needs-meaning", name = party.name.to_string()),
                ));
            }
        };
        all.push((named, meaning));
    }
    Ok(all)
}

/// What a definition gets by itself: a task nobody answers in a day is spoken of again, and the administrators hear of it
/// after three.
fn reminders_by_itself() -> BTreeMap<String, Reminder> {
    let period = |text: &str| text.parse::<Period>().ok();
    let every =
        period("P1D").map(|after| Reminder { after, escalate_after: period("P3D"), escalate_to: None });
    every.into_iter().map(|reminder| (EVERY_TASK.to_owned(), reminder)).collect()
}

fn reminder(row: &ReminderRow) -> Result<(String, Reminder), Failure> {
    let escalate_to = match row.escalate_to.as_deref() {
        None => None,
        Some(named) => Some(match named.strip_prefix('@') {
            Some(member) => Meaning::Member(parse("member name", member)?),
            None => Meaning::Role(parse("role", named)?),
        }),
    };
    let reminder = Reminder {
        after: parse("period", &row.after)?,
        escalate_after: row.escalate_after.as_deref().map(|text| parse("period", text)).transpose()?,
        escalate_to,
    };
    Ok((row.element.clone(), reminder))
}

fn reminder_row((element, reminder): (&String, &Reminder)) -> ReminderRow {
    ReminderRow {
        element: element.clone(),
        after: reminder.after.to_string(),
        escalate_after: reminder.escalate_after.as_ref().map(ToString::to_string),
        escalate_to: reminder.escalate_to.as_ref().map(|meaning| match meaning {
            Meaning::Role(role) => role.to_string(),
            Meaning::Member(member) => format!("@{member}"),
        }),
    }
}

/// Has nothing started by a version of a definition any more: what runs goes on.
///
/// # Errors
/// [`Code::Refused`] without the role or a reason.
pub async fn disable_definition(app: &App, request: SwitchDefinition) -> Result<Recorded, Failure> {
    switch(app, request, Fact::DefinitionDisabled).await
}

/// Has it started again.
///
/// # Errors
/// As [`disable_definition`].
pub async fn enable_definition(app: &App, request: SwitchDefinition) -> Result<Recorded, Failure> {
    switch(app, request, Fact::DefinitionEnabled).await
}

async fn switch(
    app: &App,
    request: SwitchDefinition,
    fact: fn(DefinitionSwitched) -> Fact,
) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let definition = find(&session, &request.definition)?.id;
    let switched = DefinitionSwitched { definition: definition.clone(), reason: request.reason };
    let written = session.record(&session.me()?, vec![fact(switched)]).await?;
    Ok(Recorded { position: written.position, id: definition.to_string() })
}

/// Writes a definition back to a file.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Denied`] when the file cannot be written.
pub async fn export(app: &App, request: ExportDefinition) -> Result<Nothing, Failure> {
    let session = app.session()?;
    let definition = find(&session, &request.definition)?;
    let document = session.blob(&definition.document, FILE_BYTES_MAX).await?;
    super::contract::write_file(std::path::Path::new(&request.path), &document)?;
    Ok(Nothing {})
}

pub(crate) fn all(session: &Session) -> Result<Vec<Definition>, Failure> {
    session
        .cache
        .all("definitions")?
        .into_iter()
        .map(|(_, row)| {
            serde_json::from_value(row)
                .map_err(|cause| Failure::internal("a definition has another shape", &cause))
        })
        .collect()
}

/// Every version of a definition.
pub(crate) fn versions(session: &Session, name: &str) -> Result<Vec<Definition>, Failure> {
    Ok(all(session)?.into_iter().filter(|definition| definition.name == name).collect())
}

/// A definition by its identifier, or the latest of a name.
pub(crate) fn find(session: &Session, text: &str) -> Result<Definition, Failure> {
    if let Some(definition) = session.cache.get("definitions", text)? {
        return Ok(definition);
    }
    all(session)?
        .into_iter()
        .filter(|definition| definition.name == text)
        .max_by_key(|definition| definition.number)
        .ok_or_else(|| Failure::not_found("definition", text))
}

/// What people call a version of a definition.
pub(crate) fn titled(words: &Words, definition: &Definition) -> String {
    let (name, number) = (definition.name.clone(), definition.number.to_string());
    words.say(&said!("definition-version", name = name, number = number))
}

pub(crate) fn row(definition: &Definition) -> DefinitionRow {
    let count = |severity: bpmn::Severity| {
        definition.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    };
    let needed = definition.calls.len() + definition.parties.len();
    let done = definition.calls.iter().filter(|element| definition.bound.contains_key(*element)).count()
        + definition.parties.iter().filter(|party| definition.meaning(party).is_some()).count();
    DefinitionRow {
        id: definition.id.to_string(),
        name: definition.name.clone(),
        version: definition.number,
        digest: definition.document.to_string(),
        startable: definition.obstacles().is_empty(),
        bound: format!("{done}/{needed}"),
        errors: u32::try_from(count(bpmn::Severity::Error)).unwrap_or(u32::MAX),
        warnings: u32::try_from(count(bpmn::Severity::Warning)).unwrap_or(u32::MAX),
        imported_by: definition.imported_by.to_string(),
        imported_at: definition.imported_at.to_string(),
        disabled: definition.disabled.as_ref().map(|disabled| disabled.reason.clone()),
    }
}

/// Calls, with what they are bound to.
pub(crate) fn call_rows(parsed: &bpmn::Definition, bound: &BTreeMap<String, Binding>) -> Vec<CallRow> {
    let suggested = suggest(parsed).0;
    calls(parsed)
        .into_iter()
        .map(|call| {
            let binding = bound.get(&call.element);
            let inputs = binding.map(|binding| &binding.inputs).into_iter().flatten();
            CallRow {
                action: binding.map(|binding| binding.action.name().to_owned()),
                connection: binding.and_then(|binding| binding.connection.as_ref()).map(ToString::to_string),
                by_itself: binding.is_some() && suggested.get(&call.element) == binding,
                inputs: inputs
                    .map(|(name, value)| Property { name: name.clone(), value: value.clone() })
                    .collect(),
                element: call.element,
                name: call.name,
                call: call.call,
            }
        })
        .collect()
}

/// Groups and people, with whom they mean.
pub(crate) fn party_rows(parsed: &bpmn::Definition, meanings: &[(Party, Meaning)]) -> Vec<PartyRow> {
    parties(parsed)
        .into_iter()
        .map(|named| {
            let (kind, name) = match &named.party {
                Party::Group(name) => ("group", name.clone()),
                Party::User(name) => ("user", name.clone()),
            };
            let meaning = meanings.iter().find(|(party, _)| *party == named.party);
            let (role, member) = match meaning.map(|(_, meaning)| meaning) {
                Some(Meaning::Role(role)) => (Some(role.name().to_owned()), None),
                Some(Meaning::Member(member)) => (None, Some(member.to_string())),
                None => (None, None),
            };
            PartyRow {
                kind: kind.to_owned(),
                name,
                excluded: named.invited_at.is_empty() && !named.excluded_at.is_empty(),
                told: !named.is_needed(),
                elements: named
                    .invited_at
                    .into_iter()
                    .chain(named.excluded_at)
                    .chain(named.told_at)
                    .collect(),
                role,
                member,
            }
        })
        .collect()
}

/// Tasks whose answer is an approval.
pub(crate) fn gate_rows(parsed: &bpmn::Definition, approvals: &BTreeMap<String, String>) -> Vec<GateRow> {
    let label = |element: &str| {
        parsed
            .processes
            .iter()
            .find_map(|process| process.find(element).map(|ix| process.node(ix).label().to_owned()))
            .unwrap_or_else(|| element.to_owned())
    };
    gates(parsed)
        .into_iter()
        .filter_map(|(element, _)| {
            let variable = approvals.get(&element)?.clone();
            Some(GateRow { name: label(&element), element, variable, gate: "migrate".to_owned() })
        })
        .collect()
}

async fn page(session: &Session, definition: &Definition) -> Result<DefinitionPage, Failure> {
    let bytes = session.blob(&definition.document, FILE_BYTES_MAX).await?;
    let parsed = super::contract::parse_definition(&bytes)?;
    let mut versions: Vec<DefinitionRow> = versions(session, &definition.name)?.iter().map(row).collect();
    versions.sort_by_key(|version| std::cmp::Reverse(version.version));
    // What was found at the import is kept; who holds which role is known only now.
    let now = super::checks::checked(session, &parsed, &definition.meanings, &definition.gates)?;
    let mut diagnostics = definition.diagnostics.clone();
    diagnostics.retain(|one| !is_of_people(&one.code));
    diagnostics.extend(now.into_iter().filter(|one| is_of_people(&one.code)));
    Ok(DefinitionPage {
        definition: row(&Definition { diagnostics: diagnostics.clone(), ..definition.clone() }),
        xml: super::contract::display(&parsed),
        diagnostics: diagnostics.iter().map(|one| diagnostic_row(session.words(), one)).collect(),
        calls: call_rows(&parsed, &definition.bound),
        parties: party_rows(&parsed, &definition.meanings),
        gates: gate_rows(&parsed, &definition.gates),
        tasks: task_names(&parsed),
        cycles: cycle_rows(session.words(), &parsed, session.now()),
        answers: answer_rows(&parsed),
        reminders: definition.reminders.iter().map(reminder_row).collect(),
        prompts: start_prompts(&parsed),
        processes: super::called::processes(&parsed),
        called: super::called::rows(session, &definition.calls_away, &definition.called)?,
        self_starts: super::starts::rows(session, &definition.name)?,
        versions,
        actions: Action::ALL.iter().map(|action| action.name().to_owned()).collect(),
    })
}

/// Every user task.
fn task_names(definition: &bpmn::Definition) -> Vec<ElementName> {
    let nodes = definition.processes.iter().flat_map(|process| &process.nodes);
    nodes
        .filter(|node| matches!(node.kind, bpmn::model::NodeKind::User(_)))
        .map(|node| ElementName { element: node.id.to_string(), name: node.label().to_owned() })
        .collect()
}

/// Every timer that fires again and again by a plain text, and when it would if it were set now.
pub(crate) fn cycle_rows(
    words: &Words,
    definition: &bpmn::Definition,
    now: jiff::Timestamp,
) -> Vec<CycleRow> {
    bpmn::design::read(definition)
        .into_iter()
        .filter_map(|one| {
            let timer = one.timer.filter(|timer| timer.kind == bpmn::design::TimerKind::Cycle)?;
            let text = TimerText { kind: timer.kind, text: timer.text };
            let explained = super::design::firings(words, &text, now);
            Some(CycleRow {
                name: if one.name.is_empty() { one.id.clone() } else { one.name },
                element: one.id,
                text: text.text,
                explained,
            })
        })
        .collect()
}

/// Every answer of every user task.
fn answer_rows(definition: &bpmn::Definition) -> Vec<AnswerRow> {
    let nodes = definition.processes.iter().flat_map(|process| &process.nodes);
    nodes
        .filter_map(|node| match &node.kind {
            bpmn::model::NodeKind::User(task) => Some((node, task)),
            _ => None,
        })
        .flat_map(|(node, task)| {
            task.prompts.iter().map(|prompt| AnswerRow {
                element: node.id.to_string(),
                name: node.label().to_owned(),
                variable: prompt.variable.clone(),
                question: prompt.question.clone(),
            })
        })
        .collect()
}

pub(crate) fn start_prompts(definition: &bpmn::Definition) -> Vec<PromptRow> {
    definition.process(None).map(start_prompts_of).unwrap_or_default()
}

/// What a process asks at its start.
pub(crate) fn start_prompts_of(process: &bpmn::model::Process) -> Vec<PromptRow> {
    let starts = process.nodes.iter().filter_map(|node| match &node.kind {
        bpmn::model::NodeKind::Start(start) if node.parent.is_none() => Some(&start.prompts),
        _ => None,
    });
    starts
        .flatten()
        .map(|prompt| {
            let default = process.data_object(None, &prompt.variable).map(|data| data.default.to_json());
            prompt_row(prompt, default.unwrap_or_default())
        })
        .collect()
}

pub(crate) fn prompt_row(prompt: &bpmn::model::Prompt, value: serde_json::Value) -> PromptRow {
    use bpmn::model::DataType;
    PromptRow {
        variable: prompt.variable.clone(),
        question: prompt.question.clone(),
        kind: match prompt.kind {
            DataType::String | DataType::Any => "string",
            DataType::Boolean => "boolean",
            DataType::Long => "long",
            DataType::Double => "double",
            DataType::Date => "date",
        }
        .to_owned(),
        required: prompt.required,
        choices: prompt
            .choices
            .iter()
            .map(|choice| ChoiceRow { label: choice.label.clone(), value: choice.value.to_json() })
            .collect(),
        value,
    }
}

/// What the engine or a check said, led in by its code in the reader's words; as it was said where the code has none.
pub(crate) fn by_code(words: &Words, family: &str, code: &str, detail: &str) -> String {
    let said = Said::new(format!("{family}-{code}")).with("detail", detail);
    if words.knows(&said.id) { words.say(&said) } else { detail.to_owned() }
}
