package mijndomeinreseller_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/mijndomeinreseller"
)

// answers is a RoundTripper that always gives the same answer.
type answers struct {
	status int
	body   string
	got    *http.Request
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	a.got = r
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.body))}, nil
}

// TestResult reads successes, those of the document and others.
func TestResult(t *testing.T) {
	code := func(c mijndomeinreseller.AuthCode) mijndomeinreseller.Result {
		return mijndomeinreseller.Result{Code: &c}
	}
	for _, r := range []struct {
		name   string
		status int
		body   string
		want   mijndomeinreseller.Result
	}{
		{"expires", 201, `{"auth_code":"a-1","auth_code_date_expiry":"2026-05-06T07:08:09Z"}`, code(mijndomeinreseller.AuthCode{AuthCode: "a-1", Expires: expires, Expiry: "2026-05-06T07:08:09Z"})},
		{"a comma too many", 201, "{\n \"auth_code\": \"a-1,}\",\n}", code(mijndomeinreseller.AuthCode{AuthCode: "a-1,}"})},
		{"in another zone", 201, `{"auth_code":"a-1","auth_code_date_expiry":"2026-05-06T09:08:09+02:00"}`, code(mijndomeinreseller.AuthCode{AuthCode: "a-1", Expires: expires, Expiry: "2026-05-06T09:08:09+02:00"})},
		{"an expiry without zone", 201, `{"auth_code":"a-1","auth_code_date_expiry":"2026-05-06 07:08"}`, code(mijndomeinreseller.AuthCode{AuthCode: "a-1", Expiry: "2026-05-06 07:08"})},
		{"an expiry that is a number", 201, `{"auth_code":"a-1","auth_code_date_expiry":1778051289}`, code(mijndomeinreseller.AuthCode{AuthCode: "a-1", Expiry: "1778051289"})},
		{"an expiry of null", 201, `{"auth_code":"a-1","auth_code_date_expiry":null}`, code(mijndomeinreseller.AuthCode{AuthCode: "a-1"})},
		{"an expiry without text", 201, `{"auth_code":"a-1","auth_code_date_expiry":""}`, code(mijndomeinreseller.AuthCode{AuthCode: "a-1"})},
		{"further fields", 201, `{"auth_code":"a-1","id":[1]}`, code(mijndomeinreseller.AuthCode{AuthCode: "a-1", Extra: map[string]json.RawMessage{"id": json.RawMessage(`[1]`)}})},
		{"another 2xx", 200, `{"auth_code":"a-1"}`, code(mijndomeinreseller.AuthCode{AuthCode: "a-1"})},
		{"accepted with a code", 202, `{"auth_code":"a-1"}`, code(mijndomeinreseller.AuthCode{AuthCode: "a-1"})},
		{"mailed", 204, "", mijndomeinreseller.Result{Mailed: true}},
		{"accepted", 202, "", mijndomeinreseller.Result{Pending: &mijndomeinreseller.Accepted{}}},
		{"accepted, operation", 202, `{"operation":17,"message":"later","x":1}`, mijndomeinreseller.Result{Pending: &mijndomeinreseller.Accepted{Operation: "17", Message: "later", Extra: map[string]json.RawMessage{"x": json.RawMessage("1")}}}},
	} {
		t.Run(r.name, func(t *testing.T) {
			a := &answers{status: r.status, body: r.body}
			got, err := client(t, a).AuthCode(t.Context(), "Alpha.example")
			require.NoError(t, err)
			r.want.Status, r.want.Body = r.status, authcode.Body(r.body)
			require.Equal(t, &r.want, got)
			require.Equal(t, "POST https://api.mijndomeinreseller.nl/v2/domains/alpha.example/auth_code", a.got.Method+" "+a.got.URL.String())
			require.Equal(t, "Bearer "+key.Reveal(), a.got.Header.Get("Authorization"))
			require.Zero(t, a.got.ContentLength)
		})
	}
}

