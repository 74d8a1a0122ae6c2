package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/allocationtoken"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/fee"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/namespaces"
)

// A script is a registry that offers some extensions, and answers each command with the
// next of some answers. It keeps what was asked.
type script struct {
	*fakePeer
	asked chan *epp.Command
}

func newScript(t *testing.T, offers []string, answers ...string) *script {
	s := &script{asked: make(chan *epp.Command, 100)}
	all, err := epp.NewSchema(namespaces.All()...)
	require.NoError(t, err)
	s.fakePeer = newPeer(t, func(c *peerConn) {
		c.schema = all
		c.send(&epp.Greeting{
			SvID: "a script", SvDate: time.Unix(1_800_000_000, 0), Version: []string{"1.0"}, Lang: []string{"en"},
			ObjURI: all.ObjURI(), ExtURI: offers,
			DCP: epp.DCP{Access: "all", Statements: []epp.Statement{
				{Purpose: epp.Purpose{Prov: true}, Recipient: epp.Recipient{Public: true}, Retention: "stated"},
			}},
		})
		ask := func() *epp.Command {
			q := c.next()
			if q != nil {
				s.asked <- q
			}
			return q
		}
		c.answer(ask(), epp.Success)
		for _, answer := range answers {
			if q := ask(); q != nil {
				c.sendText(strings.ReplaceAll(answer, "CLTRID", q.ClTRID))
			}
		}
		c.answer(ask(), epp.EndingSession)
	})
	return s
}

// run runs the program against the script, and returns the commands between the login
// and the logout.
func (s *script) run(line string) (result, []*epp.Command) {
	s.t.Helper()
	r := eppkit(s.t, map[string]string{"PW": "sesame-42"}, "", append([]string{"--config", s.conf}, split(line)...)...)
	var asked []*epp.Command
	for {
		select {
		case q := <-s.asked:
			asked = append(asked, q)
		default:
			return r, asked
		}
	}
}

// says is an answer with this resData and extension.
func says(code, data, extension string) string {
	rest := ""
	if data != "" {
		rest = "<resData>" + data + "</resData>"
	}
	if extension != "" {
		rest += "<extension>" + extension + "</extension>"
	}
	return response(code, "Noted", rest, "CLTRID")
}

const domainNS = ` xmlns:d="` + domain.NS + `"`

// TestAnnounced holds the login to what both sides have.
func TestAnnounced(t *testing.T) {
	offers := []string{"urn:example:unknown", secdns.NS, fee.V0_11.URI(), rgp.NS}
	s := newScript(t, offers, says("1000", "", ""))
	r, asked := s.run("domain delete sauna.example --registry gtld")
	require.Equal(t, exitOK, r.status, r.err)
	require.Equal(t, offers[1:], asked[0].Request.(*epp.Login).ExtURI)
}

// TestNotOffered sends no extension that the registry does not have.
func TestNotOffered(t *testing.T) {
	for line, says := range map[string]string{
		"domain create sauna.example --ds '1 13 2 AB'": "the registry does not offer " + secdns.NS,
		"domain create sauna.example --fee 10":         "the registry offers no fees",
	} {
		s := newScript(t, []string{rgp.NS})
		r, asked := s.run(line + " --registry gtld")
		require.Equal(t, exitUsage, r.status, r.err)
		require.Contains(t, r.err, says)
		for _, q := range asked {
			require.NotEqual(t, "create", q.Verb)
		}
	}
}

