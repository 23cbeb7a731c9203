//! Money that came and waits to be told what it is for: its card, the queue, and what its owner is told.

use super::{PAGE, at_name, back, pages, sentence};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::{Args, Texts};
use mela_core::credits::{BankCredit, Filter, Lead, Part, Pile, Source, Waits};
use mela_core::money::Rupees;
use mela_core::notifications::Kept;
use mela_core::orders::Order;
use mela_core::users::User;

/// The reasons for which money waits, in the order of their buttons.
pub const REASONS: [Waits; 7] = [Waits::Late, Waits::Double, Waits::Short, Waits::Excess, Waits::Several, Waits::Ask, Waits::Unknown];

/// The part of the queue that a button's number means: 0 is all that seems to be for the shop.
#[must_use]
pub fn filter(number: u8) -> Option<Filter> {
    match number {
        0 => Some(Filter::ToDecide),
        number => REASONS.get(usize::from(number) - 1).map(|why| Filter::Why(*why)),
    }
}

/// What a credit's card shows.
#[derive(Debug)]
pub struct CreditCard {
    /// The credit.
    pub credit: BankCredit,
    /// What its parts were for.
    pub parts: Vec<Part>,
    /// What it could be for, with the buyers.
    pub orders: Vec<(Lead, User)>,
    /// The order that it seems to be for.
    pub seems: Option<Lead>,
    /// It came before that order was placed.
    pub too_old: bool,
    /// Whose money it seems to be.
    pub payer: Option<User>,
}

fn code(order: &Order) -> String {
    format!("O-{}", order.code)
}

/// When it came: a moment, or a day.
fn came(texts: &Texts, credit: &BankCredit) -> String {
    if credit.by_day { texts.day(credit.seen_at) } else { texts.time(credit.seen_at) }
}

fn place(texts: &Texts, credit: &BankCredit) -> String {
    match credit.source {
        Source::Bank if credit.bank.is_empty() => texts.plain("credit-at-bank", &[]),
        Source::Bank => credit.bank.clone(),
        Source::Razorpay => "Razorpay".to_owned(),
        Source::Cashfree => "Cashfree".to_owned(),
        Source::Stars => "Telegram Stars".to_owned(),
    }
}

fn who(texts: &Texts, credit: &BankCredit) -> String {
    match (credit.payer.as_str(), &credit.vpa) {
        ("", None) => texts.plain("credit-nobody-named", &[]),
        ("", Some(vpa)) => vpa.clone(),
        (payer, None) => payer.to_owned(),
        (payer, Some(vpa)) => format!("{payer} ({vpa})"),
    }
}

fn why(texts: &Texts, card: &CreditCard) -> Option<String> {
    let (order, due) = card.seems.as_ref().map(|lead| (code(&lead.order), lead.due())).unwrap_or_default();
    let key = match card.credit.waits? {
        Waits::Unknown => "credit-waits-unknown",
        Waits::Late => "credit-waits-late",
        Waits::Double => "credit-waits-double",
        Waits::Short => "credit-waits-short",
        Waits::Excess => "credit-waits-excess",
        Waits::Several => "credit-waits-several",
        Waits::Ask if card.seems.is_none() => "credit-waits-payout",
        Waits::Ask => "credit-waits-ask",
    };
    Some(texts.html(key, &[("order", &order), ("due", &due)]))
}

fn part(texts: &Texts, part: &Part) -> Vec<String> {
    let at = texts.time(part.at);
    let order = part.order.as_ref().map(|order| format!("O-{order}")).unwrap_or_default();
    let (person, reference) = (part.person.clone().unwrap_or_default(), part.sent_back_ref.clone().unwrap_or_default());
    let payout = part.payout.clone().unwrap_or_default();
    let sent = match (&part.payout, &part.sent_back_ref) {
        (Some(_), _) => "credit-part-payout",
        (None, Some(_)) => "credit-part-back",
        (None, None) => "credit-part-returning",
    };
    [("credit-part-order", part.to_payment), ("credit-part-wallet", part.to_credit), (sent, part.sent_back)]
        .into_iter()
        .filter(|(_, amount)| amount.is_positive())
        .map(|(key, amount)| {
            let by = if part.by.is_empty() { "–" } else { part.by.as_str() };
            let args: Args<'_> = &[
                ("amount", &amount),
                ("order", &order),
                ("name", &person),
                ("reference", &reference),
                ("payout", &payout),
                ("by", &by),
                ("at", &at),
            ];
            texts.html(key, args)
        })
        .collect()
}

