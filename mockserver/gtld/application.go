package gtld

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// An Application is one for a domain in a phase that collects them (RFC 8334, section 2.1).
// There may be several for a name.
type Application struct {
	ID     string `json:"id"`
	Phase  string `json:"phase"`
	Name   string `json:"name,omitempty"` // of the sub-phase
	Status string `json:"status"`         // one of RFC 8334, section 2.4
	Text   string `json:"text,omitempty"` // why
	// Domain is the domain as it is going to be, for Years.
	Domain *Domain `json:"domain"`
	Years  int     `json:"years"`
	// Paid is what is given back when it is rejected or withdrawn.
	Paid   registry.Amount `json:"paid,omitempty"`
	ClTRID string          `json:"clTRID,omitempty"`
	SvTRID string          `json:"svTRID"`
	// Until is when it is decided, zero where nobody but a control does.
	Until time.Time `json:"until,omitzero"`
}

// Key is the identifier.
func (a *Application) Key() string { return a.ID }

// Links are those of the domain, until it is decided.
func (a *Application) Links() []registry.Ref {
	if a.final() || a.Domain == nil { // which nobody makes, but a file may hold
		return nil
	}
	return a.Domain.Links()
}

// Due is when it is decided.
func (a *Application) Due() time.Time {
	if a.final() {
		return time.Time{}
	}
	return a.Until
}

func (a *Application) final() bool {
	return a.Status == launch.Allocated || a.Status == launch.Rejected
}

// phase is the phase as the extension tells it.
func (a *Application) phase() launch.Phase { return launch.Phase{Phase: a.Phase, Name: a.Name} }

// apply makes an application instead of a domain, by the same rules (RFC 8334, section
// 3.3).
func (r *Registry) apply(o *op, q *domain.Create, ph *Phase) (*domain.CreData, error) {
	years, err := r.registrable(o, q)
	if err != nil {
		return nil, err
	}
	d, err := r.newDomain(o, q, years)
	if err != nil {
		return nil, err
	}
	o.bill = r.billFor(o, d.Name, actCreated, years)
	if err := r.call(o, d, func(h *hooks) domainHook { return h.create }); err != nil {
		return nil, err
	}
	if err := r.pay(o); err != nil {
		return nil, err
	}
	d.Status = with(d.Status, pendingCreate)
	a := &Application{
		ID: fmt.Sprintf("A%d", o.tx.Count("application")), Phase: ph.Phase, Name: ph.Name, Status: launch.PendingAllocation,
		Domain: d, Years: years, Paid: o.bill.Amount, ClTRID: strings.Clone(o.Command.ClTRID), SvTRID: o.SvTRID(),
	}
	if ph.Phase == launch.Sunrise { // its marks are right
		a.Status = launch.Validated
	}
	if ph.First {
		a.Until = ph.To
	}
	r.applications.Put(o.tx, a)
	o.Code = epp.ActionPending
	o.Extension = append(o.Extension, &launch.CreData{Phase: a.phase(), ApplicationID: a.ID})
	return &domain.CreData{Name: d.Name, CrDate: d.CrDate}, nil
}

// application finds the one that a command names, which only its sponsor may.
func (r *Registry) application(o *op, name, id string, phase launch.Phase) (*Application, error) {
	name = lower(name)
	p := r.policies[parent(name)]
	if p != nil && !slices.ContainsFunc(p.Launch, func(ph Phase) bool { return ph.Applications }) {
		return nil, refuseLaunch(epp.UnimplementedOption, "applicationID", "there are no applications")
	}
	a := r.applications.Get(o, epp.Collapse(id))
	switch {
	case a == nil || a.Domain.Name != name:
		return nil, refuseLaunch(epp.ObjectDoesNotExist, "applicationID", "the name has no such application")
	case a.Domain.ClID != o.ClID():
		return nil, refuseLaunch(epp.AuthorizationError, "applicationID", "is another registrar's")
	case phase.Phase != a.Phase || phase.Name != "" && phase.Name != a.Name:
		return nil, refuseLaunch(epp.ParameterPolicyError, "phase", "is not that of the application")
	}
	return a, r.governs(o, a.Domain)
}

// applicationInfo shows an application as a domain (RFC 8334, sections 2.5 and 3.2).
func (r *Registry) applicationInfo(o *op, q *domain.Info, m *launch.Info) (*domain.InfData, error) {
	a, err := r.application(o, q.Name, m.ApplicationID, m.Phase)
	if err != nil {
		return nil, err
	}
	if err := r.call(o, a.Domain, func(h *hooks) domainHook {
		if h.uri == launch.NS || h.uri == rgp.NS {
			return nil
		}
		return h.info
	}); err != nil {
		return nil, err
	}
	data := a.infData()
	if err := r.addLaunch(o, data, a.Domain, m); err != nil {
		return nil, err
	}
	return r.applied(o, a, q.Hosts), nil
}

// applied is the domain of an application as an info shows it: it has no end yet.
func (r *Registry) applied(o *op, a *Application, hosts string) *domain.InfData {
	data := r.infData(o, a.Domain, hosts)
	data.ExDate = time.Time{}
	return data
}

func (a *Application) infData() *launch.InfData {
	return &launch.InfData{Phase: a.phase(), ApplicationID: a.ID, Status: &launch.Status{S: a.Status, Text: a.Text}}
}

