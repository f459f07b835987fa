//! Definitions without a workspace: rehearsed, compared, read before they are imported.

use std::collections::BTreeMap;

use bpmn::simulate::{Canned, Script, simulate};
use governance::DefinitionId;
use governance::workflow::suggest;
use words::{Said, said};

use super::ImportDefinition;
use super::definitions::{self, by_code};
use super::design::{
    CompareDefinitions, DefinitionComparison, DefinitionReading, FormKept, FormOf, KeepForm, Rehearsal,
    Rehearse, document_of,
};
use super::findings::{diagnostic_row, said_of};
use crate::session::{Session, parse};
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// More steps are not rehearsed at once.
const STEPS_MAX: usize = 2_000;

/// A definition or a working copy that was found by its identifier.
struct Named {
    /// What people call it.
    name: String,
    parsed: bpmn::Definition,
    /// What the processes that it calls elsewhere are bound to; for a working copy, what they would be.
    called: BTreeMap<String, DefinitionId>,
}

async fn named(app: &App, session: &Session, id: &str) -> Result<Named, Failure> {
    if let Ok(found) = definitions::find(session, id) {
        let bytes = session.blob(&found.document, definitions::FILE_BYTES_MAX).await?;
        return Ok(Named {
            name: definitions::titled(session.words(), &found),
            parsed: super::contract::parse_definition(&bytes)?,
            called: found.called,
        });
    }
    let (name, document) = document_of(app, id)?;
    let parsed = bpmn::Definition::read(document);
    let before = definitions::latest(session, &name)?;
    let called = super::called::bound_by_itself(session, &parsed, before.as_ref())?;
    Ok(Named { name, parsed, called })
}

/// Plays a definition or working copy from its beginning. The whole play is repeated for every step that is added: it
/// takes milliseconds, and there is no state to lose.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Usage`] for a clock that is none.
pub async fn rehearse(app: &App, request: Rehearse) -> Result<Rehearsal, Failure> {
    let session = app.session()?;
    let id = match (&request.definition, &request.design) {
        (Some(id), None) | (None, Some(id)) => id,
        _ => {
            return Err(Failure::said(Code::Usage, said!("rehearse-one")));
        }
    };
    if request.steps.len() > STEPS_MAX {
        return Err(Failure::said(Code::Usage, said!("rehearse-too-long", steps = STEPS_MAX.to_string())));
    }
    let Named { name, parsed: definition, called } = named(app, &session, id).await?;
    let others = super::called::reached(&session, &called).await?;
    let clock = match &request.clock {
        None => session.now(),
        Some(text) => bpmn::time::date(text).map_err(|error| {
            Failure::said(Code::Usage, said!("rehearse-clock", why = said_of(&error.sentence())))
        })?,
    };
    let mut http = request.replies.clone();
    http.push(Canned {
        method: "*".to_owned(),
        url: "*".to_owned(),
        status: 200,
        body: serde_json::json!({ "id": "rehearsed", "items": [{ "id": "rehearsed", "name": "rehearsed" }] }),
        times: None,
    });
    let script = Script {
        clock,
        process: None,
        variables: bpmn::engine::Variables::new(),
        http,
        more: Vec::new(),
        scripts: BTreeMap::new(),
        steps: request.steps,
    };
    let more: Vec<(String, Vec<u8>)> =
        others.iter().map(|(of, parsed)| (of.name.clone(), parsed.document.bytes().to_vec())).collect();
    let answer = simulate(definition.document.bytes(), &script, &more);
    // Where two have the same identifier, the definition's own is meant.
    let all = others.iter().rev().map(|(_, parsed)| parsed).chain([&definition]);
    let names = all
        .flat_map(|parsed| &parsed.processes)
        .flat_map(|process| &process.nodes)
        .map(|node| (node.id.to_string(), node.label().to_owned()))
        .collect();
    Ok(Rehearsal {
        name,
        xml: super::contract::display(&definition),
        processes: super::called::processes(&definition),
        errors: answer
            .diagnostics
            .iter()
            .filter(|one| one.severity == bpmn::Severity::Error)
            .map(|one| diagnostic_row(app.words(), one))
            .collect(),
        states: answer.states,
        clocks: answer.clocks.iter().map(ToString::to_string).collect(),
        began: clock.to_string(),
        names,
        failure: answer.failure.map(|stop| {
            let message = by_code(app.words(), "rehearsed", &stop.code, &stop.message);
            bpmn::simulate::Failure { message, ..stop }
        }),
    })
}

