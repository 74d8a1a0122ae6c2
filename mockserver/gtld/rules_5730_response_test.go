package gtld_test

import (
	"slices"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

const (
	pollReq = `<poll op="req"/>`
	badName = "_bad-.example"
)

// several are answers of every kind: to queries, transforms, polls; successes and
// refusals, with and without data, messages and extensions.
func several(s *site) []*wiretest.Answer {
	c := s.north()
	return []*wiretest.Answer{
		c.Do(checkDomains("free.example")),
		c.Do(infoDomain("alpha.example", "", "")),
		c.Do(infoDomain("none.example", "", "")),
		c.Do(makeDomain("fresh.example", holder+hushed)),
		c.Do(infoDomain("fresh.example", "", "")),
		c.Do(makeDomain(badName, holder+hushed)),
		c.Do(updateDomain("fresh.example", addStatus("clientHold"))),
		c.Do(deleteDomain("fresh.example")),
		c.Do(pollReq),
		c.Do(ack("1")),
		c.Do(`<poll op="ack"/>`),
		c.Do(`<nothing/>`),
		c.Do(checkDomains()),
	}
}

func ack(id string) string { return `<poll op="ack" msgID="` + id + `"/>` }

// queueOf are a msgQ's attributes, "" for those of one that is not there.
func queueOf(a *wiretest.Answer) (count, id string) {
	if n := a.Attrs("response/msgQ", "count"); len(n) == 1 {
		return n[0], a.Attrs("response/msgQ", "id")[0]
	}
	return "", ""
}

// rules5730Response are about what every answer has (sections 2.5 to 2.8).
var rules5730Response = []rule{
	{id: "R5730-023", deviate: misread(`</check></command>`, `</check><clTRID>made-up</clTRID></command>`), check: func(s *site) {
		a := s.south().Send("<command>" + checkDomains("free.example") + "</command>").Code(1000)
		require.Equal(s, []string{"svTRID"}, a.Names("trID"))
	}},
	{id: "R5730-024", deviate: faulty(fault.Fault{Kind: fault.ExtraResults}), check: func(s *site) {
		for _, a := range several(s) {
			codes := a.Attrs("response/result", "code")
			for _, code := range codes {
				require.Equal(s, codes[0][0], code[0], a.XML)
			}
		}
	}},
	{id: "R5730-025", deviate: rewriteTo("<check>", `(<result code="1.*</result>)`, "$1$1"), check: func(s *site) {
		for _, a := range several(s) {
			if codes := a.Attrs("response/result", "code"); codes[0][0] == '1' {
				require.Len(s, codes, 1)
			}
		}
	}},
	{id: "R5730-026", deviate: rewriteTo("<check>", "1000", "1002"), check: func(s *site) {
		for _, a := range several(s) {
			for _, code := range a.Attrs("response/result", "code") {
				n, err := strconv.ParseUint(code, 10, 16)
				require.NoError(s, err)
				require.True(s, epp.Code(n).Known(), code)
			}
			for _, msg := range a.All("response/result/msg") {
				require.NotEmpty(s, msg)
			}
		}
	}},
	{id: "R5730-027", deviate: rewrite(`<msg>Object does not exist`, "<msg>Kohdetta ei ole"), check: func(s *site) {
		for _, a := range several(s) {
			code, _ := strconv.Atoi(a.Attrs("response/result", "code")[0])
			require.Contains(s, []string{"absent", "en"}, a.Attrs("response/result/msg", "lang")[0])
			require.Equal(s, epp.Code(code).Text(), a.All("response/result/msg")[0], "it is in English")
		}
	}},
	{id: "R5730-028", deviate: rewrite("(</result>)(<resData>|<trID>)", `$1<msgQ count="0" id="7"/>$2`), check: func(s *site) {
		c := s.south()
		for _, q := range []string{pollReq, checkDomains("free.example"), infoDomain("gamma.test", "", ""), ack("1")} {
			require.NotContains(s, c.Do(q).Names("response"), "msgQ")
		}
	}},
	{id: "R5730-029", deviate: rewrite(` count="\d+"`, ` count="0"`), check: func(s *site) {
		count, id := queueOf(s.north().Do(pollReq).Code(1301))
		require.Equal(s, "2", count)
		require.NotEmpty(s, id)
	}},
	{
		id:      "R5730-030",
		deviate: rewriteTo(`op="ack"`, `(<msgQ [^>]*)/>`, `$1><qDate>2025-03-01T09:00:02Z</qDate><msg>Gone</msg></msgQ>`),
		check: func(s *site) {
			c := s.north()
			a := c.Do(pollReq).Code(1301)
			require.Equal(s, []string{"qDate", "msg"}, a.Names("msgQ"))
			_, id := queueOf(a)
			for _, q := range []string{checkDomains("free.example"), ack(id), infoDomain("alpha.example", "", "")} {
				require.Empty(s, c.Do(q).Code(1000).Names("msgQ"))
			}
		},
	},
	{id: "R5730-031", deviate: rewriteTo("<info>", "(<resData>.*)(<trID>.*</trID>)", "$2$1"), check: func(s *site) {
		for _, a := range several(s) {
			require.Regexp(s, `^(result )+(msgQ )?(resData )?(extension )?trID $`, strings.Join(a.Names("response"), " ")+" ")
		}
	}},
	{id: "R5730-032", deviate: rewrite(`<clTRID>a-1`, "<clTRID>A-1"), check: func(s *site) {
		c := s.south()
		for _, id := range []string{"a-1", strings.Repeat("long-id.", 8), "&lt;é/&quot; 世&gt;"} {
			plain := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`).Replace(id)
			require.Equal(s, plain, c.Send(commandOf(checkDomains("free.example"), id)).Code(1000).Text("trID/clTRID"))
			require.Equal(s, plain, c.Send(commandOf(infoDomain("none.example", "", ""), id)).Code(2303).Text("trID/clTRID"))
		}
	}},
	{id: "R5730-033", deviate: rewriteTo("free-2", "<svTRID>[^<]*", "<svTRID>again-1"), check: func(s *site) {
		seen := make(map[string]bool)
		for _, c := range []*wiretest.Client{s.north(), s.south(), s.south()} {
			for _, name := range []string{"free-1.example", "free-2.example", badName} {
				id := c.Do(checkDomains(name)).Text("trID/svTRID")
				require.Regexp(s, `^.{3,64}$`, id)
				require.False(s, seen[id], id)
				seen[id] = true
			}
		}
	}},
	{id: "R5730-035", deviate: rewrite(`<value[^>]*>.*?</value>`, "<value>the name</value>"), check: func(s *site) {
		c := s.north()
		a := c.Do(makeDomain(badName, holder+hushed)).Code(2005)
		require.Equal(s, []string{"name"}, a.Names("extValue/value"), a.XML)
		require.Equal(s, badName, a.Text("extValue/value/name"))
		require.Equal(s, domainNS, a.Root().FindElement("//extValue/value/name").NamespaceURI())
		a = c.Do(makeDomain("long.example", years(11)+holder+hushed)).Code(2004)
		require.Equal(s, []string{"period"}, a.Names("extValue/value"), a.XML)
	}},
	{id: "R5730-036", deviate: rewriteTo("<info>", "(<resData>.*</resData>)(<extension>.*</extension>)", "$2$1"), check: func(s *site) {
		c := s.north()
		c.Do(makeDomain("fresh.example", holder+hushed) + `<extension><s:create xmlns:s="` + secDNSNS + `">` +
			`<s:dsData><s:keyTag>12345</s:keyTag><s:alg>13</s:alg><s:digestType>2</s:digestType><s:digest>` + strings.Repeat("A7", 32) +
			`</s:digest></s:dsData></s:create></extension>`).Code(1000)
		a := c.Do(infoDomain("fresh.example", "", "")).Code(1000)
		require.Equal(s, []string{"result", "resData", "extension", "trID"}, slices.DeleteFunc(a.Names("response"), func(n string) bool { return n == "msgQ" }))
		for _, part := range []string{"resData", "extension"} {
			for _, el := range a.Root().FindElement("//" + part).ChildElements() {
				require.NotEqual(s, epp.NS, el.NamespaceURI())
			}
		}
		require.NotEmpty(s, a.All("extension/infData/dsData"))
	}},
	{id: "R5730-037", deviate: rewriteTo("<info>.*jr-1", `(<\w+:roid)>[^<]*`, "$1>D1-MOCK"), check: func(s *site) {
		c := s.north()
		c.Do(makeDomain("fresh.example", holder+hushed)).Code(1000)
		seen, suffixes := make(map[string]bool), make(map[string]bool)
		for _, q := range []string{
			infoDomain("alpha.example", "", ""), infoDomain("fresh.example", "", ""), infoContact("jr-1", ""),
			hostCommand("info", "<name>ns1.alpha.example</name>"),
		} {
			roid := c.Do(q).Code(1000).Text("infData/roid")
			require.Regexp(s, `^\w{1,80}-\w{1,8}$`, roid)
			require.False(s, seen[roid], roid)
			seen[roid] = true
			suffixes[roid[strings.IndexByte(roid, '-'):]] = true
		}
		require.Len(s, suffixes, 1)
		was := c.Do(infoDomain("fresh.example", "", "")).Text("infData/roid")
		c.Do(updateDomain("fresh.example", addStatus("clientHold"))).Code(1000)
		require.Equal(s, was, c.Do(infoDomain("fresh.example", "", "")).Text("infData/roid"))
	}},
}
