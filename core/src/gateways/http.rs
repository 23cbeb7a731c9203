//! How gateways are asked over HTTP.

use super::Trouble;
use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use serde_json::Value;
use std::sync::LazyLock;
use std::time::Duration;

/// Longer is not waited for an answer: somebody looks at a screen.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest reason that is kept.
const WORDS: usize = 200;

static CLIENT: LazyLock<Option<Client>> = LazyLock::new(|| {
    let client = Client::builder().timeout(PATIENCE).connect_timeout(PATIENCE / 2).redirect(redirect::Policy::none()).build();
    client.map_err(|error| tracing::error!(%error, "gateways cannot be asked")).ok()
});

/// The client of all.
pub(super) fn client() -> Result<&'static Client, Trouble> {
    CLIENT.as_ref().ok_or_else(|| Trouble::Away("no HTTP client".to_owned()))
}

/// Asks, and reads what is answered.
pub(super) async fn ask(request: RequestBuilder) -> Result<Value, Trouble> {
    // What failed is said without the address, which may name a person's payment.
    let away = |error: reqwest::Error| Trouble::Away(error.without_url().to_string());
    let answer = request.send().await.map_err(away)?;
    let status = answer.status();
    let bytes = answer.bytes().await.map_err(away)?;
    let read = serde_json::from_slice::<Value>(&bytes);
    if status.is_success() {
        return read.map_err(|_| Trouble::Away("the answer is no JSON".to_owned()));
    }
    let told = read.unwrap_or_default();
    let told = told["error"]["description"].as_str().or_else(|| told["message"].as_str()).unwrap_or_default();
    let why = format!("{status}: {}", told.chars().take(WORDS).collect::<String>());
    let later = status.is_server_error()
        || status.is_redirection()
        || matches!(
            status,
            StatusCode::UNAUTHORIZED
                | StatusCode::FORBIDDEN
                | StatusCode::REQUEST_TIMEOUT
                | StatusCode::CONFLICT
                | StatusCode::TOO_EARLY
                | StatusCode::TOO_MANY_REQUESTS
        );
    Err(if later { Trouble::Away(why) } else { Trouble::Refused(why) })
}
