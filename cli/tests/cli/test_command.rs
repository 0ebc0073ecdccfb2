//! `regoc test` on the folders in `tests/cases/test`, each beside OPA's own `opa test` where that is installed.
//!
//! A case is a text with files in it (`-- NAME --`), the arguments, the exit code and what is written to standard output; times are
//! replaced by `(T)`. With the variable BLESS set, what is written becomes what is wanted.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::common::{Folder, run_in};

/// The name of the part that is no file.
const STDOUT: &str = "stdout";

struct Case {
    path: PathBuf,
    head: String,
    args: Vec<String>,
    exit: i32,
    files: Vec<(String, String)>,
    stdout: String,
}

impl Case {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap();
        let mut parts: Vec<(String, String)> = vec![(String::new(), String::new())];
        for line in text.lines() {
            match line.strip_prefix("-- ").and_then(|line| line.strip_suffix(" --")) {
                Some(name) => parts.push((name.to_owned(), String::new())),
                None => writeln!(parts.last_mut().unwrap().1, "{line}").unwrap(),
            }
        }
        let head = parts.remove(0).1;
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
        let args = field("args:").split(' ').map(str::to_owned).collect();
        let exit = field("exit:").parse().unwrap();
        let stdout = parts.iter().find(|(name, _)| name == STDOUT).map(|(_, text)| text.clone()).unwrap_or_default();
        parts.retain(|(name, _)| name != STDOUT);
        Self { path, head, args, exit, files: parts, stdout }
    }

    fn folder(&self) -> Folder {
        let files: Vec<(&str, &str)> = self.files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Folder::new(&files)
    }

    fn bless(&self, stdout: &str) {
        let mut text = self.head.clone();
        for (name, file) in &self.files {
            write!(text, "-- {name} --\n{file}").unwrap();
        }
        write!(text, "-- {STDOUT} --\n{stdout}").unwrap();
        fs::write(&self.path, text).unwrap();
    }
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/test");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(Case::read).collect()
}

/// Replaces the times in an output.
fn without_times(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let line = match line.rfind(" (") {
            Some(at) if line.ends_with("s)") && line.contains(": ") => format!("{} (T)", &line[..at]),
            _ if line.trim_start().starts_with("\"duration\": ") => {
                let comma = if line.ends_with(',') { "," } else { "" };
                format!("{}\"duration\": T{comma}", &line[..line.len() - line.trim_start().len()])
            }
            _ => line.to_owned(),
        };
        writeln!(out, "{line}").unwrap();
    }
    out
}

/// OPA's command, if it is installed.
fn opa() -> Option<PathBuf> {
    let in_path = || {
        let folders = std::env::var_os("PATH")?;
        std::env::split_paths(&folders).map(|folder| folder.join("opa")).find(|path| path.is_file())
    };
    let of_go = || {
        let output = Command::new("go").args(["env", "GOPATH"]).output().ok()?;
        let path = Path::new(String::from_utf8(output.stdout).ok()?.trim()).join("bin/opa");
        path.is_file().then_some(path)
    };
    in_path().or_else(of_go)
}

