package contact

import "github.com/eppkit/eppkit/epp"

// Update changes a contact (RFC 5733, section 3.2.5). At least one of Add, Rem and Chg
// must be there, unless the command is extended.
type Update struct {
	ID       string
	Add, Rem *AddRem
	Chg      *Chg
}

// XMLName is contact:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Answer says that an update is answered by its result alone.
func (*Update) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <contact:update>.
func (m *Update) Fields(x *epp.Codec) {
	epp.ClID(x, "id", &m.ID)
	epp.Maybe(x, "add", &m.Add)
	epp.Maybe(x, "rem", &m.Rem)
	epp.Maybe(x, "chg", &m.Chg)
}

// AddRem is what an [Update] adds or removes.
type AddRem struct {
	// Status is one to seven of those that begin with client. To remove one its
	// text does not matter.
	Status []epp.Status
}

// Fields walks the content of <contact:add> and <contact:rem>.
func (m *AddRem) Fields(x *epp.Codec) { status(x, &m.Status) }

// Chg is what an [Update] replaces. What is absent stays as it is; what is there and
// empty, where that is allowed, takes the place of what was.
type Chg struct {
	PostalInfo []ChgPostalInfo // at most two: the forms int and loc
	Voice, Fax *Phone
	Email      string // "" leaves it as it is
	AuthInfo   *epp.AuthInfo
	Disclose   *Disclose
}

// Fields walks the content of <contact:chg>.
func (m *Chg) Fields(x *epp.Codec) {
	epp.Each(x, "postalInfo", &m.PostalInfo)
	x.AtMost(len(m.PostalInfo), 2, "postalInfo")
	epp.Maybe(x, "voice", &m.Voice)
	epp.Maybe(x, "fax", &m.Fax)
	if x.Opt("email", epp.Token(&m.Email)) {
		x.NotBlank("email", m.Email)
	}
	epp.Maybe(x, "authInfo", &m.AuthInfo)
	epp.Maybe(x, "disclose", &m.Disclose)
}

// ChgPostalInfo is a [PostalInfo] of which only what changes is there.
type ChgPostalInfo struct {
	Type string // Int or Loc
	Name string // "" leaves it as it is
	Org  *string
	Addr *Addr // the whole address
}

// Fields walks the content of <contact:postalInfo> in <contact:chg>.
func (m *ChgPostalInfo) Fields(x *epp.Codec) {
	epp.PostalForm(x, &m.Type)
	if x.Opt("name", epp.String(&m.Name)) {
		x.StringLength("name", m.Name, 1, 255)
	}
	epp.OptPostalLine(x, "org", &m.Org)
	epp.Maybe(x, "addr", &m.Addr)
}
