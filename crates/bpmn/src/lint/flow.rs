//! Where a token can come: unreachable elements, dead ends, and loops that nothing slows down.

use std::collections::{BTreeSet, HashMap};

use super::Findings;
use crate::model::{Node, NodeIx, NodeKind, Process, ServiceCall, Throw, Trigger, begins};
use crate::sentence::{Part, quoted, sentence};

/// Joins are not compared with the choices before them where that means more steps.
const COMPARED_MAX: usize = 50_000_000;

/// The moves of a token in a process. Each element has an entry and an exit, so that what lies between (waiting, the
/// inside of a sub-process) can be told apart from what leads there.
pub(super) struct Graph<'p> {
    pub(super) process: &'p Process,
    /// From each point to the next ones.
    next: Vec<Vec<usize>>,
    /// Where an instance can begin.
    roots: Vec<usize>,
}

pub(super) fn entry(ix: NodeIx) -> usize {
    ix.0 as usize * 2
}

pub(super) fn exit(ix: NodeIx) -> usize {
    entry(ix) + 1
}

impl<'p> Graph<'p> {
    pub(super) fn of(process: &'p Process) -> Self {
        let mut next = vec![Vec::new(); process.nodes.len() * 2];
        let mut roots = Vec::new();
        let mut caught: HashMap<(Option<NodeIx>, &str), Vec<usize>> = HashMap::new();
        for (at, node) in process.nodes.iter().enumerate() {
            if let NodeKind::Catch(Trigger::Link { name }) = &node.kind {
                caught.entry((node.parent, name)).or_default().push(entry(NodeIx(at as u32)));
            }
        }
        for (at, node) in process.nodes.iter().enumerate() {
            let ix = NodeIx(at as u32);
            next[exit(ix)].extend(node.outgoing.iter().map(|flow| entry(process.flow(*flow).target)));
            next[entry(ix)].extend(node.boundary.iter().map(|boundary| entry(*boundary)));
            match &node.kind {
                NodeKind::SubProcess(sub) => {
                    let inside = sub.body.nodes.iter().filter(|inner| starts_level(process.node(**inner)));
                    let before = next[entry(ix)].len();
                    next[entry(ix)].extend(inside.map(|inner| entry(*inner)));
                    if next[entry(ix)].len() == before {
                        next[entry(ix)].push(exit(ix));
                    }
                }
                NodeKind::Throw(Throw::Link { name }) => {
                    next[exit(ix)].extend(caught.get(&(node.parent, name.as_str())).into_iter().flatten());
                    next[entry(ix)].push(exit(ix));
                }
                _ => next[entry(ix)].push(exit(ix)),
            }
            // What ends inside a level leaves the level.
            if let Some(parent) = node.parent
                && (node.outgoing.is_empty() && !matches!(node.kind, NodeKind::Throw(Throw::Link { .. })))
            {
                next[exit(ix)].push(exit(parent));
            }
            if node.parent.is_none() && starts_level(node) {
                roots.push(entry(ix));
            }
        }
        Self { process, next, roots }
    }

    /// The points that a token can come to.
    pub(super) fn reached(&self) -> Vec<bool> {
        spread(&self.next, &self.roots)
    }

    /// The elements that a token can come to after leaving one.
    pub(super) fn after(&self, ix: NodeIx) -> BTreeSet<NodeIx> {
        let reached = spread(&self.next, &self.next[exit(ix)]);
        (0..self.process.nodes.len() as u32).map(NodeIx).filter(|other| reached[entry(*other)]).collect()
    }

    pub(super) fn next(&self, point: usize) -> &[usize] {
        &self.next[point]
    }

    pub(super) fn roots(&self) -> &[usize] {
        &self.roots
    }

