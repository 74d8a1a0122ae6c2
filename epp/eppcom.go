package epp

import (
	"fmt"
	"io"
	"slices"
)

// Types that RFC 5730 shares among the objects (its eppcom schema). Their
// elements are in the namespace of the object that uses them.

// Label is a child that must be there and names a domain or a host: 1 to 255
// characters (labelType).
func Label(x *Codec, local string, v *string) { x.Sized(local, v, 1, 255) }

// Labels is [Label] for a child that may occur any number of times.
func Labels(x *Codec, local string, v *[]string) { x.SizedList(local, v, 1, 255) }

// ClID is a child that must be there and names a client or a contact: 3 to 16
// characters (clIDType).
func ClID(x *Codec, local string, v *string) { x.Sized(local, v, 3, 16) }

// OptClID is [ClID] for a child that may be absent.
func OptClID(x *Codec, local string, v *string) { x.OptSized(local, v, 3, 16) }

// ClIDs is [ClID] for a child that may occur any number of times.
func ClIDs(x *Codec, local string, v *[]string) { x.SizedList(local, v, 3, 16) }

// TRID is a child that must be there and identifies a transaction at one side: 3 to 64
// characters (trIDStringType).
func TRID(x *Codec, local string, v *string) { x.Sized(local, v, 3, 64) }

// OptTRID is [TRID] for a child that may be absent.
func OptTRID(x *Codec, local string, v *string) { x.OptSized(local, v, 3, 64) }

// ROID is the child <roid>, which must be there: the identifier that a repository gave
// an object (RFC 5730, section 2.8).
func ROID(x *Codec, v *string) {
	x.Elem("roid", Token(v))
	CheckROID(x, "roid", *v)
}

// Lang walks the attribute lang, which names the language of the current element's
// text; "" is for one that is absent, and means English.
func (x *Codec) Lang(v *string) {
	if x.OptAttr("lang", Token(v)) {
		x.Check(isLanguage(Collapse(*v)), "@lang", "is not a language tag")
	}
}

// Verdict is a child that names an object and says yes or no of it in an attribute: in
// the answer to a check whether it is available, in a queued message whether what was
// pending was done (RFC 5731, sections 3.1.1 and 3.3).
func Verdict(x *Codec, local string, v *string, attr string, yes *bool) {
	x.Group(local, func() {
		x.Attr(attr, Bool(yes))
		x.Text(Token(v))
	})
}

// AuthInfo is the authorization information of an object: a password, or an
// extension's element in its place.
type AuthInfo struct {
	PW Secret
	// ROID names the contact whose authInfo it is, when it is not the
	// object's own.
	ROID string
	Ext  Element
}

// Format leaves out the secret, as Login's does.
func (m AuthInfo) Format(f fmt.State, _ rune) { io.WriteString(f, "epp.AuthInfo("+Redacted+")") }

// Fields walks the content of <authInfo>.
func (m *AuthInfo) Fields(x *Codec) {
	x.Check(m.Ext == nil || m.PW == "" && m.ROID == "", "", "must hold a pw or an ext, and not both")
	ext := x.OptGroup("ext", m.Ext != nil, func() { x.Any(&m.Ext) })
	if !ext {
		x.Group("pw", func() {
			if x.OptAttr("roid", Token(&m.ROID)) {
				CheckROID(x, "@roid", m.ROID)
			}
			x.Text(SecretString(&m.PW))
		})
	}
}

// Status is one status of an object, which may be explained in words.
type Status struct {
	S    string // as in ok or clientHold
	Lang string // "" is English
	Text string
}

// Fields walks the content of <status>.
func (m *Status) Fields(x *Codec) {
	x.Attr("s", Token(&m.S))
	x.Lang(&m.Lang)
	x.Text(String(&m.Text))
}

// Statuses is a child <status> that may occur a number of times and is one of those
// that the mapping has.
func Statuses(x *Codec, v *[]Status, most int, known []string) {
	Each(x, "status", v)
	x.AtMost(len(*v), most, "status")
	if !x.checking() {
		return
	}
	for i := range *v {
		x.Check(slices.Contains(known, Collapse((*v)[i].S)), "status", "is not one that the mapping has")
	}
}

// Reason says why an object can't be had.
type Reason struct {
	Lang string // "" is English
	Text string // 1 to 32 characters
}

// Fields walks the content of <reason>.
func (m *Reason) Fields(x *Codec) {
	x.Lang(&m.Lang)
	x.Text(Token(&m.Text))
	x.Length("", m.Text, 1, 32)
}

// The units of a [Period].
const (
	Years  = "y"
	Months = "m"
)

// Period is how long an object is registered for, or is to be (RFC 5731, section 2.5).
type Period struct {
	N    int    // 1 to 99
	Unit string // Years or Months
}

// Fields walks the attribute and the number.
func (m *Period) Fields(x *Codec) {
	x.Attr("unit", Token(&m.Unit))
	x.Check(m.Unit == Years || m.Unit == Months, "@unit", "must be y or m")
	x.Text(Int(&m.N))
	x.Range("", m.N, 1, 99)
}

// The states of a transfer (RFC 5730, section 4.2).
const (
	TrPending         = "pending"
	TrClientApproved  = "clientApproved"
	TrClientCancelled = "clientCancelled"
	TrClientRejected  = "clientRejected"
	TrServerApproved  = "serverApproved"
	TrServerCancelled = "serverCancelled"
)

var trStatuses = []string{
	TrPending, TrClientApproved, TrClientCancelled, TrClientRejected, TrServerApproved, TrServerCancelled,
}

// TrStatus is the child <trStatus>, which must be there: one of the states of a transfer
// (trStatusType).
func TrStatus(x *Codec, v *string) {
	x.Elem("trStatus", Token(v))
	if x.checking() {
		x.Check(slices.Contains(trStatuses, Collapse(*v)), "trStatus", "is not a state of a transfer")
	}
}
