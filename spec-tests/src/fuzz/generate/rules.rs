//! Rules of all kinds.

use super::types::{KEYS, Type};
use super::{Generator, Named};

/// How much a rule may nest.
const FUEL: usize = 14;

impl Generator<'_> {
    /// The texts of all rules of one name, which can be referred to from now on.
    pub(super) fn rule(&mut self) -> String {
        self.fuel = FUEL;
        self.scans = if self.large { 1 + self.random.below(3) } else { 0 };
        let present = self.packages.len() - 1;
        // Names that are used in several packages, and rules of one name in several files.
        let known = self.named.iter().filter(|it| self.packages[it.package] == self.packages[present]).count();
        let name = format!("r{known}");
        let others: Vec<Named> = self.named.iter().filter(|it| self.is_elsewhere(it)).cloned().collect();
        let again = self.random.choose(&others).cloned().filter(|_| self.random.chance(20));
        let kind = match again.as_ref().map(|it| &it.result) {
            None => self.random.below(12),
            Some(Type::Set(_)) => 4,
            Some(Type::Map(_)) => 6,
            Some(_) => 0,
        };
        let name = again.map_or(name, |it| it.name);
        let (text, name, params, result) = match kind {
            0..=3 => self.complete(name),
            4 | 5 => self.partial_set(name),
            6 => self.partial_object(name),
            7 | 8 => self.general(name),
            _ => self.function(name),
        };
        self.named.push(Named { package: present, name, params, result });
        text
    }

    /// Whether a rule is one of the present package in another file, which may have a part of it here.
    fn is_elsewhere(&self, it: &Named) -> bool {
        let present = self.packages.len() - 1;
        it.package != present && self.packages[it.package] == self.packages[present] && it.params.is_none()
    }

    /// Whether rules are written as v0 has them.
    fn is_v0(&self) -> bool {
        self.implicit
    }

    /// A rule: `head`, and the statements if there are any.
    fn with_body(&mut self, head: &str, body: &[String]) -> String {
        if body.is_empty() {
            return format!("{head}\n");
        }
        let needs_if = !self.is_v0() || self.random.chance(30);
        let keyword = if needs_if { " if" } else { "" };
        if needs_if && body.len() == 1 && self.random.chance(30) && !body[0].contains(';') {
            return format!("{head}{keyword} {}\n", body[0]);
        }
        format!("{head}{keyword} {{\n\t{}\n}}\n", body.join("\n\t"))
    }

    fn assign(&mut self) -> &'static str {
        if self.is_v0() { "=" } else { self.random.pick(&[":=", ":=", "="]) }
    }

    fn complete(&mut self, name: String) -> (String, String, Option<Vec<Type>>, Type) {
        let result = self.some_type();
        let same = self.constant(&result);
        let mut text = String::new();
        if self.random.chance(30) {
            let value = self.constant(&result);
            text.push_str(&format!("default {name} {} {value}\n\n", self.assign()));
        }
        for _ in 0..1 + self.random.below(2) {
            text.push_str(&self.scoped(|it| {
                let body = if it.random.chance(85) { it.body() } else { Vec::new() };
                let value = if it.random.chance(40) { same.clone() } else { it.closed(|it| it.term(&result)) };
                let assign = it.assign();
                let head = if result == Type::Boolean && !body.is_empty() && it.random.chance(60) {
                    name.clone()
                } else {
                    format!("{name} {assign} {value}")
                };
                let is_empty = body.is_empty();
                it.with_body(&head, &body) + &if is_empty { String::new() } else { it.otherwise(&result) }
            }));
        }
        (text, name, None, result)
    }

    /// Some `else`.
    fn otherwise(&mut self, result: &Type) -> String {
        let mut text = String::new();
        while self.random.chance(25) {
            let (clause, is_last) = self.scoped(|it| {
                it.scope.retain(|(name, _)| name.starts_with("param"));
                let body = if it.random.chance(70) { it.body() } else { Vec::new() };
                let value = it.closed(|it| it.term(result));
                let assign = it.assign();
                (it.with_body(&format!("else {assign} {value}"), &body), body.is_empty())
            });
            text.push_str(&clause);
            if is_last {
                break;
            }
        }
        text
    }

    fn partial_set(&mut self, name: String) -> (String, String, Option<Vec<Type>>, Type) {
        let of = self.some_type();
        let text = self.several(|it| {
            let body = it.body_or_none();
            let value = it.closed(|it| it.term(&of));
            let head = if it.is_v0() && it.random.chance(60) {
                format!("{name}[{value}]")
            } else {
                format!("{name} contains {value}")
            };
            it.with_body(&head, &body)
        });
        (text, name, None, Type::Set(Box::new(of)))
    }

    fn partial_object(&mut self, name: String) -> (String, String, Option<Vec<Type>>, Type) {
        let of = self.some_type();
        let text = self.several(|it| {
            let body = it.body_or_none();
            let (key, value, assign) = (it.simple(&Type::String), it.closed(|it| it.term(&of)), it.assign());
            it.with_body(&format!("{name}[{key}] {assign} {value}"), &body)
        });
        (text, name, None, Type::Map(Box::new(of)))
    }

    /// Rules with longer references in their heads, variables among them, over one name.
    fn general(&mut self, name: String) -> (String, String, Option<Vec<Type>>, Type) {
        let of = self.some_type();
        let (mut fields, shape) = (Vec::new(), self.random.below(9));
        let odd = self.some_type();
        let key = self.random.pick(KEYS);
        let text = self.several(|it| {
            let body = it.body_or_none();
            let (first, second) = (it.simple(&Type::String), it.simple(&Type::String));
            let (value, assign) = (it.closed(|it| it.term(&of)), it.assign());
            let other = it.random.pick(KEYS);
            let head = match shape {
                0 => format!("{name}[{key:?}][{first}] {assign} {value}"),
                1 => format!("{name}[{first}][{other:?}] {assign} {value}"),
                2 => format!("{name}[{first}][{second}] {assign} {value}"),
                3 => format!("{name}[{first}][{key:?}] contains {value}"),
                4 => format!("{name}[{key:?}][{other:?}] {assign} {value}"),
                5 => format!("{name}[{key:?}][{first}].b[{second}] {assign} {value}"),
                6 => format!("{name}[{key:?}] contains {value}"),
                7 => format!("{name}[{}] {assign} {value}", it.simple(&odd)),
                _ => format!("{name}[{first}][{}] contains {value}", it.simple(&odd)),
            };
            it.with_body(&head, &body)
        });
        let (text, inner) = match shape {
            0 => {
                fields.push((key, Type::Map(Box::new(of))));
                let other = self.random.pick(KEYS);
                let value = self.constant(&Type::Number);
                let extra = if other == key || self.random.chance(50) {
                    String::new()
                } else {
                    fields.push((other, Type::Number));
                    format!("{name}[{other:?}] {} {value}\n", self.assign())
                };
                (text + &extra, Type::Record(fields))
            }
            3 => (text, Type::Map(Box::new(Type::Record(vec![(key, Type::Set(Box::new(of)))])))),
            6 => (text, Type::Record(vec![(key, Type::Set(Box::new(of)))])),
            7 => (text, Type::Any),
            8 => (text, Type::Map(Box::new(Type::Any))),
            4 => (text, Type::Map(Box::new(of))),
            5 => (text, Type::Record(vec![(key, Type::Map(Box::new(Type::Any)))])),
            _ => (text, Type::Map(Box::new(Type::Map(Box::new(of))))),
        };
        (text, name, None, inner)
    }

    fn function(&mut self, name: String) -> (String, String, Option<Vec<Type>>, Type) {
        let name = if self.random.chance(10) { format!("{name}.{}", self.random.pick(&["f", "a", "b"])) } else { name };
        let params: Vec<Type> = (0..1 + self.random.below(2)).map(|_| self.some_type()).collect();
        let result = self.some_type();
        let mut text = String::new();
        if self.random.chance(15) {
            let wild: Vec<&str> = params.iter().map(|_| "_").collect();
            let value = self.constant(&result);
            text.push_str(&format!("default {name}({}) {} {value}\n\n", wild.join(", "), self.assign()));
        }
        let same = self.constant(&result);
        text.push_str(&self.several(|it| {
            let patterns: Vec<String> = params.iter().map(|of| it.parameter(of)).collect();
            let body = if it.random.chance(60) { it.body() } else { Vec::new() };
            let value = if it.random.chance(40) { same.clone() } else { it.closed(|it| it.term(&result)) };
            let assign = it.assign();
            let head = format!("{name}({}) {assign} {value}", patterns.join(", "));
            let otherwise = if body.is_empty() { String::new() } else { it.otherwise(&result) };
            it.with_body(&head, &body) + &otherwise
        }));
        (text, name, Some(params), result)
    }

    fn parameter(&mut self, of: &Type) -> String {
        match self.random.below(10) {
            0 => self.constant(of),
            1 => "_".to_owned(),
            2..=4 if !matches!(of, Type::Set(_)) => {
                // Patterns of parameters must not hold what is bound elsewhere; nothing is yet.
                self.pattern(of, 2)
            }
            _ => {
                self.variables += 1;
                let name = format!("param{}", self.variables);
                self.scope.push((name.clone(), of.clone()));
                name
            }
        }
    }

    fn body_or_none(&mut self) -> Vec<String> {
        if self.random.chance(85) { self.body() } else { Vec::new() }
    }

    fn several(&mut self, mut rule: impl FnMut(&mut Self) -> String) -> String {
        let count = 1 + self.random.below(2);
        (0..count).map(|_| self.scoped(&mut rule)).collect::<Vec<_>>().join("\n")
    }
}
