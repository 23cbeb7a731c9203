//! The parameters of one call, however they came: query, urlencoded, JSON or multipart.

use std::collections::HashMap;

use axum::{
    Form, RequestExt,
    body::to_bytes,
    extract::{FromRequest, Multipart, Query, Request},
    http::header::CONTENT_TYPE,
};
use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// The most that one request may carry, as the cloud Bot API has it.
const UPLOAD_LIMIT: usize = 50 * 1024 * 1024;

/// A file that came in a multipart body.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What a method was called with.
#[derive(Debug, Default)]
pub(crate) struct Params {
    values: Map<String, Value>,
    files: HashMap<String, Upload>,
}

impl Params {
    /// Reads query and body; a body above Telegram's limit is 413.
    pub async fn read(request: Request) -> Result<Params, Refusal> {
        let mut params = Params::default();
        if let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()) {
            params.take_pairs(pairs);
        }
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            params.take_multipart(request).await?;
        } else if kind.starts_with("application/json") {
            let body = to_bytes(request.into_body(), UPLOAD_LIMIT).await.map_err(|_| Refusal::too_large())?;
            if !body.is_empty() {
                match serde_json::from_slice(&body) {
                    Ok(Value::Object(object)) => params.values.extend(object),
                    _ => return Err(Refusal::bad("can't parse request JSON object")),
                }
            }
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            let pairs: Result<Form<Vec<(String, String)>>, _> = request.extract().await;
            let Form(pairs) = pairs.map_err(|_| Refusal::bad("can't parse the form"))?;
            params.take_pairs(pairs);
        }
        Ok(params)
    }

    fn take_pairs(&mut self, pairs: Vec<(String, String)>) {
        for (name, value) in pairs {
            self.values.insert(name, Value::String(value));
        }
    }

    async fn take_multipart(&mut self, request: Request) -> Result<(), Refusal> {
        let broken = |_| Refusal::bad("can't parse the multipart body");
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| Refusal::bad("can't parse the multipart body"))?;
        let mut total = 0;
        while let Some(mut field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let mut bytes = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(broken)? {
                total += chunk.len();
                if total > UPLOAD_LIMIT + 1024 * 1024 {
                    return Err(Refusal::too_large());
                }
                bytes.extend_from_slice(&chunk);
            }
            if let Some(file_name) = file_name {
                let upload = Upload { name: file_name, bytes };
                self.files.insert(name, upload);
            } else {
                let text = String::from_utf8(bytes).map_err(|_| Refusal::bad("strings must be encoded in UTF-8"))?;
                self.values.insert(name, Value::String(text));
            }
        }
        Ok(())
    }

    /// A string; numbers and booleans are taken as they are written.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// A whole number, also when it came as a string.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.values.get(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A boolean as Telegram reads one; absent is false.
    pub fn flag(&self, name: &str) -> bool {
        match self.values.get(name) {
            Some(Value::Bool(on)) => *on,
            Some(Value::String(text)) => {
                matches!(text.to_ascii_lowercase().as_str(), "true" | "1" | "yes")
            }
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            _ => false,
        }
    }

    /// A JSON-serialized object; `what` completes "can't parse … JSON object".
    pub fn object(&self, name: &str, what: &str) -> Result<Option<Value>, Refusal> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| Refusal::bad(format!("can't parse {what} JSON object"))),
            Some(value) => Ok(Some(value.clone())),
        }
    }

    /// Whether the parameter was given at all.
    pub fn has(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|value| !value.is_null())
    }

    /// The file in the field of that name, or behind `attach://name`.
    pub fn file(&self, name: &str) -> Option<&Upload> {
        self.files.get(name)
    }
}
