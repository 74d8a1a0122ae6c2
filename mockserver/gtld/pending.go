package gtld

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// The commands that may wait for somebody (see [Offline]).
const (
	commandCreate = "create"
	commandRenew  = "renew"
	commandUpdate = "update"
	commandDelete = "delete"
)

// offline finds what the policy says of a command that is to wait, or nil.
func (p *Policy) offline(name, command string) *Offline {
	label, _, _ := strings.Cut(name, ".")
	return ruleFor(p.Offline, label, command)
}

// ruleFor finds the rule by which a command on something of that name is to wait, or nil.
func ruleFor(rules []Offline, name, command string) *Offline {
	for i := range rules {
		it := &rules[i]
		waits := slices.Contains(it.Commands, command) || len(it.Commands) == 0 && command == commandCreate
		if waits && slices.ContainsFunc(it.Names, func(pattern string) bool { return fits(name, pattern) }) {
			return it
		}
	}
	return nil
}

// pendingStatus is the status of an object with which a command waits.
func pendingStatus(command string) string {
	return "pending" + strings.ToUpper(command[:1]) + command[1:]
}

// fits reports whether a name is like a pattern, which may begin or end with *.
func fits(name, pattern string) bool {
	middle, open := strings.CutPrefix(pattern, "*")
	middle, on := strings.CutSuffix(middle, "*")
	switch {
	case open && on:
		return strings.Contains(name, middle)
	case open:
		return strings.HasSuffix(name, middle)
	case on:
		return strings.HasPrefix(name, middle)
	}
	return name == middle
}

// postpone has a command wait where the policy says so, and reports whether it does: the
// answer is 1001 then, and the domain shows that something is pending. was is the domain
// as it is, nil in a create; next as the command, which is paid for, makes it, nil in a
// delete. It ends with a message (RFC 5731, section 3.3).
func (r *Registry) postpone(o *op, command string, was, next *Domain) bool {
	d := was
	if d == nil {
		d = next
	}
	rule := o.policy.offline(d.Name, command)
	if rule == nil {
		return false
	}
	d = d.clone()
	d.Pending = &Pending{
		Command: command, ClID: o.ClID(),
		ClTRID: strings.Clone(o.Command.ClTRID), SvTRID: o.SvTRID(),
		Until: o.Now().Add(rule.after()), Deny: rule.Deny, Next: next,
	}
	if o.bill != nil {
		d.Pending.Paid = o.bill.Amount
	}
	marked := with(d.Status, pendingStatus(command))
	for _, s := range d.Status {
		if !slices.Contains(marked, s) {
			d.Pending.Status = append(d.Pending.Status, s)
		}
	}
	d.Status = marked
	r.domains.Put(o.tx, d)
	o.Code = epp.ActionPending
	return true
}

// decide ends what waits, and tells the client that asked. The domain's other changes of
// the meantime, such as those by the clock, stay.
func (r *Registry) decide(tx *registry.Tx, d *Domain, approve bool) {
	wait := d.Pending
	if wait == nil {
		return
	}
	now := d.clone()
	now.Pending = nil
	now.Status = without(now.Status, pendingStatus(wait.Command))
	for _, s := range wait.Status {
		if !slices.ContainsFunc(now.Status, func(t string) bool { return t == s || excludes(s, t) }) {
			now.Status = append(now.Status, s)
		}
	}
	switch {
	case !approve:
		r.refund(tx, wait.ClID, r.policyOf(d.Name), wait.Paid)
		if wait.Command == commandCreate {
			r.domains.Delete(tx, d.Name)
		} else {
			r.domains.Put(tx, now)
		}
	case wait.Command == commandDelete:
		r.deleteNow(tx, now, r.policyOf(d.Name))
	case wait.Command == commandCreate:
		r.domains.Put(tx, now)
	case wait.Command == commandRenew:
		now.ExDate, now.Grace = wait.Next.ExDate, wait.Next.Grace
		r.domains.Put(tx, now)
	default:
		next := wait.Next.clone()
		next.ExDate, next.Grace, next.Transfer = now.ExDate, now.Grace, now.Transfer
		next.UpDate = tx.Now()
		r.domains.Put(tx, next)
	}
	r.Queue.Put(tx, registry.Message{
		ClID: wait.ClID,
		Text: fmt.Sprintf("The %s of %s was %s.", wait.Command, d.Name, outcome(approve)),
		ResData: []epp.Element{&domain.PanData{
			Name: d.Name, PaResult: approve, PaDate: tx.Now(),
			PaTRID: epp.TrID{ClTRID: wait.ClTRID, SvTRID: wait.SvTRID},
		}},
	})
}

// ErrNothingPending is when no command on a domain waits for somebody.
var ErrNothingPending = errors.New("gtld: nothing is pending")

// errNoPolicy is when something is to be done with a domain that is below none of the
// registry's top-level domains.
var errNoPolicy = errors.New("gtld: there is no policy for the domain")

// Decide ends what waits for somebody with a domain (see [Offline]), and tells the client.
// The error is ErrNothingPending, or that there is no policy for the domain.
func (r *Registry) Decide(name string, approve bool) error {
	return r.Change(func(tx *registry.Tx) error {
		d := r.domains.Get(tx, lower(name))
		switch {
		case d == nil || d.Pending == nil:
			return fmt.Errorf("%w: %s", ErrNothingPending, name)
		case r.policyOf(d.Name) == nil:
			return fmt.Errorf("%w: %s", errNoPolicy, name)
		}
		r.decide(tx, d, approve)
		return nil
	})
}
