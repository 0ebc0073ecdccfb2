//! Validates the finished module: what WebAssembly asks of every module, and what the ABI asks of this one. Repairs nothing.

use regoc_abi::{exports, imports};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef, Validator, WasmFeatures};

use super::CodegenError;

/// The features that a module may use: WebAssembly 1.0 and what every engine has had for years.
const FEATURES: WasmFeatures = WasmFeatures::WASM1
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT);

/// Checks a module.
///
/// # Errors
/// It is not valid, imports what hosts do not have, or lacks an export of the ABI.
pub(super) fn check(bytes: &[u8]) -> Result<(), CodegenError> {
    let invalid = |error: wasmparser::BinaryReaderError| CodegenError::Invalid(error.to_string());
    Validator::new_with_features(FEATURES).validate_all(bytes).map_err(invalid)?;
    let mut exported: Vec<&str> = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(invalid)? {
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    let import = import.map_err(invalid)?;
                    if !is_known_import(import.module, import.name, &import.ty) {
                        let message = format!("{}.{} is not an import of the ABI", import.module, import.name);
                        return Err(CodegenError::Invalid(message));
                    }
                }
            }
            Payload::ExportSection(reader) => {
                for export in reader {
                    let export = export.map_err(invalid)?;
                    if export.kind == ExternalKind::Func {
                        exported.push(export.name);
                    }
                }
            }
            _ => {}
        }
    }
    let missing = exports::EXPORTS.iter().find(|function| !exported.contains(&function.name));
    match missing {
        Some(function) => Err(CodegenError::Invalid(format!("the export {} is missing", function.name))),
        None => Ok(()),
    }
}

fn is_known_import(module: &str, name: &str, ty: &TypeRef) -> bool {
    module == imports::MODULE
        && match ty {
            TypeRef::Memory(memory) => name == imports::MEMORY && memory.maximum.is_none(),
            TypeRef::Func(_) => {
                name == imports::ABORT.name || imports::BUILTINS.iter().any(|function| function.name == name)
            }
            _ => false,
        }
}
