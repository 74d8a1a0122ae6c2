package opensrs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/internal/httpserve"
)

func domainItem(name string) Item { return Item{"domain", Text(name)} }

// TestAnswers holds each command to its answer.
func TestAnswers(t *testing.T) {
	name, alpha := Item{"domain_name", Text("alpha.example")}, domainItem("alpha.example")
	info, status := Item{"type", Text("domain_auth_info")}, Item{"type", Text("status")}
	setInfo, setStatus := Item{"data", Text("domain_auth_info")}, Item{"data", Text("status")}
	code := Item{"domain_auth_info", Value{Text: codes[1]}}
	for _, row := range []struct {
		name, action string
		attributes   Assoc
		want         string
		items        Assoc
	}{
		{"send_authcode", "send_authcode", Assoc{name}, "200 Message sent", nil},
		{"in any case", "SEND_AuthCode", Assoc{{"domain_name", Text(" ALPHA.Example.\n")}}, "200 Message sent", nil},
		{"in U-labels", "send_authcode", Assoc{{"domain_name", Text("bücher.example")}}, "200 Message sent", nil},
		{"in A-labels", "send_authcode", Assoc{{"domain_name", Text("XN--bcher-kva.example")}}, "200 Message sent", nil},
		{"the domain by another name", "send_authcode", Assoc{alpha}, "460 the attribute domain_name is missing", nil},
		{"no attributes", "send_authcode", nil, "460 the attribute domain_name is missing", nil},
		{"no domain", "send_authcode", Assoc{{"domain_name", Text("-")}}, "465 this is not the name of a domain", nil},
		{"a list of domains", "send_authcode", Assoc{{"domain_name", Value{Array: []Value{Text("alpha.example")}}}}, "460 the attribute domain_name is missing", nil},
		{"unknown domain", "send_authcode", Assoc{{"domain_name", Text("nowhere.example")}}, "480 there is no such domain", nil},
		{"another account's domain", "send_authcode", Assoc{{"domain_name", Text("gamma.example")}}, "435 the domain is not in this account", nil},
		{"domain without codes", "send_authcode", Assoc{{"domain_name", Text("beta.nu")}}, "465 domains under nu have no codes", nil},

		{"get domain_auth_info", "GET", Assoc{info, alpha}, "200 Command successful", Assoc{{"domain_auth_info", Value{Text: codes[0]}}}},
		{"get of another account's", "get", Assoc{domainItem("gamma.example"), info}, "435 the domain is not in this account", nil},
		{"get without a domain", "get", Assoc{info}, "460 the attribute domain is missing", nil},
		{"get of another type", "get", Assoc{alpha, {"type", Text("all_info")}}, "430 there is no such command here", nil},
		{"get without a type", "get", Assoc{alpha}, "430 there is no such command here", nil},
		{"get status", "get", Assoc{alpha, status}, "200 Command successful", Assoc{{"lock_state", Text("0")}, {"can_modify", Text("1")}}},

		{"modify domain_auth_info", "modify", Assoc{alpha, setInfo, code}, "200 Command successful", nil},
		{"modify without a code", "modify", Assoc{alpha, setInfo}, "460 the attribute domain_auth_info is missing", nil},
		{"modify with an empty code", "modify", Assoc{alpha, setInfo, {"domain_auth_info", Text("")}}, "460 the attribute domain_auth_info is missing", nil},
		{"modify status", "modify", Assoc{alpha, setStatus, {"lock_state", Text(" 1 ")}}, "200 Command successful", nil},
		{"modify without a state", "modify", Assoc{alpha, setStatus}, "460 the attribute lock_state is missing", nil},
		{"modify with another state", "modify", Assoc{alpha, setStatus, {"lock_state", Text("yes")}}, "465 lock_state is neither 0 nor 1", nil},
		{"modify of other data", "modify", Assoc{alpha, {"data", Text("contact_info")}}, "430 there is no such command here", nil},

		{"unknown action", "sw_register", Assoc{alpha}, "430 there is no such command here", nil},
		{"no action", "", Assoc{alpha}, "430 there is no such command here", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := newFake()
			h := handlerOf(t, options(t, p), HandlerOptions{})
			w := post(h, doc(t, row.action, row.attributes...))
			require.Equal(t, 200, w.Code)
			require.Equal(t, fmt.Sprint(w.Body.Len()), w.Header().Get("Content-Length"))
			e, err := Read(w.Body.Bytes())
			require.NoError(t, err)
			codeOf, textOf, _ := strings.Cut(row.want, " ")
			want := Assoc{
				{"protocol", Text("XCP")},
				{"action", Text("reply")},
				{"object", Text("domain")},
				{"response_text", Text(textOf)},
				{"is_success", Text(flag(codeOf == "200"))},
				{"response_code", Text(codeOf)},
			}
			if row.items != nil {
				want = append(want, Item{"attributes", Value{Assoc: row.items}})
			}
			require.Equal(t, &Envelope{Version: "0.9", Doctype: true, Data: want}, e)
			if codeOf != "200" {
				require.Empty(t, p.asked)
			}
		})
	}
}

