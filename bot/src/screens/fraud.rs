//! Fraud in the admin chat: a flag's card, the queue, what is known against a person.

use super::cards::reasons;
use super::{PAGE, at_name, back, reason};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::{Args, Texts};
use chrono::{DateTime, Utc};
use mela_core::fraud::{Evidence, Flag, FlagState, Hold, Part, RuleName, Suspect, Word};
use mela_core::ledger::Standing;
use mela_core::money::Rupees;
use mela_core::referrals::tree::Node;
use teloxide::types::InlineKeyboardButton;

/// Reasons for which somebody is blocked, or something taken back, at a press: keys of what they are told.
pub const FRAUD_REASONS: [&str; 3] = ["reason-several-accounts", "reason-own-purchases", "reason-no-purchases"];
/// People whom a card names.
pub const NAMED: usize = 5;
/// Words of people that a card shows.
pub const WORDS: u64 = 4;
/// How much of what somebody wrote a card shows: all of it together fits in Telegram's 4,096 characters.
const OF_WORDS: usize = 200;
const OF_REASON: usize = 300;
const OF_BLOCK: usize = 60;

fn cut(text: &str, most: usize) -> String {
    let kept: String = text.chars().take(most).collect();
    if kept.len() < text.len() { format!("{kept}…") } else { kept }
}

/// A person of a flag, with their figures.
#[derive(Debug)]
pub struct Figure {
    /// Who, and their part.
    pub suspect: Suspect,
    /// What they spent, and whom they brought.
    pub node: Node,
    /// What they have.
    pub standing: Standing,
}

/// What a flag's card shows.
#[derive(Debug)]
pub struct FlagCard {
    /// The flag.
    pub flag: Flag,
    /// Its people, those whom it is about first: at most [`NAMED`].
    pub people: Vec<Figure>,
    /// Whether there are more.
    pub more: bool,
    /// What it holds.
    pub hold: Hold,
    /// What was said about it.
    pub words: Vec<Word>,
    /// When it is drawn.
    pub now: DateTime<Utc>,
}

/// What the buttons of a card are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choosing {
    /// Deciding.
    Nothing,
    /// Why its people are blocked.
    Block,
    /// Why its commissions are taken back.
    TakeBack,
    /// Who is asked.
    Whom,
}

/// What a rule says, for staff.
fn rule(texts: &Texts, rule: RuleName) -> String {
    let key = match rule {
        RuleName::DuplicateUpi => "fraud-duplicate-upi",
        RuleName::DuplicateDevice => "fraud-duplicate-device",
        RuleName::DuplicateIp => "fraud-duplicate-ip",
        RuleName::LowConversion => "fraud-low-conversion",
        RuleName::RapidSignups => "fraud-rapid-signups",
        RuleName::SelfReferral => "fraud-self-referral",
        RuleName::ReusedUtr => "fraud-reused-utr",
        RuleName::ReusedScreenshot => "fraud-reused-screenshot",
        RuleName::InstantBuyers => "fraud-instant-buyers",
        RuleName::OnePayer => "fraud-one-payer",
        RuleName::Ring => "fraud-ring",
        RuleName::RefundAfterRelease => "fraud-refund-after-release",
        RuleName::Manual => "fraud-manual",
    };
    texts.html(key, &[])
}

/// What several people share, in words.
fn shared(texts: &Texts, kind: &str) -> String {
    let key = match kind {
        "device" => "fraud-shared-device",
        "payee" => "fraud-shared-payee",
        "payee-phone" => "fraud-shared-payee-phone",
        "payer" => "fraud-shared-payer",
        "payer-phone" => "fraud-shared-payer-phone",
        "ip" | "ip4" | "ip6" | "weak-ip" => "fraud-shared-ip",
        other => return other.to_owned(),
    };
    texts.plain(key, &[])
}

/// A time that something took.
fn lasting(texts: &Texts, seconds: i64) -> String {
    let (key, count) = match seconds {
        ..120 => ("fraud-seconds", seconds),
        120..7_200 => ("fraud-minutes", seconds / 60),
        7_200..172_800 => ("fraud-hours", seconds / 3_600),
        _ => ("fraud-days", seconds / 86_400),
    };
    texts.plain(key, &[("count", &count)])
}

