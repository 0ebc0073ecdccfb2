//! How `make bench` talks to a peer: arguments say which row, commands come on standard input, each is answered with a line.
//!
//! | command | reply |
//! |---|---|
//! | `answer I` | the decision for the input with that number as JSON text, or `undefined` |
//! | `run N K` | makes N decisions, over the first K inputs in turn, and gives the nanoseconds that they took |
//!
//! A reply that begins with `error: ` says why there is none. One decision is: input as JSON text in, result as JSON text out, with the
//! policy prepared and the data loaded.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::{BufRead, Write};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// One that can be asked.
pub trait Contestant {
    /// The decision as JSON text; none when it is undefined.
    ///
    /// # Errors
    /// When there is no decision.
    fn decide(&mut self, input: &str) -> Result<Option<String>>;
}

/// What a peer was started with: `-name value` pairs.
pub struct Arguments(BTreeMap<String, String>);

impl Arguments {
    /// Those of this process.
    ///
    /// # Errors
    /// When they are not pairs.
    pub fn of_process() -> Result<Self> {
        let mut pairs = BTreeMap::new();
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            let name = name.strip_prefix('-').with_context(|| format!("`{name}` is not a -name"))?.to_owned();
            let value = arguments.next().with_context(|| format!("-{name} has no value"))?;
            pairs.insert(name, value);
        }
        Ok(Self(pairs))
    }

    /// One of them.
    ///
    /// # Errors
    /// When it is missing.
    pub fn get(&self, name: &str) -> Result<&str> {
        self.0.get(name).map(String::as_str).with_context(|| format!("-{name} is missing"))
    }

    /// The text of the file that one of them names.
    ///
    /// # Errors
    /// When it is missing, or the file cannot be read.
    pub fn read(&self, name: &str) -> Result<String> {
        let path = self.get(name)?;
        std::fs::read_to_string(path).with_context(|| format!("reading {path}"))
    }
}

/// Answers commands until there are no more. The inputs are the lines of the file `-inputs`.
///
/// # Errors
/// When the arguments are wrong, or nobody reads the replies. Whoever cannot be made says so in each reply.
pub fn serve(make: impl FnOnce(&Arguments) -> Result<Box<dyn Contestant>>) -> Result<()> {
    let arguments = Arguments::of_process()?;
    let inputs = arguments.read("inputs")?;
    let inputs: Vec<&str> = inputs.lines().collect();
    let mut contestant = make(&arguments);
    let mut out = std::io::stdout().lock();
    for command in std::io::stdin().lock().lines() {
        let reply = match &mut contestant {
            Ok(contestant) => reply(contestant.as_mut(), &command?, &inputs),
            Err(error) => Err(anyhow::anyhow!("{error:#}")),
        };
        // A message may have several lines; a reply has one.
        let reply = reply.unwrap_or_else(|error| format!("error: {}", format!("{error:#}").replace('\n', " ")));
        writeln!(out, "{reply}")?;
        out.flush()?;
    }
    Ok(())
}

fn reply(contestant: &mut dyn Contestant, command: &str, inputs: &[&str]) -> Result<String> {
    let words: Vec<&str> = command.split(' ').collect();
    match words[..] {
        ["answer", index] => {
            let input = inputs.get(index.parse::<usize>()?).context("there is no such input")?;
            Ok(contestant.decide(input)?.unwrap_or_else(|| "undefined".to_owned()))
        }
        ["run", count, of] => {
            let asked = inputs.get(..of.parse()?).context("there are not so many inputs")?;
            run(contestant, count.parse()?, asked)
        }
        _ => bail!("`{command}` is not a command"),
    }
}

fn run(contestant: &mut dyn Contestant, count: u64, inputs: &[&str]) -> Result<String> {
    let start = Instant::now();
    for (input, _) in inputs.iter().cycle().zip(0..count) {
        black_box(contestant.decide(black_box(input))?);
    }
    Ok(start.elapsed().as_nanos().to_string())
}
