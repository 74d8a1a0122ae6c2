package gtld_test

import (
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

const launchFixtures = `
tlds:
  - name: example
    launch:
      - {phase: sunrise, to: 2026-03-10T00:00:00Z, applications: true, first: true}
      - {phase: landrush, from: 2026-03-11T00:00:00Z, to: 2026-04-01T00:00:00Z, applications: true}
      - {phase: claims, name: open, from: 2026-04-10T00:00:00Z, to: 2026-06-01T00:00:00Z, claims: {loyly: 2026/loyly/1}}
      - {phase: open, from: 2026-06-01T00:00:00Z}
    prices: {standard: {create: "8.00"}}
  - {name: bay}
  - {name: lake, launch: [{phase: sunrise}]}
`

// launched is an element of the extension: content follows the phase.
func launched(local, phase, content string) string {
	return `<l:` + local + ` xmlns:l="` + launch.NS + `"><l:phase>` + phase + `</l:phase>` + content + `</l:` + strings.Fields(local)[0] + `>`
}

// smd is a signed mark for a label.
func smd(label, from, to string) string {
	return `<s:signedMark xmlns:s="urn:ietf:params:xml:ns:signedMark-1.0" id="_1"><s:id>7-2</s:id>` +
		`<s:issuerInfo issuerID="2"><s:org>Steam Marks</s:org><s:email>ask@steam.example</s:email></s:issuerInfo>` +
		`<s:notBefore>` + from + `</s:notBefore><s:notAfter>` + to + `</s:notAfter>` +
		`<m:mark xmlns:m="urn:ietf:params:xml:ns:mark-1.0"><m:trademark><m:id>5-2</m:id><m:markName>Loyly</m:markName>` +
		`<m:holder><m:addr><m:street>Quay 4</m:street><m:city>Turku</m:city><m:cc>FI</m:cc></m:addr></m:holder>` +
		`<m:jurisdiction>FI</m:jurisdiction><m:label>` + label + `</m:label><m:goodsAndServices>Stoves</m:goodsAndServices>` +
		`<m:regNum>R-1</m:regNum><m:regDate>2021-02-03T00:00:00Z</m:regDate></m:trademark></m:mark>` +
		`<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:SignedInfo>` +
		`<d:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>` +
		`<d:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>` +
		`<d:Reference URI="#_1"><d:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>` +
		`<d:DigestValue>c2F1bmE=</d:DigestValue></d:Reference></d:SignedInfo><d:SignatureValue>c2F1bmE=</d:SignatureValue></d:Signature>` +
		`</s:signedMark>`
}

const inForce, until = "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"

func TestSunrise(t *testing.T) {
	m := extended(t, gtld.Options{}, launchFixtures)
	x, y := m.loginX(t), m.loginY(t)
	require.Contains(t, x.Greeting.All("extURI"), launch.NS)
	create := func(content string) string {
		return extCreate("loyly.example", "2", launched("create", "sunrise", content))
	}

	t.Run("3.3.1 marks that give no right", func(t *testing.T) {
		x.Do(extCreate("loyly.example", "", "")).Code(2003)
		x.Do(create("")).Code(2003)
		x.Do(create(smd("kiulu", inForce, until))).Code(2306)
		x.Do(create(smd("loyly", inForce, "2026-02-01T00:00:00Z"))).Code(2306)
		x.Do(create(smd("loyly", "2026-04-01T00:00:00Z", until))).Code(2306)
		x.Do(create(`<l:codeMark><l:code>49FD</l:code></l:codeMark>`)).Code(2306)
		x.Do(create(`<s:encodedSignedMark xmlns:s="urn:ietf:params:xml:ns:signedMark-1.0">c2F1bmE=</s:encodedSignedMark>`)).Code(2005)
		x.Do(extCreate("loyly.example", "2", launched("create", "landrush", smd("loyly", inForce, until)))).Code(2306)
		x.Do(extCreate("loyly.example", "2", launched(`create type="registration"`, "sunrise", smd("loyly", inForce, until)))).Code(2306)
		x.Do(extCreate("loyly.bay", "2", launched(`create type="application"`, "open", ""))).Code(2306)
	})
	var id string
	t.Run("R8334-001 2.1 3.3.5 an application", func(t *testing.T) {
		a := x.Do(create(smd("LOYLY", inForce, until))).Code(1001)
		id = a.Text("launch:creData/launch:applicationID")
		require.NotEmpty(t, id)
		require.Equal(t, "sunrise", a.Text("launch:creData/launch:phase"))
		require.Equal(t, []string{"name", "crDate"}, a.Names("domain:creData"))
		require.Equal(t, "84.00", a.Text("balance"))
		x.Do(infoDomain("loyly.example", "", "")).Code(2303)
		require.Equal(t, []string{"1"}, x.Do(checkDomains("loyly.example")).Attrs("cd/name", "avail"), "others may apply")
	})
	encoded := `<s:encodedSignedMark xmlns:s="urn:ietf:params:xml:ns:signedMark-1.0">` +
		base64.StdEncoding.EncodeToString([]byte(smd("loyly", inForce, until))) + `</s:encodedSignedMark>`
	second := y.Do(create(encoded)).Code(1001).Text("launch:creData/launch:applicationID")
	require.NotEqual(t, id, second)
	info := func(id, attr string) string {
		return infoDomain("loyly.example", "", "") + ext(launched("info"+attr, "sunrise", "<l:applicationID>"+id+"</l:applicationID>"))
	}
	t.Run("3.2 info", func(t *testing.T) {
		a := x.Do(info(id, "")).Code(1000)
		require.Equal(t, []string{"pendingCreate", "inactive"}, a.Attrs("domain:status", "s"))
		require.Equal(t, []string{"validated"}, a.Attrs("launch:status", "s"))
		require.Empty(t, a.All("exDate"))
		require.Empty(t, a.All("markName"))
		require.Equal(t, "Loyly", x.Do(info(id, ` includeMark="true"`)).Code(1000).Text("markName"))
		y.Do(info(id, "")).Code(2201)
		x.Do(info("A99", "")).Code(2303)
		x.Do(strings.Replace(info(id, ""), "sunrise", "landrush", 1)).Code(2306)
	})
	update := func(id, content string) string {
		return `<update><d:update xmlns:d="` + domainNS + `"><d:name>loyly.example</d:name>` + content + `</d:update></update>` +
			ext(launched("update", "sunrise", "<l:applicationID>"+id+"</l:applicationID>"))
	}
	t.Run("3.4 update", func(t *testing.T) {
		x.Do(update(id, `<d:add><d:status s="clientHold"/></d:add>`)).Code(1000)
		require.ElementsMatch(t, []string{"clientHold", "pendingCreate", "inactive"}, x.Do(info(id, "")).Attrs("domain:status", "s"))
		y.Do(update(id, `<d:add><d:status s="clientHold"/></d:add>`)).Code(2201)
		x.Do(update(id, `<d:chg><d:registrant>nobody-1</d:registrant></d:chg>`)).Code(2303)
	})
	t.Run("R8334-003 3.4 3.5 where there are no applications", func(t *testing.T) {
		x.Do(strings.Replace(update(id, "<d:chg/>"), "loyly.example", "loyly.bay", 1)).Code(2102)
		x.Do(`<delete><d:delete xmlns:d="` + domainNS + `"><d:name>loyly.bay</d:name></d:delete></delete>` +
			ext(launched("delete", "open", "<l:applicationID>A1</l:applicationID>"))).Code(2102)
	})
	t.Run("2.5 a message for each status", func(t *testing.T) {
		require.NoError(t, m.SetApplication(id, launch.PendingAllocation, "an auction comes"))
		a := x.Do(`<poll op="req"/>`).Code(1301)
		require.Equal(t, []string{"loyly.example", id, "an auction comes"}, append(a.All("infData/name"), a.Text("infData/applicationID"), a.Text("launch:status")))
		require.NotContains(t, a.XML, "Sauna-Kiulu-7")
		x.Do(`<poll op="ack" msgID="` + a.Attrs("msgQ", "id")[0] + `"/>`).Code(1000)
		require.ErrorContains(t, m.SetApplication(id, "steaming", ""), "no status")
		require.ErrorIs(t, m.SetApplication("A99", launch.Rejected, ""), gtld.ErrNoApplication)
	})
	t.Run("2.5 at the end of the phase the first has it", func(t *testing.T) {
		m.Advance(9 * registry.Day.D())
		a := x.Do(`<poll op="req"/>`).Code(1301)
		require.Equal(t, []string{"1"}, a.Attrs("panData/name", "paResult"))
		require.Equal(t, []string{"allocated"}, a.Attrs("launch:status", "s"))
		require.Equal(t, "2026-03-10T00:00:00Z", a.Text("paDate"))
		a = y.Do(`<poll op="req"/>`).Code(1301)
		require.Equal(t, []string{"0"}, a.Attrs("panData/name", "paResult"))
		require.Equal(t, []string{"rejected"}, a.Attrs("launch:status", "s"))
		a = x.Do(infoDomain("loyly.example", "", "") + ext(launched(`info includeMark="1"`, "sunrise", ""))).Code(1000)
		require.Equal(t, "2028-03-10T00:00:00Z", a.Text("exDate"))
		require.ElementsMatch(t, []string{"clientHold", "inactive"}, a.Attrs("domain:status", "s"))
		require.Equal(t, "Loyly", a.Text("markName"))
		require.Equal(t, []string{"allocated"}, x.Do(info(id, "")).Code(1000).Attrs("launch:status", "s"))
		x.Do(update(id, `<d:chg/>`)).Code(2304)
		x.Do(infoDomain("loyly.example", "", "") + ext(launched("info", "open", ""))).Code(2306)
	})
	t.Run("2.3 between the phases", func(t *testing.T) {
		require.Equal(t, []string{"0", "1"}, x.Do(checkDomains("kiulu.example", "kiulu.bay")).Attrs("cd/name", "avail"))
		x.Do(extCreate("kiulu.example", "", "")).Code(2306)
	})
	t.Run("3.3.3 3.5 landrush: one is withdrawn, one is rejected, both get their money", func(t *testing.T) {
		m.Advance(2 * registry.Day.D())
		general := extCreate("kiulu.example", "", launched(`create type="application"`, "landrush", ""))
		first := x.Do(general).Code(1001).Text("launch:creData/launch:applicationID")
		second := x.Do(general).Code(1001)
		require.Equal(t, "68.00", second.Text("balance"))
		del := `<delete><d:delete xmlns:d="` + domainNS + `"><d:name>kiulu.example</d:name></d:delete></delete>` +
			ext(launched("delete", "landrush", "<l:applicationID>"+first+"</l:applicationID>"))
		y.Do(del).Code(2201)
		x.Do(del).Code(1000)
		x.Do(del).Code(2303)
		require.NoError(t, m.SetApplication(second.Text("launch:creData/launch:applicationID"), launch.Rejected, "not this year"))
		require.Equal(t, registry.Amount(8400), m.Accounts.Credit("reg-north")[0].Credit)
	})
}

func TestClaims(t *testing.T) {
	m := extended(t, gtld.Options{}, launchFixtures)
	m.SetTime(time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC))
	x := m.loginX(t)
	check := func(attr, phase string, names ...string) string {
		if phase != "" {
			phase = "<l:phase>" + phase + "</l:phase>"
		}
		return checkDomains(names...) + ext(`<l:check xmlns:l="`+launch.NS+`"`+attr+`>`+phase+`</l:check>`)
	}

	t.Run("3.1.1 claims check form", func(t *testing.T) {
		for _, attr := range []string{"", ` type="claims"`} {
			a := x.Do(check(attr, "claims", "Loyly.example", "kiulu.example", "loyly.nowhere")).Code(1000)
			require.Empty(t, a.All("resData"))
			require.Equal(t, []string{"Loyly.example", "kiulu.example", "loyly.nowhere"}, a.All("launch:cd/launch:name"))
			require.Equal(t, []string{"1", "0", "0"}, a.Attrs("launch:cd/launch:name", "exists"))
			require.Equal(t, []string{"2026/loyly/1"}, a.All("claimKey"))
			require.Equal(t, "claims", a.Text("launch:phase"))
		}
		x.Do(check("", "sunrise", "loyly.example")).Code(2306)
		x.Do(check("", "", "loyly.example")).Code(2003)
	})
	t.Run("3.1.3 trademark check form", func(t *testing.T) {
		a := x.Do(check(` type="trademark"`, "", "loyly.example", "kiulu.example")).Code(1000)
		require.Empty(t, a.All("resData"))
		require.Empty(t, a.All("launch:phase"))
		require.Equal(t, []string{"1", "0"}, a.Attrs("launch:cd/launch:name", "exists"))
	})
	t.Run("R8334-002 3.1 a form that there is not", func(t *testing.T) {
		x.Do(check("", "open", "loyly.bay")).Code(2307)
		x.Do(check(` type="trademark"`, "", "loyly.bay")).Code(2307)
	})
	t.Run("3.1.2 availability check form", func(t *testing.T) {
		require.Equal(t, []string{"1"}, x.Do(check(` type="avail"`, "claims", "loyly.example")).Code(1000).Attrs("cd/name", "avail"))
		a := x.Do(check(` type="avail"`, "sunrise", "loyly.example")).Code(1000)
		require.Equal(t, []string{"0"}, a.Attrs("cd/name", "avail"))
		require.Equal(t, "Not in this phase", a.Text("cd/reason"))
		x.Do(check(` type="avail"`, "custom", "loyly.example")).Code(2306)
	})
	// notice is one of the clearinghouse for a label.
	notice := func(label, number, notAfter, accepted string) string {
		end, err := time.Parse(time.RFC3339, notAfter)
		require.NoError(t, err)
		sum := crc32.ChecksumIEEE(fmt.Appendf(nil, "%s%d%s", label, end.Unix(), number))
		return fmt.Sprintf(`<l:notice><l:noticeID validatorID="tmch">%08x%s</l:noticeID><l:notAfter>%s</l:notAfter><l:acceptedDate>%s</l:acceptedDate></l:notice>`,
			sum, number, notAfter, accepted)
	}
	create := func(notice string) string {
		return extCreate("loyly.example", "", launched("create", "claims", notice))
	}
	t.Run("3.3.2 a claimed label needs the notice", func(t *testing.T) {
		const end, now = "2026-05-03T00:00:00Z", "2026-05-01T11:00:00Z"
		x.Do(extCreate("loyly.example", "", "")).Code(2003)
		x.Do(create("")).Code(2003)
		x.Do(create(notice("kiulu", "8", end, now))).Code(2306)
		x.Do(create(notice("loyly", "8", "2026-05-01T12:00:00Z", now))).Code(2306)
		x.Do(create(notice("loyly", "8", end, "2026-05-01T12:00:01Z"))).Code(2306)
		x.Do(create(notice("loyly", "8", end, "2026-04-29T11:59:59Z"))).Code(2306)
		x.Do(create(strings.Replace(notice("loyly", "8", end, now), "8</l:noticeID", "9</l:noticeID", 1))).Code(2306)
		x.Do(create(strings.Replace(notice("loyly", "8", end, now), "8</l:noticeID", "x</l:noticeID", 1))).Code(2306)
		a := x.Do(create(notice("loyly", "8", end, now))).Code(1000)
		require.NotContains(t, a.XML, launch.NS, "3.3.5 a registration")
		x.Do(extCreate("kiulu.example", "", "")).Code(1000)
		require.Equal(t, "claims", x.Do(infoDomain("loyly.example", "", "")+ext(launched("info", "claims", ""))).Code(1000).Text("launch:infData/launch:phase"))
	})
}

func TestVerifyMarks(t *testing.T) {
	var asked []string
	m := extended(t, gtld.Options{VerifyMarks: func(name string, q *launch.Create) error {
		asked = append(asked, name)
		if len(q.CodeMarks) == 1 && q.CodeMarks[0].Code.Code == "49FD" {
			return nil
		}
		return epp.Refuse(epp.AuthorizationError)
	}}, launchFixtures)
	x := m.loginX(t)
	x.Do(extCreate("loyly.lake", "", launched("create", "sunrise", smd("loyly", inForce, until)))).Code(2201)
	x.Do(extCreate("loyly.lake", "", launched("create", "sunrise", "<l:codeMark><l:code>49FE</l:code></l:codeMark>"))).Code(2201)
	a := x.Do(extCreate("loyly.lake", "", launched("create", "sunrise", "<l:codeMark><l:code>49FD</l:code></l:codeMark>"))).Code(1000)
	require.NotEmpty(t, a.Text("exDate"))
	require.Equal(t, []string{"loyly.lake", "loyly.lake", "loyly.lake"}, asked)
}
