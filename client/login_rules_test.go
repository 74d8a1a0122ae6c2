package client_test

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/loginsec"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/epp/unhandled"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

const tooLong = "a much longer password than a login has room for"

// A loginSite is a registry whose passwords are good for 90 days, and a client of it.
type loginSite struct {
	*testing.T
	reg  *gtld.Registry
	srv  *mockserver.Server
	opts client.Options
}

func newLoginSite(t *testing.T) *loginSite {
	f, err := gtld.ParseFixtures("test.yaml", []byte(`
zones: [example]
registrars:
  - {clID: reg-north, password: north-Gate9}
  - {clID: reg-south, password: `+tooLong+`}
passwords: {min: 8, valid: 90d, warn: 14d}`))
	require.NoError(t, err)
	clock := registry.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	reg, err := gtld.New(gtld.Options{Options: registry.Options{Clock: clock, HashIterations: 1}, Fixtures: f})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg, JournalSecrets: true})
	return &loginSite{t, reg, srv, client.Options{Schema: loginSchema(t), TLS: srv.ClientTLS("reg-north")}}
}

func loginSchema(t *testing.T) *epp.Schema {
	set, err := epp.NewSchema(domain.Extension(), contact.Extension(), secdns.Extension(), loginsec.Extension(), unhandled.Extension())
	require.NoError(t, err)
	return set
}

// login logs in on a connection of its own.
func (s *loginSite) login(cred client.Credentials) (*client.Session, error) {
	s.Helper()
	opts := s.opts
	opts.Credentials = &cred
	c, err := client.Dial(s.Context(), s.srv.Addr(), opts)
	if err == nil {
		s.Cleanup(func() { c.Close() })
	}
	return c, err
}

// sent is the last login that came.
func (s *loginSite) sent() (*epp.Login, *loginsec.LoginSec) {
	s.Helper()
	e, ok := s.srv.Journal().Last(mockserver.And(mockserver.Verb("login"), mockserver.Received))
	require.True(s, ok)
	m, err := loginSchema(s.T).Parse([]byte(e.Frame()))
	require.NoError(s, err)
	cmd := m.(*epp.Command)
	for _, e := range cmd.Extension {
		if sec, ok := e.(*loginsec.LoginSec); ok {
			return cmd.Request.(*epp.Login), sec
		}
	}
	return cmd.Request.(*epp.Login), nil
}

func loginEvents(r *epp.Response) []loginsec.Event {
	if r != nil {
		for _, e := range r.Extension {
			if data, ok := e.(*loginsec.LoginSecData); ok {
				return data.Events
			}
		}
	}
	return nil
}

// eventsOfRefusal are those that came with a refusal of some code.
func (s *loginSite) eventsOfRefusal(err error, code epp.Code) []loginsec.Event {
	s.Helper()
	var login *client.LoginError
	var refused *epp.ResultError
	require.ErrorAs(s, err, &login)
	require.ErrorAs(s, err, &refused)
	require.ErrorIs(s, err, code)
	return loginEvents(refused.Response)
}

var (
	short = client.Credentials{ClID: "reg-north", PW: "north-Gate9"}
	long  = client.Credentials{ClID: "reg-south", PW: tooLong, Extend: loginsec.Extend}
)