// TestEnvelopes holds the handler to what real clients write, and against what nobody
// should.
func TestEnvelopes(t *testing.T) {
	const attributes = `<item key="attributes"><dt_assoc><item key="domain_name">alpha.example</item></dt_assoc></item>`
	command := func(action, object, rest string) string {
		return block("<item key='action'>" + action + "</item><item key='object'>" + object + "</item>" + rest)
	}
	h := handlerOf(t, options(t, newFake()), HandlerOptions{})
	const no = "430 there is no such command here"
	for _, row := range []struct{ name, body, want string }{
		{"no protocol, no DOCTYPE, no declaration", command("send_authcode", "domain", attributes), "200 Message sent"},
		{"cookie and address", command("send_authcode", "DOMAIN", "<item key='cookie'>x</item><item key='registrant_ip'/>"+attributes), "200 Message sent"},
		{"protocol in small letters", command("send_authcode", "domain", "<item key='protocol'>xcp</item>"+attributes), "200 Message sent"},
		{"another protocol", command("send_authcode", "domain", "<item key='protocol'>TPP</item>"+attributes), no},
		{"another object", command("send_authcode", "contact", attributes), no},
		{"domain beside the attributes", command("get", "domain", "<item key='domain'>alpha.example</item><item key='attributes'><dt_assoc><item key='type'>status</item></dt_assoc></item>"), "200 Command successful"},
		{"attributes as a text", command("send_authcode", "domain", "<item key='attributes'>alpha.example</item>"), "460 the attribute domain_name is missing"},
		{"a real client's slip", strings.Replace(command("send_authcode", "domain", attributes), "</OPS_envelope>", "</header>", 1), "430 malformed XCP"},
		{"entities", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + command("send_authcode", "&x;", attributes), "430 malformed XCP"},
		{"empty", "", "430 malformed XCP"},
		{"JSON", `{"action":"send_authcode"}`, "430 malformed XCP"},
		{"two actions", block("<item key='action'>get</item><item key='action'>modify</item>"), "430 malformed XCP"},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := answerOf(t, post(h, []byte(row.body)))
			require.True(t, strings.HasPrefix(said(a), row.want), said(a))
		})
	}
	a := answerOf(t, post(h, []byte(command("send_authcode", "Contact", attributes))))
	require.Equal(t, "contact", a.Object)
}

