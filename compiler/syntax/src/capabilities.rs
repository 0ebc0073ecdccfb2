//! What the policy may use: the builtins with their types, and the optional parts of the language. By default all of OPA 1.22.0.

use alloc::borrow::ToOwned as _;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use regoc_abi::builtins::{BUILTINS, Placement, Type};

use crate::source::Name;

/// The type of a parameter or result; the owned form of [`regoc_abi::builtins::Type`].
#[derive(Clone, Debug, PartialEq)]
pub enum BuiltinType {
    /// Any value.
    Any,
    /// `null`.
    Null,
    /// A boolean.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array: the types of its first elements, and of all further ones.
    Array(Vec<BuiltinType>, Option<Box<BuiltinType>>),
    /// An object: known keys, and the types of all further keys and values.
    Object(Vec<(Name, BuiltinType)>, Option<Box<(BuiltinType, BuiltinType)>>),
    /// A set.
    Set(Box<BuiltinType>),
    /// Any of these.
    Union(Vec<BuiltinType>),
}

impl From<&Type> for BuiltinType {
    fn from(ty: &Type) -> Self {
        match ty {
            Type::Any => Self::Any,
            Type::Null => Self::Null,
            Type::Boolean => Self::Boolean,
            Type::Number => Self::Number,
            Type::String => Self::String,
            Type::Array { fixed, rest } => {
                Self::Array(fixed.iter().map(Self::from).collect(), rest.map(|rest| Box::new(Self::from(rest))))
            }
            Type::Object { fixed, rest } => Self::Object(
                fixed.iter().map(|(key, ty)| (Name::from(*key), Self::from(ty))).collect(),
                rest.map(|(key, value)| Box::new((Self::from(key), Self::from(value)))),
            ),
            Type::Set(of) => Self::Set(Box::new(Self::from(*of))),
            Type::Union(of) => Self::Union(of.iter().map(Self::from).collect()),
        }
    }
}

/// A builtin that a policy may call.
#[derive(Clone, Debug, PartialEq)]
pub struct Builtin {
    /// The name in Rego.
    pub name: Name,
    /// The infix operator.
    pub infix: Option<Name>,
    /// The types of the parameters.
    pub params: Vec<BuiltinType>,
    /// The type of any further arguments.
    pub variadic: Option<BuiltinType>,
    /// The type of the result.
    pub result: Option<BuiltinType>,
    /// Who answers it. A builtin that OPA does not know is the host's.
    pub placement: Placement,
    /// Whether two calls with the same arguments may differ.
    pub nondeterministic: bool,
    /// Whether the result stands for one of several.
    pub relation: bool,
    /// Whether strict mode and Rego v1 refuse it.
    pub deprecated: bool,
}

/// What the policy may use.
#[derive(Clone, Debug, PartialEq)]
pub struct Capabilities {
    /// The builtins, by name.
    pub builtins: BTreeMap<Name, Builtin>,
    /// The names behind `future.keywords.` that are not part of the language yet.
    pub future_keywords: BTreeSet<String>,
    /// The named features of the language, such as `rego_v2_import`.
    pub features: BTreeSet<String>,
    /// The hosts that may be connected to; none given means all.
    pub allow_net: Option<Vec<String>>,
}

impl Default for Capabilities {
    /// All of OPA 1.22.0.
    fn default() -> Self {
        let builtins = BUILTINS
            .iter()
            .map(|row| {
                let builtin = Builtin {
                    name: Name::from(row.name),
                    infix: row.infix.map(Name::from),
                    params: row.params.iter().map(BuiltinType::from).collect(),
                    variadic: row.variadic.as_ref().map(BuiltinType::from),
                    result: row.result.as_ref().map(BuiltinType::from),
                    placement: row.placement,
                    nondeterministic: row.nondeterministic,
                    relation: row.relation,
                    deprecated: row.deprecated,
                };
                (builtin.name.clone(), builtin)
            })
            .collect();
        Self { builtins, ..Self::without_builtins() }
    }
}

impl Capabilities {
    /// The language of OPA 1.22.0 without any builtins: all that the parser asks for.
    #[must_use]
    pub fn without_builtins() -> Self {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            builtins: BTreeMap::new(),
            future_keywords: names(&["and", "not", "or"]),
            features: names(&["keywords_in_refs", "rego_v1", "rego_v2", "rego_v2_import", "template_strings"]),
            allow_net: None,
        }
    }
}
