package control_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/control"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// bench is a mock registry with its control.
type bench struct {
	t   testing.TB
	reg *gtld.Registry
	srv *mockserver.Server
	url string
	doc map[string]any // the description
}

func newMock(t testing.TB, name string) (*control.Mock, *gtld.Registry) {
	reg, err := gtld.New(gtld.Options{Options: registry.Options{Clock: registry.NewClock(noon), HashIterations: 10}})
	require.NoError(t, err)
	srv, err := mockserver.New(mockserver.Options{Registry: reg})
	require.NoError(t, err)
	require.NoError(t, srv.Start())
	t.Cleanup(func() { require.NoError(t, srv.Close()) })
	return &control.Mock{Name: name, Server: srv, State: reg.State, Acts: reg.Acts()}, reg
}

func start(t testing.TB) *bench {
	m, reg := newMock(t, "main")
	ctl, err := control.New(control.Options{
		Mocks: []*control.Mock{m},
		Make: func(_ context.Context, w *control.Tenant) (*control.Mock, error) {
			m, _ := newMock(t, w.Name)
			return m, nil
		},
	})
	require.NoError(t, err)
	web := httptest.NewServer(ctl)
	t.Cleanup(func() {
		require.NoError(t, ctl.Close())
		web.Close()
	})
	b := &bench{t: t, reg: reg, srv: m.Server, url: web.URL}
	b.get("/openapi.json", &b.doc)
	return b
}

// do sends a request and checks the answer against the description.
func (b *bench) do(method, path, body string) (status int, answer string) {
	b.t.Helper()
	q, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(body))
	require.NoError(b.t, err)
	if body != "" {
		q.Header.Set("Content-Type", "application/json")
	}
	r, err := http.DefaultClient.Do(q)
	require.NoError(b.t, err)
	defer r.Body.Close()
	doc, err := io.ReadAll(r.Body)
	require.NoError(b.t, err)
	if b.doc != nil {
		b.described(method, path, r, doc)
	}
	return r.StatusCode, string(doc)
}

func (b *bench) get(path string, into any) {
	b.t.Helper()
	status, doc := b.do(http.MethodGet, path, "")
	require.Equal(b.t, 200, status, doc)
	require.NoError(b.t, json.Unmarshal([]byte(doc), into))
}

// ok sends a request that must be done.
func (b *bench) ok(method, path, body string) string {
	b.t.Helper()
	status, doc := b.do(method, path, body)
	require.Less(b.t, status, 300, "%s %s: %s", method, path, doc)
	return doc
}

