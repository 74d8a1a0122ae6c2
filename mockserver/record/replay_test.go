package record_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/mockserver/record"
)

// recorded is the record of a visit of each registrar.
func recorded(t *testing.T, clIDs ...string) *record.Record {
	s := mockserver.StartTest(t, mockserver.Options{Registry: newUpstream(t)})
	var out bytes.Buffer
	p := between(t, s, record.ProxyOptions{Out: &out})
	for _, id := range clIDs {
		visit(t, p, id)
	}
	require.NoError(t, p.Close())
	r, err := record.Decode(&out)
	require.NoError(t, err)
	return r
}

// later is when records are replayed: 10 days and 5 hours after.
var later = began.Add(10*24*time.Hour + 5*time.Hour)

// replay serves a record.
func replay(t *testing.T, r *record.Record, opts record.ReplayOptions) *mockserver.Server {
	opts.Now = func() time.Time { return later }
	p, err := record.NewReplay(r, opts)
	require.NoError(t, err)
	return mockserver.StartTest(t, mockserver.Options{Registry: p})
}

func TestReplay(t *testing.T) {
	s := replay(t, recorded(t, "REG-A"), record.ReplayOptions{})
	c := dial(t, s.Addr(), s.ClientTLS(""))
	require.Contains(t, c.read(), "<svDate>2026-03-21T03:30:00Z</svDate>")
	require.Contains(t, c.ask(hello), "<greeting>", "one that the record has not")

	// Other clTRIDs, another password, another writing of the same.
	c.send(login("REG-A", "any other pw", "MY-1"),
		`<?xml version="1.0"?><e:epp xmlns:e="`+epp.NS+`" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b">`+
			"<e:command>\n <e:info><domain:info xmlns:domain=\""+domain.NS+"\"><domain:name>  sauna.example</domain:name><!-- x --></domain:info></e:info></e:command></e:epp>",
		info("lake.example", "MY-3")) // pipelined
	in := c.read()
	require.Equal(t, 1000, code(t, in))
	require.Contains(t, in, "<trID><clTRID>MY-1</clTRID><svTRID>REPLAY-1</svTRID></trID>")
	inf := c.read()
	require.Contains(t, inf, "<trID><svTRID>REPLAY-2</svTRID></trID>", "no clTRID, no echo")
	require.Contains(t, inf, "<domain:exDate>2027-03-23T02:15:30.25Z</domain:exDate>")
	require.Contains(t, inf, "<domain:pw>[redacted]</domain:pw>")
	require.Equal(t, 2303, code(t, c.read()))

	// The day is that of the exDate which the client was given, and the clTRID new.
	ren := c.ask(renew("2027-03-23", "MY-4"))
	require.Contains(t, ren, "<domain:exDate>2028-03-23T02:15:30.25Z</domain:exDate>")
	require.Contains(t, ren, "<trID><clTRID>MY-4</clTRID><svTRID>REPLAY-4</svTRID></trID>", "put in where the record has none")
	require.Equal(t, 1500, code(t, c.ask(logout("MY-5"))))
	c.ended()

	e, ok := s.Journal().Last(mockserver.Verb("logout"))
	require.True(t, ok)
	require.Equal(t, "REG-A", e.ClID)
	got, err := s.Journal().Search(mockserver.Query{Match: match.Match{Name: "domain:info", Object: "lake.example"}})
	require.NoError(t, err)
	require.Len(t, got, 2)
}

// Every day that may stand for the shifted one is taken, and no other.
func TestReplayDays(t *testing.T) {
	r := recorded(t, "REG-A")
	for day, fits := range map[string]bool{"2027-03-12": true, "2027-03-22": true, "2027-03-23": true, "2027-03-21": false, "2027-03-24": false} {
		s := replay(t, r, record.ReplayOptions{})
		c := dial(t, s.Addr(), s.ClientTLS(""))
		c.read()
		c.ask(login("REG-A", password, "MY-1"))
		c.ask(info("sauna.example", "MY-2"))
		c.ask(info("lake.example", "MY-3"))
		require.Equal(t, fits, code(t, c.ask(renew(day, "MY-4"))) == 1000, day)
	}
}

