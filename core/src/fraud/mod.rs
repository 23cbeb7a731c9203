//! Fraud that does not pay. What happens is written down as events; rules look at whom it happened to and answer findings; a finding is a flag. A strong
//! flag holds the commissions, or all the money, that it touches, and puts a card before the staff; a weak one adds to a score. Nothing is decided by a
//! machine: staff dismiss (what was held is released), take back (the commissions it holds are cancelled) or block (and the people with them).

mod decide;
mod event;
mod flag;
mod hold;
mod rule;
mod rules;
pub mod signals;
mod words;

pub use decide::{LONGEST_REASON, block, block_person, dismiss, raise_manual, take_back, unblock_person};
pub(crate) use event::{happened, happened_in};
pub use event::{heed, look_at_events, sweep};
pub use flag::{
    Filter, Flag, FlagError, FlagState, Hold, Part, Suspect, by_code, get, held_commissions, holds_of, of_person, part_of, people_of, queue, score,
    touched,
};
pub use hold::{FAR, is_frozen};
pub use rule::{Evidence, Happened, RuleName};
pub use words::{LONGEST_WORDS, Word, answer, ask, words_of};
