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
	m := maker{shapes: x, words: words, seen: map[string]bool{}, limits: map[string]limits{}}
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
// choice. At those after them, the usual is taken.
type plan struct {
	choices []string
	what    string // the last of the choices in words
}

// A maker writes elements, and takes down what could have been otherwise.
type maker struct {
	*shapes
	strings.Builder
	words   *vocabulary
	globals []epp.Name
	seen    map[string]bool   // places whose alternatives have plans
	limits  map[string]limits // by type

	plan  plan
	taken []string
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

// decide returns what the plan has for a place, or else the usual. The first time
// that it comes there, it makes plans of the others.
func (m *maker) decide(place, usual string, others ...string) string {
	m.offer(place, others)
	return m.take(usual)
}

func (m *maker) offer(place string, others []string) {
	if len(m.taken) < len(m.plan.choices) || m.seen[place] {
		return
	}
	m.seen[place] = true
	for _, o := range others {
		m.more = append(m.more, plan{append(slices.Clone(m.taken), o), fmt.Sprintf("%s: %.60q", place, o)})
	}
}

func (m *maker) take(usual string) string {
	if at := len(m.taken); at < len(m.plan.choices) {
		usual = m.plan.choices[at]
	}
	m.taken = append(m.taken, usual)
	return usual
}

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
		if m.decide(here+" there", "yes", "no") == "no" {
			continue
		}
		attrType, attrBuiltin := m.typeOf(a)
		value := m.value(here, attrType, attrBuiltin)
		fmt.Fprintf(m, ` %s="%s"`, a.attr("name"), escape(value))
	}
	m.WriteString(">")
	content := m.content(typ, 0)
	switch {
	case content != nil:
		m.parts(content, decl, depth)
	case typ.doc != nil && isEmpty(typ), typ.doc == nil && builtin == "":
		m.WriteString(m.decide(decl.id()+" content", "", "x", " ", "<x/>"))
	default:
		m.WriteString(escape(m.value(decl.id(), typ, builtin)))
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
		counts := occurrences(p, depth)
		times, _ := strconv.Atoi(m.decide(in.id()+" "+p.decl.id()+" times", counts[0], counts[1:]...))
		for range times {
			m.part(p, in, depth)
		}
	}
}

// occurrences are how often a particle may come, the usual first, and how often it
// may not.
func occurrences(p particle, depth int) (times []string) {
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
	for i, n := range counts {
		if n >= 0 && !slices.Contains(counts[:i], n) {
			times = append(times, strconv.Itoa(n))
		}
	}
	return times
}

func (m *maker) part(p particle, in component, depth int) {
	switch p.kind {
	case 's', 'a':
		m.parts(p.parts, in, depth)
	case 'c':
		var branches []string
		for i := range p.parts {
			branches = append(branches, strconv.Itoa(i))
		}
		if len(branches) > 0 {
			i, _ := strconv.Atoi(m.decide(in.id()+" "+p.decl.id()+" branch", branches[0], branches[1:]...))
			m.parts(p.parts[i:i+1], in, depth)
		}
	case 'e':
		m.substitutable(p, in, depth)
	case 'w':
		m.WriteString(m.decide(in.id()+" "+p.decl.id()+" any", m.known(p.decl.doc.target),
			`<x xmlns="urn:sauna"/>`, `<x xmlns=""/>`, `<x xmlns="`+p.decl.doc.target+`"/>`, ""))
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
	var others []string
	for i := range subs[1:] {
		others = append(others, strconv.Itoa(i+1))
	}
	i, _ := strconv.Atoi(m.decide(in.id()+" "+p.name.String()+" substitutes", "0", others...))
	decl := p.decl
	if subs[i] != p.name {
		decl = m.elements[subs[i]]
	}
	m.element(subs[i], decl, depth+1)
}

// limits are values of a type: a good one, some that tell much, which are tried
// wherever the type is used, and those that are tried in one place.
type limits struct {
	good      string
	few, many []string
	id        bool // no two may be the same
}

// value decides on a value of a type.
func (m *maker) value(here string, typ component, builtin string) string {
	key := typ.id() + builtin
	of, ok := m.limits[key]
	if !ok {
		of = m.limitsOf(m.facets(typ, builtin))
		m.limits[key] = of
	}
	if of.id {
		of.good = fmt.Sprintf("id%d", len(m.taken))
	}
	m.offer(here, of.few)
	m.offer(key, of.many)
	return m.take(of.good)
}

// limitsOf are values that keep to facets, and values that just don't.
func (m *maker) limitsOf(f facets) limits {
	number := func(facets ...string) (int, bool) {
		for _, name := range facets {
			if n, err := strconv.Atoi(f.limits[name]); err == nil {
				return n, true
			}
		}
		return 0, false
	}
	of := limits{good: "a", id: f.builtin == "ID"}
	of.many = append(slices.Clone(examples[f.builtin]), "", " ", "a  b", "\n a", strings.Repeat("a", 300))
	if f.builtin == "" { // a union
		of.good = "1"
		of.many = slices.Concat(of.many, oddValues, m.words.values)
		for _, n := range m.words.sizes {
			of.many = append(of.many, strconv.Itoa(n-1), strconv.Itoa(n), strconv.Itoa(n+1))
		}
	} else if good := examples[f.builtin]; len(good) > 0 {
		of.good = good[0]
	}
	if n, ok := number("minLength", "length"); ok {
		of.good = f.long(n)
		of.few = append(of.few, f.long(n-1), f.long(n))
	}
	if n, ok := number("maxLength", "length"); ok {
		of.good = f.long(n)
		of.few = append(of.few, f.long(n+1))
	}
	for _, bound := range []string{"minInclusive", "maxInclusive", "minExclusive", "maxExclusive"} {
		if n, ok := number(bound); ok {
			of.good = strconv.Itoa(n + map[string]int{"minExclusive": 1, "maxExclusive": -1}[bound])
			of.few = append(of.few, strconv.Itoa(n-1), strconv.Itoa(n), strconv.Itoa(n+1))
		}
	}
	if f.pattern != "" {
		fit, unfit := m.words.match(f.pattern)
		if len(fit) > 0 {
			of.good = fit[0]
		}
		if len(unfit) > 0 {
			of.few = append(of.few, unfit[0])
		}
		of.many = slices.Concat(of.many, fit, unfit)
	}
	if len(f.values) > 0 {
		of.good = f.values[0]
		of.few = append(slices.Clone(f.values[1:]), "sauna")
		of.many = append(of.many, " "+f.values[0]+"\t", strings.ToUpper(f.values[0]), f.values[0]+"x")
	}
	if !slices.Contains([]string{"string", "normalizedString", "token"}, f.builtin) {
		of.few = append(of.few, "x y")
	}
	of.few = append(of.few, "")
	return of
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
