package control_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/control"
	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// staffed is a gtld registry where much waits for its staff, and a FRED as the tenant cz.
func staffed(t *testing.T) *bench {
	f, err := gtld.DefaultFixtures()
	require.NoError(t, err)
	f.Messages, f.Zones = nil, []string{"test"}
	f.TLDs = []gtld.Policy{
		{Name: "example", Offline: []gtld.Offline{{Names: []string{"slow"}}}},
		{Name: "lake", Launch: []gtld.Phase{{Phase: "landrush", Applications: true}}},
	}
	f.HostRules.Offline = []gtld.Offline{{Names: []string{"slow*"}}}
	f.ContactRules.Offline = []gtld.Offline{{Names: []string{"slow*"}}}
	rfc, err := gtld.New(gtld.Options{Fixtures: f, Options: registry.Options{Clock: registry.NewClock(noon), HashIterations: 10}})
	require.NoError(t, err)
	cz, err := fred.New(fred.Options{Options: registry.Options{Clock: registry.NewClock(noon), HashIterations: 10}})
	require.NoError(t, err)
	serve := func(r mockserver.Registry) *mockserver.Server {
		srv, err := mockserver.New(mockserver.Options{Registry: r})
		require.NoError(t, err)
		require.NoError(t, srv.Start())
		t.Cleanup(func() { require.NoError(t, srv.Close()) })
		return srv
	}
	b := &bench{t: t, reg: rfc, srv: serve(rfc)}
	ctl, err := control.New(control.Options{Mocks: []*control.Mock{
		{Name: "main", Server: b.srv, State: rfc.State, Acts: rfc.Acts()},
		{Name: "cz", Server: serve(cz), State: cz.State, Acts: cz.Acts()},
	}})
	require.NoError(t, err)
	web := httptest.NewServer(ctl)
	t.Cleanup(func() {
		require.NoError(t, ctl.Close())
		web.Close()
	})
	b.url = web.URL
	b.get("/openapi.json", &b.doc)
	return b
}

// heard returns the messages that wait for a registrar.
func (b *bench) heard(prefix, clID string) string {
	b.t.Helper()
	var list control.Records
	b.get(prefix+"/records/message", &list)
	var texts []string
	for _, doc := range list.Records {
		if strings.Contains(string(doc), `"clID":"`+clID+`"`) {
			texts = append(texts, string(doc))
		}
	}
	return strings.Join(texts, "\n")
}

// The elements of commands that something is to wait for.
const (
	slowDomain  = `<d:create xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>slow.example</d:name><d:registrant>jr-1</d:registrant><d:authInfo><d:pw>slow-Secret7</d:pw></d:authInfo></d:create>`
	slowHost    = `<h:create xmlns:h="urn:ietf:params:xml:ns:host-1.0"><h:name>slow.elsewhere.invalid</h:name></h:create>`
	slowContact = `<c:create xmlns:c="urn:ietf:params:xml:ns:contact-1.0"><c:id>slow-1</c:id><c:postalInfo type="int"><c:name>Ann Oak</c:name>` +
		`<c:addr><c:city>Cork</c:city><c:cc>IE</c:cc></c:addr></c:postalInfo><c:email>ann@oak.example</c:email><c:authInfo><c:pw>ann-Secret7</c:pw></c:authInfo></c:create>`
	application = `<create><d:create xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>birch.lake</d:name><d:registrant>jr-1</d:registrant>` +
		`<d:authInfo><d:pw>birch-Secret7</d:pw></d:authInfo></d:create></create><extension><l:create xmlns:l="urn:ietf:params:xml:ns:launch-1.0">` +
		`<l:phase>landrush</l:phase></l:create></extension>`
	deletion = `<delete><d:delete xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>delta.test</d:name></d:delete></delete>`
	restore  = `<update><d:update xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>delta.test</d:name><d:chg/></d:update></update>` +
		`<extension><r:update xmlns:r="urn:ietf:params:xml:ns:rgp-1.0"><r:restore op="request"/></r:update></extension>`
)

