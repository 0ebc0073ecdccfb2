//! The code of each kind of statement.

use regoc_abi::{layout, runtime};
use wasm_encoder::{BlockType, MemArg};

use super::func::{FunctionBuilder, With};
use super::module::Memo;
use super::{CodegenError, select};
use crate::plan::ir::{Block, ConstId, Constant, Local, Operand, Stmt, StmtKind};

/// The most targets that a `br_table` is given; V8 takes 65,520.
const MAX_TARGETS: usize = 32_768;

/// Up to so many cases are compared one after the other.
const FEW_CASES: usize = 2;

/// Writes a statement.
pub(super) fn stmt(f: &mut FunctionBuilder<'_, '_>, stmt: &Stmt) -> Result<(), CodegenError> {
    match &stmt.kind {
        StmtKind::Assign { target, source } => assign(f, *target, *source),
        StmtKind::AssignOnce { target, source } => f.assign_once(*target, *source, stmt.span),
        StmtKind::Reset { target } => {
            f.code.op().i32_const(0);
            f.set(*target);
            Ok(())
        }
        StmtKind::Dot { source, key, target } => dot(f, *source, *key, *target),
        StmtKind::Equal(a, b) => f.require(*a, *b, true),
        StmtKind::NotEqual(a, b) => f.require(*a, *b, false),
        StmtKind::IsType { source, test } => f.require_type(*source, *test),
        StmtKind::IsDefined(local) => {
            f.get(*local);
            f.undefined_unless();
            Ok(())
        }
        StmtKind::IsUndefined(local) => {
            f.get(*local);
            f.undefined_if();
            Ok(())
        }
        StmtKind::Select { source, index, keys, target } => select::select(f, *source, *index, keys, *target),
        StmtKind::Len { source, target } => {
            f.operand(*source)?;
            f.runtime(&runtime::LEN)?;
            f.set_defined(*target);
            Ok(())
        }
        StmtKind::MakeArray { target, capacity } => make(f, &runtime::ARRAY, *capacity, *target),
        StmtKind::MakeObject { target } => make(f, &runtime::OBJECT, f.ordered(*target).unwrap_or(0), *target),
        StmtKind::MakeSet { target } => make(f, &runtime::SET, f.ordered(*target).unwrap_or(0), *target),
        StmtKind::ArrayAppend { array, value } => add(f, &runtime::ARRAY_PUSH, *array, &[*value]),
        StmtKind::SetAdd { set, value } if f.ordered(*set).is_some() => {
            add(f, &runtime::APPEND, *set, &[*value, *value])
        }
        StmtKind::ObjectInsert { object, key, value } | StmtKind::ObjectInsertOnce { object, key, value }
            if f.ordered(*object).is_some() =>
        {
            add(f, &runtime::APPEND, *object, &[*key, *value])
        }
        StmtKind::SetAdd { set, value } => add(f, &runtime::SET_ADD, *set, &[*value]),
        StmtKind::ObjectInsert { object, key, value } => add(f, &runtime::OBJECT_INSERT, *object, &[*key, *value]),
        StmtKind::ObjectInsertOnce { object, key, value } => {
            add(f, &runtime::OBJECT_INSERT_ONCE, *object, &[*key, *value])?;
            f.unique_key(stmt.span)
        }
        StmtKind::ObjectMerge { a, b, target } => {
            f.get(*a);
            f.get(*b);
            f.runtime(&runtime::OBJECT_MERGE)?;
            f.set(*target);
            Ok(())
        }
        StmtKind::ObjectDefault { object, key, value, target } => {
            f.get(*object);
            f.operand(*key)?;
            f.operand(*value)?;
            f.runtime(&runtime::OBJECT_DEFAULT)?;
            f.set(*target);
            Ok(())
        }
        StmtKind::ResultSet { key, value, target } => {
            f.operand(*key)?;
            f.get(*value);
            f.runtime(&runtime::RESULT_SET)?;
            f.set(*target);
            Ok(())
        }
        StmtKind::Call { function, args, target } => f.call(*function, args, *target),
        StmtKind::CallBuiltin { builtin, args, target } => f.call_builtin(*builtin, args, *target, stmt.span),
        StmtKind::CallDynamic { table, path, args, target, if_undefined } => {
            f.call_dynamic(*table, path, args, *target, *if_undefined)
        }
        StmtKind::Block(body) | StmtKind::Rule { body, .. } => f.block(body),
        StmtKind::Break(label) => f.leave(*label),
        StmtKind::Not(body) => not(f, body),
        StmtKind::Scan { source, key, value, body } => scan(f, *source, *key, *value, body),
        StmtKind::With { document, path, value, body } => with(f, *document, path, *value, body),
        StmtKind::Switch { on, cases, default } => switch(f, *on, cases, default.as_ref()),
    }
}

