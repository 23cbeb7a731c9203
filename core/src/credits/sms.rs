//! The text of a bank's credit alert, read. Knows no database and no sender.

use super::words::{Pattern, canonical, day_in, group, is_rrn, is_utr, rrn_in, time_in, vpa_in};
use crate::money::Rupees;
use chrono::{NaiveDate, NaiveTime};

/// What an alert says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// What came; never the balance.
    pub amount: Rupees,
    /// The bank's reference, where it tells one.
    pub reference: Option<String>,
    /// The payer's UPI id.
    pub vpa: Option<String>,
    /// The payer's name.
    pub payer: Option<String>,
    /// The day.
    pub day: Option<NaiveDate>,
    /// The time of it.
    pub time: Option<NaiveTime>,
    /// The last digits of the account that it came to.
    pub account: Option<String>,
}

/// Why a text is no credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotACredit {
    /// A code to sign in or to pay with.
    #[error("a one-time password")]
    Otp,
    /// Money went out.
    #[error("a debit")]
    Debit,
    /// Money is announced, was not credited, or may be.
    #[error("money that has not come")]
    Promise,
    /// Somebody asks for money.
    #[error("a request to pay")]
    Request,
    /// A card's or a loan's account was paid.
    #[error("a payment of a card, loan or bill")]
    Bill,
    /// The shop's own money came back: the payment that failed is known by its own means.
    #[error("a payment of the account's own that came back")]
    Reversal,
    /// An advertisement.
    #[error("an offer")]
    Offer,
    /// What lies in the account.
    #[error("a balance")]
    Balance,
    /// Money came, but the text does not say how much.
    #[error("no amount in rupees is told")]
    NoAmount,
    /// Neither an account nor a reference is told.
    #[error("neither an account nor a reference is told")]
    NoAccount,
    /// Something else.
    #[error("not about money that came")]
    Other,
}

