//! What a button means: parsed from callback data and printed to it. At most 64 bytes, versioned; never an amount, never a permission.

use mela_core::notifications::Topic;
use std::fmt;
use std::str::FromStr;

/// The version that leads all callback data. Data of another version is an old button.
const VERSION: &str = "1";

/// The data is not of this version, or not ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a button of this version")]
pub struct Stale;

/// Declares the buttons: each with its letters and the types of what it carries. Printing, parsing and whose they are come from one list.
macro_rules! presses {
    (customers { $($customers:tt)+ } staff { $($staffs:tt)+ }) => {
        presses! { @all $($customers)+ $($staffs)+ }
        presses! { @staff $($staffs)+ }
    };
    (@staff $($(#[$doc:meta])* $name:ident $(($($arg:ident: $kind:ty),+))? = $tag:literal,)+) => {
        impl Press {
            /// Whether it belongs to the admin chat.
            #[must_use]
            pub fn is_staffs(&self) -> bool {
                matches!(self, $(Self::$name { .. })|+)
            }
        }
    };
    (@all $($(#[$doc:meta])* $name:ident $(($($arg:ident: $kind:ty),+))? = $tag:literal,)+) => {
        /// A button press.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Press { $($(#[$doc])* $name $(($($kind),+))?,)+ }

        impl fmt::Display for Press {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name $(($($arg),+))? => {
                        write!(f, "{VERSION}|{}", $tag)?;
                        $($(write!(f, "|{}", $arg)?;)+)?
                        Ok(())
                    })+
                }
            }
        }

        impl FromStr for Press {
            type Err = Stale;

            fn from_str(data: &str) -> Result<Self, Stale> {
                let mut parts = data.split('|');
                if parts.next() != Some(VERSION) {
                    return Err(Stale);
                }
                let press = match parts.next().ok_or(Stale)? {
                    $($tag => Self::$name $(($({ let part: $kind = parts.next().and_then(|p| p.parse().ok()).ok_or(Stale)?; part }),+))?,)+
                    _ => return Err(Stale),
                };
                if parts.next().is_some() { Err(Stale) } else { Ok(press) }
            }
        }
    };
}

/// An order's, withdrawal's or plan's code in a button.
pub type Code = String;

presses! {
    customers {
        /// Home.
        Home = "home",
        /// The plans.
        Plans = "plans",
        /// One plan.
        Plan(code: Code) = "plan",
        /// Order a plan.
        Buy(code: Code) = "buy",
        /// The cart.
        Cart = "cart",
        /// One of a plan into the cart, unless it is there.
        AddToCart(code: Code) = "cadd",
        /// So many of a plan in the cart, whatever there was.
        PutInCart(code: Code, quantity: i16) = "cput",
        /// Everything out of the cart.
        EmptyCart = "cout",
        /// Ask for a coupon's code.
        AskCoupon = "cask",
        /// The coupon off the cart.
        RemoveCoupon = "cnone",
        /// Order what is in the cart.
        CheckOut = "cbuy",
        /// Order what is in the cart for whoever opens its link.
        CheckOutGift = "cgift",
        /// Pay an order from the wallet.
        PayFromWallet(code: Code) = "paw",
        /// As much of an order as the wallet has, from the wallet.
        SetAside(code: Code) = "wpart",
        /// The invoice of an order in Stars.
        PayStars(code: Code) = "stars",
        /// Add money to the wallet (asks how much).
        AddMoney = "addm",
        /// Add the sum with this number.
        AddMoneyOf(number: u8) = "addmo",
        /// A person's order.
        Order(code: Code) = "order",
        /// A page of a person's orders.
        Orders(page: u32) = "orders",
        /// The payment screen of an order.
        Pay(code: Code) = "pay",
        /// Make a page at this gateway on which an order is paid.
        PayOnline(code: Code, gateway: Code) = "pon",
        /// I have paid.
        Paid(code: Code) = "paid",
        /// Cancel an order.
        CancelOrder(code: Code) = "drop",
        /// The waiting proof is for this order.
        ProofFor(code: Code) = "proof",
        /// What was delivered for an order, shown once more.
        Credentials(code: Code) = "cred",
        /// An order's receipt, as a file.
        Receipt(code: Code) = "rcpt",
        /// A further page of what was delivered for an order.
        MoreCredentials(code: Code, page: u32) = "credm",
        /// A page of what a person has.
        Subscriptions(page: u32) = "subs",
        /// One of them.
        Subscription(id: i64) = "sub",
        /// What it is logged in with.
        SubscriptionCredentials(id: i64) = "subc",
        /// Order its renewal.
        Renew(id: i64) = "renew",
        /// Whether it is to be renewed from the wallet.
        AutoRenew(id: i64, on: bool) = "auto",
        /// Report a problem with it (asks which).
        Report(id: i64) = "rep",
        /// Report the problem with this number.
        ReportFor(id: i64, problem: u8) = "repf",
        /// Report a problem in words.
        ReportOther(id: i64) = "repo",
        /// The wallet.
        Wallet = "wallet",
        /// A page of the statement, below an entry (0: the newest).
        Statement(before: i64) = "stmt",
        /// The statement of all a person's accounts as a file.
        StatementFile = "stmtf",
        /// Refer & earn.
        Refer = "refer",
        /// What the link brought, with a chart.
        ReferFigures = "rfig",
        /// A page of who joined by it, below a row (0: the newest).
        ReferFriends(below: i64) = "rfrd",
        /// The leaderboard of this week.
        BoardWeek = "bdw",
        /// The leaderboard of this month.
        BoardMonth = "bdm",
        /// The leaderboard of a contest.
        BoardContest(id: i64) = "bdc",
        /// Whether the person's masked name is seen on leaderboards.
        AppearOnBoards(on: bool) = "bdon",
        /// Choose a code of one's own (asks for it).
        AskVanity = "vna",
        /// This one.
        TakeVanity(code: Code) = "vnt",
        /// A page of the commissions.
        Earnings(page: u32) = "earn",
        /// Say something to what is being checked (asks what).
        Appeal(flag: i64) = "apl",
        /// What bringing people earns.
        Programme = "rules",
        /// Begin a withdrawal.
        Withdraw = "wd",
        /// To the UPI id with this mark.
        WithdrawTo(mark: u32) = "wdto",
        /// All that can be withdrawn.
        WithdrawAll = "wdall",
        /// Ask for the drafted withdrawal.
        WithdrawConfirm(draft: i64) = "wdok",
        /// Leave the drafted withdrawal.
        WithdrawDrop = "wdno",
        /// The UPI ids that are kept.
        Upi = "upi",
        /// Keep another (asks for it).
        AddUpi = "upia",
        /// Keep the one with this mark no more.
        RemoveUpi(mark: u32) = "upir",
        /// Ask for the PAN, for this drafted withdrawal.
        AskPan(draft: i64) = "pan",
        /// What tax was withheld, as a file.
        TaxFile = "tdsf",
        /// Help.
        Help = "help",
        /// A page of what the person was told, below a row (0: the newest).
        Notifications(below: i64) = "told",
        /// What the person is told, and what not.
        NotificationSettings = "mutes",
        /// Mute a topic, or no longer.
        Mute(topic: Topic, on: bool) = "mute",
        /// The languages.
        Language = "lang",
        /// Speak this language.
        Speak(language: Code) = "speak",
        /// What is kept of a person.
        Privacy = "prv",
        /// A copy of it, as a file.
        PrivacyCopy = "prvc",
        /// What deleting the account would mean.
        PrivacyErase = "prve",
        /// Whether that is meant; carries what was shown to be lost.
        PrivacySure(mark: u32) = "prvs",
        /// Delete the account.
        PrivacyConfirm(mark: u32) = "prvok",
        /// A page of the platforms.
        Platforms(page: u32) = "pfs",
        /// A page of the plans of the platform that a plan is of.
        Platform(plan: i64, page: u32) = "pf",
        /// A page of the plans of the category that a plan is of.
        Category(plan: i64, page: u32) = "ct",
        /// To be told when a plan is back, or no more.
        AwaitPlan(code: Code, on: bool) = "wt",
    }
    staff {
        /// Staff: delete a person's account; carries what was shown to be lost.
        ErasePerson(id: i64, mark: u32) = "erok",
        /// Staff: leave it.
        EraseDrop = "erno",
        /// Staff: approve a payment.
        ApprovePayment(id: i64) = "pa",
        /// Staff: reject a payment (asks why).
        RejectPayment(id: i64) = "pr",
        /// Staff: reject a payment for the reason with this number.
        RejectPaymentFor(id: i64, reason: u8) = "prr",
        /// Staff: reject a payment for a reason in words.
        RejectPaymentOther(id: i64) = "pro",
        /// Staff: the payment's card as it was.
        PaymentCard(id: i64) = "pc",
        /// Staff: an order's receipt, as a file.
        ReceiptOf(order: i64) = "rcpts",
        /// Staff: deliver an order by hand.
        Deliver(order: i64) = "dl",
        /// Staff: approve a withdrawal.
        ApproveWithdrawal(id: i64) = "wa",
        /// Staff: reject a withdrawal (asks why).
        RejectWithdrawal(id: i64) = "wr",
        /// Staff: reject a withdrawal, or say that it could not be paid, for the reason with this number.
        RefuseWithdrawalFor(id: i64, reason: u8) = "wrr",
        /// Staff: the same for a reason in words.
        RefuseWithdrawalOther(id: i64) = "wro",
        /// Staff: the withdrawal's card as it was.
        WithdrawalCard(id: i64) = "wc",
        /// Staff: mark a withdrawal paid (asks for the UTR).
        MarkPaid(id: i64) = "wp",
        /// Staff: an approved withdrawal could not be paid (asks why).
        CouldNotPay(id: i64) = "wf",
        /// Staff: pay a withdrawal through the gateway.
        PayByGateway(id: i64) = "wx",
        /// Staff: payouts that were given to the bank before, once more; whether that is meant.
        GivePayouts(sure: bool) = "pyg",
        /// Staff: leave it.
        LeavePayouts = "pyl",
        /// Staff: apply a checked answer of the bank.
        ApplyAnswer(id: i64) = "pya",
        /// Staff: a refund's draft from its beginning.
        RefundBegin(draft: i64) = "rb",
        /// Staff: another amount (asks for it).
        RefundPart(draft: i64) = "rp",
        /// Staff: this amount; asks where to.
        RefundWhere(draft: i64) = "rw",
        /// Staff: to the wallet.
        RefundToWallet(draft: i64) = "rtw",
        /// Staff: back the way it was paid.
        RefundBack(draft: i64) = "rtb",
        /// Staff: by UPI (asks for the UPI id).
        RefundByUpi(draft: i64) = "rtu",
        /// Staff: there; asks why.
        RefundWhy(draft: i64) = "ry",
        /// Staff: for the reason with this number.
        RefundFor(draft: i64, reason: u8) = "ryr",
        /// Staff: for a reason in words.
        RefundOther(draft: i64) = "ryo",
        /// Staff: refund as drafted.
        RefundConfirm(draft: i64) = "rok",
        /// Staff: leave the draft.
        RefundDrop(draft: i64) = "rno",
        /// Staff: a refund's card as it was.
        RefundCard(id: i64) = "rc",
        /// Staff: mark a refund sent (asks for the UTR).
        RefundSent(id: i64) = "rs",
        /// Staff: a refund could not be sent (asks why).
        RefundNotSent(id: i64) = "rf",
        /// Staff: it could not be sent for the reason with this number.
        RefundNotSentFor(id: i64, reason: u8) = "rfr",
        /// Staff: the same for a reason in words.
        RefundNotSentOther(id: i64) = "rfo",
        /// Staff: bring a refund's card again.
        BringRefund(id: i64) = "br",
        /// Staff: what they asked for of a wallet is meant.
        ConfirmAsk(id: i64) = "akc",
        /// Staff: somebody else asked for it, and it is right.
        ApproveAsk(id: i64) = "aka",
        /// Staff: it is not to be.
        RejectAsk(id: i64) = "akr",
        /// Staff: show it again.
        BringAsk(id: i64) = "bak",
        /// Staff: replace what a ticket is about.
        ReplaceTicket(id: i64) = "tr",
        /// Staff: the same, and nothing of its account is sold any more.
        RetireTicket(id: i64) = "tra",
        /// Staff: write to whoever opened a ticket.
        AnswerTicket(id: i64) = "ta",
        /// Staff: close a ticket.
        CloseTicket(id: i64) = "tc",
        /// Staff: bring a ticket's card again.
        BringTicket(id: i64) = "bt",
        /// Staff: a page of any account's statement, below a position (0: the newest).
        Account(account: i64, before: i64) = "acct",
        /// Staff: an account's statement as a file.
        AccountFile(account: i64) = "acctf",
        /// Staff: bring a payment's card again.
        BringPayment(id: i64) = "bp",
        /// Staff: bring a withdrawal's card again.
        BringWithdrawal(id: i64) = "bw",
        /// Staff: put a product at this place.
        MoveProduct(id: i64, to: i64) = "pm",
        /// Staff: put a product at a place (asks for it).
        PlaceProduct(id: i64) = "pp",
        /// Staff: give a product a picture (asks for it).
        PictureProduct(id: i64) = "pi",
        /// Staff: take a product's picture away.
        DropPicture(id: i64) = "px",
        /// Staff: a page of all products.
        Products(page: u32) = "pl",
        /// Staff: one product.
        Product(id: i64) = "pd",
        /// Staff: change a product's field with this number (asks for the value).
        EditProduct(id: i64, field: u8) = "pe",
        /// Staff: put a product on sale, or take it off.
        SwitchProduct(id: i64, on: bool) = "psw",
        /// Staff: a product as customers see it.
        PreviewProduct(id: i64) = "pv",
        /// Staff: create a product (asks for what it is).
        NewProduct = "pn",
        /// Staff: a page of all coupons.
        Coupons(page: u32) = "kl",
        /// Staff: one coupon.
        Coupon(id: i64) = "kd",
        /// Staff: switch a coupon on or off; whether the button said that it sells below cost.
        SwitchCoupon(id: i64, on: bool, told: bool) = "ksw",
        /// Staff: a page of all campaigns.
        Campaigns(page: u32) = "cpl",
        /// Staff: one campaign.
        Campaign(name: Code) = "cpd",
        /// Staff: a page of all contests.
        Contests(page: u32) = "cnl",
        /// Staff: one contest.
        Contest(id: i64) = "cnd",
        /// Staff: start a drafted contest.
        StartContest(id: i64) = "cns",
        /// Staff: a contest is not to be.
        CancelContest(id: i64) = "cnx",
        /// Staff: the prices of a product beside its own.
        Prices(plan: i64) = "pq",
        /// Staff: add a price (asks for it).
        AddPrice(plan: i64) = "pqa",
        /// Staff: take a price of a product away.
        RemovePrice(plan: i64, price: i64) = "pqr",
        /// Staff: apply a checked file.
        ApplyImport(id: i64) = "ia",
        /// Staff: what is in stock.
        Stock = "st",
        /// Staff: what is in stock of a plan.
        Shelf(plan: i64) = "sh",
        /// Staff: add an account of a plan (asks for it).
        AddAccount(plan: i64) = "sa",
        /// Staff: load a checked file of accounts.
        ApplyStock(id: i64) = "is",
        /// Staff: a page of the money that waits, for the reason with this number.
        Credits(why: u8, page: u32) = "mq",
        /// Staff: a credit's card as it was.
        Credit(id: i64) = "mc",
        /// Staff: bring a credit's card again.
        BringCredit(id: i64) = "bm",
        /// Staff: a credit is for this order; what is over waits.
        CreditTo(id: i64, order: i64) = "mo",
        /// Staff: a credit is for this order; what is over goes to its buyer's wallet.
        CreditToAll(id: i64, order: i64) = "mow",
        /// Staff: a credit is for another order (asks which).
        CreditOther(id: i64) = "moo",
        /// Staff: what is left of a credit goes to this person's wallet.
        CreditWallet(id: i64, person: i64) = "mw",
        /// Staff: it goes to somebody's wallet (asks whose).
        CreditWho(id: i64) = "mwa",
        /// Staff: it was sent back (asks for the reference).
        CreditBack(id: i64) = "mb",
        /// Staff: the people of a flag are blocked (asks why).
        FlagBlock(id: i64) = "fb",
        /// Staff: for the reason with this number.
        FlagBlockFor(id: i64, reason: u8) = "fbr",
        /// Staff: for a reason in words.
        FlagBlockOther(id: i64) = "fbo",
        /// Staff: the commissions of a flag are taken back (asks why).
        FlagTakeBack(id: i64) = "ft",
        /// Staff: for the reason with this number.
        FlagTakeBackFor(id: i64, reason: u8) = "ftr",
        /// Staff: for a reason in words.
        FlagTakeBackOther(id: i64) = "fto",
        /// Staff: a flag is nothing.
        FlagDismiss(id: i64) = "fd",
        /// Staff: ask the person of a flag.
        FlagAsk(id: i64) = "fa",
        /// Staff: ask this one of its people.
        FlagAskWhom(id: i64, person: i64) = "faw",
        /// Staff: a flag's card as it was.
        FlagCard(id: i64) = "fc",
        /// Staff: bring a flag's card again.
        BringFlag(id: i64) = "bf",
        /// Staff: a page of the flags in this state, of this rule, of this weight, below a flag (0: the newest).
        Fraud(state: u8, rule: u8, weight: u8, before: i64) = "fq",
        /// Staff: the rules by which flags are chosen.
        FraudRules(state: u8, weight: u8) = "fqr",
        /// Staff: a page of a person's tree, after a friend (0: the top), with so many before it.
        Tree(person: i64, after: i64, above: u32) = "tree",
        /// Staff: the page that ends before a friend.
        TreeBefore(person: i64, before: i64, above: u32) = "treeb",
        /// Staff: the top of a person's tree, in a message of its own.
        TreeOf(person: i64) = "treeo",
        /// Staff: a person's tree as a file.
        TreeFile(person: i64) = "treef",
        /// Staff: what waits of payments, and what was confirmed.
        Watch = "vw",
        /// Staff: a page of the payments to check.
        WatchWaiting(page: u32) = "vww",
        /// Staff: a page of what was confirmed within so many days.
        WatchConfirmed(days: u8, page: u32) = "vwc",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_and_parsed_alike_within_telegrams_limit() {
        for press in [
            Press::Home,
            Press::Plan("x".repeat(40)),
            Press::Orders(u32::MAX),
            Press::Statement(i64::MAX),
            Press::WithdrawConfirm(i64::MIN),
            Press::RejectPaymentFor(i64::MAX, 255),
            Press::RefuseWithdrawalFor(i64::MAX, 255),
            Press::EditProduct(i64::MAX, 255),
            Press::SwitchProduct(1, true),
            Press::Platform(i64::MAX, u32::MAX),
            Press::Notifications(i64::MAX),
            Press::Mute(Topic::Commissions, true),
            Press::Speak("hi".to_owned()),
            Press::RefundFor(i64::MIN, 255),
            Press::PutInCart("x".repeat(40), i16::MIN),
            Press::MoveProduct(i64::MAX, i64::MAX),
            Press::AwaitPlan("x".repeat(40), false),
            Press::AutoRenew(i64::MAX, false),
            Press::ReportFor(i64::MAX, 255),
            Press::CreditToAll(i64::MAX, i64::MAX),
            Press::CreditWallet(i64::MIN, i64::MIN),
            Press::Credits(255, u32::MAX),
            Press::TreeBefore(i64::MIN, i64::MIN, u32::MAX),
            Press::FlagAskWhom(i64::MIN, i64::MIN),
            Press::Fraud(255, 255, 255, i64::MIN),
            Press::WithdrawTo(u32::MAX),
            Press::AskPan(i64::MIN),
            Press::GivePayouts(true),
            Press::ApplyAnswer(i64::MAX),
        ] {
            let data = press.to_string();
            assert!(data.len() <= 64, "{data}");
            assert_eq!(data.parse::<Press>(), Ok(press));
        }
    }

    #[test]
    fn whose_a_button_is_is_told_by_its_group() {
        assert!(!Press::Home.is_staffs() && !Press::CancelOrder("x".into()).is_staffs());
        assert!(Press::NewProduct.is_staffs() && Press::RejectPaymentFor(1, 1).is_staffs() && Press::ErasePerson(1, 1).is_staffs());
    }

    #[test]
    fn forged_or_old_data_is_stale() {
        for data in [
            "",
            "1",
            "1|",
            "0|home",
            "1|nothing",
            "1|home|more",
            "1|pa",
            "1|pa|x",
            "1|pa|1|2",
            "1|prr|1|256",
            "1|psw|1|maybe",
            "1|mute|money|true",
            "1|mute|joins",
            "pa|1",
            "1|pa|99999999999999999999",
        ] {
            assert_eq!(data.parse::<Press>(), Err(Stale), "{data}");
        }
    }
}