fn dot(f: &mut FunctionBuilder<'_, '_>, source: Operand, key: Operand, target: Local) -> Result<(), CodegenError> {
    f.module.indexed |= matches!(key, Operand::Local(_));
    f.operand(source)?;
    f.operand(key)?;
    if let Some(slot) = f.record_slot(source, key) {
        f.code.op().i32_const(i32::try_from(slot).unwrap_or(i32::MAX));
        f.runtime(&runtime::DOT_SLOT)?;
    } else {
        f.runtime(match (f.is_text(key), f.module.recognises) {
            (false, _) => &runtime::DOT,
            (true, false) => &runtime::DOT_TEXT,
            (true, true) => &runtime::DOT_KNOWN,
        })?;
    }
    f.set_defined(target);
    Ok(())
}

fn assign(f: &mut FunctionBuilder<'_, '_>, target: Local, source: Operand) -> Result<(), CodegenError> {
    f.operand(source)?;
    f.set(target);
    Ok(())
}

fn make(
    f: &mut FunctionBuilder<'_, '_>,
    function: &regoc_abi::Function,
    capacity: u32,
    target: Local,
) -> Result<(), CodegenError> {
    f.code.op().i32_const(capacity.cast_signed());
    f.runtime(function)?;
    f.set(target);
    Ok(())
}

fn add(
    f: &mut FunctionBuilder<'_, '_>,
    function: &regoc_abi::Function,
    collection: Local,
    operands: &[Operand],
) -> Result<(), CodegenError> {
    f.get(collection);
    operands.iter().try_for_each(|operand| f.operand(*operand))?;
    f.runtime(function)
}

fn not(f: &mut FunctionBuilder<'_, '_>, body: &Block) -> Result<(), CodegenError> {
    f.open(BlockType::Empty);
    f.body(body, |_| Ok(()))?;
    // The body ran to its end. What was undefined in it goes on behind the block.
    f.undefined();
    f.close();
    Ok(())
}

fn scan(
    f: &mut FunctionBuilder<'_, '_>,
    source: Operand,
    key: Local,
    value: Local,
    body: &Block,
) -> Result<(), CodegenError> {
    let [collection, count, index, place, step] = [(); 5].map(|()| f.take_local());
    let (reads_key, reads_value) = (f.is_read(key), f.is_read(value));
    // count = scan(collection = source); if count != 0
    f.operand(source)?;
    f.code.op().local_tee(collection);
    f.runtime(&runtime::SCAN)?;
    f.code.op().local_tee(count);
    f.open_if();
    if reads_key {
        f.code.op().i32_const(0).local_set(index);
    }
    if reads_value {
        // place = step + items - 4
        f.code.op().local_get(collection);
        f.runtime(&runtime::SCAN_STEP)?;
        f.code.op().local_tee(step).local_get(collection).i32_load(word_at(layout::COLLECTION_ITEMS));
        f.code.op().i32_add().i32_const(4).i32_sub().local_set(place);
    }
    f.open_loop();
    let again = f.depth();
    f.open(BlockType::Empty);
    f.body(body, |f| {
        if reads_key {
            f.code.op().local_get(collection).local_get(index);
            f.runtime(&runtime::SCAN_KEY)?;
            f.set(key);
        }
        if reads_value {
            f.code.op().local_get(place).i32_load(word_at(0));
            f.set(value);
        }
        Ok(())
    })?;
    f.close();
    if reads_key {
        f.code.op().local_get(index).i32_const(1).i32_add().local_set(index);
    }
    if reads_value {
        f.code.op().local_get(place).local_get(step).i32_add().local_set(place);
    }
    // if --count != 0 then again
    let again = f.branch(again);
    f.code.op().local_get(count).i32_const(1).i32_sub().local_tee(count).br_if(again);
    f.close();
    f.close();
    [collection, count, index, place, step].into_iter().for_each(|local| f.give_back(local));
    Ok(())
}

/// A word at an offset of an address.
fn word_at(offset: u32) -> MemArg {
    MemArg { offset: offset.into(), align: 2, memory_index: 0 }
}

