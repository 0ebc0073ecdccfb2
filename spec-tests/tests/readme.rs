//! What README.md shows below "Use it from …", run as it stands there, each with the module and the input that it names. The loaders of others come
//! from `spec-tests/readme/install.sh`; where one is missing, its test says so and is skipped.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::tool;

/// What the policy answers, without blanks.
const ANSWER: &str = r#"["busybox","ci"]"#;

/// The code below a heading, in the language of its fence: all blocks in order.
fn shown(heading: &str, language: &str) -> Result<Vec<String>> {
    let readme = std::fs::read_to_string(root("README.md"))?;
    let (_, section) = readme.split_once(&format!("\n### {heading}\n")).context("no such heading")?;
    let section = section.split("\n### ").next().unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let fence = format!("```{language}\n");
    let blocks = section.split(&fence).skip(1);
    let blocks: Vec<String> = blocks.map(|block| block.split("```").next().unwrap_or_default().to_owned()).collect();
    ensure!(!blocks.is_empty(), "README.md shows no {language} below {heading}");
    for block in &blocks {
        ensure!(block.lines().count() <= 12, "more than ten lines:\n{block}");
    }
    Ok(blocks)
}

/// A folder with the policy, its module, its bundle and the input; none where the command is missing.
fn folder() -> Result<Option<TemporaryFolder>> {
    let Some(regoc) = found(tool::find_regoc(), "regoc") else { return Ok(None) };
    let folder = TemporaryFolder::new()?;
    for file in ["policy.rego", "input.json"] {
        folder.write(file, &std::fs::read(root("examples/servers").join(file))?)?;
    }
    for output in ["policy.wasm", "bundle.tar.gz"] {
        let mut build = Command::new(&regoc);
        build.current_dir(folder.path()).args(["build", "policy.rego", "-e", "example/violation", "-o", output]);
        tool::run(&mut build)?;
    }
    Ok(Some(folder))
}

/// Runs a command in a folder, and checks that it prints the answer.
fn answers(command: &mut Command, folder: &TemporaryFolder) -> Result<()> {
    let output = String::from_utf8(tool::run(command.current_dir(folder.path()))?)?;
    ensure!(output.replace([' ', '\n'], "").contains(ANSWER), "{command:?} printed:\n{output}");
    Ok(())
}

#[test]
fn rust() -> Result<()> {
    let Some(folder) = folder()? else { return Ok(()) };
    // The test is the only one that looks at the current folder.
    std::env::set_current_dir(folder.path())?;
    include!(concat!(env!("OUT_DIR"), "/readme.rs"));
    let policy = regoc_runtime::Runtime::builder().build()?.load(&std::fs::read("policy.wasm")?)?;
    let text = std::fs::read_to_string("input.json")?;
    let input = regoc_runtime::Input::from_json(&text)?;
    let decision = policy.instance()?.evaluate(policy.entrypoint("example/violation")?, &input)?;
    ensure!(
        matches!(decision, regoc_runtime::Decision::Defined(value) if value.to_string().replace(' ', "") == ANSWER)
    );
    std::env::set_current_dir(root(""))?;
    Ok(())
}

#[test]
fn javascript() -> Result<()> {
    let Some(node) = found(tool::find("node"), "node") else { return Ok(()) };
    let Some(folder) = folder()? else { return Ok(()) };
    let packages = [
        ("regoc", root("sdk/js"), root("sdk/js/dist/index.js"), "regoc of npm (make sdk)"),
        (
            "@open-policy-agent/opa-wasm",
            installed("node_modules/@open-policy-agent/opa-wasm"),
            installed("node_modules/@open-policy-agent/opa-wasm/package.json"),
            "@open-policy-agent/opa-wasm",
        ),
    ];
    let blocks = shown("JavaScript", "js")?;
    ensure!(blocks.len() == packages.len());
    for (at, (block, (name, package, needs, called))) in blocks.iter().zip(packages).enumerate() {
        if found(Some(needs).filter(|path| path.exists()), called).is_none() {
            continue;
        }
        ensure!(block.contains(&format!("from \"{name}\"")), "the blocks are not in order");
        let link = folder.join("node_modules").join(name);
        std::fs::create_dir_all(link.parent().context("a folder")?)?;
        std::os::unix::fs::symlink(std::fs::canonicalize(package)?, link)?;
        let program = folder.write(&format!("ask{at}.mjs"), block.as_bytes())?;
        // Packages of others find theirs beside themselves.
        answers(Command::new(&node).arg("--preserve-symlinks-main").arg(program), &folder)?;
    }
    Ok(())
}

