package gtld

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/epp/ttl"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// rgp is RFC 3915: a restore instead of an update, and grace periods in an info.
func (r *Registry) rgp() *hooks {
	return &hooks{
		uri: rgp.NS,
		instead: func(o *op, q epp.Element) (epp.Element, bool, error) {
			u, is := q.(*domain.Update)
			m, extended := extension[*rgp.Update](o)
			if !is || !extended {
				return nil, false, nil
			}
			return nil, true, r.restore(o, u, &m.Restore)
		},
		info: func(o *op, d *Domain) error {
			if list := d.rgpStatus(o.Now()); len(list) > 0 {
				o.Extension = append(o.Extension, &rgp.InfData{RGPStatus: list})
			}
			return nil
		},
	}
}

// rgpStatus is where a deleted domain is, or in which grace periods another one is, with
// their ends in words.
func (d *Domain) rgpStatus(now time.Time) []epp.Status {
	until := func(s string, t time.Time) epp.Status { return epp.Status{S: s, Text: "until " + date(t)} }
	if d.RGP != "" {
		return []epp.Status{until(d.RGP, d.RGPUntil)}
	}
	var list []epp.Status
	for _, g := range d.graceAt(now) {
		s := until(g.Kind, g.Until)
		if k := slices.IndexFunc(list, func(t epp.Status) bool { return t.S == g.Kind }); k >= 0 {
			list[k] = s
		} else {
			list = append(list, s)
		}
	}
	return list
}

// restore takes one of the two steps that bring a deleted domain back (RFC 3915, section
// 4.2.5).
func (r *Registry) restore(o *op, q *domain.Update, m *rgp.Restore) error {
	d, err := r.ownDomain(o, q.Name)
	if err != nil {
		return err
	}
	if err := changesNothing(o, q); err != nil {
		return err
	}
	next := d.clone()
	next.UpID, next.UpDate = d.ClID, o.Now()
	if m.Op == rgp.OpRequest {
		return r.requestRestore(o, d, next, m)
	}
	return r.reportRestore(o, next, m)
}

// changesNothing refuses a restore that is not in an update with an empty part, or has one
// that is not, or beside an extension that changes something.
func changesNothing(o *op, q *domain.Update) error {
	const why = "a restore changes nothing else"
	for _, e := range o.Command.Extension {
		switch e.(type) {
		case *secdns.Update, *ttl.Update:
			return epp.Refuse(epp.ParameterPolicyError, registry.Because(e.XMLName().Space, e.XMLName().Local, "", why))
		}
	}
	empty := 0
	for _, m := range []*domain.AddRem{q.Add, q.Rem} {
		switch {
		case m == nil:
		case m.NS != nil || len(m.Contacts)+len(m.Status) > 0:
			return refuseDomain(epp.ParameterPolicyError, "update", "", why)
		default:
			empty++
		}
	}
	switch c := q.Chg; {
	case c == nil && empty == 0:
		return refuseDomain(epp.RequiredParameterMissing, "update", "", "a restore needs an empty add, rem or chg")
	case c != nil && (c.Registrant != nil || c.AuthInfo != nil):
		return refuseDomain(epp.ParameterPolicyError, "update", "", why)
	}
	return nil
}

func (r *Registry) requestRestore(o *op, d, next *Domain, m *rgp.Restore) error {
	switch {
	case m.Report != nil:
		return refuseRGP(epp.ParameterPolicyError, "restore", "a request has no report")
	case d.RGP != rgp.RedemptionPeriod:
		return refuseDomain(epp.StatusProhibitsOperation, "name", d.Name, "it is not in the "+rgp.RedemptionPeriod)
	}
	o.bill = r.billFor(o, d.Name, actRestored, 0)
	if err := r.callChange(o, d, next, func(h *hooks) changeHook { return h.update }); err != nil {
		return err
	}
	if err := r.pay(o); err != nil {
		return err
	}
	next.RGP, next.RGPUntil = rgp.PendingRestore, o.Now().Add(o.policy.restoreReport())
	r.domains.Put(o.tx, next)
	o.Extension = append(o.Extension, &rgp.UpData{RGPStatus: []epp.Status{{S: rgp.PendingRestore}}})
	return nil
}

