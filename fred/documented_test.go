package fred_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/internal/epptest"
)

const (
	document = "../../shared/seeds/004_59bebd307d582b94.txt"
	corpus   = "../../shared/corpus"
)

// read returns a file that may be beside a checkout, and skips the test when it is
// not.
func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the documents of others are not beside this checkout:", path)
	}
	return b
}

// part returns the first document within a text that begins with start.
func part(t *testing.T, text, start string) []byte {
	t.Helper()
	from := strings.Index(text, start)
	require.GreaterOrEqual(t, from, 0)
	n := strings.Index(text[from:], "</epp>")
	require.Greater(t, n, 0)
	return []byte(text[from : from+n+len("</epp>")])
}

func TestDocumentedCommand(t *testing.T) {
	want := part(t, string(read(t, document)), "<?xml")
	got, err := epp.Append(nil, &epp.Command{
		Request: fred.SendAuthInfo(&contact.SendAuthInfo{ID: "CID-MYOWN"}),
		ClTRID:  "rhgo002#17-08-08at17:10:00",
	})
	require.NoError(t, err)
	epptest.SameInfoset(t, want, got)
	epptest.XMLLint(t, schema, [][]byte{got})
}

func TestDocumentedAnswer(t *testing.T) {
	text := string(read(t, document))
	in := part(t, text[strings.Index(text, "</epp>"):], "<?xml")
	m, err := set(t).ParseStrict(in)
	require.NoError(t, err)
	answer := m.(*epp.Response)
	require.Equal(t, epp.Success, answer.Code())
	require.Equal(t, "somecltrid", answer.TrID.ClTRID)
	require.Equal(t, []epp.Element{
		&contact.SendAuthInfoData{Email: []string{"a*****@b*****.*", "c*****@d*****.*"}},
	}, answer.ResData)
	out, err := epp.Append(nil, m)
	require.NoError(t, err)
	epptest.SameInfoset(t, in, out)
}

// The plain answer is what every other command without data gets, too.
func TestDocumentedPlainAnswer(t *testing.T) {
	m, err := set(t).ParseStrict(read(t, corpus+"/fred-docs/ProtocolBasics_Commands-03-response.xml"))
	require.NoError(t, err)
	answer := m.(*epp.Response)
	require.Equal(t, epp.Success, answer.Code())
	require.Empty(t, answer.ResData)
}

