package office

import (
	"regexp"

	"github.com/eppkit/eppkit/epp"
)

// Create extends the create of a domain by the office that it is to belong to.
type Create struct {
	Code  string   // three capital letters
	Notes []string // for the office; at most three
}

// XMLName is office:create.
func (*Create) XMLName() epp.Name { return epp.Name{Space: NS, Local: "create"} }

// Fields walks the content of <office:create>.
func (m *Create) Fields(x *epp.Codec) { fields(x, &m.Code, &m.Notes) }

// InfData extends the answer to the info of a domain.
type InfData struct {
	Code  string
	Notes []string
}

// XMLName is office:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <office:infData>.
func (m *InfData) Fields(x *epp.Codec) { fields(x, &m.Code, &m.Notes) }

var codes = regexp.MustCompile(`^[A-Z]{3}$`)

// fields walks what both elements hold, in the order of the schema: the same lines read
// and write it. What Check says holds whoever writes, and a strict reader.
func fields(x *epp.Codec, code *string, notes *[]string) {
	x.Elem("code", epp.Token(code))
	x.Check(codes.MatchString(epp.Collapse(*code)), "code", "must be three capital letters")
	x.List("note", notes)
	x.Check(len(*notes) <= 3, "note", "may be there three times at most")
}
