package fred_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// invariants are what holds in every FRED at any time, seen in its tables.
func (m *mock) invariants() error {
	v := m.View(nil)
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	roids := make(map[string]string)
	objects := make(map[registry.Ref]bool)
	object := func(kind, handle, roid string, idle time.Time) {
		if other, twice := roids[roid]; twice || roid == "" {
			bad("%s %s and %s have the ROID %q", kind, handle, other, roid)
		}
		roids[roid] = handle
		ref := registry.Ref{Kind: kind, Handle: handle}
		objects[ref] = true
		if kind != registry.Domain && v.Linked(ref) != idle.IsZero() {
			bad("%s is linked: %t, and will have been idle for too long at %s", ref, v.Linked(ref), idle)
		}
		if !idle.IsZero() && !idle.After(v.Now()) {
			bad("%s should be gone since %s", ref, idle)
		}
	}
	for _, c := range records[fred.Contact](m, registry.Contact) {
		object(registry.Contact, c.ID, c.ROID, c.IdleAt)
	}
	for _, s := range records[fred.NSSet](m, registry.NSSet) {
		object(registry.NSSet, s.ID, s.ROID, s.IdleAt)
		if len(s.Techs) < 1 || len(s.Techs) > 10 || repeats(s.Techs) || len(s.Hosts) < 2 {
			bad("nsset %s has the techs %v and the hosts %v", s.ID, s.Techs, s.Hosts)
		}
	}
	for _, s := range records[fred.KeySet](m, registry.KeySet) {
		object(registry.KeySet, s.ID, s.ROID, s.IdleAt)
		if len(s.Techs) < 1 || len(s.Techs) > 10 || repeats(s.Techs) || len(s.DNSKeys) < 1 {
			bad("keyset %s has the techs %v and %d keys", s.ID, s.Techs, len(s.DNSKeys))
		}
	}
	for _, d := range records[fred.Domain](m, registry.Domain) {
		object(registry.Domain, d.Name, d.ROID, time.Time{})
		if repeats(d.Admins) || repeats(d.Status) {
			bad("domain %s has the admins %v and is %v", d.Name, d.Admins, d.Status)
		}
		if due := d.Due(); !due.IsZero() && !due.After(v.Now()) {
			bad("domain %s was due at %s", d.Name, due)
		}
		if d.ExDate.After(v.Now().AddDate(10, 0, 0)) {
			bad("domain %s ends on %s", d.Name, d.ExDate)
		}
	}
	for _, p := range records[fred.Protected](m, "protected") {
		if objects[registry.Ref{Kind: p.Kind, Handle: p.Handle}] || !p.Until.After(v.Now()) {
			bad("%s %s is protected until %s", p.Kind, p.Handle, p.Until)
		}
	}
	type issued struct {
		Of      registry.Ref
		Expires time.Time
	}
	for _, a := range records[issued](m, "authInfo") {
		if !objects[a.Of] || !a.Expires.After(v.Now()) {
			bad("an authInfo of %s ends at %s", a.Of, a.Expires)
		}
	}
	type queued struct {
		ClID    string
		Expires time.Time
	}
	waiting := make(map[string]int)
	for _, msg := range records[queued](m, "message") {
		waiting[msg.ClID]++
		if !msg.Expires.After(v.Now()) {
			bad("a message of %s ends at %s", msg.ClID, msg.Expires)
		}
	}
	for acc := range m.Accounts.Table.All(v) {
		if got := m.Queue.Len(acc.ClID); got != waiting[acc.ClID] {
			bad("%s has %d messages, and the count is %d", acc.ClID, waiting[acc.ClID], got)
		}
		if acc.Credit["cz"] < 0 {
			bad("%s has a credit of %s", acc.ClID, acc.Credit["cz"])
		}
	}
	return errors.Join(errs...)
}

// TestWalk walks at random, for several seeds. With -short it walks less far.
func TestWalk(t *testing.T) {
	seeds, steps := uint64(3), 3_000
	if testing.Short() {
		seeds, steps = 2, 800
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, seed)
			for range steps {
				w.step()
			}
			t.Logf("answers by code: %v", w.codes)
			require.Greater(t, w.codes[1000], steps/4, "a walk in which hardly anything is done shows little")
			for _, code := range []int{1300, 1301, 2004, 2104, 2106, 2201, 2202, 2302, 2303, 2304, 2305, 2306} {
				require.NotZero(t, w.codes[code], "nothing was answered with %d", code)
			}
		})
	}
}

