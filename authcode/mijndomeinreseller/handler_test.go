package mijndomeinreseller_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/mijndomeinreseller"
)

const jsonType = "application/json;charset=utf-8"

// ask makes a request with key, unless the header says otherwise.
func ask(h http.Handler, method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://gateway.example"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+key.Reveal())
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const path = "/v2/domains/alpha.example/auth_code"

// TestAnswer holds the handler's answers to the octet.
func TestAnswer(t *testing.T) {
	for _, r := range []struct {
		name   string
		out    authcode.Outcome
		status int
		ctype  string
		body   string
	}{
		{"a code that expires", authcode.Code{Value: "a-1", Expires: expires.In(time.FixedZone("", 7200))}, 201, jsonType, `{"auth_code":"a-1","auth_code_date_expiry":"2026-05-06T07:08:09Z"}`},
		{"a code that does not", authcode.Code{Value: `)*(&<"$'`}, 201, jsonType, `{"auth_code":")*(&<\"$'"}`},
		{"sent", authcode.Sent{To: registrant, Expires: expires}, 204, "", ""},
		{"pending", authcode.Pending{Operation: "7", Text: "later"}, 202, jsonType, `{"operation":"7","message":"later"}`},
		{"refused", authcode.Refused{Class: authcode.Locked, Code: "2304", Text: "unlock <it> first"}, 423, jsonType, `{"message":"unlock <it> first","code":"locked","retryable":false}`},
		{"refused without a text", authcode.Refused{Class: authcode.Busy, Retryable: true}, 409, jsonType, `{"message":"busy","code":"busy","retryable":true}`},
		{"refused, and delivered", authcode.Refused{Class: authcode.Undeliverable, Text: "no", Delivered: []string{"j*@e*.*"}}, 424, jsonType, `{"message":"no","code":"undeliverable","retryable":false,"delivered":["j*@e*.*"]}`},
	} {
		t.Run(r.name, func(t *testing.T) {
			p := gives(r.out, nil)
			w := ask(handler(t, options(t, p)), "POST", path, "")
			require.Equal(t, r.status, w.Code)
			require.Equal(t, r.ctype, w.Header().Get("Content-Type"))
			require.Equal(t, r.body, w.Body.String())
			require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			require.Equal(t, []authcode.Request{regenerate}, p.got)
		})
	}
	t.Run("unknown", func(t *testing.T) {
		w := ask(handler(t, options(t, gives(nil, &authcode.Error{System: "s", Op: "o", Unknown: true, Err: fmt.Errorf("secret")}))), "POST", path, "")
		require.Equal(t, 504, w.Code)
		require.Equal(t, "text/plain; charset=utf-8", w.Header().Get("Content-Type"))
		require.NotContains(t, w.Body.String(), "secret")
		require.NotContains(t, w.Body.String(), "{")
	})
	t.Run("nothing done", func(t *testing.T) {
		w := ask(handler(t, options(t, gives(nil, &authcode.Error{System: "s", Op: "o", Err: fmt.Errorf("secret")}))), "POST", path, "")
		require.Equal(t, 503, w.Code)
		require.Equal(t, `{"message":"nothing was done; try again later","code":"unavailable","retryable":true}`, w.Body.String())
	})
}

// TestRequest takes requests as clients send them, and refuses others without a call of
// the Provider.
func TestRequest(t *testing.T) {
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	asJSON := []string{"Content-Type", "application/json"}
	auth := func(v string) []string { return []string{"Authorization", v} }
	k := key.Reveal()
	for _, r := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		class                    authcode.Class // "" for a code
	}{
		{"no body", "POST", path, "", nil, 201, ""},
		{"an empty form", "POST", path, "", form, 201, ""},
		{"{}", "POST", path, " {} \n", asJSON, 201, ""},
		{"[]", "POST", path, "[]", asJSON, 201, ""},
		{"null", "POST", path, "null", asJSON, 201, ""},
		{"slashes", "POST", "//v2//domains/alpha.example///auth_code//", "", nil, 201, ""},
		{"escapes", "POST", "/v2/domains/%61lpha%2Eexample/auth_code", "", nil, 201, ""},
		{"capitals, a dot at the end", "POST", "/v2/domains/ALPHA.Example./auth_code", "", nil, 201, ""},
		{"a query", "POST", path + "?x=1", "", nil, 201, ""},
		{"bearer", "POST", path, "", auth("bearer " + k), 201, ""},
		{"BEARER, spaces", "POST", path, "", auth("  BEARER \t " + k + " "), 201, ""},
		{"Bearer:", "POST", path, "", auth("Bearer: " + k), 201, ""},
		{", Bearer", "POST", path, "", auth(", Bearer " + k), 201, ""},

		{"no key", "POST", path, "", auth(""), 401, authcode.Unauthorized},
		{"no scheme", "POST", path, "", auth(k), 401, authcode.Unauthorized},
		{"another scheme", "POST", path, "", auth("Basic " + k), 401, authcode.Unauthorized},
		{"no space", "POST", path, "", auth("Bearer" + k), 401, authcode.Unauthorized},
		{"a part of the key", "POST", path, "", auth("Bearer " + k[:72]), 401, authcode.Unauthorized},
		{"the key and more", "POST", path, "", auth("Bearer " + k + "x"), 401, authcode.Unauthorized},
		{"another's domain", "POST", "/v2/domains/bravo.example/auth_code", "", nil, 403, authcode.NotYours},
		{"no domain", "POST", "/v2/domains/none.example/auth_code", "", nil, 404, authcode.NotFound},
		{"no name", "POST", "/v2/domains/alpha%2Fexample/auth_code", "", nil, 400, authcode.Invalid},
		{"a TLD without codes", "POST", "/v2/domains/a.nocodes/auth_code", "", nil, 422, authcode.NoCodes},
		{"parameters", "POST", path, `{"auth_code":"mine"}`, asJSON, 400, authcode.Invalid},
		{"a form", "POST", path, "auth_code=mine", form, 400, authcode.Invalid},
		{"malformed", "POST", path, "{", asJSON, 400, authcode.Invalid},
		{"another type", "POST", path, `""`, asJSON, 400, authcode.Invalid},
		{"too large", "POST", path, strings.Repeat(" ", 65<<10), nil, 413, authcode.Invalid},
		{"no path", "POST", "/", "", nil, 404, authcode.NotFound},
		{"a neighbour", "PUT", "/v2/domains/alpha.example/trade", "{}", nil, 404, authcode.NotFound},
		{"a path in capitals", "POST", "/V2/domains/alpha.example/AUTH_CODE", "", nil, 404, authcode.NotFound},
		{"a longer path", "POST", path + "/x", "", nil, 404, authcode.NotFound},
		{"another version", "POST", "/v1/domains/alpha.example/auth_code", "", nil, 404, authcode.NotFound},
		{"GET with a body", "GET", path, "[]", nil, 405, authcode.Unsupported},
		{"DELETE with a body", "DELETE", path, "{", nil, 405, authcode.Unsupported},
		{"PUT", "PUT", path, "", nil, 405, authcode.Unsupported},
	} {
		t.Run(r.name, func(t *testing.T) {
			p := gives(authcode.Code{Value: "a-1"}, nil)
			w := ask(handler(t, options(t, p)), r.method, r.path, r.body, r.header...)
			require.Equal(t, r.status, w.Code, w.Body)
			require.Equal(t, jsonType, w.Header().Get("Content-Type"))
			if r.class == "" {
				require.Equal(t, `{"auth_code":"a-1"}`, w.Body.String())
				require.Equal(t, []authcode.Request{regenerate}, p.got)
				return
			}
			require.Empty(t, p.got)
			require.Regexp(t, fmt.Sprintf(`^\{"message":"[^"]+","code":%q,"retryable":false\}$`, r.class), w.Body.String())
			require.Equal(t, r.status == 405, w.Header().Get("Allow") == "POST")
			require.Equal(t, r.status == 401, w.Header().Get("WWW-Authenticate") == "Bearer")
			require.NotContains(t, w.Body.String(), k)
		})
	}
}

