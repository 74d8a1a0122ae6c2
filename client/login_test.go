package client_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/loginsec"
)

// expectLogin reads a login and requires what the client asks for.
func expectLogin(want epp.Login) step {
	return func(p *peer) error {
		if err := expect("login")(p); err != nil {
			return err
		}
		got := p.asked[len(p.asked)-1].Request.(*epp.Login)
		if fmt.Sprint(*got) != fmt.Sprint(want) {
			return fmt.Errorf("the login differs: %v, not %v", got, want)
		}
		return nil
	}
}

var credentials = client.Credentials{ClID: "REG-A", PW: "example1"}

// RFC 5730, section 2.9.1.1: a login asks for a version, a language and services
// that the greeting offers.
func TestLoginAsksFor(t *testing.T) {
	offer := func(change func(*epp.Greeting)) *epp.Greeting {
		g := greeting()
		if change != nil {
			change(g)
		}
		return g
	}
	const ext1, ext2 = "urn:example:ext-1.0", "urn:example:other-1.0"
	known, err := epp.NewSchema(domain.Extension(),
		epp.Extension{URI: ext2, Level: epp.CommandLevel}, epp.Extension{URI: ext1, Level: epp.CommandLevel},
		epp.Extension{URI: "urn:example:hidden-1.0", Level: epp.CommandLevel, Hidden: true}, epp.Extension{URI: "urn:example:object-1.0", Level: epp.ObjectLevel})
	require.NoError(t, err)
	for name, tt := range map[string]struct {
		offer  func(*epp.Greeting)
		cred   func(*client.Credentials)
		schema *epp.Schema
		want   epp.Login
		err    string
	}{
		"what both know": {
			want: epp.Login{Version: "1.0", Lang: "en", ObjURI: []string{domain.NS}},
		},
		"extensions that both know, in the server's order": {
			offer: func(g *epp.Greeting) { g.ExtURI = []string{ext1, "urn:example:strange-1.0", ext2} },
			want:  epp.Login{Version: "1.0", Lang: "en", ObjURI: []string{domain.NS}, ExtURI: []string{ext1, ext2}},
		},
		"exactly the caller's": {
			offer: func(g *epp.Greeting) { g.ExtURI = []string{ext1} },
			cred: func(c *client.Credentials) {
				c.ObjURI, c.ExtURI = []string{"urn:example:mine-1.0"}, []string{"urn:example:mine-2.0"}
			},
			want: epp.Login{Version: "1.0", Lang: "en", ObjURI: []string{"urn:example:mine-1.0"}, ExtURI: []string{"urn:example:mine-2.0"}},
		},
		"no extensions because the caller says so": {
			offer: func(g *epp.Greeting) { g.ExtURI = []string{ext1} },
			cred:  func(c *client.Credentials) { c.ExtURI = []string{} },
			want:  epp.Login{Version: "1.0", Lang: "en", ObjURI: []string{domain.NS}},
		},
		"a new password": {
			cred: func(c *client.Credentials) { c.NewPW = "example2" },
			want: epp.Login{NewPW: "example2", Version: "1.0", Lang: "en", ObjURI: []string{domain.NS}},
		},
		"the server's first language": {
			offer: func(g *epp.Greeting) { g.Lang = []string{"cs", "sk"} },
			want:  epp.Login{Version: "1.0", Lang: "cs", ObjURI: []string{domain.NS}},
		},
		"the caller's language": {
			cred: func(c *client.Credentials) { c.Lang = "cs" },
			want: epp.Login{Version: "1.0", Lang: "cs", ObjURI: []string{domain.NS}},
		},
		"nothing in common": {
			offer: func(g *epp.Greeting) { g.ObjURI = []string{"urn:example:a-1.0", "urn:example:b-1.0"} },
			err:   "no objects that this client knows; it offers urn:example:a-1.0, urn:example:b-1.0",
		},
		"a client that knows nothing": {schema: new(epp.Schema), err: "no objects that this client knows"},
		"another version": {
			offer: func(g *epp.Greeting) { g.Version = []string{"2.0"} },
			err:   "the server speaks EPP 2.0, not 1.0",
		},
		"one version of several": {
			offer: func(g *epp.Greeting) { g.Version = []string{"2.0", "1.0"} },
			want:  epp.Login{Version: "1.0", Lang: "en", ObjURI: []string{domain.NS}},
		},
		"a password too short for the schema": {
			cred: func(c *client.Credentials) { c.PW = "x1y2z" },
			err:  "must have 6 to 16 characters",
		},
		"no objects because the caller says so": {
			cred: func(c *client.Credentials) { c.ObjURI = []string{} },
			err:  "objURI",
		},
	} {
		t.Run(name, func(t *testing.T) {
			cred := credentials
			if tt.cred != nil {
				tt.cred(&cred)
			}
			tt.want.ClID, tt.want.PW = cred.ClID, cred.PW
			script := []step{send(offer(tt.offer))}
			if tt.err == "" {
				script = append(script, expectLogin(tt.want), reply(0, epp.Success))
			}
			opts := client.Options{Schema: tt.schema}
			if opts.Schema == nil {
				opts.Schema = known
			}
			s := sessionOn(t, play(t, script...), opts)
			err := s.Login(t.Context(), cred)
			if tt.err == "" {
				require.NoError(t, err)
				return
			}
			requireFate(t, client.NotSent, err)
			require.ErrorContains(t, err, tt.err)
			require.NotContains(t, err.Error(), cred.PW)
			require.NoError(t, s.Err(), "the session is still usable")
		})
	}
}

