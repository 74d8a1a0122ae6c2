package fred_test

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// model is what a walk expects of the registry: written from the rules, and without a line
// of its code.
type model struct {
	now       time.Time
	things    map[registry.Ref]*thing
	protected map[registry.Ref]time.Time // until when a handle can't be taken
	codes     map[codeKey]*modelCode
	tests     []modelTest
	credit    map[string]registry.Amount
	queue     map[string][]modelMessage
}

// thing is an object of any kind. A domain has all of it, a set its sponsor, techs and
// idle time, a contact its sponsor and idle time.
type thing struct {
	ref    registry.Ref
	clID   string
	status []string // of a domain, by the operator

	registrant, nsset, keyset string
	contacts                  []string // admins, or techs

	ex   time.Time
	of   time.Time // the exDate for which step counts
	step int
	last time.Time
	at   time.Time // of the next step, zero for never

	idle time.Time // when it is deleted, zero as long as something refers to it
}

type codeKey struct {
	of   registry.Ref
	clID string
}

type modelCode struct {
	value   string
	expires time.Time
	uses    int
}

type modelTest struct {
	at          time.Time
	clID, nsset string
}

type modelMessage struct {
	kind, handle string
	expires      time.Time
}

const (
	modelDay     = 24 * time.Hour
	modelCodeTTL = 14 * modelDay
	modelTTL     = 7 * modelDay // of a message
	modelLow     = registry.Amount(3000_00)
)

// kindOrder is in which order things happen that are due at the same time.
var kindOrder = []string{registry.Contact, registry.NSSet, registry.KeySet, registry.Domain, "test"}

func (m *model) get(kind, handle string) *thing {
	return m.things[registry.Ref{Kind: kind, Handle: handle}]
}

func (d *thing) has(status ...string) bool {
	return slices.ContainsFunc(status, func(s string) bool { return slices.Contains(d.status, s) })
}

// candidate is a domain that is about to be deleted.
func (d *thing) candidate() bool {
	return d.step > 3 && !d.has("serverRenewProhibited", "serverDeleteProhibited")
}

func (d *thing) links() []registry.Ref {
	var list []registry.Ref
	add := func(kind string, handles ...string) {
		for _, h := range handles {
			ref := registry.Ref{Kind: kind, Handle: h}
			if h != "" && !slices.Contains(list, ref) {
				list = append(list, ref)
			}
		}
	}
	add(registry.Contact, d.registrant)
	add(registry.Contact, d.contacts...)
	add(registry.NSSet, d.nsset)
	add(registry.KeySet, d.keyset)
	return list
}

// referrers are what refers to an object.
func (m *model) referrers(to registry.Ref, kinds ...string) []registry.Ref {
	var list []registry.Ref
	for ref, d := range m.things {
		if slices.Contains(d.links(), to) && (len(kinds) == 0 || slices.Contains(kinds, ref.Kind)) {
			list = append(list, ref)
		}
	}
	slices.SortFunc(list, func(a, b registry.Ref) int {
		return cmp.Or(cmp.Compare(slices.Index(kindOrder, a.Kind), slices.Index(kindOrder, b.Kind)), cmp.Compare(a.Handle, b.Handle))
	})
	return list
}

// relink starts and stops the time of idle things.
func (m *model) relink() {
	for ref, d := range m.things {
		if ref.Kind == registry.Domain {
			continue
		}
		if len(m.referrers(ref)) > 0 {
			d.idle = time.Time{}
		} else if d.idle.IsZero() {
			d.idle = m.now.AddDate(0, 6, 0)
		}
	}
}

// touch is what an update does to an idle thing: its time begins anew.
func (m *model) touch(d *thing) {
	d.idle = time.Time{}
	m.relink()
}

// remove deletes a thing and its codes.
func (m *model) remove(d *thing) {
	delete(m.things, d.ref)
	m.cancel(d.ref)
	if d.ref.Kind != registry.Domain {
		m.protected[d.ref] = m.now.AddDate(0, 2, 0)
	}
	m.relink()
}

func (m *model) cancel(ref registry.Ref) {
	for key := range m.codes {
		if key.of == ref {
			delete(m.codes, key)
		}
	}
}

func (m *model) setCode(of registry.Ref, clID, value string) {
	m.codes[codeKey{of, clID}] = &modelCode{value: value, expires: m.now.Add(modelCodeTTL)}
}

