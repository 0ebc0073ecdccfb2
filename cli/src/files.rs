//! Finds and reads the files that a command is given, as OPA's loader does (`v1/loader`): policies, data, bundles.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

use regoc_compiler::capabilities::Capabilities;
use regoc_compiler::diagnostic::{Code, Diagnostic};
use regoc_compiler::resolve::documents;
use regoc_compiler::source::{FileId, RegoVersion, SourceSet, Span};
use regoc_compiler::syntax::{ParseOptions, parse_module};
use serde_json::{Map, Value};

use crate::bundle::{self, Manifest, Member, Role};
use crate::failure::{Failure, Problem};
use crate::json;
use crate::patch::{self, Operation};

/// What to load, and how.
#[derive(Clone, Debug, Default)]
pub(crate) struct Loading {
    /// The version of Rego of files that nothing else is said of.
    pub(crate) version: RegoVersion,
    /// Patterns of names of files and folders to leave out, below the paths that are given.
    pub(crate) ignore: Vec<String>,
    /// Whether only Rego is of interest.
    pub(crate) only_rego: bool,
    /// Whether a file `plan.json` that is named outright is a plan of OPA's, not data.
    pub(crate) plans: bool,
}

/// A policy that was loaded.
#[derive(Clone, Debug)]
pub(crate) struct PolicyFile {
    /// Its text.
    pub(crate) file: FileId,
    /// The path that it has in a bundle.
    pub(crate) bundle_path: String,
}

/// A wasm module that was loaded with a bundle.
#[derive(Clone, Debug)]
pub(crate) struct ModuleFile {
    /// The path in the bundle.
    pub(crate) path: String,
    /// The module.
    pub(crate) bytes: Vec<u8>,
}

/// A bundle that was loaded.
#[derive(Clone, Debug)]
pub(crate) struct LoadedBundle {
    /// The path that was given.
    pub(crate) name: String,
    /// Its manifest.
    pub(crate) manifest: Manifest,
    /// The text of its signatures.
    pub(crate) signatures: Option<Vec<u8>>,
    /// The policies that came with it.
    pub(crate) policies: Vec<PolicyFile>,
    /// The folders of data files, each with the file.
    pub(crate) data_files: Vec<(Vec<String>, String)>,
    /// Wasm modules.
    pub(crate) modules: Vec<ModuleFile>,
    /// The changes of a delta bundle that are not made yet.
    changes: Vec<Operation>,
}

/// Everything that was loaded.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// The texts of all policies.
    pub(crate) sources: SourceSet,
    /// The policies.
    pub(crate) policies: Vec<PolicyFile>,
    /// The data of all files, merged.
    pub(crate) data: Map<String, Value>,
    /// The bundles.
    pub(crate) bundles: Vec<LoadedBundle>,
    /// The plans, each with the file it came from.
    pub(crate) plans: Vec<(String, Value)>,
    problems: Vec<Problem>,
    /// The data files so far, each with where it is rooted, so that a conflict can name both.
    data_files: Vec<(String, Vec<String>, Map<String, Value>)>,
}

impl Loaded {
    /// Ends the loading.
    ///
    /// # Errors
    ///
    /// Everything that could not be loaded, together.
    pub(crate) fn finish(self) -> Result<Self, Failure> {
        if self.problems.is_empty() {
            Ok(Self { data_files: Vec::new(), ..self })
        } else {
            Err(Failure { sources: self.sources, problems: self.problems })
        }
    }

    /// Texts that were loaded before.
    pub(crate) fn again(sources: SourceSet) -> Self {
        Self { sources, ..Self::default() }
    }

