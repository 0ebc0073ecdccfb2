//! The documents that references lead to: the schema itself, its parts that have an identifier, and the metaschemas.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::metaschema;
use super::node::{Draft, NONE};
use super::reference::Reference;
use super::{Fault, message};
use crate::{Array, Tag, Value, rt};

/// A document, and the draft that its root names.
#[derive(Clone, Copy)]
pub(super) struct Document {
    pub(super) value: Value,
    pub(super) draft: Option<Draft>,
}

/// The documents by reference.
#[derive(Default)]
pub(super) struct Pool {
    documents: BTreeMap<Vec<u8>, Document>,
    /// The references that identifiers opened: what is within them counts from there.
    bases: Vec<Reference>,
    /// What went wrong.
    pub(super) fault: Fault,
}

/// The value of a key that is a text, undefined when there is none.
pub(super) fn field(object: Value, name: &[u8]) -> Value {
    let count = if object.tag() == Tag::Object { rt::scan(object) } else { 0 };
    let is_it = |index: &usize| rt::scan_key(object, *index).as_str() == Some(name);
    (0..count).find(is_it).map_or(Value::UNDEFINED, |index| rt::scan_value(object, index))
}

/// The draft that a document names in `$schema`.
///
/// # Errors
/// When the document is no schema, or `$schema` is no URL.
pub(super) fn named_draft(document: Value) -> Result<Option<Draft>, Fault> {
    if document.as_boolean().is_some() {
        return Ok(None);
    }
    if document.as_object().is_none() {
        return Err(b"schema is invalid".into());
    }
    let name = field(document, b"$schema");
    if name.is_undefined() {
        return Ok(None);
    }
    let Some(name) = name.as_str() else { return Err(b"$schema must be of type string".into()) };
    Ok(metaschema::draft(&Reference::new(name)?.text()))
}

impl Pool {
    /// Adds a document under a reference, with its parts that have an identifier. References in it become absolute.
    ///
    /// # Errors
    /// When two have the same reference, and those of [`named_draft`].
    pub(super) fn add(&mut self, value: Value, reference: &Reference) -> Result<(), Fault> {
        let draft = named_draft(value)?;
        let base = self.bases.len() as u32;
        self.bases.push(reference.clone());
        if !self.walk(value, base, draft.map_or(NONE, |draft| draft as u32)) {
            return Err(core::mem::take(&mut self.fault));
        }
        self.documents.insert(reference.text(), Document { value, draft });
        Ok(())
    }

    /// Finds the parts with an identifier; false after a fault. Documents do not nest deeper than JSON may.
    fn walk(&mut self, value: Value, base: u32, draft: u32) -> bool {
        let is_object = match value.tag() {
            Tag::Array => false,
            Tag::Object => true,
            _ => return true,
        };
        let base = if is_object { self.open(value, base, draft) } else { base };
        if base == NONE {
            return false;
        }
        for index in 0..rt::scan(value) {
            let inside = rt::scan_value(value, index);
            match if is_object { kind(rt::scan_key(value, index)) } else { Kind::Schema } {
                Kind::Literal => {}
                Kind::Schema => {
                    if !self.walk(inside, base, draft) {
                        return false;
                    }
                }
                Kind::Schemas if inside.tag() == Tag::Object => {
                    for index in 0..rt::scan(inside) {
                        if !self.walk(rt::scan_value(inside, index), base, draft) {
                            return false;
                        }
                    }
                }
                Kind::Schemas => {}
            }
        }
        true
    }

    /// Adds an object if it has an identifier, and makes its reference absolute. Returns what its inside counts from.
    #[inline(never)]
    fn open(&mut self, value: Value, base: u32, draft: u32) -> u32 {
        let old = field(value, b"id");
        let identifier = if old.is_undefined() { field(value, b"$id") } else { old };
        let mut base = base;
        if let Some(resolved) = self.resolved(identifier, base) {
            let text = resolved.text();
            if self.documents.contains_key(&text) {
                self.fault = message(&[b"Reference already exists: \"", &text, b"\""]);
                return NONE;
            }
            let draft = [Draft::Four, Draft::Six, Draft::Seven].get(draft as usize).copied();
            self.documents.insert(text, Document { value, draft });
            base = self.bases.len() as u32;
            self.bases.push(resolved);
        }
        if let (Some(resolved), Some(object)) = (self.resolved(field(value, b"$ref"), base), value.as_object()) {
            object.insert(Value::string(b"$ref"), Value::string(&resolved.text()));
        }
        base
    }

