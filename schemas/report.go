package schemas

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jacoelho/xsd/xsderrors"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/secret"
	"github.com/eppkit/eppkit/internal/xmltree"
)

// syntaxError is for a frame that is no XML that eppkit accepts.
func syntaxError(err error) *Error {
	v := Violation{Code: Syntax, Message: err.Error()}
	var e *xmltree.SyntaxError
	if errors.As(err, &e) {
		v.Line, v.Column, v.Message = e.Line, e.Column, e.Msg
	}
	return &Error{Violations: []Violation{v}}
}

// A report makes violations of what the library says of a frame.
type report struct {
	tree   *xmltree.Tree
	shapes *shapes
	found  []placed
	lines  []int // where each line of the document begins, once asked for
}

// placed is a violation and where it is in the document: where it begins, and where
// it shows, which is what orders them.
type placed struct {
	Violation
	at, shows int
}

// violations are those of an error of the library.
func (r *report) violations(err error) []Violation {
	r.add(err)
	slices.SortStableFunc(r.found, func(a, b placed) int { return cmp.Compare(a.shows, b.shows) })
	r.found = slices.Compact(r.found) // text in pieces is reported in pieces
	var here xmltree.Locator
	out := make([]Violation, len(r.found))
	for i, p := range r.found {
		out[i] = p.Violation
		if p.Element.Local != "" {
			out[i].Line, out[i].Column = here.Position(r.tree.Doc, p.at)
		}
	}
	return out
}

func (r *report) add(err error) {
	var several xsderrors.Errors
	if errors.As(err, &several) {
		for _, err := range several {
			r.add(err)
		}
		return
	}
	var e *xsderrors.Error
	if !errors.As(err, &e) {
		e = &xsderrors.Error{Message: err.Error()}
	}
	if e.Line == 0 {
		r.found = append(r.found, placed{Violation: Violation{Code: Other, Message: "not valid: " + e.Message}})
		return
	}
	r.read(e)
}

// What the library says, as far as it is told apart.
const (
	saysText        = "character data is not allowed"
	saysMissing     = "missing required child element"
	saysNoAttribute = "missing required attribute "
	saysSimple      = "simple type does not allow attributes"
	saysAttribute   = "attribute is not declared: "
	saysWildcard    = "invalid wildcard attribute "
	saysBadAttr     = "invalid attribute "
	saysBadFixed    = "fixed attribute mismatch "
	saysBadContent  = "invalid simple content: "
	saysUnknown     = "wildcard requires declared element "
	saysRoot        = "root element is not declared"
)

// read makes a violation of one diagnostic.
func (r *report) read(e *xsderrors.Error) {
	offset := r.offset(e.Line, e.Column)
	i := r.innermost(offset)
	n := &r.tree.Nodes[i]
	v := Violation{Code: Other}
	at := int(n.Start)
	shows := -1
	attribute := ""
	switch msg := e.Message; {
	case e.Code == xsderrors.CodeValidationRoot && strings.HasPrefix(msg, saysRoot):
		v.Code, v.Message = Unknown, "no schema has such an element"
	case strings.HasPrefix(msg, saysUnknown):
		v.Code, v.Message = Unknown, r.unknown(i)
	case e.Code == xsderrors.CodeValidationElement && offset == int(n.Start),
		e.Code == xsderrors.CodeValidationContent && msg != saysMissing:
		v.Code, v.Message = Unexpected, "must not stand here"+r.instead(i)
	case msg == saysMissing:
		v.Code, v.Message = Missing, "is not complete"+r.next(i)
		shows = int(n.End)
	case msg == saysText:
		v.Code, v.Message = Text, "must not have text"
		at = r.textStart(i, offset)
	case cut(&attribute, msg, saysNoAttribute):
		v.Code, v.Message = MissingAttribute, "lacks the attribute "+attribute
		attribute = ""
	case msg == saysSimple:
		attribute = r.firstAttribute(i)
		v.Code, v.Message = UnexpectedAttribute, "must not have this attribute"
	case cut(&attribute, msg, saysAttribute):
		v.Code, v.Message = UnexpectedAttribute, "must not have this attribute"
	case cut(&attribute, msg, saysWildcard):
		if strings.HasPrefix(attribute, "{"+xmltree.XMLSpaceURI+"}") || r.isXML(i, attribute) {
			return // no schema but the library has declared it
		}
		v.Code, v.Message = BadType, "not a value of its type"
	case cut(&attribute, msg, saysBadFixed):
		v.Code, v.Message = BadChoice, "not the one value it may have"
	case cut(&attribute, msg, saysBadAttr):
		attribute, msg, _ = strings.Cut(attribute, ": ")
		value, _ := r.attribute(i, attribute)
		v.Code, v.Message = r.shapes.wrongAttribute(r.tree, i, attribute, value.Value, msg, r.secret(i, attribute))
	case strings.HasPrefix(msg, saysBadContent):
		v.Code, v.Message = r.shapes.wrongContent(r.tree, i, strings.TrimPrefix(msg, saysBadContent), r.secret(i, ""))
		at = r.textStart(i, -1)
	default:
		v.Message = others[e.Code]
		if v.Message == "" {
			v.Message = "not valid"
		}
	}
	v.Element = epp.Name{Space: r.tree.SpaceURI(n.NS), Local: n.Local}
	v.Path = r.path(i)
	if a, ok := r.attribute(i, attribute); attribute != "" && ok {
		at = attrStart(r.tree.Doc, a)
		v.Path += "/@" + r.shapes.qualified(r.tree.SpaceURI(a.NS), a.Local)
	}
	r.found = append(r.found, placed{v, at, max(at, shows)})
}

