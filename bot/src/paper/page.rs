//! A receipt, or a tax invoice, on A4.

use super::ink::{Inks, Set, Style};
use super::words::in_words;
use crate::texts::{Args, Texts};
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use mela_core::orders::Row;
use mela_core::payments::Method;
use mela_core::receipts::{Receipt, day};
use mela_core::refunds::Refund;

const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const LEFT: f32 = 48.0;
const RIGHT: f32 = WIDTH - 48.0;
/// Nothing is written below, but the foot.
const BOTTOM: f32 = HEIGHT - 84.0;
/// Where columns of the table end, or, the first, begin.
const TITLE: f32 = LEFT + 10.0;
const QUANTITY: f32 = 366.0;
const UNIT: f32 = 452.0;
const AMOUNT: f32 = RIGHT - 10.0;

const DARK: [u8; 3] = [28, 33, 44];
const GREY: [u8; 3] = [104, 112, 128];
const ACCENT: [u8; 3] = [28, 100, 88];
const BACK: [u8; 3] = [238, 244, 242];
const RED: [u8; 3] = [170, 54, 46];

const BODY: Style = Style { size: 9.5, bold: false, color: DARK };
const STRONG: Style = Style { size: 9.5, bold: true, color: DARK };
const SMALL: Style = Style { size: 8.0, bold: false, color: GREY };
const LABEL: Style = Style { size: 7.5, bold: true, color: GREY };

enum Mark {
    Text(f32, f32, Set),
    Box([f32; 4], [u8; 3]),
}

struct Desk<'a> {
    inks: Inks,
    texts: &'a Texts,
    pages: Vec<Vec<Mark>>,
    /// How far down the page is written.
    y: f32,
}

/// A paper could not be drawn: the program is broken, not the data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the paper cannot be drawn: {0}")]
pub struct Undrawn(String);

/// The receipt as PDF.
///
/// # Errors
/// [`Undrawn`].
pub fn receipt(texts: &Texts, receipt: &Receipt) -> Result<Vec<u8>, Undrawn> {
    let inks = Inks::try_new().ok_or_else(|| Undrawn("its fonts do not open".to_owned()))?;
    let mut desk = Desk { inks, texts, pages: vec![Vec::new()], y: 60.0 };
    let title = desk.say(if receipt.tax.is_some() { "receipt-tax-invoice" } else { "receipt-receipt" }, &[]);
    desk.head(receipt, &title);
    desk.parties(receipt);
    desk.table_head();
    for row in &receipt.rows {
        desk.row(row);
    }
    desk.sums(receipt);
    desk.paid(receipt);
    if !receipt.refunds.is_empty() {
        desk.refunds(receipt);
    }
    desk.feet(receipt);
    let about = Metadata::new()
        .title(format!("{title} {}", receipt.number))
        .authors(vec![receipt.issuer.shop.clone()])
        .creator("Mela".to_owned());
    desk.printed(about)
}

