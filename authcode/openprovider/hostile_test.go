package openprovider_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/openprovider"
)

// found is the answer to the search that comes before a hand-over.
const found = `{"code":0,"desc":"","data":{"results":[{"id":4711,"domain":{"name":"alpha","extension":"example"}}],"total":1}}`

// hostile is a server that finds the domain, and does with all other requests what
// bad does.
type hostile struct {
	*httptest.Server
	seen atomic.Int32 // requests that bad got
}

func newHostile(t *testing.T, bad http.HandlerFunc) *hostile {
	t.Helper()
	h := &hostile{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/domains" {
			io.WriteString(w, found)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		h.seen.Add(1)
		bad(w, r)
	}))
	t.Cleanup(h.Close)
	return h
}

// says answers with a status and a body.
func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// cuts writes octets on the bare connection and closes it.
func cuts(octets string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		io.WriteString(conn, octets)
		conn.Close()
	}
}

// TestUnknown: what leaves open whether a code was made or sent, and is not repeated.
func TestUnknown(t *testing.T) {
	const page = "<html><body>502 Bad Gateway</body></html>"
	for _, row := range []struct {
		name string
		bad  http.HandlerFunc
		safe int32 // how often a call that changes nothing is made
	}{
		{"closes before it answers", cuts(""), 3},
		{"closes in the status line", cuts("HTTP/1.1 20"), 3},
		{"closes in the header", cuts("HTTP/1.1 200 OK\r\nContent-Type: appl"), 3},
		{"closes in the body", cuts("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"code\":0,\"desc\":\"\""), 3},
		{"closes in a chunk", cuts("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{\"code\":0"), 3},
		{"is no HTTP", cuts("\x15\x03\x01 secret 23)9W"), 3},
		{"200 with a page", says(200, page), 1},
		{"200 without a body", says(200, ""), 1},
		{"200 with null", says(200, "null"), 1},
		{"200 with an array", says(200, "[]"), 1},
		{"200 with an object of another kind", says(200, `{"auth_code":"12","success":true}`), 1},
		{"200 without data", says(200, `{"code":0,"desc":""}`), 1},
		{"200 with empty data", says(200, `{"code":0,"desc":"","data":{}}`), 1},
		{"200 with data that are a text", says(200, `{"code":0,"desc":"","data":"done"}`), 1},
		{"200 with data that are no text", says(200, `{"code":0,"desc":"","data":{"success":true,"auth_code":[1],"id":[],"domain":1}}`), 1},
		{"200 with half a document", says(200, `{"code":0,"desc":"","data":{"auth_code":"12`), 1},
		{"204", says(204, ""), 1},
		{"500 with a page", says(500, page), 1},
		{"500 without a body", says(500, ""), 1},
		{"500 with code 0", says(500, `{"code":0,"desc":"","data":{"auth_code":"12","success":true,"type":"external"}}`), 1},
		{"502 with a page", says(502, page), 3},
		{"503 of a proxy", says(503, page), 3},
		{"503 of the front", says(503, `{"code":14,"message":"upstream connect error","details":[]}`), 3},
		{"504 of the front", says(504, `{"code":4,"message":"context deadline exceeded"}`), 3},
		{"504 with a code of nobody's", says(504, `{"code":7777,"desc":"timed out","data":""}`), 3},
		{"endless", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"code":0,"desc":"`)
			for junk := bytes.Repeat([]byte("x"), 1<<16); ; {
				if _, err := w.Write(junk); err != nil {
					return
				}
			}
		}, 1},
		{"endless header", cuts("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 11<<20)), 3},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, verb := range []authcode.Verb{authcode.Retrieve, authcode.Regenerate, authcode.Send} {
				srv := newHostile(t, row.bad)
				out, err := dial(t, srv.URL).HandOver(t.Context(), request(verb, ""))
				require.Nil(t, out)
				require.True(t, authcode.OutcomeUnknown(err), "%v", err)
				require.EqualValues(t, 1, srv.seen.Load())
				var e *authcode.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, name, e.Domain)
				require.Equal(t, "openprovider", e.System)
				require.NotContains(t, err.Error(), "23)9W")
			}
			srv := newHostile(t, row.bad)
			_, err := dial(t, srv.URL).DomainInfo(t.Context(), id)
			require.True(t, authcode.SafeToRetry(err), "%v", err)
			require.Equal(t, row.safe, srv.seen.Load())

			// The lock is changed, or is not: nobody knows.
			if row.name != "200 with empty data" && row.name != "200 with data that are a text" &&
				row.name != "200 without data" && row.name != "200 with data that are no text" {
				srv = newHostile(t, row.bad)
				require.True(t, authcode.OutcomeUnknown(dial(t, srv.URL).SetLock(t.Context(), name, true)))
				require.EqualValues(t, 1, srv.seen.Load())
			}
		})
	}
}

