//! What happens when a task is completed, in words: one line an outcome.

use bpmn::expression::{Expression, Reading};
use bpmn::model::{FlowIx, Node, NodeIx, NodeKind, Process, Prompt};
use words::{Said, Words, said};

/// Gateways behind one another that are looked through.
const DEPTH_MAX: usize = 4;

/// What completing a task leads to.
pub(super) fn what_next(words: &Words, definition: &bpmn::Definition, element: &str) -> Vec<String> {
    for process in &definition.processes {
        let Some(at) = process.find(element) else { continue };
        let mut lines = Vec::new();
        for flow in &process.node(at).outgoing {
            let target = process.flow(*flow).target;
            let node = process.node(target);
            if !matches!(node.kind, NodeKind::Exclusive | NodeKind::Inclusive) || node.outgoing.len() < 2 {
                lines.push(leads_to(words, process, target, DEPTH_MAX));
                continue;
            }
            for way in &node.outgoing {
                let when = words.say(&condition(process, node, *way));
                let then = leads_to(words, process, process.flow(*way).target, DEPTH_MAX);
                lines.push(words.say(&said!("next-when", when = when, then = then)));
            }
        }
        return lines;
    }
    Vec::new()
}

/// Where a flow leads: a name, the end, or what a gateway without a name leads to.
fn leads_to(words: &Words, process: &Process, at: NodeIx, depth: usize) -> String {
    let node = process.node(at);
    let named = node.name.as_deref().is_some_and(|name| !name.trim().is_empty());
    let joined = match &node.kind {
        NodeKind::End(_) => return words.say(&said!("next-ends")),
        NodeKind::Exclusive | NodeKind::EventBased => "next-or",
        NodeKind::Inclusive | NodeKind::Parallel => "next-and",
        _ => return squeezed(node.label()),
    };
    if node.outgoing.is_empty() || depth == 0 || (named && node.outgoing.len() > 1) {
        return squeezed(node.label());
    }
    let mut all: Vec<String> = Vec::new();
    for flow in &node.outgoing {
        let then = leads_to(words, process, process.flow(*flow).target, depth - 1);
        if !all.contains(&then) {
            all.push(then);
        }
    }
    joined_by(words, joined, all)
}

fn joined_by(words: &Words, by: &'static str, all: Vec<String>) -> String {
    all.into_iter()
        .reduce(|first, second| words.say(&Said::new(by).with("first", first).with("second", second)))
        .unwrap_or_default()
}

/// When a flow out of a gateway is taken: as it is called, or what its condition asks.
fn condition(process: &Process, gateway: &Node, way: FlowIx) -> Said {
    let flow = process.flow(way);
    if let Some(name) = flow.name.as_deref().filter(|name| !name.trim().is_empty()) {
        return said!("next-called", name = squeezed(name));
    }
    match &flow.condition {
        Some(condition) if gateway.default != Some(way) => said!("next-if", what = asked(process, condition)),
        _ => said!("next-otherwise"),
    }
}

fn asked(process: &Process, condition: &Expression) -> Said {
    let asked = condition.reading().and_then(|reading| compared(process, &reading));
    asked.unwrap_or_else(|| {
        let source = condition.source().trim();
        let inside = source
            .strip_prefix("${")
            .or_else(|| source.strip_prefix("#{"))
            .and_then(|rest| rest.strip_suffix('}'))
            .filter(|inside| !inside.contains('}'));
        said!("next-condition", condition = inside.unwrap_or(source).trim())
    })
}

