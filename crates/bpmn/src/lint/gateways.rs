//! Conditions tried with every value their variables can have: gateways that strand, conditions that never hold.

use std::collections::{BTreeMap, BTreeSet};

use super::Findings;
use super::flow::{Graph, entry};
use super::variables::{Key, Variable, Variables, surely_set};
use crate::expression::Expression;
use crate::model::{DataType, FlowIx, Node, NodeIx, NodeKind};
use crate::sentence::{Part, Sentence, both, quoted, sentence};
use crate::value::Value;

/// At most so many combinations of values are tried per gateway.
const COMBINATIONS_MAX: usize = 4096;

/// At most so many conditions are evaluated per process.
const EVALUATIONS_MAX: usize = 1_000_000;

/// At most so many values are tried per variable.
const VALUES_MAX: usize = 128;

/// Text that no condition mentions.
const OTHER: &str = "anything else";

/// A value to try.
#[derive(Debug, Clone, PartialEq)]
struct Trial {
    value: Value,
    /// Whether the variable can have it when a token comes; otherwise it is only tried to see if a condition can
    /// ever hold.
    possible: bool,
}

/// An element that decides where a token goes on.
struct Decision<'p> {
    ix: NodeIx,
    node: &'p Node,
    /// The flows with conditions that are looked at.
    ways: Vec<(FlowIx, &'p Expression)>,
    /// Whether a flow is taken when no condition holds.
    has_way_out: bool,
}

/// What trying all values of the variables showed.
struct Tried {
    /// Values with which no condition holds.
    stranded: Option<BTreeMap<String, Value>>,
    /// The conditions that held with none of the values, if all were tried.
    never: Vec<usize>,
}

pub(super) fn check(variables: &Variables, graph: &Graph<'_>, findings: &mut Findings<'_>) {
    let process = graph.process;
    let reached = graph.reached();
    let mut keys = BTreeSet::new();
    for flow in process.flows.iter() {
        for name in flow.condition.iter().flat_map(Expression::variables) {
            keys.insert(Variables::key(process, flow.source, name));
        }
    }
    let keys: Vec<Key> = keys.into_iter().collect();
    let set = surely_set(variables, graph, &keys);
    let all: BTreeSet<usize> = (0..keys.len()).collect();
    let mut evaluations = EVALUATIONS_MAX;
    for (at, node) in process.nodes.iter().enumerate() {
        let ix = NodeIx(at as u32);
        if !reached[entry(ix)] || matches!(node.kind, NodeKind::EventBased | NodeKind::Start(_)) {
            continue;
        }
        let ways = node.outgoing.iter().filter(|flow| node.default != Some(**flow));
        let ways: Vec<(FlowIx, &Expression)> =
            ways.filter_map(|flow| Some((*flow, process.flow(*flow).condition.as_ref()?))).collect();
        if matches!(node.kind, NodeKind::Parallel) {
            for (flow, condition) in ways {
                let said = sentence!(
                    "ignored-condition",
                    "the condition `{condition}` is never looked at: the parallel gateway `{label}` takes every way; \
                     use an inclusive gateway",
                    condition = condition.source(),
                    label = node.label()
                );
                findings.warn("ignored-condition", &process.flow(flow).id, said);
            }
            continue;
        }
        let has_way_out = ways.len() < node.outgoing.len();
        let decision = Decision { ix, node, ways, has_way_out };
        if !decision.ways.is_empty() {
            let set = set[entry(ix)].as_ref().unwrap_or(&all);
            let domains = decision
                .domains(variables, graph, |key| keys.binary_search(key).is_ok_and(|at| set.contains(&at)));
            let tried = decision.try_all(&domains, &mut evaluations);
            decision.report(&tried, graph, findings);
        }
    }
}

