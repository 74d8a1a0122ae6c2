package schemas

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// A vocabulary is what mutants are made of: the words of a set of schemas.
type vocabulary struct {
	elements, attributes, values []string
	sizes                        []int // the limits of facets
}

var (
	nameIn    = regexp.MustCompile(`<(?:\w+:)?(element|attribute)\s+name="([^"]+)"`)
	valueIn   = regexp.MustCompile(`<(?:\w+:)?enumeration\s+value="([^"]+)"`)
	sizeIn    = regexp.MustCompile(`<(?:\w+:)?(?:length|m[axin]+(?:Length|Inclusive|Exclusive))\s+value="(\d{1,10})"`)
	aDate     = "2026-03-29T01:30:00Z"
	oddValues = []string{
		"", " ", "\n", "0", "1", "2", "-1", "+1", "007", "1.5", "1.", ".5", "-0.00", "1e3", "1,5",
		"true", "false", "TRUE", "yes", "x", "X", "é", "日本", "a b", " a ", "a\tb", "a\nb", "a  b",
		aDate, "2026-03-29", "2026-03-29Z", "2026-03-29T01:30:00", "2026-03-29T01:30:00.123+02:00", "2026-02-30T00:00:00Z", "2026-03-29T24:00:00Z",
		"P1Y", "PT1H", "P", "-P1D", "abc", "ABCD", "abcd", "0aF", "00FF", "AA==", "AAA=", "A===", "A A A A", "=",
		"http://a.example/x", "urn:a:b", "%zz", "a@b.example", "a@b", "@", "1.1.1.1", "::1",
		"+1.7035555555", "+999.123456789012", "+999.1234567890123", "+1.", "+420.123456", "US", "us", "CZ", "USA", "en", "en-GB", "EN-gb", "e", "en_GB", "x-abcdefghi",
		"AB-12", "SH8013-REP", "123-456", "1-abcDEF", "-REP", "A-", "A_1-B", "a.b.e164.arpa", "1000", "2308", "2502", "9999", "65535", "65536", "255", "256", "99999999999999999999",
	}
)

// read takes up the words of a schema.
func (w *vocabulary) read(schema string) {
	for _, m := range nameIn.FindAllStringSubmatch(schema, -1) {
		if m[1] == "element" {
			w.elements = append(w.elements, m[2])
		} else {
			w.attributes = append(w.attributes, m[2])
		}
	}
	for _, m := range valueIn.FindAllStringSubmatch(schema, -1) {
		w.values = append(w.values, m[1])
	}
	for _, m := range sizeIn.FindAllStringSubmatch(schema, -1) {
		n, _ := strconv.Atoi(m[1])
		w.sizes = append(w.sizes, n)
	}
}

func (w *vocabulary) sort() {
	for _, list := range []*[]string{&w.elements, &w.attributes, &w.values} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	slices.Sort(w.sizes)
	w.sizes = slices.Compact(w.sizes)
}

// mutants makes n variants of a frame, the same ones each time.
func (w *vocabulary) mutants(f sample, n int) []sample {
	t, err := xmltree.Parse(f.doc, xmltree.Limits{})
	if err != nil || strings.HasPrefix(string(f.doc), "\xff\xfe") || strings.HasPrefix(string(f.doc), "\xfe\xff") {
		return nil
	}
	h := fnv.New64a()
	h.Write([]byte(f.name))
	m := mutator{Tree: t, Rand: rand.New(rand.NewPCG(1, h.Sum64())), words: w}
	for i := range t.Nodes[xmltree.Root:] {
		if at := int32(i) + xmltree.Root; t.SpaceURI(t.Nodes[at].NS) == f.about {
			m.about = append(m.about, at)
		}
	}
	var out []sample
	for tries := 0; len(out) < n && tries < 20*n; tries++ {
		doc, what := m.mutant()
		if doc == "" || doc == t.Doc {
			continue
		}
		if _, err := xmltree.Parse([]byte(doc), xmltree.Limits{}); err != nil {
			continue // xmllint and we agree on XML, the tests of xmltree say
		}
		out = append(out, sample{name: f.name, what: fmt.Sprintf("mutant %d: %s", len(out), what), doc: []byte(doc)})
	}
	return out
}

