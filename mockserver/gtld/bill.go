package gtld

import (
	"errors"
	"fmt"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// What costs money. These are also the names that the fee extension has for it.
const (
	actCreated     = "create"
	actRenewed     = "renew"
	actTransferred = "transfer"
	actRestored    = "restore"
)

// standardClass is of the names that belong to no class of premium ones.
const standardClass = "standard"

// A bill is what an act costs a registrar.
type bill struct {
	Name     string // of the domain
	Act      string // create, renew, transfer or restore
	Years    int    // 0 for a restore, and for a transfer that does not extend
	Class    string // of the name: standard, or the name of a premium class
	Amount   registry.Amount
	Currency string
	Zone     string // of the credit that it is taken from
}

// billFor makes the bill of an act for the registrar that gives the command. The name is
// below a top-level domain of the registry.
func (r *Registry) billFor(o *op, name, act string, years int) *bill {
	return r.billTo(o, o.ClID(), name, act, years)
}

// billTo makes the bill of an act for any registrar.
func (r *Registry) billTo(rd registry.Reader, clID, name, act string, years int) *bill {
	p := r.policyOf(name)
	b := &bill{
		Name: name, Act: act, Years: years, Class: standardClass,
		Currency: p.currency(), Zone: r.purse(rd, clID, p),
	}
	price := p.Prices.Standard
	if class, ok := p.Prices.Premium[strings.TrimSuffix(name, "."+p.Name)]; ok {
		b.Class, price = class, p.Prices.Classes[class]
	}
	switch act {
	case actCreated:
		b.Amount = price.Create * registry.Amount(years)
	case actRenewed:
		b.Amount = price.Renew * registry.Amount(years)
	case actTransferred: // one that does not extend costs as much as one by a year
		b.Amount = price.Transfer * registry.Amount(max(years, 1))
	case actRestored:
		b.Amount = price.Restore
	}
	return b
}

// purse is the zone from whose credit a registrar pays: that of the top-level domain, or
// the one named like the currency where it has none of that.
func (r *Registry) purse(rd registry.Reader, clID string, p *Policy) string {
	if acc := r.Accounts.Table.Get(rd, clID); acc != nil {
		_, own := acc.Credit[p.Name]
		if _, ok := acc.Credit[p.currency()]; ok && !own {
			return p.currency()
		}
	}
	return p.Name
}

// pay takes what a command costs from the credit of the registrar that gives it. The
// error is 2104 where that does not suffice.
func (r *Registry) pay(o *op) error {
	if o.bill == nil {
		return nil
	}
	return r.charge(o.tx, o.ClID(), o.bill)
}

// charge takes what a bill says from a registrar's credit. The error is 2104 where that
// does not suffice.
func (r *Registry) charge(tx *registry.Tx, clID string, b *bill) error {
	left, err := r.Accounts.Charge(tx, clID, b.Zone, b.Amount)
	switch {
	case errors.Is(err, registry.ErrCredit):
		return b.refusal()
	case err != nil:
		return err
	}
	r.notice(tx, clID, b, left)
	return nil
}

// affordable refuses a bill that charge would refuse now.
func (r *Registry) affordable(rd registry.Reader, clID string, b *bill) error {
	if credit, counted := r.credit(rd, clID, b.Zone); counted && b.Amount > 0 && b.Amount > credit {
		return b.refusal()
	}
	return nil
}

// credit is what a registrar has left in a zone, and whether that is counted: it is not
// where the registrar has none there, or is gone.
func (r *Registry) credit(rd registry.Reader, clID, zone string) (left registry.Amount, counted bool) {
	acc := r.Accounts.Table.Get(rd, clID)
	if acc == nil {
		return 0, false
	}
	left, counted = acc.Credit[zone]
	return left, counted
}

// refusal says what a registrar can't pay.
func (b *bill) refusal() error {
	return epp.Refuse(epp.BillingFailure, registry.Because(domain.NS, "name", b.Name,
		fmt.Sprintf("the %s costs %s %s, for which the credit does not suffice", b.Act, b.Amount, b.Currency)))
}

// owe is charge for what the registry does by itself: it can't be refused, and so the
// credit may fall below zero.
func (r *Registry) owe(tx *registry.Tx, clID string, b *bill) {
	acc := r.Accounts.Table.Get(tx, clID)
	if acc == nil {
		return
	}
	credit, counted := acc.Credit[b.Zone]
	if !counted {
		return
	}
	acc = acc.Clone()
	acc.Credit[b.Zone] = credit - b.Amount
	r.Accounts.Table.Put(tx, acc)
	r.notice(tx, clID, b, credit-b.Amount)
}

// refund gives back what was paid for a domain.
func (r *Registry) refund(tx *registry.Tx, clID string, p *Policy, amount registry.Amount) {
	if p == nil { // nobody knows the zone
		return
	}
	// No amount that is given back is refused; and a registrar that is gone has no credit.
	_, _ = r.Accounts.Charge(tx, clID, r.purse(tx, clID, p), -amount)
}

// notice tells a registrar that a bill has brought its credit below what the policy calls
// low, or below zero: once, until it is above again.
func (r *Registry) notice(tx *registry.Tx, clID string, b *bill, left registry.Amount) {
	if _, counted := r.credit(tx, clID, b.Zone); !counted {
		return
	}
	for _, low := range []registry.Amount{r.policyOf(b.Name).Prices.LowBalance, 0} {
		if before := left + b.Amount; left < low && before >= low {
			r.Queue.Put(tx, registry.Message{ClID: clID, Text: fmt.Sprintf(
				"Low balance: the credit of zone %s is %s %s, below %s.", b.Zone, left, b.Currency, low)})
			return
		}
	}
}
