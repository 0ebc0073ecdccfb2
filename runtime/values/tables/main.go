// Command tables writes regoc's Unicode tables from Go's own (package unicode, Unicode 15.0.0), so that regular expressions and case
// mapping answer as OPA does:
//
//	go run main.go classes > ../src/unicode/classes.bin
//	go run main.go printable > ../src/unicode/printable.bin
//	go run main.go orbits    (the rows of ORBITS in ../src/unicode/table.rs, which describes the forms)
package main

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"unicode"
)

// pack writes a class as gaps and lengths, each a little-endian base-128 number.
func pack(table *unicode.RangeTable) []byte {
	var ranges [][2]uint32
	add := func(lo, hi, stride uint32) {
		if stride == 1 {
			ranges = append(ranges, [2]uint32{lo, hi})
			return
		}
		for c := lo; c <= hi; c += stride {
			ranges = append(ranges, [2]uint32{c, c})
		}
	}
	for _, r := range table.R16 {
		add(uint32(r.Lo), uint32(r.Hi), uint32(r.Stride))
	}
	for _, r := range table.R32 {
		add(r.Lo, r.Hi, r.Stride)
	}
	sort.Slice(ranges, func(i, j int) bool { return ranges[i][0] < ranges[j][0] })
	merged := ranges[:0]
	for _, r := range ranges {
		if n := len(merged); n > 0 && merged[n-1][1]+1 == r[0] {
			merged[n-1][1] = r[1]
			continue
		}
		merged = append(merged, r)
	}
	var out []byte
	number := func(n uint32) {
		for n >= 0x80 {
			out = append(out, byte(n)|0x80)
			n >>= 7
		}
		out = append(out, byte(n))
	}
	next := uint32(0)
	for _, r := range merged {
		number(r[0] - next)
		number(r[1] - r[0])
		next = r[1] + 1
	}
	return out
}

// canonical is how package regexp/syntax spells a name: no separators, upper case first.
func canonical(name string) string {
	var out []byte
	first := true
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c == '_' || c == '-' || c == ' ':
			c = ' '
		case first && 'a' <= c && c <= 'z':
			c -= 'a' - 'A'
		case !first && 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		if c != ' ' {
			out = append(out, c)
			first = false
		}
	}
	return string(out)
}

// classes writes every class behind its names: how many there are, each with its length in front; then the length of the class in two bytes.
func classes() []byte {
	tables := map[string]*unicode.RangeTable{}
	for name, actual := range unicode.CategoryAliases {
		tables[canonical(name)] = unicode.Categories[actual]
	}
	for name, table := range unicode.Scripts {
		tables[canonical(name)] = table
	}
	for name, table := range unicode.Categories {
		tables[canonical(name)] = table
	}
	names := map[string][]string{}
	var order []string
	for name, table := range tables {
		body := string(pack(table))
		names[body] = append(names[body], name)
	}
	for body := range names {
		sort.Strings(names[body])
		order = append(order, body)
	}
	sort.Slice(order, func(i, j int) bool { return names[order[i]][0] < names[order[j]][0] })
	var out []byte
	for _, body := range order {
		out = append(out, byte(len(names[body])))
		for _, name := range names[body] {
			out = append(append(out, byte(len(name))), name...)
		}
		out = append(append(out, byte(len(body)), byte(len(body)>>8)), body...)
	}
	return out
}

// printable packs what strconv.IsPrint accepts.
func printable() []byte {
	table := &unicode.RangeTable{}
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if strconv.IsPrint(c) {
			table.R32 = append(table.R32, unicode.Range32{Lo: uint32(c), Hi: uint32(c), Stride: 1})
		}
	}
	return pack(table)
}

// orbit is the cycle of characters that fold to each other.
func orbit(c rune) []rune {
	orbit := []rune{c}
	for d := unicode.SimpleFold(c); d != c; d = unicode.SimpleFold(d) {
		orbit = append(orbit, d)
	}
	return orbit
}

// isRegular tells whether the simple lower and upper case of a character are all that it folds to.
func isRegular(c rune, orbit []rune) bool {
	for _, d := range orbit {
		if d != c && d != unicode.ToLower(c) && d != unicode.ToUpper(c) {
			return false
		}
	}
	return true
}

// orbits writes the cycles that simple cases do not give, as rows of Rust.
func orbits() []byte {
	var out []byte
	seen := map[rune]bool{}
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if seen[c] {
			continue
		}
		cycle := orbit(c)
		regular := true
		for _, d := range cycle {
			seen[d] = true
			regular = regular && isRegular(d, cycle)
		}
		if regular {
			continue
		}
		rows := make([]string, 0, len(cycle))
		for _, d := range cycle {
			rows = append(rows, fmt.Sprintf("'\\u{%x}'", d))
		}
		out = append(out, fmt.Sprintf("    &[%s],\n", strings.Join(rows, ", "))...)
	}
	return out
}

func main() {
	kinds := map[string]func() []byte{"classes": classes, "printable": printable, "orbits": orbits}
	if len(os.Args) != 2 || kinds[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "say which table: classes, printable or orbits")
		os.Exit(2)
	}
	os.Stdout.Write(kinds[os.Args[1]]())
}