fn with(
    f: &mut FunctionBuilder<'_, '_>,
    document: Local,
    path: &[ConstId],
    value: Operand,
    body: &Block,
) -> Result<(), CodegenError> {
    let saved = f.take_local();
    f.get(document);
    f.code.op().local_set(saved);
    if path.is_empty() {
        f.operand(value)?;
    } else {
        let keys = path.iter().filter_map(|key| f.module.program.constants.get(*key).cloned()).collect();
        let keys = f.module.constant(&Constant::Array(keys));
        f.get(document);
        f.word(keys);
        f.operand(value)?;
        f.runtime(&runtime::UPSERT)?;
    }
    f.set(document);
    // Rules may have other values inside.
    let generation = f.module.memo.atom.map(|memo| {
        let generation = f.take_local();
        f.code.op().i32_const(0);
        f.code.load(memo, Memo::CURRENT);
        f.code.op().local_set(generation);
        f.module.next_generation(&mut f.code);
        generation
    });
    // The block leaves 1 on the stack if a statement in it was undefined, else 0.
    f.open(BlockType::Result(wasm_encoder::ValType::I32));
    let outside = f.depth();
    f.enter_with(With { depth: outside, document, saved, generation });
    f.open(BlockType::Empty);
    f.body(body, |_| Ok(()))?;
    let outside = f.branch(outside);
    f.code.op().i32_const(0).br(outside);
    f.close();
    f.code.op().i32_const(1);
    f.close();
    f.leave_with();
    f.undefined_if();
    Ok(())
}

fn switch(
    f: &mut FunctionBuilder<'_, '_>,
    on: Operand,
    cases: &[(ConstId, Block)],
    default: Option<&Block>,
) -> Result<(), CodegenError> {
    f.open(BlockType::Empty);
    let end = f.depth();
    f.open(BlockType::Empty);
    let none = f.depth();
    // Undefined is in no case.
    f.operand(on)?;
    let to_none = f.branch(none);
    f.code.op().i32_eqz().br_if(to_none);
    if cases.len() <= FEW_CASES {
        few_cases(f, on, cases, end)?;
    } else {
        many_cases(f, on, cases, end)?;
    }
    f.close();
    if let Some(default) = default {
        f.block(default)?;
    }
    f.close();
    Ok(())
}

/// Compares one case after the other. What runs out of its end fits none.
fn few_cases(
    f: &mut FunctionBuilder<'_, '_>,
    on: Operand,
    cases: &[(ConstId, Block)],
    end: u32,
) -> Result<(), CodegenError> {
    for (constant, body) in cases {
        f.equal(on, (*constant).into())?;
        f.open_if();
        f.block(body)?;
        let to_end = f.branch(end);
        f.code.op().br(to_end);
        f.close();
    }
    Ok(())
}

/// Looks the case up in a constant object and jumps. What runs out of its end fits none.
fn many_cases(
    f: &mut FunctionBuilder<'_, '_>,
    on: Operand,
    cases: &[(ConstId, Block)],
    end: u32,
) -> Result<(), CodegenError> {
    let index = f.take_local();
    let constants = &f.module.program.constants;
    let numbered = (0u32..).zip(cases).filter_map(|(number, (case, _))| {
        let number = Constant::Number(number.to_string().as_str().into());
        constants.get(*case).map(|case| (case.clone(), number))
    });
    let numbers = Constant::Object(numbered.collect());
    let numbers = f.module.constant(&numbers);
    // index = the number of the case; -1 where there is none, as undefined is the word 0
    f.word(numbers);
    f.operand(on)?;
    f.runtime(&runtime::DOT)?;
    f.code.op().i32_const(1).i32_sub().i32_const(1).i32_shr_s().local_set(index);
    for (first, group) in (0..).step_by(MAX_TARGETS).zip(cases.chunks(MAX_TARGETS)) {
        // Each case begins behind the end of a wasm block; the last block's end is where no case of this group fits.
        f.open(BlockType::Empty);
        for _ in group {
            f.open(BlockType::Empty);
        }
        f.code.op().local_get(index).i32_const(first).i32_sub();
        let targets: Vec<u32> = (0..u32::try_from(group.len()).unwrap_or(u32::MAX)).collect();
        let otherwise = u32::try_from(group.len()).unwrap_or(u32::MAX);
        f.code.op().br_table(targets, otherwise);
        for (_, body) in group {
            f.close();
            f.block(body)?;
            let to_end = f.branch(end);
            f.code.op().br(to_end);
        }
        f.close();
    }
    f.give_back(index);
    Ok(())
}
