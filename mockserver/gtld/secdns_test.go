package gtld_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
)

const secDNSNS = "urn:ietf:params:xml:ns:secDNS-1.1"

// ds is a record with a digest of type 2 that is all of one octet.
func ds(keyTag int, octet string) string {
	return fmt.Sprintf("<s:dsData><s:keyTag>%d</s:keyTag><s:alg>13</s:alg><s:digestType>2</s:digestType><s:digest>%s</s:digest></s:dsData>",
		keyTag, strings.Repeat(octet, 32))
}

func key(flags int, pubKey string) string {
	return fmt.Sprintf("<s:keyData><s:flags>%d</s:flags><s:protocol>3</s:protocol><s:alg>13</s:alg><s:pubKey>%s</s:pubKey></s:keyData>", flags, pubKey)
}

func secDNS(local, content string) string {
	return `<s:` + local + ` xmlns:s="` + secDNSNS + `">` + content + `</s:` + local + `>`
}

func TestSecDNS(t *testing.T) {
	m := extended(t, gtld.Options{}, `
tlds:
  - {name: example, dnssec: {maxRecords: 3}}
  - {name: lake, dnssec: {interface: key, maxSigLife: true, algorithms: [13, 15]}}
  - {name: bay, dnssec: {interface: none}}
`)
	x := m.loginX(t)
	tags := func(name string) []string { return x.Do(infoDomain(name, "", "")).Code(1000).All("dsData/keyTag") }
	update := func(content string) string { return extUpdate("sauna.example", secDNS("update", content)) }

	t.Run("R5910-007 5.2.1 what create gave, info shows", func(t *testing.T) {
		x.Do(extCreate("sauna.example", "", secDNS("create", ds(11, "0a")+ds(12, "0b")))).Code(1000)
		a := x.Do(infoDomain("sauna.example", "", "")).Code(1000)
		require.Equal(t, []string{"11", "12"}, a.All("dsData/keyTag"))
		require.Equal(t, []string{strings.Repeat("0A", 32), strings.Repeat("0B", 32)}, a.All("dsData/digest"))
		require.Empty(t, a.All("maxSigLife"))
	})
	t.Run("R5910-001 section 2 shown only if the login named it", func(t *testing.T) {
		c := m.with(t, "reg-north", "north-Gate9", []string{domainNS}, nil)
		a := c.Do(infoDomain("sauna.example", "", "")).Code(1000)
		require.Empty(t, a.All("extension"))
		require.Empty(t, a.All("extValue"))
		c.Do(update("<s:rem><s:all>1</s:all></s:rem>")).Code(2103)
	})
	t.Run("R5910-005 5.1.2 none where there is no data", func(t *testing.T) {
		x.Do(extCreate("kiulu.example", "", "")).Code(1000)
		require.NotContains(t, x.Do(infoDomain("kiulu.example", "", "")).Code(1000).XML, secDNSNS)
	})
	t.Run("R5910-009 5.2.5 rem before add", func(t *testing.T) {
		x.Do(update("<s:rem>" + ds(11, "0A") + "</s:rem><s:add>" + ds(11, "0a") + "</s:add>")).Code(1000)
		require.Equal(t, []string{"12", "11"}, tags("sauna.example"))
		x.Do(update("<s:rem><s:all>true</s:all></s:rem><s:add>" + ds(13, "0c") + "</s:add>")).Code(1000)
		require.Equal(t, []string{"13"}, tags("sauna.example"))
	})
	t.Run("R5910-012 5.2.5 all four values must match", func(t *testing.T) {
		for _, rem := range []string{
			ds(13, "0d"), ds(14, "0c"), strings.Replace(ds(13, "0c"), "<s:alg>13", "<s:alg>8", 1),
			strings.Replace(ds(13, "0c"), "Type>2", "Type>3", 1),
		} {
			x.Do(update("<s:rem>" + rem + "</s:rem>")).Code(2306)
		}
		require.Equal(t, []string{"13"}, tags("sauna.example"))
	})
	t.Run("R5910-011 5.2.5 all=false does nothing", func(t *testing.T) {
		x.Do(update("<s:rem><s:all>0</s:all></s:rem>")).Code(1000)
		require.Equal(t, []string{"13"}, tags("sauna.example"))
	})
	t.Run("R5910-008 R5910-010 R5910-013 5.2.5 what an update must be", func(t *testing.T) {
		x.Do(update("")).Code(2003)
		x.Do(update("<s:add/>")).Code(2001)
		x.Do(strings.Replace(update("<s:add>"+ds(14, "0d")+"</s:add>"), "<s:update", `<s:update urgent="true"`, 1)).Code(2102)
		x.Do(strings.Replace(update("<s:add>"+ds(14, "0d")+"</s:add>"), "<s:update", `<s:update urgent="0"`, 1)).Code(1000)
		x.Do(update("<s:add>" + ds(14, "0D") + "</s:add>")).Code(2306) // is there
		x.Do(update("<s:add>" + ds(15, "0e") + ds(16, "0f") + "</s:add>")).Code(2306)
		require.Equal(t, []string{"13", "14"}, tags("sauna.example"), "four are one too many, and nothing was done")
	})
	t.Run("R5910-002 R5910-006 3.3 maxSigLife", func(t *testing.T) {
		x.Do(extCreate("loyly.example", "", secDNS("create", "<s:maxSigLife>60</s:maxSigLife>"+ds(11, "0a")))).Code(2102)
		x.Do(update("<s:add><s:maxSigLife>60</s:maxSigLife>" + ds(15, "0e") + "</s:add>")).Code(2102)
		x.Do(update("<s:chg><s:maxSigLife>60</s:maxSigLife></s:chg>")).Code(2102)
		x.Do(update("<s:chg><s:maxSigLife>0</s:maxSigLife></s:chg>")).Code(2001)
		x.Do(extCreate("sauna.lake", "", secDNS("create", "<s:maxSigLife>60</s:maxSigLife>"+key(257, "c2F1bmE=")))).Code(1000)
		x.Do(extUpdate("sauna.lake", secDNS("update", "<s:chg><s:maxSigLife>90</s:maxSigLife></s:chg>"))).Code(1000)
		require.Equal(t, "90", x.Do(infoDomain("sauna.lake", "", "")).Text("maxSigLife"))
	})
	t.Run("R5910-003 R5910-004 section 4 one interface", func(t *testing.T) {
		x.Do(extCreate("loyly.example", "", secDNS("create", key(257, "c2F1bmE=")))).Code(2306)
		x.Do(extCreate("loyly.lake", "", secDNS("create", ds(11, "0a")))).Code(2306)
		x.Do(extCreate("loyly.bay", "", secDNS("create", ds(11, "0a")))).Code(2306)
		x.Do(extCreate("loyly.example", "", secDNS("create", ds(11, "0a")+key(257, "c2F1bmE=")))).Code(2001)
		x.Do(extUpdate("sauna.lake", secDNS("update", "<s:rem>"+ds(11, "0a")+"</s:rem>"))).Code(2306)
		x.Do(extUpdate("sauna.lake", secDNS("update", "<s:rem>"+key(256, "c2F1bmE=")+"</s:rem>"))).Code(2306)
		x.Do(extUpdate("sauna.lake", secDNS("update", "<s:rem>"+key(257, "c2F1bmE=")+"</s:rem><s:add>"+key(256, "a2l1YXM=")+"</s:add>"))).Code(1000)
		require.Equal(t, []string{"a2l1YXM="}, x.Do(infoDomain("sauna.lake", "", "")).All("keyData/pubKey"))
	})
	t.Run("epp-14 epp-16 records that are wrong", func(t *testing.T) {
		for _, tt := range []struct {
			name, old, new string
			code           int
		}{
			{"an algorithm that IANA does not have", "<s:alg>13", "<s:alg>99", 2306},
			{"an algorithm that signs no zone", "<s:alg>13", "<s:alg>252", 2306},
			{"a digest type that IANA does not have", "Type>2", "Type>99", 2306},
			{"a digest that is too long for its type", "Type>2", "Type>1", 2005},
			{"a digest that is too short for its type", "Type>2", "Type>4", 2005},
			{"an empty digest", strings.Repeat("0a", 32), "", 2005},
			{"a digest that is not hexadecimal", "0a0a", "0a0g", 2001},
			{"half an octet", "0a0a", "0a0", 2001},
			{"a key tag of 17 bits", "Tag>11", "Tag>65536", 2001},
		} {
			t.Run(tt.name, func(t *testing.T) {
				wrong := strings.Replace(ds(11, "0a"), tt.old, tt.new, 1)
				x.Do(extCreate("loyly.example", "", secDNS("create", wrong))).Code(tt.code)
				x.Do(update("<s:add>" + wrong + "</s:add>")).Code(tt.code)
			})
		}
		x.Do(extCreate("loyly.lake", "", secDNS("create", key(1, "c2F1bmE=")))).Code(2306)
		x.Do(extCreate("loyly.lake", "", secDNS("create", strings.Replace(key(257, "c2F1bmE="), "ocol>3", "ocol>2", 1)))).Code(2306)
		x.Do(extCreate("loyly.lake", "", secDNS("create", strings.Replace(key(257, "c2F1bmE="), "alg>13", "alg>8", 1)))).Code(2306)
		require.Equal(t, []string{"1", "1"}, x.Do(checkDomains("loyly.example", "loyly.lake")).Attrs("cd/name", "avail"))
	})
	t.Run("4.1 the key that a record was made of", func(t *testing.T) {
		record := strings.Replace(ds(11, "0a"), "</s:dsData>", key(257, "c2F1bmE=")+"</s:dsData>", 1)
		x.Do(extCreate("vihta.example", "", secDNS("create", record))).Code(1000)
		require.Equal(t, "c2F1bmE=", x.Do(infoDomain("vihta.example", "", "")).Text("dsData/keyData/pubKey"))
		x.Do(extUpdate("vihta.example", secDNS("update", "<s:rem>"+ds(11, "0A")+"</s:rem>"))).Code(1000)
		require.Empty(t, tags("vihta.example"))
	})
	t.Run("R5910-014 section 9 the sponsor alone", func(t *testing.T) {
		m.loginY(t).Do(update("<s:rem><s:all>1</s:all></s:rem>")).Code(2201)
	})
}

func TestSecDNSIsNotAnnounced(t *testing.T) {
	m := extended(t, gtld.Options{}, "tlds: [{name: bay, dnssec: {interface: none}}]")
	require.NotContains(t, m.dial(t).Greeting.All("extURI"), secDNSNS)
}
