//! Makes up policies: packages of rules of all kinds over documents whose types are known, so that most policies compile and most
//! questions have an answer. Writes text; what it writes may be no policy, but then mostly by little.

mod bodies;
mod calls;
mod rules;
mod scans;
mod terms;
mod types;

use regoc_compiler::source::RegoVersion;

use super::Policy;
use super::mutate::Arguments;
use super::random::Random;
use types::Type;

/// How packages are named, inner ones before those around them: a package may look into those before it.
const PACKAGES: &[&str] = &["a.b.c", "a.b", "m", "a", "z[\"x-y\"]", "q"];

/// A rule or a function that others can refer to.
#[derive(Clone, Debug)]
struct Named {
    /// The package, by its place in the policy.
    package: usize,
    /// The name below the package.
    name: String,
    /// The types of parameters, if it is a function.
    params: Option<Vec<Type>>,
    /// The type of the document, or of the result.
    result: Type,
}

/// What makes one policy.
struct Generator<'r> {
    random: &'r mut Random,
    arguments: Option<&'r Arguments>,
    version: RegoVersion,
    /// Whether rules may go without `if` and `contains`.
    implicit: bool,
    /// Whether `and`, `or` and the new `not` are there.
    v2: bool,
    /// Whether some collections are large, and rules go through them.
    large: bool,
    /// How many scans of large collections a rule may still have.
    scans: usize,
    /// The packages, from 0 to the present one.
    packages: Vec<&'static str>,
    /// The name that the present package imports another one by: its place, the name.
    imports: Vec<(usize, String)>,
    /// The names that the present package imports documents by, with their types.
    aliases: Vec<(String, Type)>,
    input: Type,
    base: Type,
    named: Vec<Named>,
    /// The variables that are bound where the text is being written.
    scope: Vec<(String, Type)>,
    /// The variables that `some` or `every` declares and nothing has asked about.
    declared: Vec<(String, Type)>,
    /// Whether only what is bound already may be named: in heads, templates, negation, and the values of `with`.
    closed: bool,
    /// How many variables there were so far.
    variables: usize,
    /// Of a hundred names of variables, how many may be names that were used before, here or elsewhere.
    reused: usize,
    /// How much may still be nested.
    fuel: usize,
}

/// Of a hundred policies, how many have large collections.
const LARGE: usize = 5;

/// A policy with documents and inputs. `arguments` are known arguments of builtins, where they are here.
pub fn policy(random: &mut Random, arguments: Option<&Arguments>) -> Policy {
    let version = if random.chance(20) { RegoVersion::V0 } else { RegoVersion::V1 };
    let large = random.chance(LARGE);
    let mut generator = Generator {
        version,
        large,
        scans: 0,
        implicit: false,
        v2: version == RegoVersion::V1 && random.chance(10),
        packages: Vec::new(),
        imports: Vec::new(),
        aliases: Vec::new(),
        input: types::document(random, 4, large),
        base: types::document(random, 3, large),
        named: Vec::new(),
        scope: Vec::new(),
        declared: Vec::new(),
        closed: false,
        variables: 0,
        reused: 0,
        fuel: 0,
        random,
        arguments,
    };
    generator.reused = *generator.random.choose(&[0, 0, 0, 0, 8]).unwrap_or(&0);
    let mut modules = Vec::new();
    let first = generator.random.below(3);
    let count = 1 + generator.random.below(3);
    for package in PACKAGES.iter().skip(first).take(count) {
        for _ in 0..1 + usize::from(generator.random.chance(15)) {
            modules.push((format!("test-{}.rego", modules.len()), generator.module(package)));
        }
    }
    let Generator { input, base, packages, named, random, .. } = generator;
    let made = if large { types::large_document } else { types::value };
    let data = made(random, &base, 3);
    let data = beside_rules(random, &packages, &named, &data);
    let mut inputs: Vec<Option<String>> = (0..3).map(|wrong| Some(made(random, &input, wrong * 8))).collect();
    if random.chance(10) {
        inputs.push(None);
    }
    if random.chance(4) {
        inputs.push(Some(types::value(random, &Type::Any, 0)));
    }
    Policy { version, modules, data, inputs, origin: if version == RegoVersion::V0 { "made, v0" } else { "made" } }
}

