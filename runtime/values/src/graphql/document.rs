//! The parser of schema documents.

use alloc::vec::Vec;

use super::ast::{
    Around, Comments, Definition, DirectiveDefinition, Document, ENUM, Entry, EnumValue, FieldDefinition, INPUT_OBJECT,
    INTERFACE, OBJECT, Position, RootOperation, SCALAR, Text, UNION,
};
use super::cursor::{Cursor, Parsed};
use super::lexer::TokenKind;
use super::query::{BRACES, PARENTHESES, default_value, directives, operation_type, type_reference};

/// A description with the comments before it.
#[derive(Default)]
struct Description {
    text: Text,
    comments: Comments,
}

/// Reads a schema document.
pub(super) fn parse<'a>(input: Text) -> Parsed<Document<'a>> {
    let cursor = &mut Cursor::new(input);
    let mut document = Document::default();
    while !cursor.is(TokenKind::End) {
        let description = description(cursor)?;
        let token = cursor.peek();
        match (token.kind, token.value) {
            (TokenKind::Name, b"schema") => document.schema.push(entry(cursor, description)?),
            (TokenKind::Name, b"directive") => document.directives.push(directive_definition(cursor, description)?),
            (TokenKind::Name, b"extend") => {
                if !description.text.is_empty() {
                    return Err(Cursor::unexpected(cursor.previous));
                }
                extension(cursor, &mut document)?;
            }
            (TokenKind::Name, keyword) if kind_of(keyword).is_some() => {
                document.definitions.push(definition(cursor, description)?);
            }
            _ => return Err(Cursor::unexpected(token)),
        }
    }
    document.comment = core::mem::take(&mut cursor.comment);
    Ok(document)
}

/// The keyword of a definition, and the kind of what it defines.
fn kind_of(keyword: &[u8]) -> Option<(&'static str, Text)> {
    Some(match keyword {
        b"scalar" => ("scalar", SCALAR),
        b"type" => ("type", OBJECT),
        b"interface" => ("interface", INTERFACE),
        b"union" => ("union", UNION),
        b"enum" => ("enum", ENUM),
        b"input" => ("input", INPUT_OBJECT),
        _ => return None,
    })
}

fn description(cursor: &mut Cursor) -> Parsed<Description> {
    if !matches!(cursor.peek().kind, TokenKind::BlockString | TokenKind::String) {
        return Ok(Description::default());
    }
    let comments = cursor.comment.clone();
    Ok(Description { text: cursor.next()?.value, comments })
}

fn entry<'a>(cursor: &mut Cursor, description: Description) -> Parsed<Entry<'a>> {
    let after_description = cursor.keyword("schema")?;
    let position = cursor.peek().position;
    let directives = directives(cursor, true)?;
    let (operations, end) = cursor.some(BRACES, root_operation)?;
    let comments = Around { before_description: description.comments, after_description, end };
    Ok(Entry { description: description.text, directives, operations, position, comments })
}

fn root_operation(cursor: &mut Cursor) -> Parsed<RootOperation> {
    let (position, comment) = (cursor.peek().position, cursor.comment.clone());
    let operation = operation_type(cursor)?;
    cursor.expect(TokenKind::Colon)?;
    Ok(RootOperation { operation, kind: cursor.name()?, position, comment })
}

fn definition<'a>(cursor: &mut Cursor, description: Description) -> Parsed<Definition<'a>> {
    let token = cursor.peek();
    let Some((keyword, kind)) = kind_of(token.value) else { return Err(Cursor::unexpected(token)) };
    let after_description = cursor.keyword(keyword)?;
    let mut definition = head(cursor, kind)?;
    if kind == OBJECT || kind == INTERFACE {
        definition.interfaces = interfaces(cursor)?;
    }
    definition.directives = directives(cursor, true)?;
    body(cursor, &mut definition)?;
    definition.description = description.text;
    definition.comments.before_description = description.comments;
    definition.comments.after_description = after_description;
    Ok(definition)
}

/// The name of a definition.
fn head<'a>(cursor: &mut Cursor, kind: Text) -> Parsed<Definition<'a>> {
    let position = cursor.peek().position;
    Ok(Definition { kind, position, name: cursor.name()?, ..Definition::default() })
}

/// What stands behind the directives of a definition.
fn body(cursor: &mut Cursor, definition: &mut Definition<'_>) -> Parsed<()> {
    let end = &mut definition.comments.end;
    match definition.kind {
        OBJECT | INTERFACE => (definition.fields, *end) = cursor.some(BRACES, field)?,
        INPUT_OBJECT => (definition.fields, *end) = cursor.some(BRACES, argument)?,
        ENUM => (definition.values, *end) = cursor.some(BRACES, enum_value)?,
        UNION => members(cursor, &mut definition.types, &mut definition.type_positions)?,
        _ => {}
    }
    Ok(())
}

fn interfaces(cursor: &mut Cursor) -> Parsed<Vec<Text>> {
    // Also the string "implements" is taken for the word.
    if cursor.peek().value != b"implements" {
        return Ok(Vec::new());
    }
    cursor.next()?;
    separated(cursor, TokenKind::Ampersand, Cursor::name)
}

