// Package modes is what a host in Go is asked (../../README.md), for any loader: it reads the folder, runs a mode, prints the report.
package modes

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Builtin says how a builtin of the host answers: always the same text, the list of its arguments, an error, or nothing.
type Builtin struct {
	Answer    *string `json:"answer"`
	Arguments bool    `json:"arguments"`
	Throws    *string `json:"throws"`
}

// Call takes and gives JSON texts; nil is no answer.
func (b Builtin) Call(arguments []string) (*string, error) {
	if b.Throws != nil {
		return nil, errors.New("host: " + *b.Throws)
	}
	if b.Arguments {
		list := "[" + strings.Join(arguments, ",") + "]"
		return &list, nil
	}
	return b.Answer, nil
}

// Policy is an instance that answers. What it reads an input to, and what it answers with, is its own.
type Policy interface {
	SetData(text string) error
	Evaluate(input *string, entrypoint string) (string, error)
	Memory() int
	Close()
}

// Loader compiles modules and makes policies of them. Script is nil where the loader is not of the ABI's calls.
type Loader struct {
	Host        string
	Engine      string
	Compile     func(module []byte) (any, error)
	Instantiate func(module any, entrypoint, data string, builtins map[string]Builtin) (Policy, error)
	Script      func(module []byte, script Script) ([]string, error)
}

// Script is a list of calls.
type Script struct {
	ID     string           `json:"id"`
	Module string           `json:"module"`
	Steps  []map[string]any `json:"steps"`
}

type row struct {
	ID           string   `json:"id"`
	Module       string   `json:"module"`
	Opas         string   `json:"opas"`
	Entrypoint   string   `json:"entrypoint"`
	Data         string   `json:"data"`
	Input        *string  `json:"input"`
	Builtins     []string `json:"builtins"`
	Documents    []string `json:"documents"`
	Replacements int      `json:"replacements"`
	Evaluations  int      `json:"evaluations"`
}

type asked struct {
	folder   string
	Builtins map[string]Builtin  `json:"builtins"`
	Cases    []row               `json:"cases"`
	Data     row                 `json:"data"`
	Soak     row                 `json:"soak"`
	Figures  []row               `json:"figures"`
	Scripts  map[string][]Script `json:"scripts"`
}

func (a asked) module(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(a.folder, name))
}

