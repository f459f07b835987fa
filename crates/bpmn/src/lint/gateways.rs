//! Conditions tried with every value their variables can have: gateways that strand, conditions that never hold.

use std::collections::{BTreeMap, BTreeSet};

use super::Findings;
use super::flow::{Graph, entry};
use super::variables::{Key, Variable, Variables, surely_set};
use crate::expression::Expression;
use crate::model::{DataType, FlowIx, Node, NodeIx, NodeKind};
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
        let decides = !matches!(node.kind, NodeKind::Parallel | NodeKind::EventBased | NodeKind::Start(_));
        if !decides || !reached[entry(ix)] || node.outgoing.is_empty() {
            continue;
        }
        let conditions: Vec<(FlowIx, &Expression)> = node
            .outgoing
            .iter()
            .filter(|flow| node.default != Some(**flow))
            .filter_map(|flow| Some((*flow, process.flow(*flow).condition.as_ref()?)))
            .collect();
        let free = node.outgoing.len() - conditions.len();
        let set = set[entry(ix)].as_ref().unwrap_or(&all);
        gateway(variables, graph, ix, node, &conditions, free > 0, &keys, set, &mut evaluations, findings);
    }
}

#[allow(clippy::too_many_arguments, reason = "one call, from the loop above")]
fn gateway(
    variables: &Variables,
    graph: &Graph<'_>,
    ix: NodeIx,
    node: &Node,
    conditions: &[(FlowIx, &Expression)],
    has_way_out: bool,
    keys: &[Key],
    set: &BTreeSet<usize>,
    evaluations: &mut usize,
    findings: &mut Findings<'_>,
) {
    if conditions.is_empty() {
        return;
    }
    let process = graph.process;
    let names: BTreeSet<&str> = conditions.iter().flat_map(|(_, condition)| condition.variables()).collect();
    let literals: Vec<&Value> = conditions.iter().flat_map(|(_, condition)| condition.literals()).collect();
    let domains: Vec<(&str, Vec<Trial>)> = names
        .iter()
        .map(|name| {
            let key = Variables::key(process, ix, name);
            let surely = keys.binary_search(&key).is_ok_and(|at| set.contains(&at));
            (*name, domain(variables.known.get(&key), key.1.is_some(), surely, &literals))
        })
        .collect();
    let combinations = domains.iter().fold(1usize, |count, (_, domain)| count.saturating_mul(domain.len()));
    let affordable = COMBINATIONS_MAX.min(*evaluations / conditions.len());
    let exhaustive =
        combinations <= affordable && domains.iter().all(|(_, domain)| domain.len() < VALUES_MAX);
    *evaluations -= combinations.min(affordable) * conditions.len();

    let mut ever_true = vec![false; conditions.len()];
    let mut ever_failed = vec![false; conditions.len()];
    let mut stranded: Option<BTreeMap<String, Value>> = None;
    // A step that shares no factor with the number of combinations visits them spread out.
    let step = if exhaustive { 1 } else { 2_654_435_761usize };
    for number in 0..combinations.min(affordable) {
        let mut rest = number.wrapping_mul(step) % combinations.max(1);
        let mut scope = BTreeMap::new();
        let mut possible = true;
        for (name, domain) in &domains {
            let trial = &domain[rest % domain.len()];
            rest /= domain.len();
            possible &= trial.possible;
            scope.insert((*name).to_owned(), trial.value.clone());
        }
        let mut none = true;
        for (at, (_, condition)) in conditions.iter().enumerate() {
            match condition.evaluate_boolean(&scope) {
                Ok(true) => (ever_true[at], none) = (true, false),
                Ok(false) => {}
                // A type that does not fit is an incident when it happens, and no way to be stranded.
                Err(_) => (ever_failed[at], none) = (true, false),
            }
        }
        if none && possible && stranded.as_ref().is_none_or(|shown| plainness(&scope) > plainness(shown)) {
            stranded = Some(scope);
        }
    }
    if let Some(scope) = stranded.filter(|_| !has_way_out) {
        let message = format!(
            "`{}` may strand: {} every condition is false and there is no default flow; make one flow the default",
            node.label(),
            example(&scope)
        );
        findings.warn("gateway-may-strand", &node.id, message);
    }
    if exhaustive {
        for (at, (flow, condition)) in conditions.iter().enumerate() {
            if !ever_true[at] && !ever_failed[at] {
                let flow = process.flow(*flow);
                let message = format!(
                    "`{}` can never hold, so nothing goes from `{}` to `{}`; a boolean equals `True` or `False` only",
                    condition.source(),
                    node.label(),
                    process.node(flow.target).label()
                );
                findings.warn("condition-never-true", &flow.id, message);
            }
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

/// When it happens, in words: unanswered variables first, then the values that no condition expects.
fn example(scope: &BTreeMap<String, Value>) -> String {
    let unset: Vec<&str> =
        scope.iter().filter(|(_, value)| value.is_null()).map(|(name, _)| name.as_str()).collect();
    if !unset.is_empty() {
        let verb = if unset.len() == 1 { "has" } else { "have" };
        return format!("while {} {verb} no value", super::quoted(&unset));
    }
    let values: Vec<String> = scope
        .iter()
        .take(3)
        .map(|(name, value)| match value {
            Value::String(text) if text == OTHER => format!("`{name}` is something none of them names"),
            value => format!("`{name}` is `{value}`"),
        })
        .collect();
    if values.is_empty() { String::new() } else { format!("when {}", values.join(" and ")) }
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
