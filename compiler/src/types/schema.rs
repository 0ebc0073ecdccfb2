//! Types from JSON Schemas, as OPA takes them from them (`v1/ast/compile.go`), and how they are laid over what is known of documents.
//!
//! What a schema says of anything but types is not looked at. A schema that refers to itself is of any type where it does: OPA has a
//! type for that, and finds faults deeper down.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use regoc_values::schema::shape::{Place, Shape};
use regoc_values::schema::{self, Schema};
use regoc_values::{Tag, Value};

use super::SchemaSet;
use super::env::Env;
use super::tree::TypeTree;
use super::ty::{Key, Type};
use crate::hir::text::push_key;
use crate::hir::{Name, Ref, RefBase, SchemaSource, SchemaUse};

/// The most schemas inside of each other.
const MAX_DEPTH: u32 = 500;

/// The type of the documents that match a schema, which is a JSON text.
///
/// # Errors
/// OPA's message when it is no schema, or says what no type says.
pub(super) fn type_of_schema(text: &str) -> Result<Type, String> {
    type_and_optional_keys(text).map(|(ty, _)| ty)
}

/// By the sorted keys of each object that a schema describes, which of them may be missing. Types do not say that.
pub(super) type OptionalKeys = BTreeMap<Vec<Key>, BTreeSet<Key>>;

/// As [`type_of_schema`], with what the schema says of missing keys.
///
/// # Errors
/// As [`type_of_schema`].
pub(super) fn type_and_optional_keys(text: &str) -> Result<(Type, OptionalKeys), String> {
    let refuse = |fault: &[u8]| format!("unable to compile the schema: {}", String::from_utf8_lossy(fault));
    let document = schema::document(Value::string(text.as_bytes())).map_err(|fault| refuse(fault.as_bytes()))?;
    if document.tag() == Tag::Null {
        return Err("no schema as input to compile".to_owned());
    }
    let schema = schema::compile(document).map_err(|fault| refuse(&fault))?;
    let mut reader = Reader { schema: &schema, known: BTreeMap::new(), depth: 0, optional: BTreeMap::new() };
    let ty = reader.place(schema.root()).map_err(|fault| format!("type checking: {fault}"))?;
    Ok((ty, reader.optional))
}

/// Reads the types of the parts of a schema.
struct Reader<'s> {
    schema: &'s Schema,
    /// The schemas that references lead to; none while one is read.
    known: BTreeMap<Place, Option<Type>>,
    depth: u32,
    optional: OptionalKeys,
}

/// What a schema, or several merged, say of types.
#[derive(Clone)]
struct Part {
    types: Vec<&'static str>,
    properties: Vec<(&'static [u8], Place)>,
    required: Vec<&'static [u8]>,
    items: Vec<Place>,
    is_for_all_items: bool,
    any_of: Vec<Place>,
    all_of: Vec<Place>,
}

impl Part {
    fn of(shape: &Shape<'_>) -> Self {
        Self {
            types: shape.types(),
            properties: shape.properties().collect(),
            required: shape.required().collect(),
            items: shape.items().to_vec(),
            is_for_all_items: shape.is_for_all_items(),
            any_of: shape.any_of().to_vec(),
            all_of: shape.all_of().to_vec(),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.types.contains(&name)
    }

    /// The types as OPA prints them.
    fn types_text(&self) -> String {
        match self.types.as_slice() {
            [] => "undefined".to_owned(),
            [only] => (*only).to_owned(),
            several => format!("[{}]", several.join(",")),
        }
    }

    /// Adds the type that its keywords are for.
    fn assume_type(&mut self) {
        let name = match (self.properties.is_empty(), self.items.is_empty()) {
            (false, _) => "object",
            (true, false) => "array",
            (true, true) => return,
        };
        if !self.has(name) {
            self.types.push(name);
        }
    }
}

impl Reader<'_> {
    fn place(&mut self, place: Place) -> Result<Type, String> {
        let Some(shape) = self.schema.shape(place) else { return Ok(Type::any()) };
        if let Some(target) = shape.reference() {
            if let Some(known) = self.known.get(&target) {
                return Ok(known.clone().unwrap_or_else(Type::any));
            }
            self.known.insert(target, None);
            let ty = self.place(target)?;
            self.known.insert(target, Some(ty.clone()));
            return Ok(ty);
        }
        self.part(Part::of(&shape))
    }

