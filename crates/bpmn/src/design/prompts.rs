//! Questions are set: as SAS prompts, or as form properties where an element has those already.

use super::fields::{extend, extension_elements};
use super::set::{new_datum, type_name, type_of};
use super::tag::{EXTENSIONS, Lines, Names, SAS, Tag};
use super::{Choice, Question, check_text, check_variable, element as find, fresh_id, is, nouns};
use crate::Error;
use crate::document::Document;
use crate::document::edit::{Patch, by_id, insert_after, remove as cut, set_attribute};
use crate::model::DataType;
use crate::sentence::sentence;
use roxmltree::Node as Xml;

pub(super) fn set(document: &Document, id: &str, questions: &[Question]) -> Result<Document, Error> {
    check(questions)?;
    let forms = {
        let tree = document.tree()?;
        let node = find(tree.root_element(), id)?;
        if !is(&node, "userTask") && !is(&node, "startEvent") {
            return Err(Error::BadEdit(sentence!(
                "edit-no-questions",
                "`{id}` asks nobody; only user tasks and starts have questions",
                id = id
            )));
        }
        let tags = |tag: &str| {
            extension_elements(node).into_iter().flat_map(|all| all.children()).any(|child| {
                child.tag_name().name() == tag
                    && child.tag_name().namespace().is_some_and(|n| EXTENSIONS.contains(&n))
            })
        };
        if tags("formData") {
            return Err(Error::BadEdit(sentence!(
                "edit-questions-as-written",
                "the questions of `{id}` are written as Camunda form fields, which are shown and run but not changed here",
                id = id
            )));
        }
        tags("formProperty")
    };
    if forms { as_properties(document, id, questions) } else { as_prompts(document, id, questions) }
}

fn check(questions: &[Question]) -> Result<(), Error> {
    let mut seen = Vec::new();
    for question in questions {
        let variable = question.variable.trim();
        check_variable(variable)?;
        if seen.contains(&variable) {
            return Err(Error::BadEdit(sentence!(
                "edit-question-twice",
                "`{variable}` is asked for twice; ask once",
                variable = variable
            )));
        }
        seen.push(variable);
        check_text(sentence!("edit-text-question", "the question"), &question.question)?;
        for choice in &question.choices {
            check_text(sentence!("edit-text-choice", "the choice"), &choice.label)?;
            if question.kind.read(&choice.value).is_none() {
                return Err(Error::BadEdit(sentence!(
                    "edit-choice",
                    "the choice `{choice}` is no {kind}; write one, such as {example}",
                    choice = &choice.value,
                    kind = nouns::choice(question.kind),
                    example = example(question.kind)
                )));
            }
        }
    }
    Ok(())
}

fn example(kind: DataType) -> &'static str {
    match kind {
        DataType::Boolean => "`true`",
        DataType::Long => "`3`",
        DataType::Double => "`0.5`",
        DataType::Date => "`2026-12-31`",
        DataType::String | DataType::Any => "`text`",
    }
}

/// The process an element is in.
fn process_of<'t>(node: Xml<'t, 't>) -> Result<Xml<'t, 't>, Error> {
    node.ancestors()
        .find(|outer| is(outer, "process"))
        .ok_or_else(|| Error::BadEdit(sentence!("edit-in-no-process", "the element is in no process")))
}

/// The data object of a variable as an element sees it: the innermost one.
fn datum_of<'t>(node: Xml<'t, 't>, variable: &str) -> Option<Xml<'t, 't>> {
    node.ancestors().find_map(|level| {
        level.children().find(|child| is(child, "dataObject") && child.attribute("name") == Some(variable))
    })
}

/// The `sasbpmn:promptDefinition`s of an element.
fn definitions<'t>(node: Xml<'t, 't>) -> impl Iterator<Item = Xml<'t, 't>> {
    extension_elements(node)
        .into_iter()
        .flat_map(|all| all.children())
        .filter(|child| child.has_tag_name((SAS, "promptDefinition")))
}

