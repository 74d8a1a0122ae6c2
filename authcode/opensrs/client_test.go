package opensrs

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
)

// xcp is an answer that has the items is_success, response_code and what else.
func xcp(success, code, more string) string {
	s := "<item key='protocol'>XCP</item><item key='action'>REPLY</item><item key='object'>DOMAIN</item>"
	if success != "" {
		s += "<item key='is_success'>" + success + "</item>"
	}
	if code != "" {
		s += "<item key='response_code'>" + code + "</item>"
	}
	return block(s + "<item key='response_text'> as it went </item>" + more)
}

func attributes(items string) string {
	return "<item key='attributes'><dt_assoc>" + items + "</dt_assoc></item>"
}

const (
	withCode = "<item key='domain_auth_info'> s3cr3t&#13;</item>"
	withLock = "<item key='lock_state'>1</item>"
)

// upstream answers each request the same and counts them.
type upstream struct {
	*httptest.Server
	seen atomic.Int32
	last atomic.Value // body of the last request
}

func newUpstream(t *testing.T, answer http.HandlerFunc) *upstream {
	u := &upstream{}
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u.seen.Add(1)
		b, _ := io.ReadAll(r.Body)
		u.last.Store(b)
		answer(w, r)
	}))
	t.Cleanup(u.Close)
	return u
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// TestRequests holds what goes out to the document.
func TestRequests(t *testing.T) {
	u := newUpstream(t, nil)
	u.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		u.last.Store(b)
		if r.Method != http.MethodPost || r.URL.Path != "/" || r.Header.Get("Content-Type") != "text/xml" ||
			r.Header.Get("X-Username") != user || r.Header.Get("X-Signature") != Sign(b, key) {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		io.WriteString(w, xcp("1", "200", attributes(withCode+withLock)))
	})
	c := clientOf(t, u.URL)
	code := codes[1]
	for _, row := range []struct {
		call       func() error
		action     string
		attributes Assoc
	}{
		{
			func() error { _, err := c.SendAuthCode(t.Context(), "alpha.example"); return err },
			"send_authcode",
			Assoc{{"domain_name", Text("alpha.example")}},
		},
		{
			func() error { _, err := c.DomainAuthInfo(t.Context(), "alpha.example"); return err },
			"get",
			Assoc{{"domain", Text("alpha.example")}, {"type", Text("domain_auth_info")}},
		},
		{
			func() error { _, err := c.SetDomainAuthInfo(t.Context(), "alpha.example", code); return err },
			"modify",
			Assoc{{"domain", Text("alpha.example")}, {"data", Text("domain_auth_info")}, {"domain_auth_info", Value{Text: code}}},
		},
		{
			func() error { _, err := c.LockState(t.Context(), "alpha.example"); return err },
			"get",
			Assoc{{"domain", Text("alpha.example")}, {"type", Text("status")}},
		},
		{
			func() error { _, err := c.SetLockState(t.Context(), "alpha.example", false); return err },
			"modify",
			Assoc{{"domain", Text("alpha.example")}, {"data", Text("status")}, {"lock_state", Text("0")}},
		},
	} {
		require.NoError(t, row.call())
		e, err := Read(u.last.Load().([]byte))
		require.NoError(t, err)
		require.Equal(t, &Envelope{Version: "0.9", Doctype: true, Data: Assoc{
			{"protocol", Text("XCP")},
			{"action", Text(row.action)},
			{"object", Text("domain")},
			{"attributes", Value{Assoc: row.attributes}},
		}}, e)
	}
	c = clientWith(t, Options{HTTP: authcode.HTTP{Base: u.URL + "/"}, NoDoctype: true})
	_, err := c.LockState(t.Context(), "alpha.example")
	require.NoError(t, err)
	require.NotContains(t, string(u.last.Load().([]byte)), "DOCTYPE")
}

