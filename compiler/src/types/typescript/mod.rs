//! Declarations of TypeScript for the entrypoints of a program: what they are asked with and what they answer, as JSON has it.
//!
//! Looks at the types that were inferred and finds none. A declared result holds of every answer; a declared input may be wider than what a policy
//! makes use of, never narrower.

mod input;
mod text;

use std::collections::BTreeSet;

use super::TypeOptions;
use super::env::Env;
use super::schema::{OptionalKeys, Schemas, type_and_optional_keys};
use super::ty::{Key, Object, Type};
use crate::hir::dependencies::Dependencies;
use crate::hir::visit::{Visitor, is_constant, walk_body, walk_term};
use crate::hir::{
    self, Callee, Entrypoint, Expr, ExprKind, NOWHERE, Name, NodeId, Program, Ref, RefBase, RuleId, RuleKind, RuleSet,
    SchemaUse, Tree, WithTarget,
};
use text::{Declared, Member};

/// What the file begins with.
const HEAD: &str = "// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.\n";

/// Writes the declarations.
pub(super) fn declarations(
    program: &Program,
    dependencies: &Dependencies<'_>,
    env: &Env<'_>,
    options: &TypeOptions,
) -> String {
    let mut writer = Writer {
        program,
        dependencies,
        env,
        schemas: Schemas::new(options.schemas.clone(), options.annotations),
        optional: OptionalKeys::new(),
        laid: BTreeSet::new(),
    };
    let root = options.schemas.as_ref().and_then(|schemas| schemas.get([Name::from("schema")].as_slice()));
    let shared = root.and_then(|text| writer.schema(text));
    writer.read_metadata();
    let mut out = HEAD.to_owned();
    if let Some(shared) = &shared {
        out.push_str("\n/** What every entrypoint is asked with. */\nexport type Input = ");
        out.push_str(&writer.of(Some(shared)).text(0));
        out.push_str(";\n");
    }
    out.push_str("\nexport interface Entrypoints {\n");
    for entrypoint in &program.entrypoints {
        let input = if shared.is_some() { Declared::Name("Input") } else { writer.input(entrypoint) };
        let members = vec![Member::new("input", input), Member::new("result", writer.result(entrypoint))];
        let name = text::quoted(&entrypoint.name);
        out.push_str(&format!("  {name}: {};\n", Declared::Object(members, None).text(1)));
    }
    out.push_str("}\n");
    if out.contains("Collection<") {
        out.push_str(&format!("\n{}", text::COLLECTION));
    }
    out
}

/// The builtins that give other values than OPA declares: of no keys, this one gives `null`.
const UNLIKE_DECLARED: &[&str] = &["crypto.parse_private_keys"];

/// Looks for calls whose results may have other types than were inferred.
struct Calls<'p> {
    program: &'p Program,
    are_kept: bool,
}

impl Visitor<'_> for Calls<'_> {
    fn expr(&mut self, expr: &Expr) -> bool {
        let is_replaced = expr.with.iter().any(|with| matches!(with.target, WithTarget::Callee(_)));
        let is_unlike = match expr.kind {
            ExprKind::Call { callee: Callee::Builtin(builtin), .. } => {
                UNLIKE_DECLARED.contains(&&*self.program.builtins[builtin].name)
            }
            _ => false,
        };
        self.are_kept &= !is_replaced && !is_unlike;
        self.are_kept
    }
}

struct Writer<'a, 'p> {
    program: &'p Program,
    dependencies: &'a Dependencies<'p>,
    env: &'a Env<'p>,
    schemas: Schemas,
    /// Which keys of the objects of all schemas may be missing. The type of an object that comes from a document with a schema has the same keys,
    /// and those below.
    optional: OptionalKeys,
    /// The names on the way to parts of documents that have schemas of their own: these parts may be missing.
    laid: BTreeSet<Key>,
}

impl Writer<'_, '_> {
    /// The type of a schema; none if it is no schema.
    fn schema(&mut self, text: &str) -> Option<Type> {
        let (ty, optional) = type_and_optional_keys(text).ok()?;
        for (keys, missing) in optional {
            self.optional.entry(keys).or_default().extend(missing);
        }
        Some(ty)
    }