// TestActs does each act of both kinds of registry.
func TestActs(t *testing.T) {
	b := staffed(t)
	x := wiretest.Dial(t, b.srv, "", "").Login("reg-north", "north-Gate9")
	y := wiretest.Dial(t, b.srv, "", "").Login("reg-south", "south-Gate9")
	done := make(map[string]bool)
	act := func(path, body string) string {
		t.Helper()
		done[path] = true
		return b.ok("POST", path, body)
	}
	gone := func(path string) {
		t.Helper()
		status, _ := b.do("GET", path, "")
		require.Equal(t, 404, status)
	}
	t.Run("decide", func(t *testing.T) {
		for _, element := range []string{slowDomain, slowHost, slowContact} {
			x.Do("<create>" + element + "</create>").Code(1001)
		}
		act("/acts/decide", `{"kind":"domain","name":"slow.example","approve":true}`)
		act("/acts/decide", `{"kind":"host","name":"SLOW.elsewhere.invalid","approve":true}`)
		act("/acts/decide", `{"kind":"contact","name":"slow-1","approve":false}`)
		require.NotContains(t, b.ok("GET", "/records/domain/slow.example", ""), "pending")
		require.NotContains(t, b.ok("GET", "/records/host/slow.elsewhere.invalid", ""), "pending")
		gone("/records/contact/slow-1")
		require.Contains(t, b.heard("", "reg-north"), "The create of contact slow-1 was refused.")
	})
	t.Run("refuse-restore", func(t *testing.T) {
		y.Do(deletion).Code(1001)
		y.Do(restore).Code(1000)
		require.Contains(t, b.ok("GET", "/records/domain/delta.test", ""), `"pendingRestore"`)
		act("/acts/refuse-restore", `{"name":"delta.test"}`)
		require.Contains(t, b.ok("GET", "/records/domain/delta.test", ""), `"redemptionPeriod"`)
		require.Contains(t, b.heard("", "reg-south"), "The restore of domain delta.test was refused")
	})
	t.Run("set-application", func(t *testing.T) {
		id := x.Do(application).Code(1001).Text("launch:creData/launch:applicationID")
		act("/acts/set-application", `{"id":"`+id+`","status":"invalid","text":"The form is old."}`)
		gone("/records/domain/birch.lake")
		act("/acts/set-application", `{"id":"`+id+`","status":"allocated"}`)
		require.Contains(t, b.ok("GET", "/records/domain/birch.lake", ""), `"applicationID":"`+id+`"`)
		require.Contains(t, b.heard("", "reg-north"), "Application "+id+" for birch.lake is allocated.")
	})
	t.Run("maintenance", func(t *testing.T) {
		const plan = `"systems":[{"name":"EPP"}],"start":"2026-03-10T00:00:00Z","courtesy":"2d"`
		id := act("/acts/set-maintenance", `{"end":"2026-03-10T04:00:00Z",`+plan+`}`)
		require.JSONEq(t, `{"id":"M1"}`, id)
		require.JSONEq(t, id, act("/acts/set-maintenance", `{"id":"M1","end":"2026-03-10T06:00:00Z",`+plan+`}`))
		require.Contains(t, b.ok("GET", "/records/maintenance/M1", ""), "2026-03-10T06:00:00Z")
		act("/acts/delete-maintenance", id)
		gone("/records/maintenance/M1")
		require.Equal(t, 3, strings.Count(b.heard("", "reg-south"), "Maintenance M1"))
	})
	t.Run("changes", func(t *testing.T) {
		before := b.ok("GET", "/records/domain/alpha.example?secrets=true", "")
		act("/acts/change-domain", `{"name":"alpha.example","set":{"status":["serverHold"],"contacts":null,"exDate":"2032-01-12T07:00:00Z"},`+
			`"who":"The court","caseType":"udrp","caseID":"D-7","reason":"By order."}`)
		after := b.ok("GET", "/records/domain/alpha.example?secrets=true", "")
		require.Contains(t, after, `"status":["serverHold"]`)
		require.Contains(t, after, "2032-01-12")
		require.NotContains(t, after, "contacts")
		for _, same := range []string{"ns1.alpha.example", "alpha-Secret7", `"registrant":"jr-1"`} {
			require.Contains(t, before, same)
			require.Contains(t, after, same)
		}
		act("/acts/change-host", `{"name":"mail.alpha.example","set":{"addrs":["192.0.2.99"]}}`)
		act("/acts/change-host", `{"name":"mail.alpha.example","delete":true}`)
		gone("/records/host/mail.alpha.example")
		act("/acts/change-contact", `{"name":"kt-2","set":{"email":"kim@sauna.example"},"operation":"custom","op":"correct"}`)
		heard := b.heard("", "reg-north")
		for _, text := range []string{
			"The registry changed alpha.example: after update.", "D-7", "192.0.2.99",
			"The registry changed mail.alpha.example: before delete purge.", "The registry changed kt-2: after custom correct.",
		} {
			require.Contains(t, heard, text)
		}
	})
	t.Run("of FRED", func(t *testing.T) {
		b.ok("PUT", "/tenants/cz/records/contact/CID-OAK", `{"id":"CID-OAK","roid":"C0000000099-CZ","clID":"REG-MORAVA","crID":"REG-MORAVA","crDate":"2026-01-01T00:00:00Z","name":"Eva Dubová","cc":"CZ","email":"eva@sauna.example"}`)
		act("/tenants/cz/acts/update-domain", `{"name":"MYDOMAIN.cz","set":{"status":["serverBlocked"]}}`)
		act("/tenants/cz/acts/update-contact", `{"name":"cid-myown","set":{"email":"adam@sauna.example"}}`)
		act("/tenants/cz/acts/update-nsset", `{"name":"NID-MYNSSET","set":{"techs":["CID-TECH1"],"reportLevel":3}}`)
		act("/tenants/cz/acts/update-keyset", `{"name":"KID-MYKEYSET","set":{"techs":["CID-OAK"]}}`)
		act("/tenants/cz/acts/update-keyset", `{"name":"KID-MYKEYSET","set":{"techs":["CID-TECH1"]}}`)
		require.Contains(t, b.ok("GET", "/tenants/cz/records/domain/mydomain.cz", ""), "serverBlocked")
		require.Contains(t, b.ok("GET", "/tenants/cz/records/contact/CID-MYOWN", ""), "adam@sauna.example")
		require.Contains(t, b.ok("GET", "/tenants/cz/records/nsset/NID-MYNSSET", ""), `"reportLevel":3`)
		require.Contains(t, b.ok("GET", "/tenants/cz/records/contact/CID-OAK", ""), "idleAt", "nothing refers to it any more")
		heard := b.heard("/tenants/cz", "REG-MORAVA")
		for _, element := range []string{"domain", "contact", "nsset", "keyset"} {
			require.Contains(t, heard, element+":updateData")
		}
	})
	for prefix, path := range map[string]string{"/acts/": "/acts", "/tenants/cz/acts/": "/tenants/cz/acts"} {
		var list control.Acts
		b.get(path, &list)
		require.NotEmpty(t, list.Acts)
		for _, a := range list.Acts {
			require.True(t, done[prefix+a.Name], "%s is not tried", a.Name)
		}
	}
	paths := b.doc["paths"].(map[string]any)
	require.Contains(t, paths, "/acts/decide")
	require.Contains(t, paths, "/tenants/{tenant}/acts/update-domain")
	require.NotContains(t, paths, "/acts/update-domain")
	require.NotContains(t, paths, "/acts/{act}")
}

