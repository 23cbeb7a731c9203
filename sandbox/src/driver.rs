//! People and groups as a test drives them.

use crate::{
    Sandbox,
    acts::Parcel,
    records::Status,
    story::{Button, Seen},
    watch::View,
};

/// A person in a chat: what [`Person`] and [`Member`] have in common.
#[derive(Debug, Clone)]
struct Seat {
    person: i64,
    view: View,
}

impl Seat {
    fn deliver(&self, parcel: Parcel<'_>, reply_to: Option<i64>) -> i64 {
        let sent = {
            let mut state = self.view.sandbox.core().lock();
            let chat = state.current(self.view.chat);
            state.send(self.person, chat, parcel, reply_to)
        };
        match sent {
            Ok(id) => id,
            Err(why) => panic!("the message could not be sent: {why}"),
        }
    }

    fn press(&self, caption: &str) -> String {
        let found = {
            let state = self.view.sandbox.core().lock();
            let mut newest = state.history(self.view.chat).rev();
            newest.find_map(|message| {
                let seen = state.seen(message);
                let button = seen.button(caption).cloned()?;
                Some((seen, button))
            })
        };
        match found {
            Some((message, button)) => self.push(&message, &button),
            None => panic!(
                "no button of {} says “{caption}”; there are: {:?}\n{}",
                self.view.name(),
                self.view.messages().iter().flat_map(Seen::captions).collect::<Vec<_>>(),
                self.view.printed()
            ),
        }
    }

    fn press_on(&self, message_id: i64, caption: &str) -> String {
        let found = {
            let state = self.view.sandbox.core().lock();
            let chat = state.holder(self.view.chat, message_id);
            state.message(chat, message_id).map(|message| state.seen(message))
        };
        let Some(message) = found else {
            panic!("there is no message {message_id} in the chat of {}", self.view.name());
        };
        match message.button(caption) {
            Some(button) => self.push(&message, button),
            None => panic!("no button says “{caption}” on this message:\n{message}"),
        }
    }

    fn push(&self, message: &Seen, button: &Button) -> String {
        let Some(data) = &button.data else {
            panic!("“{}” opens a link or copies; it calls nobody", button.caption);
        };
        self.call(message.chat_id, message.message_id, data, &button.caption)
    }

    fn press_data(&self, message_id: i64, data: &str) -> String {
        let chat = {
            let state = self.view.sandbox.core().lock();
            state.holder(self.view.chat, message_id)
        };
        self.call(chat, message_id, data, data)
    }

    fn call(&self, chat: i64, message_id: i64, data: &str, caption: &str) -> String {
        let pressed = {
            let mut state = self.view.sandbox.core().lock();
            state.press(self.person, chat, message_id, data, caption)
        };
        match pressed {
            Ok(id) => id,
            Err(why) => panic!("the button could not be pressed: {why}"),
        }
    }

    async fn alert(&self, query: &str) -> Option<String> {
        let core = self.view.sandbox.core();
        match answered(core, query, core.patience).await {
            Some(answer) => answer.text,
            None => panic!("the press {query} was not answered:\n{}", self.view.printed()),
        }
    }
}

/// The answer of a callback query, once it is there; `None` when the time is over.
pub(crate) async fn answered(core: &crate::Core, query: &str, wait: std::time::Duration) -> Option<crate::records::Answer> {
    let until = tokio::time::Instant::now() + wait;
    loop {
        let wake = core.lock().queries.get(query)?.1.clone();
        let changed = wake.notified();
        tokio::pin!(changed);
        changed.as_mut().enable();
        let answer = core.lock().queries.get(query)?.0.answer.clone();
        if answer.is_some() {
            return answer;
        }
        tokio::time::timeout_at(until, changed).await.ok()?;
    }
}

/// A person, in the private chat with the bot.
#[derive(Debug, Clone)]
pub struct Person(Seat);

impl Person {
    pub(crate) fn new(sandbox: Sandbox, id: i64) -> Person {
        Person(Seat { person: id, view: View { sandbox, chat: id } })
    }

    pub(crate) fn sandbox(&self) -> &Sandbox {
        &self.0.view.sandbox
    }

    /// The user id, which is also the private chat's id.
    pub fn id(&self) -> i64 {
        self.0.person
    }

    /// The first name.
    pub fn first_name(&self) -> String {
        self.0.view.name()
    }

    /// The same person with a username (without `@`).
    pub fn with_username(self, username: &str) -> Person {
        let username = Some(username.trim_start_matches('@').to_owned());
        {
            let mut state = self.0.view.sandbox.core().lock();
            state.change_person(self.id(), |person| person.username = username);
        }
        self
    }

    /// The same person with an app in another language than English.
    pub fn with_language(self, code: &str) -> Person {
        {
            let mut state = self.0.view.sandbox.core().lock();
            state.change_person(self.id(), |person| person.language = Some(code.to_owned()));
        }
        self
    }

    /// Writes to the bot; gives the `message_id`.
    pub fn send(&self, text: &str) -> i64 {
        self.0.deliver(Parcel::Text(text), None)
    }

    /// Writes to the bot as a reply to a message of the chat.
    pub fn reply_to(&self, message_id: i64, text: &str) -> i64 {
        self.0.deliver(Parcel::Text(text), Some(message_id))
    }

    /// Sends a photo.
    pub fn send_photo(&self, png: &[u8], caption: Option<&str>) -> i64 {
        self.0.deliver(Parcel::Photo(png, caption), None)
    }

    /// Sends a file as a document.
    pub fn send_document(&self, name: &str, bytes: &[u8], caption: Option<&str>) -> i64 {
        self.0.deliver(Parcel::Document(name, bytes, caption), None)
    }