// TestHangs: a server that never answers, and a caller who gives up.
func TestHangs(t *testing.T) {
	arrived := make(chan struct{}, 1)
	srv := newHostile(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	})
	c := dial(t, srv.URL)
	for _, verb := range []authcode.Verb{authcode.Retrieve, authcode.Regenerate} {
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() { <-arrived; cancel(io.ErrClosedPipe) }()
		_, err := c.HandOver(ctx, request(verb, ""))
		require.True(t, authcode.OutcomeUnknown(err))
		require.ErrorIs(t, err, io.ErrClosedPipe)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, err := c.DomainInfo(ctx, id)
	require.True(t, authcode.SafeToRetry(err))
	require.EqualValues(t, 3, srv.seen.Load())

	c = dial(t, srv.URL, func(o *openprovider.Options) { o.Timeout = 50 * time.Millisecond })
	go func() { <-arrived }()
	_, err = c.HandOver(t.Context(), request(authcode.Regenerate, ""))
	require.True(t, authcode.OutcomeUnknown(err))
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// TestRefusals: answers that say no.
func TestRefusals(t *testing.T) {
	said := func(code int) string { return fmt.Sprintf(`{"code":%d,"desc":"so it is","data":""}`, code) }
	type row struct {
		name   string
		status int
		body   string
		class  authcode.Class
		code   string
		text   string
	}
	rows := []row{
		{"200 with an error inside", 200, said(328), authcode.Locked, "328", "so it is"},
		{"the registry's words", 500, `{"code":399,"desc":"unknown","data":"2304 no"}`, authcode.Failed, "399", "unknown: 2304 no"},
		{"data are an object", 500, `{"code":369,"desc":"no","data":{"a":1}}`, authcode.Denied, "369", "no"},
		{"without data", 400, `{"code":369,"desc":"no"}`, authcode.Denied, "369", "no"},
		{"code in quotes", 500, `{"code":"369","desc":"no","data":null}`, authcode.Denied, "369", "no"},
		{"known code without words", 500, `{"code":320}`, authcode.NotYours, "320", ""},
		{"unknown code, 200", 200, said(7777), authcode.Failed, "7777", "so it is"},
		{"unknown code, 409", 409, said(7777), authcode.Busy, "7777", "so it is"},
		{"known code, 504", 504, said(399), authcode.Failed, "399", "so it is"},
		{"known code, 503", 503, said(4005), authcode.Unavailable, "4005", "so it is"},
		{"maintenance, known code", 500, `{"code":399,"desc":"m","data":"","maintenance":true}`, authcode.Unavailable, "399", "m"},
		{"maintenance, unknown code, 200", 200, `{"code":7777,"desc":"m","data":"","maintenance":true}`, authcode.Unavailable, "7777", "m"},
		{"maintenance, success false", 200, `{"code":0,"desc":"m","data":{"success":false},"maintenance":true}`, authcode.Failed, "0", "m"},
		{"success false", 200, `{"code":0,"desc":"","data":{"auth_code":"","success":false,"type":"external"}}`, authcode.Failed, "0", ""},
		{"403 without a body", 403, "", authcode.Unauthorized, "403", ""},
		{"429 without a body", 429, "", authcode.RateLimited, "429", ""},
		{"401 without a body", 401, "", authcode.Unauthorized, "401", ""},
		{"500 with 196", 500, said(196), authcode.Unauthorized, "196", "so it is"},
	}
	// The table of the interface.
	for code, class := range map[int]authcode.Class{
		307: authcode.Invalid, 317: authcode.Unset, 318: authcode.Unset, 319: authcode.NoCodes, 320: authcode.NotYours,
		328: authcode.Locked, 352: authcode.Unset, 353: authcode.NotFound, 365: authcode.NotYours, 366: authcode.Locked,
		369: authcode.Denied, 394: authcode.Undeliverable, 399: authcode.Failed, 4005: authcode.Unavailable,
		50: authcode.RateLimited, 10005: authcode.RateLimited,
		300: authcode.Invalid, 303: authcode.Invalid, 329: authcode.Unsupported, 338: authcode.Unsupported,
		340: authcode.Unavailable, 348: authcode.Unsupported, 349: authcode.Unsupported, 351: authcode.Invalid, 514: authcode.Busy,
	} {
		rows = append(rows, row{fmt.Sprint(code), 500, said(code), class, fmt.Sprint(code), "so it is"})
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			for _, verb := range []authcode.Verb{authcode.Retrieve, authcode.Regenerate} {
				srv := newHostile(t, says(row.status, row.body))
				out, err := dial(t, srv.URL).HandOver(t.Context(), request(verb, ""))
				require.NoError(t, err)
				retry := row.class == authcode.RateLimited || row.class == authcode.Unavailable || row.class == authcode.Busy
				require.Equal(t, authcode.Refused{
					Class: row.class, Code: row.code, Text: row.text, Retryable: retry,
					HTTPStatus: row.status, Body: []byte(row.body),
				}, out)
				require.EqualValues(t, 1, srv.seen.Load())
			}
		})
	}

	// What is not the system's tells nothing of the domain, and nothing was done.
	for _, row := range []struct {
		status int
		body   string
	}{
		{404, "<html>"}, {404, `{"code":5,"message":"Not Found","details":[]}`}, {404, `{"code":0,"desc":"no"}`}, {418, ""},
	} {
		srv := newHostile(t, says(row.status, row.body))
		for _, verb := range []authcode.Verb{authcode.Retrieve, authcode.Regenerate} {
			_, err := dial(t, srv.URL).HandOver(t.Context(), request(verb, ""))
			require.True(t, authcode.SafeToRetry(err), "%v", err)
		}
	}

	// What says no to a reading leaves open what became of a change.
	for name, row := range map[string]struct {
		status int
		body   string
		read   authcode.Class // "" for an error
	}{
		"unknown code, 500":              {500, `{"code":999,"desc":"Timeout while talking to registry","data":""}`, authcode.Failed},
		"unknown code, 503":              {503, said(7777), authcode.Unavailable},
		"unknown code, 408":              {408, said(7777), authcode.Failed},
		"maintenance, unknown code, 500": {500, `{"code":999,"desc":"m","data":"","maintenance":true}`, authcode.Unavailable},
		"maintenance, code 0":            {200, `{"code":0,"maintenance":true,"data":{}}`, authcode.Unavailable},
		"maintenance, code 0, text":      {200, `{"code":0,"desc":"m","data":"","maintenance":true}`, authcode.Unavailable},
		"maintenance, code 0, 503":       {503, `{"code":0,"desc":"m","data":"","maintenance":true}`, authcode.Unavailable},
		"success false with a code":      {200, `{"code":0,"desc":"","data":{"auth_code":"12","success":0}}`, ""},
		"408 with a page":                {408, "<html>", ""},
		"499 with a page":                {499, "<html>", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, verb := range []authcode.Verb{authcode.Retrieve, authcode.Regenerate} {
				srv := newHostile(t, says(row.status, row.body))
				_, err := dial(t, srv.URL).HandOver(t.Context(), request(verb, ""))
				require.True(t, authcode.OutcomeUnknown(err), "%v", err)
				require.EqualValues(t, 1, srv.seen.Load())
			}
			_, err := dial(t, newHostile(t, says(row.status, row.body)).URL).DomainInfo(t.Context(), id)
			no, refused := authcode.AsRefused(err)
			require.Equal(t, row.read != "", refused)
			require.Equal(t, row.read, no.Class)
			require.False(t, authcode.OutcomeUnknown(err))
		})
	}

	// The user's own table.
	srv := newHostile(t, says(500, said(7777)))
	c := dial(t, srv.URL, func(o *openprovider.Options) { o.Classes = map[int]authcode.Class{7777: authcode.Denied} })
	out, err := c.HandOver(t.Context(), request(authcode.Regenerate, ""))
	require.NoError(t, err)
	require.Equal(t, authcode.Denied, out.(authcode.Refused).Class)
}

