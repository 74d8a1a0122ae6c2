package unhandled_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/changepoll"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/epp/unhandled"
	"github.com/eppkit/eppkit/internal/epptest"
)

func set(t testing.TB, exts ...epp.Extension) *epp.Schema {
	s, err := epp.NewSchema(append(exts, unhandled.Extension())...)
	require.NoError(t, err)
	return s
}

func all(t testing.TB) *epp.Schema {
	return set(t, domain.Extension(), secdns.Extension(), rgp.Extension(), changepoll.Extension())
}

func TestR9038_Announced(t *testing.T) {
	s := set(t)
	require.Equal(t, []string{"urn:ietf:params:xml:ns:epp:unhandled-namespaces-1.0"}, s.ExtURI())
	require.Empty(t, s.ObjURI())
}

// The RFC's own examples: what belongs where, and that a server's Wrap makes the very
// example of what belongs there.
func TestR9038_Examples(t *testing.T) {
	const root = "../../../shared/corpus/rfc-examples/rfc9038/"
	for _, test := range []struct {
		file               string
		resData, extension []string
		missing            []string
	}{
		{"03", []string{"trnData"}, nil, []string{domain.NS}},
		{"06", []string{"infData"}, []string{"infData"}, []string{secdns.NS}},
		{"07", []string{"infData"}, []string{"infData"}, []string{rgp.NS}},
		{"08", []string{"infData"}, []string{"changeData"}, []string{changepoll.NS}},
		{"09", []string{"infData"}, []string{"changeData"}, []string{domain.NS, changepoll.NS}},
	} {
		t.Run(test.file, func(t *testing.T) {
			files, err := filepath.Glob(root + test.file + "-*.xml")
			require.NoError(t, err)
			if len(files) == 0 {
				t.Skip("the corpus is not beside this checkout:", root)
			}
			in, err := os.ReadFile(files[0])
			require.NoError(t, err)
			s := all(t)
			parsed, err := s.ParseStrict(in)
			require.NoError(t, err)
			m := parsed.(*epp.Response)

			got := unhandled.Of(m, s, nil)
			require.Equal(t, test.resData, locals(got.ResData))
			require.Equal(t, test.extension, locals(got.Extension))
			require.Empty(t, got.Unplaced)
			require.Equal(t, test.missing, got.Namespaces)
			for _, e := range slices.Concat(got.ResData, got.Extension) {
				_, raw := e.(*epp.Raw)
				require.False(t, raw, "%s", e.XMLName())
			}

			inPlace := *m
			inPlace.Results = []epp.Result{{Code: m.Results[0].Code, Msg: m.Results[0].Msg}}
			inPlace.ResData, inPlace.Extension = got.ResData, got.Extension
			out, err := epp.Append(nil, unhandled.Wrap(&inPlace, s, loginWithout(s, test.missing...)))
			require.NoError(t, err)
			epptest.SameInfoset(t, in, out)
		})
	}
}

func locals(list []epp.Element) (names []string) {
	for _, e := range list {
		names = append(names, e.XMLName().Local)
	}
	return names
}

// loginWithout asks for all that a set announces but some.
func loginWithout(s *epp.Schema, missing ...string) *epp.Login {
	not := func(uri string) bool { return slices.Contains(missing, uri) }
	return &epp.Login{ObjURI: slices.DeleteFunc(s.ObjURI(), not), ExtURI: slices.DeleteFunc(s.ExtURI(), not)}
}

var (
	inf = &domain.InfData{
		Name: "sauna.example", ROID: "SAUNA1-TEST", Status: []epp.Status{{S: "ok"}}, ClID: "RegOne",
	}
	change = &changepoll.ChangeData{
		Operation: changepoll.Operation{Name: changepoll.Update},
		Date:      time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC), SvTRID: "TOOK-1", Who: "the court's clerk",
	}
)

var grace = &rgp.InfData{RGPStatus: []epp.Status{{S: "addPeriod"}}}

// polled is an answer to a poll.
func polled() *epp.Response {
	return &epp.Response{
		Results:   []epp.Result{{Code: epp.AckToDequeue, Msg: epp.Text{Text: "Done"}}},
		MsgQ:      &epp.MsgQ{Count: 1, ID: "17"},
		ResData:   []epp.Element{inf},
		Extension: []epp.Element{change, grace},
		TrID:      epp.TrID{SvTRID: "POLL-1"},
	}
}

