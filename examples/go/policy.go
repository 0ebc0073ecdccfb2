package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// environment is a module that exports a memory of two pages, and the host's function opa_abort: what a policy imports that calls nothing of the
// world. Modules of Go functions, which wazero can make, have no memory.
const environment = "\x00asm\x01\x00\x00\x00" +
	"\x01\x05\x01\x60\x01\x7f\x00" + // type: a function of one i32
	"\x02\x12\x01\x04host\x09opa_abort\x00\x00" + // import it
	"\x05\x03\x01\x00\x02" + // a memory
	"\x07\x16\x02\x06memory\x02\x00\x09opa_abort\x00\x00" // export both

// Policy is an instance of a module with OPA's ABI 1.2 or later. It answers one question at a time.
type Policy struct {
	lock   sync.Mutex
	module api.Module
	data   uint64
	// Where the memory behind the data begins.
	heap uint64
	// What the module said when it aborted.
	said string
}

// LoadPolicy makes a policy of the bytes of a module and the JSON text of its data.
func LoadPolicy(ctx context.Context, module, data []byte) (*Policy, error) {
	runtime := wazero.NewRuntime(ctx)
	policy := &Policy{}
	abort := func(_ context.Context, caller api.Module, address uint32) {
		policy.said = text(caller.Memory(), address)
		panic(errors.New("abort"))
	}
	if _, err := runtime.NewHostModuleBuilder("host").NewFunctionBuilder().WithFunc(abort).Export("opa_abort").Instantiate(ctx); err != nil {
		return nil, err
	}
	if _, err := runtime.InstantiateWithConfig(ctx, []byte(environment), wazero.NewModuleConfig().WithName("env")); err != nil {
		return nil, err
	}
	var err error
	if policy.module, err = runtime.Instantiate(ctx, module); err != nil {
		return nil, err
	}
	return policy, policy.setData(ctx, data)
}

func (p *Policy) setData(ctx context.Context, data []byte) error {
	address, err := p.call(ctx, "opa_malloc", uint64(len(data)))
	if err != nil {
		return err
	}
	p.module.Memory().Write(uint32(address), data)
	if p.data, err = p.call(ctx, "opa_json_parse", address, uint64(len(data))); err != nil {
		return err
	}
	if p.data == 0 {
		return errors.New("the data is not JSON")
	}
	p.heap, err = p.call(ctx, "opa_heap_ptr_get")
	return err
}

// Evaluate asks the first entrypoint with an input, a JSON text. The answer is one, too: nil when the decision is undefined.
func (p *Policy) Evaluate(ctx context.Context, input []byte) ([]byte, error) {
	if len(input) == 0 {
		return nil, errors.New("no input")
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	memory := p.module.Memory()
	end := p.heap + uint64(len(input))
	if size := uint64(memory.Size()); end > size {
		if _, ok := memory.Grow(uint32((end - size + 65535) / 65536)); !ok {
			return nil, errors.New("no memory is left for the input")
		}
	}
	memory.Write(uint32(p.heap), input)
	address, err := p.call(ctx, "opa_eval", 0, 0, p.data, p.heap, uint64(len(input)), (end+7)&^7, 0)
	if err != nil {
		return nil, err
	}
	result := []byte(text(memory, uint32(address)))
	value, ok := bytes.CutPrefix(result, []byte(`[{"result":`))
	if !ok {
		return nil, nil
	}
	return bytes.TrimSuffix(value, []byte("}]")), nil
}

// call calls an export. Addresses are 32 bits wide.
func (p *Policy) call(ctx context.Context, name string, arguments ...uint64) (uint64, error) {
	results, err := p.module.ExportedFunction(name).Call(ctx, arguments...)
	switch {
	case err != nil && p.said != "":
		err, p.said = errors.New(p.said), ""
		return 0, err
	case err != nil:
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	return results[0], nil
}

// text reads the text at an address, which ends at a zero.
func text(memory api.Memory, address uint32) string {
	bytesBehind, _ := memory.Read(address, memory.Size()-address)
	if end := bytes.IndexByte(bytesBehind, 0); end >= 0 {
		bytesBehind = bytesBehind[:end]
	}
	return string(bytesBehind)
}