// TestRoutes asks for each thing that there is once, and compares what is described, what
// is listed, and what is answered.
func TestRoutes(t *testing.T) {
	b := start(t)
	c := wiretest.Dial(t, b.srv, "", "").Login("reg-north", "north-Gate9")
	c.Do(`<check><d:check xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>alpha.example</d:name></d:check></check>`).Code(1000)

	const stub = `{"id":"s1","match":{"verb":"check"},"answer":{"code":2400}}`
	asked := map[string]bool{}
	for _, tt := range []struct{ method, path, body, route string }{
		{"GET", "/", "", ""},
		{"GET", "/openapi.json", "", ""},
		{"GET", "/ready", "", ""},
		{"POST", "/tenants", `{"name":"blue","seed":7}`, ""},
		{"GET", "/tenants", "", ""},
		{"GET", "/tenants/blue/status", "", "/status"},
		{"DELETE", "/tenants/blue", "", "/tenants/{tenant}"},
		{"GET", "/status", "", ""},
		{"GET", "/ca.pem", "", ""},
		{"POST", "/certificates", `{"clID":"reg-north"}`, ""},
		{"GET", "/clock", "", ""},
		{"PUT", "/clock", `{"time":"2026-03-02T00:00:00Z","scale":0}`, ""},
		{"POST", "/clock/advance", `{"by":"5d"}`, ""},
		{"GET", "/records/domain", "", "/records/{table}"},
		{"GET", "/records/domain/alpha.example", "", "/records/{table}/{key}"},
		{"PUT", "/records/host/ns9.elsewhere.invalid", `{"name":"ns9.elsewhere.invalid","clID":"reg-north","crID":"reg-north","roid":"H99-MOCK","crDate":"2026-01-01T00:00:00Z"}`, "/records/{table}/{key}"},
		{"DELETE", "/records/host/ns9.elsewhere.invalid", "", "/records/{table}/{key}"},
		{"GET", "/acts", "", ""},
		{"GET", "/outbox", "", ""},
		{"POST", "/messages", `{"clID":"reg-north","text":"Good morning."}`, ""},
		{"POST", "/journal/search", `{"verb":"check"}`, ""},
		{"POST", "/journal/wait", `{"verb":"check","direction":"received"}`, ""},
		{"POST", "/journal/expect", `{"verb":"check","direction":"received","count":1}`, ""},
		{"PUT", "/snapshots/one", "", "/snapshots/{name}"},
		{"GET", "/snapshots", "", ""},
		{"GET", "/snapshots/one/diff", "", "/snapshots/{name}/diff"},
		{"GET", "/snapshots/one/file", "", "/snapshots/{name}/file"},
		{"POST", "/snapshots/one/restore", "", "/snapshots/{name}/restore"},
		{"DELETE", "/snapshots/one", "", "/snapshots/{name}"},
		{"GET", "/faults/kinds", "", ""},
		{"POST", "/faults", `{"id":"f1","kind":"slow","delay":"1ms","match":{"verb":"check"}}`, ""},
		{"GET", "/faults", "", ""},
		{"DELETE", "/faults/f1", "", "/faults/{id}"},
		{"DELETE", "/faults", "", ""},
		{"POST", "/scripts", stub, ""},
		{"GET", "/scripts", "", ""},
		{"DELETE", "/scripts/s1", "", "/scripts/{id}"},
		{"DELETE", "/scripts", "", ""},
		{"PUT", "/scenarios/one", `{"state":"open"}`, "/scenarios/{name}"},
		{"DELETE", "/journal", "", ""},
		{"DELETE", "/sessions", "", ""},
		{"POST", "/reset", "", ""},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			b.ok(tt.method, tt.path, tt.body)
		})
		if tt.route == "" {
			tt.route = tt.path
		}
		asked[strings.ToLower(tt.method)+" "+tt.route] = true
	}
	elsewhere := []string{"put /snapshots/{name}/file", "post /seed"} // tests of their own, as acts
	for path, item := range b.doc["paths"].(map[string]any) {
		for method := range item.(map[string]any) {
			route := method + " " + path
			if !strings.HasPrefix(path, "/tenants/{tenant}/") && !strings.HasPrefix(path, "/acts/") && !slices.Contains(elsewhere, route) {
				require.True(t, asked[route], "%s is not tried", route)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	b := start(t)
	huge := `{"by":"` + strings.Repeat("1", 2<<20) + `"}`
	for _, tt := range []struct {
		name, method, path, body string
		status                   int
		field, text              string
	}{
		{"no such path", "GET", "/nothing", "", 404, "", "no such path"},
		{"another method", "PATCH", "/clock", "", 405, "", "GET"},
		{"a body of no use", "GET", "/clock", `{}`, 400, "", "takes no body"},
		{"an unknown parameter", "GET", "/clock?fast=1", "", 400, "fast", "no such parameter"},
		{"a parameter twice", "GET", "/outbox?since=1&since=2", "", 400, "since", "twice"},
		{"no flag", "GET", "/outbox?secrets=perhaps", "", 400, "secrets", "true or false"},
		{"no number", "GET", "/outbox?since=-1", "", 400, "since", "a number"},
		{"an unknown field", "POST", "/clock/advance", `{"by":"5d","hush":"hush-hush"}`, 400, "hush", "no such key"},
		{"a field twice", "POST", "/clock/advance", `{"by":"5d","by":"6d"}`, 400, "by", "twice"},
		{"another type", "POST", "/clock/advance", `{"by":["hush-hush"]}`, 400, "by", ""},
		{"no time span", "POST", "/clock/advance", `{"by":"soon"}`, 400, "by", "time span"},
		{"no JSON", "POST", "/clock/advance", `{`, 400, "", ""},
		{"nothing", "POST", "/clock/advance", ` `, 400, "", "empty"},
		{"a list", "POST", "/clock/advance", `[]`, 400, "", "keys"},
		{"too long", "POST", "/clock/advance", huge, 413, "", "octets"},
		{"into the far future", "POST", "/clock/advance", `{"by":"60000d"}`, 200, "", ""},
		{"into a further one", "POST", "/clock/advance", `{"by":"60000d"}`, 400, "time", "1970 to 2200"},
		{"a time that is none", "PUT", "/clock", `{"time":"hush-hush"}`, 400, "time", "2026-01-02"},
		{"a pace that is none", "PUT", "/clock", `{"scale":-1}`, 400, "scale", ""},
		{"no time span at all", "POST", "/clock/advance", `{}`, 400, "by", "missing"},
		{"null", "POST", "/clock/advance", `null`, 400, "", "an object"},
		{"an expectation of nothing", "POST", "/journal/expect", `{"verb":"check"}`, 400, "count", "missing"},
		{"an expectation of less", "POST", "/journal/expect", `{"count":-1}`, 400, "count", "0 or more"},
		{"a wait for less", "POST", "/journal/wait", `{"count":-4}`, 400, "count", "1 or more"},
		{"no such tenant", "GET", "/tenants/green/clock", "", 404, "tenant", "green"},
		{"a tenant's name", "POST", "/tenants", `{"name":"../x"}`, 400, "name", "letters"},
		{"a tenant that is there", "POST", "/tenants", `{"name":"main"}`, 409, "name", "already"},
		{"a tenant that stays", "DELETE", "/tenants/main", "", 409, "tenant", "stays"},
		{"no such table", "GET", "/records/hats", "", 404, "", "hats"},
		{"no such record", "GET", "/records/domain/none.example", "", 404, "", "none.example"},
		{"a record's unknown field", "PUT", "/records/domain/x.example", `{"name":"x.example","hush":"hush-hush"}`, 400, "hush", "no such field"},
		{"a record's other type", "PUT", "/records/domain/x.example", `{"name":"x.example","ns":"hush-hush"}`, 400, "ns", "of the kind string"},
		{"a record of nobody", "PUT", "/records/domain/x.example", `{"name":"x.example","clID":"reg-west"}`, 400, "clID", "no registrar"},
		{"a record that refers to nothing", "PUT", "/records/domain/x.example", `{"name":"x.example","clID":"reg-north","crID":"reg-north","crDate":"2026-01-01T00:00:00Z","roid":"D99-MOCK","exDate":"2027-01-01T00:00:00Z","registrant":"jr-1","ns":["ns.nowhere.invalid"]}`, 400, "ns[0]", "there is no"},
		{"another key", "PUT", "/records/domain/x.example", `{"name":"y.example"}`, 400, "key", "y.example"},
		{"a hidden secret", "PUT", "/records/domain/x.example", `{"name":"x.example","authInfo":"[redacted]"}`, 400, "", "secrets=true"},
		{"a record that is used", "DELETE", "/records/contact/jr-1", "", 400, "", "refers to it"},
		{"no seed here", "POST", "/seed", `{}`, 501, "", "can't be seeded"},
		{"a message for nobody", "POST", "/messages", `{"clID":"none","text":"x"}`, 400, "clID", "no registrar"},
		{"a message of nothing", "POST", "/messages", `{"clID":"reg-north"}`, 400, "text", ""},
		{"a message that can't be told", "POST", "/messages", `{"clID":"reg-north","text":"\u0001bad"}`, 400, "text", "control character"},
		{"the registry's own", "PUT", "/records/counter/x", `{"name":"x"}`, 400, "", "the registry alone"},
		{"a message that is no XML", "POST", "/messages", `{"clID":"reg-north","resData":["<a>"]}`, 400, "resData[0]", ""},
		{"a query that can't be", "POST", "/journal/search", `{"xpath":"//["}`, 400, "xpath", ""},
		{"a wait for too long", "POST", "/journal/wait", `{"timeout":"1h"}`, 400, "timeout", "a minute"},
		{"no such snapshot", "POST", "/snapshots/none/restore", "", 404, "", "none"},
		{"no such snapshot's file", "GET", "/snapshots/none/file", "", 404, "", "none"},
		{"a file that is none", "PUT", "/snapshots/one/file", "hush-hush", 400, "", "not a snapshot"},
		{"no such kind of fault", "POST", "/faults", `{"kind":"hush"}`, 400, "kind", ""},
		{"no such fault", "DELETE", "/faults/none", "", 404, "id", "none"},
		{"no such stub", "DELETE", "/scripts/none", "", 404, "id", "none"},
		{"a stub without an answer", "POST", "/scripts", `{"match":{"verb":"check"}}`, 400, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, doc := b.do(tt.method, tt.path, tt.body)
			require.Equal(t, tt.status, status, doc)
			if status == 200 {
				return
			}
			var f control.Failure
			require.NoError(t, json.Unmarshal([]byte(doc), &f), doc)
			require.Equal(t, tt.field, f.Field, doc)
			require.Contains(t, f.Error, tt.text)
			require.NotContains(t, doc, "hush-hush")
		})
	}
	t.Run("a page in a browser", func(t *testing.T) {
		for want, host := range map[int]string{
			http.StatusUnsupportedMediaType: "", // what a page may send unasked
			http.StatusForbidden:            "rebound.example",
		} {
			q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/clock/advance", strings.NewReader(`{"by":"5d"}`))
			require.NoError(t, err)
			q.Header.Set("Content-Type", "text/plain")
			q.Host = host
			r, err := http.DefaultClient.Do(q)
			require.NoError(t, err)
			r.Body.Close()
			require.Equal(t, want, r.StatusCode)
		}
		for name, value := range map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"} {
			q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/reset", nil)
			require.NoError(t, err)
			q.Header.Set(name, value)
			r, err := http.DefaultClient.Do(q)
			require.NoError(t, err)
			r.Body.Close()
			require.Equal(t, http.StatusForbidden, r.StatusCode, name)
			q.Header.Set("Origin", b.url)
			q.Header.Set("Sec-Fetch-Site", "same-origin")
			r, err = http.DefaultClient.Do(q)
			require.NoError(t, err)
			r.Body.Close()
			require.Equal(t, http.StatusNoContent, r.StatusCode, "the port's own page")
		}
	})
	b.ok("GET", "/ready", "")
}

