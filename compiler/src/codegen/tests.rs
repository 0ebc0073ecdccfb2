//! Code generation on plans made by hand. What modules answer is tested where there is an engine, in `spec-tests`.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use regoc_abi::builtins::{BUILTINS, Placement};
use regoc_abi::{exports, imports, runtime};
use wasmparser::{Parser, Payload, TypeRef};

use super::link::library::Library;
use super::link::object::Signature;
use super::module::{abi_signature, guest, words_to_word};
use super::*;
use crate::plan::ir::*;
use crate::source::RegoVersion;

/// Builds a plan with one entrypoint.
#[derive(Default)]
struct Plan {
    program: Program,
    labels: u32,
    locals: u32,
}

impl Plan {
    fn new() -> Self {
        Self { locals: 2, ..Self::default() }
    }

    fn string(&mut self, text: &str) -> ConstId {
        self.program.constants.push(Constant::String(text.into()))
    }

    fn local(&mut self) -> Local {
        self.locals += 1;
        Local(self.locals - 1)
    }

    fn block(&mut self, stmts: Vec<StmtKind>) -> Block {
        self.labels += 1;
        let stmts = stmts.into_iter().map(|kind| Stmt { kind, span: None }).collect();
        Block { label: Label(self.labels), stmts }
    }

    fn function(&mut self, name: &str, params: u32, memoize: bool, body: Block, result: Local) -> FuncId {
        let locals = self.locals;
        self.locals = 2;
        let name = name.to_owned();
        let kind = FunctionKind::Rules;
        self.program.functions.push(Function { name, kind, params, locals, memoize, body, result })
    }

    fn entrypoint(&mut self, name: &str, function: FuncId) {
        self.program.entrypoints.push(Entrypoint { name: name.to_owned(), function });
    }

    fn builtin(&mut self, name: &str, arity: usize, host: bool) -> BuiltinId {
        self.program.builtins.push(Builtin { name: name.into(), arity, has_result: true, host })
    }

    fn generate(&self) -> Result<Generated, CodegenError> {
        generate_with_sizes(&self.program, &SourceSet::new(), &CodegenOptions::default())
    }
}

/// `package example; allow if input.x == 1` with the entrypoint `example/allow`, as the planner makes it.
fn one_rule() -> (Plan, SourceSet) {
    let mut sources = SourceSet::new();
    let file = sources.add("policy.rego", "package example\nallow if input.x == 1\n", RegoVersion::V1);
    let span = crate::source::Span { file, start: 16, end: 37 };
    let mut plan = Plan::new();
    let x = plan.string("x");
    let one = plan.program.constants.push(Constant::Number("1".into()));
    let yes = plan.program.constants.push(Constant::Boolean(true));
    let result = plan.string("result");
    plan.program.rules.push(Rule { path: "data.example.allow".to_owned(), span: Some(span) });
    let (value, allow) = (plan.local(), plan.local());
    let body = plan.block(vec![
        StmtKind::Dot { source: Local::INPUT.into(), key: x.into(), target: value },
        StmtKind::Equal(value.into(), one.into()),
        StmtKind::Assign { target: allow, source: yes.into() },
    ]);
    let allow = plan.function("data.example.allow", 0, false, body, allow);
    let (set, object, value) = (plan.local(), plan.local(), plan.local());
    let body = plan.block(vec![
        StmtKind::MakeSet { target: set },
        StmtKind::Call { function: allow, args: Vec::new(), target: value },
        StmtKind::MakeObject { target: object },
        StmtKind::ObjectInsert { object, key: result.into(), value: value.into() },
        StmtKind::SetAdd { set, value: object.into() },
    ]);
    let entry = plan.function("example/allow", 0, false, body, set);
    plan.entrypoint("example/allow", entry);
    (plan, sources)
}

fn text(module: &[u8]) -> String {
    wasmprinter::print_bytes(module).expect("the module prints")
}

#[test]
fn one_rule_is_small_and_needs_nothing_but_memory_and_abort() {
    let (plan, sources) = one_rule();
    let made = generate_with_sizes(&plan.program, &sources, &CodegenOptions::default()).expect("it generates");
    let mut imported = Vec::new();
    for payload in Parser::new(0).parse_all(&made.wasm) {
        if let Payload::ImportSection(reader) = payload.expect("well-formed") {
            imported.extend(reader.into_imports().map(|import| import.expect("well-formed").name.to_owned()));
        }
    }
    assert_eq!(imported, ["memory", "opa_abort"]);
    let mut pieces: Vec<_> = made.sizes.pieces.iter().map(|piece| (piece.size, &piece.name)).collect();
    pieces.sort_unstable_by(|a, b| b.cmp(a));
    assert!(made.wasm.len() < ONE_RULE_LIMIT, "{} bytes: {pieces:#?}", made.wasm.len());
    let rules = r#"{"policy.rego":{"data.example.allow":[2]}}"#;
    assert!(made.wasm.windows(rules.len()).any(|bytes| bytes == rules.as_bytes()));
}