func TestReplayDoesNotFit(t *testing.T) {
	s := replay(t, recorded(t, "REG-A"), record.ReplayOptions{})
	c := dial(t, s.Addr(), s.ClientTLS(""))
	c.read()
	says := func(doc string) string {
		t.Helper()
		out := c.ask(doc)
		require.Equal(t, 2400, code(t, out))
		_, text, _ := strings.Cut(out, "<msg>")
		text, _, _ = strings.Cut(text, "</msg>")
		return text
	}
	require.Equal(t, 1000, code(t, c.ask(login("REG-A", password, "MY-1"))))
	require.Equal(t, "Replay: the record has another command here, its number 2, domain:info sauna.example; "+
		"/epp/command/info/domain:info/domain:name: wanted sauna.example, got lake.example; this is number 3", says(info("lake.example", "MY-2")))
	require.Contains(t, says(logout("MY-2")), "/epp/command/info: wanted nothing, got /epp/command/logout; this is number 5")
	require.Contains(t, says("<not xml"), "got nothing more")
	require.Contains(t, says(object("info", "<d:name>sauna.example</d:name><d:authInfo><d:pw>"+authInfo+"</d:pw></d:authInfo>", "MY-2")),
		"/epp/command/info/domain:info/domain:authInfo: wanted nothing more, got nothing")
	for _, e := range s.Journal().All(mockserver.Any) {
		require.NotContains(t, e.Frame(), authInfo)
	}
	require.Equal(t, 1000, code(t, c.ask(info("sauna.example", "MY-2"))), "the place stayed")
	c.ask(info("lake.example", "MY-3"))
	c.ask(renew("2027-03-12", "MY-4"))
	require.Error(t, s.Journal().Expect(1, mockserver.Query{Match: match.Match{Text: "Replay: the record ends"}}))
}

// Concurrent clients get sessions of their own.
func TestReplaySessions(t *testing.T) {
	r := recorded(t, "REG-A", "REG-B", "REG-A", "REG-C")
	for name, opts := range map[string]record.ReplayOptions{"again": {}, "once": {Once: true}} {
		t.Run(name, func(t *testing.T) {
			s := replay(t, r, opts)
			served, err := record.NewReplay(r, opts)
			require.NoError(t, err)
			require.Equal(t, []string{"REG-A", "REG-B", "REG-C"}, served.ClIDs())
			var wg sync.WaitGroup
			for _, id := range []string{"REG-C", "REG-A", "REG-B", "REG-A"} {
				c := dial(t, s.Addr(), s.ClientTLS(""))
				wg.Go(func() {
					c.read()
					c.ask(login(id, password, "MY-1"))
					for range 2 {
						c.ask(hello)
					}
					if n := code(t, c.ask(info("sauna.example", "MY-2"))); n != 1000 {
						t.Errorf("%s: %d", id, n)
					}
				})
			}
			wg.Wait()
			c := dial(t, s.Addr(), s.ClientTLS(""))
			c.read()
			want := map[bool]int{true: 2400, false: 1000}[opts.Once]
			require.Equal(t, want, code(t, c.ask(login("REG-B", password, "MY-1"))))
			c = dial(t, s.Addr(), s.ClientTLS(""))
			c.read()
			require.Contains(t, c.ask(login("REG-X", password, "MY-1")), "the record has no further session of REG-X")
		})
	}
	t.Run("by order", func(t *testing.T) {
		s := replay(t, r, record.ReplayOptions{ByOrder: true})
		first, second := dial(t, s.Addr(), s.ClientTLS("")), dial(t, s.Addr(), s.ClientTLS(""))
		first.read()
		second.read()
		require.Equal(t, 1000, code(t, first.ask(login("REG-A", password, "MY-1"))))
		require.Contains(t, second.ask(login("REG-A", password, "MY-1")), "login/clID: wanted REG-B, got REG-A")
	})
}

// A record by hand: frames that no Proxy would write today.
func byHand(frames ...string) *record.Record {
	r := &record.Record{Start: began, Sessions: []*record.Session{{ID: 1}}}
	for _, f := range frames {
		who, doc, _ := strings.Cut(f, " ")
		r.Sessions[0].Frames = append(r.Sessions[0].Frames, record.Frame{FromClient: who == "C", Doc: doc})
	}
	return r
}

const greeting = `S <epp xmlns="` + epp.NS + `"><greeting><svID>x</svID></greeting></epp>`

// answers is an answer whose prefix is e.
func answers(resData, clTRID, svTRID string) string {
	return `S <?xml version="1.0" encoding="UTF-16"?><e:epp xmlns:e="` + epp.NS + `"><e:response><e:result code="1000"><e:msg>ok</e:msg></e:result>` +
		resData + `<e:trID>` + clTRID + `<e:svTRID>` + svTRID + `</e:svTRID></e:trID></e:response></e:epp>`
}

