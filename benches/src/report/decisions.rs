//! The tables of decisions: ratios, and the times they come from.

use super::Row;
use super::format::{NONE, ratio, table, thousands};
use crate::contestant::Who;
use crate::measure::{Figures, Outcome};

/// A column: its name, and who counts there, the fastest of several.
pub type Column = (&'static str, &'static [Who]);

/// OPA's interpreter; whichever of its stores suits the question.
pub const OPA: &[Who] = &[Who::OpaAst, Who::OpaRaw];

/// The columns of the workloads.
pub const WORKLOADS: &[Column] = &[
    ("OPA", OPA),
    ("OPA's wasm", &[Who::OpaModule]),
    ("regorus engine", &[Who::RegorusEngine]),
    ("regorus VM", &[Who::RegorusMachine]),
    ("Rust by hand", &[Who::Native]),
    ("`serde_json`", &[Who::SerdeJson]),
    ("regoc, input checked", &[Who::RegocChecked]),
    ("regoc, from a value", &[Who::RegocValue]),
];

/// The columns of relation policies.
pub const RELATIONS: &[Column] = &[
    ("Cedar", &[Who::Cedar]),
    ("OPA", OPA),
    ("OPA's wasm", &[Who::OpaModule]),
    ("regorus engine", &[Who::RegorusEngine]),
    ("regorus VM", &[Who::RegorusMachine]),
];

/// The head of a table of ratios.
#[must_use]
pub fn head(columns: &[Column]) -> Vec<String> {
    let names = columns.iter().map(|(name, _)| format!("{name} ÷"));
    ["row".to_owned()].into_iter().chain(names).chain(["regoc, µs".to_owned()]).collect()
}

/// The cells of a row in a table of ratios.
#[must_use]
pub fn cells(row: &Row, columns: &[Column]) -> Vec<String> {
    let ratios = columns.iter().map(|(_, who)| match row.times(who) {
        Some(times) => ratio(times),
        None => missing(row, who),
    });
    let own =
        row.figures(Who::Regoc).map_or(NONE.to_owned(), |it| format!("{:.2} ± {}", it.median() / 1000.0, percent(it)));
    [row.name.clone()].into_iter().chain(ratios).chain([own]).collect()
}

/// How many times as long as regoc all take.
#[must_use]
pub fn ratios(rows: &[&Row], columns: &[Column]) -> String {
    let lines: Vec<Vec<String>> = rows.iter().map(|row| cells(row, columns)).collect();
    table(1, &head(columns), &lines)
}

/// The times of all.
#[must_use]
pub fn medians(rows: &[Row]) -> String {
    let mut all: Vec<Who> = rows.iter().flat_map(|row| row.outcomes.keys().copied()).collect();
    all.sort();
    all.dedup();
    let head: Vec<String> = ["row"].into_iter().chain(all.iter().map(|who| who.label())).map(str::to_owned).collect();
    let cell = |row: &Row, who: Who| match row.figures(who) {
        Some(it) => format!("{} ± {}", thousands(it.median()), percent(it)),
        None => missing(row, &[who]),
    };
    let line = |row: &Row| [row.name.clone()].into_iter().chain(all.iter().map(|who| cell(row, *who))).collect();
    table(1, &head, &rows.iter().map(line).collect::<Vec<_>>())
}

fn percent(figures: &Figures) -> String {
    format!("{:.0} %", figures.spread() * 100.0)
}

/// Why there is no figure.
fn missing(row: &Row, who: &[Who]) -> String {
    match who.iter().find_map(|who| row.outcomes.get(who)) {
        Some(Outcome::Wrong(_)) => "wrong".to_owned(),
        Some(Outcome::Refused(_)) => "refused".to_owned(),
        Some(Outcome::Measured(_)) | None => NONE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Row;
    use super::{OPA, cells};
    use crate::contestant::Who;
    use crate::measure::{Figures, Outcome, Outcomes};

    #[test]
    fn the_faster_store_counts_and_what_is_missing_has_its_reason() {
        let measured = |nanoseconds| Outcome::Measured(Figures { passes: vec![nanoseconds] });
        let outcomes = Outcomes::from([
            (Who::Regoc, measured(2_000.0)),
            (Who::OpaRaw, measured(9_000.0)),
            (Who::OpaAst, measured(1_234_567.0)),
            (Who::RegorusMachine, Outcome::Wrong("0 instead of 78".to_owned())),
        ]);
        let row = Row { name: "servers".to_owned(), relation: false, input: 0, module: 0, opa_module: None, outcomes };
        let columns = [("OPA", OPA), ("VM", [Who::RegorusMachine].as_slice()), ("Cedar", [Who::Cedar].as_slice())];
        assert_eq!(cells(&row, &columns), ["servers", "4.50", "wrong", "–", "2.00 ± 0 %"]);
    }
}