/// What a module of one rule may take, in bytes.
const ONE_RULE_LIMIT: usize = 8_000;

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let (plan, sources) = one_rule();
    let made = || generate(&plan.program, &sources, &CodegenOptions::default()).expect("it generates");
    assert_eq!(made(), made());
}

/// A plan whose only function holds every kind of statement, with breaks out of a scan and two `with`s.
fn every_statement() -> Plan {
    let mut plan = Plan::new();
    let key = plan.string("key");
    let no = plan.program.constants.push(Constant::Boolean(false));
    let numbers = ["0", "-7", "2147483648", "-9223372036854775808", "1.0", "-0", "1e3", "99999999999999999999"];
    let numbers = numbers.map(|number| Constant::Number(number.into()));
    let nested = Constant::Set(vec![Constant::Array(numbers.to_vec())]);
    let nested = plan.program.constants.push(Constant::Object(vec![(Constant::Null, nested)]));
    let count = plan.builtin("count", 1, false);
    let host = plan.builtin("http.send", 1, true);

    let kept = plan.local();
    let body = plan.block(vec![StmtKind::Assign { target: kept, source: nested.into() }]);
    let kept = plan.function("data.kept", 0, true, body, kept);

    let [a, b, c, k, v, object, array, set] = [(); 8].map(|()| plan.local());
    let leave = plan.block(Vec::new()).label;
    let inner = vec![StmtKind::Call { function: kept, args: Vec::new(), target: a }, StmtKind::Break(leave)];
    let inner = plan.block(inner);
    let on_path = StmtKind::With { document: Local::INPUT, path: vec![key], value: key.into(), body: inner };
    let scanned = plan.block(vec![
        StmtKind::IsDefined(v),
        StmtKind::IsUndefined(c),
        StmtKind::AssignOnce { target: b, source: v.into() },
        on_path,
        StmtKind::Reset { target: c },
    ]);
    let negated = plan.block(vec![StmtKind::Equal(a.into(), key.into()), StmtKind::NotEqual(b.into(), no.into())]);
    let cases: Vec<_> = (0..4)
        .map(|number| {
            let case = plan.program.constants.push(Constant::Number(number.to_string().as_str().into()));
            (case, plan.block(vec![StmtKind::Break(leave)]))
        })
        .collect();
    let default = plan.block(vec![StmtKind::Assign { target: c, source: key.into() }]);
    let few = StmtKind::Switch { on: a.into(), cases: cases[..1].to_vec(), default: None };
    let many = StmtKind::Switch { on: a.into(), cases, default: Some(default) };
    let table = plan.program.tables.push(Table { rows: vec![(vec![key, key], kept)] });
    let whole = plan.block(vec![
        StmtKind::MakeArray { target: array, capacity: 3 },
        StmtKind::MakeObject { target: object },
        StmtKind::MakeSet { target: set },
        StmtKind::ArrayAppend { array, value: key.into() },
        StmtKind::ObjectInsert { object, key: key.into(), value: no.into() },
        StmtKind::ObjectInsertOnce { object, key: key.into(), value: array.into() },
        StmtKind::SetAdd { set, value: object.into() },
        StmtKind::IsType { source: set.into(), test: TypeTest::Set },
        StmtKind::Len { source: set.into(), target: a },
        StmtKind::ObjectMerge { a: object, b: object, target: c },
        StmtKind::Scan { source: set.into(), key: k, value: v, body: scanned },
        StmtKind::Not(negated),
        few,
        many,
        StmtKind::CallBuiltin { builtin: count, args: vec![array.into()], target: a },
        StmtKind::CallBuiltin { builtin: host, args: vec![object.into()], target: b },
        StmtKind::CallDynamic {
            table,
            path: vec![key.into(), a.into()],
            args: Vec::new(),
            target: c,
            if_undefined: leave,
        },
    ]);
    let with = StmtKind::With { document: Local::DATA, path: Vec::new(), value: no.into(), body: whole };
    let rule = plan.program.rules.push(Rule { path: "data.all".to_owned(), span: None });
    let body = Block { label: leave, stmts: vec![Stmt { kind: with, span: None }] };
    let body = plan.block(vec![StmtKind::Rule { rule, body }]);
    let all = plan.function("data.all", 0, false, body, c);
    plan.entrypoint("all", all);
    plan.entrypoint("kept", kept);
    plan
}

