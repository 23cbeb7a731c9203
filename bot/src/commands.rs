//! What a typed command means.

use mela_core::referrals::Link;

/// A command with its argument: `/order@MelaBot O-7K2M9QXA` is `("order", "O-7K2M9QXA")`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Lower case, without slash and bot name.
    pub name: String,
    /// The rest, trimmed, without NUL, which PostgreSQL keeps in no text.
    pub argument: String,
}

/// Reads a command out of a message's text, unless it is addressed to another bot.
#[must_use]
pub fn parse(text: &str, bot_name: &str) -> Option<Command> {
    let rest = text.trim().strip_prefix('/')?;
    let (head, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let (name, addressee) = head.split_once('@').map_or((head, None), |(name, bot)| (name, Some(bot)));
    if name.is_empty() || addressee.is_some_and(|bot| !bot.eq_ignore_ascii_case(bot_name)) {
        return None;
    }
    Some(Command { name: name.to_lowercase(), argument: argument.trim().replace('\0', "") })
}

/// What a link starts the bot with: `ref_CODE`, `plan_CODE`, or both as `ref_CODE_plan_CODE`; or `c_NAME`. No code has `_plan_` in it, and all of it
/// fits in Telegram's 64 characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Start {
    /// The code of who sent the link.
    pub invited_by: Option<String>,
    /// The code of the plan that it opens.
    pub plan: Option<String>,
    /// The campaign that it belongs to.
    pub campaign: Option<String>,
}

impl Start {
    /// Reads the argument of `/start`; what is no link of ours is none.
    #[must_use]
    pub fn read(argument: &str) -> Self {
        if let Some(plan) = argument.strip_prefix("plan_") {
            return Self { plan: Some(plan.to_owned()), ..Self::default() };
        }
        if let Some(name) = argument.strip_prefix("c_") {
            return Self { campaign: Some(name.to_owned()), ..Self::default() };
        }
        let Some(rest) = argument.strip_prefix("ref_") else {
            return Self::default();
        };
        let (code, plan) = rest.split_once("_plan_").map_or((rest, None), |(code, plan)| (code, Some(plan.to_owned())));
        Self { invited_by: Some(code.to_owned()), plan, campaign: None }
    }

    /// Whose link it is.
    #[must_use]
    pub fn origin(&self) -> Link<'_> {
        match (&self.invited_by, &self.campaign) {
            (Some(code), _) => Link::Code(code),
            (None, Some(name)) => Link::Campaign(name),
            (None, None) => Link::None,
        }
    }

    /// The link to the bot of this name.
    #[must_use]
    pub fn link(&self, bot: &str) -> String {
        let part = |name: &str, code: &Option<String>| code.as_ref().map(|code| format!("{name}_{code}"));
        let parts = [part("c", &self.campaign), part("ref", &self.invited_by), part("plan", &self.plan)];
        format!("https://t.me/{bot}?start={}", parts.into_iter().flatten().collect::<Vec<_>>().join("_"))
    }
}

/// The commands in Telegram's menu of a private chat, with the first words of their help.
pub const CUSTOMERS: [&str; 19] = [
    "start",
    "plans",
    "cart",
    "orders",
    "subscriptions",
    "wallet",
    "refer",
    "leaderboard",
    "earnings",
    "withdraw",
    "verify",
    "upi",
    "notifications",
    "language",
    "privacy",
    "support",
    "paysupport",
    "terms",
    "help",
];
/// The commands in Telegram's menu of the admin chat.
pub const STAFFS: [&str; 26] = [
    "pending",
    "payments",
    "payouts",
    "credits",
    "order",
    "refund",
    "user",
    "tree",
    "fraud",
    "credit",
    "debit",
    "products",
    "coupon",
    "referrers",
    "campaign",
    "contest",
    "import",
    "export",
    "stock",
    "stats",
    "statement",
    "reconcile",
    "settings",
    "staff",
    "release",
    "help",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_again_what_it_was_made_of_and_fits() {
        for (invited_by, plan, campaign) in [
            (None, Some("x"), None),
            (Some("7K2M9QXA"), None, None),
            (Some("7K2M9QXA"), Some(&*"a-".repeat(20)), None),
            (Some("a_23456789_12345"), None, None),
            (None, None, Some(&*"c-_1".repeat(8))),
        ] {
            let start = Start {
                invited_by: invited_by.map(str::to_owned),
                plan: plan.map(str::to_owned),
                campaign: campaign.map(str::to_owned),
            };
            let link = start.link("MelaBot");
            let argument = link.strip_prefix("https://t.me/MelaBot?start=").unwrap();
            assert!(argument.len() <= 64 && argument.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)), "{argument}");
            assert_eq!(Start::read(argument), start);
        }
        for foreign in ["", "shop", "REF_7K2M9QXA", "plan"] {
            assert_eq!(Start::read(foreign), Start::default(), "{foreign}");
        }
    }

    #[test]
    fn read_as_telegram_writes_them() {
        let parsed = |text| parse(text, "MelaBot").map(|c| (c.name, c.argument));
        assert_eq!(parsed("/start ref_7K2M9QXA"), Some(("start".into(), "ref_7K2M9QXA".into())));
        assert_eq!(parsed(" /Order@melabot  O-1 "), Some(("order".into(), "O-1".into())));
        assert_eq!(parsed("/help@OtherBot"), None);
        for no_command in ["hello", "", "/", "/@MelaBot", "500/-"] {
            assert_eq!(parsed(no_command), None, "{no_command}");
        }
    }
}
