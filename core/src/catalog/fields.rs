//! What a plan consists of, and what each part may be: one set of rules for the chat and for files.

use super::{Delivery, Plan};
use crate::money::Rupees;
use crate::settings::Percent;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A part of a plan that staff can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the columns of a plan, documented there")]
pub enum Field {
    Code,
    Title,
    Platform,
    Category,
    PeriodDays,
    Screens,
    Price,
    Cost,
    Delivery,
    Active,
    Description,
    Stars,
    Level1Percent,
    Level2Percent,
}

impl Field {
    /// All, in the order of the products file.
    pub const ALL: [Self; 14] = [
        Self::Code,
        Self::Title,
        Self::Platform,
        Self::Category,
        Self::PeriodDays,
        Self::Screens,
        Self::Price,
        Self::Cost,
        Self::Delivery,
        Self::Active,
        Self::Description,
        Self::Stars,
        Self::Level1Percent,
        Self::Level2Percent,
    ];

    /// Of these, the columns that a file must have: what came later may be left out, and stays then as it is.
    pub const NEEDED: usize = 11;

    /// As the products file names the column.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Title => "title",
            Self::Platform => "platform",
            Self::Category => "category",
            Self::PeriodDays => "period_days",
            Self::Screens => "screens",
            Self::Price => "price",
            Self::Cost => "cost",
            Self::Delivery => "delivery",
            Self::Active => "active",
            Self::Description => "description",
            Self::Stars => "stars",
            Self::Level1Percent => "level1_percent",
            Self::Level2Percent => "level2_percent",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that a field does not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field} cannot be “{found}”")]
pub struct Wrong {
    /// Of which field.
    pub field: Field,
    /// What was there, shortened.
    pub found: String,
}

/// All that staff can set of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the columns of a plan, documented there")]
pub struct Fields {
    pub code: String,
    pub title: String,
    pub platform: String,
    pub category: String,
    pub period_days: i32,
    pub screens: i32,
    pub price: Rupees,
    pub cost: Rupees,
    pub delivery: Delivery,
    pub active: bool,
    pub description: String,
    #[serde(default)]
    pub stars: Option<i32>,
    #[serde(default)]
    pub level1_percent: Option<Percent>,
    #[serde(default)]
    pub level2_percent: Option<Percent>,
}

impl Default for Fields {
    /// A plan for sale, for a month and one screen, delivered by hand. Code, title and price are still to be said.
    fn default() -> Self {
        Self {
            code: String::new(),
            title: String::new(),
            platform: String::new(),
            category: String::new(),
            period_days: 30,
            screens: 1,
            price: Rupees::ZERO,
            cost: Rupees::ZERO,
            delivery: Delivery::ByHand,
            active: true,
            description: String::new(),
            stars: None,
            level1_percent: None,
            level2_percent: None,
        }
    }
}

impl From<Plan> for Fields {
    fn from(plan: Plan) -> Self {
        Self {
            code: plan.code,
            title: plan.title,
            platform: plan.platform,
            category: plan.category,
            period_days: plan.period_days,
            screens: plan.screens,
            price: plan.price,
            cost: plan.cost,
            delivery: plan.delivery,
            active: plan.active,
            description: plan.description,
            stars: plan.stars,
            level1_percent: plan.level1_percent.and_then(Percent::try_new),
            level2_percent: plan.level2_percent.and_then(Percent::try_new),
        }
    }
}

impl Fields {
    /// Sets a field from what was typed, or stands in a cell.
    ///
    /// # Errors
    /// The field does not take that; nothing is changed then.
    pub fn set(&mut self, field: Field, typed: &str) -> Result<(), Wrong> {
        let text = typed.trim();
        let wrong = || Wrong { field, found: text.chars().take(60).collect() };
        match field {
            Field::Code => self.code = code(text).ok_or_else(wrong)?,
            Field::Title => self.title = line(text, 1, 80).ok_or_else(wrong)?,
            Field::Platform => self.platform = line(text, 0, 40).ok_or_else(wrong)?,
            Field::Category => self.category = line(text, 0, 40).ok_or_else(wrong)?,
            Field::PeriodDays => self.period_days = whole(text, 3_650).ok_or_else(wrong)?,
            Field::Screens => self.screens = whole(text, 100).ok_or_else(wrong)?,
            Field::Price => self.price = text.parse().ok().filter(|price| *price >= Rupees::whole(1)).ok_or_else(wrong)?,
            Field::Cost => self.cost = text.parse().map_err(|_| wrong())?,
            Field::Delivery => self.delivery = delivery(text).ok_or_else(wrong)?,
            Field::Active => self.active = truth(text).ok_or_else(wrong)?,
            Field::Description => self.description = description(text).ok_or_else(wrong)?,
            Field::Stars if text.is_empty() => self.stars = None,
            Field::Stars => self.stars = Some(whole(text, 100_000).ok_or_else(wrong)?),
            Field::Level1Percent if text.is_empty() => self.level1_percent = None,
            Field::Level1Percent => self.level1_percent = Some(rate(text, self.level2_percent).ok_or_else(wrong)?),
            Field::Level2Percent if text.is_empty() => self.level2_percent = None,
            Field::Level2Percent => self.level2_percent = Some(rate(text, self.level1_percent).ok_or_else(wrong)?),
        }
        Ok(())
    }

