//! The parser of query documents, and of what schemas have in common with them: values, directives, types.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::Cell;

use super::ast::{
    Argument, Child, Comments, Directive, Field, Fragment, Inline, Kind, Literal, Operation, Query, Selection, Spread,
    Text, Type, VariableDefinition,
};
use super::cursor::{Cursor, Parsed};
use super::lexer::TokenKind;
use super::located;

pub(super) const BRACES: (TokenKind, TokenKind) = (TokenKind::BraceLeft, TokenKind::BraceRight);
pub(super) const PARENTHESES: (TokenKind, TokenKind) = (TokenKind::ParenthesisLeft, TokenKind::ParenthesisRight);
const BRACKETS: (TokenKind, TokenKind) = (TokenKind::BracketLeft, TokenKind::BracketRight);

/// Reads a query document.
pub(super) fn parse<'a>(input: Text) -> Parsed<Query<'a>> {
    let cursor = &mut Cursor::new(input);
    let mut query = Query::default();
    loop {
        let token = cursor.peek();
        match (token.kind, token.value) {
            (TokenKind::End, _) => return Ok(query),
            (TokenKind::BraceLeft, _) | (TokenKind::Name, b"query" | b"mutation" | b"subscription") => {
                query.operations.push(operation(cursor)?);
            }
            (TokenKind::Name, b"fragment") => query.fragments.push(fragment(cursor)?),
            _ => return Err(Cursor::unexpected(token)),
        }
    }
}

fn operation<'a>(cursor: &mut Cursor) -> Parsed<Operation<'a>> {
    let position = cursor.peek().position;
    if cursor.is(TokenKind::BraceLeft) {
        // The comment before it is lost in gqlparser.
        let selections = selections(cursor)?;
        return Ok(Operation { operation: b"query", position, selections, ..Operation::default() });
    }
    let comment = cursor.comment.clone();
    let operation = operation_type(cursor)?;
    let name = if cursor.is(TokenKind::Name) { cursor.next()?.value } else { b"" };
    let variables = variables(cursor)?;
    let directives = directives(cursor, false)?;
    let selections = selections(cursor)?;
    Ok(Operation { operation, name, variables, directives, selections, position, comment })
}

/// `query`, `mutation` or `subscription`
pub(super) fn operation_type(cursor: &mut Cursor) -> Parsed<Text> {
    let token = cursor.next()?;
    match token.value {
        b"query" | b"mutation" | b"subscription" => Ok(token.value),
        _ => Err(Cursor::unexpected(token)),
    }
}

fn variables<'a>(cursor: &mut Cursor) -> Parsed<Vec<VariableDefinition<'a>>> {
    Ok(cursor.some(PARENTHESES, variable_definition)?.0)
}

fn variable_definition<'a>(cursor: &mut Cursor) -> Parsed<VariableDefinition<'a>> {
    let (position, comment) = (cursor.peek().position, cursor.comment.clone());
    let name = variable(cursor)?;
    cursor.expect(TokenKind::Colon)?;
    let kind = type_reference(cursor)?;
    let default = default_value(cursor)?;
    let directives = directives(cursor, false)?;
    Ok(VariableDefinition { name, kind, default, directives, position, comment, used: Cell::new(false) })
}

/// `= value`, if it is there.
pub(super) fn default_value<'a>(cursor: &mut Cursor) -> Parsed<Option<Literal<'a>>> {
    if cursor.skip(TokenKind::Equals)? { Ok(Some(literal(cursor, true)?)) } else { Ok(None) }
}

fn variable(cursor: &mut Cursor) -> Parsed<Text> {
    cursor.expect(TokenKind::Dollar)?;
    cursor.name()
}

fn selections<'a>(cursor: &mut Cursor) -> Parsed<Vec<Selection<'a>>> {
    let token = cursor.peek();
    if token.kind != TokenKind::BraceLeft {
        return Err(located(token.position, &[b"Expected {, found ", token.kind.name().as_bytes()]));
    }
    // An object in an array.
    Ok(cursor.nested(2, |cursor| cursor.some(BRACES, selection))?.0)
}

fn selection<'a>(cursor: &mut Cursor) -> Parsed<Selection<'a>> {
    if !cursor.is(TokenKind::Spread) {
        return field(cursor).map(Selection::Field);
    }
    let comment = cursor.comment.clone();
    cursor.expect(TokenKind::Spread)?;
    let token = cursor.peek();
    if token.kind == TokenKind::Name && token.value != b"on" {
        let name = cursor.name()?;
        let directives = directives(cursor, false)?;
        let position = token.position;
        return Ok(Selection::Spread(Spread { name, directives, position, comment, definition: Cell::new(None) }));
    }
    inline_fragment(cursor, comment).map(Selection::Inline)
}

fn inline_fragment<'a>(cursor: &mut Cursor, comment: Comments) -> Parsed<Inline<'a>> {
    let token = cursor.peek();
    let position = token.position;
    let mut condition: Text = b"";
    // Also the string "on" is taken for the word.
    if token.value == b"on" {
        cursor.next()?;
        condition = cursor.name()?;
    }
    let directives = directives(cursor, false)?;
    let selections = selections(cursor)?;
    Ok(Inline { condition, directives, selections, position, comment })
}

