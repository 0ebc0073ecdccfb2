//! What a type is, and how OPA writes it.
//!
//! A part of a type that is not known is `None`, as OPA's nil; it is written `???`. Types share their parts. One that
//! would become too deep or too large, which takes a long chain of rules, becomes `any`: nothing more is then found
//! wrong with it.

use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

use crate::capabilities::{Builtin, BuiltinType};
use crate::hir::{self, Name, Term, TermKind};

/// The deepest type that is kept.
const MAX_DEPTH: u32 = 64;
/// The most parts that a type may have, shared ones counted wherever they occur.
const MAX_SIZE: u32 = 1 << 17;

/// A type.
#[derive(Clone, Debug)]
pub enum Type {
    /// `null`
    Null,
    /// A boolean.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array(Rc<Array>),
    /// An object.
    Object(Rc<Object>),
    /// A set.
    Set(Rc<Set>),
    /// Any of these types, sorted; with none of them, any value at all.
    Any(Rc<Any>),
    /// A function.
    Function(Rc<Function>),
}

/// How deep and how large a type is, and whether all of it is known.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    depth: u32,
    size: u32,
    has_unknown: bool,
}

/// The type of an array.
#[derive(Debug)]
pub struct Array {
    /// The types of the first elements.
    pub fixed: Vec<Option<Type>>,
    /// The type of all further elements; none: there are no further ones.
    pub rest: Option<Type>,
    extent: Extent,
}

/// The type of an object.
#[derive(Debug)]
pub struct Object {
    /// The known keys, sorted, with the types of their values.
    pub fixed: Vec<(Key, Option<Type>)>,
    /// The types of all further keys and values; none: there are no further ones.
    pub rest: Option<(Option<Type>, Option<Type>)>,
    extent: Extent,
}

/// The type of a set.
#[derive(Debug)]
pub struct Set {
    /// The type of the elements; none: there are none.
    pub of: Option<Type>,
    extent: Extent,
}

/// A union of types.
#[derive(Debug)]
pub struct Any {
    /// The types, sorted.
    pub of: Vec<Type>,
    extent: Extent,
}

/// The type of a function.
#[derive(Debug)]
pub struct Function {
    /// The types of the parameters.
    pub params: Vec<Option<Type>>,
    /// The type of further arguments.
    pub variadic: Option<Type>,
    /// The type of the result; none for a statement.
    pub result: Option<Type>,
    extent: Extent,
}

/// A constant key of an object, as JSON has it.
#[derive(Clone, Debug)]
pub enum Key {
    /// `null`
    Null,
    /// A boolean.
    Boolean(bool),
    /// A number, as written.
    Number(Name),
    /// A string.
    String(Name),
    /// An array, or a set.
    Array(Vec<Key>),
    /// An object, sorted by key.
    Object(Vec<(Key, Key)>),
}

impl Extent {
    fn over<'t>(parts: impl IntoIterator<Item = &'t Option<Type>>) -> Self {
        let mut all = Self { depth: 1, size: 1, has_unknown: false };
        for part in parts {
            let Some(part) = part else {
                all.has_unknown = true;
                continue;
            };
            let part = part.extent();
            all.depth = all.depth.max(part.depth.saturating_add(1));
            all.size = all.size.saturating_add(part.size);
            all.has_unknown |= part.has_unknown;
        }
        all
    }

    /// The same for a union: that something in a member is not known does not count.
    fn of_union(members: &[Type]) -> Self {
        let parts: Vec<Option<Type>> = members.iter().cloned().map(Some).collect();
        Self { has_unknown: false, ..Self::over(&parts) }
    }

    const fn is_small(self) -> bool {
        self.depth <= MAX_DEPTH && self.size <= MAX_SIZE
    }
}

impl Type {
    /// The type of any value.
    #[must_use]
    pub fn any() -> Self {
        Self::Any(Rc::new(Any { of: Vec::new(), extent: Extent::default() }))
    }