    /// Leaves a field that a file need not have as it was before; as a new plan has it, where there was none.
    pub(super) fn keep(&mut self, field: Field, before: Option<&Self>) {
        match field {
            Field::Stars => self.stars = before.and_then(|before| before.stars),
            Field::Level1Percent => self.level1_percent = before.and_then(|before| before.level1_percent),
            Field::Level2Percent => self.level2_percent = before.and_then(|before| before.level2_percent),
            // Every file has these.
            _ => {}
        }
    }

    /// A field as the products file has it: [`Fields::set`] takes it again.
    #[must_use]
    pub fn text(&self, field: Field) -> String {
        match field {
            Field::Code => self.code.clone(),
            Field::Title => self.title.clone(),
            Field::Platform => self.platform.clone(),
            Field::Category => self.category.clone(),
            Field::PeriodDays => self.period_days.to_string(),
            Field::Screens => self.screens.to_string(),
            Field::Price => self.price.decimal().normalize().to_string(),
            Field::Cost => self.cost.decimal().normalize().to_string(),
            Field::Delivery => self.delivery.name().to_owned(),
            Field::Active => if self.active { "yes" } else { "no" }.to_owned(),
            Field::Description => self.description.clone(),
            Field::Stars => self.stars.map_or_else(String::new, |stars| stars.to_string()),
            Field::Level1Percent => self.level1_percent.map_or_else(String::new, |percent| percent.to_string()),
            Field::Level2Percent => self.level2_percent.map_or_else(String::new, |percent| percent.to_string()),
        }
    }

    /// The fields in which another differs, as `price 135 → 150`.
    #[must_use]
    pub fn changes(&self, to: &Self) -> String {
        let changed = Field::ALL.into_iter().filter(|field| self.text(*field) != to.text(*field));
        changed.map(|field| format!("{field} {} → {}", self.text(field), to.text(field))).collect::<Vec<_>>().join(", ")
    }
}

impl Delivery {
    /// As the products file names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ByHand => "by_hand",
            Self::FromStock => "from_stock",
        }
    }
}

fn code(text: &str) -> Option<String> {
    let fine = (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    fine.then(|| text.to_owned())
}

fn line(text: &str, least: usize, most: usize) -> Option<String> {
    let fine = (least..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    fine.then(|| text.to_owned())
}

/// Several lines at most as long as leaves room for the rest of a plan's screen.
fn description(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n");
    let fine = text.chars().count() <= 1_000 && !text.chars().any(|c| c.is_control() && c != '\n');
    fine.then_some(text)
}

fn whole(text: &str, most: i32) -> Option<i32> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|number| digits && (1..=most).contains(number))
}

/// A level's percent of the profit; with the other level's at most all of it.
fn rate(text: &str, other: Option<Percent>) -> Option<Percent> {
    let number: Decimal = text.trim_end_matches('%').trim_end().parse().ok().filter(|number: &Decimal| number.scale() <= 2)?;
    let with_other = number + other.map_or(Decimal::ZERO, Percent::decimal);
    Percent::try_new(number).filter(|_| with_other <= Decimal::ONE_HUNDRED)
}

fn delivery(text: &str) -> Option<Delivery> {
    let text = text.to_lowercase().replace([' ', '-'], "_");
    [Delivery::ByHand, Delivery::FromStock].into_iter().find(|delivery| delivery.name() == text)
}

fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "1" | "on" => Some(true),
        "no" | "false" | "0" | "off" => Some(false),
        _ => None,
    }
}

