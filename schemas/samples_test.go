package schemas

import (
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// samplesPerElement times mutantsPerSample, of each element that may stand on its
// own.
const samplesPerElement, mutantsPerSample = 4, 3

// samples makes frames of a set of schemas alone, so that every element and branch is
// met, whether or not the corpus has it. Most are valid.
func samples(x *shapes, words *vocabulary) []sample {
	byName := func(a, b epp.Name) int { return strings.Compare(a.String(), b.String()) }
	m := maker{shapes: x, words: words, globals: slices.SortedFunc(maps.Keys(x.elements), byName)}
	var out []sample
	for _, name := range m.globals {
		for i := range samplesPerElement {
			s := sample{name: fmt.Sprintf("made/%s-%d", name, i), about: name.Space}
			h := fnv.New64a()
			h.Write([]byte(s.name))
			m.Rand = rand.New(rand.NewPCG(2, h.Sum64()))
			m.Reset()
			if name.Space == epp.NS {
				m.element(name, x.elements[name], 0)
			} else {
				m.WriteString(`<epp xmlns="` + epp.NS + `"><command><logout/><extension>`)
				m.element(name, x.elements[name], 0)
				m.WriteString(`</extension></command></epp>`)
			}
			s.doc = []byte(m.String())
			out = append(out, s)
		}
	}
	return out
}

// A maker writes random elements.
type maker struct {
	*shapes
	*rand.Rand
	strings.Builder
	words   *vocabulary
	globals []epp.Name
}

func (m *maker) element(name epp.Name, decl component, depth int) {
	// A prefix of its own for each namespace, now and then none.
	tag, bind := "p:"+name.Local, `xmlns:p="`+name.Space+`"`
	if m.IntN(4) == 0 || name.Space == "" {
		tag, bind = name.Local, `xmlns="`+name.Space+`"`
	}
	typ, builtin := m.typeOf(decl)
	fmt.Fprintf(m, "<%s %s", tag, bind)
	for _, a := range m.attributes(typ, nil, 0) {
		if a.attr("use") == "required" || a.attr("use") == "" && m.IntN(2) == 0 {
			attrType, attrBuiltin := m.typeOf(a)
			fmt.Fprintf(m, ` %s="%s"`, a.attr("name"), escape(m.value(m.facets(attrType, attrBuiltin))))
		}
	}
	m.WriteString(">")
	content := m.content(typ, 0)
	switch {
	case content != nil:
		m.parts(content, depth)
	case typ.doc == nil && builtin == "":
	case typ.doc != nil && isEmpty(typ):
	default:
		m.WriteString(escape(m.value(m.facets(typ, builtin))))
	}
	fmt.Fprintf(m, "</%s>", tag)
}

// attributes are the declarations of a type's attributes.
func (m *maker) attributes(typ component, out []component, depth int) []component {
	if typ.doc == nil || depth > deepest {
		return out
	}
	for c := range typ.children() {
		switch c.local() {
		case "attribute":
			if c.attr("name") != "" {
				out = append(out, c)
			}
		case "attributeGroup":
			out = m.attributes(m.attrGroups[c.qname(c.attr("ref"))], out, depth+1)
		case "simpleContent", "complexContent":
			out = m.attributes(c, out, depth+1)
		case "extension":
			out = m.attributes(m.types[c.qname(c.attr("base"))], out, depth+1)
			out = m.attributes(c, out, depth+1)
		}
	}
	return out
}

func (m *maker) parts(parts []particle, depth int) {
	for _, p := range parts {
		times := p.min
		if more := min(p.max, p.min+2) - p.min; more > 0 && depth < 10 {
			times += m.IntN(more + 1)
		}
		if p.max == math.MaxInt && m.IntN(8) == 0 && depth < 4 {
			times += 12 // more than any limit there is
		}
		for range times {
			m.part(p, depth)
		}
	}
}

func (m *maker) part(p particle, depth int) {
	switch p.kind {
	case 's', 'a':
		m.parts(p.parts, depth)
	case 'c':
		if len(p.parts) > 0 {
			i := m.IntN(len(p.parts))
			m.parts(p.parts[i:i+1], depth)
		}
	case 'e':
		name, decl := p.name, p.decl
		for sub, head := range m.heads { // at most one in our schemas
			if head == p.name && m.IntN(8) > 0 {
				name, decl = sub, m.elements[sub]
			}
		}
		m.element(name, decl, depth+1)
	case 'w':
		name := m.globals[m.IntN(len(m.globals))]
		if depth < 6 {
			m.element(name, m.elements[name], depth+4)
		} else {
			fmt.Fprintf(m, `<x xmlns="urn:sauna"/>`)
		}
	}
}

// value is one of a type: at the limits of its facets where they are known.
func (m *maker) value(f facets) string {
	if len(f.values) > 0 {
		return f.values[m.IntN(len(f.values))]
	}
	number := func(facets ...string) (int, bool) {
		for _, name := range facets {
			if n, err := strconv.Atoi(f.limits[name]); err == nil {
				return n, true
			}
		}
		return 0, false
	}
	low, hasLow := number("minLength", "length", "minInclusive")
	high, hasHigh := number("maxLength", "length", "maxInclusive")
	switch {
	case f.pattern != "":
		if re, err := regexp.Compile("^(?:" + f.pattern + ")$"); err == nil {
			if fit := slices.DeleteFunc(slices.Concat(oddValues, m.words.values), func(s string) bool {
				return !re.MatchString(s) || hasHigh && len(s) > high || hasLow && len(s) < low
			}); len(fit) > 0 {
				return fit[m.IntN(len(fit))]
			}
		}
	case hasHigh && m.IntN(2) == 0:
		if _, ok := f.limits["maxInclusive"]; ok {
			return strconv.Itoa(high)
		}
		return strings.Repeat("a", high)
	case hasLow:
		if _, ok := f.limits["minInclusive"]; ok {
			return strconv.Itoa(low)
		}
		return strings.Repeat("a", low)
	}
	if fit := examples[f.builtin]; len(fit) > 0 {
		return fit[m.IntN(len(fit))]
	}
	return oddValues[m.IntN(len(oddValues))]
}

// examples are values of the types that every schema has.
var examples = map[string][]string{
	"boolean":          {"true", "false", "0", "1"},
	"dateTime":         {aDate, "2026-03-29T01:30:00", "2026-03-29T01:30:00.123+02:00"},
	"date":             {"2026-03-29", "2026-03-29Z"},
	"duration":         {"P1Y", "-P1DT1H"},
	"decimal":          {"0", "1.50", "-3"},
	"integer":          {"0", "1", "-3", "99999999999999999999"},
	"int":              {"0", "1", "-3"},
	"short":            {"0", "1", "-3"},
	"long":             {"0", "1", "-3"},
	"positiveInteger":  {"1", "100"},
	"unsignedByte":     {"0", "255"},
	"unsignedShort":    {"0", "65535"},
	"unsignedInt":      {"0", "65536"},
	"unsignedLong":     {"0", "65536"},
	"hexBinary":        {"", "00ff", "ABCDEF"},
	"base64Binary":     {"", "AA==", "A A A A"},
	"language":         {"en", "en-GB"},
	"anyURI":           {"urn:a:b", "http://a.example/x"},
	"token":            {"a", "a b"},
	"normalizedString": {"a", "a b"},
	"string":           {"a", "a b"},
	"ID":               {"a1"},
}
