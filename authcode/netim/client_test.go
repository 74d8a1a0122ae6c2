package netim_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/netim"
)

// An upstream answers each request as its table says, and remembers them all.
type upstream struct {
	*httptest.Server
	mu   sync.Mutex
	seen []string
	// answers are by method and path below the version; the session opens unless
	// it is told otherwise.
	answers map[string]http.HandlerFunc
}

func newUpstream(t testing.TB, answers map[string]http.HandlerFunc) *upstream {
	u := &upstream{answers: answers}
	u.Server = httptest.NewServer(u)
	t.Cleanup(u.Close)
	return u
}

func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, path, _ := strings.Cut(r.URL.EscapedPath()[1:], "/")
	what := r.Method + " " + path
	u.mu.Lock()
	u.seen = append(u.seen, what)
	u.mu.Unlock()
	switch f := u.answers[what]; {
	case f != nil:
		f(w, r)
	case what == "POST session/":
		io.WriteString(w, `{"access_token":"`+tokenBirch+`"}`)
	default:
		w.WriteHeader(404)
	}
}

// requests are how often each was seen, sessions left out.
func (u *upstream) requests(what string) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	n := 0
	for _, s := range u.seen {
		if s == what {
			n++
		}
	}
	return n
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

const (
	authID = "PATCH domain/birch.example/authid/"
	info   = "GET domain/birch.example/info/"
	lock   = "PATCH domain/birch.example/preference/"
)

