//! One metadata block: its fields, read from YAML and put into the form that `rego.metadata` calls give.

use crate::diagnostic::{Code, Diagnostic};
use crate::hir::{Name, SchemaSource};
use crate::resolve::text;
use crate::source::{SourceSet, Span};
use crate::syntax::ast::Annotation;

use regoc_values::yaml::{self, RepeatedKey};

use super::json::{Json, from_yaml};

/// The names of all fields.
const FIELDS: &[&str] = &[
    "scope",
    "title",
    "description",
    "entrypoint",
    "organizations",
    "related_resources",
    "authors",
    "schemas",
    "custom",
    "labels",
];

/// The fields of a block.
#[derive(Debug)]
pub(super) struct Block {
    /// What it is about; none until it is known what it stands before.
    pub(super) scope: Option<Name>,
    /// Whether it marks an entrypoint.
    pub(super) entrypoint: bool,
    /// The other fields that are not empty.
    fields: Vec<(&'static str, Json)>,
}

impl Block {
    /// The documents that it gives schemas of.
    pub(super) fn schemas(&self) -> Vec<(Vec<Name>, SchemaSource)> {
        let names = |json: &Json| match json {
            Json::Array(items) => items.iter().filter_map(Json::as_str).map(Name::from).collect(),
            _ => Vec::new(),
        };
        let list = self.fields.iter().find(|(name, _)| *name == "schemas").map(|(_, list)| list);
        let Some(Json::Array(items)) = list else { return Vec::new() };
        let schema = |item: &Json| {
            let source = match (item.get("schema"), item.get("definition")) {
                (Some(name), _) => SchemaSource::Named(names(name)),
                (None, definition) => SchemaSource::Inline(Name::from(definition?.to_text())),
            };
            Some((names(item.get("path")?), source))
        };
        items.iter().filter_map(schema).collect()
    }