// TestActsRefused has nothing change where an act makes no sense.
func TestActsRefused(t *testing.T) {
	b := staffed(t)
	for _, tt := range []struct {
		name, act, body string
		status          int
		field, text     string
	}{
		{"no such act", "dance", `{}`, 404, "act", "no act"},
		{"another registry's act", "update-domain", `{}`, 404, "act", "no act"},
		{"an unknown field", "decide", `{"kind":"domain","hush":"hush-hush"}`, 400, "hush", "no such key"},
		{"another type", "decide", `{"approve":"hush-hush"}`, 400, "approve", "true or false"},
		{"nothing", "decide", `null`, 400, "", "object"},
		{"neither yes nor no", "decide", `{"kind":"domain","name":"alpha.example"}`, 400, "approve", "true or false"},
		{"no kind", "decide", `{"kind":"hush-hush","approve":true}`, 400, "kind", "must be domain"},
		{"nothing waits", "decide", `{"kind":"domain","name":"alpha.example","approve":true}`, 409, "", "nothing is pending"},
		{"no restore", "refuse-restore", `{"name":"alpha.example"}`, 409, "", "pendingRestore"},
		{"no such status", "set-application", `{"id":"A1","status":"nice"}`, 400, "status", "no such choice"},
		{"no such application", "set-application", `{"id":"A1","status":"rejected"}`, 409, "", "no such application"},
		{"no systems", "set-maintenance", `{"start":"2026-03-10T00:00:00Z","end":"2026-03-11T00:00:00Z"}`, 400, "maintenance", "no systems"},
		{"what the clock decides", "set-maintenance", `{"over":true}`, 400, "over", "no such key"},
		{"no such maintenance", "delete-maintenance", `{"id":"M9"}`, 409, "", "no such maintenance"},
		{"no such domain", "change-domain", `{"name":"none.example","delete":true}`, 409, "", "no such object"},
		{"no change", "change-domain", `{"name":"alpha.example"}`, 400, "set", "or else delete"},
		{"both changes", "change-domain", `{"name":"alpha.example","delete":true,"set":{"ns":[]}}`, 400, "set", "or else delete"},
		{"an unknown field of the record", "change-domain", `{"name":"alpha.example","set":{"hush":"hush-hush"}}`, 400, "hush", "no such field"},
		{"a record's other type", "change-domain", `{"name":"alpha.example","set":{"ns":"hush-hush"}}`, 400, "ns", "of the kind"},
		{"no fields", "change-domain", `{"name":"alpha.example","set":"hush-hush"}`, 400, "set", "fields of a record"},
		{"another name", "change-domain", `{"name":"alpha.example","set":{"Name":"oak.example"}}`, 400, "", "another name"},
		{"a dangling link", "change-domain", `{"name":"alpha.example","set":{"ns":["ns.nowhere.invalid"]}}`, 409, "", "refers to"},
		{"a status that no message can tell", "change-domain", `{"name":"alpha.example","set":{"status":["hush"]}}`, 409, "", "message"},
		{"a hidden secret", "change-domain", `{"name":"alpha.example","set":{"authInfo":"[redacted]"}}`, 400, "", "secrets=true"},
		{"a reason that is too long", "change-host", `{"name":"mail.alpha.example","delete":true,"reason":"` + strings.Repeat("x", 33) + `"}`, 400, "reason", "32"},
		{"an operation", "change-host", `{"name":"mail.alpha.example","delete":true,"operation":"freeze"}`, 400, "operation", "no such choice"},
		{"a case without a number", "change-host", `{"name":"mail.alpha.example","delete":true,"caseType":"urs"}`, 400, "caseID", "which case"},
		{"a host that is used", "change-host", `{"name":"ns1.alpha.example","delete":true}`, 409, "", "refers to it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := b.reg.View(nil).Commit()
			status, doc := b.do("POST", "/acts/"+tt.act, tt.body)
			require.Equal(t, tt.status, status, doc)
			var f control.Failure
			require.NoError(t, json.Unmarshal([]byte(doc), &f), doc)
			require.Equal(t, tt.field, f.Field, doc)
			require.Contains(t, f.Error, tt.text)
			require.NotContains(t, doc, "hush-hush")
			require.Equal(t, before, b.reg.View(nil).Commit())
		})
	}
}
