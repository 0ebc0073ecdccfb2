//! The parts that a module has once: the functions that the guest calls, exports, tables, memo slots and sections.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use regoc_abi::{exports, imports, runtime};
use regoc_values::regex;
use rustc_hash::FxHashMap;
use wasm_encoder::BlockType;

use super::attempts::Attempts;
use super::code::Code;
use super::conflicts::Conflicts;
use super::consts::{Constants, Word};
use super::link::library::Library;
use super::link::object::{AtomId, FunctionId, Signature, SignatureId, ValType};
use super::link::{LinkOptions, Linked, Linker};
use super::sets::Sets;
use super::shapes::Shapes;
use super::{CodegenError, CodegenOptions, LinkError, func, sections};
use crate::index::IndexVec;
use crate::plan::ir::{Block, ConstId, Constant, FuncId, Operand, Program, StmtKind, TableId};
use crate::plan::visit;
use crate::source::SourceSet;

/// The image of the guest library, see `runtime/guest`.
static GUEST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/guest.image"));

/// The size in bytes of the guest's stack. What every module holds does not recurse with frames on this stack, but some of it keeps
/// buffers there.
const STACK_SIZE: u32 = 32 * 1024;

/// The size in bytes of the stack of a module that does: readers of languages (regular expressions, GraphQL, templates) are called once
/// for each level of what they read, up to limits of their own. Addresses behind it still fit three bytes.
const DEEP_STACK_SIZE: u32 = 960 * 1024;

/// The most bytes of a constant pattern's table. The engine takes more than 100 KB.
const LARGEST_PATTERN: usize = 16 * 1024;

/// The pages that every host gives, also old ones: 128 KB.
const INITIAL_PAGES: u32 = 2;

/// The exports that the compiler makes: constants.
const ENTRYPOINTS: &str = "entrypoints";
const BUILTINS: &str = "builtins";

/// The prefix of what the guest library imports to ask something of the host.
const HOST_PREFIX: &str = "host.";

/// What the generated code of all functions shares.
pub(super) struct ModuleBuilder<'a> {
    pub(super) program: &'a Program,
    pub(super) sources: &'a SourceSet,
    pub(super) options: &'a CodegenOptions,
    pub(super) linker: Linker<'a>,
    pub(super) functions: IndexVec<FuncId, FunctionId>,
    pub(super) memo: Memo,
    pub(super) conflicts: Conflicts,
    pub(super) attempts: Option<Attempts>,
    constants: Constants,
    words: IndexVec<ConstId, Option<Word>>,
    runtime: FxHashMap<&'static str, FunctionId>,
    tables: FxHashMap<TableId, DynamicTable>,
    /// Which values are sets.
    pub(super) sets: Sets<'a>,
    /// See [`Self::pattern`].
    patterns: FxHashMap<ConstId, Option<AtomId>>,
    /// The export that lists the host builtins.
    builtins: Option<FunctionId>,
    /// Whether objects are looked into by keys that are not known before: then large ones get an index.
    pub(super) indexed: bool,
    /// The indexes of base data that are asked.
    pub(super) selected: BTreeSet<ConstId>,
    /// Whether collections that are scanned again and again get an index in the decision.
    pub(super) finds: bool,
    /// See [`recognises`].
    pub(super) recognises: bool,
    /// Whether collections are run through: then speed is worth some bytes.
    pub(super) loops: bool,
    /// The shapes by which the input is read, unless it is read whole.
    pub(super) shapes: Option<Shapes>,
}

/// Where the values of rules are kept during a decision.
///
/// A slot is two words: a generation and a value, which counts only when that generation is the current one. So neither a new
/// decision nor `with` has to clear anything: they begin a new generation, and `with` goes back to the old one at its end.
/// Everything is in linear memory, so that an image of the memory holds it too.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    /// The current generation, the last generation, then the slots; none when nothing is kept.
    pub(super) atom: Option<AtomId>,
    /// The offset of each function's slot.
    slots: FxHashMap<FuncId, i32>,
    size: i32,
}