// Whoever logs in may change the login when it is known what the server offers.
func TestLoginExtended(t *testing.T) {
	set, err := epp.NewSchema(domain.Extension(), loginsec.Extension())
	require.NoError(t, err)
	const pw, newPW = "a password of many words", "another of even more words"
	for _, tt := range []struct {
		name   string
		offers []string
		cred   client.Credentials
		frame  []string // parts of it
		err    string
	}{
		{
			"a long password",
			[]string{loginsec.NS},
			client.Credentials{PW: pw},
			[]string{"<pw>[LOGIN-SECURITY]</pw><options>", "<loginSec:pw>" + pw + "</loginSec:pw></loginSec:loginSec></extension>", "<extURI>" + loginsec.NS},
			"",
		},
		{
			"two",
			[]string{loginsec.NS},
			client.Credentials{PW: pw, NewPW: newPW},
			[]string{"<newPW>[LOGIN-SECURITY]</newPW>", "<loginSec:pw>" + pw + "</loginSec:pw><loginSec:newPW>" + newPW + "</loginSec:newPW></loginSec:loginSec></extension>"},
			"",
		},
		{
			"a long one for a short one",
			[]string{loginsec.NS},
			client.Credentials{PW: "example1", NewPW: newPW},
			[]string{"<pw>example1</pw>", "<newPW>[LOGIN-SECURITY]</newPW>", `loginSec-1.0"><loginSec:newPW>` + newPW},
			"",
		},
		{"one of 16", []string{loginsec.NS}, client.Credentials{PW: "0123456789äbcdef"}, []string{"<pw>0123456789äbcdef</pw>", "</login><clTRID>"}, ""},
		{"nothing of the kind offered", nil, client.Credentials{PW: pw}, nil, "login/pw: has 24 characters; a login has room for 16"},
		{"not offered for the new one", nil, client.Credentials{PW: "example1", NewPW: newPW}, nil, "login/newPW: has 26 characters"},
		{"not asked for", []string{loginsec.NS}, client.Credentials{PW: pw, ExtURI: []string{}}, nil, "does not offer"},
		{
			"an error of the caller", nil,
			client.Credentials{PW: "example1", Extend: func(*epp.Command) error { return errors.New("not today") }},
			nil, "client: login: not today",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := greeting()
			g.ExtURI = tt.offers
			script := []step{send(g)}
			var frame string
			if tt.err == "" {
				script = append(script, expect("login"), func(p *peer) error {
					r := result(epp.Success, p.asked[0].ClTRID)
					r.Extension = []epp.Element{&loginsec.LoginSecData{Events: []loginsec.Event{{Type: loginsec.Password, Level: loginsec.Warning}}}}
					return send(r)(p)
				})
			}
			s := sessionOn(t, play(t, script...), client.Options{Schema: set, Trace: func(dir client.Direction, doc []byte) {
				if dir == client.Sent {
					frame = string(doc)
				}
			}})
			tt.cred.ClID = "REG-A"
			tt.cred.UserAgent = new(loginsec.UserAgent)
			if tt.cred.Extend == nil {
				tt.cred.Extend = loginsec.Extend
			}
			require.Nil(t, s.LoginResponse())
			err := s.Login(t.Context(), tt.cred)
			if tt.err != "" {
				requireFate(t, client.NotSent, err)
				require.ErrorContains(t, err, tt.err)
				require.NotContains(t, err.Error(), "words")
				require.Nil(t, s.LoginResponse())
				return
			}
			require.NoError(t, err)
			for _, part := range tt.frame {
				require.Contains(t, frame, part)
			}
			require.IsType(t, new(loginsec.LoginSecData), s.LoginResponse().Extension[0])
		})
	}
}