// TestSent: the two ways to say that the code was mailed.
func TestSent(t *testing.T) {
	sent := authcode.Sent{To: []authcode.Recipient{authcode.Registrant}}
	for _, body := range []string{
		`{"code":0,"desc":"","data":{"auth_code":"","success":true,"type":"external"}}`,
		`{"code":0,"desc":"","data":{"success":true}}`,
		`{"code":0,"desc":"","data":{"auth_code":null,"success":"1"},"maintenance":true,"warnings":[{"code":1}]}`,
		`{"code":393,"desc":"sent","data":""}`,
		`{"code":393,"desc":"sent","data":"","maintenance":true}`,
	} {
		for _, status := range []int{200, 500} {
			if status == 500 && !strings.Contains(body, "393") {
				continue
			}
			for _, verb := range []authcode.Verb{authcode.Retrieve, authcode.Regenerate, authcode.Send} {
				srv := newHostile(t, says(status, body))
				out, err := dial(t, srv.URL).HandOver(t.Context(), request(verb, ""))
				require.NoError(t, err)
				require.Equal(t, sent, out, body)
				require.EqualValues(t, 1, srv.seen.Load())
			}
		}
	}
	srv := newHostile(t, says(200, `{"code":393,"desc":"sent","data":""}`))
	a, err := dial(t, srv.URL).RequestAuthCode(t.Context(), id, "")
	require.NoError(t, err)
	require.Equal(t, 393, a.Reply.Code)
	_, err = dial(t, srv.URL).DomainInfo(t.Context(), id)
	no, _ := authcode.AsRefused(err)
	require.Equal(t, authcode.Failed, no.Class, "where no code was asked for it means nothing")
}