/// The beginning of a code for a title: `Netflix · 1 Month` is `netflix-1-month`.
#[must_use]
pub(super) fn code_from(title: &str) -> String {
    let plain: String = title.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let code: String = plain.split_whitespace().collect::<Vec<_>>().join("-").chars().take(34).collect();
    let code = code.trim_end_matches('-');
    if code.is_empty() { "plan".to_owned() } else { code.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(field: Field, text: &str) -> Result<String, Wrong> {
        let mut fields = Fields::default();
        fields.set(field, text)?;
        Ok(fields.text(field))
    }

    #[test]
    fn each_field_takes_what_it_may_be() {
        for (field, text, becomes) in [
            (Field::Stars, " 150 ", "150"),
            (Field::Stars, "", ""),
            (Field::Level1Percent, " 12.50 % ", "12.5"),
            (Field::Level1Percent, "100", "100"),
            (Field::Level2Percent, "0", "0"),
            (Field::Level2Percent, "", ""),
            (Field::Code, " netflix-1m ", "netflix-1m"),
            (Field::Title, "Netflix <4K>", "Netflix <4K>"),
            (Field::Platform, "", ""),
            (Field::PeriodDays, "3650", "3650"),
            (Field::Screens, "100", "100"),
            (Field::Price, "₹1,35,000.50", "135000.5"),
            (Field::Price, "1", "1"),
            (Field::Cost, "0", "0"),
            (Field::Delivery, "From_Stock", "from_stock"),
            (Field::Delivery, "by hand", "by_hand"),
            (Field::Active, "TRUE", "yes"),
            (Field::Active, "0", "no"),
            (Field::Description, "two\r\nlines", "two\nlines"),
        ] {
            assert_eq!(set(field, text).as_deref(), Ok(becomes), "{field} {text}");
            assert_eq!(set(field, becomes).as_deref(), Ok(becomes), "what is exported is taken again");
        }
    }

    #[test]
    fn each_field_refuses_the_rest_and_stays_as_it_was() {
        let long = "x".repeat(2_000);
        for (field, texts) in [
            (Field::Code, &["", "Netflix", "a b", "é", "x|y", &long[..41]][..]),
            (Field::Title, &["", "  ", "a\nb", &long[..81]]),
            (Field::Platform, &["a\tb", &long[..41]]),
            (Field::Category, &[&long[..41]]),
            (Field::PeriodDays, &["", "0", "-1", "+5", "3651", "30.5", "thirty", "1e3", "99999999999"]),
            (Field::Screens, &["", "0", "101", "NaN"]),
            (Field::Price, &["", "0", "0.99", "-1", "1,35.00.0", "NaN", "1e3", "inf", "1.005", "1000000000000", "١٣٥"]),
            (Field::Cost, &["", "-0.01", "1.001", "1000000000000", "free"]),
            (Field::Delivery, &["", "post"]),
            (Field::Active, &["", "maybe"]),
            (Field::Description, &[&long[..], "bell\u{7}"]),
            (Field::Level1Percent, &["-1", "100.01", "12.345", "half", "1e3", "NaN"]),
            (Field::Level2Percent, &["101", "-0.5", "10 20"]),
            (Field::Stars, &["0", "-1", "1.5", "100001", "many", "1e3"]),
        ] {
            for text in texts {
                let mut fields = Fields::default();
                assert_eq!(fields.set(field, text).unwrap_err().field, field, "{text}");
                assert_eq!(fields, Fields::default());
            }
        }
    }

    #[test]
    fn both_levels_come_to_the_profit_at_most() {
        let mut fields = Fields::default();
        fields.set(Field::Level1Percent, "60").unwrap();
        assert_eq!(fields.set(Field::Level2Percent, "40.01").unwrap_err().field, Field::Level2Percent);
        fields.set(Field::Level2Percent, "40").unwrap();
        assert_eq!(fields.set(Field::Level1Percent, "61").unwrap_err().field, Field::Level1Percent);
        fields.set(Field::Level2Percent, "").unwrap();
        fields.set(Field::Level1Percent, "61").unwrap();
        assert_eq!((fields.text(Field::Level1Percent), fields.text(Field::Level2Percent)), ("61".to_owned(), String::new()));
    }

    #[test]
    fn a_code_from_any_title() {
        for (title, code) in [("Netflix · 1 Month", "netflix-1-month"), ("नेटफ्लिक्स", "plan"), ("--", "plan"), ("Prime Video!", "prime-video")]
        {
            assert_eq!(code_from(title), code);
            assert!(set(Field::Code, &code_from(title)).is_ok());
        }
        assert!(code_from(&"word ".repeat(30)).len() <= 34);
    }
}
