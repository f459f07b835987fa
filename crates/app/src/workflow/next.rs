//! What happens when a task is completed, in words: one line an outcome.

use std::collections::BTreeSet;

use bpmn::State;
use bpmn::engine::ScopeKind;
use bpmn::expression::{Expression, Reading};
use bpmn::model::{FlowIx, Name, Node, NodeIx, NodeKind, Process, Prompt, Throw};
use words::{Said, Words, said};

/// Gateways behind one another, and sub-processes around one another, that are looked through.
const DEPTH_MAX: usize = 6;

/// What goes on beside a task in its instance: an end ends only the branch that comes to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    /// Sub-processes around the task in which something else is under way or that are done more than once; the process
    /// itself is the one without a name.
    busy: BTreeSet<Option<Name>>,
    /// Whether its process was called by another, which goes on when it ends.
    called: bool,
}

impl Beside {
    /// What goes on beside the task of that number.
    pub(super) fn of(state: &State, task: u64) -> Self {
        let mut beside = Self::default();
        let mut at = state.tokens.get(&task).map(|token| (task, token.scope));
        while let Some((token, scope)) = at {
            let Some(level) = state.scopes.get(&scope) else { break };
            let name = || Some(level.element.clone()).filter(|element| *element != level.process);
            match level.kind {
                ScopeKind::Repeated { .. } | ScopeKind::Round { .. } => drop(beside.busy.insert(name())),
                ScopeKind::Process | ScopeKind::Called | ScopeKind::Embedded => {
                    if state.tokens.iter().any(|(other, it)| *other != token && it.scope == scope) {
                        beside.busy.insert(name());
                    }
                }
            }
            if level.kind == ScopeKind::Called {
                beside.called = true;
                break;
            }
            at = match level.owner {
                Some(owner) => state.tokens.get(&owner).map(|it| (owner, it.scope)),
                // A round has no token of its own: its repetition has.
                None => level.parent.map(|parent| (token, parent)),
            };
        }
        beside
    }
}

/// What completing a task leads to.
pub(super) fn what_next(
    words: &Words,
    definition: &bpmn::Definition,
    element: &str,
    beside: &Beside,
) -> Vec<String> {
    for process in &definition.processes {
        let Some(at) = process.find(element) else { continue };
        let told = Told { words, process, beside };
        let mut lines = Vec::new();
        let outgoing = &process.node(at).outgoing;
        let splits = outgoing.len() > 1;
        for flow in outgoing {
            let target = process.flow(*flow).target;
            let node = process.node(target);
            if !matches!(node.kind, NodeKind::Exclusive | NodeKind::Inclusive) || node.outgoing.len() < 2 {
                lines.push(told.leads_to(target, splits, DEPTH_MAX));
                continue;
            }
            let splits = splits || matches!(node.kind, NodeKind::Inclusive);
            for way in &node.outgoing {
                let when = words.say(&condition(process, node, *way));
                let then = told.leads_to(process.flow(*way).target, splits, DEPTH_MAX);
                lines.push(words.say(&said!("next-when", when = when, then = then)));
            }
        }
        return lines;
    }
    Vec::new()
}

/// Tells where flows of a process lead.
struct Told<'a> {
    words: &'a Words,
    process: &'a Process,
    beside: &'a Beside,
}

