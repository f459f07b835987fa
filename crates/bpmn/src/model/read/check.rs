//! Rules of BPMN that make a process impossible to run as drawn. What is merely unwise is lint's.

use super::*;

pub(super) fn structure(reader: &mut Reader<'_, '_>, process: &Process) {
    let ends = link_ends(process);
    for node in &process.nodes {
        flows(reader, node);
        match &node.kind {
            NodeKind::SubProcess(sub) if sub.by_event => event_level(reader, process, node, &sub.body),
            NodeKind::SubProcess(sub) => inner_level(reader, process, node, &sub.body),
            NodeKind::Boundary(boundary) => attached(reader, process, node, boundary),
            NodeKind::EventBased => raced(reader, process, node),
            NodeKind::Throw(Throw::Link { name }) => linked(reader, &ends, node, name),
            NodeKind::Throw(Throw::Compensation { .. }) | NodeKind::End(Throw::Compensation { .. }) => {
                reader.error("unsupported-compensation", &node.id, compensation());
            }
            _ => {}
        }
    }
    if process.executable {
        outermost_level(reader, process);
    }
}

/// Whether an element without flows into it begins when its level does: BPMN's implicit start.
pub(crate) fn begins(node: &Node) -> bool {
    node.incoming.is_empty()
        && match &node.kind {
            NodeKind::SubProcess(sub) => !sub.by_event,
            NodeKind::Start(_) | NodeKind::Boundary(_) | NodeKind::End(_) | NodeKind::Unsupported { .. } => {
                false
            }
            NodeKind::Catch(Trigger::Link { .. }) => false,
            _ => true,
        }
}

/// How flows may meet an element.
fn flows(reader: &mut Reader<'_, '_>, node: &Node) {
    let (incoming, outgoing) = (!node.incoming.is_empty(), !node.outgoing.is_empty());
    let (code, said) = match &node.kind {
        NodeKind::Start(_) if incoming => (
            "flow-into-start",
            sentence!("flow-into-start", "a flow leads into a start event; lead it to the element after it"),
        ),
        NodeKind::End(_) if outgoing => (
            "flow-out-of-end",
            sentence!("flow-out-of-end", "a flow leads out of an end event; use an intermediate event"),
        ),
        NodeKind::Boundary(_) if incoming => (
            "flow-into-boundary",
            sentence!("flow-into-boundary", "a flow leads into a boundary event; lead it to the activity"),
        ),
        NodeKind::Catch(Trigger::Link { .. }) if incoming => (
            "flow-into-link",
            sentence!(
                "flow-into-link",
                "a flow leads into the catching end of a link; lead it to the throwing end"
            ),
        ),
        NodeKind::Throw(Throw::Link { .. }) if outgoing => (
            "flow-out-of-link",
            sentence!(
                "flow-out-of-link",
                "a flow leads out of the throwing end of a link; the catching end goes on"
            ),
        ),
        NodeKind::SubProcess(sub) if sub.by_event && (incoming || outgoing) => (
            "flow-at-event-sub-process",
            sentence!(
                "flow-at-event-sub-process",
                "an event sub-process starts by its event; remove its flows"
            ),
        ),
        NodeKind::Boundary(_) | NodeKind::Catch(_) if !outgoing => {
            ("dead-end", sentence!("dead-end-catch", "nothing follows the event; draw where it leads"))
        }
        NodeKind::Throw(throw) if !outgoing && !matches!(throw, Throw::Link { .. }) => (
            "dead-end",
            sentence!("dead-end-throw", "nothing follows the event; draw where it leads or use an end event"),
        ),
        NodeKind::EventBased if !outgoing => (
            "dead-end",
            sentence!(
                "dead-end-event-gateway",
                "nothing follows the event-based gateway; draw the events it waits for"
            ),
        ),
        _ => return,
    };
    reader.error(code, &node.id, said);
}

fn trigger_of(process: &Process, ix: NodeIx) -> Option<&Trigger> {
    match &process.node(ix).kind {
        NodeKind::Start(start) => start.trigger.as_ref(),
        _ => None,
    }
}

fn can_begin(process: &Process, body: &Body) -> bool {
    body.nodes.is_empty() || !body.starts.is_empty() || body.nodes.iter().any(|ix| begins(process.node(*ix)))
}

fn outermost_level(reader: &mut Reader<'_, '_>, process: &Process) {
    let body = &process.body;
    if body.starts.iter().filter(|ix| trigger_of(process, **ix).is_none()).count() > 1 {
        let said = sentence!("several-starts", "the process has several plain start events; keep one");
        reader.error("several-starts", &process.id, said);
    }
    if !can_begin(process, body) {
        let said = sentence!("no-start", "nothing in the process can begin; give it a start event");
        reader.error("no-start", &process.id, said);
    }
    for ix in &body.starts {
        let startable = matches!(
            trigger_of(process, *ix),
            None | Some(
                Trigger::Timer(_)
                    | Trigger::Message { .. }
                    | Trigger::Signal { .. }
                    | Trigger::Condition { .. }
            )
        );
        if !startable {
            let said = sentence!(
                "unsupported-start",
                "a process cannot start by this event; use a message, a signal or a timer"
            );
            reader.error("unsupported-start", &process.node(*ix).id, said);
        }
    }
}

