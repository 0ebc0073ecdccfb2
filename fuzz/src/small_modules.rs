//! Modules of a few instructions that answer a host as a policy would: first inputs of the loader that are fast to compile, and
//! whose constants are addresses, so that a changed byte makes a module that lies.

use regoc_abi::{exports, imports};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, ImportSection, Instruction, MemorySection, MemoryType, Module, TypeSection, ValType,
};

/// Where the texts of a module lie.
const ENTRYPOINTS: i32 = 1024;
const BUILTINS: i32 = 1280;
const RESULT: i32 = 1536;
const PLACE: i32 = 1792;
/// Where the heap begins.
const HEAP: i32 = 2048;

/// What a module does when it is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Answer,
    Abort,
    CallBuiltin,
    Loop,
    Grow,
}

/// The modules, with the single call of ABI 1.2 and without.
#[must_use]
pub fn small_modules() -> Vec<Vec<u8>> {
    let deeds = [Deed::Answer, Deed::Abort, Deed::CallBuiltin, Deed::Loop, Deed::Grow];
    deeds.into_iter().flat_map(|deed| [module(deed, true), module(deed, false)]).collect()
}

fn types(types: &mut TypeSection, function: &regoc_abi::Function) {
    types.ty().function(function.params.iter().map(|_| ValType::I32), function.result.map(|_| ValType::I32));
}

fn module(deed: Deed, single_call: bool) -> Vec<u8> {
    let imported = [imports::ABORT, imports::BUILTINS[2]];
    let exported: Vec<_> = exports::EXPORTS.iter().filter(|export| single_call || export.name != "opa_eval").collect();
    let mut type_section = TypeSection::new();
    let mut import_section = ImportSection::new();
    let mut functions = FunctionSection::new();
    let mut export_section = ExportSection::new();
    let mut code = CodeSection::new();
    for (index, function) in imported.iter().enumerate() {
        types(&mut type_section, function);
        import_section.import(imports::MODULE, function.name, EntityType::Function(index as u32));
    }
    export_section.export(exports::MEMORY, ExportKind::Memory, 0);
    for (index, function) in (imported.len() as u32..).zip(&exported) {
        types(&mut type_section, function);
        functions.function(index);
        export_section.export(function.name, ExportKind::Func, index);
        code.function(&body(function, deed));
    }
    let version =
        |value| (GlobalType { val_type: ValType::I32, mutable: false, shared: false }, ConstExpr::i32_const(value));
    let mut globals = GlobalSection::new();
    for (index, (name, value)) in
        [(regoc_abi::ABI_VERSION_GLOBAL, 1), (regoc_abi::ABI_MINOR_VERSION_GLOBAL, 3)].into_iter().enumerate()
    {
        let (of, value) = version(value);
        globals.global(of, &value);
        export_section.export(name, ExportKind::Global, index as u32);
    }
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: 2, maximum: None, memory64: false, shared: false, page_size_log2: None });
    let mut data = DataSection::new();
    for (address, text) in [
        (ENTRYPOINTS, "{\"p\":0,\"p/q\":1}\0"),
        (BUILTINS, "{\"http.send\":0,\"time.now_ns\":1,\"f\":2}\0"),
        (RESULT, "[{\"result\":{\"a\":[1,\"x\",{1,2},set()]}}]\0"),
        (PLACE, "policy.rego:1:2: eval_conflict_error: text\0"),
    ] {
        data.active(0, &ConstExpr::i32_const(address), text.bytes());
    }
    let mut module = Module::new();
    module.section(&type_section).section(&import_section).section(&functions).section(&memories).section(&globals);
    module.section(&export_section).section(&code).section(&data);
    module.finish()
}

fn body(function: &regoc_abi::Function, deed: Deed) -> Function {
    let mut body = Function::new([]);
    let asked = matches!(function.name, "opa_eval" | "eval");
    if asked {
        act(&mut body, deed);
    }
    if function.result.is_some() {
        body.instruction(&match function.name {
            "entrypoints" => Instruction::I32Const(ENTRYPOINTS),
            "builtins" => Instruction::I32Const(BUILTINS),
            "opa_json_dump" | "opa_value_dump" => Instruction::LocalGet(0),
            "opa_eval" | "opa_eval_ctx_get_result" => Instruction::I32Const(RESULT),
            "eval" => Instruction::I32Const(0),
            _ => Instruction::I32Const(HEAP),
        });
    }
    body.instruction(&Instruction::End);
    body
}

fn act(body: &mut Function, deed: Deed) {
    match deed {
        Deed::Answer => {}
        Deed::Abort => {
            body.instruction(&Instruction::I32Const(PLACE)).instruction(&Instruction::Call(0));
        }
        Deed::CallBuiltin => {
            for constant in [0, PLACE, RESULT, BUILTINS] {
                body.instruction(&Instruction::I32Const(constant));
            }
            body.instruction(&Instruction::Call(1)).instruction(&Instruction::Drop);
        }
        Deed::Loop => {
            body.instruction(&Instruction::Loop(wasm_encoder::BlockType::Empty));
            body.instruction(&Instruction::Br(0)).instruction(&Instruction::End);
        }
        Deed::Grow => {
            body.instruction(&Instruction::I32Const(0x7FFF))
                .instruction(&Instruction::MemoryGrow(0))
                .instruction(&Instruction::Drop);
        }
    }
}
