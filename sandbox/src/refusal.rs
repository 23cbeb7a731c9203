//! Telegram's own "no": what it says, and with which status.

use serde_json::{Value, json};

/// An error answer of the Bot API; the HTTP status equals `error_code`.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub code: u16,
    pub description: String,
    pub parameters: Option<Value>,
}

impl Refusal {
    /// 400: the prefix `Bad Request: ` is added here.
    pub fn bad(description: impl std::fmt::Display) -> Refusal {
        Refusal::new(400, format!("Bad Request: {description}"))
    }

    /// 403: the prefix `Forbidden: ` is added here.
    pub fn forbidden(description: impl std::fmt::Display) -> Refusal {
        Refusal::new(403, format!("Forbidden: {description}"))
    }

    /// 409: the prefix `Conflict: ` is added here.
    pub fn conflict(description: impl std::fmt::Display) -> Refusal {
        Refusal::new(409, format!("Conflict: {description}"))
    }

    /// 413, what is said to an upload above the limit.
    pub fn too_large() -> Refusal {
        Refusal::new(413, "Request Entity Too Large")
    }

    pub fn new(code: u16, description: impl Into<String>) -> Refusal {
        Refusal { code, description: description.into(), parameters: None }
    }

    pub fn with(mut self, parameters: Value) -> Refusal {
        self.parameters = Some(parameters);
        self
    }

    pub fn body(&self) -> Value {
        let mut body = json!({
            "ok": false,
            "error_code": self.code,
            "description": self.description,
        });
        if let Some(parameters) = &self.parameters {
            body["parameters"] = parameters.clone();
        }
        body
    }
}
