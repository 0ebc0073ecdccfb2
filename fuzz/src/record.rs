//! Adds a run that ended without a finding to `fuzz/runs.json`: `record RUNS TARGET COMMIT SECONDS LOG`, where SECONDS
//! are of processor time and LOG is what libFuzzer printed.
//! Seconds and executions of a target add up; who wants to begin anew deletes its row.

use std::error::Error;
use std::fs;

use serde_json::{Map, Value, json};

/// The number behind a word in a log.
fn number_behind(log: &str, word: &str) -> Option<u64> {
    let (_, behind) = log.rsplit_once(word)?;
    behind.trim_start().split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, path, target, commit, seconds, log] = &arguments[..] else {
        return Err("record RUNS TARGET COMMIT SECONDS LOG".into());
    };
    let log = fs::read_to_string(log)?;
    let executions =
        number_behind(&log, "stat::number_of_executed_units:").ok_or("no number of executions in the log")?;
    if !log.contains("\nDone ") {
        return Err("the run did not end by itself".into());
    }
    let seconds: u64 = seconds.parse()?;
    let mut runs: Map<String, Value> = match fs::read(path) {
        Ok(text) => serde_json::from_slice(&text)?,
        Err(_) => Map::new(),
    };
    let before = |name: &str| runs.get(target).and_then(|run| run[name].as_u64()).unwrap_or(0);
    let run = json!({"seconds": before("seconds") + seconds, "executions": before("executions") + executions, "commit": commit});
    runs.insert(target.clone(), run);
    runs.sort_keys();
    let rows: Vec<String> = runs.iter().map(|(target, run)| format!("  {}: {run}", json!(target))).collect();
    Ok(fs::write(path, format!("{{\n{}\n}}\n", rows.join(",\n")))?)
}
