// The oracle of the differential fuzzer: OPA in one process that lives long. Reads questions from standard input and writes answers
// to standard output, one JSON object a line, in the same order. Knows nothing of who asks.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/util"
)

// How long one decision may take. What takes longer is no question that is worth comparing.
const timeLimit = 500 * time.Millisecond

// The clock: 2026-01-01T00:00:00Z, as the harness of the tests has it.
const nowNs = 1_767_225_600_000_000_000

// A question: modules, a base document, and the inputs to ask each package and each of its rules with.
type question struct {
	// How modules are read: "v0", "v1" or "v0-compat-v1".
	Version string `json:"version"`
	// Each module: its name, its text.
	Modules [][2]string `json:"modules"`
	// The base document, as JSON text.
	Data string `json:"data"`
	// The inputs, as JSON text; null is no input.
	Inputs []*string `json:"inputs"`
	// Whether all rules are asked, whatever OPA's rule index says of them.
	WithoutIndex bool `json:"without_index"`
	// Whether each document is asked for behind all that it may need, in one query, so that OPA takes from its cache what it has made
	// there already.
	Behind bool `json:"behind"`
	// Whether functions are asked for their values only, and these compared with what a call has in the place of the value.
	ForValues bool `json:"for_values"`
	// Whether comprehensions are made for each question that is asked of them, and not once for all.
	WithoutComprehensionIndex bool `json:"without_comprehension_index"`
	// Whether `with data.b.a as 1` replaces all of `data.b`, by what that is then.
	Replacing bool `json:"replacing"`
}

// What OPA says of a question. Exactly one of the fields but Answers is there, or none of them.
type answer struct {
	// The errors of parser and compiler.
	Errors []compileError `json:"errors,omitempty"`
	// Why OPA itself failed: a panic, a document it cannot read.
	Failure string `json:"failure,omitempty"`
	// The answers by the path of the document (`a/b/c`), one for each input.
	Answers map[string][]decision `json:"answers,omitempty"`
}

type compileError struct {
	Code    string `json:"code"`
	File    string `json:"file"`
	Row     int    `json:"row"`
	Message string `json:"message"`
}

