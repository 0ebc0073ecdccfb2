//! PEM (RFC 7468) as Go's `encoding/pem` reads it: the first well-formed block, whatever stands before it.

use alloc::vec::Vec;

use crate::builtins::encoding::{Base64, decode_base64};

/// A block.
pub struct Block<'a> {
    /// The words after `BEGIN`.
    pub label: &'a [u8],
    /// What was encoded.
    pub contents: Vec<u8>,
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"\n-----END ";
const DASHES: &[u8] = b"-----";

/// The first block of a text and what follows the line of its end.
#[must_use]
pub fn decode(text: &[u8]) -> Option<(Block<'_>, &[u8])> {
    let mut rest = text;
    loop {
        let end = find(rest, END)?;
        let (before, after) = rest.split_at_checked(end)?;
        let trailer = after.get(END.len()..)?;
        let block = before.windows(BEGIN.len()).rposition(|window| window == BEGIN);
        let at_line = block.filter(|at| *at == 0 || before.get(at - 1) == Some(&b'\n'));
        // The line end before `-----END` belongs to the body: an empty one has no other.
        if let Some(at) = at_line
            && let Some(body) = rest.get(at + BEGIN.len()..=end)
            && let Some(found) = block_of(body, trailer)
        {
            return Some(found);
        }
        rest = trailer;
    }
}

/// The block of a body (from the label on) and of what follows the words `-----END `.
fn block_of<'a>(body: &'a [u8], trailer: &'a [u8]) -> Option<(Block<'a>, &'a [u8])> {
    let (label, mut body) = line(body);
    let label = label.strip_suffix(DASHES)?;
    loop {
        let (header, next) = line(body);
        if !header.contains(&b':') {
            break;
        }
        body = next;
        // An empty line is between headers and the end.
        if body.is_empty() {
            return None;
        }
    }
    let (end, rest) = line(trailer);
    if end.strip_prefix(label)? != DASHES {
        return None;
    }
    let kept: Vec<u8> = body.iter().copied().filter(|byte| !matches!(byte, b' ' | b'\t')).collect();
    let contents = decode_base64(&kept, Base64::STANDARD).ok()?;
    Some((Block { label, contents }, rest))
}

/// The first line of a text, without blanks at its end, and the text behind it.
fn line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| *byte == b'\n');
    let (line, rest) = match end {
        Some(end) => (text.get(..end).unwrap_or_default(), text.get(end + 1..).unwrap_or_default()),
        None => (text, &b""[..]),
    };
    let line = if end.is_some() { line.strip_suffix(b"\r").unwrap_or(line) } else { line };
    let kept = line.iter().rposition(|byte| !matches!(byte, b' ' | b'\t')).map_or(0, |last| last + 1);
    (line.get(..kept).unwrap_or_default(), rest)
}

fn find(text: &[u8], words: &[u8]) -> Option<usize> {
    text.windows(words.len()).position(|window| window == words)
}
