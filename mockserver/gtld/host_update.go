package gtld

import (
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// hostUpdate changes a host (RFC 5732, section 3.2.5). Its rules are checked in the order
// of those for domains; the name comes before the addresses, for it says whether there can
// be any.
func (r *Registry) hostUpdate(x *mockserver.Exchange, q *host.Update) (*epp.NoData, error) {
	if q.Add == nil && q.Rem == nil && q.Chg == nil && len(x.Command.Extension) == 0 {
		return nil, refuseHost(epp.RequiredParameterMissing, "update", "", "needs an add, a rem or a chg")
	}
	add, rem := or(q.Add), or(q.Rem)
	return change(r, x, func(o *op) (*epp.NoData, error) {
		h, err := r.ownHost(o, q.Name)
		if err != nil {
			return nil, err
		}
		addrs := len(add.Addr)+len(rem.Addr) > 0
		if s := prohibitsUpdate(r.hostStatus(o, h), add.Status, rem.Status, q.Chg != nil || addrs); s != "" {
			return nil, refuseHost(epp.StatusProhibitsOperation, "name", h.Name, "its status is "+s)
		}
		next := h.clone()
		if next.Status, next.Texts, err = alterStatuses(host.NS, h.Status, h.Texts, add.Status, rem.Status); err != nil {
			return nil, err
		}
		if q.Chg != nil {
			if err := r.rename(o, next, q.Chg.Name); err != nil {
				return nil, err
			}
		}
		var f refusals
		r.alterAddrs(next, add.Addr, rem.Addr, &f)
		if next.external() && !r.hostRules.ExternalAddrs && q.Chg != nil {
			next.Addrs = nil // they were glue
		}
		if addrs || q.Chg != nil {
			r.holdGlue(o, h, next, &f)
		}
		if err := f.err(); err != nil {
			return nil, err
		}
		ttls, err := r.hostTTL(o, next)
		if err != nil {
			return nil, err
		}
		if !addrs && !ttls && q.Chg == nil && len(add.Status)+len(rem.Status) == 0 {
			return nil, nil
		}
		next.UpID, next.UpDate = h.ClID, o.Now()
		if !r.hostWaits(o, commandUpdate, h, next) {
			r.putHost(o.tx, h, next)
		}
		return nil, nil
	})
}

// ownHost is a host that the registrar who asks sponsors.
func (r *Registry) ownHost(o *op, name string) (*Host, error) {
	h := r.hosts.Get(o, lower(name))
	switch {
	case h == nil:
		return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(host.NS, "name", name))
	case h.ClID != o.ClID():
		return nil, epp.Refuse(epp.AuthorizationError, registry.Value(host.NS, "name", name))
	}
	return h, nil
}

// rename gives a host another name. An external one that others' domains are delegated to
// keeps its name: they would follow unasked.
func (r *Registry) rename(rd registry.Reader, h *Host, name string) error {
	superordinate, err := r.newName(rd, h.ClID, name)
	if err != nil {
		return err
	}
	if h.external() {
		for ref := range rd.Referrers(h.ref(), registry.Domain) {
			if d := r.domains.Get(rd, ref.Handle); d.ClID != h.ClID {
				return refuseHost(epp.AssociationProhibitsOp, "name", h.Name, "a domain of another registrar is delegated to it")
			}
		}
	}
	h.Name, h.Superordinate = strings.Clone(lower(name)), superordinate
	return nil
}

// putHost stores a host in place of what it was. Where its name changed, the domains that
// are delegated to it follow; that is no update of theirs.
func (r *Registry) putHost(tx *registry.Tx, was, h *Host) {
	r.hosts.Put(tx, h)
	if h.Name == was.Name {
		return
	}
	r.redelegate(tx, was.ref(), h.Name)
	r.hosts.Delete(tx, was.Name)
}

// redelegate gives whatever is delegated to a host another in its place, or none for "":
// domains, which it returns as they are then, and applications for domains.
func (r *Registry) redelegate(tx *registry.Tx, from registry.Ref, to string) (changed []*Domain) {
	for _, by := range slices.Collect(tx.Referrers(from)) {
		switch by.Kind {
		case r.domains.Name():
			next := r.domains.Get(tx, by.Handle).redelegated(from.Handle, to)
			r.domains.Put(tx, next)
			changed = append(changed, next)
		case r.applications.Name():
			next := *r.applications.Get(tx, by.Handle)
			next.Domain = next.Domain.redelegated(from.Handle, to)
			r.applications.Put(tx, &next)
		}
	}
	return changed
}
