//! The linker on libraries made by hand.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use wasmparser::{Parser, Payload, Validator};

use super::object::{Atom, Body, Field, Function, Global, GlobalId, Relocation, Signature, Target, ValType};
use super::pack::{Object, pack};
use super::read::read;
use super::*;

fn options() -> LinkOptions {
    LinkOptions {
        stack_size: 16_384,
        deep_stack_size: 65_536,
        initial_pages: 2,
        memory: ("env".to_owned(), "memory".to_owned()),
        library_names: false,
        inline: false,
    }
}

fn place(at: u32, width: u8, field: Field, target: Target) -> Relocation {
    Relocation { at, width, field, target, addend: 0 }
}

fn function(name: &'static str, bytes: &'static [u8], relocations: Vec<Relocation>) -> Function<'static> {
    let body = Body::Code { bytes: bytes.into(), relocations: relocations.into() };
    Function { name: name.as_bytes().into(), signature: SignatureId(0), body }
}

fn atom(name: &'static str, bytes: Vec<u8>) -> Atom<'static> {
    Atom { name: name.as_bytes().into(), align: 4, bytes: bytes.into(), relocations: Vec::new().into() }
}

/// `used` reads the data atom 1 and calls `helper`; `unused` reads atom 0. All are of type () -> i32.
fn object() -> Object<'static> {
    let mut object = Object::default();
    object.signatures.push(Signature { params: Vec::new(), results: vec![ValType::I32] });
    // No locals; i32.const 0 (padded to five bytes); end.
    let constant = &[0, 0x41, 0x80, 0x80, 0x80, 0x80, 0x00, 0x0b];
    let helper =
        object.functions.push(function("helper", constant, vec![place(2, 5, Field::Signed, Target::HeapBase)]));
    // No locals; i32.const; drop; call; end.
    let used = &[0, 0x41, 0x80, 0x80, 0x80, 0x80, 0x00, 0x1a, 0x10, 0x80, 0x80, 0x80, 0x80, 0x00, 0x0b];
    let relocations = vec![
        Relocation { at: 2, width: 5, field: Field::Signed, target: Target::Atom(AtomId(1)), addend: 2 },
        place(9, 5, Field::Unsigned, Target::Function(helper)),
    ];
    let used = object.functions.push(function("used", used, relocations));
    let relocations = vec![place(2, 5, Field::Signed, Target::Atom(AtomId(0)))];
    let unused = object.functions.push(function("unused", constant, relocations));
    object.atoms.push(atom("unused data", b"never".to_vec()));
    object.atoms.push(atom("zeros", vec![0; 40]));
    object.exports = vec![("unused".into(), unused), ("used".into(), used)];
    object
}

/// The library that is made of an object.
fn packed(object: &Object<'_>) -> Library<'static> {
    let image = pack(object).expect("it can be written");
    Library::open(image.leak()).expect("it can be read")
}

/// The first data segment and the minimum of the memory of a valid module.
fn inspect(module: &[u8]) -> (Vec<u8>, u64) {
    Validator::new().validate_all(module).expect("the module is valid");
    let (mut data, mut pages) = (Vec::new(), 0);
    for payload in Parser::new(0).parse_all(module) {
        match payload.expect("the module is well-formed") {
            Payload::DataSection(reader) => {
                data = reader.into_iter().next().expect("a segment").expect("well-formed").data.to_vec()
            }
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    if let wasmparser::TypeRef::Memory(memory) = import.expect("well-formed").ty {
                        pages = memory.initial;
                    }
                }
            }
            _ => {}
        }
    }
    (data, pages)
}