// The frames of a real client, and those of the documentation, are what these
// requests are written as. The clTRID is taken from the frame.
func TestDocumentedFrames(t *testing.T) {
	for _, tt := range []struct {
		file    string
		request epp.Element
	}{
		{"fred-commands/05-check_contact.xml", &contact.Check{IDs: []string{"CID-1", "CID-2"}}},
		{"fred-commands/06-check_domain.xml", &domain.Check{Names: []string{"example.cz", "nic.cz"}}},
		{"fred-commands/07-check_nsset.xml", &nsset.Check{IDs: []string{"NSSID-1"}}},
		{"fred-commands/08-check_keyset.xml", &keyset.Check{IDs: []string{"KEYID-1"}}},
		{"fred-commands/09-info_contact.xml", &contact.Info{ID: "CID-MYOWN"}},
		{"fred-commands/10-info_contact.xml", &contact.Info{ID: "CID-MYOWN", AuthInfo: new(epp.Secret("secret12"))}},
		{"fred-commands/11-info_domain.xml", &domain.Info{Name: "example.cz"}},
		{"fred-commands/12-info_domain.xml", &domain.Info{Name: "example.cz", AuthInfo: new(epp.Secret("secret12"))}},
		{"fred-commands/13-info_nsset.xml", &nsset.Info{ID: "NSSID-1", AuthInfo: new(epp.Secret("secret12"))}},
		{"fred-commands/14-info_keyset.xml", &keyset.Info{ID: "KEYID-1", AuthInfo: new(epp.Secret("secret12"))}},
		{"fred-commands/19-create_nsset.xml", &nsset.Create{
			ID:    "NSSID-2",
			NS:    []nsset.NameServer{{Name: "ns1.example.cz", Addrs: []string{"192.0.2.1", "2001:db8::1"}}, {Name: "ns2.example.net"}},
			Techs: []string{"CID-TECH"}, ReportLevel: new(4),
		}},
		{"fred-commands/20-create_keyset.xml", &keyset.Create{
			ID:      "KEYID-2",
			DNSKeys: []keyset.DNSKey{{Flags: 257, Protocol: 3, Alg: 5, PubKey: "AwEAAddt2AkLfYGKgiEZB5SmIF8EvrjxNMH6HtxWEA4RJ9Ao6LCWheg8"}},
			Techs:   []string{"CID-TECH"},
		}},
		{"fred-commands/24-update_nsset.xml", &nsset.Update{
			ID:  "NSSID-2",
			Add: &nsset.Add{NS: []nsset.NameServer{{Name: "ns3.example.cz", Addrs: []string{"192.0.2.3"}}}, Techs: []string{"CID-TECH2"}},
			Rem: &nsset.Rem{Names: []string{"ns2.example.net"}, Techs: []string{"CID-TECH"}},
			Chg: &nsset.Chg{ReportLevel: new(5)},
		}},
		{"fred-commands/25-update_keyset.xml", &keyset.Update{
			ID: "KEYID-2", Add: &keyset.AddRem{Techs: []string{"CID-TECH2"}}, Rem: &keyset.AddRem{Techs: []string{"CID-TECH"}},
		}},
		{"fred-commands/29-transfer_nsset.xml", &nsset.Transfer{Op: epp.TransferRequest, ID: "NSSID-1", AuthInfo: "secret12"}},
		{"fred-commands/30-transfer_keyset.xml", &keyset.Transfer{Op: epp.TransferRequest, ID: "KEYID-1", AuthInfo: "secret12"}},
		{"fred-commands/33-delete_nsset.xml", &nsset.Delete{ID: "NSSID-2"}},
		{"fred-commands/34-delete_keyset.xml", &keyset.Delete{ID: "KEYID-2"}},
		{"fred-commands/35-sendauthinfo_contact.xml", fred.SendAuthInfo(&contact.SendAuthInfo{ID: "CID-MYOWN"})},
		{"fred-commands/36-sendauthinfo_domain.xml", fred.SendAuthInfo(&domain.SendAuthInfo{Name: "example.cz"})},
		{"fred-commands/37-sendauthinfo_nsset.xml", fred.SendAuthInfo(&nsset.SendAuthInfo{ID: "NSSID-1"})},
		{"fred-commands/38-sendauthinfo_keyset.xml", fred.SendAuthInfo(&keyset.SendAuthInfo{ID: "KEYID-1"})},
		{"fred-commands/39-credit_info.xml", &fred.CreditInfo{}},
		{"fred-commands/40-technical_test.xml", fred.Test(&nsset.Test{ID: "NSSID-1", Level: new(4), Names: []string{"example.cz"}})},
		{"fred-commands/43-list_contacts.xml", &fred.ListContacts{}},
		{"fred-commands/44-prep_domains.xml", &fred.ListDomains{}},
		{"fred-commands/45-prep_contacts.xml", &fred.ListContacts{}},
		{"fred-commands/46-prep_nssets.xml", &fred.ListNssets{}},
		{"fred-commands/47-prep_keysets.xml", &fred.ListKeysets{}},
		{"fred-commands/48-prep_domains_by_contact.xml", &fred.DomainsByContact{ID: "CID-MYOWN"}},
		{"fred-commands/49-prep_domains_by_nsset.xml", &fred.DomainsByNsset{ID: "NSSID-1"}},
		{"fred-commands/50-prep_domains_by_keyset.xml", &fred.DomainsByKeyset{ID: "KEYID-1"}},
		{"fred-commands/51-prep_nssets_by_contact.xml", &fred.NssetsByContact{ID: "CID-TECH"}},
		{"fred-commands/52-prep_keysets_by_contact.xml", &fred.KeysetsByContact{ID: "CID-TECH"}},
		{"fred-commands/53-prep_nssets_by_ns.xml", &fred.NssetsByNs{Name: "ns1.example.cz"}},
		{"fred-commands/54-get_results.xml", &fred.GetResults{}},
		{"fred-docs/CommandStructure_SendAuthInfo_SendAuthInfoContact-01-command.xml", fred.SendAuthInfo(&contact.SendAuthInfo{ID: "CID-MYOWN"})},
		{"fred-docs/CommandStructure_SendAuthInfo_SendAuthInfoDomain-01-command.xml", fred.SendAuthInfo(&domain.SendAuthInfo{Name: "mydomain.cz"})},
		{"fred-docs/CommandStructure_SendAuthInfo_SendAuthInfoNsset-01-command.xml", fred.SendAuthInfo(&nsset.SendAuthInfo{ID: "NID-MYNSSET"})},
		{"fred-docs/CommandStructure_SendAuthInfo_SendAuthInfoKeyset-01-command.xml", fred.SendAuthInfo(&keyset.SendAuthInfo{ID: "KID-MYKEYSET"})},
		{"fred-docs/CommandStructure_CreditInfo-01-command.xml", &fred.CreditInfo{}},
	} {
		t.Run(tt.file, func(t *testing.T) {
			want := read(t, corpus+"/"+tt.file)
			m, err := set(t).ParseStrict(want)
			require.NoError(t, err)
			got, err := epp.Append(nil, &epp.Command{Request: tt.request, ClTRID: m.(*epp.Command).ClTRID})
			require.NoError(t, err)
			epptest.SameInfoset(t, want, got)
		})
	}
}

// What the documentation shows of a queue, as it is read.
func TestDocumentedMessages(t *testing.T) {
	for _, tt := range []struct {
		file string
		want epp.Element
	}{
		{"01", &fred.LowCreditData{
			Zone: "cz", Limit: fred.ZoneCredit{Zone: "cz", Credit: "5000.00"}, Credit: fred.ZoneCredit{Zone: "cz", Credit: "4999.00"},
		}},
		{"02", &fred.RequestFeeInfoData{
			PeriodFrom:     time.Date(2017, 6, 30, 22, 0, 0, 0, time.UTC),
			PeriodTo:       time.Date(2017, 7, 26, 21, 59, 59, 0, time.UTC),
			TotalFreeCount: 25000, UsedCount: 243, Price: "0.00",
		}},
		{"10", &nsset.TestData{
			ID: "NID-MYNSSET", Names: []string{"'mydomain.cz'"},
			Results: []nsset.Result{{TestName: "glue_ok", Status: true}, {TestName: "existence"}},
		}},
	} {
		t.Run(tt.file, func(t *testing.T) {
			m, err := set(t).ParseStrict(read(t, corpus+"/fred-docs/CommandStructure_Poll_MessageTypes-"+tt.file+"-response.xml"))
			require.NoError(t, err)
			require.Equal(t, []epp.Element{tt.want}, m.(*epp.Response).MsgQ.Msg.Elements)
		})
	}
}