// A mutator makes one change to a document at a time.
type mutator struct {
	*xmltree.Tree
	*rand.Rand
	words *vocabulary
	about []int32 // the elements that matter most
}

func (m *mutator) mutant() (doc, what string) {
	i := int32(m.IntN(len(m.Nodes)-1)) + xmltree.Root
	if len(m.about) > 0 && m.IntN(4) > 0 {
		i = m.about[m.IntN(len(m.about))]
	}
	n := &m.Nodes[i]
	leaf := n.Child == 0
	switch m.IntN(14) {
	case 0:
		return m.splice(n.Start, n.End, ""), "without " + n.Local
	case 1:
		return m.splice(n.End, n.End, m.XML(i)), n.Local + " twice"
	case 2:
		if n.Next == 0 {
			return "", ""
		}
		next := &m.Nodes[n.Next]
		return m.splice(n.Start, next.End, m.XML(n.Next)+m.XML(i)), n.Local + " after the next"
	case 3:
		return m.rename(i)
	case 4:
		return m.move(i)
	case 5, 6:
		return m.insert(i)
	case 7, 8:
		return m.attribute(i)
	default:
		if leaf {
			value := m.value(n.Text)
			return m.content(i, escape(value)), fmt.Sprintf("%s is %q", n.Local, value)
		}
		if m.IntN(3) > 0 {
			return "", ""
		}
		start, _ := m.Content(i)
		return m.splice(start, start, "x"), "text in " + n.Local
	}
}

func (m *mutator) splice(from, to int32, s string) string {
	return m.Doc[:from] + s + m.Doc[to:]
}

// content replaces what is in element i.
func (m *mutator) content(i int32, s string) string {
	start, end := m.Content(i)
	if end >= start {
		return m.splice(start, end, s)
	}
	n := &m.Nodes[i]
	slash := n.Start + int32(strings.LastIndexByte(m.XML(i), '/'))
	return m.splice(slash, n.End, ">"+s+"</"+m.qname(i)+">")
}

// qname is the name of element i as written.
func (m *mutator) qname(i int32) string {
	s := m.Doc[m.Nodes[i].Start+1:]
	return s[:strings.IndexAny(s, " \t\r\n/>")]
}

func (m *mutator) prefix(i int32) string {
	p, _, ok := strings.Cut(m.qname(i), ":")
	if !ok {
		return ""
	}
	return p + ":"
}

func pick(m *mutator, list []string) string { return list[m.IntN(len(list))] }

// near is the name of an element that may well be in place of i or beside it.
func (m *mutator) near(i int32) string {
	if m.IntN(3) == 0 {
		other := int32(m.IntN(len(m.Nodes)-1)) + xmltree.Root
		return m.qname(other)
	}
	return m.prefix(i) + pick(m, m.words.elements)
}

func (m *mutator) rename(i int32) (doc, what string) {
	was, name := m.qname(i), m.near(i)
	x := m.XML(i)
	x = "<" + name + x[1+len(was):]
	if end := strings.LastIndex(x, "</"+was); end >= 0 && !strings.HasSuffix(x, "/>") {
		x = x[:end] + "</" + name + x[end+2+len(was):]
	}
	n := &m.Nodes[i]
	return m.splice(n.Start, n.End, x), was + " is called " + name
}

// move puts an element somewhere else.
func (m *mutator) move(i int32) (doc, what string) {
	n, x := &m.Nodes[i], m.XML(i)
	to := int32(m.IntN(len(m.Nodes)-1)) + xmltree.Root
	at := m.Nodes[to].End
	if m.IntN(2) == 0 {
		at = m.Nodes[to].Start
	}
	what = fmt.Sprintf("%s moved to %s", n.Local, m.Nodes[to].Local)
	switch {
	case at <= n.Start:
		return m.Doc[:at] + x + m.Doc[at:n.Start] + m.Doc[n.End:], what
	case at >= n.End:
		return m.Doc[:n.Start] + m.Doc[n.End:at] + x + m.Doc[at:], what
	}
	return "", ""
}

