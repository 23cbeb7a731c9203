//! Looking at a chat: what came, what must come, what must not.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::{Sandbox, story::Seen};

/// One chat in the eyes of a test; a group is followed when its id changes.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub sandbox: Sandbox,
    pub chat: i64,
}

impl View {
    /// What the chat holds now.
    pub fn messages(&self) -> Vec<Seen> {
        let state = self.sandbox.core().lock();
        let messages = state.history(self.chat);
        messages.map(|message| state.seen(message)).collect()
    }

    fn take(&self) -> Option<Seen> {
        let mut state = self.sandbox.core().lock();
        let chain = state.chain(self.chat);
        chain.iter().find_map(|id| state.chats.get_mut(id)?.shown.pop_front())
    }

    /// The next thing shown, or `None` when the time is over.
    pub async fn next_within(&self, wait: Duration) -> Option<Seen> {
        let until = Instant::now() + wait;
        loop {
            let wake = {
                let state = self.sandbox.core().lock();
                let chat = state.chats.get(&state.current(self.chat));
                chat.map(|chat| chat.wake.clone())?
            };
            let changed = wake.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if let Some(seen) = self.take() {
                return Some(seen);
            }
            if timeout_at(until, changed).await.is_err() {
                return self.take();
            }
        }
    }

    pub async fn next(&self) -> Seen {
        let patience = self.sandbox.core().patience;
        match self.next_within(patience).await {
            Some(seen) => seen,
            None => panic!("nothing more came in {patience:?} in the chat of {}:\n{}", self.name(), self.printed()),
        }
    }

    pub async fn expect(&self, parts: &[&str]) -> Seen {
        let seen = self.next().await;
        let missing: Vec<_> = parts.iter().filter(|part| !seen.shows(part)).collect();
        assert!(
            missing.is_empty(),
            "{} was to see {missing:?}, but this came:\n{seen}\n\nthe chat so far:\n{}",
            self.name(),
            self.printed()
        );
        seen
    }

    pub async fn expect_all(&self, wanted: &[&[&str]]) -> Vec<Seen> {
        let mut seen = Vec::with_capacity(wanted.len());
        for _ in wanted {
            seen.push(self.next().await);
        }
        for parts in wanted {
            let there = seen.iter().any(|seen| parts.iter().all(|part| seen.shows(part)));
            assert!(there, "{} was to see {parts:?}, but these came: {seen:#?}", self.name());
        }
        seen
    }

    pub async fn quiet(&self, millis: u64) {
        if let Some(seen) = self.next_within(Duration::from_millis(millis)).await {
            panic!("{} was to see nothing, but this came:\n{seen}", self.name());
        }
    }

    /// The person's name or the group's title.
    pub fn name(&self) -> String {
        let state = self.sandbox.core().lock();
        let person = state.people.get(&self.chat);
        let name = person.map(|person| person.first_name.clone());
        let title = || state.chats.get(&self.chat).map(|chat| chat.record.title.clone());
        name.or_else(title).unwrap_or_default()
    }

    /// The whole chat as text, for a panic.
    pub fn printed(&self) -> String {
        let state = self.sandbox.core().lock();
        let ids = state.chain(self.chat);
        let lines = state.lines.iter().filter(|line| ids.contains(&line.chat_id));
        let lines: Vec<String> = lines.map(ToString::to_string).collect();
        lines.join("\n")
    }
}
