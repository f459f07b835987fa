//! Definitions: import, bindings, display.

use governance::fact::{Action, Binding, DefinitionBound, DefinitionImported, Meaning, Party};
use governance::workflow::{Definition, calls, gates, parties, suggest};
use governance::{DefinitionId, Fact};

use super::{
    BindDefinition, CallRow, ChoiceRow, DefinitionOf, DefinitionPage, DefinitionRow, DiagnosticRow,
    ExportDefinition, GateRow, ImportDefinition, PartyRow, PromptRow, TemplateRow,
};
use crate::ids::new_id;
use crate::registry::Property;
use crate::session::{Session, parse};
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// A definition's file is this large at most.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// The built-in templates.
///
/// # Errors
/// Never.
pub async fn templates(_app: &App, _request: Nothing) -> Result<Vec<TemplateRow>, Failure> {
    Ok(bpmn::templates::all()
        .iter()
        .map(|template| TemplateRow {
            name: template.name.to_owned(),
            description: template.description.to_owned(),
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
    let process = definition.process(None).or(definition.processes.first()).ok_or_else(|| {
        Failure::new(
            Code::Definition,
            "the document holds no process",
            "Export a process definition as BPMN 2.0.",
        )
    })?;
    let name = request
        .name
        .clone()
        .or_else(|| process.name.clone())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| process.id.to_string());
    let _: governance::ProjectName = parse("definition name", &name)?;
    let document = crate::session::digest_of(&bytes);
    let (bound, approvals) = suggest(&definition);
    let named = parties(&definition);
    let id: DefinitionId = new_id();
    session.put_blob(bytes).await?;
    session
        .decide(&me, |state| {
            let number = state.definition_named(&name).map_or(1, |latest| latest.number + 1);
            // Whom a name meant in the version before, it means again; a member or role of that very name means itself.
            let before =
                state.definition_named(&name).map(|latest| latest.meanings.clone()).unwrap_or_default();
            let meanings = named
                .iter()
                .filter_map(|named| {
                    let known = before
                        .iter()
                        .find(|(party, _)| *party == named.party)
                        .map(|(_, meaning)| meaning.clone());
                    let itself = match &named.party {
                        Party::User(user) => {
                            user.parse().ok().filter(|member| state.members.has(member)).map(Meaning::Member)
                        }
                        Party::Group(group) => group.parse().ok().map(Meaning::Role),
                    };
                    known.or(itself).map(|meaning| (named.party.clone(), meaning))
                })
                .collect();
            Ok(vec![
                Fact::DefinitionImported(DefinitionImported {
                    definition: id.clone(),
                    name: name.clone(),
                    number,
                    document: document.clone(),
                }),
                Fact::DefinitionBound(DefinitionBound {
                    definition: id.clone(),
                    calls: bound.clone(),
                    parties: meanings,
                    gates: approvals.clone(),
                }),
            ])
        })
        .await?;
    page(&session, &find(&session, id.as_str())?).await
}

fn document_of(request: &ImportDefinition) -> Result<Vec<u8>, Failure> {
    match (&request.path, &request.xml, &request.template) {
        (Some(path), None, None) => super::contract::read_file(path, FILE_BYTES_MAX),
        (None, Some(xml), None) => Ok(xml.clone().into_bytes()),
        (None, None, Some(name)) => bpmn::templates::all()
            .iter()
            .find(|template| template.name == name)
            .map(|template| template.document.as_bytes().to_vec())
            .ok_or_else(|| Failure::not_found("template", name, "List the templates to see their names.")),
        _ => Err(Failure::new(
            Code::Usage,
            "exactly one of `path`, `xml` and `template` is needed",
            "Name the file to import, or a template.",
        )),
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
    };
    for call in &request.calls {
        let action =
            Action::ALL.into_iter().find(|action| action.name() == call.action).ok_or_else(|| {
                let known: Vec<&str> = Action::ALL.iter().map(|action| action.name()).collect();
                Failure::new(
                    Code::Usage,
                    format!("`{}` is no action", call.action),
                    format!("Use one of {}.", known.join(", ")),
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
        bound.calls.insert(call.element.clone(), Binding { action, inputs });
    }
    for party in &request.parties {
        let named = match party.kind.as_str() {
            "group" => Party::Group(party.name.clone()),
            "user" => Party::User(party.name.clone()),
            other => {
                return Err(Failure::new(
                    Code::Usage,
                    format!("`{other}` is neither `group` nor `user`"),
                    "",
                ));
            }
        };
        let meaning = match (&party.role, &party.member) {
            (Some(role), None) => Meaning::Role(parse("role", role)?),
            (None, Some(member)) => Meaning::Member(parse("member name", member)?),
            _ => {
                return Err(Failure::new(
                    Code::Usage,
                    format!("`{}` must mean a role or a member", party.name),
                    "Name exactly one of the two.",
                ));
            }
        };
        bound.parties.retain(|(other, _)| *other != named);
        bound.parties.push((named, meaning));
    }
    if let Some(gates) = &request.gates {
        bound.gates = gates.iter().map(|gate| (gate.element.clone(), gate.variable.clone())).collect();
    }
    session.record(&me, vec![Fact::DefinitionBound(bound)]).await?;
    page(&session, &find(&session, definition.id.as_str())?).await
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

fn all(session: &Session) -> Result<Vec<Definition>, Failure> {
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

/// A definition by its identifier, or the latest of a name.
pub(crate) fn find(session: &Session, text: &str) -> Result<Definition, Failure> {
    if let Some(definition) = session.cache.get("definitions", text)? {
        return Ok(definition);
    }
    all(session)?
        .into_iter()
        .filter(|definition| definition.name == text)
        .max_by_key(|definition| definition.number)
        .ok_or_else(|| Failure::not_found("definition", text, "List the definitions to see their names."))
}

fn row(definition: &Definition) -> DefinitionRow {
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
    }
}

async fn page(session: &Session, definition: &Definition) -> Result<DefinitionPage, Failure> {
    let bytes = session.blob(&definition.document, FILE_BYTES_MAX).await?;
    let parsed = super::contract::parse_definition(&bytes)?;
    let suggested = suggest(&parsed).0;
    let call_rows = calls(&parsed)
        .into_iter()
        .map(|call| {
            let binding = definition.bound.get(&call.element);
            CallRow {
                action: binding.map(|binding| binding.action.name().to_owned()),
                by_itself: binding.is_some() && suggested.get(&call.element) == binding,
                inputs: binding
                    .map(|binding| {
                        binding
                            .inputs
                            .iter()
                            .map(|(name, value)| Property { name: name.clone(), value: value.clone() })
                            .collect()
                    })
                    .unwrap_or_default(),
                element: call.element,
                name: call.name,
                call: call.call,
            }
        })
        .collect();
    let party_rows = parties(&parsed)
        .into_iter()
        .map(|named| {
            let (kind, name) = match &named.party {
                Party::Group(name) => ("group", name.clone()),
                Party::User(name) => ("user", name.clone()),
            };
            let (role, member) = match definition.meaning(&named.party) {
                Some(Meaning::Role(role)) => (Some(role.name().to_owned()), None),
                Some(Meaning::Member(member)) => (None, Some(member.to_string())),
                None => (None, None),
            };
            PartyRow {
                kind: kind.to_owned(),
                name,
                excluded: named.invited_at.is_empty(),
                elements: named.invited_at.into_iter().chain(named.excluded_at).collect(),
                role,
                member,
            }
        })
        .collect();
    let label = |element: &str| {
        parsed
            .processes
            .iter()
            .find_map(|process| process.find(element).map(|ix| process.node(ix).label().to_owned()))
            .unwrap_or_else(|| element.to_owned())
    };
    let gate_rows = gates(&parsed)
        .into_iter()
        .filter_map(|(element, _)| {
            let variable = definition.gates.get(&element)?.clone();
            Some(GateRow { name: label(&element), element, variable, gate: "migrate".to_owned() })
        })
        .collect();
    let mut versions: Vec<DefinitionRow> =
        all(session)?.iter().filter(|other| other.name == definition.name).map(row).collect();
    versions.sort_by_key(|version| std::cmp::Reverse(version.version));
    Ok(DefinitionPage {
        definition: row(definition),
        xml: super::contract::display(&parsed),
        diagnostics: definition
            .diagnostics
            .iter()
            .map(|diagnostic| DiagnosticRow {
                severity: match diagnostic.severity {
                    bpmn::Severity::Error => "error".to_owned(),
                    bpmn::Severity::Warning => "warning".to_owned(),
                },
                code: diagnostic.code.clone(),
                element: diagnostic.element.clone(),
                message: diagnostic.message.clone(),
            })
            .collect(),
        calls: call_rows,
        parties: party_rows,
        gates: gate_rows,
        prompts: start_prompts(&parsed),
        versions,
        actions: Action::ALL.iter().map(|action| action.name().to_owned()).collect(),
    })
}

fn start_prompts(definition: &bpmn::Definition) -> Vec<PromptRow> {
    let Some(process) = definition.process(None) else { return Vec::new() };
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
