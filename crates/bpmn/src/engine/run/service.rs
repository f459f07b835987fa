//! Effects: what is asked of the outside world, and what its answers do.

use super::super::Sent;
use super::super::{Action, Pending};
use super::*;
use crate::model::{JOB_FIELDS, ListenerCall, Script, Service, ServiceCall};
use std::collections::BTreeMap;

impl<'a> Run<'a> {
    pub(super) fn serve(&mut self, token: u64, node: &'a Node, service: &'a Service) {
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return };
        let asked = match &service.call {
            ServiceCall::Expression(expression) => match self.evaluate(expression, scope, Some(token)) {
                Ok(value) => {
                    if let Some(result) = &service.result {
                        self.set_variable(scope, result, value);
                    }
                    return self.finish(token);
                }
                Err(problem) => Err(problem),
            },
            ServiceCall::Message { name, correlation } => {
                match self.send(token, name, correlation.as_ref()) {
                    Ok(()) => return self.finish(token),
                    Err(problem) => Err(problem),
                }
            }
            ServiceCall::Http => self.http(token, scope, service),
            ServiceCall::Mail => self.mail(token, scope, service),
            ServiceCall::Notify => self.notification(token, scope, service),
            ServiceCall::Job => self.job(token, scope, node, service),
            ServiceCall::Delegate(delegate) => self.delegate(token, scope, delegate, service),
        };
        match asked {
            Ok(action) => self.ask(token, action),
            Err(problem) => self.stop(token, Phase::Enter, problem),
        }
    }

    /// The first of some fields that is there, as text.
    fn service_field(
        &mut self,
        service: &'a Service,
        names: &[&str],
        scope: u64,
        token: u64,
    ) -> Result<Option<Cow<'a, str>>, Problem> {
        match names.iter().find_map(|name| service.fields.get(*name)) {
            Some(text) => Ok(Some(self.text_seen(text, scope, Some(token))?)),
            None => Ok(None),
        }
    }

    fn http(&mut self, token: u64, scope: u64, service: &'a Service) -> Result<Action, Problem> {
        let mut field = |names: &[&str]| self.service_field(service, names, scope, token);
        let method = field(&["method", "requestMethod"])?.filter(|method| !method.is_empty());
        let method = method.map(Cow::into_owned);
        let (headers, headers_sent) =
            self.template(service, &["headers", "requestHeaders"], scope, token, header_encoding)?;
        let mut field = |names: &[&str]| self.service_field(service, names, scope, token);
        let no_body = field(&["bodyType"])?.is_some_and(|kind| kind.eq_ignore_ascii_case("EMPTY"));
        let accepted = field(&["statusCodes", "statusCode"])?.unwrap_or_default();
        let headers = headers_of(&headers)?;
        // Where a variable stands for headers and not within one, there is nothing to escape it for.
        let headers_sent =
            headers_sent.and_then(|text| headers_of(&text).ok()).filter(|sent| *sent != headers);
        let (url, url_sent) =
            self.template(service, &["url", "requestUrl"], scope, token, |_| escape::in_address)?;
        let (body, body_sent) = if no_body {
            (String::new(), None)
        } else {
            self.template(service, &["body", "requestBody"], scope, token, |text| {
                body_encoding(text, &headers)
            })?
        };
        let body = Some(body).filter(|body| !body.is_empty());
        let method = method.as_deref().unwrap_or("GET").to_ascii_uppercase();
        if !matches!(method.as_str(), "GET" | "POST" | "PUT" | "PATCH" | "HEAD" | "DELETE") {
            let message =
                format!("`{method}` is no method that is called; use GET, POST, PUT, PATCH, HEAD or DELETE");
            return Err(Problem::Incident("http", message));
        }
        let sent = (url_sent.is_some() || body_sent.is_some() || headers_sent.is_some()).then(|| Sent {
            url: url_sent.unwrap_or_else(|| url.clone()),
            body: body_sent.or_else(|| body.clone()),
            headers: headers_sent,
        });
        Ok(Action::Http { method, url, headers, body, accepted: statuses(&accepted)?, sent })
    }

    /// A field of a call as evaluated, and as it is sent where that differs.
    fn template(
        &mut self,
        service: &'a Service,
        names: &[&str],
        scope: u64,
        token: u64,
        encoding: impl FnOnce(&str) -> Encode,
    ) -> Result<(String, Option<String>), Problem> {
        match names.iter().find_map(|name| service.fields.get(*name)) {
            None => Ok((String::new(), None)),
            Some(Text::Literal(text)) => Ok((text.clone(), None)),
            Some(Text::Expression(expression)) => {
                let (evaluation, sent) =
                    expression.run_encoded(&self.view(scope, Some(token)), encoding(expression.source()))?;
                self.assign_all(scope, evaluation.assignments);
                let text = match evaluation.value {
                    Value::Null => String::new(),
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                Ok((text, sent))
            }
        }
    }

    fn mail(&mut self, token: u64, scope: u64, service: &'a Service) -> Result<Action, Problem> {
        let mut field = |names: &[&str]| self.service_field(service, names, scope, token);
        Ok(Action::Mail {
            to: owned(field(&["to"])?),
            cc: field(&["cc"])?.filter(|cc| !cc.is_empty()).map(Cow::into_owned),
            bcc: field(&["bcc"])?.filter(|bcc| !bcc.is_empty()).map(Cow::into_owned),
            subject: owned(field(&["subject"])?),
            message: owned(field(&["message", "text", "html"])?),
        })
    }

    fn notification(&mut self, token: u64, scope: u64, service: &'a Service) -> Result<Action, Problem> {
        let mut field = |names: &[&str]| self.service_field(service, names, scope, token);
        Ok(Action::Notify {
            users: owned(field(&["userIds"])?),
            groups: owned(field(&["groupIds"])?),
            template: owned(field(&["templateName"])?),
            parameters: field(&["templateParameters"])?.filter(|text| !text.is_empty()).map(Cow::into_owned),
            level: field(&["level"])?.map_or_else(|| "info".to_owned(), Cow::into_owned),
            mail: field(&["mail"])?.map_or_else(|| "false".to_owned(), Cow::into_owned),
        })
    }

    fn job(
        &mut self,
        token: u64,
        scope: u64,
        node: &'a Node,
        service: &'a Service,
    ) -> Result<Action, Problem> {
        let job = owned(self.service_field(service, &JOB_FIELDS, scope, token)?);
        let mut arguments = BTreeMap::new();
        for listener in node.listeners.iter().filter(|listener| listener.call == ListenerCall::JobArgument) {
            let name = self.field(listener, "jobArgumentName", scope, token)?;
            let value = self.field(listener, "jobArgumentValue", scope, token)?;
            arguments.insert(name, value);
        }
        Ok(Action::Job { job, arguments, triggerable: service.triggerable })
    }

    fn delegate(
        &mut self,
        token: u64,
        scope: u64,
        delegate: &str,
        service: &'a Service,
    ) -> Result<Action, Problem> {
        let mut fields = BTreeMap::new();
        for (name, text) in &service.fields {
            fields.insert(name.clone(), self.value(text, scope, Some(token))?);
        }
        Ok(Action::Delegate { delegate: delegate.to_owned(), fields })
    }

    pub(super) fn ask_script(&mut self, token: u64, script: &'a Script) {
        if script.text.is_empty() {
            return self.finish(token);
        }
        self.ask(token, Action::Script { format: script.format.clone(), text: script.text.clone() });
    }

    fn effect(&self, token: u64, awaited: bool, action: Action) -> Option<Arc<Effect>> {
        let at = self.state.tokens.get(&token)?;
        let key = format!("{}/{}/{}", self.state.instance, at.element, at.occurrence);
        Some(Arc::new(Effect {
            key,
            element: at.element.clone(),
            occurrence: at.occurrence,
            awaited,
            action,
        }))
    }

    /// Asks for an effect and stands still until it is answered.
    fn ask(&mut self, token: u64, action: Action) {
        let Some(effect) = self.effect(token, true, action) else { return };
        let key = effect.key.clone();
        if let Some(token) = self.state.tokens.get_mut(&token) {
            token.at = At::Effect { key: key.clone() };
        }
        self.send_out(effect, Some(token));
    }

    /// Asks for an effect that nothing waits for.
    pub(super) fn tell(&mut self, token: u64, action: Action) {
        if let Some(effect) = self.effect(token, false, action) {
            self.send_out(effect, None);
        }
    }

    pub(super) fn send_out(&mut self, effect: Arc<Effect>, token: Option<u64>) {
        let key = effect.key.clone();
        let answer = match &mut self.answerer {
            Some(answerer) => answerer(&effect),
            None => Answer::Later,
        };
        self.notes.push(Note::Asked { effect: effect.clone() });
        self.state.effects.insert(key.clone(), Pending { effect, token, since: self.at });
        match answer {
            Answer::Later => {}
            Answer::Succeeded(reply) => self.succeed(&key, &reply),
            Answer::Failed { message, error } => self.fail(&key, &message, error.as_deref()),
            Answer::Computed { set, error } => self.compute(&key, token, &set, error.as_deref()),
        }
    }

    /// Applies what a rehearsed script results in.
    fn compute(&mut self, key: &str, token: Option<u64>, set: &Variables, error: Option<&str>) {
        let scope = token.and_then(|token| self.state.tokens.get(&token)).map(|token| token.scope);
        if let (Some(token), Some(scope)) = (token, scope) {
            for (name, value) in set {
                let computed = match value {
                    Value::String(text) => Expression::parse(text)
                        .map_err(Problem::from)
                        .and_then(|expression| self.evaluate(&expression, scope, Some(token))),
                    other => Ok(other.clone()),
                };
                match computed {
                    Ok(value) => self.set_variable(scope, name, value),
                    Err(problem) => {
                        self.state.effects.remove(key);
                        return self.stop(token, Phase::Enter, problem);
                    }
                }
            }
        }
        match error {
            Some(code) => self.fail(key, "the script threw it", Some(code)),
            None => self.succeed(key, &Reply::default()),
        }
    }

    /// An effect was carried out.
    pub(super) fn succeed(&mut self, key: &str, reply: &Reply) {
        let Some(pending) = self.state.effects.remove(key) else { return };
        self.forget_incident_of(key);
        let Some(token) = pending.token else { return };
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return };
        if let Action::Http { accepted, .. } = &pending.effect.action {
            if let Err(message) = check_status(accepted, reply.status) {
                return self.stop_with(token, Phase::Enter, "status", message, Some(key.to_owned()));
            }
            let root = self.process_scope(scope);
            let status = reply.status.map_or(Value::Null, |status| Value::Long(i64::from(status)));
            self.set_variable(root, "_SAS_ResponseStatusCode", status);
            let body = reply.body.clone().unwrap_or_default();
            self.set_variable(root, "responseBody", Value::String(body));
        }
        self.set_variables(scope, &reply.outputs);
        self.take_result(token, scope, reply);
        if let Action::Job { job, triggerable, .. } = &pending.effect.action {
            if *triggerable {
                return self.wait_for_job(token, job.clone());
            }
            self.job_state = reply.outputs.get("state").cloned();
        }
        self.finish(token);
        self.job_state = None;
    }

    /// Sets the variable that takes a result.
    fn take_result(&mut self, token: u64, scope: u64, reply: &Reply) {
        let Some((_, node)) = self.place(token) else { return };
        let result = match &node.kind {
            crate::model::NodeKind::Service(service) => service.result.as_ref(),
            crate::model::NodeKind::Script(script) => script.result.as_ref(),
            _ => None,
        };
        let Some(result) = result else { return };
        let value = reply.outputs.get("result").cloned().or_else(|| reply.body.clone().map(Value::from));
        if let Some(value) = value {
            self.set_variable(scope, result, value);
        }
    }

    /// An effect failed: the BPMN error is thrown where somebody catches it, else the branch stops.
    pub(super) fn fail(&mut self, key: &str, message: &str, error: Option<&str>) {
        let Some(pending) = self.state.effects.get(key) else { return };
        let Some(token) = pending.token else {
            let element = pending.effect.element.clone();
            let incident = self.next_serial();
            self.notes.push(Note::Stopped { element: element.clone(), message: message.to_owned() });
            self.state.incidents.insert(
                incident,
                Incident {
                    element,
                    token: None,
                    effect: Some(key.to_owned()),
                    phase: Phase::Enter,
                    code: "effect".to_owned(),
                    message: message.to_owned(),
                    at: self.at,
                },
            );
            return;
        };
        if let Some(code) = error {
            self.state.effects.remove(key);
            if self.throw_error_at(token, code) {
                return;
            }
            let message = format!("nobody catches the error `{code}`: {message}");
            return self.stop_with(token, Phase::Enter, "error", message, None);
        }
        self.state.effects.remove(key);
        self.stop_with(token, Phase::Enter, "effect", message.to_owned(), Some(key.to_owned()));
    }

    /// The incident of an effect that succeeded after all.
    fn forget_incident_of(&mut self, key: &str) {
        self.state
            .incidents
            .retain(|_, incident| incident.token.is_some() || incident.effect.as_deref() != Some(key));
    }
}