    /// Reads the schemas that metadata names, so that it is known which keys may be missing.
    fn read_metadata(&mut self) {
        let paths = self.program.schemas.values().flatten().flat_map(|schema| schema.path.iter().skip(1));
        self.laid = paths.map(|name| Key::String(name.clone())).collect();
        let texts: BTreeSet<Name> = self.program.schemas.values().flatten().filter_map(|it| self.text_of(it)).collect();
        for text in texts {
            self.schema(&text);
        }
    }

    /// Whether a key of an object with these keys may be missing.
    fn is_optional(&self, key: &Key, keys: &BTreeSet<&Key>) -> bool {
        let is_of = |all: &[Key]| all.iter().all(|key| keys.contains(key));
        self.laid.contains(key) || self.optional.iter().any(|(all, missing)| missing.contains(key) && is_of(all))
    }

    fn text_of(&self, schema: &SchemaUse) -> Option<Name> {
        self.schemas.text(&schema.schema).cloned()
    }

    /// The type of an input: what metadata says of it, or what the policy looks at.
    fn input(&mut self, entrypoint: &Entrypoint) -> Declared {
        let rules = self.rules(entrypoint);
        let uses = rules.iter().filter_map(|rule| self.program.schemas.get(rule)).flatten();
        let of_input = uses.filter(|schema| schema.path.first().is_some_and(|root| &**root == "input"));
        let texts: BTreeSet<(Vec<Name>, Name)> =
            of_input.filter_map(|schema| Some((schema.path.clone(), self.text_of(schema)?))).collect();
        let mut parts = Vec::new();
        for (path, text) in texts {
            let Some(ty) = self.schema(&text) else { continue };
            let part = self.of(Some(&ty));
            let below = path.get(1..).unwrap_or_default();
            parts.push(below.iter().rev().fold(part, |part, name| {
                Declared::Object(vec![Member { name: name.to_string(), is_optional: true, of: part }], None)
            }));
        }
        if parts.is_empty() { input::looked_at(self.program, self.dependencies, &rules) } else { Declared::Both(parts) }
    }

    /// The rules that make the document of an entrypoint.
    fn rules(&self, entrypoint: &Entrypoint) -> BTreeSet<RuleId> {
        let mut nodes = vec![self.node(&entrypoint.path).0];
        let mut rules = BTreeSet::new();
        while let Some(node) = nodes.pop() {
            let node = &self.program.tree.nodes[node];
            nodes.extend(node.children.values());
            let set = node.set.map(|set| &self.program.sets[set]);
            rules.extend(set.into_iter().flat_map(|set| set.rules.iter().chain(&set.default)));
        }
        rules
    }