func TestReplayByHand(t *testing.T) {
	t.Run("a connection that ended without an answer", func(t *testing.T) {
		s := replay(t, byHand(greeting, "C "+logout("A")), record.ReplayOptions{})
		c := pipe(t, s)
		c.read()
		c.send(logout("B"))
		c.ended()
	})
	t.Run("the end of the record", func(t *testing.T) {
		s := replay(t, byHand(greeting, "C "+hello, greeting), record.ReplayOptions{})
		c := pipe(t, s)
		c.read()
		require.Contains(t, c.ask(logout("B-1")), "the record ends here")
		require.Contains(t, c.ask(hello), "<greeting>")
	})
	t.Run("identifiers of an earlier command, marks and attributes", func(t *testing.T) {
		const pan = `<e:resData><d:panData xmlns:d="urn:d" on="2026-03-10T22:30:00Z"><d:paTRID><e:clTRID>OLD-1</e:clTRID><e:svTRID>S-1</e:svTRID></d:paTRID>` +
			`<d:other><e:svTRID>S-77</e:svTRID></d:other><d:day>2026-03-10</d:day><d:at>2026-03-10T22:30:00.5+02:00</d:at><d:no>2026-13-10</d:no><d:text>on 2026-03-10</d:text>` +
			`<signedMark><at>2026-03-10</at></signedMark></d:panData></e:resData>`
		s := replay(t, byHand(greeting, "C "+logout("OLD-1"), answers("", "<e:clTRID>OLD-1</e:clTRID>", "S-1"), "C "+command("<poll/>", ""), answers(pan, "", "S-2")), record.ReplayOptions{})
		c := pipe(t, s)
		c.read()
		require.True(t, strings.HasPrefix(c.ask(logout("NEW-1")), `<?xml version="1.0" encoding="UTF-8"?><e:epp`))
		out := c.ask(command("<poll/>", "NEW<>-2"))
		require.NotContains(t, out, "NEW<>", "it was not well-formed")
		out = c.ask(command("<poll/>", "NEW&amp;-2"))
		for _, part := range []string{
			`on="2026-03-21T03:30:00Z"`, `<e:clTRID>NEW-1</e:clTRID><e:svTRID>REPLAY-1</e:svTRID></d:paTRID>`, `<e:svTRID>S-77</e:svTRID>`,
			`<d:day>2026-03-20</d:day>`, `<d:at>2026-03-21T03:30:00.5+02:00</d:at>`, `<d:no>2026-13-10</d:no>`, `<d:text>on 2026-03-10</d:text>`,
			`<signedMark><at>2026-03-10</at></signedMark>`, `<e:trID><e:clTRID>NEW&amp;-2</e:clTRID><e:svTRID>REPLAY-3</e:svTRID></e:trID>`,
		} {
			require.Contains(t, out, part)
		}
	})
	t.Run("what was redacted fits anything", func(t *testing.T) {
		pin := func(s string) string {
			return command(`<poll/><extension><x:pin xmlns:x="urn:example:x-1.0">`+s+`</x:pin></extension>`, "")
		}
		s := replay(t, byHand(greeting, "C "+pin("[redacted]"), answers("", "", "S-1"), "C "+pin("44"), answers("", "", "S-2")), record.ReplayOptions{})
		c := pipe(t, s)
		c.read()
		require.Equal(t, 1000, code(t, c.ask(pin("33"))))
		require.Equal(t, 2400, code(t, c.ask(pin("33"))))
		require.Equal(t, 1000, code(t, c.ask(pin("44"))))
	})
	t.Run("no greeting", func(t *testing.T) {
		_, err := record.NewReplay(byHand("C "+hello), record.ReplayOptions{})
		require.ErrorContains(t, err, "no session with a greeting")
	})
	t.Run("back in time", func(t *testing.T) {
		r := byHand(greeting, "C "+logout("A-1"), answers(`<e:resData><day>2026-03-10</day><at>2026-03-10T22:30:00Z</at></e:resData>`, "", "S-2"))
		p, err := record.NewReplay(r, record.ReplayOptions{Now: func() time.Time { return began.Add(-time.Hour) }})
		require.NoError(t, err)
		c := pipe(t, mockserver.StartTest(t, mockserver.Options{Registry: p}))
		c.read()
		require.Contains(t, c.ask(logout("A-1")), "<day>2026-03-09</day><at>2026-03-10T21:30:00Z</at>")
	})
}

func TestDecode(t *testing.T) {
	const first = `{"format":"eppkit-record","version":1,"start":"2026-03-10T22:30:00Z","server":"epp.example:700"}` + "\n"
	frame := `{"session":1,"at":"2026-03-10T22:30:00Z","from":"S","octets":9,"frame":"<epp/>"}` + "\n"
	r, err := record.Decode(strings.NewReader(first + frame + frame[:30]))
	require.NoError(t, err, "the last line is not whole")
	require.Len(t, r.Sessions[0].Frames, 1)
	for doc, want := range map[string]string{
		"":                                      "record: :1: there is no whole line",
		"C:<command>":                           "record: :1: there is no whole line",
		"{}\n":                                  "record: :1: this is not a record of eppkit",
		"<epp/>\n":                              "record: :1: this is not a record of eppkit",
		strings.Replace(first, ":1,", ":2,", 1): "record: :1: version 2 of the format is not known, only 1",
		first + frame + "{\"session\":1,\"form\":\"S\"}\n": `record: :3: json: unknown field "form"`,
		first + "{\"session\":1,\"from\":\"X\"}\n":         `record: :2: a line is from "C" or "S", or an end`,
		first + "\n": "record: :2: EOF",
	} {
		_, err := record.Decode(strings.NewReader(doc))
		var bad *record.Error
		require.ErrorAs(t, err, &bad, doc)
		require.EqualError(t, err, want, doc)
	}
	_, err = record.Read("no-such-file")
	require.Error(t, err)
}