// TestAnswers reads what is no success. Each call is made once.
func TestAnswers(t *testing.T) {
	ours := func(class authcode.Class) string {
		return fmt.Sprintf(`{"message":"no","code":%q,"retryable":true}`, class)
	}
	for _, r := range []struct {
		name    string
		status  int
		body    string
		refused authcode.Refused // its class is "" for an unknown outcome
	}{
		{"400", 400, "", authcode.Refused{Class: authcode.Invalid, Code: "400"}},
		{"401", 401, `{"message":"Unauthenticated."}`, authcode.Refused{Class: authcode.Unauthorized, Code: "401", Text: "Unauthenticated."}},
		{"403", 403, "<html>no</html>", authcode.Refused{Class: authcode.NotYours, Code: "403"}},
		{"404", 404, `{"error":"no such domain","code":17}`, authcode.Refused{Class: authcode.NotFound, Code: "17", Text: "no such domain"}},
		{"403 with a code", 403, `{"auth_code":"c0de"}`, authcode.Refused{Class: authcode.NotYours, Code: "403"}},
		{"409", 409, `{"code":"E9","detail":"wait"}`, authcode.Refused{Class: authcode.Busy, Code: "E9", Text: "wait", Retryable: true}},
		{"418", 418, `[]`, authcode.Refused{Class: authcode.Invalid, Code: "418"}},
		{"422, other fields", 422, `{"message":[],"code":{}}`, authcode.Refused{Class: authcode.Unsupported, Code: "422"}},
		{"423", 423, "", authcode.Refused{Class: authcode.Locked, Code: "423"}},
		{"429", 429, "", authcode.Refused{Class: authcode.RateLimited, Code: "429", Retryable: true}},
		{"the code comes before the status", 403, ours(authcode.Locked), authcode.Refused{Class: authcode.Locked, Code: "locked", Text: "no", Retryable: true}},
		{"a code without message", 403, `{"code":"locked","retryable":true}`, authcode.Refused{Class: authcode.NotYours, Code: "locked"}},
		{"503 of the handler", 503, ours(authcode.Unavailable), authcode.Refused{Class: authcode.Unavailable, Code: "unavailable", Text: "no", Retryable: true}},
		{"500 with a refusal inside", 500, ours(authcode.Failed), authcode.Refused{Class: authcode.Failed, Code: "failed", Text: "no", Retryable: true}},
		{"200 with a refusal inside", 200, ours(authcode.NoCodes), authcode.Refused{Class: authcode.NoCodes, Code: "no codes", Text: "no", Retryable: true}},
		{"202 with a refusal inside", 202, ours(authcode.NoCodes), authcode.Refused{Class: authcode.NoCodes, Code: "no codes", Text: "no", Retryable: true}},

		{"200, another error inside", 200, `{"error":"no"}`, authcode.Refused{}},
		{"200, empty", 200, "", authcode.Refused{}},
		{"201, empty", 201, "", authcode.Refused{}},
		{"201, HTML", 201, "<html>done</html>", authcode.Refused{}},
		{"201, null", 201, "null", authcode.Refused{}},
		{"201, a list", 201, `[{"auth_code":"a-1"}]`, authcode.Refused{}},
		{"201, no code", 201, `{"auth_code_date_expiry":"2026-05-06T07:08:09Z"}`, authcode.Refused{}},
		{"201, code empty", 201, `{"auth_code":""}`, authcode.Refused{}},
		{"201, code null", 201, `{"auth_code":null}`, authcode.Refused{}},
		{"201, code not in UTF-8", 201, "{\"auth_code\":\"c0de\xe9\"}", authcode.Refused{}},
		{"201, half a surrogate pair", 201, `{"auth_code":"c0de\ud83d"}`, authcode.Refused{}},
		{"201, cut", 201, `{"auth_code":"c0de`, authcode.Refused{}},
		{"202, HTML", 202, "<html>welcome</html>", authcode.Refused{}},
		{"202, a code that is none", 202, `{"auth_code":["c0de"]}`, authcode.Refused{}},
		{"206", 206, `{}`, authcode.Refused{}},
		{"303", 303, "", authcode.Refused{}},
		{"500", 500, `{"message":"c0de"}`, authcode.Refused{}},
		{"500 with a code", 500, `{"auth_code":"c0de"}`, authcode.Refused{}},
		{"502", 502, "<html>", authcode.Refused{}},
		{"503 of a proxy", 503, `{"code":"unavailable","message":"try later"}`, authcode.Refused{}},
		{"504", 504, ``, authcode.Refused{}},
	} {
		t.Run(r.name, func(t *testing.T) {
			calls := 0
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				calls++
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(r.status)
				_, _ = io.WriteString(w, r.body)
			}))
			defer srv.Close()
			c, err := mijndomeinreseller.New(mijndomeinreseller.Options{HTTP: authcode.HTTP{Base: srv.URL}, Key: key})
			require.NoError(t, err)
			out, err := c.HandOver(t.Context(), regenerate)
			require.Equal(t, 1, calls)
			if r.refused.Class == "" {
				require.True(t, authcode.OutcomeUnknown(err), "%v, %v", out, err)
				require.NotContains(t, err.Error(), "c0de")
				var e *authcode.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, r.status, e.HTTPStatus)
				require.Equal(t, r.body, string(e.Body))
				require.Equal(t, "alpha.example", e.Domain)
				return
			}
			require.NoError(t, err)
			r.refused.HTTPStatus, r.refused.Body = r.status, authcode.Body(r.body)
			require.Equal(t, r.refused, normal(out.(authcode.Refused)))
		})
	}
}

// normal makes of a body without octets one that is not nil.
func normal(no authcode.Refused) authcode.Refused {
	no.Body = append(authcode.Body{}, no.Body...)
	return no
}