/// What differs between two versions of a definition, or between one and a working copy.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn compare_definitions(
    app: &App,
    request: CompareDefinitions,
) -> Result<DefinitionComparison, Failure> {
    let session = app.session()?;
    let Named { name: before_name, parsed: before, .. } = named(app, &session, &request.before).await?;
    let Named { name: after_name, parsed: after, .. } = named(app, &session, &request.after).await?;
    Ok(DefinitionComparison {
        before_name,
        after_name,
        differences: bpmn::compare::compare(&before, &after, &|word| {
            app.words().say(&Said::new(format!("differs-{word}")))
        }),
        before: super::contract::display(&before),
        after: super::contract::display(&after),
    })
}

/// Reads a definition without importing it: what the lint says, and what its calls and people would mean.
///
/// # Errors
/// [`Code::Definition`] when it is no BPMN document; [`Code::NotFound`] for the file.
pub async fn inspect_definition(app: &App, request: ImportDefinition) -> Result<DefinitionReading, Failure> {
    let session = app.session()?;
    let bytes = definitions::document_of(&request)?;
    let size = bytes.len() as u64;
    let parsed = super::contract::parse_definition(&bytes)?;
    let name = definitions::name_of(&request, &parsed)?;
    let before = definitions::latest(&session, &name)?;
    let meanings = definitions::meanings_now(&session, &parsed, before.as_ref())?;
    let carried = definitions::carried(&session, before.as_ref(), &parsed).await?;
    let (bound, approvals) = suggest(&parsed);
    let (bound, approvals) = carried.over(bound, approvals);
    let called = super::called::bound_by_itself(&session, &parsed, before.as_ref())?;
    Ok(DefinitionReading {
        replaces: before.as_ref().map(|before| before.number),
        size,
        xml: super::contract::display(&parsed),
        diagnostics: super::checks::checked(&session, &parsed, &meanings, &approvals)?
            .iter()
            .map(|one| diagnostic_row(app.words(), one))
            .collect(),
        calls: definitions::call_rows(&parsed, &bound),
        parties: definitions::party_rows(&parsed, &meanings),
        gates: definitions::gate_rows(&parsed, &approvals),
        called: super::called::rows(&session, &governance::workflow::elsewhere(&parsed), &called)?,
        cycles: definitions::cycle_rows(app.words(), &parsed, session.now()),
        actions: governance::fact::Action::ALL.iter().map(|action| action.name().to_owned()).collect(),
        name,
    })
}

/// What was typed into a form and not sent.
///
/// # Errors
/// When the desk file cannot be read.
pub async fn show_form(app: &App, request: FormOf) -> Result<FormKept, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    Ok(FormKept { values: app.desk.draft(&session.id(), me.as_str(), &form_key(&request.form)?)? })
}

/// Keeps what was typed into a form, on this desk.
///
/// # Errors
/// When the desk file cannot be written.
pub async fn keep_form(app: &App, request: KeepForm) -> Result<Nothing, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let values = request.values.as_ref().filter(|values| !values.is_null());
    app.desk.keep_draft(&session.id(), me.as_str(), &form_key(&request.form)?, values)?;
    Ok(Nothing {})
}

/// Forms are kept beside the drafts of tasks, whose keys have no colon.
fn form_key(form: &str) -> Result<String, Failure> {
    let _: governance::ProjectName = parse("form name", form)?;
    Ok(format!("form:{form}"))
}
