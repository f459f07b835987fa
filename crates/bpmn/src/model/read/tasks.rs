//! Tasks, sub-processes, calls and repetitions.

use super::events::{local, unsupported};
use super::*;

/// A failed call is tried again as often at most.
const TRIES_MAX: usize = 100;

impl<'x> Reader<'x, '_> {
    pub(super) fn node(&mut self, found: &Found<'x>, process: &Process) -> Node {
        let (xml, id) = (found.xml, &found.id);
        self.refuse_what_would_be_ignored(xml, id);
        Node {
            kind: self.kind(found, process),
            id: id.clone(),
            name: attribute(xml, "name"),
            documentation: documentation(xml),
            parent: found.parent,
            incoming: Vec::new(),
            outgoing: Vec::new(),
            default: None,
            boundary: Vec::new(),
            repeat: self.repeat(xml, id),
            listeners: self.listeners(xml, id, "executionListener"),
            tries: self.tries(xml, id),
            position: xml.range().start,
        }
    }

    fn kind(&mut self, found: &Found<'x>, process: &Process) -> NodeKind {
        let (xml, id) = (found.xml, &found.id);
        let tag = xml.tag_name().name();
        match tag {
            "startEvent" => self.start(xml, id),
            "endEvent" => self.throw(xml, id, true).map_or_else(|| unsupported(xml), NodeKind::End),
            "intermediateThrowEvent" => {
                self.throw(xml, id, false).map_or_else(|| unsupported(xml), NodeKind::Throw)
            }
            "intermediateCatchEvent" => self.catch(xml, id),
            "boundaryEvent" => self.boundary(xml, id, process),
            "task" | "manualTask" => NodeKind::Pass,
            "userTask" => NodeKind::User(Box::new(self.user_task(xml, id))),
            "serviceTask" | "sendTask" | "businessRuleTask" => self.service_task(xml, id),
            "scriptTask" => NodeKind::Script(self.script(xml, id)),
            "receiveTask" => self.receive_task(xml, id),
            "exclusiveGateway" => NodeKind::Exclusive,
            "parallelGateway" => NodeKind::Parallel,
            "inclusiveGateway" => NodeKind::Inclusive,
            "eventBasedGateway" => self.event_gateway(xml, id),
            "subProcess" => self.sub_process(xml, xml.attribute("triggeredByEvent") == Some("true")),
            "callActivity" => self.call(xml, id),
            "transaction" | "adHocSubProcess" => {
                self.error(
                    "unsupported-element",
                    id,
                    sentence!(
                        "unsupported-element-sub-process",
                        "`{tag}` is not run; use an ordinary sub-process",
                        tag = tag
                    ),
                );
                self.sub_process(xml, false)
            }
            _ => {
                self.error(
                    "unsupported-element",
                    id,
                    sentence!(
                        "unsupported-element",
                        "`{tag}` is not run; model it with other elements",
                        tag = tag
                    ),
                );
                unsupported(xml)
            }
        }
    }

    fn sub_process(&mut self, xml: Xml<'x, 'x>, by_event: bool) -> NodeKind {
        let body = Body { data: self.data_objects(xml), ..Body::default() };
        NodeKind::SubProcess(SubProcess { body, by_event })
    }

    /// Attributes and extensions that change what an element does and that this engine does not act on.
    fn refuse_what_would_be_ignored(&mut self, xml: Xml<'x, 'x>, id: &Name) {
        for quantity in ["startQuantity", "completionQuantity"] {
            if xml.attribute(quantity).is_some_and(|number| number.trim() != "1") {
                self.error(
                    "unsupported-quantity",
                    id,
                    sentence!(
                        "unsupported-quantity",
                        "`{quantity}` other than 1 is not run; remove it",
                        quantity = quantity
                    ),
                );
            }
        }
        if xml.attribute("isForCompensation") == Some("true") {
            self.error("unsupported-compensation", id, compensation());
        }
        if xml.attribute("parallelMultiple") == Some("true") {
            let said = sentence!(
                "unsupported-event-at-once",
                "waiting for several events at once is not run; use a parallel gateway"
            );
            self.error("unsupported-event", id, said);
        }
        let repetition = xml.children().filter(|child| is(*child, "multiInstanceLoopCharacteristics"));
        for child in extension_elements(xml).chain(repetition.flat_map(extension_elements)) {
            let tag = child.tag_name().name();
            if let Some(instead) = instead_of(tag).filter(|_| is_extension(child, tag)) {
                let said = sentence!(
                    "unsupported-extension",
                    "the extension `{tag}` is not run; {instead}",
                    tag = tag,
                    instead = instead
                );
                self.error("unsupported-extension", id, said);
            }
        }
        if xml.children().any(|child| is(child, "dataInputAssociation") || is(child, "dataOutputAssociation"))
        {
            let said = sentence!(
                "ignored-data-association",
                "data associations move no data here; every element sees the variables of its scope"
            );
            self.warning("ignored-data-association", id, said);
        }
        if extension(xml, "skipExpression").is_some() {
            let said = sentence!("ignored-attribute", "`skipExpression` is not acted on; use a gateway");
            self.warning("ignored-attribute", id, said);
        }
    }

    /// The waits of `failedJobRetryTimeCycle`: a cycle such as `R3/PT10M`, or Camunda's list of waits.
    fn tries(&mut self, xml: Xml<'x, 'x>, id: &Name) -> Vec<String> {
        let mut elements = extension_elements(xml);
        let Some(said) = elements.find(|child| is_extension(*child, "failedJobRetryTimeCycle")) else {
            return Vec::new();
        };
        let text = text_of(said);
        let waits = match text.trim().strip_prefix('R').and_then(|cycle| cycle.split_once('/')) {
            Some((times, wait)) => {
                times.parse().ok().map(|times: usize| vec![wait; times.min(TRIES_MAX + 1)])
            }
            None => Some(text.split(',').collect()),
        };
        let waits: Vec<String> = waits.into_iter().flatten().map(|wait| wait.trim().to_owned()).collect();
        let readable = |wait: &String| time::IsoDuration::parse(wait).is_ok();
        if waits.is_empty() || waits.len() > TRIES_MAX || !waits.iter().all(readable) {
            let said = sentence!(
                "retries",
                "`{text}` does not say how often a failed call is tried again, {most} times at most; write `R3/PT10M` or \
                 `PT1M,PT10M`, or somebody has to retry it",
                text = text.trim(),
                most = TRIES_MAX
            );
            self.warning("retries", id, said);
            return Vec::new();
        }
        waits
    }

    fn user_task(&mut self, xml: Xml<'x, 'x>, id: &Name) -> UserTask {
        let mut task = UserTask {
            name: attribute(xml, "name").map(|name| self.text(&name, id)),
            assignee: self.extension_text(xml, "assignee", id),
            due: self.extension_text(xml, "dueDate", id),
            form: self.extension_text(xml, "formKey", id),
            priority: self.extension_text(xml, "priority", id),
            category: self.extension_text(xml, "category", id),
            prompts: self.prompts(xml, id),
            listeners: self.listeners(xml, id, "taskListener"),
            candidates: Vec::new(),
        };
        if let Some(Text::Literal(due)) = &task.due
            && let Err(error) = time::due_date(due, jiff::Timestamp::UNIX_EPOCH)
        {
            self.error("due-date", id, error.sentence());
        }
        for (name, role) in
            [("candidateUsers", AssignmentRole::Users), ("candidateGroups", AssignmentRole::Groups)]
        {
            if let Some(people) = self.extension_text(xml, name, id) {
                task.candidates.push(Assignment { role, people });
            }
        }
        for child in xml.children().filter(|child| is(*child, "potentialOwner")) {
            if let Some(people) = self.people(child, id) {
                task.candidates.push(Assignment { role: AssignmentRole::Owners, people });
            }
        }
        for child in xml.children().filter(|child| is(*child, "humanPerformer") || is(*child, "performer")) {
            if let Some(people) = self.people(child, id) {
                task.assignee.get_or_insert(people);
            }
        }
        for child in extension_elements(xml).filter(|child| is_extension(*child, "customResource")) {
            let name = extension(child, "name").or_else(|| child.attribute("name"));
            if let (Some("ExcludedOwner"), Some(people)) = (name, self.people(child, id)) {
                task.candidates.push(Assignment { role: AssignmentRole::Excluded, people });
            }
        }
        task
    }

    fn people(&mut self, xml: Xml<'x, 'x>, id: &Name) -> Option<Text> {
        let text = xml.descendants().find(|child| is(*child, "formalExpression")).map(text_of)?;
        (!text.is_empty()).then(|| self.text(&text, id))
    }

    fn script(&mut self, xml: Xml<'x, 'x>, id: &Name) -> Script {
        let text = xml.children().find(|child| is(*child, "script")).map(text_of).unwrap_or_default();
        if text.is_empty() {
            let said = sentence!("empty-script", "the script task has no script; it does nothing");
            self.warning("empty-script", id, said);
        }
        Script { format: attribute(xml, "scriptFormat"), text, result: result_variable(xml) }
    }

    fn receive_task(&mut self, xml: Xml<'x, 'x>, id: &Name) -> NodeKind {
        if xml.attribute("instantiate") == Some("true") {
            let said = sentence!(
                "unsupported-element-receive",
                "a receive task that starts the process is not run; use a message start event"
            );
            self.error("unsupported-element", id, said);
            return unsupported(xml);
        }
        let message = xml.attribute("messageRef").map(local).and_then(|wanted| self.ids.get(wanted)).copied();
        let name = message.and_then(|message| message.attribute("name").or_else(|| message.attribute("id")));
        NodeKind::Receive { message: name.map(|name| self.text(name, id)) }
    }

    fn event_gateway(&mut self, xml: Xml<'x, 'x>, id: &Name) -> NodeKind {
        if xml.attribute("instantiate") == Some("true") {
            let said = sentence!(
                "unsupported-element-starting-gateway",
                "an event-based gateway that starts the process is not run; use start events"
            );
            self.error("unsupported-element", id, said);
            return unsupported(xml);
        }
        if xml.attribute("eventGatewayType") == Some("Parallel") {
            let said = sentence!(
                "unsupported-element-parallel-gateway",
                "a parallel event-based gateway is not run; use a parallel gateway"
            );
            self.error("unsupported-element", id, said);
            return unsupported(xml);
        }
        NodeKind::EventBased
    }

    fn call(&mut self, xml: Xml<'x, 'x>, id: &Name) -> NodeKind {
        let wanted = xml.attribute("calledElement").map(str::trim).filter(|wanted| !wanted.is_empty());
        let Some(wanted) = wanted else {
            let said = sentence!("no-implementation-call", "the call activity names no process; name one");
            self.error("no-implementation", id, said);
            return unsupported(xml);
        };
        if let Some(target) = self.ids.get(local(wanted)).filter(|target| !is(**target, "process")) {
            let tag = target.tag_name().name();
            let said = sentence!(
                "unsupported-element-called",
                "a `{tag}` is not called; only processes are",
                tag = tag
            );
            self.error("unsupported-element", id, said);
            return unsupported(xml);
        }
        let plain = !wanted.contains("${") && !wanted.contains("#{");
        let mut call = Call {
            process: if plain { Text::Literal(local(wanted).to_owned()) } else { self.text(wanted, id) },
            inherit: extension(xml, "inheritVariables") == Some("true"),
            inputs: Vec::new(),
            outputs: Vec::new(),
        };
        for child in extension_elements(xml) {
            if is_extension(child, "in") {
                call.inputs.extend(self.mapping(child, id));
            } else if is_extension(child, "out") {
                call.outputs.extend(self.mapping(child, id));
            }
        }
        NodeKind::Call(Box::new(call))
    }

    fn mapping(&mut self, xml: Xml<'x, 'x>, id: &Name) -> Option<Mapping> {
        if xml.attribute("variables") == Some("all") {
            return Some(Mapping { source: None, target: Text::Literal(String::new()) });
        }
        let source = match (xml.attribute("sourceExpression"), xml.attribute("source")) {
            (Some(expression), _) => self.text(expression, id),
            (None, Some(name)) => self.text(&format!("${{{name}}}"), id),
            // `businessKey`: instances are told apart by their own identifiers here.
            (None, None) => return None,
        };
        let target = xml.attribute("targetExpression").or_else(|| xml.attribute("target")).unwrap_or("");
        Some(Mapping { source: Some(source), target: self.text(target, id) })
    }

    fn repeat(&mut self, xml: Xml<'x, 'x>, id: &Name) -> Option<Repeat> {
        if let Some(multi) = xml.children().find(|child| is(*child, "multiInstanceLoopCharacteristics")) {
            return Some(self.multi(multi, id));
        }
        let standard = xml.children().find(|child| is(*child, "standardLoopCharacteristics"))?;
        let condition = standard
            .children()
            .find(|child| is(*child, "loopCondition"))
            .and_then(|condition| self.condition(condition, id));
        let rounds_max = standard.attribute("loopMaximum").and_then(|number| number.parse().ok());
        if condition.is_none() && rounds_max.is_none() {
            let said =
                sentence!("endless-loop", "the loop has neither a condition nor a maximum; give it one");
            self.error("endless-loop", id, said);
        }
        let test_before = standard.attribute("testBefore") == Some("true");
        Some(Repeat::Loop { test_before, condition, rounds_max })
    }

    fn multi(&mut self, xml: Xml<'x, 'x>, id: &Name) -> Repeat {
        if xml.attribute("behavior").is_some_and(|behavior| behavior != "All") {
            let said = sentence!(
                "unsupported-repetition",
                "a multi-instance behaviour other than `All` is not run; remove it"
            );
            self.error("unsupported-repetition", id, said);
        }
        let child = |tag: &str| xml.children().find(|child| is(*child, tag));
        let cardinality = child("loopCardinality").map(text_of).filter(|text| !text.is_empty());
        let collection = extension(xml, "collection")
            .map(str::to_owned)
            .or_else(|| child("loopDataInputRef").map(text_of))
            .filter(|text| !text.trim().is_empty());
        if cardinality.is_none() && collection.is_none() {
            let said = sentence!(
                "no-cardinality",
                "the multi-instance says neither how many nor over what; give it one"
            );
            self.error("no-cardinality", id, said);
        }
        let named = |item: Xml<'x, 'x>| item.attribute("name").or_else(|| item.attribute("id"));
        let item = extension(xml, "elementVariable").or_else(|| child("inputDataItem").and_then(named));
        Repeat::Multi {
            sequential: xml.attribute("isSequential") == Some("true"),
            cardinality: cardinality.map(|text| self.text(&text, id)),
            collection: collection.map(|text| self.text(text.trim(), id)),
            item: item.map(str::to_owned),
            index: extension(xml, "elementIndexVariable").map(str::to_owned),
            until: child("completionCondition")
                .and_then(|condition| self.condition(condition, id))
                .map(Box::new),
        }
    }
}

