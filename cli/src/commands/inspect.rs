//! `regoc inspect`: what is in sources, in a bundle, or in a module.

use std::collections::BTreeMap;
use std::process::ExitCode;

use regoc_abi::sections;
use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::syntax::{ParseOptions, parse_module};
use regoc_runtime::{Compilation, Runtime};
use serde_json::{Map, Value, json};
use wasmparser::{Parser, Payload, TypeRef};

use crate::args::Language;
use crate::bundle::{Manifest, Resolver, contains};
use crate::compile::{self, Request};
use crate::failure::Failure;
use crate::files::{self, Loaded, Loading};
use crate::index;
use crate::json::{self, object};
use crate::render;
use crate::table::table;

/// Show what is in a module, a bundle, or Rego files
///
/// Of a module: entrypoints, imports, host builtins, sections and their sizes. Of a bundle: its manifest, and which file defines
/// what below data. Of a folder the same, as the bundle that it is the layout of. With --index, of policies: what chooses each rule and
/// what its scans look up, and where nothing does, why not and what to write instead.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// A module (.wasm), a bundle (.tar.gz), a folder, or a Rego file; with --index files and folders as `build` takes them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,

    /// Show what is indexed when the policies are built: by what rules are chosen, and what scans look up
    #[arg(long)]
    index: bool,

    /// With --index: read the paths as bundles: archives, or folders in the layout of one
    #[arg(long, short, requires = "index")]
    bundle: bool,

    /// With --index: build for this document, such as example/violation; 'example/*' stands for every rule of a package
    #[arg(long, short, value_name = "PATH", requires = "index")]
    entrypoint: Vec<String>,

    /// How to write what is found
    #[arg(long, short, value_enum, default_value = "pretty")]
    format: Format,

    #[command(flatten)]
    language: Language,
}

/// How to write what is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Tables
    Pretty,
    /// JSON
    Json,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match inspect(arguments) {
        Ok(text) => super::print(&text),
        Err(failure) => {
            render::show(&failure);
            ExitCode::FAILURE
        }
    }
}

fn inspect(arguments: &Arguments) -> Result<String, Failure> {
    if arguments.index {
        return inspect_index(arguments);
    }
    match arguments.paths.as_slice() {
        // Of a precompiled module (`.cwasm`) the runtime says what it is.
        [path] if path.ends_with("wasm") => inspect_module(path, arguments.format),
        [path] => inspect_files(path, arguments),
        _ => Err(Failure::message("only one path can be described at a time, but with --index")),
    }
}

fn inspect_index(arguments: &Arguments) -> Result<String, Failure> {
    let mut loaded = Loaded::default();
    let loading = Loading { version: arguments.language.version(), ..Loading::default() };
    for path in &arguments.paths {
        if path.ends_with("wasm") {
            let message =
                format!("{path} is a module, and what it was made of is not in it: --index looks at policies");
            return Err(Failure::message(message));
        }
        if arguments.bundle {
            loaded.load_bundle(path, &loading);
        } else {
            loaded.load(path, &loading);
        }
    }
    let loaded = loaded.finish()?;
    loaded.check_rego()?;
    let mut request = Request::new(&arguments.language)?;
    request.entrypoints.names.clone_from(&arguments.entrypoint);
    request.entrypoints.annotated = true;
    let (report, sources) = compile::explain(&loaded, &request)?;
    Ok(match arguments.format {
        Format::Json => json::pretty(&index::to_json(&report, &sources)),
        Format::Pretty => index::tables(&report, &sources),
    })
}

/// A section of a module.
struct Section {
    name: String,
    bytes: usize,
}

/// What a module says of itself.
struct Module {
    size: usize,
    abi: String,
    producer: Option<Value>,
    entrypoints: Vec<String>,
    builtins: Vec<String>,
    imports: Vec<(String, String)>,
    sections: Vec<Section>,
}

fn inspect_module(path: &str, format: Format) -> Result<String, Failure> {
    let bytes =
        std::fs::read(path).map_err(|error| Failure::message(format!("open {path}: {}", files::reason(&error))))?;
    let module = read_module(&bytes)?;
    Ok(match format {
        Format::Json => json::pretty(&module_json(&module)),
        Format::Pretty => module_tables(&module),
    })
}