#[test]
fn go() -> Result<()> {
    let Some(go) = found(tool::find("go"), "go") else { return Ok(()) };
    let Some(folder) = folder()? else { return Ok(()) };
    for file in ["go.mod", "go.sum"] {
        folder.write(file, &std::fs::read(installed("go").join(file))?)?;
    }
    let block = shown("Go", "go")?.concat().replace('\n', "\n\t");
    let imports = ["context", "encoding/json", "fmt", "log", "os", "github.com/open-policy-agent/opa/v1/rego"];
    let imports: String = imports.iter().map(|import| format!("import \"{import}\"\n")).collect();
    let engine = "import _ \"github.com/open-policy-agent/opa/v1/features/wasm\"\n";
    let program =
        format!("package main\n\n{imports}{engine}\nfunc main() {{\n\tctx := context.Background()\n\t{block}\n}}\n");
    folder.write("main.go", program.as_bytes())?;
    let mut run = Command::new(go);
    run.args(["run", "-tags", "opa_wasm", "."]).current_dir(folder.path());
    let output = match tool::run(&mut run) {
        Ok(output) => String::from_utf8(output)?,
        // Without a network, what Go needs is there or it is not.
        Err(error) if error.to_string().contains("cannot find module") => {
            found(None, "the module of OPA for Go");
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    ensure!(output.trim() == "[busybox ci]", "{output}");
    Ok(())
}

#[test]
fn python() -> Result<()> {
    let python = installed("python/bin/python");
    let Some(python) = found(Some(python).filter(|path| path.exists()), "opa-wasmtime for Python") else {
        return Ok(());
    };
    let Some(folder) = folder()? else { return Ok(()) };
    let program = folder.write("ask.py", shown("Python", "python")?.concat().as_bytes())?;
    answers(Command::new(python).arg(program), &folder)
}

#[test]
fn java() -> Result<()> {
    let Some(java) = found(tool::find("java"), "java") else { return Ok(()) };
    let library = installed("java/lib");
    let Some(library) = found(Some(library).filter(|path| path.exists()), "opa-java-wasm for Java") else {
        return Ok(());
    };
    let Some(folder) = folder()? else { return Ok(()) };
    let block = shown("Java", "java")?.concat();
    let main = format!("public static void main(String[] arguments) throws Exception {{\n{block}}}");
    let program =
        folder.write("Ask.java", format!("import java.nio.file.*;\n\nclass Ask {{ {main} }}\n").as_bytes())?;
    answers(Command::new(java).arg("-cp").arg(library.join("*")).arg(program), &folder)
}

#[test]
fn opa() -> Result<()> {
    let opa = root("spec-tests/hosts/bin/opa");
    let Some(opa) = found(Some(opa).filter(|path| path.exists()), "opa with the tag opa_wasm") else { return Ok(()) };
    let Some(folder) = folder()? else { return Ok(()) };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let regoc = tool::find_regoc().context("regoc")?;
    let folders = [regoc.parent(), opa.parent()].into_iter().flatten().map(Path::to_path_buf);
    let path = std::env::join_paths(folders.chain(std::env::split_paths(&path)))?;
    let block = shown("OPA", "console")?.concat();
    let mut shell = Command::new("sh");
    answers(shell.args(["-e", "-c"]).arg(block).env("PATH", path), &folder)
}

/// What is there; otherwise says what is skipped. With `REGOC_README=required`, nothing may be missing.
fn found(program: Option<PathBuf>, name: &str) -> Option<PathBuf> {
    if program.is_none() {
        let required = std::env::var_os("REGOC_README").is_some_and(|value| value == "required");
        assert!(!required, "`{name}` is not installed");
        tool::skip(&format!(
            "skipped: `{name}` is not installed (spec-tests/readme/install.sh installs what README.md shows)"
        ));
    }
    program
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn installed(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("readme").join(path)
}
