//! The texts to compile and places in them. Does not read files: whoever calls the compiler does.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::index::{IndexVec, define_index};

/// A name or a text of a source, shared wherever it is used.
pub type Name = Arc<str>;

define_index! {
    /// A file of a [`SourceSet`].
    FileId, "file"
}

/// A version of Rego: how a file without an import that says otherwise is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum RegoVersion {
    /// Rego before OPA 1.0: `if` and `contains` are optional and must be imported.
    V0,
    /// Rego since OPA 1.0.
    #[default]
    V1,
    /// A v0 file that must also be valid v1 (`--v0-v1`, or a v0 file with `import rego.v1`).
    V0CompatV1,
    /// v1 with what `import rego.v2` enables: `and`, `or`, and bodies of `not`.
    V2,
}

impl RegoVersion {
    /// Whether files know the keywords of v1 without importing them.
    #[must_use]
    pub const fn knows_v1(self) -> bool {
        matches!(self, Self::V1 | Self::V2)
    }
}

/// A stretch of text: byte offsets into one file, the end excluded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The span from the start of one to the end of another of the same file.
    #[must_use]
    pub fn to(self, end: Self) -> Self {
        Self { file: self.file, start: self.start.min(end.start), end: self.end.max(end.end) }
    }
}

impl core::fmt::Debug for Span {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}:{}..{}", self.file, self.start, self.end)
    }
}

/// A row and a column, both from 1, as OPA counts them: a column is a count of characters, not of bytes. Only a line end
/// has column 0 (see [`Source::position`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The row, from 1.
    pub row: u32,
    /// The column in characters, from 1.
    pub col: u32,
}

/// One text to compile.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name that messages show, usually a path.
    pub name: String,
    /// The text.
    pub text: String,
    /// How it is read.
    pub version: RegoVersion,
    line_starts: Vec<u32>,
}

impl Source {
    /// The row and column of a byte offset.
    ///
    /// As in OPA, a line end counts as column 0 of the row that it begins, and the end of the text as its last character.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let offset = match self.text.len() as u32 {
            length if offset >= length => self.text.char_indices().next_back().map_or(0, |(at, _)| at as u32),
            _ => offset,
        };
        if self.text.as_bytes().get(offset as usize) == Some(&b'\n') {
            let row = self.line_starts.partition_point(|start| *start <= offset + 1) as u32;
            return Position { row, col: 0 };
        }
        let line = self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.line_starts.get(line).copied().unwrap_or(0) as usize;
        let before = self.text.as_bytes().get(start..(offset as usize).min(self.text.len())).unwrap_or_default();
        // A character is counted at its first byte: continuation bytes begin with the bits 10.
        let characters = before.iter().filter(|byte| (**byte & 0b1100_0000) != 0b1000_0000).count();
        Position { row: line as u32 + 1, col: characters as u32 + 1 }
    }

    /// The text of a row (from 1) without its line end.
    #[must_use]
    pub fn line(&self, row: u32) -> &str {
        let index = row.saturating_sub(1) as usize;
        let start = self.line_starts.get(index).copied().unwrap_or(0) as usize;
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        self.text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }
}

/// The texts of one compilation.
#[derive(Clone, Debug, Default)]
pub struct SourceSet {
    files: IndexVec<FileId, Source>,
}

impl SourceSet {
    /// No texts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>, version: RegoVersion) -> FileId {
        let text = text.into();
        let line_starts = core::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at as u32 + 1)).collect();
        self.files.push(Source { name: name.into(), text, version, line_starts })
    }

    /// The file of an id.
    #[must_use]
    pub fn get(&self, file: FileId) -> &Source {
        &self.files[file]
    }

    /// All files, in the order in which they were added.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (FileId, &Source)> {
        self.files.enumerate()
    }

    /// The text of a span.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.files[span.file].text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Where a span begins.
    #[must_use]
    pub fn position(&self, span: Span) -> Position {
        self.files[span.file].position(span.start)
    }
}