// loginRequirements are those of RFC 8807 and RFC 9038, as a client sees them.
var loginRequirements = []struct {
	id, name string
	check    func(*loginSite)
}{
	{"R8807-001", "3.2 the constant is for a password that is elsewhere", func(s *loginSite) {
		_, err := s.login(long)
		require.NoError(s, err)
		q, sec := s.sent()
		require.Equal(s, loginsec.Elsewhere, q.PW)
		require.True(s, sec.PW == tooLong)

		cred := short
		cred.NewPW = loginsec.Elsewhere
		cred.Extend = func(q *epp.Command) error {
			q.Extension = append(q.Extension, &loginsec.LoginSec{NewPW: loginsec.Elsewhere})
			return nil
		}
		_, err = s.login(cred)
		require.Equal(s, loginsec.NewPW, s.eventsOfRefusal(err, epp.ParameterPolicyError)[0].Type)
	}},
	{"R8807-002", "4.1 loginSec has a password only for the constant", func(s *loginSite) {
		for _, cred := range []client.Credentials{
			short, long,
			{ClID: "reg-north", PW: "north-Gate9", NewPW: "a longer one than sixteen", Extend: loginsec.Extend},
			{ClID: "reg-north", PW: "a longer one than sixteen", NewPW: "north-Gate9", Extend: loginsec.Extend},
		} {
			_, err := s.login(cred)
			require.NoError(s, err)
			q, sec := s.sent()
			require.Equal(s, q.PW == loginsec.Elsewhere, sec.PW != "")
			require.Equal(s, q.NewPW == loginsec.Elsewhere, sec.NewPW != "")
		}
	}},
	{"R8807-002", "4.1 loginSec is never empty", func(s *loginSite) {
		cred := short
		cred.UserAgent, cred.Extend = new(loginsec.UserAgent), loginsec.Extend
		_, err := s.login(cred)
		require.NoError(s, err)
		q, sec := s.sent()
		require.Nil(s, sec)
		require.Contains(s, q.ExtURI, loginsec.NS)
	}},
	{"", "RFC 8807, 4.1 userAgent", func(s *loginSite) {
		_, err := s.login(short)
		require.NoError(s, err)
		_, sec := s.sent()
		require.Regexp(s, `^eppkit( \S+)?$`, *sec.UserAgent.App)
		require.Regexp(s, `^\S+ Go \S+`, *sec.UserAgent.Tech)
		require.Equal(s, runtime.GOARCH+" "+runtime.GOOS, *sec.UserAgent.OS)

		own := &loginsec.UserAgent{App: new("office 2.1")}
		cred := long
		cred.UserAgent = own
		_, err = s.login(cred)
		require.NoError(s, err)
		_, sec = s.sent()
		require.Equal(s, own, sec.UserAgent)
		require.True(s, sec.PW == tooLong)

		// What the caller's own Extend says goes first.
		cred = short
		cred.Extend = func(q *epp.Command) error {
			q.Extension = append(q.Extension, &loginsec.LoginSec{UserAgent: own})
			return nil
		}
		_, err = s.login(cred)
		require.NoError(s, err)
		_, sec = s.sent()
		require.Equal(s, own, sec.UserAgent)

		// Who does not ask for the extension does not send it.
		cred = short
		cred.ExtURI = []string{}
		_, err = s.login(cred)
		require.NoError(s, err)
		_, sec = s.sent()
		require.Nil(s, sec)
	}},
	{"R8807-003", "4.1 events come with a success, for who asked", func(s *loginSite) {
		c, err := s.login(short)
		require.NoError(s, err)
		require.Empty(s, loginEvents(c.LoginResponse()))
		s.reg.Advance(77 * registry.Day.D())
		c, err = s.login(short)
		require.NoError(s, err)
		require.Len(s, loginEvents(c.LoginResponse()), 1)
		cred := short
		cred.ExtURI = []string{}
		c, err = s.login(cred)
		require.NoError(s, err)
		require.Empty(s, loginEvents(c.LoginResponse()))
	}},
	{"R8807-003", "4.1 events come with a refusal", func(s *loginSite) {
		s.reg.Advance(91 * registry.Day.D())
		_, err := s.login(short)
		require.Equal(s, loginsec.Error, s.eventsOfRefusal(err, epp.AuthenticationError)[0].Level)
		cred := short
		cred.NewPW = "short"
		cred.Extend = loginsec.Extend
		_, err = s.login(cred)
		require.ErrorContains(s, err, "6 to 16 characters", "nothing is sent")
		cred.NewPW = "seven-7"
		_, err = s.login(cred)
		events := s.eventsOfRefusal(err, epp.AuthenticationError)
		require.Contains(s, typesOf(events), loginsec.NewPW)
		cred.NewPW = "good-for-90-days"
		_, err = s.login(cred)
		require.NoError(s, err, "a password that has expired can be changed")
	}},
	{"R8807-004", "3.1 an event of a password says when", func(s *loginSite) {
		s.reg.Advance(77 * registry.Day.D())
		c, err := s.login(short)
		require.NoError(s, err)
		require.Equal(s, loginsec.Event{
			Type: loginsec.Password, Level: loginsec.Warning, Lang: "", Text: "The password expires soon.",
			ExDate: time.Date(2026, 5, 30, 12, 0, 0, 0, time.UTC),
		}, loginEvents(c.LoginResponse())[0])
	}},
	{"", "RFC 9038, 4 the login names the practice where both know it", func(s *loginSite) {
		_, err := s.login(short)
		require.NoError(s, err)
		q, _ := s.sent()
		require.Contains(s, q.ExtURI, unhandled.NS)
		set, err := epp.NewSchema(domain.Extension())
		require.NoError(s, err)
		s.opts.Schema = set
		_, err = s.login(short)
		require.NoError(s, err)
		q, _ = s.sent()
		require.NotContains(s, q.ExtURI, unhandled.NS)
	}},
	{"R9038-001", "6 a message of the queue with what the login did not name", func(s *loginSite) {
		r := s.message([]string{domain.NS}, []string{unhandled.NS})
		require.Len(s, r.ResData, 1)
		require.Empty(s, r.Extension)
		require.Equal(s, []string{secdns.NS}, unhandled.Of(r, s.opts.Schema, nil).Namespaces)
	}},
	{"R9038-002", "3.1 the object's data", func(s *loginSite) {
		r := s.message([]string{contact.NS}, nil)
		require.Empty(s, r.ResData)
		got := unhandled.Of(r, s.opts.Schema, nil)
		require.IsType(s, new(domain.InfData), got.ResData[0])
		require.IsType(s, new(secdns.InfData), got.Extension[0])
	}},
	{"R9038-003", "3.2 no empty extension", func(s *loginSite) {
		r := s.message([]string{domain.NS}, nil)
		require.NotContains(s, r.Frame, "<extension")
	}},
	{"R9038-004", "3 the reason names the namespace", func(s *loginSite) {
		r := s.message([]string{domain.NS}, nil)
		require.Contains(s, r.Results[0].Values[0].Reason.Text, secdns.NS+" not in login services")
	}},
	{"R9038-005", "7.1 an extValue in a success is looked into", func(s *loginSite) {
		r := s.message([]string{contact.NS}, []string{unhandled.NS})
		require.NoError(s, r.Err())
		require.Equal(s, []string{domain.NS, secdns.NS}, unhandled.Of(r, s.opts.Schema, nil).Namespaces)
		require.Equal(s, "sauna.example", unhandled.Of(r, s.opts.Schema, nil).ResData[0].(*domain.InfData).Name)
	}},
}

