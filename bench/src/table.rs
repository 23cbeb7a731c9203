//! The one table that a run prints.

/// Rows of what was measured, in their order.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<String>);

impl Table {
    /// A row that is told and has no goal.
    pub(crate) fn tell(&mut self, what: &str, measured: &str) {
        self.push(format!("| {what} | {measured} | – |"));
    }

    /// A row with its goal and whether it was met.
    pub(crate) fn judge(&mut self, what: &str, measured: &str, goal: &str, met: bool) {
        let verdict = if met { "met" } else { "missed" };
        self.push(format!("| {what} | {measured} | {goal}: {verdict} |"));
    }

    /// A rate beside its yardstick's: at least `goal` times as much.
    pub(crate) fn rate(&mut self, what: &str, rates: &[f64], beside: &str, yardstick: &[f64], goal: f64) {
        let (rate, other) = (median(rates), median(yardstick));
        let ratio = rate / other;
        self.judge(
            what,
            &format!("{rate:.0} a second beside {other:.0} {beside}: {ratio:.2} ×"),
            &format!("at least {goal} ×"),
            ratio >= goal,
        );
    }

    /// What one call takes beside another, both in milliseconds: at most `goal` times as long; without a goal it is told.
    pub(crate) fn time(&mut self, what: &str, times: &[f64], beside: &str, yardstick: &[f64], goal: Option<f64>) {
        let (time, other) = (median(times), median(yardstick));
        let ratio = time / other;
        let measured = format!("{time:.3} ms beside {other:.3} ms {beside}: {ratio:.2} ×");
        match goal {
            Some(goal) => self.judge(what, &measured, &format!("at most {goal} ×"), ratio <= goal),
            None => self.tell(what, &measured),
        }
    }

    fn push(&mut self, row: String) {
        eprintln!("{row}");
        self.0.push(row);
    }

    /// Prints all rows.
    pub(crate) fn print(&self) {
        println!("\n| what | measured | goal |\n|---|---|---|");
        for row in &self.0 {
            println!("{row}");
        }
    }
}

/// The one in the middle.
pub(crate) fn median(figures: &[f64]) -> f64 {
    part(figures, 50)
}

/// The figure that so many percent are not above.
pub(crate) fn part(figures: &[f64], percent: usize) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