// TestTyped holds what is sent, and what is read.
func TestTyped(t *testing.T) {
	var bodies []string
	keep := func(status int, answer string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			bodies = append(bodies, string(b))
			require.Equal(t, "Bearer "+tokenBirch, r.Header.Get("Authorization"))
			require.Equal(t, "application/json", r.Header.Get("Content-Type"))
			require.Equal(t, "FR", r.Header.Get("Accept-Language"))
			says(status, answer)(w, r)
		}
	}
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	u := newUpstream(t, map[string]http.HandlerFunc{
		"POST session/": func(w http.ResponseWriter, r *http.Request) {
			id, secret, ok := r.BasicAuth()
			require.True(t, ok)
			require.Equal(t, []string{"BIRCH", secretBirch}, []string{id, secret})
			require.Equal(t, "FR", r.Header.Get("Accept-Language"))
			require.Equal(t, "application/json", r.Header.Get("Content-Type"))
			says(200, `{"access_token":"`+tokenBirch+`","ttl":5}`)(w, r)
		},
		authID: keep(200, `{"ID_OPE":"4711","STATUS":"DONE","MESSAGE":"","TYPE":"domainAuthID","DATE":"2031-07-01 14:30:00","DATA":{"k":[1]},"NEW":7,}`),
		lock:   keep(201, `{"ID_OPE":4712,"STATUS":"pending","MESSAGE":"later","TYPE":"domainSetPreference","DATE":"soon"}`),
		info: keep(200, `{"domain":"BIRCH.example","dateCreate":"2020-02-03","dateExpiration":"2032-02-03","dateMinRenew":"2032-01-01",
			"dateMaxRenew":"0000-00-00","dateMaxRestore":"some day","status":"ACTIVE, DELEGATED","idOwner":"BR11","idAdmin":"BR12","idTech":"BR13",
			"idBilling":"BR14","domainIsLock":"1","whoisPrivacy":0,"autoRenew":1,"ns":["ns1.birch.example"],"authID":")*(&<\"$'","IsSigned":1,
			"HasDNS4Service":true,"DNSSEC":[{"keytag":1}],"dateUpdate":"2030-01-01"}`),
		"GET operation/4711":      keep(200, `{"ID_OPE":4711,"STATUS":"Cancelled","MESSAGE":"by hand","TYPE":"domainAuthID","DATE":null}`),
		"GET operations/pending/": keep(200, `[{"id_ope":"4712","code_ope":"domainSetPreference","date_ope":"2031-01-02 03:04:05","data_ope":"birch.example","who":"x"},{"id_ope":3}]`),
		"DELETE session/":         keep(200, `{}`),
	})
	for _, version := range []netim.Version{netim.V1, netim.V3} {
		bodies = nil
		c := dial(t, u.URL, version, func(o *netim.Options) { o.Language, o.Location = "FR", paris })
		op, err := c.SendAuthID(t.Context(), "Birch.Example.", netim.ToRegistrant)
		require.NoError(t, err)
		require.Equal(t, int64(4711), op.ID)
		require.Equal(t, netim.Done, op.Status)
		require.Equal(t, "domainAuthID", op.Type)
		require.True(t, op.Date.Equal(time.Date(2031, 7, 1, 12, 30, 0, 0, time.UTC)))
		require.JSONEq(t, `{"k":[1]}`, string(op.Data))
		require.Equal(t, `7`, string(op.Extra["NEW"]))
		require.Len(t, op.Extra, 1)

		op, err = c.SetRegistrarLock(t.Context(), "birch.example", true)
		require.NoError(t, err)
		require.Equal(t, netim.Pending, op.Status)
		require.True(t, op.Date.IsZero())
		require.Equal(t, `"soon"`, string(op.Extra["DATE"]), "no date is lost")
		_, err = c.SetRegistrarLock(t.Context(), "birch.example", false)
		require.NoError(t, err)

		d, err := c.DomainInfo(t.Context(), "birch.example")
		require.NoError(t, err)
		require.Equal(t, `)*(&<"$'`, d.AuthID.Reveal())
		require.Len(t, d.Extra, 3)
		require.Equal(t, `"some day"`, string(d.Extra["dateMaxRestore"]))
		require.Equal(t, `[{"keytag":1}]`, string(d.Extra["DNSSEC"]))
		d.Extra = nil
		day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, paris) }
		require.Equal(t, &netim.DomainInfo{
			Domain: "BIRCH.example", DateCreate: day(2020, 2, 3), DateExpiration: day(2032, 2, 3), DateMinRenew: day(2032, 1, 1),
			Status: "ACTIVE, DELEGATED", IDOwner: "BR11", IDAdmin: "BR12", IDTech: "BR13", IDBilling: "BR14",
			DomainIsLock: authcode.Yes, AutoRenew: true, IsSigned: true, HasDNS4Service: true,
			NS: []string{"ns1.birch.example"}, AuthID: `)*(&<"$'`,
		}, d)
		told, err := c.Describe(t.Context(), "birch.example")
		require.NoError(t, err)
		require.Equal(t, authcode.Domain{
			Name: "birch.example", Locked: authcode.Yes, Status: []string{"ACTIVE, DELEGATED"}, Registrant: "BR11",
			Admin: []string{"BR12"}, Tech: []string{"BR13"}, Billing: []string{"BR14"}, NS: []string{"ns1.birch.example"},
			Created: day(2020, 2, 3), Expires: day(2032, 2, 3),
		}, told)

		op, err = c.QueryOperation(t.Context(), 4711)
		require.NoError(t, err)
		no, refused := op.Refused()
		require.True(t, refused)
		require.Equal(t, authcode.Refused{Class: authcode.Failed, Code: "Cancelled", Text: "by hand"}, no)

		list, err := c.PendingOperations(t.Context())
		require.NoError(t, err)
		require.Len(t, list, 2)
		require.Equal(t, `"x"`, string(list[0].Extra["who"]))
		list[0].Extra = nil
		require.Equal(t, []netim.PendingOperation{
			{ID: 4712, Type: "domainSetPreference", Data: "birch.example", Date: time.Date(2031, 1, 2, 3, 4, 5, 0, paris)}, {ID: 3},
		}, list)

		require.NoError(t, c.Close(t.Context()))
		require.NoError(t, c.Close(t.Context()), "there is nothing to close")
		flag := `{"sendtoregistrant":1}`
		if version == netim.V3 {
			flag = `{"sendto":1}`
		}
		require.Equal(t, []string{
			flag, `{"codePref":"registrar_lock","value":"1"}`, `{"codePref":"registrar_lock","value":"0"}`, "", "", "", "", "",
		}, bodies)
	}
	require.Equal(t, 2, u.requests("POST session/"), "one for each client")
	require.Equal(t, 2, u.requests("DELETE session/"))
}

