//! Names of locals as the policy would write them: `input.servers[_].ports` for what a scan, a key and another key lead to.

use rustc_hash::FxHashMap;

use super::Origin;
use crate::index::Id as _;
use crate::plan::ir::{BuiltinId, ConstId, Constant, FuncId, FunctionKind, Local, Operand, Program, StmtKind};
use crate::plan::print::print_constant;

/// Longer texts of constants and arguments are left out.
const LONGEST: usize = 40;

/// What stands for something that is left out.
const LEFT_OUT: &str = "…";

/// The builtin of `x in y`.
pub(super) const MEMBER: &str = "internal.member_2";

/// The builtin that gives everything that is in a document.
const WALK: &str = "walk";

/// Builtins that are written between their operands.
const OPERATORS: &[(&str, &str)] = &[
    (MEMBER, "in"),
    ("neq", "!="),
    ("equal", "=="),
    ("lt", "<"),
    ("lte", "<="),
    ("gt", ">"),
    ("gte", ">="),
    ("plus", "+"),
    ("minus", "-"),
    ("mul", "*"),
    ("div", "/"),
    ("rem", "%"),
    ("and", "&"),
    ("or", "|"),
];

/// What a local holds.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// As the policy would write it.
    pub(super) text: String,
    /// What it is a part of.
    pub(super) origin: Origin,
}

impl Named {
    fn new(text: impl Into<String>, origin: Origin) -> Self {
        Self { text: text.into(), origin }
    }
}

/// The names in one function.
pub(super) struct Names<'p> {
    program: &'p Program,
    locals: FxHashMap<Local, Named>,
    /// The package of the function with a dot behind it, which names of its own documents do without.
    package: &'p str,
}

impl<'p> Names<'p> {
    pub(super) fn of(program: &'p Program, function: FuncId) -> Self {
        let name = program.functions[function].name.as_str();
        let package = name.rfind('.').and_then(|dot| name.get(..=dot)).unwrap_or_default();
        let mut locals = FxHashMap::from_iter([
            (Local::INPUT, Named::new("input", Origin::Input)),
            (Local::DATA, Named::new("data", Origin::Data)),
        ]);
        for number in 0..program.functions[function].params {
            locals.insert(argument(number), Named::new(format!("argument {}", number + 1), Origin::Argument(number)));
        }
        Self { program, locals, package }
    }

    /// Names the arguments of a rule; the others keep what they are called.
    pub(super) fn enter_rule(&mut self, parameters: &[Option<String>]) {
        for (number, name) in (0..).zip(parameters) {
            if let Some(name) = name {
                self.locals.insert(argument(number), Named::new(name.as_str(), Origin::Argument(number)));
            }
        }
    }

    /// The names of so many arguments.
    pub(super) fn arguments_of(&self, count: u32) -> Vec<String> {
        (0..count).map(|number| self.operand(argument(number).into()).text).collect()
    }

    pub(super) fn constant(&self, id: ConstId) -> String {
        let Some(constant) = self.program.constants.get(id) else { return LEFT_OUT.to_owned() };
        let text = print_constant(constant);
        if text.chars().count() <= LONGEST {
            return text;
        }
        let short = match constant {
            Constant::Array(_) => "[…]",
            Constant::Object(_) => "{…: …}",
            Constant::Set(_) => "{…}",
            _ => LEFT_OUT,
        };
        short.to_owned()
    }

    /// What an operand holds.
    pub(super) fn operand(&self, operand: Operand) -> Named {
        match operand {
            Operand::Const(id) => Named::new(self.constant(id), Origin::Constant),
            Operand::Local(local) => match self.locals.get(&local) {
                Some(named) => named.clone(),
                None => Named::new(LEFT_OUT, Origin::Made),
            },
        }
    }

    /// The name of a function of the plan.
    pub(super) fn function(&self, id: FuncId) -> String {
        let name = self.program.functions.get(id).map_or("", |function| function.name.as_str());
        let name = name.split('{').next().unwrap_or_default();
        let own = name.strip_prefix(self.package).filter(|own| !own.contains('.'));
        own.unwrap_or(name).to_owned()
    }

