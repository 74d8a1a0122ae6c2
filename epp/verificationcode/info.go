package verificationcode

import (
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Info asks in an info for what is known of the object's verification.
type Info struct {
	Profile string // "" is for those that the registry has for the client
	Text    string // the schema allows it, without a meaning
}

// XMLName is verificationCode:info.
func (*Info) XMLName() epp.Name { return epp.Name{Space: NS, Local: "info"} }

// Fields walks the attribute and the text.
func (m *Info) Fields(x *epp.Codec) {
	x.OptAttr("profile", epp.Token(&m.Profile))
	x.Text(epp.Token(&m.Text))
}

// Whether an object has the verification codes that it has to have.
const (
	NotApplicable     = "notApplicable"     // none is asked for
	NonCompliant      = "nonCompliant"      // one is missing, and late
	PendingCompliance = "pendingCompliance" // one is missing, and not late yet
	Compliant         = "compliant"
)

// InfData is what is known of the object's verification.
type InfData struct {
	Status   string // one of the constants
	Profiles []Profile
}

// XMLName is verificationCode:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <verificationCode:infData>.
func (m *InfData) Fields(x *epp.Codec) {
	status(x, &m.Status)
	epp.Each(x, "profile", &m.Profiles)
}

var statuses = []string{NotApplicable, NonCompliant, PendingCompliance, Compliant}

func status(x *epp.Codec, v *string) {
	x.Elem("status", epp.Token(v))
	x.Check(slices.Contains(statuses, epp.Collapse(*v)), "status", "is not one that the draft has")
}

// Profile is a set of codes that an object has to have, and which of them it has.
type Profile struct {
	Name    string
	Status  string // one of the constants
	Missing []MissingCode
	Set     []SetCode
}

// Fields walks the attribute and the content of <verificationCode:profile>.
func (m *Profile) Fields(x *epp.Codec) {
	x.OptAttr("name", epp.Token(&m.Name))
	status(x, &m.Status)
	x.OptGroup("missing", len(m.Missing) > 0, func() {
		epp.Each(x, "code", &m.Missing)
		x.NotEmpty(len(m.Missing), "code")
	})
	x.OptGroup("set", len(m.Set) > 0, func() {
		epp.Each(x, "code", &m.Set)
		x.NotEmpty(len(m.Set), "code")
	})
}

// MissingCode is a code that an object does not have.
type MissingCode struct {
	Type string
	Due  time.Time // when it has to be there
	Text string
}

// Fields walks the attributes and the text.
func (m *MissingCode) Fields(x *epp.Codec) {
	x.Attr("type", epp.Token(&m.Type))
	x.Attr("due", epp.DateTime(&m.Due))
	x.Text(epp.Token(&m.Text))
}

// SetCode is a code that an object has.
type SetCode struct {
	Type string
	Date time.Time // when it was set
	Code string    // "" when the client may not see it
}

// Fields walks the attributes and the text.
func (m *SetCode) Fields(x *epp.Codec) {
	x.Attr("type", epp.Token(&m.Type))
	x.Attr("date", epp.DateTime(&m.Date))
	x.Text(epp.Token(&m.Code))
}
