// A host in wazero that knows only the ABI's calls.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"

	"regoc-hosts/modes"
)

var ctx = context.Background()

// settings are what a script says of an instance.
type settings struct {
	Pages        *uint32                  `json:"pages"`
	Maximum      *uint32                  `json:"maximum"`
	Builtins     map[string]modes.Builtin `json:"builtins"`
	AbortReturns bool                     `json:"abortReturns"`
	Limited      bool                     `json:"limited"`
}

// instance is a module with its memory, each in a runtime of its own, because the limit of memory is the runtime's.
type instance struct {
	settings
	runtime wazero.Runtime
	module  api.Module
	memory  api.Memory
	names   map[string]int32
	// What an import said, which wazero wraps.
	said error
	// When a call must have ended; nil when it may take any time.
	limit *time.Time
}

// cache keeps compiled modules, which belong to runtimes otherwise.
var cache = wazero.NewCompilationCache()

func newInstance(module []byte, settings settings) (*instance, error) {
	// Whether calls can be stopped must be known when a module is compiled: it is looked in all loops.
	config := wazero.NewRuntimeConfig().WithCompilationCache(cache).WithCloseOnContextDone(settings.Limited)
	if settings.Maximum != nil {
		config = config.WithMemoryLimitPages(*settings.Maximum)
	}
	i := &instance{settings: settings, runtime: wazero.NewRuntimeWithConfig(ctx, config)}
	compiled, err := i.runtime.CompileModule(ctx, module)
	if err != nil {
		return nil, err
	}
	if err := i.environment(compiled); err != nil {
		return nil, err
	}
	if i.module, err = i.runtime.InstantiateModule(ctx, compiled, wazero.NewModuleConfig().WithName("policy")); err != nil {
		return nil, err
	}
	i.memory = i.module.Memory()
	return i, i.table("builtins", &i.names)
}

// environment makes the module `env`. wazero's own modules of functions have no memory, so a module of bytes has one and passes the
// functions on.
func (i *instance) environment(compiled wazero.CompiledModule) error {
	functions := i.runtime.NewHostModuleBuilder("host")
	names := map[string]int{}
	for _, function := range compiled.ImportedFunctions() {
		_, name, _ := function.Import()
		operands := function.ParamTypes()
		names[name] = len(operands)
		call := api.GoModuleFunc(func(_ context.Context, _ api.Module, stack []uint64) { i.imported(name, stack) })
		functions = functions.NewFunctionBuilder().WithGoModuleFunction(call, operands, function.ResultTypes()).Export(name)
	}
	if _, err := functions.Instantiate(ctx); err != nil {
		return err
	}
	pages := uint32(2)
	for _, memory := range compiled.ImportedMemories() {
		pages = memory.Min()
	}
	if i.Pages != nil {
		pages = *i.Pages
	}
	_, err := i.runtime.InstantiateWithConfig(ctx, environment(names, pages), wazero.NewModuleConfig().WithName("env"))
	return err
}

// environment is a module that exports a memory and functions of the module `host`.
func environment(functions map[string]int, pages uint32) []byte {
	var types, imports, exports [][]byte
	exports = append(exports, append(name("memory"), 2, 0))
	index := byte(0)
	for function, operands := range functions {
		kind := append([]byte{0x60, byte(operands)}, bytes.Repeat([]byte{0x7f}, operands)...)
		if strings.HasPrefix(function, "opa_builtin") {
			kind = append(kind, 1, 0x7f)
		} else {
			kind = append(kind, 0)
		}
		types = append(types, kind)
		imports = append(imports, append(append(name("host"), name(function)...), 0, index))
		exports = append(exports, append(name(function), 0, index))
		index++
	}
	module := []byte("\x00asm\x01\x00\x00\x00")
	module = append(module, section(1, types)...)
	module = append(module, section(2, imports)...)
	module = append(module, section(5, [][]byte{append([]byte{0}, leb(pages)...)})...)
	return append(module, section(7, exports)...)
}

func leb(value uint32) []byte {
	encoded := []byte{}
	for ; value >= 0x80; value >>= 7 {
		encoded = append(encoded, byte(value)|0x80)
	}
	return append(encoded, byte(value))
}

func name(text string) []byte {
	return append(leb(uint32(len(text))), text...)
}

func section(id byte, entries [][]byte) []byte {
	content := append(leb(uint32(len(entries))), bytes.Join(entries, nil)...)
	return append(append([]byte{id}, leb(uint32(len(content)))...), content...)
}

// fail ends what the module does.
func (i *instance) fail(err error) {
	i.said = err
	panic(err)
}

func (i *instance) imported(name string, stack []uint64) {
	switch {
	case name == "opa_println" || name == "opa_abort" && i.AbortReturns:
	case name == "opa_abort":
		i.fail(errors.New("abort: " + i.text(int32(stack[0]))))
	default:
		value, err := i.builtin(int32(stack[0]), stack[2:])
		if err != nil {
			i.fail(err)
		}
		stack[0] = uint64(uint32(value))
	}
}