/// How a value is written into a template, given what stands before it.
type Encode = fn(&str, &Value) -> String;

/// What a body is: JSON by its first letter, a form by its header, else plain text.
fn body_encoding(template: &str, headers: &BTreeMap<String, String>) -> Encode {
    let is_form = headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type") && value.contains("x-www-form-urlencoded")
    });
    match template.trim_start().as_bytes() {
        [b'{' | b'[' | b'"', ..] => escape::in_json,
        _ if is_form => escape::in_address,
        _ => escape::as_is,
    }
}

/// What headers are: JSON by their first letter, else a header a line; one variable may stand for all of them.
fn header_encoding(template: &str) -> Encode {
    match template.trim_start().as_bytes() {
        [b'{', ..] => escape::in_json,
        [b'$' | b'#', b'{', ..] => escape::as_is,
        _ => escape::in_line,
    }
}

/// Headers as JSON text, or as lines of `Name: value`.
fn headers_of(text: &str) -> Result<BTreeMap<String, String>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(BTreeMap::new());
    }
    if !text.starts_with('{') {
        let pairs = text.lines().filter_map(|line| line.split_once(':'));
        return Ok(pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect());
    }
    // Mostly they are texts, and then they are what is wanted.
    if let Ok(texts) = serde_json::from_str(text) {
        return Ok(texts);
    }
    let json: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).map_err(|error| {
        Problem::Incident("http", format!("the headers are not JSON: {error}; correct them"))
    })?;
    let text_of = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(json.into_iter().map(|(name, value)| (name, text_of(value))).collect())
}

