package schemas

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// samples makes frames of a set of schemas alone. For every element that may stand on
// its own there is one with everything in it once, and for every rule in it one that
// differs there: a child or an attribute that is missing, or there once too often,
// each branch of a choice, and each value at a limit or beyond. So whatever the
// schemas say is asked, whether or not the corpus has it.
func samples(x *shapes, words *vocabulary) []sample {
	byName := func(a, b epp.Name) int { return strings.Compare(a.String(), b.String()) }
	m := maker{shapes: x, words: words, seen: map[string]bool{}}
	m.globals = slices.SortedFunc(maps.Keys(x.elements), byName)
	var out []sample
	for _, name := range m.globals {
		plans := []plan{{}}
		for i := 0; i < len(plans); i++ {
			doc, more := m.make(name, plans[i])
			plans = append(plans, more...)
			out = append(out, sample{
				name: fmt.Sprintf("made/%s-%d", name, i), what: plans[i].what,
				about: name.Space, doc: []byte(doc),
			})
		}
	}
	return out
}

// A plan is what to decide at the first points of a document where schemas leave a
// choice. At those after them, the first alternative is taken.
type plan struct {
	choices []int
	what    string // the last of the choices in words
}

// A maker writes elements, and takes down what could have been otherwise.
type maker struct {
	*shapes
	strings.Builder
	words   *vocabulary
	globals []epp.Name
	seen    map[string]bool // alternatives that a plan exists for

	plan  plan
	taken []int
	more  []plan
}

// make makes the frame of a plan, and the plans of what is new in it.
func (m *maker) make(name epp.Name, p plan) (doc string, more []plan) {
	m.Reset()
	m.plan, m.taken, m.more = p, nil, nil
	if name.Space == epp.NS {
		m.element(name, m.elements[name], 0)
		return m.String(), m.more
	}
	m.WriteString(`<epp xmlns="` + epp.NS + `"><command><logout/><extension>`)
	m.element(name, m.elements[name], 0)
	m.WriteString(`</extension></command></epp>`)
	return m.String(), m.more
}

// decide returns the alternative to take of those at a place.
func (m *maker) decide(alternatives []alternative) string {
	at := len(m.taken)
	i := 0
	if at < len(m.plan.choices) {
		i = m.plan.choices[at]
	} else {
		for i, a := range alternatives {
			if i > 0 && !m.seen[a.key] {
				m.seen[a.key] = true
				m.more = append(m.more, plan{append(slices.Clone(m.taken), i), a.key})
			}
		}
	}
	m.taken = append(m.taken, i)
	return alternatives[i].value
}

// An alternative that is the same in two places is tried in one.
type alternative struct{ key, value string }

// id names a component.
func (c component) id() string {
	if c.doc == nil {
		return "?"
	}
	return fmt.Sprintf("%s#%d", shortName(c.doc.target), c.i)
}

