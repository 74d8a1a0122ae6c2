package gtld

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/fee"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// reasonPremium is why a plain check finds a name unavailable that needs the extension
// (RFC 8748, section 4).
const reasonPremium = "Premium: needs the fee extension"

// fees tells what commands cost, and has the client agree to it (RFC 8748, and the drafts
// of it that Options.Announce names). Names of a premium class can't be had without.
func (r *Registry) fees() *hooks {
	return &hooks{
		uri:     fee.NS,
		check:   r.feeCheckName,
		checked: r.feeCheck,
		info:    r.feeInfo,
		create: func(o *op, d *Domain) error {
			q, _ := extension[*fee.Create](o)
			return r.agree(o, (*offer)(q))
		},
		renew: func(o *op, _, d *Domain) error {
			q, _ := extension[*fee.Renew](o)
			return r.agree(o, (*offer)(q))
		},
		transfer: func(o *op, d *Domain) error {
			q, _ := extension[*fee.Transfer](o)
			return r.agree(o, (*offer)(q))
		},
		update: func(o *op, _, d *Domain) error {
			q, _ := extension[*fee.Update](o)
			return r.agree(o, (*offer)(q))
		},
		delete: r.feeDelete,
	}
}

// An offer is what a client agrees to pay.
type offer fee.Create

// feeVersions are those that the registry has, the newest first.
func (o *Options) feeVersions() []fee.Version {
	if o.Announce == nil {
		return []fee.Version{fee.V1_0}
	}
	var list []fee.Version
	for v := fee.V1_0; v.URI() != ""; v++ {
		if slices.Contains(o.Announce, v.URI()) {
			list = append(list, v)
		}
	}
	return list
}

// feeSpoken is the version of an answer: the newest that the login named.
func (r *Registry) feeSpoken(o *op) fee.Version {
	list := r.opts.feeVersions()
	for _, v := range list {
		if o.Session.Speaks(v.URI()) {
			return v
		}
	}
	return list[0]
}

// agree holds an offer, or none, against the command's bill, and answers what the command
// costs (RFC 8748, sections 4 and 5.2).
func (r *Registry) agree(o *op, q *offer) error {
	b, v := o.bill, r.feeSpoken(o)
	if q != nil {
		v = q.Version
		if err := q.covers(o.policy, b); err != nil {
			return err
		}
	} else if b.premium() {
		switch yes, err := r.allocated(o, b.Name); {
		case err != nil:
			return err
		case !yes:
			return refuseFee(v, epp.RequiredParameterMissing, "fee", fmt.Sprintf("the %s of a premium name costs %s %s, which the client must agree to", b.Act, b.Amount, b.Currency))
		}
	}
	if a := r.feeResult(o, v); a != nil {
		o.Extension = append(o.Extension, a)
	}
	return nil
}

// premium reports whether a bill is for more than everyone's price.
func (b *bill) premium() bool { return b != nil && b.Class != standardClass && b.Amount > 0 }

// covers refuses an offer that is too low, or in another currency.
func (q *offer) covers(p *Policy, b *bill) error {
	if q.Currency != "" && q.Currency != p.currency() {
		return refuseFee(q.Version, epp.ParameterRangeError, "currency", "fees are in "+p.currency())
	}
	total := new(big.Rat)
	for _, f := range q.Fees {
		total.Add(total, rat(f.Amount))
	}
	for _, c := range q.Credits {
		total.Add(total, rat(c.Amount))
	}
	if b != nil && total.Cmp(big.NewRat(int64(b.Amount), 100)) < 0 {
		return refuseFee(q.Version, epp.ParameterRangeError, "fee", fmt.Sprintf("the %s costs %s %s", b.Act, b.Amount, b.Currency))
	}
	return nil
}

// rat is a decimal as a number.
func rat(decimal string) *big.Rat {
	n, ok := new(big.Rat).SetString(epp.Collapse(decimal))
	if !ok {
		return new(big.Rat)
	}
	return n
}

