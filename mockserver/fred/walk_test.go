package fred_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var walkers = []string{"REG-SEVER", "REG-JIH", "REG-VYCHOD"}

const walkFixtures = `
zones: [cz]
zoneRules:
  cz: {createPrice: 20.00, renewPrice: 150.00, lowCredit: 3000.00}
registrars:
  - {clID: REG-SEVER, password: chodec-Brana4, maxSessions: 100, credit: {cz: 90000000.00}}
  - {clID: REG-JIH, password: chodec-Brana4, maxSessions: 100, credit: {cz: 90000000.00}}
  - {clID: REG-VYCHOD, password: chodec-Brana4, maxSessions: 100, credit: {cz: 4000.00}}
`

// walkStart is shortly before the end of a leap year's longest month.
var walkStart = time.Date(2027, 12, 29, 9, 0, 0, 0, time.UTC)

func startWalk(t *testing.T, seed uint64) *mock {
	t.Helper()
	f, err := fred.ParseFixtures("walk.yaml", []byte(walkFixtures))
	require.NoError(t, err)
	return start(t, fred.Options{
		Options:  registry.Options{Clock: registry.NewClock(walkStart), Seed: seed},
		Fixtures: f,
	})
}

// walker is a session that is not validated: there are too many answers.
func (m *mock) walker(t *testing.T, clID string) *wiretest.Client {
	t.Helper()
	return wiretest.Dial(t, m.srv, clID, "").Login(clID, "chodec-Brana4")
}

// walk is a random history: commands by several registrars, changes by the operator, and
// time that passes. Before each command the model foretells the code of its answer.
type walk struct {
	*mock
	t     *testing.T
	rnd   *rand.Rand
	conn  map[string]*wiretest.Client
	model *model
	last  map[registry.Ref]string // the codes that were seen last, valid or not
	steps []string                // what was done, for whoever has to understand a failure
	codes map[int]int
	made  int
}

func newWalk(t *testing.T, seed uint64) *walk {
	w := &walk{
		mock: startWalk(t, seed), t: t, rnd: rand.New(rand.NewPCG(seed, 5)), conn: make(map[string]*wiretest.Client),
		model: &model{
			now: walkStart, things: make(map[registry.Ref]*thing), protected: make(map[registry.Ref]time.Time),
			codes: make(map[codeKey]*modelCode), credit: make(map[string]registry.Amount), queue: make(map[string][]modelMessage),
		},
		last: make(map[registry.Ref]string), codes: make(map[int]int),
	}
	for _, clID := range walkers {
		w.conn[clID] = w.walker(t, clID)
		w.model.credit[clID] = w.Accounts.Credit(clID)[0].Credit
	}
	return w
}

func (w *walk) chance(of int) bool         { return w.rnd.IntN(of) == 0 }
func (w *walk) pick(list ...string) string { return list[w.rnd.IntN(len(list))] }

// handle is the name of an object, which may be there.
func (w *walk) handle(kind string) string {
	switch kind {
	case registry.Domain:
		return fmt.Sprintf("d%d.cz", w.rnd.IntN(10))
	case registry.Contact:
		return fmt.Sprintf("CID-%d", w.rnd.IntN(12))
	case registry.NSSet:
		return fmt.Sprintf("NID-%d", w.rnd.IntN(4))
	}
	return fmt.Sprintf("KID-%d", w.rnd.IntN(4))
}

func (w *walk) handles(kind string, n int) []string {
	var list []string
	for range n {
		list = append(list, w.handle(kind))
	}
	return list
}

// object is one of those that are there, most of the time, and who sponsors it, most of the
// time.
func (w *walk) object(kind string) (ref registry.Ref, d *thing, clID string) {
	clID = w.pick(walkers...)
	for range 4 {
		ref = registry.Ref{Kind: kind, Handle: w.handle(kind)}
		if d = w.model.things[ref]; d != nil {
			break
		}
	}
	if d != nil && !w.chance(6) {
		clID = d.clID
	}
	return ref, d, clID
}

// free is a name that is not taken, most of the time.
func (w *walk) free(kind string) registry.Ref {
	ref := registry.Ref{Kind: kind, Handle: w.handle(kind)}
	for range 4 {
		if _, protected := w.model.protected[ref]; w.model.things[ref] == nil && !protected {
			break
		}
		ref.Handle = w.handle(kind)
	}
	return ref
}

// missing reports whether one of these is not there.
func (w *walk) missing(kind string, handles ...string) bool {
	return slices.ContainsFunc(handles, func(h string) bool { return h != "" && w.model.get(kind, h) == nil })
}

func repeats(list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return slices.Index(list, s) != lastIndex(list, s) })
}

func lastIndex(list []string, s string) int {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i] == s {
			return i
		}
	}
	return -1
}