// TestNew holds what options are refused.
func TestNew(t *testing.T) {
	ok := netim.Options{ID: "BIRCH", Secret: secretBirch}
	for name, change := range map[string]func(*netim.Options){
		"version":  func(o *netim.Options) { o.Version = "2.0" },
		"language": func(o *netim.Options) { o.Language = "CS" },
		"id":       func(o *netim.Options) { o.ID = "" },
		"secret":   func(o *netim.Options) { o.Secret = "" },
		"base":     func(o *netim.Options) { o.Base = "ftp://netim.example" },
	} {
		o := ok
		change(&o)
		_, err := netim.New(o)
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), secretBirch)
	}
	_, err := netim.New(ok)
	require.NoError(t, err)
}

// TestLocalRefusals never leave the house.
func TestLocalRefusals(t *testing.T) {
	u := newUpstream(t, nil)
	c := dial(t, u.URL, netim.V1)
	for _, r := range []authcode.Request{
		{Domain: "no name", Verb: authcode.Retrieve},
		{Domain: "birch.example", Verb: "destroy"},
	} {
		out, err := c.HandOver(t.Context(), r)
		require.NoError(t, err)
		require.Equal(t, authcode.Invalid, out.(authcode.Refused).Class)
	}
	for _, r := range []authcode.Request{
		{Domain: "birch.example", Verb: authcode.Send, To: authcode.Admin},
		{Domain: "birch.example", Verb: authcode.Retrieve, Scope: authcode.Internal},
		{Domain: "birch.example", Verb: authcode.Regenerate, Value: "my-own"},
	} {
		out, err := c.HandOver(t.Context(), r)
		require.NoError(t, err)
		require.Equal(t, authcode.Unsupported, out.(authcode.Refused).Class)
	}
	_, err := c.SendAuthID(t.Context(), "birch.example", netim.ToNobody)
	requireClass(t, authcode.Unsupported, err)
	_, err = c.DomainInfo(t.Context(), "-")
	requireClass(t, authcode.Invalid, err)
	_, err = c.SendAuthID(t.Context(), "-", netim.ToReseller)
	requireClass(t, authcode.Invalid, err)
	out, err := c.Operation(t.Context(), "birch.example", "x7")
	require.NoError(t, err)
	require.Equal(t, authcode.NotFound, out.(authcode.Refused).Class)
	require.Empty(t, u.seen)
}

func requireClass(t testing.TB, class authcode.Class, err error) {
	no, ok := authcode.AsRefused(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, class, no.Class)
}

