//! Terms: of a type that is wanted, from what can be referred to where they stand.

use regoc_compiler::source::RegoVersion;

use super::types::{KEYS, Type, any_type, large_value, value};
use super::{Generator, Named};

impl Generator<'_> {
    /// A type to want.
    pub(super) fn some_type(&mut self) -> Type {
        match self.random.below(10) {
            0..=2 => Type::Number,
            3..=5 => Type::String,
            6 => Type::Boolean,
            _ => any_type(self.random, 2),
        }
    }

    /// A term of the type, mostly.
    pub(super) fn term(&mut self, want: &Type) -> String {
        if *want == Type::Any {
            let other = self.some_type();
            return self.term(&other);
        }
        if !self.burn() || self.random.chance(12) {
            return self.simple(want);
        }
        match self.random.below(100) {
            0..=24 => self.variable(want).unwrap_or_else(|| self.simple(want)),
            25..=54 => self.reference(want).unwrap_or_else(|| self.simple(want)),
            55..=64 => self.builtin_call(want).unwrap_or_else(|| self.simple(want)),
            65..=74 => self.function_call(want).unwrap_or_else(|| self.simple(want)),
            _ => self.composed(want),
        }
    }

    /// A variable or a constant.
    pub(super) fn simple(&mut self, want: &Type) -> String {
        if self.random.chance(60)
            && let Some(variable) = self.variable(want)
        {
            return variable;
        }
        self.constant(want)
    }

    pub(super) fn constant(&mut self, want: &Type) -> String {
        if self.large && self.random.chance(2) {
            large_value(self.random, want, 1)
        } else {
            value(self.random, want, 1)
        }
    }

    pub(super) fn variable(&mut self, want: &Type) -> Option<String> {
        let visible = self.scope.iter().enumerate().filter(|(at, (name, _))| {
            // Of variables with the same name, the last one is meant.
            !self.scope[at + 1..].iter().any(|(later, _)| later == name)
        });
        let fitting: Vec<&String> = visible.filter(|(_, (_, it))| want.takes(it)).map(|(_, (name, _))| name).collect();
        self.random.choose(&fitting).map(|name| (*name).clone())
    }

    /// A term that is made of others.
    fn composed(&mut self, want: &Type) -> String {
        match want {
            Type::Number => {
                let sign = self.random.pick(&["+", "-", "*", "/", "%"]);
                let (a, b) = (self.term(&Type::Number), self.term(&Type::Number));
                match self.random.below(8) {
                    0 => format!("{a} {sign} {b}"),
                    1 if a.starts_with(|first: char| first.is_ascii_digit()) => format!("-{a}"),
                    _ => format!("({a} {sign} {b})"),
                }
            }
            Type::String if self.version == RegoVersion::V0 => self.simple(want),
            Type::String => self.template(),
            Type::Boolean => {
                let sides = self.some_type();
                let (a, b) = (self.term(&sides), self.term(&sides));
                match self.random.below(3) {
                    0 => format!("({a} == {b})"),
                    1 => format!("({a} {} {b})", self.random.pick(&["<", "<=", ">", ">=", "!="])),
                    _ => {
                        let items = self.term(&Type::Array(Box::new(sides)));
                        format!("({a} in {items})")
                    }
                }
            }
            Type::Array(it) if self.random.chance(50) => self.comprehension("[", "]", it),
            Type::Set(it) if self.random.chance(60) => self.comprehension("{", "}", it),
            Type::Map(it) if self.random.chance(60) => self.object_comprehension(it),
            Type::Array(it) => format!("[{}]", self.terms(it).join(", ")),
            Type::Set(it) if self.random.chance(30) => {
                let sets = Type::Set(it.clone());
                let sign = self.random.pick(&["|", "&", "-"]);
                format!("({} {sign} {})", self.term(&sets), self.term(&sets))
            }
            Type::Set(it) => format!("{{{}}}", self.terms(it).join(", ")),
            Type::Map(it) => {
                let entries: Vec<String> =
                    self.terms(it).into_iter().map(|it| format!("{}: {it}", self.key())).collect();
                format!("{{{}}}", entries.join(", "))
            }
            Type::Record(fields) => {
                let entries: Vec<String> =
                    fields.iter().map(|(key, it)| format!("{key:?}: {}", self.term(it))).collect();
                format!("{{{}}}", entries.join(", "))
            }
            Type::Any | Type::Null => self.simple(want),
        }
    }

    fn key(&mut self) -> String {
        if self.random.chance(50) { format!("{:?}", self.random.pick(KEYS)) } else { self.simple(&Type::String) }
    }

    fn terms(&mut self, of: &Type) -> Vec<String> {
        (0..1 + self.random.below(2)).map(|_| self.term(of)).collect()
    }

    fn template(&mut self) -> String {
        let raw = self.random.chance(20);
        let mut text = String::new();
        for _ in 0..1 + self.random.below(2) {
            text.push_str(self.random.pick(&["", "v=", "a ", "\\{", "é"]));
            let part = self.closed(|it| {
                let want = it.some_type();
                it.term(&want)
            });
            // A quote would end the template that is not raw, and a line end is none in it.
            if !part.contains(['"', '`', '\n']) || (raw && !part.contains(['`', '\n'])) {
                text.push_str(&format!("{{{part}}}"));
            }
        }
        let quote = if raw { '`' } else { '"' };
        format!("${quote}{text}{quote}")
    }

    fn comprehension(&mut self, open: &str, close: &str, of: &Type) -> String {
        self.open(|it| {
            let body = it.short_body();
            let term = it.term(of);
            format!("{open}{term} | {body}{close}")
        })
    }

    fn object_comprehension(&mut self, of: &Type) -> String {
        self.open(|it| {
            let body = it.short_body();
            let (key, term) = (it.simple(&Type::String), it.term(of));
            format!("{{{key}: {term} | {body}}}")
        })
    }

    /// A reference to something of the type.
    pub(super) fn reference(&mut self, want: &Type) -> Option<String> {
        for _ in 0..6 {
            let known = self.scope.len();
            let (text, of) = self.path();
            if want.takes(&of) || (of == Type::Any && self.random.chance(30)) {
                return Some(text);
            }
            self.scope.truncate(known);
        }
        None
    }

    /// A collection to go through, with its type.
    pub(super) fn collection(&mut self) -> (String, Type) {
        for _ in 0..4 {
            let known = self.scope.len();
            let (text, of) = self.path();
            if of.element().is_some() {
                return (text, of);
            }
            self.scope.truncate(known);
        }
        let of = match self.random.below(3) {
            0 => Type::Array(Box::new(self.some_type())),
            1 => Type::Set(Box::new(self.some_type())),
            _ => Type::Map(Box::new(self.some_type())),
        };
        (self.term(&of), of)
    }

    /// A reference to anything, with its type.
    pub(super) fn path(&mut self) -> (String, Type) {
        let (mut text, mut of) = if self.random.chance(2) { self.made_root() } else { self.root() };
        while self.random.chance(65) {
            let Some((step, below)) = self.step(&of) else { break };
            text.push_str(&step);
            of = below;
        }
        (text, of)
    }

    /// A value that is made where a reference looks into it: a call, a comprehension, a collection.
    fn made_root(&mut self) -> (String, Type) {
        let inner = Box::new(self.some_type());
        let of = match self.random.below(3) {
            0 => Type::Array(inner),
            1 => Type::Set(inner),
            _ => Type::Map(inner),
        };
        let text = match self.random.below(3) {
            0 => self.function_call(&of),
            1 => self.builtin_call(&of),
            _ => None,
        };
        (text.unwrap_or_else(|| self.composed(&of)), of)
    }

    /// Where a reference begins.
    fn root(&mut self) -> (String, Type) {
        let documents: Vec<Named> = self.named.iter().filter(|it| it.params.is_none()).cloned().collect();
        match self.random.below(10) {
            0 if !self.aliases.is_empty() => self.aliases[0].clone(),
            0..=2 => ("input".to_owned(), self.input.clone()),
            3 => ("data.base".to_owned(), self.base.clone()),
            4 => self.whole_package().unwrap_or_else(|| ("data.base".to_owned(), self.base.clone())),
            5 => match self.random.choose(&self.scope) {
                Some((name, of)) => (name.clone(), of.clone()),
                None => ("input".to_owned(), self.input.clone()),
            },
            _ => match self.random.choose(&documents) {
                Some(it) => (self.name_of(it), it.result.clone()),
                None => ("input".to_owned(), self.input.clone()),
            },
        }
    }

    /// A package that is finished, with all below it; sometimes one of its documents, chosen by a variable.
    fn whole_package(&mut self) -> Option<(String, Type)> {
        let present = self.packages.len() - 1;
        let other = self.random.below(present.max(1));
        let package = *self.packages.get(other).filter(|_| present > 0)?;
        // A package around the present one would depend on itself.
        if self.packages[present].starts_with(package) {
            return None;
        }
        Some((format!("data.{package}"), Type::Map(Box::new(Type::Any))))
    }

    /// How a rule or function is called from the present package.
    pub(super) fn name_of(&mut self, named: &Named) -> String {
        let present = self.packages.len() - 1;
        if self.packages[named.package] == self.packages[present] && self.random.chance(80) {
            return named.name.clone();
        }
        let imported = self.imports.iter().find(|(package, _)| *package == named.package).map(|(_, name)| name.clone());
        match imported {
            Some(name) if self.random.chance(70) => format!("{name}.{}", named.name),
            _ => format!("data.{}.{}", self.packages[named.package], named.name),
        }
    }

    /// A step into a value of the type, and the type of what is there.
    fn step(&mut self, of: &Type) -> Option<(String, Type)> {
        let below = of.element();
        let by_variable = |it: &mut Self, key: &Type| match it.random.below(3) {
            _ if it.closed => it.variable(key).map(|name| format!("[{name}]")),
            0 => Some("[_]".to_owned()),
            1 => it.variable(key).map(|name| format!("[{name}]")),
            _ => {
                let name = it.fresh();
                it.scope.push((name.clone(), key.clone()));
                Some(format!("[{name}]"))
            }
        };
        match of {
            Type::Record(fields) if self.random.chance(80) => {
                let (name, field) = self.random.choose(fields)?;
                Some((if name.starts_with('1') { format!("[{name:?}]") } else { format!(".{name}") }, field.clone()))
            }
            Type::Map(it) if self.random.chance(50) => {
                let key = self.random.pick(KEYS);
                Some((format!("[{key:?}]"), (**it).clone()))
            }
            Type::Array(it) if self.random.chance(40) => Some((format!("[{}]", self.random.below(3)), (**it).clone())),
            Type::Array(_) | Type::Set(_) | Type::Map(_) if !self.closed && self.random.chance(1) => {
                // A pattern in the place of a key.
                let (first, second) = (self.fresh(), self.fresh());
                self.scope.extend([(first.clone(), Type::Any), (second.clone(), Type::Any)]);
                Some((format!("[[{first}, {second}]]"), below.unwrap_or(Type::Any)))
            }
            Type::Set(it) if self.random.chance(40) => {
                let element = self.constant(it);
                Some((format!("[{element}]"), (**it).clone()))
            }
            Type::Any if self.random.chance(50) => {
                let key = self.random.pick(&[".a", ".b", "[0]", "[1]", ".id", "[true]", "[1.0]", "[[1, \"a\"]]"]);
                Some((key.to_owned(), Type::Any))
            }
            Type::Any | Type::Record(_) | Type::Map(_) | Type::Array(_) | Type::Set(_) => {
                let step = by_variable(self, &of.key())?;
                Some((step, below.unwrap_or(Type::Any)))
            }
            _ => None,
        }
    }
}
