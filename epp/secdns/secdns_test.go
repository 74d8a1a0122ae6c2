package secdns_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension(), secdns.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<s:` + local + ` xmlns:s="` + secdns.NS + `">` + content + `</s:` + local + `>`
}

const (
	ds1  = `<s:dsData><s:keyTag>0</s:keyTag><s:alg>13</s:alg><s:digestType>2</s:digestType><s:digest>0a1B2c3D</s:digest></s:dsData>`
	key  = `<s:keyData><s:flags>257</s:flags><s:protocol>3</s:protocol><s:alg>13</s:alg><s:pubKey>c2F1bmE=</s:pubKey></s:keyData>`
	key2 = `<s:keyData><s:flags>0</s:flags><s:protocol>0</s:protocol><s:alg>255</s:alg><s:pubKey>a2l1YXM=</s:pubKey></s:keyData>`
)

var (
	dsData  = secdns.DSData{KeyTag: 0, Alg: 13, DigestType: 2, Digest: "0a1B2c3D"}
	keyData = secdns.KeyData{Flags: 257, Protocol: 3, Alg: 13, PubKey: "c2F1bmE="}
	withKey = secdns.DSData{KeyTag: 65535, Alg: 255, DigestType: 255, Digest: "FF", KeyData: &keyData}

	ds2 = `<s:dsData><s:keyTag>65535</s:keyTag><s:alg>255</s:alg><s:digestType>255</s:digestType><s:digest>FF</s:digest>` + key + `</s:dsData>`

	update = &domain.Update{Name: "sauna.example"}
)

func rows() []epptest.Row {
	row := func(name, xml string, v, extends epp.Element) epptest.Row {
		return epptest.Row{Name: name, XML: xml, Value: v, Extends: extends}
	}
	inf := &domain.InfData{Name: "sauna.example", ROID: "SAUNA1-TEST", ClID: "RegOne"}
	return []epptest.Row{
		row("RFC 5910, 5.1.2 infData, DS data", el("infData", ds1+ds2),
			&secdns.InfData{DSData: []secdns.DSData{dsData, withKey}}, inf),
		row("RFC 5910, 5.1.2 infData, key data", el("infData", `<s:maxSigLife>604800</s:maxSigLife>`+key+key2),
			&secdns.InfData{MaxSigLife: 604800, KeyData: []secdns.KeyData{keyData, {Alg: 255, PubKey: "a2l1YXM="}}}, inf),
		row("RFC 5910, 5.2.1 create, DS data", el("create", `<s:maxSigLife>1</s:maxSigLife>`+ds2),
			&secdns.Create{MaxSigLife: 1, DSData: []secdns.DSData{withKey}}, update),
		row("RFC 5910, 5.2.1 create, key data", el("create", key),
			&secdns.Create{KeyData: []secdns.KeyData{keyData}}, update),
		row("RFC 5910, 4.1 a digest may be empty", el("create", strings.Replace(ds1, "0a1B2c3D", "", 1)),
			&secdns.Create{DSData: []secdns.DSData{{Alg: 13, DigestType: 2}}}, update),
		row("RFC 5910, 5.2.5 update of nothing, as the schema lets it", el("update", ""),
			&secdns.Update{}, update),
		row("RFC 5910, 5.2.5 rem before add", el("update", `<s:rem>`+ds1+`</s:rem><s:add>`+ds2+`</s:add>`),
			&secdns.Update{
				Rem: &secdns.Rem{DSData: []secdns.DSData{dsData}},
				Add: &secdns.Add{DSData: []secdns.DSData{withKey}},
			}, update),
		row("RFC 5910, 5.2.5 rem and add keys", el("update", `<s:rem>`+key+key2+`</s:rem><s:add><s:maxSigLife>60</s:maxSigLife>`+key+`</s:add>`),
			&secdns.Update{
				Rem: &secdns.Rem{KeyData: []secdns.KeyData{keyData, {Alg: 255, PubKey: "a2l1YXM="}}},
				Add: &secdns.Add{MaxSigLife: 60, KeyData: []secdns.KeyData{keyData}},
			}, update),
		row("RFC 5910, 5.2.5 rem all", el("update", `<s:rem><s:all>true</s:all></s:rem>`),
			&secdns.Update{Rem: &secdns.Rem{All: new(true)}}, update),
		row("RFC 5910, 5.2.5 rem all says false", el("update", `<s:rem><s:all>0</s:all></s:rem>`),
			&secdns.Update{Rem: &secdns.Rem{All: new(false)}}, update),
		row("RFC 5910, 5.2.5 chg", el("update", `<s:chg><s:maxSigLife>2147483647</s:maxSigLife></s:chg>`),
			&secdns.Update{Chg: &secdns.Chg{MaxSigLife: 1<<31 - 1}}, update),
		row("RFC 5910, 5.2.5 chg of nothing", el("update", `<s:chg/>`),
			&secdns.Update{Chg: new(secdns.Chg)}, update),
		row("RFC 5910, 5.2.5 urgent", strings.Replace(el("update", `<s:chg/>`), "<s:update", `<s:update urgent="1"`, 1),
			&secdns.Update{Urgent: new(true), Chg: new(secdns.Chg)}, update),
		row("RFC 5910, 5.2.5 urgent says false", strings.Replace(el("update", `<s:chg/>`), "<s:update", `<s:update urgent="false"`, 1),
			&secdns.Update{Urgent: new(false), Chg: new(secdns.Chg)}, update),
	}
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows())
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	with := func(ds secdns.DSData) *secdns.Create { return &secdns.Create{DSData: []secdns.DSData{ds}} }
	withKey := func(k secdns.KeyData) *secdns.Create { return &secdns.Create{KeyData: []secdns.KeyData{k}} }
	both := secdns.Create{DSData: []secdns.DSData{dsData}, KeyData: []secdns.KeyData{keyData}}
	rem := func(r secdns.Rem) *secdns.Update { return &secdns.Update{Rem: &r} }
	var refusals []epptest.Refusal
	add := func(name string, v epp.Element, path, text string) {
		refusals = append(refusals, epptest.Refusal{Name: name, Value: v, Path: path, Error: text, Extends: update})
	}
	add("create of nothing", &secdns.Create{}, "secDNS:create", "dsData or keyData")
	add("create of maxSigLife alone", &secdns.Create{MaxSigLife: 60}, "secDNS:create", "dsData or keyData")
	add("create of both interfaces", &both, "secDNS:create", "not both")
	add("maxSigLife below 1", &secdns.Create{MaxSigLife: -1, DSData: both.DSData}, "secDNS:maxSigLife", "1 or more")
	add("a key tag of 17 bits", with(secdns.DSData{KeyTag: 65536, Digest: "FF"}), "secDNS:keyTag", "from 0 to 65535")
	add("a key tag below 0", with(secdns.DSData{KeyTag: -1, Digest: "FF"}), "secDNS:keyTag", "from 0 to 65535")
	add("an algorithm of 9 bits", with(secdns.DSData{Alg: 256, Digest: "FF"}), "secDNS:alg", "from 0 to 255")
	add("a digest type of 9 bits", with(secdns.DSData{DigestType: 256, Digest: "FF"}), "secDNS:digestType", "from 0 to 255")
	add("a digest of half an octet", with(secdns.DSData{Digest: "FFF"}), "secDNS:digest", "not hexadecimal")
	add("flags of 17 bits", withKey(secdns.KeyData{Flags: 65536, PubKey: "FF=="}), "secDNS:flags", "from 0 to 65535")
	add("a protocol of 9 bits", withKey(secdns.KeyData{Protocol: 256, PubKey: "FF=="}), "secDNS:protocol", "from 0 to 255")
	add("a key's algorithm of 9 bits", withKey(secdns.KeyData{Alg: 256, PubKey: "FF=="}), "secDNS:alg", "from 0 to 255")
	add("a key that is not base64", withKey(secdns.KeyData{PubKey: "F"}), "secDNS:pubKey", "not base64")
	add("no key", withKey(secdns.KeyData{}), "secDNS:pubKey", "must not be empty")
	add("rem of nothing", rem(secdns.Rem{}), "secDNS:rem", "one of all")
	add("rem in two ways", rem(secdns.Rem{All: new(false), DSData: both.DSData}), "secDNS:rem", "one of all")
	add("rem of both interfaces", rem(secdns.Rem{DSData: both.DSData, KeyData: both.KeyData}), "secDNS:rem", "one of all")
	add("add of nothing", &secdns.Update{Add: new(secdns.Add)}, "secDNS:add", "dsData or keyData")
	add("chg below 1", &secdns.Update{Chg: &secdns.Chg{MaxSigLife: -1}}, "secDNS:maxSigLife", "1 or more")
	epptest.Refused(t, refusals)
}

func frame(content string) []byte {
	return []byte(`<epp xmlns="` + epp.NS + `"><command><update><d:update xmlns:d="` + domain.NS +
		`"><d:name>sauna.example</d:name></d:update></update><extension>` + content + `</extension></command></epp>`)
}

