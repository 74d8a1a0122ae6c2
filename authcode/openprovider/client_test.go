package openprovider_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/openprovider"
)

// exchangeOf makes a client whose calls get one answer, and says what it sent.
func exchangeOf(t *testing.T, body string, with ...func(*openprovider.Options)) (*openprovider.Client, func() string) {
	t.Helper()
	var sent string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q, _ := io.ReadAll(r.Body)
		sent = fmt.Sprintf("%s %s %s %s", r.Method, r.RequestURI, r.Header.Get("Authorization"), q)
		io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	return dial(t, srv.URL, with...), func() string { return sent }
}

func raws(list ...string) map[string]json.RawMessage {
	m := map[string]json.RawMessage{}
	for i := 0; i < len(list); i += 2 {
		m[list[i]] = json.RawMessage(list[i+1])
	}
	return m
}

// TestTyped: what is asked on the wire, and every field of the answers.
func TestTyped(t *testing.T) {
	c, sent := exchangeOf(t, `{"code":0,"desc":"fine","data":{"auth_code":"q\"<&>","success":true,"type":"internal","hint":[1]},
		"warnings":[{"code":5}],"trace":"x",}`)
	a, err := c.RequestAuthCode(t.Context(), id, authcode.Internal)
	require.NoError(t, err)
	require.Equal(t, "GET /domains/4711/authcode?auth_code_type=internal Bearer "+token+" ", sent())
	require.EqualValues(t, `q"<&>`, a.Code)
	require.Equal(t, "internal", a.Type)
	require.Equal(t, raws("hint", "[1]"), a.Extra)
	require.Equal(t, openprovider.Reply{
		Desc: "fine", Warnings: json.RawMessage(`[{"code":5}]`), Extra: raws("trace", `"x"`),
	}, a.Reply)

	c, sent = exchangeOf(t, `{"code":0,"data":{"auth_code":"z","domain_roid":"D7-EX","epp_statuses":["ok","a"],"success":1,"type":"external"},"desc":""}`)
	a, err = c.ResetAuthCode(t.Context(), id, "alpha.co.example", "")
	require.NoError(t, err)
	require.Equal(t, "POST /domains/4711/authcode/reset Bearer "+token+
		` {"auth_code_type":"external","domain":{"name":"alpha","extension":"co.example"},"id":4711}`, sent())
	require.Equal(t, "D7-EX", a.DomainROID)
	require.Equal(t, []string{"ok", "a"}, a.EPPStatuses)
	require.Equal(t, authcode.Code{Value: "z", Scope: authcode.External}, a.Outcome())
	_, err = c.ResetAuthCode(t.Context(), id, "", authcode.Internal)
	require.NoError(t, err)
	require.Contains(t, sent(), `{"auth_code_type":"internal","id":4711}`)

	// The type that the answer has is what the code is good for.
	a, err = c.ResetAuthCode(t.Context(), id, "", authcode.Internal)
	require.NoError(t, err)
	require.Equal(t, authcode.Code{Value: "z", Scope: authcode.External}, a.Outcome())
	c, _ = exchangeOf(t, `{"code":0,"desc":"","data":{"auth_code":"z","success":true}}`)
	a, err = c.ResetAuthCode(t.Context(), id, "", authcode.Internal)
	require.NoError(t, err)
	require.Equal(t, authcode.Code{Value: "z", Scope: authcode.Internal}, a.Outcome())

	c, sent = exchangeOf(t, `{"code":0,"desc":"","data":{"id":"4711","domain":{"name":"Alpha","extension":"Example"},
		"auth_code":"x1","internal_auth_code":"x2","is_locked":"1","is_lockable":true,"status":"ACT","owner_handle":"OW1",
		"admin_handle":"AD1","tech_handle":"TE1","billing_handle":"BI1","reseller_handle":"RE1",
		"name_servers":[{"name":"ns1.alpha.example","ip":"192.0.2.1","seq_nr":0}],
		"creation_date":"2020-02-03 04:05:06","active_date":"2020-02-03","last_changed":"0000-00-00 00:00:00",
		"expiration_date":"2031-02-03 04:05:06","renewal_date":"2031-01-01 00:00:00","is_premium":false}}`,
		func(o *openprovider.Options) { o.Zone = time.FixedZone("", 3600) })
	d, err := c.DomainInfo(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "GET /domains/4711 Bearer "+token+" ", sent())
	require.Equal(t, &openprovider.Domain{
		ID: id, Name: name, AuthCode: "x1", InternalAuthCode: "x2", Locked: authcode.Yes, Lockable: authcode.Yes, Status: "ACT",
		Owner: "OW1", Admin: "AD1", Tech: "TE1", Billing: "BI1", Reseller: "RE1",
		NameServers: []openprovider.NameServer{{Name: "ns1.alpha.example", IP: "192.0.2.1"}},
		Created:     "2020-02-03 04:05:06", Activated: "2020-02-03", Changed: "0000-00-00 00:00:00",
		Expires: "2031-02-03 04:05:06", Renews: "2031-01-01 00:00:00", Extra: raws("is_premium", "false"),
	}, d)

	c, sent = exchangeOf(t, `{"code":0,"desc":"","data":{"status":"ACT","note":1}}`)
	l, err := c.UpdateLock(t.Context(), id, false)
	require.NoError(t, err)
	require.Equal(t, "PUT /domains/4711 Bearer "+token+` {"is_locked":false}`, sent())
	require.Equal(t, "ACT", l.Status)
	require.Equal(t, raws("note", "1"), l.Extra)

	c, sent = exchangeOf(t, `{"code":0,"desc":"","data":{"token":"T-1","reseller_id":9,"more":true}}`, byPassword,
		func(o *openprovider.Options) { o.IP = "192.0.2.9" })
	in, err := c.Login(t.Context())
	require.NoError(t, err)
	require.Equal(t, `POST /auth/login  {"username":"first","password":"`+pass+`","ip":"192.0.2.9"}`, sent())
	require.EqualValues(t, "T-1", in.Token)
	require.Equal(t, raws("more", "true"), in.Extra)
}

