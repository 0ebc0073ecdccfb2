//! Asks all hosts that are installed and writes HOSTS.md: `hosts FILE [NAME…]`, with names only those. Fails when one is wrong.
#![expect(clippy::print_stdout, reason = "a command that reports on standard output")]

use std::path::PathBuf;

use anyhow::{Result, anyhow, ensure};
use clap::Parser;
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::hosts::folder::{Tools, write};
use regoc_spec_tests::hosts::registry::HOSTS;
use regoc_spec_tests::hosts::table::{Row, page};

/// Asks all hosts that are installed, and writes the table of them.
#[derive(Parser)]
struct Arguments {
    /// The page to write.
    file: PathBuf,
    /// Only these hosts.
    names: Vec<String>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = TemporaryFolder::new()?;
    write(folder.path(), &Tools::find().map_err(|missing| anyhow!(missing))?)?;
    let asked = serde_json::from_slice(&std::fs::read(folder.join("cases.json"))?)?;
    let chosen = |name: &str| arguments.names.is_empty() || arguments.names.iter().any(|chosen| chosen == name);
    let mut rows = Vec::new();
    for host in HOSTS.iter().filter(|host| chosen(host.name)) {
        let row = Row::ask(host, folder.path(), &asked);
        match &row.host {
            Ok(name) => println!("{}: {name}: {} wrong", host.name, row.problems.len()),
            Err(missing) => println!("{missing}"),
        }
        for problem in &row.problems {
            println!("{problem}");
        }
        rows.push(row);
        // After each host: asking all of them takes long, and somebody may stop it.
        std::fs::write(&arguments.file, page(&rows))?;
    }
    let wrong = rows.iter().filter(|row| !row.problems.is_empty()).count();
    ensure!(wrong == 0, "{wrong} hosts are wrong");
    Ok(())
}