    /// Whether this is the type of any value.
    #[must_use]
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Any(any) if any.of.is_empty())
    }

    /// The type of an array.
    #[must_use]
    pub fn array(fixed: Vec<Option<Self>>, rest: Option<Self>) -> Self {
        let of_rest = [&rest].into_iter().filter(|rest| rest.is_some());
        let extent = Extent::over(fixed.iter().chain(of_rest));
        if extent.is_small() { Self::Array(Rc::new(Array { fixed, rest, extent })) } else { Self::any() }
    }

    /// The type of an object.
    #[must_use]
    pub fn object(mut fixed: Vec<(Key, Option<Self>)>, rest: Option<(Option<Self>, Option<Self>)>) -> Self {
        fixed.sort_by(|a, b| a.0.cmp(&b.0));
        let of_rest = rest.iter().flat_map(|(key, value)| [key, value]);
        let extent = Extent::over(fixed.iter().map(|(_, value)| value).chain(of_rest));
        if extent.is_small() { Self::Object(Rc::new(Object { fixed, rest, extent })) } else { Self::any() }
    }

    /// The type of a set.
    #[must_use]
    pub fn set(of: Option<Self>) -> Self {
        let extent = Extent::over([&of]);
        if extent.is_small() { Self::Set(Rc::new(Set { of, extent })) } else { Self::any() }
    }

    /// The type of a function.
    #[must_use]
    pub fn function(params: Vec<Option<Self>>, variadic: Option<Self>, result: Option<Self>) -> Self {
        let of_variadic = [&variadic].into_iter().filter(|variadic| variadic.is_some());
        let extent = Extent::over(params.iter().chain([&result]).chain(of_variadic));
        Self::Function(Rc::new(Function { params, variadic, result, extent }))
    }

    /// The union of some types. Unknown ones do not count; a function goes with nothing but a function.
    pub fn union(types: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        let mut of = Vec::new();
        let mut function: Option<Self> = None;
        for ty in types.into_iter().flatten() {
            match &ty {
                Self::Any(any) if any.of.is_empty() => return Some(ty),
                Self::Any(any) => of.extend(any.of.iter().cloned()),
                Self::Function(_) => match function {
                    Some(other) => function = Some(other.union_function(&ty)?),
                    None => function = Some(ty),
                },
                _ => of.push(ty),
            }
        }
        if function.is_some() {
            return if of.is_empty() { function } else { None };
        }
        of.sort_by(compare);
        of.dedup_by(|a, b| compare(a, b) == Ordering::Equal);
        if of.len() <= 1 {
            return of.pop();
        }
        let extent = Extent::of_union(&of);
        Some(if extent.is_small() { Self::Any(Rc::new(Any { of, extent })) } else { Self::any() })
    }

    /// The union of two types. A function and something else have none.
    #[must_use]
    pub fn or(a: Option<Self>, b: Option<Self>) -> Option<Self> {
        match (a, b) {
            (Some(a), Some(b)) if matches!(a, Self::Function(_)) != matches!(b, Self::Function(_)) => None,
            (Some(Self::Any(any)), Some(ty)) if any.of.len() > 1 && !matches!(ty, Self::Any(_) | Self::Function(_)) => {
                Some(Self::with_member(any, ty))
            }
            (a, b) => Self::union([a, b]),
        }
    }

    /// A union of several types with a further member. Where nobody else holds the union, it grows in place: a document of many
    /// rules gets one member after the other.
    fn with_member(mut any: Rc<Any>, ty: Self) -> Self {
        let Err(place) = any.of.binary_search_by(|other| compare(other, &ty)) else { return Self::Any(any) };
        let of_ty = ty.extent();
        let extent = Extent {
            depth: any.extent.depth.max(of_ty.depth.saturating_add(1)),
            size: any.extent.size.saturating_add(of_ty.size),
            has_unknown: false,
        };
        if !extent.is_small() {
            return Self::any();
        }
        match Rc::get_mut(&mut any) {
            Some(own) => {
                own.of.insert(place, ty);
                own.extent = extent;
                Self::Any(any)
            }
            None => {
                let mut of = any.of.clone();
                of.insert(place, ty);
                Self::Any(Rc::new(Any { of, extent }))
            }
        }
    }

    fn union_function(&self, other: &Self) -> Option<Self> {
        let (Self::Function(a), Self::Function(b)) = (self, other) else { return None };
        if a.params.len() != b.params.len() || a.variadic.is_some() != b.variadic.is_some() {
            return None;
        }
        let params = a.params.iter().zip(&b.params).map(|(a, b)| Self::or(a.clone(), b.clone())).collect();
        Some(Self::function(
            params,
            Self::or(a.variadic.clone(), b.variadic.clone()),
            Self::or(a.result.clone(), b.result.clone()),
        ))
    }

    /// The type of what a value of this type can be indexed with; none if it cannot.
    #[must_use]
    pub fn keys(&self) -> Option<Self> {
        match self {
            Self::Array(_) => Some(Self::Number),
            Self::Object(object) => {
                let rest = object.rest.iter().map(|(key, _)| key.clone());
                Self::union(object.fixed.iter().map(|(key, _)| Some(key.ty())).chain(rest))
            }
            Self::Set(set) => set.of.clone(),
            Self::Any(any) if any.of.is_empty() => Some(self.clone()),
            Self::Any(any) => Self::union(any.of.iter().map(Self::keys)),
            Self::Null | Self::Boolean | Self::Number | Self::String | Self::Function(_) => None,
        }
    }

    /// The type of what is found in a value of this type; none if nothing can be.
    #[must_use]
    pub fn values(&self) -> Option<Self> {
        match self {
            Self::Array(array) => Self::union(array.fixed.iter().chain([&array.rest]).cloned()),
            Self::Object(object) => {
                if let Some((_, Some(rest))) = &object.rest
                    && rest.is_any()
                {
                    let values = object.fixed.iter().map(|(_, value)| value.as_ref());
                    return (!adds_up_to_function(values)).then(|| rest.clone());
                }
                let rest = object.rest.iter().map(|(_, value)| value.clone());
                Self::union(object.fixed.iter().map(|(_, value)| value.clone()).chain(rest))
            }
            Self::Set(set) => set.of.clone(),
            Self::Any(any) if any.of.is_empty() => Some(self.clone()),
            Self::Any(any) => Self::union(any.of.iter().map(Self::values)),
            Self::Null | Self::Boolean | Self::Number | Self::String | Self::Function(_) => None,
        }
    }

    /// The type of what is found below a constant key; none if nothing can be.
    #[must_use]
    pub fn select(&self, key: &Key) -> Option<Self> {
        match self {
            Self::Array(array) => match key {
                Key::Number(number) => {
                    let position = number.parse::<usize>().ok()?;
                    array.fixed.get(position).unwrap_or(&array.rest).clone()
                }
                _ => None,
            },
            Self::Object(object) => match object.fixed.binary_search_by(|(other, _)| other.cmp(key)) {
                Ok(position) => object.fixed.get(position).and_then(|(_, value)| value.clone()),
                Err(_) => object.rest.as_ref().filter(|(keys, _)| contains(keys.as_ref(), &key.ty()))?.1.clone(),
            },
            Self::Set(set) => {
                let of = set.of.as_ref()?;
                let ty = key.ty();
                match of {
                    Self::Any(any) if any.of.is_empty() || contains(Some(of), &ty) => Some(ty),
                    _ => (compare(of, &ty) == Ordering::Equal).then(|| of.clone()),
                }
            }
            Self::Any(any) if any.of.is_empty() => Some(self.clone()),
            Self::Any(any) => Self::union(any.of.iter().map(|ty| ty.select(key))),
            Self::Null | Self::Boolean | Self::Number | Self::String | Self::Function(_) => None,
        }
    }

    /// Whether a part of the type is not known. The members of a union are not looked at.
    #[must_use]
    pub fn has_unknown(&self) -> bool {
        self.extent().has_unknown
    }

    /// Whether both are one and the same composite type, which is cheap to find out.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Array(a), Self::Array(b)) => Rc::ptr_eq(a, b),
            (Self::Object(a), Self::Object(b)) => Rc::ptr_eq(a, b),
            (Self::Set(a), Self::Set(b)) => Rc::ptr_eq(a, b),
            (Self::Any(a), Self::Any(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// Whether values of the type have no members at all.
    #[must_use]
    pub fn is_empty_collection(&self) -> bool {
        match self {
            Self::Array(array) => array.fixed.is_empty() && array.rest.is_none(),
            Self::Object(object) => object.fixed.is_empty() && object.rest.is_none(),
            Self::Set(set) => set.of.is_none(),
            _ => false,
        }
    }

    fn extent(&self) -> Extent {
        match self {
            Self::Null | Self::Boolean | Self::Number | Self::String => {
                Extent { depth: 1, size: 1, has_unknown: false }
            }
            Self::Array(array) => array.extent,
            Self::Object(object) => object.extent,
            Self::Set(set) => set.extent,
            Self::Any(any) => any.extent,
            Self::Function(function) => function.extent,
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Boolean => 1,
            Self::Number => 2,
            Self::String => 3,
            Self::Array(_) => 4,
            Self::Object(_) => 5,
            Self::Set(_) => 6,
            Self::Any(_) => 7,
            Self::Function(_) => 8,
        }
    }
}

impl Type {
    /// The type of a builtin.
    #[must_use]
    pub fn of_builtin(builtin: &Builtin) -> Self {
        Self::function(
            builtin.params.iter().map(|ty| Some(Self::from(ty))).collect(),
            builtin.variadic.as_ref().map(Self::from),
            builtin.result.as_ref().map(Self::from),
        )
    }
}

impl From<&BuiltinType> for Type {
    fn from(ty: &BuiltinType) -> Self {
        match ty {
            BuiltinType::Any => Self::any(),
            BuiltinType::Null => Self::Null,
            BuiltinType::Boolean => Self::Boolean,
            BuiltinType::Number => Self::Number,
            BuiltinType::String => Self::String,
            BuiltinType::Array(fixed, rest) => {
                Self::array(fixed.iter().map(|ty| Some(Self::from(ty))).collect(), rest.as_deref().map(Self::from))
            }
            BuiltinType::Object(fixed, rest) => Self::object(
                fixed.iter().map(|(key, ty)| (Key::String(key.clone()), Some(Self::from(ty)))).collect(),
                rest.as_deref().map(|(key, value)| (Some(Self::from(key)), Some(Self::from(value)))),
            ),
            BuiltinType::Set(of) => Self::set(Some(Self::from(&**of))),
            BuiltinType::Union(of) => {
                // A signature may name a union of one: it is written as one.
                let mut of: Vec<Self> = of.iter().map(Self::from).collect();
                of.sort_by(compare);
                let extent = Extent::of_union(&of);
                Self::Any(Rc::new(Any { of, extent }))
            }
        }
    }
}

/// Whether a type, or a part of it, is not known.
#[must_use]
pub fn is_unknown(ty: &Option<Type>) -> bool {
    ty.as_ref().is_none_or(Type::has_unknown)
}

/// Whether the first type holds all values of the second.
fn contains(all: Option<&Type>, ty: &Type) -> bool {
    match all {
        Some(Type::Any(any)) => any.of.is_empty() || any.of.binary_search_by(|other| compare(other, ty)).is_ok(),
        Some(other) => compare(other, ty) == Ordering::Equal,
        None => false,
    }
}

/// Whether the union of some types, taken in one after the other as OPA does it, is that of functions in the end: a function and what
/// is none have no union, and then the next type stands for itself. What is unknown is passed over.
fn adds_up_to_function<'t>(types: impl Iterator<Item = Option<&'t Type>>) -> bool {
    // None: no type yet, or no union; else whether it is a function.
    let is_function = types.flatten().fold(None, |before, ty| match (before, matches!(ty, Type::Function(_))) {
        (Some(before), now) if before != now => None,
        (_, now) => Some(now),
    });
    is_function == Some(true)
}