// TestHandOver holds the way from answers to outcomes.
func TestHandOver(t *testing.T) {
	const (
		retrieve = "retrieve"
		regen    = "regenerate"
		toHolder = "send to registrant"
		toUs     = "send to reseller"
	)
	requests := map[string]authcode.Request{
		retrieve: {Domain: "birch.example", Verb: authcode.Retrieve},
		regen:    {Domain: "birch.example", Verb: authcode.Regenerate},
		toHolder: {Domain: "birch.example", Verb: authcode.Send, To: authcode.Registrant},
		toUs:     {Domain: "birch.example", Verb: authcode.Send, To: authcode.Reseller},
	}
	done := says(200, `{"ID_OPE":5,"STATUS":"Done","MESSAGE":"","TYPE":"domainAuthID","DATE":"2031-05-06 12:00:00"}`)
	shows := says(200, `{"domain":"birch.example","authID":"new-Code-9","domainIsLock":1}`)
	empty := says(200, `{"domain":"birch.example","authID":"","domainIsLock":0}`)
	message := func(status int) http.HandlerFunc { return says(status, `{"message":"because"}`) }
	code := authcode.Code{Value: "new-Code-9", Scope: authcode.External}
	refused := func(class authcode.Class, status int, text string) authcode.Outcome {
		return authcode.Refused{
			Class: class, Code: fmt.Sprint(status), Text: text, HTTPStatus: status,
			Retryable: class == authcode.RateLimited || class == authcode.Busy || class == authcode.Unavailable,
		}
	}
	for name, row := range map[string]struct {
		version netim.Version // both unless told
		mailed  bool
		ask     string
		authID  http.HandlerFunc
		info    http.HandlerFunc
		out     authcode.Outcome // nil for an error
		unknown bool
		status  int // of the error
		patches int
		reads   int
	}{
		"a code, though the domain is locked": {ask: retrieve, info: shows, out: code, reads: 1},
		"no code": {
			ask: retrieve, info: empty, reads: 1,
			out: authcode.Refused{Class: authcode.Unset, Text: "domain info shows no code"},
		},
		"no code, and locked": {
			ask: retrieve, info: says(200, `{"domain":"birch.example","domainIsLock":1}`), reads: 1,
			out: authcode.Refused{Class: authcode.Unset, Text: "domain info shows no code, and says that the domain is locked"},
		},
		"a new code":             {ask: regen, authID: done, info: shows, out: code, patches: 1, reads: 1},
		"a new code, unseen":     {ask: regen, authID: done, info: empty, unknown: true, patches: 1, reads: 1},
		"1.0 a new code, mailed": {version: netim.V1, mailed: true, ask: regen, authID: done, info: empty, out: authcode.Sent{To: []authcode.Recipient{authcode.Reseller}}, patches: 1, reads: 1},
		"3.0 a new code, unseen": {version: netim.V3, mailed: true, ask: regen, authID: done, info: empty, unknown: true, patches: 1, reads: 1},
		"a new code, and the reading refused": {
			ask: regen, authID: done, info: message(403), unknown: true, patches: 1, reads: 1,
		},
		"a new code, and the reading failed": {
			ask: regen, authID: done, info: says(500, "oops"), unknown: true, patches: 1, reads: 1,
		},
		"a new code, and the session lost": {
			ask: regen, authID: done, info: says(401, `{"message":"who?"}`), unknown: true, patches: 1, reads: 2,
		},
		"sent to the registrant": {ask: toHolder, authID: done, out: authcode.Sent{To: []authcode.Recipient{authcode.Registrant}}, patches: 1},
		"sent to the reseller":   {ask: toUs, authID: done, out: authcode.Sent{To: []authcode.Recipient{authcode.Reseller}}, patches: 1},
		"pending": {
			ask: toHolder, authID: says(200, `{"ID_OPE":6,"STATUS":"PENDING","MESSAGE":"wait","TYPE":"","DATE":""}`),
			out: authcode.Pending{Operation: "6", Text: "wait"}, patches: 1,
		},
		"pending, nothing is read": {
			ask: regen, authID: says(200, `{"ID_OPE":6,"STATUS":"Pending"}`), info: shows,
			out: authcode.Pending{Operation: "6"}, patches: 1,
		},
		"200 with a failure inside": {
			ask: regen, authID: says(200, `{"ID_OPE":6,"STATUS":"Failed","MESSAGE":"locked at the registry"}`), patches: 1,
			out: authcode.Refused{Class: authcode.Failed, Code: "Failed", Text: "locked at the registry"},
		},
		"cancelled": {
			ask: toUs, authID: says(200, `{"ID_OPE":6,"STATUS":"Cancelled","MESSAGE":"by hand"}`), patches: 1,
			out: authcode.Refused{Class: authcode.Failed, Code: "Cancelled", Text: "by hand"},
		},
		"400":              {ask: toUs, authID: message(400), out: refused(authcode.Invalid, 400, "because"), patches: 1},
		"401 twice":        {ask: toUs, authID: message(401), out: refused(authcode.Unauthorized, 401, "because"), patches: 2},
		"403":              {ask: toUs, authID: message(403), out: refused(authcode.NotYours, 403, "because"), patches: 1},
		"404":              {ask: retrieve, info: message(404), out: refused(authcode.NotFound, 404, "because"), reads: 1},
		"404, a page":      {ask: toUs, authID: says(404, "<html>no</html>"), status: 404, patches: 1},
		"404, a page read": {ask: retrieve, info: says(404, "<html>no</html>"), status: 404, reads: 1},
		"403, a page":      {ask: toUs, authID: says(403, "<html>no</html>"), out: refused(authcode.Unauthorized, 403, ""), patches: 1},
		"409":              {ask: toUs, authID: message(409), out: refused(authcode.Busy, 409, "because"), patches: 1},
		"422":              {ask: toUs, authID: message(422), out: refused(authcode.Unsupported, 422, "because"), patches: 1},
		"423":              {ask: toUs, authID: message(423), out: refused(authcode.Locked, 423, "because"), patches: 1},
		"424":              {ask: toUs, authID: message(424), out: refused(authcode.Failed, 424, "because"), patches: 1},
		"429":              {ask: toUs, authID: message(429), out: refused(authcode.RateLimited, 429, "because"), patches: 1},
		"429 of a reading": {ask: retrieve, info: message(429), out: refused(authcode.RateLimited, 429, "because"), reads: 3},
		"418":              {ask: toUs, authID: message(418), out: refused(authcode.Invalid, 418, "because"), patches: 1},
		"a message of another kind": {
			ask: toUs, authID: says(400, `{"message":{"en":"because"}}`), status: 400, patches: 1,
		},
		"503 with a code":      {ask: toUs, authID: says(503, `{"message":"because","code":"unavailable"}`), out: refused(authcode.Unavailable, 503, "because"), patches: 1},
		"503 without a code":   {ask: toUs, authID: says(503, `{"message":"upstream request timeout"}`), unknown: true, status: 503, patches: 1},
		"503, read":            {ask: retrieve, info: message(503), out: refused(authcode.Unavailable, 503, "because"), reads: 3},
		"408":                  {ask: toUs, authID: says(408, "<h1>slow</h1>"), unknown: true, status: 408, patches: 1},
		"499 as documented":    {ask: toUs, authID: message(499), unknown: true, status: 499, patches: 1},
		"503 of a proxy":       {ask: toUs, authID: says(503, "<h1>busy</h1>"), unknown: true, status: 503, patches: 1},
		"503 of a proxy, read": {ask: retrieve, info: says(503, "<h1>busy</h1>"), status: 503, reads: 3},
		"500 with a message":   {ask: toUs, authID: message(500), unknown: true, status: 500, patches: 1},
		"504 in plain text":    {ask: toUs, authID: says(504, "unknown"), unknown: true, status: 504, patches: 1},
		"500 of a reading":     {ask: retrieve, info: message(500), status: 500, reads: 1},
		"a page":               {ask: toUs, authID: says(200, "<html>welcome</html>"), unknown: true, status: 200, patches: 1},
		"a page, read":         {ask: retrieve, info: says(200, "<html>welcome</html>"), status: 200, reads: 1},
		"nothing":              {ask: toUs, authID: says(200, ""), unknown: true, status: 200, patches: 1},
		"204":                  {ask: toUs, authID: says(204, ""), unknown: true, status: 204, patches: 1},
		"nothing, read":        {ask: retrieve, info: says(200, ""), status: 200, reads: 1},
		"a list":               {ask: toUs, authID: says(200, `[]`), unknown: true, status: 200, patches: 1},
		"no status":            {ask: toUs, authID: says(200, `{"ID_OPE":6}`), unknown: true, status: 200, patches: 1},
		"no number":            {ask: toUs, authID: says(200, `{"STATUS":"Done"}`), unknown: true, status: 200, patches: 1},
		"another status":       {ask: toUs, authID: says(200, `{"ID_OPE":6,"STATUS":"Perhaps"}`), unknown: true, status: 200, patches: 1},
		"200 with a message":   {ask: toUs, authID: message(200), unknown: true, status: 200, patches: 1},
		"info without a name":  {ask: retrieve, info: says(200, `{"authID":"another's"}`), status: 200, reads: 1},
		"another domain's info": {
			ask: retrieve, info: says(200, `{"domain":"alder.example","authID":"another's"}`), status: 200, reads: 1,
		},
		"a code that is no text": {ask: retrieve, info: says(200, "{\"domain\":\"birch.example\",\"authID\":\"\xff\"}"), status: 200, reads: 1},
	} {
		t.Run(name, func(t *testing.T) {
			versions := []netim.Version{row.version}
			if row.version == "" {
				versions = []netim.Version{netim.V1, netim.V3}
			}
			for _, version := range versions {
				u := newUpstream(t, map[string]http.HandlerFunc{authID: row.authID, info: row.info})
				c := dial(t, u.URL, version, func(o *netim.Options) { o.Mailed = row.mailed })
				out, err := c.HandOver(t.Context(), requests[row.ask])
				require.Equal(t, row.patches, u.requests(authID))
				require.Equal(t, row.reads, u.requests(info))
				if row.out != nil {
					require.NoError(t, err)
					if no, ok := out.(authcode.Refused); ok {
						require.Equal(t, no.HTTPStatus != 0, len(no.Body) > 0, "the raw answer is kept")
						no.Body = nil
						out = no
					}
					require.Equal(t, row.out, out)
					continue
				}
				require.Nil(t, out)
				var e *authcode.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, row.unknown, e.Unknown, "%v", err)
				require.Equal(t, row.unknown, authcode.OutcomeUnknown(err))
				require.Equal(t, row.status, e.HTTPStatus)
				require.Equal(t, "birch.example", e.Domain)
				require.NotContains(t, err.Error(), "because")
				require.NotContains(t, err.Error(), "another's")
				if row.patches == 1 && row.reads > 0 {
					require.Contains(t, err.Error(), "a new code was made")
					_, refused := authcode.AsRefused(err)
					require.False(t, refused)
				}
			}
		})
	}
}

