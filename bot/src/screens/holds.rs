//! What a person is told of what is being checked: that, and why, but not how it was found.

use super::{back, reason, sentence_home};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::fraud::{Flag, FlagState, LONGEST_WORDS, Part, RuleName};
use mela_core::money::Rupees;
use mela_core::notifications::HoldNews;

/// What is on hold of a person.
#[derive(Debug, Default)]
pub struct Holds {
    /// The open flags that hold something of theirs, with their part in each.
    pub flags: Vec<(Flag, Part)>,
    /// Whether nothing can be withdrawn.
    pub frozen: bool,
    /// Single commissions that wait.
    pub amount: Rupees,
    /// Why they are blocked.
    pub blocked: Option<String>,
}

impl Holds {
    /// Whether there is anything to be told.
    #[must_use]
    pub fn any(&self) -> bool {
        !self.flags.is_empty() || self.frozen || self.blocked.is_some()
    }
}

/// Why something waits. Whoever only earned by it is not suspected of anything.
fn why(texts: &Texts, flag: &Flag, part: Part) -> String {
    let key = match flag.rule {
        _ if part != Part::Suspect => "hold-why-earned",
        RuleName::DuplicateUpi => "hold-why-payments",
        RuleName::DuplicateDevice | RuleName::DuplicateIp | RuleName::Ring => "hold-why-accounts",
        RuleName::LowConversion | RuleName::RapidSignups => "hold-why-signups",
        RuleName::InstantBuyers | RuleName::OnePayer => "hold-why-purchases",
        RuleName::SelfReferral => "hold-why-own",
        RuleName::ReusedUtr | RuleName::ReusedScreenshot => "hold-why-proof",
        RuleName::RefundAfterRelease => "hold-why-refunds",
        RuleName::Manual => "hold-why-manual",
    };
    texts.html(key, &[])
}

fn lines(texts: &Texts, holds: &Holds) -> Vec<String> {
    if let Some(why) = &holds.blocked {
        return vec![texts.html("hold-blocked", &[("reason", &reason::told(texts, why))])];
    }
    let head = if holds.frozen {
        Some(texts.html("hold-all", &[]))
    } else {
        holds.amount.is_positive().then(|| texts.html("hold-some", &[("amount", &holds.amount)]))
    };
    let each = holds.flags.iter().map(|(flag, part)| {
        let args: crate::texts::Args<'_> = &[("why", &why(texts, flag, *part)), ("flag", &format!("F-{}", flag.code))];
        texts.plain("hold-line", args)
    });
    head.into_iter().chain(each).collect()
}

/// A screen with what is being checked below its words, and the way to say something to it above its buttons.
#[must_use]
pub fn below(texts: &Texts, mut screen: Screen, holds: &Holds) -> Screen {
    if !holds.any() {
        return screen;
    }
    screen.text = [screen.text, String::new()].into_iter().chain(lines(texts, holds)).collect::<Vec<_>>().join("\n");
    let one = holds.flags.len() == 1;
    let appeal = |(flag, _): &(Flag, Part)| {
        let caption = texts.plain("button-appeal", &[]);
        [button(if one { caption } else { format!("{caption} F-{}", flag.code) }, &Press::Appeal(flag.id))].to_vec()
    };
    let appeals: Vec<_> = holds.flags.iter().filter(|_| holds.blocked.is_none()).map(appeal).collect();
    screen.buttons.splice(0..0, appeals);
    screen
}

/// Nothing can be withdrawn now.
#[must_use]
pub fn no_withdrawal(texts: &Texts, holds: &Holds) -> Screen {
    let key = if holds.blocked.is_some() { "hold-no-withdrawal-blocked" } else { "hold-no-withdrawal" };
    below(texts, Screen::new(texts.html(key, &[])).row([back(texts, &Press::Wallet)]), holds)
}

/// Asks what they have to say.
#[must_use]
pub fn ask(texts: &Texts, flag: &Flag, part: Part, question: Option<&str>) -> Screen {
    let code = format!("F-{}", flag.code);
    let words = match question {
        Some(question) => texts.html("appeal-ask-answer", &[("flag", &code), ("question", &question), ("most", &LONGEST_WORDS)]),
        None => {
            let head = texts.html("appeal-ask", &[("flag", &code), ("most", &LONGEST_WORDS)]);
            format!("{}\n\n{head}", why(texts, flag, part))
        }
    };
    Screen::new(words).row([back(texts, &Press::Wallet)])
}

/// What they said is with staff.
#[must_use]
pub fn taken(texts: &Texts, flag: &Flag) -> Screen {
    sentence_home(texts, "appeal-taken", &[("flag", &format!("F-{}", flag.code))])
}

/// Something is being checked, or no longer.
#[must_use]
pub fn news(texts: &Texts, flag: &Flag, part: Part, blocked: bool, became: HoldNews) -> Screen {
    let code = format!("F-{}", flag.code);
    let why_not = reason::told(texts, flag.reason.as_deref().unwrap_or_default());
    let wallet = button(texts.plain("button-wallet", &[]), &Press::Wallet);
    match became {
        HoldNews::Held => {
            let head = texts.html("hold-told", &[("flag", &code)]);
            let screen = Screen::new(format!("{head}\n{}\n{}", why(texts, flag, part), texts.html("hold-told-end", &[])));
            let appeal = (flag.state == FlagState::Open).then(|| button(texts.plain("button-appeal", &[]), &Press::Appeal(flag.id)));
            screen.row(appeal.into_iter().chain([wallet]))
        }
        HoldNews::Released => Screen::new(texts.html("hold-released", &[("flag", &code)])).row([wallet]),
        HoldNews::Cancelled => {
            let own = part == Part::Suspect;
            let key = if own && blocked && flag.state == FlagState::Blocked {
                "hold-cancelled-blocked"
            } else {
                "hold-cancelled"
            };
            // Of whoever only earned by it nothing is said but that.
            let why_not = if own { why_not } else { why(texts, flag, part) };
            Screen::new(texts.html(key, &[("flag", &code), ("reason", &why_not)])).row([wallet])
        }
    }
}

/// They neither earn nor withdraw, or do again.
#[must_use]
pub fn blocked(texts: &Texts, why: Option<&str>) -> Screen {
    match why {
        Some(why) => sentence_home(texts, "hold-blocked", &[("reason", &reason::told(texts, why))]),
        None => sentence_home(texts, "hold-unblocked", &[]),
    }
}

/// Staff ask something.
#[must_use]
pub fn question(texts: &Texts, flag: &Flag, question: &str) -> Screen {
    let screen = Screen::new(texts.html("hold-question", &[("flag", &format!("F-{}", flag.code)), ("question", &question)]));
    let open = (flag.state == FlagState::Open).then(|| button(texts.plain("button-answer-question", &[]), &Press::Appeal(flag.id)));
    screen.row(open)
}