func TestDescribeDates(t *testing.T) {
	c, _ := exchangeOf(t, `{"code":0,"desc":"","data":{"id":4711,"domain":{"name":"alpha","extension":"example"},
		"results":[{"id":4711,"domain":{"name":"alpha","extension":"example"}}],
		"creation_date":"2020-02-03 04:05:06","last_changed":"0000-00-00 00:00:00","expiration_date":"2031-02-03"}}`,
		func(o *openprovider.Options) { o.Zone = time.FixedZone("", 3600) })
	d, err := c.Describe(t.Context(), name)
	require.NoError(t, err)
	require.True(t, d.Created.Equal(time.Date(2020, 2, 3, 3, 5, 6, 0, time.UTC)), d.Created)
	require.True(t, d.Updated.IsZero())
	require.True(t, d.Expires.Equal(time.Date(2031, 2, 2, 23, 0, 0, 0, time.UTC)), d.Expires)
}

func TestCapabilities(t *testing.T) {
	able := func(c *openprovider.Client, r authcode.Request) authcode.Ability {
		caps, err := c.Capabilities(t.Context(), name)
		require.NoError(t, err)
		return caps.For(r)
	}
	c, sent := exchangeOf(t, `{}`)
	require.True(t, able(c, request(authcode.Retrieve, "")).SideEffects(), "it may mail")
	require.True(t, able(c, request(authcode.Retrieve, "")).NewCode, "what is mailed may be new")
	require.True(t, able(c, request(authcode.Regenerate, authcode.Internal)).NewCode)
	require.False(t, able(c, request(authcode.Send, "")).Only(authcode.KindSent), "it may show the code")
	require.False(t, able(c, request(authcode.Send, authcode.Internal)).Any())
	info, _ := exchangeOf(t, `{}`, func(o *openprovider.Options) { o.RetrieveFromInfo = true })
	require.False(t, able(info, request(authcode.Retrieve, "")).SideEffects())

	// What can't be done makes no call.
	for _, r := range []authcode.Request{
		{Domain: name, Verb: authcode.Send, To: authcode.Reseller},
		{Domain: name, Verb: authcode.Send, To: authcode.Admin},
		{Domain: name, Verb: authcode.Send, To: authcode.Registrant, Scope: authcode.Internal},
		{Domain: name, Verb: authcode.Regenerate, Value: "my-own"},
		{Domain: "no name", Verb: authcode.Retrieve},
		{Domain: name, Verb: "look"},
	} {
		out, err := c.HandOver(t.Context(), r)
		require.NoError(t, err)
		require.Equal(t, authcode.KindRefused, out.Kind(), r)
	}
	for _, err := range []error{
		c.SetLock(t.Context(), "no name", true),
		func() error { _, err := c.Describe(t.Context(), ""); return err }(),
		func() error { _, err := c.FindDomain(t.Context(), "x"); return err }(),
	} {
		require.ErrorIs(t, err, authcode.Refused{Class: authcode.Invalid})
	}
	require.Empty(t, sent())
}