// TestWalkSees makes each kind of thing wrong behind the model's back, and wants it seen.
func TestWalkSees(t *testing.T) {
	for _, tt := range []struct{ want, table, doc string }{
		{"contact CID-1 is there", "contact", `{"id":"CID-1","roid":"C0000000091-CZ","clID":"REG-JIH","idleAt":"2028-01-01T00:00:00Z"}`},
		{"is REG-JIH's, not REG-SEVER's", "contact", `{"id":"CID-0","roid":"C0000000001-CZ","clID":"REG-JIH"}`},
		{"is linked: true", "contact", `{"id":"CID-0","roid":"C0000000001-CZ","clID":"REG-SEVER","idleAt":"2028-01-01T00:00:00Z"}`},
		{"is linked: false", "keyset", `{"id":"KID-0","roid":"K0000000001-CZ","clID":"REG-SEVER","dnsKeys":[{}],"techs":["CID-0"]}`},
		{"has the techs [CID-0 CID-0]", "nsset", `{"id":"NID-0","roid":"N0000000001-CZ","clID":"REG-SEVER","hosts":[{"name":"a.cz"},{"name":"b.cz"}],"techs":["CID-0","CID-0"]}`},
		{"have the ROID", "contact", `{"id":"CID-1","roid":"N0000000001-CZ","clID":"REG-JIH"}`},
		{"refers to [contact CID-0 nsset NID-0 keyset KID-0], not to", "domain", `{"name":"d0.cz","roid":"D0000000001-CZ","clID":"REG-SEVER","registrant":"CID-0","nsset":"NID-0","keyset":"KID-0","exDate":"2028-12-29T00:00:00Z"}`},
		{"step 0 at 2028-11-30", "domain", `{"name":"d0.cz","roid":"D0000000001-CZ","clID":"REG-SEVER","registrant":"CID-0","nsset":"NID-0","exDate":"2028-12-30T00:00:00Z"}`},
		{"ends on 2038", "domain", `{"name":"d0.cz","roid":"D0000000001-CZ","clID":"REG-SEVER","registrant":"CID-0","nsset":"NID-0","exDate":"2038-12-30T00:00:00Z"}`},
		{"is protected until", "protected", `{"kind":"contact","handle":"CID-0","until":"2028-12-29T00:00:00Z"}`},
		{"handles are protected", "protected", `{"kind":"contact","handle":"CID-9","until":"2028-12-29T00:00:00Z"}`},
		{"2 authInfos are valid", "authInfo", `{"of":{"kind":"contact","handle":"CID-9"},"clID":"REG-JIH","expires":"2028-12-29T00:00:00Z"}`},
		{"an authInfo of contact CID-9", "authInfo", `{"of":{"kind":"contact","handle":"CID-9"},"clID":"REG-JIH","expires":"2028-12-29T00:00:00Z"}`},
		{"was used 2 times", "authInfo", `{"of":{"kind":"domain","handle":"d0.cz"},"clID":"REG-JIH","expires":"2028-01-12T09:00:00Z","uses":2}`},
		{"the credit of REG-JIH is 5.00", "registrar", `{"clID":"REG-JIH","passwordHash":"","credit":{"cz":"5.00"}}`},
		{"1 messages wait for REG-JIH, not 0", "", ""},
	} {
		t.Run(tt.want, func(t *testing.T) {
			w := newWalk(t, 1)
			for _, ref := range []registry.Ref{{Kind: registry.Contact, Handle: "CID-0"}, {Kind: registry.NSSet, Handle: "NID-0"}, {Kind: registry.KeySet, Handle: "KID-0"}} {
				d := &thing{ref: ref, clID: "REG-SEVER"}
				create := createContact(ref.Handle, "")
				if ref.Kind != registry.Contact {
					d.contacts = []string{"CID-0"}
					create = createSet(ref.Kind, ref.Handle, "CID-0")
				}
				w.does("REG-SEVER", 1000, create)
				w.add(d)
			}
			d := &thing{
				ref: registry.Ref{Kind: registry.Domain, Handle: "d0.cz"}, clID: "REG-SEVER",
				registrant: "CID-0", nsset: "NID-0", ex: monthsOn(w.model.today(), 12),
			}
			w.does("REG-SEVER", 1000, domainCommand("create", "d0.cz", el("nsset", "NID-0"), el("registrant", "CID-0")))
			w.model.pay("REG-SEVER", 170_00)
			w.model.plan(d)
			w.add(d)
			w.does("REG-JIH", 1000, sendAuthInfo("domain", "d0.cz"))
			w.setCode(d.ref, "REG-JIH", w.lastCode(t))
			require.NoError(t, w.compare())

			if tt.table == "" {
				w.Queue.Add("REG-JIH", "one", nil)
			} else {
				plant(t, w.Registry, tt.table, tt.doc)
			}
			require.ErrorContains(t, w.compare(), tt.want)
		})
	}
}

// plant puts a record, by way of a snapshot, which is not held to what a control is held
// to.
func plant(t *testing.T, r *fred.Registry, table, doc string) {
	t.Helper()
	key, err := r.KeyOf(table, []byte(doc))
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, r.WriteSnapshot(&b, ""))
	head, lines, _ := strings.Cut(b.String(), "\n")
	var header map[string]any
	require.NoError(t, json.Unmarshal([]byte(head), &header))
	delete(header, "records") // a file that somebody makes need not count them
	first, err := json.Marshal(header)
	require.NoError(t, err)
	out := string(first) + "\n"
	for line := range strings.Lines(lines) {
		if old, is := strings.CutPrefix(strings.TrimSuffix(line, "}\n"), `{"`+table+`":`); is {
			if k, err := r.KeyOf(table, []byte(old)); err == nil && k == key {
				continue
			}
		}
		out += line
	}
	out += `{"` + table + `":` + doc + "}\n"
	require.NoError(t, r.ReadSnapshot(strings.NewReader(out), "planted"))
	require.NoError(t, r.Restore("planted"))
}
