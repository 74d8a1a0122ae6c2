package epp_test

import (
	"cmp"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

// types is an element with a child of each simple type.
type types struct {
	Token     string
	String    string
	OptToken  *string
	OptString *string
	Bool      bool
	Int       int
	Uint      uint64
	DateTime  time.Time
	Date      time.Time
}

const typesNS = "urn:example:types-1.0"

func (*types) XMLName() epp.Name { return epp.Name{Space: typesNS, Local: "types"} }
func (m *types) Fields(x *epp.Codec) {
	x.Opt("token", epp.Token(&m.Token))
	x.Opt("string", epp.String(&m.String))
	x.Opt("optToken", epp.OptToken(&m.OptToken))
	x.Opt("optString", epp.OptString(&m.OptString))
	x.Opt("bool", epp.Bool(&m.Bool))
	x.Opt("int", epp.Int(&m.Int))
	x.Opt("uint", epp.Uint(&m.Uint))
	x.Opt("dateTime", epp.DateTime(&m.DateTime))
	x.Opt("date", epp.Date(&m.Date))
}

func typesXML(content string) string {
	return `<t:types xmlns:t="` + typesNS + `">` + content + `</t:types>`
}

func readTypes(t testing.TB, content string) (*types, error) {
	r, err := epp.NewRaw([]byte(typesXML(content)))
	require.NoError(t, err)
	m := new(types)
	return m, r.Decode(nil, m)
}

// writeTypes returns what is written for m, without the element around it.
func writeTypes(t testing.TB, m *types) (string, error) {
	doc, err := epp.Append(nil, &epp.ExtensionMessage{Elements: []epp.Element{m}})
	if err != nil {
		return "", err
	}
	const head = `<?xml version="1.0" encoding="UTF-8"?><epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><extension><types:types xmlns:types="` + typesNS + `">`
	const tail = `</types:types></extension></epp>`
	require.Equal(t, head, string(doc[:len(head)]))
	require.Equal(t, tail, string(doc[len(doc)-len(tail):]))
	return string(doc[len(head) : len(doc)-len(tail)]), nil
}

func TestDateTime(t *testing.T) {
	utc := func(y, mo, d, h, mi, s, ns int) time.Time {
		return time.Date(y, time.Month(mo), d, h, mi, s, ns, time.UTC)
	}
	for text, want := range map[string]time.Time{
		"2026-03-01T09:30:05Z":                            utc(2026, 3, 1, 9, 30, 5, 0),
		" \n2026-03-01T09:30:05Z\t":                       utc(2026, 3, 1, 9, 30, 5, 0),
		"2026-03-01T09:30:05":                             utc(2026, 3, 1, 9, 30, 5, 0),
		"2026-03-01T09:30:05+02:00":                       utc(2026, 3, 1, 7, 30, 5, 0),
		"2026-03-01T09:30:05-05:45":                       utc(2026, 3, 1, 15, 15, 5, 0),
		"2026-01-01T00:30:00+14:00":                       utc(2025, 12, 31, 10, 30, 0, 0),
		"2026-03-01T09:30:05+00:00":                       utc(2026, 3, 1, 9, 30, 5, 0),
		"2026-03-01T09:30:05-00:00":                       utc(2026, 3, 1, 9, 30, 5, 0),
		"2026-03-01T09:30:05.0Z":                          utc(2026, 3, 1, 9, 30, 5, 0),
		"2026-03-01T09:30:05.25+01:00":                    utc(2026, 3, 1, 8, 30, 5, 250_000_000),
		"2026-03-01T09:30:05.123456789987654321":          utc(2026, 3, 1, 9, 30, 5, 123_456_789),
		"2026-03-01":                                      utc(2026, 3, 1, 0, 0, 0, 0),
		"2026-03-01Z":                                     utc(2026, 3, 1, 0, 0, 0, 0),
		"2026-03-01+02:00":                                utc(2026, 2, 28, 22, 0, 0, 0),
		"2026-12-31T24:00:00Z":                            utc(2027, 1, 1, 0, 0, 0, 0),
		"2026-12-31T24:00:00.000Z":                        utc(2027, 1, 1, 0, 0, 0, 0),
		"2024-02-29T00:00:00Z":                            utc(2024, 2, 29, 0, 0, 0, 0),
		"2000-02-29":                                      utc(2000, 2, 29, 0, 0, 0, 0),
		"9999-12-31T23:59:59Z":                            utc(9999, 12, 31, 23, 59, 59, 0),
		"10000-01-01T00:00:00Z":                           utc(10000, 1, 1, 0, 0, 0, 0),
		"0999-01-01T00:00:00Z":                            utc(999, 1, 1, 0, 0, 0, 0),
		"2026-03-01T09:30:05.99999999999999999999999999Z": utc(2026, 3, 1, 9, 30, 5, 999_999_999),
	} {
		m, err := readTypes(t, `<t:dateTime>`+text+`</t:dateTime>`)
		require.NoError(t, err, text)
		require.Equal(t, want, m.DateTime.UTC(), text)
		if zone, _ := m.DateTime.Zone(); zone != "UTC" { // as the text has none
			out, err := writeTypes(t, m)
			require.NoError(t, err)
			require.Equal(t, `<types:dateTime>`+text[:min(len(text), 29)]+`</types:dateTime>`, out)
			require.Contains(t, []string{"no zone", "day"}, zone)
			require.Regexp(t, `^[^Z+]*$`, text)
		} else {
			require.Regexp(t, `Z\s*$|[+-]\d\d:\d\d$`, text)
		}
	}
}

func TestNoDateTime(t *testing.T) {
	for _, text := range []string{
		"", " ", "yesterday", "2026", "2026-03", "2026-3-1", "26-03-01T00:00:00Z", "2026-03-01T", "2026-03-01 09:30:05", "2026-03-01t09:30:05z",
		"2026-03-01T09:30Z", "2026-03-01T9:30:05Z", "2026-03-01T09:30:5Z", "2026-03-01T09:30:05.Z", "2026-03-01T09:30:05,5Z", "2026-03-01T09:30:05ZZ",
		"2026-03-01T09:30:05+2:00", "2026-03-01T09:30:05+0200", "2026-03-01T09:30:05+02", "2026-03-01T09:30:05+14:01", "2026-03-01T09:30:05-15:00",
		"2026-03-01T09:30:05+01:60", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-02-29T00:00:00Z",
		"2100-02-29T00:00:00Z", "2026-01-01T24:00:01Z", "2026-01-01T24:00:00.1Z", "2026-01-01T24:30:00Z", "2026-01-01T25:00:00Z", "2026-01-01T00:60:00Z",
		"2026-01-01T00:00:60Z", "0000-01-01T00:00:00Z", "-2026-01-01T00:00:00Z", "+2026-01-01T00:00:00Z", "02026-01-01T00:00:00Z", "1234567-01-01T00:00:00Z",
		"2026-03-01T09:30:05\u00a0Z", "２０２６-03-01T09:30:05Z",
	} {
		for _, local := range []string{"dateTime", "date"} {
			_, err := readTypes(t, `<t:`+local+`>`+text+`</t:`+local+`>`)
			var v *epp.ValueError
			require.ErrorAs(t, err, &v, text)
			require.Equal(t, text, v.Text)
		}
	}
}

func TestDate(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-01": "2026-03-01", "2026-03-01Z": "2026-03-01Z", "2026-03-01+14:00": "2026-03-01+14:00", "2026-03-01-11:00": "2026-03-01-11:00",
		"2026-03-01T23:30:00-05:00": "2026-03-01", "2026-03-01T24:00:00Z": "2026-03-02", " 2024-02-29 ": "2024-02-29",
	} {
		m, err := readTypes(t, `<t:date>`+text+`</t:date>`)
		require.NoError(t, err, text)
		day, zone := want[:len(time.DateOnly)], want[len(time.DateOnly):]
		require.Equal(t, day+"T00:00:00"+cmp.Or(zone, "Z"), m.Date.Format(time.RFC3339), text)
		name, _ := m.Date.Zone()
		require.Equal(t, cmp.Or(zone, "UTC"), name)
		out, err := writeTypes(t, m)
		require.NoError(t, err)
		require.Equal(t, `<types:date>`+want+`</types:date>`, out)
	}
}

