//! The nodes of OPA's tree as values, `{"type": …, "value": …}`, and OPA's order of them (`v1/ast/compare.go`).

use core::cmp::Ordering;

use crate::{Array, Object, Value, compare};

/// The kinds of terms, in OPA's order.
const KINDS: [&str; 14] = [
    "null",
    "boolean",
    "number",
    "string",
    "templatestring",
    "var",
    "ref",
    "array",
    "object",
    "set",
    "arraycomprehension",
    "objectcomprehension",
    "setcomprehension",
    "call",
];

/// The names that every node has, each kept once.
pub(super) struct Words {
    kind: Value,
    value: Value,
}

impl Words {
    pub(super) fn new() -> Self {
        Self { kind: Value::string(b"type"), value: Value::string(b"value") }
    }

    /// A node of a kind.
    pub(super) fn node(&self, kind: &str, value: Value) -> Value {
        let node = Object::new(2);
        node.insert(self.kind, text(kind));
        node.insert(self.value, value);
        node.into()
    }

    /// The kind of a term, or of an operator.
    pub(super) fn kind(&self, node: Value) -> &'static [u8] {
        node.as_object().and_then(|node| node.get(self.kind).as_str()).unwrap_or_default()
    }

    /// What a term holds.
    pub(super) fn content(&self, node: Value) -> Value {
        node.as_object().map_or(Value::UNDEFINED, |node| node.get(self.value))
    }

    /// OPA's order of terms.
    pub(super) fn order(&self, a: Value, b: Value) -> Ordering {
        let (kind, other) = (self.kind(a), self.kind(b));
        if kind != other {
            return rank(kind).cmp(&rank(other));
        }
        let (a, b) = (self.content(a), self.content(b));
        match kind {
            b"ref" | b"array" | b"set" | b"call" => in_turn(a, b, |a, b| self.order(a, b)),
            b"object" => in_turn(a, b, |a, b| in_turn(a, b, |a, b| self.order(a, b))),
            b"arraycomprehension" | b"setcomprehension" | b"objectcomprehension" => ["key", "value", "term"]
                .into_iter()
                .map(|part| self.order(field(a, part), field(b, part)))
                .find(|order| order.is_ne())
                .unwrap_or_else(|| self.body_order(field(a, "body"), field(b, "body"))),
            b"templatestring" => {
                let parts = [a, b].map(|template| elements(field(template, "parts")));
                compare(field(a, "multi_line"), field(b, "multi_line"))
                    .then(parts[0].len().cmp(&parts[1].len()))
                    .then_with(|| slices_in_turn(parts[0], parts[1], |a, b| self.part_order(a, b)))
            }
            _ => compare(a, b),
        }
    }

    /// The order of parts of template strings: terms lie before expressions.
    fn part_order(&self, a: Value, b: Value) -> Ordering {
        let is_expression = |part| !field(part, "terms").is_undefined();
        match (is_expression(a), is_expression(b)) {
            (false, false) => self.order(a, b),
            (true, true) => self.expression_order(a, b),
            (first, second) => first.cmp(&second),
        }
    }

    fn body_order(&self, a: Value, b: Value) -> Ordering {
        in_turn(a, b, |a, b| self.expression_order(a, b))
    }

    fn expression_order(&self, a: Value, b: Value) -> Ordering {
        let (terms, other) = (field(a, "terms"), field(b, "terms"));
        let form = self.form(terms);
        let negated = |expression| !field(expression, "negated").is_undefined();
        form.cmp(&self.form(other))
            .then(negated(a).cmp(&negated(b)))
            .then_with(|| self.terms_order(form, terms, other))
            .then_with(|| {
                in_turn(field(a, "with"), field(b, "with"), |a, b| {
                    self.order(field(a, "target"), field(b, "target"))
                        .then_with(|| self.order(field(a, "value"), field(b, "value")))
                })
            })
    }

    /// The order of what two expressions of the same form consist of.
    fn terms_order(&self, form: Form, a: Value, b: Value) -> Ordering {
        let terms = |part: &str| self.order(field(a, part), field(b, part));
        let bodies = |part: &str| self.body_order(field(a, part), field(b, part));
        match form {
            Form::Term => self.order(a, b),
            Form::Call => in_turn(a, b, |a, b| self.order(a, b)),
            Form::Some => in_turn(field(a, "symbols"), field(b, "symbols"), |a, b| self.order(a, b)),
            Form::Every => {
                terms("key").then_with(|| terms("value")).then_with(|| terms("domain")).then_with(|| bodies("body"))
            }
            Form::Not => bodies("body"),
            Form::And | Form::Or => bodies("lhs").then_with(|| bodies("rhs")),
        }
    }

    fn form(&self, terms: Value) -> Form {
        if terms.as_array().is_some() {
            return Form::Call;
        }
        match self.kind(terms) {
            b"not" => Form::Not,
            b"and" => Form::And,
            b"or" => Form::Or,
            b"" if field(terms, "symbols").is_undefined() => Form::Every,
            b"" => Form::Some,
            _ => Form::Term,
        }
    }

    /// Whether a term holds no variable, as OPA sees it: the first part of a reference does not count.
    pub(super) fn is_ground(&self, node: Value) -> bool {
        let content = self.content(node);
        let all = |terms: &[Value]| terms.iter().all(|term| self.is_ground(*term));
        match self.kind(node) {
            b"var" | b"templatestring" => false,
            b"ref" => all(elements(content).get(1..).unwrap_or_default()),
            b"array" | b"set" | b"call" => all(elements(content)),
            b"object" => elements(content).iter().all(|pair| all(elements(*pair))),
            b"arraycomprehension" | b"setcomprehension" | b"objectcomprehension" => {
                let terms = ["key", "value", "term"].into_iter().map(|part| field(content, part));
                terms.filter(|term| !term.is_undefined()).all(|term| self.is_ground(term))
                    && self.is_ground_body(field(content, "body"))
            }
            _ => true,
        }
    }

    fn is_ground_body(&self, body: Value) -> bool {
        elements(body).iter().all(|expression| {
            let terms = field(*expression, "terms");
            match self.form(terms) {
                Form::Term => self.is_ground(terms),
                Form::Call => elements(terms).iter().skip(1).all(|term| self.is_ground(*term)),
                Form::Not => self.is_ground_body(field(terms, "body")),
                Form::And | Form::Or => {
                    self.is_ground_body(field(terms, "lhs")) && self.is_ground_body(field(terms, "rhs"))
                }
                Form::Some | Form::Every => false,
            }
        })
    }
}