impl Told<'_> {
    /// Where a flow leads: a name, the end, or what a gateway without a name leads to. `splits` where another branch goes on
    /// beside this one.
    fn leads_to(&self, at: NodeIx, splits: bool, depth: usize) -> String {
        let node = self.process.node(at);
        let named = node.name.as_deref().is_some_and(|name| !name.trim().is_empty());
        let joined = match &node.kind {
            NodeKind::End(throw) => return self.ends(node, throw, splits, depth),
            NodeKind::Exclusive | NodeKind::EventBased => "next-or",
            NodeKind::Inclusive | NodeKind::Parallel => "next-and",
            _ => return squeezed(node.label()),
        };
        if node.outgoing.is_empty() || depth == 0 || (named && node.outgoing.len() > 1) {
            return squeezed(node.label());
        }
        let splits = splits || joined == "next-and" && node.outgoing.len() > 1;
        self.all_of(&node.outgoing, joined, splits, depth - 1)
    }

    fn all_of(&self, flows: &[FlowIx], joined: &'static str, splits: bool, depth: usize) -> String {
        let mut all: Vec<String> = Vec::new();
        for flow in flows {
            let then = self.leads_to(self.process.flow(*flow).target, splits, depth);
            if !all.contains(&then) {
                all.push(then);
            }
        }
        joined_by(self.words, joined, all)
    }

    /// What an end event ends: the process, or a sub-process that goes on with what follows it.
    fn ends(&self, end: &Node, throw: &Throw, splits: bool, depth: usize) -> String {
        let process_ends = || self.words.say(&said!("next-ends"));
        let part_ends = || self.words.say(&said!("next-part-ends"));
        match throw {
            Throw::Terminate { all: true, .. } => process_ends(),
            // What is ended so ends with everything beside.
            Throw::Terminate { .. } => self.level_ends(end.parent, depth),
            // Who catches it is somewhere around.
            Throw::Error { .. } => part_ends(),
            _ => {
                let around = end.parent.map(|parent| self.process.node(parent).id.clone());
                let alone = !splits && !self.beside.busy.contains(&around);
                if alone { self.level_ends(end.parent, depth) } else { part_ends() }
            }
        }
    }

    /// What follows when nothing goes on in a sub-process any more, or in the process.
    fn level_ends(&self, level: Option<NodeIx>, depth: usize) -> String {
        let part_ends = || self.words.say(&said!("next-part-ends"));
        let Some(level) = level else {
            return if self.beside.called { part_ends() } else { self.words.say(&said!("next-ends")) };
        };
        let node = self.process.node(level);
        let is_known = matches!(&node.kind, NodeKind::SubProcess(sub) if !sub.by_event)
            && node.repeat.is_none()
            && !self.beside.busy.contains(&Some(node.id.clone()));
        if !is_known || depth == 0 {
            return part_ends();
        }
        if node.outgoing.is_empty() {
            return self.ends(node, &Throw::None, false, depth - 1);
        }
        self.all_of(&node.outgoing, "next-and", node.outgoing.len() > 1, depth - 1)
    }
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
                let told: Vec<String> = what_next(Words::of(locale), &definition, "u", &Beside::default())
                    .into_iter()
                    .map(|line| line.replace(['\u{2068}', '\u{2069}'], ""))
                    .collect();
                assert_eq!(told, [otherwise, line], "{condition}");
            }
        }
    }

    /// A sub-process in which a task leads to an end, two tasks side by side, one of them with an end of its own, and a called
    /// process.
    const LEVELS: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
        <process id="p" isExecutable="true"><startEvent id="s"/><subProcess id="sub" name="First"><startEvent id="is"/>
        <userTask id="inner" name="Inner"/><endEvent id="ie"/><sequenceFlow id="i1" sourceRef="is" targetRef="inner"/>
        <sequenceFlow id="i2" sourceRef="inner" targetRef="ie"/></subProcess><parallelGateway id="fork"/>
        <userTask id="a" name="A"/><userTask id="b" name="B"/><endEvent id="ea"/><endEvent id="stop"><terminateEventDefinition/></endEvent>
        <subProcess id="each" name="Each"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>
        </multiInstanceLoopCharacteristics><userTask id="one" name="One"/><endEvent id="eo"/>
        <sequenceFlow id="o" sourceRef="one" targetRef="eo"/></subProcess>
        <sequenceFlow id="f1" sourceRef="s" targetRef="sub"/><sequenceFlow id="f2" sourceRef="sub" targetRef="fork"/>
        <sequenceFlow id="f3" sourceRef="fork" targetRef="a"/><sequenceFlow id="f4" sourceRef="fork" targetRef="b"/>
        <sequenceFlow id="f5" sourceRef="a" targetRef="ea"/><sequenceFlow id="f6" sourceRef="b" targetRef="each"/>
        <sequenceFlow id="f7" sourceRef="each" targetRef="stop"/></process>
        <process id="caller" isExecutable="true"><callActivity id="call" calledElement="callee"/><userTask id="after" name="After"/>
        <sequenceFlow id="c" sourceRef="call" targetRef="after"/></process>
        <process id="callee" isExecutable="true"><userTask id="called" name="Called"/><endEvent id="ce"/>
        <sequenceFlow id="d" sourceRef="called" targetRef="ce"/></process></definitions>"#;

    #[test]
    fn an_end_ends_what_it_ends_and_not_the_process() {
        use bpmn::{Act, Event};
        let definition = std::sync::Arc::new(bpmn::Definition::parse(LEVELS.as_bytes()).unwrap());
        let library = bpmn::engine::Library::new(std::sync::Arc::clone(&definition));
        let at = jiff::Timestamp::UNIX_EPOCH;
        let play = |process: &str, completed: &[&str]| {
            let start =
                Act::Start { process: process.to_owned(), variables: Default::default(), begin: None };
            let mut state =
                bpmn::step(&library, &State::new("i"), &Event::by(at, "ana", start)).unwrap().state;
            for element in completed {
                let task = *state.tasks.iter().find(|(_, task)| *task.element == **element).unwrap().0;
                for act in [Act::Claim { task }, Act::Complete { task, answers: Default::default() }] {
                    state = bpmn::step(&library, &state, &Event::by(at, "ana", act)).unwrap().state;
                }
            }
            state
        };
        let rows: [(&str, &[&str], &str, &str); 6] = [
            ("p", &[], "inner", "A and B"),
            ("p", &["inner"], "a", "this part ends"),
            ("p", &["inner"], "b", "Each"),
            ("p", &["inner", "b"], "a", "this part ends"),
            ("p", &["inner", "a", "b"], "one", "this part ends"),
            ("caller", &[], "called", "this part ends"),
        ];
        for (process, completed, element, next) in rows {
            let state = play(process, completed);
            let task = *state.tasks.iter().find(|(_, task)| *task.element == *element).unwrap().0;
            let told = what_next(Words::of(Locale::En), &definition, element, &Beside::of(&state, task));
            assert_eq!(told, [next], "{element} after {completed:?}");
        }
    }
}
