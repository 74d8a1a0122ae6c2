package fred

import (
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

// contactSendAuthInfo writes to the contact itself. Unlike for the other objects,
// it does not matter that its transfer is prohibited.
func (r *Registry) contactSendAuthInfo(x *mockserver.Exchange, q *contact.SendAuthInfo) (*contact.SendAuthInfoData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*contact.SendAuthInfoData, error) {
		c := r.contacts.Get(tx, upper(q.ID))
		if c == nil {
			return nil, unknown(x, contact.NS, "id", q.ID)
		}
		shown, err := r.sendAuthInfo(tx, x, c.ref(), c.ID)
		if err != nil || shown == nil {
			return nil, err
		}
		return &contact.SendAuthInfoData{Email: shown}, nil
	})
}

// domainSendAuthInfo writes to the registrant and all administrative contacts.
func (r *Registry) domainSendAuthInfo(x *mockserver.Exchange, q *domain.SendAuthInfo) (*domain.SendAuthInfoData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*domain.SendAuthInfoData, error) {
		d := r.domains.Get(tx, lower(q.Name))
		if d == nil {
			return nil, unknown(x, domain.NS, "name", q.Name)
		}
		if has(d.Status, transferProhibited) {
			return nil, locked(x, domain.NS, "name", q.Name)
		}
		to := append([]string{d.Registrant}, d.Admins...)
		shown, err := r.sendAuthInfo(tx, x, d.ref(), to...)
		if err != nil || shown == nil {
			return nil, err
		}
		return &domain.SendAuthInfoData{Email: shown}, nil
	})
}

// nssetSendAuthInfo writes to all technical contacts.
func (r *Registry) nssetSendAuthInfo(x *mockserver.Exchange, q *nsset.SendAuthInfo) (*nsset.SendAuthInfoData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*nsset.SendAuthInfoData, error) {
		s := r.nssets.Get(tx, upper(q.ID))
		if s == nil {
			return nil, unknown(x, nsset.NS, "id", q.ID)
		}
		if has(s.Status, transferProhibited) {
			return nil, locked(x, nsset.NS, "id", q.ID)
		}
		shown, err := r.sendAuthInfo(tx, x, s.ref(), s.Techs...)
		if err != nil || shown == nil {
			return nil, err
		}
		return &nsset.SendAuthInfoData{Email: shown}, nil
	})
}

// keysetSendAuthInfo writes to all technical contacts.
func (r *Registry) keysetSendAuthInfo(x *mockserver.Exchange, q *keyset.SendAuthInfo) (*keyset.SendAuthInfoData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*keyset.SendAuthInfoData, error) {
		s := r.keysets.Get(tx, upper(q.ID))
		if s == nil {
			return nil, unknown(x, keyset.NS, "id", q.ID)
		}
		if has(s.Status, transferProhibited) {
			return nil, locked(x, keyset.NS, "id", q.ID)
		}
		shown, err := r.sendAuthInfo(tx, x, s.ref(), s.Techs...)
		if err != nil || shown == nil {
			return nil, err
		}
		return &keyset.SendAuthInfoData{Email: shown}, nil
	})
}

// sendAuthInfo gives an object a new authInfo, valid for the registrar that asks
// beside those of others, and mails it to contacts. Any registrar may ask. It
// returns the addresses as the answer shows them: masked, or nil when FRED is not
// to disclose them.
func (r *Registry) sendAuthInfo(
	tx *registry.Tx, x *mockserver.Exchange, obj registry.Ref, contacts ...string,
) ([]string, error) {
	to := r.recipients(tx, contacts)
	if len(to) == 0 {
		return nil, epp.Refuse(epp.CommandFailed)
	}
	mail := registry.Mail{
		About:       obj,
		AuthInfo:    epp.Secret(tx.Rand().Text(authInfoAlphabet, r.opts.AuthInfoLength)),
		RequestedBy: x.ClID(),
	}
	for _, a := range to {
		mail.To = append(mail.To, a.email)
	}
	r.AuthInfos.Put(tx, obj, x.ClID(), mail.AuthInfo)
	r.Outbox.Put(tx, mail)
	if !r.opts.PartiallyDiscloseContactEmails {
		return nil, nil
	}
	return r.opts.Mask.list(to), nil
}