/// A question as it is written: which prompt, whether it is required, and which of the declared values may be chosen.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    prompt: String,
    required: bool,
    values: Vec<String>,
}

fn asked(definition: Xml<'_, '_>) -> Asked {
    let values = definition.children().filter(|child| child.has_tag_name((SAS, "promptValueDefinition")));
    Asked {
        prompt: definition.attribute("promptRef").unwrap_or_default().to_owned(),
        required: definition.attribute("required") == Some("true"),
        values: values.filter_map(|value| value.attribute("promptValueRef").map(str::to_owned)).collect(),
    }
}

fn as_prompts(document: &Document, id: &str, questions: &[Question]) -> Result<Document, Error> {
    let mut document = renamed(document, id, questions)?;
    let mut wanted = Vec::new();
    for question in questions {
        document = with_datum(&document, id, question)?;
        let (with, prompt) = with_prompt(&document, id, question)?;
        document = with;
        let mut values = Vec::new();
        for choice in &question.choices {
            let (with, value) = with_value(&document, id, question.kind, choice)?;
            document = with;
            values.push(value);
        }
        wanted.push(Asked { prompt, required: question.required, values });
    }
    let before: Vec<String> = {
        let tree = document.tree()?;
        definitions(find(tree.root_element(), id)?).map(|one| asked(one).prompt).collect()
    };
    document =
        document.patched(|tree| written(find(tree.root_element(), id)?, tree.input_text(), &wanted))?;
    // A prompt that nobody asks any more goes with its last question.
    document.patched(|tree| {
        let root = tree.root_element();
        let mut patches = Vec::new();
        for prompt in before {
            let used = root.descendants().any(|node| {
                node.has_tag_name((SAS, "promptDefinition")) && node.attribute("promptRef") == Some(&prompt)
            });
            if let (false, Some(prompt)) = (used, by_id(root, &prompt)) {
                patches.extend(cut(prompt, tree.input_text())?);
            }
        }
        Ok(patches)
    })
}

/// A question whose variable alone was named anew keeps its data object, under the new name: nobody else asks for it, and
/// nothing is called so yet.
fn renamed(document: &Document, id: &str, questions: &[Question]) -> Result<Document, Error> {
    document.patched(|tree| {
        let root = tree.root_element();
        let node = find(root, id)?;
        let mut patches = Vec::new();
        for (known, question) in definitions(node).zip(questions) {
            let prompt = asked(known).prompt;
            let datum = by_id(root, &prompt)
                .and_then(|prompt| prompt.attribute("dataObjectRef"))
                .and_then(|datum| by_id(root, datum));
            let Some(datum) = datum else { continue };
            let (before, after) = (datum.attribute("name").unwrap_or_default(), question.variable.trim());
            let asks = |node: &Xml<'_, '_>| {
                node.has_tag_name((SAS, "prompt")) && node.attribute("dataObjectRef") == datum.attribute("id")
            };
            let asked_here = questions.iter().any(|other| other.variable.trim() == before);
            let alone = root.descendants().filter(asks).count() == 1
                && root.descendants().filter(|node| node.attribute("promptRef") == Some(&prompt)).count()
                    == 1;
            if before != after && !asked_here && alone && datum_of(node, after).is_none() {
                patches.extend(set_attribute(datum, tree.input_text(), None, "name", Some(after))?);
            }
        }
        Ok(patches)
    })
}

fn definition(names: &Names, asked: &Asked) -> Tag {
    let values =
        asked.values.iter().map(|value| names.sas("promptValueDefinition").with("promptValueRef", value));
    names
        .sas("promptDefinition")
        .with("promptRef", &asked.prompt)
        .with("required", if asked.required { "true" } else { "false" })
        .children(values.collect::<Vec<_>>())
}

