package e164

import (
	"math"

	"github.com/eppkit/eppkit/epp"
)

// Naptr is a NAPTR record (RFC 4114, section 2.2; RFC 3403). Where Flags, Regex or Repl
// is "", it is absent.
type Naptr struct {
	Order int // 0 to 65535; the lowest comes first
	Pref  int // 0 to 65535; among those of one Order the lowest comes first
	Flags string
	Svc   string // as in E2U+sip
	Regex string // the rule that makes a URI of the number
	Repl  string // the next name to ask for, when there is no Regex
}

// XMLName is e164:naptr.
func (*Naptr) XMLName() epp.Name { return epp.Name{Space: NS, Local: "naptr"} }

// Fields walks the content of <e164:naptr>.
func (m *Naptr) Fields(x *epp.Codec) {
	x.Ranged("order", &m.Order, 0, math.MaxUint16)
	x.Ranged("pref", &m.Pref, 0, math.MaxUint16)
	if x.Opt("flags", epp.Token(&m.Flags)) {
		x.Check(isFlag(epp.Collapse(m.Flags)), "flags", "must be one letter or digit")
	}
	x.Elem("svc", epp.Token(&m.Svc))
	x.NotBlank("svc", m.Svc)
	if x.Opt("regex", epp.Token(&m.Regex)) {
		x.NotBlank("regex", m.Regex)
	}
	x.OptSized("repl", &m.Repl, 1, 255)
}

func isFlag(s string) bool {
	return len(s) == 1 && (s[0] >= 'A' && s[0] <= 'Z' || s[0] >= 'a' && s[0] <= 'z' || s[0] >= '0' && s[0] <= '9')
}

// naptr is a child that occurs at least once and is a record.
func naptr(x *epp.Codec, v *[]Naptr) {
	epp.Each(x, "naptr", v)
	x.NotEmpty(len(*v), "naptr")
}

// InfData is the records of a domain, in the answer to an info (RFC 4114, section
// 3.1.2).
type InfData struct{ Naptr []Naptr }

// XMLName is e164:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <e164:infData>.
func (m *InfData) Fields(x *epp.Codec) { naptr(x, &m.Naptr) }

// Create gives records to the domain of a create (RFC 4114, section 3.2.1).
type Create struct{ Naptr []Naptr }

// XMLName is e164:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Fields walks the content of <e164:create>.
func (m *Create) Fields(x *epp.Codec) { naptr(x, &m.Naptr) }

// Update changes the records of the domain of an update (RFC 4114, section 3.2.5).
type Update struct{ Add, Rem *AddRem }

// XMLName is e164:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Fields walks the content of <e164:update>.
func (m *Update) Fields(x *epp.Codec) {
	epp.Maybe(x, "add", &m.Add)
	epp.Maybe(x, "rem", &m.Rem)
}

// AddRem is the records that an [Update] adds or removes.
type AddRem struct{ Naptr []Naptr }

// Fields walks the content of <e164:add> and <e164:rem>.
func (m *AddRem) Fields(x *epp.Codec) { naptr(x, &m.Naptr) }
