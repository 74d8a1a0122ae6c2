package gtld

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/maintenance"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// A Maintenance is a time in which systems of the registry are not what they should be
// (RFC 9167, section 3.3).
type Maintenance struct {
	// ID is assigned where it is empty. Name is for people.
	ID   string `yaml:"id" json:"id"`
	Name string `yaml:"name" json:"name,omitempty"`
	// Type is what kind of work it is, in words; "" is not told.
	Type    string   `yaml:"type" json:"type,omitempty"`
	Systems []System `yaml:"systems" json:"systems"`
	// Environment is production, the default, ote, staging or dev.
	Environment string    `yaml:"environment" json:"environment,omitempty"`
	Start       time.Time `yaml:"start" json:"start"`
	End         time.Time `yaml:"end" json:"end"`
	Emergency   bool      `yaml:"emergency" json:"emergency,omitempty"` // otherwise it is planned
	// Detail is a URI with more, Description says it in words; "" is nothing.
	Detail      string `yaml:"detail" json:"detail,omitempty"`
	Description string `yaml:"description" json:"description,omitempty"`
	// TLDs are those concerned; none are all.
	TLDs []string `yaml:"tlds" json:"tlds,omitempty"`
	// Connection and Implementation say what clients have to change.
	Connection     bool `yaml:"connection" json:"connection,omitempty"`
	Implementation bool `yaml:"implementation" json:"implementation,omitempty"`
	// Courtesy is how long before the start registrars are reminded; 0 is never.
	Courtesy registry.Duration `yaml:"courtesy" json:"courtesy,omitempty"`

	CrDate time.Time `yaml:"crDate" json:"crDate,omitzero"`
	UpDate time.Time `yaml:"upDate" json:"upDate,omitzero"`
	// Reminded and Over say which messages the clock has brought.
	Reminded bool `yaml:"-" json:"reminded,omitempty"`
	Over     bool `yaml:"-" json:"over,omitempty"`
}

// A System is one that a maintenance concerns.
type System struct {
	Name   string `yaml:"name" json:"name"`               // such as EPP or DNS
	Host   string `yaml:"host" json:"host,omitempty"`     // in A-labels
	Impact string `yaml:"impact" json:"impact,omitempty"` // full, the default, partial or none
}

// Key is the identifier.
func (m *Maintenance) Key() string { return m.ID }

// Due is when registrars are told next.
func (m *Maintenance) Due() time.Time {
	switch {
	case m.Over:
		return time.Time{}
	case m.Courtesy > 0 && !m.Reminded:
		return m.Start.Add(-m.Courtesy.D())
	}
	return m.End
}

// item is the maintenance as the mapping tells it, in a message or elsewhere ("").
func (m *Maintenance) item(pollType string) *maintenance.Item {
	a := &maintenance.Item{
		ID: m.id(), PollType: pollType,
		Environment: maintenance.Environment{Type: cmp.Or(m.Environment, maintenance.Production)},
		Start:       m.Start, End: m.End, Reason: maintenance.Planned,
		TLDs: m.TLDs, CrDate: m.CrDate, UpDate: m.UpDate,
		Intervention: &maintenance.Intervention{Connection: m.Connection, Implementation: m.Implementation},
	}
	if m.Type != "" {
		a.Types = []maintenance.Type{{Text: m.Type}}
	}
	for _, s := range m.Systems {
		a.Systems = append(a.Systems, maintenance.System{Name: s.Name, Host: s.Host, Impact: cmp.Or(s.Impact, maintenance.ImpactFull)})
	}
	if m.Emergency {
		a.Reason = maintenance.Emergency
	}
	if m.Detail != "" {
		a.Detail = new(m.Detail)
	}
	if m.Description != "" {
		a.Description = []maintenance.Description{{Text: m.Description}}
	}
	return a
}

func (m *Maintenance) id() maintenance.ID { return maintenance.ID{ID: m.ID, Name: m.Name} }

// maintenanceInfo tells of one maintenance, or lists all, past ones included (RFC 9167,
// section 4.1.1).
func (r *Registry) maintenanceInfo(x *mockserver.Exchange, q *maintenance.Info) (*maintenance.InfData, error) {
	v := r.View(x)
	if q.ID != nil {
		m := r.maintenances.Get(v, epp.Collapse(q.ID.ID))
		if m == nil {
			return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(maintenance.NS, "id", q.ID.ID))
		}
		return &maintenance.InfData{Item: m.item("")}, nil
	}
	list := new(maintenance.List)
	for m := range r.maintenances.All(v) {
		list.Items = append(list.Items, maintenance.ListItem{
			ID: m.id(), Start: m.Start, End: m.End, CrDate: m.CrDate, UpDate: m.UpDate,
		})
	}
	return &maintenance.InfData{List: list}, nil
}

