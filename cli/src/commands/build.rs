//! `regoc build`: from policies and data, or a plan of OPA's, to a module, a plan, or a bundle with one of them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use regoc_compiler::optimize::PASSES;
use regoc_compiler::resolve::prune;
use regoc_compiler::source::{FileId, RegoVersion, SourceSet};
use regoc_runtime::Runtime;
use serde_json::Value;

use crate::args::{Ignore, Language, Schema};
use crate::bundle::{self, Manifest, Member, Resolver};
use crate::compile::{self, Compiled, Request};
use crate::failure::Failure;
use crate::files::{Loaded, Loading, PolicyFile, reason};
use crate::{json, render};

/// Build a WebAssembly module, or a bundle that holds one
///
/// The module answers for the entrypoints given with --entrypoint and for those that metadata marks with `entrypoint: true`;
/// with neither, for each package and each of its rules. Nothing is written unless everything succeeded. Instead of policies, a plan of
/// OPA's (`opa build -t plan`) can be given: a file named plan.json, or a bundle that holds one.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Files and folders with Rego and data
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,

    /// Read the paths as bundles: archives, or folders in the layout of one
    #[arg(long, short)]
    bundle: bool,

    /// Answer for this document, such as example/violation; 'example/*' stands for every rule of a package
    #[arg(long, short, value_name = "PATH")]
    entrypoint: Vec<String>,

    /// Where to write: NAME.wasm for a module, NAME.tar.gz for a bundle, NAME.json for a plan, NAME.cwasm with --aot
    #[arg(long, short, value_name = "FILE", default_value = "bundle.tar.gz")]
    output: PathBuf,

    /// The revision that the bundle's manifest names
    #[arg(long, short, value_name = "TEXT")]
    revision: Option<String>,

    /// Leave it at the entrypoints; in a bundle, rules that need one are entrypoints too, because OPA cannot evaluate a module's
    /// document with another input
    #[arg(long)]
    prune_unused: bool,

    /// Make the data part of the module, so that hosts need not pass it
    #[arg(long)]
    embed_data: bool,

    /// Compile the module to machine code, for regoc on this machine or one like it, so that it is ready as soon as it is loaded; the output
    /// is NAME.cwasm then
    #[arg(long)]
    aot: bool,

    /// Keep calls of print; without it they are left out
    #[arg(long)]
    wasm_include_print: bool,

    /// Let the first error of a builtin end a decision with an error; otherwise the call is undefined
    #[arg(long)]
    strict_builtin_errors: bool,

    /// Leave out a pass of the optimizer; the answers stay as they are
    #[arg(long, value_name = "PASS", value_parser = PossibleValuesParser::new(PASSES.iter().map(|pass| pass.name)))]
    opt_disable: Vec<String>,

    /// Write TypeScript types of the entrypoints to this file, for the package `regoc` of npm
    #[arg(long, value_name = "FILE.d.ts")]
    emit_types: Option<PathBuf>,

    /// What to build: a module, or the policy as a plan of OPA's for whoever runs those
    #[arg(long, short, value_enum, default_value_t = Target::Wasm)]
    target: Target,

    #[command(flatten)]
    language: Language,

    #[command(flatten)]
    schema: Schema,

    #[command(flatten)]
    ignore: Ignore,
}

/// What to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Target {
    /// A WebAssembly module
    Wasm,
    /// A plan (https://www.openpolicyagent.org/docs/ir)
    Plan,
}

/// What the output is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Output {
    Module,
    /// A module compiled to machine code.
    Precompiled,
    Plan,
    Bundle,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match build(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            render::show(&failure);
            ExitCode::FAILURE
        }
    }
}