    /// The block as `rego.metadata` calls give it.
    pub(super) fn json(&self) -> Json {
        let mut items = Vec::with_capacity(self.fields.len() + 2);
        items.extend(self.scope.iter().map(|scope| (Name::from("scope"), Json::String(scope.clone()))));
        if self.entrypoint {
            items.push((Name::from("entrypoint"), Json::Boolean(true)));
        }
        items.extend(self.fields.iter().map(|(name, value)| (Name::from(*name), value.clone())));
        Json::Object(items)
    }
}

/// Reads a block.
///
/// # Errors
/// The first fault in it, as a parse error.
pub(super) fn read(sources: &SourceSet, annotation: &Annotation) -> Result<Block, Box<Diagnostic>> {
    let yaml = from_yaml(&annotation.yaml).map_err(|error| yaml_error(sources, annotation, &error))?;
    // What was read once is read again.
    let repeated = yaml::repeated_keys(annotation.yaml.as_bytes(), FIELDS).unwrap_or_default();
    if let Some(first) = repeated.first() {
        let defined = |RepeatedKey { key, line, first }: &RepeatedKey| {
            format!("line {line}: mapping key {key:?} already defined at line {first}")
        };
        let faults: Vec<String> = repeated.iter().map(defined).collect();
        return Err(unmarshal_errors(sources, annotation, first.line as usize, &faults));
    }
    fields(&yaml).map_err(|fault| match fault {
        Fault::Field(message) => Box::new(Diagnostic::new(Code::Parse, annotation.span, message)),
        Fault::Type { field, value, wanted } => {
            let line = line_of_value(&annotation.yaml, field, &value);
            let fault = format!("line {line}: cannot unmarshal {} into {wanted}", tagged(&value));
            unmarshal_errors(sources, annotation, line, &[fault])
        }
    })
}

/// What go-yaml says when it cannot give the fields to a struct; `line` is that of the first fault.
fn unmarshal_errors(sources: &SourceSet, annotation: &Annotation, line: usize, faults: &[String]) -> Box<Diagnostic> {
    let message = format!("yaml: unmarshal errors:\n  {}", faults.join("\n  "));
    // OPA takes the number for a place among the comments, of which `# METADATA` is none.
    let last = annotation.yaml.lines().count().saturating_sub(1);
    Box::new(Diagnostic::new(Code::Parse, comment_line(sources, annotation.span, line.min(last)), message))
}

/// What is wrong with a field.
enum Fault {
    /// In words.
    Field(String),
    /// A value of a field stands where another type of Go is wanted.
    Type { field: &'static str, value: Json, wanted: &'static str },
}

/// The number of the line of a block, from 1, where the value of a field stands: on that of the field, or on the next one that is not empty.
fn line_of_value(yaml: &str, field: &str, value: &Json) -> usize {
    let behind_name =
        |line: &str| line.strip_prefix(field)?.trim_start().strip_prefix(':').map(|rest| rest.trim().is_empty());
    let mut lines = yaml.lines().enumerate();
    let (at, is_below) = lines.find_map(|(at, line)| Some((at, behind_name(line)?))).unwrap_or((0, false));
    let is_part = |line: &str| match value {
        Json::String(text) => line.contains(&**text),
        _ => !line.trim().is_empty(),
    };
    let below = lines.find(|(_, line)| is_below && is_part(line)).map(|(at, _)| at);
    below.unwrap_or(at) + 1
}

/// A value as Go's YAML library names it in messages.
fn tagged(value: &Json) -> String {
    let tag = match value {
        Json::Array(_) => return "!!seq".to_owned(),
        Json::Object(_) => return "!!map".to_owned(),
        Json::Null => "!!null",
        Json::Boolean(_) => "!!bool",
        Json::Number(text) if text.contains(['.', 'e', 'E']) => "!!float",
        Json::Number(_) => "!!int",
        Json::String(_) => "!!str",
    };
    let text = shown(value);
    match text.char_indices().nth(10) {
        Some(_) => format!("{tag} `{}...`", text.chars().take(7).collect::<String>()),
        None => format!("{tag} `{text}`"),
    }
}

/// OPA's message for faulty YAML, at the line that it takes for the faulty one.
fn yaml_error(sources: &SourceSet, annotation: &Annotation, error: &regoc_values::yaml::Error) -> Box<Diagnostic> {
    let mut message = error.message.clone();
    let first_row = sources.position(annotation.span).row + 1;
    for (row, text) in (first_row..).zip(annotation.yaml.lines()) {
        let spaces = wrong_spaces(text);
        if !spaces.is_empty() {
            message.push_str(&format!(
                "\n  Hint: on line {row}, symbol(s) [{}] immediately following a key/value separator ':' is not a legal \
                 yaml space character",
                spaces.join(" ")
            ));
        }
    }
    let comments = annotation.yaml.lines().count().max(1);
    let at = usize::try_from(error.line).unwrap_or(comments).min(comments - 1);
    Box::new(Diagnostic::new(Code::Parse, comment_line(sources, annotation.span, at), message))
}

/// The place of a line of a block; the first line below `# METADATA` is 0.
fn comment_line(sources: &SourceSet, block: Span, line: usize) -> Span {
    let text = sources.text(block);
    let start = text.match_indices('\n').nth(line).map_or(0, |(at, _)| at + 1);
    Span { start: block.start + start as u32, ..block }
}

/// The characters behind colons that look like spaces and are none to YAML, as Go quotes them.
fn wrong_spaces(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut parts = line.split(':').skip(1).peekable();
    while let Some(part) = parts.next() {
        match part.chars().next() {
            None if parts.peek().is_none() => break,
            Some(' ' | '\t') => break,
            Some(character) if character.is_ascii() => found.push(format!("'{character}'")),
            Some(character) if (character as u32) < 0x1_0000 => found.push(format!("'\\u{:04x}'", character as u32)),
            Some(character) => found.push(format!("'\\U{:08x}'", character as u32)),
            None => found.push("'\\ufffd'".to_owned()),
        }
    }
    found
}

/// Puts an element of a list into OPA's form.
type Reader = fn(&Json) -> Result<Json, Fault>;

fn fields(yaml: &Json) -> Result<Block, Fault> {
    if !matches!(yaml, Json::Object(_) | Json::Null) {
        return Err(Fault::Field("yaml: unmarshal errors: a metadata block must be a mapping".to_owned()));
    }
    let mut fields = Vec::new();
    let scope = text_field(yaml, "scope")?.filter(|scope| !scope.is_empty());
    for name in ["title", "description"] {
        if let Some(text) = text_field(yaml, name)?.filter(|text| !text.is_empty()) {
            fields.push((name, Json::String(text)));
        }
    }
    let entrypoint = match yaml.get("entrypoint") {
        None | Some(Json::Null) => false,
        Some(Json::Boolean(value)) => *value,
        Some(value) => return Err(wrong_type("entrypoint", value, "bool")),
    };
    let readers: [(&'static str, &'static str, Reader); 4] = [
        ("organizations", "[]string", organization),
        ("related_resources", "[]interface {}", related_resource),
        ("authors", "[]interface {}", author),
        ("schemas", "[]map[string]interface {}", schema),
    ];
    for (name, wanted, reader) in readers {
        let items: Vec<Json> = list_field(yaml, name, wanted)?.iter().map(reader).collect::<Result<_, _>>()?;
        if !items.is_empty() {
            fields.push((name, Json::Array(items)));
        }
    }
    for name in ["custom", "labels"] {
        match yaml.get(name) {
            None | Some(Json::Null) => {}
            Some(Json::Object(items)) if items.is_empty() => {}
            Some(object @ Json::Object(_)) => fields.push((name, object.clone())),
            Some(value) => return Err(wrong_type(name, value, "map[string]interface {}")),
        }
    }
    Ok(Block { scope, entrypoint, fields })
}

fn wrong_type(field: &'static str, value: &Json, wanted: &'static str) -> Fault {
    Fault::Type { field, value: value.clone(), wanted }
}

/// A field with a text; other scalars count as theirs.
fn text_field(yaml: &Json, name: &'static str) -> Result<Option<Name>, Fault> {
    match yaml.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text) | Json::Number(text)) => Ok(Some(text.clone())),
        Some(Json::Boolean(value)) => Ok(Some(Name::from(value.to_string()))),
        Some(value @ (Json::Array(_) | Json::Object(_))) => Err(wrong_type(name, value, "string")),
    }
}

