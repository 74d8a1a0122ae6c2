package openprovider_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/openprovider"
)

// result is an answer on the wire.
type result struct {
	line   string // the status line
	status int
	header http.Header
	body   string
}

// raw writes octets to a server and reads the answer until it closes.
func raw(t *testing.T, base, octets string) result {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = io.WriteString(conn, octets)
	require.NoError(t, err)
	r := bufio.NewReader(conn)
	line, err := r.Peek(len("HTTP/1.1"))
	require.NoError(t, err)
	resp, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NotEmpty(t, resp.Header.Get("Content-Length"))
	resp.Header.Del("Date")
	return result{string(line), resp.StatusCode, resp.Header, string(body)}
}

// ask sends a request with a token.
func ask(t *testing.T, base, method, path, body string, header ...string) result {
	t.Helper()
	head := append([]string{
		method + " " + path + " HTTP/1.1", "Host: api.example", "Connection: close",
		fmt.Sprintf("Content-Length: %d", len(body)),
	}, header...)
	if !strings.Contains(strings.Join(header, "\n"), "Authorization") {
		head = append(head, "Authorization: Bearer "+token)
	}
	return raw(t, base, strings.Join(head, "\r\n")+"\r\n\r\n"+body)
}

// envelope is what an error answers.
func (r result) envelope(t *testing.T) (code int, desc string) {
	t.Helper()
	require.Equal(t, "application/json", r.header.Get("Content-Type"), r.body)
	var e struct {
		Code *int
		Desc *string
		Data *string
	}
	require.NoError(t, json.Unmarshal([]byte(r.body), &e), r.body)
	require.NotNil(t, e.Code)
	require.NotNil(t, e.Desc)
	require.NotNil(t, e.Data)
	require.Empty(t, *e.Data)
	return *e.Code, *e.Desc
}

const (
	codePath  = "/v1beta/domains/4711/authcode"
	resetPath = "/v1beta/domains/4711/authcode/reset"
)

func TestHandlerSuccess(t *testing.T) {
	const (
		external = `{"code":0,"desc":"","data":{"auth_code":"c<&>0","success":true,"type":"external"}}`
		internal = `{"code":0,"desc":"","data":{"auth_code":"c<&>0","success":true,"type":"internal"}}`
		fresh    = `{"code":0,"desc":"","data":{"auth_code":"c<&>0","domain_roid":"","epp_statuses":[""],"success":true,"type":"external"}}`
		listed   = `{"code":0,"desc":"","data":{"results":[{"id":4711,"domain":{"name":"alpha","extension":"example"},"status":"ACT"}],"total":1}}`
		nothing  = `{"code":0,"desc":"","data":{"results":[],"total":0}}`
		told     = `{"code":0,"desc":"","data":{"id":4711,"domain":{"name":"alpha","extension":"example"},"auth_code":"c<&>0","internal_auth_code":"c<&>0","status":"ACT"}}`
	)
	reset := strings.Replace(fresh, "external", "internal", 1)
	srv := serve(t, shows("c<&>0"), openprovider.HandlerOptions{})
	for _, row := range []struct{ name, method, path, body, want string }{
		{"request", "GET", codePath, "", external},
		{"request, external", "GET", codePath + "?auth_code_type=external", "", external},
		{"request, internal", "GET", codePath + "?auth_code_type=internal", "", internal},
		{"request, empty type", "GET", codePath + "?auth_code_type=", "", external},
		{"request with a body", "GET", codePath, `{"auth_code_type":"none of this is read`, external},
		{"doubled slashes", "GET", "//v1beta//domains///4711/authcode", "", external},
		{"trailing slash", "GET", codePath + "/", "", external},
		{"escaped digits", "GET", "/v1beta/domains/%34711/authcode", "", external},
		{"leading zeros", "GET", "/v1beta/domains/0004711/authcode", "", external},
		{"absolute form", "GET", "http://api.example" + codePath, "", external},
		{"reset without a body", "POST", resetPath, "", fresh},
		{"reset with white space", "POST", resetPath, " \r\n", fresh},
		{"reset, nothing said", "POST", resetPath, `{}`, fresh},
		{"reset, null", "POST", resetPath, `{"auth_code_type":"","domain":null,"id":null}`, fresh},
		{"reset, all said", "POST", resetPath, `{"auth_code_type":"external","id":4711,"domain":{"name":"ALPHA","extension":"example"}}`, fresh},
		{"reset, domain as a text", "POST", resetPath, `{"id":"4711","domain":"alpha.example"}`, fresh},
		{"reset, comma too many", "POST", resetPath, `{"auth_code_type":"internal",}`, reset},
		{"reset, internal", "POST", resetPath, `{"auth_code_type":"internal"}`, reset},
		{"reset, slashes", "POST", "/v1beta//domains/4711/authcode/reset//", "", fresh},
		{"find", "GET", "/v1beta/domains?full_name=Alpha.Example", "", listed},
		{"find, slash", "GET", "/v1beta/domains/?full_name=alpha.example.", "", listed},
		{"find another's", "GET", "/v1beta/domains?full_name=beta.example", "", nothing},
		{"find nobody's", "GET", "/v1beta/domains?full_name=gamma.example", "", nothing},
		{"show", "GET", "/v1beta/domains/4711", "", told},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := ask(t, srv.URL, row.method, row.path, row.body)
			require.Equal(t, row.want, r.body)
			require.Equal(t, 200, r.status)
			require.Equal(t, "application/json", r.header.Get("Content-Type"))
		})
	}
}

