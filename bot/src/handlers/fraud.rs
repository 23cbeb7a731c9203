//! Fraud in the admin chat: presses on a flag's card, the queue, and the commands about people.

use super::Reply;
use super::admin::Desk;
use super::admin_cards::{bring, redraw, shown};
use super::admin_commands::shortened;
use crate::app::Failure;
use crate::callback::Press;
use crate::card::{self, Kind};
use crate::dialogue::Question;
use crate::reply::{Place, Screen};
use crate::screens::PAGE;
use crate::screens::fraud::{self as screen, Choosing, FRAUD_REASONS, Row, View};
use crate::screens::reason;
use mela_core::code::ShortCode;
use mela_core::db::Applied;
use mela_core::fraud::{self, Filter, Flag, FlagError, FlagState, LONGEST_REASON, LONGEST_WORDS, Part, RuleName};
use mela_core::users::{self, User, UserId};
use sea_orm::Iterable;

/// Does what a press asks for.
pub(super) async fn press(desk: &Desk, press: &Press, place: Place) -> Result<Reply, Failure> {
    let core = desk.app.core();
    let for_reason = |n: u8| FRAUD_REASONS.get(usize::from(n)).map(|key| reason::kept(key));
    let (id, decided) = match *press {
        Press::FlagDismiss(id) => (id, fraud::dismiss(core, id, &desk.by).await),
        Press::FlagBlockFor(id, n) => match for_reason(n) {
            Some(reason) => (id, fraud::block(core, id, &desk.by, &reason).await),
            None => return Ok(desk.alert("stale", &[])),
        },
        Press::FlagTakeBackFor(id, n) => match for_reason(n) {
            Some(reason) => (id, fraud::take_back(core, id, &desk.by, &reason).await),
            None => return Ok(desk.alert("stale", &[])),
        },
        Press::FlagBlock(id) => return Ok(Reply::Show(drawn(desk, id, Choosing::Block).await?)),
        Press::FlagTakeBack(id) => return Ok(Reply::Show(drawn(desk, id, Choosing::TakeBack).await?)),
        Press::FlagCard(id) => return Ok(Reply::Show(drawn(desk, id, Choosing::Nothing).await?)),
        Press::BringFlag(id) => return bring(desk, Kind::Flag, id, &drawn(desk, id, Choosing::Nothing).await?, place.chat_id).await,
        Press::FlagBlockOther(id) => return ask_why(desk, id, false).await,
        Press::FlagTakeBackOther(id) => return ask_why(desk, id, true).await,
        Press::FlagAsk(id) => return whom(desk, id).await,
        Press::FlagAskWhom(id, person) => return ask(desk, id, UserId(person)).await,
        Press::Fraud(state, rule, weight, before) => return Ok(Reply::Show(queue(desk, View { state, rule, weight }, before).await?)),
        Press::FraudRules(state, weight) => {
            let rules: Vec<RuleName> = RuleName::iter().collect();
            return Ok(Reply::Show(screen::rules(&desk.texts, View { state, rule: 0, weight }, &rules)));
        }
        _ => return Ok(desk.alert("stale", &[])),
    };
    let late = match decided {
        Ok(_) => None,
        Err(FlagError::Decided(_)) => Some("not-now"),
        Err(error) => return Err(error.into()),
    };
    shown(desk, place, &drawn(desk, id, Choosing::Nothing).await?, late).await
}

async fn drawn(desk: &Desk, id: i64, choosing: Choosing) -> Result<Screen, Failure> {
    Ok(screen::card(&desk.texts, &card::flag(desk.app.core(), id).await?, choosing))
}

async fn redrawn(desk: &Desk, id: i64) -> Result<(), Failure> {
    redraw(desk, Kind::Flag, id, &drawn(desk, id, Choosing::Nothing).await?).await
}

fn code(flag: &Flag) -> String {
    format!("F-{}", flag.code)
}

async fn ask_why(desk: &Desk, id: i64, back: bool) -> Result<Reply, Failure> {
    let flag = fraud::get(desk.app.core().db(), id).await?;
    if flag.state != FlagState::Open {
        return Ok(Reply::Show(drawn(desk, id, Choosing::Nothing).await?));
    }
    desk.ask(Some(&Question::FlagReason { id, back })).await?;
    Ok(Reply::Say(desk.sentence("ask-reason", &[("name", &desk.by.name), ("subject", &code(&flag))])))
}

