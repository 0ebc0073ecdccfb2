//! Guards what does not depend on the clock: for each row the bytes of its module, the fuel of a decision (about the number of wasm
//! instructions) and the allocations of its build stay within 3 % of `figures.json`. `make bless` accepts what they are now.
#![expect(unsafe_code, reason = "an allocator that counts is an allocator")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, ensure};
use regoc_benches::fuel::{self, Loaded};
use regoc_benches::question::{Question, scale};
use regoc_benches::relations;
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::tool;
use regoc_spec_tests::workload::{Generator, read};
use serde_json::{Value, json};

/// How far a figure may be from what is known, as a part of that.
const TOLERANCE: f64 = 0.03;

/// Of relation policies the middle size is guarded.
const RELATION_SIZE: u32 = 50;

/// What is guarded for a row, in this order.
const NAMES: [&str; 3] = ["module_bytes", "fuel", "allocations"];

/// The system's allocator, which counts.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: each call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps what the trait asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps what the trait asks for, and the memory came from the system's allocator.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps what the trait asks for, and the memory came from the system's allocator.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test, so that nothing else allocates while a build is counted.
#[test]
fn figures_are_those_that_are_known() -> Result<()> {
    let folder = TemporaryFolder::new()?;
    let mut questions = relations::questions(1, &folder)?;
    questions.retain(|question| scale(&question.name) == Some(RELATION_SIZE));
    let workloads = match Generator::find(None) {
        Ok(generator) => Some(generator.run(1)?),
        Err(why) => {
            tool::skip(&why);
            None
        }
    };
    if let Some(workloads) = &workloads {
        let rows = workloads.rows()?;
        questions.extend(rows.iter().map(Question::of_row).collect::<Result<Vec<_>>>()?);
    }
    let have = measure_all(&questions)?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("figures.json");
    if std::env::var_os("BLESS").is_some() && workloads.is_some() {
        return bless(&have, &path);
    }
    let known: BTreeMap<String, BTreeMap<String, u64>> = serde_json::from_str(&read(&path)?)?;
    let mut problems: Vec<String> =
        have.iter().flat_map(|(row, figures)| differences(row, figures, known.get(row))).collect();
    if workloads.is_some() {
        let gone = known.keys().filter(|row| !have.contains_key(*row));
        problems.extend(gone.map(|row| format!("{row}: known, but there is no such row")));
    }
    ensure!(problems.is_empty(), "`make bless` accepts these:\n{}", problems.join("\n"));
    Ok(())
}

type Figures = [u64; 3];

fn measure_all(questions: &[Question]) -> Result<BTreeMap<String, Figures>> {
    let engine = fuel::engine()?;
    // What is made once in a process is no build's.
    questions.first().context("there are rows")?.module()?;
    let figures = |question: &Question| -> Result<(String, Figures)> {
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        let module = question.module()?;
        let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
        let (data, input) = (read(&question.data)?, question.inputs.first().context("a question has an input")?);
        let fuel = Loaded::new(&engine, &module, &data).and_then(|mut loaded| loaded.fuel(input));
        let fuel = fuel.with_context(|| question.name.clone())?;
        Ok((question.name.clone(), [module.len() as u64, fuel, allocations]))
    };
    questions.iter().map(figures).collect()
}

/// What is not as it is known, a line each.
fn differences(row: &str, have: &Figures, known: Option<&BTreeMap<String, u64>>) -> Vec<String> {
    let Some(known) = known else { return vec![format!("{row}: not known yet")] };
    let line = |(name, have): (&&str, &u64)| match known.get(*name) {
        None => Some(format!("{row}: {name} is {have}, and not known yet")),
        Some(known) => {
            let change = *have as f64 / *known as f64 - 1.0;
            (change.abs() > TOLERANCE).then(|| format!("{row}: {name} {known} → {have} ({:+.1} %)", change * 100.0))
        }
    };
    NAMES.iter().zip(have).filter_map(line).collect()
}

fn bless(have: &BTreeMap<String, Figures>, path: &PathBuf) -> Result<()> {
    let line = |(row, figures): (&String, &Figures)| {
        let figures: serde_json::Map<String, Value> =
            NAMES.iter().zip(figures).map(|(name, figure)| ((*name).to_owned(), json!(figure))).collect();
        format!("  {}: {}", json!(row), Value::Object(figures))
    };
    let lines: Vec<String> = have.iter().map(line).collect();
    std::fs::write(path, format!("{{\n{}\n}}\n", lines.join(",\n"))).context("writing the figures")
}
