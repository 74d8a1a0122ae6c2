package eppcode

import (
	"context"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
)

const clientTransferProhibited = "clientTransferProhibited"

// locks are the statuses that forbid a transfer, and registryLocks those of them that
// the registrar can't clear.
var (
	registryLocks = []string{"serverTransferProhibited", "pendingTransfer"}
	locks         = append([]string{clientTransferProhibited}, registryLocks...)
)

// has returns the first of some statuses that is among others, or "".
func has(all []epp.Status, some ...string) string {
	for _, s := range all {
		if slices.Contains(some, s.S) {
			return s.S
		}
	}
	return ""
}

// lockable reports whether the sponsor can set and clear the lock: the registry has
// none of its own, and takes updates.
func lockable(all []epp.Status) bool {
	return has(all, "serverTransferProhibited", "clientUpdateProhibited", "serverUpdateProhibited") == "" &&
		!slices.ContainsFunc(all, func(s epp.Status) bool { return strings.HasPrefix(s.S, "pending") })
}

// info asks for a domain that is ours, and for the hosts that are asked for (see
// [domain.Info]).
func (p *Provider) info(ctx context.Context, name, hosts string) (*domain.InfData, error) {
	s := step{op: "domain:info", domain: name}
	a, err := do(ctx, p, s, &domain.Info{Name: name, Hosts: hosts})
	if err == nil {
		err = s.isAbout(a.Data.Name)
	}
	switch {
	case err != nil:
		return nil, err
	case a.Data.ClID != p.opts.ClID:
		return nil, authcode.Refused{Class: authcode.NotYours, Text: "another registrar sponsors the domain"}
	}
	p.sees.saw(name, a.Data.AuthInfo, p.opts.Now())
	return a.Data, nil
}

// update changes a domain at once. What the registry is to decide later is an error.
func (p *Provider) update(ctx context.Context, q *domain.Update) error {
	p.sees.made("") // it may end the code
	a, err := do(ctx, p, updating(q.Name), q)
	if err == nil && a.Code() == epp.ActionPending {
		return updating(q.Name).undecided()
	}
	return err
}

func updating(name string) step { return step{op: "domain:update", domain: name, changes: true} }

// Describe tells about a domain of ours; with FRED, which shows all to everybody,
// about any. For FRED NS is empty: the servers are in an nsset.
func (p *Provider) Describe(ctx context.Context, name string) (authcode.Domain, error) {
	name, err := authcode.CanonicalDomain(name)
	if err != nil {
		return authcode.Domain{}, err
	}
	if p.opts.Kind == FRED {
		return p.describeFRED(ctx, name)
	}
	inf, err := p.info(ctx, name, domain.HostsDelegated)
	if err != nil {
		return authcode.Domain{}, err
	}
	return authcode.Domain{
		Name:       name,
		Locked:     authcode.TruthOf(has(inf.Status, locks...) != ""),
		Lockable:   authcode.TruthOf(lockable(inf.Status)),
		Status:     statuses(inf.Status),
		ROID:       inf.ROID,
		Registrant: inf.Registrant,
		Admin:      contacts(inf, domain.Admin),
		Tech:       contacts(inf, domain.Tech),
		Billing:    contacts(inf, domain.Billing),
		NS:         nameServers(inf.NS),
		Created:    inf.CrDate, Updated: inf.UpDate, Expires: inf.ExDate,
	}, nil
}

func statuses(all []epp.Status) (out []string) {
	for _, s := range all {
		out = append(out, s.S)
	}
	return out
}

func contacts(inf *domain.InfData, role string) (ids []string) {
	for _, c := range inf.Contacts {
		if c.Type == role {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func nameServers(ns *domain.NameServers) []string {
	if ns == nil {
		return nil
	}
	names := slices.Clone(ns.HostObj)
	for _, h := range ns.HostAttr {
		names = append(names, h.HostName)
	}
	return names
}

// SetLock sets or clears clientTransferProhibited. What is so already is left as it
// is. It is refused to unlock a domain that the registry has locked too, for it would
// stay locked.
func (p *Provider) SetLock(ctx context.Context, name string, locked bool) error {
	name, err := authcode.CanonicalDomain(name)
	if err == nil {
		err = p.notHere("has no locks that a registrar can set")
	}
	if err != nil {
		return err
	}
	leave, err := p.enter(ctx, name)
	if err != nil {
		return err
	}
	defer leave()
	inf, err := p.info(ctx, name, domain.HostsNone)
	if err != nil {
		return err
	}
	if s := has(inf.Status, registryLocks...); s != "" && !locked {
		return authcode.Refused{Class: authcode.Denied, Text: "the registry itself keeps it locked: its status is " + s}
	}
	if locked == (has(inf.Status, clientTransferProhibited) != "") {
		return nil
	}
	change := &domain.AddRem{Status: []epp.Status{{S: clientTransferProhibited}}}
	q := &domain.Update{Name: name, Rem: change}
	if locked {
		q = &domain.Update{Name: name, Add: change}
	}
	return p.update(ctx, q)
}

// Addresses are those of a domain's registrant, or of its administrative contacts:
// what contact:info has for email. A contact whose data the registry does not show is
// left out; where nobody is left the domain is Undeliverable.
func (p *Provider) Addresses(ctx context.Context, name string, to authcode.Recipient) ([]authcode.Address, error) {
	name, err := authcode.CanonicalDomain(name)
	if err == nil {
		err = p.notHere("writes to the contacts itself")
	}
	if err != nil {
		return nil, err
	}
	if to != authcode.Registrant && to != authcode.Admin {
		return nil, authcode.Refused{Class: authcode.Unsupported, Text: "a registry does not know the address of the " + string(to)}
	}
	inf, err := p.info(ctx, name, domain.HostsNone)
	if err != nil {
		return nil, err
	}
	ids := contacts(inf, domain.Admin)
	if to == authcode.Registrant {
		ids = []string{inf.Registrant}
	}
	var (
		list []authcode.Address
		last = authcode.Refused{Text: "the domain has none"}
	)
	for _, id := range ids {
		if id == "" {
			continue
		}
		a, err := p.address(ctx, name, id)
		switch no, refused := authcode.AsRefused(err); {
		case err == nil:
			list = append(list, a)
		case refused && shut(no):
			last = no
		default:
			return nil, err
		}
	}
	if len(list) == 0 {
		last.Class = authcode.Undeliverable
		last.Text = "no address of the " + string(to) + ": " + last.Text
		return nil, last
	}
	return list, nil
}

// shut reports whether a contact will not be shown, whenever one asks.
func shut(no authcode.Refused) bool {
	return !no.Retryable && no.Class != authcode.Unauthorized
}

func (p *Provider) address(ctx context.Context, name, id string) (authcode.Address, error) {
	s := step{op: "contact:info", domain: name}
	a, err := do(ctx, p, s, &contact.Info{ID: id})
	switch {
	case err != nil:
		return authcode.Address{}, err
	case a.Data != nil && !strings.EqualFold(a.Data.ID, id): // registries change the case
		return authcode.Address{}, s.aboutAnother(a.Data.ID)
	case a.Data == nil || a.Data.Email == "":
		return authcode.Address{}, authcode.Refused{Class: authcode.Undeliverable, Text: id + " has no email"}
	}
	to := authcode.Address{Email: a.Data.Email}
	for _, postal := range a.Data.PostalInfo {
		// The name as its owner writes it is the better one.
		if to.Name == "" || postal.Type == contact.Loc && postal.Name != "" {
			to.Name = postal.Name
		}
	}
	return to, nil
}