fn read_module(bytes: &[u8]) -> Result<Module, Failure> {
    // The runtime's refusals are the clearest there are; host builtins are not wanted here, so they are not refused.
    let policy = Runtime::builder().compilation(Compilation::Baseline).accept_any_builtin().build()?.load(bytes)?;
    let (major, minor) = policy.abi_version();
    let mut module = Module {
        size: bytes.len(),
        abi: format!("{major}.{minor}"),
        producer: None,
        entrypoints: policy.entrypoints().map(str::to_owned).collect(),
        builtins: policy.host_builtins().map(str::to_owned).collect(),
        imports: Vec::new(),
        sections: Vec::new(),
    };
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(|error| Failure::message(error.to_string()))?;
        match &payload {
            Payload::ImportSection(reader) => {
                for import in reader.clone().into_imports() {
                    let import = import.map_err(|error| Failure::message(error.to_string()))?;
                    module
                        .imports
                        .push((format!("{}.{}", import.module, import.name), type_name(import.ty).to_owned()));
                }
            }
            Payload::CustomSection(section) if section.name() == sections::PRODUCER => {
                module.producer = std::str::from_utf8(section.data()).ok().and_then(|text| json::parse(text).ok());
            }
            _ => {}
        }
        if let Some((id, range)) = payload.as_section() {
            let name = match &payload {
                Payload::CustomSection(section) => format!("custom {}", section.name()),
                _ => section_name(id).to_owned(),
            };
            module.sections.push(Section { name, bytes: range.len() });
        }
    }
    Ok(module)
}

fn type_name(ty: TypeRef) -> &'static str {
    match ty {
        TypeRef::Func(_) | TypeRef::FuncExact(_) => "function",
        TypeRef::Memory(_) => "memory",
        TypeRef::Table(_) => "table",
        TypeRef::Global(_) => "global",
        TypeRef::Tag(_) => "tag",
    }
}

/// The names of the sections by their numbers (WebAssembly core specification, section 5.5.2).
fn section_name(id: u8) -> &'static str {
    const NAMES: [&str; 14] = [
        "custom",
        "type",
        "import",
        "function",
        "table",
        "memory",
        "global",
        "export",
        "start",
        "element",
        "code",
        "data",
        "data count",
        "tag",
    ];
    NAMES.get(usize::from(id)).copied().unwrap_or("unknown")
}

fn module_json(module: &Module) -> Value {
    let list = |items: &[String]| items.iter().map(|item| Value::from(item.as_str())).collect::<Value>();
    let sections = module
        .sections
        .iter()
        .map(|section| object([("name", section.name.as_str().into()), ("bytes", section.bytes.into())]));
    let imports = module
        .imports
        .iter()
        .map(|(name, kind)| object([("name", name.as_str().into()), ("kind", kind.as_str().into())]));
    object([
        ("abi_version", module.abi.as_str().into()),
        ("bytes", module.size.into()),
        ("entrypoints", list(&module.entrypoints)),
        ("host_builtins", list(&module.builtins)),
        ("imports", imports.collect()),
        ("producer", module.producer.clone().unwrap_or(Value::Null)),
        ("sections", sections.collect()),
    ])
}

fn module_tables(module: &Module) -> String {
    let built_by = match &module.producer {
        Some(producer) => format!("regoc {}", producer.get("regoc").and_then(Value::as_str).unwrap_or("?")),
        None => "another compiler".to_owned(),
    };
    let fields = [("Size", format!("{} bytes", module.size)), ("ABI", module.abi.clone()), ("Built by", built_by)];
    let fields = fields.map(|(name, value)| vec![name.to_owned(), value]);
    let single = |items: &[String]| items.iter().map(|item| vec![item.clone()]).collect::<Vec<_>>();
    let imports: Vec<_> = module.imports.iter().map(|(name, kind)| vec![name.clone(), kind.clone()]).collect();
    let sections: Vec<_> =
        module.sections.iter().map(|section| vec![section.name.clone(), section.bytes.to_string()]).collect();
    let mut out = titled("MODULE", &["FIELD", "VALUE"], &fields);
    out += &titled("ENTRYPOINTS", &["ENTRYPOINT"], &single(&module.entrypoints));
    out += &titled("HOST BUILTINS", &["BUILTIN"], &single(&module.builtins));
    out += &titled("IMPORTS", &["IMPORT", "KIND"], &imports);
    out += &titled("SECTIONS", &["SECTION", "BYTES"], &sections);
    out
}

/// A table with a title, or nothing when it has no rows.
fn titled(title: &str, head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() { String::new() } else { format!("{title}:\n{}", table(head, rows, true)) }
}

fn inspect_files(path: &str, arguments: &Arguments) -> Result<String, Failure> {
    let mut loaded = Loaded::default();
    let loading = Loading { version: arguments.language.version(), ..Loading::default() };
    if path.ends_with(".rego") {
        loaded.load(path, &loading);
    } else {
        loaded.load_bundle(path, &loading);
    }
    let loaded = loaded.finish()?;
    let namespaces = namespaces(&loaded)?;
    let manifest = loaded.bundles.first().map(|bundle| bundle.manifest.clone()).unwrap_or_default();
    Ok(match arguments.format {
        Format::Json => json::pretty(&files_json(&loaded, &manifest, &namespaces)?),
        Format::Pretty => {
            let rows: Vec<_> = namespaces
                .iter()
                .flat_map(|(path, files)| files.iter().map(|file| vec![path.clone(), file.clone()]))
                .collect();
            titled("MANIFEST", &["FIELD", "VALUE"], &manifest_rows(&manifest))
                + &titled("NAMESPACES", &["NAMESPACE", "FILE"], &rows)
        }
    })
}

