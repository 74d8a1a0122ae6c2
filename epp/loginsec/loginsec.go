package loginsec

import (
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/eppkit/eppkit/epp"
)

// LoginSec extends a login (RFC 8807, section 4.1). At least one of its fields is to be
// set.
type LoginSec struct {
	UserAgent *UserAgent
	// PW and NewPW are the passwords where the login's own are [Elsewhere], of 6
	// characters at least; "" is absent. White space is collapsed in them.
	PW, NewPW epp.Secret
}

// Format leaves out the passwords, as that of [epp.Login] does.
func (m LoginSec) Format(f fmt.State, _ rune) {
	io.WriteString(f, "loginsec.LoginSec("+epp.Redacted+")")
}

// XMLName is loginSec:loginSec.
func (*LoginSec) XMLName() epp.Name { return epp.Name{Space: NS, Local: "loginSec"} }

// Fields walks the content of <loginSec:loginSec>.
func (m *LoginSec) Fields(x *epp.Codec) {
	epp.Maybe(x, "userAgent", &m.UserAgent)
	password(x, "pw", &m.PW)
	password(x, "newPW", &m.NewPW)
}

func password(x *epp.Codec, local string, v *epp.Secret) {
	if x.Opt(local, epp.SecretToken(v)) {
		x.Check(utf8.RuneCountInString(epp.Collapse(string(*v))) >= 6, local, "must have 6 characters or more")
	}
}

// UserAgent is the software of a client, so that a server can warn whoever uses it. At
// least one of its fields must be there.
type UserAgent struct {
	App  *string // its name and version
	Tech *string // what it is made with: vendor, name and version
	OS   *string // the system that it runs on: architecture, name and version
}

// Fields walks the content of <loginSec:userAgent>.
func (m *UserAgent) Fields(x *epp.Codec) {
	x.Opt("app", epp.OptToken(&m.App))
	x.Opt("tech", epp.OptToken(&m.Tech))
	x.Opt("os", epp.OptToken(&m.OS))
	x.Check(m.App != nil || m.Tech != nil || m.OS != nil, "", "must hold an app, a tech or an os")
}
