package fred

import (
	"slices"
	"time"

	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/enumval"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Life is what happens to a domain by the clock, in days from the day on which it, or
// its validation, expires. A day begins at midnight in Location.
type Life struct {
	// Notice is how many days before its end a domain's sponsor is warned
	// (impendingExpData).
	Notice int
	// Outage is how many days after it an expired domain leaves the zone
	// (dnsOutageData), at OutageHour.
	Outage, OutageHour int
	// Delete is how many days after it a domain becomes a candidate for deletion,
	// at DeleteHour, and DeleteDelay how long it then takes until it is deleted
	// (delData).
	Delete, DeleteHour int
	DeleteDelay        time.Duration
	// ValidationNotice is how many days before the end of an ENUM domain's
	// validation its sponsor is warned (impendingValExpData). On the day itself,
	// at OutageHour, it is no longer validated (valExpData).
	ValidationNotice int
	// ValidationWindow is in how many days before the end of a validation the next
	// one is counted from that end, and not from the day of the command.
	ValidationWindow int
	// Location is where the days are those of the calendar; nil is UTC.
	Location *time.Location
}

// DefaultLife has the periods that FRED's documents name as defaults. How long a
// candidate waits for its deletion they do not say: half a day.
func DefaultLife() Life {
	return Life{
		Notice: 30, Outage: 30, OutageHour: 14, Delete: 61, DeleteDelay: 12 * time.Hour,
		ValidationNotice: 30, ValidationWindow: 14,
	}
}

// The steps by which a domain's life ends, counted by [Domain.Life]. Each one happens
// when as many have happened before.
const (
	warns = iota
	expires
	leavesZone
	becomesCandidate
	isDeleted
)

// The steps by which its validation ends, counted by [Domain.Validation].
const (
	warnsOfValidation = iota
	endsValidation
	validationOver
)

// today is the day at a time.
func (l *Life) today(now time.Time) time.Time {
	y, m, d := now.In(l.location()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (l *Life) location() *time.Location {
	if l.Location == nil {
		return time.UTC
	}
	return l.Location
}

// at is an hour of the day that is days after another.
func (l *Life) at(day time.Time, days, hour int) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d+days, hour, 0, 0, 0, l.location()).UTC()
}

// lifeAt is when a step of a domain's life happens.
func (l *Life) lifeAt(step int, exDate time.Time) time.Time {
	switch step {
	case warns:
		return l.at(exDate, -l.Notice, 0)
	case expires:
		return l.at(exDate, 0, 0)
	case leavesZone:
		return l.at(exDate, l.Outage, l.OutageHour)
	case becomesCandidate:
		return l.at(exDate, l.Delete, l.DeleteHour)
	}
	return l.at(exDate, l.Delete, l.DeleteHour).Add(l.DeleteDelay)
}

// validationAt is when a step of its validation happens.
func (l *Life) validationAt(step int, valExDate time.Time) time.Time {
	if step == warnsOfValidation {
		return l.at(valExDate, -l.ValidationNotice, 0)
	}
	return l.at(valExDate, 0, l.OutageHour)
}

// schedule says what happens next to a domain that has been changed. A step that was
// held back by a status, or whose time is over already, happens now.
func (r *Registry) schedule(d *Domain, now time.Time) {
	if !d.Life.Of.Equal(d.ExDate) {
		d.Life = Step{Of: d.ExDate}
	}
	d.Life.At = time.Time{}
	if !d.held() {
		d.Life.At = later(r.life.lifeAt(d.Life.N, d.ExDate), now)
		if d.Life.N == isDeleted {
			d.Life.At = later(d.Life.At, d.Life.Last.Add(r.life.DeleteDelay))
		}
	}

	if !d.Validation.Of.Equal(d.ValExDate) {
		d.Validation = Step{Of: d.ValExDate}
	}
	d.Validation.At = time.Time{}
	if !d.ValExDate.IsZero() && d.Validation.N < validationOver {
		d.Validation.At = later(r.life.validationAt(d.Validation.N, d.ValExDate), now)
	}
}

// held reports whether the next step of a domain's life does not happen.
func (d *Domain) held() bool {
	return d.ExDate.IsZero() || has(d.Status, renewProhibited) || d.Life.N >= becomesCandidate && has(d.Status, deleteProhibited)
}

// scheduled reports whether what happens next is what schedule says.
func (d *Domain) scheduled() bool {
	return d.Life.Of.Equal(d.ExDate) && d.Validation.Of.Equal(d.ValExDate) && d.Life.At.IsZero() == d.held()
}

// begin is schedule for a domain of the fixtures: what is over by now has happened, and
// nobody is told. One that should be gone is a candidate for deletion.
func (r *Registry) begin(d *Domain, now time.Time) {
	d.Life, d.Validation = Step{Of: d.ExDate, Last: now}, Step{Of: d.ValExDate, Last: now}
	for d.Life.N < isDeleted && !r.life.lifeAt(d.Life.N, d.ExDate).After(now) {
		d.Life.N++
	}
	for !d.ValExDate.IsZero() && d.Validation.N < validationOver && !r.life.validationAt(d.Validation.N, d.ValExDate).After(now) {
		d.Validation.N++
	}
	r.schedule(d, now)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b.UTC()
	}
	return a
}

