package gtld_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// put is a record that there is, with some fields replaced by what changes has in JSON;
// null takes a field away.
func put(t *testing.T, m *mock, table, key, changes string) error {
	t.Helper()
	r, err := m.Record(table, key)
	require.NoError(t, err)
	var doc, fresh map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(r.Value, &doc))
	require.NoError(t, json.Unmarshal([]byte(changes), &fresh))
	for name, v := range fresh {
		if doc[name] = v; string(v) == "null" {
			delete(doc, name)
		}
	}
	out, err := json.Marshal(doc)
	require.NoError(t, err)
	_, err = m.PutRecord(table, out)
	return err
}

// TestRecordsThatNobodyBears puts what no command makes and no fixture may hold.
func TestRecordsThatNobodyBears(t *testing.T) {
	const at = `"2026-03-02T00:00:00Z"`
	f, err := gtld.DefaultFixtures()
	require.NoError(t, err)
	f.HostRules.Offline = []gtld.Offline{{Names: []string{"slow*"}}}
	m := startWith(t, gtld.Options{Fixtures: f, Policies: policies(t, gone)})
	x, y := m.loginX(t), m.loginY(t)
	newHost(x, "slow.alpha.example", "192.0.2.7").Code(1001)
	x.Do(createPlain("applied.lost", "") + ext(launched("create", "landrush", ""))).Code(1001)
	x.Do(createPlain("waiting.gone", "")).Code(1001)
	y.Do(transfer("request", "alpha.example", "", "alpha-Secret7")).Code(1001)
	id, err := m.SetMaintenance(gtld.Maintenance{Systems: []gtld.System{{Name: "EPP"}}, Start: noon, End: noon.Add(time.Hour)})
	require.NoError(t, err)

	for _, tt := range []struct{ name, table, key, changes, want string }{
		{"a name in capitals", "domain", "gamma.test", `{"name": "Omega.test", "roid": "D99-MOCK"}`, "domain.name: must be in lower case"},
		{"no top-level domain of the registry's", "domain", "gamma.test", `{"name": "gamma.nowhere", "roid": "D99-MOCK"}`, `domain: "gamma.nowhere" is not a name directly below a zone`},
		{"a sponsor that there is not", "domain", "gamma.test", `{"clID": "reg-west"}`, "domain.clID: there is no registrar"},
		{"no sponsor", "domain", "gamma.test", `{"clID": null}`, "domain: has no sponsor"},
		{"no ROID", "domain", "gamma.test", `{"roid": null}`, "domain.roid: is missing"},
		{"another's ROID", "domain", "gamma.test", `{"roid": "D1-MOCK"}`, "domain.roid: there is D1-MOCK already"},
		{"no crID", "domain", "gamma.test", `{"crID": null}`, "domain.crID: is missing"},
		{"no crDate", "domain", "gamma.test", `{"crDate": null}`, "domain: has no crDate"},
		{"no exDate", "domain", "gamma.test", `{"exDate": null}`, "domain: gamma.test has no exDate"},
		{"a status that there is not", "domain", "gamma.test", `{"status": ["asleep"]}`, `domain.status[0]: there is no status "asleep"`},
		{"a status twice", "domain", "gamma.test", `{"status": ["clientHold", "clientHold"]}`, "domain.status[1]: clientHold is there twice"},
		{"statuses that exclude each other", "domain", "gamma.test", `{"status": ["pendingDelete", "pendingUpdate"]}`, "domain.status[1]: pendingUpdate can't stand beside"},
		{"a text of a status that no XML has", "domain", "gamma.test", `{"texts": {"clientHold": {"text": "a\u0001"}}}`, "domain.texts.clientHold.text: holds a line break"},
		{"a language that there is not", "domain", "gamma.test", `{"texts": {"clientHold": {"lang": "?", "text": "a"}}}`, "domain.texts.clientHold.lang: is no language"},
		{"a role that there is not", "domain", "alpha.example", `{"contacts": [{"type": "owner", "id": "jr-1"}]}`, "domain.contacts[0]: the type must be"},
		{"a contact that there is not", "domain", "alpha.example", `{"registrant": "nobody"}`, "domain.registrant: there is no nobody"},
		{"a transfer to nobody", "domain", "alpha.example", `{"transfer": {"status": "pending", "reID": "x", "acID": "reg-north", "reDate": ` + at + `, "acDate": ` + at + `}}`, "domain.transfer.reID: there is no registrar"},
		{"a transfer to oneself", "domain", "alpha.example", `{"transfer": {"status": "pending", "reID": "reg-north", "acID": "reg-north", "reDate": ` + at + `, "acDate": ` + at + `}}`, "domain.transfer: a pending one is another's request"},
		{"a step of a deletion without its end", "domain", "gamma.test", `{"status": ["pendingDelete"], "rgp": "redemptionPeriod"}`, "domain: rgp needs an rgpUntil"},
		{"a deletion without its command", "domain", "gamma.test", `{"status": ["pendingDelete"], "rgp": "pendingDelete", "rgpUntil": ` + at + `, "deletion": {"svTRID": ""}}`, "domain.deletion.svTRID: must have 3 to 64"},
		{"what waits without what it makes", "domain", "gamma.test", `{"status": ["pendingUpdate"], "pending": {"command": "update", "clID": "reg-north", "svTRID": "MOCK-1", "until": ` + at + `}}`, "domain.pending.next: is missing"},
		{"what waits without its command", "domain", "gamma.test", `{"status": ["pendingCreate"], "pending": {"command": "create", "clID": "reg-north", "svTRID": "", "until": ` + at + `}}`, "domain.pending.svTRID: must have 3 to 64"},
		{"what waits for nobody", "domain", "gamma.test", `{"status": ["pendingCreate"], "pending": {"command": "create", "clID": "reg-west", "svTRID": "MOCK-1", "until": ` + at + `}}`, "domain.pending.clID: there is no registrar"},
		{"what waits without its status", "domain", "waiting.gone", `{"status": null}`, "domain.pending: needs the status pendingCreate"},
		{"what waits for ever", "domain", "waiting.gone", `{"pending": {"command": "create", "clID": "reg-north", "svTRID": "MOCK-1", "until": "0001-01-01T00:00:00Z"}}`, "domain.pending.until: is missing"},
		{"a command that does not wait", "domain", "waiting.gone", `{"pending": {"command": "", "clID": "reg-north", "svTRID": "MOCK-1", "until": ` + at + `}}`, "domain.pending.command: there is no such choice"},
		{"an address of a network card", "host", "mail.alpha.example", `{"addrs": ["fe80::1%eth0"]}`, "host.addrs[0]: is not an address without a zone"},
		{"a host in capitals", "host", "mail.alpha.example", `{"name": "POST.alpha.example", "roid": "H99-MOCK"}`, "host.name: must be in lower case"},
		{"a host of another domain", "host", "mail.alpha.example", `{"superordinate": null}`, `host.superordinate: must be "alpha.example"`},
		{"a status that a host shows by itself", "host", "mail.alpha.example", `{"status": ["linked"]}`, "host.status[0]: there is no status"},
		{"an identifier that is too short", "contact", "mv-4", `{"id": "m", "roid": "C99-MOCK"}`, "contact.id: must have 3 to 16"},
		{"a form that there is not", "contact", "mv-4", `{"postal": [{"type": "both", "name": "A", "city": "B", "cc": "FI"}]}`, "contact.postal[0]: the type must be"},
		{"no form", "contact", "mv-4", `{"postal": null}`, "contact: mv-4 needs a postal"},
		{"a maintenance of nothing", "maintenance", id, `{"systems": []}`, "maintenance: has no systems"},
		{"an impact that there is not", "maintenance", id, `{"systems": [{"name": "EPP", "impact": "huge"}]}`, "maintenance.systems[0].impact: there is no such choice"},
		{"an application for nothing", "application", "A1", `{"domain": null}`, "application.domain: is missing"},
		{"a status that no application has", "application", "A1", `{"status": "asleep"}`, "application.status: there is no such choice"},
		{"an application of nobody", "application", "A1", `{"domain": {"name": "applied.lost"}}`, "application.domain: has no sponsor"},
		{"what waits with another host", "waiting", "host slow.alpha.example", `{"roid": "H1-MOCK"}`, "waiting.roid: is another object's"},
		{"what waits with nothing", "waiting", "host slow.alpha.example", `{"of": {"kind": "contact", "handle": "nobody"}}`, "waiting.of: there is no such host or contact"},
		{"what waits with a host without what it makes", "waiting", "host slow.alpha.example", `{"command": "update"}`, "waiting: needs the status pendingUpdate"},
		{"a registrar's certificate", "registrar", "reg-north", `{"certificates": ["none"]}`, "registrar.certificates[0]: must be"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := put(t, m, tt.table, tt.key, tt.changes)
			var edit *registry.EditError
			require.ErrorAs(t, err, &edit)
			require.ErrorContains(t, err, tt.want)
		})
	}
	t.Run("what there is can be put", func(t *testing.T) {
		for _, table := range []string{"domain", "host", "contact", "maintenance", "application", "waiting", "registrar"} {
			list, err := m.Records(table, "", 100)
			require.NoError(t, err)
			require.NotEmpty(t, list, table)
			for _, r := range list {
				require.NoError(t, put(t, m, table, r.Key, `{}`), r.Key)
			}
		}
	})
	t.Run("and be decided, when it was", func(t *testing.T) {
		m.Advance(500 * 24 * time.Hour)
		for _, table := range []string{"domain", "host", "contact", "maintenance", "application", "registrar"} {
			list, err := m.Records(table, "", 100)
			require.NoError(t, err)
			for _, r := range list {
				require.NoError(t, put(t, m, table, r.Key, `{}`), r.Key)
			}
		}
	})
}

