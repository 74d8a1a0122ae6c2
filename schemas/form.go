package schemas

import "github.com/eppkit/eppkit/epp"

// A Form is what schemas say of an element in its place, before one is seen.
type Form struct {
	Many bool // it may stand there several times
	Text bool // it is text alone, with neither attributes nor children
}

// Form is that of an element child in an element parent; parent is the zero name for
// those that may stand anywhere. Known says whether a schema has the child, there or
// anywhere. Names that are used in several places are one: what is Many in one of them
// always is, and what has more than text in one of them is not Text.
//
// In a parent that has no schema, or one that leaves it open what is inside, everything
// may be several times; but what stands in place of a wildcard is there once.
func (v *Validator) Form(parent, child epp.Name) (f Form, known bool) {
	forms := v.forms()
	children, closed := forms[parent]
	if f, known = children[child]; known {
		return f, true
	}
	f, known = forms[epp.Name{}][child]
	f.Many = !closed
	return f, known
}

// forms are by parent those of its children; of the zero name those of all elements that
// may stand anywhere.
type forms map[epp.Name]map[epp.Name]Form

// A former collects forms.
type former struct {
	*shapes
	forms
	members map[epp.Name][]epp.Name // what may stand in an element's place
	seen    map[typed]bool
}

// typed is an element with one of its types.
type typed struct {
	name epp.Name
	typ  component
}

func (x *shapes) forms() forms {
	w := former{x, forms{{}: {}}, map[epp.Name][]epp.Name{}, map[typed]bool{}}
	for member, head := range x.heads {
		w.members[head] = append(w.members[head], member)
	}
	for name, decl := range x.elements {
		w.add(epp.Name{}, name, decl, false)
	}
	return w.forms
}

// add adds an element in a parent, and what may be inside it.
func (w *former) add(parent, name epp.Name, decl component, many bool) {
	typ, builtin := w.typeOf(decl)
	text := builtin != "" && builtin != "anyType" || typ.doc != nil && typ.local() == "simpleType"
	was, again := w.forms[parent][name]
	w.forms[parent][name] = Form{Many: was.Many || many, Text: text && (was.Text || !again)}
	this := typed{name, typ}
	if text || typ.doc == nil || w.seen[this] {
		return
	}
	w.seen[this] = true
	if w.forms[name] == nil {
		w.forms[name] = map[epp.Name]Form{}
	}
	for child, c := range w.count(w.content(typ, 0), false) {
		w.add(name, child, c.decl, c.times > 1)
	}
}

// A counted element may stand somewhere so many times; 2 is as good as any number above.
type counted struct {
	decl  component
	times int
}

// count counts the elements in parts, which stand one after another or are a choice.
func (w *former) count(parts []particle, choice bool) map[epp.Name]counted {
	all := map[epp.Name]counted{}
	for _, p := range parts {
		var here map[epp.Name]counted
		switch p.kind {
		case 'e':
			here = map[epp.Name]counted{}
			w.insteadOf(here, p.name, p.decl)
		case 's', 'c', 'a':
			here = w.count(p.parts, p.kind == 'c')
		}
		for name, c := range here {
			if p.max == 0 {
				continue
			}
			c.times *= min(p.max, 2)
			if was := all[name]; choice {
				c.times = max(c.times, was.times)
			} else {
				c.times += was.times
			}
			all[name] = c
		}
	}
	return all
}

// insteadOf adds an element and those that may stand in its place.
func (w *former) insteadOf(to map[epp.Name]counted, name epp.Name, decl component) {
	if _, ok := to[name]; ok {
		return
	}
	to[name] = counted{decl, 1}
	for _, member := range w.members[name] {
		w.insteadOf(to, member, w.elements[member])
	}
}