// TestClassify has the caller know the interface's refusals.
func TestClassify(t *testing.T) {
	classify := func(status int, body []byte) (authcode.Class, bool) {
		return authcode.Locked, bytes.Contains(body, []byte("LOCK"))
	}
	hand := func(status int, body string) (authcode.Outcome, error) {
		c, err := mijndomeinreseller.New(mijndomeinreseller.Options{
			HTTP: authcode.HTTP{Client: &http.Client{Transport: &answers{status: status, body: body}}},
			Key:  key, Classify: classify,
		})
		require.NoError(t, err)
		return c.HandOver(t.Context(), regenerate)
	}
	for _, status := range []int{200, 201, 202, 403, 500, 503} {
		out, err := hand(status, `{"code":"LOCK"}`)
		require.NoError(t, err)
		require.Equal(t, authcode.Locked, out.(authcode.Refused).Class)
		require.Equal(t, "LOCK", out.(authcode.Refused).Code)
	}
	out, err := hand(404, "{}")
	require.NoError(t, err)
	require.Equal(t, authcode.NotFound, out.(authcode.Refused).Class)
	out, err = hand(201, `{"auth_code":"LOCK"}`)
	require.NoError(t, err)
	require.Equal(t, authcode.KindCode, out.Kind())
	_, err = hand(500, "{}")
	require.True(t, authcode.OutcomeUnknown(err))
}

// TestNew checks the options.
func TestNew(t *testing.T) {
	for name, o := range map[string]mijndomeinreseller.Options{
		"no key":              {},
		"a key of two lines":  {Key: "c0de\r\nX: y"},
		"a key not in ASCII":  {Key: "c0deé"},
		"a base without host": {Key: key, HTTP: authcode.HTTP{Base: "api.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mijndomeinreseller.New(o)
			require.Error(t, err)
			require.NotContains(t, err.Error(), "c0de")
		})
	}
	t.Run("another form", func(t *testing.T) {
		var log bytes.Buffer
		for k, warns := range map[authcode.Secret]bool{key: false, "c0de": true} {
			log.Reset()
			_, err := mijndomeinreseller.New(mijndomeinreseller.Options{Key: k, HTTP: authcode.HTTP{Log: slog.New(slog.NewTextHandler(&log, nil))}})
			require.NoError(t, err)
			require.Equal(t, warns, strings.Contains(log.String(), "the API key has not the documented form"))
			require.NotContains(t, log.String(), string(k))
		}
	})
	t.Run("environments", func(t *testing.T) {
		for base, o := range map[string]mijndomeinreseller.Options{
			"https://api.mijndomeinreseller.nl":      {},
			"https://api-test.mijndomeinreseller.nl": {Test: true},
			"https://proxy.example/mdr":              {Test: true, HTTP: authcode.HTTP{Base: "https://proxy.example/mdr/"}},
		} {
			a := &answers{status: 204}
			o.Key, o.Client = key, &http.Client{Transport: a}
			c, err := mijndomeinreseller.New(o)
			require.NoError(t, err)
			_, err = c.AuthCode(t.Context(), "bücher.example")
			require.NoError(t, err)
			require.Equal(t, base+"/v2/domains/xn--bcher-kva.example/auth_code", a.got.URL.String())
		}
	})
}

// TestSecrets looks for the key and the code in all that may be printed.
func TestSecrets(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	for _, body := range []string{
		`{"auth_code":"c0de"}`, `{"auth_code":"c0de","auth_code_date_expiry":"soon"}`, `{"auth_code":"c0de`, `{"message":"no","x":"c0de"}`,
	} {
		for _, status := range []int{201, 202, 403, 500} {
			o := mijndomeinreseller.Options{
				Key:  key,
				HTTP: authcode.HTTP{Client: &http.Client{Transport: &answers{status: status, body: body}}, Log: logger},
			}
			c, err := mijndomeinreseller.New(o)
			require.NoError(t, err)
			res, err1 := c.AuthCode(t.Context(), "alpha.example")
			out, err2 := c.HandOver(t.Context(), regenerate)
			logger.Error("it", "client", c, "options", o, "result", res, "outcome", out, "error", err1)
			fmt.Fprintf(&log, "%v %+v %#v %v %+v %+v %v %+v %#v", c, c, *c, o, o, res, out, out, out)
			fmt.Fprintln(&log, err1, err2)
			if res != nil {
				fmt.Fprintf(&log, "%v %+v", *res, res.Code)
			}
		}
	}
	for _, secret := range []string{key.Reveal(), "c0de", fmt.Sprintf("%x", "c0de"), fmt.Sprint([]byte("c0de"))} {
		require.NotContains(t, log.String(), strings.Trim(secret, "[]"))
	}
	require.Contains(t, log.String(), "expiry that can't be read")
	require.Contains(t, log.String(), "status=201")
}