// RFC 5730, section 3: a login succeeds with 1000; 2200 leaves the connection open
// for another; 2501 and 2502 end it.
func TestLoginAnswers(t *testing.T) {
	t.Run("2200, then 1000", func(t *testing.T) {
		s := session(t, client.Options{},
			expect("login"), reply(0, epp.AuthenticationError), expect("login"), reply(0, epp.Success))
		err := s.Login(t.Context(), credentials)
		var le *client.LoginError
		require.ErrorAs(t, err, &le)
		require.Equal(t, "REG-A", le.ClID)
		require.ErrorIs(t, err, epp.AuthenticationError)
		require.ErrorContains(t, err, "client: login of REG-A: epp: 2200 Authentication error")
		require.False(t, client.SafeToRetry(err))
		require.False(t, client.OutcomeUnknown(err))
		require.NoError(t, s.Err())
		require.NoError(t, s.Login(t.Context(), credentials))
	})
	for _, code := range []epp.Code{epp.AuthenticationErrorClosing, epp.SessionLimitExceeded, epp.CommandFailedClosing} {
		t.Run(code.Text(), func(t *testing.T) {
			s := session(t, client.Options{}, expect("login"), reply(0, code))
			err := s.Login(t.Context(), credentials)
			var le *client.LoginError
			require.ErrorAs(t, err, &le)
			require.ErrorIs(t, err, code)
			require.ErrorIs(t, s.Err(), code, "the session is over as soon as the answer is known")
			<-s.Done()
			err = s.Login(t.Context(), credentials)
			requireFate(t, client.NotSent, err)
			require.ErrorContains(t, err, "the server ended the session: ")
		})
	}
	for _, code := range []epp.Code{epp.ActionPending, epp.NoMessages, epp.AckToDequeue} {
		t.Run(fmt.Sprint("success of another kind: ", uint16(code)), func(t *testing.T) {
			s := session(t, client.Options{}, expect("login"), reply(0, code))
			err := s.Login(t.Context(), credentials)
			requireFate(t, client.Answered, err)
			require.ErrorIs(t, err, client.ErrInvalidAnswer)
			require.ErrorContains(t, err, "where 1000 is due")
		})
	}
	t.Run("1500", func(t *testing.T) {
		s := session(t, client.Options{}, expect("login"), reply(0, epp.EndingSession))
		err := s.Login(t.Context(), credentials)
		requireFate(t, client.Answered, err)
		require.Error(t, s.Err())
	})
	t.Run("no answer", func(t *testing.T) {
		s := session(t, client.Options{}, expect("login"), hangUp)
		requireFate(t, client.Unknown, s.Login(t.Context(), credentials))
	})
	t.Run("a greeting", func(t *testing.T) {
		s := session(t, client.Options{}, expect("login"), greet)
		err := s.Login(t.Context(), credentials)
		requireFate(t, client.Unknown, err)
		require.ErrorIs(t, err, client.ErrInvalidAnswer)
	})
}

