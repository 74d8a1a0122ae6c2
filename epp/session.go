package epp

import (
	"fmt"
)

// The commands that open and end a session (RFC 5730, section 2.9.1).

// Login opens a session.
type Login struct {
	ClID  string // 3 to 16 characters
	PW    Secret // 6 to 16 characters
	NewPW Secret // to change the password; "" leaves it
	// Version and Lang are one of those that the greeting offers.
	Version, Lang string
	// ObjURI and ExtURI are the services wanted. At least one object is
	// required.
	ObjURI, ExtURI []string
}

// Format leaves out the passwords. They are Secrets, but where a verb does not fit,
// package fmt prints what a pointer leads to without asking it.
func (m Login) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "epp.Login(%s)", m.ClID) }

// XMLName is epp:login.
func (*Login) XMLName() Name { return Name{NS, "login"} }

// Answer says that a login is answered by a result alone.
func (*Login) Answer() *NoData { return new(NoData) }

// Fields walks the content of <login>.
func (m *Login) Fields(x *Codec) {
	ClID(x, "clID", &m.ClID)
	x.Elem("pw", SecretToken(&m.PW))
	x.Length("pw", string(m.PW), 6, 16)
	if x.Opt("newPW", SecretToken(&m.NewPW)) {
		x.Length("newPW", string(m.NewPW), 6, 16)
	}
	x.Group("options", func() {
		x.Elem("version", Token(&m.Version))
		// A server answers another version with 2100, and so has to read it.
		x.checkWritten(Collapse(m.Version) == "1.0", "version", "must be 1.0")
		x.Elem("lang", Token(&m.Lang))
		x.Check(isLanguage(Collapse(m.Lang)), "lang", "is not a language tag")
	})
	x.Group("svcs", func() {
		x.List("objURI", &m.ObjURI)
		x.NotEmpty(len(m.ObjURI), "objURI")
		x.extURI("svcExtension", &m.ExtURI)
	})
}

// extURI walks the list of extensions that greeting and login share.
func (x *Codec) extURI(local string, v *[]string) {
	x.OptGroup(local, len(*v) > 0, func() {
		x.List("extURI", v)
		x.NotEmpty(len(*v), "extURI")
		if len(*v) == 0 {
			x.blank()
		}
	})
}

// Logout ends a session.
type Logout struct{}

// XMLName is epp:logout.
func (*Logout) XMLName() Name { return Name{NS, "logout"} }

// Answer says that a logout is answered by a result alone.
func (*Logout) Answer() *NoData { return new(NoData) }

// Fields has nothing to walk, and passes over content, which the schema allows.
func (*Logout) Fields(x *Codec) { x.IgnoreContent() }
