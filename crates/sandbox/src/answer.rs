//! What goes back: an answer, or a refusal in the services' own shape.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

/// A good answer.
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Body,
    said: Option<Value>,
}

/// A refusal, as `google.rpc.Status` in JSON.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    status: &'static str,
    message: String,
    retry_after_s: Option<u64>,
}

impl Answer {
    pub(crate) fn json(value: &Value) -> Answer {
        let answer = Answer::bytes(200, value.to_string().into());
        let answer = answer.header("content-type", "application/json; charset=UTF-8".into());
        Answer { said: Some(value.clone()), ..answer }
    }

    pub(crate) fn bytes(status: u16, body: Body) -> Answer {
        Answer { status, headers: Vec::new(), body, said: None }
    }

    pub(crate) fn header(mut self, name: &'static str, value: String) -> Answer {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// What it says, if that is JSON.
    pub(crate) fn said(&self) -> Option<&Value> {
        self.said.as_ref()
    }

    pub(crate) fn into_response(self) -> Response {
        response(self.status, &self.headers, self.body)
    }
}

impl Refusal {
    pub(crate) fn new(code: u16, status: &'static str, message: &str) -> Refusal {
        Refusal { code, status, message: message.to_owned(), retry_after_s: None }
    }

    /// What it says.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn not_found(message: &str) -> Refusal {
        Refusal::new(404, "NOT_FOUND", message)
    }

    pub(crate) fn invalid(message: &str) -> Refusal {
        Refusal::new(400, "INVALID_ARGUMENT", message)
    }

    pub(crate) fn exists(message: &str) -> Refusal {
        Refusal::new(409, "ALREADY_EXISTS", message)
    }

    pub(crate) fn precondition(message: &str) -> Refusal {
        Refusal::new(400, "FAILED_PRECONDITION", message)
    }

    pub(crate) fn internal(message: &str) -> Refusal {
        Refusal::new(500, "INTERNAL", message)
    }

    pub(crate) fn later(code: u16, retry_after_s: Option<u64>) -> Refusal {
        let status = match code {
            429 => "RESOURCE_EXHAUSTED",
            503 => "UNAVAILABLE",
            400 => "INVALID_ARGUMENT",
            403 => "PERMISSION_DENIED",
            401 => "UNAUTHENTICATED",
            _ => "INTERNAL",
        };
        Refusal { retry_after_s, ..Refusal::new(code, status, "a fault that was asked for") }
    }

    /// What the hand underneath said, as the service would.
    pub(crate) fn of(error: runs::Error) -> Refusal {
        use runs::Error as E;
        let message = error.to_string();
        match error {
            E::NotFound { .. } => Refusal::not_found(&message),
            E::Conflict { .. } => Refusal::new(412, "FAILED_PRECONDITION", &message),
            E::Invalid { .. } | E::Unsupported { .. } | E::Corrupt { .. } => Refusal::invalid(&message),
            E::Denied { .. } => Refusal::new(403, "PERMISSION_DENIED", &message),
            _ => Refusal::internal(&message),
        }
    }

    pub(crate) fn into_response(self) -> Response {
        let reason = match self.code {
            404 => "notFound",
            409 => "conflict",
            412 => "conditionNotMet",
            400 => "invalid",
            401 => "authError",
            403 => "forbidden",
            429 => "rateLimitExceeded",
            _ => "backendError",
        };
        let body = json!({ "error": {
            "code": self.code,
            "message": self.message,
            "status": self.status,
            "errors": [{ "domain": "global", "reason": reason, "message": self.message }],
        }});
        let mut headers = vec![("content-type", "application/json; charset=UTF-8".to_owned())];
        headers.extend(self.retry_after_s.map(|s| ("retry-after", s.to_string())));
        response(self.code, &headers, body.to_string().into())
    }
}

fn response(status: u16, headers: &[(&'static str, String)], body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    response
}