/// A comparison with the answer to a prompt, by the question and the choice; `None` where no prompt asks for it.
fn compared(process: &Process, reading: &Reading) -> Option<Said> {
    let several = |all: &[Reading], by: &'static str| {
        let all = all.iter().map(|one| compared(process, one)).collect::<Option<Vec<_>>>()?;
        all.into_iter().reduce(|first, second| Said::new(by).with("first", first).with("second", second))
    };
    match reading {
        Reading::All(all) => several(all, "next-and"),
        Reading::Any(all) => several(all, "next-or"),
        Reading::Is { variable, value, equal } => {
            let prompt = prompt_of(process, variable)?;
            let question = match squeezed(&prompt.question) {
                empty if empty.is_empty() => variable.clone(),
                question => question,
            };
            let choice = prompt.choices.iter().find(|choice| choice.value == *value);
            let answer: words::Value = match (choice, value) {
                (Some(choice), _) => squeezed(&choice.label).into(),
                (None, bpmn::Value::Boolean(true)) => said!("next-yes").into(),
                (None, bpmn::Value::Boolean(false)) => said!("next-no").into(),
                (None, other) => other.to_string().into(),
            };
            let said = Said::new(if *equal { "next-is" } else { "next-is-not" });
            Some(said.with("question", question).with("answer", answer))
        }
    }
}

fn prompt_of<'p>(process: &'p Process, variable: &str) -> Option<&'p Prompt> {
    process.nodes.iter().find_map(|node| {
        let prompts = match &node.kind {
            NodeKind::User(task) => &task.prompts,
            NodeKind::Start(start) => &start.prompts,
            _ => return None,
        };
        prompts.iter().find(|prompt| prompt.variable == variable)
    })
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use words::Locale;

    const HEAD: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn"
        xmlns:sasbpmn="http://www.sas.com/xml/schema/bpmn" targetNamespace="t"><process id="p" isExecutable="true">
        <startEvent id="s"/><userTask id="u" name="Decide"><extensionElements>
        <flowable:formProperty id="Approved" name="Approve the model?" type="enum"><flowable:value id="y" name="Yes, approve"/>
        <flowable:value id="n" name="No"/></flowable:formProperty>
        <flowable:formProperty id="Urgent" name="Is it urgent?" type="boolean"/></extensionElements></userTask>
        <exclusiveGateway id="g" default="d"/><parallelGateway id="fork"/><userTask id="a" name="Build
        it"/><userTask id="b" name="Train"/><endEvent id="e"/><sequenceFlow id="f0" sourceRef="s" targetRef="u"/>
        <sequenceFlow id="f1" sourceRef="u" targetRef="g"/><sequenceFlow id="d" sourceRef="g" targetRef="e"/>
        <sequenceFlow id="f2" sourceRef="fork" targetRef="a"/><sequenceFlow id="f3" sourceRef="fork" targetRef="b"/>"#;

    #[test]
    fn outcomes_are_told_by_questions_and_choices_in_both_languages() {
        let rows = [
            (
                "${Approved == 'y'}",
                "if “Approve the model?” is “Yes, approve” → Build it and Train",
                "se “Approve the model?” for “Yes, approve” → Build it e Train",
            ),
            (
                "${Approved != 'y' && Urgent}",
                "if “Approve the model?” is not “Yes, approve” and “Is it urgent?” is “Yes” → Build it and Train",
                "se “Approve the model?” não for “Yes, approve” e “Is it urgent?” for “Sim” → Build it e Train",
            ),
            ("${Drop > 0.1}", "if Drop > 0.1 → Build it and Train", "se Drop > 0.1 → Build it e Train"),
        ];
        for (condition, english, portuguese) in rows {
            let condition = condition.replace('&', "&amp;").replace('>', "&gt;");
            let text = format!(
                "{HEAD}<sequenceFlow id=\"c\" sourceRef=\"g\" targetRef=\"fork\"><conditionExpression>{condition}\
                 </conditionExpression></sequenceFlow></process></definitions>"
            );
            let definition = bpmn::Definition::parse(text.into_bytes()).unwrap();
            for (locale, line, otherwise) in [
                (Locale::En, english, "otherwise → the process ends"),
                (Locale::PtBr, portuguese, "senão → o processo termina"),
            ] {
                let told: Vec<String> = what_next(Words::of(locale), &definition, "u")
                    .into_iter()
                    .map(|line| line.replace(['\u{2068}', '\u{2069}'], ""))
                    .collect();
                assert_eq!(told, [otherwise, line], "{condition}");
            }
        }
    }
}
