package mijndomeinreseller_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

// FuzzAnswer reads answers. What was read as an outcome is written by the handler, and
// read again as the same.
func FuzzAnswer(f *testing.F) {
	for _, status := range []uint16{200, 201, 202, 204, 403, 503} {
		f.Add(status, `{"auth_code":"a-1","auth_code_date_expiry":"2026-05-06T07:08:09Z",}`)
		f.Add(status, `{"AUTH_CODE":"\ud83d\ude00)*(&<\"$'","auth_code_date_expiry":[]}`)
		f.Add(status, `{"message":"no","code":"locked","retryable":true,"delivered":["x"]}`)
		f.Add(status, `{"operation":17,"message":"later"}`)
	}
	f.Add(uint16(201), `{"auth_code":"a-1","auth_code_date_expiry":"9999-12-31T23:59:59-01:00"}`)
	f.Add(uint16(201), `{"auth_code":"a-1","auth_code_date_expiry":"0000-01-01T00:00:00+01:00"}`)
	f.Fuzz(func(t *testing.T, status uint16, body string) {
		if status < 200 || status > 599 {
			return
		}
		out, err := client(t, &answers{status: int(status), body: body}).HandOver(t.Context(), regenerate)
		if err != nil {
			return
		}
		again, err := client(t, direct{handler(t, options(t, gives(out, nil)))}).HandOver(t.Context(), regenerate)
		if code, ok := out.(authcode.Code); ok && !code.Expires.IsZero() {
			code.Expires = code.Expires.Truncate(time.Second)
			out = code
		}
		no, refused := out.(authcode.Refused)
		if !refused {
			require.NoError(t, err)
			require.Equal(t, out, again)
			return
		}
		require.NoError(t, err)
		got := again.(authcode.Refused)
		if no.Class == authcode.Unauthorized {
			no.Class = authcode.Unavailable
			no.Text = got.Text
		}
		require.Equal(t, no.Class, got.Class)
		require.Equal(t, no.Retryable, got.Retryable)
		if no.Text != "" {
			require.Equal(t, no.Text, got.Text)
		}
	})
}

// FuzzRequest sends bodies and paths to the handler. Each is carried out or refused in
// the form of this interface.
func FuzzRequest(f *testing.F) {
	f.Add("alpha.example", "")
	f.Add("alpha.example", " [ ] ")
	f.Add("%61lpha.example", "{}")
	f.Add("../..", `{"auth_code":"x"}`)
	f.Add("a%2Fb/auth_code?", "null")
	f.Fuzz(func(t *testing.T, domain, body string) {
		r, err := http.NewRequest(http.MethodPost, "http://gateway.example/v2/domains/"+domain+"/auth_code", nil)
		if err != nil || strings.ContainsFunc(r.URL.RequestURI(), func(c rune) bool { return c <= ' ' || c == 0x7f }) {
			return // no HTTP
		}
		p := gives(authcode.Code{Value: "a-1"}, nil)
		w := ask(handler(t, options(t, p)), r.Method, r.URL.RequestURI(), body)
		require.True(t, json.Valid(w.Body.Bytes()))
		require.Equal(t, w.Code == http.StatusCreated, len(p.got) == 1)
		if w.Code != http.StatusCreated {
			require.Contains(t, w.Body.String(), `"retryable":false`)
			require.Less(t, w.Code, 500)
		}
	})
}
