// Command zones writes regoc's time zones from those that come with Go (lib/time/zoneinfo.zip: the IANA time zone database, which is
// in the public domain), so that zones are the ones that OPA has where its host has none. Run it by
// `go run main.go > ../../src/time/zones.bin` with the Go that OPA is built with. `src/time/zone.rs` describes the form.
package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
)

// base is the second that the first transition of a zone is counted from.
const base = -1 << 33

// kind is an offset from UTC in seconds with its abbreviation.
type kind struct {
	offset int32
	name   string
}

// zone is a zone as it is written.
type zone struct {
	kinds       []kind
	first       int
	times       []int64
	transitions []byte
	// daylight says whether rule holds after the last transition.
	daylight           bool
	standard, summer   int
	begin, end         [3]byte
	beginTime, endTime int64
}

func check(ok bool, what ...any) {
	if !ok {
		log.Fatalln(what...)
	}
}

func number(out []byte, n uint64) []byte {
	return binary.AppendUvarint(out, n)
}

func signed(out []byte, n int64) []byte {
	return binary.AppendVarint(out, n)
}

// read reads a TZif file of version 2 or later (RFC 9636).
func read(name string, file []byte) zone {
	header := func(at int) (n [6]int) {
		check(string(file[at:at+4]) == "TZif", name, "is no TZif file")
		for i := range n {
			n[i] = int(binary.BigEndian.Uint32(file[at+20+4*i:]))
		}
		return n
	}
	const universal, standard, leap, time, types, chars = 0, 1, 2, 3, 4, 5
	n := header(0)
	at := 44 + n[time]*5 + n[types]*6 + n[chars] + n[leap]*8 + n[standard] + n[universal]
	n = header(at)
	at += 44
	take := func(length int) []byte {
		at += length
		return file[at-length : at]
	}
	var z zone
	times := take(n[time] * 8)
	z.transitions = take(n[time])
	rows := take(n[types] * 6)
	names := take(n[chars])
	take(n[leap]*12 + n[standard] + n[universal])
	for i := 0; i < n[time]; i++ {
		z.times = append(z.times, int64(binary.BigEndian.Uint64(times[8*i:])))
	}
	var summer []bool
	for i := 0; i < n[types]; i++ {
		row := rows[6*i:]
		text := names[row[5]:]
		z.kinds = append(z.kinds, kind{int32(binary.BigEndian.Uint32(row)), string(text[:bytes.IndexByte(text, 0)])})
		summer = append(summer, row[4] != 0)
	}
	z.first = first(z.transitions, summer)
	z.extend(name, strings.Trim(string(file[at:]), "\n"))
	return z
}

// first is the type before the first transition, as Go's Location.lookupFirstZone has it.
func first(transitions []byte, summer []bool) int {
	if len(transitions) == 0 || bytes.IndexByte(transitions, 0) < 0 {
		return 0
	}
	if summer[transitions[0]] {
		for i := int(transitions[0]) - 1; i >= 0; i-- {
			if !summer[i] {
				return i
			}
		}
	}
	for i := range summer {
		if !summer[i] {
			return i
		}
	}
	return 0
}