fn list_field<'y>(yaml: &'y Json, name: &'static str, wanted: &'static str) -> Result<&'y [Json], Fault> {
    match yaml.get(name) {
        None | Some(Json::Null) => Ok(&[]),
        Some(Json::Array(items)) => Ok(items),
        Some(value) => Err(wrong_type(name, value, wanted)),
    }
}

fn organization(item: &Json) -> Result<Json, Fault> {
    match item {
        Json::String(text) | Json::Number(text) => Ok(Json::String(text.clone())),
        Json::Boolean(value) => Ok(Json::string(&value.to_string())),
        Json::Null => Ok(Json::string("")),
        Json::Array(_) | Json::Object(_) => Err(wrong_type("organizations", item, "string")),
    }
}

/// A value as Go prints it in messages.
fn shown(value: &Json) -> String {
    match value {
        Json::Null => "<nil>".to_owned(),
        Json::Boolean(value) => value.to_string(),
        Json::Number(text) | Json::String(text) => text.to_string(),
        Json::Array(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(" ")),
        Json::Object(items) => {
            let items: Vec<String> = items.iter().map(|(key, value)| format!("{key}:{}", shown(value))).collect();
            format!("map[{}]", items.join(" "))
        }
    }
}

fn trimmed<'y>(object: &'y Json, key: &str) -> &'y str {
    object.get(key).and_then(Json::as_str).unwrap_or_default().trim()
}

fn related_resource(item: &Json) -> Result<Json, Fault> {
    let refuse =
        |reason: String| Err(Fault::Field(format!("invalid related-resource definition {}: {reason}", shown(item))));
    let (url, description) = match item {
        Json::String(url) if url.is_empty() => return refuse("ref URL may not be empty string".to_owned()),
        Json::String(url) => (&**url, ""),
        Json::Object(_) => (trimmed(item, "ref"), trimmed(item, "description")),
        _ => return refuse("invalid value type, must be string or map".to_owned()),
    };
    if url.is_empty() {
        return refuse("'ref' value required in object".to_owned());
    }
    if let Some(escape) = wrong_escape(url) {
        return refuse(format!("parse {}: invalid URL escape {}", text::quote(url), text::quote(escape)));
    }
    let url = Json::string(url);
    if description.is_empty() {
        return Ok(Json::object([("ref", url)]));
    }
    Ok(Json::object([("ref", url), ("description", Json::string(description))]))
}