// TestFlags holds which flag each request sends.
func TestFlags(t *testing.T) {
	for _, row := range []struct {
		version netim.Version
		request authcode.Request
		body    string
	}{
		{netim.V1, authcode.Request{Verb: authcode.Regenerate}, `{"sendtoregistrant":0}`},
		{netim.V1, authcode.Request{Verb: authcode.Send, To: authcode.Reseller}, `{"sendtoregistrant":0}`},
		{netim.V1, authcode.Request{Verb: authcode.Send, To: authcode.Registrant}, `{"sendtoregistrant":1}`},
		{netim.V3, authcode.Request{Verb: authcode.Regenerate}, `{"sendto":2}`},
		{netim.V3, authcode.Request{Verb: authcode.Send, To: authcode.Reseller}, `{"sendto":0}`},
		{netim.V3, authcode.Request{Verb: authcode.Send, To: authcode.Registrant}, `{"sendto":1}`},
	} {
		var body string
		u := newUpstream(t, map[string]http.HandlerFunc{authID: func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			body = string(b)
			says(200, `{"ID_OPE":6,"STATUS":"Pending"}`)(w, r)
		}})
		row.request.Domain = "birch.example"
		c := dial(t, u.URL, row.version)
		out, err := c.HandOver(t.Context(), row.request)
		require.NoError(t, err)
		require.Equal(t, authcode.Pending{Operation: "6"}, out)
		require.Equal(t, row.body, body)
		caps, err := c.Capabilities(t.Context(), "birch.example")
		require.NoError(t, err)
		require.True(t, caps.For(row.request).NewCode)
		mail := row.version == netim.V1 || row.request.Verb == authcode.Send
		require.Equal(t, mail, caps.For(row.request).Outcomes&authcode.KindSent != 0)
	}
}

