package epp

import (
	"fmt"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// A Response answers a command (RFC 5730, section 2.6).
type Response struct {
	Results   []Result // at least one
	MsgQ      *MsgQ
	ResData   []Element
	Extension []Element
	TrID      TrID

	Extra []Extra

	// Unread says which value beside the results and the data could not be
	// read, such as the qDate of MsgQ; its field is left zero. It is a
	// *FieldError, and set by tolerant decoding alone. An element of ResData or
	// Extension that could not be read is a *Raw with an Err of its own.
	Unread error
	// Frame is the document that the response was decoded from.
	Frame string `json:"-"`

	original *original
	set      *Schema // that says what is secret in the words of a refusal, if it has any
}

// XMLName is epp:response.
func (*Response) XMLName() Name { return Name{NS, "response"} }

// Fields walks the content of <response>.
func (m *Response) Fields(x *Codec) {
	Each(x, "result", &m.Results)
	if len(m.Results) == 0 {
		x.fail("result", ErrMissing)
	}
	Maybe(x, "msgQ", &m.MsgQ)
	if x.decoding {
		m.Unread = x.unread
	}
	x.container("resData", &m.ResData)
	x.extension(&m.Extension)
	One(x, "trID", &m.TrID)
}

// Format writes the code and the identifiers, whatever the verb. It leaves out the
// data and the frame, which may hold a secret.
func (m Response) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "epp.Response(%04d clTRID %s, svTRID %s)", uint16(m.Code()), m.TrID.ClTRID, m.TrID.SvTRID)
}

// Code is the code of the first result, or 0 when there is none.
func (m *Response) Code() Code { return firstCode(m.Results) }

func firstCode(results []Result) Code {
	if len(results) == 0 {
		return 0
	}
	return results[0].Code
}

// Err returns nil when the command succeeded, and a *ResultError otherwise. A
// response that has a failure among its results, which the standard forbids
// beside a success, has failed.
func (m *Response) Err() error {
	var failed []Result
	for _, r := range m.Results {
		if !r.Code.OK() {
			failed = append(failed, r)
		}
	}
	if len(failed) == 0 && len(m.Results) > 0 {
		return nil
	}
	return &ResultError{Results: failed, TrID: m.TrID, Response: m}
}

// A Result is the outcome of a command.
type Result struct {
	Code   Code
	Msg    Text
	Values []ErrValue
}

// Fields walks the content of <result>.
func (m *Result) Fields(x *Codec) {
	x.Attr("code", (*codeValue)(&m.Code))
	x.checkWritten(m.Code.Known(), "@code", "is not a code of RFC 5730")
	One(x, "msg", &m.Msg)
	if !x.decoding {
		for i := range m.Values {
			m.Values[i].fields(x)
		}
		return
	}
	for {
		x.skipTo("value", "extValue")
		var v ErrValue
		switch {
		case x.Has("value"):
		case x.Has("extValue"):
			v.Reason = new(Text)
		default:
			return
		}
		v.fields(x)
		m.Values = append(m.Values, v)
	}
}

// An ErrValue is an element of the command that an error is about, with the
// reason where the server gives one (<extValue>) and without (<value>).
type ErrValue struct {
	Value  Mixed
	Reason *Text
}

func (m *ErrValue) fields(x *Codec) {
	if m.Reason == nil {
		m.value(x)
		return
	}
	x.Group("extValue", func() {
		m.value(x)
		One(x, "reason", m.Reason)
	})
}

// value walks <value>, which may have any attributes and has one element.
func (m *ErrValue) value(x *Codec) {
	x.Group("value", func() {
		m.Value.Fields(x)
		x.Check(len(m.Value.Elements) == 1, "", "must hold one element")
		if x.decoding {
			x.ignoreAttrs()
		}
	})
}

// Text is words for people, in a language.
type Text struct {
	Lang string // "" is English
	Text string
}

// Fields walks the attribute and the text.
func (m *Text) Fields(x *Codec) {
	x.Lang(&m.Lang)
	x.Text(String(&m.Text))
}

// Mixed is content in which text and elements may alternate.
type Mixed struct {
	Text     string // all character data, joined
	Elements []Element

	// between holds the markup before, between and after the elements, as
	// long as Text is what it was in them, so that order is kept.
	between []string
	was     string
}

// Fields walks the text and the elements.
func (m *Mixed) Fields(x *Codec) {
	switch {
	case x.err != nil:
	case x.decoding:
		x.Text(Exact(&m.Text))
		strict := x.strict
		x.strict = false // the schema says skip: only well-formedness counts inside
		x.AnyList(&m.Elements)
		x.strict = strict
		if len(m.Elements) > 0 && !xmltree.IsSpace(m.Text) {
			m.between, m.was = x.tree.Between(x.el), m.Text
		}
	case len(m.between) == len(m.Elements)+1 && m.Text == m.was:
		x.closeTag()
		for i, e := range m.Elements {
			x.out = append(x.out, m.between[i]...)
			x.write(e)
		}
		x.out = append(x.out, m.between[len(m.Elements)]...)
	default:
		if m.Text != "" {
			x.Text(Exact(&m.Text))
		}
		x.AnyList(&m.Elements)
	}
}

// TrID names the exchange at both sides.
type TrID struct {
	ClTRID string // as the client sent it, or ""
	SvTRID string
}

// Fields walks the two identifiers, which are EPP's own wherever they stand.
func (m *TrID) Fields(x *Codec) {
	x.In(NS, func() {
		OptTRID(x, "clTRID", &m.ClTRID)
		TRID(x, "svTRID", &m.SvTRID)
	})
}

type codeValue Code

func (v *codeValue) absent() bool { return *v == 0 }
func (v *codeValue) append(dst []byte, _ bool) ([]byte, error) {
	if *v < 1000 || *v > 9999 {
		return dst, &RuleError{Reason: "a result code has four digits"}
	}
	n := integer(*v)
	return n.append(dst, true)
}

func (v *codeValue) parse(s string) error {
	var n integer
	if n.parse(s) != nil || n < 1000 || n > 9999 {
		return &ValueError{Type: "a result code", Text: s}
	}
	*v = codeValue(n)
	return nil
}