impl Memo {
    /// The offset of the current generation.
    pub(super) const CURRENT: i32 = 0;
    /// The offset of the last generation that was begun.
    pub(super) const LAST: i32 = 4;
    const FIRST_SLOT: i32 = 8;
    const SLOT_SIZE: i32 = 8;
    /// The offset of the value in a slot.
    pub(super) const VALUE: i32 = 4;

    /// The offset of a function's slot.
    pub(super) fn slot(&self, function: FuncId) -> Option<i32> {
        self.slots.get(&function).copied()
    }
}

/// The functions of a table of the plan: an object from path to row, and the rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct DynamicTable {
    /// Nested objects; the elements at the end of a path are the numbers of rows, from 0.
    pub(super) paths: Word,
    /// The place of the first row in the module's table.
    pub(super) first_row: u32,
    /// The type of all functions in it.
    pub(super) signature: SignatureId,
}

/// The type of a function with so many value words as parameters and one as its result.
pub(super) fn words_to_word(params: usize) -> Signature {
    Signature { params: vec![ValType::I32; params], results: vec![ValType::I32] }
}

/// The type of a function of the contract.
pub(super) fn abi_signature(function: &regoc_abi::Function) -> Signature {
    let val_type = |ty: &regoc_abi::ValueType| match ty {
        regoc_abi::ValueType::I32 => ValType::I32,
        regoc_abi::ValueType::I64 => ValType::I64,
    };
    Signature {
        params: function.params.iter().map(val_type).collect(),
        results: function.result.iter().map(val_type).collect(),
    }
}

/// The guest library, opened once per process.
pub(super) fn guest() -> Result<&'static Library<'static>, CodegenError> {
    static LIBRARY: OnceLock<Result<Library<'static>, String>> = OnceLock::new();
    LIBRARY
        .get_or_init(|| Library::open(GUEST).map_err(|error| error.to_string()))
        .as_ref()
        .map_err(|error| CodegenError::Link(LinkError::Library(error.clone())))
}

/// Makes the code of all functions and links it.
pub(super) fn assemble(
    program: &Program,
    sources: &SourceSet,
    options: &CodegenOptions,
) -> Result<Linked, CodegenError> {
    let mut builder = ModuleBuilder::new(program, sources, options, guest()?);
    for (id, function) in program.functions.enumerate() {
        let (code, locals) = func::function(&mut builder, id, function)?;
        let (bytes, relocations) = code.finish(locals);
        builder.linker.define(builder.functions[id], bytes, relocations);
    }
    builder.bind_policy()?;
    builder.export()?;
    builder.bind_order()?;
    builder.bind_host_builtins()?;
    builder.linker.custom_section(regoc_abi::sections::RULES, sections::rules(program, sources).into_bytes());
    builder.linker.custom_section(regoc_abi::sections::PRODUCER, sections::producer(program).into_bytes());
    let memory = (imports::MODULE.to_owned(), imports::MEMORY.to_owned());
    let library_names = options.guest_names;
    let link = LinkOptions {
        stack_size: STACK_SIZE,
        deep_stack_size: DEEP_STACK_SIZE,
        initial_pages: INITIAL_PAGES,
        memory,
        library_names,
        inline: !options.keep_calls,
    };
    Ok(builder.linker.link(&link)?)
}

impl<'a> ModuleBuilder<'a> {
    fn new(program: &'a Program, sources: &'a SourceSet, options: &'a CodegenOptions, guest: &'a Library<'a>) -> Self {
        let mut linker = Linker::new(guest);
        let functions = program
            .functions
            .iter()
            .map(|function| linker.declare(function.name.as_str(), &words_to_word(2 + function.params as usize)))
            .collect();
        let memo = memo(program, &mut linker);
        let conflicts = Conflicts::new(program, sources, &mut linker);
        let attempts = Attempts::new(program, &mut linker);
        Self {
            program,
            sources,
            options,
            linker,
            functions,
            memo,
            conflicts,
            attempts,
            constants: Constants::default(),
            words: program.constants.iter().map(|_| None).collect(),
            runtime: FxHashMap::default(),
            tables: FxHashMap::default(),
            sets: Sets::default(),
            patterns: FxHashMap::default(),
            builtins: None,
            indexed: false,
            selected: BTreeSet::new(),
            finds: false,
            recognises: recognises(program),
            loops: has_loop(program),
            shapes: if options.whole_input { None } else { Shapes::of(program) },
        }
    }

