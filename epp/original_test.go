package epp_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/epp/secdns"
)

// What a peer sends beyond its schema is written as it came, until somebody changes the
// message: a rewriting must neither invent nor refuse.
func TestOriginal(t *testing.T) {
	s := domains(t, secdns.Extension(), rgp.Extension())
	d := func(local, content string) string {
		return `<d:` + local + ` xmlns:d="` + domain.NS + `">` + content + `</d:` + local + `>`
	}
	ds := `<s:infData xmlns:s="` + secdns.NS + `"><s:dsData><s:alg>13</s:alg><s:digestType>2</s:digestType><s:digest>00</s:digest></s:dsData></s:infData>`
	for name, doc := range map[string]string{
		"a required attribute that is missing":          response(okXML + `<resData>` + d("chkData", `<d:cd><d:name>a.example</d:name></d:cd>`) + `</resData>` + trIDXML),
		"a required number that is missing":             response(okXML + `<extension>` + ds + `</extension>` + trIDXML),
		"a roid that is none":                           response(okXML + `<resData>` + d("infData", `<d:name>a.example</d:name><d:roid>a_b-c_d-E</d:roid><d:clID>RegOne</d:clID>`) + `</resData>` + trIDXML),
		"a status that there is not":                    response(okXML + `<resData>` + d("infData", `<d:name>a.example</d:name><d:roid>A-B</d:roid><d:status s="vendorHold"/><d:clID>RegOne</d:clID>`) + `</resData>` + trIDXML),
		"no svTRID":                                     response(okXML + `<trID/>`),
		"out of order":                                  response(okXML + trIDXML + `<resData>` + d("infData", `<d:clID>RegOne</d:clID><d:name>a.example</d:name><d:roid>A-B</d:roid>`) + `</resData>`),
		"two extensions":                                response(okXML + `<extension>` + d("x", "") + `</extension><extension>` + d("y", "") + `</extension>` + trIDXML),
		"text among elements":                           response(okXML + `<resData>` + d("infData", `<d:name>a.example</d:name>words<d:roid>A-B</d:roid><d:clID>RegOne</d:clID>`) + `</resData>` + trIDXML),
		"a faulty command in a value":                   response(`<result code="2005"><msg>no</msg><value>` + d("create", `<d:name>a</d:name>`) + `</value></result>` + trIDXML),
		"a greeting without dcp":                        strings.NewReplacer("<dcp>", "<x>", "</dcp>", "</x>").Replace(greetingXML("all", "", "")),
		"a command behind elements of other makers":     `<command><v:trace xmlns:v="urn:v"/><v:check xmlns:v="urn:v">1</v:check><delete>` + d("delete", `<d:name>a.example</d:name>`) + `</delete></command>`,
		"an object without its command":                 `<command>` + d("delete", `<d:name>a.example</d:name>`) + `</command>`,
		"an extension before the command and one after": `<command><extension>` + d("x", "") + `</extension><info>` + d("info", `<d:name>a.example</d:name>`) + `</info><extension>` + d("y", "") + `</extension></command>`,
	} {
		t.Run(name, func(t *testing.T) {
			doc := head + doc + tail
			m, err := s.Parse([]byte("\ufeff" + doc))
			require.NoError(t, err)
			out, err := s.Append(nil, m)
			require.NoError(t, err)
			require.Equal(t, doc, string(out))
			out, err = epp.Append([]byte("x"), m)
			require.NoError(t, err)
			require.Equal(t, "x"+doc, string(out), "a set that is not given has the same URIs")

			out, err = domains(t).Append(nil, m)
			require.NoError(t, err)
			require.Equal(t, doc, string(out), "nor does it matter what another knows")
			moved, err := epp.NewSchema(domain.Extension().At("urn:example:domain-9.0"))
			require.NoError(t, err)
			if out, err := moved.Append(nil, m); err == nil {
				require.NotEqual(t, doc, string(out))
			}

			// A message that was changed is held to its schema.
			switch m := m.(type) {
			case *epp.Response:
				m.TrID.ClTRID = "ABC-77"
			case *epp.Command:
				m.ClTRID = "ABC-77"
			case *epp.Greeting:
				m.SvID = "ABC-77"
			}
			if out, err = s.Append(nil, m); err == nil {
				require.Contains(t, string(out), "ABC-77")
			}
		})
	}

	t.Run("the second of two extensions is read", func(t *testing.T) {
		ok := `<r:infData xmlns:r="` + rgp.NS + `"><r:rgpStatus s="addPeriod"/></r:infData>`
		m, err := s.Parse([]byte(head + response(okXML+`<extension>`+ok+`</extension><extension>`+ds+`</extension>`+trIDXML) + tail))
		require.NoError(t, err)
		require.IsType(t, new(secdns.InfData), m.(*epp.Response).Extension[1])
	})
	t.Run("the command is the one that EPP has", func(t *testing.T) {
		m, err := s.Parse([]byte(head + `<command><v:check xmlns:v="urn:v">1</v:check><delete>` + d("delete", `<d:name>a.example</d:name>`) + `</delete></command>` + tail))
		require.NoError(t, err)
		require.Equal(t, &domain.Delete{Name: "a.example"}, m.(*epp.Command).Request)
	})
}

