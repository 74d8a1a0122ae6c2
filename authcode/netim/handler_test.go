package netim_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/internal/httpserve"
	"github.com/eppkit/eppkit/authcode/netim"
)

var (
	errLost = &authcode.Error{System: "fake", Op: "lost", Unknown: true, Err: errors.New("cut off")}
	errWay  = &authcode.Error{System: "fake", Op: "way", Err: errors.New("no route")}
)

// operationAt is an operation of the tests' clock.
func operationAt(id, status, message, kind, data string) string {
	return `{"ID_OPE":` + id + `,"STATUS":"` + status + `","MESSAGE":"` + message + `","TYPE":"` + kind +
		`","DATE":"2031-05-06 12:00:00"` + data + `}`
}

// firstID is the first operation's number: the seconds of the clock.
const firstID = "1935835200"

// TestSendAuthID holds what each flag makes of the provider, and what is answered.
func TestSendAuthID(t *testing.T) {
	only := func(to authcode.Recipient, a authcode.Ability) map[authcode.Recipient]authcode.Ability {
		return map[authcode.Recipient]authcode.Ability{to: a}
	}
	answer := func(status, message string) string {
		return operationAt(firstID, status, message, "domainAuthID", "")
	}
	const shown = "a new code was made; domain info shows it"
	unseen := func(read authcode.Outcome, err error) func(authcode.Request) (authcode.Outcome, error) {
		return func(r authcode.Request) (authcode.Outcome, error) {
			if r.Verb == authcode.Retrieve {
				return read, err
			}
			return authcode.Code{Value: "new-Code-1"}, nil
		}
	}
	withMail, without := tokenBirch, tokenAlder
	for name, row := range map[string]struct {
		token  string
		caps   authcode.Capabilities
		opts   netim.HandlerOptions
		script func(authcode.Request) (authcode.Outcome, error)
		path   string // 1.0 and the domain unless told
		body   string
		asked  []string
		status int
		answer string
	}{
		"registrant, by the provider": {
			caps: authcode.Capabilities{Retrieve: readable, Send: only(authcode.Registrant, mayWait)},
			body: `{"sendtoregistrant":1}`, asked: []string{"send fresh to registrant birch.example"},
			status: 200, answer: answer("Done", "the code was sent to registrant"),
		},
		"registrant, a new code": {
			caps: full(), body: `{"sendtoregistrant":1}`,
			asked:  []string{"send fresh to registrant birch.example"},
			status: 200, answer: answer("Done", "the code was sent to registrant"),
		},
		"registrant, the code that there is": {
			caps: full(), opts: netim.HandlerOptions{KeepCode: true}, body: `{"sendtoregistrant":1}`,
			asked:  []string{"send to registrant birch.example"},
			status: 200, answer: answer("Done", "the code was sent to registrant"),
		},
		"registrant, who might not be the one": {
			caps: authcode.Capabilities{Send: only(authcode.Registrant, authcode.Ability{Outcomes: authcode.KindCode | authcode.KindSent})},
			body: `{"sendtoregistrant":1}`, status: 422,
			answer: `{"message":"the result may be of a kind (code) for which this interface has no words"}`,
		},
		"reseller, by mail": {
			caps: full(), body: `{"sendtoregistrant":0}`,
			asked:  []string{"send fresh to reseller birch.example"},
			status: 200, answer: answer("Done", "the code was sent to reseller"),
		},
		"reseller without an address": {
			token: without, path: "/1.0/domain/alder.example/authid/",
			caps: full(), body: `{"sendtoregistrant":0}`, asked: []string{"regenerate alder.example", "retrieve alder.example"},
			status: 200, answer: answer("Done", shown),
		},
		"reseller, the provider sends nothing": {
			caps: authcode.Capabilities{Retrieve: readable, Regenerate: renewing},
			body: `{"sendtoregistrant":0}`, asked: []string{"regenerate birch.example", "retrieve birch.example"},
			status: 200, answer: answer("Done", shown),
		},
		"reseller, the code could never be read": {
			caps: authcode.Capabilities{Regenerate: renewing}, body: `{"sendtoregistrant":0}`,
			status: 422, answer: `{"message":"codes can't be handed over this way here: send to reseller"}`,
		},
		"reseller, reading would mail": {
			caps: authcode.Capabilities{
				Retrieve: authcode.Ability{Outcomes: authcode.KindCode | authcode.KindSent}, Regenerate: renewing,
			},
			body:   `{"sendtoregistrant":0}`,
			status: 422, answer: `{"message":"codes can't be handed over this way here: send to reseller"}`,
		},
		"nobody": {
			path: "/3.0/domain/birch.example/authid/", caps: full(), body: `{"sendto":2}`,
			asked: []string{"regenerate birch.example", "retrieve birch.example"}, status: 200,
			answer: operationAt(firstID, "Done", shown, "domainAuthID", `,"DATA":null`),
		},
		"nobody, the code could never be read": {
			path: "/3.0/domain/birch.example/authid/", caps: authcode.Capabilities{Regenerate: renewing}, body: `{"sendto":2}`,
			status: 422, answer: `{"message":"the result may be of a kind (code) for which this interface has no words"}`,
		},
		"nobody, in 1.0": {
			caps: full(), body: `{"sendtoregistrant":2}`, status: 400,
			answer: `{"message":"sendtoregistrant (1.0) must be 0 or 1, and sendto (3.0) 0, 1 or 2"}`,
		},
		"3.0 reseller": {
			path: "/3.0/domain/birch.example/authid/", caps: full(), opts: netim.HandlerOptions{KeepCode: true}, body: `{"sendto":0}`,
			asked: []string{"send to reseller birch.example"}, status: 200,
			answer: operationAt(firstID, "Done", "the code was sent to reseller", "domainAuthID", `,"DATA":null`),
		},
		"the flag of the other version": {
			caps: full(), body: `{"sendto":1}`, status: 400,
			answer: `{"message":"sendtoregistrant (1.0) must be 0 or 1, and sendto (3.0) 0, 1 or 2"}`,
		},
		"the flag as a string": {
			caps: full(), opts: netim.HandlerOptions{KeepCode: true}, body: `{"sendtoregistrant":"1"}`,
			asked:  []string{"send to registrant birch.example"},
			status: 200, answer: answer("Done", "the code was sent to registrant"),
		},
		"a comma too many, and a field of a client's own": {
			caps: full(), opts: netim.HandlerOptions{KeepCode: true}, body: `{"sendtoregistrant":1,"source":"PLUGIN=2.1",}`,
			asked:  []string{"send to registrant birch.example"},
			status: 200, answer: answer("Done", "the code was sent to registrant"),
		},
		"a new code that is not shown": {
			path: "/3.0/domain/birch.example/authid/", caps: full(), body: `{"sendto":2}`,
			script: unseen(authcode.Refused{Class: authcode.Unset}, nil),
			asked:  []string{"regenerate birch.example", "retrieve birch.example"},
			status: 504, answer: string(httpserve.Unknown().Body),
		},
		"a new code, and an older one is shown": {
			caps: authcode.Capabilities{Retrieve: readable, Regenerate: renewing}, body: `{"sendtoregistrant":0}`,
			script: unseen(authcode.Code{Value: "old-Code-1"}, nil),
			asked:  []string{"regenerate birch.example", "retrieve birch.example"},
			status: 504, answer: string(httpserve.Unknown().Body),
		},
		"a new code that can't be read now": {
			caps: authcode.Capabilities{Retrieve: readable, Regenerate: renewing}, body: `{"sendtoregistrant":0}`,
			script: unseen(nil, errWay),
			asked:  []string{"regenerate birch.example", "retrieve birch.example"},
			status: 504, answer: string(httpserve.Unknown().Body),
		},
		"pending": {
			caps: authcode.Capabilities{Send: only(authcode.Registrant, mayWait)}, body: `{"sendtoregistrant":1}`,
			script: func(authcode.Request) (authcode.Outcome, error) {
				return authcode.Pending{Operation: "up-77", Text: "queued"}, nil
			},
			asked: []string{"send fresh to registrant birch.example"}, status: 200, answer: answer("Pending", "queued"),
		},
		"refused": {
			caps: authcode.Capabilities{Send: only(authcode.Registrant, mails)}, body: `{"sendtoregistrant":1}`,
			script: func(authcode.Request) (authcode.Outcome, error) {
				return authcode.Refused{Class: authcode.Locked, Code: "2304", Text: "unlock it first"}, nil
			},
			asked: []string{"send fresh to registrant birch.example"}, status: 423, answer: `{"message":"unlock it first"}`,
		},
		"refused, by a status of the option's": {
			caps: authcode.Capabilities{Send: only(authcode.Registrant, mails)}, body: `{"sendtoregistrant":1}`,
			opts: netim.HandlerOptions{Statuses: map[authcode.Class]int{authcode.Locked: 409}},
			script: func(authcode.Request) (authcode.Outcome, error) {
				return authcode.Refused{Class: authcode.Locked}, nil
			},
			asked: []string{"send fresh to registrant birch.example"}, status: 409, answer: `{"message":"locked"}`,
		},
		"failed": {
			caps: authcode.Capabilities{Send: only(authcode.Registrant, mails)}, body: `{"sendtoregistrant":1}`,
			script: func(authcode.Request) (authcode.Outcome, error) {
				return authcode.Refused{Class: authcode.Undeliverable, Text: "no letter box"}, nil
			},
			asked:  []string{"send fresh to registrant birch.example"},
			status: 424, answer: `{"message":"no letter box"}`,
		},
		"failed in part": {
			caps: authcode.Capabilities{Send: only(authcode.Registrant, mails)}, body: `{"sendtoregistrant":1}`,
			script: func(authcode.Request) (authcode.Outcome, error) {
				return authcode.Refused{Class: authcode.Undeliverable, Text: "no letter box", Delivered: []string{"a*****@b*****.*"}}, nil
			},
			asked:  []string{"send fresh to registrant birch.example"},
			status: 504, answer: string(httpserve.Unknown().Body),
		},
		"failed, in the body": {
			caps: authcode.Capabilities{Send: only(authcode.Registrant, mails)}, body: `{"sendtoregistrant":1}`,
			opts: netim.HandlerOptions{FailedInBody: true},
			script: func(authcode.Request) (authcode.Outcome, error) {
				return authcode.Refused{Class: authcode.Failed, Text: "the registry said no"}, nil
			},
			asked: []string{"send fresh to registrant birch.example"}, status: 200, answer: answer("Failed", "the registry said no"),
		},
		"unknown": {
			caps: authcode.Capabilities{Send: only(authcode.Registrant, mails)}, body: `{"sendtoregistrant":1}`,
			script: func(authcode.Request) (authcode.Outcome, error) { return nil, errLost },
			asked:  []string{"send fresh to registrant birch.example"},
			status: 504, answer: string(httpserve.Unknown().Body),
		},
		"not done": {
			caps: authcode.Capabilities{Send: only(authcode.Registrant, mails)}, body: `{"sendtoregistrant":1}`,
			script: func(authcode.Request) (authcode.Outcome, error) { return nil, errWay },
			asked:  []string{"send fresh to registrant birch.example"},
			status: 503, answer: `{"message":"the upstream can't be reached; nothing was done","code":"unavailable"}`,
		},
		"the upstream does not know the gateway": {
			caps: authcode.Capabilities{Send: only(authcode.Registrant, mails)}, body: `{"sendtoregistrant":1}`,
			script: func(authcode.Request) (authcode.Outcome, error) {
				return authcode.Refused{Class: authcode.Unauthorized}, nil
			},
			asked:  []string{"send fresh to registrant birch.example"},
			status: 503, answer: `{"message":"the upstream does not let the gateway in","code":"unavailable"}`,
		},
		"another account's domain": {
			path: "/1.0/domain/alder.example/authid/", caps: full(), body: `{"sendtoregistrant":1}`,
			status: 403, answer: `{"message":"the domain is not in this account"}`,
		},
		"no such domain": {
			path: "/1.0/domain/nowhere.example/authid/", caps: full(), body: `{"sendtoregistrant":1}`,
			status: 404, answer: `{"message":"there is no such domain"}`,
		},
		"no name": {
			path: "/1.0/domain/-/authid/", caps: full(), body: `{"sendtoregistrant":1}`,
			status: 400, answer: `{"message":"this is not the name of a domain"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if row.token == "" {
				row.token = withMail
			}
			if row.path == "" {
				row.path = "/1.0/domain/birch.example/authid/"
			}
			p := newFake()
			p.caps, p.script = row.caps, row.script
			srv := serve(t, p, gateway.Options{}, row.opts)
			resp, body := request(t, "PATCH", srv.URL+row.path, row.token, row.body)
			require.Equal(t, row.answer, body)
			require.Equal(t, row.status, resp.StatusCode)
			require.Equal(t, row.asked, p.took())
			want := "application/json"
			if row.status == 504 {
				want = "text/plain; charset=utf-8"
			}
			require.Equal(t, want, resp.Header.Get("Content-Type"))
		})
	}
}

// A learner is a provider that finds out that it can't read codes when it looks at a domain.
type learner struct{ *fake }

func (p learner) Describe(ctx context.Context, domain string) (authcode.Domain, error) {
	p.caps.Retrieve = authcode.Ability{}
	return p.fake.Describe(ctx, domain)
}

// TestUnreadable: no code is made that nobody could read.
func TestUnreadable(t *testing.T) {
	for path, body := range map[string]string{"/1.0": `{"sendtoregistrant":0}`, "/3.0": `{"sendto":2}`} {
		p := newFake()
		p.caps.Send = nil
		srv := serve(t, learner{p}, gateway.Options{}, netim.HandlerOptions{})
		resp, _ := request(t, "PATCH", srv.URL+path+"/domain/birch.example/authid/", tokenBirch, body)
		require.Equal(t, http.StatusUnprocessableEntity, resp.StatusCode)
		require.Empty(t, p.took())
	}
}

// TestHandler holds the answers around the hand-over.
func TestHandler(t *testing.T) {
	const info = `{"domain":"birch.example","dateCreate":"2020-02-03","dateExpiration":"2032-02-03","status":"ACTIVE, DELEGATED",` +
		`"idOwner":"BR11","idAdmin":"BR12","idTech":"BR13","idBilling":"BR14","domainIsLock":0,` +
		`"ns":["ns1.birch.example","ns2.birch.example"],"authID":"old-Code-1"}`
	refuse := func(class authcode.Class) func(*fake) {
		return func(p *fake) {
			p.script = func(authcode.Request) (authcode.Outcome, error) {
				return authcode.Refused{Class: class, Text: "because"}, nil
			}
		}
	}
	for name, row := range map[string]struct {
		provider     func(*fake)
		opts         netim.HandlerOptions
		method, path string
		body         string
		asked        []string
		status       int
		answer       string
		allow        string
	}{
		"info": {method: "GET", path: "/1.0/domain/birch.example/info/", asked: []string{"retrieve birch.example"}, status: 200, answer: info},
		"info with a body": {
			method: "GET", path: "/3.0/domain/birch.example/info", body: `[]`,
			asked: []string{"retrieve birch.example"}, status: 200, answer: info,
		},
		"info, reading would make a code": {
			provider: func(p *fake) { p.caps.Retrieve = renewing },
			method:   "GET", path: "/1.0/domain/birch.example/info/",
			status: 200, answer: strings.Replace(info, "old-Code-1", "", 1),
		},
		"info, reading would mail": {
			provider: func(p *fake) { p.caps.Retrieve.Outcomes |= authcode.KindSent },
			method:   "GET", path: "/1.0/domain/birch.example/info/",
			status: 200, answer: strings.Replace(info, "old-Code-1", "", 1),
		},
		"info, no code": {
			provider: refuse(authcode.Unset), method: "GET", path: "/1.0/domain/birch.example/info/",
			asked: []string{"retrieve birch.example"}, status: 200, answer: strings.Replace(info, "old-Code-1", "", 1),
		},
		"info, refused": {
			provider: refuse(authcode.Locked), method: "GET", path: "/1.0/domain/birch.example/info/",
			asked: []string{"retrieve birch.example"}, status: 423, answer: `{"message":"because"}`,
		},
		"info, a code that is no text": {
			provider: func(p *fake) { p.code["birch.example"] = "\xff\xfe" }, method: "GET", path: "/1.0/domain/birch.example/info/",
			asked: []string{"retrieve birch.example"}, status: 504, answer: string(httpserve.Unknown().Body),
		},
		"info, not told": {
			provider: func(p *fake) { p.infoErr = errWay }, method: "GET", path: "/1.0/domain/birch.example/info/",
			status: 503, answer: `{"message":"the upstream can't be reached; nothing was done","code":"unavailable"}`,
		},
		"info, abilities not told": {
			provider: func(p *fake) { p.capsErr = errWay }, method: "GET", path: "/1.0/domain/birch.example/info/",
			status: 503, answer: `{"message":"the upstream can't be reached; nothing was done","code":"unavailable"}`,
		},
		"info, reading failed": {
			provider: func(p *fake) {
				p.script = func(authcode.Request) (authcode.Outcome, error) { return nil, errWay }
			},
			method: "GET", path: "/1.0/domain/birch.example/info/", asked: []string{"retrieve birch.example"},
			status: 503, answer: `{"message":"the upstream can't be reached; nothing was done","code":"unavailable"}`,
		},
		"info of another account's": {
			method: "GET", path: "/1.0/domain/alder.example/info/",
			status: 403, answer: `{"message":"the domain is not in this account"}`,
		},
		"lock": {
			method: "PATCH", path: "/1.0/domain/birch.example/preference/", body: `{"codePref":"registrar_lock","value":"1"}`,
			asked: []string{"lock birch.example true"}, status: 200,
			answer: operationAt(firstID, "Done", "", "domainSetPreference", ""),
		},
		"unlock, by a number": {
			method: "PATCH", path: "/3.0/domain/birch.example/preference/", body: `{"codePref":"registrar_lock","value":0}`,
			asked: []string{"lock birch.example false"}, status: 200,
			answer: operationAt(firstID, "Done", "", "domainSetPreference", `,"DATA":null`),
		},
		"lock, refused": {
			provider: func(p *fake) { p.lockErr = authcode.Refused{Class: authcode.Denied, Text: "the registry's lock"} },
			method:   "PATCH", path: "/1.0/domain/birch.example/preference/", body: `{"codePref":"registrar_lock","value":"0"}`,
			asked: []string{"lock birch.example false"}, status: 403, answer: `{"message":"the registry's lock"}`,
		},
		"lock, failed in the body": {
			provider: func(p *fake) { p.lockErr = authcode.Refused{Class: authcode.Failed, Text: "no luck"} },
			opts:     netim.HandlerOptions{FailedInBody: true},
			method:   "PATCH", path: "/1.0/domain/birch.example/preference/", body: `{"codePref":"registrar_lock","value":"0"}`,
			asked: []string{"lock birch.example false"}, status: 200,
			answer: operationAt(firstID, "Failed", "no luck", "domainSetPreference", ""),
		},
		"lock, unknown": {
			provider: func(p *fake) { p.lockErr = errLost },
			method:   "PATCH", path: "/1.0/domain/birch.example/preference/", body: `{"codePref":"registrar_lock","value":"0"}`,
			asked:  []string{"lock birch.example false"},
			status: 504, answer: string(httpserve.Unknown().Body),
		},
		"lock, another value": {
			method: "PATCH", path: "/1.0/domain/birch.example/preference/", body: `{"codePref":"registrar_lock","value":"2"}`,
			status: 400, answer: `{"message":"value must be 0 or 1"}`,
		},
		"lock, no value": {
			method: "PATCH", path: "/1.0/domain/birch.example/preference/", body: `{"codePref":"registrar_lock"}`,
			status: 400, answer: `{"message":"value must be 0 or 1"}`,
		},
		"another preference": {
			method: "PATCH", path: "/1.0/domain/birch.example/preference/", body: `{"codePref":"auto_renew","value":"0"}`,
			status: 422, answer: `{"message":"codePref can only be registrar_lock here"}`,
		},
		"preference, no JSON": {
			method: "PATCH", path: "/1.0/domain/birch.example/preference/", body: `codePref=registrar_lock`,
			status: 400, answer: `{"message":"the body is not the JSON that is expected"}`,
		},
		"authid, no JSON": {
			method: "PATCH", path: "/1.0/domain/birch.example/authid/", body: `{"sendtoregistrant":1`,
			status: 400, answer: `{"message":"the body is not the JSON that is expected"}`,
		},
		"authid, an array": {
			method: "PATCH", path: "/1.0/domain/birch.example/authid/", body: `[1]`,
			status: 400, answer: `{"message":"the body is not the JSON that is expected"}`,
		},
		"authid, no body": {
			method: "PATCH", path: "/1.0/domain/birch.example/authid/",
			status: 400, answer: `{"message":"the body is not the JSON that is expected"}`,
		},
		"authid, a number with a point": {
			method: "PATCH", path: "/1.0/domain/birch.example/authid/", body: `{"sendtoregistrant":1.5}`,
			status: 400, answer: `{"message":"the body is not the JSON that is expected"}`,
		},
		"a body above the limit": {
			method: "PATCH", path: "/1.0/domain/birch.example/authid/", body: `{"x":"` + strings.Repeat("y", 70_000) + `"}`,
			status: 413, answer: `{"message":"the body is larger than the limit"}`,
		},
		"no operation": {method: "GET", path: "/1.0/operation/17", status: 404, answer: `{"message":"there is no such operation"}`},
		"an operation without a number": {
			method: "GET", path: "/1.0/operation/x", status: 404, answer: `{"message":"there is no such operation"}`,
		},
		"nothing pending":  {method: "GET", path: "/1.0/operations/pending/", status: 200, answer: `[]`},
		"no path":          {method: "GET", path: "/", status: 404, answer: `{"message":"there is nothing at this path"}`},
		"another version":  {method: "GET", path: "/2.0/domain/birch.example/info/", status: 404, answer: `{"message":"there is nothing at this path"}`},
		"another resource": {method: "GET", path: "/1.0/hello/", status: 404, answer: `{"message":"there is nothing at this path"}`},
		"a path that is longer": {
			method: "GET", path: "/1.0/domain/birch.example/info/more", status: 404, answer: `{"message":"there is nothing at this path"}`,
		},
		"GET of authid": {
			method: "GET", path: "/1.0/domain/birch.example/authid/", status: 405,
			answer: `{"message":"this path does not take the method"}`, allow: "PATCH",
		},
		"PUT of a session": {
			method: "PUT", path: "/1.0/session/", status: 405,
			answer: `{"message":"this path does not take the method"}`, allow: "DELETE, POST",
		},
		"DELETE of a session that never ends": {
			method: "DELETE", path: "/1.0//session", body: `{}`, status: 200, answer: `{"message":"the session is closed"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newFake()
			if row.provider != nil {
				row.provider(p)
			}
			srv := serve(t, p, gateway.Options{}, row.opts)
			resp, body := request(t, row.method, srv.URL+row.path, tokenBirch, row.body)
			require.Equal(t, row.answer, body)
			require.Equal(t, row.status, resp.StatusCode)
			require.Equal(t, row.asked, p.took())
			require.Equal(t, row.allow, resp.Header.Get("Allow"))
		})
	}
}

// TestContentType: the document takes application/json alone.
func TestContentType(t *testing.T) {
	srv := serve(t, newFake(), gateway.Options{}, netim.HandlerOptions{})
	for kind, status := range map[string]int{
		"application/json": 200, "Application/JSON; charset=utf-8": 200, "": 200,
		"application/x-www-form-urlencoded": 415, "text/plain": 415,
	} {
		req, err := http.NewRequest("PATCH", srv.URL+"/1.0/domain/birch.example/authid/", strings.NewReader(`{"sendtoregistrant":1}`))
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+tokenBirch)
		if kind != "" {
			req.Header.Set("Content-Type", kind)
		}
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		resp.Body.Close()
		require.Equal(t, status, resp.StatusCode, kind)
	}
}