    /// The points from which the end of the process can be reached.
    fn ending(&self) -> Vec<bool> {
        let mut before = vec![Vec::new(); self.next.len()];
        for (from, points) in self.next.iter().enumerate() {
            for to in points {
                before[*to].push(from);
            }
        }
        let ends = |ix: &NodeIx| {
            let node = self.process.node(*ix);
            node.outgoing.is_empty()
                && match node.kind {
                    NodeKind::End(_) => true,
                    NodeKind::Throw(Throw::Link { .. }) => false,
                    _ => node.parent.is_none(),
                }
        };
        let ends: Vec<usize> =
            (0..self.process.nodes.len() as u32).map(NodeIx).filter(ends).map(exit).collect();
        spread(&before, &ends)
    }

    /// Elements in circles in which nothing waits, each circle in document order.
    fn spinning(&self) -> Vec<Vec<NodeIx>> {
        let passes = |point: usize, to: usize| point % 2 == 1 || to != point + 1 || !self.waits(point / 2);
        let moves = |point: usize| self.next[point].iter().copied().filter(move |to| passes(point, *to));
        components(self.next.len(), moves)
            .into_iter()
            .filter(|component| component.len() > 1)
            .map(|component| {
                let nodes: BTreeSet<NodeIx> =
                    component.into_iter().map(|point| NodeIx(point as u32 / 2)).collect();
                nodes.into_iter().collect()
            })
            .collect()
    }

    /// Whether a token stays at an element until a person, a clock or another system moves it on.
    fn waits(&self, at: usize) -> bool {
        let caught = |trigger: &Trigger| {
            !matches!(trigger, Trigger::Link { .. } | Trigger::Error { .. } | Trigger::Escalation { .. })
        };
        match &self.process.nodes[at].kind {
            NodeKind::User(_) | NodeKind::Receive { .. } | NodeKind::Call(_) | NodeKind::EventBased => true,
            NodeKind::Catch(trigger) => caught(trigger),
            NodeKind::Boundary(boundary) => caught(&boundary.trigger),
            NodeKind::Start(start) => start.trigger.as_ref().is_some_and(caught),
            NodeKind::Service(service) => service.triggerable || service.call == ServiceCall::Job,
            _ => false,
        }
    }
}

/// Whether an element begins when its level does, or an event in it does.
fn starts_level(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Start(_) => true,
        NodeKind::SubProcess(sub) if sub.by_event => true,
        _ => begins(node),
    }
}

fn spread(next: &[Vec<usize>], from: &[usize]) -> Vec<bool> {
    let mut reached = vec![false; next.len()];
    mark(next, from.to_vec(), &mut reached);
    reached
}

/// Marks the given points and what can be reached from them; what is marked already is not gone through again.
fn mark(next: &[Vec<usize>], mut waiting: Vec<usize>, reached: &mut [bool]) {
    while let Some(point) = waiting.pop() {
        if !std::mem::replace(&mut reached[point], true) {
            waiting.extend(&next[point]);
        }
    }
}

/// Strongly connected components: Tarjan, "Depth-first search and linear graph algorithms" (1972), without recursion.
fn components<I: Iterator<Item = usize>>(size: usize, moves: impl Fn(usize) -> I) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let (mut order, mut low, mut on_stack) = (vec![UNSEEN; size], vec![0; size], vec![false; size]);
    let (mut stack, mut found, mut count) = (Vec::new(), Vec::new(), 0);
    for root in 0..size {
        if order[root] != UNSEEN {
            continue;
        }
        let mut calls = vec![(root, moves(root))];
        (order[root], low[root], on_stack[root]) = (count, count, true);
        count += 1;
        stack.push(root);
        while let Some((point, rest)) = calls.last_mut() {
            let point = *point;
            match rest.next() {
                Some(to) if order[to] == UNSEEN => {
                    (order[to], low[to], on_stack[to]) = (count, count, true);
                    count += 1;
                    stack.push(to);
                    calls.push((to, moves(to)));
                }
                Some(to) if on_stack[to] => low[point] = low[point].min(order[to]),
                Some(_) => {}
                None => {
                    calls.pop();
                    if let Some((caller, _)) = calls.last() {
                        low[*caller] = low[*caller].min(low[point]);
                    }
                    if low[point] == order[point] {
                        let from = stack.iter().rposition(|other| *other == point).unwrap_or(0);
                        let component = stack.split_off(from);
                        component.iter().for_each(|other| on_stack[*other] = false);
                        found.push(component);
                    }
                }
            }
        }
    }
    found
}