// TestTypedAnswers holds every item of an answer to its field.
func TestTypedAnswers(t *testing.T) {
	u := newUpstream(t, says(200, xcp("1", "200", "<item key='transaction_id'>t-1</item>"+
		attributes(withCode+withLock+"<item key='can_modify'>0</item>"))))
	c := clientOf(t, u.URL)
	info, err := c.DomainAuthInfo(t.Context(), "alpha.example")
	require.NoError(t, err)
	require.Equal(t, authcode.Secret(" s3cr3t\r"), info.DomainAuthInfo)
	require.NotEmpty(t, info.Body)
	info.Body = nil
	require.Equal(t, &Answer{
		Protocol: "XCP", Action: "REPLY", Object: "DOMAIN", IsSuccess: true, ResponseCode: "200", ResponseText: "as it went",
		Attributes: Assoc{{"domain_auth_info", Text(" s3cr3t\r")}, {"lock_state", Text("1")}, {"can_modify", Text("0")}},
		Extra:      Assoc{{"transaction_id", Text("t-1")}}, HTTPStatus: 200,
	}, info.Answer)
	require.Equal(t, "t-1", info.TransactionID())
	status, err := c.LockState(t.Context(), "alpha.example")
	require.NoError(t, err)
	require.True(t, status.LockState)
	require.Equal(t, authcode.No, status.CanModify)
	for _, format := range []string{"%v", "%+v", "%#v"} {
		require.NotContains(t, fmt.Sprintf(format, info), "s3cr3t")
		require.NotContains(t, fmt.Sprintf(format, *info.Answer), "s3cr3t")
	}
}

// verdict is what a call ended with, in short.
func verdict(out authcode.Outcome, err error) string {
	switch no, ok := out.(authcode.Refused); {
	case authcode.OutcomeUnknown(err):
		return "unknown"
	case err != nil:
		return "failed"
	case ok:
		return strings.TrimSpace(string(no.Class) + " " + no.Code)
	}
	return out.Kind().String()
}