// TestClasses: what a status means can be set.
func TestClasses(t *testing.T) {
	u := newUpstream(t, map[string]http.HandlerFunc{authID: says(409, `{"message":"no"}`)})
	c := dial(t, u.URL, netim.V1, func(o *netim.Options) { o.Classes = map[int]authcode.Class{409: authcode.Locked} })
	out, err := c.HandOver(t.Context(), authcode.Request{Domain: "birch.example", Verb: authcode.Regenerate})
	require.NoError(t, err)
	require.Equal(t, authcode.Locked, out.(authcode.Refused).Class)
}

// TestSetLock: a lock that is not set yet is not reported as set.
func TestSetLock(t *testing.T) {
	for name, row := range map[string]struct {
		answer  http.HandlerFunc
		refused authcode.Class
		unknown bool
	}{
		"done":    {answer: says(200, `{"ID_OPE":1,"STATUS":"Done"}`)},
		"failed":  {answer: says(200, `{"ID_OPE":1,"STATUS":"Failed","MESSAGE":"no"}`), refused: authcode.Failed},
		"refused": {answer: says(403, `{"message":"no"}`), refused: authcode.NotYours},
		"pending": {answer: says(200, `{"ID_OPE":1,"STATUS":"Pending"}`), unknown: true},
		"garbage": {answer: says(200, `?`), unknown: true},
	} {
		u := newUpstream(t, map[string]http.HandlerFunc{lock: row.answer})
		err := dial(t, u.URL, netim.V1).SetLock(t.Context(), "birch.example", true)
		require.Equal(t, 1, u.requests(lock), name)
		require.Equal(t, row.unknown, authcode.OutcomeUnknown(err), name)
		if row.refused != "" {
			requireClass(t, row.refused, err)
		} else if !row.unknown {
			require.NoError(t, err, name)
		}
	}
}