// TestAuthentication holds wrong signatures to one answer, whatever they sign.
func TestAuthentication(t *testing.T) {
	o := options(t, newFake())
	var denied []string
	o.Denied = func(_ context.Context, d gateway.Denial) { denied = append(denied, d.Via+" "+d.User+" "+d.Addr) }
	h := handlerOf(t, o, HandlerOptions{})
	get := func(domain string) []byte {
		return doc(t, "get", domainItem(domain), Item{"type", Text("domain_auth_info")})
	}
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	path := func(p string) func(*http.Request) { return func(r *http.Request) { r.URL.Path = p } }
	good := get("alpha.example")

	var first string
	for n, row := range []struct {
		name   string
		body   []byte
		change []func(*http.Request)
	}{
		{"wrong key", good, []func(*http.Request){header("X-Signature", Sign(good, "wrong"))}},
		{"wrong key, no such domain", get("nowhere.example"), []func(*http.Request){header("X-Signature", Sign(good, key))}},
		{"wrong key, another's domain", get("gamma.example"), []func(*http.Request){header("X-Signature", Sign(good, key))}},
		{"wrong key, malformed", []byte("<"), []func(*http.Request){header("X-Signature", Sign(good, key))}},
		{"wrong key, no such path", good, []func(*http.Request){header("X-Signature", "x"), path("/nowhere")}},
		{"wrong key, other method", good, []func(*http.Request){header("X-Signature", "x"), func(r *http.Request) { r.Method = "GET" }}},
		{"no signature", good, []func(*http.Request){func(r *http.Request) { r.Header.Del("X-Signature") }}},
		{"no user", good, []func(*http.Request){func(r *http.Request) { r.Header.Del("X-Username") }}},
		{"no such user", good, []func(*http.Request){header("X-Username", "nobody")}},
		{"no such user, signed with no key", good, []func(*http.Request){header("X-Username", "nobody"), header("X-Signature", Sign(good, ""))}},
		{"an account without a user", good, []func(*http.Request){header("X-Username", ""), header("X-Signature", Sign(good, ""))}},
		{"another account's key", good, []func(*http.Request){header("X-Username", other)}},
		{"signed once", good, []func(*http.Request){header("X-Signature", hash(good, key))}},
		{"white space added after signing", append(get("alpha.example"), '\n'), []func(*http.Request){header("X-Signature", Sign(good, key))}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := post(h, row.body, row.change...)
			require.Equal(t, 200, w.Code)
			if n == 0 {
				first = w.Body.String()
				a := answerOf(t, w)
				require.Equal(t, "401", a.ResponseCode)
				require.False(t, a.IsSuccess)
			}
			require.Equal(t, first, w.Body.String())
			require.Len(t, denied, n+1)
		})
	}
	require.Equal(t, "opensrs "+user+" 192.0.2.1:1234", denied[0])
	require.Contains(t, denied, "opensrs nobody 192.0.2.1:1234")
	denied = nil
	for name, change := range map[string]func(*http.Request){
		"user in capitals":      header("X-Username", strings.ToUpper(user)),
		"signature in capitals": header("X-Signature", strings.ToUpper(Sign(good, key))),
		"headers in small letters": func(r *http.Request) {
			// As HTTP/2 has them; package net/http makes one form of all.
			r.Header = http.Header{}
			r.Header.Set("x-username", user)
			r.Header.Set("x-signature", Sign(good, key))
		},
		"another content type": header("Content-Type", "application/x-www-form-urlencoded"),
	} {
		require.Equal(t, "200", answerOf(t, post(h, good, change)).ResponseCode, name)
	}
	require.Empty(t, denied)
}

// keyless is a store of its own kind, in which a user has no key.
type keyless struct{ gateway.Store }

func (keyless) ByUser(name string) *gateway.Account {
	return &gateway.Account{Name: "n", User: name}
}

func TestNoKeySignsNothing(t *testing.T) {
	o := options(t, newFake())
	o.Accounts = keyless{o.Accounts}
	body := doc(t, "send_authcode", Item{"domain_name", Text("alpha.example")})
	w := post(handlerOf(t, o, HandlerOptions{}), body, func(r *http.Request) { r.Header.Set("X-Signature", Sign(body, "")) })
	require.Equal(t, "401", answerOf(t, w).ResponseCode)
}

