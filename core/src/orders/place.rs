//! Orders are placed: of one plan, of a cart, for a subscription that is to last longer.

use super::{Order, OrderError, OrderState, entity, expire_in, unique};
use crate::catalog::{self, Plan};
use crate::commissions::{self, Rates};
use crate::db::{Applied, Tx, retrying, sql};
use crate::money::Rupees;
use crate::users::User;
use crate::{Core, welcome};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// Units that one order has at most.
pub const MOST_UNITS: usize = 20;
/// Stars that Telegram takes at once, at most.
const MOST_STARS: i32 = 100_000;
/// The longest title of an order: of more plans than fit the last are left out.
const TITLE: usize = 120;

/// Some of one plan, at what each costs now.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) plan: Plan,
    pub(crate) quantity: i16,
    pub(crate) price: Rupees,
}

impl Line {
    pub(crate) fn total(&self) -> Rupees {
        (0..self.quantity).map(|_| self.price).sum()
    }

    pub(crate) fn cost(&self) -> Rupees {
        (0..self.quantity).map(|_| self.plan.cost).sum()
    }
}

/// An order to be placed.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) lines: Vec<Line>,
    /// Whether it is of one plan, without a cart: the same again is the order that is open.
    pub(crate) direct: bool,
    /// The coupon and what it takes off.
    pub(crate) coupon: Option<(i64, Rupees)>,
    /// Which subscription it renews: the same again is the order that is open.
    pub(crate) renews: Option<i64>,
    pub(crate) gift: bool,
    /// Whether its profit is shared with the referrers.
    pub(crate) earns: bool,
    /// Whether its money is awaited from outside, where it may need an amount of its own.
    pub(crate) awaited: bool,
}

impl Draft {
    /// What it costs in Stars: where all that is in it has such a price, and no coupon or friend's gift takes something off.
    fn stars(&self, friend_off: Rupees) -> Option<i32> {
        let of = |line: &Line| line.plan.stars?.checked_mul(i32::from(line.quantity));
        let sum = self.lines.iter().try_fold(0_i32, |sum, line| sum.checked_add(of(line)?));
        sum.filter(|sum| self.coupon.is_none() && !friend_off.is_positive() && (1..=MOST_STARS).contains(sum))
    }

    fn title(&self) -> String {
        let mut title = String::new();
        for line in &self.lines {
            let part = if line.quantity > 1 {
                format!("{} × {}", line.plan.title, line.quantity)
            } else {
                line.plan.title.clone()
            };
            if !title.is_empty() && title.chars().count() + part.chars().count() > TITLE {
                title.push_str(", …");
                break;
            }
            if !title.is_empty() {
                title.push_str(", ");
            }
            title.push_str(&part);
        }
        title
    }
}

/// Orders a plan; while an order for it awaits payment, that one is the answer.
///
/// # Errors
/// The plan is not for sale.
pub async fn place(core: &Core, buyer: &User, plan_code: &str) -> Result<Applied<Order>, OrderError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let plan = catalog::by_code(&tx, plan_code).await?.ok_or(OrderError::NotForSale)?;
        let price = catalog::price_of(&tx, &plan, 1, core.now()).await?;
        let line = Line { plan, quantity: 1, price };
        let draft = Draft { lines: vec![line], direct: true, coupon: None, renews: None, gift: false, earns: true, awaited: true };
        let placed = place_draft_in(core, &tx, buyer, &draft).await?;
        tx.commit().await?;
        Ok(placed)
    })
    .await
}

/// Places it; while the same awaits payment, that one is the answer.
pub(crate) async fn place_draft_in(core: &Core, tx: &Tx, buyer: &User, draft: &Draft) -> Result<Applied<Order>, OrderError> {
    let settings = core.settings_store().get(tx).await?;
    let now = core.now();
    let total: Rupees = draft.lines.iter().map(Line::total).sum();
    let cost: Rupees = draft.lines.iter().map(Line::cost).sum();
    let coupon = draft.coupon.map_or(Rupees::ZERO, |(_, discount)| discount);
    // A coupon comes first, and the gift takes its part of the rest. A renewal is no first order.
    let friend_off = if draft.renews.is_some() {
        Rupees::ZERO
    } else {
        welcome::take_in(tx, &settings.friend, buyer.user_id(), total - coupon, cost).await?
    };
    let mut discount = coupon + friend_off;
    if draft.awaited && settings.upi.unique_amount {
        discount = discount + unique::offset_in(core, tx, total - discount).await?;
    }
    let rates = if draft.earns {
        commissions::rates_of(tx, &settings, buyer.referred_by, &draft.lines, now).await?
    } else {
        Rates::NONE
    };
    let units = || draft.lines.iter().flat_map(|line| (0..line.quantity).map(move |_| line));
    let placed = entity::Entity::find()
        .from_raw_sql(sql(
            "WITH placed AS (
               INSERT INTO orders (code, buyer_id, plan_id, title, price, cost, level1_percent, level2_percent, hold_s, state, placed_at, expires_at,
                                   discount, coupon_id, renews, gift_code, stars, friend_off)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'awaiting_payment', $10, $11, $12, $13, $14, $15, $18, $19)
               ON CONFLICT DO NOTHING RETURNING *
             ), units AS (
               INSERT INTO order_item (order_id, n, plan_id, title, price, cost, period_days)
               SELECT placed.id, u.n, u.plan_id, p.title, u.price, p.cost, p.period_days
               FROM placed, unnest($16::bigint[], $17::numeric[]) WITH ORDINALITY AS u (plan_id, price, n) JOIN plan p ON p.id = u.plan_id
             )
             SELECT * FROM placed",
            [
                core.short_code().into(),
                buyer.id.into(),
                draft.direct.then(|| draft.lines[0].plan.id).into(),
                draft.title().into(),
                (total - discount).into(),
                cost.into(),
                rates.level1.into(),
                rates.level2.into(),
                settings.commissions.hold.delta().num_seconds().into(),
                now.into(),
                (now + settings.orders.expire_after.delta()).into(),
                discount.into(),
                draft.coupon.map(|(id, _)| id).into(),
                draft.renews.into(),
                draft.gift.then(|| core.short_code()).into(),
                units().map(|line| line.plan.id).collect::<Vec<_>>().into(),
                units().map(|line| line.price.decimal()).collect::<Vec<_>>().into(),
                draft.stars(friend_off).into(),
                friend_off.into(),
            ],
        ))
        .one(tx)
        .await?;
    if let Some(order) = placed {
        return Ok(Applied::Now(order));
    }
    let open = entity::Entity::find()
        .filter(entity::Column::BuyerId.eq(buyer.id))
        .filter(entity::Column::State.eq(OrderState::AwaitingPayment));
    let open = match draft.renews {
        Some(renews) => open.filter(entity::Column::Renews.eq(renews)),
        None => open.filter(entity::Column::PlanId.eq(draft.direct.then(|| draft.lines[0].plan.id))),
    };
    match open.one(tx).await? {
        // Its time is over, only the sweep has not come by yet: it makes way for a new one.
        Some(order) if order.expires_at <= now => {
            expire_in(core, tx, &order).await?;
            Box::pin(place_draft_in(core, tx, buyer, draft)).await
        }
        Some(order) => Ok(Applied::Already(order)),
        // Paid, cancelled or expired between the two statements.
        None => Box::pin(place_draft_in(core, tx, buyer, draft)).await,
    }
}
