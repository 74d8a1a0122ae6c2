package gtld

import (
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// model is what a walk expects of the registry: written from the rules, and without a line
// of its code.
type model struct {
	now      time.Time
	domains  map[string]*modelDomain
	hosts    map[string]string // sponsor by name
	contacts map[string]string
	credit   map[string]registry.Amount
}

type modelDomain struct {
	name, clID string
	ex         time.Time
	status     []string
	grace      []modelGrace
	rgp        string
	until      time.Time
	tr         *modelTransfer
}

type modelGrace struct {
	kind  string
	until time.Time
	years int
	paid  registry.Amount
	by    string
}

type modelTransfer struct {
	to    string
	due   time.Time
	years int
}

const modelDay = 24 * time.Hour

func newModel(r *Registry) *model {
	m := &model{
		now: r.Now(), domains: make(map[string]*modelDomain), hosts: make(map[string]string),
		contacts: make(map[string]string), credit: make(map[string]registry.Amount),
	}
	for _, clID := range walkers {
		m.credit[clID] = r.Accounts.Credit(clID)[0].Credit
	}
	return m
}

// plus adds years as a calendar does, the 29th of February becoming the 28th.
func plus(t time.Time, years int) time.Time {
	y, mo, d := t.Date()
	if mo == time.February && d == 29 && time.Date(y+years, 3, 0, 0, 0, 0, 0, time.UTC).Day() == 28 {
		d = 28
	}
	h, mi, s := t.Clock()
	return time.Date(y+years, mo, d, h, mi, s, t.Nanosecond(), time.UTC)
}

func superordinateOf(host string) string {
	_, parent, _ := strings.Cut(host, ".")
	if strings.HasSuffix(parent, ".sauna") {
		return parent
	}
	return ""
}

func (d *modelDomain) has(status string) bool { return slices.Contains(d.status, status) }

func (d *modelDomain) active(at time.Time) []modelGrace {
	return slices.DeleteFunc(slices.Clone(d.grace), func(g modelGrace) bool { return !at.Before(g.until) })
}

func (d *modelDomain) inAdd(at time.Time) bool {
	return slices.ContainsFunc(d.active(at), func(g modelGrace) bool { return g.kind == rgp.AddPeriod })
}

func (m *model) hasBelow(name string) bool {
	for h := range m.hosts {
		if superordinateOf(h) == name {
			return true
		}
	}
	return false
}

func (m *model) create(name, clID string, years int) {
	paid := registry.Amount(1000 * years)
	m.credit[clID] -= paid
	m.domains[name] = &modelDomain{
		name: name, clID: clID, ex: plus(m.now, years),
		grace: []modelGrace{{rgp.AddPeriod, m.now.Add(5 * modelDay), years, paid, clID}},
	}
}

func (m *model) renew(d *modelDomain, years int) {
	paid := registry.Amount(800 * years)
	m.credit[d.clID] -= paid
	d.ex = plus(d.ex, years)
	d.grace = append(d.grace, modelGrace{rgp.RenewPeriod, m.now.Add(5 * modelDay), years, paid, d.clID})
}

// delete gives back what was paid in the grace periods, and with it its years.
func (m *model) delete(name string) {
	d := m.domains[name]
	fresh := d.inAdd(m.now)
	for _, g := range d.active(m.now) {
		m.credit[g.by] += g.paid
		d.ex = plus(d.ex, -g.years)
	}
	d.grace = nil
	if fresh {
		delete(m.domains, name)
		return
	}
	d.redeem(m.now)
}

func (d *modelDomain) redeem(at time.Time) {
	d.rgp, d.until = rgp.RedemptionPeriod, at.Add(30*modelDay)
	d.status = slices.DeleteFunc(d.status, func(s string) bool { return s == "clientDeleteProhibited" })
}

func (m *model) restore(d *modelDomain) {
	m.credit[d.clID] -= 4000
	d.rgp, d.until = rgp.PendingRestore, m.now.Add(7*modelDay)
}

func (m *model) report(d *modelDomain) {
	d.rgp, d.until = "", time.Time{}
	for !m.now.Before(d.ex) {
		m.renewByItself(d, m.now)
	}
}

func (m *model) renewByItself(d *modelDomain, at time.Time) {
	m.credit[d.clID] -= 800
	d.ex = plus(d.ex, 1)
	d.grace = append(d.grace, modelGrace{rgp.AutoRenewPeriod, at.Add(45 * modelDay), 1, 800, d.clID})
}

// base is the end of the registration without what it renewed by itself a short time ago.
func (d *modelDomain) base(at time.Time) time.Time {
	t := d.ex
	for _, g := range d.active(at) {
		if g.kind == rgp.AutoRenewPeriod {
			t = plus(t, -g.years)
		}
	}
	return t
}

// room is a year, where there is room for it below ten.
func (d *modelDomain) room(at time.Time, years int) int {
	if years == 1 && plus(d.base(at), 1).After(plus(at, 10)) {
		return 0
	}
	return years
}

func (m *model) request(d *modelDomain, to string) {
	d.tr = &modelTransfer{to: to, due: m.now.Add(5 * modelDay), years: d.room(m.now, 1)}
	d.status = slices.DeleteFunc(d.status, func(s string) bool { return s == "clientTransferProhibited" })
}

// approve moves a domain, with its hosts.
func (m *model) approve(d *modelDomain, at time.Time) {
	t := d.tr
	years := d.room(at, t.years)
	m.credit[t.to] -= 700
	if years > 0 {
		for _, g := range d.active(at) {
			if g.kind == rgp.AutoRenewPeriod {
				m.credit[g.by] += g.paid
				d.ex = plus(d.ex, -g.years)
			}
		}
		d.ex = plus(d.ex, years)
	}
	d.clID, d.tr = t.to, nil
	d.grace = []modelGrace{{rgp.TransferPeriod, at.Add(5 * modelDay), years, 700, t.to}}
	for h := range m.hosts {
		if superordinateOf(h) == d.name {
			m.hosts[h] = d.clID
		}
	}
}

// advance lets everything happen until a time, the earliest first.
func (m *model) advance(to time.Time) {
	for {
		var next *modelDomain
		var at time.Time
		for _, d := range m.domains {
			t := d.ex
			if d.rgp != "" {
				t = d.until
			}
			if d.tr != nil && !d.tr.due.After(t) {
				t = d.tr.due
			}
			if next == nil || t.Before(at) || t.Equal(at) && d.name < next.name {
				next, at = d, t
			}
		}
		if next == nil || at.After(to) {
			m.now = to
			return
		}
		m.happen(next, at)
	}
}

func (m *model) happen(d *modelDomain, at time.Time) {
	switch {
	case d.tr != nil && !at.Before(d.tr.due):
		if m.credit[d.tr.to] < 700 {
			d.tr = nil
			return
		}
		m.approve(d, at)
	case d.rgp == rgp.RedemptionPeriod:
		d.rgp, d.until = rgp.PendingDelete, at.Add(5*modelDay)
	case d.rgp == rgp.PendingRestore:
		d.redeem(at)
	case d.rgp == rgp.PendingDelete:
		delete(m.domains, d.name)
		for h := range m.hosts {
			if superordinateOf(h) == d.name {
				delete(m.hosts, h)
			}
		}
	default:
		m.renewByItself(d, at)
	}
}

// compare holds the registry to the model.
func (m *model) compare(w *walk) {
	w.t.Helper()
	r, v := w.reg, w.reg.View(nil)
	w.holds(r.domains.Len(v) == len(m.domains), "there are %d domains, not %d", r.domains.Len(v), len(m.domains))
	for name, want := range m.domains {
		d := r.domains.Get(v, name)
		w.holds(d != nil, "%s is not there", name)
		w.holds(d.ClID == want.clID, "%s is %s's, not %s's", name, d.ClID, want.clID)
		w.holds(d.ExDate.Equal(want.ex), "%s ends on %s, not on %s", name, d.ExDate, want.ex)
		w.holds(d.RGP == want.rgp, "%s is in %q, not in %q", name, d.RGP, want.rgp)
		w.holds(d.transferring() == (want.tr != nil), "%s has a pending transfer: %t", name, d.transferring())
	}
	w.holds(r.hosts.Len(v) == len(m.hosts), "there are %d hosts, not %d", r.hosts.Len(v), len(m.hosts))
	for name, clID := range m.hosts {
		h := r.hosts.Get(v, name)
		w.holds(h != nil && h.ClID == clID, "host %s is not %s's", name, clID)
	}
	w.holds(r.contacts.Len(v) == len(m.contacts), "there are %d contacts, not %d", r.contacts.Len(v), len(m.contacts))
	for clID, want := range m.credit {
		got := r.Accounts.Credit(clID)[0].Credit
		w.holds(got == want, "the credit of %s is %s, not %s", clID, got, want)
	}
}
