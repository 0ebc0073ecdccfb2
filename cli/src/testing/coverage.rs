//! Which of the policies' statements ran, counted and written as OPA does (`v1/cover`).
//!
//! Knows places and what was told of them; runs nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use regoc_compiler::source::{SourceSet, Span};

use crate::json;

/// Why a place did not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// OPA's rule index ruled its rule out.
    IndexExcluded,
    /// A document ended at its first value before.
    EarlyExit,
}

impl Reason {
    /// OPA's word.
    const fn word(self) -> &'static str {
        match self {
            Self::IndexExcluded => "index_excluded",
            Self::EarlyExit => "early_exit",
        }
    }
}

/// A row and a column, both from 1.
type Place = (u32, u32);

/// A stretch of text: the first character and the one behind the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Range {
    start: Place,
    end: Place,
}

impl Range {
    fn of(span: Span, sources: &SourceSet) -> Self {
        let source = sources.get(span.file);
        let start = source.position(span.start);
        let text = sources.text(span);
        // The place of the last character, as the end of a text and of a line have no column of their own.
        let last = text.chars().next_back().map_or(0, char::len_utf8);
        let end = source.position(span.end.saturating_sub(u32::try_from(last).unwrap_or(0)));
        Self { start: (start.row, start.col), end: (end.row, end.col + u32::from(last > 0)) }
    }

    fn contains(&self, other: &Self) -> bool {
        self.start <= other.start && self.end >= other.end
    }
}

/// What ran in the files of a program.
#[derive(Debug)]
pub(crate) struct Report {
    files: BTreeMap<String, FileReport>,
}

#[derive(Debug, Default)]
struct FileReport {
    covered: BTreeSet<Range>,
    not_covered: BTreeMap<Range, Vec<Reason>>,
}

/// Places by file, sorted.
type Ranges = BTreeMap<String, BTreeSet<Range>>;

/// The ranges of places, by file.
fn ranges<'s>(places: impl Iterator<Item = &'s Span>, sources: &SourceSet) -> Ranges {
    let mut ranges = Ranges::new();
    for span in places {
        let range = Range::of(*span, sources);
        ranges.entry(sources.get(span.file).name.clone()).or_default().insert(range);
    }
    ranges
}

/// Whether one of the sorted ranges contains a range.
fn is_covered(range: &Range, covered: &BTreeSet<Range>) -> bool {
    // Whatever contains it does not begin behind it.
    let last = Range { start: range.start, end: (u32::MAX, u32::MAX) };
    covered.range(..=last).rev().any(|other| other.contains(range))
}

impl Report {
    /// The report for what ran, with the places that would have run for another reason.
    pub(crate) fn new(
        countable: &[Span],
        covered: &[Span],
        others: &[(Reason, Vec<Span>)],
        sources: &SourceSet,
    ) -> Self {
        let mut files: BTreeMap<String, FileReport> =
            sources.iter().map(|(_, source)| (source.name.clone(), FileReport::default())).collect();
        for (file, ranges) in ranges(covered.iter(), sources) {
            files.entry(file).or_default().covered = ranges;
        }
        let others: Vec<(Reason, Ranges)> =
            others.iter().map(|(reason, places)| (*reason, ranges(places.iter(), sources))).collect();
        for (file, places) in ranges(countable.iter(), sources) {
            let report = files.entry(file.clone()).or_default();
            for range in places {
                if is_covered(&range, &report.covered) {
                    continue;
                }
                let reasons = others
                    .iter()
                    .filter(|(_, ranges)| ranges.get(&file).is_some_and(|ranges| is_covered(&range, ranges)))
                    .map(|(reason, _)| *reason)
                    .collect();
                report.not_covered.insert(range, reasons);
            }
        }
        Self { files }
    }

    /// The share of lines that ran, in percent.
    pub(crate) fn percentage(&self) -> f64 {
        let (covered, not_covered) = self.lines();
        percentage(covered, not_covered)
    }

    /// The lines that ran and those that did not.
    fn lines(&self) -> (usize, usize) {
        self.files.values().fold((0, 0), |(covered, not_covered), file| {
            (covered + file.covered_lines(), not_covered + file.not_covered_lines())
        })
    }

