//! OPA as a process that lives long: a program in Go, built from `oracles/opa` on demand, one line for each question and answer.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use anyhow::{Context as _, Result, bail};
use regoc_compiler::source::RegoVersion;
use serde_json::{Value, json};

use super::Policy;
use super::answers::{Decision, Refusal, Verdict};
use crate::tool;

/// A running oracle. It ends with this value.
pub struct Oracle {
    program: PathBuf,
    process: Child,
    answers: Receiver<String>,
}

/// How OPA is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As `opa eval` asks it.
    Plain,
    /// It asks all rules, whatever its rule index says of them. That spares it rules that cannot hold, and must not change a value; where it
    /// does, OPA contradicts itself: of `{"c": x} = data.b; x in data.b; y = x[0]` the index says that it never holds.
    WithoutIndex,
    /// It is asked for each document behind all documents that this may need, in one query. What is in its cache already must not change a
    /// value; where it does, OPA contradicts itself: `p[x] if data.base[x]` makes `{"1": true}` of base data `{"1": 0}`, and `data.q.p[1]`
    /// is true when it is asked for alone, because the base document takes 1 for "1", and undefined when `data.q.p` was made before.
    Behind,
    /// It is asked for the value of a function, which is then compared with what the call has in the place of the value. That must not change
    /// a value either; where it does, OPA contradicts itself: of `f(a) := 1 if a == 5 else := 2` it says that `f(5)` is 1 and that `f(5, 2)`
    /// holds, because it passes over the rules whose heads say another value, and with two rules that conflict it says that both hold. Its
    /// wasm modules do not.
    ForValues,
    /// In the place of each `with data.b.a as …`, all of `data.b` is replaced by what it is then. That must not change a value; where it
    /// does, OPA contradicts itself: with base data `{"b": {"a": {"old": 1}}}` and `with data.b.a as {"new": 2}` it says of `data.b` that it
    /// is `{"a": {"new": 2, "old": 1}}`, of `data.b.a` that it is `{"new": 2}`, and of `[x | x := data.b[_]]` that it is `[{"new": 2}]`. Its
    /// wasm modules replace what is there for all three.
    Replacing,
    /// It makes comprehensions for each question that it asks of them, and not once for all. That must not change a value; where it does, OPA
    /// contradicts itself: in `x := "a"; y := count([[concat("", ["a"])] | x = "b"; f(0)])` it calls `f`, though `x` is not "b", to find
    /// what the comprehension is for any `x`, and ends with an error if `f` has two values. Its wasm modules do not.
    WithoutComprehensionIndex,
}

impl Manner {
    /// All but the plain one.
    pub const OTHERS: [Self; 5] =
        [Self::WithoutIndex, Self::Behind, Self::ForValues, Self::Replacing, Self::WithoutComprehensionIndex];
}

/// Builds the program beside the project's other build output; none where there is no Go, or the modules cannot be had.
///
/// # Errors
/// When there is Go but the program cannot be built.
pub fn build() -> Result<Option<PathBuf>> {
    let Some(go) = tool::find("go").or_else(|| Some(PathBuf::from("/usr/local/go/bin/go")).filter(|it| it.is_file()))
    else {
        return Ok(None);
    };
    let program = std::env::current_exe()?.parent().context("a folder of programs")?.join("regoc-oracle");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracles/opa");
    let mut command = Command::new(go);
    command.current_dir(folder).args(["build", "-o"]).arg(&program).arg(".");
    tool::run(&mut command).context("building the oracle")?;
    Ok(Some(program))
}