func TestPathAndMethod(t *testing.T) {
	h := handlerOf(t, options(t, newFake()), HandlerOptions{})
	body := doc(t, "send_authcode", Item{"domain_name", Text("alpha.example")})
	at := func(path string) func(*http.Request) { return func(r *http.Request) { r.URL.Path = path } }
	for _, path := range []string{"/", "//", "///"} {
		require.Equal(t, "200 Message sent", said(answerOf(t, post(h, body, at(path)))))
	}
	w := post(h, body, at("/reseller"))
	require.Equal(t, 404, w.Code)
	require.Equal(t, "430", answerOf(t, w).ResponseCode)
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		w = post(h, body, func(r *http.Request) { r.Method = method })
		require.Equal(t, 405, w.Code)
		require.Equal(t, "POST", w.Header().Get("Allow"))
		require.Equal(t, "430", answerOf(t, w).ResponseCode)
	}
}

func TestLimits(t *testing.T) {
	o := options(t, newFake())
	o.MaxBody = 2000
	o.Rate = gateway.Rate{Requests: 2, Per: time.Hour}
	o.Now = func() time.Time { return time.Date(2031, 5, 4, 12, 0, 0, 0, time.UTC) }
	h := handlerOf(t, o, HandlerOptions{})
	body := doc(t, "send_authcode", Item{"domain_name", Text("alpha.example")})

	w := post(h, append(body, strings.Repeat(" ", 2000)...))
	require.Equal(t, 413, w.Code)
	require.Equal(t, "430 the request is too large", said(answerOf(t, w)))
	require.Equal(t, w.Body.String(), post(h, []byte(strings.Repeat("x", 2001)), func(r *http.Request) { r.Header.Del("X-Username") }).Body.String())

	for _, want := range []string{"200", "200", "300"} {
		require.Equal(t, want, answerOf(t, post(h, body)).ResponseCode)
	}
	// A wrong signature neither counts nor learns of it.
	require.Equal(t, "401", answerOf(t, post(h, body, func(r *http.Request) { r.Header.Set("X-Signature", "") })).ResponseCode)
}

// TestCapabilitiesCount holds commands to what a provider says that may come of them.
func TestCapabilitiesCount(t *testing.T) {
	get := doc(t, "get", domainItem("alpha.example"), Item{"type", Text("domain_auth_info")})
	set := doc(t, "modify", domainItem("alpha.example"), Item{"data", Text("domain_auth_info")}, Item{"domain_auth_info", Text("x")})
	sent := doc(t, "send_authcode", Item{"domain_name", Text("alpha.example")})
	for _, row := range []struct {
		name   string
		change func(*authcode.Capabilities)
		body   []byte
	}{
		{"reading may mail", func(c *authcode.Capabilities) { c.Retrieve.Outcomes |= authcode.KindSent }, get},
		{"reading makes a new code", func(c *authcode.Capabilities) { c.Retrieve.NewCode = true }, get},
		{"no reading", func(c *authcode.Capabilities) { c.Retrieve = authcode.Ability{} }, get},
		{"codes can't be chosen", func(c *authcode.Capabilities) { c.Regenerate.Chosen = false }, set},
		{"a new code is mailed", func(c *authcode.Capabilities) { c.Regenerate.Outcomes = authcode.KindSent }, set},
		{"sending may show the code", func(c *authcode.Capabilities) { c.Send[authcode.Admin] = authcode.Ability{Outcomes: authcode.KindCode} }, sent},
		{"only the registrant gets mail", func(c *authcode.Capabilities) {
			c.Send = map[authcode.Recipient]authcode.Ability{authcode.Registrant: {Outcomes: authcode.KindSent}}
		}, sent},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := newFake()
			row.change(&p.caps)
			a := answerOf(t, post(handlerOf(t, options(t, p), HandlerOptions{}), row.body))
			require.Equal(t, "430", a.ResponseCode, said(a))
			require.Empty(t, p.asked)
		})
	}
}