    fn part(&mut self, part: Part) -> Result<Type, String> {
        if self.depth == MAX_DEPTH {
            return Ok(Type::any());
        }
        self.depth += 1;
        let ty = self.part_inside(part);
        self.depth -= 1;
        ty
    }

    fn part_inside(&mut self, mut part: Part) -> Result<Type, String> {
        if !part.any_of.is_empty() {
            return self.any_of(part);
        }
        if !part.all_of.is_empty() {
            return self.all_of(&part);
        }
        if part.types.is_empty() {
            part.assume_type();
        }
        for (name, ty) in [("boolean", Type::Boolean), ("string", Type::String), ("integer", Type::Number)] {
            if part.has(name) {
                return Ok(ty);
            }
        }
        if part.has("number") {
            return Ok(Type::Number);
        }
        let is_structured = part.has("object") || part.has("array");
        if !is_structured {
            let before = part.types.len();
            part.assume_type();
            return if part.types.len() > before { self.part(part) } else { Ok(Type::any()) };
        }
        if part.has("object") { self.object(&part) } else { self.array(&part) }
    }

    fn object(&mut self, part: &Part) -> Result<Type, String> {
        if part.properties.is_empty() {
            return Ok(Type::object(Vec::new(), Some((Some(Type::any()), Some(Type::any())))));
        }
        let mut fixed: BTreeMap<Key, Option<Type>> = BTreeMap::new();
        for (name, place) in &part.properties {
            let ty = self.place(*place)?;
            fixed.entry(key_of(name)).or_insert(Some(ty));
        }
        let required: BTreeSet<Key> = part.required.iter().map(|name| key_of(name)).collect();
        let optional = fixed.keys().filter(|key| !required.contains(key)).cloned();
        self.optional.entry(fixed.keys().cloned().collect()).or_default().extend(optional);
        Ok(Type::object(fixed.into_iter().collect(), None))
    }

    fn array(&mut self, part: &Part) -> Result<Type, String> {
        match part.items.as_slice() {
            [] => Ok(Type::array(Vec::new(), Some(Type::any()))),
            [all] if part.is_for_all_items => Ok(Type::array(Vec::new(), Some(self.place(*all)?))),
            first => {
                let fixed = first.iter().map(|item| self.place(*item).map(Some)).collect::<Result<_, _>>()?;
                Ok(Type::array(fixed, None))
            }
        }
    }

    fn any_of(&mut self, part: Part) -> Result<Type, String> {
        let mut of = None;
        if !part.types.is_empty() {
            let core = self.part(Part { any_of: Vec::new(), ..part.clone() })?;
            if matches!(&core, Type::Object(object) if !object.fixed.is_empty() && object.rest.is_none()) {
                of = Some(core);
            }
        }
        for place in &part.any_of {
            of = Type::or(Some(self.place(*place)?), of);
        }
        Ok(of.unwrap_or_else(Type::any))
    }

    fn all_of(&mut self, part: &Part) -> Result<Type, String> {
        let mut parts = Vec::new();
        for place in &part.all_of {
            let Some(of) = self.target(*place) else { continue };
            let is_wrapper =
                of.types.is_empty() && !of.any_of.is_empty() && of.properties.is_empty() && of.items.is_empty();
            if !is_wrapper {
                parts.push(of);
            }
        }
        if parts.is_empty() {
            return Ok(Type::any());
        }
        let mut merged = self.merge(parts)?;
        if !part.types.is_empty() {
            let both = |name| part.has(name) && merged.has(name);
            if both("object") || both("array") {
                merged = self.merge(vec![merged, part.clone()])?;
            } else if part.types_text() != merged.types_text() {
                return Err("unable to merge these schemas".to_owned());
            }
        }
        self.part(merged)
    }

    /// The schema that references lead to in the end.
    fn target(&self, mut place: Place) -> Option<Part> {
        for _ in 0..MAX_DEPTH {
            let shape = self.schema.shape(place)?;
            match shape.reference() {
                Some(target) => place = target,
                None => return Some(Part::of(&shape)),
            }
        }
        None
    }

