//! Several plans as one, so that engines have one module to compile instead of many: most of a module is the guest library. Joins what
//! it is given and changes nothing that a plan does.

use std::collections::HashMap;

use regoc_compiler::index::{Id as _, IndexVec};
use regoc_compiler::plan::ir::{
    Builtin, BuiltinId, ConstId, Constant, FuncId, Function, Program, RuleId, Stmt, StmtKind, Table, TableId,
};
use regoc_compiler::plan::visit::{for_each_constant_mut, for_each_stmt_mut};
use regoc_compiler::source::{FileId, SourceSet, Span};

/// Plans that are joined, with the texts that their places point into.
#[derive(Default)]
pub struct Merged {
    /// The plan of all of them.
    pub program: Program,
    /// The texts of all of them.
    pub sources: SourceSet,
    constants: HashMap<Constant, ConstId>,
    builtins: HashMap<(String, usize), BuiltinId>,
    /// How many plans there are.
    count: usize,
}

/// What is added to the numbers of one plan.
struct Offsets {
    files: usize,
    functions: usize,
    rules: usize,
    tables: usize,
    constants: IndexVec<ConstId, ConstId>,
    builtins: IndexVec<BuiltinId, BuiltinId>,
}

/// The name of an entrypoint of the plan with that number.
#[must_use]
pub fn entrypoint_name(plan: usize, name: &str) -> String {
    format!("{plan}:{name}")
}

impl Merged {
    /// Adds a plan. Gives its number, by which [`entrypoint_name`] names its entrypoints.
    pub fn add(&mut self, program: &Program, sources: &SourceSet) -> usize {
        let number = self.count;
        self.count += 1;
        let offsets = self.offsets(program);
        for (_, source) in sources.iter() {
            self.sources.add(source.name.clone(), source.text.clone(), source.version);
        }
        for rule in program.rules.iter() {
            let mut rule = rule.clone();
            rule.span = rule.span.map(|span| offsets.span(span));
            self.program.rules.push(rule);
        }
        for function in program.functions.iter() {
            self.program.functions.push(offsets.function(function));
        }
        for table in program.tables.iter() {
            let row = |(path, function): &(Vec<ConstId>, FuncId)| {
                (path.iter().map(|id| offsets.constants[*id]).collect(), offsets.called(*function))
            };
            self.program.tables.push(Table { rows: table.rows.iter().map(row).collect() });
        }
        for entrypoint in &program.entrypoints {
            let mut entrypoint = entrypoint.clone();
            entrypoint.name = entrypoint_name(number, &entrypoint.name);
            entrypoint.function = offsets.called(entrypoint.function);
            self.program.entrypoints.push(entrypoint);
        }
        number
    }

    fn offsets(&mut self, program: &Program) -> Offsets {
        let known = &mut self.program.constants;
        let ids = &mut self.constants;
        let constant = |it: &Constant| *ids.entry(it.clone()).or_insert_with(|| known.push(it.clone()));
        let constants = program.constants.iter().map(constant).collect();
        let known = &mut self.program.builtins;
        let ids = &mut self.builtins;
        let builtin =
            |it: &Builtin| *ids.entry((it.name.to_string(), it.arity)).or_insert_with(|| known.push(it.clone()));
        let builtins = program.builtins.iter().map(builtin).collect();
        Offsets {
            files: self.sources.iter().count(),
            functions: self.program.functions.len(),
            rules: self.program.rules.len(),
            tables: self.program.tables.len(),
            constants,
            builtins,
        }
    }
}

impl Offsets {
    fn span(&self, span: Span) -> Span {
        Span { file: FileId::from_usize(span.file.index() + self.files), ..span }
    }

    fn called(&self, function: FuncId) -> FuncId {
        FuncId::from_usize(function.index() + self.functions)
    }

    fn function(&self, function: &Function) -> Function {
        let mut function = function.clone();
        for_each_stmt_mut(&mut function.body, &mut |stmt| self.stmt(stmt));
        function
    }

    fn stmt(&self, stmt: &mut Stmt) {
        stmt.span = stmt.span.map(|span| self.span(span));
        for_each_constant_mut(&mut stmt.kind, |id| *id = self.constants[*id]);
        match &mut stmt.kind {
            StmtKind::Call { function, .. } => *function = self.called(*function),
            StmtKind::CallBuiltin { builtin, .. } => *builtin = self.builtins[*builtin],
            StmtKind::CallDynamic { table, .. } => *table = TableId::from_usize(table.index() + self.tables),
            StmtKind::Rule { rule, .. } => *rule = RuleId::from_usize(rule.index() + self.rules),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use regoc_compiler::plan::validate::validate;
    use regoc_compiler::source::RegoVersion;
    use regoc_compiler::{Options, compile_to_plan};

    use super::*;

    #[test]
    fn plans_stay_plans() {
        let mut merged = Merged::default();
        for text in
            ["package a\np := [1, count(input)]", "package b\np[x] := 2 if some x in input\nq := data.b.p[input]"]
        {
            let mut sources = SourceSet::new();
            sources.add("a.rego", text, RegoVersion::V1);
            let program = compile_to_plan(&sources, &Options::default()).expect("a policy");
            merged.add(&program, &sources);
        }
        assert_eq!(validate(&merged.program).err(), None);
        let names: Vec<&str> = merged.program.entrypoints.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["0:a", "0:a/p", "1:b", "1:b/p", "1:b/q"]);
        assert!(merged.program.functions.iter().all(|it| !it.body.stmts.is_empty()));
    }
}
