package fee_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/fee"
	"github.com/eppkit/eppkit/internal/epptest"
	"github.com/eppkit/eppkit/schemas"
)

const official = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(append(fee.Extensions(), domain.Extension(), contact.Extension())...)
	require.NoError(t, err)
	return s
}

// versions are all that there are, the newest first.
var versions = []fee.Version{
	fee.V1_0, fee.V1_0Draft, fee.V0_23, fee.V0_21, fee.V0_12, fee.V0_11, fee.V0_9, fee.V0_8, fee.V0_7, fee.V0_6, fee.V0_5,
}

// validator holds frames to our schemas, which are of all versions.
func validator(t testing.TB) *schemas.Validator {
	o := schemas.Options{URIs: []string{epp.NS, domain.NS, contact.NS}}
	for _, v := range versions {
		o.URIs = append(o.URIs, v.URI())
	}
	v, err := schemas.New(o)
	require.NoError(t, err)
	return v
}

func el(v fee.Version, local, content string) string {
	return `<f:` + local + ` xmlns:f="` + v.URI() + `">` + content + `</f:` + local + `>`
}

// What the rows extend.
var (
	check    = &domain.Check{Names: []string{"sauna.example"}}
	info     = &domain.Info{Name: "sauna.example"}
	create   = &domain.Create{Name: "sauna.example", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}}
	renew    = &domain.Renew{Name: "sauna.example", CurExpDate: date(2031)}
	transfer = &domain.Transfer{Op: epp.TransferRequest, Name: "sauna.example"}
	update   = &domain.Update{Name: "sauna.example", Chg: new(domain.Chg)}
)

func TestElements(t *testing.T) {
	v := validator(t)
	for _, frame := range epptest.Elements(t, set(t), rows()) {
		require.NoError(t, v.Validate(t.Context(), frame), "%s", frame)
	}
}

// TestVersions reads the elements of each version in the namespace of every other, and
// requires that what is refused is what the schema of that version refuses.
func TestVersions(t *testing.T) {
	v := validator(t)
	s := set(t)
	valid, invalid := 0, 0
	for _, was := range versions {
		for _, frame := range epptest.Elements(t, s, rowsOf(was)) {
			if bytes.Contains(frame, []byte("<fee:inf")) { // not every version has them
				continue
			}
			for _, is := range versions {
				frame := bytes.ReplaceAll(frame, []byte(`"`+was.URI()+`"`), []byte(`"`+is.URI()+`"`))
				_, err := s.ParseStrict(frame)
				verdict := v.Validate(t.Context(), frame)
				require.Equal(t, verdict == nil, err == nil, "%s\nschema: %v\nread: %v", frame, verdict, err)
				if err == nil {
					valid++
				} else {
					invalid++
				}
			}
		}
	}
	require.Greater(t, valid, 400)
	require.Greater(t, invalid, 400)
}

// TestOfficial validates what is written for RFC 8748 with its own schema.
func TestOfficial(t *testing.T) {
	frames := epptest.Elements(t, set(t), rowsOf(fee.V1_0))
	epptest.XMLLint(t, official, frames)
}

func TestExtensions(t *testing.T) {
	s, err := epp.NewSchema(fee.Extension())
	require.NoError(t, err)
	require.Equal(t, []string{fee.NS}, s.ExtURI())

	var uris []string
	for _, e := range fee.Extensions() {
		require.NotEmpty(t, e.Document)
		uris = append(uris, e.URI)
	}
	require.Len(t, uris, len(versions))
	require.Equal(t, uris, set(t).ExtURI())
	require.Equal(t, "fee-0.23", fee.V0_23.String())
	require.Empty(t, fee.Version(200).URI())
}

// TestAt reads a version at the URI of a registry of its own.
func TestAt(t *testing.T) {
	const uri = "urn:example:fee-0.8"
	s, err := epp.NewSchema(domain.Extension(), fee.V0_8.Extension().At(uri))
	require.NoError(t, err)
	want := &fee.ChkData{Version: fee.V0_8, CD: []fee.CD{{
		ObjID: fee.ObjID{ID: "sauna.example"}, Currency: "EUR",
		Commands: []fee.CommandData{{Command: fee.Command{Name: "create"}, Fees: []fee.Fee{{Amount: "1"}}}},
	}}}
	frame, err := s.Append(nil, &epp.Response{
		Results: []epp.Result{{Code: epp.Success}}, Extension: []epp.Element{want}, TrID: epp.TrID{SvTRID: "ROW-1"},
	})
	require.NoError(t, err)
	require.Contains(t, string(frame), uri)
	m, err := s.Parse(frame)
	require.NoError(t, err)
	require.Equal(t, want, m.(*epp.Response).Extension[0])
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc8748", fee.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows()) }

func ExampleCheck() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &domain.Check{Names: []string{"sauna.example"}},
		Extension: []epp.Element{&fee.Check{
			Currency: "EUR",
			Commands: []fee.Command{
				{Name: fee.CommandCreate, Period: &epp.Period{N: 2, Unit: epp.Years}},
				{Name: fee.CommandRestore},
			},
		}},
	})
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "</check>")
	fmt.Println(strings.ReplaceAll(extension, "><", ">\n<"))
	// Output:
	// <extension>
	// <fee:check xmlns:fee="urn:ietf:params:xml:ns:epp:fee-1.0">
	// <fee:currency>EUR</fee:currency>
	// <fee:command name="create">
	// <fee:period unit="y">2</fee:period>
	// </fee:command>
	// <fee:command name="restore"/>
	// </fee:check>
	// </extension>
	// </command>
	// </epp>
}
