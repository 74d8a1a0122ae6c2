package fred

import (
	"errors"

	"github.com/eppkit/eppkit/epp"
	nic "github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Login wants the password and the certificate. FRED closes the connection at the
// first failure (2501); only a registrar that is blocked may stay (2201). It does
// not look at the services that the client asks for.
func (r *Registry) Login(x *mockserver.Exchange, q *epp.Login) error {
	err := r.Accounts.Login(x.Session, q)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, registry.ErrBlocked):
		return epp.Refuse(epp.AuthorizationError)
	}
	return epp.Refuse(epp.AuthenticationErrorClosing)
}

// creditInfo answers what the registrar has left, by zone.
func (r *Registry) creditInfo(x *mockserver.Exchange, _ *nic.CreditInfo) (*nic.ResCreditInfo, error) {
	a := new(nic.ResCreditInfo)
	for _, c := range r.Accounts.Credit(x.ClID()) {
		a.ZoneCredit = append(a.ZoneCredit, nic.ZoneCredit{Zone: c.Zone, Credit: c.Credit.String()})
	}
	return a, nil
}