// TestHostile holds the client to the truth whatever comes back, and to one request.
func TestHostile(t *testing.T) {
	const garbage = "s3cr3t <html>"
	for _, row := range []struct {
		name     string
		answer   http.HandlerFunc
		retrieve string // what comes of a call that changes nothing
		send     string // and of one that does
	}{
		{"200", says(200, xcp("1", "200", attributes(withCode))), "code", "sent"},
		{"true", says(200, xcp("TRUE", " 200 ", attributes(withCode))), "code", "sent"},
		{"201", says(201, xcp("1", "200", attributes(withCode))), "code", "sent"},
		{"250", says(200, xcp("1", "250", attributes(withCode))), "failed", "pending"},
		{"no code", says(200, xcp("1", "200", attributes("<item key='domain_auth_info'/>"))), "unset 200", "sent"},
		{"no attribute", says(200, xcp("1", "200", attributes(""))), "failed", "sent"},
		{"no attributes", says(200, xcp("1", "200", "")), "failed", "sent"},
		{"a list for a code", says(200, xcp("1", "200", attributes("<item key='domain_auth_info'><dt_array/></item>"))), "failed", "sent"},

		{"200 with an error inside", says(200, xcp("0", "480", "")), "not found 480", "not found 480"},
		{"200 with another error inside", says(200, xcp("0", "437", "")), "busy 437", "busy 437"},
		{"no is_success, but an error", says(200, xcp("", "435", "")), "not yours 435", "not yours 435"},
		{"no is_success", says(200, xcp("", "200", attributes(withCode))), "failed", "unknown"},
		{"no response_code", says(200, xcp("1", "", attributes(withCode))), "failed", "unknown"},
		{"no success, no response_code", says(200, xcp("0", "", "")), "failed", "failed"},
		{"success with an error's code", says(200, xcp("1", "480", "")), "failed", "unknown"},
		{"success with a code that is not documented", says(200, xcp("1", "211", "")), "failed", "unknown"},
		{"no success with 200", says(200, xcp("0", "200", "")), "failed", "unknown"},
		{"no success with 250", says(200, xcp("0", "250", "")), "failed", "unknown"},
		{"is_success is no boolean", says(200, xcp("maybe", "200", "")), "failed", "unknown"},
		{"the request itself", says(200, block("<item key='action'>get</item><item key='is_success'>1</item><item key='response_code'>200</item>")), "failed", "unknown"},
		{"malformed", says(200, strings.Replace(xcp("1", "200", ""), "</OPS_envelope>", "</header>", 1)), "failed", "unknown"},
		{"entities", says(200, `<!DOCTYPE a [<!ENTITY x "y">]>`+xcp("1", "200", "")), "failed", "unknown"},
		{"HTML", says(200, "<html><body>Welcome</body></html>"), "failed", "unknown"},
		{"empty", says(200, ""), "failed", "unknown"},
		{"204", says(204, ""), "failed", "unknown"},

		{"400", says(400, garbage), "failed", "failed"},
		{"401", says(401, ""), "unauthorized 401", "unauthorized 401"},
		{"403", says(403, garbage), "unauthorized 403", "unauthorized 403"},
		{"404", says(404, "<html>"), "failed", "failed"},
		{"404 with XCP", says(404, xcp("0", "480", "")), "not found 480", "not found 480"},
		{"413 with XCP", says(413, xcp("0", "465", "")), "no codes 465", "no codes 465"},
		{"429", says(429, ""), "rate limited 429", "rate limited 429"},
		{"500", says(500, garbage), "failed", "unknown"},
		{"500 with an error inside", says(500, xcp("0", "310", "")), "rate limited 310", "rate limited 310"},
		{"500 with a success inside", says(500, xcp("1", "200", attributes(withCode))), "failed", "unknown"},
		{"503 of a proxy", says(503, garbage), "failed", "unknown"},
		{"503 with an error inside", says(503, xcp("0", "437", "")), "busy 437", "busy 437"},
		{"an internal error", says(200, xcp("0", "400", "")), "unavailable 400", "unknown"},
		{"an internal error before anything was done", says(200, xcp("0", "400", attributes("<item key='class'>unavailable</item>"))), "unavailable 400", "unavailable 400"},
		{"another internal error", says(200, xcp("0", "404", "")), "failed 404", "unknown"},
		{"an answer of the registry that can't be read", says(200, xcp("0", "436", "")), "failed 436", "unknown"},
		{"an address that is not let in", says(200, strings.Replace(xcp("0", "400", ""), "as it went", "Access denied: this address", 1)), "unauthorized 400", "unauthorized 400"},
		{"408", says(408, garbage), "failed", "unknown"},
		{"499", says(499, garbage), "failed", "unknown"},
		{"504", says(504, garbage), "failed", "unknown"},

		{"closes before it answers", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, "failed", "unknown"},
		{"closes in the headers", raw("HTTP/1.1 200 OK\r\nContent-Le"), "failed", "unknown"},
		{"closes in the body", raw("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + xcp("1", "200", attributes(withCode))), "failed", "unknown"},
		{"closes in a chunk", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n" + xcp("1", "200", "")), "failed", "unknown"},
		{"no HTTP", raw("s3cr3t\r\n\r\n"), "failed", "unknown"},
		{"endless", func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, xcp("1", "200", ""))
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<16)); err != nil {
					return
				}
			}
		}, "failed", "unknown"},
	} {
		t.Run(row.name, func(t *testing.T) {
			u := newUpstream(t, row.answer)
			var logged record
			c := clientWith(t, Options{HTTP: authcode.HTTP{Base: u.URL, Retries: -1, Log: logged.slog()}})
			for _, it := range []struct {
				authcode.Request
				want string
			}{{retrieve, row.retrieve}, {send, row.send}} {
				u.seen.Store(0)
				out, err := c.HandOver(t.Context(), it.Request)
				require.Equal(t, it.want, verdict(out, err), "%v %v", out, err)
				require.EqualValues(t, 1, u.seen.Load())
				if err != nil {
					var e *authcode.Error
					require.ErrorAs(t, err, &e)
					require.Equal(t, "opensrs", e.System)
					require.Equal(t, "alpha.example", e.Domain)
				}
				require.NotContains(t, fmt.Sprintf("%+v %+v %v", out, err, err), "s3cr3t")
			}
			for _, secret := range []string{"s3cr3t", key.Reveal(), Sign(u.last.Load().([]byte), key)} {
				require.NotContains(t, logged.String(), secret)
			}
		})
	}
}

// raw sends octets and closes.
func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, buf, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		buf.WriteString(answer)
		buf.Flush()
	}
}

// TestRepeats holds repetitions to calls that change nothing.
func TestRepeats(t *testing.T) {
	u := newUpstream(t, says(503, ""))
	c := clientWith(t, Options{HTTP: authcode.HTTP{Base: u.URL, Retries: 2, Backoff: time.Nanosecond}})
	for _, row := range []struct {
		authcode.Request
		times int32
	}{{retrieve, 3}, {regenerate, 1}, {send, 1}} {
		u.seen.Store(0)
		_, err := c.HandOver(t.Context(), row.Request)
		require.Error(t, err)
		require.Equal(t, row.times, u.seen.Load(), row.Request.String())
	}
	u.seen.Store(0)
	require.True(t, authcode.OutcomeUnknown(c.SetLock(t.Context(), "alpha.example", true)))
	require.EqualValues(t, 1, u.seen.Load())
}

