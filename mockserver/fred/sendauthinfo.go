package fred

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// authInfoAlphabet leaves out what is easily taken for another character.
const authInfoAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"

const transferProhibited = "serverTransferProhibited"

// contactSendAuthInfo writes to the contact itself. Unlike for the other objects,
// it does not matter that its transfer is prohibited.
func (r *Registry) contactSendAuthInfo(x *mockserver.Exchange, q *contact.SendAuthInfo) (*contact.SendAuthInfoData, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.contacts[upper(q.ID)]
	if c == nil {
		return nil, unknown(contact.NS, "id", q.ID, "There is no such contact")
	}
	shown, err := r.sendAuthInfo(x, registry.Ref{Kind: registry.Contact, Handle: c.ID}, c.ID)
	if err != nil || shown == nil {
		return nil, err
	}
	return &contact.SendAuthInfoData{Email: shown}, nil
}

// domainSendAuthInfo writes to the registrant and all administrative contacts.
func (r *Registry) domainSendAuthInfo(x *mockserver.Exchange, q *domain.SendAuthInfo) (*domain.SendAuthInfoData, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.domains[lower(q.Name)]
	if d == nil {
		return nil, unknown(domain.NS, "name", q.Name, "There is no such domain")
	}
	if slices.Contains(d.Status, transferProhibited) {
		return nil, locked(domain.NS, "name", q.Name)
	}
	to := append([]string{d.Registrant}, d.Admins...)
	shown, err := r.sendAuthInfo(x, registry.Ref{Kind: registry.Domain, Handle: d.Name}, to...)
	if err != nil || shown == nil {
		return nil, err
	}
	return &domain.SendAuthInfoData{Email: shown}, nil
}

// nssetSendAuthInfo writes to all technical contacts.
func (r *Registry) nssetSendAuthInfo(x *mockserver.Exchange, q *nsset.SendAuthInfo) (*nsset.SendAuthInfoData, error) {
	shown, err := r.setSendAuthInfo(x, registry.NSSet, r.nssets, nsset.NS, q.ID)
	if err != nil || shown == nil {
		return nil, err
	}
	return &nsset.SendAuthInfoData{Email: shown}, nil
}

// keysetSendAuthInfo writes to all technical contacts.
func (r *Registry) keysetSendAuthInfo(x *mockserver.Exchange, q *keyset.SendAuthInfo) (*keyset.SendAuthInfoData, error) {
	shown, err := r.setSendAuthInfo(x, registry.KeySet, r.keysets, keyset.NS, q.ID)
	if err != nil || shown == nil {
		return nil, err
	}
	return &keyset.SendAuthInfoData{Email: shown}, nil
}

func (r *Registry) setSendAuthInfo(
	x *mockserver.Exchange, kind string, sets map[string]*Set, space, id string,
) ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := sets[upper(id)]
	if s == nil {
		return nil, unknown(space, "id", id, "There is no such "+kind)
	}
	if slices.Contains(s.Status, transferProhibited) {
		return nil, locked(space, "id", id)
	}
	return r.sendAuthInfo(x, registry.Ref{Kind: kind, Handle: s.ID}, s.Techs...)
}

func locked(space, local, handle string) error {
	return epp.Refuse(epp.StatusProhibitsOperation, registry.Because(space, local, handle, "The object can't be transferred"))
}

// sendAuthInfo gives an object a new authInfo, valid for the registrar that asks
// beside those of others, and mails it to contacts. Any registrar may ask. It
// returns the addresses as the answer shows them: masked, or nil when FRED is not
// to disclose them.
func (r *Registry) sendAuthInfo(x *mockserver.Exchange, obj registry.Ref, contacts ...string) ([]string, error) {
	to := r.recipients(contacts)
	if len(to) == 0 {
		return nil, epp.Refuse(epp.CommandFailed)
	}
	mail := registry.Mail{
		About:       obj,
		AuthInfo:    epp.Secret(r.Rand.Text(authInfoAlphabet, r.opts.AuthInfoLength)),
		At:          r.Now(),
		RequestedBy: x.ClID(),
	}
	for _, a := range to {
		mail.To = append(mail.To, a.email)
	}
	r.AuthInfos.Set(obj, x.ClID(), mail.AuthInfo)
	r.Outbox.Add(mail)
	if !r.opts.PartiallyDiscloseContactEmails {
		return nil, nil
	}
	return r.opts.Mask.list(to), nil
}
