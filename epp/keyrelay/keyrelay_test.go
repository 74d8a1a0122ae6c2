package keyrelay_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/e164valex"
	"github.com/eppkit/eppkit/epp/keyrelay"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(keyrelay.Extension(), e164valex.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<k:` + local + ` xmlns:k="` + keyrelay.NS + `" xmlns:d="urn:ietf:params:xml:ns:domain-1.0"` +
		` xmlns:s="urn:ietf:params:xml:ns:secDNS-1.1">` + content + `</k:` + local + `>`
}

const (
	name = `<k:name>sauna.example</k:name>`
	auth = `<k:authInfo><d:pw>Four-5-six</d:pw></k:authInfo>`
	key  = `<k:keyData><s:flags>257</s:flags><s:protocol>3</s:protocol><s:alg>13</s:alg><s:pubKey>c2F1bmE=</s:pubKey></k:keyData>`
	data = `<k:keyRelayData>` + key + `</k:keyRelayData>`
	tail = `<k:crDate>2025-02-03T04:05:06Z</k:crDate><k:reID>RegTwo</k:reID><k:acID>RegOne</k:acID>`
)

var (
	when    = time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC)
	keyData = keyrelay.KeyData{Flags: 257, Protocol: 3, Alg: 13, PubKey: "c2F1bmE="}
)

// least is a Create with nothing in it that may be left out.
func least(change func(*keyrelay.Create)) *keyrelay.Create {
	m := &keyrelay.Create{
		Name: "sauna.example", AuthInfo: epp.AuthInfo{PW: "Four-5-six"},
		KeyRelayData: []keyrelay.KeyRelayData{{KeyData: keyData}},
	}
	change(m)
	return m
}

var rows = []epptest.Row{
	{
		Name: "RFC 8063, 3.2.1 create", XML: el("create", name+auth+data),
		Value: least(func(*keyrelay.Create) {}),
	},
	{
		Name: "RFC 8063, 2.1.1 create of keys that expire", XML: el("create", name+`<k:authInfo><d:pw roid="ANNA1-TEST"/></k:authInfo>
		<k:keyRelayData>`+key+`<k:expiry><k:absolute>2025-02-03T04:05:06Z</k:absolute></k:expiry></k:keyRelayData>
		<k:keyRelayData>`+key+`<k:expiry><k:relative>P1M13D</k:relative></k:expiry></k:keyRelayData>
		<k:keyRelayData><k:keyData><s:flags>0</s:flags><s:protocol>0</s:protocol><s:alg>0</s:alg><s:pubKey>c2F1 bmE=</s:pubKey></k:keyData>
			<k:expiry><k:relative>P0D</k:relative></k:expiry></k:keyRelayData>`),
		Value: least(func(m *keyrelay.Create) {
			m.AuthInfo = epp.AuthInfo{ROID: "ANNA1-TEST"}
			m.KeyRelayData = []keyrelay.KeyRelayData{
				{KeyData: keyData, Expiry: &keyrelay.Expiry{Absolute: when}},
				{KeyData: keyData, Expiry: &keyrelay.Expiry{Relative: "P1M13D"}},
				{KeyData: keyrelay.KeyData{PubKey: "c2F1 bmE="}, Expiry: &keyrelay.Expiry{Relative: "P0D"}},
			}
		}),
	},
	{
		Name: "RFC 8063, 4 create with another kind of authInfo", XML: el("create", name+`<k:authInfo><d:ext>
			<v:simpleVal xmlns:v="`+e164valex.NS+`"><v:methodID>Letter</v:methodID><v:executionDate>2025-02-03</v:executionDate></v:simpleVal>
			</d:ext></k:authInfo>`+data),
		Value: least(func(m *keyrelay.Create) {
			m.AuthInfo = epp.AuthInfo{Ext: &e164valex.SimpleVal{
				MethodID: "Letter", ExecutionDate: time.Date(2025, 2, 3, 0, 0, 0, 0, time.UTC),
			}}
		}),
	},
	{
		Name: "RFC 8063, 3.1.2 infData", XML: el("infData", name+auth+data+data+tail),
		Value: &keyrelay.InfData{
			Name: "sauna.example", AuthInfo: epp.AuthInfo{PW: "Four-5-six"},
			KeyRelayData: []keyrelay.KeyRelayData{{KeyData: keyData}, {KeyData: keyData}},
			CrDate:       when, ReID: "RegTwo", AcID: "RegOne",
		},
	},
	{
		Name: "RFC 8063, 4 keyRelayData by itself", XML: el("keyRelayData", key),
		Value: &keyrelay.KeyRelayData{KeyData: keyData},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	refused := func(name, path, reason string, change func(*keyrelay.Create)) epptest.Refusal {
		return epptest.Refusal{Name: name, Value: least(change), Path: path, Error: reason}
	}
	key := func(change func(*keyrelay.KeyData)) func(*keyrelay.Create) {
		return func(m *keyrelay.Create) { change(&m.KeyRelayData[0].KeyData) }
	}
	expiry := func(e keyrelay.Expiry) func(*keyrelay.Create) {
		return func(m *keyrelay.Create) { m.KeyRelayData[0].Expiry = &e }
	}
	epptest.Refused(t, []epptest.Refusal{
		refused("no name", "keyrelay:name", "1 to 255 characters", func(m *keyrelay.Create) { m.Name = "" }),
		refused("no key", "keyrelay:keyRelayData", "is missing", func(m *keyrelay.Create) { m.KeyRelayData = nil }),
		refused("two authInfos", "keyrelay:authInfo", "not both", func(m *keyrelay.Create) { m.AuthInfo.Ext = &e164valex.SimpleVal{} }),
		refused("flags too high", "secDNS:flags", "from 0 to 65535", key(func(m *keyrelay.KeyData) { m.Flags = 65536 })),
		refused("a protocol too high", "secDNS:protocol", "from 0 to 255", key(func(m *keyrelay.KeyData) { m.Protocol = 256 })),
		refused("an algorithm too low", "secDNS:alg", "from 0 to 255", key(func(m *keyrelay.KeyData) { m.Alg = -1 })),
		refused("no public key", "secDNS:pubKey", "must not be empty", key(func(m *keyrelay.KeyData) { m.PubKey = "" })),
		refused("no base64", "secDNS:pubKey", "is not base64", key(func(m *keyrelay.KeyData) { m.PubKey = "c2F1bmE" })),
		refused("an expiry of nothing", "keyrelay:expiry", "one of absolute and relative", expiry(keyrelay.Expiry{})),
		refused("an expiry of both", "keyrelay:expiry", "one of absolute and relative", expiry(keyrelay.Expiry{Absolute: when, Relative: "P1D"})),
		refused("no duration", "keyrelay:relative", "is not a duration", expiry(keyrelay.Expiry{Relative: "1 day"})),
		{
			Name: "nobody asked", Value: &keyrelay.InfData{
				Name: "sauna.example", KeyRelayData: []keyrelay.KeyRelayData{{KeyData: keyData}}, CrDate: when, AcID: "RegOne",
			},
			Path: "keyrelay:reID", Error: "3 to 16 characters",
		},
		{
			Name: "nobody to act", Value: &keyrelay.InfData{
				Name: "sauna.example", KeyRelayData: []keyrelay.KeyRelayData{{KeyData: keyData}}, CrDate: when, ReID: "RegTwo",
			},
			Path: "keyrelay:acID", Error: "3 to 16 characters",
		},
	})
}

// The authInfo shows nowhere, whatever prints the value.
func TestSecret(t *testing.T) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
		require.NotContains(t, fmt.Sprintf(verb, least(func(*keyrelay.Create) {})), "Four-5-six")
		require.NotContains(t, fmt.Sprintf(verb, keyrelay.InfData{AuthInfo: epp.AuthInfo{PW: "Four-5-six"}}), "Four-5-six")
	}
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc8063", keyrelay.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleCreate() {
	frame, err := epp.Append(nil, &epp.Command{Request: &keyrelay.Create{
		Name:     "sauna.example",
		AuthInfo: epp.AuthInfo{PW: "Four-5-six"},
		KeyRelayData: []keyrelay.KeyRelayData{{
			KeyData: keyrelay.KeyData{Flags: 257, Protocol: 3, Alg: 13, PubKey: "c2F1bmE="},
			Expiry:  &keyrelay.Expiry{Relative: "P1M"},
		}},
	}})
	if err != nil {
		panic(err)
	}
	_, create, _ := strings.Cut(string(frame), "<create>")
	fmt.Println(strings.ReplaceAll(create, "><", ">\n<"))
	// Output:
	// <keyrelay:create xmlns:keyrelay="urn:ietf:params:xml:ns:keyrelay-1.0">
	// <keyrelay:name>sauna.example</keyrelay:name>
	// <keyrelay:authInfo>
	// <domain:pw xmlns:domain="urn:ietf:params:xml:ns:domain-1.0">Four-5-six</domain:pw>
	// </keyrelay:authInfo>
	// <keyrelay:keyRelayData>
	// <keyrelay:keyData>
	// <secDNS:flags xmlns:secDNS="urn:ietf:params:xml:ns:secDNS-1.1">257</secDNS:flags>
	// <secDNS:protocol xmlns:secDNS="urn:ietf:params:xml:ns:secDNS-1.1">3</secDNS:protocol>
	// <secDNS:alg xmlns:secDNS="urn:ietf:params:xml:ns:secDNS-1.1">13</secDNS:alg>
	// <secDNS:pubKey xmlns:secDNS="urn:ietf:params:xml:ns:secDNS-1.1">c2F1bmE=</secDNS:pubKey>
	// </keyrelay:keyData>
	// <keyrelay:expiry>
	// <keyrelay:relative>P1M</keyrelay:relative>
	// </keyrelay:expiry>
	// </keyrelay:keyRelayData>
	// </keyrelay:create>
	// </create>
	// </command>
	// </epp>
}