func TestHandlerSent(t *testing.T) {
	const want = `{"code":0,"desc":"","data":{"auth_code":"","success":true,"type":"external"}}`
	p := answers(authcode.Sent{To: []authcode.Recipient{authcode.Registrant}})
	srv := serve(t, p, openprovider.HandlerOptions{})
	require.Equal(t, want, ask(t, srv.URL, "GET", codePath, "").body)
	require.Equal(t, []string{"retrieve alpha.example"}, p.asked())

	// A Provider that can't retrieve, and can send for certain.
	p = answers(authcode.Sent{To: []authcode.Recipient{authcode.Registrant}})
	p.caps = authcode.Capabilities{Send: map[authcode.Recipient]authcode.Ability{
		authcode.Registrant: {Outcomes: authcode.KindSent, NewCode: true},
	}}
	srv = serve(t, p, openprovider.HandlerOptions{})
	require.Equal(t, want, ask(t, srv.URL, "GET", codePath, "").body)
	require.Equal(t, []string{"send to registrant alpha.example"}, p.asked())
	code, _ := ask(t, srv.URL, "GET", codePath+"?auth_code_type=internal", "").envelope(t)
	require.Equal(t, 349, code)
	code, _ = ask(t, srv.URL, "POST", resetPath, "").envelope(t)
	require.Equal(t, 349, code)

	// One that may leave it pending: the interface has no words for that.
	p.caps.Send[authcode.Registrant] = authcode.Ability{Outcomes: authcode.KindSent | authcode.KindPending}
	code, _ = ask(t, srv.URL, "GET", codePath, "").envelope(t)
	require.Equal(t, 349, code)
	require.Len(t, p.asked(), 1, "nothing more was asked for")
}

