package epp

import "time"

// A Greeting is what a server says first, and in answer to a hello (RFC 5730,
// section 2.4).
type Greeting struct {
	SvID   string // 3 to 64 characters
	SvDate time.Time
	// Version, Lang, ObjURI and ExtURI are the menu of services.
	Version, Lang  []string
	ObjURI, ExtURI []string
	DCP            DCP
	Extra          []Extra

	original *original

	// Unread says which date could not be read; its field is left zero. It is a
	// *FieldError, and set by tolerant decoding alone.
	Unread error
}

// XMLName is epp:greeting.
func (*Greeting) XMLName() Name { return Name{NS, "greeting"} }

// Fields walks the content of <greeting>.
func (m *Greeting) Fields(x *Codec) {
	x.Elem("svID", String(&m.SvID))
	x.StringLength("svID", m.SvID, 3, 64)
	x.lenient(func() { x.Elem("svDate", DateTime(&m.SvDate)) })
	x.Group("svcMenu", func() {
		x.List("version", &m.Version)
		x.NotEmpty(len(m.Version), "version")
		x.List("lang", &m.Lang)
		x.NotEmpty(len(m.Lang), "lang")
		x.List("objURI", &m.ObjURI)
		x.NotEmpty(len(m.ObjURI), "objURI")
		x.extURI("svcExtension", &m.ExtURI)
	})
	One(x, "dcp", &m.DCP)
	if x.decoding {
		m.Unread = x.unread
	}
}

// DCP is the server's data collection policy.
type DCP struct {
	// Access is all, none, null, other, personal or personalAndOther.
	Access     string
	Statements []Statement // at least one
	Expiry     *Expiry
}

// Fields walks the content of <dcp>.
func (m *DCP) Fields(x *Codec) {
	x.Group("access", func() {
		x.OneOf(&m.Access, "all", "none", "null", "other", "personal", "personalAndOther")
	})
	Each(x, "statement", &m.Statements)
	x.NotEmpty(len(m.Statements), "statement")
	Maybe(x, "expiry", &m.Expiry)
}

// A Statement says for what, for whom and for how long data is collected.
type Statement struct {
	Purpose   Purpose
	Recipient Recipient
	// Retention is business, indefinite, legal, none or stated.
	Retention string
}

// Fields walks the content of <statement>.
func (m *Statement) Fields(x *Codec) {
	One(x, "purpose", &m.Purpose)
	One(x, "recipient", &m.Recipient)
	x.Group("retention", func() {
		x.OneOf(&m.Retention, "business", "indefinite", "legal", "none", "stated")
	})
}

// Purpose is why data is collected.
type Purpose struct{ Admin, Contact, Other, Prov bool }

// Fields walks the content of <purpose>.
func (m *Purpose) Fields(x *Codec) {
	x.Flag("admin", &m.Admin)
	x.Flag("contact", &m.Contact)
	x.Flag("other", &m.Other)
	x.Flag("prov", &m.Prov)
}

// Recipient is who gets the data. Each of Ours describes one recipient, and may
// be without words.
type Recipient struct {
	Other                   bool
	Ours                    []Ours
	Public, Same, Unrelated bool
}

// Fields walks the content of <recipient>.
func (m *Recipient) Fields(x *Codec) {
	x.Flag("other", &m.Other)
	Each(x, "ours", &m.Ours)
	x.Flag("public", &m.Public)
	x.Flag("same", &m.Same)
	x.Flag("unrelated", &m.Unrelated)
}

// Ours is the server's operator or somebody acting for it.
type Ours struct{ RecDesc string }

// Fields walks the content of <ours>.
func (m *Ours) Fields(x *Codec) {
	x.OptSized("recDesc", &m.RecDesc, 1, 255)
}

// Expiry is until when the policy holds: one of a time and an xs:duration.
type Expiry struct {
	Absolute time.Time
	Relative string
}

// Fields walks the content of <expiry>.
func (m *Expiry) Fields(x *Codec) {
	x.lenient(func() { x.Opt("absolute", DateTime(&m.Absolute)) })
	x.Opt("relative", Token(&m.Relative))
	x.Check(m.Absolute.IsZero() != (m.Relative == ""), "", "must hold one of absolute and relative")
}
