//! What OPA does to bodies after safety: `==` becomes unification, and every reference or comprehension inside another expression
//! is bound to a variable by a statement of its own before it. Keeps the order of the statements.

use crate::hir::{
    Body, BodyForm, BuiltinId, Callee, Expr, ExprKind, ExprOrigin, Local, LocalId, LocalOrigin, Program, Term,
    TermKind, With,
};
use crate::index::IndexVec;

/// Rewrites the bodies of all rules and of the query.
pub(super) fn rewrite(program: &mut Program) {
    let equal = program.builtins.enumerate().find(|(_, builtin)| &*builtin.name == "equal").map(|(id, _)| id);
    for rule in program.rules.iter_mut() {
        let mut rewriter = Rewriter { locals: &mut rule.locals, equal };
        rewriter.body(&mut rule.body);
        for branch in &mut rule.branches {
            rewriter.body(&mut branch.body);
        }
    }
    if let Some(query) = &mut program.query {
        // In a query `==` has a value that the result shows.
        let mut rewriter = Rewriter { locals: &mut query.locals, equal: None };
        rewriter.body(&mut query.body);
    }
}

struct Rewriter<'a> {
    locals: &'a mut IndexVec<LocalId, Local>,
    /// `equal`, where its calls become unifications.
    equal: Option<BuiltinId>,
}

impl Rewriter<'_> {
    fn body(&mut self, body: &mut Body) {
        // Most statements stay where they are. From the first on that others have to stand before, all move.
        let mut hoisted = Vec::new();
        let mut stay = 0;
        for expr in &mut body.exprs {
            self.expr(expr, &mut hoisted);
            if !hoisted.is_empty() {
                break;
            }
            stay += 1;
        }
        if hoisted.is_empty() {
            return;
        }
        let mut moved = body.exprs.split_off(stay).into_iter();
        body.exprs.append(&mut hoisted);
        body.exprs.extend(moved.next());
        for mut expr in moved {
            self.expr(&mut expr, &mut body.exprs);
            body.exprs.push(expr);
        }
        body.exprs.shrink_to_fit();
    }

    /// Rewrites a statement; `out` gets those that stand before it.
    fn expr(&mut self, expr: &mut Expr, out: &mut Vec<Expr>) {
        let mut kind = std::mem::replace(&mut expr.kind, ExprKind::Not(Body::default()));
        if let ExprKind::Call { callee: Callee::Builtin(builtin), args, output: None } = &mut kind
            && Some(*builtin) == self.equal
            && args.len() == 2
            && let (Some(right), Some(left)) = (args.pop(), args.pop())
        {
            kind = ExprKind::Unify(left, right);
        }
        let first = out.len();
        expr.kind = match kind {
            ExprKind::Term(term) => ExprKind::Term(self.shallow(term, out)),
            ExprKind::Unify(left, right) => {
                let left = self.shallow(left, out);
                ExprKind::Unify(left, self.shallow(right, out))
            }
            ExprKind::Call { callee, args, output } => {
                let args = args.into_iter().map(|arg| self.deep(arg, out)).collect();
                let output = output.map(|output| self.deep(output, out));
                ExprKind::Call { callee, args, output }
            }
            ExprKind::Every { key, value, domain, mut body } => {
                let domain = self.deep(domain, out);
                self.body(&mut body);
                ExprKind::Every { key, value, domain, body }
            }
            ExprKind::Not(body) => ExprKind::Not(self.not(body, out)),
            ExprKind::And(mut left, mut right) => {
                self.body(&mut left);
                self.body(&mut right);
                ExprKind::And(left, right)
            }
            ExprKind::Or(mut left, mut right) => {
                self.body(&mut left);
                self.body(&mut right);
                ExprKind::Or(left, right)
            }
        };
        self.share_with(out, first, &expr.with);
    }

    /// What was hoisted out of a statement is evaluated under the clauses of the statement.
    fn share_with(&self, out: &mut [Expr], first: usize, with: &[With]) {
        if !with.is_empty() {
            for hoisted in out.iter_mut().skip(first) {
                hoisted.with = with.to_vec();
            }
        }
    }

    /// What is hoisted out of a legacy `not` stands before it, not in it.
    fn not(&mut self, mut body: Body, out: &mut Vec<Expr>) -> Body {
        self.body(&mut body);
        if body.form == BodyForm::Negated
            && let Some(negated) = body.exprs.pop()
        {
            out.append(&mut body.exprs);
            body.exprs.push(negated);
        }
        body
    }

    /// A side of a unification or a lone term may be a reference or a comprehension itself.
    fn shallow(&mut self, mut term: Term, out: &mut Vec<Expr>) -> Term {
        match &mut term.kind {
            TermKind::Ref(reference) => {
                let path = std::mem::take(&mut reference.path);
                reference.path = path.into_iter().map(|operand| self.deep(operand, out)).collect();
            }
            TermKind::ArrayComprehension(_, body)
            | TermKind::SetComprehension(_, body)
            | TermKind::ObjectComprehension(_, _, body) => self.body(body),
            _ => return self.deep(term, out),
        }
        term
    }

    fn deep(&mut self, term: Term, out: &mut Vec<Expr>) -> Term {
        let span = term.span;
        let kind = match term.kind {
            TermKind::Array(terms) => TermKind::Array(terms.into_iter().map(|term| self.deep(term, out)).collect()),
            TermKind::Set(terms) => TermKind::Set(terms.into_iter().map(|term| self.deep(term, out)).collect()),
            TermKind::Object(items) => TermKind::Object(
                items.into_iter().map(|(key, value)| (self.deep(key, out), self.deep(value, out))).collect(),
            ),
            kind @ (TermKind::Ref(_)
            | TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..)) => {
                let hoisted = self.shallow(Term { kind, span }, out);
                let local = self.locals.push(Local { name: None, span, origin: LocalOrigin::Hoisted });
                let variable = Term { kind: TermKind::Local(local), span };
                out.push(Expr {
                    kind: ExprKind::Unify(variable.clone(), hoisted),
                    with: Vec::new(),
                    span,
                    origin: ExprOrigin::Hoisted,
                });
                return variable;
            }
            kind => kind,
        };
        Term { kind, span }
    }
}