    /// The word of a constant of the plan.
    pub(super) fn word(&mut self, id: ConstId) -> Result<Word, CodegenError> {
        if let Some(Some(word)) = self.words.get(id) {
            return Ok(*word);
        }
        let constant = self.program.constants.get(id).ok_or_else(|| CodegenError::Plan(format!("no constant {id}")))?;
        let word = self.constants.word(&mut self.linker, constant);
        self.words[id] = Some(word);
        Ok(word)
    }

    /// The word of a constant that the plan does not have.
    pub(super) fn constant(&mut self, constant: &Constant) -> Word {
        self.constants.word(&mut self.linker, constant)
    }

    /// The address of a NUL-terminated text.
    pub(super) fn text(&mut self, text: String) -> AtomId {
        self.constants.text(&mut self.linker, text)
    }

    /// The address of a table by which a constant pattern is looked for; none for what is no pattern, or one that needs the engine.
    pub(super) fn pattern(&mut self, id: ConstId) -> Option<AtomId> {
        if let Some(table) = self.patterns.get(&id) {
            return *table;
        }
        let made = match self.program.constants.get(id) {
            Some(Constant::String(pattern)) => regex::table::make(pattern.as_bytes(), LARGEST_PATTERN),
            _ => None,
        };
        let table = made.map(|table| self.linker.atom("pattern", 2, table, Vec::new()));
        self.patterns.insert(id, table);
        table
    }

    /// A function of the guest library.
    pub(super) fn runtime(&mut self, function: &regoc_abi::Function) -> Result<FunctionId, CodegenError> {
        if let Some(id) = self.runtime.get(function.name) {
            return Ok(*id);
        }
        let id = self.guest_function(function.name, &abi_signature(function))?;
        self.runtime.insert(function.name, id);
        Ok(id)
    }

    /// A function that the guest library exports under a name, with that type.
    pub(super) fn guest_function(&self, name: &str, signature: &Signature) -> Result<FunctionId, CodegenError> {
        let id = self.linker.library_function(name);
        id.filter(|id| self.linker.has_signature(*id, signature))
            .ok_or_else(|| CodegenError::NotInGuest(name.to_owned()))
    }

    /// A function that hosts supply.
    pub(super) fn host_function(&mut self, function: &regoc_abi::Function) -> FunctionId {
        self.linker.import(imports::MODULE, function.name, &abi_signature(function))
    }

    /// The table of a dynamic call.
    pub(super) fn table(&mut self, id: TableId) -> Result<DynamicTable, CodegenError> {
        if let Some(table) = self.tables.get(&id) {
            return Ok(*table);
        }
        let program = self.program;
        let table = program.tables.get(id).ok_or_else(|| CodegenError::Plan(format!("no table {id}")))?;
        let mut rows = Vec::with_capacity(table.rows.len());
        let mut functions = Vec::with_capacity(table.rows.len());
        for (row, (path, function)) in table.rows.iter().enumerate() {
            let keys: Vec<&Constant> = path.iter().filter_map(|key| program.constants.get(*key)).collect();
            rows.push((keys, row));
            let function =
                self.functions.get(*function).ok_or_else(|| CodegenError::Plan(format!("no function {function}")))?;
            functions.push(*function);
        }
        let params = table.rows.first().and_then(|(_, function)| program.functions.get(*function));
        let params = 2 + params.map_or(0, |function| function.params as usize);
        let paths = nested(&rows, 0).ok_or_else(|| CodegenError::Plan(format!("{id}: a path lies inside another")))?;
        let table = DynamicTable {
            paths: self.constant(&paths),
            first_row: self.linker.table_rows(&functions),
            signature: self.linker.signature(&words_to_word(params)),
        };
        self.tables.insert(id, table);
        Ok(table)
    }

