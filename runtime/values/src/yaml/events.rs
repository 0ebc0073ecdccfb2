//! libyaml's parser as an iterator of events. The only place that touches libyaml; what leaves it owns its texts.
#![expect(unsafe_code, reason = "libyaml is C in Rust's clothes: all its calls are unsafe")]

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem::MaybeUninit;

use libyaml_rs as sys;

use super::Error;
use super::source::Source;

/// A step of a YAML stream.
pub(super) enum Event {
    /// `*name`
    Alias(Vec<u8>),
    /// A scalar; whether it is without quotes, and whether it is one with escapes; its line from 1.
    Scalar { mark: Mark, value: Vec<u8>, plain: bool, escapes: bool, line: u64 },
    /// A sequence begins; whether it is in brackets.
    SequenceStart(Mark, bool),
    /// A mapping begins; whether it is in braces, or of one pair in brackets.
    MappingStart(Mark, bool),
    /// A sequence or a mapping ends.
    End,
    /// A document begins; whether its `%YAML` directive asks for another version than 1.1.
    DocumentStart { other_version: bool },
    /// A document ends.
    DocumentEnd,
    /// The stream begins.
    StreamStart,
    /// The stream ends.
    StreamEnd,
}

/// The anchor and the tag of a node.
#[derive(Default)]
pub(super) struct Mark {
    /// The name behind `&`.
    pub(super) anchor: Option<Vec<u8>>,
    /// The tag, with its prefix resolved; `!` counts as none.
    pub(super) tag: Option<Vec<u8>>,
}

/// The parser over a text.
pub(super) struct Events<'t> {
    // Boxed, because libyaml keeps pointers into it.
    parser: Box<MaybeUninit<sys::yaml_parser_t>>,
    source: Source<'t>,
    /// The collections in brackets and braces around what comes next: where each began, and what may end it.
    flow: Vec<(u64, &'static [u8])>,
}

