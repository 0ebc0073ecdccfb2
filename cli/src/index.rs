//! `regoc inspect --index` as text and JSON: by what rules are chosen, and what scans look up.

use regoc_compiler::cost::{Choice, INDEXED_IN_DECISION, Key, Lookup, Reason, Report, RuleCost, Scan};
use regoc_compiler::source::{SourceSet, Span};
use serde_json::{Map, Value};

use crate::json::object;
use crate::table::table;

/// How many characters of the last column stand in one line.
const WIDTH: usize = 96;

/// A table of the rules; nothing if there are none.
pub(crate) fn tables(report: &Report, sources: &SourceSet) -> String {
    if report.rules.is_empty() {
        return String::new();
    }
    let mut rows = Vec::new();
    for rule in &report.rules {
        let place = rule.span.map_or_else(String::new, |span| place(span, sources));
        let mut lines = choice_lines(&rule.choice);
        for scan in &rule.scans {
            lines.extend(scan_lines(scan, sources));
        }
        for (number, line) in lines.iter().flat_map(|line| wrapped(line)).enumerate() {
            let (path, place) = if number == 0 { (rule.path.as_str(), place.as_str()) } else { ("", "") };
            rows.push(vec![path.to_owned(), place.to_owned(), line]);
        }
    }
    table(&["RULE", "PLACE", "WHAT IS INDEXED"], &rows, false)
}

fn place(span: Span, sources: &SourceSet) -> String {
    format!("{}:{}", sources.get(span.file).name, sources.position(span).row)
}

fn choice_lines(choice: &Choice) -> Vec<String> {
    match choice {
        Choice::Switches(switches) => {
            let each: Vec<String> = switches
                .iter()
                .map(|switch| format!("`{}` (switch over {})", switch.on, counted(switch.cases, "constant")))
                .collect();
            vec![format!("chosen by {}", each.join(", then "))]
        }
        Choice::Fallback => vec!["evaluated only where nothing else gives a value (default, else)".to_owned()],
        Choice::None(reason) => reason_lines("not chosen: ", reason),
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn reason_lines(before: &str, reason: &Reason) -> Vec<String> {
    let help = reason.help.iter().map(|help| format!("  help: {help}"));
    std::iter::once(format!("{before}{}", reason.text)).chain(help).collect()
}

fn scan_lines(scan: &Scan, sources: &SourceSet) -> Vec<String> {
    let row = scan.span.map_or_else(String::new, |span| format!(" in row {}", sources.position(span).row));
    let what = if scan.is_member { "`in` over" } else { "scan of" };
    let begin = format!("{what} `{}`{row}: ", scan.of);
    match &scan.lookup {
        Lookup::Data(keys) => vec![format!("{begin}looked up by {}", key_text(keys))],
        Lookup::Decision(keys) => {
            let keys = key_text(keys);
            vec![format!("{begin}looked up by {keys} in the decision, {INDEXED_IN_DECISION}")]
        }
        Lookup::Outside => vec![format!("{begin}the scan around it is looked up by what is asked here")],
        Lookup::None(reason) => reason_lines(&format!("{begin}not indexed: "), reason),
    }
}

fn key_text(keys: &[Key]) -> String {
    let text = |key: &Key| match key.part.as_str() {
        "" => format!("the element = `{}`", key.key),
        part => format!("`{part}` = `{}`", key.key),
    };
    keys.iter().map(text).collect::<Vec<_>>().join(" and ")
}

/// A text in lines that are not too long, the later ones indented.
fn wrapped(text: &str) -> Vec<String> {
    let indent = text.len() - text.trim_start().len() + 2;
    let mut lines: Vec<String> = Vec::new();
    let mut line = " ".repeat(indent - 2);
    for word in text.split_whitespace() {
        if !line.trim().is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
        }
        if !line.trim().is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// The rules as JSON.
pub(crate) fn to_json(report: &Report, sources: &SourceSet) -> Value {
    let rules = report.rules.iter().map(|rule| rule_json(rule, sources)).collect();
    object([("rules", rules)])
}

fn rule_json(rule: &RuleCost, sources: &SourceSet) -> Value {
    let mut out = located(rule.span, sources);
    out.insert("path".to_owned(), rule.path.as_str().into());
    match &rule.choice {
        Choice::Switches(switches) => {
            let switch = |on: &str, cases: usize| object([("on", on.into()), ("constants", cases.into())]);
            out.insert("chosen_by".to_owned(), switches.iter().map(|it| switch(&it.on, it.cases)).collect());
        }
        Choice::Fallback => {
            out.insert("is_fallback".to_owned(), true.into());
        }
        Choice::None(reason) => {
            out.insert("not_chosen".to_owned(), reason_json(reason));
        }
    }
    out.insert("scans".to_owned(), rule.scans.iter().map(|scan| scan_json(scan, sources)).collect());
    Value::Object(out)
}

fn scan_json(scan: &Scan, sources: &SourceSet) -> Value {
    let mut out = located(scan.span, sources);
    let keys = |keys: &[Key]| -> Value {
        keys.iter().map(|it| object([("part", it.part.as_str().into()), ("key", it.key.as_str().into())])).collect()
    };
    let (kind, more) = match &scan.lookup {
        Lookup::Data(asked) => ("data", Some(("keys", keys(asked)))),
        Lookup::Decision(asked) => ("decision", Some(("keys", keys(asked)))),
        Lookup::Outside => ("outside", None),
        Lookup::None(reason) => ("none", Some(("not_indexed", reason_json(reason)))),
    };
    out.insert("of".to_owned(), scan.of.as_str().into());
    out.insert("is_member".to_owned(), scan.is_member.into());
    out.insert("index".to_owned(), kind.into());
    out.extend(more.map(|(name, value)| (name.to_owned(), value)));
    out.insert("inside".to_owned(), scan.inside.map_or(Value::Null, Value::from));
    Value::Object(out)
}

fn reason_json(reason: &Reason) -> Value {
    let help = reason.help.as_deref().map_or(Value::Null, Value::from);
    object([("reason", reason.text.as_str().into()), ("help", help)])
}

fn located(span: Option<Span>, sources: &SourceSet) -> Map<String, Value> {
    let place = |span: Span| {
        let position = sources.position(span);
        let file = sources.get(span.file).name.as_str();
        object([("file", file.into()), ("row", position.row.into()), ("col", position.col.into())])
    };
    span.map(|span| ("location".to_owned(), place(span))).into_iter().collect()
}
