package epp_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

func TestSecretIsNotShown(t *testing.T) {
	const secret = "hunter22"
	login := &epp.Login{ClID: "REG-A", PW: secret, NewPW: secret}
	auth := &epp.AuthInfo{PW: secret}
	values := []any{
		epp.Secret(secret), new(epp.Secret(secret)),
		[]epp.Secret{secret},
		map[string]epp.Secret{"pw": secret},
		struct{ PW *epp.Secret }{new(epp.Secret(secret))},
		struct{ PW epp.Secret }{secret},
		login, *login, &epp.Command{Request: login}, auth, *auth,
		struct{ AuthInfo *epp.AuthInfo }{auth},
	}
	var out strings.Builder
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
			slog.New(h).Info("a value", "v", v)
		}
		b, err := json.Marshal(v)
		require.NoError(t, err)
		out.Write(b)
	}
	require.Contains(t, out.String(), epp.Redacted)
	require.NotContains(t, out.String(), secret)
	require.NotContains(t, out.String(), fmt.Sprintf("%x", secret))
	require.Empty(t, fmt.Sprint(epp.Secret("")), "that there is none may be known")
	require.Equal(t, secret, string(login.PW))
}

// optionals has attributes and children of which absent and zero differ.
type optionals struct {
	Count *int
	Yes   *bool
	Note  *string
}

func (*optionals) XMLName() epp.Name {
	return epp.Name{Space: "urn:example:optionals-1.0", Local: "optionals"}
}

func (m *optionals) Fields(x *epp.Codec) {
	x.OptAttr("count", epp.Optional(&m.Count, epp.Int))
	x.Opt("yes", epp.Optional(&m.Yes, epp.Bool))
	x.Opt("note", epp.OptString(&m.Note))
}

func TestOptional(t *testing.T) {
	schema, err := epp.NewSchema(epp.Extension{
		URI: "urn:example:optionals-1.0", Level: epp.CommandLevel, Elements: []func() epp.Element{epp.Make[optionals]},
	})
	require.NoError(t, err)
	for _, want := range []*optionals{
		{},
		{Count: new(0), Yes: new(false), Note: new("")},
		{Count: new(7), Yes: new(true), Note: new("x")},
	} {
		out, err := epp.Append(nil, &epp.ExtensionMessage{Elements: []epp.Element{want}})
		require.NoError(t, err)
		m, err := schema.ParseStrict(out)
		require.NoError(t, err)
		require.Equal(t, []epp.Element{want}, m.(*epp.ExtensionMessage).Elements, "%s", out)
	}
}

// What a server says of a secret, and the frame it said it in, are shown nowhere.
func TestSecretInAnAnswer(t *testing.T) {
	const secret = "hunter22"
	frame := head + response(`<result code="2001"><msg>Command syntax error</msg><extValue><value><pw>`+secret+`</pw></value>`+
		`<reason>Element 'pw': [facet 'minLength'] The value '`+secret+`' is short</reason></extValue></result>`+
		`<resData><x:y xmlns:x="urn:x"><x:authInfo>`+secret+`</x:authInfo></x:y></resData>`+trIDXML) + tail
	m, err := (*epp.Schema)(nil).Parse([]byte(frame))
	require.NoError(t, err)
	r := m.(*epp.Response)
	require.EqualError(t, r.Err(), "epp: 2001 Command syntax error (Element '[redacted]' is short) [svTRID "+r.TrID.SvTRID+"]")
	for _, v := range []any{r, r.ResData, r.ResData[0], r.Results[0].Values[0].Value.Elements} {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		require.NotContains(t, string(b), "<", "no frame and no element is shown: %s", b)
	}

	_, err = (*epp.Schema)(nil).ParseStrict([]byte(head + `<command><login><clID>REG-A</clID><pw ` + secret + `="x">Lamp-oil</pw></login></command>` + tail))
	require.Error(t, err)
	require.NotContains(t, err.Error(), secret)
}

// Nothing where something is due is an error, not a panic.
func TestNil(t *testing.T) {
	trID := epp.TrID{SvTRID: "LIGHT-1"}
	ok := []epp.Result{{Code: epp.Success}}
	for name, m := range map[string]epp.Message{
		"a nil message":         (*epp.Response)(nil),
		"a nil request":         &epp.Command{Request: (*epp.Login)(nil)},
		"a nil Raw":             &epp.Response{Results: ok, TrID: trID, Extension: []epp.Element{(*epp.Raw)(nil)}},
		"a Raw without element": &epp.Response{Results: ok, TrID: trID, ResData: []epp.Element{&epp.Raw{}}},
	} {
		_, err := epp.Append(nil, m)
		require.Error(t, err, name)
	}
	require.Empty(t, (&epp.Raw{}).Bytes())
	_, err := (&epp.Raw{}).Element()
	require.Error(t, err)
	_, err = epp.RawFrom(nil)
	require.Error(t, err)
	require.EqualError(t, (&epp.Response{}).Err(), "epp: an answer without a result")
}
