package epp_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

// Requirements that only the form of a value breaks.
func TestForms(t *testing.T) {
	of := func(change func(*epp.Login)) *epp.Command {
		m := &epp.Login{ClID: "REG-A", PW: "Lamp-oil", Version: "1.0", Lang: "en", ObjURI: []string{"urn:a"}}
		change(m)
		return &epp.Command{Request: m}
	}
	for name, m := range map[string]epp.Message{
		"clID of blanks":          of(func(m *epp.Login) { m.ClID = "     " }),
		"newPW of blanks":         of(func(m *epp.Login) { m.NewPW = "       " }),
		"version 2.0":             of(func(m *epp.Login) { m.Version = "2.0" }),
		"a language that is none": of(func(m *epp.Login) { m.Lang = "en_GB" }),
		"a roid that is none":     &epp.ExtensionMessage{Elements: []epp.Element{&keyed{epp.AuthInfo{PW: "x", ROID: "bad roid"}}}},
		"a code that is none":     answer(epp.Response{Results: []epp.Result{{Code: 2310}}}),
		"a language of a message": answer(epp.Response{Results: []epp.Result{{Code: 1000, Msg: epp.Text{Lang: "e n"}}}}),
		"msgQ id of blanks":       answer(epp.Response{Results: []epp.Result{{Code: 1000}}, MsgQ: &epp.MsgQ{Count: 1, ID: "  "}}),
	} {
		_, err := epp.Append(nil, m)
		var rule *epp.RuleError
		require.True(t, errors.As(err, &rule) || errors.Is(err, epp.ErrMissing), "%s: %v", name, err)
	}
	padded := of(func(m *epp.Login) { m.ClID = "  1234567890123456  " })
	_, err := epp.Append(nil, padded)
	require.NoError(t, err, "white space does not count")

	for _, doc := range []string{
		`<command><logout/><clTRID/></command>`,
		`<command><login><clID>REG-A</clID><pw>Lamp-oil</pw><newPW> </newPW><options><version>1.0</version><lang>en</lang></options><svcs><objURI>a</objURI></svcs></login></command>`,
	} {
		_, err := (*epp.Schema)(nil).ParseStrict([]byte(head + doc + tail))
		require.Error(t, err, doc)
		_, err = (*epp.Schema)(nil).Parse([]byte(head + doc + tail))
		require.NoError(t, err, doc)
	}
}

func answer(m epp.Response) *epp.Response { m.TrID.SvTRID = "LIGHT-1"; return &m }

// keyed holds an authInfo.
type keyed struct{ auth epp.AuthInfo }

func (*keyed) XMLName() epp.Name     { return epp.Name{Space: "urn:example:keyed-1.0", Local: "keyed"} }
func (m *keyed) Fields(x *epp.Codec) { epp.One(x, "authInfo", &m.auth) }

func TestIsROID(t *testing.T) {
	for s, want := range map[string]bool{
		"D1-EX": true, "a_b-1": true, "Ž1-ÉÉ": true, "€-€": true, strings.Repeat("x", 80) + "-12345678": true,
		"": false, "D1": false, "-EX": false, "D1-": false, "E1-2-REP": false, "D 1-EX": false, "D1-E_X": false,
		strings.Repeat("x", 81) + "-1": false, "x-123456789": false, "a.b-c": false,
	} {
		require.Equal(t, want, epp.IsROID(s), s)
	}
}

func TestIsE164(t *testing.T) {
	for _, s := range []string{"", "+1.7", "+358.25551234", "+1.12345678901234", "+420.123456789012"} {
		require.True(t, epp.IsE164(s), s)
	}
	for _, s := range []string{
		"+", ".", "+.", "+1.", "+.7", "1.7", "+1", "17", "++1.7", "+1.7.7", "+1234.7", "+1.7a", "+1. 7", " +1.7",
		"+44.12345678901234", "+420.1234567890123", "+١.٧",
	} {
		require.False(t, epp.IsE164(s), s)
	}
}
