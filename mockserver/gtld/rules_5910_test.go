package gtld_test

import (
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// signed has alpha.example be signed with two records; names below lake are signed with keys
// whose signatures' life the client may choose.
func signed(p *plan) {
	p.fixtures.Domains[0].SecDNS = &gtld.SecDNS{DS: []gtld.DS{
		{KeyTag: 11, Alg: 13, DigestType: 2, Digest: strings.Repeat("0A", 32)},
		{KeyTag: 12, Alg: 13, DigestType: 2, Digest: strings.Repeat("0B", 32)},
	}}
	p.registry.Policies = append(p.registry.Policies, gtld.Policy{
		Name: "lake", Contacts: gtld.ContactPolicy{Model: gtld.ThinModel}, DNSSEC: gtld.DNSSECPolicy{Interface: "key", MaxSigLife: true},
	})
}

// resign is an update of alpha.example's records.
func resign(content string) string {
	return updateDomain("alpha.example", "") + ext(secDNS("update", content))
}

// keyTags are those of alpha.example.
func keyTags(c *wiretest.Client) []string {
	return c.Do(infoDomain("alpha.example", "", "")).Code(1000).All("dsData/keyTag")
}

const removeAll = "<s:rem><s:all>true</s:all></s:rem>"

// rules5910 are those of DNSSEC (RFC 5910).
var rules5910 = []rule{
	{
		id: "R5910-001", given: signed,
		deviate: rewriteTo("<info>", "<trID>", `<extension><s:infData xmlns:s="`+secDNSNS+`">`+ds(11, "0A")+`</s:infData></extension>$0`),
		check: func(s *site) {
			c := s.dial()
			login(c, "reg-north", "north-Gate9", []string{domainNS}, nil)
			require.NotContains(s, c.Do(infoDomain("alpha.example", "", "")).Code(1000).XML, "secDNS")
			require.Contains(s, s.north().Do(infoDomain("alpha.example", "", "")).Code(1000).XML, secDNSNS)
		},
	},
	{id: "R5910-002", given: signed, deviate: misread("<s:maxSigLife>(0|-1)<", "<s:maxSigLife>1<"), check: func(s *site) {
		c := s.north()
		for _, life := range []string{"0", "-1", "long"} {
			wantOneOf(s, c.Do(createPlain("moss.lake", "")+ext(secDNS("create", "<s:maxSigLife>"+life+"</s:maxSigLife>"+key(257, "c2F1bmE=")))), 2001, 2004)
		}
		c.Do(createPlain("moss.lake", "") + ext(secDNS("create", "<s:maxSigLife>60</s:maxSigLife>"+key(257, "c2F1bmE=")))).Code(1000)
		require.Equal(s, "60", c.Do(infoDomain("moss.lake", "", "")).Text("maxSigLife"))
	}},
	{
		id: "R5910-003", given: signed,
		deviate: misread("(</s:dsData>)<s:keyData>.*?</s:keyData>", "$1"),
		check: func(s *site) {
			c := s.north()
			c.Do(extCreate("moss.example", "", secDNS("create", ds(11, "0a")+key(257, "c2F1bmE=")))).Code(2001)
			c.Do(resign("<s:add>" + ds(13, "0c") + key(257, "c2F1bmE=") + "</s:add>")).Code(2001)
			wantShape(s, c.Do(infoDomain("alpha.example", "", "")).Code(1000), "secDNS:infData", "((dsData )+|(keyData )+)")
		},
	},
	{id: "R5910-004", given: signed, deviate: lenient[*domain.Create](epp.ParameterPolicyError), check: func(s *site) {
		c := s.north()
		c.Do(extCreate("moss.example", "", secDNS("create", key(257, "c2F1bmE=")))).Code(2306)
		c.Do(createPlain("moss.lake", "") + ext(secDNS("create", ds(11, "0a")))).Code(2306)
		c.Do(resign("<s:add>" + key(257, "c2F1bmE=") + "</s:add>")).Code(2306)
	}},
	{id: "R5910-005", given: signed, deviate: bare("info"), check: func(s *site) {
		c := s.north()
		require.Equal(s, []string{"11", "12"}, keyTags(c))
		require.NotContains(s, c.Do(infoDomain("beta.example", "", "")).Code(1000).XML, "secDNS")
	}},
	{id: "R5910-006", deviate: beforeExtension(func(m *secdns.Create) { m.MaxSigLife = 0 }), check: func(s *site) {
		c := s.north()
		c.Do(extCreate("moss.example", "", secDNS("create", "<s:maxSigLife>60</s:maxSigLife>"+ds(11, "0a")))).Code(2102)
		c.Do(infoDomain("moss.example", "", "")).Code(2303)
	}},
	{id: "R5910-007", deviate: beforeExtension(func(m *secdns.Create) { m.DSData[1].KeyTag = 99 }), check: func(s *site) {
		c := s.north()
		c.Do(extCreate("moss.example", "", secDNS("create", ds(11, "0a")+ds(12, "0b")))).Code(1000)
		a := c.Do(infoDomain("moss.example", "", "")).Code(1000)
		for el, want := range map[string][]string{"keyTag": {"11", "12"}, "alg": {"13", "13"}, "digestType": {"2", "2"}} {
			require.Equal(s, want, a.All("dsData/"+el), el)
		}
		require.Equal(s, strings.Repeat("0A", 32), strings.ToUpper(a.All("dsData/digest")[0]))
	}},
	{id: "R5910-008", given: signed, deviate: lenient[*domain.Update](epp.RequiredParameterMissing), check: func(s *site) {
		c := s.north()
		wantOneOf(s, c.Do(resign("")), 2001, 2003)
		c.Do(resign("<s:add>" + ds(13, "0c") + "</s:add>" + removeAll)).Code(2001)
		c.Do(resign("<s:chg/><s:add>" + ds(13, "0c") + "</s:add>")).Code(2001)
		require.Equal(s, []string{"11", "12"}, keyTags(c))
	}},
	{
		id: "R5910-009", given: signed, // what was added is removed again
		deviate: beforeExtension(func(m *secdns.Update) { m.Add = nil }),
		check: func(s *site) {
			c := s.north()
			c.Do(resign(removeAll + "<s:add>" + ds(13, "0c") + "</s:add>")).Code(1000)
			require.Equal(s, []string{"13"}, keyTags(c))
			c.Do(resign("<s:rem>" + ds(13, "0c") + "</s:rem><s:add>" + ds(13, "0c") + "</s:add>")).Code(1000)
			require.Equal(s, []string{"13"}, keyTags(c))
		},
	},
	{id: "R5910-010", given: signed, deviate: beforeExtension(func(m *secdns.Update) { m.Urgent = nil }), check: func(s *site) {
		c := s.north()
		urgent := func(value string) string {
			return strings.Replace(resign(removeAll), "<s:update", `<s:update urgent="`+value+`"`, 1)
		}
		c.Do(urgent("true")).Code(2102)
		require.Equal(s, []string{"11", "12"}, keyTags(c))
		c.Do(urgent("false")).Code(1000)
	}},
	{id: "R5910-011", given: signed, deviate: beforeExtension(func(m *secdns.Update) { m.Rem.All = new(true) }), check: func(s *site) {
		c := s.north()
		c.Do(resign("<s:rem><s:all>false</s:all></s:rem>")).Code(1000)
		require.Equal(s, []string{"11", "12"}, keyTags(c))
		c.Do(resign(removeAll)).Code(1000)
		require.Empty(s, keyTags(c))
	}},
	{
		id: "R5910-012", given: signed, // the tag is enough
		deviate: beforeExtension(func(m *secdns.Update) {
			m.Rem.DSData[0] = secdns.DSData{KeyTag: m.Rem.DSData[0].KeyTag, Alg: 13, DigestType: 2, Digest: strings.Repeat("0A", 32)}
		}),
		check: func(s *site) {
			c := s.north()
			right := ds(11, "0A")
			for _, wrong := range []string{
				ds(11, "0C"), ds(13, "0A"), strings.Replace(right, "<s:alg>13", "<s:alg>8", 1), strings.Replace(right, "Type>2", "Type>3", 1),
			} {
				c.Do(resign("<s:rem>" + wrong + "</s:rem>"))
				require.Equal(s, []string{"11", "12"}, keyTags(c))
			}
			c.Do(resign("<s:rem>" + right + "</s:rem>")).Code(1000)
			require.Equal(s, []string{"12"}, keyTags(c))
		},
	},
	{id: "R5910-013", given: signed, deviate: misread("<s:add/>", "<s:rem><s:all>false</s:all></s:rem>"), check: func(s *site) {
		wantOneOf(s, s.north().Do(resign("<s:add/>")), 2001, 2003)
	}},
	{id: "R5910-014", given: signed, deviate: lenient[*domain.Update](epp.AuthorizationError), check: func(s *site) {
		s.south().Do(resign(removeAll)).Code(2201)
		require.Equal(s, []string{"11", "12"}, keyTags(s.north()))
	}},
}
