//! Inline mode: someone types behind the bot's name in any chat. Nobody becomes known by that.

use crate::app::{App, Handled};
use crate::reply;
use crate::screens::inline::{self, Asking, RESULTS};
use mela_core::{catalog, referrals, users};
use teloxide::types::{InlineQuery, Message};

/// Words for which a person's own link is offered; it is without any, too.
const OWN_LINK: [&str; 3] = ["", "refer", "invite"];

/// Offers plans, and a known person their own link.
///
/// # Errors
/// The database is away.
pub async fn query(app: App, query: InlineQuery) -> Handled {
    let telegram_id = query.from.id.0.cast_signed();
    app.throttle(telegram_id).await;
    let core = app.core();
    let settings = core.settings().await?;
    let user = users::by_telegram_id(core.db(), telegram_id).await?;
    // Who has not written to the bot reads what their app does.
    let language = user.as_ref().map_or(query.from.language_code.as_deref().unwrap_or_default(), |user| &user.language);
    let texts = app.texts(language, &settings);
    let words = query.query.trim().to_lowercase();
    // An offset that is not ours has nothing behind it.
    let skip = if query.offset.is_empty() { Some(0) } else { query.offset.parse::<u32>().ok() };
    let with_card = skip == Some(0) && OWN_LINK.contains(&words.as_str());
    let plans = match skip {
        Some(skip) => catalog::search(core.db(), &words, u64::from(skip), RESULTS as u64 + 1).await?,
        None => Vec::new(),
    };
    let plans = catalog::priced(core.db(), plans, core.now()).await?;
    let chosen = match &user {
        Some(user) if with_card => referrals::vanity_of(core.db(), user.user_id()).await?,
        _ => None,
    };
    let asking = Asking {
        bot: app.bot_name(),
        shop: settings.shop.name.as_str(),
        code: user.as_ref().map(|user| &user.code),
        chosen: chosen.as_deref(),
    };
    let offer = inline::offer(&texts, asking, with_card, &plans, skip.map_or(usize::MAX, |skip| skip as usize));
    Ok(reply::offer(app.wire(), &query.id.0, &offer).await?)
}

/// Whether a message is what somebody chose of our own offers: sent by them, worded by us.
#[must_use]
pub fn is_ours(app: App, message: Message) -> bool {
    is_from(&app, &message)
}

/// The same, without taking them.
pub(super) fn is_from(app: &App, message: &Message) -> bool {
    message.via_bot.as_ref().is_some_and(|bot| bot.id.0.cast_signed() == app.me().id)
}