// TestSecretsAreHidden wherever they are, unless they are asked for.
func TestSecretsAreHidden(t *testing.T) {
	b := start(t)
	wiretest.Dial(t, b.srv, "", "").Login("reg-north", "north-Gate9")
	require.NoError(t, b.reg.Change(func(tx *registry.Tx) error {
		b.reg.Outbox.Put(tx, registry.Mail{To: []string{"a@one.example"}, About: registry.Ref{Kind: "domain", Handle: "x"}, AuthInfo: "mail-Secret7"})
		return nil
	}))
	b.ok("PUT", "/snapshots/one", "")
	b.ok("POST", "/messages", `{"clID":"reg-north","resData":["<d:infData xmlns:d='urn:ietf:params:xml:ns:domain-1.0'><d:name>a.example</d:name><d:roid>D7-MOCK</d:roid><d:clID>reg-north</d:clID><d:authInfo><d:pw>xml-Secret7</d:pw></d:authInfo></d:infData>"]}`)
	b.ok("PUT", "/records/contact/zz-9", `{"id":"zz-9","clID":"reg-north","crID":"reg-north","roid":"C99-MOCK","crDate":"2026-01-01T00:00:00Z","email":"a@one.example","postal":[{"type":"int","name":"A","city":"B","cc":"FI"}],"authInfo":"zz-Secret7"}`)
	for path, secret := range map[string]string{
		"/records/domain": "alpha-Secret7", "/records/domain/alpha.example": "alpha-Secret7",
		"/outbox": "mail-Secret7", "/snapshots/one/diff": "zz-Secret7", "/records/registrar": "pbkdf2", "/records/message": "xml-Secret7",
	} {
		require.NotContains(t, b.ok("GET", path, ""), secret, path)
		require.Contains(t, b.ok("GET", path+"?secrets=true", ""), secret, path)
	}
	require.NotContains(t, b.ok("POST", "/journal/search", `{"verb":"login"}`), "north-Gate9")
	require.Contains(t, b.ok("POST", "/journal/search", `{"verb":"login","secrets":true}`), "north-Gate9")
}

