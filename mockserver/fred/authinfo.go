package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var reasonAuthInfo = phrase{"The authInfo is wrong or has expired", "Autorizační informace je chybná nebo vypršela"}

// proves reports whether an authInfo was shown that is valid. An empty one counts
// as none; a wrong one is refused, even when its sender needs none.
func (r *Registry) proves(
	x *mockserver.Exchange, obj registry.Ref, space string, authInfo *epp.Secret,
) (bool, error) {
	if authInfo == nil || *authInfo == "" {
		return false, nil
	}
	if !r.AuthInfos.Use(obj, *authInfo) {
		return false, wrongAuthInfo(x, space, *authInfo)
	}
	return true, nil
}

// wrongAuthInfo quotes what was shown, as FRED does. It opens nothing.
func wrongAuthInfo(x *mockserver.Exchange, space string, authInfo epp.Secret) error {
	return refuse(x.Session.Lang, epp.InvalidAuthInfo, space, "authInfo", string(authInfo), reasonAuthInfo)
}

// prove uses up an authInfo that a transfer shows: the object's own, which ends, or one
// of a contact that is linked to it, which stays. All others of the object end with it.
func (r *Registry) prove(
	tx *registry.Tx, x *mockserver.Exchange, obj registry.Ref, contacts []string, space string, authInfo epp.Secret,
) error {
	owner := obj
	clID, ok := r.AuthInfos.Find(tx, obj, authInfo)
	for _, id := range contacts {
		if ok {
			break
		}
		owner = registry.Ref{Kind: registry.Contact, Handle: id}
		clID, ok = r.AuthInfos.Find(tx, owner, authInfo)
	}
	if !ok || authInfo == "" {
		return wrongAuthInfo(x, space, authInfo)
	}
	if owner != obj {
		r.AuthInfos.Used(tx, owner, clID)
	}
	r.AuthInfos.Cancel(tx, obj)
	return nil
}

// setAuthInfo makes what an update brings the authInfo that the registrar has for an
// object. An empty one counts as none.
func (r *Registry) setAuthInfo(tx *registry.Tx, x *mockserver.Exchange, obj registry.Ref, authInfo *epp.Secret) {
	if authInfo != nil && *authInfo != "" {
		r.AuthInfos.Put(tx, obj, x.ClID(), *authInfo)
	}
}
