// Package enumval is CZ.NIC's extension enumval-1.2 of the FRED registry: ENUM domains,
// which stand for a telephone number (RFC 6116), must be validated from time to time,
// and may be published in a directory.
//
// [Create], [Renew], [Update] and [InfData] extend the elements of package fred/domain
// that are called as they are. [ImpendingValExpData] and [ValExpData] come as messages
// of the queue.
package enumval

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// NS is the namespace of the extension.
const NS = "http://www.nic.cz/xml/epp/enumval-1.2"

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "FRED EPP schema 2.4.7, enumval-1.2.0",
		Elements: []func() epp.Element{
			epp.Make[Create],
			epp.Make[ImpendingValExpData], epp.Make[ValExpData],
			epp.Make[InfData],
			epp.Make[Renew],
			epp.Make[Update],
		},
	}
}

// validation is what most of the elements hold (exValType).
func validation(x *epp.Codec, valExDate *time.Time, publish **bool) {
	x.Opt("valExDate", epp.Date(valExDate))
	x.OptGroup("publish", *publish != nil, func() {
		if *publish == nil { // it is being read
			var text string
			if x.Text(epp.Token(&text)); text == "" {
				*publish = new(bool) // the default of the schema
				return
			}
		}
		x.Text(epp.Optional(publish, epp.Bool))
	})
}