/// The first `%` of a URL without two hexadecimal digits behind it, with up to two characters.
fn wrong_escape(url: &str) -> Option<&str> {
    url.match_indices('%').map(|(at, _)| &url[at..]).find_map(|rest| {
        let digits = rest.bytes().skip(1).take(2).filter(u8::is_ascii_hexdigit).count();
        let end = rest.char_indices().nth(3).map_or(rest.len(), |(at, _)| at);
        (digits < 2).then(|| rest.get(..end).unwrap_or(rest))
    })
}

fn author(item: &Json) -> Result<Json, Fault> {
    let refuse = |reason: &str| Err(Fault::Field(format!("invalid author definition {}: {reason}", shown(item))));
    let (name, email) = match item {
        Json::String(text) => {
            let mut words: Vec<&str> = text.split_whitespace().collect();
            let Some(last) = words.last() else { return refuse("author is an empty string") };
            let email = last.strip_prefix('<').and_then(|last| last.strip_suffix('>'));
            if email.is_some() {
                words.pop();
            }
            (words.join(" "), email.unwrap_or_default().to_owned())
        }
        Json::Object(_) => (trimmed(item, "name").to_owned(), trimmed(item, "email").to_owned()),
        _ => return refuse("invalid value type, must be string or map"),
    };
    if name.is_empty() && email.is_empty() && matches!(item, Json::Object(_)) {
        return refuse("'name' and/or 'email' values required in object");
    }
    let given = [("name", name), ("email", email)].into_iter().filter(|(_, text)| !text.is_empty());
    Ok(Json::Object(given.map(|(key, text)| (Name::from(key), Json::string(&text))).collect()))
}

fn schema(item: &Json) -> Result<Json, Fault> {
    let field = |message: &str| Err(Fault::Field(message.to_owned()));
    let pair = match item {
        Json::Object(pair) => pair,
        _ => return Err(wrong_type("schemas", item, "map[string]interface {}")),
    };
    let Some((path, schema)) = pair.first() else { return field("invalid document reference") };
    let Some(keys) = reference(path) else { return field("invalid document reference") };
    let path_json = ("path", strings(&keys));
    match schema {
        Json::String(name) => match reference(name) {
            Some(keys) if keys.first().is_some_and(|first| first == "schema") => {
                Ok(Json::object([path_json, ("schema", strings(&keys))]))
            }
            _ => field("invalid schema reference"),
        },
        Json::Object(_) => Ok(Json::object([path_json, ("definition", schema.clone())])),
        _ => Err(Fault::Field(format!("invalid schema declaration for path {}", text::quote(path)))),
    }
}

fn strings(keys: &[String]) -> Json {
    Json::Array(keys.iter().map(|key| Json::string(key)).collect())
}

/// The parts of a reference of names and strings: `data.a["b c"]`.
fn reference(written: &str) -> Option<Vec<String>> {
    let end = |rest: &str| rest.find(['.', '[']).unwrap_or(rest.len());
    let written = written.trim();
    let (first, mut rest) = written.split_at(end(written));
    let mut keys = vec![first.to_owned()];
    while !rest.is_empty() {
        if let Some(name) = rest.strip_prefix('.') {
            let (name, after) = name.split_at(end(name));
            keys.push(name.to_owned());
            rest = after;
        } else {
            let inner = rest.strip_prefix("[\"")?;
            let (key, after) = inner.split_once("\"]")?;
            keys.push(key.to_owned());
            rest = after;
        }
    }
    let is_name = |key: &String| key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80);
    let bracketed = written.contains('[');
    (keys.iter().all(|key| !key.is_empty()) && (bracketed || keys.iter().all(is_name))).then_some(keys)
}