func TestSnapshotOverHTTP(t *testing.T) {
	b := start(t)
	b.ok("PUT", "/snapshots/one", "")
	file := b.ok("GET", "/snapshots/one/file", "")
	b.ok("PUT", "/records/host/ns9.elsewhere.invalid", `{"name":"ns9.elsewhere.invalid","clID":"reg-north","crID":"reg-north","roid":"H99-MOCK","crDate":"2026-01-01T00:00:00Z"}`)
	b.ok("POST", "/clock/advance", `{"by":"2h"}`)
	var d control.Differences
	b.get("/snapshots/one/diff", &d)
	require.Equal(t, registry.Ref{Kind: "host", Handle: "ns9.elsewhere.invalid"}, d.Differences[len(d.Differences)-1].Ref)
	b.ok("POST", "/snapshots/one/restore", "")
	require.Equal(t, noon, b.reg.Now())

	other := start(t)
	other.ok("PUT", "/snapshots/theirs/file", file)
	other.ok("POST", "/snapshots/theirs/restore", "")
	require.Equal(t, file[strings.IndexByte(file, '\n'):], func() string {
		var w bytes.Buffer
		require.NoError(t, other.reg.WriteSnapshot(&w, ""))
		return w.String()[strings.IndexByte(w.String(), '\n'):]
	}())
}

