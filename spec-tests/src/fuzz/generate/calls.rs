//! Calls: of functions that were made before, and of builtins by their declared types.

use std::sync::OnceLock;

use regoc_abi::builtins::{BUILTINS, Builtin, Placement, Type as Declared};
use regoc_compiler::source::RegoVersion;

use super::Generator;
use super::types::{Type, any_type};
use crate::fuzz::mutate::touches_world;

/// Arguments of builtins that want more than a type, by the beginning of the name: one of the texts for each string.
const TEXTS: &[(&str, &[&str])] = &[
    (
        "regex.",
        &[
            "\"a+\"",
            "\"^[a-c]*$\"",
            "\"(a)(b)?\"",
            "\"\\\\d+\"",
            "\"\"",
            "\"a|b\"",
            "\"aab\"",
            "\"12 ab\"",
            "\"(\"",
            "\"[ä-ü]\"",
        ],
    ),
    ("glob.", &["\"a*\"", "\"a.b\"", "\"*.b\"", "\"{a,b}\"", "\"**\"", "\"a?\"", "\":\"", "\"[a-c]\""]),
    (
        "time.",
        &["\"2024-02-29T23:59:59Z\"", "\"1h30m\"", "\"2006-01-02\"", "\"2024-01-31\"", "\"UTC\"", "\"Europe/Berlin\""],
    ),
    ("net.", &["\"10.0.0.0/8\"", "\"10.1.2.3\"", "\"192.168.1.0/24\"", "\"::1/128\"", "\"2001:db8::/32\"", "\"x\""]),
    ("semver.", &["\"1.2.3\"", "\"1.2.3-rc.1\"", "\"0.0.1+b\"", "\"1.2\"", "\"v1.0.0\""]),
    ("units.", &["\"10\"", "\"1.5Gi\"", "\"100m\"", "\"2KB\"", "\"x\""]),
    ("json.", &["\"{\\\"a\\\": [1, 2.0]}\"", "\"[1,\"", "\"a/b\"", "\"/a/0\"", "\"1\""]),
    ("yaml.", &["\"a: [1, x]\"", "\"- 1\\n- true\"", "\"{\"", "\"a: 0x10\""]),
    ("base64", &["\"YWI=\"", "\"YWI\"", "\"-_\"", "\"ab\""]),
    ("hex.", &["\"6162\"", "\"zz\"", "\"ab\""]),
    ("urlquery.", &["\"a=1&b=%20\"", "\"a b\"", "\"%zz\"", "\"a\""]),
    ("uri.", &["\"http://a:1/b?c#d\"", "\"a b\"", "\"://\""]),
    ("uuid.", &["\"f47ac10b-58cc-4372-a567-0e02b2c3d479\"", "\"x\""]),
    ("sprintf", &["\"%v %d\"", "\"%s\"", "\"%05.1f|%x\"", "\"%%\"", "\"%q\""]),
    ("io.jwt", &["\"a.b.c\"", "\"x\""]),
    ("graphql.", &["\"query { a }\"", "\"type Query { a: String }\"", "\"{\""]),
];

/// Builtins that are not asked, because they are slow, answer in any order, or are not for policies.
const LEFT_OUT: &[&str] =
    &["internal.", "rego.", "crypto.x509", "io.jwt", "walk", "crypto.parse_private", "bits.lsh", "print", "trace"];

fn candidates() -> &'static [&'static Builtin] {
    static CANDIDATES: OnceLock<Vec<&'static Builtin>> = OnceLock::new();
    CANDIDATES.get_or_init(|| {
        let callable = BUILTINS.iter().filter(|it| it.placement == Placement::Guest && it.result.is_some());
        let pure = callable.filter(|it| !it.nondeterministic && !touches_world(it.name) && it.infix.is_none());
        pure.filter(|it| !LEFT_OUT.iter().any(|name| it.name.starts_with(name))).collect()
    })
}

/// Whether what a builtin returns can be of the type.
fn returns(declared: &Declared, want: &Type) -> bool {
    match (declared, want) {
        (Declared::Any, _) | (_, Type::Any) => true,
        (Declared::Null, Type::Null) | (Declared::Boolean, Type::Boolean) => true,
        (Declared::Number, Type::Number) | (Declared::String, Type::String) => true,
        (Declared::Array { .. }, Type::Array(_)) | (Declared::Set(_), Type::Set(_)) => true,
        (Declared::Object { .. }, Type::Map(_)) => true,
        (Declared::Union(types), want) => types.iter().any(|it| returns(it, want)),
        _ => false,
    }
}