/// What an expression consists of, in OPA's order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Some,
    Term,
    Call,
    Every,
    Not,
    And,
    Or,
}

fn rank(kind: &[u8]) -> usize {
    KINDS.iter().position(|known| known.as_bytes() == kind).unwrap_or(KINDS.len())
}

/// A string.
pub(super) fn text(text: &str) -> Value {
    Value::string(text.as_bytes())
}

/// A field of an object, or undefined.
fn field(object: Value, name: &str) -> Value {
    object.as_object().map_or(Value::UNDEFINED, |object| object.get(text(name)))
}

fn elements(list: Value) -> &'static [Value] {
    list.as_array().map(Array::as_slice).unwrap_or_default()
}

/// The order of lists by their first elements that differ, else by their lengths.
fn in_turn(a: Value, b: Value, order: impl FnMut(Value, Value) -> Ordering) -> Ordering {
    slices_in_turn(elements(a), elements(b), order)
}

fn slices_in_turn(a: &[Value], b: &[Value], mut order: impl FnMut(Value, Value) -> Ordering) -> Ordering {
    let differing = a.iter().zip(b).map(|(a, b)| order(*a, *b)).find(|order| order.is_ne());
    differing.unwrap_or_else(|| a.len().cmp(&b.len()))
}

/// An object of the fields that are there.
pub(super) fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    let object = Object::new(N);
    for (name, value) in fields {
        if let Some(value) = value {
            object.insert(text(name), value);
        }
    }
    object.into()
}

/// A list.
pub(super) fn list(elements: impl IntoIterator<Item = Value>) -> Value {
    elements.into_iter().collect::<Array>().into()
}
