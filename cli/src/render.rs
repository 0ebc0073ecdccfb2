//! Shows what went wrong: the source line, a caret, details and help for a person, or OPA's JSON.

use std::io::{self, IsTerminal, Write};

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet, Title};
use regoc_compiler::cost::Warning;
use regoc_compiler::diagnostic::Diagnostic;
use regoc_compiler::source::{SourceSet, Span};
use serde_json::Value;

use crate::failure::{Failure, Problem};
use crate::json;

/// How many characters of a long line are shown on either side of a place.
const CONTEXT: usize = 60;

/// Warns of something that is no error.
pub(crate) fn warn(message: &str, help: &str) {
    let group = Group::with_title(Level::WARNING.primary_title(message)).element(Level::HELP.message(help));
    let _ = writeln!(io::stderr().lock(), "{}", renderer().render(&[group]));
}

fn renderer() -> Renderer {
    let terminal = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if terminal { Renderer::styled() } else { Renderer::plain() }
}

/// Shows everything that went wrong on standard error, in color if that is a terminal.
pub(crate) fn show(failure: &Failure) {
    let renderer = renderer();
    let mut text = String::new();
    for problem in &failure.problems {
        text.push_str(&render(&renderer, problem, &failure.sources));
        text.push('\n');
    }
    if failure.problems.len() > 1 {
        text.push_str(&format!("{} errors\n", failure.problems.len()));
    }
    // Nobody is left to tell when standard error is gone.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Shows everything that went wrong on standard error as OPA's JSON.
pub(crate) fn show_json(failure: &Failure) {
    let _ = io::stderr().lock().write_all(to_json(failure).as_bytes());
}

/// Shows warnings of the compiler on standard error.
pub(crate) fn show_warnings(warnings: &[Warning], sources: &SourceSet) {
    let renderer = renderer();
    let text: String = warnings.iter().map(|warning| render_warning(&renderer, warning, sources) + "\n").collect();
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Shows warnings of the compiler on standard error as JSON, in the form of OPA's errors: `{"warnings": […]}`.
pub(crate) fn show_warnings_json(warnings: &[Warning], sources: &SourceSet) {
    let warnings = warnings.iter().map(|warning| warning_json(warning, sources));
    let text = format!("{}\n", json::fields(&[("warnings", json::array(warnings, 1))], 0));
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn warning_json(warning: &Warning, sources: &SourceSet) -> String {
    let text = |text: &str| json::compact(&Value::from(text));
    let mut entries = vec![("message", text(&warning.message))];
    entries.extend(warning.span.map(|span| ("location", place_json(span, sources, 3))));
    let lines = |lines: &[String]| json::array(lines.iter().map(|line| text(line)), 3);
    entries.push(("details", lines(&warning.details)));
    entries.push(("helps", lines(&warning.helps)));
    json::fields(&entries, 2)
}

/// A place as an object of OPA's JSON.
fn place_json(span: Span, sources: &SourceSet, levels: usize) -> String {
    let position = sources.position(span);
    located(&sources.get(span.file).name, position.row, position.col, levels)
}

fn located(file: &str, row: u32, col: u32, levels: usize) -> String {
    let file = json::compact(&Value::from(file));
    json::fields(&[("file", file), ("row", row.to_string()), ("col", col.to_string())], levels)
}

/// Everything that went wrong as OPA's JSON: `{"errors": […]}`.
pub(crate) fn to_json(failure: &Failure) -> String {
    let errors = failure.problems.iter().map(|problem| problem_json(problem, &failure.sources, 2));
    format!("{}\n", json::fields(&[("errors", json::array(errors, 1))], 0))
}

/// One problem as an object of OPA's JSON.
fn problem_json(problem: &Problem, sources: &SourceSet, levels: usize) -> String {
    let text = |text: &str| json::compact(&Value::from(text));
    let mut entries = Vec::new();
    match problem {
        Problem::Message(message) => entries.push(("message", text(message))),
        Problem::Diagnostic(diagnostic) => {
            entries.push(("message", text(&diagnostic.message)));
            entries.push(("code", text(diagnostic.code.as_str())));
            if let Some(span) = diagnostic.span {
                entries.push(("location", place_json(span, sources, levels + 1)));
            }
        }
        Problem::Runtime(error) => {
            entries.push(("message", text(error.message())));
            if let Some(code) = error.code() {
                entries.push(("code", text(code)));
            }
            if let Some(location) = error.location() {
                entries.push(("location", located(&location.file, location.row, location.col, levels + 1)));
            }
        }
    }
    json::fields(&entries, levels)
}

fn render(renderer: &Renderer, problem: &Problem, sources: &SourceSet) -> String {
    match problem {
        Problem::Message(message) => {
            renderer.render(&[Group::with_title(Level::ERROR.primary_title(message.as_str()))])
        }
        Problem::Runtime(error) => {
            let (message, details) = match error.message().split_once('\n') {
                Some((message, details)) => (message, details),
                None => (error.message(), ""),
            };
            let title = match error.code() {
                Some(code) => Level::ERROR.primary_title(message).id(code),
                None => Level::ERROR.primary_title(message),
            };
            let place = error.location().map(|location| format!("at {location}"));
            let mut group = Group::with_title(title);
            for line in place.iter().map(String::as_str).chain(details.lines().map(str::trim_start)) {
                group = group.element(Level::NOTE.message(line));
            }
            renderer.render(&[group])
        }
        Problem::Diagnostic(diagnostic) => render_diagnostic(renderer, diagnostic, sources),
    }
}

fn render_diagnostic(renderer: &Renderer, diagnostic: &Diagnostic, sources: &SourceSet) -> String {
    let Diagnostic { code, message, span, details, help, labels } = diagnostic;
    let helps = help.as_slice();
    let title = Level::ERROR.primary_title(message.as_str()).id(code.as_str());
    render_placed(renderer, title, &Placed { span: *span, labels, details, helps }, sources)
}

fn render_warning(renderer: &Renderer, warning: &Warning, sources: &SourceSet) -> String {
    let Warning { message, span, details, helps, labels } = warning;
    let title = Level::WARNING.primary_title(message.as_str());
    render_placed(renderer, title, &Placed { span: *span, labels, details, helps }, sources)
}

/// What stands below a title.
struct Placed<'a> {
    span: Option<Span>,
    labels: &'a [(Span, String)],
    details: &'a [String],
    helps: &'a [String],
}

fn render_placed(renderer: &Renderer, title: Title<'_>, placed: &Placed<'_>, sources: &SourceSet) -> String {
    let places = placed.span.map(|span| (span, None)).into_iter();
    let labels = placed.labels.iter().map(|(span, label)| (*span, Some(label.as_str())));
    let excerpts: Vec<Excerpt<'_>> =
        places.chain(labels).map(|(span, label)| Excerpt::new(sources, span, label)).collect();
    let mut group = Group::with_title(title);
    for excerpt in &excerpts {
        group = group.elements(excerpt.elements());
    }
    for line in placed.details {
        group = group.element(Level::NOTE.message(line.as_str()));
    }
    for help in placed.helps {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// The line that is shown for a place, or the part of it around the place: lines can be megabytes long.
struct Excerpt<'a> {
    path: &'a str,
    text: &'a str,
    row: usize,
    /// The column from 1, if not the whole line is shown.
    col: Option<usize>,
    start: usize,
    end: usize,
    label: Option<&'a str>,
}

impl<'a> Excerpt<'a> {
    fn new(sources: &'a SourceSet, span: Span, label: Option<&'a str>) -> Self {
        let source = sources.get(span.file);
        // What is missing at the end of a text is missing behind its last word.
        let last = source.text.trim_end().len();
        let at = floor(&source.text, (span.start as usize).min(last));
        let before = source.text.get(..at).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        // A line end counts as a part of the next row there.
        let is_end = source.text.as_bytes().get(at) == Some(&b'\n');
        let row = source.position(u32::try_from(at).unwrap_or(u32::MAX)).row - u32::from(is_end);
        let line = source.line(row);
        let start = floor(line, (at - line_start).min(line.len()));
        let length = span.end.saturating_sub(span.start) as usize;
        let end = floor(line, start.saturating_add(length).min(line.len())).max(start);
        let (before, behind) = (line.get(..start).unwrap_or_default(), line.get(start..).unwrap_or_default());
        let (mut from, mut to, mut col) = (0, line.len(), None);
        if line.len() > 4 * CONTEXT {
            from = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
            to = behind.char_indices().nth(CONTEXT).map_or(line.len(), |(at, _)| start + at);
            col = Some(before.chars().count() + 1);
        }
        Self {
            path: if source.name.is_empty() { "query" } else { &source.name },
            text: line.get(from..to).unwrap_or_default(),
            row: row as usize,
            col,
            start: start - from,
            end: end.clamp(start, to) - from,
            label,
        }
    }

    fn elements(&self) -> Vec<Element<'_>> {
        let kind = if self.label.is_none() { AnnotationKind::Primary } else { AnnotationKind::Context };
        let annotation = kind.span(self.start..self.end).label(self.label);
        let snippet = Snippet::source(self.text).line_start(self.row).annotation(annotation);
        match self.col {
            None => vec![snippet.path(self.path).into()],
            // The column of the part would be wrong.
            Some(col) => vec![Origin::path(self.path).line(self.row).char_column(col).into(), snippet.into()],
        }
    }
}

/// The nearest boundary of a character at or before a byte.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