// RFC 5730, section 2.9.1.2: a logout is answered by 1500.
func TestLogout(t *testing.T) {
	t.Run("1500", func(t *testing.T) {
		s := session(t, client.Options{}, expect("logout"), reply(0, epp.EndingSession))
		require.NoError(t, s.Logout(t.Context()))
		require.ErrorIs(t, s.Err(), client.ErrClosed)
		require.NoError(t, s.Close())
		err := s.Logout(t.Context())
		requireFate(t, client.NotSent, err)
		require.ErrorIs(t, err, client.ErrClosed)
	})
	t.Run("1000", func(t *testing.T) {
		s := session(t, client.Options{}, expect("logout"), reply(0, epp.Success))
		err := s.Logout(t.Context())
		require.ErrorIs(t, err, client.ErrInvalidAnswer)
		require.ErrorContains(t, err, "1000 where 1500 is due")
		require.ErrorIs(t, s.Err(), client.ErrClosed)
	})
	t.Run("2400", func(t *testing.T) {
		s := session(t, client.Options{}, expect("logout"), reply(0, epp.CommandFailed))
		require.ErrorIs(t, s.Logout(t.Context()), epp.CommandFailed)
		require.ErrorIs(t, s.Err(), client.ErrClosed)
	})
	t.Run("2500", func(t *testing.T) {
		s := session(t, client.Options{}, expect("logout"), reply(0, epp.CommandFailedClosing))
		require.ErrorIs(t, s.Logout(t.Context()), epp.CommandFailedClosing)
	})
	t.Run("closed without an answer", func(t *testing.T) {
		s := session(t, client.Options{}, expect("logout"), hangUp)
		err := s.Logout(t.Context())
		requireFate(t, client.Unknown, err)
		require.ErrorContains(t, err, "the server closed the connection")
	})
	t.Run("while others wait, which are answered first", func(t *testing.T) {
		asked := make(chan struct{})
		s := session(t, client.Options{}, expect("check"), tell(asked), expect("logout"),
			reply(0, epp.Success), reply(0, epp.EndingSession))
		done := begin(t, s, "a.example")
		<-asked
		require.NoError(t, s.Logout(t.Context()))
		o := <-done
		requireName(t, "a.example", o.chk, o.err)
	})
}

func TestCredentialsArePrintedWithoutPasswords(t *testing.T) {
	cred := client.Credentials{ClID: "REG-A", PW: "hunter22", NewPW: "hunter33"}
	opts := client.Options{Credentials: &cred}
	type config struct{ Registry client.Credentials }
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", cred)
		fmt.Fprintf(&out, verb+"\n", &cred)
		fmt.Fprintf(&out, verb+"\n", config{cred})
		fmt.Fprintf(&out, verb+"\n", opts)
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("dialling", "cred", cred, "pointer", &cred, "config", config{cred}, "group", slog.GroupValue(slog.Any("cred", cred)))
	}
	b, err := json.Marshal(config{cred})
	require.NoError(t, err)
	out.Write(b)
	require.Contains(t, out.String(), "REG-A")
	require.Contains(t, out.String(), epp.Redacted)
	require.NotContains(t, out.String(), "hunter")
	require.NotContains(t, out.String(), "68756e746572", "in hexadecimal")
}