// TestFeeVersion speaks the newest version that the registry has, in its own way.
func TestFeeVersion(t *testing.T) {
	two := &epp.Period{N: 2, Unit: epp.Years}
	for _, row := range []struct {
		name   string
		offers []fee.Version
		line   string
		want   epp.Element
	}{
		{
			"the newest",
			[]fee.Version{fee.V0_8, fee.V0_23, fee.V0_11},
			"domain create sauna.example --fee 7.50 --currency EUR",
			&fee.Create{Version: fee.V0_23, Currency: "EUR", Fees: []fee.Fee{{Amount: "7.50"}}},
		},
		{
			"commands",
			[]fee.Version{fee.V1_0},
			"domain check sauna.example --fee-command create=2y,restore",
			&fee.Check{Commands: []fee.Command{{Name: "create", Period: two}, {Name: "restore"}}},
		},
		{
			"one command",
			[]fee.Version{fee.V0_11},
			"domain check sauna.example --fee-command create=2y --currency EUR",
			&fee.Check{Version: fee.V0_11, Currency: "EUR", Commands: []fee.Command{{Name: "create", Period: two}}},
		},
		{
			"one for each object",
			[]fee.Version{fee.V0_8},
			"domain check sauna.example kiuas.example --fee-command create --currency EUR",
			&fee.Check{Version: fee.V0_8, Objects: []fee.Object{
				{ObjID: fee.ObjID{ID: "sauna.example"}, Currency: "EUR", Command: fee.Command{Name: "create"}},
				{ObjID: fee.ObjID{ID: "kiuas.example"}, Currency: "EUR", Command: fee.Command{Name: "create"}},
			}},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			var offers []string
			for _, v := range row.offers {
				offers = append(offers, v.URI())
			}
			s := newScript(t, offers, says("2400", "", ""))
			r, asked := s.run(row.line + " --registry gtld")
			require.Equal(t, exitRefused, r.status, r.err)
			require.Equal(t, []epp.Element{row.want}, asked[1].Extension)
		})
	}
	s := newScript(t, []string{fee.V0_11.URI()})
	r, _ := s.run("domain check sauna.example --fee-command create,renew --registry gtld")
	require.Equal(t, exitUsage, r.status, r.err)
	require.Contains(t, r.err, "fee-0.11, in which --fee-command asks for one command")
}

// TestAnswers shows what comes of commands.
func TestAnswers(t *testing.T) {
	const trnData = `<d:trnData` + domainNS + `><d:name>sauna.example</d:name><d:trStatus>pending</d:trStatus><d:reID>reg-a</d:reID>` +
		`<d:reDate>2030-01-02T03:04:05Z</d:reDate><d:acID>reg-b</d:acID><d:acDate>2030-01-07T03:04:05Z</d:acDate></d:trnData>`
	for _, row := range []struct{ line, answer, text string }{
		{
			"domain create sauna.example",
			says("1000", `<d:creData`+domainNS+`><d:name>sauna.example</d:name><d:crDate>2030-01-02T03:04:05Z</d:crDate><d:exDate>2031-01-02T03:04:05Z</d:exDate></d:creData>`,
				`<f:creData xmlns:f="`+fee.NS+`"><f:currency>EUR</f:currency><f:fee>7.50</f:fee><f:balance>92.50</f:balance></f:creData>`),
			"1000 Noted\ndomain:creData\n  name    sauna.example\n  crDate  2030-01-02T03:04:05Z\n  exDate  2031-01-02T03:04:05Z\n" +
				"fee:creData\n  currency    EUR\n  fee.amount  7.50\n  balance     92.50\n",
		},
		{
			"domain renew sauna.example --cur-exp-date 2031-01-02",
			says("1000", `<d:renData`+domainNS+`><d:name>sauna.example</d:name><d:exDate>2032-01-02T03:04:05Z</d:exDate></d:renData>`, ""),
			"1000 Noted\ndomain:renData\n  name    sauna.example\n  exDate  2032-01-02T03:04:05Z\n",
		},
		{"domain delete sauna.example", says("1000", "", ""), "1000 Noted\nThe domain sauna.example is deleted.\n"},
		{
			"domain delete sauna.example", says("1001", "", ""),
			"1001 Noted\nThe domain sauna.example is not deleted yet: the registry has to decide, and will say so in a message.\n",
		},
		{
			"domain transfer approve sauna.example", says("1000", trnData, ""),
			"1000 Noted\nThe registry has taken the approval of the transfer of the domain sauna.example.\n" +
				"domain:trnData\n  name      sauna.example\n  trStatus  pending\n  reID      reg-a\n  reDate    2030-01-02T03:04:05Z\n  acID      reg-b\n  acDate    2030-01-07T03:04:05Z\n",
		},
		{
			"domain check sauna.example kiuas.example",
			says("1000", `<d:chkData`+domainNS+`><d:cd><d:name avail="0">sauna.example</d:name><d:reason>In use</d:reason></d:cd>`+
				`<d:cd><d:name avail="1">kiuas.example</d:name></d:cd></d:chkData>`, ""),
			"1000 Noted\nsauna.example  not available (In use)\nkiuas.example  available\n",
		},
		{
			"domain update sauna.example --restore request",
			says("1000", "", `<r:upData xmlns:r="`+rgp.NS+`"><r:rgpStatus s="pendingRestore"/></r:upData>`),
			"1000 Noted\nrgp:upData\n  rgpStatus.s  pendingRestore\n",
		},
		{
			"domain info sauna.example",
			says("1000", `<d:infData`+domainNS+` class="gold"><d:name>sauna.example</d:name><d:roid>D1-X</d:roid><d:price>7</d:price><d:clID>reg-a</d:clID></d:infData>`,
				`<s:infData xmlns:s="`+secdns.NS+`"><s:dsData><s:keyTag>0</s:keyTag><s:alg>13</s:alg><s:digestType>2</s:digestType><s:digest>AB</s:digest></s:dsData></s:infData>`),
			"1000 Noted\ndomain:infData\n  name  sauna.example\n  roid  D1-X\n  clID  reg-a\n" +
				"secDNS:infData\n  dsData.keyTag      0\n  dsData.alg         13\n  dsData.digestType  2\n  dsData.digest      AB\n" +
				"extra.path       /epp/response/resData/domain:infData\nextra.attribute  class\nextra.value      gold\n" +
				"extra.path               /epp/response/resData/domain:infData\nextra.after              domain:roid\nextra.element.name       price\n",
		},
	} {
		t.Run(row.line, func(t *testing.T) {
			s := newScript(t, []string{rgp.NS, secdns.NS, fee.NS}, row.answer)
			r, _ := s.run(row.line + " --registry gtld")
			require.Equal(t, exitOK, r.status, r.err)
			require.True(t, strings.HasPrefix(r.out, row.text), r.out)
		})
	}
}