// TestSessions holds how they are opened, used and ended.
func TestSessions(t *testing.T) {
	now := noon
	srv := serve(t, newFake(), gateway.Options{Now: func() time.Time { return now }, MaxSessions: 2}, netim.HandlerOptions{SessionTTL: time.Minute})
	login := func(user, secret, body string) (*http.Response, string) {
		req, err := http.NewRequest("POST", srv.URL+"/1.0/session/", strings.NewReader(body))
		require.NoError(t, err)
		req.SetBasicAuth(user, secret)
		resp, b := do(t, req)
		return resp, b
	}
	info := func(token string) int {
		resp, _ := request(t, "GET", srv.URL+"/1.0/domain/birch.example/info/", token, "")
		return resp.StatusCode
	}
	resp, body := login("birch", secretBirch, "")
	require.Equal(t, 200, resp.StatusCode)
	require.Regexp(t, `^\{"access_token":"[0-9a-f]{32}"\}$`, body)
	first := body[len(`{"access_token":"`) : len(body)-2]
	require.Equal(t, 200, info(first))
	now = now.Add(59 * time.Second)
	require.Equal(t, 200, info(first), "it was used, and lasts on")
	now = now.Add(59 * time.Second)
	require.Equal(t, 200, info(first))

	resp, _ = login("BIRCH", secretBirch, "[]")
	require.Equal(t, 200, resp.StatusCode)
	resp, body = login("BIRCH", secretBirch, `{"preferences":{"lang":"EN","sync":1}}`)
	require.Equal(t, 429, resp.StatusCode)
	require.Equal(t, `{"message":"the account has too many sessions open"}`, body)
	resp, _ = request(t, "DELETE", srv.URL+"/1.0/session/", first, "")
	require.Equal(t, 200, resp.StatusCode)
	require.Equal(t, 401, info(first), "it was ended")
	resp, _ = login("BIRCH", secretBirch, "{,}")
	require.Equal(t, 400, resp.StatusCode)
	resp, body = login("BIRCH", secretBirch, " ")
	require.Equal(t, 200, resp.StatusCode)
	second := body[len(`{"access_token":"`) : len(body)-2]
	now = now.Add(time.Minute)
	require.Equal(t, 401, info(second), "its time is over")

	wrong, wrongBody := login("BIRCH", "not it", "")
	nobody, nobodyBody := login("NOBODY", secretBirch, "")
	none, noneBody := request(t, "POST", srv.URL+"/1.0/session/", "", "")
	for _, resp := range []*http.Response{wrong, nobody, none} {
		require.Equal(t, 401, resp.StatusCode)
		require.Equal(t, `Basic realm="netim"`, resp.Header.Get("Www-Authenticate"))
	}
	require.Equal(t, wrongBody, nobodyBody)
	require.Equal(t, wrongBody, noneBody)
	resp, _ = login("nobody's", "nobody's", "")
	require.Equal(t, 401, resp.StatusCode)
}