/// Items with a token between them, and perhaps before the first.
fn separated<T>(
    cursor: &mut Cursor,
    separator: TokenKind,
    mut item: impl FnMut(&mut Cursor) -> Parsed<T>,
) -> Parsed<Vec<T>> {
    cursor.skip(separator)?;
    let mut items = Vec::from([item(cursor)?]);
    while cursor.skip(separator)? {
        items.push(item(cursor)?);
    }
    Ok(items)
}

fn members(cursor: &mut Cursor, types: &mut Vec<Text>, positions: &mut Vec<Position>) -> Parsed<()> {
    if cursor.skip(TokenKind::Equals)? {
        let member = |cursor: &mut Cursor| Ok((cursor.peek().position, cursor.name()?));
        (*positions, *types) = separated(cursor, TokenKind::Pipe, member)?.into_iter().unzip();
    }
    Ok(())
}

/// The description of a part of a definition, with the comments before and behind it, and where the part begins.
fn part(cursor: &mut Cursor) -> Parsed<(Text, Around, Position)> {
    let description = description(cursor)?;
    let position = cursor.peek().position;
    let mut comments = Around { after_description: cursor.comment.clone(), ..Around::default() };
    if !description.text.is_empty() {
        comments.before_description = description.comments;
    }
    Ok((description.text, comments, position))
}

fn field<'a>(cursor: &mut Cursor) -> Parsed<FieldDefinition<'a>> {
    let (description, comments, position) = part(cursor)?;
    let name = cursor.name()?;
    let arguments = cursor.some(PARENTHESES, argument)?.0;
    cursor.expect(TokenKind::Colon)?;
    let kind = type_reference(cursor)?;
    let directives = directives(cursor, true)?;
    Ok(FieldDefinition { description, name, arguments, default: None, kind, directives, position, comments })
}

/// An argument, or a field of an input object.
fn argument<'a>(cursor: &mut Cursor) -> Parsed<FieldDefinition<'a>> {
    let (description, comments, position) = part(cursor)?;
    let name = cursor.name()?;
    cursor.expect(TokenKind::Colon)?;
    let kind = type_reference(cursor)?;
    let default = default_value(cursor)?;
    let directives = directives(cursor, true)?;
    let arguments = Vec::new();
    Ok(FieldDefinition { description, name, arguments, default, kind, directives, position, comments })
}

fn enum_value<'a>(cursor: &mut Cursor) -> Parsed<EnumValue<'a>> {
    let (description, comments, position) = part(cursor)?;
    let name = cursor.name()?;
    let directives = directives(cursor, true)?;
    Ok(EnumValue { description, name, directives, position, comments })
}

fn extension(cursor: &mut Cursor, document: &mut Document<'_>) -> Parsed<()> {
    let after_description = cursor.keyword("extend")?;
    let token = cursor.peek();
    if token.value == b"schema" {
        let mut entry = entry(cursor, Description::default())?;
        entry.comments.after_description = after_description;
        if entry.directives.is_empty() && entry.operations.is_empty() {
            return Err(Cursor::unexpected(cursor.peek()));
        }
        document.schema_extension.push(entry);
        return Ok(());
    }
    let Some((keyword, kind)) = kind_of(token.value) else { return Err(Cursor::unexpected(token)) };
    cursor.keyword(keyword)?;
    let mut definition = head(cursor, kind)?;
    if kind == OBJECT {
        definition.interfaces = interfaces(cursor)?;
    }
    definition.directives = directives(cursor, kind != INPUT_OBJECT)?;
    body(cursor, &mut definition)?;
    definition.comments.after_description = after_description;
    let Definition { interfaces, directives, fields, types, values, .. } = &definition;
    let lists = [interfaces.is_empty(), directives.is_empty(), fields.is_empty(), types.is_empty(), values.is_empty()];
    if lists.iter().all(|is_empty| *is_empty) {
        return Err(Cursor::unexpected(cursor.peek()));
    }
    document.extensions.push(definition);
    Ok(())
}

fn directive_definition<'a>(cursor: &mut Cursor, description: Description) -> Parsed<DirectiveDefinition<'a>> {
    let after_description = cursor.keyword("directive")?;
    cursor.expect(TokenKind::At)?;
    let position = cursor.peek().position;
    let name = cursor.name()?;
    let arguments = cursor.some(PARENTHESES, argument)?.0;
    let token = cursor.peek();
    let is_repeatable = token.kind == TokenKind::Name && token.value == b"repeatable";
    if is_repeatable {
        cursor.next()?;
    }
    cursor.keyword("on")?;
    let locations = separated(cursor, TokenKind::Pipe, location)?;
    let comments = Around { before_description: description.comments, after_description, end: Vec::new() };
    Ok(DirectiveDefinition {
        description: description.text,
        name,
        arguments,
        locations,
        is_repeatable,
        position,
        comments,
    })
}

const LOCATIONS: [&str; 19] = [
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
];

fn location(cursor: &mut Cursor) -> Parsed<Text> {
    let token = cursor.expect(TokenKind::Name)?;
    match LOCATIONS.iter().any(|location| location.as_bytes() == token.value) {
        true => Ok(token.value),
        false => Err(Cursor::unexpected(token)),
    }
}