    /// OPA's message for a share below a threshold, with the lines if it is `verbose`.
    pub(crate) fn below(&self, threshold: f64, verbose: bool) -> String {
        let mut text =
            format!("Code coverage threshold not met: got {:.2} instead of {threshold:.2}", self.percentage());
        if !verbose || self.files.is_empty() {
            return text;
        }
        text.push_str("\nLines not covered:");
        for (name, file) in &self.files {
            for (first, last) in spans(&rows(file.not_covered.keys())) {
                // Writing into a String cannot fail.
                let _ = match first == last {
                    true => write!(text, "\n\t{name}:{first}"),
                    false => write!(text, "\n\t{name}:{first}-{last}"),
                };
            }
        }
        text
    }

    /// The report as OPA's JSON.
    pub(crate) fn to_json(&self) -> String {
        let files: Vec<(String, String)> = self
            .files
            .iter()
            .map(|(name, file)| {
                let key = json::compact(&name.as_str().into());
                (key.trim_matches('"').to_owned(), file.to_json())
            })
            .collect();
        let files: Vec<(&str, String)> = files.iter().map(|(name, file)| (name.as_str(), file.clone())).collect();
        let (covered, not_covered) = self.lines();
        let entries = [
            ("files", json::fields(&files, 1)),
            ("covered_lines", covered.to_string()),
            ("not_covered_lines", not_covered.to_string()),
            ("coverage", self.percentage().to_string()),
        ];
        format!("{}\n", json::fields(&entries, 0))
    }
}

impl FileReport {
    fn covered_lines(&self) -> usize {
        rows(self.covered.iter()).len()
    }

    fn not_covered_lines(&self) -> usize {
        rows(self.not_covered.keys()).len()
    }

    /// Counts of nothing are left out.
    fn to_json(&self) -> String {
        let mut entries = Vec::new();
        if !self.covered.is_empty() {
            let items = self.covered.iter().map(|range| range_json(range, &[]));
            entries.push(("covered", json::array(items, 3)));
        }
        if !self.not_covered.is_empty() {
            let items = self.not_covered.iter().map(|(range, reasons)| range_json(range, reasons));
            entries.push(("not_covered", json::array(items, 3)));
        }
        let (covered, not_covered) = (self.covered_lines(), self.not_covered_lines());
        for (name, count) in [("covered_lines", covered), ("not_covered_lines", not_covered)] {
            if count > 0 {
                entries.push((name, count.to_string()));
            }
        }
        if covered > 0 {
            entries.push(("coverage", percentage(covered, not_covered).to_string()));
        }
        json::fields(&entries, 2)
    }
}

fn range_json(range: &Range, reasons: &[Reason]) -> String {
    let place = |(row, col): Place| json::fields(&[("row", row.to_string()), ("col", col.to_string())], 5);
    let mut entries = vec![("start", place(range.start)), ("end", place(range.end))];
    if !reasons.is_empty() {
        let words = reasons.iter().map(|reason| format!("\"{}\"", reason.word()));
        entries.push(("kinds", json::array(words, 5)));
    }
    json::fields(&entries, 4)
}

fn percentage(covered: usize, not_covered: usize) -> f64 {
    match covered + not_covered {
        0 => 0.0,
        total => 100.0 * covered as f64 / total as f64,
    }
}

/// The rows that ranges touch.
fn rows<'r>(ranges: impl Iterator<Item = &'r Range>) -> BTreeSet<u32> {
    ranges.flat_map(|range| range.start.0..=range.end.0).collect()
}

/// Rows that follow one another, as the first and the last.
fn spans(rows: &BTreeSet<u32>) -> Vec<(u32, u32)> {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            _ => spans.push((*row, *row)),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use regoc_compiler::source::{RegoVersion, SourceSet, Span};

    use super::{Reason, Report};

    #[test]
    fn places_in_places_that_ran_count_once() {
        let mut sources = SourceSet::new();
        let file = sources.add("a.rego", "abc\ndef\nghi\njkl\n", RegoVersion::V1);
        let span = |start, end| Span { file, start, end };
        let countable = [span(0, 3), span(1, 2), span(4, 7), span(12, 15)];
        let others = [(Reason::EarlyExit, vec![span(4, 11)])];
        let report = Report::new(&countable, &[span(0, 3)], &others, &sources);
        let json = report.to_json();
        assert!(json.contains("\"covered_lines\": 1") && json.contains("\"not_covered_lines\": 2"), "{json}");
        assert!(json.contains("early_exit") && json.contains("\"coverage\": 33.33333333333333"), "{json}");
        assert_eq!(report.below(50.0, false), "Code coverage threshold not met: got 33.33 instead of 50.00");
        assert!(report.below(50.0, true).ends_with("\nLines not covered:\n\ta.rego:2\n\ta.rego:4"));
    }
}
