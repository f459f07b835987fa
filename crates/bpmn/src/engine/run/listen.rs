//! Listeners: what runs when an element starts or ends, or a task is created or completed.

use super::*;
use crate::jsonpath::{self, JsonPath, JsonPathError};
use crate::model::{DataType, Listener, ListenerCall, NodeKind};

impl<'a> Run<'a> {
    /// Runs an element's listeners for an event, in document order.
    pub(super) fn run_listeners(&mut self, token: u64, node: &'a Node, event: &str) -> Result<(), Problem> {
        for listener in node.listeners.iter().filter(|listener| listener.event == event) {
            self.run_listener(token, listener)?;
        }
        Ok(())
    }

    pub(super) fn run_listener(&mut self, token: u64, listener: &'a Listener) -> Result<(), Problem> {
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return Ok(()) };
        match &listener.call {
            ListenerCall::JsonPath => self.capture_path(token, scope, listener),
            ListenerCall::Notification => {
                self.address_notification(token, scope);
                Ok(())
            }
            ListenerCall::Participants => self.offer_to_participants(token, scope, listener),
            // Read by the job itself when it is asked for.
            ListenerCall::JobArgument => Ok(()),
            ListenerCall::JobState => self.capture_job_state(token, scope, listener),
            ListenerCall::Expression(expression) => {
                self.evaluate(expression, scope, Some(token))?;
                Ok(())
            }
        }
    }

    /// A field of a listener as text; empty where it is absent.
    pub(super) fn field(
        &mut self,
        listener: &'a Listener,
        name: &str,
        scope: u64,
        token: u64,
    ) -> Result<String, Problem> {
        match listener.fields.get(name) {
            Some(text) => self.text(text, scope, Some(token)),
            None => Ok(String::new()),
        }
    }

    fn capture_path(&mut self, token: u64, scope: u64, listener: &'a Listener) -> Result<(), Problem> {
        let variable = self.field(listener, "outputDataObjectName", scope, token)?;
        let optional = self.field(listener, "optional", scope, token)?.eq_ignore_ascii_case("true");
        let text = self.field(listener, "json", scope, token)?;
        let (path, captured) = match &listener.path {
            Some(path) => (path.source().to_owned(), capture_by(path, &text)),
            None => {
                let path = self.field(listener, "jsonPath", scope, token)?;
                let captured = jsonpath::capture(&path, &text);
                (path, captured)
            }
        };
        match captured {
            Ok(Some(found)) => self.capture(token, scope, &variable, found),
            Ok(None) | Err(JsonPathError::Document { .. }) if optional => {}
            Ok(None) => {
                let message =
                    format!("`{path}` finds nothing in the reply; correct the path or the call and retry");
                return Err(Problem::Incident("json-path", message));
            }
            Err(error) => return Err(Problem::Incident("json-path", error.to_string())),
        }
        Ok(())
    }

    /// Sets a variable to a captured value, of the type its data object says.
    fn capture(&mut self, token: u64, scope: u64, variable: &str, value: Value) {
        let kind = self.declared(token, variable).unwrap_or(DataType::Any);
        let value = match (&value, kind) {
            // A document in a text variable stays the text it was.
            (Value::List(_) | Value::Map(_), DataType::String) => Value::String(value.to_json().to_string()),
            _ => kind.convert(&value).unwrap_or(value),
        };
        self.set_variable(scope, variable, value.clone());
        if let Some(token) = self.state.tokens.get(&token) {
            self.notes.push(Note::Captured {
                element: token.element.clone(),
                variable: variable.to_owned(),
                value,
            });
        }
    }

    /// The declared type of a variable as seen from a token.
    pub(super) fn declared(&self, token: u64, variable: &str) -> Option<DataType> {
        let token = self.state.tokens.get(&token)?;
        let process = self.process_of(token.scope)?;
        process.data_object(process.find(&token.element), variable).map(|data| data.kind)
    }

    /// Says who a notification about a task is for.
    fn address_notification(&mut self, token: u64, scope: u64) {
        let owners = self.attached.clone().unwrap_or_else(|| self.owners_at(token));
        let root = self.process_scope(scope);
        self.set_variable(root, "_SAS_NotificationUserIds", Value::String(owners.users.join(",")));
        self.set_variable(root, "_SAS_NotificationGroupIds", Value::String(owners.groups.join(",")));
    }

    /// What follows a task's boundary event may notify its owners: they are known then, listener or not.
    pub(super) fn address_from_boundary(&mut self, token: u64, node: &'a Node) {
        let NodeKind::Boundary(boundary) = &node.kind else { return };
        let Some((process, scope)) = self
            .state
            .tokens
            .get(&token)
            .and_then(|token| Some((self.process_of(token.scope)?, token.scope)))
        else {
            return;
        };
        if process.notifies && matches!(process.node(boundary.attached).kind, NodeKind::User(_)) {
            self.address_notification(token, scope);
        }
    }

    fn offer_to_participants(
        &mut self,
        token: u64,
        scope: u64,
        listener: &'a Listener,
    ) -> Result<(), Problem> {
        let text = self.field(listener, "participants", scope, token)?;
        let Some(task) = self.state.tasks.get_mut(&token) else { return Ok(()) };
        for (who, is_group) in super::people::participants(&text) {
            let list = if is_group { &mut task.candidates.groups } else { &mut task.candidates.users };
            if !list.contains(&who) {
                list.push(who);
            }
        }
        let name = task.name.clone().unwrap_or_default();
        self.notes.push(Note::Offered { element: task.element.clone(), name, participants: text });
        Ok(())
    }

    fn capture_job_state(&mut self, token: u64, scope: u64, listener: &'a Listener) -> Result<(), Problem> {
        let variable = self.field(listener, "outputDataObjectName", scope, token)?;
        let state = self.job_state.clone().unwrap_or_else(|| Value::from("completed"));
        self.capture(token, scope, &variable, state);
        Ok(())
    }
}

/// What a parsed path captures from the text of a document, within the same limits as one that is not.
fn capture_by(path: &JsonPath, document: &str) -> Result<Option<Value>, JsonPathError> {
    let refused = |problem: String| JsonPathError::Document { path: path.source().to_owned(), problem };
    if document.len() > jsonpath::DOCUMENT_BYTES_MAX {
        return Err(refused(format!("it is larger than {} bytes", jsonpath::DOCUMENT_BYTES_MAX)));
    }
    let document = serde_json::from_str(document).map_err(|error| refused(error.to_string()))?;
    path.capture(&document).map_err(|error| refused(error.to_string()))
}
