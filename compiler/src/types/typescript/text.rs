//! The text of types of TypeScript. Knows nothing of policies.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::types::ty::Key;

/// A type of TypeScript.
#[derive(Clone, Debug)]
pub(super) enum Declared {
    /// Anything.
    Unknown,
    /// A type with a name.
    Name(&'static str),
    /// An array: its first elements, and all further ones.
    Array(Vec<Declared>, Option<Box<Declared>>),
    /// What has elements: an array or an object ([`COLLECTION`]).
    Collection(Box<Declared>),
    /// An object: its members, and the type of all further ones.
    Object(Vec<Member>, Option<Box<Declared>>),
    /// One of several types.
    Any(Vec<Declared>),
    /// All of several types.
    Both(Vec<Declared>),
}

/// The declaration of what [`Declared::Collection`] is.
pub(super) const COLLECTION: &str = "/** What has elements, which a policy takes one after the other. */
type Collection<T> = readonly T[] | { [key: string]: T };
";

/// A member of an object.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) is_optional: bool,
    pub(super) of: Declared,
}

impl Member {
    /// A member that is always there.
    pub(super) fn new(name: &str, of: Declared) -> Self {
        Self { name: name.to_owned(), is_optional: false, of }
    }
}

impl Declared {
    /// The same, or `undefined`.
    pub(super) fn or_undefined(self) -> Self {
        Self::Any(vec![self, Self::Name("undefined")])
    }

    /// The text, in lines that stand so many steps to the right.
    pub(super) fn text(&self, depth: usize) -> String {
        match self {
            Self::Unknown => "unknown".to_owned(),
            Self::Name(name) => (*name).to_owned(),
            Self::Array(fixed, None) => format!("[{}]", Self::list(fixed, depth).join(", ")),
            Self::Array(fixed, Some(rest)) if fixed.is_empty() => format!("{}[]", rest.grouped(depth)),
            Self::Array(fixed, Some(rest)) => {
                format!("[{}, ...{}[]]", Self::list(fixed, depth).join(", "), rest.grouped(depth))
            }
            Self::Collection(of) => format!("Collection<{}>", of.text(depth)),
            Self::Object(members, rest) => Self::object(members, rest.as_deref(), depth),
            Self::Any(of) => {
                let members = self.members();
                let is_unknown = members.iter().any(|member| matches!(member, Self::Unknown));
                if is_unknown || of.is_empty() { "unknown".to_owned() } else { joined(&members, " | ", depth) }
            }
            Self::Both(of) => joined(&of.iter().collect::<Vec<_>>(), " & ", depth),
        }
    }

    /// The members of a union and of those in it.
    fn members(&self) -> Vec<&Self> {
        match self {
            Self::Any(of) => of.iter().flat_map(Self::members).collect(),
            other => vec![other],
        }
    }

    fn list(types: &[Self], depth: usize) -> Vec<String> {
        types.iter().map(|ty| ty.text(depth)).collect()
    }

    /// The text, in parentheses where something stands behind it.
    fn grouped(&self, depth: usize) -> String {
        let text = self.text(depth);
        let is_compound = matches!(self, Self::Any(_) | Self::Both(_)) && text != "unknown";
        if is_compound { format!("({text})") } else { text }
    }

    fn object(members: &[Member], rest: Option<&Self>, depth: usize) -> String {
        if members.is_empty() && rest.is_none() {
            return "Record<string, never>".to_owned();
        }
        let pad = "  ".repeat(depth + 1);
        let mut text = "{\n".to_owned();
        for Member { name, is_optional, of } in members {
            let mark = if *is_optional { "?" } else { "" };
            let _ = writeln!(text, "{pad}{}{mark}: {};", property(name), of.text(depth + 1));
        }
        if let Some(rest) = rest {
            // To TypeScript, members with names are among them.
            let mut of: Vec<Self> = members.iter().map(|member| member.of.clone()).chain([rest.clone()]).collect();
            of.extend(members.iter().any(|member| member.is_optional).then_some(Self::Name("undefined")));
            let _ = writeln!(text, "{pad}[key: string]: {};", Self::Any(of).text(depth + 1));
        }
        text.push_str(&"  ".repeat(depth));
        text.push('}');
        text
    }
}

/// The texts of types, each once.
fn joined(types: &[&Declared], between: &str, depth: usize) -> String {
    let mut seen = BTreeSet::new();
    let texts = types.iter().map(|ty| if between == " & " { ty.grouped(depth) } else { ty.text(depth) });
    texts.filter(|text| seen.insert(text.clone())).collect::<Vec<_>>().join(between)
}

/// The name of a key as JSON writes it; none for a key that is a collection, or that JSON makes the same text of as of another.
pub(super) fn name_of(key: &Key) -> Option<String> {
    match key {
        Key::Null => Some("null".to_owned()),
        Key::Boolean(value) => Some(value.to_string()),
        Key::Number(text) | Key::String(text) => Some(text.to_string()),
        Key::Array(_) | Key::Object(_) => None,
    }
}

/// A name as a property: in quotes where it is no identifier.
fn property(name: &str) -> String {
    let mut characters = name.chars();
    let begins = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    if begins && characters.all(|character| character.is_ascii_alphanumeric() || character == '_') {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// A text as a literal.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            // Line ends, to TypeScript also the last two.
            '\0'..='\u{1f}' | '\u{7f}' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