pub(super) fn check(graph: &Graph<'_>, findings: &mut Findings<'_>) {
    let process = graph.process;
    let (reached, ending) = (graph.reached(), graph.ending());
    unreachable(graph, &reached, findings);
    joins(graph, &reached, findings);
    let mut trapped: Vec<NodeIx> = Vec::new();
    for (at, node) in process.nodes.iter().enumerate() {
        let ix = NodeIx(at as u32);
        if !reached[entry(ix)] {
            continue;
        }
        let label = node.label();
        let gateway = matches!(node.kind, NodeKind::Exclusive | NodeKind::Parallel | NodeKind::Inclusive);
        if node.outgoing.is_empty() && (gateway || node.is_activity()) && !is_event_subprocess(node) {
            let said = match gateway {
                true => sentence!(
                    "dead-end-gateway",
                    "nothing follows the gateway `{label}`; draw where it leads",
                    label = label
                ),
                false => sentence!(
                    "dead-end-activity",
                    "nothing follows `{label}`, its path ends there; add an end event to say so",
                    label = label
                ),
            };
            findings.warn("dead-end", &node.id, said);
        }
        if !ending[exit(ix)] && !ending[entry(ix)] {
            trapped.push(ix);
        }
    }
    if let Some(first) = trapped.first().map(|ix| process.node(*ix)) {
        let said = match trapped.iter().any(|ix| graph.roots.contains(&entry(*ix))) {
            true => sentence!(
                "never-ends",
                "the process never ends: no path leads to an end event; draw one, or end it by hand"
            ),
            false => sentence!(
                "never-ends-from",
                "once `{label}` is reached the process never ends: no path leads from there to an end event",
                label = first.label()
            ),
        };
        findings.warn("never-ends", &first.id, said);
    }
    for circle in graph.spinning() {
        if !circle.iter().any(|ix| reached[entry(*ix)]) {
            continue;
        }
        let nodes: Vec<&Node> = circle.iter().map(|ix| process.node(*ix)).collect();
        let calls = nodes.iter().any(|node| matches!(node.kind, NodeKind::Service(_)));
        let named = nodes.iter().find(|node| matches!(node.kind, NodeKind::Service(_))).unwrap_or(&nodes[0]);
        let labels: Vec<&str> =
            nodes.iter().filter(|node| node.is_activity()).map(|node| node.label()).collect();
        let through: Part = if labels.is_empty() { quoted(&[named.label()]) } else { quoted(&labels) };
        let said = match calls {
            true => sentence!(
                "busy-loop-calls",
                "the loop through {through} goes round without a timer or a person in it, calling as fast as it can; \
                 put a timer event into it",
                through = through
            ),
            false => sentence!(
                "busy-loop",
                "the loop through {through} goes round without a timer or a person in it; put a timer event into it",
                through = through
            ),
        };
        findings.warn("busy-loop", &named.id, said);
    }
}

