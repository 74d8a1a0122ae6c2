package epp

import (
	"slices"
	"strconv"
	"strings"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// This file holds how a message's Extra is written.

// An unwritten is what is still to be written of a message's Extra.
type unwritten struct {
	list   []Extra
	at     map[string]*place // by path; nil for a path that only leads to others
	levels []level           // the elements that are open
}

// A place is what is still to be written in one element, as indexes in the list.
type place struct {
	attrs []int
	after map[string][]int // by the child behind which it stands
}

// A level is an element that is open.
type level struct {
	path   string
	on     bool     // it or one below it has an Extra
	counts steps    // of its children
	attrs  []string // that were written
	rest   *place
}

func newUnwritten(list []Extra) *unwritten {
	u := &unwritten{list: list, at: make(map[string]*place), levels: []level{{on: true}}}
	for i := range list {
		e := &list[i]
		for p := e.Path; p != ""; p = p[:max(strings.LastIndexByte(p, '/'), 0)] {
			if _, ok := u.at[p]; !ok {
				u.at[p] = nil
			}
		}
		at := u.at[e.Path]
		if at == nil {
			at = &place{after: make(map[string][]int)}
			u.at[e.Path] = at
		}
		if e.Attr != nil {
			at.attrs = append(at.attrs, i)
		} else {
			at.after[e.After] = append(at.after[e.After], i)
		}
	}
	return u
}

func (u *unwritten) top() *level { return &u.levels[len(u.levels)-1] }

// open makes the child local the element that is open.
func (u *unwritten) open(prefix, local string) {
	up, l := u.top(), level{}
	if up.on {
		l.path = up.path + "/" + up.counts.next(prefix, local)
		l.rest, l.on = u.at[l.path]
		delete(u.at, l.path)
	}
	u.levels = append(u.levels, l)
}

// closed makes the element around it the one that is open, and returns its step.
func (x *Codec) closed() (last string) {
	l := x.extras.top()
	if l.rest != nil && len(l.rest.attrs)+len(l.rest.after) > 0 {
		x.fail("", &RuleError{Reason: "an Extra in an element that is written as it came"})
	}
	x.extras.levels = x.extras.levels[:len(x.extras.levels)-1]
	return l.path[strings.LastIndexByte(l.path, '/')+1:]
}

// writeExtraAttrs writes the attributes into the start tag that is open, but none that
// it has already.
func (x *Codec) writeExtraAttrs() {
	l := x.extras.top()
	if l.rest == nil {
		return
	}
	for _, i := range l.rest.attrs {
		a := x.extras.list[i].Attr
		if a.Name.Space == "" && slices.Contains(l.attrs, a.Name.Local) {
			continue
		}
		if !isName(a.Name.Local) || !xmltree.ValidChars(a.Value) {
			x.fail("", &RuleError{Reason: "an Extra attribute that XML does not allow"})
			return
		}
		name := a.Name.Local
		if prefix := x.attrPrefix(a.Name.Space); prefix != "" {
			name = prefix + ":" + name
		}
		x.out = append(append(x.out, ' '), name...)
		x.out = append(appendEscaped(append(x.out, '=', '"'), a.Value, true), '"')
	}
	l.rest.attrs = nil
}

// attrPrefix returns a prefix for an attribute's namespace, and declares it in the
// start tag that is open unless it is in scope.
func (x *Codec) attrPrefix(space string) string {
	switch space {
	case "":
		return ""
	case xmltree.XMLSpaceURI:
		return "xml"
	}
	base := PrefixOf(space)
	if base == "" {
		base = "epp"
	}
	for n := 1; ; n++ {
		prefix := base
		if n > 1 {
			prefix += strconv.Itoa(n)
		}
		switch lookup(x.scope, prefix) {
		case space:
			return prefix
		case "":
			b := Binding{Prefix: prefix, URI: space}
			x.scope, x.inScope = append(x.scope, b), false
			x.out = appendBinding(x.out, b)
			return prefix
		}
	}
}

// writeExtra writes the children and texts behind a child of the open element.
func (x *Codec) writeExtra(after string) {
	at := x.extras.top().rest
	if at == nil {
		return
	}
	if which := at.after[after]; which != nil {
		delete(at.after, after)
		x.writeExtras(which)
	}
}

// writeAllExtra writes all that are left of the open element's: those behind children
// that it does not have.
func (x *Codec) writeAllExtra() {
	at := x.extras.top().rest
	if at == nil || len(at.after) == 0 {
		return
	}
	x.writeExtra("")
	var which []int
	for _, w := range at.after {
		which = append(which, w...)
	}
	clear(at.after)
	slices.Sort(which)
	x.writeExtras(which)
}

func (x *Codec) writeExtras(which []int) {
	for _, i := range which {
		e := &x.extras.list[i]
		x.closeTag()
		switch {
		case e.Element == nil:
			out, err := appendText(x.out, e.Text, false)
			if err != nil {
				x.fail("", err)
			}
			x.out = out
		case !strings.HasPrefix(e.Element.XML, "<"):
			x.fail("", &RuleError{Reason: "an Extra that holds no element"})
		default:
			x.out = e.Element.appendIn(x.out, x.scope)
		}
	}
}

// leftExtra refuses what had no element to stand in.
func (x *Codec) leftExtra() {
	for i := range x.extras.list {
		e := &x.extras.list[i]
		if _, left := x.extras.at[e.Path]; left {
			x.err = &FieldError{Path: e.Path, Err: &RuleError{Reason: "is not in the message, but has an Extra"}}
			return
		}
	}
}
