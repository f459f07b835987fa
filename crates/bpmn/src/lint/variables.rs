//! Who sets a variable and who reads it: answers nobody reads, variables nobody sets, optional answers that decide.

use std::collections::{BTreeMap, BTreeSet};

use super::Findings;
use super::flow::{Graph, entry, exit};
use crate::expression::Expression;
use crate::model::{
    Choice, DataType, Flow, Listener, ListenerCall, Node, NodeIx, NodeKind, Process, Prompt, Repeat,
    ServiceCall, Text, Timer, Trigger,
};
use crate::sentence::{Sentence, quoted, sentence};
use crate::value::Value;

/// Variables that the engine itself sets.
const IMPLICIT: [&str; 9] = [
    "responseBody",
    "initiator",
    "authenticatedUserId",
    "loopCounter",
    "nrOfInstances",
    "nrOfActiveInstances",
    "nrOfCompletedInstances",
    "execution",
    "task",
];

/// What follows from optional answers is looked up for no more of them.
const LOOKED_MAX: usize = 1000;

/// More points times variables are not gone through: nothing is then said about what may be missing.
const TRACKED_MAX: usize = 20_000_000;

/// A variable as some element sees it: its name, and the data object that declares it there.
pub(super) type Key = (String, Option<String>);

/// What is known about one variable.
#[derive(Default)]
pub(super) struct Variable {
    /// The type it is declared with.
    pub(super) kind: Option<DataType>,
    /// What it holds before anything sets it.
    pub(super) default: Value,
    /// The prompts that ask for it, with the element asking.
    pub(super) prompts: Vec<(NodeIx, Prompt)>,
    /// Elements that set it to something that cannot be told.
    pub(super) set_by: Vec<NodeIx>,
    /// Elements that read it.
    pub(super) read_by: Vec<NodeIx>,
    /// Elements that cannot do without it.
    needed_by: Vec<NodeIx>,
    /// Flows whose conditions read it.
    pub(super) decides: Vec<NodeIx>,
}

/// The variables of a process.
pub(super) struct Variables {
    pub(super) known: BTreeMap<Key, Variable>,
    /// Something may read or set any variable: code that cannot be looked into, or a called process that gets all.
    pub(super) opaque: bool,
}

impl Variables {
    pub(super) fn of(process: &Process) -> Self {
        let mut variables = Self { known: BTreeMap::new(), opaque: false };
        let bodies =
            std::iter::once(&process.body).chain(process.nodes.iter().filter_map(|node| match &node.kind {
                NodeKind::SubProcess(sub) => Some(&sub.body),
                _ => None,
            }));
        for data in bodies.flat_map(|body| &body.data) {
            let key = (data.name.clone(), Some(data.id.to_string()));
            let variable = variables.known.entry(key).or_default();
            variable.kind = Some(data.kind);
            variable.default = data.default.clone();
        }
        for (at, node) in process.nodes.iter().enumerate() {
            variables.node(process, NodeIx(at as u32), node);
        }
        for flow in &process.flows {
            variables.flow(process, flow);
        }
        variables.scripts(process);
        variables
    }

    /// A script is not understood here; whatever it names it may read and set.
    fn scripts(&mut self, process: &Process) {
        let mut named: BTreeMap<String, Vec<Key>> = BTreeMap::new();
        for key in self.known.keys() {
            named.entry(key.0.clone()).or_default().push(key.clone());
        }
        for (at, node) in process.nodes.iter().enumerate() {
            let NodeKind::Script(script) = &node.kind else { continue };
            let words: BTreeSet<&str> =
                script.text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            for key in words.into_iter().filter_map(|word| named.get(word)).flatten() {
                if let Some(variable) = self.known.get_mut(key) {
                    variable.read_by.push(NodeIx(at as u32));
                    variable.set_by.push(NodeIx(at as u32));
                }
            }
        }
    }

    /// The variable that an element means by a name.
    pub(super) fn key(process: &Process, from: NodeIx, name: &str) -> Key {
        let declared = process.data_object(Some(from), name).map(|data| data.id.to_string());
        (name.to_owned(), declared)
    }

    fn at(&mut self, process: &Process, from: NodeIx, name: &str) -> &mut Variable {
        self.known.entry(Self::key(process, from, name)).or_default()
    }

    fn flow(&mut self, process: &Process, flow: &Flow) {
        if let Some(condition) = &flow.condition {
            self.expression(process, flow.source, condition);
            for name in condition.variables() {
                self.at(process, flow.source, name).decides.push(flow.source);
            }
        }
        for listener in &flow.listeners {
            self.listener(process, flow.source, listener);
        }
    }