#[test]
fn only_what_is_reached_is_taken() {
    let library = packed(&object());
    let mut linker = Linker::new(&library);
    linker.export("f", library.export("used").expect("it is exported"));
    let linked = linker.link(&options()).expect("it links");
    let names: Vec<&str> = linked.sizes.pieces.iter().map(|piece| piece.name.as_str()).collect();
    assert_eq!(names, ["helper", "used"]);
    // Data that begin as zero take no room.
    assert_eq!(inspect(&linked.bytes), (Vec::new(), 1));
    // Padding is gone: locals, i32.const of three bytes (16,386), drop, call of one byte, end.
    assert_eq!(linked.sizes.pieces[1].size, 1 + 4 + 1 + 2 + 1);
    // The heap begins behind the zeros, aligned to 16: 16,384 + 40, rounded up.
    let heap_base = [0x41, 0xb0, 0x80, 0x01];
    assert!(linked.bytes.windows(4).any(|bytes| bytes == heap_base));
}

#[test]
fn a_function_that_only_calls_another_is_not_there() {
    let mut object = object();
    let used = FunctionId(1);
    // No locals; call; end. The second one drops what it was given and calls again.
    let call = &[0, 0x10, 0x80, 0x80, 0x80, 0x80, 0x00, 0x0b];
    let twice = &[0, 0x10, 0x80, 0x80, 0x80, 0x80, 0x00, 0x1a, 0x10, 0x80, 0x80, 0x80, 0x80, 0x00, 0x0b];
    let target = |at, id| place(at, 5, Field::Unsigned, Target::Function(id));
    let forward = object.functions.push(function("forward", call, vec![target(2, used)]));
    let again = object.functions.push(function("again", call, vec![target(2, forward)]));
    let itself = FunctionId::from_usize(object.functions.len());
    object.functions.push(function("itself", call, vec![target(2, itself)]));
    object.functions.push(function("twice", twice, vec![target(2, again), target(9, itself)]));
    let library = packed(&object);
    let mut linker = Linker::new(&library);
    linker.export("twice", FunctionId::from_usize(library.function_count() - 1));
    linker.export("again", again);
    let linked = linker.link(&options()).expect("it links");
    inspect(&linked.bytes);
    let mut names: Vec<&str> = linked.sizes.pieces.iter().map(|piece| piece.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["helper", "itself", "twice", "used"]);
}

#[test]
fn added_code_and_data_are_linked_with_the_library() {
    let library = packed(&object());
    let mut linker = Linker::new(&library);
    let signature = Signature { params: Vec::new(), results: vec![ValType::I32] };
    let text = linker.atom("text", 1, b"abc\0".to_vec(), Vec::new());
    let pointer = vec![place(4, 4, Field::Word, Target::Atom(text))];
    let pointer = linker.atom("pointer", 8, vec![7, 0, 0, 0, 0, 0, 0, 0], pointer);
    let own = linker.declare("own", &signature);
    let relocations = vec![place(2, 0, Field::Signed, Target::Atom(pointer))];
    linker.define(own, vec![0, 0x41, 0x0b], relocations);
    linker.export("own", own);
    let linked = linker.link(&options()).expect("it links");
    let (data, _) = inspect(&linked.bytes);
    // The wider alignment comes first: the pointer at 16,384, the text behind it.
    assert_eq!(data, [7, 0, 0, 0, 8, 0x40, 0, 0, b'a', b'b', b'c', 0]);
    assert_eq!(linker.link(&options()).expect("it links again").bytes, linked.bytes);
}

/// The text of a module whose export `own` is what the instructions say, with relocations in them.
fn linked_text(object: &Object<'_>, instructions: &[u8], relocations: Vec<Relocation>, bind: bool) -> String {
    let library = packed(object);
    let mut linker = Linker::new(&library);
    let signature = Signature { params: Vec::new(), results: vec![ValType::I32] };
    let own = linker.declare("own", &signature);
    linker.define(own, instructions.to_vec(), relocations);
    linker.export("own", own);
    if bind {
        let nothing = linker.inert(&signature);
        linker.bind("policy", "nothing", nothing);
    }
    let linked = linker.link(&options()).expect("it links");
    inspect(&linked.bytes);
    wasmprinter::print_bytes(&linked.bytes).expect("it prints")
}