// Writing changes nothing, so that several may write one message.
func TestAppendOfOneMessageByMany(t *testing.T) {
	var wg sync.WaitGroup
	q := &epp.Command{Request: &domain.Update{Name: "a.example", Chg: &domain.Chg{AuthInfo: &domain.AuthInfoChg{PW: "Four-5-six"}}}}
	r := &epp.Response{
		Results: []epp.Result{{Code: epp.Success}}, TrID: epp.TrID{SvTRID: "LIGHT-9"},
		MsgQ: &epp.MsgQ{Count: 1, ID: "7", QDate: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}, Unread: epp.ErrMissing,
	}
	for range 4 {
		wg.Go(func() {
			for _, m := range []epp.Message{q, r} {
				if _, err := epp.Append(nil, m); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, epp.ErrMissing, r.Unread)
}

func TestExtraInJSON(t *testing.T) {
	m, err := domains(t).Parse([]byte(head + command(`<create><d:create xmlns:d="`+domain.NS+`"><d:name>a.example</d:name><d:authInfo pw="tops3cret">tops3cret</d:authInfo></d:create></create>`) + tail))
	require.NoError(t, err)
	require.NotEmpty(t, m.(*epp.Command).Extra)
	b, err := json.Marshal(m)
	require.NoError(t, err)
	require.NotContains(t, string(b), "tops3cret")
}

// The work of writing grows with the message alone.
func TestManyExtras(t *testing.T) {
	write := func(n int) time.Duration {
		m, err := domains(t).Parse([]byte(head + command(`<check><d:check xmlns:d="`+domain.NS+`">`+strings.Repeat(`<d:name>a</d:name><x/>`, n)+`</d:check></check>`) + tail))
		require.NoError(t, err)
		require.Len(t, m.(*epp.Command).Extra, n)
		start := time.Now()
		_, err = epp.Append(nil, m)
		require.NoError(t, err)
		return time.Since(start)
	}
	for try := 1; ; try++ {
		part, whole := write(5_000), write(20_000)
		if whole < 300*time.Millisecond || whole < 9*part {
			return
		}
		require.Less(t, try, 5, "%v for a quarter, and %v for all", part, whole)
	}
}

// Late decoding knows where a set has moved a namespace.
func TestDecodeAt(t *testing.T) {
	s, err := epp.NewSchema(domain.Extension().At("urn:example:domain-9.0"))
	require.NoError(t, err)
	raw, err := epp.NewRaw([]byte(`<d:check xmlns:d="urn:example:domain-9.0"><d:name>a.example</d:name></d:check>`))
	require.NoError(t, err)
	var q domain.Check
	require.NoError(t, raw.Decode(s, &q))
	require.Equal(t, []string{"a.example"}, q.Names)
	require.Error(t, raw.Decode(nil, &q))
}

// An Extra inside what is written as it came has no place.
func TestExtraInRaw(t *testing.T) {
	raw, err := epp.NewRaw([]byte(`<v:x xmlns:v="urn:v"/>`))
	require.NoError(t, err)
	_, err = epp.Append(nil, &epp.Command{
		Request: &domain.Check{Names: []string{"a.example"}}, Extension: []epp.Element{raw},
		Extra: []epp.Extra{{Path: "/epp/command/extension/v:x", Text: "lost?"}},
	})
	require.ErrorContains(t, err, "as it came")
}
