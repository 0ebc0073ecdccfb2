package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"

	"regoc-hosts/modes"
)

// script is the state of a script while its steps run.
type script struct {
	module    []byte
	instances map[string]*instance
	current   *instance
	variables map[string]int32
	shown     []string
}

func runScript(module []byte, of modes.Script) ([]string, error) {
	s := &script{module: module, instances: map[string]*instance{}, variables: map[string]int32{}, shown: []string{}}
	for _, step := range of.Steps {
		s.show(s.step(step))
	}
	return s.shown, nil
}

// show keeps what a step shows: an error, a text, or nothing.
func (s *script) show(text *string, err error) {
	if err != nil {
		s.shown = append(s.shown, err.Error())
	} else if text != nil {
		s.shown = append(s.shown, *text)
	}
}

func (s *script) number(value any) int32 {
	if name, ok := value.(string); ok {
		return s.variables[name]
	}
	number, _ := value.(float64)
	return int32(number)
}

func (s *script) step(step map[string]any) (*string, error) {
	if name, ok := step["instance"].(string); ok {
		return nil, s.instance(name, step)
	}
	if name, ok := step["use"].(string); ok {
		s.current = s.instances[name]
		return nil, nil
	}
	if pieces, ok := step["text"].([]any); ok {
		return nil, s.text(step, pieces)
	}
	if name, ok := step["call"].(string); ok {
		return s.call(step, name)
	}
	if name, ok := step["copy"].(string); ok {
		return nil, s.copy(s.instances[name], s.number(step["from"]), s.number(step["to"]))
	}
	if terms, ok := step["add"].([]any); ok {
		s.variables[step["save"].(string)] = s.number(terms[0]) + s.number(terms[1])
		return nil, nil
	}
	if times, ok := step["repeat"].(float64); ok {
		return nil, s.repeat(int(times), step["steps"].([]any))
	}
	if steps, ok := step["replaced"].([]any); ok {
		return nil, s.replaced(steps)
	}
	return s.look(step)
}

func (s *script) copy(other *instance, from, to int32) error {
	bytes, ok := other.memory.Read(uint32(from), uint32(to-from))
	if !ok {
		return errors.New("the range does not lie in memory")
	}
	_, err := s.current.write(string(bytes), &from)
	return err
}

func (s *script) repeat(times int, steps []any) error {
	for range times {
		for _, inner := range steps {
			if _, err := s.step(inner.(map[string]any)); err != nil {
				return err
			}
		}
	}
	return nil
}

// replaced puts another instance in the place of the one that was stopped: wazero closes what it stops, and says so when it is called.
func (s *script) replaced(steps []any) error {
	if _, err := s.current.call("opa_heap_ptr_get"); !s.current.module.IsClosed() || err == nil {
		return errors.New("wazero has not closed what it stopped")
	}
	return s.repeat(1, steps)
}

func (s *script) instance(name string, step map[string]any) error {
	var settings settings
	encoded, err := json.Marshal(step)
	if err == nil {
		err = json.Unmarshal(encoded, &settings)
	}
	if err != nil {
		return err
	}
	s.current, err = newInstance(s.module, settings)
	s.instances[name] = s.current
	return err
}

func (s *script) text(step map[string]any, pieces []any) error {
	var text strings.Builder
	for _, piece := range pieces {
		pair := piece.([]any)
		text.WriteString(strings.Repeat(pair[0].(string), int(pair[1].(float64))))
	}
	var at *int32
	if place, ok := step["at"]; ok {
		address := s.number(place)
		at = &address
	}
	address, err := s.current.write(text.String(), at)
	save := step["save"].(string)
	s.variables[save], s.variables[save+".length"] = address, int32(text.Len())
	return err
}

func (s *script) call(step map[string]any, name string) (*string, error) {
	arguments := []int32{}
	list, _ := step["arguments"].([]any)
	for _, argument := range list {
		arguments = append(arguments, s.number(argument))
	}
	if milliseconds, ok := step["limit"].(float64); ok {
		end := time.Now().Add(time.Duration(milliseconds) * time.Millisecond)
		s.current.limit = &end
	}
	result, err := s.current.call(name, arguments...)
	s.current.limit = nil
	if err != nil {
		return nil, err
	}
	if save, ok := step["save"].(string); ok {
		s.variables[save] = result
		return nil, nil
	}
	text := fmt.Sprint(result)
	if step["read"] != nil {
		text = s.current.text(result)
	}
	return &text, nil
}

// look answers what a step that changes nothing shows.
func (s *script) look(step map[string]any) (*string, error) {
	var text string
	names := []string{}
	compiled, err := s.current.runtime.CompileModule(ctx, s.module)
	if err != nil {
		return nil, err
	}
	switch {
	case step["read"] != nil:
		text = s.current.text(s.number(step["read"]))
	case step["keys"] != nil:
		address, err := s.current.call("opa_json_dump", s.number(step["keys"]))
		if err != nil {
			return nil, err
		}
		var object map[string]any
		if err := json.Unmarshal([]byte(s.current.text(address)), &object); err != nil {
			return nil, err
		}
		for name := range object {
			names = append(names, name)
		}
	case step["pages"] != nil:
		text = fmt.Sprint(s.current.memory.Size() / 65536)
	case step["global"] != nil:
		text = fmt.Sprint(int32(s.current.module.ExportedGlobal(step["global"].(string)).Get()))
	case step["imports"] != nil:
		names = imports(compiled)
	case step["exports"] != nil:
		for name := range compiled.ExportedFunctions() {
			names = append(names, name)
		}
		for name := range compiled.ExportedMemories() {
			names = append(names, name)
		}
		// wazero lists no globals.
		for _, name := range []string{"opa_wasm_abi_minor_version", "opa_wasm_abi_version"} {
			if s.current.module.ExportedGlobal(name) != nil {
				names = append(names, name)
			}
		}
	default:
		return nil, errors.New("an unknown step")
	}
	if len(names) > 0 {
		sort.Strings(names)
		text = strings.Join(names, " ")
	}
	return &text, nil
}

func imports(compiled wazero.CompiledModule) []string {
	names := []string{}
	for _, function := range compiled.ImportedFunctions() {
		_, name, _ := function.Import()
		names = append(names, name)
	}
	for _, memory := range compiled.ImportedMemories() {
		_, name, _ := memory.Import()
		names = append(names, name)
	}
	return names
}
