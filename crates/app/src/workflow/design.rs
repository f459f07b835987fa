//! Working copies: a definition is drawn and changed on this desk, step by step, and published as its next version.

mod views;

use bpmn::design::{self, Details, Repeated, TimerKind};
use bpmn::time::{Cycle, IsoDuration, Tongue, due_date};
use bpmn::{Document, Expression};
use cache::desk::{Design, Revision, Whose};
use governance::MemberName;
use serde::{Deserialize, Serialize};
use words::{Locale, Words, said};

pub use views::*;

use super::definitions;
use super::findings::{diagnostic_row, said_of};
use super::{DefinitionPage, ImportDefinition};
use crate::ids::new_id;
use crate::session::{Session, parse};
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// Firings of a timer that are told.
const FIRINGS_MAX: usize = 10;

/// What the desk keeps about a working copy beside its steps.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct About {
    name: String,
    base: Option<String>,
    base_version: Option<u32>,
}

/// A working copy that was found: whose, which, and its document.
struct Found {
    session: std::sync::Arc<Session>,
    me: MemberName,
    workspace: String,
    design: Design,
    about: About,
}

impl Found {
    fn whose(&self) -> Whose<'_> {
        Whose { workspace: &self.workspace, member: self.me.as_str() }
    }

    fn document(&self, app: &App) -> Result<Document, Failure> {
        let step = app.desk.revision(self.whose(), &self.design.id, self.design.revision)?;
        let step = step.ok_or_else(|| Failure::not_found("step of the working copy", &self.design.id))?;
        Document::parse(step.document).map_err(|error| from_bpmn(&error))
    }

    fn row(&self) -> DesignRow {
        DesignRow {
            id: self.design.id.clone(),
            name: self.about.name.clone(),
            base: self.about.base.clone(),
            base_version: self.about.base_version,
            revision: self.design.revision,
            changed_at: self.design.changed_at.clone(),
        }
    }
}

fn from_bpmn(error: &bpmn::Error) -> Failure {
    let (code, said) = match error {
        bpmn::Error::NotFound(element) => {
            (Code::NotFound, said!("design-no-element", element = element.to_string()))
        }
        bpmn::Error::BadEdit(why) => (Code::Usage, said!("design-bad-edit", why = said_of(why))),
        other => (Code::Definition, said!("design-unreadable", why = said_of(&other.sentence()))),
    };
    Failure::said(code, said)
}

fn about_of(design: &Design) -> Result<About, Failure> {
    serde_json::from_str(&design.about)
        .map_err(|cause| Failure::internal("a working copy has another shape", &cause))
}

fn find(app: &App, id: &str) -> Result<Found, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let workspace = session.id();
    let all = app.desk.designs(Whose { workspace: &workspace, member: me.as_str() })?;
    let design = all.into_iter().find(|design| design.id == id);
    let design = design.ok_or_else(|| Failure::not_found("working copy", id))?;
    let about = about_of(&design)?;
    Ok(Found { session, me, workspace, design, about })
}

/// Working copies of this member on this desk, latest first.
///
/// # Errors
/// [`Code::NoWorkspace`].
pub async fn list_designs(app: &App, _request: Nothing) -> Result<Vec<DesignRow>, Failure> {
    let session = app.session()?;
    let Some(me) = session.member_now() else { return Ok(Vec::new()) };
    let workspace = session.id();
    let all = app.desk.designs(Whose { workspace: &workspace, member: me.as_str() })?;
    all.into_iter()
        .map(|design| {
            let about = about_of(&design)?;
            Ok(DesignRow {
                id: design.id,
                name: about.name,
                base: about.base,
                base_version: about.base_version,
                revision: design.revision,
                changed_at: design.changed_at,
            })
        })
        .collect()
}