    /// The last node on a path, and what is left of the path below it.
    fn node<'e>(&self, path: &'e [Name]) -> (NodeId, &'e [Name]) {
        let mut node = Tree::ROOT;
        for (at, name) in path.iter().enumerate() {
            match self.program.tree.child(node, name) {
                Some(child) => node = child,
                None => return (node, path.get(at..).unwrap_or_default()),
            }
        }
        (node, &[])
    }

    /// The type of an answer.
    fn result(&self, entrypoint: &Entrypoint) -> Declared {
        if !self.are_types_kept(entrypoint) {
            return Declared::Unknown;
        }
        let (node, below) = self.node(&entrypoint.path);
        let (of, is_defined) = match self.program.tree.nodes[node].set {
            None if below.is_empty() => (self.document(node).0, true),
            // What is no document of rules is one of the data.
            None => (Declared::Unknown, false),
            Some(set) => {
                let is_defined = below.is_empty() && self.is_always_defined(&self.program.sets[set]);
                (self.of(self.type_at(entrypoint.path.iter().map(hir::Key::from)).as_ref()), is_defined)
            }
        };
        if is_defined { of } else { of.or_undefined() }
    }

    /// Whether values have the types that were inferred: where `with` replaces a function, what is called may give others.
    fn are_types_kept(&self, entrypoint: &Entrypoint) -> bool {
        let clauses = self.dependencies.reachable(self.rules(entrypoint).into_iter());
        let mut calls = Calls { program: self.program, are_kept: true };
        for clause in clauses {
            let rule = &self.program.rules[clause.rule];
            let (body, value) = clause.parts(rule);
            walk_body(&mut calls, body);
            rule.suffix.iter().chain(&rule.element).chain([value]).for_each(|term| walk_term(&mut calls, term));
        }
        calls.are_kept
    }

    /// The type of the whole of what rules make at a node, and whether it is always defined: a package is an object even when none of its rules is.
    fn document(&self, node: NodeId) -> (Declared, bool) {
        let node_data = &self.program.tree.nodes[node];
        let Some(set) = node_data.set else {
            let (mut members, mut rest): (Vec<Member>, _) = (Vec::new(), None);
            for (key, child) in &node_data.children {
                let is_function = self.program.tree.nodes[*child]
                    .set
                    .is_some_and(|set| matches!(self.program.sets[set].kind, RuleKind::Function(_)));
                if !is_function {
                    let (of, is_defined) = self.document(*child);
                    let name = text::name_of(&Key::from(key.clone()));
                    add_member(&mut members, &mut rest, name, of, !is_defined);
                }
            }
            let has_rules = !members.is_empty();
            return (Declared::Object(members, rest.map(Box::new)), has_rules);
        };
        let path = self.program.tree.path(node);
        (self.of(self.type_at(path).as_ref()), self.is_always_defined(&self.program.sets[set]))
    }

    fn type_at(&self, path: impl IntoIterator<Item = hir::Key>) -> Option<Type> {
        let path = path.into_iter().map(|key| key.term(NOWHERE)).collect();
        self.env.type_of_reference(&Ref { base: RefBase::Data, path })
    }

    /// Whether the document of some rules has a value whatever they are asked.
    fn is_always_defined(&self, set: &RuleSet) -> bool {
        let is_unconditional = |rule: &RuleId| {
            let rule = &self.program.rules[*rule];
            rule.body.exprs.is_empty() && is_constant(&rule.value)
        };
        match set.kind {
            RuleKind::PartialSet | RuleKind::PartialObject => true,
            RuleKind::Complete => set.default.is_some() || set.rules.iter().any(is_unconditional),
            RuleKind::Function(_) => false,
        }
    }

    /// A type as JSON has its values.
    fn of(&self, ty: Option<&Type>) -> Declared {
        match ty {
            None | Some(Type::Function(_)) => Declared::Unknown,
            Some(Type::Null) => Declared::Name("null"),
            Some(Type::Boolean) => Declared::Name("boolean"),
            Some(Type::Number) => Declared::Name("number"),
            Some(Type::String) => Declared::Name("string"),
            Some(Type::Array(array)) => {
                let fixed = array.fixed.iter().map(|item| self.of(item.as_ref())).collect();
                Declared::Array(fixed, array.rest.as_ref().map(|rest| Box::new(self.of(Some(rest)))))
            }
            Some(Type::Set(set)) => {
                let of = set.of.as_ref().map_or(Declared::Name("never"), |of| self.of(Some(of)));
                Declared::Array(Vec::new(), Some(Box::new(of)))
            }
            Some(Type::Any(any)) if any.of.is_empty() => Declared::Unknown,
            Some(Type::Any(any)) => Declared::Any(any.of.iter().map(|ty| self.of(Some(ty))).collect()),
            Some(Type::Object(object)) => self.object(object),
        }
    }

    fn object(&self, object: &Object) -> Declared {
        let keys: BTreeSet<&Key> = object.fixed.iter().map(|(key, _)| key).collect();
        let mut members: Vec<Member> = Vec::new();
        let mut rest = object.rest.as_ref().map(|(_, value)| self.of(value.as_ref()));
        // That of documents which rules make has further values: base documents. A rule need not be defined, and a function is no value.
        let is_open = object.rest.is_some();
        let values = object.fixed.iter().filter(|(_, value)| !matches!(value, Some(Type::Function(_))));
        for (key, value) in values {
            let of = self.of(value.as_ref());
            let is_optional = is_open || self.is_optional(key, &keys);
            add_member(&mut members, &mut rest, text::name_of(key), of, is_optional);
        }
        Declared::Object(members, rest.map(Box::new))
    }
}

/// Adds a member of an object. One without a name, or with one that is taken (several keys may become the same text), is one of the rest.
fn add_member(
    members: &mut Vec<Member>,
    rest: &mut Option<Declared>,
    name: Option<String>,
    of: Declared,
    is_optional: bool,
) {
    match name {
        Some(name) if members.iter().all(|member| member.name != name) => {
            members.push(Member { name, is_optional, of });
        }
        _ => *rest = Some(rest.take().map_or(of.clone(), |rest| Declared::Any(vec![rest, of]))),
    }
}
