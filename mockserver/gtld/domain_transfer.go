package gtld

import (
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// domainTransfer asks for a domain, decides about that, or tells how it goes (RFC 5731,
// sections 3.1.3 and 3.2.4).
func (r *Registry) domainTransfer(x *mockserver.Exchange, q *domain.Transfer) (*domain.TrnData, error) {
	if q.Op == epp.TransferQuery {
		return r.domainTransferQuery(r.read(x), q)
	}
	return change(r, x, func(o *op) (*domain.TrnData, error) {
		if a, did, err := diverted[*domain.TrnData](r, o, q); did {
			return a, err
		}
		d := r.domains.Get(o, lower(q.Name))
		if d == nil {
			return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(domain.NS, "name", q.Name))
		}
		if err := r.governs(o, d); err != nil {
			return nil, err
		}
		var err error
		if q.Op == epp.TransferRequest {
			d, err = r.requestDomain(o, d, q)
		} else {
			d, err = r.decideDomain(o, d, q)
		}
		if err != nil {
			return nil, err
		}
		return d.trnData(), nil
	})
}

// domainTransferQuery answers both sides of the latest transfer, and whoever has the
// authInfo (RFC 5730, section 2.9.2.4).
func (r *Registry) domainTransferQuery(o *op, q *domain.Transfer) (*domain.TrnData, error) {
	d := r.domains.Get(o, lower(q.Name))
	if d == nil {
		return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(domain.NS, "name", q.Name))
	}
	if q.AuthInfo != nil {
		if err := r.proves(o, d, q.AuthInfo); err != nil {
			return nil, err
		}
	} else if !d.Transfer.party(d.ClID, o.ClID()) {
		return nil, epp.Refuse(epp.AuthorizationError, registry.Value(domain.NS, "name", q.Name))
	}
	if d.Transfer == nil {
		return nil, epp.Refuse(epp.ObjectNotPendingTransfer, registry.Value(domain.NS, "name", q.Name))
	}
	return d.trnData(), nil
}

// requestDomain begins a transfer, and ends it at once where the policy lets nobody
// answer.
func (r *Registry) requestDomain(o *op, d *Domain, q *domain.Transfer) (*Domain, error) {
	if err := r.transferable(o, d, q.AuthInfo); err != nil {
		return nil, err
	}
	years, err := d.transferYears(o.Now(), o.policy, q.Period)
	if err != nil {
		return nil, err
	}
	next := d.clone()
	next.Transfer = &Transfer{
		Status: epp.TrPending, ReID: strings.Clone(o.ClID()), ReDate: o.Now(),
		AcID: d.ClID, AcDate: o.Now().Add(o.policy.transferPending()), Years: years,
	}
	if years > 0 {
		next.Transfer.ExDate = addYears(d.transferBase(o.Now()), years)
	}
	next.Status = with(d.Status, pendingTransfer)
	o.bill = r.billFor(o, d.Name, actTransferred, years)
	if err := r.call(o, next, func(h *hooks) domainHook { return h.transfer }); err != nil {
		return nil, err
	}
	if o.policy.transferPending() == 0 {
		return r.approveTransfer(o.tx, next, epp.TrServerApproved, o.bill)
	}
	if err := r.affordable(o, o.ClID(), o.bill); err != nil {
		return nil, err
	}
	o.Code = epp.ActionPending
	r.domains.Put(o.tx, next)
	r.tellTransfer(o.tx, next.Transfer, d.ClID, next.ref(), "", next.trnData())
	return next, nil
}

// transferable says why a registrar can't have a domain, whatever the period.
func (r *Registry) transferable(o *op, d *Domain, a *epp.AuthInfo) error {
	switch {
	case d.ClID == o.ClID():
		return refuseDomain(epp.NotEligibleForTransfer, "name", d.Name, "is yours")
	case a == nil:
		return refuseDomain(epp.RequiredParameterMissing, "authInfo", "", "is missing")
	}
	if err := r.proves(o, d, a); err != nil {
		return err
	}
	switch s := prohibits(d.Status, actTransfer); {
	case slices.Contains(d.Status, pendingTransfer):
		return refuseDomain(epp.ObjectPendingTransfer, "name", d.Name, "its transfer is pending")
	case s != "":
		return refuseDomain(epp.StatusProhibitsOperation, "name", d.Name, "its status is "+s)
	case o.Now().Before(sponsoredSince(&d.Object).Add(o.policy.Transfer.Lock.D())):
		return refuseDomain(epp.NotEligibleForTransfer, "name", d.Name, "was created or transferred too short a time ago")
	}
	return nil
}

// transferYears is by how much a transfer extends the registration. What the command names
// is refused where it is too much; where it names nothing, it is as much of the policy's
// years as there is room for.
func (d *Domain) transferYears(now time.Time, p *Policy, period *epp.Period) (int, error) {
	if period == nil {
		return d.room(now, p, p.transferYears()), nil
	}
	years, err := p.years(period, 0)
	switch {
	case err != nil:
		return 0, err
	case p.Transfer.NoExtension:
		return 0, refusePeriod(period, "a transfer does not extend the registration")
	case d.room(now, p, years) < years:
		return 0, p.tooLong(period)
	}
	return years, nil
}