    /// Whether the Rego of all bundles makes what they say their modules stand for. What `regoc build` and `opa build -t wasm` write does not.
    ///
    /// # Errors
    ///
    /// The first document that only a module has.
    pub(crate) fn check_rego(&self) -> Result<(), Failure> {
        let capabilities = Capabilities::without_builtins();
        for bundle in &self.bundles {
            let of_file = |policy: &PolicyFile| documents(&self.sources, policy.file, &capabilities);
            let files: Vec<_> = bundle.policies.iter().filter_map(of_file).collect();
            let is_made = |entrypoint: &str| {
                files.iter().any(|(package, rules)| {
                    bundle::contains(entrypoint, &package.join("/"))
                        || rules.iter().any(|rule| bundle::overlap(&rule.join("/"), entrypoint))
                })
            };
            if let Some(resolver) = bundle.manifest.wasm.iter().find(|resolver| !is_made(&resolver.entrypoint)) {
                let (name, entrypoint) = (&bundle.name, &resolver.entrypoint);
                return Err(Failure::message(format!(
                    "bundle {name}: {entrypoint} is compiled, and its Rego is not in the bundle: ask the module (regoc eval --wasm {name} -e {entrypoint})"
                )));
            }
        }
        Ok(())
    }

    /// Says before each message since the first `known` problems what was being done, as OPA's `eval` does for bundles.
    pub(crate) fn explain(&mut self, known: usize, doing: &str) {
        for problem in self.problems.iter_mut().skip(known) {
            if let Problem::Message(message) = problem {
                message.insert_str(0, doing);
            }
        }
    }

    /// How many problems there are.
    pub(crate) fn problem_count(&self) -> usize {
        self.problems.len()
    }

    /// Loads a path that may begin with a prefix (`path.to:file`): a file, or a folder and what is below it.
    pub(crate) fn load(&mut self, path: &str, loading: &Loading) {
        let (prefix, path) = split_prefix(path);
        match clean_url(path) {
            Ok(path) => self.load_below(path, &prefix, 0, loading),
            Err(message) => self.problem(message),
        }
    }

    fn problem(&mut self, message: impl Into<String>) {
        self.problems.push(Problem::Message(message.into()));
    }