    /// Defines what the guest imports: the entry into the policy, and what becomes of a builtin's error.
    fn bind_policy(&mut self) -> Result<(), CodegenError> {
        let eval = self.linker.declare(runtime::POLICY_EVAL.name, &abi_signature(&runtime::POLICY_EVAL));
        let mut code = Code::default();
        self.begin_generation(&mut code);
        if !self.conflicts.is_empty() {
            let forget = self.runtime(&runtime::CONFLICT_FORGET)?;
            code.call(forget);
        }
        if let Some(attempts) = self.attempts {
            attempts.forget(&mut code);
        }
        if self.finds {
            let forget = self.runtime(&runtime::FORGET_FOUND)?;
            code.call(forget);
        }
        if self.options.strict_builtin_errors {
            // A decision that was aborted may have left a failure: forget it.
            let error = self.runtime(&runtime::STRICT_ERROR)?;
            code.op().i32_const(0);
            code.call(error);
        }
        self.dispatch(&mut code)?;
        if self.options.strict_builtin_errors {
            let check = self.runtime(&runtime::STRICT_CHECK)?;
            code.call(check);
        }
        let (bytes, relocations) = code.finish(0);
        self.linker.define(eval, bytes, relocations);
        self.linker.bind(runtime::POLICY_MODULE, runtime::POLICY_EVAL.name, eval);

        let (error, operand) = if self.options.strict_builtin_errors {
            (self.runtime(&runtime::STRICT_ERROR)?, self.runtime(&runtime::OPERAND_TYPE_ERROR)?)
        } else {
            (self.inert(&runtime::BUILTIN_ERROR), self.inert(&runtime::OPERAND_TYPE_ERROR))
        };
        self.linker.bind(runtime::POLICY_MODULE, runtime::BUILTIN_ERROR.name, error);
        self.linker.bind(runtime::POLICY_MODULE, runtime::OPERAND_TYPE_IMPORT, operand);
        let build = if self.indexed { self.runtime(&runtime::INDEX_BUILD)? } else { self.inert(&runtime::INDEX_BUILD) };
        self.linker.bind(runtime::POLICY_MODULE, runtime::INDEX_IMPORT, build);
        self.bind_reading()
    }

    /// Says how documents are read, and keys are found in them.
    fn bind_reading(&mut self) -> Result<(), CodegenError> {
        let [read, string, find] = if self.recognises {
            [&runtime::READ_UNORDERED, &runtime::KNOWN_STRING, &runtime::FIND_AS_READ]
        } else {
            let find = if self.indexed { &runtime::INDEX_FIND } else { &runtime::FIND };
            [&runtime::READ, &runtime::STRING, find]
        };
        for (import, function) in
            [(runtime::READ_IMPORT, read), (runtime::STRING_IMPORT, string), (runtime::FIND_IMPORT, find)]
        {
            let function = self.runtime(function)?;
            self.linker.bind(runtime::POLICY_MODULE, import, function);
        }
        self.bind_shapes()?;
        self.bind_indexes()?;
        let strings = if self.recognises {
            let table = self.constants.strings_table(&mut self.linker);
            let strings = self.address_function(&runtime::STRINGS, table);
            self.linker.export(exports::STRINGS.name, strings);
            strings
        } else {
            self.inert(&runtime::STRINGS)
        };
        self.linker.bind(runtime::POLICY_MODULE, runtime::STRINGS.name, strings);
        Ok(())
    }

    /// Says how the input is read.
    fn bind_shapes(&mut self) -> Result<(), CodegenError> {
        let shapes = self.shapes.as_ref().map(|shapes| shapes.constant(&self.program.constants));
        let (parse, shapes) = match shapes.map(|shapes| self.constant(&shapes)) {
            Some(Word::Atom(shapes)) => (&runtime::PARSE_BY_SHAPES, self.address_function(&runtime::SHAPES, shapes)),
            _ => (&runtime::PARSE, self.inert(&runtime::SHAPES)),
        };
        let parse = self.runtime(parse)?;
        self.linker.bind(runtime::POLICY_MODULE, runtime::PARSE_IMPORT, parse);
        self.linker.bind(runtime::POLICY_MODULE, runtime::SHAPES.name, shapes);
        Ok(())
    }

