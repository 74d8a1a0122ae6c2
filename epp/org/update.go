package org

import "github.com/eppkit/eppkit/epp"

// Update changes an organization (RFC 8543, section 4.2.5). At least one of Add, Rem
// and Chg must be there, unless the command is extended.
type Update struct {
	ID       string
	Add, Rem *AddRem
	Chg      *Chg
}

// XMLName is org:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Answer says that an update is answered by its result alone.
func (*Update) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <org:update>.
func (m *Update) Fields(x *epp.Codec) {
	epp.ClID(x, "id", &m.ID)
	epp.Maybe(x, "add", &m.Add)
	epp.Maybe(x, "rem", &m.Rem)
	epp.Maybe(x, "chg", &m.Chg)
}

// AddRem is what an [Update] adds or removes.
type AddRem struct {
	Contacts []Contact
	Roles    []Role
	Status   []string // at most nine
}

// Fields walks the content of <org:add> and <org:rem>.
func (m *AddRem) Fields(x *epp.Codec) {
	epp.Each(x, "contact", &m.Contacts)
	epp.Each(x, "role", &m.Roles)
	status(x, &m.Status, 9)
}

// Chg is what an [Update] replaces. What is absent is left as it is.
type Chg struct {
	ParentID   string
	PostalInfo []ChgPostalInfo
	Voice, Fax *Phone
	Email      string
	URL        *string
}

// Fields walks the content of <org:chg>.
func (m *Chg) Fields(x *epp.Codec) {
	epp.OptClID(x, "parentId", &m.ParentID)
	epp.Each(x, "postalInfo", &m.PostalInfo)
	x.AtMost(len(m.PostalInfo), 2, "postalInfo")
	reach(x, &m.Voice, &m.Fax, &m.Email, &m.URL)
}

// ChgPostalInfo is new postal information in one form.
type ChgPostalInfo struct {
	Type string // Int or Loc
	Name string // "" leaves it as it is
	Addr *Addr  // nil leaves it as it is
}

// Fields walks the content of <org:postalInfo> in <org:chg>.
func (m *ChgPostalInfo) Fields(x *epp.Codec) {
	epp.PostalForm(x, &m.Type)
	if x.Opt("name", epp.String(&m.Name)) {
		x.StringLength("name", m.Name, 1, 255)
	}
	epp.Maybe(x, "addr", &m.Addr)
}