/// Begins a working copy, or opens the one this member has of the same definition.
///
/// # Errors
/// [`Code::NotFound`] for what it is to be begun from.
pub async fn begin_design(app: &App, request: BeginDesign) -> Result<DesignPage, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let workspace = session.id();
    let (document, about) = match (&request.definition, &request.template) {
        (Some(definition), None) => {
            let base = definitions::find(&session, definition)?;
            for design in app.desk.designs(Whose { workspace: &workspace, member: me.as_str() })? {
                if about_of(&design)?.base.as_deref() == Some(base.id.as_str()) {
                    return show_design(app, DesignOf { design: design.id }).await;
                }
            }
            let bytes = session.blob(&base.document, definitions::FILE_BYTES_MAX).await?;
            let name = request.name.clone().unwrap_or_else(|| base.name.clone());
            let about = About { name, base: Some(base.id.to_string()), base_version: Some(base.number) };
            (Document::parse(bytes).map_err(|error| from_bpmn(&error))?, about)
        }
        (None, Some(template)) => {
            let bytes = definitions::template_of(template)?;
            let document = Document::parse(bytes).map_err(|error| from_bpmn(&error))?;
            let own = bpmn::Definition::read(document.clone());
            let own = own.process(None).and_then(|process| process.name.clone());
            let name = request.name.clone().or(own).unwrap_or_else(|| template.clone());
            (document, About { name, base: None, base_version: None })
        }
        (None, None) => {
            let name = request.name.clone().unwrap_or_default();
            let name = name.trim();
            let _: governance::ProjectName = parse("definition name", name)?;
            let document = design::blank(&process_id(name), name).map_err(|error| from_bpmn(&error))?;
            (document, About { name: name.to_owned(), base: None, base_version: None })
        }
        (Some(_), Some(_)) => {
            return Err(Failure::said(Code::Usage, said!("design-two-sources")));
        }
    };
    let id: governance::DefinitionId = new_id();
    let kept = serde_json::to_string(&about)
        .map_err(|cause| Failure::internal("a name has no JSON form", &cause))?;
    let design =
        Design { id: id.to_string(), about: kept, revision: 0, changed_at: app.clock.now().to_string() };
    let step = Revision { revision: 0, done: "begin".to_owned(), document: document.bytes().to_vec() };
    app.desk.keep_revision(Whose { workspace: &workspace, member: me.as_str() }, &design, &step)?;
    show_design(app, DesignOf { design: design.id }).await
}

/// An identifier for a process, from its name.
fn process_id(name: &str) -> String {
    let mut id = String::from("process-");
    for character in name.to_lowercase().chars() {
        if character.is_ascii_alphanumeric() {
            id.push(character);
        } else if !id.ends_with('-') {
            id.push('-');
        }
    }
    id.trim_end_matches('-').chars().take(80).collect()
}

/// A working copy with everything the designer shows.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn show_design(app: &App, request: DesignOf) -> Result<DesignPage, Failure> {
    let found = find(app, &request.design)?;
    let document = found.document(app)?;
    page(app, &found, &document, true)
}

fn page(app: &App, found: &Found, document: &Document, with_xml: bool) -> Result<DesignPage, Failure> {
    let definition = bpmn::Definition::read(document.clone());
    let elements = design::read(&definition);
    let (id, revision) = (&found.design.id, found.design.revision);
    let undo = match revision.checked_sub(1) {
        // What the step before holds must still be there to go back to.
        Some(before) if app.desk.revision_done(found.whose(), id, before)?.is_some() => {
            app.desk.revision_done(found.whose(), id, revision)?
        }
        _ => None,
    };
    let latest = definitions::latest(&found.session, &found.about.name)?;
    let meanings = definitions::meanings_now(&found.session, &definition, latest.as_ref())?;
    let mut approvals = governance::workflow::suggest(&definition).1;
    approvals.extend(latest.iter().flat_map(|latest| latest.gates.clone()));
    Ok(DesignPage {
        xml: with_xml.then(|| bpmn::geometry::normalised_xml(document)),
        diagnostics: super::checks::checked(&found.session, &definition, &meanings, &approvals)?
            .iter()
            .map(|one| diagnostic_row(app.words(), one))
            .collect(),
        variables: variables(&elements),
        undo,
        redo: app.desk.revision_done(found.whose(), id, revision + 1)?,
        published: latest.as_ref().map(definitions::row),
        elements,
        design: found.row(),
    })
}