    /// Lets documents be indexed where something is selected by an index.
    fn bind_indexes(&mut self) -> Result<(), CodegenError> {
        let indexes = self.selected.iter().filter_map(|id| self.program.constants.get(*id).cloned()).collect();
        let (mut index, mut forget) = (self.inert(&runtime::INDEX_DOCUMENT), self.inert(&runtime::FORGET_INDEXES));
        let mut all = self.inert(&runtime::INDEXES);
        if !self.selected.is_empty()
            && let Word::Atom(indexes) = self.constant(&Constant::Array(indexes))
        {
            index = self.runtime(&runtime::INDEX_DOCUMENT)?;
            forget = self.runtime(&runtime::FORGET_INDEXES)?;
            all = self.address_function(&runtime::INDEXES, indexes);
            self.linker.export(exports::INDEX_DOCUMENT.name, index);
            self.linker.export_global(exports::BASE_INDEX_GLOBAL, runtime::BASE_INDEX_WORD);
        }
        for (import, function) in [
            (runtime::INDEX_DOCUMENT_IMPORT, index),
            (runtime::FORGET_INDEXES_IMPORT, forget),
            (runtime::INDEXES.name, all),
        ] {
            self.linker.bind(runtime::POLICY_MODULE, import, function);
        }
        Ok(())
    }

    /// A function that gives an address.
    fn address_function(&mut self, like: &regoc_abi::Function, of: AtomId) -> FunctionId {
        let function = self.linker.declare(like.name, &abi_signature(like));
        let mut code = Code::default();
        code.address(of);
        let (bytes, relocations) = code.finish(0);
        self.linker.define(function, bytes, relocations);
        function
    }

    /// Lets collections be put into order only where something makes disorder. Everything else must have been defined.
    fn bind_order(&mut self) -> Result<(), CodegenError> {
        let open = self.linker.unbound_imports(runtime::POLICY_MODULE)?;
        let has_disorder = open.iter().any(|(name, _)| name == runtime::MAKES_DISORDER.name);
        let settle = match (self.recognises, has_disorder) {
            (true, _) => self.runtime(&runtime::SETTLE_AS_READ)?,
            (false, true) => self.runtime(&runtime::SETTLE)?,
            (false, false) => self.inert(&runtime::SETTLE),
        };
        self.linker.bind(runtime::POLICY_MODULE, runtime::SETTLE_IMPORT, settle);
        let nothing = self.inert(&runtime::MAKES_DISORDER);
        self.linker.bind(runtime::POLICY_MODULE, runtime::MAKES_DISORDER.name, nothing);
        Ok(())
    }

    /// A function of the type of another that does nothing; its result is 0.
    fn inert(&mut self, like: &regoc_abi::Function) -> FunctionId {
        self.linker.inert(&abi_signature(like))
    }

    /// Begins the generation of a decision: what was kept before counts no longer.
    fn begin_generation(&self, code: &mut Code) {
        let Some(memo) = self.memo.atom else { return };
        // Half of all generations are left for the `with`s of one decision; behind that, begin from zero.
        code.op().i32_const(0);
        code.load(memo, Memo::LAST);
        code.op().i32_const(0).i32_lt_s().if_(BlockType::Empty);
        code.address(memo);
        code.op().i32_const(0).i32_const(self.memo.size).memory_fill(0).end();
        self.next_generation(code);
    }

    /// Makes the generation behind the last one the current one.
    pub(super) fn next_generation(&self, code: &mut Code) {
        let Some(memo) = self.memo.atom else { return };
        code.op().i32_const(0).i32_const(0);
        code.load(memo, Memo::LAST);
        code.op().i32_const(1).i32_add();
        code.store(memo, Memo::LAST);
        code.op().i32_const(0).i32_const(0);
        code.load(memo, Memo::LAST);
        code.store(memo, Memo::CURRENT);
    }