// valid is the code of an object that has this value, or nil.
func (m *model) valid(of registry.Ref, value string) *modelCode {
	for key, c := range m.codes {
		if key.of == of && c.value == value && m.now.Before(c.expires) {
			return c
		}
	}
	return nil
}

func (m *model) tell(clID, kind, handle string) {
	m.queue[clID] = append(m.queue[clID], modelMessage{kind, handle, m.now.Add(modelTTL)})
}

// waiting are a registrar's messages.
func (m *model) waiting(clID string) []modelMessage {
	m.queue[clID] = slices.DeleteFunc(m.queue[clID], func(it modelMessage) bool { return !m.now.Before(it.expires) })
	return m.queue[clID]
}

// pay is false where the credit does not suffice.
func (m *model) pay(clID string, amount registry.Amount) bool {
	before := m.credit[clID]
	if before < amount {
		return false
	}
	m.credit[clID] -= amount
	if m.credit[clID] < modelLow && before >= modelLow {
		m.tell(clID, "lowCreditData", "")
	}
	return true
}

// monthsOn adds months as a calendar does: the last day of a month where it has no such day.
func monthsOn(day time.Time, n int) time.Time {
	first := time.Date(day.Year(), day.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, min(day.Day(), first.AddDate(0, 1, -1).Day())-1)
}

func (m *model) today() time.Time { return m.now.Truncate(modelDay) }

// stepAt is when a step of a domain's life is planned for: a warning, the end, out of the
// zone, a candidate, gone.
func stepAt(step int, ex time.Time) time.Time {
	switch step {
	case 0:
		return ex.Add(-30 * modelDay)
	case 1:
		return ex
	case 2:
		return ex.Add(30*modelDay + 14*time.Hour)
	case 3:
		return ex.Add(61 * modelDay)
	}
	return ex.Add(61*modelDay + 12*time.Hour)
}

// plan says what happens next to a domain that was changed.
func (m *model) plan(d *thing) {
	if !d.of.Equal(d.ex) {
		d.of, d.step, d.last = d.ex, 0, time.Time{}
	}
	d.at = time.Time{}
	if d.has("serverRenewProhibited") || d.step >= 3 && d.has("serverDeleteProhibited") {
		return
	}
	d.at = stepAt(d.step, d.ex)
	if d.at.Before(m.now) {
		d.at = m.now
	}
	if soonest := d.last.Add(12 * time.Hour); d.step == 4 && d.at.Before(soonest) {
		d.at = soonest
	}
}

// an event is what happens by the clock.
type event struct {
	at   time.Time
	kind string
	key  string
	do   func()
}

// advance lets everything happen until a time, in its order.
func (m *model) advance(to time.Time) {
	for {
		var first *event
		for _, e := range m.events() {
			if first == nil || cmp.Or(e.at.Compare(first.at),
				cmp.Compare(slices.Index(kindOrder, e.kind), slices.Index(kindOrder, first.kind)),
				strings.Compare(e.key, first.key)) < 0 {
				first = &e
			}
		}
		if first == nil || first.at.After(to) {
			break
		}
		m.now = first.at
		first.do()
	}
	m.now = to
}

func (m *model) events() []event {
	var list []event
	for ref, d := range m.things {
		if !d.at.IsZero() {
			list = append(list, event{d.at, ref.Kind, ref.Handle, func() { m.step(d) }})
		}
		if !d.idle.IsZero() {
			list = append(list, event{d.idle, ref.Kind, ref.Handle, func() {
				m.remove(d)
				m.tell(d.clID, "idleDelData", ref.Handle)
			}})
		}
	}
	for i, it := range m.tests {
		list = append(list, event{it.at, "test", string(rune('0' + i)), func() {
			m.tests = slices.Delete(m.tests, i, i+1)
			m.tell(it.clID, "testData", it.nsset)
		}})
	}
	return list
}

// step is the next of a domain's life.
func (m *model) step(d *thing) {
	name := d.ref.Handle
	d.step, d.last = d.step+1, m.now
	switch d.step {
	case 1:
		m.tell(d.clID, "impendingExpData", name)
	case 2:
		m.tell(d.clID, "expData", name)
	case 3:
		m.tell(d.clID, "dnsOutageData", name)
	case 5:
		m.remove(d)
		m.tell(d.clID, "delData", name)
		return
	}
	m.plan(d)
}