/// The expected statuses of a list such as `200,404` or `2XX`.
fn statuses(text: &str) -> Result<Vec<u16>, Problem> {
    let mut all = Vec::new();
    for part in text.split([',', ';', ' ']).map(str::trim).filter(|part| !part.is_empty()) {
        let hundred = part.strip_suffix("XX").or_else(|| part.strip_suffix("xx"));
        match (hundred.and_then(|digit| digit.parse::<u16>().ok()), part.parse::<u16>()) {
            (Some(hundred @ 1..=5), _) => all.extend(hundred * 100..hundred * 100 + 100),
            (_, Ok(status @ 100..=599)) => all.push(status),
            _ => {
                let message = format!("`{part}` is no HTTP status; write numbers separated by commas");
                return Err(Problem::Incident("http", message));
            }
        }
    }
    Ok(all)
}

fn check_status(accepted: &[u16], status: Option<u16>) -> Result<(), String> {
    let Some(status) = status else {
        return Err("the call came back without a status; check the connection and retry".to_owned());
    };
    let fits = if accepted.is_empty() { (200..300).contains(&status) } else { accepted.contains(&status) };
    if fits {
        return Ok(());
    }
    let expected = match accepted {
        [] => "200 to 299".to_owned(),
        [first, .., last] if accepted.len() > 8 => format!("{first} to {last}"),
        several => several.iter().map(u16::to_string).collect::<Vec<_>>().join(", "),
    };
    Err(format!("the call came back with status {status}, expected {expected}; correct it and retry"))
}

fn owned(text: Option<Cow<'_, str>>) -> String {
    text.map(Cow::into_owned).unwrap_or_default()
}