// Main runs a program: FOLDER MODE [COUNT].
func Main(loader Loader) {
	report, err := run(loader, os.Args[1:])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(report)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(loader Loader, arguments []string) (map[string]any, error) {
	if len(arguments) < 2 {
		return nil, errors.New("arguments: FOLDER MODE [COUNT]")
	}
	folder, mode := arguments[0], arguments[1]
	text, err := os.ReadFile(filepath.Join(folder, "cases.json"))
	if err != nil {
		return nil, err
	}
	asked := asked{folder: folder}
	if err := json.Unmarshal(text, &asked); err != nil {
		return nil, err
	}
	if len(arguments) > 2 {
		if asked.Soak.Evaluations, err = strconv.Atoi(arguments[2]); err != nil {
			return nil, err
		}
		asked.Data.Replacements = asked.Soak.Evaluations
	}
	report := map[string]any{"host": loader.Host, "engine": loader.Engine}
	switch mode {
	case "cases":
		report["cases"] = cases(loader, asked)
	case "data":
		report["data"], err = data(loader, asked)
	case "soak":
		report["soak"], err = soak(loader, asked)
	case "speed":
		report["speed"], err = speed(loader, asked)
	case "traps", "bad", "limits":
		report["scripts"], err = scripts(loader, asked, mode)
	default:
		err = fmt.Errorf("unknown mode %s", mode)
	}
	return report, err
}

func open(loader Loader, asked asked, row row, data string) (Policy, error) {
	bytes, err := asked.module(row.Module)
	if err != nil {
		return nil, err
	}
	module, err := loader.Compile(bytes)
	if err != nil {
		return nil, err
	}
	builtins := map[string]Builtin{}
	for _, name := range row.Builtins {
		builtins[name] = asked.Builtins[name]
	}
	return loader.Instantiate(module, row.Entrypoint, data, builtins)
}

func cases(loader Loader, asked asked) []map[string]string {
	report := []map[string]string{}
	for _, row := range asked.Cases {
		answer, err := answer(loader, asked, row)
		if err != nil {
			report = append(report, map[string]string{"id": row.ID, "error": err.Error()})
		} else {
			report = append(report, map[string]string{"id": row.ID, "answer": answer})
		}
	}
	return report
}

func answer(loader Loader, asked asked, row row) (string, error) {
	policy, err := open(loader, asked, row, row.Data)
	if err != nil {
		return "", err
	}
	defer policy.Close()
	return policy.Evaluate(row.Input, row.Entrypoint)
}

func data(loader Loader, asked asked) (map[string]any, error) {
	row := asked.Data
	policy, err := open(loader, asked, row, "{}")
	if err != nil {
		return nil, err
	}
	answers, tenth := []string{}, 0
	for count := 1; count <= row.Replacements; count++ {
		if err := policy.SetData(row.Documents[(count-1)%2]); err != nil {
			return nil, err
		}
		answer, err := policy.Evaluate(row.Input, row.Entrypoint)
		if err != nil {
			return nil, err
		}
		if count <= 2 {
			answers = append(answers, answer)
		}
		if count == 10 {
			tenth = policy.Memory()
		}
	}
	return map[string]any{"answers": answers, "replacements": row.Replacements, "memory": []int{tenth, policy.Memory()}}, nil
}

func soak(loader Loader, asked asked) (map[string]any, error) {
	row := asked.Soak
	policy, err := open(loader, asked, row, row.Data)
	if err != nil {
		return nil, err
	}
	answer, before := "", 0
	for count := 1; count <= row.Evaluations; count++ {
		if answer, err = policy.Evaluate(row.Input, row.Entrypoint); err != nil {
			return nil, err
		}
		if count == 1000 {
			before = policy.Memory()
		}
	}
	return map[string]any{"answers": []string{answer}, "evaluations": row.Evaluations, "memory": []int{before, policy.Memory()}}, nil
}

// medians is how long each of some works takes in nanoseconds: they take turns, each so often in a turn that the clock shows it.
func medians(turns int, works ...func() error) ([]int64, error) {
	counts := make([]int, len(works))
	for place, work := range works {
		for start := time.Now(); time.Since(start) < 20*time.Millisecond; counts[place]++ {
			if err := work(); err != nil {
				return nil, err
			}
		}
	}
	times := make([][]int64, len(works))
	for range turns {
		for place, work := range works {
			start := time.Now()
			for range counts[place] {
				if err := work(); err != nil {
					return nil, err
				}
			}
			times[place] = append(times[place], time.Since(start).Nanoseconds()/int64(counts[place]))
		}
	}
	medians := []int64{}
	for _, times := range times {
		slices.Sort(times)
		medians = append(medians, times[len(times)/2])
	}
	return medians, nil
}

func speed(loader Loader, asked asked) ([]map[string]any, error) {
	report := []map[string]any{}
	for _, row := range asked.Figures {
		var decide, load, instantiate []func() error
		for _, name := range []string{row.Module, row.Opas} {
			bytes, err := asked.module(name)
			if err != nil {
				return nil, err
			}
			module, err := loader.Compile(bytes)
			if err != nil {
				return nil, err
			}
			policy, err := loader.Instantiate(module, row.Entrypoint, row.Data, nil)
			if err != nil {
				return nil, err
			}
			made := func(module any, err error) error {
				if err != nil {
					return err
				}
				policy, err := loader.Instantiate(module, row.Entrypoint, "{}", nil)
				if err == nil {
					policy.Close()
				}
				return err
			}
			decide = append(decide, func() error {
				_, err := policy.Evaluate(row.Input, row.Entrypoint)
				return err
			})
			load = append(load, func() error { return made(loader.Compile(bytes)) })
			instantiate = append(instantiate, func() error { return made(module, nil) })
		}
		entry := map[string]any{"id": row.ID}
		var err error
		for name, works := range map[string][]func() error{"decision": decide, "load": load, "instantiate": instantiate} {
			if entry[name], err = medians(9, works...); err != nil {
				return nil, err
			}
		}
		report = append(report, entry)
	}
	return report, nil
}

func scripts(loader Loader, asked asked, mode string) ([]map[string]any, error) {
	report := []map[string]any{}
	for _, script := range asked.Scripts[mode] {
		bytes, err := asked.module(script.Module)
		if err != nil {
			return nil, err
		}
		outcomes, err := loader.Script(bytes, script)
		if err != nil {
			return nil, err
		}
		report = append(report, map[string]any{"id": script.ID, "outcomes": outcomes})
	}
	return report, nil
}

// ProcessMemory is how many bytes of memory the process has to itself once Go has given back what it does not use, for loaders that do not show
// their instances'. Pages of files are not counted: the system brings in the program's own as they are needed.
func ProcessMemory() int {
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(text))
	if err != nil || len(fields) < 3 {
		return 0
	}
	resident, _ := strconv.Atoi(fields[1])
	shared, _ := strconv.Atoi(fields[2])
	return (resident - shared) * os.Getpagesize()
}

// Dependency is the version of a module that the program is built with.
func Dependency(path string) string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == path {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	return ""
}
