//! Limits in time, on modules that were made to evade them, and what stays as it is under one.
#![expect(clippy::unwrap_used, reason = "a test ends at its first failure")]

use std::thread;
use std::time::{Duration, Instant};

use regoc_runtime::{Compilation, Decision, ErrorKind, Input, Limits, Policy, Runtime};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, GlobalSection, GlobalType, ImportSection, InstructionSink, MemArg, MemorySection,
    MemoryType, Module, NameMap, NameSection, RefType, StartSection, TableSection, TableType, TypeSection, ValType,
};

/// What the module answers when it comes to that.
const ANSWER: &[u8] = b"[{\"result\":true}]\0";

/// Where that lies.
const AT: i32 = 64;

/// The index of the first function that a test adds: `[] -> []`.
const FIRST: u32 = 11;

/// The type `[] -> []`.
const NOTHING: u32 = 5;

/// A module with all exports that are needed, whose evaluation calls the first of the given functions, and then answers.
#[derive(Default)]
struct Forged {
    functions: Vec<Function>,
    memories: Vec<MemoryType>,
    owns_memory: bool,
    starts: bool,
    /// How many types it has beside those that are needed, all `[] -> []`.
    types: u32,
    /// A name for its first function.
    exports: &'static str,
}

fn memory(minimum: u64, maximum: Option<u64>) -> MemoryType {
    MemoryType { minimum, maximum, memory64: false, shared: false, page_size_log2: None }
}

/// An address of the first memory, so much further.
fn at(offset: u64) -> MemArg {
    MemArg { offset, align: 0, memory_index: 0 }
}

/// A function without locals of its own but three of type `i32`.
fn function(body: impl FnOnce(&mut InstructionSink<'_>)) -> Function {
    let mut function = Function::new([(3, ValType::I32)]);
    body(&mut function.instructions());
    function.instructions().end();
    function
}

impl Forged {
    /// With functions, of which the first is called.
    fn new(functions: impl IntoIterator<Item = Function>) -> Self {
        Self { functions: functions.into_iter().collect(), ..Self::default() }
    }

    fn module(&self) -> Vec<u8> {
        let needed = [
            ("builtins", 0),
            ("entrypoints", 0),
            ("opa_heap_ptr_get", 0),
            ("opa_json_dump", 1),
            ("opa_malloc", 1),
            ("opa_json_parse", 2),
            ("opa_value_parse", 2),
            ("opa_value_dump", 1),
            ("opa_heap_ptr_set", 3),
            ("opa_free", 3),
            ("opa_eval", 4),
        ];
        let mut types = TypeSection::new();
        for (params, results) in [(0, 1), (1, 1), (2, 1), (1, 0), (7, 1), (0, 0)] {
            types.ty().function(vec![ValType::I32; params], vec![ValType::I32; results]);
        }
        (0..self.types).for_each(|_| types.ty().function([], []));
        let (mut functions, mut exports, mut code) = (FunctionSection::new(), ExportSection::new(), CodeSection::new());
        for (index, (name, ty)) in (0..).zip(needed) {
            functions.function(ty);
            exports.export(name, ExportKind::Func, index);
            code.function(&function(|body| match name {
                "opa_heap_ptr_set" | "opa_free" => {}
                "opa_heap_ptr_get" => {
                    body.i32_const(1024);
                }
                // With an input there is nothing to do.
                "opa_eval" => {
                    body.local_get(4).i32_eqz().if_(BlockType::Empty).call(FIRST).end().i32_const(AT);
                }
                _ => {
                    body.i32_const(8);
                }
            }));
        }
        for added in &self.functions {
            functions.function(NOTHING);
            code.function(added);
        }
        let mut module = Module::new();
        module.section(&types);
        let first = memory(1, None);
        if !self.owns_memory {
            let mut imports = ImportSection::new();
            imports.import("env", "memory", EntityType::Memory(first));
            module.section(&imports);
        }
        let mut tables = TableSection::new();
        let ty =
            TableType { element_type: RefType::FUNCREF, table64: false, minimum: 64, maximum: None, shared: false };
        tables.table(TableType { minimum: ty.minimum.max(self.functions.len() as u64), ..ty });
        let mut memories = MemorySection::new();
        if self.owns_memory {
            memories.memory(first);
        }
        for memory in &self.memories {
            memories.memory(*memory);
        }
        if self.owns_memory {
            exports.export("memory", ExportKind::Memory, 0);
        }
        if !self.exports.is_empty() {
            exports.export(self.exports, ExportKind::Func, FIRST);
        }
        let mut globals = GlobalSection::new();
        let ty = GlobalType { val_type: ValType::I32, mutable: false, shared: false };
        globals.global(ty, &ConstExpr::i32_const(1));
        globals.global(GlobalType { mutable: true, ..ty }, &ConstExpr::i32_const(0));
        exports.export("opa_wasm_abi_version", ExportKind::Global, 0);
        let mut elements = ElementSection::new();
        let all: Vec<u32> = (0..u32::try_from(self.functions.len()).unwrap()).map(|index| FIRST + index).collect();
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(all.into()));
        module.section(&functions).section(&tables).section(&memories).section(&globals).section(&exports);
        if self.starts {
            module.section(&StartSection { function_index: FIRST });
        }
        module.section(&elements).section(&code);
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(8), *b"{\"p\":0}\0");
        data.active(0, &ConstExpr::i32_const(AT), ANSWER.iter().copied());
        module.section(&data);
        let mut names = NameMap::new();
        names.append(FIRST, "first");
        let mut section = NameSection::new();
        section.functions(&names);
        module.section(&section);
        module.finish()
    }

    fn load(&self, time: Option<Duration>) -> Policy {
        runtime(time).load(&self.module()).unwrap()
    }
}

