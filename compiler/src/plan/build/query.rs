//! What hosts ask for: entrypoints and queries.

use super::Planner;
use super::body::Solutions;
use super::context::ContextId;
use crate::hir::{self, Query};
use crate::plan::ir::{Entrypoint, Function, FunctionKind, Local, Operand, StmtKind};
use crate::source::Name;

/// The name of the entrypoint that answers an ad hoc query.
pub const QUERY_ENTRYPOINT: &str = "query";

impl<'p> Planner<'p> {
    /// Plans the functions of all entrypoints, and of the query.
    pub(super) fn entrypoints(&mut self) {
        for entrypoint in &self.hir.entrypoints {
            let function = self.entrypoint(entrypoint);
            self.add_entrypoint(entrypoint.name.clone(), function);
        }
        if let Some(query) = &self.hir.query {
            let function = self.query(query);
            self.add_entrypoint(QUERY_ENTRYPOINT.to_owned(), function);
        }
    }

    fn add_entrypoint(&mut self, name: String, function: Function) {
        let function = self.add_function(function);
        self.entrypoints.push(Entrypoint { name, function });
    }

    /// A set of at most one object, which holds the document under `result`.
    fn entrypoint(&mut self, asked: &hir::Entrypoint) -> Function {
        self.begin(ContextId::NONE, 0);
        let value = self.frame.new_local();
        self.block(|planner, _| {
            let document = planner.document_at(asked);
            planner.push(StmtKind::Assign { target: value, source: document });
        });
        let key = self.constants.string(&Name::from("result")).into();
        let result = self.frame.new_local();
        self.push(StmtKind::ResultSet { key, value, target: result });
        self.end("entrypoint".to_owned(), FunctionKind::Entrypoint, result)
    }

    /// An array of objects, one for each solution in order, with the values of the variables and of the statements.
    fn query(&mut self, query: &'p Query) -> Function {
        self.begin(ContextId::NONE, 0);
        let result = self.frame.new_local();
        self.push(StmtKind::MakeArray { target: result, capacity: 0 });
        self.frame.enter_rule(query.locals.len());
        self.block(|planner, _| {
            planner.query_body(query, result);
        });
        self.end("query".to_owned(), FunctionKind::Entrypoint, result)
    }

    fn object_of(&mut self, entries: &[(Operand, Operand)]) -> Local {
        let object = self.frame.new_local();
        self.push(StmtKind::MakeObject { target: object });
        for (key, value) in entries {
            self.push(StmtKind::ObjectInsert { object, key: *key, value: *value });
        }
        object
    }

    fn query_body(&mut self, query: &'p Query, result: Local) {
        self.body(&query.body, Solutions::Each, &[]);
        let values: Vec<Operand> = query.values.iter().map(|captured| self.term(&captured.value)).collect();
        let mut bindings = Vec::new();
        for (name, variable) in &query.bindings {
            if let Some(value) = self.frame.binding(*variable) {
                bindings.push((self.constants.string(name).into(), value));
            }
        }
        let bindings = self.object_of(&bindings);
        let values = self.array_of(&values);
        let names = ["bindings", "expressions"].map(|name| self.constants.string(&Name::from(name)));
        let solution = self.object_of(&[(names[0].into(), bindings.into()), (names[1].into(), values.into())]);
        self.push(StmtKind::ArrayAppend { array: result, value: solution.into() });
    }
}