    fn load_below(&mut self, path: &str, root: &[String], depth: usize, loading: &Loading) {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => return self.problem(format!("stat {path}: {}", reason(&error))),
        };
        if left_out(path, metadata.is_dir(), depth, loading) {
            return;
        }
        if !metadata.is_dir() {
            return self.load_file(path, root, depth, loading);
        }
        let mut root = root.to_vec();
        if depth > 0 {
            root.push(file_name(path).to_owned());
        }
        match names_in(path) {
            Ok(names) => {
                for name in names {
                    self.load_below(&join(path, &name), &root, depth + 1, loading);
                }
            }
            Err(error) => self.problem(format!("open {path}: {}", reason(&error))),
        }
    }

    fn load_file(&mut self, path: &str, root: &[String], depth: usize, loading: &Loading) {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => return self.problem(format!("open {path}: {}", reason(&error))),
        };
        match Path::new(path).extension().and_then(OsStr::to_str) {
            Some("rego") => self.add_policy(path, &bundle_path(path), bytes, loading.version),
            Some("json") if loading.plans && depth == 0 && file_name(path) == bundle::PLAN => {
                self.add_plan(path, &bytes);
            }
            Some("json") => self.add_data(path, root, parse_json(&bytes)),
            Some("yaml" | "yml") => self.add_data(path, root, parse_yaml(&bytes)),
            _ if path.ends_with(".tar.gz") => self.add_archive(path, &bytes, loading),
            _ if depth > 0 => {}
            // A file that was named outright is taken for whatever it can be.
            _ => match parse_json(&bytes).or_else(|_| parse_yaml(&bytes)) {
                Ok(data) if data.is_object() => self.add_data(path, root, Ok(data)),
                _ => self.add_policy(path, &bundle_path(path), bytes, loading.version),
            },
        }
    }

    fn add_policy(&mut self, name: &str, bundle_path: &str, bytes: Vec<u8>, version: RegoVersion) {
        let (text, broken) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(at))
            }
        };
        let Ok(length) = u32::try_from(text.len()) else {
            return self.problem(format!("{name}: a policy of more than 4 GiB"));
        };
        let file = self.sources.add(name, text, version);
        self.policies.push(PolicyFile { file, bundle_path: bundle_path.to_owned() });
        if let Some(at) = broken {
            let start = u32::try_from(at).unwrap_or(length).min(length);
            let span = Span { file, start, end: start };
            let help = "save the file as UTF-8; it may be in another encoding or not be text";
            self.problems.push(Problem::Diagnostic(
                Diagnostic::new(Code::Parse, span, "illegal utf-8 character").with_help(help),
            ));
        }
    }

    fn add_plan(&mut self, name: &str, bytes: &[u8]) {
        match parse_json(bytes) {
            Ok(plan) => self.plans.push((name.to_owned(), plan)),
            Err(error) => self.problem(format!("{name}: {error}")),
        }
    }

    /// Merges a data document at a path.
    fn add_data(&mut self, name: &str, root: &[String], data: Result<Value, String>) {
        let data = match data {
            Ok(data) => data,
            Err(error) => return self.problem(format!("{name}: {error}")),
        };
        let Value::Object(document) = below(root, data) else {
            return self.problem(format!("{name}: document must be of type object"));
        };
        if self.data_files.iter().any(|(known, known_root, _)| known == name && known_root == root) {
            return;
        }
        if let Some(conflict) = conflict(&self.data, &document) {
            let other = self.data_files.iter().find(|(_, _, data)| has_path(data, &conflict));
            let also = match other {
                Some((other, ..)) => format!(", also defined in {other}"),
                None => ", data from multiple files must not overlap".to_owned(),
            };
            return self
                .problem(format!("{name}: merge error: conflicting values at data.{}{also}", conflict.join(".")));
        }
        merge(&mut self.data, document.clone());
        self.data_files.push((name.to_owned(), root.to_vec(), document));
    }

    /// Loads the bytes of an archive as a bundle; messages show the path.
    pub(crate) fn add_archive(&mut self, path: &str, bytes: &[u8], loading: &Loading) {
        match bundle::unpack(bytes) {
            Ok(members) => self.add_bundle(path, members, None, loading),
            Err(error) => self.problem(format!("bundle {path}: {error}")),
        }
    }

    /// Loads a path as a bundle: a folder, or an archive.
    pub(crate) fn load_bundle(&mut self, path: &str, loading: &Loading) {
        let path = match clean_url(path) {
            Ok(path) => path,
            Err(message) => return self.problem(message),
        };
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => return self.problem(format!("error reading {path:?}: stat {path}: {}", reason(&error))),
        };
        if metadata.is_dir() {
            let mut members = Vec::new();
            match collect(path, "", 0, loading, &mut members) {
                Ok(()) => self.add_bundle(path, members, Some(path), loading),
                Err(message) => self.problem(message),
            }
        } else {
            match fs::read(path) {
                Ok(bytes) => self.add_archive(path, &bytes, loading),
                Err(error) => self.problem(format!("open {path}: {}", reason(&error))),
            }
        }
    }

    fn add_bundle(&mut self, name: &str, members: Vec<Member>, folder: Option<&str>, loading: &Loading) {
        let manifest = members.iter().find(|member| bundle::role(&member.path) == Role::Manifest);
        let manifest = match manifest.map(|member| Manifest::parse(&member.bytes)).transpose() {
            Ok(manifest) => manifest.unwrap_or_default(),
            Err(error) => {
                return self.problem(format!("bundle {name}: {error}"));
            }
        };
        let first_policy = self.policies.len();
        let mut loaded = LoadedBundle {
            name: name.to_owned(),
            manifest,
            signatures: None,
            policies: Vec::new(),
            data_files: Vec::new(),
            modules: Vec::new(),
            changes: Vec::new(),
        };
        for member in members {
            let shown = folder.map_or_else(|| member.path.clone(), |folder| join(folder, &member.path));
            let inside = format!("/{}", member.path.trim_start_matches("./").trim_start_matches('/'));
            match bundle::role(&member.path) {
                Role::Policy => match loaded.manifest.version_of(&inside) {
                    // In a bundle that is built of folders, policies have their paths from where it is built.
                    Ok(version) => {
                        let path = folder.map_or_else(|| inside.clone(), |_| bundle_path(&shown));
                        self.add_policy(&shown, &path, member.bytes, version.unwrap_or(loading.version));
                    }
                    Err(error) => self.problem(format!("bundle {name}: {error}")),
                },
                Role::JsonData => self.add_bundle_data(&mut loaded, &inside, &shown, parse_json(&member.bytes)),
                Role::YamlData => self.add_bundle_data(&mut loaded, &inside, &shown, parse_yaml(&member.bytes)),
                Role::Module => loaded.modules.push(ModuleFile { path: inside, bytes: member.bytes }),
                Role::Plan => self.add_plan(&shown, &member.bytes),
                Role::Patch => match patch::parse(&member.bytes) {
                    Ok(operations) => loaded.changes.extend(operations),
                    Err(error) => self.problem(format!("bundle {name}: bundle load failed on patch decode: {error}")),
                },
                Role::Signatures => loaded.signatures = Some(member.bytes),
                Role::Manifest | Role::Other => {}
            }
        }
        loaded.policies = self.policies.get(first_policy..).unwrap_or_default().to_vec();
        self.apply_changes(&mut loaded);
        self.check_packages(&loaded);
        self.check_owners(&loaded);
        self.bundles.push(loaded);
    }

    fn add_bundle_data(&mut self, bundle: &mut LoadedBundle, inside: &str, shown: &str, data: Result<Value, String>) {
        let name = bundle.name.clone();
        let data = match data {
            Ok(data) => data,
            Err(error) => return self.problem(format!("bundle {name}: bundle load failed on {inside}: {error}")),
        };
        let root: Vec<String> = inside.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let root = root.split_last().map(|(_, folders)| folders.to_vec()).unwrap_or_default();
        let Value::Object(document) = below(&root, data) else {
            return self.problem(format!("bundle {name}: bundle load failed on {inside}: root value must be object"));
        };
        if let Some(path) = outside(&document, &bundle.manifest.roots()) {
            let roots = bundle.manifest.roots().join(" ");
            return self.problem(format!(
                "bundle {name}: manifest roots [{roots}] do not permit data at path '/{path}' (hint: check bundle directory structure)"
            ));
        }
        bundle.data_files.push((root, shown.to_owned()));
        self.add_data(shown, &[], Ok(Value::Object(document)));
    }

    /// Makes the changes of a delta bundle, which must hold nothing else.
    fn apply_changes(&mut self, bundle: &mut LoadedBundle) {
        let (name, roots) = (bundle.name.clone(), bundle.manifest.roots());
        let others = [
            ("data", bundle.data_files.is_empty()),
            ("policy", bundle.policies.is_empty()),
            ("wasm", bundle.modules.is_empty()),
        ];
        let changes = std::mem::take(&mut bundle.changes);
        if let Some((other, _)) = others.iter().find(|(_, none)| !changes.is_empty() && !none) {
            let message = format!("delta bundle expected to contain only patch file but {other} files found");
            return self.problem(format!("bundle {name}: {message}"));
        }
        for change in changes {
            let path = change.path();
            let applied = if roots.iter().any(|root| bundle::contains(root, &path)) {
                change.apply(&mut self.data)
            } else {
                Err(format!("manifest roots [{}] do not permit data patch at path '{path}'", roots.join(" ")))
            };
            if let Err(error) = applied {
                return self.problem(format!("bundle {name}: {error}"));
            }
        }
    }

    /// A bundle's policies must lie in packages that it owns.
    fn check_packages(&mut self, bundle: &LoadedBundle) {
        let roots = bundle.manifest.roots();
        if roots.iter().any(String::is_empty) {
            return;
        }
        let capabilities = Capabilities::without_builtins();
        for policy in &bundle.policies {
            let options = ParseOptions { capabilities: &capabilities };
            // What does not parse is reported when it is compiled.
            let (Some(module), _) = parse_module(&self.sources, policy.file, &options) else { continue };
            let names: Vec<&str> = module.package.path.iter().map(|(name, _)| &**name).collect();
            if !names.is_empty() && !roots.iter().any(|root| bundle::contains(root, &names.join("/"))) {
                let (name, module) = (&bundle.name, &self.sources.get(policy.file).name);
                let (roots, package) = (roots.join(" "), names.join("."));
                let message = format!(
                    "bundle {name}: manifest roots [{roots}] do not permit 'package {package}' in module '{module}'"
                );
                return self.problem(message);
            }
        }
    }

    /// Two bundles must not own the same.
    fn check_owners(&mut self, new: &LoadedBundle) {
        let clash = self.bundles.iter().find(|old| {
            let (old, new) = (old.manifest.roots(), new.manifest.roots());
            old.iter().any(|old| new.iter().any(|new| bundle::overlap(old, new)))
        });
        if let Some(old) = clash {
            let message =
                format!("detected overlapping roots in manifests for these bundles: [{}, {}]", old.name, new.name);
            self.problem(message);
        }
    }
}