    fn resolved(&self, text: Value, base: u32) -> Option<Reference> {
        let child = Reference::new(text.as_str()?).ok()?;
        self.bases.get(base as usize)?.resolve(&child)
    }

    /// The document that a reference leads to.
    ///
    /// # Errors
    /// When there is none, which is said of all that would have to be loaded.
    #[inline(never)]
    pub(super) fn find(&mut self, reference: &Reference) -> Result<Document, Fault> {
        let text = reference.text();
        if let Some(document) = self.documents.get(&text) {
            return Ok(*document);
        }
        let whole = reference.text_without_fragment();
        if !self.documents.contains_key(&whole) {
            if !reference.is_canonical() {
                return Err(message(&[b"Reference ", &text, b" must be canonical"]));
            }
            let Some(metaschema) = metaschema::load(&whole) else {
                return Err(message(&[b"remote reference loading disabled: ", &whole]));
            };
            self.add(metaschema, &Reference::new(&whole)?)?;
        }
        let Some(document) = self.documents.get(&whole) else { return Err(message(&[&text])) };
        let found = Document { value: point(document.value, &reference.pointer)?, draft: document.draft };
        self.documents.insert(text, found);
        Ok(found)
    }
}

/// How the value of a key is to be looked at.
enum Kind {
    /// As a schema, or an array of them.
    Schema,
    /// As an object whose values are schemas.
    Schemas,
    /// Not at all.
    Literal,
}

fn kind(key: Value) -> Kind {
    match key.as_str().unwrap_or_default() {
        b"const" | b"enum" => Kind::Literal,
        b"properties" | b"dependencies" | b"patternProperties" => Kind::Schemas,
        _ => Kind::Schema,
    }
}

/// What a JSON pointer leads to; what does not begin with a slash leads to the whole document.
fn point(document: Value, pointer: &[u8]) -> Result<Value, Fault> {
    let Some(path) = pointer.strip_prefix(b"/") else { return Ok(document) };
    let mut value = document;
    for token in path.split(|byte| *byte == b'/') {
        value = if let Some(object) = value.as_object() {
            let key = unescaped(token);
            let found = object.get(Value::string(&key));
            found.defined().ok_or_else(|| message(&[b"Object has no key '", &key, b"'"]))?
        } else if let Some(array) = value.as_array() {
            element(array, token)?
        } else {
            return Err(message(&[b"Invalid token reference '", token, b"'"]));
        };
    }
    Ok(value)
}

/// The element of an array whose index is a text.
fn element(array: Array, token: &[u8]) -> Result<Value, Fault> {
    let index = core::str::from_utf8(token).ok().and_then(|token| token.parse::<i64>().ok());
    let Some(index) = index else { return Err(message(&[b"Invalid array index '", token, b"'"])) };
    let found = usize::try_from(index).map_or(Value::UNDEFINED, |index| array.get(index));
    let fault = || alloc::format!("Out of bound array[0,{}] index '{index}'", array.len()).into_bytes();
    found.defined().ok_or_else(fault)
}

/// A part of a pointer with `~1` and `~0` as what they stand for.
fn unescaped(token: &[u8]) -> Vec<u8> {
    let mut text = replaced(token, b"~1", b'/');
    text = replaced(&text, b"~0", b'~');
    text
}

fn replaced(text: &[u8], from: &[u8; 2], to: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let found = text.get(at..at + 2) == Some(from);
        out.push(if found { to } else { *byte });
        at += if found { 2 } else { 1 };
    }
    out
}