// TestWrongKey tells nothing to who has no key: all answers are the same.
func TestWrongKey(t *testing.T) {
	p := gives(authcode.Code{Value: "a-1"}, nil)
	o := options(t, p)
	o.Rate = gateway.Rate{Requests: 1, Per: time.Hour}
	var denied []string
	o.Denied = func(_ context.Context, d gateway.Denial) { denied = append(denied, d.Via+d.User+" "+d.Addr) }
	h := handler(t, o)
	first := ask(h, "POST", path, "", "Authorization", "Bearer wrong")
	require.Equal(t, 401, first.Code)
	for _, r := range [][3]string{
		{"POST", path},
		{"POST", "/v2/domains/bravo.example/auth_code"},
		{"POST", "/v2/domains/none.example/auth_code"},
		{"POST", "/v2/domains/%20/auth_code"},
		{"POST", "/v2/domains/a.nocodes/auth_code"},
		{"POST", "/nowhere"},
		{"GET", path},
		{"POST", path, "malformed {"},
	} {
		require.Equal(t, first, ask(h, r[0], r[1], r[2], "Authorization", "Bearer wrong"), r)
	}
	require.Empty(t, p.got)
	require.Len(t, denied, 9)
	require.Equal(t, "mijndomeinreseller 192.0.2.1:1234", denied[8])
	require.Equal(t, 201, ask(h, "POST", path, "").Code)
	require.Len(t, denied, 9)
}

