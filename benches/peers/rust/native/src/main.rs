//! The workloads in Rust as somebody writes them by hand, and `serde_json` alone, as `make bench` asks them: `-kind NAME -policy FILE
//! -data FILE -inputs FILE`, where the kind is the workload's name or `serde_json`. The protocol is that of `regoc-bench-protocol`.
//!
//! Data is held in the structures that suit the question; of the input only what is needed is read.

mod acp;
mod envoy_authz;
mod graph;
mod http_routes;
mod inventory;
mod k8s_admission;
mod rbac;
mod servers;
mod text;
mod tf_plan;

use std::hint::black_box;

use anyhow::{Result, bail};
use regoc_bench_protocol::{Arguments, Contestant, serve};
use serde_json::Value;

fn main() -> Result<()> {
    serve(make)
}

fn make(arguments: &Arguments) -> Result<Box<dyn Contestant>> {
    let data = || arguments.read("data");
    Ok(match arguments.get("kind")? {
        "serde_json" => Box::new(Reading),
        "servers" => Box::new(servers::Servers),
        "rbac" => Box::new(rbac::Rbac::load(&data()?)?),
        "http-routes" => Box::new(http_routes::HttpRoutes::load(&arguments.read("policy")?)?),
        "acp" => Box::new(acp::Acp::load(&data()?)?),
        "inventory" => Box::new(inventory::Inventory::load(&data()?)?),
        "k8s-admission" => Box::new(k8s_admission::Admission::new()?),
        "envoy-authz" => Box::new(envoy_authz::Envoy::load(&data()?)?),
        "tf-plan" => Box::new(tf_plan::TfPlan),
        "graph" => Box::new(graph::Graph::load(&data()?)?),
        other => bail!("there is no kind `{other}`"),
    })
}

/// Reads the input into a [`Value`] and decides nothing.
struct Reading;

impl Contestant for Reading {
    fn decide(&mut self, input: &str) -> Result<Option<String>> {
        black_box(serde_json::from_str::<Value>(input)?);
        Ok(None)
    }
}
