package fred

import (
	"fmt"
	"slices"
	"time"

	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Domain is a domain.
type Domain struct {
	Name            string `yaml:"name" json:"name"`
	registry.Object `yaml:",inline"`

	Registrant string    `yaml:"registrant" json:"registrant"`
	Admins     []string  `yaml:"admins" json:"admins,omitempty"`
	NSSet      string    `yaml:"nsset" json:"nsset,omitempty"`
	KeySet     string    `yaml:"keyset" json:"keyset,omitempty"`
	ExDate     time.Time `yaml:"exDate" json:"exDate"` // a day
	// ValExDate is the day on which the validation of an ENUM domain expires,
	// and Publish whether it is to stand in the directory.
	ValExDate time.Time `yaml:"valExDate" json:"valExDate,omitzero"`
	Publish   *bool     `yaml:"publish" json:"publish,omitempty"`

	// Life is what happens next because of ExDate, and Validation because of
	// ValExDate.
	Life       Step `yaml:"-" json:"life,omitzero"`
	Validation Step `yaml:"-" json:"validation,omitzero"`
}

// A Step is the next of a series of things that happen with a domain by the clock.
type Step struct {
	Of   time.Time `json:"of"`            // the day from which they are counted
	N    int       `json:"n"`             // counts those that have happened
	Last time.Time `json:"last,omitzero"` // when the last one did
	At   time.Time `json:"at,omitzero"`   // when the next one does; zero for never
}

// The statuses of a domain that rules look at.
const (
	renewProhibited      = "serverRenewProhibited"
	registrantProhibited = "serverRegistrantChangeProhibited"
	outzoneManual        = "serverOutzoneManual"
	inzoneManual         = "serverInzoneManual"
	expired              = "expired"
	outzone              = "outzone"
	notValidatedStatus   = "notValidated"
)

// Key is the name, in lower case.
func (d *Domain) Key() string { return d.Name }

// Links are the registrant, the admins, the nsset and the keyset.
func (d *Domain) Links() []registry.Ref {
	list := append(refs(registry.Contact, d.Registrant), refs(registry.Contact, d.Admins...)...)
	if d.NSSet != "" {
		list = append(list, registry.Ref{Kind: registry.NSSet, Handle: d.NSSet})
	}
	if d.KeySet != "" {
		list = append(list, registry.Ref{Kind: registry.KeySet, Handle: d.KeySet})
	}
	return list
}

// Due is when the next step of its life or of its validation happens. For a domain that
// an operator has put, without these, it is long ago: they are set down at once.
func (d *Domain) Due() time.Time {
	if !d.scheduled() {
		return time.Unix(1, 0)
	}
	life, validation := d.Life.At, d.Validation.At
	if life.IsZero() || !validation.IsZero() && validation.Before(life) {
		return validation
	}
	return life
}

func (d *Domain) ref() registry.Ref { return registry.Ref{Kind: registry.Domain, Handle: d.Name} }

// clone is a copy that can be changed.
func (d *Domain) clone() *Domain {
	c := *d
	c.Status, c.Admins = slices.Clone(d.Status), slices.Clone(d.Admins)
	return &c
}

// contacts are the registrant and the admins.
func (d *Domain) contacts() []string { return append([]string{d.Registrant}, d.Admins...) }

// putDomain stores a domain, and sets down what happens to it next. old is the domain
// before, or nil.
func (r *Registry) putDomain(tx *registry.Tx, old, d *Domain) {
	r.schedule(d, tx.Now())
	r.domains.Put(tx, d)
	if old == nil {
		r.relink(tx, nil, d.Links())
	} else if before, after := old.Links(), d.Links(); !slices.Equal(before, after) {
		r.relink(tx, before, after)
	}
}

// dropDomain deletes a domain, and its authInfos.
func (r *Registry) dropDomain(tx *registry.Tx, d *Domain) {
	r.domains.Delete(tx, d.Name)
	r.AuthInfos.Cancel(tx, d.ref())
	r.relink(tx, d.Links(), nil)
}

// UpdateDomain changes a domain as the registry itself does: no rule holds it up, and
// the sponsor gets the message updateData. change is given a copy of the domain. The error
// is ErrNoObject, or says which link would be left dangling.
func (r *Registry) UpdateDomain(name string, change func(*Domain)) error {
	return r.domainByRegistry(name, func(old *Domain) (*Domain, error) {
		d := old.clone()
		change(d)
		return d, nil
	})
}

// domainByRegistry is UpdateDomain with a change that can fail.
func (r *Registry) domainByRegistry(name string, change func(*Domain) (*Domain, error)) error {
	return r.Change(func(tx *registry.Tx) error {
		old := r.domains.Get(tx, lower(name))
		if old == nil {
			return fmt.Errorf("%w: domain %q", ErrNoObject, name)
		}
		d, err := change(old)
		if err != nil {
			return err
		}
		d.UpID, d.UpDate = r.opts.SystemRegistrar, moment(tx)
		r.putDomain(tx, old, d)
		r.tellUpdate(tx, old, d)
		return nil
	})
}

// tellUpdate tells a domain's sponsor that somebody else has changed it.
func (r *Registry) tellUpdate(tx *registry.Tx, old, d *Domain) {
	r.tell(tx, d.ClID, &domain.UpdateData{
		OpTRID: r.SvTRID(), OldData: *domainData("", old), NewData: *domainData("", d),
	})
}

// updateDomain stores a domain that a registrar has changed. Where that is not the
// sponsor, the sponsor is told.
func (r *Registry) updateDomain(tx *registry.Tx, x *mockserver.Exchange, old, d *Domain) {
	d.Object = updated(tx, x, d.Object)
	r.putDomain(tx, old, d)
	if x.ClID() != d.ClID {
		r.tellUpdate(tx, old, d)
	}
}
