package fred

import (
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// system reports whether the registry's own registrar asks, which rules don't bind.
func (r *Registry) system(x *mockserver.Exchange) bool {
	return r.opts.SystemRegistrar != "" && x.ClID() == r.opts.SystemRegistrar
}

// changeable checks, in FRED's order, that who asks may change an object, and that none
// of some statuses forbids it.
func (r *Registry) changeable(
	x *mockserver.Exchange, m *registry.Object, space, local, handle string, forbid ...string,
) error {
	switch {
	case r.system(x):
		return nil
	case m.ClID != x.ClID():
		return unauthorized(x.Session.Lang)
	case has(m.Status, forbid...):
		return locked(x, space, local, handle)
	}
	return nil
}

// moment is the time of a change as FRED tells it, in whole seconds.
func moment(tx *registry.Tx) time.Time { return tx.Now().Truncate(time.Second) }

// created is the data of a new object.
func (r *Registry) created(tx *registry.Tx, x *mockserver.Exchange, letter string) registry.Object {
	return registry.Object{
		ROID: registry.NewROID(tx, letter, roid),
		ClID: x.ClID(), CrID: x.ClID(), CrDate: moment(tx),
	}
}

// updated is an object's data after a change by who asks.
func updated(tx *registry.Tx, x *mockserver.Exchange, m registry.Object) registry.Object {
	m.UpID, m.UpDate = x.ClID(), moment(tx)
	return m
}

// kept are copies of texts that outlive their frame.
func kept(list []string) []string {
	list = slices.Clone(list)
	for i, s := range list {
		list[i] = strings.Clone(s)
	}
	return list
}

// keptUpper is kept for handles, in the case in which FRED keeps them.
func keptUpper(list []string) []string {
	list = kept(list)
	uppers(list)
	return list
}
