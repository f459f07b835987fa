//! Event definitions: what starts, catches, throws and ends.

use super::*;

/// A reference without its namespace prefix.
pub(crate) fn local(reference: &str) -> &str {
    let reference = reference.trim();
    reference.rsplit(':').next().unwrap_or(reference)
}

pub(super) fn unsupported(xml: Xml<'_, '_>) -> NodeKind {
    NodeKind::Unsupported { tag: xml.tag_name().name().to_owned() }
}

impl<'x> Reader<'x, '_> {
    /// The event definitions of an event, those it refers to included.
    fn event_definitions(&mut self, xml: Xml<'x, 'x>, id: &str) -> Vec<Xml<'x, 'x>> {
        let mut all = Vec::new();
        for child in xml.children().filter(|child| child.tag_name().namespace() == Some(BPMN)) {
            let tag = child.tag_name().name();
            if tag == "eventDefinitionRef" {
                // A reference to anything else is reported by the reference check.
                let wanted = text_of(child);
                let target = self.ids.get(local(&wanted));
                all.extend(target.filter(|target| target.tag_name().name().ends_with("EventDefinition")));
            } else if tag.ends_with("EventDefinition") {
                all.push(child);
            }
        }
        if all.len() > 1 {
            self.error(
                "unsupported-event",
                id,
                sentence!(
                    "unsupported-event-several",
                    "the event waits for or throws several things; draw one event for each"
                ),
            );
        }
        all
    }

    pub(super) fn start(&mut self, xml: Xml<'x, 'x>, id: &Name) -> NodeKind {
        let trigger = match self.event_definitions(xml, id).first() {
            Some(definition) => match self.trigger(*definition, id) {
                Some(trigger) => Some(trigger),
                None => return unsupported(xml),
            },
            None => None,
        };
        NodeKind::Start(Start {
            trigger,
            interrupting: xml.attribute("isInterrupting") != Some("false"),
            prompts: self.prompts(xml, id),
            initiator: extension(xml, "initiator").map(str::to_owned),
            form: extension(xml, "formKey").map(str::to_owned),
        })
    }

    pub(super) fn catch(&mut self, xml: Xml<'x, 'x>, id: &Name) -> NodeKind {
        let Some(definition) = self.event_definitions(xml, id).into_iter().next() else {
            let said = sentence!("empty-catch", "the catch event waits for nothing; say what it waits for");
            self.error("empty-catch", id, said);
            return unsupported(xml);
        };
        match self.trigger(definition, id) {
            Some(Trigger::Error { .. } | Trigger::Escalation { .. } | Trigger::Compensation) => {
                self.error(
                    "unsupported-event",
                    id,
                    sentence!(
                        "unsupported-event-caught",
                        "errors, escalations and compensation are caught at a boundary or by an event sub-process"
                    ),
                );
                unsupported(xml)
            }
            Some(trigger) => NodeKind::Catch(trigger),
            None => unsupported(xml),
        }
    }

    pub(super) fn boundary(&mut self, xml: Xml<'x, 'x>, id: &Name, process: &Process) -> NodeKind {
        let attached = xml.attribute("attachedToRef").and_then(|wanted| process.find(local(wanted)));
        let Some(attached) = attached else {
            let said =
                sentence!("broken-boundary", "the boundary event is attached to no element of this process");
            self.error("broken-boundary", id, said);
            return unsupported(xml);
        };
        let Some(definition) = self.event_definitions(xml, id).into_iter().next() else {
            let said = sentence!(
                "empty-catch-boundary",
                "the boundary event waits for nothing; say what it waits for"
            );
            self.error("empty-catch", id, said);
            return unsupported(xml);
        };
        let Some(trigger) = self.trigger(definition, id) else { return unsupported(xml) };
        if matches!(trigger, Trigger::Link { .. }) {
            let said = sentence!("unsupported-event-link", "a link cannot be caught at a boundary");
            self.error("unsupported-event", id, said);
            return unsupported(xml);
        }
        // Errors always interrupt, whatever is written.
        let interrupting =
            xml.attribute("cancelActivity") != Some("false") || matches!(trigger, Trigger::Error { .. });
        NodeKind::Boundary(Boundary { attached, interrupting, trigger })
    }

    fn trigger(&mut self, xml: Xml<'x, 'x>, id: &Name) -> Option<Trigger> {
        Some(match xml.tag_name().name() {
            "timerEventDefinition" => Trigger::Timer(self.timer(xml, id)?),
            "messageEventDefinition" => Trigger::Message {
                name: self.named(xml, "messageRef", "message", id)?,
                correlation: self.extension_text(xml, "correlationKey", id),
            },
            "signalEventDefinition" => Trigger::Signal { name: self.named(xml, "signalRef", "signal", id)? },
            "errorEventDefinition" => Trigger::Error {
                code: self.code(xml, "errorRef", "error", "errorCode", id),
                variable: extension(xml, "errorCodeVariable")
                    .or_else(|| extension(xml, "errorVariableName"))
                    .map(str::to_owned),
            },
            "escalationEventDefinition" => Trigger::Escalation {
                code: self.code(xml, "escalationRef", "escalation", "escalationCode", id),
            },
            "conditionalEventDefinition" => {
                let condition = xml.children().find(|child| is(*child, "condition"));
                if condition.is_none_or(|condition| text_of(condition).is_empty()) {
                    let said =
                        sentence!("empty-condition", "the event has no condition; write one as `${{…}}`");
                    self.error("empty-condition", id, said);
                }
                Trigger::Condition { condition: self.condition(condition?, id)? }
            }
            "linkEventDefinition" => Trigger::Link { name: xml.attribute("name").unwrap_or("").to_owned() },
            "compensateEventDefinition" => Trigger::Compensation,
            other => {
                self.error(
                    "unsupported-event",
                    id,
                    sentence!(
                        "unsupported-event-awaited",
                        "`{tag}` cannot be waited for; use an event that can",
                        tag = other
                    ),
                );
                return None;
            }
        })
    }

    fn timer(&mut self, xml: Xml<'x, 'x>, id: &Name) -> Option<Timer> {
        let mut parts = xml
            .children()
            .filter(|child| is(*child, "timeDate") || is(*child, "timeDuration") || is(*child, "timeCycle"));
        let (Some(part), None) = (parts.next(), parts.next()) else {
            let said = sentence!("timer", "the timer needs exactly one of a date, a duration and a cycle");
            self.error("timer", id, said);
            return None;
        };
        let written = text_of(part);
        if written.is_empty() {
            let said = sentence!(
                "timer-empty",
                "the timer does not say when; write an ISO 8601 date, duration or cycle"
            );
            self.error("timer", id, said);
            return None;
        }
        let text = self.text(&written, id);
        let literal = matches!(text, Text::Literal(_));
        let moment = || time::due_date(&written, jiff::Timestamp::UNIX_EPOCH).map(|_| ());
        let (timer, checked) = match part.tag_name().name() {
            "timeDate" => (Timer::Date(text), moment()),
            "timeDuration" => (Timer::Duration(text), moment()),
            _ => {
                let end = self.extension_text(part, "endDate", id);
                (Timer::Cycle { cycle: text, end }, time::Cycle::parse(&written).map(|_| ()))
            }
        };
        if let (true, Err(error)) = (literal, checked) {
            self.error("timer", id, error.sentence());
            return None;
        }
        Some(timer)
    }

    /// The name behind a reference to a message or signal.
    fn named(&mut self, xml: Xml<'x, 'x>, reference: &str, tag: &str, id: &Name) -> Option<Text> {
        if let Some(expression) = self.extension_text(xml, &format!("{tag}Expression"), id) {
            return Some(expression);
        }
        if let Some(expression) = xml.attribute(reference).filter(|written| written.contains("${")) {
            return Some(self.text(expression.trim(), id));
        }
        let wanted = xml.attribute(reference).map(local).filter(|wanted| !wanted.is_empty());
        let Some(wanted) = wanted else {
            let said = match tag {
                "message" => {
                    sentence!("no-name-message", "the event does not say which message; choose one")
                }
                _ => sentence!("no-name-signal", "the event does not say which signal; choose one"),
            };
            self.error("no-name", id, said);
            return None;
        };
        // A reference to anything else is reported by the reference check.
        let target = self.ids.get(wanted).copied().filter(|target| is(*target, tag))?;
        let name = target.attribute("name").filter(|name| !name.is_empty()).unwrap_or(wanted);
        Some(self.text(name, id))
    }

    /// The code behind a reference to an error or escalation. A reference to nothing is taken for the code itself, as
    /// Flowable does.
    fn code(
        &mut self,
        xml: Xml<'x, 'x>,
        reference: &str,
        tag: &str,
        code: &str,
        id: &Name,
    ) -> Option<String> {
        let wanted = xml.attribute(reference).map(local).filter(|wanted| !wanted.is_empty())?;
        match self.ids.get(wanted) {
            Some(target) if is(*target, tag) => {
                Some(target.attribute(code).filter(|code| !code.is_empty()).unwrap_or(wanted).to_owned())
            }
            Some(_) => {
                let said = match tag {
                    "error" => sentence!(
                        "broken-reference-error",
                        "`{wanted}` is no error; choose one that is declared",
                        wanted = wanted
                    ),
                    _ => sentence!(
                        "broken-reference-escalation",
                        "`{wanted}` is no escalation; choose one that is declared",
                        wanted = wanted
                    ),
                };
                self.error("broken-reference", id, said);
                None
            }
            None => {
                let said = match tag {
                    "error" => sentence!(
                        "undeclared-code-error",
                        "the error `{wanted}` is not declared; its reference is used as the code",
                        wanted = wanted
                    ),
                    _ => sentence!(
                        "undeclared-code-escalation",
                        "the escalation `{wanted}` is not declared; its reference is used as the code",
                        wanted = wanted
                    ),
                };
                self.warning("undeclared-code", id, said);
                Some(wanted.to_owned())
            }
        }
    }

    pub(super) fn throw(&mut self, xml: Xml<'x, 'x>, id: &Name, end: bool) -> Option<Throw> {
        let Some(definition) = self.event_definitions(xml, id).into_iter().next() else {
            return Some(Throw::None);
        };
        Some(match definition.tag_name().name() {
            "terminateEventDefinition" if end => {
                let says = |name: &str| extension(definition, name) == Some("true");
                Throw::Terminate { all: says("terminateAll"), rounds: says("terminateMultiInstance") }
            }
            "errorEventDefinition" if end => {
                let Some(code) = self.code(definition, "errorRef", "error", "errorCode", id) else {
                    let said = sentence!(
                        "no-name-error",
                        "the error end event does not say which error; choose one"
                    );
                    self.error("no-name", id, said);
                    return None;
                };
                Throw::Error { code }
            }
            "escalationEventDefinition" => Throw::Escalation {
                code: self.code(definition, "escalationRef", "escalation", "escalationCode", id),
            },
            "signalEventDefinition" => {
                let signal = definition.attribute("signalRef").and_then(|wanted| self.ids.get(local(wanted)));
                let scope = signal.and_then(|signal| extension(*signal, "scope"));
                let name = self.named(definition, "signalRef", "signal", id)?;
                Throw::Signal { name, local: scope == Some("processInstance") }
            }
            "messageEventDefinition" => Throw::Message {
                name: self.named(definition, "messageRef", "message", id)?,
                correlation: self.extension_text(definition, "correlationKey", id),
            },
            "linkEventDefinition" if !end => {
                Throw::Link { name: definition.attribute("name").unwrap_or("").to_owned() }
            }
            "compensateEventDefinition" => {
                let activity = definition.attribute("activityRef").map(local);
                Throw::Compensation { activity: activity.map(Name::from) }
            }
            other => {
                let said = sentence!(
                    "unsupported-event-thrown",
                    "`{tag}` cannot be thrown here; use an event that can",
                    tag = other
                );
                self.error("unsupported-event", id, said);
                return None;
            }
        })
    }
}