func TestWrap(t *testing.T) {
	s := all(t)
	t.Run("nothing to move", func(t *testing.T) {
		m := polled()
		require.Same(t, m, unhandled.Wrap(m, s, loginWithout(s)))
	})
	t.Run("R9038-002 resData goes, R9038-003 extension goes, R9038-004 the reason", func(t *testing.T) {
		m := polled()
		got := unhandled.Wrap(m, s, loginWithout(s, domain.NS, changepoll.NS, rgp.NS))
		require.Equal(t, polled(), m, "the original is not changed")
		require.Nil(t, got.ResData)
		require.Nil(t, got.Extension)
		var reasons []string
		for _, v := range got.Results[0].Values {
			require.Len(t, v.Value.Elements, 1)
			reasons = append(reasons, v.Reason.Text)
		}
		require.Equal(t, []string{
			"urn:ietf:params:xml:ns:domain-1.0 not in login services",
			"urn:ietf:params:xml:ns:changePoll-1.0 not in login services",
			"urn:ietf:params:xml:ns:rgp-1.0 not in login services",
		}, reasons)
		require.Same(t, inf, got.Results[0].Values[0].Value.Elements[0])
	})
	t.Run("what is known stays", func(t *testing.T) {
		got := unhandled.Wrap(polled(), s, loginWithout(s, changepoll.NS))
		require.Equal(t, []epp.Element{inf}, got.ResData)
		require.Equal(t, []epp.Element{grace}, got.Extension)
		require.Len(t, got.Results[0].Values, 1)
	})
	t.Run("what the server never announced stays", func(t *testing.T) {
		hidden := rgp.Extension()
		hidden.Hidden = true
		s := set(t, domain.Extension(), changepoll.Extension(), hidden)
		m := polled()
		require.Same(t, m, unhandled.Wrap(m, s, loginWithout(s)))
	})
	t.Run("a failure stays", func(t *testing.T) {
		m := polled()
		m.Results[0].Code = epp.CommandFailed
		require.Same(t, m, unhandled.Wrap(m, s, &epp.Login{}))
	})
	t.Run("a registry's own URI", func(t *testing.T) {
		const own = "urn:example:changePoll-2.0"
		s := set(t, domain.Extension(), changepoll.Extension().At(own))
		m := polled()
		m.Extension = m.Extension[:1]
		require.Same(t, m, unhandled.Wrap(m, s, loginWithout(s)))
		got := unhandled.Wrap(m, s, loginWithout(s, own))
		require.Equal(t, own+" not in login services", got.Results[0].Values[0].Reason.Text)

		frame, err := s.Append(nil, got)
		require.NoError(t, err)
		back, err := s.Parse(frame)
		require.NoError(t, err)
		data := unhandled.Of(back.(*epp.Response), s, nil)
		require.Equal(t, []epp.Element{change}, data.Extension)
		require.Equal(t, []string{own}, data.Namespaces)
	})
}