/// Money that came, why it waits, what it could be for; and what became of it.
#[must_use]
pub fn card(texts: &Texts, card: &CreditCard) -> Screen {
    let CreditCard { credit, parts, orders, payer, .. } = card;
    let left = credit.left();
    let mut lines = vec![texts.html(
        "credit-card",
        &[
            ("amount", &credit.amount),
            ("who", &who(texts, credit)),
            ("bank", &place(texts, credit)),
            ("reference", &credit.own_ref()),
            ("at", &came(texts, credit)),
        ],
    )];
    if !credit.note.is_empty() {
        let note: String = credit.note.chars().take(300).collect();
        lines.push(texts.html("credit-note", &[("note", &note)]));
    }
    if left.is_positive() {
        lines.extend(why(texts, card));
        if card.too_old {
            lines.push(texts.html("credit-too-old", &[]));
        }
    }
    lines.extend(parts.iter().flat_map(|p| part(texts, p)));
    if !left.is_positive() {
        return Screen::new(lines.join("\n"));
    }
    if credit.assigned.is_positive() {
        lines.push(texts.html("credit-left", &[("left", &left)]));
    }
    lines.extend(orders.iter().map(|(lead, buyer)| {
        let state = super::short_state(texts, &lead.order);
        let args: Args<'_> = &[
            ("order", &code(&lead.order)),
            ("title", &lead.order.title),
            ("due", &lead.due()),
            ("name", &buyer.name),
            ("state", &state),
        ];
        texts.html("credit-perhaps", args)
    }));
    let screen = orders.iter().fold(Screen::new(lines.join("\n")), |screen, (lead, _)| for_order(texts, screen, credit, lead));
    let payer = payer
        .as_ref()
        .map(|payer| button(texts.plain("button-credit-wallet-of", &[("name", &payer.name)]), &Press::CreditWallet(credit.id, payer.id)));
    screen
        .row([button(texts.plain("button-credit-other", &[]), &Press::CreditOther(credit.id))])
        .row(payer.into_iter().chain([button(texts.plain("button-credit-wallet", &[]), &Press::CreditWho(credit.id))]))
        .row([button(texts.plain("button-credit-back", &[]), &Press::CreditBack(credit.id))])
}

/// The buttons that say a credit is for an order: what is over has two ways to go.
fn for_order(texts: &Texts, screen: Screen, credit: &BankCredit, lead: &Lead) -> Screen {
    let (order, rest) = (code(&lead.order), credit.left() - lead.due());
    let alone = Press::CreditTo(credit.id, lead.order.id);
    if rest.is_positive() {
        return screen
            .row([button(
                texts.plain("button-credit-order-and-wallet", &[("order", &order), ("rest", &rest)]),
                &Press::CreditToAll(credit.id, lead.order.id),
            )])
            .row([button(texts.plain("button-credit-order-alone", &[("order", &order), ("rest", &rest)]), &alone)]);
    }
    screen.row([button(texts.plain("button-credit-order", &[("order", &order)]), &alone)])
}

/// The order that staff named for a credit, to be said once more.
#[must_use]
pub fn choose_order(texts: &Texts, credit: &BankCredit, lead: &Lead, buyer: &User) -> Screen {
    let args: Args<'_> = &[
        ("amount", &credit.left()),
        ("order", &code(&lead.order)),
        ("title", &lead.order.title),
        ("due", &lead.due()),
        ("name", &buyer.name),
        ("id", &buyer.telegram_id),
        ("state", &super::short_state(texts, &lead.order)),
    ];
    for_order(texts, sentence(texts, "credit-choose-order", args), credit, lead).row([back(texts, &Press::Credit(credit.id))])
}

/// The person whom staff named for a credit, to be said once more.
#[must_use]
pub fn choose_wallet(texts: &Texts, credit: &BankCredit, person: &User) -> Screen {
    let args: Args<'_> = &[
        ("amount", &credit.left()),
        ("name", &person.name),
        ("id", &person.telegram_id),
        ("username", &at_name(person.username.as_ref())),
    ];
    let wallet = button(texts.plain("button-credit-wallet-of", &[("name", &person.name)]), &Press::CreditWallet(credit.id, person.id));
    sentence(texts, "credit-choose-wallet", args).row([wallet]).row([back(texts, &Press::Credit(credit.id))])
}

fn reason(texts: &Texts, why: Option<Waits>) -> String {
    let key = match why {
        None => "credit-why-new",
        Some(Waits::Unknown) => "credit-why-unknown",
        Some(Waits::Late) => "credit-why-late",
        Some(Waits::Double) => "credit-why-double",
        Some(Waits::Short) => "credit-why-short",
        Some(Waits::Excess) => "credit-why-excess",
        Some(Waits::Several) => "credit-why-several",
        Some(Waits::Ask) => "credit-why-ask",
    };
    texts.plain(key, &[])
}