/// The order of types: that of their kinds, then that of their parts.
#[must_use]
pub fn compare(a: &Type, b: &Type) -> Ordering {
    if a.is_same(b) {
        return Ordering::Equal;
    }
    match (a, b) {
        (Type::Array(a), Type::Array(b)) => {
            compare_parts([&a.rest], [&b.rest]).then_with(|| compare_parts(&a.fixed, &b.fixed))
        }
        (Type::Object(a), Type::Object(b)) => compare_objects(a, b),
        (Type::Set(a), Type::Set(b)) => compare_parts([&a.of], [&b.of]),
        (Type::Any(a), Type::Any(b)) => {
            for (a, b) in a.of.iter().zip(&b.of) {
                let order = compare(a, b);
                if order != Ordering::Equal {
                    return order;
                }
            }
            a.of.len().cmp(&b.of.len())
        }
        (Type::Function(a), Type::Function(b)) => a
            .params
            .len()
            .cmp(&b.params.len())
            .then_with(|| compare_parts(&a.params, &b.params))
            .then_with(|| compare_parts([&a.result, &a.variadic], [&b.result, &b.variadic])),
        _ => a.rank().cmp(&b.rank()),
    }
}

fn compare_objects(a: &Object, b: &Object) -> Ordering {
    let of_rest = match (&a.rest, &b.rest) {
        (Some((a_key, a_value)), Some((b_key, b_value))) => compare_parts([a_key, a_value], [b_key, b_value]),
        (a, b) => a.is_some().cmp(&b.is_some()),
    };
    if of_rest != Ordering::Equal {
        return of_rest;
    }
    for ((a_key, a_value), (b_key, b_value)) in a.fixed.iter().zip(&b.fixed) {
        let order = a_key.cmp(b_key).then_with(|| compare_parts([a_value], [b_value]));
        if order != Ordering::Equal {
            return order;
        }
    }
    a.fixed.len().cmp(&b.fixed.len())
}