// reportRestore takes the report, with which the restore is complete. A domain whose
// registration has ended meanwhile renews itself.
func (r *Registry) reportRestore(o *op, next *Domain, m *rgp.Restore) error {
	switch {
	case m.Report == nil:
		return refuseRGP(epp.RequiredParameterMissing, "restore", "there is no report")
	case next.RGP != rgp.PendingRestore:
		return refuseDomain(epp.StatusProhibitsOperation, "name", next.Name, "it is not in "+rgp.PendingRestore)
	}
	if err := acceptable(m.Report, o.Now()); err != nil {
		return err
	}
	next.Status = without(next.Status, pendingDelete)
	next.RGP, next.RGPUntil, next.Deletion = "", time.Time{}, nil
	for !o.Now().Before(next.ExDate) {
		r.renewByItself(o.tx, next, o.policy)
	}
	r.domains.Put(o.tx, next)
	return nil
}

// acceptable says what is wrong with a report, so that another one can be sent.
func acceptable(m *rgp.Report, now time.Time) error {
	blank := func(x epp.Mixed) bool { return strings.TrimSpace(x.Text) == "" && len(x.Elements) == 0 }
	for _, part := range []struct {
		local string
		epp.Mixed
	}{{"preData", m.PreData}, {"postData", m.PostData}, {"resReason", m.ResReason.Mixed}} {
		if blank(part.Mixed) {
			return refuseRGP(epp.RequiredParameterMissing, part.local, "is empty")
		}
	}
	said := slices.DeleteFunc(slices.Clone(m.Statement), func(s epp.Msg) bool { return blank(s.Mixed) })
	switch {
	case len(said) != 2:
		return refuseRGP(epp.RequiredParameterMissing, "statement", fmt.Sprintf("there must be two, and there are %d", len(said)))
	case m.DelTime.After(m.ResTime):
		return refuseRGP(epp.ParameterRangeError, "resTime", "is before the delTime")
	case m.ResTime.After(now):
		return refuseRGP(epp.ParameterRangeError, "resTime", "is in the future")
	}
	return nil
}

func refuseRGP(code epp.Code, local, why string) error {
	return epp.Refuse(code, registry.Because(rgp.NS, local, "", why))
}

// redeemAgain brings a domain back to the redemptionPeriod, which begins anew as with other
// registries (RFC 3915, section 2, step 6).
func (r *Registry) redeemAgain(tx *registry.Tx, d *Domain, why string) {
	next := d.clone()
	redeem(next, r.policyOf(d.Name), tx.Now())
	r.domains.Put(tx, next)
	r.tell(tx, next, why+": it can be restored until "+date(next.RGPUntil)+".")
}

// ErrNotRestoring is when no restore of a domain waits for its report.
var ErrNotRestoring = errors.New("gtld: the domain is not in " + rgp.PendingRestore)

// RefuseRestore ends a restore that waits for its report, as the registry's staff may: the
// redemptionPeriod begins again, and the sponsor is told. The error is ErrNotRestoring.
func (r *Registry) RefuseRestore(name string) error {
	return r.Change(func(tx *registry.Tx) error {
		d := r.domains.Get(tx, lower(name))
		if d == nil || d.RGP != rgp.PendingRestore {
			return fmt.Errorf("%w: %s", ErrNotRestoring, name)
		}
		if r.policyOf(d.Name) == nil {
			return fmt.Errorf("%w: %s", errNoPolicy, name)
		}
		r.redeemAgain(tx, d, "The restore of domain "+d.Name+" was refused")
		return nil
	})
}