// updateApplication changes what is applied for by the rules of domains (RFC 8334, section
// 3.4).
func (r *Registry) updateApplication(o *op, q *domain.Update, m *launch.Update) error {
	a, err := r.open(o, q.Name, m.ApplicationID, m.Phase)
	if err != nil {
		return err
	}
	was := a.Domain.clone()
	was.Status = without(was.Status, pendingCreate)
	add, rem, chg := or(q.Add), or(q.Rem), or(q.Chg)
	next, err := r.updated(o, was, add, rem, chg)
	if err != nil {
		return err
	}
	if err := r.callChange(o, was, next, func(h *hooks) changeHook { return h.update }); err != nil {
		return err
	}
	if err := r.pay(o); err != nil {
		return err
	}
	next.Status = with(next.Status, pendingCreate)
	next.UpID, next.UpDate = o.ClID(), o.Now()
	changed := *a
	changed.Domain = next
	r.applications.Put(o.tx, &changed)
	return nil
}

// withdraw deletes an application (RFC 8334, section 3.5).
func (r *Registry) withdraw(o *op, name string, m *launch.Delete) error {
	a, err := r.open(o, name, m.ApplicationID, m.Phase)
	if err != nil {
		return err
	}
	r.refund(o.tx, a.Domain.ClID, o.policy, a.Paid)
	r.applications.Delete(o.tx, a.ID)
	return nil
}

// open is application for one that is not decided yet.
func (r *Registry) open(o *op, name, id string, phase launch.Phase) (*Application, error) {
	a, err := r.application(o, name, id, phase)
	if err == nil && a.final() {
		return nil, refuseLaunch(epp.StatusProhibitsOperation, "applicationID", "is "+a.Status)
	}
	return a, err
}

// applicationDue gives a name to the first who applied for it, where the phase does that
// when it ends. It is then gone for the others.
func (r *Registry) applicationDue(tx *registry.Tx, a *Application) {
	if r.allocate(tx, a) != nil {
		r.reject(tx, a, "the name is not free")
	}
}

// Why the status of an application can't be set.
var (
	ErrNoApplication = errors.New("gtld: there is no such application, or it is decided")
	ErrNotFree       = errors.New("gtld: the name of the application is registered")
)

// SetApplication sets the status of an application, and tells its sponsor (RFC 8334,
// section 2.5): allocated registers the domain, and rejects who else applied for it;
// rejected ends the application. The error is ErrNoApplication or ErrNotFree.
func (r *Registry) SetApplication(id, status, text string) error {
	return r.Change(func(tx *registry.Tx) error {
		a := r.applications.Get(tx, id)
		if a == nil || a.final() {
			return fmt.Errorf("%w: %q", ErrNoApplication, id)
		}
		switch status {
		case launch.Allocated:
			return r.allocate(tx, a)
		case launch.Rejected:
			r.reject(tx, a, text)
			return nil
		case launch.PendingValidation, launch.Validated, launch.Invalid, launch.PendingAllocation:
		default:
			return fmt.Errorf("gtld: an application has no status %q", status)
		}
		next := *a
		next.Status, next.Text = status, text
		r.applications.Put(tx, &next)
		data := r.applied(ownQuery(tx, a.Domain.ClID), &next, "")
		data.AuthInfo = nil
		r.tellApplication(tx, &next, data)
		return nil
	})
}

// allocate makes a domain of an application, and rejects the others for its name.
func (r *Registry) allocate(tx *registry.Tx, a *Application) error {
	if r.domains.Has(tx, a.Domain.Name) {
		return fmt.Errorf("%w: %s", ErrNotFree, a.Domain.Name)
	}
	p := r.policyOf(a.Domain.Name)
	if p == nil {
		return fmt.Errorf("%w: %s", errNoPolicy, a.Domain.Name)
	}
	d := a.Domain.clone()
	d.Status = without(d.Status, pendingCreate)
	d.CrDate, d.ExDate, d.ApplicationID = tx.Now(), addYears(tx.Now(), a.Years), a.ID
	paid := &bill{Act: actCreated, Years: a.Years, Amount: a.Paid}
	r.grace(d, rgp.AddPeriod, p, tx.Now(), paid, d.ClID)
	r.domains.Put(tx, d)
	r.decided(tx, a, launch.Allocated, "")
	var others []*Application
	for other := range r.applications.All(tx) {
		if other.ID != a.ID && other.Domain.Name == d.Name && !other.final() {
			others = append(others, other)
		}
	}
	for _, other := range others {
		r.reject(tx, other, "the name was allocated to another applicant")
	}
	return nil
}

// reject ends an application without a domain, and gives back what was paid.
func (r *Registry) reject(tx *registry.Tx, a *Application, why string) {
	r.refund(tx, a.Domain.ClID, r.policyOf(a.Domain.Name), a.Paid)
	r.decided(tx, a, launch.Rejected, why)
}

func (r *Registry) decided(tx *registry.Tx, a *Application, status, text string) {
	next := *a
	next.Status, next.Text = status, text
	r.applications.Put(tx, &next)
	r.tellApplication(tx, &next, &domain.PanData{
		Name: a.Domain.Name, PaResult: status == launch.Allocated, PaDate: tx.Now(),
		PaTRID: epp.TrID{ClTRID: a.ClTRID, SvTRID: a.SvTRID},
	})
}

// tellApplication tells the sponsor what became of an application.
func (r *Registry) tellApplication(tx *registry.Tx, a *Application, data epp.Element) {
	r.Queue.Put(tx, registry.Message{
		ClID: a.Domain.ClID, Text: fmt.Sprintf("Application %s for %s is %s.", a.ID, a.Domain.Name, a.Status),
		ResData: []epp.Element{data}, Extension: []epp.Element{a.infData()},
	})
}
