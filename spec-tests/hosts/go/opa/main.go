// OPA with its own engine for wasm, as a host: cases are asked of bundles, as `opa eval --bundle` and `opa run --bundle` ask them; what is
// measured goes through the resolver that bundles use.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"
	_ "github.com/open-policy-agent/opa/v1/features/wasm"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/resolver"
	"github.com/open-policy-agent/opa/v1/resolver/wasm"
	"github.com/open-policy-agent/opa/v1/util"

	"regoc-hosts/modes"
)

var ctx = context.Background()

// policy is an engine with a module.
type policy struct {
	ref      ast.Ref
	resolver *wasm.Resolver
}

func newPolicy(module any, entrypoint, data string, _ map[string]modes.Builtin) (modes.Policy, error) {
	ref, err := ast.PtrRef(ast.DefaultRootDocument, entrypoint)
	if err != nil {
		return nil, err
	}
	if os.Args[2] == "cases" {
		return &bundled{module.([]byte), entrypoint, ref, data}, nil
	}
	value, err := document(data)
	if err != nil {
		return nil, err
	}
	resolver, err := wasm.New([]ast.Ref{ref}, module.([]byte), value)
	return &policy{ref, resolver}, err
}

func (p *policy) SetData(text string) error {
	data, err := document(text)
	if err != nil {
		return err
	}
	return p.resolver.SetData(ctx, data)
}

func document(text string) (any, error) {
	var value any
	return value, util.UnmarshalJSON([]byte(text), &value)
}

func (p *policy) Evaluate(input *string, _ string) (string, error) {
	question := resolver.Input{Ref: p.ref}
	if input != nil {
		term, err := ast.ValueFromReader(strings.NewReader(*input))
		if err != nil {
			return "", err
		}
		question.Input = ast.NewTerm(term)
	}
	result, err := p.resolver.Eval(ctx, question)
	if err != nil || result.Value == nil {
		return "[]", err
	}
	value, err := ast.JSON(result.Value)
	if err != nil {
		return "", err
	}
	return resultSet(value)
}

func resultSet(value any) (string, error) {
	text, err := json.Marshal([]map[string]any{{"result": value}})
	return string(text), err
}

// Memory is the process's: OPA does not show its instances'.
func (p *policy) Memory() int { return modes.ProcessMemory() }

func (p *policy) Close() { p.resolver.Close() }

// bundled asks a bundle of the module and the data.
type bundled struct {
	module     []byte
	entrypoint string
	ref        ast.Ref
	data       string
}

func (p *bundled) SetData(text string) error {
	p.data = text
	return nil
}

func (p *bundled) Memory() int { return modes.ProcessMemory() }

func (p *bundled) Close() {}

func (p *bundled) Evaluate(input *string, _ string) (string, error) {
	folder, err := os.MkdirTemp("", "regoc-hosts")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder)
	data, err := document(p.data)
	if err != nil {
		return "", err
	}
	file, err := os.Create(folder + "/bundle.tar.gz")
	if err != nil {
		return "", err
	}
	of := bundle.Bundle{
		Manifest:    bundle.Manifest{WasmResolvers: []bundle.WasmResolver{{Entrypoint: p.entrypoint, Module: "/policy.wasm"}}},
		Data:        data.(map[string]any),
		WasmModules: []bundle.WasmModuleFile{{Path: "/policy.wasm", URL: "/policy.wasm", Raw: p.module}},
	}
	of.Manifest.Init()
	if err := bundle.Write(file, of); err != nil {
		return "", err
	}
	if err := file.Close(); err != nil {
		return "", err
	}
	options := []func(*rego.Rego){rego.Query(p.ref.String()), rego.LoadBundle(file.Name())}
	if input != nil {
		value, err := document(*input)
		if err != nil {
			return "", err
		}
		options = append(options, rego.Input(value))
	}
	results, err := rego.New(options...).Eval(ctx)
	if err != nil || len(results) == 0 {
		return "[]", err
	}
	return resultSet(results[0].Expressions[0].Value)
}

func main() {
	modes.Main(modes.Loader{
		Host:        "OPA " + modes.Dependency("github.com/open-policy-agent/opa") + ", from a bundle",
		Engine:      "wazero " + modes.Dependency("github.com/tetratelabs/wazero"),
		Compile:     func(module []byte) (any, error) { return module, nil },
		Instantiate: newPolicy,
		Script:      func([]byte, modes.Script) ([]string, error) { return nil, fmt.Errorf("OPA's loader is its own") },
	})
}
