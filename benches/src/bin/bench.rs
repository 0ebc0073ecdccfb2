//! `bench [ROW…]`: decisions on the shared workloads, beside OPA's interpreter and OPA's wasm module. Answers are compared before
//! anything is timed. `make bench` runs it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command that reports")]

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use regoc_benches::contestant::{Contestant, InputText, Module};
use regoc_benches::measure::{Effort, agree, measure};
use regoc_benches::opa::{Interpreter, Store, build_module, build_peer};
use regoc_benches::table;
use regoc_runtime::Runtime;
use regoc_spec_tests::build::module;
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::workload::{Generator, Row};

/// Measures decisions beside OPA.
#[derive(Parser)]
struct Arguments {
    /// Rows of the workloads, such as rbac-1000; `all` for all of them
    #[arg(default_values = ["servers", "rbac-1000", "http-routes-1000", "k8s-admission"])]
    rows: Vec<String>,
    /// The folder of the workloads
    #[arg(long, value_name = "DIR")]
    workloads: Option<PathBuf>,
    /// What the data and the inputs are generated from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many passes
    #[arg(long, default_value_t = 15)]
    passes: usize,
    /// How many milliseconds each runs in a pass, at least
    #[arg(long, default_value_t = 50)]
    pass_ms: u64,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let generator = Generator::find(arguments.workloads.as_deref()).map_err(anyhow::Error::msg)?;
    let workloads = generator.run(arguments.seed)?;
    let rows = workloads.rows()?;
    let all = arguments.rows.iter().any(|name| name == "all");
    for name in &arguments.rows {
        let known = all || rows.iter().any(|row| row.name == *name);
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        ensure!(known, "there is no row `{name}`; there are {}", names.join(", "));
    }
    let folder = TemporaryFolder::new()?;
    let peer = build_peer(&folder).map_err(|error| eprintln!("without OPA: {error:#}")).ok();
    let effort = Effort { passes: arguments.passes.max(1), pass: Duration::from_millis(arguments.pass_ms) };
    let runtime = Runtime::new()?;
    println!(
        "seed {}, medians of {} interleaved passes; one decision is JSON text in, JSON text out",
        arguments.seed, effort.passes
    );
    println!("{}", table::head());
    for row in rows.iter().filter(|row| all || arguments.rows.contains(&row.name)) {
        let mut contestants = contestants(row, &runtime, peer.as_ref(), &folder).with_context(|| row.name.clone())?;
        agree(&mut contestants).with_context(|| row.name.clone())?;
        let figures = measure(&mut contestants, effort).with_context(|| row.name.clone())?;
        println!("{}", table::line(&row.name, &figures));
        for figures in &figures {
            eprintln!("    {}: median {:.0}, best {:.0} ns", figures.name, figures.median(), figures.best());
        }
    }
    Ok(())
}

/// All that take part in a row. OPA may be missing; regoc may not.
fn contestants(
    row: &Row,
    runtime: &Runtime,
    peer: Option<&PathBuf>,
    folder: &TemporaryFolder,
) -> Result<Vec<Box<dyn Contestant>>> {
    let ours = module(&[("policy.rego", &row.policy_text()?)], &[&row.entrypoint])?;
    let load = |name, bytes: &[u8], input| Module::load(name, runtime, bytes, row, input);
    let mut contestants: Vec<Box<dyn Contestant>> = vec![
        Box::new(load("regoc", &ours, InputText::Trusted)?),
        Box::new(load("regoc, input checked", &ours, InputText::Checked)?),
    ];
    match build_module(row, folder).and_then(|bytes| load("OPA's wasm", &bytes, InputText::Trusted)) {
        Ok(module) => contestants.push(Box::new(module.built_by_opa())),
        Err(error) => eprintln!("    without OPA's wasm: {error:#}"),
    }
    if let Some(peer) = peer {
        for store in [Store::Ast, Store::Raw] {
            contestants.push(Box::new(Interpreter::start(peer, row, store)?));
        }
    }
    Ok(contestants)
}