fn field<'a>(cursor: &mut Cursor) -> Parsed<Field<'a>> {
    let (position, comment) = (cursor.peek().position, cursor.comment.clone());
    let alias = cursor.name()?;
    let name = if cursor.skip(TokenKind::Colon)? { cursor.name()? } else { alias };
    let arguments = arguments(cursor, false)?;
    let directives = directives(cursor, false)?;
    let selections = if cursor.is(TokenKind::BraceLeft) { selections(cursor)? } else { Vec::new() };
    Ok(Field { alias, name, arguments, directives, selections, position, comment, ..Field::default() })
}

fn fragment<'a>(cursor: &mut Cursor) -> Parsed<Fragment<'a>> {
    let position = cursor.peek().position;
    let comment = cursor.keyword("fragment")?;
    let token = cursor.peek();
    if token.value == b"on" {
        return Err(Cursor::unexpected(token));
    }
    let name = cursor.name()?;
    let variables = variables(cursor)?;
    cursor.keyword("on")?;
    let condition = cursor.name()?;
    let directives = directives(cursor, false)?;
    let selections = selections(cursor)?;
    Ok(Fragment { name, variables, condition, directives, selections, position, comment })
}

fn arguments<'a>(cursor: &mut Cursor, is_constant: bool) -> Parsed<Vec<Argument<'a>>> {
    Ok(cursor.some(PARENTHESES, |cursor| argument(cursor, is_constant))?.0)
}

fn argument<'a>(cursor: &mut Cursor, is_constant: bool) -> Parsed<Argument<'a>> {
    let (position, comment) = (cursor.peek().position, cursor.comment.clone());
    let name = cursor.name()?;
    cursor.expect(TokenKind::Colon)?;
    let value = literal(cursor, is_constant)?;
    Ok(Argument { name, value, position, comment })
}

/// Directives, any number of them.
pub(super) fn directives<'a>(cursor: &mut Cursor, is_constant: bool) -> Parsed<Vec<Directive<'a>>> {
    let mut directives = Vec::new();
    while cursor.skip(TokenKind::At)? {
        let position = cursor.peek().position;
        let name = cursor.name()?;
        let arguments = arguments(cursor, is_constant)?;
        directives.push(Directive { name, arguments, position, location: b"" });
    }
    Ok(directives)
}

fn literal<'a>(cursor: &mut Cursor, is_constant: bool) -> Parsed<Literal<'a>> {
    let token = cursor.peek();
    let position = token.position;
    let kind = match (token.kind, token.value) {
        // A value in an object in an array.
        (TokenKind::BracketLeft, _) => return cursor.nested(3, |cursor| list(cursor, is_constant)),
        (TokenKind::BraceLeft, _) => return cursor.nested(3, |cursor| object(cursor, is_constant)),
        (TokenKind::Dollar, _) if !is_constant => {
            let raw = variable(cursor)?;
            return Ok(Literal { raw, kind: Kind::Variable, position, ..Literal::default() });
        }
        (TokenKind::Int, _) => Kind::Int,
        (TokenKind::Float, _) => Kind::Float,
        (TokenKind::String, _) => Kind::String,
        (TokenKind::BlockString, _) => Kind::Block,
        (TokenKind::Name, b"true" | b"false") => Kind::Boolean,
        (TokenKind::Name, b"null") => Kind::Null,
        (TokenKind::Name, _) => Kind::Enum,
        _ => return Err(Cursor::unexpected(token)),
    };
    cursor.next()?;
    Ok(Literal { raw: token.value, kind, position, ..Literal::default() })
}

fn list<'a>(cursor: &mut Cursor, is_constant: bool) -> Parsed<Literal<'a>> {
    let (position, comment) = (cursor.peek().position, cursor.comment.clone());
    let children = cursor.many(BRACKETS, |cursor| {
        let value = literal(cursor, is_constant)?;
        Ok(Child { value, ..Child::default() })
    })?;
    Ok(Literal { children, kind: Kind::List, position, comment, ..Literal::default() })
}

fn object<'a>(cursor: &mut Cursor, is_constant: bool) -> Parsed<Literal<'a>> {
    let (position, comment) = (cursor.peek().position, cursor.comment.clone());
    let children = cursor.many(BRACES, |cursor| {
        let Argument { name, value, position, comment } = argument(cursor, is_constant)?;
        Ok(Child { name, value, position, comment })
    })?;
    Ok(Literal { children, kind: Kind::Object, position, comment, ..Literal::default() })
}

/// A type: a name or a list, perhaps with `!`.
pub(super) fn type_reference(cursor: &mut Cursor) -> Parsed<Type> {
    let mut kind = Type::default();
    if cursor.skip(TokenKind::BracketLeft)? {
        kind.position = cursor.peek().position;
        kind.element = Some(Box::new(cursor.nested(1, type_reference)?));
        cursor.expect(TokenKind::BracketRight)?;
    } else {
        kind.position = cursor.peek().position;
        kind.named = cursor.name()?;
    }
    kind.non_null = cursor.skip(TokenKind::Bang)?;
    Ok(kind)
}