impl Decision<'_> {
    /// The values to try for each variable that the conditions read.
    fn domains(
        &self,
        variables: &Variables,
        graph: &Graph<'_>,
        surely_set: impl Fn(&Key) -> bool,
    ) -> Vec<(&str, Vec<Trial>)> {
        let names: BTreeSet<&str> =
            self.ways.iter().flat_map(|(_, condition)| condition.variables()).collect();
        let literals: Vec<&Value> =
            self.ways.iter().flat_map(|(_, condition)| condition.literals()).collect();
        let values = |name: &str| {
            let key = Variables::key(graph.process, self.ix, name);
            domain(variables.known.get(&key), key.1.is_some(), surely_set(&key), &literals)
        };
        names.into_iter().map(|name| (name, values(name))).collect()
    }

    fn try_all(&self, domains: &[(&str, Vec<Trial>)], evaluations: &mut usize) -> Tried {
        let combinations =
            domains.iter().fold(1usize, |count, (_, domain)| count.saturating_mul(domain.len()));
        let affordable = COMBINATIONS_MAX.min(*evaluations / self.ways.len());
        let complete = domains.iter().all(|(_, domain)| domain.len() < VALUES_MAX);
        let exhaustive = combinations <= affordable && complete;
        *evaluations -= combinations.min(affordable) * self.ways.len();
        // Where not all can be tried, those that are lie far apart.
        let step = if exhaustive { 1 } else { 2_654_435_761usize };
        // A condition that could not be evaluated is an incident when it happens, and no proof of anything.
        let mut may_hold = vec![false; self.ways.len()];
        let mut stranded: Option<BTreeMap<String, Value>> = None;
        for number in 0..combinations.min(affordable) {
            let mut rest = number.wrapping_mul(step) % combinations;
            let mut scope = BTreeMap::new();
            let mut possible = true;
            for (name, domain) in domains {
                let trial = &domain[rest % domain.len()];
                rest /= domain.len();
                possible &= trial.possible;
                scope.insert((*name).to_owned(), trial.value.clone());
            }
            let mut none = true;
            for (held, (_, condition)) in may_hold.iter_mut().zip(&self.ways) {
                if condition.evaluate_boolean(&scope) != Ok(false) {
                    (*held, none) = (true, false);
                }
            }
            if none && possible && stranded.as_ref().is_none_or(|shown| plainness(&scope) > plainness(shown))
            {
                stranded = Some(scope);
            }
        }
        let never = (0..self.ways.len()).filter(|at| exhaustive && !may_hold[*at]).collect();
        Tried { stranded, never }
    }

    fn report(&self, tried: &Tried, graph: &Graph<'_>, findings: &mut Findings<'_>) {
        let label = self.node.label();
        if let Some(scope) = tried.stranded.as_ref().filter(|_| !self.has_way_out) {
            findings.warn("gateway-may-strand", &self.node.id, stranded(label, scope));
        }
        for (flow, condition) in tried.never.iter().map(|at| self.ways[*at]) {
            let flow = graph.process.flow(flow);
            let names: Vec<&str> = condition.variables().into_iter().collect();
            let (condition, target) = (condition.source(), graph.process.node(flow.target).label());
            let said = match names.is_empty() {
                true => sentence!(
                    "condition-never-true-constant",
                    "`{condition}` never holds, whatever the case is, so nothing goes from `{label}` to `{target}`; \
                     correct the condition",
                    condition = condition,
                    label = label,
                    target = target
                ),
                false => sentence!(
                    "condition-never-true",
                    "`{condition}` never holds, whatever {names} is, so nothing goes from `{label}` to `{target}`; \
                     correct the condition",
                    condition = condition,
                    names = quoted(&names),
                    label = label,
                    target = target
                ),
            };
            findings.warn("condition-never-true", &flow.id, said);
        }
    }
}

/// How good an example is: one without a value is the plainest, then one that no condition names.
fn plainness(scope: &BTreeMap<String, Value>) -> usize {
    let plain = |value: &Value| match value {
        Value::Null => 16,
        Value::String(text) if text == OTHER => 1,
        _ => 0,
    };
    scope.values().map(plain).sum()
}