// A value, an evaluation error, or neither: undefined.
type decision struct {
	Value   any    `json:"value,omitempty"`
	Defined bool   `json:"defined,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	// What else OPA answers without its rule index or without leaving early: both spare it errors of rules that do not matter.
	Others []decision `json:"others,omitempty"`
}

// How modules of a version are read, as `opa eval` does it: v0 knows less.
var versions = map[string]ast.ParserOptions{
	"v0":           parserOptions(ast.RegoV0),
	"v1":           parserOptions(ast.RegoV1),
	"v0-compat-v1": parserOptions(ast.RegoV0CompatV1),
}

func parserOptions(version ast.RegoVersion) ast.ParserOptions {
	capabilities := ast.CapabilitiesForThisVersion(ast.CapabilitiesRegoVersion(version))
	return ast.ParserOptions{Capabilities: capabilities, ProcessAnnotation: true, RegoVersion: version}
}

func main() {
	debug.SetGCPercent(400)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		if err := encoder.Encode(guarded(line)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := out.Flush(); err != nil {
			return
		}
	}
}

func guarded(line []byte) (said answer) {
	defer func() {
		if reason := recover(); reason != nil {
			said = answer{Failure: fmt.Sprintf("OPA panics: %v", reason)}
		}
	}()
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Failure: err.Error()}
	}
	return asked.answer()
}

func (q *question) answer() answer {
	compiler, errors := q.compile()
	if len(errors) > 0 {
		return answer{Errors: list(errors)}
	}
	if q.ForValues {
		askForValues(compiler)
	}
	var data map[string]any
	if err := util.NewJSONDecoder(strings.NewReader(q.Data)).Decode(&data); err != nil {
		return answer{Failure: err.Error()}
	}
	if q.Replacing {
		replaceWholes(compiler, data)
	}
	store := inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(false))
	transaction, err := store.NewTransaction(context.Background())
	if err != nil {
		return answer{Failure: err.Error()}
	}
	inputs := make([]*ast.Term, len(q.Inputs))
	for i, text := range q.Inputs {
		if text == nil {
			continue
		}
		value, err := ast.ValueFromReader(strings.NewReader(*text))
		if err != nil {
			return answer{Failure: err.Error()}
		}
		inputs[i] = ast.NewTerm(value)
	}
	asker := request{compiler: compiler, store: store, transaction: transaction}
	packages := asker.packages()
	// What is about to be spared is an error of some rule: without shortcuts, a package asks all of its rules.
	fails := false
	for _, path := range packages {
		for _, input := range inputs {
			fails = fails || asker.about(path, input).decide(false, false).Code != ""
		}
	}
	first := make([][]ast.Ref, len(inputs))
	if q.Behind {
		for i, input := range inputs {
			first[i] = asker.inOrder(input)
		}
	}
	answers := map[string][]decision{}
	for name, path := range documents(compiler) {
		decisions := make([]decision, len(inputs))
		for i, input := range inputs {
			asked := asker.about(path, input)
			asked.first = first[i]
			decisions[i] = asked.decide(!q.WithoutIndex, true)
			mayBeSpared := fails || decisions[i].Code != ""
			if mayBeSpared {
				decisions[i].Others = asked.others(decisions[i])
			}
		}
		answers[name] = decisions
	}
	return answer{Answers: answers}
}

// Makes `f(1, x); x = 2` of each `f(1, 2)`, in all bodies. Of negated statements it makes nothing.
func askForValues(compiler *ast.Compiler) {
	count := 0
	rewriteBodies(compiler, func(body ast.Body) ast.Body {
		made := ast.NewBody()
		for _, expr := range body {
			made.Append(expr)
			terms, ok := expr.Terms.([]*ast.Term)
			if !ok || expr.Negated || !expr.Operator().HasPrefix(ast.DefaultRootRef) {
				continue
			}
			last := len(terms) - 1
			if last != compiler.GetArity(expr.Operator())+1 {
				continue
			}
			count++
			value := ast.VarTerm(fmt.Sprintf("__value%d__", count))
			made.Append(ast.Equality.Expr(value, terms[last]))
			terms[last] = value
		}
		return made
	})
}

// Makes other bodies of those of rules, comprehensions and `every`.
func rewriteBodies(compiler *ast.Compiler, rewritten func(ast.Body) ast.Body) {
	for _, module := range compiler.Modules {
		ast.WalkRules(module, func(rule *ast.Rule) bool {
			inner := func(node any) bool {
				switch node := node.(type) {
				case *ast.ArrayComprehension:
					node.Body = rewritten(node.Body)
				case *ast.SetComprehension:
					node.Body = rewritten(node.Body)
				case *ast.ObjectComprehension:
					node.Body = rewritten(node.Body)
				case *ast.Every:
					node.Body = rewritten(node.Body)
				}
				return false
			}
			rule.Body = rewritten(rule.Body)
			ast.NewGenericVisitor(inner).Walk(rule.Head)
			ast.NewGenericVisitor(inner).Walk(rule.Body)
			return false
		})
	}
}

// Makes `with data.b as {…, "a": 1}` of each `with data.b.a as 1` where there are no rules below `data.b`.
func replaceWholes(compiler *ast.Compiler, data map[string]any) {
	whole := func(expr *ast.Expr) {
		replaced := map[string]*ast.Term{}
		for _, with := range expr.With {
			target, ok := with.Target.Value.(ast.Ref)
			if !ok || len(target) < 3 || !target.HasPrefix(ast.DefaultRootRef) || !target.IsGround() {
				continue
			}
			if len(compiler.GetRulesWithPrefix(target[:2])) > 0 {
				continue
			}
			name, _ := target[1].Value.(ast.String)
			known := replaced[string(name)]
			if known == nil {
				known = ast.NewTerm(ast.MustInterfaceToValue(data[string(name)]))
			}
			replaced[string(name)] = replacedAt(known, target[2:], with.Value)
			with.Target = ast.NewTerm(target[:2:2])
			with.Value = replaced[string(name)]
		}
	}
	for _, module := range compiler.Modules {
		ast.WalkExprs(module, func(expr *ast.Expr) bool {
			whole(expr)
			return false
		})
	}
}

// A value with another one at a path, where there are objects on the way or nothing.
func replacedAt(around *ast.Term, path ast.Ref, value *ast.Term) *ast.Term {
	if len(path) == 0 {
		return value
	}
	made := ast.NewObject()
	old := ast.NullTerm()
	if object, ok := around.Value.(ast.Object); ok {
		object.Foreach(func(key, value *ast.Term) {
			if key.Equal(path[0]) {
				old = value
			} else {
				made.Insert(key, value)
			}
		})
	}
	made.Insert(path[0], replacedAt(old, path[1:], value))
	return ast.NewTerm(made)
}

func (q *question) compile() (*ast.Compiler, ast.Errors) {
	options := versions[q.Version]
	modules := make(map[string]*ast.Module, len(q.Modules))
	var errors ast.Errors
	for _, module := range q.Modules {
		parsed, err := ast.ParseModuleWithOpts(module[0], module[1], options)
		switch err := err.(type) {
		case nil:
			modules[module[0]] = parsed
		case ast.Errors:
			errors = append(errors, err...)
		case *ast.Error:
			errors = append(errors, err)
		default:
			errors = append(errors, ast.NewError("rego_parse_error", nil, "%s", err.Error()))
		}
	}
	if len(errors) > 0 {
		return nil, errors
	}
	compiler := ast.NewCompiler().WithCapabilities(options.Capabilities).WithUseTypeCheckAnnotations(true)
	if q.WithoutComprehensionIndex {
		compiler = compiler.WithSkipStages(ast.StageBuildComprehensionIndices)
	}
	compiler.Compile(modules)
	return compiler, compiler.Errors
}

// What can be asked: packages, and rules that are no functions, by the part of their names that has no variables. A package without rules that
// lies in the document of a rule is none: a query for it may be refused for the type of the rule.
func documents(compiler *ast.Compiler) map[string]ast.Ref {
	paths := map[string]ast.Ref{}
	add := func(ref ast.Ref) {
		var names []string
		for _, term := range ref[1:] {
			text, ok := term.Value.(ast.String)
			if !ok {
				return
			}
			// The name of an entrypoint: slashes in names are escaped.
			names = append(names, strings.ReplaceAll(string(text), "/", "%2F"))
		}
		paths[strings.Join(names, "/")] = ref
	}
	for _, module := range compiler.Modules {
		if len(module.Rules) > 0 || !liesInRule(compiler, module.Package.Path) {
			add(module.Package.Path)
		}
		for _, rule := range module.Rules {
			if len(rule.Head.Args) == 0 {
				add(rule.Ref().GroundPrefix())
			}
		}
	}
	return paths
}

func liesInRule(compiler *ast.Compiler, path ast.Ref) bool {
	for i := 1; i < len(path); i++ {
		if len(compiler.GetRulesExact(path[:i])) > 0 {
			return true
		}
	}
	return false
}

type request struct {
	compiler    *ast.Compiler
	store       storage.Store
	transaction storage.Transaction
	path        ast.Ref
	input       *ast.Term
	// What is asked for before.
	first []ast.Ref
}

// The documents of all rules that can be evaluated, each behind those that it needs.
func (r request) inOrder(input *ast.Term) []ast.Ref {
	rules, ok := r.compiler.Graph.Sort()
	if !ok {
		return nil
	}
	var paths []ast.Ref
	for _, rule := range rules {
		if rule := rule.(*ast.Rule); len(rule.Head.Args) == 0 {
			path := rule.Ref().GroundPrefix()
			isKnown := slices.ContainsFunc(paths, func(known ast.Ref) bool { return known.Equal(path) })
			if !isKnown && r.about(path, input).decide(true, true).Code == "" {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// The packages, of which none is below another.
func (r request) packages() []ast.Ref {
	var outer []ast.Ref
	for _, module := range r.compiler.Modules {
		path := module.Package.Path
		isBelow := func(other *ast.Module) bool {
			return len(other.Package.Path) < len(path) && path.HasPrefix(other.Package.Path)
		}
		if !slices.ContainsFunc(slices.Collect(maps.Values(r.compiler.Modules)), isBelow) {
			outer = append(outer, path)
		}
	}
	return outer
}

// The same request about a document and with an input.
func (r request) about(path ast.Ref, input *ast.Term) request {
	r.path, r.input = path, input
	return r
}

// The answers that differ in kind from the first when OPA takes no shortcuts.
func (r request) others(first decision) []decision {
	var others []decision
	for _, shortcuts := range [][2]bool{{false, true}, {true, false}, {false, false}} {
		other := r.decide(shortcuts[0], shortcuts[1])
		if other.Code != first.Code {
			others = append(others, other)
		}
	}
	return others
}

func (r request) decide(indexing, earlyExit bool) decision {
	body := ast.NewBody()
	for i, path := range r.first {
		// What is undefined must not end the query.
		made := ast.Equality.Expr(ast.VarTerm("y"), ast.NewTerm(path.Copy()))
		body.Append(ast.Equality.Expr(
			ast.VarTerm(fmt.Sprintf("x%d", i)),
			ast.ArrayComprehensionTerm(ast.VarTerm("y"), ast.NewBody(made)),
		))
	}
	body.Append(ast.Equality.Expr(ast.NewTerm(r.path), ast.VarTerm("x")))
	queryCompiler := r.compiler.QueryCompiler()
	compiled, err := queryCompiler.Compile(body)
	if err != nil {
		return failed("query", err)
	}
	cancel := topdown.NewCancel()
	timer := time.AfterFunc(timeLimit, cancel.Cancel)
	defer timer.Stop()
	query := topdown.NewQuery(compiled).
		WithQueryCompiler(queryCompiler).
		WithCompiler(r.compiler).
		WithStore(r.store).
		WithTransaction(r.transaction).
		WithIndexing(indexing).
		WithEarlyExit(earlyExit).
		WithTime(time.Unix(0, nowNs)).
		WithSeed(bytes.NewReader(make([]byte, 1<<16))).
		WithCancel(cancel)
	if r.input != nil {
		query = query.WithInput(r.input)
	}
	results, err := query.Run(context.Background())
	if err != nil {
		return failed("eval_internal_error", err)
	}
	for _, bindings := range results {
		value, err := ast.JSON(bindings[ast.Var("x")].Value)
		if err != nil {
			return failed("json", err)
		}
		// Numbers that OPA takes from texts, such as `.42` and `007`, are numbers that it cannot write.
		if _, err := json.Marshal(value); err != nil {
			return failed("json", err)
		}
		return decision{Value: value, Defined: true}
	}
	return decision{}
}

func failed(code string, err error) decision {
	if known, ok := err.(*topdown.Error); ok {
		code = known.Code
	}
	return decision{Code: code, Message: err.Error()}
}

func list(errors ast.Errors) []compileError {
	listed := make([]compileError, 0, len(errors))
	for _, err := range errors {
		it := compileError{Code: err.Code, Message: err.Message}
		// An error of a whole file has no row, and so no place.
		if err.Location != nil && err.Location.Row > 0 {
			it.File, it.Row = err.Location.File, err.Location.Row
		}
		listed = append(listed, it)
	}
	sort.Slice(listed, func(i, j int) bool { return listed[i].Row < listed[j].Row })
	return listed
}