/// How much waits, a line for each reason.
#[must_use]
pub fn piled(texts: &Texts, piles: &[Pile]) -> Vec<String> {
    let line = |pile: &Pile| {
        let place = texts.plain(if pile.at_bank { "credit-at-bank" } else { "credit-at-gateway" }, &[]);
        texts.html(
            "credits-pile",
            &[("why", &reason(texts, pile.waits)), ("count", &pile.count), ("amount", &pile.amount), ("bank", &place)],
        )
    };
    piles.iter().map(line).collect()
}

fn to_decide(piles: &[Pile]) -> (i64, Rupees) {
    let piles = || piles.iter().filter(|pile| pile.is_to_decide());
    (piles().map(|pile| pile.count).sum(), piles().map(|pile| pile.amount).sum())
}

/// What waits, counted below what else does, with the way there.
#[must_use]
pub fn counted(texts: &Texts, mut screen: Screen, piles: &[Pile]) -> Screen {
    let (count, amount) = to_decide(piles);
    let others: i64 = piles.iter().map(|pile| pile.count).sum::<i64>() - count;
    if count == 0 && others == 0 {
        return screen;
    }
    let words = texts.html("pending-credits", &[("count", &count), ("amount", &amount), ("others", &others)]);
    screen.text = format!("{}\n{words}", screen.text);
    screen.row([button(texts.plain("button-credits", &[]), &Press::Credits(0, 0))])
}

/// More waits than cards were sent of.
#[must_use]
pub fn many_wait(texts: &Texts, piles: &[Pile]) -> Screen {
    let (count, amount) = to_decide(piles);
    sentence(texts, "credits-many", &[("count", &count), ("amount", &amount)])
        .row([button(texts.plain("button-credits", &[]), &Press::Credits(0, 0))])
}

/// A page of the queue; one more than fits tells that there are further ones.
#[must_use]
pub fn list(texts: &Texts, piles: &[Pile], credits: &[BankCredit], why: u8, page: u32) -> Screen {
    let mut lines = vec![texts.html("credits", &[])];
    lines.extend(piled(texts, piles));
    if piles.is_empty() {
        lines.push(texts.html("credits-none", &[]));
    }
    let row = |credit: &BankCredit| {
        let who = if credit.payer.is_empty() { credit.vpa.clone().unwrap_or_default() } else { credit.payer.clone() };
        let caption = format!("{} · {} · {}", credit.left(), reason(texts, credit.waits), who);
        [button(caption.chars().take(60).collect(), &Press::BringCredit(credit.id))]
    };
    let screen = credits.iter().take(PAGE).fold(Screen::new(lines.join("\n")), |screen, credit| screen.row(row(credit)));
    let screen = screen.row(pages(texts, page, credits.len() > PAGE, |page| Press::Credits(why, page)));
    let there = |reason: &Waits| piles.iter().any(|pile| pile.waits == Some(*reason));
    let reasons: Vec<_> = (1u8..)
        .zip(REASONS)
        .filter(|(number, reason)| *number != why && there(reason))
        .map(|(number, why)| button(reason(texts, Some(why)), &Press::Credits(number, 0)))
        .collect();
    let all = (why != 0).then(|| button(texts.plain("credit-why-all", &[]), &Press::Credits(0, 0)));
    reasons.chunks(4).fold(screen.row(all), |screen, some| screen.row(some.to_vec()))
}

/// That a payment's money was seen.
#[must_use]
pub fn seen_line(texts: &Texts, credit: &BankCredit) -> String {
    let args: Args<'_> = &[("amount", &credit.amount), ("at", &came(texts, credit)), ("bank", &place(texts, credit)), ("who", &who(texts, credit))];
    texts.html("payment-card-seen", args)
}

/// Money that paid no order is in its owner's wallet.
#[must_use]
pub fn kept(texts: &Texts, amount: Rupees, why: Kept, order: Option<&Order>) -> Screen {
    let order = order.map(code);
    let key = match (why, &order) {
        (_, None) | (Kept::Unknown, _) => "credit-kept-unknown",
        (Kept::Excess, _) => "credit-kept-excess",
        (Kept::Double, _) => "credit-kept-double",
        (Kept::Late, _) => "credit-kept-late",
        (Kept::Short, _) => "credit-kept-short",
    };
    sentence(texts, key, &[("amount", &amount), ("order", &order.unwrap_or_default())])
        .row([button(texts.plain("button-wallet", &[]), &Press::Wallet)])
}

/// Money was sent back to its owner.
#[must_use]
pub fn returned(texts: &Texts, amount: Rupees, reference: &str) -> Screen {
    let key = if reference.is_empty() { "credit-returning" } else { "credit-returned" };
    sentence(texts, key, &[("amount", &amount), ("reference", &reference)])
}
