//! regorus (its engine and its virtual machine) and Cedar, as `make bench` asks them: `-kind NAME -policy FILE -data FILE -inputs FILE
//! -query data.example.violation`. The protocol is that of `regoc-bench-protocol`.

mod cedar;
mod rego;

use anyhow::{Result, bail};
use regoc_bench_protocol::{Arguments, Contestant, serve};

fn main() -> Result<()> {
    serve(make)
}

fn make(arguments: &Arguments) -> Result<Box<dyn Contestant>> {
    Ok(match arguments.get("kind")? {
        "regorus-engine" => Box::new(rego::Engine::new(arguments)?),
        "regorus-vm" => Box::new(rego::Machine::new(arguments)?),
        "cedar" => Box::new(cedar::Authorizing::new(arguments)?),
        other => bail!("there is no kind `{other}`"),
    })
}