    fn node(&mut self, process: &Process, ix: NodeIx, node: &Node) {
        let reads = |this: &mut Self, text: &Option<Text>| {
            if let Some(text) = text {
                this.text(process, ix, text);
            }
        };
        for listener in &node.listeners {
            self.listener(process, ix, listener);
        }
        if let Some(documentation) = &node.documentation {
            self.loosely(process, ix, documentation);
        }
        match &node.repeat {
            Some(Repeat::Multi { cardinality, collection, item, index, until, .. }) => {
                reads(self, cardinality);
                reads(self, collection);
                if let Some(Text::Literal(name)) = collection {
                    let variable = self.at(process, ix, name.trim());
                    variable.read_by.push(ix);
                    variable.needed_by.push(ix);
                }
                for name in [item, index].into_iter().flatten() {
                    self.at(process, ix, name).set_by.push(ix);
                }
                if let Some(until) = until {
                    self.expression(process, ix, until);
                }
            }
            Some(Repeat::Loop { condition: Some(condition), .. }) => self.expression(process, ix, condition),
            _ => {}
        }
        match &node.kind {
            NodeKind::Start(start) => {
                if let Some(trigger) = &start.trigger {
                    self.trigger(process, ix, trigger);
                }
                if let Some(initiator) = &start.initiator {
                    self.at(process, ix, initiator).set_by.push(ix);
                }
                self.prompts(process, ix, &start.prompts);
            }
            NodeKind::Catch(trigger) => self.trigger(process, ix, trigger),
            NodeKind::Boundary(boundary) => self.trigger(process, ix, &boundary.trigger),
            NodeKind::End(throw) | NodeKind::Throw(throw) => {
                use crate::model::Throw;
                if let Throw::Signal { name, .. } | Throw::Message { name, .. } = throw {
                    self.text(process, ix, name);
                }
                if let Throw::Message { correlation: Some(correlation), .. } = throw {
                    self.text(process, ix, correlation);
                }
            }
            NodeKind::Receive { message } => reads(self, message),
            NodeKind::User(task) => {
                for text in
                    [&task.name, &task.assignee, &task.due, &task.form, &task.priority, &task.category]
                {
                    reads(self, text);
                }
                task.candidates.iter().for_each(|assignment| self.text(process, ix, &assignment.people));
                task.listeners.iter().for_each(|listener| self.listener(process, ix, listener));
                self.prompts(process, ix, &task.prompts);
            }
            NodeKind::Service(service) => {
                match &service.call {
                    ServiceCall::Expression(expression) => self.expression(process, ix, expression),
                    ServiceCall::Message { name, correlation } => {
                        self.text(process, ix, name);
                        correlation.iter().for_each(|text| self.text(process, ix, text));
                    }
                    ServiceCall::Delegate(_) => self.opaque = true,
                    _ => {}
                }
                for (name, text) in &service.fields {
                    self.field(process, ix, name, text);
                }
                if let Some(result) = &service.result {
                    self.at(process, ix, result).set_by.push(ix);
                }
            }
            NodeKind::Script(script) => {
                if let Some(result) = &script.result {
                    self.at(process, ix, result).set_by.push(ix);
                }
                self.opaque |= script.text.contains("execution") || script.text.contains("setVariable");
            }
            NodeKind::Call(call) => {
                self.text(process, ix, &call.process);
                self.opaque |= call.inherit;
                for input in &call.inputs {
                    match &input.source {
                        Some(Text::Literal(name)) => self.at(process, ix, name).read_by.push(ix),
                        Some(text) => self.text(process, ix, text),
                        None => self.opaque = true,
                    }
                }
                for output in &call.outputs {
                    match &output.target {
                        Text::Literal(name) => self.at(process, ix, name).set_by.push(ix),
                        text => self.text(process, ix, text),
                    }
                    self.opaque |= output.source.is_none();
                }
            }
            _ => {}
        }
    }

    fn prompts(&mut self, process: &Process, ix: NodeIx, prompts: &[Prompt]) {
        for prompt in prompts {
            let variable = self.at(process, ix, &prompt.variable);
            variable.kind.get_or_insert(prompt.kind);
            variable.prompts.push((ix, prompt.clone()));
        }
    }

    fn trigger(&mut self, process: &Process, ix: NodeIx, trigger: &Trigger) {
        match trigger {
            Trigger::Timer(Timer::Date(text) | Timer::Duration(text)) => self.text(process, ix, text),
            Trigger::Timer(Timer::Cycle { cycle, end }) => {
                self.text(process, ix, cycle);
                end.iter().for_each(|end| self.text(process, ix, end));
            }
            Trigger::Message { name, correlation } => {
                self.text(process, ix, name);
                correlation.iter().for_each(|text| self.text(process, ix, text));
            }
            Trigger::Signal { name } => self.text(process, ix, name),
            Trigger::Error { variable: Some(name), .. } => self.at(process, ix, name).set_by.push(ix),
            Trigger::Condition { condition } => self.expression(process, ix, condition),
            _ => {}
        }
    }