// TestDataInValues shows what a registry has put into the values of a result (RFC 9038).
func TestDataInValues(t *testing.T) {
	const answer = `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response><result code="1000"><msg>Noted</msg><extValue><value>` +
		`<r:infData xmlns:r="` + rgp.NS + `"><r:rgpStatus s="addPeriod"/></r:infData></value><reason>not in login services</reason></extValue></result>` +
		`<trID><clTRID>CLTRID</clTRID><svTRID>SV-0002</svTRID></trID></response></epp>`
	r, _ := newScript(t, nil, answer).run("domain delete sauna.example --registry gtld")
	require.Equal(t, exitOK, r.status, r.err)
	require.Equal(t, "1000 Noted\nThe domain sauna.example is deleted.\nnot in login services\nrgp:infData\n  rgpStatus.s  addPeriod\n", r.out)
	r, _ = newScript(t, nil, answer).run("domain delete sauna.example --registry gtld -o json")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, `"addPeriod"`)
	require.Contains(t, r.out, `"element": "rgp:infData"`)
}

// TestSecretsOfCommands keeps them out of what --verbose shows, and out of errors.
func TestSecretsOfCommands(t *testing.T) {
	token := writeFile(t, t.TempDir(), "token", "kiuas-7-token\n")
	code := writeFile(t, t.TempDir(), "code", "Four5six\n")
	for _, line := range []string{
		"domain create sauna.example --authinfo-file " + code + " --allocation-token-file " + token,
		"domain transfer request sauna.example --authinfo-file " + code + " --allocation-token-file " + token,
		"domain update sauna.example --authinfo-file " + code,
		"contact update anna-1 --authinfo-file " + code,
	} {
		s := newScript(t, []string{allocationtoken.NS}, says("2400", "", ""))
		r, asked := s.run(line + " --registry gtld -v")
		require.Equal(t, exitRefused, r.status, r.err)
		frame, err := epp.Append(nil, asked[1])
		require.NoError(t, err)
		require.Contains(t, string(frame), "Four5six")
		require.Contains(t, r.err, "[redacted]")
		require.NotContains(t, r.out+r.err, "Four5six")
		require.NotContains(t, r.out+r.err, "kiuas-7-token")
	}
}

