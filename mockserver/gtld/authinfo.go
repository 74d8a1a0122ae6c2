package gtld

import (
	"crypto/subtle"

	"github.com/eppkit/eppkit/epp"
)

// matches compares an authInfo that was shown with one that is stored. One that is
// unset matches nothing.
func matches(stored, shown epp.Secret) bool {
	return stored != "" && subtle.ConstantTimeCompare([]byte(stored), []byte(shown)) == 1
}

// proves checks an authInfo that was shown for a domain: its own, or with a roid
// that of its registrant or of another of its contacts (RFC 5731, section 3.1.2).
func (r *Registry) proves(d *Domain, a *epp.AuthInfo) error {
	switch {
	case a.Ext != nil:
		return epp.Refuse(epp.UnimplementedOption)
	case a.ROID == "" && matches(d.AuthInfo, a.PW):
		return nil
	case a.ROID == "":
		return epp.Refuse(epp.InvalidAuthInfo)
	}
	for _, id := range append([]string{d.Registrant}, d.contactIDs()...) {
		if c := r.contacts[id]; c.ROID == a.ROID && matches(c.AuthInfo, a.PW) {
			return nil
		}
	}
	return epp.Refuse(epp.InvalidAuthInfo)
}

// provesContact checks an authInfo that was shown for a contact.
func provesContact(c *Contact, a *epp.AuthInfo) error {
	switch {
	case a.Ext != nil:
		return epp.Refuse(epp.UnimplementedOption)
	case (a.ROID == "" || a.ROID == c.ROID) && matches(c.AuthInfo, a.PW):
		return nil
	}
	return epp.Refuse(epp.InvalidAuthInfo)
}

func stored(pw epp.Secret) *epp.AuthInfo {
	if pw == "" {
		return nil
	}
	return &epp.AuthInfo{PW: pw}
}