    /// Sends a sticker.
    pub fn send_sticker(&self) -> i64 {
        self.0.deliver(Parcel::Sticker, None)
    }

    /// Sends what an earlier message of this chat holds again, under the same `file_unique_id`.
    pub fn send_again(&self, message_id: i64) -> i64 {
        self.0.deliver(Parcel::Again(message_id), None)
    }

    /// Presses the button whose caption contains this on the newest message that has such a one.
    pub fn press(&self, caption: &str) -> String {
        self.0.press(caption)
    }

    /// Presses a button of one message.
    pub fn press_on(&self, message_id: i64, caption: &str) -> String {
        self.0.press_on(message_id, caption)
    }

    /// Sends a press with forged data.
    pub fn press_data(&self, message_id: i64, data: &str) -> String {
        self.0.press_data(message_id, data)
    }

    /// Blocks the bot.
    pub fn block_bot(&self) {
        self.0.view.sandbox.core().lock().set_blocked(self.id(), true);
    }

    /// Unblocks the bot.
    pub fn unblock_bot(&self) {
        self.0.view.sandbox.core().lock().set_blocked(self.id(), false);
    }

    /// The next thing the bot showed here: a new message or an edit, oldest first.
    pub async fn next(&self) -> Seen {
        self.0.view.next().await
    }

    /// The next thing, which must contain every part in its text or on its buttons.
    pub async fn expect(&self, parts: &[&str]) -> Seen {
        self.0.view.expect(parts).await
    }

    /// Panics when anything comes within that time.
    pub async fn quiet(&self, millis: u64) {
        self.0.view.quiet(millis).await;
    }

    /// Waits until the press was answered; the text it was answered with.
    pub async fn alert(&self, callback_query_id: &str) -> Option<String> {
        self.0.alert(callback_query_id).await
    }

    /// The same person in a group, as a member of it.
    pub fn in_group(&self, group: &Group) -> Member {
        let sandbox = self.0.view.sandbox.clone();
        sandbox.core().lock().join(group.0.chat, self.id());
        Member(Seat { person: self.id(), view: View { sandbox, chat: group.0.chat } })
    }

    /// The messages of the private chat as they stand now, the person's own too.
    pub fn chat(&self) -> Vec<Seen> {
        self.0.view.messages()
    }
}

/// A person in a group.
#[derive(Debug, Clone)]
pub struct Member(Seat);

impl Member {
    /// The user id.
    pub fn id(&self) -> i64 {
        self.0.person
    }

    /// Writes in the group; gives the `message_id`.
    pub fn send(&self, text: &str) -> i64 {
        self.0.deliver(Parcel::Text(text), None)
    }

    /// Replies to a message of the group.
    pub fn reply_to(&self, message_id: i64, text: &str) -> i64 {
        self.0.deliver(Parcel::Text(text), Some(message_id))
    }

    /// Sends a photo.
    pub fn send_photo(&self, png: &[u8], caption: Option<&str>) -> i64 {
        self.0.deliver(Parcel::Photo(png, caption), None)
    }

    /// Sends a file as a document.
    pub fn send_document(&self, name: &str, bytes: &[u8], caption: Option<&str>) -> i64 {
        self.0.deliver(Parcel::Document(name, bytes, caption), None)
    }

    /// Presses the button whose caption contains this on the newest message that has such a one.
    pub fn press(&self, caption: &str) -> String {
        self.0.press(caption)
    }

    /// Presses a button of one message.
    pub fn press_on(&self, message_id: i64, caption: &str) -> String {
        self.0.press_on(message_id, caption)
    }

    /// Sends a press with forged data.
    pub fn press_data(&self, message_id: i64, data: &str) -> String {
        self.0.press_data(message_id, data)
    }

    /// Waits until the press was answered; the text it was answered with.
    pub async fn alert(&self, callback_query_id: &str) -> Option<String> {
        self.0.alert(callback_query_id).await
    }
}

/// A group the bot is in.
#[derive(Debug, Clone)]
pub struct Group(View);

impl Group {
    pub(crate) fn new(sandbox: Sandbox, chat: i64) -> Group {
        Group(View { sandbox, chat })
    }

    /// The id it has now.
    pub fn id(&self) -> i64 {
        self.0.sandbox.core().lock().current(self.0.chat)
    }

    /// The next thing the bot showed here: a new message or an edit, oldest first.
    pub async fn next(&self) -> Seen {
        self.0.next().await
    }

    /// The next thing, which must contain every part in its text or on its buttons.
    pub async fn expect(&self, parts: &[&str]) -> Seen {
        self.0.expect(parts).await
    }

    /// What comes next, in whatever order: for things that come by two ways.
    pub async fn expect_all(&self, wanted: &[&[&str]]) -> Vec<Seen> {
        self.0.expect_all(wanted).await
    }

    /// Panics when anything comes within that time.
    pub async fn quiet(&self, millis: u64) {
        self.0.quiet(millis).await;
    }

    /// The messages as they stand now, everybody's.
    pub fn chat(&self) -> Vec<Seen> {
        self.0.messages()
    }

    /// Makes it a supergroup; gives the new id, which this handle follows.
    pub fn upgrade_to_supergroup(&self) -> i64 {
        self.0.sandbox.core().lock().upgrade(self.0.chat)
    }

    /// Makes the bot an administrator, or a plain member under privacy mode.
    pub fn bot_is_administrator(&self, on: bool) {
        let status = if on { Status::Administrator } else { Status::Member };
        self.0.sandbox.core().lock().set_bot_status(self.0.chat, status);
    }

    /// Removes the bot from the group.
    pub fn remove_bot(&self) {
        self.0.sandbox.core().lock().set_bot_status(self.0.chat, Status::Left);
    }
}