impl Desk<'_> {
    fn say(&self, key: &str, args: Args<'_>) -> String {
        self.texts.plain(key, args)
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn left(&mut self, x: f32, text: &str, style: Style) {
        let set = self.inks.set(text, style);
        self.mark(Mark::Text(x, self.y, set));
    }

    /// Ends at `x`.
    fn right(&mut self, x: f32, text: &str, style: Style) {
        let set = self.inks.set(text, style);
        self.mark(Mark::Text(x - set.width, self.y, set));
    }

    fn rule(&mut self, color: [u8; 3], height: f32) {
        self.mark(Mark::Box([LEFT, self.y, RIGHT, self.y + height], color));
    }

    fn wrapped(&mut self, x: f32, text: &str, style: Style, width: f32) {
        for line in self.inks.wrap(text, style, width) {
            self.room(style.size * 1.45);
            self.left(x, &line, style);
            self.y += style.size * 1.45;
        }
    }

    /// Another page when there is no room for so much.
    fn room(&mut self, height: f32) {
        if self.y + height > BOTTOM {
            self.pages.push(Vec::new());
            self.y = 60.0;
        }
    }

    fn head(&mut self, receipt: &Receipt, title: &str) {
        let top = self.y;
        self.mark(Mark::Box([0.0, 0.0, WIDTH, 10.0], ACCENT));
        let issuer = &receipt.issuer;
        let half = 300.0;
        let big = Style { size: 19.0, bold: true, color: DARK };
        for line in self.inks.wrap(&issuer.shop, big, half) {
            self.left(LEFT, &line, big);
            self.y += 24.0;
        }
        self.y -= 6.0;
        for line in [&issuer.legal_name, &issuer.address].into_iter().filter(|line| !line.trim().is_empty()) {
            self.wrapped(LEFT, line, SMALL, half);
        }
        if let Some(gst) = &issuer.gst {
            let line = self.say("receipt-gstin", &[("gstin", &gst.gstin), ("state", &gst.state)]);
            self.wrapped(LEFT, &line, SMALL, half);
        }
        let below = self.y;
        self.y = top;
        self.right(RIGHT, title, Style { size: 15.0, bold: true, color: ACCENT });
        self.y += 20.0;
        self.right(RIGHT, &receipt.number, Style { size: 11.0, bold: true, color: DARK });
        self.y += 15.0;
        self.right(RIGHT, &receipt.date.format("%-d %b %Y").to_string(), BODY);
        self.y = below.max(self.y) + 16.0;
        self.rule(ACCENT, 1.0);
        self.y += 24.0;
    }

    fn parties(&mut self, receipt: &Receipt) {
        let top = self.y;
        let (to, order) = (self.say("receipt-to", &[]), self.say("receipt-order", &[]));
        self.left(LEFT, &to, LABEL);
        self.y += 15.0;
        self.wrapped(LEFT, &receipt.buyer, Style { size: 11.0, ..STRONG }, 300.0);
        let below = self.y;
        self.y = top;
        self.right(RIGHT, &order, LABEL);
        self.y += 15.0;
        self.right(RIGHT, &format!("O-{}", receipt.order), STRONG);
        if let Some(gst) = &receipt.issuer.gst {
            self.y += 13.0;
            let place = self.say("receipt-place", &[("state", &gst.state)]);
            self.right(RIGHT, &place, SMALL);
            self.y += 11.0;
            let sac = self.say("receipt-sac", &[("sac", &gst.sac)]);
            self.right(RIGHT, &sac, SMALL);
        }
        self.y = below.max(self.y) + 28.0;
    }

    fn table_head(&mut self) {
        self.mark(Mark::Box([LEFT, self.y - 14.0, RIGHT, self.y + 8.0], BACK));
        for (key, x) in [("receipt-item", TITLE), ("receipt-quantity", QUANTITY), ("receipt-price", UNIT), ("receipt-amount", AMOUNT)] {
            let label = self.say(key, &[]);
            if x == TITLE { self.left(x, &label, LABEL) } else { self.right(x, &label, LABEL) }
        }
        self.y += 25.0;
    }

    fn row(&mut self, row: &Row) {
        let titles = self.inks.wrap(&row.title, STRONG, QUANTITY - TITLE - 60.0);
        let pages = self.pages.len();
        self.room(14.0 * titles.len() as f32 + 30.0);
        if self.pages.len() > pages {
            self.table_head();
        }
        self.right(QUANTITY, &row.quantity.to_string(), BODY);
        self.right(UNIT, &row.price.to_string(), BODY);
        self.right(AMOUNT, &row.total.to_string(), BODY);
        for title in &titles {
            self.left(TITLE, title, STRONG);
            self.y += 13.0;
        }
        let days = self.say("receipt-days", &[("days", &row.period_days)]);
        self.left(TITLE, &days, SMALL);
        self.y += 10.0;
        self.rule(BACK, 1.0);
        self.y += 18.0;
    }

    /// A line of the sums.
    fn sum(&mut self, label: &str, amount: &str, style: Style) {
        self.room(style.size * 1.7);
        self.right(UNIT, label, Style { color: if style.bold { style.color } else { GREY }, ..style });
        self.right(AMOUNT, amount, style);
        self.y += style.size * 1.7;
    }

    fn sums(&mut self, receipt: &Receipt) {
        self.room(90.0);
        if receipt.discount.is_positive() {
            let all = receipt.total + receipt.discount;
            let (label, off) = (self.say("receipt-sum", &[]), self.say("receipt-discount", &[]));
            self.sum(&label, &all.to_string(), BODY);
            self.sum(&off, &format!("\u{2013} {}", receipt.discount), BODY);
        }
        if let Some(tax) = &receipt.tax {
            let label = self.say("receipt-taxable", &[]);
            self.sum(&label, &tax.taxable.to_string(), BODY);
            for part in &tax.parts {
                let label = self.say("receipt-tax", &[("name", &part.name), ("percent", &part.percent)]);
                self.sum(&label, &part.amount.to_string(), BODY);
            }
        }
        self.y += 4.0;
        self.mark(Mark::Box([UNIT - 130.0, self.y - 13.0, RIGHT, self.y + 13.0], BACK));
        self.y += 4.0;
        let label = self.say("receipt-total", &[]);
        self.sum(&label, &receipt.total.to_string(), Style { size: 12.5, bold: true, color: ACCENT });
        self.y += 10.0;
        self.wrapped(LEFT, &in_words(receipt.total), Style { color: GREY, ..BODY }, RIGHT - LEFT);
        self.y += 14.0;
    }

    fn paid(&mut self, receipt: &Receipt) {
        self.room(50.0);
        let label = self.say("receipt-paid", &[]);
        self.left(LEFT, &label, LABEL);
        self.y += 15.0;
        let payment = &receipt.payment;
        if let Some((method, amount)) = &payment.outside {
            let way = match (method, &payment.utr_ends) {
                (Method::Upi, Some(ends)) => self.say("receipt-by-upi", &[("amount", amount), ("ends", ends)]),
                (Method::Upi, None) => self.say("receipt-by-upi-bare", &[("amount", amount)]),
                _ => self.say("receipt-by-gateway", &[("amount", amount)]),
            };
            self.wrapped(LEFT, &way, BODY, RIGHT - LEFT);
        }
        if payment.wallet.is_positive() {
            let way = self.say("receipt-by-wallet", &[("amount", &payment.wallet)]);
            self.wrapped(LEFT, &way, BODY, RIGHT - LEFT);
        }
        self.y += 14.0;
    }

    fn refunds(&mut self, receipt: &Receipt) {
        self.room(50.0);
        let label = self.say("receipt-refunds", &[]);
        self.left(LEFT, &label, Style { color: RED, ..LABEL });
        self.y += 15.0;
        for refund in &receipt.refunds {
            let line = self.refund(refund);
            self.wrapped(LEFT, &line, BODY, RIGHT - LEFT);
        }
        let back: mela_core::money::Rupees = receipt.refunds.iter().map(|refund| refund.amount).sum();
        let line = self.say("receipt-refunded", &[("amount", &back), ("total", &receipt.total), ("left", &(receipt.total - back))]);
        self.wrapped(LEFT, &line, STRONG, RIGHT - LEFT);
    }

    fn refund(&self, refund: &Refund) -> String {
        let date = day(refund.made_at).format("%-d %b %Y").to_string();
        let parts = refund.parts();
        let key = if parts.upi.is_positive() || parts.gateway.is_positive() {
            "receipt-refund-outside"
        } else {
            "receipt-refund-wallet"
        };
        self.say(key, &[("refund", &format!("R-{}", refund.code)), ("date", &date), ("amount", &refund.amount)])
    }

    /// What stands at the foot of every page.
    fn feet(&mut self, receipt: &Receipt) {
        let issuer = &receipt.issuer;
        let mut lines = vec![self.say("receipt-foot", &[])];
        if issuer.gst.is_some() {
            lines.insert(0, self.say("receipt-foot-gst", &[]));
        }
        if !issuer.support.is_empty() {
            lines.push(self.say("receipt-foot-support", &[("support", &issuer.support)]));
        }
        let all = self.pages.len();
        for page in 0..all {
            let number = self.say("receipt-page", &[("page", &(page + 1)), ("pages", &all)]);
            let set = self.inks.set(&number, SMALL);
            let mut marks = vec![Mark::Box([LEFT, BOTTOM + 22.0, RIGHT, BOTTOM + 23.0], BACK), Mark::Text(RIGHT - set.width, BOTTOM + 38.0, set)];
            for (n, line) in lines.iter().enumerate() {
                marks.push(Mark::Text(LEFT, BOTTOM + 38.0 + 11.0 * n as f32, self.inks.set(line, SMALL)));
            }
            if let Some(page) = self.pages.get_mut(page) {
                page.append(&mut marks);
            }
        }
    }

    fn printed(self, about: Metadata) -> Result<Vec<u8>, Undrawn> {
        let mut document = Document::new();
        document.set_metadata(about);
        for marks in &self.pages {
            let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| Undrawn("a page of no size".to_owned()))?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for mark in marks {
                match mark {
                    Mark::Text(x, y, set) => self.inks.draw(&mut surface, *x, *y, set),
                    Mark::Box([left, top, right, bottom], [red, green, blue]) => {
                        let mut path = PathBuilder::new();
                        if let Some(rect) = Rect::from_ltrb(*left, *top, *right, *bottom) {
                            path.push_rect(rect);
                        }
                        let paint = rgb::Color::new(*red, *green, *blue).into();
                        surface.set_fill(Some(Fill { paint, opacity: NormalizedF32::ONE, rule: FillRule::default() }));
                        if let Some(path) = path.finish() {
                            surface.draw_path(&path);
                        }
                    }
                }
            }
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|error| Undrawn(format!("{error:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mela_core::money::Rupees;
    use mela_core::receipts::{Gst, Issuer, Payment, tax};

    fn rupees(text: &str) -> Rupees {
        text.parse().unwrap()
    }

    fn example(buyer: &str, lines: usize, gst: bool) -> Receipt {
        let row = |n| Row {
            title: if n % 2 == 0 {
                "Combo OTT Plan".into()
            } else {
                "सभी बड़े ऐप्स, a plan with a rather long name that goes on and on".into()
            },
            period_days: 30,
            quantity: 1 + n as u32 % 3,
            price: rupees("45"),
            total: rupees("45"),
        };
        let gst = gst.then(|| Gst { gstin: "27AAPFU0939F1ZV".into(), state: "Maharashtra".into(), percent: 18.into(), sac: "998433".into() });
        let total = rupees("135000.50");
        Receipt {
            number: "MELA/26-27/00001".into(),
            date: "2026-11-21".parse().unwrap(),
            tax: gst.as_ref().map(|gst| tax::split(total, gst.percent, true)),
            issuer: Issuer {
                shop: "Mela मेला".into(),
                support: "@MelaHelp".into(),
                legal_name: if gst.is_some() { "Mela Digital Services Private Limited".into() } else { String::new() },
                address: if gst.is_some() {
                    "14, Linking Road, Bandra West, Mumbai, Maharashtra 400050".into()
                } else {
                    String::new()
                },
                gst,
            },
            buyer: buyer.into(),
            order: "7K2M9QXA".parse().unwrap(),
            rows: (0..lines).map(row).collect(),
            discount: rupees("10"),
            total,
            payment: Payment { outside: Some((Method::Upi, rupees("134900.50"))), utr_ends: Some("5678".into()), wallet: rupees("100") },
            refunds: vec![],
        }
    }

    fn drawn(receipt: &Receipt) -> Vec<u8> {
        super::receipt(&Texts::for_keeping(), receipt).unwrap()
    }

    #[test]
    fn the_same_data_are_the_same_bytes_and_nothing_breaks_it() {
        let buyers = ["Asha Sharma", "आशा शर्मा", "தமிழ் 👩‍👩‍👧 <b>", "", "\u{202e}\u{0}\u{301}\u{fe0f}", &"W".repeat(64), "क्ष्म्य‌‍ि", "العربية"];
        for (n, buyer) in buyers.into_iter().enumerate() {
            for lines in [1, if n == 0 { 60 } else { 0 }] {
                let paper = example(buyer, lines, n % 2 == 0);
                let bytes = drawn(&paper);
                assert!(bytes.starts_with(b"%PDF-"), "{buyer}");
                assert_eq!(bytes, drawn(&paper), "{buyer}");
                // Fonts are cut down to what is used.
                assert!(bytes.len() < 120_000, "{} bytes", bytes.len());
            }
        }
        if let Some(folder) = std::env::var_os("PAPERS") {
            for (name, paper) in [
                ("receipt", example("आशा शर्मा Sharma 👩‍👩‍👧", 2, false)),
                ("invoice", example("Asha Sharma", 3, true)),
                ("long", example("Asha", 60, true)),
            ] {
                std::fs::write(std::path::Path::new(&folder).join(format!("{name}.pdf")), drawn(&paper)).unwrap();
            }
        }
    }
}
