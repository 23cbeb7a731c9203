//! What people can send from any chat: plans, and their own link.

use crate::commands::Start;
use crate::reply::Offer;
use crate::texts::Texts;
use mela_core::catalog::Plan;
use mela_core::code::ShortCode;
use teloxide::types::{
    InlineKeyboardButton, InlineKeyboardMarkup, InlineQueryResult, InlineQueryResultArticle, InputMessageContent, InputMessageContentText,
    LinkPreviewOptions, ParseMode,
};
use url::Url;

/// Telegram takes so many results in one answer.
pub const RESULTS: usize = 50;

/// Who asks, and in whose name.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// The bot's name without the @.
    pub bot: &'a str,
    /// The shop's name.
    pub shop: &'a str,
    /// The asking person's referral code; nothing for who never wrote to the bot.
    pub code: Option<&'a ShortCode>,
    /// The code that they chose.
    pub chosen: Option<&'a str>,
}

impl Asking<'_> {
    fn link(&self, plan: Option<&str>) -> Option<Url> {
        // Beside a plan's code there is no room for one that was chosen.
        let chosen = self.chosen.filter(|_| plan.is_none()).map(str::to_owned);
        let invited_by = chosen.or_else(|| self.code.map(ToString::to_string));
        let start = Start { invited_by, plan: plan.map(str::to_owned), campaign: None };
        start.link(self.bot).parse().ok()
    }
}

fn article(id: String, title: String, line: String, text: String, button: (String, Option<Url>)) -> InlineQueryResult {
    let preview = LinkPreviewOptions { is_disabled: true, url: None, prefer_small_media: false, prefer_large_media: false, show_above_text: false };
    let words = InputMessageContentText::new(text).parse_mode(ParseMode::Html).link_preview_options(preview);
    let article = InlineQueryResultArticle::new(id, title, InputMessageContent::Text(words)).description(line);
    let (caption, link) = button;
    InlineQueryResult::Article(match link {
        Some(link) => article.reply_markup(InlineKeyboardMarkup::new([[InlineKeyboardButton::url(caption, link)]])),
        None => article,
    })
}

/// A person's own link to send on; nothing for who has none.
fn card(texts: &Texts, asking: Asking<'_>) -> Option<InlineQueryResult> {
    asking.code?;
    let shop: crate::texts::Args<'_> = &[("shop", &asking.shop)];
    let link = asking.link(None);
    let shown = link.as_ref().map(ToString::to_string).unwrap_or_default();
    let button = (texts.plain("inline-refer-button", shop), link);
    Some(article(
        "refer".to_owned(),
        texts.plain("inline-refer", &[]),
        texts.plain("inline-refer-line", shop),
        texts.html("inline-refer-text", &[("shop", &asking.shop), ("link", &shown)]),
        button,
    ))
}

fn plan(texts: &Texts, asking: Asking<'_>, plan: &Plan) -> InlineQueryResult {
    let figures = texts.html("inline-plan-figures", &[("price", &plan.price), ("days", &plan.period_days), ("screens", &plan.screens)]);
    let title = texts.html("inline-plan", &[("title", &plan.title)]);
    let description = crate::texts::escape(plan.description.clone());
    let text = [title, description, figures].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    let platform = if plan.platform.is_empty() { asking.shop } else { &plan.platform };
    let line = texts.plain("inline-plan-line", &[("price", &plan.price), ("days", &plan.period_days), ("platform", &platform)]);
    let button = (texts.plain("inline-plan-button", &[("shop", &asking.shop)]), asking.link(Some(&plan.code)));
    article(format!("plan-{}", plan.id), plan.title.clone(), line, text, button)
}

/// A page of what can be sent: the own link where it is wanted, then the plans; one more plan than fits tells that there are others. `skipped`: the
/// plans of the pages before.
#[must_use]
pub fn offer(texts: &Texts, asking: Asking<'_>, with_card: bool, plans: &[Plan], skipped: usize) -> Offer {
    let mut results: Vec<InlineQueryResult> = card(texts, asking).filter(|_| with_card).into_iter().collect();
    let room = RESULTS - results.len();
    results.extend(plans.iter().take(room).map(|one| plan(texts, asking, one)));
    let next_offset = if plans.len() > room { (skipped + room).to_string() } else { String::new() };
    let lost = results.is_empty() && skipped == 0;
    let button = (lost || asking.code.is_none()).then(|| (texts.plain("inline-open", &[]), "shop"));
    Offer { results, next_offset, button }
}