/// Rupees with their mark, or before one.
static MONEY: Pattern = Pattern::new(
    r"(?:^|[^a-z0-9])(?:rs|inr|re|₹|rupees)\s?[.:]?\s?(?P<a>[0-9][0-9,]*(?:\.[0-9]+)?)|₹\s?(?P<b>[0-9][0-9,]*(?:\.[0-9]+)?)|\b(?:by|for|with)(?:rs|inr)\s?[.:]?\s?(?P<c>[0-9][0-9,]*(?:\.[0-9]+)?)|(?:^|[^a-z0-9.,])(?P<d>[0-9][0-9,]*(?:\.[0-9]+)?)\s?(?:inr|rs|rupees)\b",
);
/// Behind the verb and without a mark: `credited by 135.0 on date`.
static BARE: Pattern = Pattern::new(r"^\W{0,3}(?:by|with|for)\s(?P<a>[0-9][0-9,]*(?:\.[0-9]{1,2})?)\s(?:on|from|via|thru)\b");
/// What says that money came.
static CAME: Pattern = Pattern::new(
    r"\b(?:credited|deposited|received|credit of|credit alert|money received|transferred to (?:your|ur)|paid to you|cr\.? to a/?c|cr\. in)\b|\bcredit\b|\bcr\b",
);
/// What stands before such a verb when nothing has come.
static NOT_YET: Pattern = Pattern::new(
    r"(?:\b(?:will|shall|would|can|could|may|might|should|must|to|not|never|yet|cannot|won't|being|gets?|getting|unless|until|when|once|if|after|before|instantly|expected)\b(?:\s+(?:also|soon|now|automatically|only|be|get|been|instantly|directly|shortly|have|successfully|you|your|the|a/?c|account|amount|it|is|are|were|has|you're|within|in|rs\.?|inr|₹|upto|up|[0-9][0-9,.]*|hours|days|minutes))*\s*|\b(?:and|or|then) (?:be|get)\s*|\bget\b(?:[^.]|rs\.){0,60})$",
);
/// A word that only a debit has. "Debit card" and "debit freeze" are said in other alerts, too.
static OUT: Pattern = Pattern::new(
    r"\bdebited\b|\bdebit (?:of|alert|for|by)\b|\bwithdrawn\b|\bspent\b|\bsent (?:rs|inr|₹)|\b(?:you have|you've|have) (?:paid|sent|transferred)\b|\bpaid (?:to (?:[^y]|y[^o])|rs|inr|₹)|\btransferred (?:to (?:[^yu]|y[^o])|from (?:your|ur|a/c))|\bto (?:the |your )?(?:payee|recipient|benef)|\bbeneficiary|\bpurchase\b|\bauto-?debit|\bdr\.? (?:from|to)\b|\btrf to\b|\bmandate\b",
);
/// "If you have not done it", "to block": no debit has been.
static NO_OUT: Pattern = Pattern::new(r"\bnot debited\b|\bif debited\b|\bdebited (?:wrongly|if)\b");
static OTP: Pattern = Pattern::new(
    r"\b(?:otp|one[- ]?time ?pass(?:word|code)|verification code|passcode)\s*(?:is|for|to|:|-|[0-9]{4,8})|\b[0-9]{4,8} is (?:the |your |ur )?(?:\S+ ){0,3}(?:otp|one[- ]?time|code|secret|password)|\buse (?:otp|[0-9]{4,8} )",
);
static REQUEST: Pattern = Pattern::new(
    r"\brequest(?:ed|ing|s)?\s+(?:for\s+)?(?:money|payment|a payment|rs|inr|₹|you|of)|\b(?:collect|payment|money|upi) request|\bhas requested|\bapprove (?:the|this|by|to|it)|\bto pay\b|\bpay now\b|\bis due\b|\boverdue\b|\bdue (?:date|on|by)\b",
);
static BILL: Pattern = Pattern::new(
    r"(?:(?:on|to|towards|for|of|in|against|at)\s(?:your\s|ur\s|the\s)?(?:[\w/]+\s){0,4}|\byour\s(?:\w+\s){0,2})credit ?card|\bcard ?member|\bcard (?:ending|account|a/c|no)|\bsbi card\b|\btowards (?:your |the )?(?:loan|emi|policy|premium|bill|recharge|dues|outstanding|credit)|\bloan (?:a/?c|account|no)|\bemi (?:of|for|payment)|\bbill payment\b|\bthank(?:s| you) for (?:the |your )?payment|\b(?:your|of|for) recharge\b",
);
static REVERSAL: Pattern = Pattern::new(
    r"\brevers(?:ed|al|ing)\b|\b(?:failed|declined|unsuccessful|returned)\b|\bcredited back\b|\brefund(?:ed)?\b[^.]{0,60}\b(?:failed|upi|txn|transaction|atm)|\breturn(?:ed)?\s(?:of|txn|neft|imps|upi)\b|\brvsl\b|\brev[-/]upi|\bupi[-/]rev\b",
);
static OFFER: Pattern = Pattern::new(
    r"\bpre-?(?:approved|qualified)|\bapply\b|\beligib|\boffers?\b|\blucky|\bcongrat|\bt&c|\bt and c|\binstant (?:loan|cash|credit|personal)|\bpersonal loan|\bclick\b|\bhurry|\bavail (?:now|your|of|the|a|an)\b|\blimited (?:period|time)|\bwin\b|\bwon\b|\bupgrade\b|\bget (?:rs|inr|₹|up|upto|flat)|\bclaim\b|\bvoucher|\breward|\bcashback (?:of )?up",
);
static ACCOUNT: Pattern = Pattern::new(
    r"(?P<before>.{0,14})\b(?:a/?cs?|acct?s?|account|acc)\s?(?:no\.?|number|num|ending|ends)?\s?(?:with|in)?\s?[:.#-]{0,3}\s?(?:[0-9]{0,6}[x*•.]{1,20}\s?(?P<hidden>[0-9]{2,18})|(?P<bare>[0-9]{3,18}))\b",
);
static REFERENCE: Pattern = Pattern::new(
    r"(?:\b(?:upi|imps|neft|rtgs|txn|trans(?:action)?|bank|payment)?[ ./-]?(?:ref(?:erence)?|rrn|utr|refno|txn|transaction)[ .]?\s?(?:id|no|num(?:ber)?|#)?|\b(?:upi|imps) id)\s?[.:#-]{0,3}\s?(?:is\s)?:?(?P<r>[0-9a-z]{9,22})(?:$|[^0-9a-z@._]|[.](?:$|[^0-9a-z]))",
);
static TOKEN: Pattern = Pattern::new(r"[0-9a-z]{15,22}");
static PATH_NAME: Pattern = Pattern::new(r"\b[0-9]{12}\s?[/-]\s?(?P<name>[a-z](?:[a-z &']|\.[a-z]){1,60})");
static FROM: Pattern = Pattern::new(r"\b(?:from|sent by|by)\s(?:vpa\s)?(?:(?:mr|mrs|ms|m/s)\b\.?\s?)?");
static NAME: Pattern = Pattern::new(
    r"^(?P<name>[a-z][a-z0-9_&' .]{1,60}?)(?:\s?[(,;:/@-]|\.\s|\.$|$|\.(?:upi|ref|avl|imps|neft|info)|\s(?:credited|received|deposited|has|is|was|on|ref|refno|upi|rrn|imps|neft|via|thru|through|to|at|a/c|and|in|utr|info|avl|txn|-)\b)",
);
static NO_NAME: Pattern = Pattern::new(
    r"^(?:you|us|a|ac|acc|account|acct|your|ur|the|upi|imps|neft|rtgs|vpa|transfer|cash|mob|mob bk|mobile|rs|inr|bank|net|a linked|cheque|clearing|linked|date|sms|calling|mobile no|atm|deposit|transfer from|nach|ecs|bulk|tpt|utr)\b",
);