impl Oracle {
    /// Starts the program.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(program: &Path) -> Result<Self> {
        let mut process = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().context("the oracle's output")?;
        let (sender, answers) = channel();
        // Read all the time, so that neither side waits for the other to take what it has written.
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self { program: program.to_owned(), process, answers })
    }

    /// Asks a question; [`Oracle::answer`] has the answers in the order of the questions.
    fn ask(&mut self, policy: &Policy) -> Result<()> {
        self.put(policy, Manner::Plain)
    }

    fn put(&mut self, policy: &Policy, manner: Manner) -> Result<()> {
        let question = json!({
            "version": match policy.version {
                RegoVersion::V0 => "v0",
                RegoVersion::V0CompatV1 => "v0-compat-v1",
                RegoVersion::V1 | RegoVersion::V2 => "v1",
            },
            "modules": policy.modules,
            "data": policy.data,
            "inputs": policy.inputs,
            "without_index": manner == Manner::WithoutIndex,
            "for_values": manner == Manner::ForValues,
            "replacing": manner == Manner::Replacing,
            "without_comprehension_index": manner == Manner::WithoutComprehensionIndex,
            "behind": manner == Manner::Behind,
        });
        let input = self.process.stdin.as_mut().context("the oracle's input")?;
        writeln!(input, "{question}").context("the oracle has ended")
    }

    /// The next answer.
    fn answer(&mut self) -> Result<Verdict> {
        let line = self.answers.recv().context("the oracle has ended")?;
        let said: Value = serde_json::from_str(&line).context("the oracle's answer")?;
        verdict(said)
    }

    /// Asks questions, as far as the oracle takes them: [`Oracle::answers`] finds out if it has ended.
    pub fn ask_all(&mut self, policies: &[Policy]) {
        let _ = policies.iter().try_for_each(|policy| self.ask(policy));
    }

    /// The answers to questions that were [asked](Oracle::ask_all) first, before others. A question at which OPA ends has no answer: a stack that
    /// overflows cannot be caught in Go.
    ///
    /// # Errors
    /// When the oracle cannot be started again.
    pub fn answers(&mut self, asked: &[Policy], others: &[Policy]) -> Result<Vec<Verdict>> {
        let mut answers = Vec::new();
        let mut has_ended = false;
        for policy in asked {
            let mut said = if has_ended { self.judge(policy) } else { self.answer() };
            if said.is_err() && !has_ended {
                has_ended = true;
                *self = Self::start(&self.program)?;
                said = self.judge(policy);
            }
            answers.push(match said {
                Ok(said) => said,
                Err(error) => {
                    *self = Self::start(&self.program)?;
                    Verdict::Failed(error.to_string())
                }
            });
        }
        if has_ended {
            self.ask_all(others);
        }
        Ok(answers)
    }

    /// Question and answer.
    ///
    /// # Errors
    /// When the oracle has ended, or says what is no answer.
    pub fn judge(&mut self, policy: &Policy) -> Result<Verdict> {
        self.ask(policy)?;
        self.answer()
    }

    /// What OPA says when it is asked in another manner, which must not change a value.
    ///
    /// # Errors
    /// As [`Oracle::judge`].
    pub fn judge_otherwise(&mut self, policy: &Policy, manner: Manner) -> Result<Verdict> {
        self.put(policy, manner)?;
        self.answer()
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // It has nothing to lose; one that has ended already cannot be ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn verdict(mut said: Value) -> Result<Verdict> {
    if let Some(failure) = said["failure"].as_str() {
        return Ok(Verdict::Failed(failure.to_owned()));
    }
    if let Some(errors) = said["errors"].as_array() {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let refusals = errors.iter().map(|error| Refusal {
            code: text(&error["code"]),
            file: text(&error["file"]),
            row: error["row"].as_u64().and_then(|row| u32::try_from(row).ok()).unwrap_or(0),
            message: text(&error["message"]),
        });
        return Ok(Verdict::Refused(refusals.collect()));
    }
    let Value::Object(answers) = said["answers"].take() else { bail!("the oracle says neither errors nor answers") };
    let answers = answers.into_iter().map(|(name, decisions)| {
        let Value::Array(decisions) = decisions else { return (name, Vec::new()) };
        (name, decisions.into_iter().map(decision).collect())
    });
    Ok(Verdict::Answered(answers.collect()))
}

fn decision(mut said: Value) -> Decision {
    if let Value::Array(others) = said["others"].take() {
        let first = decision(said);
        return Decision::Spared(std::iter::once(first).chain(others.into_iter().map(decision)).collect());
    }
    if let Some(code) = said["code"].as_str() {
        return Decision::Error { code: code.to_owned(), message: said["message"].as_str().unwrap_or("").to_owned() };
    }
    match said["defined"] == Value::Bool(true) {
        true => Decision::Value(said["value"].take()),
        false => Decision::Undefined,
    }
}