// TestRate answers an account that asks too often, and no other one.
func TestRate(t *testing.T) {
	p := gives(authcode.Sent{To: registrant}, nil)
	o := options(t, p)
	now := expires
	o.Now = func() time.Time { return now }
	o.Rate = gateway.Rate{Requests: 2, Per: time.Minute}
	h := handler(t, o)
	require.Equal(t, 204, ask(h, "POST", path, "").Code)
	require.Equal(t, 404, ask(h, "POST", "/", "").Code)
	w := ask(h, "POST", path, "")
	require.Equal(t, 429, w.Code)
	require.Equal(t, "30", w.Header().Get("Retry-After"))
	require.Equal(t, `{"message":"too many requests","code":"rate limited","retryable":true}`, w.Body.String())
	require.Equal(t, 204, ask(h, "POST", "/v2/domains/bravo.example/auth_code", "", "Authorization", "Bearer "+other.Reveal()).Code)
	now = now.Add(30 * time.Second)
	require.Equal(t, 204, ask(h, "POST", path, "").Code)
	require.Len(t, p.got, 3)
}

// TestSends uses what the Provider has: a new code, or else a code sent to the
// registrant, and nothing else.
func TestSends(t *testing.T) {
	send := func(to authcode.Recipient) authcode.Capabilities {
		return authcode.Capabilities{Send: map[authcode.Recipient]authcode.Ability{to: {Outcomes: authcode.KindSent}}}
	}
	both := send(authcode.Registrant)
	both.Regenerate = either
	for _, r := range []struct {
		name   string
		caps   authcode.Capabilities
		status int
		got    []authcode.Request
	}{
		{"both", both, 204, []authcode.Request{regenerate}},
		{"to the registrant", send(authcode.Registrant), 204, []authcode.Request{{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Registrant}}},
		{"to the reseller", send(authcode.Reseller), 422, nil},
		{"retrieve", authcode.Capabilities{Retrieve: authcode.Ability{Outcomes: authcode.KindCode}}, 422, nil},
		{"nothing", authcode.Capabilities{}, 422, nil},
	} {
		t.Run(r.name, func(t *testing.T) {
			p := gives(authcode.Sent{To: registrant}, nil)
			p.caps = r.caps
			require.Equal(t, r.status, ask(handler(t, options(t, p)), "POST", path, "").Code)
			require.Equal(t, r.got, p.got)
		})
	}
}

// TestRefuse has the caller write refusals.
func TestRefuse(t *testing.T) {
	o := options(t, gives(authcode.Refused{Class: authcode.Locked}, nil))
	g, err := gateway.New(o)
	require.NoError(t, err)
	h := mijndomeinreseller.NewHandler(g, mijndomeinreseller.HandlerOptions{
		Refuse: func(no authcode.Refused) (int, []byte) {
			if no.Class == authcode.Locked {
				return 409, []byte(`{"error":"lock"}`)
			}
			return 0, nil
		},
	})
	w := ask(h, "POST", path, "")
	require.Equal(t, 409, w.Code)
	require.Equal(t, `{"error":"lock"}`, w.Body.String())
	w = ask(h, "POST", "/", "")
	require.Equal(t, 404, w.Code)
	require.Contains(t, w.Body.String(), "not found")
}

// TestHandlerSecrets looks for keys and codes in the logs and the audit.
func TestHandlerSecrets(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	for _, p := range []*fake{
		gives(authcode.Code{Value: "c0de"}, nil),
		gives(authcode.Code{Value: "c0de\xff"}, nil),
		gives(authcode.Sent{To: []authcode.Recipient{authcode.Admin}}, nil),
		{caps: gives(nil, nil).caps, do: func(authcode.Request) (authcode.Outcome, error) { panic("c0de") }},
	} {
		o := options(t, p)
		o.Log, o.Audit = logger, gateway.AuditLog(logger)
		ask(handler(t, o), "POST", path, "")
		ask(handler(t, o), "POST", path, "", "Authorization", "Bearer c0de")
	}
	require.Contains(t, log.String(), "entry.outcome=code")
	require.Contains(t, log.String(), "there is no answer for this outcome")
	require.Contains(t, log.String(), "a handler panicked")
	require.NotContains(t, log.String(), "c0de")
	require.NotContains(t, log.String(), key.Reveal())
}
