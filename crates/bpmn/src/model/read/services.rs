//! Calls to the outside: service tasks, their fields, and listeners.

use super::events::{local, unsupported};
use super::tasks::result_variable;
use super::*;

impl<'x> Reader<'x, '_> {
    pub(super) fn service_task(&mut self, xml: Xml<'x, 'x>, id: &Name) -> NodeKind {
        let mut fields = BTreeMap::new();
        for child in extension_elements(xml).filter(|child| is_extension(*child, "field")) {
            self.field(child, id, &mut fields);
        }
        let Some(call) = self.service_call(xml, id) else { return unsupported(xml) };
        if call == ServiceCall::Http && !fields.contains_key("url") && !fields.contains_key("requestUrl") {
            let said = sentence!("no-url", "the call has no `url` field; give it an address");
            self.error("no-url", id, said);
        }
        let triggerable = extension(xml, "triggerable") == Some("true");
        NodeKind::Service(Box::new(Service { call, fields, result: result_variable(xml), triggerable }))
    }

    fn service_call(&mut self, xml: Xml<'x, 'x>, id: &Name) -> Option<ServiceCall> {
        if let Some(delegate) = extension(xml, "delegateExpression").map(str::trim) {
            return Some(match bare(delegate) {
                Some("restTask") => ServiceCall::Http,
                Some("mailTask") => ServiceCall::Mail,
                Some("notificationTask") => ServiceCall::Notify,
                Some("jobTask") => ServiceCall::Job,
                _ => ServiceCall::Delegate(delegate.to_owned()),
            });
        }
        if let Some(expression) = extension(xml, "expression") {
            return self.expression(expression.trim(), id).map(ServiceCall::Expression);
        }
        if let Some(class) = extension(xml, "class") {
            return Some(ServiceCall::Delegate(class.to_owned()));
        }
        match extension(xml, "type") {
            Some("http") => return Some(ServiceCall::Http),
            Some("mail") => return Some(ServiceCall::Mail),
            Some("external" | "external-worker") => {
                let topic = extension(xml, "topic").unwrap_or("");
                return Some(ServiceCall::Delegate(topic.to_owned()));
            }
            Some(other) => {
                let said = sentence!(
                    "unsupported-service",
                    "tasks of type `{kind}` are not run; use `http`, `mail` or a delegate",
                    kind = other
                );
                self.error("unsupported-service", id, said);
                return None;
            }
            None => {}
        }
        let message = xml.attribute("messageRef").map(local).and_then(|wanted| self.ids.get(wanted)).copied();
        if let (true, Some(message)) =
            (is(xml, "sendTask"), message.filter(|message| is(*message, "message")))
        {
            let name = message.attribute("name").or_else(|| message.attribute("id")).unwrap_or("");
            let correlation = self.extension_text(xml, "correlationKey", id);
            return Some(ServiceCall::Message { name: self.text(name, id), correlation });
        }
        let said = sentence!(
            "no-implementation",
            "the task does not say what it calls; give it a delegate such as `${{restTask}}`"
        );
        self.error("no-implementation", id, said);
        None
    }

    pub(super) fn listeners(&mut self, xml: Xml<'x, 'x>, id: &Name, tag: &str) -> Vec<Listener> {
        let mut listeners = Vec::new();
        for child in extension_elements(xml).filter(|child| is_extension(*child, tag)) {
            let Some(call) = self.listener_call(child, id) else { continue };
            let mut fields = BTreeMap::new();
            for field in child.children().filter(|field| is_extension(*field, "field")) {
                self.field(field, id, &mut fields);
            }
            let event = child.attribute("event").unwrap_or("start").to_owned();
            let path = match (&call, fields.get("jsonPath")) {
                (ListenerCall::JsonPath, Some(Text::Literal(path))) => self.json_path(path, id),
                _ => None,
            };
            listeners.push(Listener { event, call, fields, path });
        }
        listeners
    }

    fn json_path(&mut self, path: &str, id: &Name) -> Option<Arc<JsonPath>> {
        match JsonPath::parse(path) {
            Ok(parsed) => Some(Arc::new(parsed)),
            Err(error) => {
                self.error("json-path", id, error.sentence());
                None
            }
        }
    }

    fn listener_call(&mut self, xml: Xml<'x, 'x>, id: &Name) -> Option<ListenerCall> {
        let delegate = xml.attribute("delegateExpression").map(str::trim);
        match delegate.and_then(bare) {
            Some("jsonPathListener") => return Some(ListenerCall::JsonPath),
            Some("notificationListener") => return Some(ListenerCall::Notification),
            Some("jsonParticipantListener") => return Some(ListenerCall::Participants),
            Some("jobArgumentListener") => return Some(ListenerCall::JobArgument),
            Some("jobStateListener") => return Some(ListenerCall::JobState),
            _ => {}
        }
        if let (None, Some(expression)) = (delegate, xml.attribute("expression")) {
            return self.expression(expression.trim(), id).map(ListenerCall::Expression);
        }
        let what = delegate.or_else(|| xml.attribute("class")).unwrap_or("script");
        let said =
            sentence!("unsupported-listener", "the listener `{what}` is not known; remove it", what = what);
        self.error("unsupported-listener", id, said);
        None
    }

    fn field(&mut self, xml: Xml<'x, 'x>, id: &Name, fields: &mut BTreeMap<String, Text>) {
        let Some(name) = attribute(xml, "name") else { return };
        let inner = |tag: &str| xml.children().find(|child| is_extension(*child, tag)).map(text_of);
        let literal = xml.attribute("stringValue").map(str::to_owned).or_else(|| inner("string"));
        let text = match literal {
            Some(text) => Text::Literal(text),
            None => match xml.attribute("expression").map(str::to_owned).or_else(|| inner("expression")) {
                Some(text) => self.text(&text, id),
                None => return,
            },
        };
        fields.insert(name, text);
    }
}

/// The name in `${name}`.
fn bare(expression: &str) -> Option<&str> {
    let inside = expression.strip_prefix("${").or_else(|| expression.strip_prefix("#{"))?;
    let name = inside.strip_suffix('}')?.trim();
    (!name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')).then_some(name)
}