    /// Calls the function of the entrypoint in parameter 0 with input and data, parameters 1 and 2.
    fn dispatch(&mut self, code: &mut Code) -> Result<(), CodegenError> {
        let mut functions = Vec::new();
        for entrypoint in &self.program.entrypoints {
            let id = entrypoint.function;
            let function = self.program.functions.get(id).filter(|function| function.params == 0);
            function.ok_or_else(|| CodegenError::Plan(format!("{} is no entrypoint function", entrypoint.name)))?;
            functions.push(self.functions[id]);
        }
        let count = i32::try_from(functions.len()).unwrap_or(i32::MAX);
        code.op().local_get(0).i32_const(count).i32_ge_u().if_(BlockType::Empty);
        let abort = self.host_function(&imports::ABORT);
        let message = self.text("internal: illegal entrypoint id".to_owned());
        code.address(message);
        code.call(abort);
        code.op().unreachable().end();
        match functions.as_slice() {
            [] => {
                code.op().unreachable();
            }
            [only] => {
                code.op().local_get(1).local_get(2);
                code.call(*only);
            }
            _ => {
                let first = self.linker.table_rows(&functions).cast_signed();
                let signature = self.linker.signature(&words_to_word(2));
                code.op().local_get(1).local_get(2).local_get(0).i32_const(first).i32_add();
                code.call_indirect(signature);
            }
        }
        Ok(())
    }

    /// Exports the functions of the ABI, and its version.
    fn export(&mut self) -> Result<(), CodegenError> {
        for function in exports::EXPORTS {
            let signature = abi_signature(function);
            match function.name {
                ENTRYPOINTS => {
                    let names = self.program.entrypoints.iter().map(|entrypoint| entrypoint.name.as_str());
                    let id = self.linker.declare(function.name, &signature);
                    self.return_constant(id, &numbered(names.enumerate()));
                    self.linker.export(function.name, id);
                }
                // Defined when it is known which builtins are asked of the host.
                BUILTINS => {
                    let id = self.linker.declare(function.name, &signature);
                    self.return_constant(id, &Constant::Null);
                    self.builtins = Some(id);
                    self.linker.export(function.name, id);
                }
                "eval" | "opa_eval" => {
                    let id = self.guest_function(function.name, &signature)?;
                    self.linker.export_entry(function.name, id);
                }
                _ => {
                    let id = self.guest_function(function.name, &signature)?;
                    self.linker.export(function.name, id);
                }
            }
        }
        self.linker.export_constant(regoc_abi::ABI_VERSION_GLOBAL, regoc_abi::ABI_VERSION);
        self.linker.export_constant(regoc_abi::ABI_MINOR_VERSION_GLOBAL, regoc_abi::ABI_MINOR_VERSION);
        Ok(())
    }

    /// Supplies what builtins of the guest library ask of the host (the time, say), and lists all host builtins.
    fn bind_host_builtins(&mut self) -> Result<(), CodegenError> {
        let program = self.program;
        let mut names: Vec<(usize, String)> = Vec::new();
        for (id, builtin) in program.builtins.iter().enumerate().filter(|(_, builtin)| builtin.host) {
            names.push((id, builtin.name.to_string()));
        }
        for (import, signature) in self.linker.unbound_imports(runtime::POLICY_MODULE)? {
            let Some(name) = import.strip_prefix(HOST_PREFIX) else { continue };
            let known = names.iter().find(|(_, known)| known == name).map(|(number, _)| *number);
            let number = known.unwrap_or_else(|| {
                // Numbers are places in the plan's list of builtins; these follow behind its end.
                let number = names.iter().map(|(number, _)| number + 1).max().unwrap_or(0).max(program.builtins.len());
                names.push((number, name.to_owned()));
                number
            });
            let params = signature.params.len();
            let dispatcher = imports::BUILTINS.get(params).ok_or_else(|| CodegenError::NotInGuest(import.clone()))?;
            let dispatcher = self.host_function(dispatcher);
            let function = self.linker.declare(import.as_str(), &signature);
            let mut code = Code::default();
            code.op().i32_const(i32::try_from(number).unwrap_or(i32::MAX)).i32_const(0);
            (0..u32::try_from(params).unwrap_or(0)).for_each(|param| {
                code.op().local_get(param);
            });
            code.call(dispatcher);
            let (bytes, relocations) = code.finish(0);
            self.linker.define(function, bytes, relocations);
            self.linker.bind(runtime::POLICY_MODULE, &import, function);
        }
        if let Some(id) = self.builtins {
            let names = names.iter().map(|(number, name)| (*number, name.as_str()));
            self.return_constant(id, &numbered(names));
        }
        Ok(())
    }