// does sends what is said to a registrar's session, and wants the code that was foretold.
// It reports whether that is a success.
func (w *walk) does(clID string, want int, content string) bool {
	w.t.Helper()
	var a *wiretest.Answer
	if strings.HasPrefix(content, "<extension>") {
		a = w.conn[clID].Send(content)
	} else {
		a = w.conn[clID].Do(content)
	}
	return w.said(clID, want, content, a)
}

func (w *walk) said(clID string, want int, content string, a *wiretest.Answer) bool {
	w.t.Helper()
	got, _ := strconv.Atoi(a.Attrs("response/result", "code")[0])
	w.note("%s %s: %d", clID, strings.NewReplacer(`xmlns:o="`+nic, `"`, `xmlns:fred="`+nic, `"`).Replace(content), got)
	w.codes[got]++
	if got != want {
		w.fail("the answer is %d, and the model says %d:\n%s", got, want, a.XML)
	}
	return got < 2000
}

func (w *walk) note(format string, args ...any) {
	w.steps = append(w.steps, w.model.now.Format(time.DateTime)+" "+fmt.Sprintf(format, args...))
}

func (w *walk) fail(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf("%s\nthe last steps:\n%s", fmt.Sprintf(format, args...), strings.Join(w.steps[max(0, len(w.steps)-25):], "\n"))
}

// step does one thing, and then compares.
func (w *walk) step() {
	w.t.Helper()
	set := w.pick(registry.NSSet, registry.KeySet)
	kind := w.pick(registry.Contact, registry.Domain, registry.Domain, set)
	switch n := w.rnd.IntN(100); {
	case n < 9:
		w.createContact()
	case n < 15:
		w.createSet(set)
	case n < 24:
		w.createDomain()
	case n < 31:
		w.renewDomain()
	case n < 38:
		w.updateDomain()
	case n < 43:
		w.updateSet(set)
	case n < 47:
		w.updateContact()
	case n < 54:
		w.delete(kind)
	case n < 61:
		w.sendCode(kind)
	case n < 71:
		w.transfer(kind)
	case n < 75:
		w.infoWithCode(kind)
	case n < 77:
		w.test()
	case n < 79:
		w.list(kind)
	case n < 82:
		w.operate()
	case n < 90:
		w.poll()
	default:
		w.wait()
	}
	w.model.advance(w.Now()) // what a status held back happens as soon as it is gone
	if err := w.compare(); err != nil {
		w.fail("%v", err)
	}
}

func (w *walk) wait() {
	d := []time.Duration{time.Minute, 5 * time.Hour, 26 * time.Hour, 6 * modelDay, 15 * modelDay, 62 * modelDay, 300 * modelDay}[w.rnd.IntN(7)]
	if w.chance(2) {
		d = time.Hour
	}
	d += time.Duration(w.rnd.IntN(3600)) * time.Second
	w.note("%s pass", d)
	w.Advance(d)
	w.model.advance(w.Now())
}

// operate has the operator set or clear a status of a domain.
func (w *walk) operate() {
	ref, d, _ := w.object(registry.Domain)
	if d == nil {
		return
	}
	status := "server" + w.pick("Transfer", "Update", "Delete", "Renew", "RegistrantChange") + "Prohibited"
	change := func(list []string) []string {
		if i := slices.Index(list, status); i >= 0 {
			return slices.Delete(list, i, i+1)
		}
		return append(list, status)
	}
	w.note("the operator has %s be %s, or not any more", ref, status)
	require.NoError(w.t, w.UpdateDomain(ref.Handle, func(d *fred.Domain) { d.Status = change(d.Status) }))
	d.status = change(d.status)
	w.model.plan(d)
	w.model.tell(d.clID, "updateData", ref.Handle)
}

// poll looks at the next message, and takes it off most of the time.
func (w *walk) poll() {
	clID := w.pick(walkers...)
	for range w.rnd.IntN(8) {
		waiting := w.model.waiting(clID)
		if len(waiting) == 0 {
			w.does(clID, 1300, `<poll op="req"/>`)
			w.does(clID, 2303, `<poll op="ack" msgID="1"/>`)
			return
		}
		a := w.conn[clID].Do(`<poll op="req"/>`)
		w.said(clID, 1301, `<poll op="req"/>`, a)
		next := waiting[0]
		handle := strings.Join(append(a.All("msg/*/id"), a.All("msg/*/name")...), " ")
		if strings.HasPrefix(next.kind, "updateData") {
			handle = strings.Join(append(a.All("oldData/infData/id"), a.All("oldData/infData/name")...), " ")
		} else if next.kind == "testData" {
			handle = a.Text("testData/id")
		}
		if kind := strings.Join(a.Names("msgQ/msg"), " "); kind != next.kind || handle != next.handle {
			w.fail("the message is %s of %s, and the model says %v", kind, handle, waiting)
		}
		if count := a.Attrs("msgQ", "count")[0]; count != strconv.Itoa(len(waiting)) {
			w.fail("%s messages wait, and the model says %d", count, len(waiting))
		}
		if w.chance(4) {
			return
		}
		w.does(clID, 1000, `<poll op="ack" msgID="`+a.Attrs("msgQ", "id")[0]+`"/>`)
		w.model.queue[clID] = waiting[1:]
	}
}