// TestOperation: what was asked for is remembered while it is pending.
func TestOperation(t *testing.T) {
	answer := `{"ID_OPE":6,"STATUS":"Pending","MESSAGE":"wait"}`
	u := newUpstream(t, map[string]http.HandlerFunc{
		authID:            func(w http.ResponseWriter, r *http.Request) { says(200, answer)(w, r) },
		"GET operation/6": func(w http.ResponseWriter, r *http.Request) { says(200, answer)(w, r) },
		"GET operation/7": says(200, `{"ID_OPE":6,"STATUS":"Done"}`),
		"GET operation/9": says(404, `{"message":"unknown"}`),
		info:              says(200, `{"domain":"birch.example","authID":"new-Code-9"}`),
	})
	c := dial(t, u.URL, netim.V3)
	is := func(want authcode.Outcome) {
		out, err := c.Operation(t.Context(), "birch.example", "6")
		require.NoError(t, err)
		require.Equal(t, want, out)
	}
	is(authcode.Pending{Operation: "6", Text: "wait"}) // of another client
	for _, row := range []struct {
		request authcode.Request
		out     authcode.Outcome
	}{
		{authcode.Request{Domain: "birch.example", Verb: authcode.Regenerate}, authcode.Code{Value: "new-Code-9", Scope: authcode.External}},
		{authcode.Request{Domain: "birch.example", Verb: authcode.Send, To: authcode.Registrant}, authcode.Sent{To: []authcode.Recipient{authcode.Registrant}}},
	} {
		answer = `{"ID_OPE":6,"STATUS":"Pending","MESSAGE":"wait"}`
		out, err := c.HandOver(t.Context(), row.request)
		require.NoError(t, err)
		require.Equal(t, authcode.Pending{Operation: "6", Text: "wait"}, out)
		is(authcode.Pending{Operation: "6", Text: "wait"})
		answer = `{"ID_OPE":6,"STATUS":"Done"}`
		is(row.out)
		is(authcode.Sent{}) // it was told, and is forgotten
	}
	answer = `{"ID_OPE":6,"STATUS":"Cancelled","MESSAGE":"by hand"}`
	is(authcode.Refused{Class: authcode.Failed, Code: "Cancelled", Text: "by hand"})

	out, err := c.Operation(t.Context(), "birch.example", "9")
	require.NoError(t, err)
	require.Equal(t, authcode.NotFound, out.(authcode.Refused).Class)
	_, err = c.Operation(t.Context(), "birch.example", "7")
	require.True(t, authcode.SafeToRetry(err), "an answer about another operation: %v", err)
}