#[test]
fn cases_are_answered_as_they_say() {
    let mut wrong = Vec::new();
    for case in cases() {
        let folder = case.folder();
        let args: Vec<&str> = case.args.iter().map(String::as_str).collect();
        let run = folder.run(&args);
        let stdout = without_times(&run.stdout);
        if std::env::var_os("BLESS").is_some() {
            case.bless(&stdout);
        } else if stdout != case.stdout || run.code != case.exit {
            let path = case.path.display();
            wrong.push(format!("{path}: exit {}, wanted {}\n{stdout}{}", run.code, case.exit, run.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The lines of an output in an order of their own: OPA shows files in any order. Empty lines only separate files.
fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> =
        text.lines().map(|line| line.trim_end_matches(',')).filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    lines
}

/// An output without what is shown of failures: with -v, OPA's traces have statements as its compiler rewrote them.
fn without_traces(text: &str, verbose: bool) -> String {
    match (text.find("\nFAILURES\n"), text.rfind("\n-----")) {
        (Some(start), Some(end)) if verbose => format!("{}{}", &text[..start], &text[end..]),
        _ => text.to_owned(),
    }
}

#[test]
fn opa_answers_the_same() {
    let Some(opa) = opa() else {
        eprintln!("skipped: `opa` is not installed");
        return;
    };
    let mut wrong = Vec::new();
    for case in cases() {
        let folder = case.folder();
        let output = Command::new(&opa).args(&case.args).current_dir(folder.join(".")).output().unwrap();
        let stdout = without_times(&String::from_utf8_lossy(&output.stdout));
        let verbose = case.args.iter().any(|argument| argument == "-v");
        let (theirs, ours) = (without_traces(&stdout, verbose), without_traces(&case.stdout, verbose));
        if output.status.code() != Some(case.exit) || lines(&theirs) != lines(&ours) {
            wrong.push(format!("{}: {:?}\n{stdout}", case.path.display(), output.status.code()));
        }
    }
    assert!(wrong.is_empty(), "OPA answers otherwise:\n{}", wrong.join("\n"));
}

#[test]
fn wrong_options_and_policies_are_refused() {
    let folder = Folder::new(&[
        ("p_test.rego", "package p_test\n\ntest_a if true\n"),
        ("bad/x.rego", "package x\n\np if y == 1\n"),
    ]);
    folder.run(&["test"]).fails(1, &["PATH"]);
    folder.run(&["test", "nowhere"]).fails(1, &["nowhere"]);
    folder.run(&["test", "bad"]).fails(1, &["rego_unsafe_var_error", "bad/x.rego:3"]);
    folder.run(&["test", "p_test.rego", "-r", "["]).fails(1, &["error parsing regexp: missing closing ]: `[`"]);
    folder.run(&["test", "p_test.rego", "--threshold", "101"]).fails(1, &["threshold must be between 0 and 100"]);
    folder.run(&["test", "p_test.rego", "--coverage-runs", "x"]).fails(1, &["invalid --coverage-runs value \"x\""]);
    let run = folder.run(&["test", "p_test.rego", "--fail-on-empty", "-r", "none"]);
    run.fails(1, &["no tests were run"]);
}

#[test]
fn errors_and_time_limits_are_verdicts() {
    let folder = Folder::new(&[(
        "p_test.rego",
        "package p_test\n\nx := 1 if true\n\nx := 2 if true\n\ntest_conflict if x == 1\n\ntest_slow if {\n\
         \tcount([1 | some a in numbers.range(1, 3000); some b in numbers.range(1, 3000); a == b]) > 0\n}\n\ntest_fine if true\n",
    )]);
    let run = folder.run(&["test", ".", "--timeout", "50ms"]);
    let run = run.fails(
        2,
        &["data.p_test.test_conflict: ERROR", "p_test.rego:5: eval_conflict_error: rule data.p_test.x", "ERROR: 2/3"],
    );
    assert!(run.stdout.contains("eval_cancel_error: caller cancelled query execution"), "{run:?}");
    assert!(run.stdout.contains("PASS: 1/3"), "{run:?}");
    let json = folder.run(&["test", ".", "--timeout", "50ms", "-f", "json", "--sort", "duration"]);
    let first = &json.json()[0];
    assert_eq!(first["name"], "test_slow");
    assert_eq!(first["error"]["code"], "eval_cancel_error");
}

#[test]
fn tests_are_repeated_and_run_side_by_side() {
    let tests: String = (0..40).map(|index| format!("test_{index} if {index} < 39\n\n")).collect();
    let folder = Folder::new(&[("p_test.rego", &format!("package p_test\n\n{tests}"))]);
    for parallel in ["1", "8"] {
        let run = folder.run(&["test", ".", "-p", parallel, "-v"]);
        assert_eq!((run.code, run.stdout.matches("PASS (").count()), (2, 39), "{run:?}");
        // Whatever ends first: results are shown in the order of the text.
        let (last, first) = (run.stdout.find("test_38: ").unwrap(), run.stdout.find("test_3: ").unwrap());
        assert!(first < last, "{run:?}");
    }
    let run = folder.run(&["test", ".", "-r", "test_1$", "--count", "3"]);
    assert_eq!(run.ok().stdout, "PASS: 1/1\n".repeat(3));
    // A failure ends the repetitions.
    let run = folder.run(&["test", ".", "-r", "test_39$", "--count", "3"]);
    assert_eq!((run.code, run.stdout.matches("FAIL: 1/1").count()), (2, 1));
}

#[test]
fn coverage_changes_no_other_build() {
    let folder = Folder::new(&[
        ("p.rego", "package p\n\nallow if input.x == 1\n"),
        ("p_test.rego", "package p_test\n\ntest_a if data.p.allow with input.x as 1\n"),
    ]);
    folder.run(&["build", "p.rego", "-o", "before.wasm"]).ok();
    folder.run(&["test", ".", "-c"]).ok();
    folder.run(&["build", "p.rego", "-o", "after.wasm"]).ok();
    let module = folder.read("after.wasm");
    assert_eq!(folder.read("before.wasm"), module);
    assert!(!module.windows(13).any(|word| word == b"regoc.covered"));
}

#[test]
fn changed_files_are_tested_again() {
    let folder = Folder::new(&[("p_test.rego", "package p_test\n\ntest_a if true\n")]);
    let path = folder.join(".");
    let out = folder.join("out.txt");
    let mut child = Command::new(env!("CARGO_BIN_EXE_regoc"))
        .args(["test", ".", "--watch", "-v"])
        .current_dir(&path)
        .stdout(fs::File::create(&out).unwrap())
        .spawn()
        .unwrap();
    let wait_for = |word: &str| {
        (0..600).any(|_| {
            thread::sleep(Duration::from_millis(50));
            fs::read_to_string(&out).is_ok_and(|text| text.contains(word))
        })
    };
    let first = wait_for("Watching for changes ...");
    folder.write("q_test.rego", b"package q_test\n\ntest_b if false\n");
    let second = wait_for("data.q_test.test_b: FAIL");
    folder.write("q_test.rego", b"package q_test\n\ntest_b if fals\n");
    folder.write("r_test.rego", b"package r_test\n\ntest_c if true\n");
    fs::remove_file(folder.join("q_test.rego")).unwrap();
    let third = wait_for("data.r_test.test_c: PASS");
    child.kill().unwrap();
    child.wait().unwrap();
    let text = fs::read_to_string(&out).unwrap();
    assert!(first && second && third, "{text}");
    // What was removed is not tested again.
    assert!(!run_in(&path, &["test", ".", "-v"], "").stdout.contains("test_b"));
}

#[test]
fn the_examples_pass_their_tests() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut passed = 0;
    for entry in fs::read_dir(examples).unwrap() {
        let folder = entry.unwrap().path();
        // The programs beside the policies have none of their own.
        if !folder.is_dir()
            || !folder.read_dir().unwrap().any(|file| file.unwrap().path().extension() == Some("rego".as_ref()))
        {
            continue;
        }
        let mut args =
            vec!["test", ".", "--exit-zero-on-skipped", "--ignore", "input.json,capabilities.json", "--format", "json"];
        if folder.join("capabilities.json").exists() {
            args.extend(["--capabilities", "capabilities.json"]);
        }
        let run = run_in(&folder, &args, "").ok();
        passed += run.json().as_array().unwrap().len();
        if let Some(opa) = opa() {
            let output = Command::new(opa).args(&args).current_dir(&folder).output().unwrap();
            let theirs = without_times(&String::from_utf8_lossy(&output.stdout));
            assert_eq!(lines(&theirs), lines(&without_times(&run.stdout)), "{}", folder.display());
        }
    }
    assert!(passed > 15, "{passed}");
}
