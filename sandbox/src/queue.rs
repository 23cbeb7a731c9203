//! Updates on their way to the bot, with `getUpdates`' offset rules.

use std::{collections::VecDeque, sync::Arc};

use crate::journal::Change;

/// Kinds that Telegram leaves out unless `allowed_updates` names them.
const LEFT_OUT: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

/// How far beyond the newest update an offset may lie and still be believed.
const BELIEVED: i64 = 1_000_000;

#[derive(Debug, Clone)]
struct Pending {
    id: i64,
    body: Arc<str>,
}

/// The queue; every operation costs what it hands out, however long it is.
#[derive(Debug)]
pub(crate) struct Queue {
    pending: VecDeque<Pending>,
    /// Confirmed ones that are to be handed out a second time.
    again: VecDeque<Pending>,
    next_id: i64,
    allowed: Option<Vec<String>>,
    pub repeat: bool,
    /// Counts calls of `getUpdates`: a waiting one that is not the newest ends.
    pub generation: u64,
}

impl Queue {
    pub fn new(first_id: i64) -> Queue {
        Queue {
            pending: VecDeque::new(),
            again: VecDeque::new(),
            next_id: first_id,
            allowed: None,
            repeat: false,
            generation: 0,
        }
    }

    /// The id the next update gets.
    pub fn take_id(&mut self) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    /// Whether the bot asked for this kind of update.
    pub fn wants(&self, kind: &str) -> bool {
        match &self.allowed {
            Some(list) if !list.is_empty() => list.iter().any(|name| name == kind),
            _ => !LEFT_OUT.contains(&kind),
        }
    }

    pub fn allowed(&self) -> Option<&Vec<String>> {
        self.allowed.as_ref()
    }

    pub fn len(&self) -> usize {
        self.pending.len()
    }

    /// What a call with this offset forgets, to be committed before `read`.
    pub fn confirms(&self, offset: i64) -> Option<Change> {
        let before = if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let drop = self.pending.len().checked_sub(keep)?;
            self.pending.get(drop)?.id
        } else {
            offset
        };
        let beyond = before > self.next_id && before <= self.next_id + BELIEVED;
        let oldest = self.pending.front().map(|update| update.id);
        (beyond || oldest.is_some_and(|id| id < before)).then_some(Change::Confirmed { before })
    }

    /// The oldest that are waiting, at most `limit`; empty when there are none.
    pub fn read(&mut self, limit: usize) -> Vec<Arc<str>> {
        let again = self.again.len().min(limit);
        let mut found: Vec<_> = self.again.drain(..again).map(|update| update.body).collect();
        let rest = self.pending.iter().take(limit - again);
        found.extend(rest.map(|update| update.body.clone()));
        found
    }

    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Update { id, body } => {
                self.next_id = self.next_id.max(id + 1);
                let body = body.into();
                self.pending.push_back(Pending { id, body });
            }
            Change::Confirmed { before } => {
                while let Some(update) = self.pending.pop_front_if(|update| update.id < before) {
                    if self.repeat {
                        self.again.push_back(update);
                    }
                }
                // A bot that remembers an offset from another life of this sandbox must not
                // be given numbers that it takes for old ones.
                if before <= self.next_id + BELIEVED {
                    self.next_id = self.next_id.max(before);
                }
            }
            Change::Allowed(list) => self.allowed = list,
            _ => {}
        }
    }

    /// Forgets everything that waits (`drop_pending_updates`).
    pub fn forget(&self) -> Change {
        Change::Confirmed { before: self.next_id }
    }
}