fn runtime(time: Option<Duration>) -> Runtime {
    let limits = Limits { time, memory: 64 << 20 };
    // The list of entrypoints is the list of builtins, too.
    Runtime::builder().compilation(Compilation::Baseline).accept_any_builtin().limits(limits).build().unwrap()
}

const TIME: Duration = Duration::from_millis(20);

/// What is late, on a machine that has much to do.
const LATE: Duration = Duration::from_secs(10);

/// Asserts that a module is stopped, and that the same instance answers before and after.
fn assert_stopped(name: &str, forged: &Forged) {
    let policy = forged.load(Some(TIME));
    let entrypoint = policy.entrypoint("p").unwrap();
    let mut instance = policy.instance().unwrap();
    let answer = Ok(Decision::Defined(true.into()));
    for _ in 0..2 {
        assert_eq!(instance.evaluate(entrypoint, &Input::from_json("1").unwrap()), answer, "{name}");
        let start = Instant::now();
        let error = instance.evaluate(entrypoint, &Input::undefined()).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::TimeLimit, Some("eval_cancel_error")), "{name}: {error}");
        assert!((TIME..LATE).contains(&start.elapsed()), "{name}: {:?}", start.elapsed());
    }
    assert_eq!(instance.evaluate(entrypoint, &Input::from_json("1").unwrap()), answer, "{name}");
}

/// Functions of which each calls the next twice: the last is called 2^60 times.
fn doubling(call: impl Fn(&mut InstructionSink<'_>, u32)) -> Vec<Function> {
    (0..61)
        .map(|index| {
            function(|body| {
                for _ in 0..if index == 60 { 0 } else { 2 } {
                    call(body, FIRST + index + 1);
                }
            })
        })
        .collect()
}

#[test]
fn whatever_a_module_does_is_stopped() {
    let endless = || {
        function(|body| {
            body.loop_(BlockType::Empty).br(0).end();
        })
    };
    assert_stopped("a loop", &Forged::new([endless()]));
    assert_stopped("a loop in a memory of its own", &Forged { owns_memory: true, ..Forged::new([endless()]) });
    let counts = |body: &mut InstructionSink<'_>| {
        body.loop_(BlockType::Empty).local_get(0).i32_const(1).i32_add().local_tee(0).i32_const(-1).i32_ne().br_if(0);
        body.end();
    };
    let nested = function(|body| {
        body.loop_(BlockType::Empty);
        counts(body);
        body.br(0).end();
    });
    assert_stopped("nested loops", &Forged::new([nested]));
    let table = function(|body| {
        body.loop_(BlockType::Empty).block(BlockType::Empty).local_get(0).br_table([1, 1], 1).end().end();
    });
    assert_stopped("a loop by a table", &Forged::new([table]));
    assert_stopped(
        "calls without end",
        &Forged::new(doubling(|body, next| {
            body.call(next);
        })),
    );
    let indirect = |body: &mut InstructionSink<'_>, next: u32| {
        body.i32_const((next - FIRST).cast_signed()).call_indirect(0, NOTHING);
    };
    assert_stopped("calls by a table without end", &Forged::new(doubling(indirect)));
    let tail = |to: u32| {
        function(|body| {
            body.return_call(to);
        })
    };
    assert_stopped("tail calls in a circle", &Forged::new([tail(FIRST + 1), tail(FIRST + 2), tail(FIRST)]));
    let tail = |to: i32| {
        function(|body| {
            body.i32_const(to).return_call_indirect(0, NOTHING);
        })
    };
    assert_stopped("tail calls by a table", &Forged::new([tail(1), tail(0)]));
}