/// Writes an element's questions: those that stay as they were keep their bytes.
fn written(node: Xml<'_, '_>, source: &str, wanted: &[Asked]) -> Result<Vec<Patch>, Error> {
    let known: Vec<Xml<'_, '_>> = definitions(node).collect();
    let now: Vec<Asked> = known.iter().map(|one| asked(*one)).collect();
    if now == wanted {
        return Ok(Vec::new());
    }
    let names = Names::at(node);
    let Some(extensions) = extension_elements(node) else {
        let made = wanted.iter().map(|one| definition(&names, one));
        let all = names.bpmn("extensionElements").children(made.collect::<Vec<_>>());
        return insert_after(node, source, &["documentation"], &all.write(&Lines::inside(node)));
    };
    let lines = Lines::inside(extensions);
    let mut patches = Vec::new();
    for (at, one) in known.iter().enumerate() {
        match wanted.get(at) {
            Some(wanted) if *wanted == now[at] => {}
            Some(wanted) if wanted.prompt == now[at].prompt && wanted.values == now[at].values => {
                let required = if wanted.required { "true" } else { "false" };
                patches.extend(set_attribute(*one, source, None, "required", Some(required))?);
            }
            Some(wanted) => patches.push((one.range(), definition(&names, wanted).write(&lines))),
            None => patches.extend(cut(*one, source)?),
        }
    }
    let spare: Vec<String> =
        wanted.iter().skip(known.len()).map(|one| definition(&names, one).write(&lines)).collect();
    match known.last() {
        _ if spare.is_empty() => {}
        Some(last) => {
            let line = crate::document::edit::indent_before(source, last.range().start);
            let end = last.range().end;
            let text: String = spare.iter().map(|one| format!("{line}{one}")).collect();
            patches.push((end..end, text));
        }
        None => {
            for one in &spare {
                patches.extend(crate::document::edit::insert(extensions, source, None, one)?);
            }
        }
    }
    Ok(patches)
}

fn with_datum(document: &Document, id: &str, question: &Question) -> Result<Document, Error> {
    let variable = question.variable.trim();
    let (known, process) = {
        let tree = document.tree()?;
        let node = find(tree.root_element(), id)?;
        let known = datum_of(node, variable).map(|datum| {
            (
                datum.attribute("id").unwrap_or_default().to_owned(),
                datum.attribute("itemSubjectRef").unwrap_or_default().to_owned(),
            )
        });
        (known, process_of(node)?.attribute("id").unwrap_or_default().to_owned())
    };
    match known {
        None => new_datum(document, &process, variable, question.kind, ""),
        Some((_, kind)) if DataType::of(&kind) == question.kind => Ok(document.clone()),
        Some((datum, kind)) => document.patched(|tree| {
            let prefix = kind.rsplit_once(':').map_or("xsd", |(prefix, _)| prefix);
            let kind = format!("{prefix}:{}", type_name(question.kind));
            let datum = find(tree.root_element(), &datum)?;
            set_attribute(datum, tree.input_text(), None, "itemSubjectRef", Some(&kind))
        }),
    }
}

/// The prompt of a question: the one this element asks already, changed where nobody else asks it, or a new one.
fn with_prompt(document: &Document, id: &str, question: &Question) -> Result<(Document, String), Error> {
    let variable = question.variable.trim();
    let (known, datum) = {
        let tree = document.tree()?;
        let root = tree.root_element();
        let node = find(root, id)?;
        let datum =
            datum_of(node, variable).and_then(|datum| datum.attribute("id")).unwrap_or_default().to_owned();
        let prompts: Vec<String> = definitions(node).map(|one| asked(one).prompt).collect();
        let known = prompts.into_iter().find(|prompt| {
            by_id(root, prompt).is_some_and(|prompt| prompt.attribute("dataObjectRef") == Some(&datum))
        });
        let known = known.map(|known| {
            let same = by_id(root, &known).and_then(|prompt| prompt.attribute("name"))
                == Some(question.question.as_str());
            let users = root.descendants().filter(|node| {
                node.has_tag_name((SAS, "promptDefinition")) && node.attribute("promptRef") == Some(&known)
            });
            (same, users.count(), known)
        });
        (known, datum)
    };
    match known {
        Some((true, _, known)) => Ok((document.clone(), known)),
        Some((false, 1, known)) => {
            let renamed = document.patched(|tree| {
                let prompt = find(tree.root_element(), &known)?;
                set_attribute(prompt, tree.input_text(), None, "name", Some(&question.question))
            })?;
            Ok((renamed, known))
        }
        _ => {
            let (mut fresh, question) = (String::new(), &question.question);
            let with = document.patched(|tree| {
                let root = tree.root_element();
                fresh = fresh_id(root, &format!("prompt_{variable}"));
                let process = process_of(find(root, id)?)?;
                let made = Names::at(process)
                    .sas("prompt")
                    .with("id", &fresh)
                    .with("dataObjectRef", &datum)
                    .with("name", question);
                declare(process, tree.input_text(), made)
            })?;
            Ok((with, fresh))
        }
    }
}

