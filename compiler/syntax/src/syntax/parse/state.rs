//! What the parser knows besides the tokens: how the file is read, and what went wrong so far.

use alloc::string::String;
use alloc::vec::Vec;

use chumsky::error::{Error, LabelError};
use chumsky::extra;
use chumsky::input::{Checkpoint, Cursor};
use chumsky::inspector::Inspector;
use chumsky::util::MaybeRef;

use crate::capabilities::Capabilities;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Name, RegoVersion, Source, Span};
use crate::syntax::lexer::Lexed;
use crate::syntax::token::{SoftKeywords, Token, TokenKind};

#[cfg(not(feature = "std"))]
use alloc::collections::{BTreeSet as Set, BTreeSet as Texts};
#[cfg(feature = "std")]
use rustc_hash::FxHashSet as Texts;
#[cfg(feature = "std")]
use std::collections::HashSet as Set;

/// The input of all parsers.
pub(super) type Tokens<'t> = &'t [Token];

/// What chumsky carries along for us.
pub(super) type Extra<'t> = extra::Full<Failure, State<'t>, ()>;

/// Why a statement could not be read: the messages, in the order in which OPA gives them.
#[derive(Debug, Default)]
pub(super) struct Failure(pub(super) Vec<Diagnostic>);

impl<'t> Error<'t, Tokens<'t>> for Failure {}

impl<'t, L> LabelError<'t, Tokens<'t>, L> for Failure {
    /// Chumsky's own primitives only decide where a statement list ends; what is wrong was said before.
    fn expected_found<E: IntoIterator<Item = L>>(
        _: E,
        _: Option<MaybeRef<'t, Token>>,
        _: <Tokens<'t> as chumsky::input::Input<'t>>::Span,
    ) -> Self {
        Self::default()
    }
}

/// The names and strings of a text, each kept once: most are written many times, and all that is made of the tree shares them.
#[derive(Debug, Default)]
pub(super) struct Names(Texts<Name>);

impl Names {
    /// The longest text, in bytes, that is looked for. Longer ones are rarely written twice.
    const LONGEST: usize = 32;

    /// Takes in the names of a text ahead of its tree: they outlive it, and their memory is not to lie between that of its nodes.
    fn take_in(&mut self, text: &str, tokens: &[Token]) {
        // About as many as there are rules.
        #[cfg(feature = "std")]
        self.0.reserve(tokens.len() / 32);
        for token in tokens {
            let text = text.get(token.start as usize..token.end as usize).unwrap_or_default();
            match token.kind {
                TokenKind::Identifier | TokenKind::Number => _ = self.name(text),
                TokenKind::String if !text.contains('\\') => {
                    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                    inner.map(|inner| self.name(inner));
                }
                _ => {}
            }
        }
    }

    /// The name of a text.
    pub(super) fn name(&mut self, text: &str) -> Name {
        if text.len() > Self::LONGEST {
            return Name::from(text);
        }
        if let Some(name) = self.0.get(text) {
            return name.clone();
        }
        let name = Name::from(text);
        self.0.insert(name.clone());
        name
    }
}

/// Something that was tried at a token and does not hold there, so that it is not tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Refuted {
    /// The bracket opens a comprehension.
    Comprehension,
    /// The parenthesis opens a group of `and`, `or`, `not`, as a statement.
    Group,
    /// The same, as an operand.
    OperandGroup,
    /// The brace opens a body that `and` or `or` follows.
    OperandBody,
}

/// The state of a parse.
pub(super) struct State<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    /// The version in which the file is read; imports do not change it.
    pub(super) version: RegoVersion,
    pub(super) capabilities: &'t Capabilities,
    /// The names met so far.
    pub(super) names: Names,
    /// Whether keywords may stand in references.
    pub(super) keywords_in_refs: bool,
    /// The keywords known by now.
    pub(super) keywords: SoftKeywords,
    /// A token that is read without keywords: where it begins. OPA reads the token behind the path of an import so.
    pub(super) unclassified: Option<u32>,
    /// Whether `not` takes bodies and holds the temporary variables of its operand.
    pub(super) not_bodies: bool,
    /// Whether `import rego.v1` or `import rego.v2` was seen.
    pub(super) raised: bool,
    /// Whether rules are not statements of this text (a query).
    pub(super) skip_rules: bool,
    /// Whether an object keeps items whose key comes again, as OPA's parser does and its compiler does not.
    pub(super) keeps_items: bool,
    /// What is wrong with illegal tokens, by where they begin.
    pub(super) faults: &'t [(u32, &'static str)],
    /// The errors of the statement being read.
    pub(super) pending: Vec<Diagnostic>,
    /// Hints for the next error.
    pub(super) hints: Vec<String>,
    /// Whether an import is wrong: from there on it is not known which words are keywords.
    pub(super) import_failed: bool,
    /// Whether what comes is known to be a statement: no error yet, or a blank line since.
    pub(super) in_step: bool,
    /// Where a statement that failed was given up.
    pub(super) resume_at: u32,
    /// Where the statement being read was too deep. Unlike other errors, this is not taken back with a reading.
    pub(super) too_deep: Option<Span>,
    /// How deep the productions being read are nested.
    pub(super) depth: u32,
    /// What need not be tried again; keeps backtracking linear.
    pub(super) refuted: Set<(u32, Refuted)>,
}