#[test]
fn globals_are_made_where_they_are_used() {
    let mut object = object();
    for (name, from_heap_base) in [("heap", true), ("unused", false), ("word", false)] {
        object.globals.push(Global { name: name.into(), from_heap_base });
    }
    let [heap, word] = [0, 2].map(|id| Target::Global(GlobalId(id)));
    let relocations = vec![
        place(1, 0, Field::GlobalGet, heap),
        place(1, 0, Field::GlobalSet, word),
        place(1, 0, Field::GlobalGet, word),
    ];
    let text = linked_text(&object, &[0, 0x0b], relocations, false);
    // The heap begins behind the stack, as there are no data.
    assert!(text.contains("(global (;0;) (mut i32) i32.const 16384)"), "{text}");
    assert!(text.contains("(global (;1;) (mut i32) i32.const 0)") && !text.contains("(global (;2;)"), "{text}");
    let code: Vec<&str> = text.lines().map(str::trim).filter(|line| line.starts_with("global.")).collect();
    assert_eq!(code, ["global.get 0", "global.set 1", "global.get 1"]);
}

#[test]
fn a_call_of_what_does_nothing_is_no_call() {
    let mut object = Object::default();
    object.signatures.push(Signature { params: Vec::new(), results: vec![ValType::I32] });
    let body = Body::Import { module: "policy".into(), name: "nothing".into() };
    let nothing =
        object.functions.push(Function { name: b"nothing".as_slice().into(), signature: SignatureId(0), body });
    let call = vec![place(2, 0, Field::Unsigned, Target::Function(nothing))];
    let bound = linked_text(&object, &[0, 0x10, 0x0b], call.clone(), true);
    assert!(bound.contains("i32.const 0") && !bound.contains("call"), "{bound}");
    let unbound = linked_text(&object, &[0, 0x10, 0x0b], call, false);
    assert!(unbound.contains("call 0"), "{unbound}");
}

#[test]
fn rows_of_the_table_stay_together() {
    let library = packed(&object());
    let mut linker = Linker::new(&library);
    let [used, unused] = ["used", "unused"].map(|name| library.export(name).expect("it is exported"));
    assert_eq!(linker.table_rows(&[unused, used]), 1);
    assert_eq!(linker.table_rows(&[used]), 3);
    let linked = linker.link(&options()).expect("it links");
    let text = wasmprinter::print_bytes(&linked.bytes).expect("it prints");
    assert!(text.contains("(table (;0;) 4 4 funcref)"), "{text}");
    assert!(text.contains("(elem (;0;) (i32.const 1) func 2 0 0)") || text.contains("func 2 1 1"), "{text}");
}

#[test]
fn large_data_grow_the_memory_at_start() {
    let library = packed(&object());
    let mut linker = Linker::new(&library);
    let signature = Signature { params: Vec::new(), results: vec![ValType::I32] };
    let large = linker.atom("large", 8, vec![1; 3 * PAGE as usize], Vec::new());
    let own = linker.declare("own", &signature);
    linker.define(own, vec![0, 0x41, 0x0b], vec![place(2, 0, Field::Signed, Target::Atom(large))]);
    linker.export("own", own);
    let linked = linker.link(&options()).expect("it links");
    let (data, pages) = inspect(&linked.bytes);
    assert_eq!((data.len(), pages), (3 * PAGE as usize, 2));
    let text = wasmprinter::print_bytes(&linked.bytes).expect("it prints");
    assert!(text.contains("(start "), "{text}");
}