/// Reports where each unreachable part begins; what follows from there is not told again.
fn unreachable(graph: &Graph<'_>, reached: &[bool], findings: &mut Findings<'_>) {
    let process = graph.process;
    // What is not run has its own error, and what follows it is not lost by itself.
    let unsupported = |node: &Node| matches!(node.kind, NodeKind::Unsupported { .. });
    let mut from: Vec<usize> = Vec::new();
    for (at, node) in process.nodes.iter().enumerate() {
        if unsupported(node) {
            from.extend([entry(NodeIx(at as u32)), exit(NodeIx(at as u32))]);
        }
    }
    // Told once is enough for everything that follows from it.
    let mut excused = spread(&graph.next, &from);
    let mut report = |ix: NodeIx, excused: &mut [bool]| {
        let node = process.node(ix);
        let said = sentence!(
            "unreachable",
            "no path leads to `{label}`; connect it or remove it",
            label = node.label()
        );
        findings.warn("unreachable", &node.id, said);
        mark(&graph.next, vec![entry(ix)], excused);
    };
    let all = (0..process.nodes.len() as u32).map(NodeIx);
    // First what nothing leads to, then circles that only lead to themselves.
    for ix in all.clone() {
        let led_to = !process.node(ix).incoming.is_empty();
        let inside = process.node(ix).parent.is_some_and(|parent| !reached[entry(parent)]);
        if !reached[entry(ix)] && !excused[entry(ix)] && !led_to && !inside {
            report(ix, &mut excused);
        }
    }
    for ix in all {
        if !reached[entry(ix)] && !excused[entry(ix)] {
            report(ix, &mut excused);
        }
    }
}

/// A parallel gateway waits for all its flows; behind an exclusive one only some of them are ever taken.
fn joins(graph: &Graph<'_>, reached: &[bool], findings: &mut Findings<'_>) {
    let process = graph.process;
    let all = || (0..process.nodes.len() as u32).map(NodeIx).filter(|ix| reached[entry(*ix)]);
    let kind = |ix: NodeIx| &process.node(ix).kind;
    let joins: Vec<NodeIx> = all()
        .filter(|ix| matches!(kind(*ix), NodeKind::Parallel) && process.node(*ix).incoming.len() > 1)
        .collect();
    let choices: Vec<NodeIx> = all()
        .filter(|ix| matches!(kind(*ix), NodeKind::Exclusive) && process.node(*ix).outgoing.len() > 1)
        .collect();
    let ways: usize = choices.iter().map(|ix| process.node(*ix).outgoing.len() + 1).sum();
    if joins.len().saturating_mul(ways).saturating_mul(graph.next.len()) > COMPARED_MAX {
        return;
    }
    for join in joins {
        let incoming: Vec<usize> =
            process.node(join).incoming.iter().map(|flow| exit(process.flow(*flow).source)).collect();
        // A choice that every way to the join leads through, and that feeds two of its flows by different ways only.
        let starving = choices.iter().find(|choice| {
            let reach = |from: Vec<usize>| {
                let mut reach = vec![false; graph.next.len()];
                // Not through the choice again, and not on from the join.
                (reach[entry(**choice)], reach[exit(join)]) = (true, true);
                mark(&graph.next, from, &mut reach);
                reach
            };
            let around = reach(graph.roots.clone());
            if incoming.iter().any(|point| around[*point]) {
                return false;
            }
            let ways: Vec<Vec<bool>> = process
                .node(**choice)
                .outgoing
                .iter()
                .map(|flow| reach(vec![entry(process.flow(*flow).target)]))
                .collect();
            // A flow straight from the choice to the join is fed by itself alone.
            let fed = |place: usize| -> BTreeSet<usize> {
                let flow = process.node(join).incoming[place];
                match process.node(**choice).outgoing.iter().position(|way| *way == flow) {
                    Some(way) => [way].into(),
                    None => (0..ways.len()).filter(|way| ways[*way][incoming[place]]).collect(),
                }
            };
            let fed: Vec<BTreeSet<usize>> = (0..incoming.len()).map(fed).collect();
            fed.iter().enumerate().any(|(at, one)| fed[at + 1..].iter().any(|other| one.is_disjoint(other)))
        });
        if let Some(choice) = starving {
            let node = process.node(join);
            let said = sentence!(
                "join-never-completes",
                "the parallel gateway `{label}` waits for all its flows, but `{choice}` before it goes only one way: it \
                 waits for ever; join with an exclusive gateway",
                label = node.label(),
                choice = process.node(*choice).label()
            );
            findings.warn("join-never-completes", &node.id, said);
        }
    }
}

fn is_event_subprocess(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::SubProcess(sub) if sub.by_event)
}