fn inner_level(reader: &mut Reader<'_, '_>, process: &Process, node: &Node, body: &Body) {
    if body.starts.len() > 1 || body.starts.iter().any(|ix| trigger_of(process, *ix).is_some()) {
        let said = sentence!(
            "sub-process-start",
            "a sub-process begins at one plain start event; remove the others"
        );
        reader.error("sub-process-start", &node.id, said);
    }
    if !can_begin(process, body) {
        let said =
            sentence!("no-start-sub-process", "nothing in the sub-process can begin; give it a start event");
        reader.error("no-start", &node.id, said);
    }
}

fn event_level(reader: &mut Reader<'_, '_>, process: &Process, node: &Node, body: &Body) {
    match body.starts.as_slice() {
        [start] => match trigger_of(process, *start) {
            Some(Trigger::Compensation) => {
                reader.error("unsupported-compensation", &node.id, compensation());
            }
            Some(Trigger::Link { .. }) | None => {
                let said = sentence!(
                    "event-sub-process-start",
                    "the start event of an event sub-process needs an event to wait for; choose one"
                );
                reader.error("event-sub-process-start", &node.id, said);
            }
            Some(_) => {}
        },
        // A start event that cannot be run has been reported.
        [] if body.nodes.iter().any(|ix| matches!(process.node(*ix).kind, NodeKind::Unsupported { .. })) => {}
        _ => {
            let said = sentence!(
                "event-sub-process-start-one",
                "an event sub-process begins at exactly one start event; keep one"
            );
            reader.error("event-sub-process-start", &node.id, said);
        }
    }
}

fn attached(reader: &mut Reader<'_, '_>, process: &Process, node: &Node, boundary: &Boundary) {
    let activity = process.node(boundary.attached);
    let by_event = matches!(&activity.kind, NodeKind::SubProcess(sub) if sub.by_event);
    let known = !matches!(activity.kind, NodeKind::Unsupported { .. });
    if known && (!activity.is_activity() || by_event) {
        let said = sentence!(
            "broken-boundary-no-activity",
            "the boundary event is attached to something that is not an activity; attach it to one"
        );
        reader.error("broken-boundary", &node.id, said);
    }
    if activity.parent != node.parent {
        let said = sentence!(
            "broken-boundary-level",
            "the boundary event and its activity are on different levels; move it to the activity's"
        );
        reader.error("broken-boundary", &node.id, said);
    }
    if matches!(boundary.trigger, Trigger::Compensation) {
        reader.error("unsupported-compensation", &node.id, compensation());
    }
}

/// What may follow an event-based gateway.
fn raced(reader: &mut Reader<'_, '_>, process: &Process, node: &Node) {
    for flow in node.outgoing.iter().map(|flow| process.flow(*flow)) {
        let target = process.node(flow.target);
        let waits = match &target.kind {
            NodeKind::Catch(trigger) => !matches!(trigger, Trigger::Link { .. }),
            NodeKind::Receive { .. } | NodeKind::Unsupported { .. } => true,
            _ => false,
        };
        if !waits {
            let said = sentence!(
                "event-gateway-target",
                "`{label}` follows an event-based gateway and waits for nothing; put a catch event between",
                label = target.label()
            );
            reader.error("event-gateway-target", &node.id, said);
        }
        if flow.condition.is_some() {
            let said = sentence!(
                "event-gateway-condition",
                "a flow out of an event-based gateway has a condition; remove it"
            );
            reader.error("event-gateway-condition", &flow.id, said);
        }
    }
}

/// How many catching ends each link has on each level.
type LinkEnds<'p> = HashMap<(Option<NodeIx>, &'p str), usize>;

fn link_ends(process: &Process) -> LinkEnds<'_> {
    let mut ends = LinkEnds::new();
    for node in &process.nodes {
        if let NodeKind::Catch(Trigger::Link { name }) = &node.kind {
            *ends.entry((node.parent, name.as_str())).or_default() += 1;
        }
    }
    ends
}

fn linked(reader: &mut Reader<'_, '_>, ends: &LinkEnds<'_>, node: &Node, name: &str) {
    let ends = ends.get(&(node.parent, name)).copied().unwrap_or(0);
    if ends != 1 {
        let said = sentence!(
            "broken-link",
            "the link `{name}` needs exactly one catching end on the same level, it has {ends}",
            name = name,
            ends = ends
        );
        reader.error("broken-link", &node.id, said);
    }
}