// TestCutOff holds what becomes of a call whose connection is lost, on a real socket.
func TestCutOff(t *testing.T) {
	patch := authcode.Request{Domain: "birch.example", Verb: authcode.Send, To: authcode.Registrant}
	read := authcode.Request{Domain: "birch.example", Verb: authcode.Retrieve}
	whole := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 32\r\n\r\n"
	for name, row := range map[string]struct {
		answer string // what comes before the connection is closed
		hang   bool   // or is left open
		length int    // of an endless body
	}{
		"closed before an answer":          {},
		"closed in the middle of a header": {answer: whole[:40]},
		"closed in the middle of a body":   {answer: whole + `{"ID_OPE":5,`},
		"not HTTP":                         {answer: "new-Code-9 and more\r\n\r\n"},
		"hanging":                          {hang: true},
		"hanging in the middle":            {answer: whole + `{"ID_`, hang: true},
		"endless":                          {answer: "HTTP/1.1 200 OK\r\n\r\n", length: 64 << 20},
	} {
		for _, r := range []authcode.Request{patch, read} {
			t.Run(name+" "+string(r.Verb), func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				var n atomic.Int32
				base := listen(t, func(conn net.Conn, req *http.Request) {
					if req.Method == http.MethodPost {
						io.WriteString(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 21\r\n\r\n"+`{"access_token":"ab"}`)
						return
					}
					n.Add(1)
					io.WriteString(conn, row.answer)
					io.CopyN(conn, zeros{}, int64(row.length))
					if row.hang {
						cancel()
						io.Copy(io.Discard, conn)
					}
				})
				c := dial(t, base, netim.V1, func(o *netim.Options) { o.MaxBody = 1 << 16 })
				_, err := c.HandOver(ctx, r)
				var e *authcode.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, r.Verb == authcode.Send, e.Unknown, "%v", err)
				require.LessOrEqual(t, len(e.Body), 1<<16)
				require.NotContains(t, err.Error(), "new-Code-9")
				if r.Verb == authcode.Send {
					require.Equal(t, int32(1), n.Load(), "never a second request")
				}
				if row.hang {
					require.ErrorIs(t, err, context.Canceled)
				}
			})
		}
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '0'
	}
	return len(b), nil
}

// TestNeverSent: what no connection was had for is repeated, and never Unknown.
func TestNeverSent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l.Close()
	c := dial(t, "http://"+l.Addr().String(), netim.V1)
	_, err = c.HandOver(t.Context(), authcode.Request{Domain: "birch.example", Verb: authcode.Regenerate})
	require.True(t, authcode.SafeToRetry(err), "%v", err)
}

// TestRedirect: credentials and codes stay on the host.
func TestRedirect(t *testing.T) {
	var elsewhere []string
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { elsewhere = append(elsewhere, r.URL.Path) }))
	defer other.Close()
	away := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL+r.URL.Path, status) }
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, answers := range []map[string]http.HandlerFunc{
			{authID: away(status), info: away(status)}, {"POST session/": away(status)},
		} {
			u := newUpstream(t, answers)
			c := dial(t, u.URL, netim.V1)
			_, err := c.HandOver(t.Context(), authcode.Request{Domain: "birch.example", Verb: authcode.Regenerate})
			require.Error(t, err)
			require.LessOrEqual(t, u.requests(authID), 1)
			require.Equal(t, answers[authID] != nil && status < 307, authcode.OutcomeUnknown(err))
			_, err = c.HandOver(t.Context(), authcode.Request{Domain: "birch.example", Verb: authcode.Retrieve})
			require.True(t, authcode.SafeToRetry(err))
		}
	}
	require.Empty(t, elsewhere)
}

// TestRetryAfter: an answer that asks to wait longer than the call may last is told at
// once.
func TestRetryAfter(t *testing.T) {
	u := newUpstream(t, map[string]http.HandlerFunc{info: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(429)
		io.WriteString(w, `{"message":"later"}`)
	}})
	out, err := dial(t, u.URL, netim.V1).HandOver(t.Context(), authcode.Request{Domain: "birch.example", Verb: authcode.Retrieve})
	require.NoError(t, err)
	require.Equal(t, authcode.RateLimited, out.(authcode.Refused).Class)
	require.True(t, out.(authcode.Refused).Retryable)
	require.Equal(t, 1, u.requests(info))
}

// TestTransport: an http.Client of the caller's own is used, and its failure may mean
// that the request went out.
func TestTransport(t *testing.T) {
	n := 0
	c := dial(t, "http://netim.invalid", netim.V1, func(o *netim.Options) {
		o.Client = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost {
				return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"access_token":"t"}`))}, nil
			}
			n++
			return nil, errors.New("no idea")
		})}
	})
	_, err := c.HandOver(t.Context(), authcode.Request{Domain: "birch.example", Verb: authcode.Regenerate})
	require.True(t, authcode.OutcomeUnknown(err))
	require.Equal(t, 1, n)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
