package gtld

import (
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// grace begins a grace period of a domain (RFC 3915, section 3.1): rgp.AddPeriod and the
// like, in which clID gets back what it paid when it deletes the domain. paid is nil for
// nothing. A period that the policy gives no time never begins.
func (r *Registry) grace(d *Domain, kind string, p *Policy, from time.Time, paid *bill, clID string) {
	length := map[string]func() time.Duration{
		rgp.AddPeriod:       p.graceAdd,
		rgp.RenewPeriod:     p.graceRenew,
		rgp.AutoRenewPeriod: p.graceAutoRenew,
		rgp.TransferPeriod:  p.graceTransfer,
	}[kind]()
	d.Grace = d.graceAt(from)
	if length == 0 {
		return
	}
	g := GracePeriod{Kind: kind, Until: from.Add(length), PaidBy: clID}
	if paid != nil {
		g.Years, g.Paid = paid.Years, paid.Amount
	}
	d.Grace = append(d.Grace, g)
}

// graceAt are the grace periods that are not over at a time. The list is a new one.
func (d *Domain) graceAt(now time.Time) []GracePeriod {
	return slices.DeleteFunc(slices.Clone(d.Grace), func(g GracePeriod) bool { return !now.Before(g.Until) })
}

// inGrace reports whether a grace period of a kind is not over at a time.
func (d *Domain) inGrace(kind string, now time.Time) bool {
	return slices.ContainsFunc(d.graceAt(now), func(g GracePeriod) bool { return g.Kind == kind })
}

// refundGrace ends the grace periods of these kinds, and gives back what was paid for
// them, and so takes back their years; all kinds where none is named. Those that are over
// bring nothing.
func (r *Registry) refundGrace(tx *registry.Tx, d *Domain, p *Policy, kinds ...string) {
	var kept []GracePeriod
	for _, g := range d.graceAt(tx.Now()) {
		if len(kinds) > 0 && !slices.Contains(kinds, g.Kind) {
			kept = append(kept, g)
			continue
		}
		r.refund(tx, g.PaidBy, p, g.Paid)
		d.ExDate = addYears(d.ExDate, -g.Years)
	}
	d.Grace = kept
}

// addYears moves a date by years; what would be 29 February in a year that has none is
// the 28th.
func addYears(t time.Time, n int) time.Time {
	moved := t.AddDate(n, 0, 0)
	if moved.Day() != t.Day() {
		moved = moved.AddDate(0, 0, -moved.Day())
	}
	return moved
}
