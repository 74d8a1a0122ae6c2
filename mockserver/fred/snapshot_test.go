package fred_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// said is an answer without its identifiers.
func said(a *wiretest.Answer) string {
	s, _, _ := strings.Cut(a.XML, "<trID>")
	return s
}

// What a registry knows survives in a file.
func TestSnapshotFile(t *testing.T) {
	o := fred.Options{MailingAddress: true}
	from := start(t, o)
	a := from.loginA(t)
	a.Do(createContact("CID-NEW", `<o:disclose flag="1"><o:fax/></o:disclose><o:vat>CZ7</o:vat><o:ident type="op">12</o:ident>`+
		`<o:notifyEmail>a@sauna.example</o:notifyEmail>`)).Code(1000)
	a.Do(createNSSet("NID-NEW", ns("ns1.sauna.cz", "194.0.12.1")+ns("ns2.sauna.example"), "CID-NEW")).Code(1000)
	a.Do(createKeySet("KID-NEW", good, "CID-NEW")).Code(1000)
	a.Do(command("update", "nsset", id("NID-NEW")+`<o:chg>`+tag("authInfo", "own-choice-1")+tag("reportlevel", "0")+`</o:chg>`)).Code(1000)
	a.Do(command("delete", "keyset", id("KID-LOCKED"))).Code(1000)
	from.Save("now")
	var file bytes.Buffer
	require.NoError(t, from.WriteSnapshot(&file, "now"))
	require.NotContains(t, file.String(), "own-choice-1")

	to := start(t, o)
	require.NoError(t, to.ReadSnapshot(&file, "then"))
	require.NoError(t, to.Restore("then"))
	b := to.loginA(t)
	for _, row := range []string{
		info("contact", "CID-NEW"), info("contact", "CID-HIDDEN"), info("nsset", "NID-NEW", "own-choice-1"), info("keyset", "KID-NEW"),
		info("domain", "mydomain.cz"), check("keyset", "KID-LOCKED"), `<poll op="req"/>`,
	} {
		want := said(a.Do(row))
		require.Contains(t, want, `<result code="1`)
		require.Equal(t, want, said(b.Do(row)))
	}
	for _, m := range []*mock{from, to} { // both go on alike
		m.SetTime(noon.AddDate(1, 0, 0))
	}
	for _, handle := range []string{"NID-NEW", "NID-LOCKED", "NID-MYNSSET"} {
		require.Equal(t, said(a.Do(info("nsset", handle))), said(b.Do(info("nsset", handle))))
	}
}
