// Command opa answers one question with OPA's interpreter, as often as it is told to: OPA's side of `make bench`.
//
//	opa -policy FILE -data FILE -input FILE -query data.example.violation -store ast
//
// It reads commands from standard input, a line each, and answers each with a line: `answer` gives the decision as JSON text
// (`undefined` where there is none), `run N` makes N decisions and gives the nanoseconds that they took. One decision is: input as
// JSON text in, result as JSON text out, with the query prepared and the data loaded.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/util"
)

type peer struct {
	query rego.PreparedEvalQuery
	input []byte
}

func main() {
	policy := flag.String("policy", "", "the policy")
	data := flag.String("data", "", "the base document")
	input := flag.String("input", "", "the input")
	query := flag.String("query", "", "the question, such as data.example.violation")
	store := flag.String("store", "ast", "how the store keeps the data: as values of Rego (ast) or of Go (raw)")
	flag.Parse()
	if err := serve(*policy, *data, *input, *query, *store); err != nil {
		fmt.Fprintln(os.Stderr, "opa:", err)
		os.Exit(1)
	}
}

func serve(policy, data, input, query, store string) error {
	ctx := context.Background()
	p, err := prepare(ctx, policy, data, input, query, store)
	if err != nil {
		return err
	}
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		var count int
		if _, err := fmt.Sscanf(commands.Text(), "run %d", &count); err == nil {
			start := time.Now()
			for range count {
				if _, err := p.decide(ctx); err != nil {
					return err
				}
			}
			fmt.Println(time.Since(start).Nanoseconds())
			continue
		}
		answer, err := p.decide(ctx)
		if err != nil {
			return err
		}
		fmt.Println(string(answer))
	}
	return commands.Err()
}

func prepare(ctx context.Context, policy, data, input, query, store string) (*peer, error) {
	module, err := os.ReadFile(policy)
	if err != nil {
		return nil, err
	}
	document, err := os.ReadFile(data)
	if err != nil {
		return nil, err
	}
	var base map[string]any
	if err := util.UnmarshalJSON(document, &base); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(input)
	if err != nil {
		return nil, err
	}
	prepared, err := rego.New(
		rego.Query(query),
		rego.Module(policy, string(module)),
		rego.Store(keep(base, store)),
	).PrepareForEval(ctx)
	if err != nil {
		return nil, err
	}
	return &peer{query: prepared, input: text}, nil
}

// keep makes a store; which of the two kinds is the faster depends on what the policy reads.
func keep(base map[string]any, kind string) storage.Store {
	return inmem.NewFromObjectWithOpts(base, inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(kind == "ast"))
}

func (p *peer) decide(ctx context.Context) ([]byte, error) {
	// Straight to values of Rego: the way of a map of Go's is slower.
	input, err := ast.ValueFromReader(bytes.NewReader(p.input))
	if err != nil {
		return nil, err
	}
	results, err := p.query.Eval(ctx, rego.EvalParsedInput(input))
	if err != nil {
		return nil, err
	}
	if len(results) == 0 {
		return []byte("undefined"), nil
	}
	return json.Marshal(results[0].Expressions[0].Value)
}