/// The base document: the made one under `base`, and a part of it beside the rules of a package, or in the place of some.
fn beside_rules(random: &mut Random, packages: &[&str], named: &[Named], data: &str) -> String {
    let place = random.below(packages.len());
    let beside = match packages.get(place) {
        Some(package) if random.chance(50) && !package.contains('[') => {
            let mut entries = vec!["\"stock\": [1, {\"a\": \"b\"}]".to_owned()];
            for it in named.iter().filter(|it| it.package == place && !it.name.contains(['.', '['])) {
                if random.chance(12) {
                    let other = types::value(random, &types::without_sets(it.result.clone()), 10);
                    entries.push(format!("{:?}: {other}", it.name));
                }
            }
            let mut document = format!("{{{}}}", entries.join(", "));
            for name in package.split('.').rev() {
                document = format!("{{{name:?}: {document}}}");
            }
            format!(", {}", document.trim_start_matches('{').strip_suffix('}').unwrap_or_default())
        }
        _ => String::new(),
    };
    format!("{{\"base\": {data}{beside}}}")
}

impl Generator<'_> {
    fn module(&mut self, package: &'static str) -> String {
        self.packages.push(package);
        let present = self.packages.len() - 1;
        self.imports.clear();
        self.aliases.clear();
        let mut text = format!("package {package}\n\n");
        if self.v2 {
            text.push_str("import rego.v2\n");
        }
        if self.version == RegoVersion::V0 {
            text.push_str(self.random.pick(&[
                "import future.keywords\n",
                "import rego.v1\n",
                "import future.keywords\n",
            ]));
        }
        let modern = text.contains("rego.v1");
        for other in 0..present {
            // A package does not import itself.
            let is_own = self.packages[other] == package;
            if self.random.chance(30) && !is_own && !self.packages[other].contains('[') {
                let name = format!("imported{other}");
                text.push_str(&format!("import data.{} as {name}\n", self.packages[other]));
                self.imports.push((other, name));
            }
        }
        if self.random.chance(20) {
            text.push_str(&self.alias());
        }
        text.push('\n');
        self.implicit = self.version == RegoVersion::V0 && !modern;
        for _ in 0..2 + self.random.below(5) {
            let rule = self.rule();
            text.push_str(&rule);
            text.push('\n');
        }
        text
    }

    /// An import of a document: of the input, of the base document, or of a rule that was made before.
    fn alias(&mut self) -> String {
        let rules: Vec<Named> = self.named.iter().filter(|it| it.params.is_none()).cloned().collect();
        let (root, of) = match (self.random.below(3), self.random.choose(&rules)) {
            (0, _) => ("input".to_owned(), self.input.clone()),
            (1, Some(rule)) if !rule.name.contains('[') && !self.packages[rule.package].contains('[') => {
                (format!("data.{}.{}", self.packages[rule.package], rule.name), rule.result.clone())
            }
            _ => ("data.base".to_owned(), self.base.clone()),
        };
        let (path, of) = match &of {
            Type::Record(fields) if self.random.chance(60) => match self.random.choose(fields) {
                Some((key, field)) => (format!("{root}[{key:?}]"), field.clone()),
                None => (root, of),
            },
            _ => (root, of),
        };
        self.aliases.push(("alias".to_owned(), of));
        format!("import {path} as alias\n")
    }

    /// A name for a variable: mostly a new one, else one of a few, which may shadow another, or be the same one.
    fn fresh(&mut self) -> String {
        if self.random.chance(self.reused) {
            let name = self.random.pick(&["x", "y", "x", "y", "k", "r1", "alias", "z"]).to_owned();
            // Mostly one that is nothing else here.
            if self.random.chance(8) || !self.scope.iter().any(|(known, _)| *known == name) {
                return name;
            }
        }
        self.variables += 1;
        format!("x{}", self.variables)
    }

    /// Runs something whose variables are not seen outside.
    fn scoped<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let known = self.scope.len();
        let result = run(self);
        self.scope.truncate(known);
        result
    }

    /// The same, and nothing new may be named.
    fn closed<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.closed, true);
        let result = self.scoped(run);
        self.closed = before;
        result
    }

    /// The same in a body of its own, which may name what is new.
    fn open<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.closed, false);
        let result = self.scoped(run);
        self.closed = before;
        result
    }

    /// Takes some of what may be nested; false when it is used up.
    fn burn(&mut self) -> bool {
        let left = self.fuel > 0;
        self.fuel = self.fuel.saturating_sub(1);
        left
    }
}
