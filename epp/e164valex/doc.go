// Package e164valex is the kind of validation information that RFC 5076 gives as its
// example: which method was used when, and by whom. It stands in the elements of package
// epp/e164val.
//
// Its one element, of urn:ietf:params:xml:ns:e164valex-1.1, is [SimpleVal].
package e164valex

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// NS is the namespace of the element.
const NS = "urn:ietf:params:xml:ns:e164valex-1.1"

// Extension is the element as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "RFC 5076",
		Elements: []func() epp.Element{epp.Make[SimpleVal]},
	}
}

// SimpleVal says how a number was validated.
type SimpleVal struct {
	MethodID           string // 1 to 63 characters
	ValidationEntityID string // who did it; may be ""
	RegistrarID        string // who asked for it; may be ""
	ExecutionDate      time.Time
	ExpirationDate     time.Time // may be zero
}

// XMLName is e164valex:simpleVal.
func (*SimpleVal) XMLName() epp.Name { return epp.Name{Space: NS, Local: "simpleVal"} }

// Fields walks the content of <e164valex:simpleVal>.
func (m *SimpleVal) Fields(x *epp.Codec) {
	x.Sized("methodID", &m.MethodID, 1, 63)
	epp.OptClID(x, "validationEntityID", &m.ValidationEntityID)
	epp.OptClID(x, "registrarID", &m.RegistrarID)
	x.Elem("executionDate", epp.Date(&m.ExecutionDate))
	x.Opt("expirationDate", epp.Date(&m.ExpirationDate))
}