// TestResetClearsEverything fills whatever can be filled.
func TestResetClearsEverything(t *testing.T) {
	b := start(t)
	var before, after control.Status
	b.get("/status", &before)
	c := wiretest.Dial(t, b.srv, "", "").Login("reg-north", "north-Gate9")
	b.ok("POST", "/faults", `{"kind":"slow","delay":"1h","match":{"verb":"check"}}`)
	c.Write(`<command><check><d:check xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>a.example</d:name></d:check></check></command>`)
	b.ok("POST", "/journal/wait", `{"verb":"check"}`)
	b.ok("POST", "/scripts", `{"match":{"verb":"info"},"answer":{"code":2400}}`)
	b.ok("PUT", "/snapshots/one", "")
	b.ok("POST", "/messages", `{"clID":"reg-north","text":"x"}`)
	b.ok("DELETE", "/records/domain/gamma.test", "")
	b.ok("PUT", "/clock", `{"time":"2027-01-01T00:00:00Z","scale":3600}`)
	b.ok("POST", "/reset", "")
	b.get("/status", &after)
	require.Equal(t, before, after)
	require.Empty(t, b.srv.Faults().List())
	require.Empty(t, b.srv.Scripts().List())
	require.Empty(t, b.reg.Snapshots())
	require.Zero(t, b.srv.Journal().Count(mockserver.Any))
	require.Zero(t, b.reg.Clock.Scale())
	wiretest.Dial(t, b.srv, "", "").Login("reg-north", "north-Gate9")
}

func TestWaitAndNearestMiss(t *testing.T) {
	b := start(t)
	c := wiretest.Dial(t, b.srv, "", "").Login("reg-north", "north-Gate9")
	c.Do(`<check><d:check xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>alpha.example</d:name></d:check></check>`)
	var e control.Expected
	require.NoError(t, json.Unmarshal([]byte(b.ok("POST", "/journal/expect", `{"verb":"check","object":"beta.example","direction":"received","count":1}`)), &e))
	require.False(t, e.Met)
	require.Equal(t, "check", e.Nearest.Verb)
	require.Len(t, e.Mismatches, 1)
	require.Equal(t, "object", e.Mismatches[0].Criterion)

	done := make(chan string)
	go func() {
		_, doc := b.do("POST", "/journal/wait", `{"verb":"logout","direction":"sent","timeout":"50s"}`)
		done <- doc
	}()
	c.Do(`<logout/>`)
	var j control.Journal
	require.NoError(t, json.Unmarshal([]byte(<-done), &j))
	require.Equal(t, 1500, j.Entries[0].Code)

	require.NoError(t, json.Unmarshal([]byte(b.ok("POST", "/journal/wait", `{"verb":"renew","timeout":"1ms"}`)), &j))
	require.False(t, j.Unmet.Met)
}