// domainDue lets the next thing happen to a domain.
func (r *Registry) domainDue(tx *registry.Tx, old *Domain) {
	d, now := old.clone(), tx.Now()
	if r.schedule(d, now); !d.Due().Equal(old.Due()) {
		r.domains.Put(tx, d) // it was changed, and this is not the time
		return
	}
	if d.Life.At.IsZero() || d.Life.At.After(now) {
		r.validationStep(tx, d)
	} else if r.lifeStep(tx, d) == isDeleted {
		return
	}
	r.putDomain(tx, old, d)
}

// lifeStep takes the next step of a domain's life, and returns it.
func (r *Registry) lifeStep(tx *registry.Tx, d *Domain) int {
	step := d.Life.N
	d.Life.N, d.Life.Last = step+1, tx.Now()
	switch step {
	case warns:
		r.tell(tx, d.ClID, &domain.ImpendingExpData{Name: d.Name, ExDate: d.ExDate})
	case expires:
		r.tell(tx, d.ClID, &domain.ExpData{Name: d.Name, ExDate: d.ExDate})
	case leavesZone:
		if !has(d.Status, inzoneManual) {
			r.tell(tx, d.ClID, &domain.DNSOutageData{Name: d.Name, ExDate: d.ExDate})
		}
	case isDeleted:
		r.dropDomain(tx, d)
		r.tell(tx, d.ClID, &domain.DelData{Name: d.Name, ExDate: d.ExDate})
	}
	return step
}

func (r *Registry) validationStep(tx *registry.Tx, d *Domain) {
	if d.Validation.N == warnsOfValidation {
		r.tell(tx, d.ClID, &enumval.ImpendingValExpData{Name: d.Name, ValExDate: d.ValExDate})
	} else {
		r.tell(tx, d.ClID, &enumval.ValExpData{Name: d.Name, ValExDate: d.ValExDate})
	}
	d.Validation.N, d.Validation.Last = d.Validation.N+1, tx.Now()
}

// states are the statuses of a domain: what was set, and what follows from the steps of
// its life. They are FRED's rules for its automatic states.
func (d *Domain) states() []string {
	renewable := !has(d.Status, renewProhibited)
	unguarded := d.Life.N > leavesZone && renewable
	notValidated := d.Validation.N > endsValidation
	list := slices.Clone(d.Status)
	for _, s := range []struct {
		name string
		on   bool
	}{
		{expired, d.Life.N > expires && renewable},
		{outzone, d.NSSet == "" || has(d.Status, outzoneManual) || !has(d.Status, inzoneManual) && (unguarded || notValidated)},
		{notValidatedStatus, notValidated},
		{deleteCandidate, d.Life.N > becomesCandidate && renewable && !has(d.Status, deleteProhibited)},
	} {
		if s.on && !slices.Contains(list, s.name) {
			list = append(list, s.name)
		}
	}
	return list
}

// object is what rules look at that are for every kind of object.
func (d *Domain) object() *registry.Object {
	return &registry.Object{ClID: d.ClID, Status: d.states()}
}