// TestTolerant reads what the schema does not allow but anybody understands.
func TestTolerant(t *testing.T) {
	for _, tt := range []struct {
		name, content string
		want          epp.Element
	}{
		{"add before rem", el("update", `<s:add>`+ds1+`</s:add><s:rem><s:all>1</s:all></s:rem>`), &secdns.Update{
			Rem: &secdns.Rem{All: new(true)}, Add: &secdns.Add{DSData: []secdns.DSData{dsData}},
		}},
		{"both interfaces", el("create", key+ds1), &secdns.Create{
			DSData: []secdns.DSData{dsData}, KeyData: []secdns.KeyData{keyData},
		}},
		{"maxSigLife alone", el("create", `<s:maxSigLife>60</s:maxSigLife>`), &secdns.Create{MaxSigLife: 60}},
		{"a key tag of 17 bits", el("create", strings.Replace(ds1, ">0<", ">65536<", 1)), &secdns.Create{
			DSData: []secdns.DSData{{KeyTag: 65536, Alg: 13, DigestType: 2, Digest: "0a1B2c3D"}},
		}},
		{"urgent with spaces", strings.Replace(el("update", ""), "<s:update", `<s:update urgent=" true "`, 1), &secdns.Update{Urgent: new(true)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := set(t).Parse(frame(tt.content))
			require.NoError(t, err)
			require.Equal(t, []epp.Element{tt.want}, m.(*epp.Command).Extension)
			_, err = set(t).ParseStrict(frame(tt.content))
			require.Equal(t, tt.name == "urgent with spaces", err == nil, "%v", err)
		})
	}
}

