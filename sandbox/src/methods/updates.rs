//! `getUpdates` and the webhook that excludes it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use crate::{Core, journal::Change, params::Params, records::Webhook, refusal::Refusal, state::State};

const TERMINATED: &str = "terminated by other getUpdates request; make sure that only one bot instance is running";
const HOOKED: &str = "can't use getUpdates method while webhook is active; \
     use deleteWebhook to delete the webhook first";

/// Waits for updates as told; the answer is the JSON array.
pub(crate) async fn get_updates(core: &Core, params: &Params) -> Result<String, Refusal> {
    let limit = match params.int("limit") {
        Some(limit @ 1..=100) => usize::try_from(limit).unwrap_or(100),
        _ => 100,
    };
    let seconds = params.int("timeout").unwrap_or(0).clamp(0, 50);
    let until = Instant::now() + Duration::from_secs(seconds.unsigned_abs());
    let (generation, updates) = {
        let mut state = core.lock();
        if state.webhook.is_some() {
            return Err(Refusal::conflict(HOOKED));
        }
        allow(&mut state, params)?;
        let offset = params.int("offset").unwrap_or(0);
        if let Some(confirmed) = state.queue.confirms(offset) {
            state.commit(confirmed);
        }
        state.queue.generation += 1;
        state.updates.notify_waiters();
        (state.queue.generation, state.updates.clone())
    };
    loop {
        let changed = updates.notified();
        tokio::pin!(changed);
        changed.as_mut().enable();
        {
            let mut state = core.lock();
            if state.webhook.is_some() {
                return Err(Refusal::conflict("terminated by setWebhook request"));
            }
            if state.queue.generation != generation {
                return Err(Refusal::conflict(TERMINATED));
            }
            let found = state.queue.read(limit);
            if !found.is_empty() || Instant::now() >= until || core.closed.is_cancelled() {
                return Ok(format!("[{}]", found.join(",")));
            }
        }
        tokio::select! {
            _ = timeout_at(until, changed) => {}
            () = core.closed.cancelled() => {}
        }
    }
}

fn allow(state: &mut State, params: &Params) -> Result<(), Refusal> {
    let Some(list) = params.object("allowed_updates", "allowed_updates")? else {
        return Ok(());
    };
    let list: Vec<String> = serde_json::from_value(list).map_err(|_| Refusal::bad("can't parse allowed_updates JSON object"))?;
    if state.queue.allowed() != Some(&list) {
        state.commit(Change::Allowed(Some(list)));
    }
    Ok(())
}

/// Remembers a webhook; nothing is delivered to it.
pub(super) fn set_webhook(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let url = params.text("url").unwrap_or_default();
    if url.is_empty() {
        return delete_webhook(state, params);
    }
    if !url.starts_with("https://") {
        return Err(Refusal::bad("bad webhook: An HTTPS URL must be provided for webhook"));
    }
    allow(state, params)?;
    if params.flag("drop_pending_updates") {
        let forget = state.queue.forget();
        state.commit(forget);
    }
    state.commit(Change::Webhook(Some(Webhook { url })));
    state.updates.notify_waiters();
    Ok(json!(true))
}

pub(super) fn delete_webhook(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    if params.flag("drop_pending_updates") {
        let forget = state.queue.forget();
        state.commit(forget);
    }
    if state.webhook.is_some() {
        state.commit(Change::Webhook(None));
    }
    Ok(json!(true))
}

pub(super) fn webhook_info(state: &State) -> Value {
    let url = state.webhook.as_ref().map_or("", |webhook| &webhook.url);
    let mut info = json!({
        "url": url,
        "has_custom_certificate": false,
        "pending_update_count": state.queue.len(),
    });
    if let Some(allowed) = state.queue.allowed().filter(|list| !list.is_empty()) {
        info["allowed_updates"] = json!(allowed);
    }
    info
}