// others are the messages for what is rare.
var others = map[xsderrors.Code]string{
	xsderrors.CodeValidationNil:       "xsi:nil is wrong here, or the element is not empty in spite of it",
	xsderrors.CodeValidationType:      "the type that xsi:type names is not known or not allowed here, or an ID is wrong",
	xsderrors.CodeValidationIdentity:  "what must be unique is not, or what is referred to is not there",
	xsderrors.CodeValidationElement:   "not the one value it may have",
	xsderrors.CodeValidationAttribute: "an attribute is wrong",
	xsderrors.CodeValidationLimit:     "too large",
}

// cut takes a prefix off what the library says.
func cut(rest *string, msg, prefix string) bool {
	after, ok := strings.CutPrefix(msg, prefix)
	if ok {
		*rest = after
	}
	return ok
}

// offset is where the library means: its columns count octets from 1.
func (r *report) offset(line, column int) int {
	if r.lines == nil {
		r.lines = []int{0}
		for i := range len(r.tree.Doc) {
			if r.tree.Doc[i] == '\n' {
				r.lines = append(r.lines, i+1)
			}
		}
	}
	return r.lines[min(line, len(r.lines))-1] + column - 1
}

// innermost is the element that the offset is in.
func (r *report) innermost(offset int) int32 {
	i := xmltree.Root
	for c := r.tree.Nodes[i].Child; c != 0; {
		n := &r.tree.Nodes[c]
		if int(n.Start) <= offset && offset < int(n.End) {
			i, c = c, n.Child
		} else {
			c = n.Next
		}
	}
	return i
}

// textStart is where the text of element i begins, after an offset.
func (r *report) textStart(i int32, offset int) int {
	start, end := r.tree.Content(i)
	if end < start {
		return int(r.tree.Nodes[i].Start)
	}
	from := max(int(start), offset)
	text := r.tree.Doc[from:end]
	return from + len(text) - len(strings.TrimLeft(text, " \t\r\n"))
}

// path is a name for element i in words of eppkit.
func (r *report) path(i int32) string {
	if i == 0 {
		return ""
	}
	n := &r.tree.Nodes[i]
	step := "/" + r.shapes.qualified(r.tree.SpaceURI(n.NS), n.Local)
	before, all := 0, 0
	if n.Parent != 0 {
		for c := r.tree.Nodes[n.Parent].Child; c != 0; c = r.tree.Nodes[c].Next {
			if s := &r.tree.Nodes[c]; s.NS == n.NS && s.Local == n.Local {
				all++
				if c <= i {
					before++
				}
			}
		}
	}
	if all > 1 {
		step = fmt.Sprintf("%s[%d]", step, before)
	}
	return r.path(n.Parent) + step
}