fn build(arguments: &Arguments) -> Result<(), Failure> {
    let output = output_kind(arguments)?;
    let mut loaded = Loaded::default();
    let loading = Loading { plans: true, ..arguments.ignore.loading(arguments.language.version()) };
    for path in &arguments.paths {
        if arguments.bundle {
            loaded.load_bundle(path, &loading);
        } else {
            loaded.load(path, &loading);
        }
    }
    let loaded = loaded.finish()?;
    check_plans(&loaded)?;
    if loaded.plans.is_empty() {
        loaded.check_rego()?;
    }
    if arguments.emit_types.is_some() && (arguments.target == Target::Plan || !loaded.plans.is_empty()) {
        return Err(Failure::message("a plan has no types: --emit-types is for modules that are built of policies"));
    }
    let mut request = arguments.schema.add_to(Request::new(&arguments.language)?)?;
    // As in OPA, the schemas of metadata count only when policies are checked, evaluated and tested.
    request.schema_annotations = false;
    request.typescript = arguments.emit_types.is_some();
    request.keep_print = arguments.wasm_include_print;
    request.strict_builtin_errors = arguments.strict_builtin_errors;
    request.embed_data = arguments.embed_data;
    request.skip_passes = arguments.opt_disable.iter().cloned().collect();
    request.entrypoints.names.clone_from(&arguments.entrypoint);
    request.entrypoints.annotated = true;
    request.entrypoints.dependents = output == Output::Bundle && !arguments.prune_unused;
    let parts = Parts::of(&loaded, arguments);
    if matches!(output, Output::Module | Output::Precompiled) && !arguments.embed_data && parts.has_data {
        render::warn(
            "the data is not part of the module",
            "pass --embed-data, write a bundle (.tar.gz), or let the host pass the data",
        );
    }
    let mut built = match arguments.target {
        Target::Wasm => Built::Module(Box::new(compile::compile(loaded, &request)?)),
        Target::Plan => Built::Plan(format!("{}\n", json::compact(&compile::plan(loaded, &request)?))),
    };
    if let (Output::Precompiled, Built::Module(compiled)) = (output, &mut built) {
        compiled.wasm = Runtime::builder().accept_any_builtin().build()?.precompile(&compiled.wasm)?;
    }
    if let (Some(path), Built::Module(compiled)) = (&arguments.emit_types, &built)
        && let Some(types) = &compiled.typescript
    {
        write_whole(path, |file| file.write_all(types.as_bytes()))?;
    }
    if output == Output::Bundle {
        let members = parts.members(built, &request);
        return write_whole(&arguments.output, |file| bundle::pack(&members, file));
    }
    write_whole(&arguments.output, |file| match &built {
        Built::Module(compiled) => file.write_all(&compiled.wasm),
        Built::Plan(plan) => file.write_all(plan.as_bytes()),
    })?;
    // The process ends here: to the system it is one piece of memory, and need not be given back tree by tree.
    std::mem::forget((built, parts, request));
    Ok(())
}

/// A plan is built by itself: what it was made of lies in its bundle, and means nothing more.
fn check_plans(loaded: &Loaded) -> Result<(), Failure> {
    let Some((name, _)) = loaded.plans.first() else { return Ok(()) };
    if let Some((other, _)) = loaded.plans.get(1) {
        return Err(Failure::message(format!("{name} and {other} are two plans: only one can be built")));
    }
    if loaded.bundles.len() > 1 || (loaded.bundles.is_empty() && !loaded.policies.is_empty()) {
        return Err(Failure::message(format!("{name} is a plan: no other policies can be built with it")));
    }
    Ok(())
}

/// What was built.
enum Built {
    Module(Box<Compiled>),
    /// The text of a plan.
    Plan(String),
}

fn output_kind(arguments: &Arguments) -> Result<Output, Failure> {
    let path = &arguments.output;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match arguments.target {
        Target::Wasm if arguments.aot && name.ends_with(".cwasm") => Ok(Output::Precompiled),
        Target::Wasm if arguments.aot => {
            let message = format!("`{}` does not end with .cwasm, as what --aot makes is called", path.display());
            Err(Failure::message(message))
        }
        Target::Plan if arguments.aot => Err(Failure::message("a plan has no code: --aot is for modules")),
        Target::Wasm if name.ends_with(".cwasm") => {
            Err(Failure::message(format!("`{}` is the name of a precompiled module: add --aot", path.display())))
        }
        _ if name.ends_with(".tar.gz") => Ok(Output::Bundle),
        Target::Wasm if name.ends_with(".wasm") => Ok(Output::Module),
        Target::Plan if name.ends_with(".json") => Ok(Output::Plan),
        Target::Wasm => Err(wrong_name(path, ".wasm (a module)")),
        Target::Plan => Err(wrong_name(path, ".json (a plan)")),
    }
}

fn wrong_name(path: &Path, wanted: &str) -> Failure {
    Failure::message(format!("`{}` ends with neither {wanted} nor .tar.gz (a bundle)", path.display()))
}

/// What goes into a bundle beside the module.
struct Parts {
    data: Value,
    has_data: bool,
    sources: SourceSet,
    /// The policies with their paths, in the order of these.
    policies: Vec<PolicyFile>,
    manifest: Manifest,
}

