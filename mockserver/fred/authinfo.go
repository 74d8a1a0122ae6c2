package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// proves reports whether an authInfo was shown that is valid. An empty one counts
// as none; a wrong one is refused, even when its sender needs none.
func (r *Registry) proves(obj registry.Ref, space string, authInfo *epp.Secret) (bool, error) {
	if authInfo == nil || *authInfo == "" {
		return false, nil
	}
	if !r.AuthInfos.Use(obj, *authInfo) {
		return false, epp.Refuse(epp.InvalidAuthInfo,
			registry.Because(space, "authInfo", string(*authInfo), "The authInfo is wrong or has expired"))
	}
	return true, nil
}

func unknown(space, local, handle, reason string) error {
	return epp.Refuse(epp.ObjectDoesNotExist, registry.Because(space, local, handle, reason))
}