// TestUnknownOutcome holds the answer to something that no client takes for a refusal.
func TestUnknownOutcome(t *testing.T) {
	sent := doc(t, "send_authcode", Item{"domain_name", Text("alpha.example")})
	set := doc(t, "modify", domainItem("alpha.example"), Item{"data", Text("domain_auth_info")}, Item{"domain_auth_info", Text("x")})
	for _, row := range []struct {
		name   string
		change func(*fake)
		body   []byte
	}{
		{"cut off", func(p *fake) { p.err = &authcode.Error{Unknown: true, Err: errors.New("cut off")} }, sent},
		{"an outcome that was not announced", func(p *fake) { p.out[authcode.Send] = authcode.Code{Value: "x"} }, sent},
		{"another code than asked for", func(p *fake) { p.out[authcode.Regenerate] = authcode.Code{Value: "y"} }, set},
		{"a panic", func(p *fake) { p.panicked = true }, sent},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, logged := newFake(), new(record)
			row.change(p)
			o := options(t, p)
			o.Log = logged.slog()
			w := post(handlerOf(t, o, HandlerOptions{}), row.body)
			require.Equal(t, 504, w.Code)
			require.Equal(t, "text/plain; charset=utf-8", w.Header().Get("Content-Type"))
			_, err := Read(w.Body.Bytes())
			require.Error(t, err)
			require.Equal(t, string(httpserve.Unknown().Body), w.Body.String())
			require.NotEmpty(t, logged.String())
			require.NotContains(t, logged.String(), codes[0].Reveal())
		})
	}
}

// TestCodeThatXMLCantHold has a code refused that would come out changed.
func TestCodeThatXMLCantHold(t *testing.T) {
	p := newFake()
	p.out[authcode.Retrieve] = authcode.Code{Value: "a\x01b"}
	a := answerOf(t, post(handlerOf(t, options(t, p), HandlerOptions{}), doc(t, "get", domainItem("alpha.example"), Item{"type", Text("domain_auth_info")})))
	require.Equal(t, "405", a.ResponseCode)
	require.False(t, a.IsSuccess)
}

// TestNothingInLogs greps everything that is written about hand-overs for secrets.
func TestNothingInLogs(t *testing.T) {
	p, logged := newFake(), new(record)
	o := options(t, p)
	o.Log = logged.slog()
	o.Audit = gateway.AuditLog(o.Log)
	h := handlerOf(t, o, HandlerOptions{})
	bodies := [][]byte{
		doc(t, "get", domainItem("alpha.example"), Item{"type", Text("domain_auth_info")}),
		doc(t, "modify", domainItem("alpha.example"), Item{"data", Text("domain_auth_info")}, Item{"domain_auth_info", Value{Text: codes[1]}}),
		[]byte("<" + codes[0] + ">"),
	}
	for _, b := range bodies {
		post(h, b)
		post(h, b, func(r *http.Request) { r.Header.Set("X-Signature", "wrong") })
	}
	require.Contains(t, logged.String(), "outcome=code")
	for _, secret := range append(codes[:2], key, authcode.Secret(Sign(bodies[0], key))) {
		require.NotContains(t, logged.String(), secret.Reveal())
	}
}

func TestConcurrency(t *testing.T) {
	p := newFake()
	c := clientOf(t, serve(t, p, HandlerOptions{}))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				for _, r := range verbs {
					if out, err := c.HandOver(context.Background(), r); err != nil || out.Kind() == authcode.KindRefused {
						t.Error(out, err)
					}
				}
			}
		})
	}
	wg.Wait()
	require.Len(t, p.asked, 8*5*3)
}

// FuzzHandler holds the handler to answers that can be read.
func FuzzHandler(f *testing.F) {
	f.Add(doc(f, "get", domainItem("alpha.example"), Item{"type", Text("domain_auth_info")}))
	f.Add(doc(f, "modify", domainItem("alpha.example"), Item{"data", Text("status")}, Item{"lock_state", Text("1")}))
	f.Add(doc(f, "send_authcode", Item{"domain_name", Text("\u0085é.north.example")}))
	f.Add([]byte(block("<item key='object'>&#13;\u2028</item>")))
	h := handlerOf(f, options(f, newFake()), HandlerOptions{})
	f.Fuzz(func(t *testing.T, b []byte) {
		w := post(h, b)
		if int64(len(b)) > 64<<10 {
			return
		}
		require.Contains(t, []int{200, 504}, w.Code) // 504 is a code of the fake's own
		if w.Code == 200 {
			answerOf(t, w)
		}
	})
}