fn amount(text: &str) -> Option<Rupees> {
    let amount: Rupees = text.trim_end_matches(',').parse().ok()?;
    amount.is_positive().then_some(amount)
}

/// An amount in the text, where it begins and where it ends.
struct Money {
    amount: Option<Rupees>,
    begins: usize,
    ends: usize,
}

/// Amounts that are no balances.
fn amounts(text: &str) -> Vec<Money> {
    static BALANCE: Pattern =
        Pattern::new(r"(?:\bbal\w*|\bavl\w*|\bavbl\w*|\baval\w*|\bavail\w*|balance|limit|\blmt|\bclr|clear bal|\btotal\b)[^0-9]{0,30}$");
    static VERB: Pattern = Pattern::new(r"credited|received|deposited|debited");
    let found = MONEY.all(text).filter_map(|found| {
        let money = ["a", "b", "c", "d"].iter().find_map(|name| group(&found, name))?;
        let before = &text[..found.get(0).map_or(0, |all| all.start())];
        let from = before.char_indices().rev().nth(45).map_or(0, |(at, _)| at);
        let before = &before[from..];
        // "Balance credited: Rs.5": what the verb stands between is no balance.
        let is_balance = BALANCE.first(before).is_some_and(|m| m.get(0).is_some_and(|m| !VERB.is_in(m.as_str())));
        (!is_balance).then(|| Money { amount: amount(money.as_str()), begins: found.get(0).map_or(0, |all| all.start()), ends: money.end() })
    });
    found.collect()
}

/// How much came, by the verb that stands there: just behind it, else nearest before it, else the next behind it.
fn amount_at(text: &str, begins: usize, ends: usize, all: &[Money]) -> Option<Rupees> {
    static JOINS: Pattern = Pattern::new(r"^[\s:!.,-]*(?:to (?:your |ur )?a/?c\s?\S+\s)?(?:by|with|for|of|an|amount|amt|is|alert|\s|:|!|-)*\s*$");
    let behind = all.iter().find(|money| money.begins + 1 >= ends);
    let before = all.iter().rev().find(|money| money.ends <= begins);
    if let Some(money) = behind.filter(|money| JOINS.is_in(&text[ends.min(money.begins)..money.begins])) {
        return money.amount;
    }
    if let Some(bare) = BARE.first(&text[ends..]).and_then(|found| amount(found.name("a")?.as_str())) {
        return Some(bare);
    }
    let near = |money: &&Money| begins - money.ends <= 90;
    before.filter(near).or(behind.filter(|money| money.begins.saturating_sub(ends) <= 90)).and_then(|money| money.amount)
}

