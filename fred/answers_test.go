package fred_test

import (
	"math"
	"testing"
	"time"

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

func el(local, content string) string {
	return `<f:` + local + ` xmlns:f="` + fred.NS + `">` + content + `</f:` + local + `>`
}

var answers = []epptest.Row{
	{Name: "CreditInfo, answer", XML: creditXML("71400.50"), Value: credit("71400.50")},
	{Name: "CreditInfo, no zone", XML: `<f:resCreditInfo xmlns:f="` + fred.NS + `"/>`, Value: &fred.ResCreditInfo{}},
	{Name: "CreditInfo, a debt", XML: creditXML("-0.5"), Value: credit("-0.5")},
	{Name: "XML Schema part 2, 3.2.3: a sign and no digit before the point", XML: creditXML("+.25"), Value: credit("+.25")},
	{Name: "XML Schema part 2, 3.2.3: no digit after it", XML: creditXML("7."), Value: credit("7.")},
	{Name: "amountType, ten digits", XML: creditXML("0012345678.9000"), Value: credit("0012345678.9000")},
	{
		Name: "Poll, low credit", XML: el("lowCreditData", `<f:zone>cz</f:zone><f:limit><f:zone>cz</f:zone><f:credit>700.00</f:credit></f:limit>
		<f:credit><f:zone>0.2.4.e164.arpa</f:zone><f:credit>-0.01</f:credit></f:credit>`),
		Value: &fred.LowCreditData{
			Zone: "cz", Limit: fred.ZoneCredit{Zone: "cz", Credit: "700.00"},
			Credit: fred.ZoneCredit{Zone: "0.2.4.e164.arpa", Credit: "-0.01"},
		},
	},
	{
		Name: "Poll, request fee", XML: el("requestFeeInfoData", `<f:periodFrom>2025-02-01T00:00:00+01:00</f:periodFrom>
		<f:periodTo>2025-02-03T04:05:06Z</f:periodTo><f:totalFreeCount>0</f:totalFreeCount>
		<f:usedCount>18446744073709551615</f:usedCount><f:price>0.10</f:price>`),
		Value: &fred.RequestFeeInfoData{
			PeriodFrom: time.Date(2025, 1, 31, 23, 0, 0, 0, time.UTC), PeriodTo: time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC),
			UsedCount: math.MaxUint64, Price: "0.10",
		},
	},
	{Name: "Prepare, answer", XML: el("infoResponse", `<f:count>7</f:count>`), Value: &fred.InfoResponse{Count: 7}},
	{Name: "Prepare, nothing", XML: el("infoResponse", `<f:count>0</f:count>`), Value: &fred.InfoResponse{}},
	{
		Name: "GetResults, answer", XML: el("resultsList", `<f:item>sauna.cz</f:item><f:item/><f:item>kiuas.cz</f:item>`),
		Value: &fred.ResultsList{Items: []string{"sauna.cz", "", "kiuas.cz"}},
	},
	{Name: "GetResults, the end", XML: el("resultsList", ``), Value: &fred.ResultsList{}},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), answers)
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
		{Name: "a list by no handle", Value: &fred.ExtCommand{Command: &fred.DomainsByNsset{}}, Path: "fred:id", Error: "1 to 63"},
		{Name: "a list by no name", Value: &fred.ExtCommand{Command: &fred.NssetsByNs{}}, Path: "fred:name", Error: "1 to 255"},
		{Name: "no limit", Value: &fred.LowCreditData{Zone: "cz"}, Path: "fred:limit/fred:zone", Error: "1 to 255"},
		{Name: "no period", Value: &fred.RequestFeeInfoData{Price: "1"}, Path: "fred:periodFrom", Error: "is missing"},
		{
			Name: "no price", Value: &fred.RequestFeeInfoData{PeriodFrom: time.Unix(0, 0), PeriodTo: time.Unix(1, 0)},
			Path: "fred:price", Error: "a decimal number",
		},
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

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), answers) }
