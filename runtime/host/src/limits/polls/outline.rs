//! What polls need to know of a module: its functions and what they call. The module was validated.

use std::collections::BTreeMap;

use regoc_abi::imports;
use wasmparser::{
    BinaryReaderError, CompositeInnerType, ElementItems, ExternalKind, FunctionBody, Operator, OperatorsReader, Parser,
    Payload, TypeRef,
};

use super::{MEMORY, START};

/// What is known of a module.
#[derive(Default)]
pub(super) struct Outline<'m> {
    /// How many parameters and results each type has that is one of functions.
    types: Vec<(usize, usize)>,
    /// By type: the number of its shape. Types that differ may be equal to the engine, but never when they have other numbers of parameters
    /// or results.
    shapes: Vec<usize>,
    /// The type of each function, imported ones first.
    functions: Vec<u32>,
    /// How many functions are imported.
    imported: usize,
    /// Those of them that call nothing of the module.
    quiet: Vec<u32>,
    /// The code of the others.
    pub(super) bodies: Vec<FunctionBody<'m>>,
    /// Functions that may be in tables.
    taken: Vec<u32>,
    /// The same by shape.
    taken_by_shape: Vec<Vec<u32>>,
    /// Functions that the host may call.
    exported: Vec<u32>,
    /// How many memories it has.
    pub(super) memories: u32,
    /// The function that is called when it is instantiated.
    pub(super) start: Option<u32>,
    /// What it exports by a name that the runtime keeps for itself.
    pub(super) reserved: Option<&'m str>,
}

/// What a call may go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Callee {
    /// A function of the module, counted from the first that is not imported.
    Function(usize),
    /// Whatever function of a shape lies in a table.
    Shape(usize),
    /// The host, which may call exports.
    Host,
    /// The host, when it calls nothing.
    Nothing,
}

impl<'m> Outline<'m> {
    pub(super) fn read(module: &'m [u8]) -> Result<Self, BinaryReaderError> {
        let mut outline = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            outline.add(payload?)?;
        }
        outline.taken.sort_unstable();
        outline.taken.dedup();
        outline.find_shapes();
        Ok(outline)
    }

    /// Puts types and functions of a shape together: each type with each function would be too much for a module with many of both.
    fn find_shapes(&mut self) {
        let mut numbers = BTreeMap::new();
        let mut number = |ty: &(usize, usize)| {
            let next = numbers.len();
            *numbers.entry(*ty).or_insert(next)
        };
        self.shapes = self.types.iter().map(&mut number).collect();
        self.taken_by_shape = vec![Vec::new(); numbers.len()];
        for function in &self.taken {
            let ty = self.functions.get(*function as usize);
            let shape = ty.and_then(|ty| self.shapes.get(*ty as usize)).copied();
            if let Some(taken) = shape.and_then(|shape| self.taken_by_shape.get_mut(shape)) {
                taken.push(*function);
            }
        }
    }

    fn add(&mut self, payload: Payload<'m>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::TypeSection(groups) => {
                for group in groups {
                    self.types.extend(group?.into_types().map(|ty| match ty.composite_type.inner {
                        CompositeInnerType::Func(ty) => (ty.params().len(), ty.results().len()),
                        _ => (0, 0),
                    }));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    self.import(import.name, import.ty);
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.functions.push(ty?);
                }
            }
            Payload::MemorySection(section) => self.memories += section.count(),
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.exported.push(export.index);
                    }
                    if [MEMORY, START].contains(&export.name) {
                        self.reserved = Some(export.name);
                    }
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    self.take(global?.init_expr.get_operators_reader())?;
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    if let wasmparser::TableInit::Expr(value) = table?.init {
                        self.take(value.get_operators_reader())?;
                    }
                }
            }
            Payload::ElementSection(section) => {
                for element in section {
                    match element?.items {
                        ElementItems::Functions(functions) => {
                            for function in functions {
                                self.taken.push(function?);
                            }
                        }
                        ElementItems::Expressions(_, values) => {
                            for value in values {
                                self.take(value?.get_operators_reader())?;
                            }
                        }
                    }
                }
            }
            Payload::CodeSectionEntry(body) => {
                self.take(body.get_operators_reader()?)?;
                self.bodies.push(body);
            }
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, name: &str, ty: TypeRef) {
        match ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                if name == imports::ABORT.name || name == crate::state::PRINTLN {
                    self.quiet.push(u32::try_from(self.imported).unwrap_or(u32::MAX));
                }
                self.imported += 1;
                self.functions.push(ty);
            }
            TypeRef::Memory(_) => self.memories += 1,
            _ => {}
        }
    }

    /// Notes the functions whose addresses code takes.
    fn take(&mut self, operators: OperatorsReader<'_>) -> Result<(), BinaryReaderError> {
        for operator in operators {
            if let Operator::RefFunc { function_index } = operator? {
                self.taken.push(function_index);
            }
        }
        Ok(())
    }

    /// How many shapes its types have.
    pub(super) fn shapes(&self) -> usize {
        self.taken_by_shape.len()
    }

    /// What an instruction calls.
    pub(super) fn callee(&self, operator: &Operator<'_>) -> Option<Callee> {
        match *operator {
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                Some(self.function(function_index))
            }
            Operator::CallIndirect { type_index, .. }
            | Operator::ReturnCallIndirect { type_index, .. }
            | Operator::CallRef { type_index }
            | Operator::ReturnCallRef { type_index } => {
                self.shapes.get(type_index as usize).copied().map(Callee::Shape)
            }
            _ => None,
        }
    }

    fn function(&self, index: u32) -> Callee {
        match (index as usize).checked_sub(self.imported) {
            Some(function) => Callee::Function(function),
            None if self.quiet.binary_search(&index).is_ok() => Callee::Nothing,
            None => Callee::Host,
        }
    }

    /// What a callee that is no function of the module may be.
    pub(super) fn candidates(&self, callee: Callee) -> Vec<Callee> {
        match callee {
            Callee::Function(_) | Callee::Nothing => Vec::new(),
            Callee::Host => self.exported.iter().map(|function| self.function(*function)).collect(),
            Callee::Shape(shape) => {
                self.taken_by_shape.get(shape).into_iter().flatten().map(|function| self.function(*function)).collect()
            }
        }
    }
}