func TestWriteDateTime(t *testing.T) {
	zone := time.FixedZone("", 2*3600)
	for want, v := range map[string]time.Time{
		"2026-03-01T09:30:05Z":           time.Date(2026, 3, 1, 11, 30, 5, 0, zone),
		"2026-03-01T09:30:05.25Z":        time.Date(2026, 3, 1, 9, 30, 5, 250_000_000, time.UTC),
		"2026-03-01T09:30:05.000000001Z": time.Date(2026, 3, 1, 9, 30, 5, 1, time.UTC),
		"0999-01-01T00:00:00Z":           time.Date(999, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		out, err := writeTypes(t, &types{DateTime: v})
		require.NoError(t, err)
		require.Equal(t, `<types:dateTime>`+want+`</types:dateTime>`, out)
		m, err := readTypes(t, `<t:dateTime>`+want+`</t:dateTime>`)
		require.NoError(t, err)
		require.True(t, v.Equal(m.DateTime))
	}
	for _, v := range []time.Time{
		time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -3600)),
		time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		_, err := writeTypes(t, &types{DateTime: v})
		require.ErrorContains(t, err, "before the year 1 or after the year 9999", "%v", v)
		_, err = writeTypes(t, &types{Date: v.AddDate(0, 0, 1)})
		require.ErrorContains(t, err, "before the year 1 or after the year 9999", "%v", v)
	}
}