func (i *instance) builtin(id int32, operands []uint64) (int32, error) {
	asked := fmt.Sprint(id)
	for name, known := range i.names {
		if known == id {
			asked = name
		}
	}
	builtin, ok := i.Builtins[asked]
	if !ok {
		return 0, errors.New("host: no builtin " + asked)
	}
	texts := []string{}
	for _, operand := range operands {
		address, err := i.call("opa_json_dump", int32(operand))
		if err != nil {
			return 0, err
		}
		texts = append(texts, i.text(address))
	}
	answer, err := builtin.Call(texts)
	if err != nil || answer == nil {
		return 0, err
	}
	return i.value(*answer)
}

func (i *instance) call(name string, arguments ...int32) (int32, error) {
	function := i.module.ExportedFunction(name)
	if function == nil {
		return 0, errors.New("no export " + name)
	}
	stack := make([]uint64, len(arguments))
	for place, argument := range arguments {
		stack[place] = uint64(uint32(argument))
	}
	i.said = nil
	ctx := ctx
	if i.limit != nil {
		limited, cancel := context.WithDeadline(ctx, *i.limit)
		defer cancel()
		ctx = limited
	}
	results, err := function.Call(ctx, stack...)
	var exit *sys.ExitError
	switch {
	case i.said != nil:
		return 0, i.said
	case errors.As(err, &exit) && exit.ExitCode() == sys.ExitCodeDeadlineExceeded:
		return 0, errors.New("limit")
	case err != nil:
		return 0, errors.New("trap: " + strings.SplitN(err.Error(), "\n", 2)[0])
	case len(results) == 0:
		return 0, nil
	}
	return int32(results[0]), nil
}

// text is the text at an address, which ends with a NUL byte.
func (i *instance) text(address int32) string {
	rest, _ := i.memory.Read(uint32(address), i.memory.Size()-uint32(address))
	return string(rest[:max(bytes.IndexByte(rest, 0), 0)])
}

// write writes bytes where the module has room for them, or at an address behind which nothing lies.
func (i *instance) write(text string, at *int32) (int32, error) {
	var address int32
	var err error
	if at != nil {
		address = *at
	} else if address, err = i.call("opa_malloc", int32(len(text))); err != nil {
		return 0, err
	}
	if missing := int64(uint32(address)) + int64(len(text)) - int64(i.memory.Size()); missing > 0 {
		if _, grown := i.memory.Grow(uint32((missing + 65535) / 65536)); !grown {
			return 0, errors.New("host: no room")
		}
	}
	i.memory.WriteString(uint32(address), text)
	return address, nil
}

// value is the value of a JSON text; 0 if it is none.
func (i *instance) value(json string) (int32, error) {
	address, err := i.write(json, nil)
	if err != nil {
		return 0, err
	}
	return i.call("opa_json_parse", address, int32(len(json)))
}

func (i *instance) table(name string, into any) error {
	value, err := i.call(name)
	if err != nil {
		return err
	}
	address, err := i.call("opa_json_dump", value)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(i.text(address)), into)
}

// policy is an instance that is asked.
type policy struct {
	*instance
	entrypoints     map[string]int32
	base, data, end int32
}

func newPolicy(module any, _, data string, builtins map[string]modes.Builtin) (modes.Policy, error) {
	instance, err := newInstance(module.([]byte), settings{Builtins: builtins})
	if err != nil {
		return nil, err
	}
	p := &policy{instance: instance}
	if err := p.table("entrypoints", &p.entrypoints); err != nil {
		return nil, err
	}
	if p.base, err = p.call("opa_heap_ptr_get"); err != nil {
		return nil, err
	}
	return p, p.SetData(data)
}

func (p *policy) SetData(text string) error {
	_, err := p.call("opa_heap_ptr_set", p.base)
	if err != nil {
		return err
	}
	if p.data, err = p.value(text); err != nil {
		return err
	}
	p.end, err = p.call("opa_heap_ptr_get")
	return err
}

func (p *policy) Evaluate(input *string, entrypoint string) (string, error) {
	id, ok := p.entrypoints[entrypoint]
	if !ok {
		id = -1
	}
	address, length := int32(0), int32(0)
	if input != nil {
		var err error
		if address, err = p.write(*input, &p.end); err != nil {
			return "", err
		}
		length = int32(len(*input))
	}
	result, err := p.call("opa_eval", 0, id, p.data, address, length, p.end+length, 0)
	if err != nil {
		return "", err
	}
	return p.text(result), nil
}

func (p *policy) Memory() int { return int(p.memory.Size()) }

func (p *policy) Close() { _ = p.runtime.Close(ctx) }

func main() {
	modes.Main(modes.Loader{
		Host:   "the ABI's calls",
		Engine: "wazero " + modes.Dependency("github.com/tetratelabs/wazero"),
		Compile: func(module []byte) (any, error) {
			runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCompilationCache(cache))
			_, err := runtime.CompileModule(ctx, module)
			return module, err
		},
		Instantiate: newPolicy,
		Script:      runScript,
	})
}
