// Command tables writes regoc's Unicode tables from Go's own (package unicode, Unicode 15.0.0), so that regular expressions and case
// mapping answer as OPA does. Run it by `go run main.go > ../src/unicode/table.rs`, then `cargo fmt`.
package main

import (
	"fmt"
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

func literal(bytes []byte) string {
	var b strings.Builder
	b.WriteString(`b"`)
	for i, c := range bytes {
		if i > 0 && i%24 == 0 {
			b.WriteString("\\\n      ")
		}
		fmt.Fprintf(&b, "\\x%02x", c)
	}
	b.WriteString(`"`)
	return b.String()
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

func main() {
	names := map[string]*unicode.RangeTable{}
	for name, actual := range unicode.CategoryAliases {
		names[canonical(name)] = unicode.Categories[actual]
	}
	for name, table := range unicode.Scripts {
		names[canonical(name)] = table
	}
	for name, table := range unicode.Categories {
		names[canonical(name)] = table
	}
	keys := make([]string, 0, len(names))
	for name := range names {
		keys = append(keys, name)
	}
	sort.Strings(keys)
	packed := map[string]int{}
	var bodies []string
	rows := make([]string, 0, len(keys))
	for _, name := range keys {
		body := literal(pack(names[name]))
		if _, ok := packed[body]; !ok {
			packed[body] = len(bodies)
			bodies = append(bodies, body)
		}
		rows = append(rows, fmt.Sprintf("    (\"%s\", CLASS_%d),", name, packed[body]))
	}
	fmt.Println("//! Unicode classes by the name that Go's regular expressions give them. Written by `tables/main.go` from Go's package")
	fmt.Printf("//! `unicode`, version %s; a class is a sequence of gaps and lengths minus one, in base 128.\n\n", unicode.Version)
	fmt.Println("/// The classes, sorted by name.")
	fmt.Println("pub(crate) const CLASSES: &[(&str, &[u8])] = &[")
	fmt.Println(strings.Join(rows, "\n"))
	fmt.Println("];")
	for i, body := range bodies {
		fmt.Printf("\nconst CLASS_%d: &[u8] =\n    %s;\n", i, body)
	}
	// What strconv.IsPrint accepts, as ranges of one table.
	printable := &unicode.RangeTable{}
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if strconv.IsPrint(c) {
			printable.R32 = append(printable.R32, unicode.Range32{Lo: uint32(c), Hi: uint32(c), Stride: 1})
		}
	}
	fmt.Printf("\n/// The characters that Go prints as they are (`strconv.IsPrint`).\npub(crate) const PRINTABLE: &[u8] =\n    %s;\n", literal(pack(printable)))
	fmt.Println("\n/// Characters that fold to others beyond their simple lower and upper case: Go's case orbits, each in a cycle of at least three.")
	fmt.Println("pub(crate) const ORBITS: &[&[char]] = &[")
	seen := map[rune]bool{}
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if seen[c] {
			continue
		}
		orbit := []rune{c}
		for d := unicode.SimpleFold(c); d != c; d = unicode.SimpleFold(d) {
			orbit = append(orbit, d)
		}
		for _, d := range orbit {
			seen[d] = true
		}
		simple := func(c rune) bool {
			for _, d := range orbit {
				if d != c && d != unicode.ToLower(c) && d != unicode.ToUpper(c) {
					return false
				}
			}
			return true
		}
		irregular := false
		for _, d := range orbit {
			irregular = irregular || !simple(d)
		}
		if irregular {
			fmt.Print("    &[")
			for i, d := range orbit {
				if i > 0 {
					fmt.Print(", ")
				}
				fmt.Printf("'\\u{%x}'", d)
			}
			fmt.Println("],")
		}
	}
	fmt.Println("];")
}