// qualified is a name with the prefix that eppkit writes.
func (x *shapes) qualified(space, local string) string {
	p := epp.PrefixOf(cmp.Or(x.of[space], space))
	switch {
	case space == xmltree.XMLSpaceURI:
		p = "xml"
	case space == xsiNS:
		p = "xsi"
	}
	if p == "" {
		return local
	}
	return p + ":" + local
}

// attribute finds one of element i by the label that the library has for it.
func (r *report) attribute(i int32, label string) (xmltree.Attr, bool) {
	local := label[strings.LastIndexByte(label, '}')+1:]
	attrs := r.tree.AttrsOf(i)
	at := slices.IndexFunc(attrs, func(a xmltree.Attr) bool {
		return a.Local == local && a.NS != xmltree.XMLNSSpace
	})
	if at < 0 {
		return xmltree.Attr{}, false
	}
	return attrs[at], true
}

// firstAttribute is the label of the first of element i that means something.
func (r *report) firstAttribute(i int32) string {
	for _, a := range r.tree.AttrsOf(i) {
		if space := r.tree.SpaceURI(a.NS); a.NS != xmltree.XMLNSSpace && space != xsiNS {
			return a.Local
		}
	}
	return ""
}

func (r *report) isXML(i int32, label string) bool {
	a, ok := r.attribute(i, label)
	return ok && a.NS == xmltree.XMLSpace
}

// secret reports whether the value of element i, or of an attribute of it, must not
// be shown.
func (r *report) secret(i int32, attribute string) bool {
	space := r.nearestSpace(i)
	if a, ok := r.attribute(i, attribute); attribute != "" && ok {
		space = cmp.Or(r.tree.SpaceURI(a.NS), space)
		if secret.IsName(a.Local) || r.shapes.secrets[epp.Name{Space: space, Local: a.Local}] {
			return true
		}
	}
	if r.shapes.strange[space] {
		return true
	}
	for ; i != 0; i = r.tree.Nodes[i].Parent {
		n := &r.tree.Nodes[i]
		if secret.IsElement(r.tree.SpaceURI(n.NS), n.Local) ||
			r.shapes.secrets[epp.Name{Space: r.nearestSpace(i), Local: n.Local}] {
			return true
		}
	}
	return false
}

// nearestSpace is the namespace of element i, or where it has none, of what it is in.
func (r *report) nearestSpace(i int32) string {
	for ; i != 0; i = r.tree.Nodes[i].Parent {
		if space := r.tree.SpaceURI(r.tree.Nodes[i].NS); space != "" {
			return space
		}
	}
	return ""
}

// unknown says whether the namespace or just the element is not known.
func (r *report) unknown(i int32) string {
	space := r.tree.SpaceURI(r.tree.Nodes[i].NS)
	if r.shapes.knows(space) {
		return "its namespace has no such element"
	}
	return fmt.Sprintf("there is no schema of its namespace %q", space)
}

// instead says what may stand in the place of element i.
func (r *report) instead(i int32) string { return r.after(r.tree.Nodes[i].Parent, i) }

// next says what may follow the last child of element i.
func (r *report) next(i int32) string { return r.after(i, 0) }

// after says what may follow those children of element i that stand before its child
// upTo, or all of them. Children that are wrong count for nothing.
func (r *report) after(i, upTo int32) string {
	if i == 0 {
		return ""
	}
	var have []epp.Name
	for c := r.tree.Nodes[i].Child; c != 0 && c != upTo; c = r.tree.Nodes[c].Next {
		start := int(r.tree.Nodes[c].Start)
		wrong := slices.ContainsFunc(r.found, func(p placed) bool {
			return p.at == start && (p.Code == Unexpected || p.Code == Unknown)
		})
		if !wrong {
			have = append(have, nameOf(r.tree, c))
		}
	}
	return expected(r.shapes.after(r.tree, i, have))
}

// expected words a list of names.
func expected(names []string) string {
	const most = 12
	switch n := len(names); {
	case n == 0:
		return ""
	case n == 1:
		return ": " + names[0] + " is expected"
	case n > most:
		return fmt.Sprintf(": %s or one of %d others is expected", strings.Join(names[:most], ", "), n-most)
	default:
		return ": " + strings.Join(names[:n-1], ", ") + " or " + names[n-1] + " is expected"
	}
}