func TestHandlerRefuses(t *testing.T) {
	srv := serve(t, shows("c0de"), openprovider.HandlerOptions{})
	const put = "/v1beta/domains/4711"
	for _, row := range []struct {
		name, method, path, body string
		status, code             int
	}{
		{"unknown domain", "GET", "/v1beta/domains/4799/authcode", "", 500, 320},
		{"another's domain", "GET", "/v1beta/domains/99/authcode", "", 500, 320},
		{"another's domain, reset", "POST", "/v1beta/domains/99/authcode/reset", "", 500, 320},
		{"another's domain, shown", "GET", "/v1beta/domains/99", "", 500, 320},
		{"another's domain, lock", "PUT", "/v1beta/domains/99", `{"is_locked":false}`, 500, 320},
		{"number zero", "GET", "/v1beta/domains/0/authcode", "", 500, 320},
		{"negative number", "GET", "/v1beta/domains/-4711/authcode", "", 500, 320},
		{"number too large", "GET", "/v1beta/domains/4294972007/authcode", "", 400, 303}, // 4711 in 32 bits
		{"no number", "GET", "/v1beta/domains/alpha.example/authcode", "", 400, 303},
		{"dots", "GET", "/v1beta/domains/../domains/4711/authcode", "", 404, 349},
		{"extension without codes", "GET", "/v1beta/domains/4713/authcode", "", 500, 319},
		{"unknown path", "GET", "/v1beta/customers", "", 404, 349},
		{"another version", "GET", "/v2/domains/4711/authcode", "", 404, 349},
		{"no path", "GET", "/", "", 404, 349},
		{"unknown type", "GET", codePath + "?auth_code_type=both", "", 400, 303},
		{"malformed query", "GET", codePath + "?auth_code_type=internal;x", "", 400, 303},
		{"unknown type, reset", "POST", resetPath, `{"auth_code_type":"both"}`, 400, 303},
		{"type is no text", "POST", resetPath, `{"auth_code_type":1}`, 400, 303},
		{"malformed", "POST", resetPath, `{"auth_code_type"`, 400, 303},
		{"no object", "POST", resetPath, `["external"]`, 400, 303},
		{"form", "POST", resetPath, `auth_code_type=internal`, 400, 303},
		{"not UTF-8", "POST", resetPath, "{\"auth_code_type\":\"\xff\"}", 400, 303},
		{"id of another", "POST", resetPath, `{"id":99}`, 400, 303},
		{"domain of another", "POST", resetPath, `{"domain":{"name":"beta","extension":"example"}}`, 400, 303},
		{"no name to find", "GET", "/v1beta/domains", "", 500, 349},
		{"no valid name to find", "GET", "/v1beta/domains?full_name=%20..", "", 400, 303},
		{"lock unknown", "PUT", put, `{}`, 400, 303},
		{"lock is odd", "PUT", put, `{"is_locked":"perhaps"}`, 400, 303},
		{"more than the lock", "PUT", put, `{"is_locked":true,"autorenew":"off"}`, 500, 349},
		{"no Locker", "PUT", put, `{"is_locked":true}`, 500, 349},
		{"body too large", "POST", resetPath, `{"auth_code_type":"` + strings.Repeat("x", 5<<10) + `"}`, 413, 303},
		{"body too large, GET", "GET", codePath, strings.Repeat("x", 5<<10), 413, 303},
		{"method", "DELETE", codePath, "", 405, 349},
		{"method, reset", "GET", resetPath, "", 405, 349},
		{"method, login", "GET", "/v1beta/auth/login", "", 405, 349},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := ask(t, srv.URL, row.method, row.path, row.body)
			code, desc := r.envelope(t)
			require.Equal(t, row.code, code, desc)
			require.Equal(t, row.status, r.status)
			require.NotEmpty(t, desc)
		})
	}
	require.Equal(t, "GET, PUT", ask(t, srv.URL, "DELETE", put, "{}").header.Get("Allow"))
	require.Equal(t, "POST", ask(t, srv.URL, "PUT", resetPath, "").header.Get("Allow"))

	// Whether a domain exists does not show.
	unknown, others := ask(t, srv.URL, "GET", "/v1beta/domains/98", ""), ask(t, srv.URL, "GET", "/v1beta/domains/99", "")
	require.Equal(t, unknown, others)
}

func TestHandlerOptions(t *testing.T) {
	p := answers(authcode.Refused{Class: authcode.Locked})
	srv := serve(t, p, openprovider.HandlerOptions{
		Codes: map[authcode.Class]int{authcode.Locked: 366}, Status: map[int]int{366: 423, 196: 500},
		ResellerID: func(*gateway.Account) int64 { return 7 },
	})
	r := ask(t, srv.URL, "GET", codePath, "")
	code, desc := r.envelope(t)
	require.Equal(t, []any{366, "locked", 423}, []any{code, desc, r.status})
	r = ask(t, srv.URL, "GET", codePath, "", "Authorization: Bearer none")
	code, _ = r.envelope(t)
	require.Equal(t, []int{196, 500}, []int{code, r.status})
	r = ask(t, srv.URL, "POST", "/v1beta/auth/login", `{"username":"first","password":"`+pass+`"}`)
	require.Contains(t, r.body, `"reseller_id":7`)
}

func TestHandlerUnavailable(t *testing.T) {
	srv := serve(t, answers(authcode.Refused{Class: authcode.Unavailable}), openprovider.HandlerOptions{})
	r := ask(t, srv.URL, "GET", codePath, "")
	require.JSONEq(t, `{"code":4005,"desc":"unavailable","data":"","maintenance":true}`, r.body)

	srv = serve(t, fails(&authcode.Error{Unknown: true, Err: io.ErrUnexpectedEOF}), openprovider.HandlerOptions{})
	r = ask(t, srv.URL, "POST", resetPath, "")
	require.Equal(t, 504, r.status)
	require.Equal(t, "text/plain; charset=utf-8", r.header.Get("Content-Type"))
	require.False(t, json.Valid([]byte(r.body)))
}