/// The files below a folder, sorted by name, with paths from there.
fn collect(folder: &str, below: &str, depth: usize, loading: &Loading, out: &mut Vec<Member>) -> Result<(), String> {
    let here = if below.is_empty() { folder.to_owned() } else { join(folder, below) };
    let failed = |path: &str, error: io::Error| format!("bundle {folder}: open {path}: {}", reason(&error));
    for name in names_in(&here).map_err(|error| failed(&here, error))? {
        let path = join(&here, &name);
        let metadata = fs::metadata(&path).map_err(|error| failed(&path, error))?;
        let inside = if below.is_empty() { name } else { format!("{below}/{name}") };
        if left_out(&path, metadata.is_dir(), depth + 1, loading) {
            continue;
        }
        if metadata.is_dir() {
            collect(folder, &inside, depth + 1, loading, out)?;
        } else if bundle::role(&inside) != Role::Other {
            out.push(Member { path: inside, bytes: fs::read(&path).map_err(|error| failed(&path, error))? });
        }
    }
    Ok(())
}

/// Reads a text that must be UTF-8.
pub(crate) fn read_text(path: &str) -> Result<String, String> {
    let path = clean_url(path)?;
    let bytes = fs::read(path).map_err(|error| format!("open {path}: {}", reason(&error)))?;
    String::from_utf8(bytes).map_err(|error| format!("{path}: not UTF-8 at byte {}", error.utf8_error().valid_up_to()))
}

