//! Reads the tokens of templates into a [`Tree`], as Go's `text/template/parse` does, with its messages. Blocks that are open and
//! parentheses that are open wait on stacks of their own, so that depth costs no stack of the machine.

use alloc::vec::Vec;
use core::mem;

use super::constant;
use super::lexer::{Keyword, Kind, Lexer, Token};
use super::tree::{Branch, BranchKind, Call, ListId, Node, Tree};
use crate::format::{Argument, sprintf};
use crate::unicode;

/// What the name of the text's own template is.
pub(super) const ROOT: &[u8] = b"template";

pub(super) type Result<T> = core::result::Result<T, Vec<u8>>;

/// Reads a text.
///
/// # Errors
/// Go's message when it is no template.
pub(super) fn parse(text: &'static [u8]) -> Result<Tree> {
    let mut parser = Parser {
        lexer: Lexer::new(text),
        state: State::new(),
        tree: Tree { text, ..Tree::default() },
        open: Vec::new(),
        list: ListId(0),
    };
    parser.list = parser.new_list();
    parser.root()?;
    Ok(parser.tree)
}

/// What Go keeps for each template of a text.
pub(super) struct State {
    /// Tokens that were looked at; the one that was read last is the first.
    tokens: [Token; 3],
    /// How many of them are to be read again.
    waiting: usize,
    pub(super) variables: Vec<&'static [u8]>,
    /// The line of the action that is being read, 0 outside of actions.
    action_line: usize,
    /// How many `range` are open.
    ranges: usize,
}

impl State {
    fn new() -> Self {
        Self { tokens: [Token::NONE; 3], waiting: 0, variables: Vec::from([&b"$"[..]]), action_line: 0, ranges: 0 }
    }
}

/// A block that is open.
struct Open {
    kind: OpenKind,
    /// The list around it.
    around: ListId,
}

enum OpenKind {
    Branch {
        branch: Branch,
        /// How many variables there were before it.
        variables: usize,
        /// Whether it is an `else if` or `else with`, which ends with what it belongs to.
        chained: bool,
    },
    /// `define`, or with a call `block`.
    Template { name: &'static [u8], call: Option<Call>, outer: State },
}

/// What an action, or the text between two, leaves behind.
enum Action {
    Text(&'static [u8]),
    Node(Node),
    Opened,
    Else,
    End,
}

pub(super) struct Parser {
    lexer: Lexer,
    pub(super) state: State,
    pub(super) tree: Tree,
    open: Vec<Open>,
    /// The list that nodes are added to.
    list: ListId,
}

impl Parser {
    pub(super) fn next(&mut self) -> Token {
        if self.state.waiting > 0 {
            self.state.waiting -= 1;
        } else {
            self.state.tokens[0] = self.lexer.token();
        }
        self.state.tokens.get(self.state.waiting).copied().unwrap_or(Token::NONE)
    }

    pub(super) fn back(&mut self) {
        self.state.waiting += 1;
    }

    pub(super) fn back2(&mut self, token: Token) {
        self.state.tokens[1] = token;
        self.state.waiting = 2;
    }

    pub(super) fn back3(&mut self, second: Token, first: Token) {
        self.state.tokens[1] = first;
        self.state.tokens[2] = second;
        self.state.waiting = 3;
    }

    pub(super) fn peek(&mut self) -> Token {
        let token = self.next();
        self.back();
        token
    }