// TestHandlerAuthentication: who is not let in learns nothing of what there is.
func TestHandlerAuthentication(t *testing.T) {
	srv := serve(t, shows("c0de"), openprovider.HandlerOptions{})
	for _, header := range []string{
		"Authorization: Bearer wrong", "Authorization: Bearer", "Authorization: ", "Authorization: Basic " + token,
		"Authorization: " + token, "Authorization: Bearer" + token, "Authorization: Bearer " + token + "x",
		"X-Authorization: none",
	} {
		var first *result
		for _, q := range []struct{ method, path string }{
			{"GET", codePath},
			{"GET", "/v1beta/domains/98/authcode"},
			{"GET", "/v1beta/domains/99/authcode"},
			{"POST", resetPath},
			{"GET", "/v1beta/nothing"},
			{"DELETE", codePath},
			{"GET", "/v1beta/auth/login"},
			{"GET", "/elsewhere"},
			{"PUT", "/v1beta/domains/4711"},
			{"GET", "/v1beta/domains?full_name=alpha.example"},
		} {
			r := ask(t, srv.URL, q.method, q.path, "", header)
			code, _ := r.envelope(t)
			require.Equal(t, []int{196, 401}, []int{code, r.status}, header)
			if first == nil {
				first = &r
			}
			require.Equal(t, *first, r, "%s %s", q.method, q.path)
		}
	}
	for _, header := range []string{
		"Authorization: Bearer " + token, "Authorization: ,Bearer " + token, "authorization: bearer " + token,
		"AUTHORIZATION: BEARER  \t" + token + " ", "Authorization: Bearer: " + token, "Authorization:  , Bearer " + token,
	} {
		require.Equal(t, 200, ask(t, srv.URL, "GET", codePath, "", header).status, header)
	}
}