fn with_value(
    document: &Document,
    id: &str,
    kind: DataType,
    choice: &Choice,
) -> Result<(Document, String), Error> {
    let mut found = String::new();
    let with = document.patched(|tree| {
        let root = tree.root_element();
        let process = process_of(find(root, id)?)?;
        let same = process.descendants().find(|node| {
            node.has_tag_name((SAS, "promptValue"))
                && node.attribute("name").unwrap_or_default() == choice.label
                && node.attribute("value").unwrap_or_default() == choice.value
                && DataType::of(node.attribute("type").unwrap_or_default()) == kind
        });
        if let Some(same) = same.and_then(|same| same.attribute("id")) {
            found = same.to_owned();
            return Ok(Vec::new());
        }
        found = fresh_id(root, &format!("value_{}", choice.label));
        let made = Names::at(process)
            .sas("promptValue")
            .with("id", &found)
            .with("name", &choice.label)
            .with("type", &type_of(kind))
            .with("value", &choice.value);
        declare(process, tree.input_text(), made)
    })?;
    Ok((with, found))
}

/// Declares a prompt or value in the extensions of the process.
fn declare(process: Xml<'_, '_>, source: &str, made: Tag) -> Result<Vec<Patch>, Error> {
    extend(process, source, &[made])
}

/// Questions as form properties, written anew where they differ.
fn as_properties(document: &Document, id: &str, questions: &[Question]) -> Result<Document, Error> {
    document.patched(|tree| {
        let source = tree.input_text();
        let node = find(tree.root_element(), id)?;
        let Some(extensions) = extension_elements(node) else { return Ok(Vec::new()) };
        let names = Names::at(extensions);
        let lines = Lines::inside(extensions);
        let known: Vec<Xml<'_, '_>> =
            extensions.children().filter(|child| child.tag_name().name() == "formProperty").collect();
        let mut patches = Vec::new();
        let written = |question: &Question| {
            let values = question
                .choices
                .iter()
                .map(|choice| names.extension("value").with("id", &choice.value).with("name", &choice.label));
            let kind = if question.choices.is_empty() { type_name(question.kind) } else { "enum" };
            names
                .extension("formProperty")
                .with("id", question.variable.trim())
                .with("name", &question.question)
                .with("type", kind)
                .with("required", if question.required { "true" } else { "false" })
                .children(values.collect::<Vec<_>>())
                .write(&lines)
        };
        for (at, one) in known.iter().enumerate() {
            match questions.get(at) {
                None => patches.extend(cut(*one, source)?),
                Some(question) => {
                    if super::read::form_property(*one) != *question {
                        patches.push((one.range(), written(question)));
                    }
                }
            }
        }
        if let Some(last) = known.last() {
            let line = crate::document::edit::indent_before(source, last.range().start);
            let end = last.range().end;
            let text: String =
                questions.iter().skip(known.len()).map(|one| format!("{line}{}", written(one))).collect();
            if !text.is_empty() {
                patches.push((end..end, text));
            }
        }
        Ok(patches)
    })
}
