// Package fredcom is what CZ.NIC's mappings have in common: the types of their schema
// fredcom-1.2 and the shapes that they write again in each namespace. Its elements are
// in the namespace of the mapping that uses them.
package fredcom

import (
	"regexp"

	"github.com/eppkit/eppkit/epp"
)

// Handle is the child <id>, which must be there: 1 to 63 characters (objIDType).
func Handle(x *epp.Codec, v *string) { x.Sized("id", v, 1, 63) }

// Handles are children local, each a handle.
func Handles(x *epp.Codec, local string, v *[]string) { x.SizedList(local, v, 1, 63) }

var created = regexp.MustCompile(`^[a-zA-Z0-9](-?[a-zA-Z0-9])*$`)

// NewHandle is the child <id> of an object that is to be created: 1 to 30 letters and
// digits, between which single hyphens may stand (objIDCreateType).
func NewHandle(x *epp.Codec, v *string) {
	x.Sized("id", v, 1, 30)
	x.Check(created.MatchString(epp.Collapse(*v)), "id", "must be letters and digits, with single hyphens between them")
}

// AuthInfo is the child <authInfo>, which must be there: at most 300 characters, and
// maybe none (authInfoType).
func AuthInfo(x *epp.Codec, v *epp.Secret) {
	x.Elem("authInfo", epp.SecretString(v))
	x.StringLength("authInfo", string(*v), 0, 300)
}

// OptAuthInfo is [AuthInfo] for a child that may be absent.
func OptAuthInfo(x *epp.Codec, v **epp.Secret) {
	if x.Opt("authInfo", epp.Optional(v, epp.SecretString)) {
		x.StringLength("authInfo", string(**v), 0, 300)
	}
}

// Emails is the child <email>, which must be there and lists at least one address
// (emailCommaListType).
func Emails(x *epp.Codec, v *[]string) {
	x.Elem("email", epp.CommaList(v))
	x.NotEmpty(len(*v), "email")
	epp.CheckEmails(x, "email", *v)
}

// infData is the infData of a mapping.
type infData interface{ Fields(*epp.Codec) }

// UpdateData walks the content of <updateData>: the transaction that changed an object,
// and the object as it was and as it is.
func UpdateData(x *epp.Codec, opTRID *string, was, is infData) {
	epp.TRID(x, "opTRID", opTRID)
	state(x, "oldData", was)
	state(x, "newData", is)
}

// state is a child that holds <infData>. A tolerant Codec also reads what is inside one
// without the element around it.
func state(x *epp.Codec, local string, v infData) {
	walk := func() { v.Fields(x) }
	x.Group(local, func() {
		if !x.OptGroup("infData", true, walk) {
			x.NotEmpty(0, "infData")
			walk()
		}
	})
}