/// What a flag rests on, a line each.
fn evidence(texts: &Texts, evidence: &Evidence) -> Vec<String> {
    let Evidence { people, orders, codes, share, usual, seconds, amount, shared: kinds, words } = evidence;
    let mut lines = Vec::new();
    let mut line = |said: bool, key: &str, args: Args<'_>| lines.extend(said.then(|| texts.html(key, args)));
    line(*people > 0, "fraud-evidence-people", &[("count", people)]);
    let named: Vec<String> = codes.iter().map(|code| format!("O-{code}")).collect();
    let named = if named.is_empty() { String::new() } else { format!(" ({})", named.join(", ")) };
    line(*orders > 0, "fraud-evidence-orders", &[("count", orders), ("codes", &named)]);
    line(*share > 0 && *usual == 0, "fraud-evidence-share", &[("share", share)]);
    line(*usual > 0, "fraud-evidence-unusual", &[("share", share), ("usual", usual)]);
    line(*seconds > 0, "fraud-evidence-within", &[("time", &lasting(texts, *seconds))]);
    line(amount.is_some(), "fraud-evidence-amount", &[("amount", &amount.unwrap_or(Rupees::ZERO))]);
    let kinds: Vec<String> = kinds.iter().map(|kind| shared(texts, kind)).collect();
    line(!kinds.is_empty(), "fraud-evidence-shared", &[("what", &kinds.join(", "))]);
    line(!words.is_empty(), "fraud-evidence-words", &[("words", &cut(words, OF_REASON))]);
    lines
}

fn code(flag: &Flag) -> String {
    format!("F-{}", flag.code)
}

