// Command opa answers one question with OPA's interpreter, as often as it is told to: OPA's side of `make bench`.
//
//	opa -policy FILE -data FILE -inputs FILE -query data.example.violation -kind opa-ast
//
// The protocol is that of ../rust/protocol: commands on standard input, a line each, are answered with a line each. `answer I` gives the
// decision for line I of the inputs as JSON text (`undefined` where there is none), `run N K` makes N decisions over the first K inputs in
// turn and gives the nanoseconds that they took. One decision is: input as JSON text in, result as JSON text out, with the query
// prepared and the data loaded.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/util"
)

type peer struct {
	query  rego.PreparedEvalQuery
	inputs [][]byte
}

func main() {
	policy := flag.String("policy", "", "the policy")
	data := flag.String("data", "", "the base document")
	inputs := flag.String("inputs", "", "the inputs, a JSON text a line")
	query := flag.String("query", "", "the question, such as data.example.violation")
	kind := flag.String("kind", "opa-ast", "how the store keeps the data: as values of Rego (opa-ast) or of Go (opa-raw)")
	flag.Parse()
	if err := serve(*policy, *data, *inputs, *query, *kind); err != nil {
		fmt.Fprintln(os.Stderr, "opa:", err)
		os.Exit(1)
	}
}

func serve(policy, data, inputs, query, kind string) error {
	ctx := context.Background()
	p, failed := prepare(ctx, policy, data, inputs, query, kind)
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		reply, err := "", failed
		if err == nil {
			reply, err = p.reply(ctx, commands.Text())
		}
		if err != nil {
			// A message may have several lines; a reply has one.
			reply = "error: " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Println(reply)
	}
	return commands.Err()
}

func (p *peer) reply(ctx context.Context, command string) (string, error) {
	var index, count, of int
	if _, err := fmt.Sscanf(command, "run %d %d", &count, &of); err == nil {
		start := time.Now()
		for i := range count {
			if _, err := p.decide(ctx, p.inputs[i%of]); err != nil {
				return "", err
			}
		}
		return fmt.Sprint(time.Since(start).Nanoseconds()), nil
	}
	if _, err := fmt.Sscanf(command, "answer %d", &index); err != nil {
		return "", fmt.Errorf("`%s` is not a command", command)
	}
	answer, err := p.decide(ctx, p.inputs[index])
	return string(answer), err
}

func prepare(ctx context.Context, policy, data, inputs, query, kind string) (*peer, error) {
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
	texts, err := os.ReadFile(inputs)
	if err != nil {
		return nil, err
	}
	prepared, err := rego.New(
		rego.Query(query),
		rego.Module(policy, string(module)),
		rego.Store(keep(base, kind)),
	).PrepareForEval(ctx)
	if err != nil {
		return nil, err
	}
	return &peer{query: prepared, inputs: bytes.Split(texts, []byte("\n"))}, nil
}

// keep makes a store; which of the two kinds is the faster depends on what the policy reads.
func keep(base map[string]any, kind string) storage.Store {
	return inmem.NewFromObjectWithOpts(base, inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(kind == "opa-ast"))
}

func (p *peer) decide(ctx context.Context, text []byte) ([]byte, error) {
	// Straight to values of Rego: the way of a map of Go's is slower.
	input, err := ast.ValueFromReader(bytes.NewReader(text))
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