// feeResult is what an answer says of the command's bill and of the balance after it, or
// nil where there is neither. The command is the verb of the frame: a restore is an
// update.
func (r *Registry) feeResult(o *op, v fee.Version) epp.Element {
	b := o.bill
	if b == nil {
		b = &bill{Currency: o.policy.currency(), Zone: r.purse(o, o.ClID(), o.policy)}
	}
	credit, counted := r.credit(o, o.ClID(), b.Zone)
	if !counted && b.Amount == 0 {
		return nil
	}
	m := fee.CreData{Version: v, Currency: b.Currency}
	later := b.Act == actTransferred && o.policy.transferPending() > 0 // when it is approved
	if b.Amount > 0 || v >= fee.V0_7 {                                 // those versions want a fee always
		f := o.policy.feeOf(v, b.Act, b.Amount)
		if later && f.Applied != "" {
			f.Applied = fee.Delayed
		}
		m.Fees = []fee.Fee{f}
	}
	if b.Years > 0 && v <= fee.V0_21 {
		m.Period = feePeriod(b.Years)
	}
	if counted {
		if !later {
			credit -= b.Amount
		}
		m.Balance, m.CreditLimit = credit.String(), registry.Amount(0).String()
	}
	switch o.Command.Verb {
	case "renew":
		return (*fee.RenData)(&m)
	case "transfer":
		return (*fee.TrnData)(&m)
	case "update":
		return (*fee.UpdData)(&m)
	}
	return &m
}

// feeDelete tells what a deletion brings back of what was paid in grace periods, and the
// balance after it (RFC 8748, section 5.2.2). One that waits for somebody brings nothing yet.
func (r *Registry) feeDelete(o *op, d *Domain) error {
	v, p := r.feeSpoken(o), o.policy
	var back registry.Amount
	if p.offline(d.Name, commandDelete) == nil {
		for _, g := range d.graceAt(o.Now()) {
			if g.PaidBy == o.ClID() {
				back += g.Paid
			}
		}
	}
	credit, counted := r.credit(o, o.ClID(), r.purse(o, o.ClID(), p))
	if back == 0 && (!counted || v >= fee.V0_7) { // those versions want a credit always
		return nil
	}
	a := &fee.DelData{Version: v, Currency: p.currency()}
	if back > 0 {
		a.Credits = []fee.Credit{{Amount: (-back).String(), Description: "Refund"}}
	}
	if counted {
		a.Balance, a.CreditLimit = (credit + back).String(), registry.Amount(0).String()
	}
	o.Extension = append(o.Extension, a)
	return nil
}

// feeOf is an amount as the extension tells it, with how long it can be given back (RFC
// 8748, section 3.4).
func (p *Policy) feeOf(v fee.Version, act string, amount registry.Amount) fee.Fee {
	f := fee.Fee{Amount: amount.String()}
	var grace time.Duration
	switch act {
	case actCreated:
		f.Description, grace = "Registration", p.graceAdd()
	case actRenewed:
		f.Description, grace = "Renewal", p.graceRenew()
	case actTransferred:
		f.Description, grace = "Transfer", p.graceTransfer()
	case actRestored:
		f.Description = "Restore"
	}
	f.Refundable = new(grace > 0)
	if grace > 0 {
		f.GracePeriod = xsDuration(grace)
	}
	if v <= fee.V0_6 {
		f.Applied = fee.Immediate
	}
	return f
}

func feePeriod(n int) *epp.Period { return &epp.Period{N: n, Unit: epp.Years} }

// xsDuration writes a time span as XML Schema does, in days where it is whole ones.
func xsDuration(d time.Duration) string {
	if day := registry.Day.D(); d%day == 0 {
		return "P" + strconv.FormatInt(int64(d/day), 10) + "D"
	}
	return "PT" + strconv.FormatInt(int64(d/time.Second), 10) + "S"
}

func refuseFee(v fee.Version, code epp.Code, local, why string) error {
	return epp.Refuse(code, registry.Because(v.URI(), local, "", why))
}