func TestWhiteSpace(t *testing.T) {
	const in = " a \t b&#13;&#10;\n\nc&#9;d\u00a0 "
	m, err := readTypes(t, `<t:token>`+in+`</t:token><t:string>`+in+`</t:string>`)
	require.NoError(t, err)
	require.Equal(t, "a b c d\u00a0", m.Token)
	require.Equal(t, " a   b    c d\u00a0 ", m.String)

	for in, want := range map[string]string{
		"": "", " ": "", "a": "a", "a b": "a b", " a": "a", "a ": "a", "a  b": "a b", "\ta\nb\r": "a b", "a\u2003b": "a\u2003b",
	} {
		require.Equal(t, want, epp.Collapse(in), "%q", in)
	}
}

// A token is written as its reader will see it.
func TestWriteToken(t *testing.T) {
	out, err := writeTypes(t, &types{Token: "  a \n b ", String: " a  b "})
	require.NoError(t, err)
	require.Equal(t, `<types:token>a b</types:token><types:string> a  b </types:string>`, out)
}

func TestAbsentAndEmpty(t *testing.T) {
	m, err := readTypes(t, `<t:optToken/><t:optString></t:optString>`)
	require.NoError(t, err)
	require.Equal(t, &types{OptToken: new(string), OptString: new(string)}, m)
	out, err := writeTypes(t, m)
	require.NoError(t, err)
	require.Equal(t, `<types:optToken/><types:optString/>`, out)

	m, err = readTypes(t, `<t:optToken> x </t:optToken>`)
	require.NoError(t, err)
	require.Equal(t, "x", *m.OptToken)
	require.Nil(t, m.OptString)
}

func TestNumbers(t *testing.T) {
	m, err := readTypes(t, `<t:bool> true </t:bool><t:int> -2147483648 </t:int><t:uint>+18446744073709551615</t:uint>`)
	require.NoError(t, err)
	require.Equal(t, &types{Bool: true, Int: math.MinInt32, Uint: math.MaxUint64}, m)
	out, err := writeTypes(t, m)
	require.NoError(t, err)
	require.Equal(t, `<types:bool>1</types:bool><types:int>-2147483648</types:int><types:uint>18446744073709551615</types:uint>`, out)

	for _, xml := range []string{
		"<t:bool/>", "<t:bool>TRUE</t:bool>", "<t:bool>2</t:bool>", "<t:bool>01</t:bool>",
		"<t:int/>", "<t:int>1.0</t:int>", "<t:int>2147483648</t:int>", "<t:int>1 2</t:int>", "<t:int>0x1</t:int>", "<t:int>1_0</t:int>", "<t:int>--1</t:int>",
		"<t:uint/>", "<t:uint>-1</t:uint>", "<t:uint>++1</t:uint>", "<t:uint>18446744073709551616</t:uint>", "<t:uint>1e3</t:uint>",
	} {
		_, err := readTypes(t, xml)
		var v *epp.ValueError
		require.ErrorAs(t, err, &v, xml)
	}
	_, err = writeTypes(t, &types{Int: math.MaxInt32 + 1})
	require.ErrorContains(t, err, "/epp/extension/types:types/types:int: an integer of more than 32 bits")
}

func TestValueErrorText(t *testing.T) {
	_, err := readTypes(t, "\n<t:date>\n a long tale of how this date came to be what it is \u017e\u017e\u017e</t:date>")
	require.EqualError(t, err, `epp: /types:types/types:date (line 2): "\n a long tale of how this date came to b…" is not a date`)
}

// A day is the caller's day: midnight in Prague is the day before in UTC.
func TestDateIsTheCallersDay(t *testing.T) {
	m := &dated{Date: time.Date(2027, 3, 5, 0, 0, 0, 0, time.FixedZone("CET", 3600))}
	out, err := epp.Append(nil, &epp.ExtensionMessage{Elements: []epp.Element{m}})
	require.NoError(t, err)
	require.Contains(t, string(out), ">2027-03-05<")
}

type dated struct{ Date time.Time }

func (*dated) XMLName() epp.Name     { return epp.Name{Space: "urn:example:dated-1.0", Local: "dated"} }
func (m *dated) Fields(x *epp.Codec) { x.Elem("date", epp.Date(&m.Date)) }