    /// The first of several schemas with what the others add.
    fn merge(&self, mut parts: Vec<Part>) -> Result<Part, String> {
        parts.iter_mut().for_each(Part::assume_type);
        let mut parts = parts.into_iter();
        let Some(mut merged) = parts.next() else { return Err("unable to merge these schemas".to_owned()) };
        for part in parts {
            merged.required.extend(part.required.iter().copied());
            let (have, add) = (merged.types_text(), part.types_text());
            if have != add {
                return Err(format!("unable to merge these schemas: type mismatch: {have} and {add}"));
            }
            if merged.has("object") && !merged.properties.is_empty() && !part.properties.is_empty() {
                merged.properties.extend(part.properties);
            } else if merged.has("array") && !merged.items.is_empty() && !part.items.is_empty() {
                let types = |place: Place| self.schema.shape(place).map(|shape| Part::of(&shape).types_text());
                for (at, item) in part.items.into_iter().enumerate() {
                    match merged.items.get(at) {
                        None => merged.items.push(item),
                        Some(known) if types(*known) == types(item) => {}
                        Some(_) => return Err("unable to merge these schemas".to_owned()),
                    }
                }
            }
        }
        Ok(merged)
    }
}

fn key_of(name: &[u8]) -> Key {
    Key::String(Name::from(String::from_utf8_lossy(name)))
}

/// The types of documents that metadata gives schemas of.
pub(super) struct Schemas {
    /// What the compiler was given; none: names of schemas are not looked up.
    given: Option<SchemaSet>,
    /// Whether metadata counts at all.
    counts: bool,
    /// The types of those that were looked up.
    known: BTreeMap<Vec<Name>, Type>,
}

impl Schemas {
    pub(super) fn new(given: Option<SchemaSet>, counts: bool) -> Self {
        Self { given, counts, known: BTreeMap::new() }
    }

    /// The text of a schema; none where it is not looked up.
    pub(super) fn text<'t>(&'t self, source: &'t SchemaSource) -> Option<&'t Name> {
        match source {
            SchemaSource::Inline(text) => Some(text),
            SchemaSource::Named(name) => self.given.as_ref()?.get(name),
        }
    }

    /// The type of a schema; none where it is not looked up.
    fn ty(&mut self, source: &SchemaSource) -> Result<Option<Type>, String> {
        let name = match source {
            SchemaSource::Inline(text) => return type_of_schema(text).map(Some),
            SchemaSource::Named(name) => name,
        };
        if let Some(known) = self.known.get(name) {
            return Ok(Some(known.clone()));
        }
        let Some(given) = &self.given else { return Ok(None) };
        let text = given.get(name).ok_or_else(|| {
            let mut text = String::new();
            for (at, part) in name.iter().enumerate() {
                if at == 0 { text.push_str(part) } else { push_key(&mut text, part) }
            }
            format!("undefined schema: {text}")
        })?;
        let ty = type_of_schema(text)?;
        self.known.insert(name.clone(), ty.clone());
        Ok(Some(ty))
    }

    /// Lays the types of schemas over what is known of documents, until the next rule; what is wrong with the schemas.
    pub(super) fn lay<'u>(&mut self, uses: impl Iterator<Item = &'u SchemaUse>, env: &mut Env<'_>) -> Vec<String> {
        let mut faults = Vec::new();
        let uses = uses.take(if self.counts { usize::MAX } else { 0 });
        for schema in uses {
            let ty = match self.ty(&schema.schema) {
                Ok(Some(ty)) => ty,
                Ok(None) => continue,
                Err(fault) => {
                    faults.push(fault);
                    continue;
                }
            };
            let Some((root, below)) = schema.path.split_first() else { continue };
            let base = if &**root == "input" { RefBase::Input } else { RefBase::Data };
            let below: Vec<Key> = below.iter().cloned().map(Key::String).collect();
            let known = env.type_of_reference(&Ref { base, path: Vec::new() });
            let mut tree = TypeTree::new();
            tree.put(&[env.root(base)], replaced(known, &below, ty));
            env.replaced.push(Rc::new(tree));
        }
        faults
    }
}

/// A type with another type at a path.
fn replaced(known: Option<Type>, path: &[Key], ty: Type) -> Type {
    let Some((first, rest)) = path.split_first() else { return ty };
    let any = || Some((Some(Type::any()), Some(Type::any())));
    let Some(Type::Object(object)) = known else {
        return Type::object(vec![(first.clone(), Some(replaced(None, rest, ty)))], any());
    };
    let mut fixed = object.fixed.clone();
    match fixed.iter_mut().find(|(key, _)| key == first) {
        Some((_, value)) => *value = Some(replaced(value.take(), rest, ty)),
        None => {
            let below =
                rest.iter().rev().fold(ty, |ty, key| Type::object(vec![(key.clone(), Some(ty))], object.rest.clone()));
            fixed.push((first.clone(), Some(below)));
        }
    }
    Type::object(fixed, object.rest.clone())
}