    pub(super) fn next_non_space(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    pub(super) fn peek_non_space(&mut self) -> Token {
        let token = self.next_non_space();
        self.back();
        token
    }

    pub(super) fn fail<T>(&self, parts: &[&[u8]]) -> Result<T> {
        fail_in(&self.state, parts)
    }

    pub(super) fn unexpected<T>(&self, token: Token, context: &[u8]) -> Result<T> {
        let shown = token.show();
        if token.kind != Kind::Error {
            return self.fail(&[b"unexpected ", &shown, b" in ", context]);
        }
        let line = self.state.action_line;
        if line == 0 || line == token.line {
            return self.fail(&[&shown]);
        }
        let format: &[u8] = if shown.ends_with(b" action") {
            b"%s started at template:%d"
        } else {
            b"%s in action started at template:%d"
        };
        let message = sprintf(format, &[Argument::Text(&shown), Argument::Integer(line as i64)]);
        self.fail(&[&message])
    }

    pub(super) fn expect(&mut self, kind: Kind, context: &[u8]) -> Result<Token> {
        let token = self.next_non_space();
        if token.kind == kind { Ok(token) } else { self.unexpected(token, context) }
    }

    fn new_list(&mut self) -> ListId {
        self.tree.lists.push(Vec::new());
        ListId(self.tree.lists.len() - 1)
    }

    fn add(&mut self, node: Node) {
        if let Some(list) = self.tree.lists.get_mut(self.list.0) {
            list.push(node);
        }
    }

    /// Reads everything. `define` is an action only where no block is open.
    fn root(&mut self) -> Result<()> {
        loop {
            let token = if self.open.is_empty() { self.peek() } else { self.peek_non_space() };
            if token.kind == Kind::End {
                break;
            }
            if self.open.is_empty() && token.kind == Kind::LeftDelimiter {
                let delimiter = self.next();
                if self.next_non_space().kind == Kind::Keyword(Keyword::Define) {
                    self.define()?;
                    continue;
                }
                self.back2(delimiter);
            }
            match self.text_or_action()? {
                Action::Text(text) => {
                    self.add(Node::Text(text));
                    continue;
                }
                Action::Node(node) => self.add(node),
                Action::Opened => continue,
                Action::Else => self.otherwise()?,
                Action::End => self.end()?,
            }
            self.state.action_line = 0;
        }
        if !self.open.is_empty() {
            return self.fail(&[b"unexpected EOF"]);
        }
        self.add_template(ROOT, self.list)
    }

    fn text_or_action(&mut self) -> Result<Action> {
        let token = self.next_non_space();
        match token.kind {
            Kind::Text => Ok(Action::Text(token.text)),
            Kind::LeftDelimiter => {
                self.state.action_line = token.line;
                self.action()
            }
            _ => self.unexpected(token, b"input"),
        }
    }

    fn action(&mut self) -> Result<Action> {
        let token = self.next_non_space();
        let Kind::Keyword(keyword) = token.kind else { return self.print() };
        match keyword {
            Keyword::Block => return self.block(),
            Keyword::Break => return self.loop_control(Node::Break, b"{{break}}"),
            Keyword::Continue => return self.loop_control(Node::Continue, b"{{continue}}"),
            Keyword::Else => {
                let next = self.peek_non_space().kind;
                if !matches!(next, Kind::Keyword(Keyword::If | Keyword::With)) {
                    self.expect(Kind::RightDelimiter, b"else")?;
                }
                return Ok(Action::Else);
            }
            Keyword::End => {
                self.expect(Kind::RightDelimiter, b"end")?;
                return Ok(Action::End);
            }
            Keyword::If => self.branch(BranchKind::If, false)?,
            Keyword::Range => self.branch(BranchKind::Range, false)?,
            Keyword::With => self.branch(BranchKind::With, false)?,
            Keyword::Template => {
                let (position, name) = self.template_name(b"template clause")?;
                let mut pipeline = None;
                if self.next_non_space().kind != Kind::RightDelimiter {
                    self.back();
                    pipeline = Some(self.pipeline(b"template clause")?);
                }
                return Ok(Action::Node(Node::Call(Call { position, name, pipeline })));
            }
            Keyword::Dot | Keyword::Nil | Keyword::Define => return self.print(),
        }
        Ok(Action::Opened)
    }

    fn print(&mut self) -> Result<Action> {
        self.back();
        Ok(Action::Node(Node::Print(self.pipeline(b"command")?)))
    }

    fn loop_control(&mut self, node: Node, name: &[u8]) -> Result<Action> {
        let token = self.next_non_space();
        if token.kind != Kind::RightDelimiter {
            return self.unexpected(token, name);
        }
        if self.state.ranges == 0 {
            return self.fail(&[name, b" outside {{range}}"]);
        }
        Ok(Action::Node(node))
    }

    /// Opens a branch whose word was read.
    fn branch(&mut self, kind: BranchKind, chained: bool) -> Result<()> {
        let variables = self.state.variables.len();
        let pipeline = self.pipeline(match kind {
            BranchKind::If => b"if",
            BranchKind::With => b"with",
            BranchKind::Range => b"range",
        })?;
        self.state.ranges += usize::from(kind == BranchKind::Range);
        let list = self.new_list();
        let branch = Branch { kind, pipeline, list, otherwise: None };
        self.open(OpenKind::Branch { branch, variables, chained }, list);
        Ok(())
    }

    fn open(&mut self, kind: OpenKind, list: ListId) {
        self.open.push(Open { kind, around: self.list });
        self.list = list;
    }

    /// Goes on with what follows `else`.
    fn otherwise(&mut self) -> Result<()> {
        let opened = self.open.last_mut();
        let list = ListId(self.tree.lists.len());
        let kind = match opened.map(|open| &mut open.kind) {
            None => return self.fail(&[b"unexpected {{else}}"]),
            Some(OpenKind::Template { call: None, .. }) => {
                return self.fail(&[b"unexpected {{else}} in define clause"]);
            }
            Some(OpenKind::Template { outer, .. }) => {
                return fail_in(outer, &[b"unexpected {{else}} in block clause"]);
            }
            Some(OpenKind::Branch { branch, .. }) if branch.otherwise.is_some() => {
                return self.fail(&[b"expected end; found {{else}}"]);
            }
            Some(OpenKind::Branch { branch, .. }) => {
                branch.otherwise = Some(list);
                branch.kind
            }
        };
        self.list = self.new_list();
        self.state.ranges -= usize::from(kind == BranchKind::Range);
        match (kind, self.peek().kind) {
            (BranchKind::If, Kind::Keyword(Keyword::If)) | (BranchKind::With, Kind::Keyword(Keyword::With)) => {
                self.next();
                self.state.action_line = 0;
                self.branch(kind, true)
            }
            _ => Ok(()),
        }
    }

    /// Closes what is open, and a branch that it belongs to.
    fn end(&mut self) -> Result<()> {
        loop {
            let Some(Open { kind, around }) = self.open.pop() else { return self.fail(&[b"unexpected {{end}}"]) };
            let list = mem::replace(&mut self.list, around);
            match kind {
                OpenKind::Branch { branch, variables, chained } => {
                    if branch.kind == BranchKind::Range && branch.otherwise.is_none() {
                        self.state.ranges -= 1;
                    }
                    self.state.variables.truncate(variables);
                    self.add(Node::Branch(branch));
                    if !chained {
                        return Ok(());
                    }
                }
                OpenKind::Template { name, call, outer } => {
                    self.add_template(name, list)?;
                    self.state = outer;
                    if let Some(call) = call {
                        self.add(Node::Call(call));
                    }
                    return Ok(());
                }
            }
        }
    }

    /// Opens a definition whose word was read.
    fn define(&mut self) -> Result<()> {
        let outer = mem::replace(&mut self.state, State::new());
        let (_, name) = self.template_name(b"define clause")?;
        self.expect(Kind::RightDelimiter, b"define clause")?;
        self.open_template(name, None, outer);
        Ok(())
    }

    fn block(&mut self) -> Result<Action> {
        let (position, name) = self.template_name(b"block clause")?;
        let pipeline = Some(self.pipeline(b"block clause")?);
        let outer = mem::replace(&mut self.state, State::new());
        self.open_template(name, Some(Call { position, name, pipeline }), outer);
        Ok(Action::Opened)
    }

    fn open_template(&mut self, name: &'static [u8], call: Option<Call>, outer: State) {
        let list = self.new_list();
        self.open(OpenKind::Template { name, call, outer }, list);
    }

    fn template_name(&mut self, context: &[u8]) -> Result<(usize, &'static [u8])> {
        let token = self.next_non_space();
        if token.kind != Kind::Quoted {
            return self.unexpected(token, context);
        }
        match constant::unquote(token.text) {
            Some(name) => Ok((token.position, name)),
            None => self.fail(&[b"invalid syntax"]),
        }
    }

    /// Adds a template. One that is empty gives way to another of the same name.
    fn add_template(&mut self, name: &'static [u8], list: ListId) -> Result<()> {
        let before = self.tree.templates.get(name).copied();
        if before.is_none_or(|before| self.is_empty(before)) {
            self.tree.templates.insert(name, list);
        } else if !self.is_empty(list) {
            let name = sprintf(b"%q", &[Argument::Text(name)]);
            return self.fail(&[b"template: multiple definition of template ", &name]);
        }
        Ok(())
    }

    fn is_empty(&self, list: ListId) -> bool {
        self.tree.list(list).iter().all(|node| match node {
            Node::Text(text) => unicode::chars(text).all(|(c, _)| c.is_whitespace()),
            _ => false,
        })
    }
}

/// Fails on the line of the token that was read last.
fn fail_in<T>(state: &State, parts: &[&[u8]]) -> Result<T> {
    let line = Argument::Integer(state.tokens[0].line as i64);
    let message = parts.concat();
    Err(sprintf(b"template: template:%d: %s", &[line, Argument::Text(&message)]))
}