/// When nothing goes on, in words: unanswered variables first, then the values that no condition expects.
fn stranded(label: &str, scope: &BTreeMap<String, Value>) -> Sentence {
    let unset: Vec<&str> =
        scope.iter().filter(|(_, value)| value.is_null()).map(|(name, _)| name.as_str()).collect();
    match unset.len() {
        0 => {}
        1 => {
            return sentence!(
                "gateway-may-strand-unanswered",
                "`{label}` may strand: while {name} has no value every condition is false and there is no default flow; \
                 make one flow the default",
                label = label,
                name = quoted(&unset)
            );
        }
        _ => {
            return sentence!(
                "gateway-may-strand-unanswered-several",
                "`{label}` may strand: while {names} have no value every condition is false and there is no default \
                 flow; make one flow the default",
                label = label,
                names = quoted(&unset)
            );
        }
    }
    let values = scope.iter().take(3).map(|(name, value)| match value {
        Value::String(text) if text == OTHER => {
            sentence!("variable-is-other", "`{name}` is something none of them names", name = name)
        }
        value => sentence!("variable-is", "`{name}` is `{value}`", name = name, value = value.to_string()),
    });
    match values.map(Part::from).reduce(both) {
        Some(values) => sentence!(
            "gateway-may-strand-values",
            "`{label}` may strand: when {values} every condition is false and there is no default flow; make one flow \
             the default",
            label = label,
            values = values
        ),
        None => sentence!(
            "gateway-may-strand",
            "`{label}` may strand: every condition is false and there is no default flow; make one flow the default",
            label = label
        ),
    }
}

/// The values a variable may have, as far as conditions with those literals can tell them apart.
fn domain(variable: Option<&Variable>, declared: bool, surely: bool, literals: &[&Value]) -> Vec<Trial> {
    let kind = variable.and_then(|variable| variable.kind);
    let mut values: Vec<Value> = Vec::new();
    let mut add = |value: Value| {
        if values.len() < VALUES_MAX && !values.contains(&value) {
            values.push(value);
        }
    };
    match variable.and_then(Variable::choices) {
        Some(choices) => {
            choices.into_iter().for_each(|choice| add(choice.value.clone()));
            if let Some(variable) = variable.filter(|variable| !variable.default.is_null()) {
                add(variable.default.clone());
            }
        }
        None => {
            let (booleans, numbers, texts) = match kind {
                Some(DataType::Boolean) => (true, false, false),
                Some(DataType::Long | DataType::Double) => (false, true, false),
                Some(DataType::String | DataType::Date) => (false, false, true),
                Some(DataType::Any) | None => (true, true, true),
            };
            // First, so that it is among those tried.
            if texts {
                add(Value::from(OTHER));
            }
            if booleans {
                add(Value::Boolean(true));
                add(Value::Boolean(false));
            }
            for literal in literals {
                match literal {
                    Value::String(text) if texts => add(Value::String(text.clone())),
                    Value::Boolean(value) if texts => add(Value::String(value.to_string())),
                    Value::Long(value) if numbers => {
                        for near in [value.saturating_sub(1), *value, value.saturating_add(1)] {
                            add(if kind == Some(DataType::Double) {
                                Value::Double(near as f64)
                            } else {
                                Value::Long(near)
                            });
                        }
                    }
                    Value::Double(value) if numbers => {
                        for near in [value - 1.0, *value, value + 1.0] {
                            add(if kind == Some(DataType::Long) {
                                Value::Long(near as i64)
                            } else {
                                Value::Double(near)
                            });
                        }
                    }
                    _ => {}
                }
            }
            if numbers {
                for value in [0, 1, 2] {
                    add(if kind == Some(DataType::Double) {
                        Value::Double(value as f64)
                    } else {
                        Value::Long(value)
                    });
                }
            }
        }
    }
    // Nothing in the definition changes a default: only whoever starts the process could.
    let constant = variable
        .filter(|variable| {
            variable.prompts.is_empty() && variable.set_by.is_empty() && !variable.default.is_null()
        })
        .map(|variable| &variable.default);
    if let Some(constant) = constant
        && !values.contains(constant)
    {
        values.push(constant.clone());
    }
    let mut trials: Vec<Trial> = values
        .into_iter()
        .map(|value| Trial { possible: constant.is_none_or(|constant| *constant == value), value })
        .collect();
    if declared && !surely && constant.is_none() {
        trials.insert(0, Trial { value: Value::Null, possible: true });
    }
    trials
}