#[test]
fn every_statement_gives_valid_code() {
    let plan = every_statement();
    let made = plan.generate().expect("it generates");
    let text = text(&made.wasm);
    assert!(text.contains("\"opa_builtin1\""), "{text}");
    assert!(text.contains("br_table"));
    let options = CodegenOptions { strict_builtin_errors: true, guest_names: true, ..CodegenOptions::default() };
    let strict = generate(&plan.program, &SourceSet::new(), &options).expect("it generates");
    assert!(strict.len() > made.wasm.len());
}

#[test]
fn a_module_lists_its_entrypoints_and_host_builtins() {
    let made = every_statement().generate().expect("it generates");
    // The names and numbers as sorted constants; "http.send" is number 1 of the plan's builtins.
    for name in ["all", "kept", "http.send"] {
        let mut text = name.as_bytes().to_vec();
        text.push(0);
        assert!(made.wasm.windows(text.len()).any(|bytes| bytes == text), "{name}");
    }
}

#[test]
fn a_host_builtin_takes_four_arguments() {
    let call = |count| {
        let mut plan = Plan::new();
        let builtin = plan.builtin("custom.f", count, true);
        let target = plan.local();
        let args = vec![Local::DATA.into(); count];
        let body = plan.block(vec![StmtKind::CallBuiltin { builtin, args, target }]);
        let function = plan.function("f", 0, false, body, target);
        plan.entrypoint("f", function);
        plan.generate().map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(call(4), Ok(()));
    let message = "custom.f: too many built-in call arguments: 5, a host builtin takes at most 4";
    assert_eq!(call(5), Err(message.to_owned()));
}

#[test]
fn a_builtin_that_is_nowhere_is_named() {
    let mut plan = Plan::new();
    let builtin = plan.builtin("no.such", 1, false);
    let target = plan.local();
    let body = plan.block(vec![StmtKind::CallBuiltin { builtin, args: vec![Local::DATA.into()], target }]);
    plan.function("f", 0, false, body, target);
    assert!(matches!(plan.generate(), Err(CodegenError::NotInGuest(name)) if name == "builtin.no.such"));
}

#[test]
fn a_function_with_very_many_variables_shares_locals() {
    let mut plan = Plan::new();
    let key = plan.string("key");
    let result = plan.local();
    let stmts = (0..60_000)
        .map(|_| {
            let (value, length) = (plan.local(), plan.local());
            let inner = plan.block(vec![
                StmtKind::Dot { source: Local::INPUT.into(), key: key.into(), target: value },
                StmtKind::Len { source: value.into(), target: length },
                StmtKind::Assign { target: result, source: length.into() },
            ]);
            StmtKind::Block(inner)
        })
        .collect();
    let body = plan.block(stmts);
    let function = plan.function("f", 0, false, body, result);
    plan.entrypoint("f", function);
    let text = text(&plan.generate().expect("it generates").wasm);
    // Locals are handed out anew up to a hundred, then again and again.
    assert!(text.contains("(local i32 i32"));
    let most =
        text.lines().filter(|line| line.trim_start().starts_with("(local ")).map(|line| line.matches("i32").count());
    assert_eq!(most.max(), Some(98));
}

#[test]
fn a_switch_may_have_more_cases_than_an_engine_takes_targets() {
    let jumps = |count: u32| {
        let mut plan = Plan::new();
        let result = plan.local();
        let mut cases = Vec::new();
        for number in 0..count {
            let case = plan.program.constants.push(Constant::Number(number.to_string().as_str().into()));
            cases.push((case, plan.block(vec![StmtKind::Assign { target: result, source: case.into() }])));
        }
        let body = plan.block(vec![StmtKind::Switch { on: Local::INPUT.into(), cases, default: None }]);
        let function = plan.function("f", 0, false, body, result);
        plan.entrypoint("f", function);
        text(&plan.generate().expect("it generates").wasm).matches("br_table").count()
    };
    // The guest library has some of its own.
    assert_eq!(jumps(66_000) - jumps(3), 2);
}

#[test]
fn blocks_may_nest_deep() {
    let mut plan = Plan::new();
    let result = plan.local();
    let mut block = plan.block(vec![StmtKind::Assign { target: result, source: Local::INPUT.into() }]);
    for _ in 0..2_000 {
        block = plan.block(vec![StmtKind::Block(block)]);
    }
    let function = plan.function("f", 0, false, block, result);
    plan.entrypoint("f", function);
    plan.generate().expect("it generates");
}

/// The committed guest library is what the contract says: it was built from these tables.
mod guest_library {
    use super::*;

    fn library() -> &'static Library<'static> {
        guest().expect("the committed guest library can be read")
    }

    fn signature(name: &str) -> Option<&'static Signature> {
        let library = library();
        let function = library.function(library.export(name)?)?;
        library.signatures.get(function.signature)
    }

    #[test]
    fn exports_the_abi_and_the_runtime() {
        // The compiler makes these itself: they are constants.
        let own = ["builtins", "entrypoints"];
        for function in exports::EXPORTS.iter().chain(runtime::RUNTIME).filter(|f| !own.contains(&f.name)) {
            assert_eq!(signature(function.name), Some(&abi_signature(function)), "{}", function.name);
        }
    }

    /// How many builtins that the table gives to the guest it does not have yet. Only ever lowered.
    const NOT_YET: usize = 1;

    #[test]
    fn exports_each_builtin_of_the_guest() {
        let missing: Vec<&str> = BUILTINS
            .iter()
            .filter(|builtin| builtin.placement == Placement::Guest)
            .filter(|builtin| {
                let name = format!("{}{}", runtime::BUILTIN_PREFIX, builtin.name);
                signature(&name) != Some(&words_to_word(builtin.params.len()))
            })
            .map(|builtin| builtin.name)
            .collect();
        assert!(missing.len() <= NOT_YET, "{} builtins are missing: {missing:?}", missing.len());
    }

    #[test]
    fn exports_nothing_else() {
        let known = exports::EXPORTS.iter().chain(runtime::RUNTIME).map(|function| function.name);
        let known: Vec<&str> = known.chain(["regoc_abort"]).collect();
        for (name, _) in library().exports() {
            let builtin = name.strip_prefix(runtime::BUILTIN_PREFIX).and_then(regoc_abi::builtins::find);
            let is_hot = name.starts_with(runtime::HOT_PREFIX);
            assert!(is_hot || builtin.is_some() || known.contains(&name), "{name}");
        }
    }

    #[test]
    fn imports_only_what_the_linker_binds_and_abort() {
        for (_, module, name) in library().imports() {
            let bound = [
                runtime::POLICY_EVAL.name,
                runtime::BUILTIN_ERROR.name,
                runtime::OPERAND_TYPE_IMPORT,
                runtime::INDEX_IMPORT,
                runtime::FIND_IMPORT,
                runtime::SETTLE_IMPORT,
                runtime::READ_IMPORT,
                runtime::STRING_IMPORT,
                runtime::STRINGS.name,
                runtime::PARSE_IMPORT,
                runtime::SHAPES.name,
                runtime::INDEXES.name,
                runtime::INDEX_DOCUMENT_IMPORT,
                runtime::FORGET_INDEXES_IMPORT,
                runtime::MAKES_DISORDER.name,
            ];
            let bound = bound.contains(&name.as_ref());
            let asked = name.strip_prefix("host.").and_then(regoc_abi::builtins::find);
            let from_policy = module == runtime::POLICY_MODULE && (bound || asked.is_some());
            let is_global = module == runtime::GLOBAL_MODULE || module == runtime::HEAP_GLOBAL_MODULE;
            let from_host = module == imports::MODULE && name == imports::ABORT.name;
            assert!(from_policy || is_global || from_host, "{module}.{name}");
        }
    }

    #[test]
    fn has_no_start_function_and_imports_its_memory() {
        let guest = include_bytes!("../../../runtime/guest/guest.wasm");
        let (mut memory, mut start) = (false, false);
        for payload in Parser::new(0).parse_all(guest) {
            match payload.expect("well-formed") {
                Payload::StartSection { .. } => start = true,
                Payload::ImportSection(reader) => {
                    let mut imports = reader.into_imports().map(|import| import.expect("well-formed").ty);
                    memory |= imports.any(|ty| matches!(ty, TypeRef::Memory(_)));
                }
                _ => {}
            }
        }
        assert!(memory && !start);
    }
}