// TestRedirect: the token goes nowhere else.
func TestRedirect(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Error("a request arrived elsewhere: ", r.Header)
	}))
	t.Cleanup(other.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		srv := newHostile(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+r.URL.Path, status)
		})
		c := dial(t, srv.URL, byPassword)
		_, err := c.Login(t.Context())
		require.True(t, authcode.SafeToRetry(err))
		c = dial(t, srv.URL)
		for _, verb := range []authcode.Verb{authcode.Retrieve, authcode.Regenerate} {
			_, err = c.HandOver(t.Context(), request(verb, ""))
			require.Error(t, err)
			require.Equal(t, status < 307, authcode.OutcomeUnknown(err))
		}
		_, err = c.DomainInfo(t.Context(), id)
		require.Error(t, err)
		require.EqualValues(t, 4, srv.seen.Load())
	}
}

// TestRetryAfter: a call that changes nothing waits as it is told, and is not made
// again where the caller has no time for that.
func TestRetryAfter(t *testing.T) {
	srv := newHostile(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(429)
	})
	_, err := dial(t, srv.URL).DomainInfo(t.Context(), id)
	no, _ := authcode.AsRefused(err)
	require.Equal(t, authcode.RateLimited, no.Class)
	require.True(t, no.Retryable)
	require.EqualValues(t, 1, srv.seen.Load())
}