impl Generator<'_> {
    /// A call of a function that was made before.
    pub(super) fn function_call(&mut self, want: &Type) -> Option<String> {
        let fitting: Vec<_> =
            self.named.iter().filter(|it| it.params.is_some() && want.takes(&it.result)).cloned().collect();
        let function = self.random.choose(&fitting)?.clone();
        let arguments: Vec<String> = function.params.iter().flatten().map(|of| self.term(of)).collect();
        Some(format!("{}({})", self.name_of(&function), arguments.join(", ")))
    }

    /// A call of a builtin.
    pub(super) fn builtin_call(&mut self, want: &Type) -> Option<String> {
        let fitting: Vec<&Builtin> = candidates()
            .iter()
            .filter(|it| it.result.as_ref().is_some_and(|result| returns(result, want)))
            .filter(|it| !it.deprecated || self.version == RegoVersion::V0)
            .copied()
            .collect();
        let builtin = *self.random.choose(&fitting)?;
        let known = self.arguments.and_then(|it| it.of(builtin.name)).unwrap_or_default();
        if self.random.chance(35)
            && let Some(arguments) = self.random.choose(known)
        {
            return Some(format!("{}({})", builtin.name, arguments.join(", ")));
        }
        let arguments: Vec<String> = builtin.params.iter().map(|of| self.argument(builtin.name, of)).collect();
        Some(format!("{}({})", builtin.name, arguments.join(", ")))
    }

    /// An argument of a declared type.
    fn argument(&mut self, builtin: &str, of: &Declared) -> String {
        let texts = TEXTS.iter().find(|(beginning, _)| builtin.starts_with(beginning)).map(|(_, texts)| *texts);
        match of {
            Declared::String if self.random.chance(80) && texts.is_some() => {
                self.random.pick(texts.unwrap_or(&["\"\""])).to_owned()
            }
            Declared::Number if builtin.starts_with("time.") && self.random.chance(70) => {
                self.random.pick(&["1700000000000000000", "0", "1", "-1", "1709251199000000000"]).to_owned()
            }
            Declared::Any => {
                let of = any_type(self.random, 2);
                self.term(&of)
            }
            Declared::Null => "null".to_owned(),
            Declared::Boolean => self.term(&Type::Boolean),
            Declared::Number => self.term(&Type::Number),
            Declared::String => self.term(&Type::String),
            Declared::Set(it) => {
                let of = self.declared(it);
                self.term(&Type::Set(Box::new(of)))
            }
            Declared::Array { fixed: [], rest: Some(it) } => {
                let of = self.declared(it);
                self.term(&Type::Array(Box::new(of)))
            }
            Declared::Array { fixed, .. } => {
                let items: Vec<String> = fixed.iter().map(|it| self.argument(builtin, it)).collect();
                format!("[{}]", items.join(", "))
            }
            Declared::Object { fixed: [], rest: Some((_, it)) } => {
                let of = self.declared(it);
                self.term(&Type::Map(Box::new(of)))
            }
            Declared::Object { fixed, .. } => {
                let entries = fixed.iter().map(|(key, it)| format!("{key:?}: {}", self.argument(builtin, it)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
            Declared::Union(types) => match self.random.choose(types) {
                Some(of) => self.argument(builtin, of),
                None => "null".to_owned(),
            },
        }
    }

    fn declared(&mut self, of: &Declared) -> Type {
        match of {
            Declared::Any => any_type(self.random, 1),
            Declared::Null => Type::Null,
            Declared::Boolean => Type::Boolean,
            Declared::Number => Type::Number,
            Declared::String => Type::String,
            Declared::Array { fixed, rest } => {
                let first = fixed.first().or(*rest).map_or(Type::Any, |it| self.declared(it));
                Type::Array(Box::new(first))
            }
            Declared::Object { rest: Some((_, it)), .. } => Type::Map(Box::new(self.declared(it))),
            Declared::Object { .. } => Type::Map(Box::new(Type::Any)),
            Declared::Set(it) => Type::Set(Box::new(self.declared(it))),
            Declared::Union(types) => match self.random.choose(types) {
                Some(of) => self.declared(of),
                None => Type::Any,
            },
        }
    }
}
