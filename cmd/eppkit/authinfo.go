package main

import (
	"context"

	"github.com/eppkit/eppkit/epp"
)

// An authInfo is one that a command shows, by its flags.
type authInfo struct {
	pw   *epp.Secret
	roid string
}

// shownAuthInfo adds the flags of an authInfo that is shown to the registry. An old
// one, --authinfo, has the secret itself.
func shownAuthInfo(x *fields, old bool) *authInfo {
	auth := &authInfo{}
	if old {
		x.add("authinfo", "show this `AUTHINFO` to the registry (other users of this machine may see it; rather use --authinfo-file)",
			func(_ context.Context, given []string) error {
				auth.pw = new(epp.Secret(given[len(given)-1]))
				return nil
			}).secret = "authinfo"
	}
	secret(x, "authinfo", "show the authInfo", "authInfo", &auth.pw)
	x.notBoth("authinfo", "authinfo-file")
	if x.kind == "gtld" {
		one(x, "authinfo-roid", "the authInfo is that of the contact with this `ROID`", &auth.roid, text)
		x.must(func() error {
			if x.given("authinfo-roid") && !x.given("authinfo", "authinfo-file") {
				return usage("--authinfo-roid says whose the authInfo is; give that with --authinfo-file")
			}
			return nil
		})
	}
	return auth
}

// newAuthInfo adds the flag of an authInfo that an object is to have.
func newAuthInfo(x *fields, v **epp.Secret) {
	secret(x, "authinfo", "the new authInfo is", "authInfo", v)
}

// createdAuthInfo is that of a new object. None was given: it is to have none (RFC
// 9154, section 4.1).
func createdAuthInfo(pw *epp.Secret) *epp.AuthInfo {
	if pw == nil {
		return &epp.AuthInfo{}
	}
	return &epp.AuthInfo{PW: *pw}
}

// rfc returns the authInfo as RFC 5731 and 5733 have it, or nil when none was given.
func (m *authInfo) rfc() *epp.AuthInfo {
	if m.pw == nil {
		return nil
	}
	return &epp.AuthInfo{PW: *m.pw, ROID: m.roid}
}