// TestCorpus reads and writes the frames of others.
func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc5910", secdns.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows()) }

// A key is replaced: the old DS record goes, and the new one comes.
func ExampleUpdate() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &domain.Update{Name: "sauna.example"},
		Extension: []epp.Element{&secdns.Update{
			Rem: &secdns.Rem{All: new(true)},
			Add: &secdns.Add{DSData: []secdns.DSData{{KeyTag: 40404, Alg: 13, DigestType: 2, Digest: "0A1B2C3D"}}},
		}},
		ClTRID: "EX-1",
	})
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "<extension>")
	fmt.Println(strings.ReplaceAll(extension, "><", ">\n<"))
	// Output:
	// <secDNS:update xmlns:secDNS="urn:ietf:params:xml:ns:secDNS-1.1">
	// <secDNS:rem>
	// <secDNS:all>1</secDNS:all>
	// </secDNS:rem>
	// <secDNS:add>
	// <secDNS:dsData>
	// <secDNS:keyTag>40404</secDNS:keyTag>
	// <secDNS:alg>13</secDNS:alg>
	// <secDNS:digestType>2</secDNS:digestType>
	// <secDNS:digest>0A1B2C3D</secDNS:digest>
	// </secDNS:dsData>
	// </secDNS:add>
	// </secDNS:update>
	// </extension>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