// records are all of a table.
func records[R any](m *mock, table string) []*R {
	list, err := m.Records(table, "", 1_000_000)
	if err != nil {
		panic(err)
	}
	out := make([]*R, len(list))
	for i, doc := range list {
		if err := json.Unmarshal(doc.Value, &out[i]); err != nil {
			panic(err)
		}
	}
	return out
}

// compare holds the registry to the model.
func (w *walk) compare() error {
	m := w.model
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	there := make(map[registry.Ref]bool)
	same := func(kind, handle string, obj registry.Object, links []registry.Ref, idle time.Time) *thing {
		ref := registry.Ref{Kind: kind, Handle: handle}
		d := m.things[ref]
		if d == nil {
			bad("%s is there", ref)
			return nil
		}
		there[ref] = true
		if obj.ClID != d.clID || !slices.Equal(obj.Status, d.status) || !idle.Equal(d.idle) {
			bad("%s is %s's, not %s's, or %v, not %v, or idle at %s, not at %s", ref, obj.ClID, d.clID, obj.Status, d.status, idle, d.idle)
		}
		if want := d.links(); !sameRefs(links, want) {
			bad("%s refers to %v, not to %v", ref, links, want)
		}
		if got, want := slices.Collect(w.View(nil).Referrers(ref)), m.referrers(ref); !slices.Equal(got, want) {
			bad("%v refer to %s, and the model says %v", got, ref, want)
		}
		return d
	}
	for _, c := range records[fred.Contact](w.mock, registry.Contact) {
		same(registry.Contact, c.ID, c.Object, nil, c.IdleAt)
	}
	for _, s := range records[fred.NSSet](w.mock, registry.NSSet) {
		same(registry.NSSet, s.ID, s.Object, s.Links(), s.IdleAt)
	}
	for _, s := range records[fred.KeySet](w.mock, registry.KeySet) {
		same(registry.KeySet, s.ID, s.Object, s.Links(), s.IdleAt)
	}
	for _, d := range records[fred.Domain](w.mock, registry.Domain) {
		it := same(registry.Domain, d.Name, d.Object, d.Links(), time.Time{})
		if it != nil && (!d.ExDate.Equal(it.ex) || d.Life.N != it.step || !d.Life.At.Equal(it.at)) {
			bad("%s ends on %s, step %d at %s; not on %s, step %d at %s", d.Name, d.ExDate, d.Life.N, d.Life.At, it.ex, it.step, it.at)
		}
	}
	for ref := range m.things {
		if !there[ref] {
			bad("%s is not there", ref)
		}
		for _, issued := range w.AuthInfos.Active(ref) {
			if c := m.codes[codeKey{ref, issued.ClID}]; c == nil || c.uses != issued.Uses || !c.expires.Equal(issued.Expires) {
				bad("%s's authInfo for %s was used %d times and ends at %s; the model says %v", issued.ClID, ref, issued.Uses, issued.Expires, c)
			}
		}
	}
	maps.DeleteFunc(m.codes, func(_ codeKey, c *modelCode) bool { return !m.now.Before(c.expires) })
	if n := w.CountRecords("authInfo"); n != len(m.codes) {
		bad("%d authInfos are valid, and the model says %d", n, len(m.codes))
	}
	maps.DeleteFunc(m.protected, func(_ registry.Ref, until time.Time) bool { return !m.now.Before(until) })
	for _, p := range records[fred.Protected](w.mock, "protected") {
		ref := registry.Ref{Kind: p.Kind, Handle: p.Handle}
		if until, ok := m.protected[ref]; !ok || !until.Equal(p.Until) {
			bad("%s is protected until %s, not %s", ref, p.Until, until)
		}
	}
	if n := w.CountRecords("protected"); n != len(m.protected) {
		bad("%d handles are protected, and the model says %d", n, len(m.protected))
	}
	for clID, want := range m.credit {
		if got := w.Accounts.Credit(clID)[0].Credit; got != want {
			bad("the credit of %s is %s, not %s", clID, got, want)
		}
		if got, want := w.Queue.Len(clID), len(m.waiting(clID)); got != want {
			bad("%d messages wait for %s, not %d", got, clID, want)
		}
	}
	return errors.Join(append(errs, w.invariants())...)
}

func sameRefs(got, want []registry.Ref) bool {
	return !slices.ContainsFunc(got, func(r registry.Ref) bool { return !slices.Contains(want, r) }) &&
		!slices.ContainsFunc(want, func(r registry.Ref) bool { return !slices.Contains(got, r) })
}