fn compare_parts<'t>(
    a: impl IntoIterator<Item = &'t Option<Type>>,
    b: impl IntoIterator<Item = &'t Option<Type>>,
) -> Ordering {
    let (mut a, mut b) = (a.into_iter(), b.into_iter());
    loop {
        let order = match (a.next(), b.next()) {
            (Some(Some(a)), Some(Some(b))) => compare(a, b),
            (Some(a), Some(b)) => a.is_some().cmp(&b.is_some()),
            (Some(_), None) => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (None, None) => return Ordering::Equal,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

impl Key {
    /// The key that a constant term makes; none if the term is not constant.
    #[must_use]
    pub fn of(term: &Term) -> Option<Self> {
        Some(match &term.kind {
            TermKind::Null => Self::Null,
            TermKind::Boolean(value) => Self::Boolean(*value),
            TermKind::Number(number) => Self::Number(number.clone()),
            TermKind::String(string) => Self::String(string.clone()),
            TermKind::Array(items) => Self::Array(items.iter().map(Self::of).collect::<Option<_>>()?),
            TermKind::Set(items) => {
                let mut items: Vec<Self> = items.iter().map(Self::of).collect::<Option<_>>()?;
                items.sort();
                items.dedup();
                Self::Array(items)
            }
            TermKind::Object(entries) => {
                let entries = entries.iter().map(|(key, value)| Some((Self::of(key)?, Self::of(value)?)));
                let mut entries: Vec<(Self, Self)> = entries.collect::<Option<_>>()?;
                entries.sort();
                Self::Object(entries)
            }
            TermKind::Local(_)
            | TermKind::Ref(_)
            | TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..) => return None,
        })
    }

    /// The type of the key.
    #[must_use]
    pub fn ty(&self) -> Type {
        match self {
            Self::Null => Type::Null,
            Self::Boolean(_) => Type::Boolean,
            Self::Number(_) => Type::Number,
            Self::String(_) => Type::String,
            Self::Array(items) => Type::array(items.iter().map(|item| Some(item.ty())).collect(), None),
            Self::Object(entries) => {
                Type::object(entries.iter().map(|(key, value)| (key.clone(), Some(value.ty()))).collect(), None)
            }
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Boolean(_) => 1,
            Self::Number(_) => 2,
            Self::String(_) => 3,
            Self::Array(_) => 4,
            Self::Object(_) => 5,
        }
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Boolean(a), Self::Boolean(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => compare_numbers(a, b),
            (Self::String(a), Self::String(b)) => a.cmp(b),
            (Self::Array(a), Self::Array(b)) => a.cmp(b),
            (Self::Object(a), Self::Object(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key {}

/// Numbers by value, as far as a double can tell them apart; then integers digit by digit.
fn compare_numbers(a: &str, b: &str) -> Ordering {
    // Adding zero makes zero of what is written `-0`.
    let value = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN) + 0.0;
    value(a).total_cmp(&value(b)).then_with(|| {
        let is_integer = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if is_integer(a) && is_integer(b) { a.len().cmp(&b.len()).then_with(|| a.cmp(b)) } else { Ordering::Equal }
    })
}

impl From<hir::Key> for Key {
    fn from(key: hir::Key) -> Self {
        match key {
            hir::Key::Null => Self::Null,
            hir::Key::Boolean(value) => Self::Boolean(value),
            hir::Key::Number(number) => Self::Number(number),
            hir::Key::String(name) => Self::String(name),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("<nil>"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Number(text) | Self::String(text) => f.write_str(text),
            Self::Array(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index == 0 { "" } else { " " })?;
                }
                f.write_str("]")
            }
            Self::Object(entries) => {
                f.write_str("map[")?;
                for (index, (key, value)) in entries.iter().enumerate() {
                    write!(f, "{}{key}:{value}", if index == 0 { "" } else { " " })?;
                }
                f.write_str("]")
            }
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::text::full(Some(self)))
    }
}