/// A text that is JSON, or YAML that becomes JSON, as OPA reads inputs.
pub(crate) fn json_or_yaml(text: &str) -> Result<String, String> {
    match regoc_runtime::check_json(text) {
        Ok(()) => Ok(text.to_owned()),
        Err(error) => parse_yaml(text.as_bytes())
            .map(|value| json::compact(&value))
            .map_err(|yaml| format!("neither JSON ({}) nor YAML ({yaml})", error.message())),
    }
}

fn parse_json(bytes: &[u8]) -> Result<Value, String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => json::parse(text),
        Err(error) => Err(format!("not UTF-8 at byte {}", error.valid_up_to())),
    }
}

/// Reads the first document of a YAML text, with the answers of OPA's loader.
fn parse_yaml(bytes: &[u8]) -> Result<Value, String> {
    let value = regoc_values::yaml::parse(bytes)
        .map_err(|error| format!("error converting YAML to JSON: {}", error.message))?;
    parse_json(regoc_values::json::write(value))
}

/// A value below a path of keys.
fn below(path: &[String], value: Value) -> Value {
    path.iter().rev().fold(value, |value, key| Value::Object(Map::from_iter([(key.clone(), value)])))
}

/// Where two documents have different things: the first path at which not both have an object.
fn conflict(a: &Map<String, Value>, b: &Map<String, Value>) -> Option<Vec<String>> {
    b.iter().find_map(|(key, new)| match (a.get(key)?, new) {
        (Value::Object(old), Value::Object(new)) => {
            let mut path = conflict(old, new)?;
            path.insert(0, key.clone());
            Some(path)
        }
        _ => Some(vec![key.clone()]),
    })
}