#[test]
fn recursion_that_branches_is_stopped() {
    // Each of two calls the other twice, to a depth of 60: that takes no stack to speak of, and 2^60 calls.
    let branching = |other: &dyn Fn(&mut InstructionSink<'_>)| {
        function(|body| {
            body.global_get(1).i32_const(60).i32_ge_s().if_(BlockType::Empty).return_().end();
            body.global_get(1).i32_const(1).i32_add().global_set(1);
            other(body);
            other(body);
            body.global_get(1).i32_const(1).i32_sub().global_set(1);
        })
    };
    let call = |to: u32| {
        move |body: &mut InstructionSink<'_>| {
            body.call(to);
        }
    };
    let functions = [branching(&call(FIRST + 1)), branching(&call(FIRST))];
    assert_stopped("mutual recursion", &Forged::new(functions));
    let call = |to: i32| {
        move |body: &mut InstructionSink<'_>| {
            body.i32_const(to).call_indirect(0, NOTHING);
        }
    };
    let functions = [branching(&call(1)), branching(&call(0))];
    assert_stopped("mutual recursion by a table", &Forged::new(functions));
}

#[test]
fn a_module_of_many_types_and_functions_is_read_in_little_time() {
    const MANY: u32 = 80_000;
    let call = |index: u32| {
        function(|body| {
            body.local_get(0).if_(BlockType::Empty).i32_const(0).call_indirect(0, NOTHING + 1 + index).end();
        })
    };
    let forged = Forged { types: MANY, ..Forged::new((0..MANY / 20).map(|index| call(index * 20))) };
    let start = Instant::now();
    let policy = forged.load(Some(TIME * 50));
    assert!(start.elapsed() < LATE, "{:?}", start.elapsed());
    let answer = policy.instance().unwrap().evaluate(policy.entrypoint("p").unwrap(), &Input::undefined());
    assert_eq!(answer, Ok(Decision::Defined(true.into())));
}

#[test]
fn a_module_cannot_reach_what_stops_it() {
    // It writes zeros to each address that there is, again and again, and fills all memory with them.
    let writes = function(|body| {
        body.loop_(BlockType::Empty);
        body.local_get(0).i32_const(0xffff).i32_and().i32_const(0).i32_store8(at(0));
        body.i32_const(0).i32_const(0).i32_const(0x1_0000).memory_fill(0);
        body.local_get(0).i32_const(1).i32_add().local_set(0).br(0).end();
    });
    let policy = Forged::new([writes]).load(Some(TIME));
    let error = policy.instance().unwrap().evaluate(policy.entrypoint("p").unwrap(), &Input::undefined()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimeLimit, "{error}");
}

#[test]
fn a_module_that_starts_without_end_is_refused() {
    let endless = function(|body| {
        body.loop_(BlockType::Empty).br(0).end();
    });
    for owns_memory in [false, true] {
        let forged = Forged { starts: true, owns_memory, ..Forged::new([endless.clone()]) };
        assert_eq!(runtime(Some(TIME)).load(&forged.module()).unwrap_err().kind(), ErrorKind::TimeLimit);
    }
}

/// What a function does must be the same with a limit and without.
fn assert_same(name: &str, forged: &Forged) -> Result<Decision, regoc_runtime::Error> {
    let [with, without] = [Some(LATE), None].map(|time| {
        let policy = forged.load(time);
        let mut instance = policy.instance().unwrap();
        let decision = instance.evaluate(policy.entrypoint("p").unwrap(), &Input::undefined());
        (decision, instance.memory_size())
    });
    assert_eq!(with, without, "{name}");
    with.0
}

/// Traps unless what lies on the stack is a number.
fn expect(body: &mut InstructionSink<'_>, number: i32) {
    body.i32_const(number).i32_ne().if_(BlockType::Empty).unreachable().end();
}

#[test]
fn a_module_starts_once_and_when_its_data_are_there() {
    // The first call counts to one and finds a text; the second is the decision's.
    let counts = function(|body| {
        body.i32_const(8).i32_load8_u(at(0));
        expect(body, i32::from(b'{'));
        body.global_get(1).i32_const(1).i32_add().global_set(1);
        body.i32_const(AT + 11).global_get(1).i32_const(i32::from(b'0')).i32_add().i32_store8(at(0));
        body.i32_const(AT + 12).i32_const(i32::from_le_bytes(*b"}]\0\0")).i32_store(at(0));
    });
    let answer = Ok(Decision::Defined(2.into()));
    for owns_memory in [false, true] {
        let forged = Forged { starts: true, owns_memory, ..Forged::new([counts.clone()]) };
        assert_eq!(assert_same("starts", &forged), answer);
    }
    let fails = Forged {
        starts: true,
        ..Forged::new([function(|body| {
            body.unreachable();
        })])
    };
    let [with, without] = [Some(LATE), None].map(|time| runtime(time).load(&fails.module()).unwrap_err());
    assert_eq!(with.kind(), ErrorKind::Unmet);
    assert_eq!(with.to_string(), without.to_string());
}