fn person(texts: &Texts, figure: &Figure, now: DateTime<Utc>) -> String {
    let Figure { suspect: Suspect { user, part, .. }, node, standing } = figure;
    let key = match part {
        Part::Suspect => "fraud-card-suspect",
        Part::Beneficiary => "fraud-card-beneficiary",
        Part::Seen => "fraud-card-seen",
    };
    let who = texts.html(key, &[("name", &user.name), ("id", &user.telegram_id), ("username", &at_name(user.username.as_ref()))]);
    let figures = texts.html(
        "fraud-card-figures",
        &[
            ("joined", &texts.day(user.joined_at)),
            ("days", &(now - user.joined_at).num_days().max(0)),
            ("spent", &node.spent),
            ("friends", &node.friends),
            ("held", &standing.held),
            ("earned", &standing.earned),
            ("withdrawing", &standing.withdrawing),
        ],
    );
    let blocked = user
        .blocked_reason
        .as_ref()
        .map(|why| texts.html("fraud-card-is-blocked", &[("reason", &cut(&reason::told(texts, why), OF_BLOCK))]));
    [Some(who), Some(figures), blocked].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// What a rule found, and what became of it.
#[must_use]
pub fn card(texts: &Texts, card: &FlagCard, choosing: Choosing) -> Screen {
    let FlagCard { flag, people, more, hold, words, now } = card;
    let mut lines = vec![texts.html("fraud-card", &[("rule", &flag.rule.name()), ("flag", &code(flag)), ("at", &texts.time(flag.raised_at))])];
    lines.push(rule(texts, flag.rule));
    lines.extend(evidence(texts, &flag.evidence));
    lines.extend(people.iter().map(|figure| person(texts, figure, *now)));
    lines.extend(more.then(|| texts.html("fraud-card-more", &[])));
    lines.extend(holding(texts, flag, hold));
    lines.extend(words.iter().map(|word| {
        let said = cut(&word.words, OF_WORDS);
        let (at, by) = (texts.time(word.at), word.asked_by.clone().unwrap_or_default());
        let key = if word.asked_by.is_some() { "fraud-card-asked" } else { "fraud-card-said" };
        texts.html(key, &[("by", &by), ("name", &word.name), ("at", &at), ("words", &said)])
    }));
    let (by, why) = (
        flag.decided_by_name.clone().unwrap_or_default(),
        cut(&reason::told(texts, flag.reason.as_deref().unwrap_or_default()), OF_REASON),
    );
    let at = flag.decided_at.map(|at| texts.time(at)).unwrap_or_default();
    let who = people.first().map(|figure| figure.suspect.user.telegram_id).unwrap_or_default();
    let decision: Args<'_> = &[("by", &by), ("at", &at), ("reason", &why), ("id", &who)];
    match flag.state {
        FlagState::Open => {}
        FlagState::Dismissed => lines.push(texts.html("fraud-card-dismissed", decision)),
        FlagState::TakenBack => lines.push(texts.html("fraud-card-taken-back", decision)),
        FlagState::Blocked => lines.push(texts.html("fraud-card-blocked", decision)),
    }
    buttons(texts, Screen::new(lines.join("\n")), card, choosing)
}

/// What it holds, or held.
fn holding(texts: &Texts, flag: &Flag, hold: &Hold) -> Vec<String> {
    if !flag.strong {
        return vec![texts.html("fraud-card-weak", &[("points", &flag.rule.points())])];
    }
    let open = flag.state == FlagState::Open;
    let some = (hold.commissions > 0).then(|| {
        let key = if open { "fraud-card-holds" } else { "fraud-card-held" };
        texts.html(key, &[("count", &hold.commissions), ("amount", &hold.amount)])
    });
    let all = (open && hold.frozen.is_positive()).then(|| texts.html("fraud-card-freezes", &[("amount", &hold.frozen)]));
    let lines: Vec<_> = some.into_iter().chain(all).collect();
    if lines.is_empty() && open { vec![texts.html("fraud-card-holds-nothing", &[])] } else { lines }
}

fn buttons(texts: &Texts, screen: Screen, card: &FlagCard, choosing: Choosing) -> Screen {
    let (id, caption) = (card.flag.id, |key| texts.plain(key, &[]));
    let tree = |screen: Screen| match card.people.first() {
        Some(figure) => screen.row([button(caption("button-tree"), &Press::TreeOf(figure.suspect.user.id))]),
        None => screen,
    };
    if card.flag.state != FlagState::Open {
        return tree(screen);
    }
    let other = |screen: Screen, press: Press| screen.row([button(caption("button-other"), &press), back(texts, &Press::FlagCard(id))]);
    match choosing {
        Choosing::Block => other(reasons(texts, screen, &FRAUD_REASONS, |n| Press::FlagBlockFor(id, n)), Press::FlagBlockOther(id)),
        Choosing::TakeBack => other(reasons(texts, screen, &FRAUD_REASONS, |n| Press::FlagTakeBackFor(id, n)), Press::FlagTakeBackOther(id)),
        Choosing::Whom => card
            .people
            .iter()
            .fold(screen, |screen, figure| {
                let user = &figure.suspect.user;
                screen.row([button(format!("{} ({})", user.name, user.telegram_id), &Press::FlagAskWhom(id, user.id))])
            })
            .row([back(texts, &Press::FlagCard(id))]),
        Choosing::Nothing => {
            let taken = (card.hold.commissions > 0).then(|| button(caption("button-take-back"), &Press::FlagTakeBack(id)));
            let screen = screen
                .row([button(caption("button-block"), &Press::FlagBlock(id)), button(caption("button-dismiss"), &Press::FlagDismiss(id))])
                .row([button(caption("button-ask"), &Press::FlagAsk(id))].into_iter().chain(taken));
            tree(screen)
        }
    }
}

/// What is known against a person, for a card that is about something else.
#[derive(Debug, Default)]
pub struct Risk {
    /// From 0 to 100.
    pub score: i64,
    /// Open flags, newest first.
    pub flags: Vec<Flag>,
    /// Whether their money is on hold as a whole.
    pub frozen: bool,
    /// Why they are blocked.
    pub blocked: Option<String>,
}

/// Flags that another card names.
const ON_A_CARD: usize = 5;

/// The score as a bar, and the flags, a line each; nothing where nothing is known.
#[must_use]
pub fn risk(texts: &Texts, risk: &Risk) -> Vec<String> {
    let mut lines = Vec::new();
    if risk.score > 0 {
        let full = usize::try_from((risk.score + 9) / 10).unwrap_or_default().min(10);
        let bar = format!("{}{}", "▰".repeat(full), "▱".repeat(10 - full));
        lines.push(texts.html("risk-score", &[("bar", &bar), ("score", &risk.score)]));
    }
    lines.extend(risk.flags.iter().take(ON_A_CARD).map(|flag| {
        let key = if flag.strong { "risk-flag-holds" } else { "risk-flag" };
        texts.html(key, &[("flag", &code(flag)), ("rule", &flag.rule.name())])
    }));
    if risk.flags.len() > ON_A_CARD {
        lines.push(texts.html("risk-more", &[("count", &(risk.flags.len() - ON_A_CARD))]));
    }
    match &risk.blocked {
        Some(why) => lines.push(texts.html("risk-blocked", &[("reason", &reason::told(texts, why))])),
        None => lines.extend(risk.frozen.then(|| texts.html("risk-on-hold", &[]))),
    }
    lines
}

/// Buttons that bring the cards of what another card names.
#[must_use]
pub fn risk_buttons(risk: &Risk) -> Vec<InlineKeyboardButton> {
    risk.flags.iter().take(3).map(|flag| button(format!("🚩 {}", code(flag)), &Press::BringFlag(flag.id))).collect()
}

/// A person's report with what is known against them, and their tree.
#[must_use]
pub fn beside(texts: &Texts, mut screen: Screen, person: i64, found: &Risk) -> Screen {
    screen.text = std::iter::once(screen.text).chain(risk(texts, found)).collect::<Vec<_>>().join("\n");
    let tree = button(texts.plain("button-tree", &[]), &Press::TreeOf(person));
    screen.row([tree].into_iter().chain(risk_buttons(found)))
}

/// Which flags a queue shows, as its buttons carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct View {
    /// 0: open; 1: open, and something was asked or said; 2: decided.
    pub state: u8,
    /// 0: every rule; else its number.
    pub rule: u8,
    /// 0: all; 1: what holds something; 2: what only adds to a score.
    pub weight: u8,
}