impl Parts {
    fn of(loaded: &Loaded, arguments: &Arguments) -> Self {
        let mut policies = loaded.policies.clone();
        policies.sort_by(|a, b| a.bundle_path.cmp(&b.bundle_path));
        let mut manifest = match loaded.bundles.as_slice() {
            [one] => one.manifest.clone(),
            several => Manifest {
                roots: (!several.is_empty())
                    .then(|| several.iter().flat_map(|bundle| bundle.manifest.roots()).collect()),
                ..Manifest::default()
            },
        };
        manifest.wasm.clear();
        if let Some(revision) = &arguments.revision {
            manifest.revision.clone_from(revision);
        }
        let version = manifest.rego_version.unwrap_or(number(arguments.language.version()));
        manifest.rego_version = Some(version);
        // What bundles say of files, by patterns or as a whole, holds in those bundles.
        let version_of = |policy: &PolicyFile| number(loaded.sources.get(policy.file).version);
        let others = policies.iter().filter(|policy| version_of(policy) != version);
        manifest.file_rego_versions = others.map(|policy| (policy.bundle_path.clone(), version_of(policy))).collect();
        let has_data = !loaded.data.is_empty();
        Self { data: Value::Object(loaded.data.clone()), has_data, sources: loaded.sources.clone(), policies, manifest }
    }

    /// The files of the bundle, in the order in which OPA writes them.
    fn members(self, built: Built, request: &Request) -> Vec<Member> {
        const MODULE: &str = "/policy.wasm";
        const PLAN: &str = "/plan.json";
        let mut manifest = self.manifest;
        let files: Vec<FileId> = self.policies.iter().map(|policy| policy.file).collect();
        let mut texts = vec![None; files.len()];
        let (path, bytes) = match built {
            Built::Module(compiled) => {
                texts = prune(&self.sources, &files, &compiled.entrypoints, &request.capabilities);
                manifest.wasm = resolvers(compiled.entrypoints, compiled.annotations, MODULE);
                (MODULE, compiled.wasm)
            }
            Built::Plan(plan) => (PLAN, plan.into_bytes()),
        };
        let member = |path: &str, bytes: Vec<u8>| Member { path: path.to_owned(), bytes };
        let mut members = vec![member("/data.json", format!("{}\n", json::compact(&self.data)).into_bytes())];
        members.extend(self.policies.iter().zip(texts).map(|(policy, pruned)| {
            let text = pruned.unwrap_or_else(|| self.sources.get(policy.file).text.clone());
            member(&policy.bundle_path, text.into_bytes())
        }));
        members.push(member(path, bytes));
        members.push(member("/.manifest", manifest.to_text().into_bytes()));
        members
    }
}

/// The documents that a module stands for, with their metadata.
fn resolvers(entrypoints: Vec<String>, annotations: Vec<Vec<String>>, module: &str) -> Vec<Resolver> {
    let mut annotations = annotations.into_iter();
    let resolver = |entrypoint| {
        let texts = annotations.next().unwrap_or_default();
        // The compiler writes them, so that they read.
        let annotations = texts.iter().filter_map(|text| json::parse(text).ok()).collect();
        Resolver { entrypoint, module: module.to_owned(), annotations }
    };
    entrypoints.into_iter().map(resolver).collect()
}

/// A version of Rego as manifests have it.
fn number(version: RegoVersion) -> i64 {
    match version {
        RegoVersion::V0 | RegoVersion::V0CompatV1 => 0,
        RegoVersion::V1 => 1,
        RegoVersion::V2 => 2,
    }
}

/// Writes a file whole or not at all: into a temporary file beside it that takes its place at the end.
fn write_whole(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), Failure> {
    let failed = |error: &io::Error| Failure::message(format!("cannot write {}: {}", path.display(), reason(error)));
    // What a link points to is replaced, not the link; what is no ordinary file (a device, a pipe) is written in place.
    let target = match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => fs::canonicalize(path).map_err(|error| failed(&error))?,
        Ok(metadata) if metadata.is_dir() => return Err(failed(&io::ErrorKind::IsADirectory.into())),
        Ok(_) => {
            let mut file = OpenOptions::new().write(true).open(path).map_err(|error| failed(&error))?;
            return write(&mut file).and_then(|()| file.flush()).map_err(|error| failed(&error));
        }
        Err(_) => path.to_owned(),
    };
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = target.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).open(&temporary).map_err(|error| failed(&error))?;
    // Not waiting for the disk, which takes longer than the build: what a power failure takes away can be built again.
    let result = write(&mut file).and_then(|()| fs::rename(&temporary, &target));
    result.map_err(|error| {
        // The first error is the one to tell.
        let _ = fs::remove_file(&temporary);
        failed(&error)
    })
}
