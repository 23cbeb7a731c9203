//! The HTTP connection to the Bot API: one request at a time until it is answered.
//!
//! Not teloxide's own client, because that sleeps ten seconds on every 5xx, gives up on a 429, and decodes updates lossily
//! (docs/decisions.md). Types are teloxide's.

use crate::doors::init_data::Key;
use dashmap::DashMap;
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Why a request was not done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WireError {
    /// Telegram's answer was a refusal: trying again would not help.
    #[error("{description} ({code})")]
    Refused {
        /// HTTP status.
        code: u16,
        /// Telegram's words.
        description: String,
        /// The group got this id when it became a supergroup.
        migrate_to: Option<i64>,
    },
    /// Wait so long, said Telegram; only answered to those who did not want to wait.
    #[error("told to wait {0:?}")]
    Wait(Duration),
    /// The server was away, or busy, for too long, or the program is stopping: trying again later helps.
    #[error("the Bot API is away: {0}")]
    Away(String),
}

impl WireError {
    /// Whether the person blocked the bot, was deleted, or never wrote to it.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        match self {
            Self::Refused { code: 403, .. } => true,
            Self::Refused { code: 400, description, .. } => description.contains("chat not found") || description.contains("PEER_ID_INVALID"),
            _ => false,
        }
    }

    /// Whether Telegram does not take a file id: another bot's, or forgotten.
    #[must_use]
    pub fn is_about_a_file(&self) -> bool {
        const WORDS: [&str; 9] = [
            "wrong file",
            "wrong remote file",
            "wrong type of file",
            "wrong padding",
            "can't use file",
            "file_reference",
            "media_empty",
            "media_invalid",
            "photo_invalid",
        ];
        match self {
            Self::Refused { code: 400, description, .. } => {
                let description = description.to_lowercase();
                WORDS.iter().any(|words| description.contains(words))
            }
            _ => false,
        }
    }

    /// Whether Telegram refused in these words.
    #[must_use]
    pub fn says(&self, words: &str) -> bool {
        matches!(self, Self::Refused { description, .. } if description.contains(words))
    }
}

/// Who waits when Telegram says "too many requests".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Here, until it is done: replies.
    Wait,
    /// The caller, later: notifications.
    Tell,
}

/// Tries before a server that is away is given back to the caller, who tries the whole update again.
const TRIES: u32 = 6;
/// A long poll is held this long by Telegram.
pub const POLL_SECONDS: u64 = 25;

/// A client for one bot. Clones share connections and brakes.
#[derive(Clone)]
pub struct Wire {
    client: reqwest::Client,
    base: Arc<str>,
    /// Where the files are that `getFile` names.
    files: Arc<str>,
    /// Chats that Telegram told us to leave alone, and until when. May only forget.
    brakes: Arc<DashMap<i64, Instant>>,
    stop: CancellationToken,
    mini_apps: Key,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address holds the token.
        f.write_str("Wire")
    }
}

#[derive(Deserialize)]
struct Answer<'a> {
    ok: bool,
    #[serde(borrow)]
    result: Option<&'a serde_json::value::RawValue>,
    description: Option<String>,
    error_code: Option<u16>,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