    /// Lets a function return a constant.
    fn return_constant(&mut self, id: FunctionId, constant: &Constant) {
        let mut code = Code::default();
        match self.constant(constant) {
            Word::Immediate(word) => {
                code.op().i32_const(word.cast_signed());
            }
            Word::Atom(atom) => code.address(atom),
        }
        let (bytes, relocations) = code.finish(0);
        self.linker.define(id, bytes, relocations);
    }
}

/// Whether a plan runs through any collection.
fn has_loop(program: &Program) -> bool {
    let mut found = false;
    for function in program.functions.iter() {
        visit::for_each_stmt(&function.body, &mut |stmt| found |= matches!(stmt.kind, StmtKind::Scan { .. }));
    }
    found
}

/// Whether strings of documents are looked up among the constants while they are read: where constant keys are looked up, or constants
/// compared, in loops. Elsewhere that would cost bytes and time, and save nothing.
fn recognises(program: &Program) -> bool {
    let is_text = |operand: &Operand| match operand {
        Operand::Const(id) => matches!(program.constants.get(*id), Some(Constant::String(_))),
        Operand::Local(_) => false,
    };
    program.functions.iter().any(|function| compares_in_loops(&function.body, false, &is_text))
}

/// Whether a block compares with a constant string inside of a loop, or anywhere if the block is in one.
fn compares_in_loops(block: &Block, in_loop: bool, is_text: &impl Fn(&Operand) -> bool) -> bool {
    block.stmts.iter().any(|stmt| {
        let compares = match &stmt.kind {
            StmtKind::Dot { key, .. } => is_text(key),
            StmtKind::Equal(a, b) | StmtKind::NotEqual(a, b) => is_text(a) || is_text(b),
            _ => false,
        };
        let in_loop_inside = in_loop || matches!(stmt.kind, StmtKind::Scan { .. });
        in_loop && compares || visit::blocks(&stmt.kind).any(|inner| compares_in_loops(inner, in_loop_inside, is_text))
    })
}

/// Gives each function whose value is kept a slot.
fn memo(program: &Program, linker: &mut Linker<'_>) -> Memo {
    let mut memo = Memo { size: Memo::FIRST_SLOT, ..Memo::default() };
    for (id, _) in program.functions.enumerate().filter(|(_, function)| function.memoize && function.params == 0) {
        memo.slots.insert(id, memo.size);
        memo.size = memo.size.saturating_add(Memo::SLOT_SIZE);
    }
    if !memo.slots.is_empty() {
        memo.atom = Some(linker.atom("memo slots", 4, vec![0; memo.size.cast_unsigned() as usize], Vec::new()));
    }
    memo
}

/// An object from names to numbers, in OPA's order.
fn numbered<'n>(rows: impl Iterator<Item = (usize, &'n str)>) -> Constant {
    let mut rows: Vec<(usize, &str)> = rows.collect();
    rows.sort_by_key(|(_, name)| *name);
    let entry = |(number, name): &(usize, &str)| {
        (Constant::String((*name).into()), Constant::Number(number.to_string().as_str().into()))
    };
    Constant::Object(rows.iter().map(entry).collect())
}

/// The object of all rows from that step of their paths on; rows are sorted by path. None if a path ends inside of another.
fn nested(rows: &[(Vec<&Constant>, usize)], step: usize) -> Option<Constant> {
    let mut entries = Vec::new();
    for group in rows.chunk_by(|a, b| a.0.get(step) == b.0.get(step)) {
        let (path, row) = group.first()?;
        let key = (*path.get(step)?).clone();
        let value = match group {
            [_] if path.len() == step + 1 => Constant::Number(row.to_string().as_str().into()),
            _ => nested(group, step + 1)?,
        };
        entries.push((key, value));
    }
    Some(Constant::Object(entries))
}
