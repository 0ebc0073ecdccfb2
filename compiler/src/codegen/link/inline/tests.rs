//! What is put in place, and what is not.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use wasm_encoder::{BlockType, InstructionSink};

use super::super::library::Library;
use super::super::object::{Body, Field, Function, FunctionId, Relocation, Signature, SignatureId, Target, ValType};
use super::super::pack::{Object, pack};
use super::super::{LinkOptions, Linker};
use super::HOT_MODULE;
use super::body::Use;

/// The opcode of a call and the number that a relocation fills in.
const CALL: [u8; 6] = [0x10, 0x80, 0x80, 0x80, 0x80, 0x00];

/// A function of type (i32) -> i32 with so many locals more, which calls others where its code has a call.
fn function(name: &'static str, locals: u8, write: impl Fn(&mut Vec<u8>), callees: &[FunctionId]) -> Function<'static> {
    let mut bytes = if locals == 0 { vec![0] } else { vec![1, locals, ValType::I32 as u8] };
    write(&mut bytes);
    bytes.push(0x0b);
    let calls = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(&CALL)).zip(callees);
    let relocations: Vec<_> = calls
        .map(|(at, callee)| Relocation {
            at: at as u32 + 1,
            width: 5,
            field: Field::Unsigned,
            target: Target::Function(*callee),
            addend: 0,
        })
        .collect();
    let body = Body::Code { bytes: bytes.into(), relocations: relocations.into() };
    Function { name: name.as_bytes().into(), signature: SignatureId(0), body }
}

/// The module that exports the last of some functions, as text.
fn linked(functions: Vec<Function<'static>>) -> String {
    let mut object = Object::default();
    object.signatures.push(Signature { params: vec![ValType::I32], results: vec![ValType::I32] });
    for function in functions {
        let name = String::from_utf8_lossy(&function.name).into_owned();
        let id = object.functions.push(function);
        object.exports.push((name.into(), id));
    }
    let (name, last) = object.exports.last().cloned().expect("a function");
    let image = pack(&object).expect("it can be written");
    let library = Library::open(&image).expect("it can be read");
    let mut linker = Linker::new(&library);
    linker.export(name.as_ref(), last);
    let options = LinkOptions {
        stack_size: 16_384,
        deep_stack_size: 65_536,
        initial_pages: 2,
        memory: ("env".to_owned(), "memory".to_owned()),
        library_names: true,
        inline: true,
    };
    let module = linker.link(&options).expect("it links").bytes;
    wasmparser::Validator::new().validate_all(&module).expect("the module is valid");
    let text = wasmprinter::print_bytes(&module).expect("it prints");
    let is_code = |line: &&str| !line.contains("(type") && !line.contains("(import") && !line.contains("(export");
    text.lines().filter(is_code).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_body_has_locals_of_its_own_and_ends_where_it_returns() {
    // A local that is read first, one that is set first, and a return out of a block.
    let callee = function(
        "callee",
        2,
        |bytes| {
            InstructionSink::new(bytes).local_get(0).local_set(2).block(BlockType::Empty);
            InstructionSink::new(bytes).local_get(2).br_if(0).local_get(1).return_().end().local_get(0);
        },
        &[],
    );
    let caller = function(
        "caller",
        1,
        |bytes| {
            InstructionSink::new(bytes).local_get(0).local_set(1).local_get(1);
            bytes.extend(CALL);
        },
        &[FunctionId(0)],
    );
    insta::assert_snapshot!(linked(vec![callee, caller]));
}

#[test]
fn what_calls_itself_or_does_not_come_back_stays() {
    let own = FunctionId(0);
    let recursive = |bytes: &mut Vec<u8>| {
        bytes.extend([0x20, 0]);
        bytes.extend(CALL);
    };
    let diverging = |bytes: &mut Vec<u8>| {
        InstructionSink::new(bytes).unreachable();
    };
    let caller = |bytes: &mut Vec<u8>| {
        bytes.extend([0x20, 0]);
        bytes.extend(CALL);
        bytes.extend(CALL);
    };
    let functions = vec![
        function("recursive", 0, recursive, &[own]),
        function("diverging", 0, diverging, &[]),
        function("caller", 0, caller, &[own, FunctionId(1)]),
    ];
    insta::assert_snapshot!(linked(functions));
}

#[test]
fn marked_calls_are_put_in_place_unless_the_module_is_small() {
    let work = |bytes: &mut Vec<u8>| {
        for _ in 0..32 {
            InstructionSink::new(bytes).local_get(0).drop();
        }
        InstructionSink::new(bytes).local_get(0);
    };
    let call = |bytes: &mut Vec<u8>| {
        bytes.extend([0x20, 0]);
        bytes.extend(CALL);
    };
    for (fill, calls) in [(HOT_MODULE / 2, 2), (HOT_MODULE, 1)] {
        let caller = |bytes: &mut Vec<u8>| {
            bytes.resize(bytes.len() + fill, 0x01);
            call(bytes);
            bytes.extend(CALL);
        };
        let functions = vec![
            function("work", 0, work, &[]),
            function("hot.work", 0, call, &[FunctionId(0)]),
            function("caller", 0, caller, &[FunctionId(1), FunctionId(0)]),
        ];
        assert_eq!(linked(functions).matches("call ").count(), calls, "{fill} bytes");
    }
}

#[test]
fn a_local_is_set_before_it_is_read_within_the_block_in_which_it_is_set_first() {
    for (uses, needs_zero) in [
        (&[(true, &[0][..]), (false, &[0, 1])][..], false),
        (&[(false, &[0]), (true, &[0])], true),
        (&[(true, &[0, 1]), (false, &[0])], true),
        (&[(true, &[0, 1]), (false, &[0, 1, 2]), (true, &[0, 1])], false),
        (&[(true, &[0, 1]), (false, &[0, 2])], true),
        (&[], false),
    ] {
        let mut local = Use::default();
        uses.iter().for_each(|(sets, open)| local.note(*sets, open));
        assert_eq!(local.needs_zero(), needs_zero, "{uses:?}");
    }
}
