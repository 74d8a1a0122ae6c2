package secdns

import "github.com/eppkit/eppkit/epp"

// Update changes the DS data or keys of a domain: a server removes first and adds
// then, so that both together replace (RFC 5910, section 5.2.5). Its schema lets all
// three parts be absent; the text does not.
type Update struct {
	// Urgent asks for high priority: nil is false, left unsaid.
	Urgent *bool
	Rem    *Rem
	Add    *Add
	Chg    *Chg
}

// XMLName is secDNS:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Fields walks the content of <secDNS:update>.
func (m *Update) Fields(x *epp.Codec) {
	x.OptAttr("urgent", epp.Optional(&m.Urgent, epp.Bool))
	epp.Maybe(x, "rem", &m.Rem)
	epp.Maybe(x, "add", &m.Add)
	epp.Maybe(x, "chg", &m.Chg)
}

// Rem is what an [Update] removes, in one of three ways.
type Rem struct {
	// All removes everything when it is true. False, which the schema allows, does
	// nothing.
	All *bool
	// DSData are found by all four of their values.
	DSData []DSData
	// KeyData are found likewise. More than one DS record may go with a key.
	KeyData []KeyData
}

// Fields walks the content of <secDNS:rem>.
func (m *Rem) Fields(x *epp.Codec) {
	x.Opt("all", epp.Optional(&m.All, epp.Bool))
	data(x, &m.DSData, &m.KeyData)
	ways := 0
	for _, used := range []bool{m.All != nil, len(m.DSData) > 0, len(m.KeyData) > 0} {
		if used {
			ways++
		}
	}
	x.Check(ways == 1, "", "must hold one of all, dsData and keyData")
}

// Add is what an [Update] adds.
type Add struct {
	MaxSigLife int // in seconds; 0 is not stated
	DSData     []DSData
	KeyData    []KeyData
}

// Fields walks the content of <secDNS:add>.
func (m *Add) Fields(x *epp.Codec) { dsOrKey(x, &m.MaxSigLife, &m.DSData, &m.KeyData) }

// Chg is what an [Update] replaces.
type Chg struct {
	MaxSigLife int // in seconds; 0 leaves it as it is
}

// Fields walks the content of <secDNS:chg>.
func (m *Chg) Fields(x *epp.Codec) { maxSigLife(x, &m.MaxSigLife) }
