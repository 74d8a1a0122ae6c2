package eppcode

import (
	"context"
	"fmt"
	"strings"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/contact"
	freddomain "github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
)

// fredLocks are the statuses of FRED in which a domain can't be transferred.
var fredLocks = []string{"serverTransferProhibited", "deleteCandidate"}

// mail has FRED make a new code for a domain and mail it. Who is written to follows
// from the domain, not from the request.
func (p *Provider) mail(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	inf, err := p.infoFRED(ctx, r.Domain)
	if err != nil {
		return nil, err
	}
	var to []authcode.Recipient // nobody, where the domain's contacts are hidden
	if inf.Registrant != "" {
		to = append(to, authcode.Registrant)
	}
	if len(inf.Admins) > 0 {
		to = append(to, authcode.Admin)
	}
	if r.To == authcode.Admin && len(to) > 0 && len(inf.Admins) == 0 {
		return nil, authcode.Refused{Class: authcode.Undeliverable, Text: "the domain has no administrative contact"}
	}
	out, err := sendAuthInfo(ctx, p, r.Domain, &freddomain.SendAuthInfo{Name: r.Domain},
		func(d *freddomain.SendAuthInfoData) []string { return d.Email })
	if sent, ok := out.(authcode.Sent); ok {
		sent.To = to
		out = sent
	}
	return out, err
}

// An Object is a kind of object beside domains that has codes in FRED.
type Object string

// The kinds of object.
const (
	Contact Object = "contact"
	NSSet   Object = "nsset"
	KeySet  Object = "keyset"
)

// SendObject has FRED make a new code for an object, by its handle, and mail it: that
// of a contact to the contact itself, that of an nsset or a keyset to its technical
// contacts. None of them is a recipient as package authcode knows them, which are
// those of a domain, so that Sent.To is empty; Addresses are where it went, where
// FRED says so.
func (p *Provider) SendObject(ctx context.Context, kind Object, handle string) (authcode.Outcome, error) {
	return authcode.AsOutcome(p.sendObject(ctx, kind, handle))
}

func (p *Provider) sendObject(ctx context.Context, kind Object, handle string) (authcode.Outcome, error) {
	switch {
	case p.opts.Kind != FRED:
		return nil, authcode.Refused{Class: authcode.Unsupported, Text: "only FRED sends the codes of contacts, nssets and keysets"}
	case kind == Contact:
		return sendAuthInfo(ctx, p, "", &contact.SendAuthInfo{ID: handle},
			func(d *contact.SendAuthInfoData) []string { return d.Email })
	case kind == NSSet:
		return sendAuthInfo(ctx, p, "", &nsset.SendAuthInfo{ID: handle},
			func(d *nsset.SendAuthInfoData) []string { return d.Email })
	case kind == KeySet:
		return sendAuthInfo(ctx, p, "", &keyset.SendAuthInfo{ID: handle},
			func(d *keyset.SendAuthInfoData) []string { return d.Email })
	}
	return nil, authcode.Refused{Class: authcode.Invalid, Text: fmt.Sprintf("there is no kind %q of object", kind)}
}

// sendAuthInfo returns a Sent with the addresses that the answer discloses, if any. To
// decide later (1001) is not FRED's way, so that Capabilities don't have it, but what
// says so has sent nothing yet.
func sendAuthInfo[R epp.Element](
	ctx context.Context, p *Provider, domain string, q epp.Request[R], emails func(R) []string,
) (authcode.Outcome, error) {
	s := step{op: epp.PrefixOf(q.XMLName().Space) + ":sendAuthInfo", domain: domain, changes: true}
	a, err := do(ctx, p, s, fred.SendAuthInfo(q))
	if no, refused := authcode.AsRefused(err); refused && no.Code == code(epp.CommandFailed) {
		// It is what FRED says where there is no address that mail can be sent to.
		no.Class, no.Retryable = authcode.Undeliverable, false
		err = no
	}
	var none R
	switch {
	case err != nil:
		return nil, err
	case a.Code() == epp.ActionPending:
		return pending(a.Response), nil
	case any(a.Data) == any(none):
		return authcode.Sent{}, nil
	}
	return authcode.Sent{Addresses: masked(emails(a.Data))}, nil
}

// masked hides addresses that FRED shows in full because their owners do.
func masked(emails []string) []string {
	for i, e := range emails {
		if !strings.Contains(e, "*") {
			emails[i] = authcode.Address{Email: e}.Mask()
		}
	}
	return emails
}

func (p *Provider) infoFRED(ctx context.Context, name string) (*freddomain.InfData, error) {
	s := step{op: "domain:info", domain: name}
	a, err := do(ctx, p, s, &freddomain.Info{Name: name})
	if err == nil {
		err = s.isAbout(a.Data.Name)
	}
	if err != nil {
		return nil, err
	}
	return a.Data, nil
}

func (p *Provider) describeFRED(ctx context.Context, name string) (authcode.Domain, error) {
	inf, err := p.infoFRED(ctx, name)
	if err != nil {
		return authcode.Domain{}, err
	}
	return authcode.Domain{
		Name:       name,
		Locked:     authcode.TruthOf(has(inf.Status, fredLocks...) != ""),
		Lockable:   authcode.No,
		Status:     statuses(inf.Status),
		ROID:       inf.ROID,
		Registrant: inf.Registrant,
		Admin:      inf.Admins,
		Created:    inf.CrDate, Updated: inf.UpDate, Expires: inf.ExDate,
	}, nil
}