impl<'t> Events<'t> {
    /// A parser over a text in UTF-8 (or UTF-16 with a byte order mark).
    pub(super) fn new(text: &'t [u8]) -> Result<Self, Error> {
        let mut parser = Box::new(MaybeUninit::<sys::yaml_parser_t>::uninit());
        // SAFETY: the place is valid for a parser; initialize writes all of it or fails.
        if unsafe { sys::yaml_parser_initialize(parser.as_mut_ptr()) }.fail {
            return Err(Error::new("out of memory"));
        }
        let source = Source::new(text);
        // SAFETY: the parser is initialized; the text lives as long as `self`, which holds it or carries its lifetime, and does not move.
        unsafe {
            sys::yaml_parser_set_input_string(parser.as_mut_ptr(), source.text.as_ptr(), source.text.len() as u64);
        }
        Ok(Self { parser, source, flow: Vec::new() })
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Result<Event, Error> {
        let mut event = MaybeUninit::<sys::yaml_event_t>::uninit();
        // SAFETY: the parser is initialized; parse writes the event unless it fails.
        if unsafe { sys::yaml_parser_parse(self.parser.as_mut_ptr(), event.as_mut_ptr()) }.fail {
            return Err(self.error());
        }
        // SAFETY: parse succeeded, so the event is initialized; `read` copies what it needs.
        let (mut read, marks) = unsafe {
            let event = event.assume_init_ref();
            (read(event), [event.start_mark, event.end_mark])
        };
        // SAFETY: the event is initialized and not used afterwards.
        unsafe { sys::yaml_event_delete(event.as_mut_ptr()) };
        self.check(&mut read, &marks)?;
        Ok(read)
    }

    /// Refuses what go-yaml does not take and libyaml does, and gives scalars the text that they were written with.
    fn check(&mut self, event: &mut Event, [start, end]: &[sys::yaml_mark_t; 2]) -> Result<(), Error> {
        match event {
            Event::SequenceStart(_, true) => self.flow.push((start.line, b"did not find expected ',' or ']'")),
            Event::MappingStart(_, true) => self.flow.push((start.line, b"did not find expected ',' or '}'")),
            Event::SequenceStart(..) | Event::MappingStart(..) => self.flow.push((0, b"")),
            Event::End => _ = self.flow.pop(),
            Event::Scalar { value, plain, escapes, .. } => {
                *value = self.source.restored(value);
                if let (Some(line), true) = (self.source.line_of_slash(start.index, end.index), *escapes) {
                    let line = [start.line, line].into_iter().find(|line| *line > 0);
                    return Err(Error::yaml(line.map_or(0, |line| line + 1), &[b"found unknown escape character"]));
                }
                if let (true, Some((line, words @ [_, ..]))) = (*plain && value.contains(&b'?'), self.flow.last()) {
                    let line = [*line, end.line].into_iter().find(|line| *line > 0).unwrap_or(0);
                    return Err(Error::yaml(line, &[words]));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn error(&self) -> Error {
        // SAFETY: the parser is initialized.
        let parser: &sys::yaml_parser_t = unsafe { self.parser.assume_init_ref() };
        // SAFETY: a problem is null or a NUL-terminated constant of libyaml.
        let problem = unsafe { bytes(parser.problem.cast()) }.unwrap_or_default();
        // go-yaml's spelling.
        let problem = match problem.as_slice() {
            b"did not find expected hexadecimal number" => b"did not find expected hexdecimal number".to_vec(),
            _ => problem,
        };
        // Where go-yaml sees the fault: a scanner's marks are one line behind, the first line is not told.
        let marks = [parser.context_mark.line, parser.problem_mark.line];
        let line = marks.into_iter().find(|line| *line > 0).unwrap_or(0);
        let behind = line > 0 && parser.error == sys::YAML_SCANNER_ERROR;
        Error::yaml(line + u64::from(behind), &[&problem])
    }
}

impl Drop for Events<'_> {
    fn drop(&mut self) {
        // SAFETY: the parser is initialized and not used afterwards.
        unsafe { sys::yaml_parser_delete(self.parser.as_mut_ptr()) };
    }
}

/// Copies an event out of libyaml.
///
/// # Safety
/// The event must be one that libyaml's parser wrote.
unsafe fn read(event: &sys::yaml_event_t) -> Event {
    let data = &event.data;
    // SAFETY: the type says which member of the union is there; its pointers are null or point to NUL-terminated texts, but
    // for the value of a scalar, which has a length.
    unsafe {
        match event.type_ {
            sys::YAML_ALIAS_EVENT => Event::Alias(bytes(data.alias.anchor).unwrap_or_default()),
            sys::YAML_SCALAR_EVENT => Event::Scalar {
                mark: mark(data.scalar.anchor, data.scalar.tag),
                value: core::slice::from_raw_parts(data.scalar.value, data.scalar.length as usize).into(),
                plain: data.scalar.style == sys::YAML_PLAIN_SCALAR_STYLE,
                escapes: data.scalar.style == sys::YAML_DOUBLE_QUOTED_SCALAR_STYLE,
                line: event.start_mark.line + 1,
            },
            sys::YAML_SEQUENCE_START_EVENT => {
                let start = &data.sequence_start;
                Event::SequenceStart(mark(start.anchor, start.tag), start.style == sys::YAML_FLOW_SEQUENCE_STYLE)
            }
            sys::YAML_MAPPING_START_EVENT => {
                let start = &data.mapping_start;
                Event::MappingStart(mark(start.anchor, start.tag), start.style == sys::YAML_FLOW_MAPPING_STYLE)
            }
            sys::YAML_SEQUENCE_END_EVENT | sys::YAML_MAPPING_END_EVENT => Event::End,
            sys::YAML_DOCUMENT_START_EVENT => {
                let version = data.document_start.version_directive.as_ref();
                Event::DocumentStart {
                    other_version: version.is_some_and(|version| (version.major, version.minor) != (1, 1)),
                }
            }
            sys::YAML_DOCUMENT_END_EVENT => Event::DocumentEnd,
            sys::YAML_STREAM_START_EVENT => Event::StreamStart,
            _ => Event::StreamEnd,
        }
    }
}

/// # Safety
/// Both must be null or point to NUL-terminated texts.
unsafe fn mark(anchor: *const u8, tag: *const u8) -> Mark {
    // SAFETY: as the caller promises.
    let (anchor, tag) = unsafe { (bytes(anchor), bytes(tag)) };
    Mark { anchor, tag: tag.filter(|tag| tag != b"!") }
}

/// The bytes of a NUL-terminated text; none when it is null.
///
/// # Safety
/// The pointer must be null or point to a NUL-terminated text.
unsafe fn bytes(text: *const u8) -> Option<Vec<u8>> {
    if text.is_null() {
        return None;
    }
    // SAFETY: as the caller promises.
    Some(unsafe { core::ffi::CStr::from_ptr(text.cast()) }.to_bytes().into())
}