    fn listener(&mut self, process: &Process, ix: NodeIx, listener: &Listener) {
        if let ListenerCall::Expression(expression) = &listener.call {
            self.expression(process, ix, expression);
        }
        for (name, text) in &listener.fields {
            self.field(process, ix, name, text);
        }
    }

    /// A field is read; one whose literal is a variable's name may be the place to put a result, or to take a value.
    fn field(&mut self, process: &Process, ix: NodeIx, field: &str, text: &Text) {
        self.text(process, ix, text);
        let Text::Literal(literal) = text else { return };
        let name = literal.trim();
        let result =
            field.starts_with("output") || field.starts_with("result") || field.ends_with("VariableName");
        if result && !name.is_empty() {
            self.at(process, ix, name).set_by.push(ix);
        } else if process.data_object(Some(ix), name).is_some() {
            let variable = self.at(process, ix, name);
            variable.read_by.push(ix);
            variable.set_by.push(ix);
        }
    }

    fn text(&mut self, process: &Process, ix: NodeIx, text: &Text) {
        if let Text::Expression(expression) = text {
            self.expression(process, ix, expression);
        }
    }

    fn expression(&mut self, process: &Process, ix: NodeIx, expression: &Expression) {
        for name in expression.variables() {
            self.at(process, ix, name).read_by.push(ix);
        }
        for name in expression.variables_required() {
            self.at(process, ix, name).needed_by.push(ix);
        }
        for name in expression.variables_set() {
            self.at(process, ix, name).set_by.push(ix);
        }
    }

    /// Text that is shown to people may hold expressions too.
    fn loosely(&mut self, process: &Process, ix: NodeIx, text: &str) {
        if text.contains("${")
            && let Ok(expression) = Expression::parse(text)
        {
            expression.variables().into_iter().for_each(|name| self.at(process, ix, name).read_by.push(ix));
        }
    }
}

impl Variable {
    /// The answers there are, if only answers to choose from set the variable.
    pub(super) fn choices(&self) -> Option<Vec<&Choice>> {
        let closed = self.set_by.is_empty()
            && !self.prompts.is_empty()
            && self.prompts.iter().all(|(_, prompt)| !prompt.choices.is_empty());
        closed.then(|| self.prompts.iter().flat_map(|(_, prompt)| &prompt.choices).collect())
    }

    fn is_set(&self) -> bool {
        !self.prompts.is_empty() || !self.set_by.is_empty() || !self.default.is_null()
    }
}

pub(super) fn check(variables: &Variables, graph: &Graph<'_>, findings: &mut Findings<'_>) {
    let process = graph.process;
    let reached = graph.reached();
    let mut looked = 0;
    for ((name, declared), variable) in &variables.known {
        let mut asked = BTreeSet::new();
        for (ix, prompt) in &variable.prompts {
            let node = process.node(*ix);
            let unread_answer = variable.read_by.is_empty() && !variables.opaque && asked.insert(*ix);
            if unread_answer && !findings.is_full("unread-answer") {
                findings.warn("unread-answer", &node.id, unread(graph, *ix, name, prompt));
            }
            if !prompt.required
                && variable.default.is_null()
                && !variable.decides.is_empty()
                && looked < LOOKED_MAX
            {
                looked += 1;
                optional(graph, variable, *ix, name, prompt, findings);
            }
        }
        let reader = variable.needed_by.iter().find(|ix| reached[entry(**ix)]);
        let implicit = IMPLICIT.contains(&name.as_str()) || name.starts_with("_SAS_");
        if let Some(reader) = reader
            && !variable.is_set()
            && !implicit
            && !variables.opaque
        {
            let readers: BTreeSet<&str> =
                variable.read_by.iter().map(|ix| process.node(*ix).label()).collect();
            let said = unset(name, &readers.into_iter().collect::<Vec<_>>(), declared.is_some());
            findings.warn("unset-variable", &process.node(*reader).id, said);
        }
    }
}

/// Says who reads a variable that nothing sets.
fn unset(name: &str, readers: &[&str], declared: bool) -> Sentence {
    let reading = match readers.len() {
        1 => sentence!("reads-one", "{reader} reads", reader = quoted(readers)),
        _ => sentence!("reads-several", "{readers} read", readers = quoted(readers)),
    };
    match declared {
        true => sentence!(
            "unset-variable-declared",
            "nothing sets `{name}`, which {reading}: whoever starts the process must give it; ask for it in a start \
             prompt or give it a default",
            name = name,
            reading = reading
        ),
        false => sentence!(
            "unset-variable",
            "nothing sets `{name}`, which {reading}: whoever starts the process must give it",
            name = name,
            reading = reading
        ),
    }
}

