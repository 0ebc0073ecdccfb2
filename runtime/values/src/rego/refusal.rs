//! The messages of OPA's parser as one text, with the lines that they are about.

use alloc::format;
use alloc::string::String;

use regoc_syntax::diagnostic::{Code, Diagnostic};
use regoc_syntax::source::Source;
use regoc_syntax::syntax::Refusal;

use super::Failure;

/// What OPA says of a text that is no module.
pub(super) fn describe(source: &Source, refusal: Refusal) -> Failure {
    let (errors, with_lines) = match refusal {
        // OPA gives this one bare, and without a place.
        Refusal::Empty => return Failure(error(&source.name, (0, 0), "empty module")),
        Refusal::Unread(errors) => (errors, true),
        Refusal::Unfit(errors) => (errors, false),
    };
    let mut text = match errors.len() {
        1 => String::from("1 error occurred: "),
        count => format!("{count} errors occurred:\n"),
    };
    for (at, error) in errors.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        describe_error(&mut text, source, error, with_lines);
    }
    Failure(text)
}

/// What OPA says of a text that is no UTF-8.
pub(super) fn invalid_text(file_name: &str, text: &[u8]) -> Failure {
    let valid = core::str::from_utf8(text).map_or_else(|error| error.valid_up_to(), |_| text.len());
    let before = text.get(..valid).unwrap_or_default();
    let row = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    let column = 1 + before.iter().rev().take_while(|byte| **byte != b'\n').filter(|byte| **byte >> 6 != 2).count();
    let place = (row as u32, column as u32);
    Failure(format!("1 error occurred: {}", error(file_name, place, "illegal utf-8 character")))
}

fn describe_error(text: &mut String, source: &Source, diagnostic: &Diagnostic, with_line: bool) {
    let at = diagnostic.span.map_or(0, |span| span.start);
    let position = source.position(at);
    text.push_str(&error(&source.name, (position.row, position.col), &diagnostic.message));
    if with_line {
        mark_line(text, &source.text, at as usize);
    }
}

/// An error at a row and a column; the column is shown where the file has no name.
fn error(file_name: &str, (row, column): (u32, u32), message: &str) -> String {
    let code = Code::Parse.as_str();
    if file_name.is_empty() {
        format!("{row}:{column}: {code}: {message}")
    } else {
        format!("{file_name}:{row}: {code}: {message}")
    }
}

/// Adds the line of a place and a mark below the place, or below the last character before it that is no space.
fn mark_line(text: &mut String, source: &str, at: usize) {
    let bytes = source.as_bytes();
    let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    // Go's `unicode.IsSpace` of single bytes.
    let is_space = |byte: &u8| matches!(byte, b'\t'..=b'\r' | b' ' | 0x85 | 0xA0);
    let upto = bytes.get(..=at.min(bytes.len().saturating_sub(1))).unwrap_or_default();
    let at = upto.iter().rposition(|byte| !is_space(byte)).unwrap_or(0);
    let before = bytes.get(..at).unwrap_or_default();
    let begin = before.iter().rposition(is_line_end).map_or(0, |end| end + 1);
    let end = bytes.iter().skip(at).position(is_line_end).map_or(bytes.len(), |length| at + length);
    let line = source.get(begin..end).unwrap_or_default();
    let shown = line.trim_start_matches('\t');
    text.push_str("\n\t");
    text.push_str(shown);
    text.push_str("\n\t");
    let indent = (at - begin).saturating_sub(line.len() - shown.len());
    text.extend(core::iter::repeat_n(' ', indent));
    text.push('^');
}
