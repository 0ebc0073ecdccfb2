//! Scans of large collections that ask each element for something, as an index can answer it: constants, what other scans give, the
//! element's key.

use super::Generator;
use super::types::{KEYS, Type};

impl Generator<'_> {
    /// Goes through a collection, and compares what is in its elements.
    pub(super) fn scan(&mut self) -> String {
        self.scans -= 1;
        let (path, of) = self.table();
        let element = of.element().unwrap_or(Type::Any);
        let (binding, key, value) = match self.random.below(6) {
            0 | 1 => {
                let (key, value) = (self.declare(&of.key()), self.declare(&element));
                (format!("some {key}, {value} in {path}; "), Some(key), value)
            }
            2 | 3 => {
                let value = self.declare(&element);
                (format!("some {value} in {path}; "), None, value)
            }
            4 => {
                let (key, value) = (self.bind(&of.key()), self.bind(&element));
                let sign = self.random.pick(&[":=", "="]);
                (format!("some {key}; {value} {sign} {path}[{key}]; "), Some(key), value)
            }
            _ => {
                let key = self.bind(&of.key());
                let value = format!("{path}[{key}]");
                (String::new(), Some(key), value)
            }
        };
        let mut asked: Vec<String> = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            asked.push(match &key {
                Some(key) if self.random.chance(40) => self.asked_key(key, &of.key()),
                _ => self.asked(&value, &element, key.as_deref()),
            });
        }
        binding + &asked.join("; ")
    }

    /// A large collection most times: one that begins a document, or a rule.
    fn table(&mut self) -> (String, Type) {
        let (root, document) =
            if self.random.chance(50) { ("input", self.input.clone()) } else { ("data.base", self.base.clone()) };
        match document {
            Type::Record(fields) if self.random.chance(75) => match fields.into_iter().next() {
                Some((name, of)) if of.element().is_some() => (format!("{root}.{name}"), of),
                _ => self.collection(),
            },
            _ => self.collection(),
        }
    }

    /// A comparison of something in an element with its key or anything else.
    fn asked(&mut self, value: &str, of: &Type, key: Option<&str>) -> String {
        let (left, of) = match of {
            Type::Record(fields) => match self.random.choose(fields) {
                Some((field, of)) => self.field_of(value, field, of),
                None => (value.to_owned(), Type::Any),
            },
            Type::Any => (format!("{value}.{}", self.random.pick(&["id", "a", "b"])), Type::Any),
            of => (value.to_owned(), of.clone()),
        };
        let right = match key {
            Some(key) if self.random.chance(35) => key.to_owned(),
            _ if self.random.chance(30) => self.field_in_scope(value, &of).unwrap_or_else(|| self.simple(&of)),
            _ if self.random.chance(20) => self.reference(&of).unwrap_or_else(|| self.simple(&of)),
            _ => self.simple(&of),
        };
        let sign = self.random.pick(&["==", "==", "==", "==", "=", "=", "!=", "<="]);
        if self.random.chance(50) { format!("{left} {sign} {right}") } else { format!("{right} {sign} {left}") }
    }

    /// A comparison of an element's key: with a key that there may be, written as it is or in another way, or with anything else.
    fn asked_key(&mut self, key: &str, of: &Type) -> String {
        let wanted = match of {
            Type::String if self.random.chance(50) => format!("{:?}", self.random.pick(KEYS)),
            Type::Number if self.random.chance(50) => {
                self.random.pick(&["0", "1", "2", "-0", "1.0", "2.0", "1e0", "2.5"]).to_owned()
            }
            _ if self.random.chance(50) => self.reference(of).unwrap_or_else(|| self.simple(of)),
            _ => self.simple(of),
        };
        let sign = self.random.pick(&["==", "==", "==", "=", "!="]);
        if self.random.chance(50) { format!("{key} {sign} {wanted}") } else { format!("{wanted} {sign} {key}") }
    }

    /// A field of the type in another variable's value: two scans are joined by it.
    fn field_in_scope(&mut self, value: &str, want: &Type) -> Option<String> {
        let mut found = Vec::new();
        for (name, of) in &self.scope {
            if let Type::Record(fields) = of
                && name != value
            {
                let fitting = fields.iter().filter(|(_, field)| want.takes(field));
                found.extend(fitting.map(|(field, _)| format!("{name}[{field:?}]")));
            }
        }
        self.random.choose(&found).cloned()
    }

    /// A field of an element, or an element of the field if it is a collection, with its type.
    fn field_of(&mut self, value: &str, field: &str, of: &Type) -> (String, Type) {
        let path = format!("{value}[{field:?}]");
        match (of, of.element()) {
            (Type::Record(_), _) | (_, None) => (path, of.clone()),
            (_, Some(inner)) => {
                let step = match self.random.below(3) {
                    0 => "_".to_owned(),
                    1 => self.bind(&of.key()),
                    _ if *of == Type::Array(Box::new(inner.clone())) => "0".to_owned(),
                    _ => format!("{:?}", self.random.pick(KEYS)),
                };
                (format!("{path}[{step}]"), inner)
            }
        }
    }
}
