package fred

import (
	"errors"

	"github.com/eppkit/eppkit/epp"
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
