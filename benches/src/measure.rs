//! Interleaved passes: whoever takes part runs once in each pass, so that what slows the machine slows all.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use regoc_compiler::plan::ir::Constant;
use regoc_compiler::plan::order::compare;
use regoc_spec_tests::judge::constant;
use serde_json::Value;

use crate::contestant::{Contestant, Who};
use crate::question::Question;

/// A pass of somebody who takes longer than this for one decision is one of [`FEW`].
const SLOW: Duration = Duration::from_millis(250);

/// How many passes are made of whoever is slow.
const FEW: usize = 3;

/// How long and how often is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How many passes.
    pub passes: usize,
    /// How long one contestant runs in a pass, at least.
    pub pass: Duration,
}

/// What became of one who takes part.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It gave the same answers, and took so long.
    Measured(Figures),
    /// It gave another answer, which this tells.
    Wrong(String),
    /// It gave no answer, for this reason.
    Refused(String),
}

impl Outcome {
    /// The figures, where there are some.
    #[must_use]
    pub fn figures(&self) -> Option<&Figures> {
        match self {
            Self::Measured(figures) => Some(figures),
            Self::Wrong(_) | Self::Refused(_) => None,
        }
    }
}

/// What became of all in one row.
pub type Outcomes = BTreeMap<Who, Outcome>;

/// What one contestant took.
#[derive(Clone, Debug)]
pub struct Figures {
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

    /// How far the middle half of the passes lies apart, as a part of the median.
    #[must_use]
    pub fn spread(&self) -> f64 {
        let mut sorted = self.passes.clone();
        sorted.sort_by(f64::total_cmp);
        let quarter = sorted.len() / 4;
        let (low, high) = (sorted.get(quarter), sorted.get(sorted.len().saturating_sub(quarter + 1)));
        match (low, high) {
            (Some(low), Some(high)) => (high - low) / self.median(),
            _ => f64::NAN,
        }
    }

    /// How many times as long as another this took: the median over the passes, each compared with its own neighbor in time.
    #[must_use]
    pub fn times(&self, other: &Self) -> f64 {
        median(self.passes.iter().zip(&other.passes).map(|(mine, theirs)| mine / theirs).collect())
    }
}

/// Compares the answers to all inputs, and measures those who give the right ones. OPA's answer is right where it is there, else
/// regoc's.
///
/// # Errors
/// When regoc gives another answer than OPA, or none, or somebody fails later.
pub fn judge(question: &Question, contestants: Vec<Box<dyn Contestant>>, effort: Effort) -> Result<Outcomes> {
    let (mut outcomes, mut right) = (Outcomes::new(), Vec::new());
    let mut asked: Vec<_> = contestants.into_iter().map(|mut it| (answers(it.as_mut(), question), it)).collect();
    // OPA first, then regoc.
    asked.sort_by_key(|(_, it)| (!matches!(it.who(), Who::OpaAst | Who::OpaRaw), it.who()));
    let mut want: Option<Answers> = None;
    for (answers, contestant) in asked {
        let who = contestant.who();
        let outcome = match (answers, &want) {
            (Err(error), _) => Some(Outcome::Refused(format!("{error:#}"))),
            (Ok(have), Some(want)) => difference(want, &have, question, who).map(Outcome::Wrong),
            (Ok(have), None) => {
                want = Some(have);
                None
            }
        };
        match outcome {
            None => right.push(contestant),
            Some(outcome) => {
                ensure!(
                    !matches!(who, Who::Regoc | Who::RegocChecked | Who::RegocValue),
                    "{}: {outcome:?}",
                    who.label()
                );
                outcomes.insert(who, outcome);
            }
        }
    }
    right.sort_by_key(|contestant| contestant.who());
    let figures = measure(&mut right, effort)?;
    outcomes.extend(right.iter().zip(figures).map(|(it, figures)| (it.who(), Outcome::Measured(figures))));
    Ok(outcomes)
}

/// An answer to each input; empty where nothing is decided.
type Answers = Vec<Option<Value>>;

fn answers(contestant: &mut dyn Contestant, question: &Question) -> Result<Answers> {
    let inputs = if contestant.who().decides() { 0..question.inputs.len() } else { 0..0 };
    inputs.map(|input| contestant.answer(input)).collect()
}

/// The first input with another answer, as a text.
fn difference(want: &Answers, have: &Answers, question: &Question, who: Who) -> Option<String> {
    let same = |want: &Option<Value>, have: &Option<Value>| match (want, have) {
        (Some(want), Some(have)) => same_answer(want, have, who.orders_sets()),
        (want, have) => want.is_none() && have.is_none(),
    };
    let (input, (want, have)) = want.iter().zip(have).enumerate().find(|(_, (want, have))| !same(want, have))?;
    let shown = |answer: &Option<Value>| answer.as_ref().map_or_else(|| "undefined".to_owned(), Value::to_string);
    let of = question.inputs.len();
    Some(format!("{} instead of {} for input {} of {of}", shown(have), shown(want), input + 1))
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
        let who = contestant.who();
        counts.push(decisions_in(contestant.as_mut(), effort.pass).with_context(|| who.label())?);
    }
    let mut figures = vec![Figures { passes: Vec::new() }; contestants.len()];
    for pass in 0..effort.passes {
        for turn in 0..contestants.len() {
            // Another begins each pass, so that nobody always runs behind the same neighbor.
            let index = (pass + turn) % contestants.len();
            let (count, slow) = counts[index];
            if slow && pass >= FEW {
                continue;
            }
            let time = contestants[index].run(count)?;
            figures[index].passes.push(time.as_nanos() as f64 / count as f64);
        }
    }
    Ok(figures)
}