// extend takes in the rule for the time after the last transition, a text as in the environment variable TZ.
func (z *zone) extend(name, text string) {
	parts := strings.Split(text, ",")
	word := func() (word string) {
		s := parts[0]
		if strings.HasPrefix(s, "<") {
			end := strings.IndexByte(s, '>')
			word, parts[0] = s[1:end], s[end+1:]
			return word
		}
		end := strings.IndexAny(s, "0123456789+-")
		if end < 0 {
			end = len(s)
		}
		word, parts[0] = s[:end], s[end:]
		return word
	}
	offset := func(s string) int64 {
		sign := int64(1)
		if strings.HasPrefix(s, "-") {
			sign = -1
		}
		total, unit := int64(0), int64(3600)
		for _, field := range strings.Split(strings.TrimLeft(s, "+-"), ":") {
			n, err := strconv.ParseInt(field, 10, 64)
			check(err == nil, name, "has the rule", text)
			total += n * unit
			unit /= 60
		}
		return sign * total
	}
	length := func() string {
		end := strings.IndexFunc(parts[0], func(c rune) bool { return !strings.ContainsRune("0123456789+-:", c) })
		if end < 0 {
			end = len(parts[0])
		}
		s := parts[0][:end]
		parts[0] = parts[0][end:]
		return s
	}
	standard := word()
	standardOffset := -offset(length())
	z.standard = z.kind(kind{int32(standardOffset), standard})
	if parts[0] == "" {
		check(len(parts) == 1, name, "has the rule", text)
		if last := len(z.times) - 1; last >= 0 {
			z.transitions[last] = byte(z.standard)
		} else {
			z.first = z.standard
		}
		return
	}
	summer := word()
	summerOffset := standardOffset + 3600
	if parts[0] != "" {
		summerOffset = -offset(length())
	}
	z.summer = z.kind(kind{int32(summerOffset), summer})
	check(len(parts) == 3 && parts[0] == "" && len(z.times) > 0, name, "has the rule", text)
	check(z.times[len(z.times)-1] >= 0, name, "has a rule since before 1970")
	rule := func(s string) (fields [3]byte, time int64) {
		date, clock, found := strings.Cut(s, "/")
		time = 2 * 3600
		if found {
			time = offset(clock)
		}
		check(strings.HasPrefix(date, "M"), name, "has the rule", text)
		for i, field := range strings.Split(date[1:], ".") {
			n, err := strconv.Atoi(field)
			check(err == nil, name, "has the rule", text)
			fields[i] = byte(n)
		}
		return fields, time
	}
	z.daylight = true
	z.begin, z.beginTime = rule(parts[1])
	z.end, z.endTime = rule(parts[2])
}

// kind is the number of a type, which is added where it is new.
func (z *zone) kind(wanted kind) int {
	for i, kind := range z.kinds {
		if kind == wanted {
			return i
		}
	}
	z.kinds = append(z.kinds, wanted)
	return len(z.kinds) - 1
}

func (z *zone) write() []byte {
	out := number(nil, uint64(len(z.kinds)))
	for _, kind := range z.kinds {
		out = signed(out, int64(kind.offset))
		out = number(out, uint64(len(kind.name)))
		out = append(out, kind.name...)
	}
	out = append(out, byte(z.first))
	if z.daylight {
		out = append(out, 1, byte(z.standard), byte(z.summer))
		out = signed(append(out, z.begin[:]...), z.beginTime)
		out = signed(append(out, z.end[:]...), z.endTime)
	} else {
		out = append(out, 0)
	}
	out = number(out, uint64(len(z.times)))
	before := int64(base)
	for i, time := range z.times {
		gap := time - before
		check(gap > 0, "a gap of", gap)
		if gap%60 == 0 {
			out = number(out, uint64(gap/60)<<1)
		} else {
			out = number(out, uint64(gap)<<1|1)
		}
		out = append(out, z.transitions[i])
		before = time
	}
	return out
}

func main() {
	log.SetFlags(0)
	archive, err := zip.OpenReader(filepath.Join(runtime.GOROOT(), "lib", "time", "zoneinfo.zip"))
	check(err == nil, err)
	files := map[string][]byte{}
	var names []string
	for _, file := range archive.File {
		if strings.HasSuffix(file.Name, "/") {
			continue
		}
		reader, err := file.Open()
		check(err == nil, err)
		content, err := io.ReadAll(reader)
		check(err == nil, err)
		files[file.Name] = content
		names = append(names, file.Name)
	}
	sort.Strings(names)
	// The rows, the text of all names behind one another, and the zones; a row says where its name and its zone begin.
	var text, bodies []byte
	type row struct{ name, zone int }
	var rows []row
	places := map[string]int{}
	for _, name := range names {
		z := read(name, files[name])
		body := string(z.write())
		place, found := places[body]
		if !found {
			place = len(bodies)
			places[body] = place
			bodies = append(bodies, body...)
		}
		rows = append(rows, row{len(text), place})
		text = append(text, name...)
	}
	rows = append(rows, row{len(text), len(bodies)})
	const width = 5
	start := 2 + len(rows)*width
	check(start+len(text) <= 1<<16 && start+len(text)+len(bodies) < 1<<24, "too much data")
	out := binary.LittleEndian.AppendUint16(nil, uint16(len(names)))
	for _, row := range rows {
		out = binary.LittleEndian.AppendUint16(out, uint16(start+row.name))
		zone := start + len(text) + row.zone
		out = append(out, byte(zone), byte(zone>>8), byte(zone>>16))
	}
	out = append(append(out, text...), bodies...)
	_, err = os.Stdout.Write(out)
	check(err == nil, err)
	log.Println(len(names), "names,", len(places), "zones,", len(out), "bytes")
}