/// A file to send along.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The parameter it is for.
    pub field: &'static str,
    /// A file name with its ending.
    pub name: Cow<'static, str>,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Wire {
    /// A client for the bot with this token at this Bot API server. Nothing is sent yet. Waits end when `stop` is cancelled.
    ///
    /// # Errors
    /// The TLS library cannot be set up.
    pub fn try_new(api_url: &str, token: &str, stop: CancellationToken) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .pool_max_idle_per_host(64)
            .tcp_nodelay(true)
            .build()?;
        let server = api_url.trim_end_matches('/');
        let (base, files) = (format!("{server}/bot{token}/").into(), format!("{server}/file/bot{token}/").into());
        Ok(Self { client, base, files, brakes: Arc::default(), stop, mini_apps: Key::of(token) })
    }

    /// What Telegram's proofs of who opened a Mini App of this bot are signed under.
    #[must_use]
    pub fn mini_apps(&self) -> &Key {
        &self.mini_apps
    }

    /// Asks for `method` with JSON `params` until it is answered: a server that is away is asked again with growing pauses; a 429 is
    /// waited out and stops every sender to that chat.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn call<T: DeserializeOwned>(&self, method: &str, params: &Value, patience: Patience) -> Result<T, WireError> {
        self.ask(method, params, None, patience).await
    }

    /// The same with a file.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn upload<T: DeserializeOwned>(&self, method: &str, params: &Value, file: &Upload, patience: Patience) -> Result<T, WireError> {
        self.ask(method, params, Some(file), patience).await
    }

    /// The file at a path that `getFile` told; nothing when it is larger than `limit` bytes, whatever was said of its size.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn download(&self, path: &str, limit: usize) -> Result<Option<Vec<u8>>, WireError> {
        let mut tried = 0;
        loop {
            match self.download_once(path, limit).await {
                Err(WireError::Away(why)) if tried + 1 < TRIES => {
                    tried += 1;
                    tracing::warn!(tried, why, "a file could not be fetched, trying again");
                    self.pause(Duration::from_millis(200 << tried)).await?;
                }
                answer => return answer,
            }
        }
    }

    async fn download_once(&self, path: &str, limit: usize) -> Result<Option<Vec<u8>>, WireError> {
        let away = |e: reqwest::Error| WireError::Away(innermost(&e.without_url()));
        let request = self.client.get(format!("{}{path}", self.files)).timeout(Duration::from_secs(60));
        let mut response = request.send().await.map_err(away)?;
        let status = response.status();
        if !status.is_success() {
            let description = format!("HTTP {status} instead of a file");
            let gone = status.is_client_error() && status.as_u16() != 429;
            return Err(if gone {
                WireError::Refused { code: status.as_u16(), description, migrate_to: None }
            } else {
                WireError::Away(description)
            });
        }
        let mut bytes = Vec::new();
        while let Some(more) = response.chunk().await.map_err(away)? {
            if bytes.len() + more.len() > limit {
                return Ok(None);
            }
            bytes.extend_from_slice(&more);
        }
        Ok(Some(bytes))
    }

    async fn ask<T: DeserializeOwned>(&self, method: &str, params: &Value, file: Option<&Upload>, patience: Patience) -> Result<T, WireError> {
        let chat = params.get("chat_id").and_then(Value::as_i64);
        let mut tried = 0;
        loop {
            self.brake(chat, patience).await?;
            match self.once(method, params, file).await {
                Err(WireError::Wait(wait)) => {
                    tracing::warn!(method, chat, wait_s = wait.as_secs(), "told to wait");
                    if let Some(chat) = chat {
                        self.brakes.insert(chat, Instant::now() + wait);
                    } else if patience == Patience::Wait {
                        self.pause(wait).await?;
                    }
                    if patience == Patience::Tell {
                        return Err(WireError::Wait(wait));
                    }
                }
                Err(WireError::Away(why)) => {
                    tried += 1;
                    if tried >= TRIES || patience == Patience::Tell {
                        return Err(WireError::Away(why));
                    }
                    tracing::warn!(method, chat, tried, why, "the Bot API is away, trying again");
                    self.pause(Duration::from_millis(200 << tried)).await?;
                }
                answer => return answer,
            }
        }
    }

    async fn brake(&self, chat: Option<i64>, patience: Patience) -> Result<(), WireError> {
        let Some(chat) = chat else { return Ok(()) };
        while let Some(until) = self.brakes.get(&chat).map(|until| *until) {
            let wait = until.saturating_duration_since(Instant::now());
            if wait.is_zero() {
                self.brakes.remove(&chat);
            } else if patience == Patience::Tell {
                return Err(WireError::Wait(wait));
            } else {
                self.pause(wait).await?;
            }
        }
        Ok(())
    }

    async fn pause(&self, wait: Duration) -> Result<(), WireError> {
        tokio::select! {
            () = tokio::time::sleep(wait) => Ok(()),
            () = self.stop.cancelled() => Err(WireError::Away("the program is stopping".to_owned())),
        }
    }

    async fn once<T: DeserializeOwned>(&self, method: &str, params: &Value, file: Option<&Upload>) -> Result<T, WireError> {
        let patience = if method == "getUpdates" { POLL_SECONDS + 15 } else { 10 };
        let request = self.client.post(format!("{}{method}", self.base)).timeout(Duration::from_secs(patience));
        let request = match file {
            None => request.json(params),
            Some(file) => request.multipart(form(params, file)),
        };
        // Errors of reqwest carry the address, and so the token, unless it is taken out.
        let away = |e: reqwest::Error| WireError::Away(innermost(&e.without_url()));
        let response = request.send().await.map_err(away)?;
        let status = response.status();
        let body = response.text().await.map_err(away)?;
        let answer: Answer<'_> = match serde_json::from_str(&body) {
            Ok(answer) => answer,
            Err(_) => return Err(WireError::Away(format!("HTTP {status} without a Bot API answer"))),
        };
        if answer.ok {
            let result = answer.result.map_or("null", serde_json::value::RawValue::get);
            return serde_json::from_str(result).map_err(|e| WireError::Refused {
                code: 0,
                description: format!("an answer that cannot be read: {e}"),
                migrate_to: None,
            });
        }
        let code = answer.error_code.unwrap_or(status.as_u16());
        let parameters = answer.parameters.unwrap_or(Parameters { retry_after: None, migrate_to_chat_id: None });
        match code {
            429 => Err(WireError::Wait(Duration::from_secs(parameters.retry_after.unwrap_or(1).max(1)))),
            500.. => Err(WireError::Away(answer.description.unwrap_or_else(|| format!("HTTP {status}")))),
            _ => Err(WireError::Refused { code, description: answer.description.unwrap_or_default(), migrate_to: parameters.migrate_to_chat_id }),
        }
    }
}

fn innermost(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), innermost)
}

/// Multipart wants plain text fields: objects are sent as their JSON.
fn form(params: &Value, file: &Upload) -> Form {
    let fields = params.as_object().into_iter().flatten();
    let form = fields.fold(Form::new(), |form, (name, value)| {
        form.text(name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    });
    form.part(file.field, Part::bytes(file.bytes.clone()).file_name(file.name.clone()))
}