func TestAnswersAsJSON(t *testing.T) {
	s := newScript(t, []string{fee.NS},
		says("1000", `<d:chkData`+domainNS+`><d:cd><d:name avail="1">sauna.example</d:name></d:cd><d:extra>7</d:extra></d:chkData>`,
			`<f:chkData xmlns:f="`+fee.NS+`"><f:currency>EUR</f:currency><f:cd avail="0"><f:objID>sauna.example</f:objID></f:cd></f:chkData>`))
	r, _ := s.run("domain check sauna.example --registry gtld -o json --cltrid TEST-0001")
	require.Equal(t, exitOK, r.status, r.err)
	require.JSONEq(t, `{
		"code": 1000, "message": "Noted", "clTRID": "TEST-0001", "svTRID": "SV-0002",
		"data": {"element": "domain:chkData", "cd": [{"name": "sauna.example", "avail": true}]},
		"extension": {"element": "fee:chkData", "currency": "EUR", "cd": [{"id": "sauna.example", "avail": false}]},
		"extra": [{
			"path": "/epp/response/resData/domain:chkData", "after": "domain:cd",
			"element": {"name": "extra", "namespace": "urn:ietf:params:xml:ns:domain-1.0",
				"xml": "<d:extra xmlns:d=\"urn:ietf:params:xml:ns:domain-1.0\" xmlns=\"urn:ietf:params:xml:ns:epp-1.0\">7</d:extra>"}
		}]
	}`, r.out)
}

const fredNS = ` xmlns:f="http://www.nic.cz/xml/epp/fred-1.5"`

func TestList(t *testing.T) {
	answers := []string{
		says("1000", `<f:infoResponse`+fredNS+`><f:count>3</f:count></f:infoResponse>`, ""),
		says("1000", `<f:resultsList`+fredNS+`><f:item>kiuas.cz</f:item><f:item>sauna.cz</f:item></f:resultsList>`, ""),
		says("1000", `<f:resultsList`+fredNS+`><f:item>löyly.cz</f:item></f:resultsList>`, ""),
		says("1000", `<f:resultsList`+fredNS+`/>`, ""),
	}
	r, asked := newScript(t, nil, answers...).run("list domains --by-contact CID-ANNA")
	require.Equal(t, exitOK, r.status, r.err)
	require.Equal(t, "kiuas.cz\nsauna.cz\nlöyly.cz\n", r.out)
	require.Empty(t, r.err)
	require.Len(t, asked, 6)

	r, _ = newScript(t, nil, answers...).run("list domains -o json")
	require.Equal(t, exitOK, r.status, r.err)
	require.JSONEq(t, `["kiuas.cz", "sauna.cz", "löyly.cz"]`, r.out)

	r, _ = newScript(t, nil, answers...).run("list domains -o raw")
	require.Equal(t, exitOK, r.status, r.err)
	require.Equal(t, 4, strings.Count(r.out, "<resData>"))

	r, _ = newScript(t, nil, says("1000", `<f:infoResponse`+fredNS+`><f:count>0</f:count></f:infoResponse>`, ""), answers[3]).run("list nssets -o json")
	require.Equal(t, exitOK, r.status, r.err)
	require.JSONEq(t, `[]`, r.out)

	r, _ = newScript(t, nil, answers[0], answers[1], answers[3]).run("list domains")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.err, "announced 3 and gave 2")

	r, _ = newScript(t, nil, answers[0], says("2400", "", "")).run("list domains")
	require.Equal(t, exitRefused, r.status, r.err)
	require.Empty(t, r.out)
}
