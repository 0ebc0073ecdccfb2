//! Bundles that `regoc build` writes, beside those of `opa build -t wasm` of the same files: the same files and manifests, and the same answers of OPA
//! itself (built with its engine for wasm, which then asks the module), of OPA's SDK for JavaScript and of regoc's runtime. `sdk/js` tests its own
//! reader of bundles. What is not installed is said and skipped, unless `REGOC_HOSTS=required`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::hosts::registry;
use regoc_spec_tests::tool;
use serde_json::{Value, json};

/// Two bundles in the layout of folders: one of Rego v1 and v0 with data, metadata and roots, one that depends on it.
const FILES: &[(&str, &str)] = &[
    (
        "main/.manifest",
        r#"{"revision": "r1", "roots": ["app", "old", "limits"], "rego_version": 1, "file_rego_versions": {"/old/*.rego": 0}, "metadata": {"team": "x", "n": 1.0}}"#,
    ),
    (
        "main/app/authz.rego",
        "# METADATA\n# scope: package\n# title: who may\npackage app.authz\n\nimport data.app.users\n\n\
         default allow := false\n\n# METADATA\n# title: admins may\n# description: all of them\n# custom:\n#   level: 3\n\
         allow if users[input.user].role == \"admin\"\n\nallow if old_enough(input.x)\n\n\
         old_enough(x) if x > 7\n\nlate if data.old.legacy.limit < input.x\n\n\
         deny contains message if {\n\tnot allow\n\tmessage := concat(\" \", [input.user, \"may not\"])\n}\n\n\
         # Needs another input than the one that was asked with.\nguest if allow with input as {\"user\": \"guest\"}\n\n\
         # METADATA\n# entrypoint: true\nstars[name] := count(name) if some name, _ in users\n",
    ),
    ("main/old/legacy.rego", "package old.legacy\n\nlimit = 5 { input.x }\n\nnames[x] { x := input.user }\n"),
    ("main/app/data.json", r#"{"users": {"ann": {"role": "admin"}, "bob": {"role": "none"}}}"#),
    ("main/limits/data.json", r#"{"extra": [1, 2.50, "<&>", null]}"#),
    ("more/.manifest", r#"{"roots": ["more"], "rego_version": 0}"#),
    ("more/authz.rego", "package more\n\nboth { data.app.authz.allow; not data.app.authz.guest }\n"),
    ("more/data.json", r#"{"more": {"level": 3}}"#),
];

/// What to build bundles of.
const BUILDS: &[&[&str]] = &[
    &["-b", "main", "-e", "app/authz/allow", "-e", "old/legacy/limit"],
    &["-b", "main", "-e", "app/authz/allow", "--revision", "r2"],
    &["-b", "main", "-e", "app/authz/allow", "--prune-unused"],
    &["-b", "main", "-e", "old/legacy"],
    &["-b", "main", "more", "-e", "app/authz/deny", "-e", "more/both"],
    &["main/app", "-e", "app/authz/guest", "--ignore", "legacy.rego"],
    &["-b", "main", "-e", "app/authz"],
];

/// Inputs for them.
const INPUTS: &[&str] = &[r#"{"user": "ann"}"#, r#"{"user": "bob", "x": 1}"#, r#"{"user": "bob", "x": 9}"#, "{}"];

/// What to give OPA to evaluate instead of a bundle that was built.
fn sources(arguments: &[&str]) -> &'static [&'static str] {
    if !arguments.contains(&"-b") {
        &["-d", "main/app"]
    } else if arguments.contains(&"more") {
        &["-b", "main", "-b", "more"]
    } else {
        &["-b", "main"]
    }
}

fn files() -> Result<TemporaryFolder> {
    let folder = TemporaryFolder::new()?;
    for (name, text) in FILES {
        folder.write(name, text.as_bytes())?;
    }
    Ok(folder)
}

/// A program that may be missing.
fn installed(found: Option<PathBuf>, name: &str) -> Result<Option<PathBuf>> {
    if found.is_none() {
        ensure!(std::env::var_os("REGOC_HOSTS").is_none_or(|it| it != "required"), "{name} is not installed");
        tool::skip(&format!("skipped: {name} is not installed"));
    }
    Ok(found)
}

fn regoc() -> Result<Option<PathBuf>> {
    installed(tool::find_regoc(), "regoc")
}

/// OPA with its engine for wasm.
fn opa_with_engine() -> Result<Option<PathBuf>> {
    let path = registry::folder().join("bin/opa");
    installed(path.is_file().then_some(path), "opa with the tag opa_wasm (spec-tests/hosts/install.sh opa)")
}

/// Builds a bundle of files in a folder.
fn build(folder: &TemporaryFolder, builder: &Path, flags: &[&str], arguments: &[&str], name: &str) -> Result<PathBuf> {
    let mut command = Command::new(builder);
    command.current_dir(folder.path()).arg("build").args(flags).args(arguments).args(["-o", name]);
    tool::run(&mut command)?;
    Ok(folder.join(name))
}

fn opas(folder: &TemporaryFolder, opa: &Path, arguments: &[&str]) -> Result<PathBuf> {
    build(folder, opa, &["-t", "wasm"], arguments, "opas.tar.gz")
}

fn ours(folder: &TemporaryFolder, regoc: &Path, arguments: &[&str]) -> Result<PathBuf> {
    build(folder, regoc, &[], arguments, "ours.tar.gz")
}

/// The text of a file in a bundle.
fn member(bundle: &Path, name: &str) -> Result<Vec<u8>> {
    tool::run(Command::new("tar").arg("-xzOf").arg(bundle).arg(name))
}

/// The names of the files in a bundle, sorted.
fn names(bundle: &Path) -> Result<Vec<String>> {
    let listed = String::from_utf8(tool::run(Command::new("tar").arg("-tzf").arg(bundle))?)?;
    let mut names: Vec<String> = listed.lines().map(str::to_owned).collect();
    names.sort();
    Ok(names)
}

fn entrypoints(bundle: &Path) -> Result<Vec<String>> {
    let manifest: Value = serde_json::from_slice(&member(bundle, "/.manifest")?)?;
    let resolvers = manifest.get("wasm").and_then(Value::as_array).context("no entrypoints")?;
    let name = |resolver: &Value| resolver.get("entrypoint").and_then(Value::as_str).map(str::to_owned);
    resolvers.iter().map(|resolver| name(resolver).context("no name")).collect()
}

/// What OPA says of a document, and whether it asked a module.
fn ask_opa(opa: &Path, from: &[&str], folder: &TemporaryFolder, input: &Path, query: &str) -> Result<(Value, bool)> {
    let mut command = Command::new(opa);
    command.current_dir(folder.path()).args(["eval", "--metrics", "--format", "json", "-i"]).arg(input).args(from);
    let answer: Value = serde_json::from_slice(&tool::run(command.arg(query))?)?;
    // This timer runs in OPA's engine for wasm and nowhere else.
    let time = answer.pointer("/metrics/timer_wasm_vm_eval_ns").and_then(Value::as_u64);
    let value = answer.pointer("/result/0/expressions/0/value").cloned().unwrap_or(Value::Null);
    Ok((value, time.is_some_and(|time| time > 0)))
}

#[test]
fn bundles_hold_what_opas_hold() -> Result<()> {
    let (Some(regoc), Some(opa)) = (regoc()?, installed(tool::find_opa(), "opa")?) else { return Ok(()) };
    let folder = files()?;
    for arguments in BUILDS {
        let (ours, opas) = (ours(&folder, &regoc, arguments)?, opas(&folder, &opa, arguments)?);
        assert_eq!(names(&ours)?, names(&opas)?, "{arguments:?}");
        for name in ["/.manifest", "/data.json"] {
            let text = |bundle: &Path| Ok::<_, anyhow::Error>(String::from_utf8(member(bundle, name)?)?);
            assert_eq!(text(&ours)?, text(&opas)?, "{name} of {arguments:?}");
        }
    }
    Ok(())
}

#[test]
fn opa_asks_the_module_of_a_bundle() -> Result<()> {
    let (Some(regoc), Some(opa)) = (regoc()?, opa_with_engine()?) else { return Ok(()) };
    let folder = files()?;
    for arguments in BUILDS {
        let bundle = ours(&folder, &regoc, arguments)?;
        for (number, input) in INPUTS.iter().enumerate() {
            let input = folder.write(&format!("input-{number}.json"), input.as_bytes())?;
            for entrypoint in entrypoints(&bundle)? {
                let query = format!("data.{}", entrypoint.replace('/', "."));
                let want = ask_opa(&opa, sources(arguments), &folder, &input, &query)?.0;
                let (have, by_module) = ask_opa(&opa, &["-b", "ours.tar.gz"], &folder, &input, &query)?;
                assert_eq!(have, want, "{query} of {arguments:?} with input {number}");
                assert!(by_module, "OPA did not run the module for {query} of {arguments:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn opas_sdk_for_javascript_takes_what_is_in_a_bundle() -> Result<()> {
    let sdk = registry::folder().join("js/node_modules/opa-1.10");
    let sdk = installed(sdk.is_dir().then_some(sdk), "OPA's SDK (spec-tests/hosts/install.sh node)")?;
    let (Some(regoc), Some(opa), Some(node), Some(sdk)) =
        (regoc()?, installed(tool::find_opa(), "opa")?, installed(tool::find("node"), "node")?, sdk)
    else {
        return Ok(());
    };
    let folder = files()?;
    for arguments in BUILDS {
        let ask = |bundle: PathBuf| -> Result<Value> {
            folder.write("policy.wasm", &member(&bundle, "/policy.wasm")?)?;
            folder.write("data.json", &member(&bundle, "/data.json")?)?;
            let script = folder.write("ask.cjs", ASK.as_bytes())?;
            let mut command = Command::new(&node);
            command.arg(script).arg(&sdk).arg(folder.path()).arg(format!("[{}]", INPUTS.join(",")));
            Ok(serde_json::from_slice(&tool::run(&mut command)?)?)
        };
        let (have, want) = (ask(ours(&folder, &regoc, arguments)?)?, ask(opas(&folder, &opa, arguments)?)?);
        assert_eq!(have, want, "{arguments:?}");
        assert!(want.as_object().is_some_and(|answers| !answers.is_empty()));
    }
    Ok(())
}

/// Prints what the SDK answers for each entrypoint that the module says to have, with each input. The order of sets is the module's own.
const ASK: &str = r#"
const [sdk, folder, inputs] = process.argv.slice(2);
const { loadPolicy } = require(sdk);
const { readFileSync } = require("node:fs");
loadPolicy(readFileSync(`${folder}/policy.wasm`)).then((policy) => {
  policy.setData(JSON.parse(readFileSync(`${folder}/data.json`, "utf8")));
  const names = Object.keys(policy.entrypoints).sort();
  const ask = (name) => JSON.parse(inputs).map((input) => policy.evaluate(input, name));
  console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name, ask(name)]))));
});
"#;

#[test]
fn regocs_runtime_takes_bundles_of_both() -> Result<()> {
    let (Some(regoc), Some(opa)) = (regoc()?, installed(tool::find_opa(), "opa")?) else { return Ok(()) };
    let folder = files()?;
    let input = folder.write("input.json", INPUTS[2].as_bytes())?;
    for arguments in BUILDS {
        for bundle in [ours(&folder, &regoc, arguments)?, opas(&folder, &opa, arguments)?] {
            for entrypoint in entrypoints(&bundle)? {
                let mut command = Command::new(&regoc);
                command.args(["eval", "-e", &entrypoint, "-i"]).arg(&input).arg("-w").arg(&bundle);
                let answer: Value = serde_json::from_slice(&tool::run(&mut command)?)?;
                let query = format!("data.{}", entrypoint.replace('/', "."));
                let want = ask_opa(&opa, sources(arguments), &folder, &input, &query)?.0;
                let have = answer.pointer("/result/0/expressions/0/value").unwrap_or(&Value::Null);
                assert_eq!(have, &want, "{query} of {arguments:?} in {}", bundle.display());
            }
        }
    }
    Ok(())
}

#[test]
fn what_only_a_module_has_is_not_looked_for_in_rego() -> Result<()> {
    let Some(regoc) = regoc()? else { return Ok(()) };
    let folder = files()?;
    ours(&folder, &regoc, BUILDS[0])?;
    for command in [
        ["eval", "-b", "ours.tar.gz", "data.app"].as_slice(),
        &["build", "-b", "ours.tar.gz", "-o", "x.wasm"],
        &["test", "-b", "ours.tar.gz"],
    ] {
        let error = tool::run(Command::new(&regoc).current_dir(folder.path()).args(command));
        let error = format!("{:#}", error.err().context("it must fail")?);
        assert!(error.contains("app/authz/allow is compiled"), "{error}");
    }
    let inspected =
        tool::run(Command::new(&regoc).current_dir(folder.path()).args(["inspect", "-f", "json", "ours.tar.gz"]))?;
    let inspected: Value = serde_json::from_slice(&inspected)?;
    let annotations = inspected.pointer("/manifest/wasm/0/annotations/0/custom");
    assert_eq!(annotations, Some(&json!({"level": 3})));
    Ok(())
}
