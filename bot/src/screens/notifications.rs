//! The notification centre: what a person was told, and what they do not want to be told.

use super::{back, home};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use chrono::{DateTime, Utc};
use mela_core::notifications::{QuietHours, Topic, UNREAD_AT_MOST};
use teloxide::types::InlineKeyboardButton;

/// What a page may hold of Telegram's 4,096 characters, its header apart.
const ROOM: usize = 3_700;

/// One notice as it was told.
#[derive(Debug)]
pub struct Line {
    /// Its row.
    pub id: i64,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Its words; nothing where there are none any more.
    pub text: Option<String>,
    /// Whether it was not looked at before.
    pub unread: bool,
}

/// The button that opens it, with the number of notices that were not looked at.
#[must_use]
pub fn open(texts: &Texts, unread: i64) -> InlineKeyboardButton {
    let caption = match unread {
        0 => texts.plain("button-notifications", &[]),
        few if few < UNREAD_AT_MOST => texts.plain("button-notifications-unread", &[("count", &few)]),
        _ => texts.plain("button-notifications-unread", &[("count", &format!("{}+", UNREAD_AT_MOST - 1))]),
    };
    button(caption, &Press::Notifications(0))
}

/// A page of what a person was told, newest first, below a row if one is named; one line more than fits tells that there are older ones. Answers the
/// rows that are on it, too: those are read now.
#[must_use]
pub fn page(texts: &Texts, below: Option<i64>, lines: &[Line], most: usize) -> (Screen, Vec<i64>) {
    let mut parts = vec![texts.html(if lines.is_empty() && below.is_none() { "notifications-empty" } else { "notifications" }, &[])];
    let (mut shown, mut room) = (Vec::new(), ROOM);
    for line in lines.iter().take(most) {
        let text = line.text.as_deref().map(|text| {
            let head = texts.html(if line.unread { "notifications-unread" } else { "notifications-read" }, &[("at", &texts.time(line.at))]);
            let words = if text.chars().count() > ROOM / 2 { &texts.html("notifications-long", &[]) } else { text };
            format!("{head}\n{words}")
        });
        let length = text.as_deref().map_or(0, |text| text.chars().count() + 2);
        if length > room {
            break;
        }
        room -= length;
        parts.extend(text);
        shown.push(line.id);
    }
    let newest = below.map(|_| button(texts.plain("button-newest", &[]), &Press::Notifications(0)));
    let older = shown.last().filter(|_| lines.len() > shown.len());
    let older = older.map(|last| button(texts.plain("button-older", &[]), &Press::Notifications(*last)));
    let turn: Vec<_> = newest.into_iter().chain(older).collect();
    let screen = Screen::new(parts.join("\n\n"));
    let screen = screen.row(turn);
    (screen.row([button(texts.plain("button-mutes", &[]), &Press::NotificationSettings), home(texts)]), shown)
}

/// What is told, topic by topic, each with its switch; and what cannot be muted.
#[must_use]
pub fn settings(texts: &Texts, muted: &[Topic], quiet: &QuietHours) -> Screen {
    let mut text = texts.html("mutes", &[]);
    if quiet.exist() {
        let time = |time: chrono::NaiveTime| time.format("%H:%M").to_string();
        text = format!("{text}\n\n{}", texts.html("mutes-quiet", &[("from", &time(quiet.from)), ("until", &time(quiet.until))]));
    }
    let screen = Topic::ALL.into_iter().fold(Screen::new(text), |screen, topic| {
        let is_muted = muted.contains(&topic);
        let caption = texts.plain(if is_muted { "button-muted" } else { "button-told" }, &[("topic", &topic_name(texts, topic))]);
        screen.row([button(caption, &Press::Mute(topic, !is_muted))])
    });
    screen.row([back(texts, &Press::Notifications(0))])
}

fn topic_name(texts: &Texts, topic: Topic) -> String {
    let key = match topic {
        Topic::Joins => "topic-joins",
        Topic::Commissions => "topic-commissions",
        Topic::Reminders => "topic-reminders",
    };
    texts.plain(key, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: i64, letters: usize) -> Line {
        Line { id, at: DateTime::UNIX_EPOCH, text: Some("क".repeat(letters)), unread: id % 2 == 0 }
    }

    #[test]
    fn a_page_holds_what_telegram_takes_and_the_rest_is_on_the_next() {
        for language in mela_core::users::LANGUAGES {
            let texts = Texts::new(language, chrono_tz::Asia::Kolkata);
            let lines: Vec<Line> = (0..9).map(|n| line(9 - n, 1_500)).collect();
            let (screen, shown) = page(&texts, None, &lines, 8);
            assert!(screen.text.chars().count() <= 4_096);
            assert_eq!(shown, [9, 8]);
            assert_eq!(screen.buttons[0][0], button(texts.plain("button-older", &[]), &Press::Notifications(8)));

            let (screen, shown) = page(&texts, Some(8), &[line(7, 4_096), line(6, 10)], 8);
            assert!(screen.text.contains(&texts.html("notifications-long", &[])) && shown == [7, 6]);
            assert_eq!(screen.buttons[0].len(), 1, "nothing is older");

            let gone = Line { text: None, ..line(3, 0) };
            assert_eq!(page(&texts, None, &[gone], 8).1, [3], "what has no words any more is read all the same");
        }
    }
}