/// Reads the text of an alert that a bank sent.
///
/// # Errors
/// It tells of no money that came: why.
pub fn read(text: &str) -> Result<Alert, NotACredit> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace(['\u{200b}', '\u{feff}'], "");
    let text = text.as_str();
    if OTP.is_in(text) {
        return Err(NotACredit::Otp);
    }
    if OUT.is_in(text) && !NO_OUT.is_in(text) {
        return Err(if REVERSAL.is_in(text) { NotACredit::Reversal } else { NotACredit::Debit });
    }
    let money = amounts(text);
    let mut refused = None;
    let mut came = None;
    for verb in CAME.all(text).filter_map(|found| found.get(0)) {
        let word = verb.as_str().to_ascii_lowercase();
        let (before, behind) = (&text[..verb.start()], &text[verb.end()..]);
        if is_no_verb(&word, before, behind) {
            continue;
        }
        if NOT_YET.is_in(before) {
            refused = refused.or(Some(NotACredit::Promise));
            continue;
        }
        match amount_at(text, verb.start(), verb.end(), &money) {
            Some(amount) => {
                came = Some((amount, word));
                break;
            }
            None => refused = refused.or(Some(NotACredit::NoAmount)),
        }
    }
    let Some((amount, word)) = came else {
        return Err(if REQUEST.is_in(text) {
            NotACredit::Request
        } else if OFFER.is_in(text) {
            NotACredit::Offer
        } else {
            let lies = || text.to_ascii_lowercase().contains("bal");
            refused.unwrap_or_else(|| if lies() { NotACredit::Balance } else { NotACredit::Other })
        });
    };
    if BILL.is_in(text) {
        return Err(NotACredit::Bill);
    }
    if REVERSAL.is_in(text) {
        return Err(NotACredit::Reversal);
    }
    if is_of_a_cheque(text) || PENDING.is_in(text) {
        return Err(NotACredit::Promise);
    }
    let (account, reference) = (account(text), reference(text));
    if (account.is_none() || reference.is_none()) && OFFER.is_in(text) {
        return Err(NotACredit::Offer);
    }
    if reference.is_none() && REQUEST.is_in(text) {
        return Err(NotACredit::Request);
    }
    // "Payment received" is said by many about what somebody paid to them.
    if account.is_none() && (reference.is_none() || word == "received" && !text.to_ascii_lowercase().contains("your")) {
        return Err(NotACredit::NoAccount);
    }
    let day = day_in(text);
    let time = day.and_then(|(.., ends)| time_in(text.get(ends..ends + 24).or(text.get(ends..))?)).or_else(|| time_in(text));
    let vpa = vpa_in(text);
    Ok(Alert { amount, payer: payer(text), reference, vpa, day: day.map(|found| found.0), time, account })
}

/// Words that look like the verb: a card, the sign of a balance, a cheque that was handed in, a telephone's credit.
fn is_no_verb(word: &str, before: &str, behind: &str) -> bool {
    static AFTER: Pattern = Pattern::new(r"^\s?(?:cards?|limit|score|line|period|information|bureau|facility|note|balance|shell|is subject|vidya)\b");
    static FOR_MONEY: Pattern = Pattern::new(r"^\s?(?:of|alert|inr|rs|₹|with|by|:|-)");
    static OURS: Pattern =
        Pattern::new(r"^\s(?:your|ur|the|a)\s(?:cheque|request|application|instruction|complaint|query|consent|e-?mail|call|form)");
    static SUM: Pattern = Pattern::new(r"[0-9]\s?$");
    match word {
        "credit" => AFTER.is_in(behind) || !FOR_MONEY.is_in(behind),
        // `1,000.00 CR` is a balance; `INR 135.00 Cr. to A/c` is caught by its own words.
        "cr" => !SUM.is_in(before) || !Pattern::new(r"^\.?\s(?:to|in)\s").is_in(behind),
        "received" => OURS.is_in(behind),
        _ => false,
    }
}

/// What is said behind the verb of money that has not come.
static PENDING: Pattern = Pattern::new(r"\b(?:is|are|was|remains?|still) (?:pending|on hold|under (?:process|review)|awaited|delayed)\b");

