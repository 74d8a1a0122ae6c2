package mockserver

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/internal/xmltree"
	"github.com/eppkit/eppkit/mockserver/fault"
)

// This file is what faults do to the document of an answer.

const (
	wrongClTRID    = "wrong-clTRID"
	strangeElement = `<stranger:surprise xmlns:stranger="urn:example:eppkit:stranger-1.0"><stranger:word>boo</stranger:word></stranger:surprise>`
	furtherResult  = `<result code="2400"><msg>Command failed</msg></result>`
)

// An edit replaces a part of a document.
type edit struct {
	from, to int32
	text     string
}

// An editor collects edits of a response, whose offsets are those of the document as
// it was.
type editor struct {
	*xmltree.Tree
	edits []edit
}

// tamper makes of a document what faults make of it. One that is no response, as a
// greeting, stays.
func tamper(b *blow, doc []byte) []byte {
	t, err := xmltree.Parse(doc, xmltree.Limits{})
	if err != nil {
		return doc
	}
	x := &editor{Tree: t}
	if x.at("response") == 0 {
		return doc
	}
	for i := range b.faults {
		x.apply(&b.faults[i], b)
	}
	return x.done()
}

func (x *editor) apply(f *fault.Fault, b *blow) {
	switch f.Kind {
	case fault.Result:
		x.code(f)
		if f.Text != "" {
			x.replace(x.at("response", "result", "msg"), "<msg>"+escaped(f.Text)+"</msg>")
		}
	case fault.ResultText:
		x.replace(x.at("response", "result", "msg"), "<msg>"+escaped(f.Text)+"</msg>")
	case fault.WrongClTRID:
		x.clTRID("<clTRID>" + escaped(cmp.Or(f.Text, wrongClTRID)) + "</clTRID>")
	case fault.MissingClTRID:
		x.clTRID("")
	case fault.MissingSvTRID:
		x.replace(x.at("response", "trID", "svTRID"), "")
	case fault.OtherObject:
		x.rename(x.at("response", "resData"), b.frame.Objects(), f.Text)
	case fault.UnknownExtension:
		x.add("extension", x.at("response", "trID"))
	case fault.UnknownElement:
		before := x.at("response", "extension")
		if before == 0 {
			before = x.at("response", "trID")
		}
		x.add("resData", before)
	case fault.ExtraResults:
		last := x.at("response", "result")
		for n := last; n != 0 && x.Nodes[n].Local == "result"; n = x.Nodes[n].Next {
			last = n
		}
		x.insert(x.Nodes[last].End, furtherResult)
	}
}

// at finds the first element at a path below the root; 0 is none.
func (x *editor) at(path ...string) int32 {
	i := xmltree.Root
	for _, local := range path {
		i = x.Nodes[i].Child
		for i != 0 && x.Nodes[i].Local != local {
			i = x.Nodes[i].Next
		}
		if i == 0 {
			return 0
		}
	}
	return i
}

func (x *editor) replace(i int32, text string) {
	if i != 0 {
		x.edits = append(x.edits, edit{x.Nodes[i].Start, x.Nodes[i].End, text})
	}
}

func (x *editor) insert(at int32, text string) { x.edits = append(x.edits, edit{at, at, text}) }

// code puts a result code in that the registry could not have answered.
func (x *editor) code(f *fault.Fault) {
	for _, a := range x.AttrsOf(x.at("response", "result")) {
		if a.Local == "code" {
			x.edits = append(x.edits, edit{a.Start, a.End, fmt.Sprint(uint16(f.Code))})
		}
	}
}

// clTRID puts another clTRID element in place.
func (x *editor) clTRID(element string) {
	if i := x.at("response", "trID", "clTRID"); i != 0 {
		x.replace(i, element)
		return
	}
	if i := x.at("response", "trID", "svTRID"); i != 0 {
		x.insert(x.Nodes[i].Start, element)
	}
}

// add puts an element nobody knows into the container local, which is made before
// another element where there is none.
func (x *editor) add(local string, before int32) {
	if i := x.at("response", local); i != 0 {
		_, end := x.Content(i)
		x.insert(end, strangeElement)
		return
	}
	x.insert(x.Nodes[before].Start, "<"+local+">"+strangeElement+"</"+local+">")
}

// rename gives objects in an element another name.
func (x *editor) rename(within int32, objects []string, name string) {
	if within == 0 {
		return
	}
	for i := within; int(i) < len(x.Nodes) && x.Nodes[i].Start < x.Nodes[within].End; i++ {
		text := strings.TrimSpace(x.Nodes[i].Text)
		same := func(o string) bool { return strings.EqualFold(o, text) }
		if x.Nodes[i].Child != 0 || text == "" || !slices.ContainsFunc(objects, same) {
			continue
		}
		from, to := x.Content(i)
		x.edits = append(x.edits, edit{from, to, escaped(cmp.Or(name, other(text)))})
	}
}

// done makes the edits.
func (x *editor) done() []byte {
	slices.SortStableFunc(x.edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var out []byte
	var at int32
	for _, e := range x.edits {
		if e.from < at {
			continue // inside what another fault has replaced
		}
		out = append(append(out, x.Doc[at:e.from]...), e.text...)
		at = e.to
	}
	return append(out, x.Doc[at:]...)
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// other names another object: the first letter or digit is the next one of its kind.
func other(name string) string {
	out := []byte(name)
	for i, c := range out {
		switch {
		case c == 'z', c == 'Z':
			out[i] -= 'z' - 'a'
		case c == '9':
			out[i] = '0'
		case c >= 'a' && c < 'z', c >= 'A' && c < 'Z', c >= '0' && c < '9':
			out[i]++
		default:
			continue
		}
		break
	}
	return string(out)
}
