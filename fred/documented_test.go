package fred_test

import (
	"os"
	"strings"
	"testing"

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
		{"fred-commands/09-info_contact.xml", &contact.Info{ID: "CID-MYOWN"}},
		{"fred-commands/10-info_contact.xml", &contact.Info{ID: "CID-MYOWN", AuthInfo: new(epp.Secret("secret12"))}},
		{"fred-commands/11-info_domain.xml", &domain.Info{Name: "example.cz"}},
		{"fred-commands/12-info_domain.xml", &domain.Info{Name: "example.cz", AuthInfo: new(epp.Secret("secret12"))}},
		{"fred-commands/35-sendauthinfo_contact.xml", fred.SendAuthInfo(&contact.SendAuthInfo{ID: "CID-MYOWN"})},
		{"fred-commands/36-sendauthinfo_domain.xml", fred.SendAuthInfo(&domain.SendAuthInfo{Name: "example.cz"})},
		{"fred-commands/37-sendauthinfo_nsset.xml", fred.SendAuthInfo(&nsset.SendAuthInfo{ID: "NSSID-1"})},
		{"fred-commands/38-sendauthinfo_keyset.xml", fred.SendAuthInfo(&keyset.SendAuthInfo{ID: "KEYID-1"})},
		{"fred-commands/39-credit_info.xml", &fred.CreditInfo{}},
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