func typesOf(events []loginsec.Event) (out []string) {
	for _, e := range events {
		out = append(out, e.Type)
	}
	return out
}

// message polls a message about a domain with secDNS, by a login that names some services.
func (s *loginSite) message(obj, ext []string) *epp.Response {
	s.Helper()
	require.NoError(s, s.reg.Change(func(tx *registry.Tx) error {
		s.reg.Queue.Put(tx, registry.Message{
			ClID: "reg-north", Text: "sauna.example was signed.",
			ResData:   []epp.Element{&domain.InfData{Name: "sauna.example", ROID: "D9-MOCK", ClID: "reg-north"}},
			Extension: []epp.Element{&secdns.InfData{KeyData: []secdns.KeyData{{Flags: 257, Protocol: 3, Alg: 13, PubKey: "c2F1bmE="}}}},
		})
		return nil
	}))
	cred := short
	cred.ObjURI, cred.ExtURI = obj, ext
	if ext == nil {
		cred.ExtURI = []string{}
	}
	c, err := s.login(cred)
	require.NoError(s, err)
	r, err := c.Exchange(s.Context(), &epp.Command{Request: &epp.Poll{Op: epp.PollReq}})
	require.NoError(s, err)
	require.Equal(s, epp.AckToDequeue, r.Code())
	return r
}

func TestLoginRequirements(t *testing.T) {
	for _, row := range loginRequirements {
		t.Run(strings.TrimSpace(row.id+" "+row.name), func(t *testing.T) { row.check(newLoginSite(t)) })
	}
}

// Every requirement of the two documents has a row.
func TestLoginRequirementsAreAll(t *testing.T) {
	b, err := os.ReadFile("../../shared/reference/requirements.tsv")
	if err != nil {
		t.Skip("the list of requirements is not beside this checkout")
	}
	n := 0
	for line := range strings.Lines(string(b)) {
		id, _, _ := strings.Cut(line, "\t")
		if strings.HasPrefix(id, "R8807-") || strings.HasPrefix(id, "R9038-") {
			n++
			has := false
			for _, row := range loginRequirements {
				has = has || row.id == id
			}
			require.True(t, has, id)
		}
	}
	require.Positive(t, n)
}