/// The module whose export calls a function that has no frame, keeps one itself, and is called back if it recurses.
fn linked_pair(inner_calls: Option<&str>) -> String {
    let library = Library::default();
    let mut linker = Linker::new(&library);
    let signature = Signature { params: Vec::new(), results: vec![ValType::I32] };
    let [outer, inner] = ["outer", "inner"].map(|name| linker.declare(name, &signature));
    let calls = |at, callee| place(at, 0, Field::Unsigned, Target::Function(callee));
    // No locals; global.get of the stack pointer; drop; call; end.
    let stack = place(2, 0, Field::Unsigned, Target::StackPointer);
    linker.define(outer, vec![0, 0x23, 0x1a, 0x10, 0x0b], vec![stack, calls(4, inner)]);
    match inner_calls {
        Some(callee) => {
            let callee = if callee == "outer" { outer } else { inner };
            linker.define(inner, vec![0, 0x10, 0x0b], vec![calls(2, callee)]);
        }
        None => linker.define(inner, vec![0, 0x41, 0, 0x0b], Vec::new()),
    }
    linker.export("outer", outer);
    wasmprinter::print_bytes(&linker.link(&options()).expect("it links").bytes).expect("it prints")
}

#[test]
fn only_recursion_with_frames_gets_the_deep_stack() {
    let (deep, usual) = ["(global (;0;) (mut i32) i32.const 65536)", "(global (;0;) (mut i32) i32.const 16384)"].into();
    for (inner_calls, stack) in [(None, usual), (Some("inner"), usual), (Some("outer"), deep)] {
        let text = linked_pair(inner_calls);
        assert!(text.contains(stack), "{inner_calls:?}: {text}");
    }
}

#[test]
fn a_declared_function_without_code_is_an_error() {
    let library = packed(&object());
    let mut linker = Linker::new(&library);
    let signature = Signature::default();
    let own = linker.declare("missing", &signature);
    linker.export("own", own);
    assert!(matches!(linker.link(&options()), Err(LinkError::Undefined(name)) if name == "missing"));
}

#[test]
fn what_is_no_library_is_refused() {
    for bytes in [&b""[..], b"\0asm\x01\0\0\0", b"not a module"] {
        assert!(matches!(read(bytes), Err(LinkError::Library(_))), "{bytes:?}");
    }
}

#[test]
fn an_image_says_what_was_packed() {
    let guest = include_bytes!("../../../../runtime/guest/guest.wasm");
    let object = read(guest).expect("the guest library can be read");
    let library = packed(&object);
    assert_eq!((library.function_count(), library.atom_count()), (object.functions.len(), object.atoms.len()));
    for (id, function) in object.functions.enumerate() {
        assert_eq!(library.function(id).as_ref().map(shown), Some(shown(function)));
    }
    for (id, atom) in object.atoms.enumerate() {
        let packed = library.atom(id).expect("it is there");
        assert_eq!((&packed.name, packed.align, &packed.bytes), (&atom.name, atom.align, &atom.bytes));
        assert!(
            packed.relocations.len() == atom.relocations.len() && packed.relocations.iter().eq(atom.relocations.iter())
        );
    }
    assert_eq!((&library.signatures, &library.globals), (&object.signatures, &object.globals));
    assert!(library.exports().eq(object.exports.iter().map(|(name, id)| (name.as_ref(), *id))));
    assert!(object.exports.iter().all(|(name, id)| library.export(name) == Some(*id)));
    assert_eq!(library.export("no such function"), None);
}

/// What a function consists of, however it is kept.
fn shown(function: &Function<'_>) -> String {
    let body = match &function.body {
        Body::Code { bytes, relocations } => format!("{bytes:?} {:?}", relocations.iter().collect::<Vec<_>>()),
        Body::Import { module, name } => format!("{module} {name}"),
        Body::Declared | Body::Inert => String::new(),
    };
    format!("{:?} {:?} {body}", function.name, function.signature)
}

#[test]
fn what_is_no_image_is_refused() {
    let image = pack(&object()).expect("it can be written");
    assert!(Library::open(&image).is_ok());
    for size in [0, 8, image.len() - 1] {
        assert!(matches!(Library::open(&image[..size]), Err(LinkError::Library(_))), "{size}");
    }
}