func TestHandlerLogin(t *testing.T) {
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	var denied []string
	srv := serve(t, shows("c0de"), openprovider.HandlerOptions{}, func(o *gateway.Options) {
		o.Now, o.MaxSessions = func() time.Time { return now }, 2
		o.Denied = func(_ context.Context, d gateway.Denial) {
			require.NotEmpty(t, d.Addr)
			denied = append(denied, d.Via+" "+d.User)
		}
	})
	const path = "/v1beta/auth/login"
	login := func(body string) result { return ask(t, srv.URL, "POST", path, body, "Authorization: none") }
	var wrong *result
	for _, body := range []string{
		`{"username":"first","password":"wrong"}`, `{"username":"nobody","password":"wrong"}`,
		`{"username":"nobody","password":""}`, `{"username":"","password":""}`, `{}`,
		`{"username":"second","password":"` + pass + `"}`,
	} {
		r := login(body)
		code, _ := r.envelope(t)
		require.Equal(t, []int{196, 401}, []int{code, r.status})
		if wrong == nil {
			wrong = &r
		}
		require.Equal(t, *wrong, r)
	}
	code, _ := login(`{"username":`).envelope(t)
	require.Equal(t, 303, code)

	good := `{"username":"first","password":"` + pass + `","ip":"192.0.2.1"}`
	r := login(good)
	require.Equal(t, 200, r.status)
	var got struct {
		Code *int
		Data struct {
			Token      string
			ResellerID int64 `json:"reseller_id"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(r.body), &got))
	require.Zero(t, *got.Code)
	require.Regexp(t, `^[0-9a-f]{32}$`, got.Data.Token)
	require.Positive(t, got.Data.ResellerID)

	bearer := "Authorization: Bearer " + got.Data.Token
	now = now.Add(47 * time.Hour)
	require.Equal(t, 200, ask(t, srv.URL, "GET", codePath, "", bearer).status)
	now = now.Add(time.Hour) // being used does not make it last longer
	code, _ = ask(t, srv.URL, "GET", codePath, "", bearer).envelope(t)
	require.Equal(t, 196, code)

	require.Equal(t, 200, login(good).status)
	require.Equal(t, 200, login(good).status)
	code, _ = login(good).envelope(t)
	require.Equal(t, 10005, code)
	require.Equal(t, []string{
		"openprovider first", "openprovider nobody", "openprovider nobody", "openprovider ", "openprovider ",
		"openprovider second", "openprovider ",
	}, denied)
}

func TestHandlerRate(t *testing.T) {
	srv := serve(t, shows("c0de"), openprovider.HandlerOptions{}, func(o *gateway.Options) {
		o.Rate = gateway.Rate{Requests: 2, Per: time.Hour}
	})
	require.Equal(t, 200, ask(t, srv.URL, "GET", codePath, "").status)
	require.Equal(t, 404, ask(t, srv.URL, "GET", "/v1beta/nothing", "").status)
	code, _ := ask(t, srv.URL, "GET", codePath, "").envelope(t)
	require.Equal(t, 10005, code)
	code, _ = ask(t, srv.URL, "POST", "/v1beta/auth/login", `{"username":"first","password":"`+pass+`"}`).envelope(t)
	require.Equal(t, 10005, code)
	code, _ = ask(t, srv.URL, "POST", "/v1beta/auth/login", `{"username":"first","password":"wrong"}`).envelope(t)
	require.Equal(t, 196, code, "who is not let in learns nothing of the account's rate")
	second := "Authorization: Bearer t0ken-of-the-second"
	require.Equal(t, 200, ask(t, srv.URL, "GET", "/v1beta/domains/99/authcode", "", second).status)
}

// TestHandlerOldClients: HTTP/1.0, upgrades, and requests that are no requests.
func TestHandlerOldClients(t *testing.T) {
	srv := serve(t, shows("c0de"), openprovider.HandlerOptions{})
	auth := "Authorization: ,Bearer " + token + "\r\n"
	for _, octets := range []string{
		"GET " + codePath + " HTTP/1.0\r\n" + auth + "\r\n",
		"GET //" + codePath + "// HTTP/1.0\r\nConnection: keep-alive\r\n" + auth + "\r\n",
		"POST " + resetPath + " HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n" + auth + "\r\n",
		"GET " + codePath + " HTTP/1.1\r\nHost: x\r\nConnection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n" + auth + "\r\n",
		"GET " + codePath + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n" + auth + "\r\n2\r\n{}\r\n0\r\n\r\n",
	} {
		r := raw(t, srv.URL, octets)
		require.Equal(t, "HTTP/1.1", r.line)
		require.Equal(t, 200, r.status, octets)
		require.Contains(t, r.body, `"auth_code":"c0de"`)
	}
	// A body that ends too early.
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = io.WriteString(conn, "POST "+resetPath+" HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n"+auth+"\r\n{\"auth")
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, 400, resp.StatusCode)
}

func TestHandlerLock(t *testing.T) {
	p := &telling{scripted: shows("c0de"), domain: authcode.Domain{Name: name, Locked: authcode.Yes, Lockable: authcode.No}}
	srv := serve(t, p, openprovider.HandlerOptions{})
	for _, body := range []string{
		`{"is_locked":true}`, `{"is_locked":"true","id":4711}`, `{"is_locked":1,"domain":{"name":"alpha","extension":"example"}}`,
		`{"is_locked":false}`, `{"is_locked":"0"}`,
	} {
		r := ask(t, srv.URL, "PUT", "/v1beta/domains/4711", body)
		require.Equal(t, `{"code":0,"desc":"","data":{"status":"ACT"}}`, r.body)
	}
	code, _ := ask(t, srv.URL, "PUT", "/v1beta/domains/4711", `{"is_locked":true,"autorenew":"off"}`).envelope(t)
	require.Equal(t, 349, code)
	require.Equal(t, []bool{true, true, true, false, false}, p.locked)
	r := ask(t, srv.URL, "GET", "/v1beta/domains/4711", "")
	require.Contains(t, r.body, `"is_locked":true,"is_lockable":false`)
}

// TestHandlerCodeNotText: a code that JSON can't hold is not shown as another one.
func TestHandlerCodeNotText(t *testing.T) {
	srv := serve(t, shows("x\xffy"), openprovider.HandlerOptions{})
	for _, q := range [][2]string{{"GET", codePath}, {"GET", codePath + "?auth_code_type=internal"}, {"POST", resetPath}, {"GET", "/v1beta/domains/4711"}} {
		r := ask(t, srv.URL, q[0], q[1], "")
		require.Equal(t, 504, r.status)
		require.NotContains(t, r.body, "{")
	}
	c := dial(t, srv.URL+"/v1beta")
	_, err := c.HandOver(t.Context(), request(authcode.Regenerate, ""))
	require.True(t, authcode.OutcomeUnknown(err))
}