impl<'t> State<'t> {
    /// The state at the beginning of a file.
    pub(super) fn new(file: FileId, source: &'t Source, capabilities: &'t Capabilities, lexed: &'t Lexed) -> Self {
        let mut names = Names::default();
        names.take_in(&source.text, &lexed.tokens);
        let mut state = Self {
            file,
            text: &source.text,
            version: source.version,
            capabilities,
            names,
            keywords_in_refs: capabilities.features.contains("keywords_in_refs"),
            keywords: SoftKeywords::ALWAYS,
            unclassified: None,
            not_bodies: false,
            raised: false,
            skip_rules: false,
            keeps_items: false,
            faults: &lexed.faults,
            pending: Vec::new(),
            hints: Vec::new(),
            import_failed: false,
            in_step: true,
            resume_at: 0,
            too_deep: None,
            depth: 0,
            refuted: Set::new(),
        };
        if state.version.knows_v1() {
            state.know_v1();
        }
        if state.version == RegoVersion::V2 {
            state.know_v2();
        }
        state
    }

    /// Makes the keywords of v1 known.
    pub(super) fn know_v1(&mut self) {
        SoftKeywords::V0.iter().for_each(|name| self.keywords.add(name));
    }

    /// Makes known what v2 adds.
    pub(super) fn know_v2(&mut self) {
        SoftKeywords::V1.iter().for_each(|name| self.keywords.add(name));
        self.not_bodies = true;
    }

    /// Reports what is wrong with the first token.
    pub(super) fn report_first(&mut self, tokens: &[Token]) {
        let Some(first) = tokens.first() else { return };
        let span = Span { file: self.file, start: first.start, end: first.end };
        let faults = self.faults.iter().take_while(|(at, _)| *at == first.start);
        self.pending.extend(faults.map(|(_, message)| Diagnostic::new(Code::Parse, span, *message)));
    }

    /// The keywords that may be imported from `future.keywords`, sorted.
    pub(super) fn importable_keywords(&self) -> Vec<&'static str> {
        let v0_known = self.version.knows_v1() || self.capabilities.features.contains("rego_v1");
        let listed = |name: &str| self.capabilities.future_keywords.contains(name);
        let mut names: Vec<&str> = SoftKeywords::V0.into_iter().filter(|name| v0_known || listed(name)).collect();
        names.extend(SoftKeywords::V1.into_iter().filter(|name| listed(name)));
        names.sort_unstable();
        names
    }

    /// Whether template strings may be used. OPA's capabilities of v0 lack them.
    pub(super) fn has_template_strings(&self) -> bool {
        self.version.knows_v1() && self.capabilities.features.contains("template_strings")
    }
}

/// What of a [`State`] goes back with the input.
#[derive(Clone, Copy)]
pub(super) struct StateMark {
    pending: usize,
    hints: usize,
    depth: u32,
}

impl<'t> Inspector<'t, Tokens<'t>> for State<'t> {
    type Checkpoint = StateMark;

    fn on_token(&mut self, _: &Token) {}

    fn on_save<'parse>(&self, _: &Cursor<'t, 'parse, Tokens<'t>>) -> StateMark {
        StateMark { pending: self.pending.len(), hints: self.hints.len(), depth: self.depth }
    }

    fn on_rewind<'parse>(&mut self, mark: &Checkpoint<'t, 'parse, Tokens<'t>, StateMark>) {
        let mark = mark.inspector();
        self.pending.truncate(mark.pending);
        self.hints.truncate(mark.hints);
        self.depth = mark.depth;
    }
}