fn has_path(document: &Map<String, Value>, path: &[String]) -> bool {
    let Some((first, rest)) = path.split_first() else { return true };
    match document.get(first) {
        Some(Value::Object(inner)) => has_path(inner, rest),
        Some(_) => rest.is_empty(),
        None => false,
    }
}

/// Merges documents that do not conflict.
fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Object(old)), Value::Object(new)) => merge(old, new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// The first path of a document that no root owns.
fn outside(document: &Map<String, Value>, roots: &[String]) -> Option<String> {
    fn walk(document: &Map<String, Value>, at: &str, roots: &[String]) -> Option<String> {
        document.iter().find_map(|(key, value)| {
            let path = if at.is_empty() { key.clone() } else { format!("{at}/{key}") };
            if roots.iter().any(|root| bundle::contains(root, &path)) {
                return None;
            }
            match value {
                // A root may begin further down.
                Value::Object(inner) if roots.iter().any(|root| bundle::contains(&path, root)) => {
                    walk(inner, &path, roots)
                }
                _ => Some(path),
            }
        })
    }
    walk(document, "", roots)
}

/// Whether a file or folder is left out. The paths that were given (depth 0) never are by their name.
fn left_out(path: &str, is_folder: bool, depth: usize, loading: &Loading) -> bool {
    if loading.only_rego && !is_folder && !path.ends_with(".rego") {
        return true;
    }
    depth > 0 && loading.ignore.iter().any(|pattern| matches_name(pattern, file_name(path)))
}

/// Whether a shell pattern (`*`, `?`, `[a-z]`, `\` before any of them) matches a name.
fn matches_name(pattern: &str, name: &str) -> bool {
    fn matches(pattern: &[char], name: &[char]) -> bool {
        let Some((first, rest)) = pattern.split_first() else { return name.is_empty() };
        let after = name.get(1..).unwrap_or_default();
        match (first, name.first()) {
            ('*', _) => (0..=name.len()).any(|at| name.get(at..).is_some_and(|name| matches(rest, name))),
            (_, None) => false,
            ('?', Some(_)) => matches(rest, after),
            ('[', Some(character)) => match class(rest, *character) {
                Some((true, rest)) => matches(rest, after),
                _ => false,
            },
            ('\\', Some(character)) => {
                rest.first() == Some(character) && matches(rest.get(1..).unwrap_or_default(), after)
            }
            (wanted, Some(character)) => wanted == character && matches(rest, after),
        }
    }
    /// Whether a class holds a character, and the pattern behind it.
    fn class(pattern: &[char], character: char) -> Option<(bool, &[char])> {
        let (negated, mut rest) = match pattern {
            ['^', rest @ ..] => (true, rest),
            _ => (false, pattern),
        };
        let mut found = false;
        loop {
            match rest {
                [']', rest @ ..] => return Some((found != negated, rest)),
                [low, '-', high, more @ ..] if *high != ']' => {
                    found |= (*low..=*high).contains(&character);
                    rest = more;
                }
                [one, more @ ..] => {
                    found |= *one == character;
                    rest = more;
                }
                [] => return None,
            }
        }
    }
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    matches(&pattern, &name)
}

/// Splits `path.to:file` into the keys and the file; a URL has no prefix.
fn split_prefix(path: &str) -> (Vec<String>, &str) {
    match path.find(':') {
        Some(at) if at > 0 && path.find("://") != Some(at) => {
            let (prefix, rest) = path.split_at(at);
            (prefix.split('.').map(str::to_owned).collect(), rest.get(1..).unwrap_or_default())
        }
        _ => (Vec::new(), path),
    }
}

/// The path of a `file://` URL; any other path as it is.
fn clean_url(path: &str) -> Result<&str, String> {
    match path.split_once("://") {
        None => Ok(path),
        Some(("file", rest)) => Ok(rest.find('/').and_then(|at| rest.get(at..)).unwrap_or(rest)),
        Some(_) => Err(format!("unsupported URL scheme: {path}")),
    }
}

fn file_name(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}

/// The path of a file in a folder, without `./` and doubled slashes.
fn join(folder: &str, name: &str) -> String {
    let path = format!("{folder}/{name}");
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("{}{}", if absolute { "/" } else { "" }, parts.join("/"))
}

/// The path of a file in a bundle that is built from files: its own, from the root.
fn bundle_path(path: &str) -> String {
    format!("/{}", join("", path).trim_start_matches('/').trim_start_matches("../"))
}

/// The names in a folder, sorted.
pub(crate) fn names_in(folder: &str) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// What the system says, in Go's words where scripts may look for them.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::StorageFull => "no space left on device".to_owned(),
        io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{clean_url, conflict, join, matches_name, merge, outside, split_prefix};

    fn map(value: Value) -> Map<String, Value> {
        let Value::Object(map) = value else { unreachable!() };
        map
    }

    #[test]
    fn prefixes_are_told_from_urls() {
        assert_eq!(split_prefix("a.b:/x.json"), (vec!["a".to_owned(), "b".to_owned()], "/x.json"));
        assert_eq!(split_prefix("file:///x.json"), (vec![], "file:///x.json"));
        assert_eq!(split_prefix("a:file:///x.json"), (vec!["a".to_owned()], "file:///x.json"));
        assert_eq!(clean_url("file:///x/y.json"), Ok("/x/y.json"));
        assert!(clean_url("http://x").is_err());
    }

    #[test]
    fn paths_are_joined_as_go_does() {
        assert_eq!(join(".", "a.rego"), "a.rego");
        assert_eq!(join("./a//b/", "c"), "a/b/c");
        assert_eq!(join("/a", "../b"), "/b");
        assert_eq!(join("../a", "b"), "../a/b");
    }

    #[test]
    fn documents_merge_or_conflict() {
        let mut a = map(json!({"a": {"b": 1}, "c": 2}));
        let b = map(json!({"a": {"d": 3}}));
        assert_eq!(conflict(&a, &b), None);
        merge(&mut a, b);
        assert_eq!(Value::Object(a.clone()), json!({"a": {"b": 1, "d": 3}, "c": 2}));
        assert_eq!(conflict(&a, &map(json!({"a": {"b": 1}}))), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(conflict(&a, &map(json!({"c": {}}))), Some(vec!["c".to_owned()]));
    }

    #[test]
    fn data_outside_the_roots_is_found() {
        let roots = ["a/b".to_owned(), "c".to_owned()];
        assert_eq!(outside(&map(json!({"a": {"b": {"x": 1}}, "c": 1})), &roots), None);
        assert_eq!(outside(&map(json!({"a": {"x": 1}})), &roots), Some("a/x".to_owned()));
        assert_eq!(outside(&map(json!({"d": 1})), &roots), Some("d".to_owned()));
    }

    #[test]
    fn names_match_shell_patterns() {
        for (pattern, name) in
            [(".*", ".git"), ("*_test.rego", "a_test.rego"), ("[a-c]?", "bx"), ("[^a]", "b"), ("a\\*", "a*"), ("*", "")]
        {
            assert!(matches_name(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [(".*", "a"), ("a", "ab"), ("[a", "a"), ("?", "")] {
            assert!(!matches_name(pattern, name), "{pattern} {name}");
        }
    }
}