func TestHangs(t *testing.T) {
	arrived, release := make(chan struct{}, 1), make(chan struct{})
	u := newUpstream(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-release
	})
	defer close(release)
	c := clientOf(t, u.URL)
	for _, r := range []authcode.Request{retrieve, regenerate, send} {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-arrived
			cancel()
		}()
		_, err := c.HandOver(ctx, r)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, r.Verb != authcode.Retrieve, authcode.OutcomeUnknown(err))
	}
	require.EqualValues(t, 3, u.seen.Load())

	c = clientWith(t, Options{HTTP: authcode.HTTP{Base: u.URL, Retries: -1, Timeout: 50 * time.Millisecond}})
	_, err := c.HandOver(t.Context(), send)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.True(t, authcode.OutcomeUnknown(err))
}

func TestNothingThere(t *testing.T) {
	u := newUpstream(t, nil)
	u.Close()
	c := clientWith(t, Options{HTTP: authcode.HTTP{Base: u.URL, Retries: 1, Backoff: time.Nanosecond}})
	_, err := c.HandOver(t.Context(), send)
	require.True(t, authcode.SafeToRetry(err), "%v", err)
}

// TestRedirects holds credentials to the host.
func TestRedirects(t *testing.T) {
	elsewhere := newUpstream(t, says(200, xcp("1", "200", attributes(withCode))))
	for _, status := range []int{301, 302, 307, 308} {
		u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, status) })
		c := clientOf(t, u.URL)
		for _, r := range verbs {
			_, err := c.HandOver(t.Context(), r)
			require.Error(t, err)
			require.Equal(t, status < 307 && r.Verb != authcode.Retrieve, authcode.OutcomeUnknown(err))
		}
		require.EqualValues(t, 3, u.seen.Load())
	}
	require.Zero(t, elsewhere.seen.Load())
}

// TestConnectionUsedUp has the next request go over a new connection after 350.
func TestConnectionUsedUp(t *testing.T) {
	t.Run("a client of the package's own", func(t *testing.T) { testUsedUp(t, false, 2) })
	t.Run("a client that others may use", func(t *testing.T) { testUsedUp(t, true, 1) })
}

func testUsedUp(t *testing.T, given bool, conns int) {
	from := map[string]bool{} // by the client's address
	code := "480"
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		from[r.RemoteAddr] = true
		io.WriteString(w, xcp("0", code, ""))
	})
	o := Options{HTTP: authcode.HTTP{Base: u.URL}}
	if given {
		o.Client = u.Client()
	}
	c := clientWith(t, o)
	for _, it := range []struct {
		code  string
		conns int
	}{{"480", 1}, {"350", 1}, {"480", conns}, {"480", conns}} {
		code = it.code
		out, err := c.HandOver(t.Context(), send)
		require.NoError(t, err)
		require.Equal(t, it.code == "350", out.(authcode.Refused).Retryable)
		require.Len(t, from, it.conns)
	}
}

// TestQuoted: a text that quotes the new code is not shown.
func TestQuoted(t *testing.T) {
	for code, kind := range map[string]authcode.Kinds{"465": authcode.KindRefused, "250": authcode.KindPending} {
		var u *upstream
		u = newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
			e, _ := Read(u.last.Load().([]byte))
			sent, _ := e.Data.Get("attributes")
			success := flag(code == "250")
			io.WriteString(w, strings.Replace(xcp(success, code, ""), "as it went", "weak: "+sent.Assoc.Text("domain_auth_info").Reveal(), 1))
		})
		c := clientOf(t, u.URL)
		for _, value := range []authcode.Secret{"", "my-0wn-Code"} {
			out, err := c.HandOver(t.Context(), authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate, Value: value})
			require.NoError(t, err)
			require.Equal(t, kind, out.Kind())
			require.Contains(t, out.String(), "it quotes the code")
			require.NotContains(t, out.String(), "weak")
		}
	}
}

