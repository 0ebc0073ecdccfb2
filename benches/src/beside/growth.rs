//! How a decision's time grows with what it looks at: the smaller and the larger row of a family, in turn.

use anyhow::Result;
use regoc_runtime::Runtime;

use crate::contestant::{Contestant, Module, Who};
use crate::measure::{Effort, measure};
use crate::question::Question;

/// How many times as long the larger row may take where an index replaces a scan.
const FLAT: f64 = 1.3;

/// How many times as long ten times the input may take.
const LINEAR: f64 = 12.0;

/// The smaller row, the larger one, and how many times as long that may take.
const PAIRS: &[(&str, &str, f64)] = &[
    ("http-routes-10", "http-routes-5000", FLAT),
    ("rbac-10", "rbac-100000", FLAT),
    ("acp-100", "acp-30000", FLAT),
    ("inventory-30", "inventory-3000", FLAT),
    ("servers-100", "servers-1000", LINEAR),
];

/// What was found for a pair of rows.
#[derive(Clone, Debug)]
pub struct Growth {
    /// The smaller row.
    pub from: &'static str,
    /// The larger row.
    pub to: &'static str,
    /// How many times as long it takes.
    pub times: f64,
    /// How many times as long it may take.
    pub most: f64,
}

/// Measures the pairs of which both rows are there.
pub(super) fn measure_all(questions: &[Question], runtime: &Runtime, effort: Effort) -> Result<Vec<Growth>> {
    let load = |name: &str| -> Result<Option<Box<dyn Contestant>>> {
        let Some(question) = questions.iter().find(|question| question.name == name) else { return Ok(None) };
        Ok(Some(Box::new(Module::load(Who::Regoc, runtime, &question.module()?, question)?)))
    };
    let mut all = Vec::new();
    for (from, to, most) in PAIRS {
        let (Some(smaller), Some(larger)) = (load(from)?, load(to)?) else { continue };
        if let [smaller, larger] = &measure(&mut [smaller, larger], effort)?[..] {
            all.push(Growth { from, to, times: larger.times(smaller), most: *most });
        }
    }
    Ok(all)
}