// TestFromInfo: a domain whose information has no code, and one that has.
func TestFromInfo(t *testing.T) {
	p := &scripted{caps: everything(), out: func(r authcode.Request) (authcode.Outcome, error) { return authcode.Sent{}, nil }}
	srv := serve(t, p, openprovider.HandlerOptions{})
	c := dial(t, srv.URL+"/v1beta", func(o *openprovider.Options) { o.RetrieveFromInfo = true })
	out, err := c.HandOver(t.Context(), request(authcode.Retrieve, ""))
	require.NoError(t, err)
	require.Equal(t, authcode.Unset, out.(authcode.Refused).Class)
	require.Empty(t, p.asked(), "nothing was mailed")
	out, err = c.HandOver(t.Context(), request(authcode.Send, ""))
	require.NoError(t, err)
	require.Equal(t, authcode.KindSent, out.Kind())
}

// TestConcurrent: many goroutines over one client and one handler.
func TestConcurrent(t *testing.T) {
	p := &scripted{caps: everything(), out: func(r authcode.Request) (authcode.Outcome, error) {
		return authcode.Code{Value: authcode.Secret("code-of-" + r.Domain), Scope: r.Scope.OrExternal()}, nil
	}}
	srv := serve(t, p, openprovider.HandlerOptions{})
	c := dial(t, srv.URL+"/v1beta", byPassword)
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			for j := range 5 {
				domain := fmt.Sprintf("d%d.many.example", (i+j)%20)
				out, err := c.HandOver(t.Context(), authcode.Request{Domain: domain, Verb: authcode.Regenerate})
				if err != nil || out != (authcode.Code{Value: authcode.Secret("code-of-" + domain), Scope: authcode.External}) {
					t.Errorf("%s: %v, %v", domain, out, err)
				}
			}
		})
	}
	wg.Wait()
	require.Len(t, p.asked(), 160)
}

// TestSecrets: codes, tokens and passwords show in no log, no error and no printed value.
func TestSecrets(t *testing.T) {
	const code = "s3cret-c0de"
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	audit := gateway.AuditLog(logger)
	srv := serve(t, shows(code), openprovider.HandlerOptions{}, func(o *gateway.Options) { o.Log, o.Audit = logger, audit })
	opts := openprovider.Options{
		HTTP:     authcode.HTTP{Base: srv.URL + "/v1beta", Log: logger},
		Username: "first", Password: pass,
	}
	c, err := openprovider.New(opts)
	require.NoError(t, err)
	out, err := c.HandOver(t.Context(), request(authcode.Retrieve, ""))
	require.NoError(t, err)
	a, err := c.ResetAuthCode(t.Context(), id, name, "")
	require.NoError(t, err)
	d, err := c.DomainInfo(t.Context(), id)
	require.NoError(t, err)
	in, err := c.Login(t.Context())
	require.NoError(t, err)
	printed := fmt.Sprintf("%v %+v %#v %+v %+v %+v %+v %+v %+v", c, c, c, *c, opts, out, a, d, in)
	withToken, err := openprovider.New(openprovider.Options{Token: token})
	require.NoError(t, err)
	printed += fmt.Sprintf("%+v %#v", withToken, withToken)
	logger.Info("all", "c", c, "opts", opts, "out", out, "a", a, "d", d, "in", in)

	// Answers that are errors and quote what they should not.
	quotes := `{"code":0,"desc":"","data":{"auth_code":"` + code + `","success":[]}}`
	for _, bad := range []http.HandlerFunc{
		says(200, quotes), says(500, quotes), says(502, code), says(404, code),
		cuts("HTTP/1.1 200 OK\r\n" + code + "\r\n\r\n"), cuts(code + "\r\n\r\n"),
		cuts("HTTP/1.1 200 OK\r\nContent-Length: " + code + "\r\n\r\n"),
	} {
		far := newHostile(t, bad)
		c := dial(t, far.URL, func(o *openprovider.Options) { o.Log = logger })
		for _, verb := range []authcode.Verb{authcode.Retrieve, authcode.Regenerate} {
			out, err := c.HandOver(t.Context(), request(verb, ""))
			printed += fmt.Sprintf("%v %+v %#v\n", err, err, out)
			logger.Error("call", "error", err, "out", out)
		}
		_, err := c.DomainInfo(t.Context(), id)
		printed += fmt.Sprintf("%v %+v", err, err)
	}
	require.Contains(t, log.String(), "hand-over")
	require.Contains(t, log.String(), "authcode/reset")
	for _, secret := range []string{code, pass, token, in.Token.Reveal()} {
		require.NotContains(t, log.String(), secret)
		require.NotContains(t, printed, secret)
	}
}