// TestFind: what a search may bring.
func TestFind(t *testing.T) {
	const (
		alpha = `{"id":7,"domain":{"name":"alpha","extension":"example"},"status":"ACT"}`
		other = `{"id":8,"domain":{"name":"alphabet","extension":"example"}}`
		gone  = `{"id":6,"domain":{"name":"Alpha","extension":"Example"},"status":"DEL"}`
		ulab  = `{"id":9,"domain":{"name":"žluť","extension":"example"}}`
	)
	alabel, err := authcode.CanonicalDomain("žluť.example")
	require.NoError(t, err)
	for _, row := range []struct {
		name, domain, list string
		id                 int32
	}{
		{"one", name, alpha, 7},
		{"others too", name, other + "," + alpha + "," + ulab, 7},
		{"a deleted one first", name, gone + "," + alpha, 7},
		{"a deleted one last", name, alpha + "," + gone, 7},
		{"a deleted one alone", name, gone, 6},
		{"U-label asked for as A-label", alabel, ulab, 9},
		{"a garbled one beside it", name, `{"id":"x"},3,` + alpha, 7},
	} {
		t.Run(row.name, func(t *testing.T) {
			var asked string
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked = r.URL.Query().Get("full_name")
				fmt.Fprintf(w, `{"code":0,"desc":"","data":{"results":[%s],"total":1}}`, row.list)
			}))
			t.Cleanup(srv.Close)
			d, err := dial(t, srv.URL).FindDomain(t.Context(), row.domain)
			require.NoError(t, err)
			require.Equal(t, row.id, d.ID)
			require.Equal(t, row.domain, asked)
		})
	}
	for list, class := range map[string]authcode.Class{
		`{"results":[],"total":0}`:              authcode.NotYours,
		`{"results":null,"total":0}`:            authcode.NotYours,
		`{"total":"0"}`:                         authcode.NotYours,
		`{"results":[` + other + `],"total":1}`: authcode.NotYours,
		`{"results":[{"id":"x"}],"total":1}`:    "",
		`{"results":[{"id":4294967303,"domain":{"name":"alpha","extension":"example"}}],"total":1}`: "",
		`{}`: "",
	} {
		srv := httptest.NewServer(says(200, `{"code":0,"desc":"","data":`+list+`}`))
		t.Cleanup(srv.Close)
		out, err := dial(t, srv.URL).HandOver(t.Context(), request(authcode.Regenerate, ""))
		if class == "" {
			require.True(t, authcode.SafeToRetry(err), list)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, class, out.(authcode.Refused).Class, list)
	}
}

// TestNumbers: a number is looked for once, and again when the system has dropped it.
func TestNumbers(t *testing.T) {
	var finds, calls, current atomic.Int32
	current.Store(7)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/domains":
			finds.Add(1)
			if current.Load() == 0 {
				says(200, `{"code":0,"desc":"","data":{"results":[],"total":0}}`)(w, r)
				return
			}
			fmt.Fprintf(w, `{"code":0,"desc":"","data":{"results":[{"id":%d,"domain":{"name":"alpha","extension":"example"}}],"total":1}}`, current.Load())
		case fmt.Sprintf("/domains/%d/authcode", current.Load()):
			calls.Add(1)
			io.WriteString(w, `{"code":0,"desc":"","data":{"auth_code":"c","success":true,"type":"external"}}`)
		default:
			calls.Add(1)
			says(500, `{"code":320,"desc":"gone","data":""}`)(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	c := dial(t, srv.URL)
	get := func() authcode.Outcome {
		out, err := c.HandOver(t.Context(), request(authcode.Retrieve, ""))
		require.NoError(t, err)
		return out
	}
	get()
	get()
	require.EqualValues(t, []int32{1, 2}, []int32{finds.Load(), calls.Load()})

	current.Store(8) // the domain went and came back
	require.Equal(t, authcode.KindCode, get().Kind())
	require.EqualValues(t, []int32{2, 4}, []int32{finds.Load(), calls.Load()})

	// A refusal of the number that the search gives is final, and made once.
	out, err := c.HandOver(t.Context(), request(authcode.Regenerate, ""))
	require.NoError(t, err)
	require.Equal(t, "320", out.(authcode.Refused).Code)
	require.EqualValues(t, []int32{3, 5}, []int32{finds.Load(), calls.Load()})

	// A number that is not valid any more is asked for once.
	get()
	current.Store(0)
	require.Equal(t, authcode.NotYours, get().(authcode.Refused).Class)
	require.EqualValues(t, []int32{5, 7}, []int32{finds.Load(), calls.Load()})
	require.Equal(t, authcode.NotYours, get().(authcode.Refused).Class)
	require.EqualValues(t, []int32{6, 7}, []int32{finds.Load(), calls.Load()})
}

// TestOtherDomain: information about another domain has no code for this one.
func TestOtherDomain(t *testing.T) {
	srv := newHostile(t, says(200, `{"code":0,"desc":"","data":{"id":4711,"domain":{"name":"beta","extension":"example"},"auth_code":"c"}}`))
	c := dial(t, srv.URL, func(o *openprovider.Options) { o.RetrieveFromInfo = true })
	_, err := c.HandOver(t.Context(), request(authcode.Retrieve, ""))
	require.True(t, authcode.SafeToRetry(err))
	_, err = c.Describe(t.Context(), name)
	require.True(t, authcode.SafeToRetry(err))
}
