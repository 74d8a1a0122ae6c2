package ttl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/ttl"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension(), host.Extension(), ttl.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<t:` + local + ` xmlns:t="` + ttl.NS + `">` + content + `</t:` + local + `>`
}

var (
	info   = &domain.Info{Name: "sauna.example"}
	data   = &domain.InfData{Name: "sauna.example", ROID: "SAUNA1-TEST", ClID: "RegOne"}
	update = &domain.Update{Name: "sauna.example", Chg: new(domain.Chg)}
	create = &domain.Create{Name: "sauna.example", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}}
)

var rows = []epptest.Row{
	{Name: "RFC 9803, 1.5 info", XML: el("info", ``), Value: &ttl.Info{}, Extends: info},
	{
		Name: "RFC 9803, 1.5 info, policy", XML: `<t:info xmlns:t="` + ttl.NS + `" policy="true"/>`,
		Value: &ttl.Info{Policy: new(true)}, Extends: info,
	},
	{
		Name: "RFC 9803, 1.5 info, policy is false in so many words", XML: `<t:info xmlns:t="` + ttl.NS + `" policy="0"/>`,
		Value: &ttl.Info{Policy: new(false)}, Extends: info,
	},
	{
		Name: "RFC 9803, 2.1.1 infData", XML: el("infData", `<t:ttl for="NS" min="0" default="600" max="2147483647">300</t:ttl>`+
			`<t:ttl for="DS" min="60"/><t:ttl for="custom" custom="DELEG" default="0">0</t:ttl>`),
		Extends: data,
		Value: &ttl.InfData{TTL: []ttl.Status{
			{TTL: ttl.TTL{For: ttl.NSRecord, Seconds: new(300)}, Min: new(0), Default: new(600), Max: new(ttl.Max)},
			{TTL: ttl.TTL{For: ttl.DSRecord}, Min: new(60)},
			{TTL: ttl.TTL{For: ttl.Custom, Custom: "DELEG", Seconds: new(0)}, Default: new(0)},
		}},
	},
	{
		Name: "RFC 9803, 2.2.1 create, every type of record", XML: el("create", `<t:ttl for="NS">5</t:ttl><t:ttl for="DS">7</t:ttl>`+
			`<t:ttl for="DNAME">1</t:ttl><t:ttl for="A">2</t:ttl><t:ttl for="AAAA">3</t:ttl><t:ttl for="custom" custom="A">4</t:ttl>`),
		Extends: create,
		Value: &ttl.Create{TTL: []ttl.TTL{
			{For: ttl.NSRecord, Seconds: new(5)},
			{For: ttl.DSRecord, Seconds: new(7)},
			{For: ttl.DNAMERecord, Seconds: new(1)},
			{For: ttl.ARecord, Seconds: new(2)},
			{For: ttl.AAAARecord, Seconds: new(3)},
			{For: ttl.Custom, Custom: "A", Seconds: new(4)},
		}},
	},
	{
		Name: "RFC 9803, 2.2.2 update, the default again, and 0", XML: el("update", `<t:ttl for="NS"/><t:ttl for="DS">0</t:ttl>`),
		Extends: update,
		Value:   &ttl.Update{TTL: []ttl.TTL{{For: ttl.NSRecord}, {For: ttl.DSRecord, Seconds: new(0)}}},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestForms(t *testing.T) {
	for _, content := range []string{">+5<", ">005<", "> 5\n<"} {
		var m ttl.Update
		raw, err := epp.NewRaw([]byte(el("update", `<t:ttl for="NS"`+content+`/t:ttl>`)))
		require.NoError(t, err)
		require.NoError(t, raw.Decode(nil, &m))
		require.Equal(t, 5, *m.TTL[0].Seconds)
	}
}

func TestRefused(t *testing.T) {
	one := func(v ttl.TTL) epp.Element { return &ttl.Update{TTL: []ttl.TTL{v}} }
	epptest.Refused(t, []epptest.Refusal{
		{Name: "nothing", Value: &ttl.Create{}, Extends: create, Path: "ttl:ttl", Error: "is missing"},
		{Name: "no answer", Value: &ttl.InfData{}, Extends: data, Path: "ttl:ttl", Error: "is missing"},
		{Name: "a record that is not known", Value: one(ttl.TTL{For: "MX"}), Extends: update, Path: "ttl:ttl/@for", Error: "NS, DS"},
		{Name: "no record", Value: one(ttl.TTL{}), Extends: update, Path: "ttl:ttl/@for", Error: "NS, DS"},
		{Name: "a custom record of small letters", Value: one(ttl.TTL{For: ttl.Custom, Custom: "deleg"}), Extends: update, Path: "ttl:ttl/@custom", Error: "type of record"},
		{Name: "a custom record of one letter", Value: one(ttl.TTL{For: ttl.Custom, Custom: "B"}), Extends: update, Path: "ttl:ttl/@custom", Error: "type of record"},
		{Name: "less than 0", Value: one(ttl.TTL{For: "NS", Seconds: new(-1)}), Extends: update, Path: "ttl:ttl", Error: "0 to 2147483647"},
		{Name: "too long", Value: one(ttl.TTL{For: "NS", Seconds: new(ttl.Max + 1)}), Extends: update, Path: "ttl:ttl", Error: "32 bits"},
		{Name: "a record twice", Value: &ttl.Create{TTL: []ttl.TTL{{For: "NS"}, {For: "NS", Seconds: new(1)}}}, Extends: create, Path: "ttl:ttl", Error: "twice"},
		{
			Name: "a limit below 0", Value: &ttl.InfData{TTL: []ttl.Status{{TTL: ttl.TTL{For: "NS"}, Min: new(-1)}}},
			Extends: data, Path: "ttl:ttl/@min", Error: "0 to 2147483647",
		},
	})
}

// TestNotANumber requires that what can't be understood is not taken for the default.
func TestNotANumber(t *testing.T) {
	raw, err := epp.NewRaw([]byte(el("update", `<t:ttl for="NS">long</t:ttl>`)))
	require.NoError(t, err)
	require.ErrorContains(t, raw.Decode(nil, new(ttl.Update)), "not an integer")
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc9803", ttl.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func Example() {
	hour := 3600
	frame, err := epp.Append(nil, &epp.Command{
		Request: &domain.Update{Name: "sauna.example"},
		Extension: []epp.Element{&ttl.Update{TTL: []ttl.TTL{
			{For: ttl.NSRecord, Seconds: &hour},
			{For: ttl.DSRecord}, // the registry's default again
		}}},
	})
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "</update>")
	fmt.Println(strings.ReplaceAll(extension, "><", ">\n<"))
	// Output:
	// <extension>
	// <ttl:update xmlns:ttl="urn:ietf:params:xml:ns:epp:ttl-1.0">
	// <ttl:ttl for="NS">3600</ttl:ttl>
	// <ttl:ttl for="DS"/>
	// </ttl:update>
	// </extension>
	// </command>
	// </epp>
}
