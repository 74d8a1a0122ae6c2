// Package namestore is the extension with which Verisign's registries tell their
// products apart, such as .com and .net behind one address: every command names one.
//
// Its types are the elements of http://www.verisign-grs.com/epp/namestoreExt-1.1 and
// are called as they are: namestoreExt:namestoreExt is [NamestoreExt].
package namestore

import (
	_ "embed"

	"github.com/eppkit/eppkit/epp"
)

// NS is the namespace of the extension.
const NS = "http://www.verisign-grs.com/epp/namestoreExt-1.1"

//go:embed namestoreExt-1.1.xsd
var xsd string

// Extension is the extension as a value for [epp.NewSchema].
func Extension() epp.Extension {
	return epp.Extension{
		URI:      NS,
		Level:    epp.CommandLevel,
		Document: "Verisign, NameStore Extension Mapping for EPP",
		Elements: []func() epp.Element{epp.Make[NamestoreExt], epp.Make[NsExtErrData]},
		XSD:      xsd,
	}
}
