package fred_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/internal/epptest"
)

func credit(amount string) *fred.ResCreditInfo {
	return &fred.ResCreditInfo{ZoneCredit: []fred.ZoneCredit{{Zone: "cz", Credit: amount}}}
}

func creditXML(amount string) string {
	return `<f:resCreditInfo xmlns:f="` + fred.NS + `"><f:zoneCredit><f:zone>cz</f:zone><f:credit>` + amount +
		`</f:credit></f:zoneCredit></f:resCreditInfo>`
}

var credits = []epptest.Row{
	{Name: "CreditInfo, answer", XML: creditXML("71400.50"), Value: credit("71400.50")},
	{Name: "CreditInfo, no zone", XML: `<f:resCreditInfo xmlns:f="` + fred.NS + `"/>`, Value: &fred.ResCreditInfo{}},
	{Name: "CreditInfo, a debt", XML: creditXML("-0.5"), Value: credit("-0.5")},
	{Name: "XML Schema part 2, 3.2.3: a sign and no digit before the point", XML: creditXML("+.25"), Value: credit("+.25")},
	{Name: "XML Schema part 2, 3.2.3: no digit after it", XML: creditXML("7."), Value: credit("7.")},
	{Name: "amountType, ten digits", XML: creditXML("0012345678.9000"), Value: credit("0012345678.9000")},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), credits)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	epptest.Refused(t, []epptest.Refusal{
		{Name: "no amount", Value: credit(""), Path: "fred:credit", Error: "a decimal number"},
		{Name: "a decimal comma", Value: credit("7,50"), Path: "fred:credit", Error: "a decimal number"},
		{Name: "an exponent", Value: credit("7e3"), Path: "fred:credit", Error: "a decimal number"},
		{Name: "no digit at all", Value: credit("-."), Path: "fred:credit", Error: "a decimal number"},
		{Name: "three digits after the point", Value: credit("7.125"), Path: "fred:credit", Error: "ten digits"},
		{Name: "eleven digits", Value: credit("12345678901"), Path: "fred:credit", Error: "ten digits"},
		{Name: "no zone", Value: &fred.ResCreditInfo{ZoneCredit: []fred.ZoneCredit{{Credit: "1"}}}, Path: "fred:zone", Error: "1 to 255"},
	})
}

// An amount that can't be read leaves the rest of the answer readable.
func TestUnreadableCredit(t *testing.T) {
	m, err := set(t).Parse([]byte(`<epp xmlns="` + epp.NS + `"><response><result code="1000"><msg/></result><resData>` +
		creditXML("much") + `</resData><trID><svTRID>ROW-1</svTRID></trID></response></epp>`))
	require.NoError(t, err)
	raw := m.(*epp.Response).ResData[0].(*epp.Raw)
	require.ErrorContains(t, raw.Err, "fred:credit")
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), credits) }
