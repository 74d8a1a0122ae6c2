package fredcom_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
)

// TestEmails: each mapping holds the addresses of its sendAuthInfoData to their form
// when it reads strictly, and never else.
func TestEmails(t *testing.T) {
	set, err := epp.NewSchema(fred.Extensions()...)
	require.NoError(t, err)
	for _, ns := range []string{contact.NS, domain.NS, nsset.NS, keyset.NS} {
		frame := func(emails string) []byte {
			return []byte(`<epp xmlns="` + epp.NS + `"><response><result code="1000"><msg>Done</msg></result><resData>` +
				`<o:sendAuthInfoData xmlns:o="` + ns + `"><o:email>` + emails + `</o:email></o:sendAuthInfoData>` +
				`</resData><trID><svTRID>ROW-1</svTRID></trID></response></epp>`)
		}
		_, err := set.ParseStrict(frame("a*****@m*****.*,o*****@k*****.*"))
		require.NoError(t, err, ns)
		_, err = set.ParseStrict(frame("a*****@m*****.*,otto"))
		require.ErrorContains(t, err, "no address", ns)
		_, err = set.Parse(frame("a*****@m*****.*,otto"))
		require.NoError(t, err, ns)
	}
}
