//! An account that staff type into the chat: a line for each part.

use super::Account;
use super::import::{COLUMNS, Reason, account_of};
use chrono::NaiveDate;

/// Why what was typed is no account. What was typed is not repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAnAccount {
    /// The line with this number is no `part: value` with a part that an account has, or the part was there before.
    Line(usize),
    /// The parts are read, and wrong.
    Wrong(Vec<Reason>),
}

/// Reads `login: …`, `password: …`, and where there are any `profile: …`, `pin: …`, `slots: …`, `expires: …`, a line each, in any order and letter case.
///
/// # Errors
/// [`NotAnAccount`].
pub fn read(text: &str, today: NaiveDate) -> Result<Account, NotAnAccount> {
    let mut cells = [None; COLUMNS.len()];
    let lines = text.lines().enumerate().map(|(n, line)| (n + 1, line.trim())).filter(|(_, line)| !line.is_empty());
    for (number, line) in lines {
        let wrong = || NotAnAccount::Line(number);
        let (part, value) = line.split_once(':').ok_or_else(wrong)?;
        let part = part.trim().to_lowercase();
        let part = if part == "expires" { "expires_on" } else { part.as_str() };
        // The plan was chosen before.
        let column = COLUMNS.iter().position(|column| *column == part).filter(|column| *column > 0).ok_or_else(wrong)?;
        if cells[column].replace(value.trim()).is_some() {
            return Err(wrong());
        }
    }
    account_of(|column| cells[column].unwrap_or_default(), today).map_err(NotAnAccount::Wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Account, NotAnAccount> {
        super::read(text, "2026-11-21".parse().unwrap())
    }

    #[test]
    fn a_line_for_each_part() {
        let account = read("login: a@example.com\nPASSWORD:  se:same / 1 \n\nslots: 4\nexpires: 2027-03-31\nProfile: 2\npin: 0042").unwrap();
        let secret = &account.secret;
        assert_eq!(
            (secret.login.as_str(), secret.password.as_str(), secret.profile.as_str(), secret.pin.as_str()),
            ("a@example.com", "se:same / 1", "2", "0042")
        );
        assert_eq!((account.slots, account.expires_on.unwrap().to_string()), (4, "2027-03-31".into()));
        assert_eq!(read("login: a\npassword: b").unwrap().slots, 1);
        for (text, wrong) in [
            ("", NotAnAccount::Wrong(vec![Reason::Empty("login"), Reason::Empty("password")])),
            ("hunter2", NotAnAccount::Line(1)),
            ("login: a\n\npasswort: b", NotAnAccount::Line(3)),
            ("login: a\nlogin: b\npassword: c", NotAnAccount::Line(2)),
            ("plan: x\nlogin: a\npassword: c", NotAnAccount::Line(1)),
            ("login: a", NotAnAccount::Wrong(vec![Reason::Empty("password")])),
            ("login: a\npassword: b\nslots: 0\nexpires: 2026-11-20", NotAnAccount::Wrong(vec![Reason::Slots, Reason::Over])),
        ] {
            assert_eq!(read(text), Err(wrong), "{text}");
        }
    }
}
