//! Writes the folder of modules and questions that hosts are asked from: `host-cases FOLDER`, an empty one.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::Parser;
use regoc_spec_tests::hosts::folder::{Tools, write};

/// Writes the modules and questions that hosts of others are asked from.
#[derive(Parser)]
struct Arguments {
    /// Where to: a folder that is there and empty.
    folder: PathBuf,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    write(&arguments.folder, &Tools::find().map_err(|missing| anyhow!(missing))?)
}
