//! Selecting elements of a collection by an index, see [`StmtKind::Select`](crate::plan::ir::StmtKind::Select).

use regoc_abi::runtime;

use super::CodegenError;
use super::consts::Word;
use super::func::FunctionBuilder;
use crate::plan::ir::{ConstId, Constant, Local, Operand};

pub(super) fn select(
    f: &mut FunctionBuilder<'_, '_>,
    source: Operand,
    index: ConstId,
    keys: &[Operand],
    target: Local,
) -> Result<(), CodegenError> {
    match f.module.program.constants.get(index) {
        Some(Constant::Array(says)) if says.first() == Some(&Constant::Null) => made(f, source, says, keys, target),
        _ => base(f, source, index, keys, target),
    }
}

/// Selects from base data, which was indexed when the host gave it.
fn base(
    f: &mut FunctionBuilder<'_, '_>,
    source: Operand,
    index: ConstId,
    keys: &[Operand],
    target: Local,
) -> Result<(), CodegenError> {
    f.module.selected.insert(index);
    f.operand(source)?;
    f.operand(index.into())?;
    hash(f, keys)?;
    f.runtime(&runtime::SELECT)?;
    f.set(target);
    Ok(())
}

/// Selects from what is indexed in the decision. Hashes cost more than small collections, so those are told from others first.
fn made(
    f: &mut FunctionBuilder<'_, '_>,
    source: Operand,
    says: &[Constant],
    keys: &[Operand],
    target: Local,
) -> Result<(), CodegenError> {
    f.module.finds = true;
    let found = f.take_local();
    f.operand(source)?;
    f.set(target);
    f.get(target);
    let says = with_slots(f, source, says);
    if let Word::Atom(says) = f.module.constant(&says) {
        f.code.address(says);
    }
    f.runtime(&runtime::FIND_INDEX)?;
    f.code.op().local_tee(found);
    f.open_if();
    f.code.op().local_get(found);
    hash(f, keys)?;
    f.runtime(&runtime::SELECT_FOUND)?;
    f.set(target);
    f.close();
    f.give_back(found);
    Ok(())
}

/// Leaves the hash of keys on the stack.
fn hash(f: &mut FunctionBuilder<'_, '_>, keys: &[Operand]) -> Result<(), CodegenError> {
    f.code.op().i32_const(0);
    for key in keys {
        f.operand(*key)?;
        f.runtime(&runtime::SELECT_HASH)?;
    }
    Ok(())
}

/// What an index says, with the slots of its keys in the records that the elements may be.
fn with_slots(f: &FunctionBuilder<'_, '_>, source: Operand, says: &[Constant]) -> Constant {
    let mut says = says.to_vec();
    if let (Some(shapes), Operand::Local(source), Some(Constant::Array(columns))) =
        (&f.module.shapes, source, says.get_mut(1))
    {
        for column in columns {
            if let Constant::Array(steps) = column {
                shapes.add_slots(&f.module.program.constants, f.id, source, steps);
            }
        }
    }
    Constant::Array(says)
}
