//! The table that `make bench` prints, in the form that a README can hold.

use crate::measure::Figures;

/// The columns: the first is what the others are compared with.
pub const COLUMNS: &[&str] = &["regoc", "regoc, input checked", "OPA's wasm", "OPA"];

/// The head of the table.
#[must_use]
pub fn head() -> String {
    let names: Vec<String> = COLUMNS.iter().map(|name| format!("{name} |")).collect();
    let ratios: Vec<String> = COLUMNS.iter().skip(2).map(|name| format!("{name} ÷ regoc |")).collect();
    let rule = " --: |".repeat(names.len() + ratios.len());
    format!("| ns a decision | {} {}\n| :-- |{rule}", names.join(" "), ratios.join(" "))
}

/// A line of the table. A contestant that did not take part has no figure.
#[must_use]
pub fn line(row: &str, figures: &[Figures]) -> String {
    let cells: Vec<Option<&Figures>> = COLUMNS.iter().map(|column| find(figures, column)).collect();
    let medians = cells.iter().map(|cell| cell.map_or_else(none, |it| thousands(it.median())));
    let first = cells.first().copied().flatten();
    let ratios = cells.iter().skip(2).map(|cell| match (cell, first) {
        (Some(cell), Some(first)) => format!("{:.1}", cell.times(first)),
        _ => none(),
    });
    let cells: Vec<String> = medians.chain(ratios).collect();
    format!("| {row} | {} |", cells.join(" | "))
}

/// The figures of a column. OPA takes part once for each of its stores: the faster counts.
fn find<'a>(figures: &'a [Figures], column: &str) -> Option<&'a Figures> {
    let found = figures.iter().filter(|it| it.name == column || (column == "OPA" && it.name.starts_with("OPA, ")));
    found.min_by(|a, b| a.median().total_cmp(&b.median()))
}

fn none() -> String {
    "–".to_owned()
}

/// A number with a comma before every third digit.
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{head, line};
    use crate::measure::Figures;

    #[test]
    fn the_faster_store_counts_and_what_is_missing_has_no_figure() {
        let figures = |name, nanoseconds| Figures { name, passes: vec![nanoseconds] };
        let all = [
            figures("regoc", 2_000.0),
            figures("OPA, store of Go values", 9_000.0),
            figures("OPA, store of Rego values", 1_234_567.0),
        ];
        assert_eq!(line("servers", &all), "| servers | 2,000 | – | – | 9,000 | – | 4.5 |");
        let cells = |text: &str| text.matches('|').count();
        assert!(head().lines().all(|row| cells(row) == cells(&line("servers", &all))));
    }
}