// room is how many of some years a transfer can add.
func (d *Domain) room(now time.Time, p *Policy, years int) int {
	for years > 0 && addYears(d.transferBase(now), years).After(p.latest(now)) {
		years--
	}
	return years
}

// transferBase is the end of the registration to which a transfer adds its years: a year
// by which the domain renewed itself a short time ago is taken back first.
func (d *Domain) transferBase(now time.Time) time.Time {
	base := d.ExDate
	for _, g := range d.graceAt(now) {
		if g.Kind == rgp.AutoRenewPeriod {
			base = addYears(base, -g.Years)
		}
	}
	return base
}

// decideDomain approves, rejects or cancels a transfer.
func (r *Registry) decideDomain(o *op, d *Domain, q *domain.Transfer) (*Domain, error) {
	if q.AuthInfo != nil {
		if err := r.proves(o, d, q.AuthInfo); err != nil {
			return nil, err
		}
	}
	status, who := d.Transfer.verdict(d.ClID, o.ClID(), q.Op)
	switch {
	case who != o.ClID():
		return nil, epp.Refuse(epp.AuthorizationError, registry.Value(domain.NS, "name", q.Name))
	case !d.transferring():
		return nil, epp.Refuse(epp.ObjectNotPendingTransfer, registry.Value(domain.NS, "name", q.Name))
	case status == epp.TrClientApproved:
		return r.approveTransfer(o.tx, d, status, nil)
	}
	return r.endTransfer(o.tx, d, status, who, ""), nil
}

// transferDue ends a transfer about which nobody decided. One that can't be paid for is
// cancelled.
func (r *Registry) transferDue(tx *registry.Tx, d *Domain) {
	if r.policyOf(d.Name).Transfer.Outcome == outcomeCancel {
		r.cancelTransfer(tx, d, "")
	} else if _, err := r.approveTransfer(tx, d, epp.TrServerApproved, nil); err != nil {
		r.cancelTransfer(tx, d, "the credit of "+d.Transfer.ReID+" does not suffice")
	}
}

// cancelTransfer is what the registry does by itself.
func (r *Registry) cancelTransfer(tx *registry.Tx, d *Domain, why string) *Domain {
	return r.endTransfer(tx, d, epp.TrServerCancelled, d.Transfer.AcID, why)
}

// endTransfer ends a transfer without a change of the sponsor.
func (r *Registry) endTransfer(tx *registry.Tx, d *Domain, status, who, why string) *Domain {
	next := d.clone()
	next.Status = without(d.Status, pendingTransfer)
	next.Transfer = d.Transfer.ended(status, who, tx.Now())
	next.Transfer.Years, next.Transfer.ExDate = 0, time.Time{}
	r.domains.Put(tx, next)
	r.tellTransfer(tx, next.Transfer, d.ClID, next.ref(), why, next.trnData())
	return next
}

// approveTransfer gives a domain to the registrar that asked for it, with the hosts below
// it. That pays the bill, which is made anew where it is nil; the error is 2104, and
// then nothing has happened.
//
// The old sponsor's grace periods end. It gets back what it paid where the domain renewed
// itself a short time ago, and the new one pays for that year. The authInfo has been seen
// by then, and RFC 9154, section 5.4, unsets it.
func (r *Registry) approveTransfer(tx *registry.Tx, d *Domain, status string, b *bill) (*Domain, error) {
	p, now, old := r.policyOf(d.Name), tx.Now(), d.ClID
	next := d.clone()
	next.Transfer = d.Transfer.ended(status, d.Transfer.AcID, now)
	t := next.Transfer
	t.Years = d.room(now, p, t.Years) // which the past days may have changed
	if b == nil {
		b = r.billTo(tx, t.ReID, d.Name, actTransferred, t.Years)
	}
	if err := r.charge(tx, t.ReID, b); err != nil {
		return nil, err
	}
	t.ExDate = time.Time{}
	if t.Years > 0 {
		r.refundGrace(tx, next, p, rgp.AutoRenewPeriod)
		next.ExDate = addYears(next.ExDate, t.Years)
		t.ExDate = next.ExDate
	}
	next.ClID, next.TrDate = t.ReID, now
	next.Status = without(d.Status, pendingTransfer)
	if r.opts.SecureAuthInfo {
		next.AuthInfo, next.AuthHash = "", registry.Hash{}
	}
	next.Grace = nil
	r.grace(next, rgp.TransferPeriod, p, now, b, t.ReID)
	for _, h := range r.hooks {
		if h.transferred != nil {
			h.transferred(tx, next)
		}
	}
	r.domains.Put(tx, next)
	r.moveHosts(tx, next.Name, next.ClID, now)
	r.tellTransfer(tx, next.Transfer, old, next.ref(), "", next.trnData())
	return next, nil
}

// transferring reports whether a transfer waits for an answer.
func (d *Domain) transferring() bool { return d.Transfer.pending() }

func (d *Domain) trnData() *domain.TrnData {
	t := d.Transfer
	return &domain.TrnData{
		Name: d.Name, TrStatus: t.Status, ReID: t.ReID, ReDate: t.ReDate,
		AcID: t.AcID, AcDate: t.AcDate, ExDate: t.ExDate,
	}
}
