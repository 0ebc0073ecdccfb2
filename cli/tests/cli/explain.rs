//! The pages of `docs/errors`: each example must fail as its page says, and what is mended must not. `make bless` writes what regoc says
//! into the pages.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends at its first failure")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{Folder, Run};

/// The code that no policy gets.
const NEVER_GIVEN: &str = "eval_with_merge_error";

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors");
    let mut pages: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| !path.ends_with("README.md"));
    pages.sort();
    pages
}

/// A page while its blocks are tried, one after the other.
struct Trial {
    code: String,
    folder: Folder,
    command: String,
    examples: usize,
    mended: usize,
}

impl Trial {
    /// Tries a block; the text that it should have.
    fn block(&mut self, kind: &str, text: &str) -> String {
        match kind {
            "rego" => self.folder.write("policy.rego", text.as_bytes()),
            "sh" => self.command = text.trim().to_owned(),
            "text" => {
                let run = self.run();
                assert_ne!(run.code, 0, "{}: the example does not fail: {run:?}", self.code);
                assert!(run.stderr.contains(&format!("error[{}]: ", self.code)), "{}: {run:?}", self.code);
                self.examples += 1;
                return run.stderr;
            }
            "rego mended" => {
                self.folder.write("policy.rego", text.as_bytes());
                let run = self.run();
                assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}: what is mended fails: {text}", self.code);
                self.mended += 1;
            }
            _ => panic!("{}: a block of `{kind}`", self.code),
        }
        text.to_owned()
    }

    /// Runs the command: `regoc …`, or `echo '…' | regoc …`.
    fn run(&self) -> Run {
        let (stdin, command) = match self.command.split_once(" | ") {
            Some((echo, command)) => {
                (echo.strip_prefix("echo '").and_then(|it| it.strip_suffix('\'')).unwrap(), command)
            }
            None => ("", self.command.as_str()),
        };
        let words: Vec<&str> = command.strip_prefix("regoc ").unwrap().split(' ').collect();
        self.folder.run_with_stdin(&words, stdin)
    }
}

#[test]
fn the_examples_of_the_pages_are_true() {
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        let code = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut trial = Trial { code, folder: Folder::new(&[]), command: String::new(), examples: 0, mended: 0 };
        let mut wanted = String::new();
        for (number, part) in page.split("```").enumerate() {
            if number % 2 == 0 {
                wanted.push_str(part);
                continue;
            }
            let (kind, text) = part.split_once('\n').unwrap();
            wanted.push_str(&format!("```{kind}\n{}```", trial.block(kind, text)));
        }
        if trial.code != NEVER_GIVEN {
            assert!(trial.examples > 0 && trial.examples == trial.mended, "{}", trial.code);
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, wanted).unwrap();
        } else {
            assert_eq!(page, wanted, "{}: regoc says something else; `make bless` writes it down", path.display());
        }
    }
}

#[test]
fn a_code_is_explained() {
    let folder = Folder::new(&[]);
    for path in pages() {
        let code = path.file_stem().unwrap().to_str().unwrap();
        let page = fs::read_to_string(&path).unwrap();
        assert_eq!(folder.run(&["check", "--explain", code]).ok().stdout, page);
    }
    folder.run(&["check", "--explain", "rego_unsafe_error"]).fails(1, &["rego_unsafe_error", "rego_unsafe_var_error"]);
    folder.run(&["check"]).fails(1, &["PATH"]);
}