#[test]
fn what_a_module_does_is_the_same() {
    let answer = Ok(Decision::Defined(true.into()));
    for owns_memory in [false, true] {
        let does = |body: &dyn Fn(&mut InstructionSink<'_>)| {
            let memories = vec![memory(1, Some(2)), MemoryType { memory64: true, ..memory(3, None) }];
            Forged { owns_memory, memories, ..Forged::new([function(body)]) }
        };
        let sizes = does(&|body| {
            body.i32_const(2).memory_grow(0);
            expect(body, 1);
            body.memory_size(0);
            expect(body, 3);
            body.memory_size(1);
            expect(body, 1);
            body.memory_size(2).i32_wrap_i64();
            expect(body, 3);
            body.i32_const(0x3_0000 - 1).i32_load8_u(at(0)).drop();
        });
        assert_eq!(assert_same("sizes", &sizes), answer);
        let outside = does(&|body| {
            body.i32_const(0x1_0000).i32_load8_u(at(0)).drop();
        });
        let error = assert_same("outside", &outside).unwrap_err();
        assert!(error.message().contains("out of bounds"), "{error}");
        let traps = does(&|body| {
            body.unreachable();
        });
        let error = assert_same("traps", &traps).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal, "{error}");
        assert!(error.message().contains("unreachable"), "{error}");
    }
}

#[test]
fn many_limits_hold_at_once() {
    let endless = Forged::new([function(|body| {
        body.loop_(BlockType::Empty).br(0).end();
    })]);
    let answer = Ok(Decision::Defined(true.into()));
    let policies = [5, 50, 200].map(|time| {
        let time = Duration::from_millis(time);
        (time, endless.load(Some(time)))
    });
    thread::scope(|scope| {
        for (time, policy) in policies.iter().flat_map(|policy| [policy; 4]) {
            let answer = &answer;
            scope.spawn(move || {
                let entrypoint = policy.entrypoint("p").unwrap();
                let mut instance = policy.instance().unwrap();
                for _ in 0..3 {
                    for _ in 0..2_000 {
                        // A mark for the call before must not hit these.
                        assert_eq!(instance.evaluate(entrypoint, &Input::from_json("1").unwrap()), *answer);
                    }
                    let start = Instant::now();
                    let error = instance.evaluate(entrypoint, &Input::undefined()).unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::TimeLimit);
                    assert!(start.elapsed() >= *time, "{:?} of {time:?}", start.elapsed());
                    assert!(start.elapsed() < *time + LATE, "{:?} of {time:?}", start.elapsed());
                }
            });
        }
    });
}

#[test]
fn what_would_evade_a_limit_is_refused() {
    let refused = |forged: &Forged| runtime(Some(TIME)).load(&forged.module()).unwrap_err();
    for name in ["regoc.poll", "regoc.start"] {
        let forged = Forged { exports: name, ..Forged::new([function(|_| {})]) };
        let error = refused(&forged);
        assert_eq!(error.kind(), ErrorKind::NotAPolicy);
        assert!(error.message().contains(name), "{error}");
        // Nobody needs the name where there is no limit, and nobody calls the function.
        forged.load(None);
    }
    let waits = function(|body| {
        let at = MemArg { offset: 0, align: 2, memory_index: 1 };
        body.i32_const(0).i32_const(0).i64_const(-1).memory_atomic_wait32(at).drop();
    });
    let shared = MemoryType { shared: true, ..memory(1, Some(1)) };
    let error = refused(&Forged { memories: vec![shared], ..Forged::new([waits]) });
    assert_eq!(error.kind(), ErrorKind::InvalidModule);
    assert!(error.message().contains("threads"), "{error}");
}

#[test]
fn a_pool_has_room_for_as_many_instances_as_without_a_limit() {
    let endless = Forged::new([function(|body| {
        body.loop_(BlockType::Empty).br(0).end();
    })]);
    let limits = Limits { time: Some(TIME), memory: 64 << 20 };
    let builder =
        Runtime::builder().compilation(Compilation::Baseline).accept_any_builtin().limits(limits).pooled_instances(2);
    let policy = builder.build().unwrap().load(&endless.module()).unwrap();
    let both = [policy.instance().unwrap(), policy.instance().unwrap()];
    assert_eq!(policy.instance().unwrap_err().kind(), ErrorKind::InstanceLimit);
    drop(both);
    let entrypoint = policy.entrypoint("p").unwrap();
    for _ in 0..10 {
        // What was marked is used again, without the mark.
        let mut instance = policy.instance().unwrap();
        let answer = instance.evaluate(entrypoint, &Input::from_json("1").unwrap());
        assert_eq!(answer, Ok(Decision::Defined(true.into())));
        assert_eq!(instance.evaluate(entrypoint, &Input::undefined()).unwrap_err().kind(), ErrorKind::TimeLimit);
    }
}