/// Every variable that something sets.
fn variables(elements: &[Details]) -> Vec<String> {
    let mut names: Vec<String> = elements
        .iter()
        .flat_map(|one| {
            let data = one.data.iter().map(|datum| datum.name.clone());
            let answers = one.prompts.iter().map(|prompt| prompt.variable.clone());
            data.chain(answers)
                .chain(one.captures.iter().map(|capture| capture.variable.clone()))
                .chain(one.listeners.iter().filter_map(|listener| listener.sets().map(str::to_owned)))
                .chain(one.repeat.iter().flat_map(Repeated::sets).map(str::to_owned))
                .chain(one.outputs.iter().map(|passed| passed.target.clone()))
                .chain([one.error_variable.clone()])
                .collect::<Vec<_>>()
        })
        .filter(|name| !name.is_empty() && !name.contains("${"))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Changes a working copy. It is kept before the answer comes.
///
/// # Errors
/// [`Code::Conflict`] when it is at another step; [`Code::Usage`] for a change that cannot be made.
pub async fn edit_design(app: &App, request: EditDesign) -> Result<DesignPage, Failure> {
    let mut found = find(app, &request.design)?;
    if found.design.revision != request.after {
        return Err(Failure::said(Code::Conflict, said!("design-changed", name = found.about.name.clone())));
    }
    let before = found.document(app)?;
    let document = design::apply(&before, &request.changes).map_err(|error| from_bpmn(&error))?;
    if document != before {
        found.design.revision += 1;
        found.design.changed_at = app.clock.now().to_string();
        let step = Revision {
            revision: found.design.revision,
            done: request.done.chars().take(80).collect(),
            document: document.bytes().to_vec(),
        };
        app.desk.keep_revision(found.whose(), &found.design, &step)?;
    }
    page(app, &found, &document, !request.shown)
}

async fn step(app: &App, id: &str, forward: bool) -> Result<DesignPage, Failure> {
    let mut found = find(app, id)?;
    let to = if forward { Some(found.design.revision + 1) } else { found.design.revision.checked_sub(1) };
    let there = match to {
        Some(to) => app.desk.revision_done(found.whose(), id, to)?.map(|_| to),
        None => None,
    };
    if let Some(to) = there {
        found.design.revision = to;
        found.design.changed_at = app.clock.now().to_string();
        app.desk.stand_at(found.whose(), &found.design)?;
    }
    let document = found.document(app)?;
    page(app, &found, &document, true)
}

/// Takes the last step back: the document is byte for byte what it was. At the first step nothing happens.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn undo_design(app: &App, request: DesignOf) -> Result<DesignPage, Failure> {
    step(app, &request.design, false).await
}

/// Does the step again that was taken back last.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn redo_design(app: &App, request: DesignOf) -> Result<DesignPage, Failure> {
    step(app, &request.design, true).await
}

/// Says under which name a working copy is to be published.
///
/// # Errors
/// [`Code::Usage`] for a name that is none.
pub async fn rename_design(app: &App, request: RenameDesign) -> Result<DesignPage, Failure> {
    let mut found = find(app, &request.design)?;
    let _: governance::ProjectName = parse("definition name", request.name.trim())?;
    found.about.name = request.name.trim().to_owned();
    found.design.about = serde_json::to_string(&found.about)
        .map_err(|cause| Failure::internal("a name has no JSON form", &cause))?;
    app.desk.stand_at(found.whose(), &found.design)?;
    let document = found.document(app)?;
    page(app, &found, &document, false)
}

/// Forgets a working copy.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn discard_design(app: &App, request: DesignOf) -> Result<Nothing, Failure> {
    let found = find(app, &request.design)?;
    app.desk.forget_design(found.whose(), &request.design)?;
    Ok(Nothing {})
}

/// Publishes a working copy as the next version of its name, and forgets it.
///
/// # Errors
/// [`Code::Conflict`] when another version was published since it was begun; [`Code::Refused`] without the role.
pub async fn publish_design(app: &App, request: PublishDesign) -> Result<DefinitionPage, Failure> {
    let found = find(app, &request.design)?;
    let document = found.document(app)?;
    if let Some(latest) = definitions::latest(&found.session, &found.about.name)? {
        let known = found.about.base.as_deref() == Some(latest.id.as_str());
        if !known && !request.anyway {
            return Err(Failure::said(
                Code::Conflict,
                said!(
                    "design-overtaken",
                    who = latest.imported_by.to_string(),
                    number = latest.number.to_string(),
                    name = latest.name.clone()
                ),
            ));
        }
        if latest.document == crate::session::digest_of(document.bytes()) {
            return Err(Failure::said(
                Code::Usage,
                said!("design-unchanged", number = latest.number.to_string(), name = latest.name.clone()),
            ));
        }
    }
    let import = ImportDefinition {
        xml: Some(document.text().to_owned()),
        name: Some(found.about.name.clone()),
        ..ImportDefinition::default()
    };
    let published = definitions::import_definition(app, import).await?;
    app.desk.forget_design(found.whose(), &request.design)?;
    Ok(published)
}

/// The document of a working copy.
pub(crate) fn document_of(app: &App, design: &str) -> Result<(String, Document), Failure> {
    let found = find(app, design)?;
    let document = found.document(app)?;
    Ok((found.about.name, document))
}

/// What an expression or a timer means, and when it fires next.
///
/// # Errors
/// [`Code::Usage`] when neither is given.
pub async fn explain(app: &App, request: Explain) -> Result<Explained, Failure> {
    match (&request.expression, &request.timer) {
        (Some(text), None) => Ok(expression(text, app.words())),
        (None, Some(timer)) => Ok(firings(app.words(), timer, app.clock.now())),
        _ => Err(Failure::said(Code::Usage, said!("explain-one"))),
    }
}

fn unread(why: &bpmn::Sentence, words: &Words) -> Explained {
    Explained { problem: Some(words.say(&said_of(why))), ..Explained::default() }
}

