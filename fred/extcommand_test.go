package fred_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/auction"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/enumval"
	"github.com/eppkit/eppkit/fred/extraaddr"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../shared/reference/fred/xsd/all-2.4.7.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(fred.Extensions()...)
	require.NoError(t, err)
	return s
}

// frame is a frame with an extcommand.
func frame(content string) []byte {
	return []byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><extension><f:extcommand xmlns:f="` + fred.NS + `">` +
		content + `</f:extcommand></extension></epp>`)
}

const clTRID = `<f:clTRID>TABLE-1</f:clTRID>`

// commands are written as request, and read as that which stands inside it.
var commands = []struct {
	name, xml       string
	request, inside epp.Element
}{
	{
		"SendAuthInfoContact",
		`<f:sendAuthInfo><c:sendAuthInfo xmlns:c="` + contact.NS + `"><c:id>CID-ANNA</c:id></c:sendAuthInfo></f:sendAuthInfo>`,
		fred.SendAuthInfo(&contact.SendAuthInfo{ID: "CID-ANNA"}), &contact.SendAuthInfo{ID: "CID-ANNA"},
	},
	{
		"SendAuthInfoDomain",
		`<f:sendAuthInfo><d:sendAuthInfo xmlns:d="` + domain.NS + `"><d:name>sauna.cz</d:name></d:sendAuthInfo></f:sendAuthInfo>`,
		fred.SendAuthInfo(&domain.SendAuthInfo{Name: "sauna.cz"}), &domain.SendAuthInfo{Name: "sauna.cz"},
	},
	{
		"SendAuthInfoNsset",
		`<f:sendAuthInfo><n:sendAuthInfo xmlns:n="` + nsset.NS + `"><n:id>NSS-SAUNA</n:id></n:sendAuthInfo></f:sendAuthInfo>`,
		fred.SendAuthInfo(&nsset.SendAuthInfo{ID: "NSS-SAUNA"}), &nsset.SendAuthInfo{ID: "NSS-SAUNA"},
	},
	{
		"SendAuthInfoKeyset",
		`<f:sendAuthInfo><k:sendAuthInfo xmlns:k="` + keyset.NS + `"><k:id>KEY-SAUNA</k:id></k:sendAuthInfo></f:sendAuthInfo>`,
		fred.SendAuthInfo(&keyset.SendAuthInfo{ID: "KEY-SAUNA"}), &keyset.SendAuthInfo{ID: "KEY-SAUNA"},
	},
	{
		"TestNsset",
		`<f:test><n:test xmlns:n="` + nsset.NS + `"><n:id>NSS-SAUNA</n:id><n:level>0</n:level><n:name>sauna.cz</n:name></n:test></f:test>`,
		fred.Test(&nsset.Test{ID: "NSS-SAUNA", Level: new(0), Names: []string{"sauna.cz"}}),
		&nsset.Test{ID: "NSS-SAUNA", Level: new(0), Names: []string{"sauna.cz"}},
	},
	{
		"TestKeyset",
		`<f:test><k:test xmlns:k="` + keyset.NS + `"><k:id>KEY-SAUNA</k:id></k:test></f:test>`,
		fred.Test(&keyset.Test{ID: "KEY-SAUNA"}), &keyset.Test{ID: "KEY-SAUNA"},
	},
	{"CreditInfo", `<f:creditInfo/>`, &fred.CreditInfo{}, &fred.CreditInfo{}},
	{"ListContacts", `<f:listContacts/>`, &fred.ListContacts{}, &fred.ListContacts{}},
	{"ListDomains", `<f:listDomains/>`, &fred.ListDomains{}, &fred.ListDomains{}},
	{"ListNssets", `<f:listNssets/>`, &fred.ListNssets{}, &fred.ListNssets{}},
	{"ListKeysets", `<f:listKeysets/>`, &fred.ListKeysets{}, &fred.ListKeysets{}},
	{
		"DomainsByContact", `<f:domainsByContact><f:id>CID-ANNA</f:id></f:domainsByContact>`,
		&fred.DomainsByContact{ID: "CID-ANNA"}, &fred.DomainsByContact{ID: "CID-ANNA"},
	},
	{
		"DomainsByNsset", `<f:domainsByNsset><f:id>NSS-SAUNA</f:id></f:domainsByNsset>`,
		&fred.DomainsByNsset{ID: "NSS-SAUNA"}, &fred.DomainsByNsset{ID: "NSS-SAUNA"},
	},
	{
		"DomainsByKeyset", `<f:domainsByKeyset><f:id>KEY-SAUNA</f:id></f:domainsByKeyset>`,
		&fred.DomainsByKeyset{ID: "KEY-SAUNA"}, &fred.DomainsByKeyset{ID: "KEY-SAUNA"},
	},
	{
		"NssetsByContact", `<f:nssetsByContact><f:id>CID-OTTO</f:id></f:nssetsByContact>`,
		&fred.NssetsByContact{ID: "CID-OTTO"}, &fred.NssetsByContact{ID: "CID-OTTO"},
	},
	{
		"KeysetsByContact", `<f:keysetsByContact><f:id>CID-OTTO</f:id></f:keysetsByContact>`,
		&fred.KeysetsByContact{ID: "CID-OTTO"}, &fred.KeysetsByContact{ID: "CID-OTTO"},
	},
	{
		"NssetsByNs", `<f:nssetsByNs><f:name>ns.sauna.cz</f:name></f:nssetsByNs>`,
		&fred.NssetsByNs{Name: "ns.sauna.cz"}, &fred.NssetsByNs{Name: "ns.sauna.cz"},
	},
	{"GetResults", `<f:getResults/>`, &fred.GetResults{}, &fred.GetResults{}},
}

func TestCommands(t *testing.T) {
	var frames [][]byte
	for _, tt := range commands {
		for _, id := range []string{"TABLE-1", ""} {
			t.Run(tt.name+" "+id, func(t *testing.T) {
				in := frame(tt.xml + strings.Repeat(clTRID, min(1, len(id))))
				m, err := set(t).ParseStrict(in)
				require.NoError(t, err)
				got := m.(*epp.Command)
				require.Equal(t, tt.inside, got.Request)
				require.Equal(t, id, got.ClTRID)
				require.IsType(t, &fred.ExtCommand{}, got.Envelope)

				out, err := epp.Append(nil, got)
				require.NoError(t, err)
				epptest.SameInfoset(t, in, out)

				out, err = epp.Append(nil, &epp.Command{Request: tt.request, ClTRID: id})
				require.NoError(t, err)
				epptest.SameInfoset(t, in, out)
				frames = append(frames, out)
			})
		}
	}
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

// What FRED's schema does not have is read as a command that nobody handles, and is
// written as it came.
func TestUnknownCommands(t *testing.T) {
	const check = `<c:check xmlns:c="` + contact.NS + `"><c:id>CID-ANNA</c:id></c:check>`
	for _, tt := range []struct {
		name, xml string
		want      epp.Name
	}{
		{"a command without a type", `<f:hostsByNs><f:name>ns.sauna.cz</f:name></f:hostsByNs>`, epp.Name{Space: fred.NS, Local: "hostsByNs"}},
		{
			"an object without a type", `<f:sendAuthInfo><o:sendAuthInfo xmlns:o="urn:o"><o:pw>x</o:pw></o:sendAuthInfo></f:sendAuthInfo>`,
			epp.Name{Space: "urn:o", Local: "sendAuthInfo"},
		},
		{"another command of an object", `<f:sendAuthInfo>` + check + `</f:sendAuthInfo>`, epp.Name{Space: fred.NS, Local: "sendAuthInfo"}},
		{
			"an object's command in the element of another", `<f:test><n:sendAuthInfo xmlns:n="` + nsset.NS + `"><n:id>X</n:id></n:sendAuthInfo></f:test>`,
			epp.Name{Space: fred.NS, Local: "test"},
		},
		{"an object's command without sendAuthInfo", check, epp.Name{Space: fred.NS, Local: "extcommand"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := frame(tt.xml + clTRID)
			m, err := set(t).ParseStrict(in)
			require.NoError(t, err)
			got := m.(*epp.Command)
			require.Equal(t, tt.want, got.Request.XMLName())
			require.Equal(t, "TABLE-1", got.ClTRID)
			out, err := epp.Append(nil, got)
			require.NoError(t, err)
			epptest.SameInfoset(t, in, out)
		})
	}
}

// A tolerant reader gets something to refuse; neither a strict one nor a writer
// lets it pass.
func TestIncompleteCommands(t *testing.T) {
	for _, xml := range []string{"", "<f:sendAuthInfo/>", "<f:test/>"} {
		m, err := set(t).Parse(frame(xml))
		require.NoError(t, err)
		require.Equal(t, fred.NS, m.(*epp.Command).Request.XMLName().Space)
		m.(*epp.Command).ClTRID = "ABC-2" // as it came, it would be written again
		_, err = epp.Append(nil, m)
		require.ErrorIs(t, err, epp.ErrMissing)
		_, err = set(t).ParseStrict(frame(xml))
		require.ErrorIs(t, err, epp.ErrMissing)
	}
}

func TestClTRIDLength(t *testing.T) {
	for _, id := range []string{"AB", strings.Repeat("x", 65)} {
		_, err := set(t).ParseStrict(frame(`<f:creditInfo/><f:clTRID>` + id + `</f:clTRID>`))
		require.ErrorContains(t, err, "3 to 64 characters")
		_, err = epp.Append(nil, &epp.Command{Request: &fred.CreditInfo{}, ClTRID: id})
		require.ErrorContains(t, err, "3 to 64 characters")
	}
}

// The real server announces its objects, and not its protocol extension.
func TestAnnounced(t *testing.T) {
	require.Equal(t, []string{contact.NS, domain.NS, nsset.NS, keyset.NS}, set(t).ObjURI())
	require.Equal(t, []string{enumval.NS, extraaddr.NS, auction.NS}, set(t).ExtURI())
}

func TestAnswerOptional(t *testing.T) {
	type optional interface{ AnswerOptional() bool }
	for _, tt := range commands[:4] {
		require.True(t, tt.request.(optional).AnswerOptional(), tt.name)
		require.True(t, tt.inside.(optional).AnswerOptional(), tt.name)
	}
	_, ok := any(&fred.CreditInfo{}).(optional)
	require.False(t, ok)
}

// The wrapper keeps the type of the object's answer.
func TestAnswerType(t *testing.T) {
	var q epp.Request[*contact.SendAuthInfoData] = fred.SendAuthInfo(&contact.SendAuthInfo{ID: "CID-ANNA"})
	require.Equal(t, &contact.SendAuthInfoData{}, q.Answer())
	var test epp.Request[*epp.NoData] = fred.Test(&nsset.Test{ID: "NSS-SAUNA"})
	require.Equal(t, &epp.NoData{}, test.Answer())
}

// Every command that prepares a list is answered by how long it is.
var _ = []epp.Request[*fred.InfoResponse]{
	&fred.ListContacts{}, &fred.ListDomains{}, &fred.ListNssets{}, &fred.ListKeysets{},
	&fred.DomainsByContact{}, &fred.DomainsByNsset{}, &fred.DomainsByKeyset{},
	&fred.NssetsByContact{}, &fred.KeysetsByContact{}, &fred.NssetsByNs{},
}

var _ epp.Request[*fred.ResultsList] = (*fred.GetResults)(nil)

func FuzzCommands(f *testing.F) {
	for _, tt := range commands {
		f.Add(frame(tt.xml + clTRID))
	}
	s := set(f)
	f.Fuzz(func(t *testing.T, frame []byte) { epptest.Stable(t, s, frame) })
}

func ExampleDomainsByContact() {
	frame, err := epp.Append(nil, &epp.Command{Request: &fred.DomainsByContact{ID: "CID-ANNA"}, ClTRID: "EX-2"})
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.ReplaceAll(string(frame), "><", ">\n<"))
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <epp xmlns="urn:ietf:params:xml:ns:epp-1.0">
	// <extension>
	// <fred:extcommand xmlns:fred="http://www.nic.cz/xml/epp/fred-1.5">
	// <fred:domainsByContact>
	// <fred:id>CID-ANNA</fred:id>
	// </fred:domainsByContact>
	// <fred:clTRID>EX-2</fred:clTRID>
	// </fred:extcommand>
	// </extension>
	// </epp>
}

func ExampleSendAuthInfo() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: fred.SendAuthInfo(&contact.SendAuthInfo{ID: "CID-ANNA"}),
		ClTRID:  "EX-1",
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.ReplaceAll(string(frame), "><", ">\n<"))
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <epp xmlns="urn:ietf:params:xml:ns:epp-1.0">
	// <extension>
	// <fred:extcommand xmlns:fred="http://www.nic.cz/xml/epp/fred-1.5">
	// <fred:sendAuthInfo>
	// <contact:sendAuthInfo xmlns:contact="http://www.nic.cz/xml/epp/contact-1.6">
	// <contact:id>CID-ANNA</contact:id>
	// </contact:sendAuthInfo>
	// </fred:sendAuthInfo>
	// <fred:clTRID>EX-1</fred:clTRID>
	// </fred:extcommand>
	// </extension>
	// </epp>
}