/// How many decisions take that long, and whether already one is slow; warms the contestant up on the way.
fn decisions_in(contestant: &mut dyn Contestant, pass: Duration) -> Result<(u64, bool)> {
    let mut count = 1;
    loop {
        let time = contestant.run(count)?;
        if time >= pass {
            return Ok((count, count == 1 && time > SLOW));
        }
        // Towards the goal, but not on the word of one measurement.
        let factor = pass.as_nanos() / time.as_nanos().max(1) + 1;
        count *= u64::try_from(factor.clamp(2, 10))?;
    }
}

/// The middle of some values, or what lies between the two middle ones.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => values[length / 2],
        length => f64::midpoint(values[length / 2 - 1], values[length / 2]),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use anyhow::{Result, anyhow};
    use serde_json::{Value, json};

    use super::{Effort, Figures, Outcome, judge, same_answer};
    use crate::contestant::{Contestant, Who};
    use crate::question::Question;

    /// Gives the same answer to everything, in no time that counts.
    struct Says(Who, Option<Value>);

    impl Contestant for Says {
        fn who(&self) -> Who {
            self.0
        }

        fn answer(&mut self, _: usize) -> Result<Option<Value>> {
            self.1.clone().map(Some).ok_or_else(|| anyhow!("no answer"))
        }

        fn run(&mut self, decisions: u64) -> Result<Duration> {
            Ok(Duration::from_nanos(decisions * 100))
        }
    }

    fn judged(all: &[(Who, Option<Value>)]) -> Result<super::Outcomes> {
        let question = Question {
            name: "row".to_owned(),
            entrypoint: String::new(),
            policy: PathBuf::new(),
            data: PathBuf::new(),
            inputs: vec![String::new()],
            timed: 1,
            cedar: None,
        };
        let contestants = all.iter().cloned().map(|(who, says)| Box::new(Says(who, says)) as Box<dyn Contestant>);
        judge(&question, contestants.collect(), Effort { passes: 2, pass: Duration::from_nanos(500) })
    }

    #[test]
    fn only_who_gives_opas_answer_is_measured() {
        let all = [
            (Who::Regoc, Some(json!(1))),
            (Who::OpaAst, Some(json!(1.0))),
            (Who::RegorusEngine, Some(json!(2))),
            (Who::RegorusMachine, None),
            (Who::SerdeJson, Some(json!(3))),
        ];
        let outcomes = judged(&all).expect("outcomes");
        let of = |who| outcomes.get(&who).expect("an outcome");
        assert!(matches!(of(Who::RegorusEngine), Outcome::Wrong(why) if why == "2 instead of 1.0 for input 1 of 1"));
        assert!(matches!(of(Who::RegorusMachine), Outcome::Refused(why) if why == "no answer"));
        for who in [Who::Regoc, Who::OpaAst, Who::SerdeJson] {
            assert_eq!(of(who).figures().expect("figures").passes, [100.0, 100.0], "{who:?}");
        }
    }

    #[test]
    fn regoc_may_not_give_another_answer() {
        assert!(judged(&[(Who::Regoc, Some(json!(1))), (Who::OpaRaw, Some(json!(2)))]).is_err());
        assert!(judged(&[(Who::Regoc, None)]).is_err());
    }

    #[test]
    fn order_counts_where_there_is_one() {
        let (a, b) = (json!({"deny": [1, 2]}), json!({"deny": [2, 1]}));
        assert!(same_answer(&a, &a, true) && !same_answer(&a, &b, true) && same_answer(&a, &b, false));
        assert!(!same_answer(&a, &json!({"deny": [2, 2]}), false));
    }

    #[test]
    fn medians_and_ratios_are_those_of_passes() {
        let fast = Figures { passes: vec![1.0, 9.0, 2.0] };
        let slow = Figures { passes: vec![3.0, 36.0, 8.0] };
        assert_eq!((fast.median().to_bits(), fast.best().to_bits()), (2.0_f64.to_bits(), 1.0_f64.to_bits()));
        assert_eq!(slow.times(&fast).to_bits(), 4.0_f64.to_bits());
        let even = Figures { passes: vec![4.0, 1.0, 3.0, 2.0, 100.0] };
        assert_eq!(even.spread().to_bits(), (2.0_f64 / 3.0).to_bits());
    }
}
