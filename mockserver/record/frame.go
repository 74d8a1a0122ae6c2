package record

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/xmltree"
	"github.com/eppkit/eppkit/mockserver/match"
)

// A leaf is an element, with its text, or an attribute of one, for a comparison.
type leaf struct{ path, value string }

const schemaInstance = "http://www.w3.org/2001/XMLSchema-instance"

// leaves lists what a command says, without what does not matter: prefixes, white space,
// comments, clTRIDs, where schemas are.
func leaves(t *xmltree.Tree) []leaf {
	var out []leaf
	var walk func(i int32, path string)
	walk = func(i int32, path string) {
		n := &t.Nodes[i]
		if n.Local == "clTRID" {
			return
		}
		path += "/" + epp.Name{Space: t.SpaceURI(n.NS), Local: n.Local}.Qualified()
		out = append(out, leaf{path, epp.Collapse(n.Text)})
		var attrs []leaf
		for _, a := range t.AttrsOf(i) {
			if space := t.SpaceURI(a.NS); a.NS != xmltree.XMLNSSpace && space != schemaInstance {
				attrs = append(attrs, leaf{path + "/@" + a.Local, epp.Collapse(a.Value)})
			}
		}
		slices.SortFunc(attrs, func(a, b leaf) int { return strings.Compare(a.path, b.path) })
		out = append(out, attrs...)
		for c := n.Child; c != 0; c = t.Nodes[c].Next {
			walk(c, path)
		}
	}
	walk(xmltree.Root, "")
	return out
}

// misses compares a command with the one of the record. Behind an element that is
// another one, nothing is compared.
func misses(want, got []leaf, by time.Duration) []match.Mismatch {
	var out []match.Mismatch
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(want):
			return append(out, match.Mismatch{Criterion: got[i].path, Wanted: "nothing more", Got: orEmpty(got[i].value)})
		case i >= len(got):
			return append(out, match.Mismatch{Criterion: want[i].path, Wanted: orEmpty(want[i].value), Got: "nothing more"})
		case want[i].path != got[i].path:
			return append(out, match.Mismatch{Criterion: want[i].path, Wanted: orEmpty(want[i].value), Got: got[i].path})
		case !fits(want[i].value, got[i].value, by):
			out = append(out, match.Mismatch{Criterion: want[i].path, Wanted: orEmpty(want[i].value), Got: orEmpty(got[i].value)})
		}
	}
	return out
}

