//! `/payments`: what waits and since when, by method; what was confirmed, and by whom.

use super::Reply;
use super::admin::Desk;
use crate::app::Failure;
use crate::callback::Press;
use crate::reply::Screen;
use crate::screens::PAGE;
use crate::screens::watch::{self, Overview};
use chrono::TimeDelta;
use mela_core::orders::Order;
use mela_core::payments::{self, Payment};
use mela_core::{credits, orders};

/// The days over which is summed up what was confirmed.
const DAYS: [u8; 2] = [1, 7];

/// Payments in numbers.
pub(super) async fn overview(desk: &Desk) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let db = core.db();
    let mut confirmed = Vec::new();
    for days in DAYS {
        confirmed.push((days, payments::confirmed_since(db, core.now() - TimeDelta::days(days.into())).await?));
    }
    let overview = Overview {
        awaited: payments::awaited(db).await?,
        waiting: payments::waiting_by_method(db).await?,
        credits: credits::piles(db).await?,
        confirmed,
    };
    Ok(watch::overview(&desk.texts, &overview))
}

/// Does what a press asks for.
pub(super) async fn press(desk: &Desk, press: &Press) -> Result<Reply, Failure> {
    let core = desk.app.core();
    let (before, some) = (|page: u32| u64::from(page) * PAGE as u64, PAGE as u64 + 1);
    Ok(Reply::Show(match *press {
        Press::Watch => overview(desk).await?,
        Press::WatchWaiting(page) => {
            let first = payments::waiting(core.db(), before(page) + some).await?;
            let skip = usize::try_from(before(page)).unwrap_or(usize::MAX);
            let rows = with_orders(desk, first.into_iter().skip(skip).collect()).await?;
            watch::list(&desk.texts, "watch-list-waiting", &rows, page, Press::WatchWaiting)
        }
        Press::WatchConfirmed(days, page) => {
            let since = core.now() - TimeDelta::days(days.into());
            let rows = with_orders(desk, payments::confirmed(core.db(), since, before(page), some).await?).await?;
            watch::list(&desk.texts, "watch-list-confirmed", &rows, page, |page| Press::WatchConfirmed(days, page))
        }
        _ => return Ok(desk.alert("stale", &[])),
    }))
}

async fn with_orders(desk: &Desk, payments: Vec<Payment>) -> Result<Vec<(Payment, Order)>, Failure> {
    let mut rows = Vec::new();
    for payment in payments {
        if let Some(order) = payment.order_id {
            rows.push((payment, orders::get(desk.app.core().db(), order).await?));
        }
    }
    Ok(rows)
}