func TestOf(t *testing.T) {
	s := all(t)
	moved := func() *epp.Response { return unhandled.Wrap(polled(), s, &epp.Login{}) }
	nobody := set(t)
	known := &epp.Greeting{ObjURI: []string{domain.NS}, ExtURI: []string{changepoll.NS, rgp.NS}}

	t.Run("in place", func(t *testing.T) {
		require.Equal(t, unhandled.Data{ResData: polled().ResData, Extension: polled().Extension}, unhandled.Of(polled(), s, nil))
	})
	t.Run("by the set", func(t *testing.T) {
		require.Equal(t, unhandled.Data{
			ResData: polled().ResData, Extension: polled().Extension,
			Namespaces: []string{domain.NS, changepoll.NS, rgp.NS},
		}, unhandled.Of(moved(), s, nil))
	})
	t.Run("by the greeting", func(t *testing.T) {
		for _, set := range []*epp.Schema{nil, nobody} {
			got := unhandled.Of(moved(), set, known)
			require.Equal(t, []epp.Element{inf}, got.ResData)
			require.Equal(t, polled().Extension, got.Extension)
		}
	})
	t.Run("the greeting before the set", func(t *testing.T) {
		got := unhandled.Of(moved(), s, &epp.Greeting{ObjURI: []string{rgp.NS}})
		require.Equal(t, []epp.Element{inf, grace}, got.ResData)
		require.Equal(t, []epp.Element{change}, got.Extension)
	})
	t.Run("by nobody", func(t *testing.T) {
		got := unhandled.Of(moved(), nobody, nil)
		require.Empty(t, got.ResData)
		require.Empty(t, got.Extension)
		require.Equal(t, []epp.Element{inf, change, grace}, got.Unplaced)
		require.Len(t, got.Namespaces, 3)
	})
	t.Run("by nobody, beside an object", func(t *testing.T) {
		m := moved()
		m.ResData = []epp.Element{inf}
		m.Results[0].Values = m.Results[0].Values[1:]
		got := unhandled.Of(m, nil, nil)
		require.Equal(t, []epp.Element{inf}, got.ResData)
		require.Equal(t, polled().Extension, got.Extension)
	})
	t.Run("without a type", func(t *testing.T) {
		frame, err := epp.Append(nil, moved())
		require.NoError(t, err)
		back, err := nobody.Parse(frame)
		require.NoError(t, err)
		got := unhandled.Of(back.(*epp.Response), nobody, known)
		require.IsType(t, new(epp.Raw), got.ResData[0])
		require.Equal(t, inf.XMLName(), got.ResData[0].XMLName())
	})
	t.Run("the response is not changed", func(t *testing.T) {
		m := moved()
		m.ResData, m.Extension = make([]epp.Element, 0, 8), make([]epp.Element, 0, 8)
		unhandled.Of(m, s, nil)
		require.Nil(t, m.ResData[:1][0])
		require.Nil(t, m.Extension[:1][0])
	})

	reason := func(text string) unhandled.Data {
		m := moved()
		m.Results[0].Values = m.Results[0].Values[:1]
		m.Results[0].Values[0].Reason = &epp.Text{Text: text}
		return unhandled.Of(m, s, nil)
	}
	t.Run("other words", func(t *testing.T) {
		require.Len(t, reason("\n  "+domain.NS+"\n not in login services\n").ResData, 1)
		require.Len(t, reason(`"`+domain.NS+`": nimeä se kirjautuessasi`).ResData, 1)
	})
	t.Run("a warning", func(t *testing.T) {
		require.Equal(t, unhandled.Data{}, reason("will be held for a day"))
		require.Equal(t, unhandled.Data{}, reason(rgp.NS+" not in login services"))
		require.Equal(t, unhandled.Data{}, reason(domain.NS+"1 not in login services"))
	})
	t.Run("a value without a reason", func(t *testing.T) {
		m := moved()
		for i := range m.Results[0].Values {
			m.Results[0].Values[i].Reason = nil
		}
		require.Equal(t, unhandled.Data{}, unhandled.Of(m, s, nil))
	})
	t.Run("a failure", func(t *testing.T) {
		m := moved()
		m.Results[0].Code = epp.ParameterRangeError
		require.Equal(t, unhandled.Data{}, unhandled.Of(m, s, nil))
	})
}

// A client that did not name change polls in its login, though it has types for them.
func ExampleOf() {
	set, err := epp.NewSchema(domain.Extension(), changepoll.Extension())
	if err != nil {
		panic(err)
	}
	m, err := set.Parse([]byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response>
	  <result code="1301"><msg>Done; ack to dequeue</msg><extValue>
	    <value><c:changeData xmlns:c="urn:ietf:params:xml:ns:changePoll-1.0">
	      <c:operation>update</c:operation><c:date>2025-02-03T04:05:06Z</c:date>
	      <c:svTRID>TOOK-1</c:svTRID><c:who>the court's clerk</c:who>
	    </c:changeData></value>
	    <reason>urn:ietf:params:xml:ns:changePoll-1.0 not in login services</reason>
	  </extValue></result>
	  <resData><d:infData xmlns:d="urn:ietf:params:xml:ns:domain-1.0">
	    <d:name>sauna.example</d:name><d:roid>SAUNA1-TEST</d:roid><d:clID>RegOne</d:clID>
	  </d:infData></resData>
	  <trID><svTRID>POLL-1</svTRID></trID></response></epp>`))
	if err != nil {
		panic(err)
	}
	data := unhandled.Of(m.(*epp.Response), set, nil)
	fmt.Println(data.ResData[0].(*domain.InfData).Name)
	fmt.Println(data.Extension[0].(*changepoll.ChangeData).Who)
	fmt.Println("to learn:", strings.Join(data.Namespaces, " "))
	// Output:
	// sauna.example
	// the court's clerk
	// to learn: urn:ietf:params:xml:ns:changePoll-1.0
}
