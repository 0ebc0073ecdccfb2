//! What Go's flags can and clap's options cannot, as scripts for OPA use it: `--flag=false`, the same flag twice, and values from the
//! environment (`OPA_EVAL_FORMAT` for `eval --format`, as `opa eval` reads it).
//!
//! Rewrites the words of a command line before clap reads them. Knows no option by name.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command};

/// The words as clap takes them. `variable` is the value of a variable of the environment.
///
/// # Errors
///
/// When a flag is given what is no boolean.
pub(crate) fn words(
    command: &mut Command,
    words: Vec<OsString>,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Vec<OsString>, clap::Error> {
    let name = words.get(1).and_then(|word| word.to_str()).unwrap_or_default().to_owned();
    let Some(subcommand) = command.find_subcommand(&name) else { return Ok(words) };
    match rewrite(subcommand, &words, variable) {
        Ok(words) => Ok(words),
        Err(message) => Err(command.error(ErrorKind::InvalidValue, message)),
    }
}

fn rewrite(
    subcommand: &Command,
    words: &[OsString],
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Vec<OsString>, String> {
    let given = words.get(2..).unwrap_or_default();
    let end = given.iter().position(|word| word == "--").unwrap_or(given.len());
    let (given, rest) = given.split_at_checked(end).unwrap_or((given, &[]));
    let mut switches: BTreeMap<&str, bool> = BTreeMap::new();
    let mut kept: Vec<&OsString> = Vec::new();
    for word in given {
        match switch(subcommand, word) {
            Some((name, value)) => {
                switches.insert(name, boolean(name, value)?);
            }
            None => kept.push(word),
        }
    }
    let mut added: Vec<OsString> = Vec::new();
    for (long, argument) in options(subcommand) {
        let name = format!("OPA_{}_{long}", subcommand.get_name()).to_uppercase().replace('-', "_");
        let value = variable(&name).filter(|value| !value.is_empty());
        let Some(value) = value.filter(|_| !switches.contains_key(long) && !is_given(subcommand, argument, &kept))
        else {
            continue;
        };
        if is_switch(argument) {
            let value = boolean(long, &value);
            switches.insert(
                long,
                value.map_err(|error| format!("error mapping environment variables to command flags: {error}"))?,
            );
        } else {
            added.push(format!("--{long}={value}").into());
        }
    }
    added.extend(switches.iter().filter(|(_, on)| **on).map(|(name, _)| format!("--{name}").into()));
    let command = words.iter().take(2).cloned();
    Ok(command.chain(added).chain(kept.into_iter().cloned()).chain(rest.iter().cloned()).collect())
}

/// The options of a command that have a long name.
fn options(command: &Command) -> impl Iterator<Item = (&str, &Arg)> {
    command.get_arguments().filter_map(|argument| Some((argument.get_long()?, argument)))
}

fn is_switch(argument: &Arg) -> bool {
    matches!(argument.get_action(), ArgAction::SetTrue)
}

/// The switch that a word sets, and the text of its value.
fn switch<'c, 'w>(command: &'c Command, word: &'w OsString) -> Option<(&'c str, &'w str)> {
    let (name, value) = {
        let text = word.to_str()?.strip_prefix("--")?;
        text.split_once('=').unwrap_or((text, "true"))
    };
    options(command).find(|(long, argument)| *long == name && is_switch(argument)).map(|(long, _)| (long, value))
}

/// Whether words give an option, by its long name or its letter.
fn is_given(command: &Command, option: &Arg, words: &[&OsString]) -> bool {
    let letters: Vec<(char, bool)> =
        command.get_arguments().filter_map(|argument| Some((argument.get_short()?, is_switch(argument)))).collect();
    words.iter().filter_map(|word| word.to_str()).any(|word| match word.strip_prefix("--") {
        Some(long) => option.get_long() == Some(long.split('=').next().unwrap_or_default()),
        None => {
            // Switches may share a word; what follows the letter of another option is its value.
            let word = word.strip_prefix('-').unwrap_or_default();
            let switches = word.chars().take_while(|letter| letters.contains(&(*letter, true))).count();
            word.chars().take(switches + 1).any(|letter| option.get_short() == Some(letter))
        }
    })
}

/// A boolean as Go reads it.
fn boolean(flag: &str, text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!(
            "invalid argument {text:?} for \"--{flag}\" flag: strconv.ParseBool: parsing {text:?}: invalid syntax"
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::{Arg, ArgAction, Command};

    use super::words;

    fn rewritten(line: &str, variables: &[(&str, &str)]) -> Result<String, String> {
        let switch = |long: &'static str| Arg::new(long).long(long).action(ArgAction::SetTrue);
        let eval = Command::new("eval").arg(switch("fail")).arg(switch("strict").short('S'));
        let eval = eval.arg(Arg::new("format").long("format").short('f')).arg(Arg::new("query"));
        let mut command = Command::new("regoc").subcommand(eval);
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        match words(&mut command, line.split(' ').map(OsString::from).collect(), variable) {
            Ok(words) => Ok(words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn switches_take_booleans_and_the_last_one_counts() {
        let rewritten = |line: &str| rewritten(line, &[]);
        assert_eq!(rewritten("regoc eval --fail=false 1").as_deref(), Ok("regoc eval 1"));
        assert_eq!(rewritten("regoc eval 1 --fail --fail=T").as_deref(), Ok("regoc eval --fail 1"));
        assert_eq!(rewritten("regoc eval --fail --fail=0 1").as_deref(), Ok("regoc eval 1"));
        assert_eq!(rewritten("regoc eval -- --fail=0").as_deref(), Ok("regoc eval -- --fail=0"));
        assert_eq!(rewritten("regoc eval --format=x -f x").as_deref(), Ok("regoc eval --format=x -f x"));
        assert_eq!(rewritten("regoc --help").as_deref(), Ok("regoc --help"));
        let error = rewritten("regoc eval --fail=maybe 1").expect_err("no boolean");
        assert!(error.contains("invalid argument \"maybe\" for \"--fail\" flag: strconv.ParseBool"), "{error}");
    }

    #[test]
    fn variables_of_the_environment_are_defaults() {
        let variables = [("OPA_EVAL_FORMAT", "raw"), ("OPA_EVAL_FAIL", "true"), ("OPA_EVAL_STRICT", "")];
        let rewritten = |line: &str| rewritten(line, &variables);
        assert_eq!(rewritten("regoc eval 1").as_deref(), Ok("regoc eval --format=raw --fail 1"));
        assert_eq!(rewritten("regoc eval --fail=false 1").as_deref(), Ok("regoc eval --format=raw 1"));
        for given in ["-f json", "-fjson", "-Sf json", "--format json", "--format=json"] {
            let line = format!("regoc eval {given} 1");
            assert_eq!(rewritten(&line), Ok(format!("regoc eval --fail {given} 1")));
        }
        let error = super::words(
            &mut Command::new("regoc")
                .subcommand(Command::new("eval").arg(Arg::new("fail").long("fail").action(ArgAction::SetTrue))),
            vec!["regoc".into(), "eval".into()],
            |_| Some("x".to_owned()),
        );
        assert!(error.is_err());
    }
}