// TestRefusedHere holds requests that make no sense to no request at all.
func TestRefusedHere(t *testing.T) {
	u := newUpstream(t, says(200, ""))
	c := clientOf(t, u.URL)
	for _, row := range []struct {
		authcode.Request
		want authcode.Class
	}{
		{authcode.Request{Domain: "-", Verb: authcode.Retrieve}, authcode.Invalid},
		{authcode.Request{Domain: "alpha.example", Verb: "steal"}, authcode.Invalid},
		{authcode.Request{Domain: "alpha.example", Verb: authcode.Retrieve, Scope: authcode.Internal}, authcode.Unsupported},
		{authcode.Request{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Registrant}, authcode.Unsupported},
		{authcode.Request{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Reseller}, authcode.Unsupported},
		{authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate, Value: "a\x01"}, authcode.Invalid},
	} {
		out, err := c.HandOver(t.Context(), row.Request)
		require.NoError(t, err)
		require.Equal(t, row.want, out.(authcode.Refused).Class, row.Request.String())
	}
	_, err := c.SendAuthCode(t.Context(), "\x01")
	require.ErrorIs(t, classOf(err), authcode.Refused{Class: authcode.Invalid})
	_, err = c.SetDomainAuthInfo(t.Context(), "alpha.example", "")
	require.ErrorIs(t, classOf(err), authcode.Refused{Class: authcode.Invalid})
	require.Zero(t, u.seen.Load())

	c = clientWith(t, Options{HTTP: authcode.HTTP{Base: u.URL}, Rand: bytes.NewReader(nil)})
	_, err = c.HandOver(t.Context(), regenerate)
	require.True(t, authcode.SafeToRetry(err), "%v", err)
	require.Zero(t, u.seen.Load())
}

func TestPendingLock(t *testing.T) {
	u := newUpstream(t, says(200, xcp("1", "250", "")))
	err := clientOf(t, u.URL).SetLock(t.Context(), "alpha.example", true)
	require.True(t, authcode.OutcomeUnknown(err))
	require.ErrorIs(t, err, errAccepted)
}

func TestNew(t *testing.T) {
	for _, o := range []Options{
		{},
		{Username: user},
		{Key: key},
		{Username: user, Key: key, Limits: authcode.Limits{Max: 8}},
		{Username: user, Key: key, HTTP: authcode.HTTP{Base: "ftp://x"}},
	} {
		_, err := New(o)
		require.Error(t, err)
		require.NotContains(t, err.Error(), key.Reveal())
	}
	for test, host := range map[bool]string{false: "rr-n1-tor.opensrs.net:55443", true: "horizon.opensrs.net:55443"} {
		var asked string
		c := clientWith(t, Options{Test: test, HTTP: authcode.HTTP{Retries: -1, Client: &http.Client{
			Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				asked = r.URL.String()
				return nil, io.EOF
			}),
		}}})
		_, err := c.LockState(t.Context(), "alpha.example")
		require.Error(t, err)
		require.Equal(t, "https://"+host+"/", asked)
		for _, format := range []string{"%v", "%+v", "%#v"} {
			require.NotContains(t, fmt.Sprintf(format, c), key.Reveal())
			require.NotContains(t, fmt.Sprintf(format, *c), key.Reveal())
			require.NotContains(t, fmt.Sprintf(format, *c.opts), key.Reveal())
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestCapabilities(t *testing.T) {
	caps, err := clientOf(t, "http://127.0.0.1:1").Capabilities(t.Context(), "alpha.example")
	require.NoError(t, err)
	require.False(t, caps.For(retrieve).SideEffects())
	require.True(t, caps.For(regenerate).NewCode)
	require.False(t, caps.For(send).NewCode)
	require.Len(t, caps.Send, 1)
	caps, err = clientWith(t, Options{SendRenews: true}).Capabilities(t.Context(), "alpha.example")
	require.NoError(t, err)
	require.True(t, caps.For(send).NewCode)
}

// FuzzAnswer holds the reader of answers to what a success is.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(xcp("1", "200", attributes(withCode))))
	f.Add([]byte(xcp("0", "480", "")))
	f.Add([]byte(xcp("", "", "<item key='attributes'>x</item>")))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := readAnswer(b)
		if err != nil {
			return
		}
		if a.IsSuccess {
			require.Contains(t, []string{"200", "250"}, a.ResponseCode)
		} else {
			require.NotContains(t, []string{"200", "250"}, a.ResponseCode)
		}
	})
}
