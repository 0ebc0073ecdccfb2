//! Interleaved passes: whoever takes part runs once in each pass, so that what slows the machine slows all.

use std::time::Duration;

use anyhow::{Result, ensure};
use regoc_compiler::plan::ir::Constant;
use regoc_compiler::plan::order::compare;
use regoc_spec_tests::judge::constant;
use serde_json::Value;

use crate::contestant::Contestant;

/// How long and how often is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How many passes.
    pub passes: usize,
    /// How long one contestant runs in a pass, at least.
    pub pass: Duration,
}

/// What one contestant took.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The name of its column.
    pub name: &'static str,
    /// Nanoseconds for one decision, a pass each.
    pub passes: Vec<f64>,
}

impl Figures {
    /// The median, in nanoseconds for one decision.
    #[must_use]
    pub fn median(&self) -> f64 {
        median(self.passes.clone())
    }

    /// The best pass, in nanoseconds for one decision.
    #[must_use]
    pub fn best(&self) -> f64 {
        self.passes.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// How many times as long as another this took: the median over the passes, each compared with its own neighbor in time.
    #[must_use]
    pub fn times(&self, other: &Self) -> f64 {
        median(self.passes.iter().zip(&other.passes).map(|(mine, theirs)| mine / theirs).collect())
    }
}

/// Checks that all give the same answer as the first.
///
/// # Errors
/// When one gives another, or none.
pub fn agree(contestants: &mut [Box<dyn Contestant>]) -> Result<()> {
    let mut first: Option<(&'static str, Option<Value>)> = None;
    for contestant in contestants {
        let have = contestant.answer()?;
        match &first {
            None => first = Some((contestant.name(), have)),
            Some((name, want)) => {
                let same = match (want, &have) {
                    (Some(want), Some(have)) => same_answer(want, have, contestant.orders_sets()),
                    (want, have) => want.is_none() && have.is_none(),
                };
                ensure!(same, "{name} answers {want:?}, {} answers {have:?}", contestant.name());
            }
        }
    }
    Ok(())
}

/// Whether two answers are equal, or would be if all arrays were in order.
fn same_answer(want: &Value, have: &Value, in_order: bool) -> bool {
    let (mut want, mut have) = (constant(want), constant(have));
    if !in_order {
        sort_arrays(&mut want);
        sort_arrays(&mut have);
    }
    compare(&want, &have).is_eq()
}

fn sort_arrays(value: &mut Constant) {
    match value {
        Constant::Array(items) => {
            items.iter_mut().for_each(sort_arrays);
            items.sort_by(compare);
        }
        Constant::Object(entries) => entries.iter_mut().for_each(|(_, value)| sort_arrays(value)),
        _ => {}
    }
}

/// Measures all that take part.
///
/// # Errors
/// When one of them fails.
pub fn measure(contestants: &mut [Box<dyn Contestant>], effort: Effort) -> Result<Vec<Figures>> {
    let mut counts = Vec::new();
    for contestant in &mut *contestants {
        counts.push(decisions_in(contestant.as_mut(), effort.pass)?);
    }
    let mut figures: Vec<Figures> =
        contestants.iter().map(|contestant| Figures { name: contestant.name(), passes: Vec::new() }).collect();
    for pass in 0..effort.passes {
        for turn in 0..contestants.len() {
            // Another begins each pass, so that nobody always runs behind the same neighbor.
            let index = (pass + turn) % contestants.len();
            let time = contestants[index].run(counts[index])?;
            figures[index].passes.push(time.as_nanos() as f64 / counts[index] as f64);
        }
    }
    Ok(figures)
}

/// How many decisions take that long; warms the contestant up on the way.
fn decisions_in(contestant: &mut dyn Contestant, pass: Duration) -> Result<u64> {
    let mut count = 1;
    loop {
        let time = contestant.run(count)?;
        if time >= pass {
            return Ok(count);
        }
        // Towards the goal, but not on the word of one measurement.
        let factor = pass.as_nanos() / time.as_nanos().max(1) + 1;
        count *= u64::try_from(factor.clamp(2, 10))?;
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => values[length / 2],
        length => f64::midpoint(values[length / 2 - 1], values[length / 2]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Figures, same_answer};

    #[test]
    fn order_counts_where_there_is_one() {
        let (a, b) = (json!({"deny": [1, 2]}), json!({"deny": [2, 1]}));
        assert!(same_answer(&a, &a, true) && !same_answer(&a, &b, true) && same_answer(&a, &b, false));
        assert!(!same_answer(&a, &json!({"deny": [2, 2]}), false));
    }

    #[test]
    fn medians_and_ratios_are_those_of_passes() {
        let fast = Figures { name: "fast", passes: vec![1.0, 9.0, 2.0] };
        let slow = Figures { name: "slow", passes: vec![3.0, 36.0, 8.0] };
        assert_eq!((fast.median().to_bits(), fast.best().to_bits()), (2.0_f64.to_bits(), 1.0_f64.to_bits()));
        assert_eq!(slow.times(&fast).to_bits(), 4.0_f64.to_bits());
    }
}
