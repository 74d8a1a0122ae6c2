package gtld

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// domainDue lets happen with a domain what falls due: one thing. What else does at that
// moment comes next, for the domain is due again. With one that is below no top-level
// domain of the registry nothing does: no policy says what.
func (r *Registry) domainDue(tx *registry.Tx, d *Domain) {
	if r.policyOf(d.Name) == nil {
		return
	}
	reached := func(t time.Time) bool { return !t.IsZero() && !tx.Now().Before(t) }
	switch {
	case d.Pending != nil && reached(d.Pending.Until):
		r.decide(tx, d, !d.Pending.Deny)
	case d.transferring() && reached(d.Transfer.AcDate):
		r.transferDue(tx, d)
	case d.RGP != "" && reached(d.RGPUntil):
		r.rgpDue(tx, d)
	case d.RGP == "" && reached(d.ExDate):
		r.expire(tx, d)
	}
}

// expire is the end of a registration: it is renewed or deleted, as the policy says.
func (r *Registry) expire(tx *registry.Tx, d *Domain) {
	p := r.policyOf(d.Name)
	if w := d.Pending; w != nil && (w.Command == commandRenew || !p.autoRenews()) {
		r.decide(tx, d, !w.Deny) // before it would count from another end; then the domain is due again
		return
	}
	if p.autoRenews() {
		next := d.clone()
		r.renewByItself(tx, next, p)
		r.domains.Put(tx, next)
		return
	}
	if d.Pending != nil {
		r.decide(tx, d, false)
		if d = r.domains.Get(tx, d.Name); d == nil {
			return
		}
	}
	if d.transferring() { // one thing is pending at a time
		d = r.cancelTransfer(tx, d, "the registration has ended")
	}
	next := d.clone()
	next.Grace = nil
	redeem(next, p, tx.Now())
	r.domains.Put(tx, next)
	r.tell(tx, next, "The registration of domain "+d.Name+" has ended, and it is deleted: it can be restored until "+date(next.RGPUntil)+".")
}

// renewByItself renews a domain for a year without its sponsor's asking (RFC 3915,
// section 3.1, autoRenewPeriod). The sponsor pays for it, with credit or without.
func (r *Registry) renewByItself(tx *registry.Tx, d *Domain, p *Policy) {
	b := r.billTo(tx, d.ClID, d.Name, actRenewed, 1)
	r.owe(tx, d.ClID, b)
	d.ExDate = addYears(d.ExDate, 1)
	r.grace(d, rgp.AutoRenewPeriod, p, tx.Now(), b, d.ClID)
	r.tell(tx, d, "Domain "+d.Name+" was renewed by itself.", &domain.RenData{Name: d.Name, ExDate: d.ExDate})
}

// redeem deletes a domain so that it can be restored for a while (RFC 3915, section 2,
// step 3). What forbids a deletion can't stand beside pendingDelete.
func redeem(d *Domain, p *Policy, now time.Time) {
	d.Status = with(d.Status, pendingDelete)
	d.RGP, d.RGPUntil = rgp.RedemptionPeriod, now.Add(p.redemption())
}

// rgpDue is the end of a step of a deletion (RFC 3915, section 2, figure 1).
func (r *Registry) rgpDue(tx *registry.Tx, d *Domain) {
	p := r.policyOf(d.Name)
	next := d.clone()
	switch d.RGP {
	case rgp.RedemptionPeriod:
		next.RGP, next.RGPUntil = rgp.PendingDelete, tx.Now().Add(p.pendingDelete())
		r.domains.Put(tx, next)
	case rgp.PendingRestore:
		r.redeemAgain(tx, d, "There was no report on the restore of domain "+d.Name)
	default:
		r.purge(tx, d)
		var data []epp.Element
		if m := d.Deletion; m != nil {
			data = append(data, &domain.PanData{
				Name: d.Name, PaResult: true,
				PaTRID: epp.TrID{ClTRID: m.ClTRID, SvTRID: m.SvTRID}, PaDate: tx.Now(),
			})
		}
		r.tell(tx, d, "Domain "+d.Name+" is deleted.", data...)
	}
}

// purge removes a domain, and the hosts below it, which name servers of other domains may
// be.
func (r *Registry) purge(tx *registry.Tx, d *Domain) {
	for _, h := range slices.Collect(tx.Referrers(registry.Ref{Kind: registry.Domain, Handle: d.Name}, registry.Host)) {
		r.refuseWaiting(tx, h)
		for _, by := range r.redelegate(tx, h, "") {
			if by.Name != d.Name {
				r.tell(tx, by, fmt.Sprintf("Domain %s has lost its name server %s: domain %s is deleted.", by.Name, h.Handle, d.Name))
			}
		}
		r.hosts.Delete(tx, h.Handle)
	}
	r.domains.Delete(tx, d.Name)
}

// tell queues a message for a domain's sponsor.
func (r *Registry) tell(tx *registry.Tx, d *Domain, text string, data ...epp.Element) {
	r.Queue.Put(tx, registry.Message{ClID: d.ClID, Text: text, ResData: data})
}

func date(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// life checks what fixtures say of where a domain is in its life.
func (v *validator) life(d *Domain, at registry.Path) {
	if d.RGP != "" || !d.RGPUntil.IsZero() {
		v.oneOf(d.RGP, at.With("rgp"), rgp.RedemptionPeriod, rgp.PendingRestore, rgp.PendingDelete)
		v.Check(!d.RGPUntil.IsZero(), at, "rgp needs an rgpUntil")
		v.Check(slices.Contains(d.Status, pendingDelete), at, "rgp needs the status pendingDelete")
	}
	for i := range d.Grace {
		g, at := &d.Grace[i], at.With("grace", i)
		v.oneOf(g.Kind, at.With("kind"), rgp.AddPeriod, rgp.RenewPeriod, rgp.AutoRenewPeriod, rgp.TransferPeriod)
		v.Check(!g.Until.IsZero(), at, "needs an until")
		v.Check(g.Years >= 0 && g.Paid >= 0, at, "neither years nor paid may be negative")
		g.PaidBy = cmp.Or(g.PaidBy, d.ClID)
		v.Check(g.PaidBy == d.ClID, at.With("paidBy"), "grace periods are the sponsor's")
	}
	if d.Transfer != nil {
		v.transfer(d.Transfer, &d.Object, at.With("transfer"))
	}
}

// transfer checks the latest transfer of an object of fixtures.
func (v *validator) transfer(t *Transfer, m *registry.Object, at registry.Path) {
	v.oneOf(t.Status, at.With("status"), epp.TrPending, epp.TrClientApproved, epp.TrClientRejected,
		epp.TrClientCancelled, epp.TrServerApproved, epp.TrServerCancelled)
	v.Check(v.Registrar(t.ReID), at.With("reID"), "there is no registrar %q", t.ReID)
	v.Check(v.Registrar(t.AcID), at.With("acID"), "there is no registrar %q", t.AcID)
	v.Check(!t.ReDate.IsZero() && !t.AcDate.IsZero(), at, "needs a reDate and an acDate")
	v.Check(t.Years >= 0, at.With("years"), "must not be negative")
	if t.Status == epp.TrPending {
		v.Check(slices.Contains(m.Status, pendingTransfer), at, "a pending one needs the status pendingTransfer")
		v.Check(t.AcID == m.ClID && t.ReID != m.ClID, at, "a pending one is another's request to the sponsor")
	}
}