func (m *maker) element(name epp.Name, decl component, depth int) {
	tag, bind := "p:"+name.Local, `xmlns:p="`+name.Space+`"`
	if name.Space == "" || depth%3 == 2 {
		tag, bind = name.Local, `xmlns="`+name.Space+`"`
	}
	typ, builtin := m.typeOf(decl)
	fmt.Fprintf(m, "<%s %s", tag, bind)
	for _, a := range m.attributes(typ, nil, 0) {
		here := decl.id() + "@" + a.attr("name")
		if m.decide([]alternative{{value: "yes"}, {here + " absent", ""}}) == "" {
			continue
		}
		attrType, attrBuiltin := m.typeOf(a)
		value := m.decide(m.values(here, attrType, attrBuiltin))
		fmt.Fprintf(m, ` %s="%s"`, a.attr("name"), escape(value))
	}
	m.WriteString(">")
	content := m.content(typ, 0)
	switch {
	case content != nil:
		m.parts(content, decl, depth)
	case typ.doc != nil && isEmpty(typ), typ.doc == nil && builtin == "":
		m.WriteString(m.decide([]alternative{{}, {decl.id() + " text", "x"}, {decl.id() + " space", " "}, {decl.id() + " child", "<x/>"}}))
	default:
		m.WriteString(escape(m.decide(m.values(decl.id(), typ, builtin))))
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
			if c.attr("name") != "" && c.attr("use") != "prohibited" {
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

func (m *maker) parts(parts []particle, in component, depth int) {
	for _, p := range parts {
		times, _ := strconv.Atoi(m.decide(occurrences(p, in, depth)))
		for range times {
			m.part(p, in, depth)
		}
	}
}

// occurrences are how often a particle may come, and how often it may not.
func occurrences(p particle, in component, depth int) []alternative {
	const most = 101 // more than that takes too long
	usual := max(p.min, 1)
	if depth > 8 {
		usual = p.min
	}
	counts := []int{usual, p.min, p.min - 1}
	if p.max <= most {
		counts = append(counts, p.max, p.max+1)
	} else {
		counts = append(counts, p.min+1, 14)
	}
	var out []alternative
	for i, n := range counts {
		if n >= 0 && (i == 0 || !slices.Contains(counts[:i], n)) {
			out = append(out, alternative{fmt.Sprintf("%s %s %d times", in.id(), p.decl.id(), n), strconv.Itoa(n)})
		}
	}
	return out
}

func (m *maker) part(p particle, in component, depth int) {
	switch p.kind {
	case 's', 'a':
		m.parts(p.parts, in, depth)
	case 'c':
		var branches []alternative
		for i := range p.parts {
			branches = append(branches, alternative{fmt.Sprintf("%s %s branch %d", in.id(), p.decl.id(), i), strconv.Itoa(i)})
		}
		if len(branches) > 0 {
			i, _ := strconv.Atoi(m.decide(branches))
			m.parts(p.parts[i:i+1], in, depth)
		}
	case 'e':
		m.substitutable(p, in, depth)
	case 'w':
		here := in.id() + " " + p.decl.id()
		m.WriteString(m.decide([]alternative{
			{value: m.known(p.decl.doc.target)},
			{here + " unknown", `<x xmlns="urn:sauna"/>`},
			{here + " no namespace", `<x xmlns=""/>`},
			{here + " own", `<x xmlns="` + p.decl.doc.target + `"/>`},
			{here + " empty", ""},
		}))
	}
}

// known is a valid element that is not of a namespace.
func (m *maker) known(not string) string {
	for _, k := range []struct{ space, content string }{
		{"http://www.nic.cz/xml/epp/enumval-1.2", `<k:create xmlns:k="%s"><k:valExDate>2026-03-29</k:valExDate></k:create>`},
		{"urn:ietf:params:xml:ns:idn-1.0", `<k:data xmlns:k="%s"><k:table>a</k:table></k:data>`},
		{"http://www.w3.org/2000/09/xmldsig#", `<k:KeyName xmlns:k="%s">a</k:KeyName>`},
	} {
		if k.space != not && m.knows(k.space) {
			return fmt.Sprintf(k.content, k.space)
		}
	}
	return ""
}

// substitutable writes an element or one that may stand in its place.
func (m *maker) substitutable(p particle, in component, depth int) {
	subs := []epp.Name{p.name}
	for _, name := range m.globals {
		if m.heads[name] == p.name {
			subs = slices.Insert(subs, 0, name)
		}
	}
	var alternatives []alternative
	for i, name := range subs {
		alternatives = append(alternatives, alternative{in.id() + " " + name.String(), strconv.Itoa(i)})
	}
	i, _ := strconv.Atoi(m.decide(alternatives))
	decl := p.decl
	if subs[i] != p.name {
		decl = m.elements[subs[i]]
	}
	m.element(subs[i], decl, depth+1)
}

// values are those of a type: first a good one, then some that tell much, which are
// tried wherever the type is used, and then those that are tried in one place.
func (m *maker) values(here string, typ component, builtin string) []alternative {
	f := m.facets(typ, builtin)
	few, many := m.limits(f)
	few = append(few, f.builtinWrong())
	switch f.builtin {
	case "ID": // another each time
		few[0] = fmt.Sprintf("id%d", len(m.taken))
	case "": // a union
		few[0] = "1"
		many = append(slices.Concat(many, oddValues), m.words.values...)
		for _, n := range m.words.sizes {
			many = append(many, strconv.Itoa(n-1), strconv.Itoa(n), strconv.Itoa(n+1))
		}
	}
	out := make([]alternative, 0, len(few)+len(many))
	for _, v := range few {
		out = append(out, alternative{fmt.Sprintf("%s is %.40q (%d)", here, v, len(v)), v})
	}
	for _, v := range many {
		out = append(out, alternative{fmt.Sprintf("%s%s is %.40q (%d)", typ.id(), builtin, v, len(v)), v})
	}
	return out
}

func (f facets) builtinWrong() string {
	if f.builtin == "string" || f.builtin == "normalizedString" || f.builtin == "token" {
		return ""
	}
	return "x y"
}

// limits are values that keep to facets, and values that just don't.
func (m *maker) limits(f facets) (few, many []string) {
	number := func(facets ...string) (int, bool) {
		for _, name := range facets {
			if n, err := strconv.Atoi(f.limits[name]); err == nil {
				return n, true
			}
		}
		return 0, false
	}
	good := examples[f.builtin]
	many = append(many, "", " ", "a  b", "\n a", strings.Repeat("a", 300))
	if len(good) == 0 {
		good = []string{"a"}
	}
	if n, ok := number("minLength", "length"); ok {
		few = append(few, f.long(n), f.long(n-1))
		good = few[:1]
	}
	if n, ok := number("maxLength", "length"); ok {
		few = append(few, f.long(n), f.long(n+1))
		good = few[len(few)-2:][:1]
	}
	for _, bound := range []string{"minInclusive", "maxInclusive", "minExclusive", "maxExclusive"} {
		if n, ok := number(bound); ok {
			few = append(few, strconv.Itoa(n), strconv.Itoa(n-1), strconv.Itoa(n+1))
			good = []string{strconv.Itoa(n)}
			if strings.HasSuffix(bound, "Exclusive") {
				good = []string{strconv.Itoa(n - 1), strconv.Itoa(n + 1)}
			}
		}
	}
	if f.pattern != "" {
		fit, unfit := m.words.match(f.pattern)
		if len(fit) > 0 {
			good = fit[:1]
		}
		many = append(append(many, fit...), unfit...)
		if len(unfit) > 0 {
			few = append(few, unfit[0])
		}
	}
	if len(f.values) > 0 {
		good = f.values
		few = append(slices.Clone(f.values), "sauna")
		many = append(many, " "+f.values[0]+"\t", strings.ToUpper(f.values[0]), f.values[0]+"x")
	}
	return append([]string{good[0]}, few...), append(slices.Clone(many), examples[f.builtin]...)
}

// long is a value of n characters or, of binary types, octets.
func (f facets) long(n int) string {
	const most = 5000
	n = min(max(n, 0), most)
	switch f.builtin {
	case "hexBinary":
		return strings.Repeat("aF", n)
	case "base64Binary":
		return strings.Repeat("AAAA", n/3) + []string{"", "AA==", "AAA="}[n%3]
	}
	return strings.Repeat("a", n)
}

// match sorts values by whether a pattern fits them.
func (w *vocabulary) match(pattern string) (fit, unfit []string) {
	re, err := regexp.Compile("^(?:" + pattern + ")$")
	if err != nil {
		return nil, oddValues
	}
	for _, s := range slices.Concat(oddValues, w.values) {
		switch {
		case re.MatchString(s):
			fit = append(fit, s)
		case len(unfit) < 60:
			unfit = append(unfit, s)
		}
	}
	// Longer and shorter than all of these.
	for _, s := range slices.Clone(fit) {
		fit = append(fit, s+s, s+"0", s+"-", s+"1234567890123456", s[:len(s)/2])
	}
	return fit[:min(len(fit), 120)], unfit
}

// examples are values of the types that every schema has.
var examples = map[string][]string{
	"boolean":          {"true", "false", "0", "1", "TRUE", "2"},
	"dateTime":         {aDate, "2026-03-29T01:30:00", "2026-03-29T01:30:00.123+02:00", "2026-03-29", "2026-02-30T00:00:00Z"},
	"date":             {"2026-03-29", "2026-03-29Z", "2026-02-29", aDate},
	"duration":         {"P1Y", "-P1DT1H", "P", "1Y"},
	"decimal":          {"0", "1.50", "-3", "1e3", "1,5"},
	"integer":          {"0", "1", "-3", "99999999999999999999", "1.0"},
	"int":              {"0", "1", "-3", "2147483647", "2147483648", "-2147483649"},
	"short":            {"0", "1", "-3", "32767", "32768", "-32769"},
	"long":             {"0", "1", "-3", "9223372036854775808"},
	"positiveInteger":  {"1", "100", "0"},
	"unsignedByte":     {"0", "255", "256", "-1"},
	"unsignedShort":    {"0", "65535", "65536", "-1"},
	"unsignedInt":      {"0", "65536", "4294967295", "4294967296"},
	"unsignedLong":     {"0", "65536", "18446744073709551615", "18446744073709551616"},
	"hexBinary":        {"00ff", "", "ABCDEF", "0"},
	"base64Binary":     {"AA==", "", "A A A A", "A", "AA==."},
	"language":         {"en", "en-GB", "en_GB", "abcdefghi"},
	"anyURI":           {"urn:a:b", "http://a.example/x"},
	"token":            {"a", "a b"},
	"normalizedString": {"a", "a b"},
	"string":           {"a", "a b"},
	"ID":               {"a1", "1a"},
}