/// Says that an answer is thrown away, and which calls after it do without.
fn unread(graph: &Graph<'_>, ix: NodeIx, name: &str, prompt: &Prompt) -> Sentence {
    let process = graph.process;
    let after = graph.after(ix);
    let calls: Vec<&str> = after
        .iter()
        .map(|ix| process.node(*ix))
        .filter(|node| matches!(&node.kind, NodeKind::Service(service) if matches!(service.call, ServiceCall::Http | ServiceCall::Job)))
        .map(Node::label)
        .collect();
    let question = &prompt.question;
    match calls.len() {
        0 => sentence!(
            "unread-answer",
            "nobody reads the answer to “{question}”, kept in `{name}`; use `${{{name}}}` where it belongs or do not ask",
            question = question,
            name = name
        ),
        1 => sentence!(
            "unread-answer-call",
            "nobody reads the answer to “{question}”, kept in `{name}`: the call {call} after it does not use it; use \
             `${{{name}}}` where it belongs or do not ask",
            question = question,
            name = name,
            call = quoted(&calls)
        ),
        _ => sentence!(
            "unread-answer-calls",
            "nobody reads the answer to “{question}”, kept in `{name}`: the calls after it ({calls}) do not use it; use \
             `${{{name}}}` where it belongs or do not ask",
            question = question,
            name = name,
            calls = quoted(&calls)
        ),
    }
}

fn optional(
    graph: &Graph<'_>,
    variable: &Variable,
    asking: NodeIx,
    name: &str,
    prompt: &Prompt,
    findings: &mut Findings<'_>,
) {
    let process = graph.process;
    let after = graph.after(asking);
    let decided: BTreeSet<NodeIx> =
        variable.decides.iter().copied().filter(|ix| after.contains(ix)).collect();
    let Some(gateway) = decided.first().map(|ix| process.node(*ix)) else { return };
    let (question, label) = (&prompt.question, gateway.label());
    let said = match gateway.default.map(|flow| process.node(process.flow(flow).target)) {
        Some(target) => sentence!(
            "optional-decision-default",
            "the answer to “{question}” (`{name}`) decides `{label}` but is optional: left unanswered, the process goes \
             on to `{target}`; make it required",
            question = question,
            name = name,
            label = label,
            target = target.label()
        ),
        None => sentence!(
            "optional-decision",
            "the answer to “{question}” (`{name}`) decides `{label}` but is optional: it can be left unanswered, and \
             then no condition there may hold; make it required",
            question = question,
            name = name,
            label = label
        ),
    };
    findings.warn("optional-decision", &process.node(asking).id, said);
}

/// The variables that surely have a value when a token comes to each point, as places in `keys`; `None` where that is
/// not known.
pub(super) fn surely_set(
    variables: &Variables,
    graph: &Graph<'_>,
    keys: &[Key],
) -> Vec<Option<BTreeSet<usize>>> {
    let process = graph.process;
    let place: BTreeMap<&Key, usize> = keys.iter().enumerate().map(|(at, key)| (key, at)).collect();
    let points = process.nodes.len() * 2;
    if points.saturating_mul(keys.len()) > TRACKED_MAX {
        return vec![None; points];
    }
    let mut gained = vec![BTreeSet::new(); points];
    let mut lost = vec![BTreeSet::new(); points];
    let mut initially = BTreeSet::new();
    for (key, variable) in &variables.known {
        let Some(at) = place.get(key) else { continue };
        if !variable.default.is_null() {
            initially.insert(*at);
        }
        for ix in &variable.set_by {
            lost[exit(*ix)].insert(*at);
        }
        for (ix, _) in variable.prompts.iter().filter(|(_, prompt)| prompt.required) {
            gained[exit(*ix)].insert(*at);
        }
    }
    let mut known: Vec<Option<BTreeSet<usize>>> = vec![None; points];
    let mut waiting: Vec<usize> = Vec::new();
    for root in graph.roots() {
        known[*root] = Some(initially.clone());
        waiting.push(*root);
    }
    // Sets only shrink, but for joins that wait for all branches; the bound keeps even those from going on.
    let mut steps = points.saturating_mul(64).saturating_add(1024);
    while let Some(point) = waiting.pop()
        && steps > 0
    {
        steps -= 1;
        let Some(mut here) = known[point].clone() else { continue };
        here.retain(|at| !lost[point].contains(at));
        here.extend(&gained[point]);
        for to in graph.next(point) {
            let joins = *to % 2 == 0 && matches!(process.nodes[*to / 2].kind, NodeKind::Parallel);
            let merged: BTreeSet<usize> = match &known[*to] {
                None => here.clone(),
                Some(before) if joins => before.union(&here).copied().collect(),
                Some(before) => before.intersection(&here).copied().collect(),
            };
            if known[*to].as_ref() != Some(&merged) {
                known[*to] = Some(merged);
                waiting.push(*to);
            }
        }
    }
    known
}