impl View {
    fn at(self, before: i64) -> Press {
        Press::Fraud(self.state, self.rule, self.weight, before)
    }
}

const STATES: [&str; 3] = ["button-fraud-open", "button-fraud-asked", "button-fraud-decided"];
const WEIGHTS: [&str; 3] = ["button-fraud-all", "button-fraud-holds", "button-fraud-score"];

/// A row of a queue.
#[derive(Debug)]
pub struct Row {
    /// The flag.
    pub flag: Flag,
    /// The first of whom it is about.
    pub name: Option<String>,
}

fn row(row: &Row) -> [InlineKeyboardButton; 1] {
    let flag = &row.flag;
    let mark = match flag.state {
        FlagState::Open if flag.strong => "🔒",
        FlagState::Open => "▫️",
        FlagState::Dismissed => "✅",
        FlagState::TakenBack => "↩️",
        FlagState::Blocked => "⛔",
    };
    let name = row.name.as_ref().map(|name| format!(" · {name}")).unwrap_or_default();
    [button(format!("{mark} {} · {}{name}", code(flag), flag.rule.name()), &Press::BringFlag(flag.id))]
}

/// A page of the queue; one row more than fits tells that there are older ones.
#[must_use]
pub fn queue(texts: &Texts, view: View, rule: Option<RuleName>, rows: &[Row], first: bool) -> Screen {
    let name = rule.map_or_else(|| texts.plain("fraud-every-rule", &[]), RuleName::name);
    let head = if rows.is_empty() { "fraud-queue-empty" } else { "fraud-queue" };
    let screen = Screen::new(texts.html(head, &[("rule", &name)]));
    let marked = |keys: [&str; 3], now: u8, to: &dyn Fn(u8) -> View| {
        let one = |(n, key): (u8, &str)| {
            let caption = texts.plain(key, &[]);
            button(if n == now { format!("• {caption}") } else { caption }, &to(n).at(0))
        };
        (0..).zip(keys).map(one).collect::<Vec<_>>()
    };
    let screen = screen
        .row(marked(STATES, view.state, &|state| View { state, ..view }))
        .row(marked(WEIGHTS, view.weight, &|weight| View { weight, ..view }))
        .row([button(texts.plain("button-fraud-rule", &[("rule", &name)]), &Press::FraudRules(view.state, view.weight))]);
    let screen = rows.iter().take(PAGE).fold(screen, |screen, line| screen.row(row(line)));
    let newest = (!first).then(|| button(texts.plain("button-newest", &[]), &view.at(0)));
    let last = rows.get(PAGE - 1).filter(|_| rows.len() > PAGE);
    let older = last.map(|last| button(texts.plain("button-older", &[]), &view.at(last.flag.id)));
    screen.row(newest.into_iter().chain(older))
}

/// The rules to choose from.
#[must_use]
pub fn rules(texts: &Texts, view: View, rules: &[RuleName]) -> Screen {
    let mut all = vec![button(texts.plain("fraud-every-rule", &[]), &View { rule: 0, ..view }.at(0))];
    all.extend((1..).zip(rules).map(|(n, rule)| button(rule.name(), &View { rule: n, ..view }.at(0))));
    all.chunks(2).fold(Screen::new(texts.html("fraud-rules", &[])), |screen, two| screen.row(two.to_vec()))
}

/// What is known against a person.
#[must_use]
pub fn of_person(texts: &Texts, name: &str, telegram_id: i64, found: &Risk, rows: &[Row]) -> Screen {
    let head = texts.html(if rows.is_empty() { "fraud-person-none" } else { "fraud-person" }, &[("name", &name), ("id", &telegram_id)]);
    // Its flags have buttons of their own here.
    let lines = risk(texts, &Risk { flags: Vec::new(), blocked: found.blocked.clone(), ..*found });
    let screen = Screen::new(std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n"));
    rows.iter().take(PAGE).fold(screen, |screen, line| screen.row(row(line)))
}
