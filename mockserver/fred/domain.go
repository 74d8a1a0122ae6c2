package fred

import (
	"slices"
	"time"

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
	N  int       `json:"n"`  // counts those that have happened
	At time.Time `json:"at"` // when the next one does; zero for never
}

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

// Due is when the next step of its life or of its validation happens.
func (d *Domain) Due() time.Time {
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