/// Which files define something below which path of data.
fn namespaces(loaded: &Loaded) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut failure = Failure::default();
    let capabilities = Capabilities::without_builtins();
    for policy in &loaded.policies {
        let (module, diagnostics) =
            parse_module(&loaded.sources, policy.file, &ParseOptions { capabilities: &capabilities });
        failure.problems.extend(diagnostics.into_iter().map(crate::failure::Problem::Diagnostic));
        if let Some(module) = module {
            let name = loaded.sources.get(policy.file).name.clone();
            found.entry(package_path(module.package.path.iter().map(|(name, _)| &**name))).or_default().push(name);
        }
    }
    if !failure.problems.is_empty() {
        failure.sources = loaded.sources.clone();
        return Err(failure);
    }
    for bundle in &loaded.bundles {
        for (folders, file) in &bundle.data_files {
            found.entry(package_path(folders.iter().map(String::as_str))).or_default().push(file.clone());
        }
        for resolver in &bundle.manifest.wasm {
            found.entry(package_path(resolver.entrypoint.split('/'))).or_default().push(resolver.module.clone());
        }
    }
    Ok(found)
}

/// A path below data as a reference: `data.a["b-c"]`.
fn package_path<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut path = "data".to_owned();
    for name in names {
        let plain = !name.is_empty()
            && !name.starts_with(|first: char| first.is_ascii_digit())
            && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
        path += &if plain { format!(".{name}") } else { format!("[{}]", json::compact(&Value::from(name))) };
    }
    path
}

fn manifest_rows(manifest: &Manifest) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = |field: &str, value: String| rows.push(vec![field.to_owned(), value]);
    if let Some(version) = manifest.rego_version {
        row("Rego Version", version.to_string());
    }
    if !manifest.revision.is_empty() {
        row("Revision", manifest.revision.clone());
    }
    let mut roots = manifest.roots();
    roots.sort();
    // The empty root owns everything, which goes without saying.
    for root in roots.into_iter().filter(|root| !contains(root, "")) {
        row("Roots", root);
    }
    if let Some(metadata) = &manifest.metadata {
        row("Metadata", json::compact(&Value::Object(metadata.clone())));
    }
    rows
}

/// What the signatures of a bundle say: tokens, and who makes them if it is not OPA.
fn signatures(loaded: &Loaded) -> Result<Value, Failure> {
    let text = loaded.bundles.iter().find_map(|bundle| bundle.signatures.as_deref());
    let failed = |error: String| Failure::message(format!("bundle load failed on signatures decode: {error}"));
    let given: Map<String, Value> = match text {
        Some(text) => serde_json::from_slice(text).map_err(|error| failed(error.to_string()))?,
        None => Map::new(),
    };
    let said = |name: &str| Some((name.to_owned(), given.get(name)?.clone()));
    let is_empty = |value: &Value| value.is_null() || *value == json!([]) || *value == json!("");
    let said = ["signatures", "plugin"].into_iter().filter_map(said).filter(|(_, value)| !is_empty(value));
    Ok(Value::Object(said.collect()))
}

fn files_json(
    loaded: &Loaded,
    manifest: &Manifest,
    namespaces: &BTreeMap<String, Vec<String>>,
) -> Result<Value, Failure> {
    let mut out = Map::new();
    if !loaded.bundles.is_empty() {
        out.insert("manifest".to_owned(), json::parse(&manifest.to_text()).unwrap_or(Value::Null));
    }
    out.insert("signatures_config".to_owned(), signatures(loaded)?);
    let modules: Vec<Value> = loaded
        .bundles
        .iter()
        .flat_map(|bundle| {
            bundle.modules.iter().map(|module| {
                let entrypoints =
                    bundle.manifest.wasm.iter().filter(|resolver| {
                        resolver.module.trim_start_matches('/') == module.path.trim_start_matches('/')
                    });
                let path = |resolver: &Resolver| Value::from(package_path(resolver.entrypoint.split('/')));
                let entrypoints = entrypoints.map(path);
                object([
                    ("entrypoints", entrypoints.collect()),
                    ("path", module.path.as_str().into()),
                    ("url", format!("{}{}", bundle.name, module.path).into()),
                    ("bytes", module.bytes.len().into()),
                ])
            })
        })
        .collect();
    if !modules.is_empty() {
        out.insert("wasm_modules".to_owned(), Value::Array(modules));
    }
    let namespaces = namespaces
        .iter()
        .map(|(path, files)| (path.clone(), files.iter().map(|file| Value::from(file.as_str())).collect::<Value>()));
    out.insert("namespaces".to_owned(), Value::Object(namespaces.collect()));
    Ok(Value::Object(out))
}
