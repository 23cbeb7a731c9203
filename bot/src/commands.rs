//! What a typed command means.

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

/// The commands in Telegram's menu of a private chat, with the first words of their help.
pub const CUSTOMERS: [&str; 11] = [
    "start",
    "plans",
    "orders",
    "subscriptions",
    "wallet",
    "refer",
    "earnings",
    "withdraw",
    "notifications",
    "support",
    "help",
];
/// The commands in Telegram's menu of the admin chat.
pub const STAFFS: [&str; 15] = [
    "pending",
    "order",
    "refund",
    "user",
    "products",
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
