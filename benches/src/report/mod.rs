//! What a run of the benchmark found, written as BENCHMARKS.md and as pictures.

pub mod decisions;
pub(crate) mod format;
pub mod goals;
pub mod plot;

use std::fmt::Write as _;

use crate::beside::{Beside, Conditions};
use crate::contestant::Who;
use crate::measure::{Effort, Figures, Outcome, Outcomes};
use crate::question::family;

/// One row with its outcomes.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Whether Cedar can be asked the same: a relation policy of ours.
    pub relation: bool,
    /// How many bytes the first input has.
    pub input: usize,
    /// How many bytes regoc's module has.
    pub module: usize,
    /// How many bytes OPA's module has, where OPA could be asked.
    pub opa_module: Option<usize>,
    /// What became of all.
    pub outcomes: Outcomes,
}

impl Row {
    /// The figures of somebody, where there are some.
    #[must_use]
    pub fn figures(&self, who: Who) -> Option<&Figures> {
        self.outcomes.get(&who).and_then(Outcome::figures)
    }

    /// The faster of some.
    #[must_use]
    pub fn fastest(&self, all: &[Who]) -> Option<&Figures> {
        all.iter().filter_map(|who| self.figures(*who)).min_by(|a, b| a.median().total_cmp(&b.median()))
    }

    /// How many times as long as regoc the faster of some took.
    #[must_use]
    pub fn times(&self, all: &[Who]) -> Option<f64> {
        Some(self.fastest(all)?.times(self.figures(Who::Regoc)?))
    }
}

/// A whole run.
#[derive(Clone, Debug)]
pub struct Report {
    /// What data and inputs were made from.
    pub seed: u64,
    /// How often and how long was measured.
    pub effort: Effort,
    /// The machine, and who took part.
    pub conditions: Conditions,
    /// The rows.
    pub rows: Vec<Row>,
    /// What is measured beside decisions.
    pub beside: Beside,
}

impl Report {
    /// The page.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = String::from("# Benchmarks\n\n");
        self.introduction(&mut text);
        text.push_str("\n## How well\n\n");
        text.push_str(&goals::table_of(self));
        let (relations, workloads): (Vec<&Row>, Vec<&Row>) = self.rows.iter().partition(|row| row.relation);
        text.push_str("\n## Decisions\n\n");
        text.push_str(concat!(
            "How many times as long as regoc each takes: the median of the ratios of passes. Below 1 it is faster than regoc. The answers to each ",
            "question and to its denied twin were compared before; *wrong* gave another one, *refused* gave none.\n\n",
        ));
        text.push_str(&decisions::ratios(&workloads, decisions::WORKLOADS));
        self.remarks(&mut text);
        text.push_str("\n## Relations\n\n");
        text.push_str(concat!(
            "Documents shared with groups, repositories with teams, task lists ([policies](benches/relations)), with 5 to 500 entities of each type. ",
            "The entities are held, or (`-input`) come with each request, in the form that each takes.\n\n",
        ));
        text.push_str(&decisions::ratios(&relations, decisions::RELATIONS));
        text.push_str("\n## Growth\n\n");
        for family in families(&self.rows) {
            let _ = writeln!(text, "![{family}](docs/benchmarks/{family}.svg)");
        }
        text.push_str("\n## Beside decisions\n\n");
        text.push_str(&self.beside.to_markdown(&workloads));
        text.push_str("\n## Times\n\n");
        text.push_str(
            "Medians in nanoseconds a decision; behind each, how far the middle half of the passes lies apart.\n\n",
        );
        text.push_str(&decisions::medians(&self.rows));
        text
    }

    fn introduction(&self, text: &mut String) {
        let Self { seed, effort, conditions, .. } = self;
        let _ = writeln!(
            text,
            "Written by `make bench`. Seed {seed}, {} interleaved passes of at least {} ms each (3 of who takes more than 250 ms for one \
             decision), one thread.\nOne decision is JSON text in and JSON text out, with the policy prepared, the data loaded and the instance warm.\n\n{}",
            effort.passes,
            effort.pass.as_millis(),
            conditions.to_markdown()
        );
        text.push_str(concat!(
            "OPA is its Go library with a prepared query, with the faster of its two stores; OPA's wasm is what `opa build -t wasm` makes, in ",
            "`regoc-runtime`, as regoc's module; regorus without its limits of instructions and source length; Rust by hand is ",
            "[code over serde types](benches/peers/rust/native) that holds the data in the structures that suit the question; `serde_json` only ",
            "reads the input into a `Value`.\n",
        ));
    }

    /// Why who has no figure has none.
    fn remarks(&self, text: &mut String) {
        let mut lines = Vec::new();
        for row in &self.rows {
            for (who, outcome) in &row.outcomes {
                let (Outcome::Wrong(why) | Outcome::Refused(why)) = outcome else { continue };
                let what = if matches!(outcome, Outcome::Wrong(_)) { "wrong" } else { "refused" };
                let shortened: String = why.chars().take(200).collect();
                lines.push(format!("- {}, {}: {what}: {shortened}\n", row.name, who.label()));
            }
        }
        if !lines.is_empty() {
            text.push('\n');
            lines.iter().for_each(|line| text.push_str(line));
        }
    }
}

/// The families with more than one row, in the rows' order.
#[must_use]
pub fn families(rows: &[Row]) -> Vec<&str> {
    let mut families: Vec<&str> = rows.iter().map(|row| family(&row.name)).collect();
    families.dedup();
    families.retain(|name| rows.iter().filter(|row| family(&row.name) == *name).count() > 1);
    families
}
