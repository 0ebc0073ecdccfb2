//! What is measured beside decisions: how soon a module answers, how long it takes to build, what its data takes, how it shares a machine.

mod build;
mod conditions;
mod growth;
mod memory;
mod start;
mod threads;

use std::fmt::Write as _;

use anyhow::Result;
use regoc_runtime::Runtime;
use regoc_spec_tests::folder::TemporaryFolder;

use crate::measure::Effort;
use crate::opa;
use crate::question::Question;
use crate::report::Row;
use crate::report::format::{NONE, ratio, table, thousands};
pub use conditions::Conditions;
pub use growth::Growth;
pub use memory::Memory;

/// The smallest policy that asks for something.
const ONE_RULE: &str = "package example\nimport rego.v1\nallow if input.x == 1\n";

/// A time of ours beside that of another.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What takes the time.
    pub what: String,
    /// Beside whom.
    pub against: &'static str,
    /// What regoc takes, in nanoseconds.
    pub ours: f64,
    /// What the other takes, where it is there.
    pub theirs: Option<f64>,
    /// How many times as long the other must take, if that is asked.
    pub least: Option<f64>,
}

impl Compared {
    /// How many times as long the other takes.
    #[must_use]
    pub fn times(&self) -> Option<f64> {
        self.theirs.map(|theirs| theirs / self.ours)
    }
}

/// All of it. What could not be measured is not there.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Starts and builds.
    pub compared: Vec<Compared>,
    /// The bytes of the module of one rule, ours and OPA's.
    pub one_rule: Option<(usize, Option<usize>)>,
    /// How much longer a further instance takes over data than over none.
    pub instance_with_data: Option<f64>,
    /// How decisions grow.
    pub growth: Vec<Growth>,
    /// What data takes in memory.
    pub memory: Option<Memory>,
    /// How many times the decisions of one thread two make in the same time.
    pub threads: Option<f64>,
}

impl Beside {
    /// Measures all that can be measured with these questions.
    ///
    /// # Errors
    /// When regoc fails at something.
    pub fn measure(
        questions: &[Question],
        effort: Effort,
        folder: &TemporaryFolder,
        tell: impl Fn(&str),
    ) -> Result<Self> {
        let runtime = Runtime::new()?;
        let find = |name: &str| questions.iter().find(|question| question.name == name);
        let mut beside = Self { one_rule: Some(one_rule(folder)?), ..Self::default() };
        if let Some(servers) = find("servers") {
            tell("starting modules");
            beside.compared.extend(start::small(servers, &runtime, folder)?);
            tell("two threads");
            beside.threads = Some(threads::measure(servers, &runtime)?);
        }
        if let Some(large) = find("rbac-100000") {
            tell("data");
            let (compared, with_data) = start::large(large, folder)?;
            beside.compared.push(compared);
            beside.instance_with_data = Some(with_data);
            beside.memory = Some(memory::measure(large, &runtime, folder)?);
        }
        tell("growth");
        beside.growth = growth::measure_all(questions, &runtime, effort)?;
        tell("builds");
        for rules in ["http-routes-10", "http-routes-1000", "http-routes-5000"] {
            if let Some(question) = find(rules) {
                beside.compared.extend(build::measure(question, folder)?);
            }
        }
        Ok(beside)
    }

    /// The tables.
    #[must_use]
    pub fn to_markdown(&self, rows: &[&Row]) -> String {
        let head = ["", "regoc, ms", "the other, ms", "÷"].map(str::to_owned);
        let milliseconds = |nanoseconds: f64| format!("{:.2}", nanoseconds / 1e6);
        let lines = self.compared.iter().map(|it| {
            let theirs = it.theirs.map_or(NONE.to_owned(), milliseconds);
            let times = it.times().map_or(NONE.to_owned(), ratio);
            vec![format!("{}, beside {}", it.what, it.against), milliseconds(it.ours), theirs, times]
        });
        let mut text = table(1, &head, &lines.collect::<Vec<_>>());
        if let Some(memory) = &self.memory {
            let _ = write!(text, "\n{}\n", memory.to_markdown());
        }
        if let Some(threads) = self.threads {
            let _ = writeln!(
                text,
                "\nTwo threads, an instance each, make {threads:.2} times the decisions of one (servers)."
            );
        }
        let bytes = |name: &str, ours: usize, theirs: Option<usize>| {
            let other = theirs.map_or(NONE.to_owned(), |it| thousands(it as f64));
            let times = theirs.map_or(NONE.to_owned(), |it| ratio(it as f64 / ours as f64));
            vec![name.to_owned(), thousands(ours as f64), other, times]
        };
        let one = self.one_rule.map(|(ours, theirs)| bytes("one rule", ours, theirs));
        let lines = one.into_iter().chain(rows.iter().map(|row| bytes(&row.name, row.module, row.opa_module)));
        let head = ["module", "regoc, bytes", "OPA, bytes", "÷"].map(str::to_owned);
        text.push('\n');
        text.push_str(&table(1, &head, &lines.collect::<Vec<_>>()));
        text
    }
}

/// The bytes of the module of one rule, ours and OPA's.
fn one_rule(folder: &TemporaryFolder) -> Result<(usize, Option<usize>)> {
    let question = Question {
        name: "one-rule".to_owned(),
        entrypoint: "example/allow".to_owned(),
        policy: folder.write("one.rego", ONE_RULE.as_bytes())?,
        data: folder.write("none.json", b"{}")?,
        inputs: Vec::new(),
        timed: 0,
        cedar: None,
    };
    Ok((question.module()?.len(), opa::build_module(&question, folder).ok().map(|bytes| bytes.len())))
}