    /// The name of a builtin, or the operator that it is written as.
    pub(super) fn builtin(&self, id: BuiltinId) -> &'p str {
        let name = self.program.builtins.get(id).map_or("", |builtin| &builtin.name);
        OPERATORS.iter().find(|(known, _)| *known == name).map_or(name, |(_, operator)| operator)
    }

    /// Names what a statement assigns. What has a name keeps it: where a local is given a value in several places, the first says most.
    pub(super) fn define(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Scan { source, key, value, .. } => {
                let Named { text, origin } = self.operand(*source);
                self.add(*key, Named::new(format!("key of {text}"), origin));
                self.add(*value, Named::new(format!("{text}[_]"), origin));
            }
            StmtKind::Dot { source, key, target } => {
                let Named { text, origin } = self.operand(*source);
                let text = text + &self.step(*key);
                self.add(*target, Named { text, origin });
            }
            StmtKind::Assign { target, source }
            | StmtKind::AssignOnce { target, source }
            | StmtKind::Select { target, source, .. } => self.add(*target, self.operand(*source)),
            StmtKind::MakeArray { target, .. } => self.add(*target, Named::new("[…]", Origin::Made)),
            StmtKind::MakeSet { target } => self.add(*target, Named::new("{…}", Origin::Made)),
            StmtKind::MakeObject { target } => self.add(*target, Named::new("{…: …}", Origin::Made)),
            StmtKind::Call { function, args, target } => self.add(*target, self.called(*function, args)),
            StmtKind::CallBuiltin { builtin, args, target } => {
                let name = self.builtin(*builtin);
                let is_operator = OPERATORS.iter().any(|(_, operator)| *operator == name);
                let text = match args.as_slice() {
                    [a, b] if is_operator => format!("{} {name} {}", self.operand(*a).text, self.operand(*b).text),
                    args => format!("{name}({})", self.arguments(args)),
                };
                // What `walk` gives is a part of what it walks, and as large.
                let origin = match args.as_slice() {
                    [document] if name == WALK => self.operand(*document).origin,
                    _ => Origin::Made,
                };
                self.add(*target, Named { text, origin });
            }
            _ => {}
        }
    }

    /// Names a document as the value that stands in for it; what it was called before.
    pub(super) fn replace(&mut self, document: Local, value: Operand) -> Option<Named> {
        let value = self.operand(value);
        self.locals.insert(document, value)
    }

    /// Names a document as before.
    pub(super) fn put_back(&mut self, document: Local, before: Option<Named>) {
        self.locals.extend(before.map(|before| (document, before)));
    }

    fn add(&mut self, local: Local, named: Named) {
        self.locals.entry(local).or_insert(named);
    }

    /// What a call of a function of the plan gives.
    fn called(&self, id: FuncId, args: &[Operand]) -> Named {
        let name = self.function(id);
        match (self.program.functions.get(id).map(|function| function.kind), args) {
            (Some(FunctionKind::Storage), [source, key]) => {
                let Named { text, origin } = self.operand(*source);
                Named { text: text + &self.step(*key), origin }
            }
            (Some(FunctionKind::Function), args) => {
                Named::new(format!("{name}({})", self.arguments(args)), Origin::Made)
            }
            (Some(FunctionKind::Lookup), args) => {
                let keys = format!("[{}]", self.arguments(args));
                Named::new(name.replace("[...]", &keys), Origin::Rule)
            }
            _ => Named::new(name, Origin::Rule),
        }
    }

    fn arguments(&self, args: &[Operand]) -> String {
        let text = args.iter().map(|arg| self.operand(*arg).text).collect::<Vec<_>>().join(", ");
        if text.chars().count() > LONGEST { LEFT_OUT.to_owned() } else { text }
    }

    /// A key as it is written behind a collection.
    fn step(&self, key: Operand) -> String {
        match key {
            Operand::Const(id) => match self.program.constants.get(id) {
                Some(Constant::String(name)) => step(name),
                _ => format!("[{}]", self.constant(id)),
            },
            Operand::Local(_) => format!("[{}]", self.operand(key).text),
        }
    }

    /// What lies under keys.
    pub(super) fn place(&self, from: Operand, keys: &[ConstId]) -> String {
        let steps = keys.iter().map(|key| self.step((*key).into()));
        self.operand(from).text + &steps.collect::<String>()
    }

    /// The path of names into an element.
    pub(super) fn path(&self, keys: &[ConstId]) -> String {
        let steps: String = keys.iter().map(|key| self.step((*key).into())).collect();
        without_dot(steps)
    }

    /// The path of a column of an index into an element, as an index says it ([`StmtKind::Select`]).
    pub(super) fn column(column: &Constant) -> String {
        let Constant::Array(path) = column else { return String::new() };
        let text = path.iter().map(|name| match name {
            Constant::String(name) => step(name),
            _ => "[_]".to_owned(),
        });
        without_dot(text.collect())
    }
}

fn without_dot(path: String) -> String {
    path.strip_prefix('.').map_or(path.clone(), str::to_owned)
}

/// The local of an argument.
fn argument(number: u32) -> Local {
    Local::from_usize(Local::DATA.index() + 1 + number as usize)
}

/// A name as it is written behind a collection.
fn step(name: &str) -> String {
    let is_plain = !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    if is_plain { format!(".{name}") } else { format!("[{}]", print_constant(&Constant::String(name.into()))) }
}
