//! Bodies: statements that bind variables, and statements that ask about them.

use super::Generator;
use super::types::{KEYS, Type};
use crate::fuzz::tokens::tokens;

impl Generator<'_> {
    /// The statements of a rule.
    pub(super) fn body(&mut self) -> Vec<String> {
        let known = self.declared.len();
        let mut statements = Vec::new();
        for _ in 0..1 + self.random.below(4) {
            statements.push(self.statement());
        }
        self.use_declared(known, &mut statements);
        if self.random.chance(3) {
            self.random.shuffle(&mut statements);
        }
        statements
    }

    /// A body in a comprehension, on one line.
    pub(super) fn short_body(&mut self) -> String {
        let known = self.declared.len();
        let mut statements = vec![if self.scans > 0 && self.random.chance(30) { self.scan() } else { self.binding() }];
        if self.random.chance(40) {
            statements.push(self.question());
        }
        self.use_declared(known, &mut statements);
        statements.join("; ")
    }

    /// Asks something about what is declared and appears only once: OPA refuses it otherwise.
    fn use_declared(&mut self, known: usize, statements: &mut Vec<String>) {
        let text = statements.join("\n");
        for (name, of) in self.declared.split_off(known) {
            let uses = tokens(&text).iter().filter(|token| token.text == name).count();
            if uses < 2 {
                let other = self.constant(&of);
                statements.push(format!("{name} {} {other}", self.random.pick(&["!=", ">=", "==", "<"])));
            }
        }
    }

    pub(super) fn declare(&mut self, of: &Type) -> String {
        let name = self.bind(of);
        self.declared.push((name.clone(), of.clone()));
        name
    }

    fn statement(&mut self) -> String {
        let replacements = if self.random.chance(8) { self.replacements() } else { String::new() };
        let text = match self.scans > 0 && self.random.chance(40) {
            true => self.scan(),
            false if self.random.chance(55) => self.binding(),
            false => self.question(),
        };
        text + &replacements
    }

    /// A statement that binds variables.
    fn binding(&mut self) -> String {
        if self.random.chance(3) {
            return self.call_with_result();
        }
        if self.random.chance(4) {
            let (term, of) = self.matched();
            let pattern = self.assigned(&of, 2);
            return format!("{pattern} := {term}");
        }
        match self.random.below(12) {
            0..=2 => {
                let of = self.some_type();
                let term = self.term(&of);
                let name = self.bind(&of);
                format!("{name} := {term}")
            }
            3 | 4 => {
                let (path, of) = self.path();
                let name = self.bind(&of);
                format!("{name} {} {path}", self.random.pick(&[":=", "="]))
            }
            5 | 6 => {
                let (term, of) = self.matched();
                let pattern = self.pattern(&of, 2);
                if self.random.chance(50) { format!("{pattern} = {term}") } else { format!("{term} = {pattern}") }
            }
            7 => {
                let of = self.some_type();
                let (left, right) = self.both_sides(&of, 3);
                format!("{left} = {right}")
            }
            8 | 9 => self.some_in(),
            10 => {
                let (path, of) = self.collection();
                let (key, element) = (self.fresh(), self.fresh());
                self.scope.push((key.clone(), of.key()));
                self.scope.push((element.clone(), of.element().unwrap_or(Type::Any)));
                format!("some {key}; {path}[{key}] = {element}")
            }
            _ => {
                let (path, _) = self.path();
                let (at, value) = (self.fresh(), self.fresh());
                let place = Type::Array(Box::new(Type::String));
                self.scope.push((at.clone(), place));
                self.scope.push((value.clone(), Type::Any));
                match self.random.below(3) {
                    0 => format!("[{at}, {value}] = walk({path})"),
                    1 => {
                        format!("walk({path}, [{at}, {value}]); count({at}) {} 1", self.random.pick(&["==", "<", ">"]))
                    }
                    _ => format!("walk({path}, [{at}, {value}])"),
                }
            }
        }
    }

    /// A call that is given one argument more: what the result is.
    fn call_with_result(&mut self) -> String {
        let want = self.some_type();
        let call = match self.random.chance(50) {
            true => self.function_call(&want),
            false => self.builtin_call(&want),
        };
        let (Some(call), result) = (call, self.assigned(&want, 1)) else { return "true".to_owned() };
        match call.strip_suffix("()") {
            Some(name) => format!("{name}({result})"),
            None => format!("{}, {result})", call.strip_suffix(')').unwrap_or(&call)),
        }
    }

    /// What stands on the left of `:=`: new names for all that is taken apart.
    fn assigned(&mut self, of: &Type, depth: usize) -> String {
        match of {
            Type::Array(it) if depth > 0 => {
                let parts: Vec<String> = (0..1 + self.random.below(3)).map(|_| self.assigned(it, depth - 1)).collect();
                format!("[{}]", parts.join(", "))
            }
            Type::Record(fields) if depth > 0 => {
                let parts = fields.iter().map(|(key, it)| format!("{key:?}: {}", self.assigned(it, depth - 1)));
                format!("{{{}}}", parts.collect::<Vec<_>>().join(", "))
            }
            _ if self.random.chance(15) => "_".to_owned(),
            of => self.bind(of),
        }
    }

    /// What is taken apart by a pattern: mostly a reference, because a constant that does not match is no policy.
    fn matched(&mut self) -> (String, Type) {
        if self.random.chance(75) {
            return self.path();
        }
        let of = self.some_type();
        (self.term(&of), of)
    }

    fn some_in(&mut self) -> String {
        let (path, of) = self.collection();
        let element = of.element().unwrap_or(Type::Any);
        match self.random.below(8) {
            0 | 1 => {
                let (key, value) = (self.declare(&of.key()), self.declare(&element));
                format!("some {key}, {value} in {path}")
            }
            2 => {
                let known = self.scope.len();
                let pattern = self.pattern(&element, 1);
                self.declared.extend_from_slice(&self.scope[known..]);
                format!("some {pattern} in {path}")
            }
            _ => {
                let value = self.declare(&element);
                format!("some {value} in {path}")
            }
        }
    }

    pub(super) fn bind(&mut self, of: &Type) -> String {
        let name = self.fresh();
        self.scope.push((name.clone(), of.clone()));
        name
    }

    /// A statement that binds nothing for others.
    fn question(&mut self) -> String {
        match self.random.below(14) {
            0..=3 => self.comparison(),
            4 | 5 => {
                let (path, _) = self.path();
                path
            }
            6 => {
                let (path, of) = self.collection();
                let element = self.simple(&of.element().unwrap_or(Type::Any));
                match self.random.below(3) {
                    0 => format!("{}, {element} in {path}", self.simple(&of.key())),
                    _ => format!("{element} in {path}"),
                }
            }
            7 | 8 => self.closed(|it| {
                if it.v2 && it.random.chance(50) {
                    return format!("not {{ {} }}", it.open(Self::short_body));
                }
                let question = it.plain_question();
                format!("not {question}")
            }),
            9 | 10 => self.every(),
            11 => self.builtin_call(&Type::Boolean).unwrap_or_else(|| "true".to_owned()),
            12 => self.function_call(&Type::Any).unwrap_or_else(|| self.comparison()),
            _ if self.v2 => self.closed(|it| {
                let sign = it.random.pick(&["and", "or"]);
                format!("{} {sign} {}", it.operand(), it.operand())
            }),
            _ => self.term(&Type::Boolean),
        }
    }

    fn operand(&mut self) -> String {
        match self.random.below(4) {
            0 => self.open(|it| format!("{{ {} }}", it.short_body())),
            1 => self.scoped(|it| format!("not {}", it.plain_question())),
            _ => self.scoped(Self::plain_question),
        }
    }

    /// A question that can be negated and is one expression.
    fn plain_question(&mut self) -> String {
        match self.random.below(4) {
            0 => self.path().0,
            1 => {
                let of = self.some_type();
                let items = self.term(&Type::Array(Box::new(of.clone())));
                format!("{} in {items}", self.simple(&of))
            }
            _ => self.comparison(),
        }
    }

    fn comparison(&mut self) -> String {
        let of = self.some_type();
        let (left, right) = (self.term(&of), self.term(&of));
        format!("{left} {} {right}", self.random.pick(&["==", "!=", "<", "<=", ">", ">=", "==", "="]))
    }

    fn every(&mut self) -> String {
        let (path, of) = self.collection();
        self.open(|it| {
            let known = it.declared.len();
            let key = if it.random.chance(30) { format!("{}, ", it.declare(&of.key())) } else { String::new() };
            let value = it.declare(&of.element().unwrap_or(Type::Any));
            let mut body: Vec<String> = (0..1 + it.random.below(2)).map(|_| it.statement()).collect();
            // What `every` declares stands before its body.
            body.insert(0, format!("{key}{value}"));
            it.use_declared(known, &mut body);
            body.remove(0);
            format!("every {key}{value} in {path} {{ {} }}", body.join("; "))
        })
    }

    /// A pattern that values of the type may match. Its new variables are bound.
    pub(super) fn pattern(&mut self, of: &Type, depth: usize) -> String {
        match self.random.below(10) {
            _ if self.closed => return self.simple(of),
            0 => return "_".to_owned(),
            1 => return self.simple(of),
            2..=4 if depth > 0 => {}
            _ if depth > 1 && !matches!(of, Type::Number | Type::String) => {}
            _ => return self.bind(of),
        }
        match of {
            Type::Array(it) => {
                let count = 1 + self.random.below(3);
                let parts: Vec<String> = (0..count).map(|_| self.pattern(it, depth.saturating_sub(1))).collect();
                format!("[{}]", parts.join(", "))
            }
            Type::Record(fields) => {
                let parts =
                    fields.iter().map(|(key, it)| format!("{key:?}: {}", self.pattern(it, depth.saturating_sub(1))));
                format!("{{{}}}", parts.collect::<Vec<_>>().join(", "))
            }
            Type::Map(it) => {
                let key = if self.random.chance(70) {
                    format!("{:?}", self.random.pick(KEYS))
                } else {
                    self.simple(&Type::String)
                };
                format!("{{{key}: {}}}", self.pattern(it, depth.saturating_sub(1)))
            }
            _ => self.bind(of),
        }
    }

    /// Two patterns that may match each other, variables on both sides.
    fn both_sides(&mut self, of: &Type, depth: usize) -> (String, String) {
        let compose = depth > 0 && self.random.chance(70);
        match of {
            Type::Array(it) if compose => {
                let parts: Vec<_> = (0..1 + self.random.below(2)).map(|_| self.both_sides(it, depth - 1)).collect();
                let (left, right): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
                (format!("[{}]", left.join(", ")), format!("[{}]", right.join(", ")))
            }
            Type::Record(fields) if compose => {
                let parts: Vec<_> = fields
                    .iter()
                    .map(|(key, it)| {
                        let (left, right) = self.both_sides(it, depth - 1);
                        (format!("{key:?}: {left}"), format!("{key:?}: {right}"))
                    })
                    .collect();
                let (left, right): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
                (format!("{{{}}}", left.join(", ")), format!("{{{}}}", right.join(", ")))
            }
            _ => {
                let term = self.simple(of);
                match self.random.below(5) {
                    0 => (term.clone(), term),
                    1 => (term, self.simple(of)),
                    2 => (term, self.pattern(of, 1)),
                    _ => (self.pattern(of, 1), term),
                }
            }
        }
    }

    /// Some `with` of documents, builtins and functions.
    fn replacements(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..1 + self.random.below(2) {
            let (target, value) = self.closed(Self::replacement);
            text.push_str(&format!(" with {target} as {value}"));
        }
        text
    }

    fn replacement(&mut self) -> (String, String) {
        let present = self.packages.len() - 1;
        match self.random.below(8) {
            0 => {
                let of = self.input.clone();
                let value = if self.random.chance(50) { self.constant(&of) } else { self.term(&of) };
                ("input".to_owned(), value)
            }
            1 | 2 => {
                let Type::Record(fields) = self.input.clone() else { return ("input".to_owned(), "{}".to_owned()) };
                let Some((name, of)) = self.random.choose(&fields).cloned() else {
                    return ("input".to_owned(), "1".to_owned());
                };
                (format!("input[{name:?}]"), self.term(&of))
            }
            3 => {
                let Type::Record(fields) = self.base.clone() else { return ("data.base".to_owned(), "{}".to_owned()) };
                let Some((name, of)) = self.random.choose(&fields).cloned() else {
                    return ("data.base".to_owned(), "1".to_owned());
                };
                (format!("data.base[{name:?}]"), self.term(&of))
            }
            4 | 5 => match self.random.choose(&self.named).cloned() {
                Some(it) if it.params.is_none() => {
                    (format!("data.{}.{}", self.packages[it.package], it.name), self.term(&it.result))
                }
                Some(it) => {
                    let params = it.params.unwrap_or_default();
                    (
                        format!("data.{}.{}", self.packages[it.package], it.name),
                        self.function_or_value(params.len(), &it.result),
                    )
                }
                None => ("input".to_owned(), "{\"a\": 1}".to_owned()),
            },
            6 => {
                let (name, arity, result) = [
                    ("count", 1, Type::Number),
                    ("upper", 1, Type::String),
                    ("startswith", 2, Type::Boolean),
                    ("concat", 2, Type::String),
                    ("plus", 2, Type::Number),
                    ("json.marshal", 1, Type::String),
                    ("is_number", 1, Type::Boolean),
                ][self.random.below(7)]
                .clone();
                (name.to_owned(), self.function_or_value(arity, &result))
            }
            _ if self.random.chance(15) => ("data".to_owned(), "{\"base\": {\"a\": {\"b\": 1}}}".to_owned()),
            // A package around the present one would depend on itself.
            _ => match self.packages[present.saturating_sub(1)] {
                package if !self.packages[present].starts_with(package) => {
                    (format!("data.{package}"), "{\"a\": 1, \"b\": {\"c\": [1, 2]}}".to_owned())
                }
                _ => ("input.a".to_owned(), "{\"a\": 1}".to_owned()),
            },
        }
    }

    fn function_or_value(&mut self, arity: usize, result: &Type) -> String {
        let fitting: Vec<_> = self
            .named
            .iter()
            .filter(|it| it.params.as_ref().is_some_and(|params| params.len() == arity))
            .cloned()
            .collect();
        match self.random.choose(&fitting).cloned() {
            Some(function) if self.random.chance(60) => self.name_of(&function),
            _ => self.constant(result),
        }
    }
}
