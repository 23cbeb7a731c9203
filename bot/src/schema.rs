//! Which handler an update goes to: the whole tree on one screen.

use crate::app::{App, Handled, UpdateNo};
use crate::handlers::{admin, customer, groups, inline};
use teloxide::dispatching::{DpHandlerDescription, UpdateFilterExt};
use teloxide::dptree::{self, Handler, Type};
use teloxide::types::{Message, Update};

/// The tree of handlers.
pub type Schema = Handler<'static, Handled, DpHandlerDescription>;

/// Builds the tree.
#[must_use]
pub fn schema() -> Schema {
    dptree::entry()
        .branch(Update::filter_my_chat_member().endpoint(customer::membership))
        .branch(Update::filter_inline_query().endpoint(inline::query))
        .branch(
            Update::filter_callback_query()
                .branch(dptree::filter_async(admin::is_pressed_there).endpoint(admin::press))
                .branch(dptree::endpoint(customer::press)),
        )
        .branch(
            Update::filter_message()
                .branch(dptree::filter(|message: Message| message.chat.is_private()).endpoint(customer::message))
                .branch(dptree::filter(groups::is_migration).endpoint(groups::migrated))
                // A shared card is no command, nor anybody's answer to a question.
                .branch(dptree::filter(inline::is_ours).endpoint(|| async { Ok(()) }))
                .branch(dptree::filter_async(admin::is_written_there).endpoint(admin::message))
                .branch(dptree::endpoint(groups::message)),
        )
}

/// Whether every handler gets what it asks for: dptree would panic at the first update instead.
///
/// # Panics
/// When one does not: at the start, not in the middle of someone's order.
pub fn check(schema: &Schema) {
    let given = [Type::of::<App>(), Type::of::<Update>(), Type::of::<UpdateNo>()];
    dptree::type_check(schema.sig(), &dptree::deps![], &given);
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_handler_gets_what_it_asks_for() {
        super::check(&super::schema());
    }
}