/// A cheque that was handed in is money only when it is cleared.
fn is_of_a_cheque(text: &str) -> bool {
    static CHEQUE: Pattern =
        Pattern::new(r"\b(?:cheque|chq)\b[^.]{0,60}\b(?:deposited|received|presented|lodged)|\bsubject to (?:realisation|realization)");
    CHEQUE.is_in(text)
}

/// The last digits of the account that the money came to: one that it came from is not it.
fn account(text: &str) -> Option<String> {
    static FROM: Pattern = Pattern::new(r"\b(?:from|by|of|linked to)\s?$");
    let digits = ACCOUNT.all(text).filter_map(|found| {
        let digits = group(&found, "hidden").or_else(|| group(&found, "bare"))?.as_str().to_owned();
        Some((FROM.is_in(found.name("before").map_or("", |m| m.as_str())), digits))
    });
    digits.filter(|(is_theirs, _)| !is_theirs).map(|(_, digits)| digits).next()
}

/// The bank's reference: what is called one; twelve digits alone; NEFT's letters and digits.
fn reference(text: &str) -> Option<String> {
    let is_one = |text: &str| {
        is_rrn(text) || is_utr(text) || (9..=22).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) && text.bytes().any(|b| b != b'0')
    };
    let called: Vec<String> = REFERENCE.all(text).filter_map(|found| Some(canonical(group(&found, "r")?.as_str()))).filter(|r| is_one(r)).collect();
    if let Some(rrn) = called.iter().find(|reference| is_rrn(reference)) {
        return Some(rrn.clone());
    }
    let upi = text.to_ascii_lowercase();
    // An account of twelve digits is no reference.
    let text = ACCOUNT.regex().map_or_else(|| text.to_owned(), |regex| regex.replace_all(text, " ").into_owned());
    let text = text.as_str();
    let rrn = || {
        (upi.contains("upi") || upi.contains("imps") || upi.contains("info") || upi.contains("p2a"))
            .then(|| without_calls(text))
            .and_then(|text| rrn_in(&text))
    };
    let utr = || {
        TOKEN
            .all(text)
            .filter_map(|found| Some(canonical(found.get(0)?.as_str())))
            .find(|token| is_utr(token) && token.len() >= 15)
    };
    called.into_iter().next().or_else(rrn).or_else(utr)
}

/// Without the numbers to call.
fn without_calls(text: &str) -> String {
    static CALL: Pattern = Pattern::new(r"\b(?:call|sms|dial|mobile|mob|phone|to)\s(?:on\s|to\s|us\s|at\s)?[+0-9]{8,14}");
    CALL.regex().map_or_else(|| text.to_owned(), |regex| regex.replace_all(text, "").into_owned())
}

/// Who paid, by name.
fn payer(text: &str) -> Option<String> {
    let tidy = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").trim_matches(['.', ' ', '\'', '-']).to_owned();
    let fits = |name: &String| {
        let letters = name.chars().filter(|c| c.is_ascii_alphabetic()).count();
        letters >= 3 && !NO_NAME.is_in(name) && !super::bank::named(name).is_some_and(|bank| matches!(bank.as_str(), "UPI" | "IMPS" | "NEFT"))
    };
    // A UPI id is told apart.
    static VPA: Pattern = Pattern::new(r"[0-9a-z._-]+@[0-9a-z.]+");
    let text = VPA.regex().map_or_else(|| text.to_owned(), |regex| regex.replace_all(text, "@").into_owned());
    let text = text.as_str();
    let behind = FROM.all(text).filter_map(|found| text.get(found.get(0)?.end()..));
    let from = behind.filter_map(|rest| Some(tidy(group(&NAME.first(rest)?, "name")?.as_str()))).find(fits);
    let path = || {
        PATH_NAME
            .all(text)
            .filter_map(|found| Some(tidy(group(&found, "name")?.as_str())))
            .find(fits)
            .filter(|name| !name.to_ascii_lowercase().contains("bank"))
    };
    from.or_else(path)
}

#[cfg(test)]
#[path = "sms_tests.rs"]
mod tests;
