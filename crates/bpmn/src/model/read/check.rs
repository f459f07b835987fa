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
                reader.error("unsupported-compensation", &node.id, COMPENSATION);
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
    let (code, message) = match &node.kind {
        NodeKind::Start(_) if incoming => {
            ("flow-into-start", "a flow leads into a start event; lead it to the element after it")
        }
        NodeKind::End(_) if outgoing => {
            ("flow-out-of-end", "a flow leads out of an end event; use an intermediate event")
        }
        NodeKind::Boundary(_) if incoming => {
            ("flow-into-boundary", "a flow leads into a boundary event; lead it to the activity")
        }
        NodeKind::Catch(Trigger::Link { .. }) if incoming => {
            ("flow-into-link", "a flow leads into the catching end of a link; lead it to the throwing end")
        }
        NodeKind::Throw(Throw::Link { .. }) if outgoing => {
            ("flow-out-of-link", "a flow leads out of the throwing end of a link; the catching end goes on")
        }
        NodeKind::SubProcess(sub) if sub.by_event && (incoming || outgoing) => {
            ("flow-at-event-sub-process", "an event sub-process starts by its event; remove its flows")
        }
        NodeKind::Boundary(_) | NodeKind::Catch(_) if !outgoing => {
            ("dead-end", "nothing follows the event; draw where it leads")
        }
        NodeKind::Throw(throw) if !outgoing && !matches!(throw, Throw::Link { .. }) => {
            ("dead-end", "nothing follows the event; draw where it leads or use an end event")
        }
        NodeKind::EventBased if !outgoing => {
            ("dead-end", "nothing follows the event-based gateway; draw the events it waits for")
        }
        _ => return,
    };
    reader.error(code, &node.id, message);
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
        reader.error("several-starts", &process.id, "the process has several plain start events; keep one");
    }
    if !can_begin(process, body) {
        reader.error("no-start", &process.id, "nothing in the process can begin; give it a start event");
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
            let message = "a process cannot start by this event; use a message, a signal or a timer";
            reader.error("unsupported-start", &process.node(*ix).id, message);
        }
    }
}

fn inner_level(reader: &mut Reader<'_, '_>, process: &Process, node: &Node, body: &Body) {
    if body.starts.len() > 1 || body.starts.iter().any(|ix| trigger_of(process, *ix).is_some()) {
        let message = "a sub-process begins at one plain start event; remove the others";
        reader.error("sub-process-start", &node.id, message);
    }
    if !can_begin(process, body) {
        reader.error("no-start", &node.id, "nothing in the sub-process can begin; give it a start event");
    }
}

fn event_level(reader: &mut Reader<'_, '_>, process: &Process, node: &Node, body: &Body) {
    match body.starts.as_slice() {
        [start] => match trigger_of(process, *start) {
            Some(Trigger::Compensation) => reader.error("unsupported-compensation", &node.id, COMPENSATION),
            Some(Trigger::Link { .. }) | None => {
                let message =
                    "the start event of an event sub-process needs an event to wait for; choose one";
                reader.error("event-sub-process-start", &node.id, message);
            }
            Some(_) => {}
        },
        // A start event that cannot be run has been reported.
        [] if body.nodes.iter().any(|ix| matches!(process.node(*ix).kind, NodeKind::Unsupported { .. })) => {}
        _ => {
            let message = "an event sub-process begins at exactly one start event; keep one";
            reader.error("event-sub-process-start", &node.id, message);
        }
    }
}

fn attached(reader: &mut Reader<'_, '_>, process: &Process, node: &Node, boundary: &Boundary) {
    let activity = process.node(boundary.attached);
    let by_event = matches!(&activity.kind, NodeKind::SubProcess(sub) if sub.by_event);
    let known = !matches!(activity.kind, NodeKind::Unsupported { .. });
    if known && (!activity.is_activity() || by_event) {
        let message = "the boundary event is attached to something that is not an activity; attach it to one";
        reader.error("broken-boundary", &node.id, message);
    }
    if activity.parent != node.parent {
        let message =
            "the boundary event and its activity are on different levels; move it to the activity's";
        reader.error("broken-boundary", &node.id, message);
    }
    if matches!(boundary.trigger, Trigger::Compensation) {
        reader.error("unsupported-compensation", &node.id, COMPENSATION);
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
            let message = format!(
                "`{}` follows an event-based gateway and waits for nothing; put a catch event between",
                target.label()
            );
            reader.error("event-gateway-target", &node.id, message);
        }
        if flow.condition.is_some() {
            let message = "a flow out of an event-based gateway has a condition; remove it";
            reader.error("event-gateway-condition", &flow.id, message);
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
        let message =
            format!("the link `{name}` needs exactly one catching end on the same level, it has {ends}");
        reader.error("broken-link", &node.id, message);
    }
}
