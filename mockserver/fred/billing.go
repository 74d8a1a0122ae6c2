package fred

import (
	"errors"

	"github.com/eppkit/eppkit/epp"
	nic "github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// maxAmount is the most that FRED's schema has room for (amountType).
const maxAmount = registry.Amount(99_999_999_99)

// billCreate bills FRED's operations CreateDomain and RenewDomain. The error is 2104.
func (r *Registry) billCreate(tx *registry.Tx, x *mockserver.Exchange, z *Zone, months int) error {
	return r.bill(tx, x, z, z.CreatePrice+z.renewal(months))
}

// billRenew bills RenewDomain. The error is 2104.
func (r *Registry) billRenew(tx *registry.Tx, x *mockserver.Exchange, z *Zone, months int) error {
	return r.bill(tx, x, z, z.renewal(months))
}

// renewal is the price of so many months. FRED counts whole years.
func (z *Zone) renewal(months int) registry.Amount { return z.RenewPrice * registry.Amount(months/12) }

// bill takes an amount from a registrar's credit in a zone, and says when that makes
// its credit a low one. A registrar without credit in any zone pays nothing.
func (r *Registry) bill(tx *registry.Tx, x *mockserver.Exchange, z *Zone, amount registry.Amount) error {
	clID := x.ClID()
	if acc := r.Accounts.Table.Get(tx, clID); r.system(x) || acc == nil || len(acc.Credit) == 0 {
		return nil
	}
	left, err := r.Accounts.Charge(tx, clID, z.Name, amount)
	if errors.Is(err, registry.ErrCredit) {
		return epp.Refuse(epp.BillingFailure)
	}
	if err == nil && left < z.LowCredit && left+amount >= z.LowCredit {
		r.tell(tx, clID, &nic.LowCreditData{
			Zone:   z.Name,
			Limit:  nic.ZoneCredit{Zone: z.Name, Credit: z.LowCredit.String()},
			Credit: nic.ZoneCredit{Zone: z.Name, Credit: left.String()},
		})
	}
	return err
}

// creditInfo answers what the registrar has left, by zone.
func (r *Registry) creditInfo(x *mockserver.Exchange, _ *nic.CreditInfo) (*nic.ResCreditInfo, error) {
	a := new(nic.ResCreditInfo)
	for _, c := range r.Accounts.CreditAt(r.View(x), x.ClID()) {
		a.ZoneCredit = append(a.ZoneCredit, nic.ZoneCredit{Zone: c.Zone, Credit: c.Credit.String()})
	}
	return a, nil
}