// ErrNoMaintenance is when there is no maintenance of an identifier.
var ErrNoMaintenance = errors.New("gtld: there is no such maintenance")

// SetMaintenance makes a maintenance known, or changes the one with its ID, and tells every
// registrar (RFC 9167, section 4.1.2). CrDate and UpDate are set. It returns the ID; the
// error says what is wrong with the maintenance.
func (r *Registry) SetMaintenance(m Maintenance) (id string, err error) {
	v := &validator{}
	v.maintenance(&m, registry.Path{"maintenance"})
	if v.Err != nil {
		return "", v.Err
	}
	err = r.Change(func(tx *registry.Tx) error {
		what := maintenance.PollUpdate
		was := r.maintenances.Get(tx, m.ID)
		if was == nil {
			what, m.CrDate, m.UpDate = maintenance.PollCreate, tx.Now(), time.Time{}
		} else {
			m.CrDate, m.UpDate = was.CrDate, tx.Now()
		}
		m.Reminded, m.Over = false, false
		next := r.putMaintenance(tx, m)
		id = next.ID
		r.tellMaintenance(tx, next, what)
		return nil
	})
	return id, err
}

// DeleteMaintenance calls a maintenance off, and tells every registrar. The error is
// ErrNoMaintenance.
func (r *Registry) DeleteMaintenance(id string) error {
	return r.Change(func(tx *registry.Tx) error {
		m := r.maintenances.Get(tx, id)
		if m == nil {
			return fmt.Errorf("%w: %q", ErrNoMaintenance, id)
		}
		r.maintenances.Delete(tx, id)
		r.tellMaintenance(tx, m, maintenance.PollDelete)
		return nil
	})
}

// putMaintenance stores a maintenance, of which nobody is told what is past.
func (r *Registry) putMaintenance(tx *registry.Tx, m Maintenance) *Maintenance {
	for m.ID == "" {
		if id := fmt.Sprintf("M%d", tx.Count("maintenance")); !r.maintenances.Has(tx, id) {
			m.ID = id
		}
	}
	m.Systems, m.TLDs = slices.Clone(m.Systems), slices.Clone(m.TLDs)
	m.Reminded = m.Courtesy > 0 && !tx.Now().Before(m.Start.Add(-m.Courtesy.D()))
	m.Over = !tx.Now().Before(m.End)
	r.maintenances.Put(tx, &m)
	return &m
}

// maintenanceDue reminds of a maintenance, or tells of its end.
func (r *Registry) maintenanceDue(tx *registry.Tx, m *Maintenance) {
	next, what := *m, maintenance.PollEnd
	if m.Courtesy > 0 && !m.Reminded {
		next.Reminded, what = true, maintenance.PollCourtesy
	} else {
		next.Over = true
	}
	r.maintenances.Put(tx, &next)
	r.tellMaintenance(tx, m, what)
}

func (r *Registry) tellMaintenance(tx *registry.Tx, m *Maintenance, what string) {
	for acc := range r.Accounts.Table.All(tx) {
		r.Queue.Put(tx, registry.Message{
			ClID: acc.ClID, Text: fmt.Sprintf("Maintenance %s from %s to %s: %s.", m.ID, date(m.Start), date(m.End), what),
			ResData: []epp.Element{&maintenance.InfData{Item: m.item(what)}},
		})
	}
}

// maintenance checks one of the list "maintenance".
func (v *validator) maintenance(m *Maintenance, at registry.Path) {
	v.Token(m.ID, 0, registry.NoLimit, at.With("id"))
	v.Token(m.Name, 0, registry.NoLimit, at.With("name"))
	v.Check(len(m.Systems) > 0, at, "has no systems")
	for i, s := range m.Systems {
		at := at.With("systems", i)
		v.Token(s.Name, 1, registry.NoLimit, at.With("name"))
		v.Token(s.Host, 0, 255, at.With("host"))
		v.oneOf(cmp.Or(s.Impact, maintenance.ImpactFull), at.With("impact"), maintenance.ImpactFull, maintenance.ImpactPartial, maintenance.ImpactNone)
	}
	v.oneOf(cmp.Or(m.Environment, maintenance.Production), at.With("environment"),
		maintenance.Production, maintenance.OTE, maintenance.Staging, maintenance.Dev)
	v.Check(m.Start.Before(m.End), at, "must end after it starts")
	v.Line(m.Type, 0, registry.NoLimit, at.With("type"))
	v.Line(m.Description, 0, registry.NoLimit, at.With("description"))
	v.Token(m.Detail, 0, registry.NoLimit, at.With("detail"))
}