func TestRegistrarsGo(t *testing.T) {
	m := start(t)
	require.NoError(t, m.Seed([]byte(`registrars: [{clID: reg-east, password: east-Gate9}]`)))
	m.Queue.Add("reg-east", "A word.", nil)
	x := m.dial(t).Login("reg-east", "east-Gate9")
	require.ErrorContains(t, m.DeleteRecord("registrar", "reg-east"), "a message names it")
	drain(x)
	newContact(x, "east-1").Code(1000)
	require.ErrorContains(t, m.DeleteRecord("registrar", "reg-east"), "contact east-1 names it")
	x.Do(contactCommand("delete", "<id>east-1</id>")).Code(1000)
	require.NoError(t, m.DeleteRecord("registrar", "reg-east"))
	x.Do(checkDomains("free.example")).Code(1000)
	require.NotContains(t, strings.ToLower(x.Do(extCreate("free.example", "", "")).XML), "panic")
	for _, change := range []error{
		m.ChangeDomain("alpha.example", gtld.Change{}, func(d *gtld.Domain) error { d.ClID = "reg-east"; return nil }),
		m.ChangeHost("mail.alpha.example", gtld.Change{}, func(h *gtld.Host) error { h.ClID = "reg-east"; return nil }),
		m.ChangeContact("jr-1", gtld.Change{}, func(c *gtld.Contact) error { c.ClID = "reg-east"; return nil }),
	} {
		require.ErrorIs(t, change, gtld.ErrNoRegistrar)
	}
}