/// What to do instead of an extension that changes what an element does and is not acted on: events from a registry,
/// variables gathered from the rounds of a repetition, values moved in and out, exceptions made into errors.
fn instead_of(extension: &str) -> Option<Sentence> {
    Some(match extension {
        "inputOutput" => sentence!(
            "instead-of-input-output",
            "keep the values in variables of the process, or in data objects of a sub-process around it"
        ),
        "connector" => {
            sentence!("instead-of-connector", "call the other system by a service task with a delegate")
        }
        "mapException" => {
            sentence!("instead-of-map-exception", "catch the error at a boundary event")
        }
        "eventType" => sentence!("instead-of-event-type", "wait for a message or a signal"),
        "variableListenerEventDefinition" => {
            sentence!("instead-of-variable-listener", "wait for a condition over the variable")
        }
        "variableAggregation" => {
            sentence!("instead-of-aggregation", "gather the values in the rounds themselves")
        }
        _ => return None,
    })
}

/// The variable that takes a result.
pub(super) fn result_variable(xml: Xml<'_, '_>) -> Option<String> {
    let name = EXTENSIONS.iter().find_map(|namespace| {
        xml.attribute((*namespace, "resultVariable"))
            .or_else(|| xml.attribute((*namespace, "resultVariableName")))
    });
    name.filter(|name| !name.is_empty()).map(str::to_owned)
}