// insert puts another element before, after or into i.
func (m *mutator) insert(i int32) (doc, what string) {
	name := m.near(i)
	x := "<" + name + "/>"
	switch m.IntN(4) {
	case 0:
		x = "<" + name + ">" + escape(m.value("")) + "</" + name + ">"
	case 1: // a copy of an element there is
		x = m.XML(int32(m.IntN(len(m.Nodes)-1)) + xmltree.Root)
	}
	n := &m.Nodes[i]
	switch m.IntN(3) {
	case 0:
		return m.splice(n.Start, n.Start, x), fmt.Sprintf("%s before %s", x, n.Local)
	case 1:
		return m.splice(n.End, n.End, x), fmt.Sprintf("%s after %s", x, n.Local)
	}
	start, end := m.Content(i)
	if end < start {
		return m.content(i, x), fmt.Sprintf("%s in %s", x, n.Local)
	}
	return m.splice(start, start, x), fmt.Sprintf("%s in %s", x, n.Local)
}

// attribute adds, removes, renames or changes one.
func (m *mutator) attribute(i int32) (doc, what string) {
	n := &m.Nodes[i]
	attrs := slices.DeleteFunc(slices.Clone(m.AttrsOf(i)), func(a xmltree.Attr) bool { return a.NS != xmltree.NoSpace })
	after := n.Start + 1 + int32(len(m.qname(i)))
	if len(attrs) == 0 || m.IntN(4) == 0 {
		add := fmt.Sprintf(` %s="%s"`, pick(m, m.words.attributes), escape(m.value("")))
		switch m.IntN(16) {
		case 0:
			add = ` xml:lang="` + escape(m.value("en")) + `"`
		case 1:
			add = ` xmlns:xsi="` + xsiNS + `" xsi:nil="` + pick(m, []string{"true", "false", "1", "maybe"}) + `"`
		case 2:
			add = ` xmlns:xsi="` + xsiNS + `" xsi:schemaLocation="` + pick(m, []string{"urn:a b", "urn:a", ""}) + `"`
		}
		return m.splice(after, after, add), n.Local + " with" + add
	}
	a := attrs[m.IntN(len(attrs))]
	start := int32(attrStart(m.Doc, a))
	switch m.IntN(6) {
	case 0:
		return m.splice(start, a.End+1, ""), n.Local + " without " + a.Local
	case 1:
		name := pick(m, m.words.attributes)
		return m.splice(start, start+int32(len(a.Local)), name), fmt.Sprintf("%s of %s is called %s", a.Local, n.Local, name)
	}
	value := m.value(a.Value)
	return m.splice(a.Start, a.End, escape(value)), fmt.Sprintf("%s of %s is %q", a.Local, n.Local, value)
}

// value makes another of a value: one that is like it, or breaks it at a facet, or
// anything.
func (m *mutator) value(old string) string {
	size := m.words.sizes[m.IntN(len(m.words.sizes))] + m.IntN(3) - 1
	switch m.IntN(12) {
	case 0:
		return ""
	case 1:
		if old == "" {
			return " "
		}
		_, n := utf8.DecodeLastRuneInString(old)
		return old[:len(old)-n]
	case 2:
		return old + pick(m, []string{"x", "0", "é", " ", ".", "-"})
	case 3:
		return "\n " + old + "\t "
	case 4:
		return strconv.Itoa(size)
	case 5: // as long as a facet allows, or one more or less
		size = min(max(size, 0), 5000)
		fill := old
		if fill == "" {
			fill = "x"
		}
		return string([]rune(strings.Repeat(fill, size/utf8.RuneCountInString(fill)+1))[:size])
	case 6, 7:
		return pick(m, m.words.values)
	case 8: // another value of the frame
		return m.Nodes[1+m.IntN(len(m.Nodes)-1)].Text
	case 9:
		if i := strings.IndexFunc(old, func(r rune) bool { return r < utf8.RuneSelf }); i >= 0 {
			at := m.IntN(len(old))
			if old[at] < utf8.RuneSelf {
				return old[:at] + pick(m, []string{"é", "_", " ", "Z", "0", "-", ":"}) + old[at+1:]
			}
		}
		return old
	default:
		return pick(m, oddValues)
	}
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;")

func escape(s string) string { return escaper.Replace(s) }
