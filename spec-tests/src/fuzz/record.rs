//! The record: the runs since the last difference that the fuzzer found. Runs add up, and a seed goes on where its last run ended, so
//! that no policy counts twice. A difference ends the count: what is found is mended, and all begins anew.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::campaign::Outcome;
use crate::case::read_json;
use crate::tool;

/// What a revision is of: everything that an answer of ours depends on.
const TESTED: &[&str] = &["wasm-abi", "compiler", "runtime"];

/// A run that found no difference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// What the policies follow from.
    pub seed: u64,
    /// The number of the first policy.
    pub from: u64,
    /// How many policies.
    pub policies: u64,
    /// How many decisions.
    pub decisions: u64,
    /// How long it took.
    pub seconds: u64,
    /// In how many policies OPA contradicts itself.
    pub contradictions: u64,
    /// In how many policies there is a difference that is known.
    pub known: u64,
    /// The last commit that changes the compiler or the runtime.
    pub revision: String,
}

impl Run {
    fn to_json(&self) -> Value {
        json!({
            "seed": self.seed,
            "from": self.from,
            "policies": self.policies,
            "decisions": self.decisions,
            "seconds": self.seconds,
            "contradictions": self.contradictions,
            "known": self.known,
            "revision": self.revision,
        })
    }

    fn from_json(json: &Value) -> Option<Self> {
        let number = |name: &str| json.get(name)?.as_u64();
        Some(Self {
            seed: number("seed")?,
            from: number("from")?,
            policies: number("policies")?,
            decisions: number("decisions")?,
            seconds: number("seconds")?,
            contradictions: number("contradictions")?,
            known: number("known")?,
            revision: json.get("revision")?.as_str()?.to_owned(),
        })
    }
}

/// The runs since the last difference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The runs, in the order in which they ended.
    pub runs: Vec<Run>,
}

impl Record {
    /// Reads a record; one that is not there is empty.
    ///
    /// # Errors
    /// When the file cannot be read, or is no record.
    pub fn read(path: &Path) -> Result<Self> {
        if !path.is_file() {
            return Ok(Self::default());
        }
        let json = read_json(path)?;
        let runs =
            json.get("runs").and_then(Value::as_array).and_then(|runs| runs.iter().map(Run::from_json).collect());
        Ok(Self { runs: runs.with_context(|| format!("{} is no record of runs", path.display()))? })
    }

    /// Writes the record.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let runs: Vec<Value> = self.runs.iter().map(Run::to_json).collect();
        let text = serde_json::to_string_pretty(&json!({ "runs": runs }))? + "\n";
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// The first policy of a seed that is not in the record.
    #[must_use]
    pub fn next(&self, seed: u64) -> u64 {
        let ends = self.runs.iter().filter(|run| run.seed == seed).map(|run| run.from + run.policies);
        ends.max().unwrap_or(0)
    }

    /// Adds what came of a run, whose counts are the outcome's. One that goes on where another ended, of the same revision, makes that one
    /// longer; a difference leaves nothing.
    pub fn add(&mut self, outcome: &Outcome, seed: u64, from: u64, time: Duration, revision: &str) {
        if !outcome.differences.is_empty() {
            self.runs.clear();
            return;
        }
        let run = Run {
            seed,
            from,
            policies: outcome.policies,
            decisions: outcome.decisions.iter().sum(),
            seconds: time.as_secs(),
            contradictions: outcome.contradictions.len() as u64,
            known: outcome.known.len() as u64,
            revision: revision.to_owned(),
        };
        let goes_on = |earlier: &&mut Run| {
            earlier.seed == seed && earlier.revision == revision && earlier.from + earlier.policies == from
        };
        match self.runs.iter_mut().find(goes_on) {
            Some(earlier) => {
                earlier.policies += run.policies;
                earlier.decisions += run.decisions;
                earlier.seconds += run.seconds;
                earlier.contradictions += run.contradictions;
                earlier.known += run.known;
            }
            None => self.runs.push(run),
        }
    }

    /// All runs as if they were one: the sums, with the revision of the last.
    #[must_use]
    pub fn sum(&self) -> Run {
        let mut sum = Run::default();
        for run in &self.runs {
            sum.policies += run.policies;
            sum.decisions += run.decisions;
            sum.seconds += run.seconds;
            sum.contradictions += run.contradictions;
            sum.known += run.known;
            sum.revision.clone_from(&run.revision);
        }
        sum
    }
}

/// The last commit that changes what is tested.
///
/// # Errors
/// When there is no history here, or something of it is changed and not committed: nobody could say later what was tested.
pub fn revision() -> Result<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let git = |arguments: &[&str]| -> Result<String> {
        let mut command = Command::new(tool::find("git").unwrap_or_else(|| PathBuf::from("git")));
        command.current_dir(&root).args(arguments).arg("--").args(TESTED);
        Ok(String::from_utf8(tool::run(&mut command)?)?.trim().to_owned())
    };
    if !git(&["status", "--porcelain"])?.is_empty() {
        bail!("a run can be recorded only of what is committed");
    }
    git(&["log", "-1", "--format=%h"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(policies: u64, differences: usize) -> Outcome {
        let differences = (0..differences).map(|number| (number.to_string(), String::new())).collect();
        Outcome { policies, decisions: [policies, 1, 0], differences, ..Outcome::default() }
    }

    fn add(record: &mut Record, seed: u64, policies: u64, revision: &str) {
        let from = record.next(seed);
        record.add(&outcome(policies, 0), seed, from, Duration::from_secs(10), revision);
    }

    #[test]
    fn runs_add_up() {
        let mut record = Record::default();
        add(&mut record, 1, 100, "a");
        add(&mut record, 2, 50, "a");
        add(&mut record, 1, 20, "a");
        add(&mut record, 1, 3, "b");
        let lengths: Vec<_> = record.runs.iter().map(|run| (run.seed, run.from, run.policies)).collect();
        assert_eq!(lengths, [(1, 0, 120), (2, 0, 50), (1, 120, 3)]);
        assert_eq!(record.next(1), 123);
        let sum = record.sum();
        assert_eq!((sum.policies, sum.decisions, sum.seconds, &*sum.revision), (173, 177, 40, "b"));
    }

    #[test]
    fn a_difference_leaves_nothing() {
        let mut record = Record::default();
        add(&mut record, 1, 100, "a");
        record.add(&outcome(7, 1), 2, 0, Duration::ZERO, "a");
        assert_eq!(record, Record::default());
    }

    #[test]
    fn a_record_is_read_as_it_was_written() -> Result<()> {
        let path = std::env::temp_dir().join(format!("regoc-record-{}.json", std::process::id()));
        assert_eq!(Record::read(&path)?, Record::default());
        let mut record = Record::default();
        add(&mut record, 1, 100, "a");
        add(&mut record, 2, 50, "b");
        record.write(&path)?;
        let read = Record::read(&path);
        std::fs::write(&path, "{}")?;
        assert!(Record::read(&path).is_err());
        std::fs::remove_file(&path)?;
        assert_eq!(read?, record);
        Ok(())
    }
}