/// The person of a flag is asked; of several it is chosen which.
async fn whom(desk: &Desk, id: i64) -> Result<Reply, Failure> {
    let people = fraud::people_of(desk.app.core().db(), id, 2).await?;
    let about: Vec<_> = people.iter().filter(|person| person.part != Part::Seen).collect();
    match (about.as_slice(), people.as_slice()) {
        ([], []) => Ok(desk.alert("fraud-nobody", &[])),
        ([only], _) => ask(desk, id, only.user.user_id()).await,
        ([], [only]) => ask(desk, id, only.user.user_id()).await,
        _ => Ok(Reply::Show(drawn(desk, id, Choosing::Whom).await?)),
    }
}

async fn ask(desk: &Desk, id: i64, person: UserId) -> Result<Reply, Failure> {
    let core = desk.app.core();
    let flag = fraud::get(core.db(), id).await?;
    if flag.state != FlagState::Open {
        return Ok(Reply::Show(drawn(desk, id, Choosing::Nothing).await?));
    }
    let (Some(user), true) = (users::find(core.db(), person).await?, fraud::part_of(core.db(), id, person).await?.is_some()) else {
        return Ok(desk.alert("stale", &[]));
    };
    if !user.reachable {
        return Ok(desk.alert("fraud-unreachable", &[]));
    }
    desk.ask(Some(&Question::FlagQuestion { id, person: user.id })).await?;
    let args: crate::texts::Args<'_> = &[("name", &desk.by.name), ("person", &user.name), ("subject", &code(&flag))];
    Ok(Reply::Say(desk.sentence("fraud-ask", args)))
}

/// The reason, or the question, that was asked for. A wrong one leaves the question open.
pub(super) async fn answered(desk: &Desk, question: &Question, text: &str) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let (id, done) = match *question {
        Question::FlagReason { id, back } => {
            let decided = if back {
                fraud::take_back(core, id, &desk.by, text).await
            } else {
                fraud::block(core, id, &desk.by, text).await
            };
            (id, decided.map(|flag| ("fraud-decided", flag)))
        }
        Question::FlagQuestion { id, person } => {
            let key = format!("tg:{}", desk.speaker.update_id);
            let asked = fraud::ask(core, id, UserId(person), &desk.by, text, &key).await;
            (id, asked.map(|flag| ("fraud-asked", flag)))
        }
        _ => return Ok(desk.sentence("stale", &[])),
    };
    let screen = match done {
        Ok((key, flag)) => desk.sentence(key, &[("subject", &code(&flag.into_inner()))]),
        Err(FlagError::Reason) if matches!(question, Question::FlagReason { .. }) => {
            return Ok(desk.sentence("fraud-reason-wrong", &[("most", &LONGEST_REASON)]));
        }
        Err(FlagError::Reason) => return Ok(desk.sentence("fraud-words-wrong", &[("most", &LONGEST_WORDS)])),
        Err(FlagError::Decided(_) | FlagError::NotTheirs) => desk.sentence("not-now", &[]),
        Err(error) => return Err(error.into()),
    };
    desk.ask(None).await?;
    redrawn(desk, id).await?;
    Ok(screen)
}

/// `/fraud`: the queue; `/fraud F-…`: a card; `/fraud WHO`: what is known against a person.
pub(super) async fn command(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    let db = desk.app.core().db();
    if argument.is_empty() {
        return queue(desk, View::default(), 0).await;
    }
    let named = argument.get(..2).is_some_and(|head| head.eq_ignore_ascii_case("f-"));
    if let (true, Ok(code)) = (named, ShortCode::with_prefix("F-", argument)) {
        return match fraud::by_code(db, &code).await? {
            Some(flag) => drawn(desk, flag.id, Choosing::Nothing).await,
            None => Ok(desk.sentence("fraud-no-flag", &[("what", &shortened(argument))])),
        };
    }
    let Some(person) = users::search(db, argument).await? else {
        return Ok(desk.sentence("no-user", &[("what", &shortened(argument))]));
    };
    let flags = fraud::of_person(db, person.user_id(), None, PAGE as u64).await?;
    let rows: Vec<Row> = flags.into_iter().map(|flag| Row { flag, name: None }).collect();
    let found = card::risk(db, &person).await?;
    Ok(screen::of_person(&desk.texts, &person.name, person.telegram_id, &found, &rows))
}

