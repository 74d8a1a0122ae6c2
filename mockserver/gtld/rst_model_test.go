package gtld_test

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
)

// An rstModel is a kind of registry, in the words of ICANN's input parameters.
type rstModel struct {
	name    string
	hosts   string // epp.hostModel: objects or attributes
	data    string // general.registryDataModel: maximum, minimum or per-registrar
	keyData bool   // epp.secDNSInterfaces
	secure  bool   // RFC 9154
	wide    bool   // dns.gluePolicy: anybody may make hosts without addresses anywhere
}

const (
	rstMaximum      = "maximum"
	rstMinimum      = "minimum"
	rstPerRegistrar = "per-registrar"
)

var rstModels = []rstModel{
	{name: "thick objects", hosts: gtld.HostObjects, data: rstMaximum},
	{name: "thick attributes", hosts: gtld.HostAttributes, data: rstMaximum, secure: true},
	{name: "thin objects", hosts: gtld.HostObjects, data: rstMinimum, secure: true},
	{name: "thin attributes", hosts: gtld.HostAttributes, data: rstMinimum, keyData: true},
	{name: "both", hosts: gtld.HostObjects, data: rstPerRegistrar, secure: true, wide: true},
}

// The registrars: the two that test, and one that has objects already. Of a registry that
// is thin for some, the first tester is one of those.
const (
	rstOne   = "rst-one"
	rstTwo   = "rst-two"
	rstOther = "rst-other"
	rstPW    = "Kota-and-9"
)

var rstTLDs = []string{"example", "test"}

// arrange makes the registry what the model says.
func (m rstModel) arrange(p *plan) {
	model, face, holders := "model: "+gtld.ThickModel+", required: [admin]", "ds", "registrant: old-1, contacts: [{type: admin, id: old-2}], "
	switch m.data {
	case rstMinimum:
		model, holders = "model: "+gtld.ThinModel, ""
	case rstPerRegistrar:
		model += ", models: {" + rstOne + ": " + gtld.ThinModel + "}"
	}
	if m.keyData {
		face = "key"
	}
	tlds, domains, hosts := "", "", ""
	for _, tld := range rstTLDs {
		tlds += fmt.Sprintf("  - {name: %s, contacts: {%s}, dnssec: {interface: %s}}\n", tld, model, face)
		domains += fmt.Sprintf("  - {name: fjord.%s, clID: %s, crDate: 2024-05-02T08:00:00Z, exDate: 2030-05-02T08:00:00Z, %sauthInfo: fjord-Secret7}\n", tld, rstOther, holders)
		hosts += fmt.Sprintf("  - {name: ns1.fjord.%s, clID: %s, crDate: 2024-05-03T08:00:00Z, addrs: [192.0.2.71]}\n", tld, rstOther)
	}
	f, err := gtld.ParseFixtures("rst.yaml", []byte(`
registrars:
  - {clID: `+rstOne+`, password: `+rstPW+`}
  - {clID: `+rstTwo+`, password: `+rstPW+`}
  - {clID: `+rstOther+`, password: `+rstPW+`}
contacts:
  - {id: old-1, clID: rst-other, crDate: 2024-05-01T08:00:00Z, postal: [{type: int, name: Aada Salo, city: Turku, cc: FI}], email: aada@salo.example}
  - {id: old-2, clID: rst-other, crDate: 2024-05-01T09:00:00Z, postal: [{type: int, name: Eero Salo, city: Turku, cc: FI}], email: eero@salo.example}
tlds:
`+tlds+"domains:\n"+domains+"hosts:\n"+hosts))
	require.NoError(p, err)
	p.fixtures = f
	p.registry.HostModel, p.registry.SecureAuthInfo = m.hosts, m.secure
	if m.wide {
		wide(false)(p)
	}
}

// thick reports whether the domains of a registrar have contacts.
func (m rstModel) thick(clID string) bool {
	return m.data == rstMaximum || m.data == rstPerRegistrar && clID != rstOne
}

// withoutContacts and withoutHosts skip the models that have no such objects.
func withoutContacts(m rstModel) string {
	if m.data == rstMinimum {
		return "there are no contacts"
	}
	return ""
}

func withoutHosts(m rstModel) string {
	if m.hosts == gtld.HostAttributes {
		return "there are no host objects"
	}
	return ""
}