func orEmpty(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// fits compares a value with that of the record, which may have been redacted, and may
// be a time that is moved now.
func fits(want, got string, by time.Duration) bool {
	if want == got || strings.Contains(want, epp.Redacted) {
		return true
	}
	moved, ok := move(want, by)
	if !ok {
		return false
	}
	if day, _ := time.Parse(time.DateOnly, moved); !day.IsZero() {
		// It may be of a time, which is moved by hours as well.
		return moved == got || day.AddDate(0, 0, 1).Format(time.DateOnly) == got
	}
	return moved == got
}

// move moves a text that is a time, or a day, and is false for any other. A time keeps
// its fraction and its zone, for by is of whole seconds; a day moves by whole days.
func move(s string, by time.Duration) (string, bool) {
	const second = "2006-01-02T15:04:05"
	layout := second
	if len(s) < len(second) || s[10] != 'T' {
		layout = time.DateOnly
		by = (by - ((by%day + day) % day)) // rounded down
	}
	if len(s) < len(layout) || !isZone(s[len(layout):], layout == second) {
		return s, false
	}
	t, err := time.Parse(layout, s[:len(layout)])
	if err != nil {
		return s, false
	}
	return t.Add(by).Format(layout) + s[len(layout):], true
}

const day = 24 * time.Hour

// isZone reports whether a text may follow a time: a fraction, and a zone.
func isZone(s string, fraction bool) bool {
	if fraction && strings.HasPrefix(s, ".") {
		s = strings.TrimLeft(s[1:], "0123456789")
	}
	if s == "" || s == "Z" {
		return true
	}
	return len(s) == len("+00:00") && (s[0] == '+' || s[0] == '-') && s[3] == ':' &&
		strings.Trim(s[1:3]+s[4:], "0123456789") == ""
}

// An edit replaces a part of a document.
type edit struct {
	from, to int32
	text     string
}

// identifiers are the clTRIDs and svTRIDs of this time for those of the record.
type identifiers struct{ clTRID, svTRID map[string]string }

// retell makes of an answer of the record the one of now.
func retell(doc string, trID epp.TrID, ids identifiers, by time.Duration) (string, error) {
	t, err := xmltree.Parse([]byte(undeclared(doc)), xmltree.Limits{})
	if err != nil {
		return "", fmt.Errorf("record: an answer of the record: %w", err)
	}
	var edits []edit
	content := func(i int32, text string) {
		if from, to := t.Content(i); to >= from {
			edits = append(edits, edit{from, to, escape(text)})
		}
	}
	clTRID, svTRID := int32(0), int32(0) // those of the answer itself
	signed := int32(0)
	for i := xmltree.Root; int(i) < len(t.Nodes); i++ {
		n := &t.Nodes[i]
		if n.Start < signed {
			continue
		}
		if n.Local == "signedMark" { // a signature covers what is in it
			signed = n.End
			continue
		}
		for _, a := range t.AttrsOf(i) {
			if moved, ok := move(a.Value, by); ok {
				edits = append(edits, edit{a.Start, a.End, moved})
			}
		}
		own := t.Nodes[n.Parent].Local == "trID" && t.Nodes[t.Nodes[n.Parent].Parent].Local == "response"
		text := epp.Collapse(n.Text)
		switch {
		case n.Child != 0:
		case n.Local == "clTRID" && own:
			clTRID = i
		case n.Local == "svTRID" && own:
			svTRID = i
			ids.svTRID[text] = trID.SvTRID
			content(i, trID.SvTRID)
		case n.Local == "clTRID" && ids.clTRID[text] != "":
			content(i, ids.clTRID[text])
		case n.Local == "svTRID" && ids.svTRID[text] != "":
			content(i, ids.svTRID[text])
		default:
			if moved, ok := move(text, by); ok {
				content(i, moved)
			}
		}
	}
	switch {
	case clTRID != 0 && trID.ClTRID == "":
		edits = append(edits, edit{t.Nodes[clTRID].Start, t.Nodes[clTRID].End, ""})
	case clTRID != 0:
		content(clTRID, trID.ClTRID)
	case svTRID != 0 && trID.ClTRID != "":
		name := strings.TrimSuffix(tagName(t.XML(svTRID)), "svTRID") + "clTRID"
		at := t.Nodes[svTRID].Start
		edits = append(edits, edit{at, at, "<" + name + ">" + escape(trID.ClTRID) + "</" + name + ">"})
	}
	return apply(t.Doc, edits), nil
}

// tagName is the name in a start tag as it is written.
func tagName(xml string) string {
	end := strings.IndexAny(xml, " \t\r\n/>")
	return xml[1:end]
}

// undeclared is a document without its XML declaration, which may name the encoding in
// which it came; in a record it is UTF-8.
func undeclared(doc string) string {
	doc = strings.TrimPrefix(doc, "\ufeff")
	if strings.HasPrefix(doc, "<?xml ") {
		_, doc, _ = strings.Cut(doc, "?>")
	}
	return doc
}

// apply makes edits in an undeclared document, and declares it.
func apply(doc string, edits []edit) string {
	slices.SortStableFunc(edits, func(a, b edit) int { return int(a.from - b.from) })
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>`)
	at := int32(0)
	for _, e := range edits {
		b.WriteString(doc[at:e.from] + e.text)
		at = e.to
	}
	b.WriteString(doc[at:])
	return b.String()
}

func escape(s string) string { return escaper.Replace(s) }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