async fn queue(desk: &Desk, view: View, before: i64) -> Result<Screen, Failure> {
    let db = desk.app.core().db();
    let rule = usize::from(view.rule).checked_sub(1).and_then(|n| RuleName::iter().nth(n));
    let filter = Filter {
        decided: Some(view.state == 2),
        talked: view.state == 1,
        rule,
        strong: match view.weight {
            1 => Some(true),
            2 => Some(false),
            _ => None,
        },
        ..Filter::default()
    };
    let mut rows = Vec::new();
    for flag in fraud::queue(db, filter, (before > 0).then_some(before), PAGE as u64 + 1).await? {
        let name = fraud::people_of(db, flag.id, 1).await?.pop().map(|person| person.user.name);
        rows.push(Row { flag, name });
    }
    Ok(screen::queue(&desk.texts, view, rule, &rows, before <= 0))
}

/// Whom a command is about, and what it says of them.
async fn who_and_why(desk: &Desk, argument: &str, usage: &str) -> Result<Result<(User, String), Screen>, Failure> {
    let (who, why) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
    if who.is_empty() {
        return Ok(Err(desk.sentence(usage, &[])));
    }
    let found = users::search(desk.app.core().db(), who).await?.filter(|person| person.erased_at.is_none());
    Ok(found
        .map(|person| (person, why.trim().to_owned()))
        .ok_or_else(|| desk.sentence("no-user", &[("what", &shortened(who))])))
}

/// `/flag WHO REASON`: what they have is on hold until it is decided.
pub(super) async fn raise(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let (person, why) = match who_and_why(desk, argument, "usage-flag").await? {
        Ok(found) => found,
        Err(screen) => return Ok(screen),
    };
    if why.is_empty() {
        return Ok(desk.sentence("usage-flag", &[]));
    }
    // The same words again are the same flag: the update may be run again after a crash.
    let open = fraud::of_person(core.db(), person.user_id(), Some(FlagState::Open), u64::from(u8::MAX)).await?;
    if let Some(flag) = open.iter().find(|flag| flag.rule == RuleName::Manual && flag.evidence.words == why) {
        return Ok(desk.sentence("flag-raised", &[("name", &person.name), ("flag", &code(flag))]));
    }
    match fraud::raise_manual(core, &person, &desk.by, &why).await {
        Ok(Some(id)) => Ok(desk.sentence("flag-raised", &[("name", &person.name), ("flag", &code(&fraud::get(core.db(), id).await?))])),
        Ok(None) => Ok(desk.sentence("not-now", &[])),
        Err(FlagError::Reason) => Ok(desk.sentence("fraud-reason-wrong", &[("most", &LONGEST_REASON)])),
        Err(error) => Err(error.into()),
    }
}

/// `/block WHO REASON` and `/unblock WHO`.
pub(super) async fn block(desk: &Desk, argument: &str, on: bool) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let usage = if on { "usage-block" } else { "usage-unblock" };
    let (person, why) = match who_and_why(desk, argument, usage).await? {
        Ok(found) => found,
        Err(screen) => return Ok(screen),
    };
    let who: crate::texts::Args<'_> = &[("name", &person.name), ("id", &person.telegram_id)];
    let done = match (on, why.is_empty()) {
        (true, true) | (false, false) => return Ok(desk.sentence(usage, &[])),
        (true, false) => fraud::block_person(core, person.user_id(), &desk.by, &why).await,
        (false, true) => fraud::unblock_person(core, person.user_id(), &desk.by).await,
    };
    match (done, on) {
        (Ok(Applied::Now(())), true) => Ok(desk.sentence("person-blocked", who)),
        (Ok(Applied::Already(())), true) => Ok(desk.sentence("person-blocked-already", who)),
        (Ok(Applied::Now(())), false) => Ok(desk.sentence("person-unblocked", who)),
        (Ok(Applied::Already(())), false) => Ok(desk.sentence("person-not-blocked", who)),
        (Err(FlagError::Reason), _) => Ok(desk.sentence("fraud-reason-wrong", &[("most", &LONGEST_REASON)])),
        (Err(error), _) => Err(error.into()),
    }
}