func do(t testing.TB, req *http.Request) (*http.Response, string) {
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	b := new(strings.Builder)
	_, err = io.Copy(b, resp.Body)
	require.NoError(t, err)
	return resp, b.String()
}

// TestRate: an account that asks too often is told when to come back.
func TestRate(t *testing.T) {
	srv := serve(t, newFake(), gateway.Options{Rate: gateway.Rate{Requests: 1, Per: 3 * time.Second}}, netim.HandlerOptions{})
	path := srv.URL + "/1.0/domain/birch.example/info/"
	resp, _ := request(t, "GET", path, tokenBirch, "")
	require.Equal(t, 200, resp.StatusCode)
	resp, body := request(t, "GET", path, tokenBirch, "")
	require.Equal(t, 429, resp.StatusCode)
	require.Equal(t, `{"message":"too many requests"}`, body)
	require.Equal(t, "3", resp.Header.Get("Retry-After"))
	resp, _ = request(t, "GET", path, tokenAlder, "")
	require.Equal(t, 403, resp.StatusCode, "the other account has its own rate")
}

// TestOperations: what is pending is asked for until it is over, and is the account's own.
func TestOperations(t *testing.T) {
	p := newFake()
	p.caps = authcode.Capabilities{Send: map[authcode.Recipient]authcode.Ability{authcode.Registrant: mayWait}}
	p.script = func(authcode.Request) (authcode.Outcome, error) {
		return authcode.Pending{Operation: "up-1", Text: "wait"}, nil
	}
	srv := serve(t, p, gateway.Options{}, netim.HandlerOptions{Operations: 2})
	start := func(id string) {
		_, body := request(t, "PATCH", srv.URL+"/1.0/domain/birch.example/authid/", tokenBirch, `{"sendtoregistrant":1}`)
		require.Equal(t, operationAt(id, "Pending", "wait", "domainAuthID", ""), body)
	}
	get := func(token, path string) string {
		_, body := request(t, "GET", srv.URL+path, token, "")
		return body
	}
	const id, second, third = firstID, "1935835201", "1935835202"
	listed := func(ids ...string) string {
		var list []string
		for _, id := range ids {
			list = append(list, `{"id_ope":`+id+`,"code_ope":"domainAuthID","date_ope":"2031-05-06 12:00:00","data_ope":"birch.example"}`)
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	start(id)
	p.op = authcode.Pending{Operation: "up-1", Text: "still"}
	require.Equal(t, operationAt(id, "Pending", "still", "domainAuthID", ""), get(tokenBirch, "/1.0/operation/"+id))
	require.Equal(t, listed(id), get(tokenBirch, "/1.0/operations/pending/"))
	require.Equal(t, `{"message":"there is no such operation"}`, get(tokenAlder, "/1.0/operation/"+id))
	require.Equal(t, `[]`, get(tokenAlder, "/1.0/operations/pending/"))

	p.opErr = authcode.Refused{Class: authcode.NotFound}
	require.Equal(t, operationAt(id, "Pending", "still", "domainAuthID", ""), get(tokenBirch, "/1.0/operation/"+id))
	p.opErr = errWay
	require.Equal(t, `{"message":"the upstream can't be reached; nothing was done","code":"unavailable"}`, get(tokenBirch, "/1.0/operation/"+id))
	require.Equal(t, `{"message":"the upstream can't be reached; nothing was done","code":"unavailable"}`, get(tokenBirch, "/1.0/operations/pending"))
	p.opErr, p.op = nil, authcode.Refused{Class: authcode.NotFound}
	require.Equal(t, operationAt(id, "Pending", "still", "domainAuthID", ""), get(tokenBirch, "/1.0/operation/"+id))

	start(second)
	p.took()
	p.op = authcode.Refused{Class: authcode.Failed, Text: "the registry gave up"}
	require.Equal(t, operationAt(id, "Failed", "the registry gave up", "domainAuthID", ""), get(tokenBirch, "/1.0/operation/"+id))
	require.Equal(t, []string{"operation birch.example up-1"}, p.took())
	require.Equal(t, operationAt(id, "Failed", "the registry gave up", "domainAuthID", `,"DATA":null`), get(tokenBirch, "/3.0/operation/"+id))
	require.Empty(t, p.took(), "what is over is not asked for again")
	p.op = authcode.Sent{To: []authcode.Recipient{authcode.Registrant}}
	require.Equal(t, `[]`, get(tokenBirch, "/1.0/operations/pending/"))
	require.Equal(t, operationAt(second, "Done", "the code was sent to registrant", "domainAuthID", ""), get(tokenBirch, "/1.0/operation/"+second))

	start(third) // the first one is forgotten
	require.Equal(t, `{"message":"there is no such operation"}`, get(tokenBirch, "/1.0/operation/"+id))
	p.op = authcode.Code{Value: "never-Shown-here"}
	require.Equal(t, string(httpserve.Unknown().Body), get(tokenBirch, "/1.0/operation/"+third))
	require.Equal(t, listed(third), get(tokenBirch, "/1.0/operations/pending/"), "it is not over")
	p.caps.Retrieve = readable
	p.script = func(authcode.Request) (authcode.Outcome, error) { return p.op, nil }
	require.Equal(t, operationAt(third, "Done", "a new code was made; domain info shows it", "domainAuthID", ""), get(tokenBirch, "/1.0/operation/"+third))
}

// TestStrangers: without a session, no path and no domain is told from another.
func TestStrangers(t *testing.T) {
	var denied []string
	srv := serve(t, newFake(), gateway.Options{Denied: func(_ context.Context, d gateway.Denial) {
		require.NotEmpty(t, d.Addr)
		denied = append(denied, d.Via+" "+d.User)
	}}, netim.HandlerOptions{})
	var first string
	for _, path := range []string{
		"/1.0/domain/birch.example/authid/", "/1.0/domain/nowhere.example/authid/", "/1.0/domain/alder.example/info/",
		"/2.0/x", "/", "/1.0/session", "/1.0/operation/1",
	} {
		for _, method := range []string{"PATCH", "GET", "DELETE", "PUT"} {
			for _, token := range []string{"", "wrong", tokenBirch[1:]} {
				resp, body := request(t, method, srv.URL+path, token, "{nonsense")
				resp.Header.Del("Date")
				got := resp.Status + strings.ReplaceAll(body, "\n", "") + resp.Header.Get("Www-Authenticate") + resp.Header.Get("Content-Type")
				if first == "" {
					first = got
				}
				require.Equal(t, first, got, "%s %s", method, path)
			}
		}
	}
	require.Equal(t, `401 Unauthorized{"message":"there is no such session"}Bearer realm="netim"application/json`, first)
	require.Len(t, denied, 7*4*3)
	require.Equal(t, "netim ", denied[0])
	denied = nil
	_, err := dial(t, srv.URL, netim.V1, func(o *netim.Options) { o.ID, o.Secret = "BX", "wrong" }).DomainInfo(t.Context(), "birch.example")
	require.Error(t, err)
	_, err = dial(t, srv.URL, netim.V1).DomainInfo(t.Context(), "birch.example")
	require.NoError(t, err)
	require.Equal(t, []string{"netim BX"}, denied)
}

// TestAudit: each try is written down, and no code with it.
func TestAudit(t *testing.T) {
	var entries []gateway.Entry
	srv := serve(t, newFake(), gateway.Options{Audit: func(_ context.Context, e gateway.Entry) { entries = append(entries, e) }}, netim.HandlerOptions{})
	request(t, "PATCH", srv.URL+"/1.0/domain/birch.example/authid/", tokenBirch, `{"sendtoregistrant":1}`)
	request(t, "PATCH", srv.URL+"/3.0/domain/birch.example/authid/", tokenBirch, `{"sendto":2}`)
	request(t, "PATCH", srv.URL+"/1.0/domain/alder.example/authid/", tokenBirch, `{"sendtoregistrant":0}`)
	var got []string
	for _, e := range entries {
		require.Equal(t, "netim", e.Via)
		require.Equal(t, "birch", e.Account)
		got = append(got, string(e.Verb)+" "+e.Domain+" "+e.Outcome)
	}
	require.Equal(t, []string{"send birch.example sent", "regenerate birch.example code", "retrieve birch.example code", "send alder.example refused"}, got)
}

// TestPanic: a provider that panics leaves the outcome unknown.
func TestPanic(t *testing.T) {
	p := newFake()
	p.script = func(authcode.Request) (authcode.Outcome, error) { panic("very-Secret-code") }
	log, out := logged()
	srv := serve(t, p, gateway.Options{Log: log}, netim.HandlerOptions{KeepCode: true})
	resp, body := request(t, "PATCH", srv.URL+"/1.0/domain/birch.example/authid/", tokenBirch, `{"sendtoregistrant":1}`)
	require.Equal(t, 504, resp.StatusCode)
	require.NotContains(t, body+out.String(), "very-Secret-code")
	require.Contains(t, out.String(), "panicked")
}