func TestTenantsAreIsolated(t *testing.T) {
	b := start(t)
	b.ok("POST", "/tenants", `{"name":"blue"}`)
	b.ok("POST", "/tenants/blue/faults", `{"kind":"result","code":2400}`)
	b.ok("DELETE", "/tenants/blue/records/domain/gamma.test", "")
	b.ok("POST", "/tenants/blue/clock/advance", `{"by":"2h"}`)
	require.Equal(t, noon, b.reg.Now())
	require.Empty(t, b.srv.Faults().List())
	b.ok("GET", "/records/domain/gamma.test", "")
	var s control.Status
	b.get("/tenants/blue/status", &s)
	require.NotEqual(t, b.srv.Addr(), s.Address)
	require.Equal(t, fault.Kind("result"), fault.Result)
	b.ok("DELETE", "/tenants/blue", "")
	status, _ := b.do("GET", "/tenants/blue/status", "")
	require.Equal(t, 404, status)
}

// TestGarbage sends what nobody should, to every path; the mock goes on.
func TestGarbage(t *testing.T) {
	b := start(t)
	bodies := []string{"", "{", "null", `"x"`, "[1,2]", `{"a":{"b":{"c":[[[[[]]]]]}}}`, "\x00\xff", strings.Repeat("[", 10_000), "&a [*a]", "%PDF"}
	for path, item := range b.doc["paths"].(map[string]any) {
		if strings.HasPrefix(path, "/tenants/{tenant}") || path == "/reset" {
			continue
		}
		path = strings.NewReplacer("{table}", "domain", "{key}", "%00%2f..%2f", "{name}", "%ff", "{id}", "%0a").Replace(path)
		for method := range item.(map[string]any) {
			for _, body := range bodies {
				if body == "null" && path == "/journal/wait" {
					continue // a query that is in order, and waits
				}
				status, doc := b.do(strings.ToUpper(method), path, body)
				require.NotEqual(t, 500, status, "%s %s %.20q: %s", method, path, body, doc)
			}
		}
	}
	b.ok("GET", "/ready", "")
	wiretest.Dial(t, b.srv, "", "").Login("reg-north", "north-Gate9")
}

func TestNew(t *testing.T) {
	_, err := control.New(control.Options{})
	require.ErrorContains(t, err, "no mock registry")
	m, _ := newMock(t, "one")
	_, err = control.New(control.Options{Mocks: []*control.Mock{m, m}})
	require.ErrorContains(t, err, "two mock registries")
	_, err = control.New(control.Options{Mocks: []*control.Mock{{Name: "a/b"}}})
	require.ErrorContains(t, err, "a/b")
}

func ExampleNew() {
	reg, err := gtld.New(gtld.Options{Options: registry.Options{Clock: registry.NewClock(noon)}})
	if err != nil {
		fmt.Println(err)
		return
	}
	srv, err := mockserver.New(mockserver.Options{Registry: reg})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	ctl, err := control.New(control.Options{Mocks: []*control.Mock{{Name: "main", Server: srv, State: reg.State}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer ctl.Close()
	w := httptest.NewRecorder()
	q := httptest.NewRequest(http.MethodPost, "http://localhost/clock/advance", strings.NewReader(`{"by": "5d"}`))
	q.Header.Set("Content-Type", "application/json")
	ctl.ServeHTTP(w, q)
	fmt.Print(w.Body)
	// Output: {"time":"2026-03-06T12:00:00Z","scale":0}
}