fn expression(text: &str, words: &Words) -> Explained {
    match Expression::parse(text) {
        Err(error) => unread(&error.sentence(), words),
        Ok(read) => Explained {
            variables: read.variables().into_iter().map(str::to_owned).collect(),
            ..Explained::default()
        },
    }
}

/// The language that calendars are told in to who reads these words.
fn tongue(words: &Words) -> Tongue {
    match words.locale() {
        Locale::PtBr => Tongue::Portuguese,
        Locale::En => Tongue::English,
    }
}

/// What a timer means, and when it fires next if it is set `now`.
pub(super) fn firings(words: &Words, timer: &TimerText, now: jiff::Timestamp) -> Explained {
    let tongue = tongue(words);
    let text = timer.text.trim();
    // What a variable says is known only when it runs.
    if text.contains("${") || text.contains("#{") {
        return expression(text, words);
    }
    let read = || -> Result<Explained, bpmn::time::TimeError> {
        Ok(match timer.kind {
            TimerKind::Date => {
                let due = bpmn::time::date(text)?;
                Explained { next: vec![due.to_string()], ..Explained::default() }
            }
            TimerKind::Duration => {
                IsoDuration::parse(text)?;
                Explained { next: vec![due_date(text, now)?.to_string()], ..Explained::default() }
            }
            TimerKind::Cycle => {
                let cycle = Cycle::parse(text)?;
                let mut next = Vec::new();
                let mut after = now;
                while next.len() < FIRINGS_MAX
                    && let Some(due) = cycle.next(now, after, u32::try_from(next.len()).unwrap_or(u32::MAX))
                {
                    next.push(due.to_string());
                    after = due;
                }
                Explained {
                    words: Some(cycle.words_in(tongue)),
                    surprises: cycle.surprises(tongue),
                    next,
                    ..Explained::default()
                }
            }
        })
    };
    read().unwrap_or_else(|error| unread(&error.sentence(), words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_and_expressions_are_explained_in_the_words_of_whoever_asks() {
        let now = "2026-01-01T09:00:00Z".parse().unwrap();
        let words = Words::of(Locale::PtBr);
        let told = |kind, text: &str| firings(words, &TimerText { kind, text: text.to_owned() }, now);
        let cycle = told(TimerKind::Cycle, "0 2 * * 1/4");
        assert_eq!(cycle.words.as_deref(), Some("às 02:00, às segundas-feiras e às sextas-feiras"));
        assert!(
            cycle.surprises[0].contains("`R/P4W`") && cycle.surprises[0].contains("semanas"),
            "{cycle:?}"
        );
        let repeat = told(TimerKind::Cycle, "R3/PT1H/2026-02-01");
        assert_eq!(repeat.words.as_deref(), Some("a cada PT1H, 3 vezes, até 2026-02-01T00:00:00Z"));
        let problems = [
            (
                TimerKind::Duration,
                "1d",
                "`1d` não é uma duração: não começa com `P`, como em `PT10M` ou `P1D`",
            ),
            (
                TimerKind::Date,
                "2026-03-01[Europe/Rome]",
                "`2026-03-01[Europe/Rome]` não é uma data: um fuso horário",
            ),
            (TimerKind::Cycle, "1 2 3", "`1 2 3` não é uma expressão cron: tem 3 campos;"),
            (
                TimerKind::Cycle,
                "${a b}",
                "`${a b}` não é uma expressão: aqui deveria estar `}`, e não `b` (caractere 5)",
            ),
        ];
        for (kind, text, wanted) in problems {
            let problem = told(kind, text).problem.unwrap_or_default();
            assert!(problem.starts_with(wanted), "{text}: {problem}");
        }
    }

    #[test]
    fn what_a_change_is_refused_for_is_said_in_the_words_of_whoever_made_it() {
        let document = design::blank("p", "Renewal").unwrap();
        let rows = [
            (
                design::Change::Remove { ids: vec!["p".to_owned()] },
                "The change cannot be made: `p` is the process itself; it cannot be removed",
                "A alteração não pode ser feita: `p` é o próprio processo; não pode ser removido",
            ),
            (
                design::Change::Set {
                    id: "start".to_owned(),
                    set: design::Property::Link { text: "there".to_owned() },
                },
                "The change cannot be made: `start` neither waits for a link nor throws one; it cannot be said which",
                "A alteração não pode ser feita: `start` não espera nem lança uma ligação; não se pode dizer qual",
            ),
        ];
        for (change, english, portuguese) in rows {
            let refused = from_bpmn(&design::apply(&document, &[change]).unwrap_err());
            assert_eq!(refused.message, english);
            assert_eq!(refused.in_words(Words::of(Locale::PtBr)).message, portuguese);
        }
    }
}
