package gtld

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/unhandled"
	"github.com/eppkit/eppkit/mockserver"
)

// Finish moves what the login did not name into the result's values (RFC 9038): always
// of a message, which was queued before anybody knew (section 6), and of other answers
// for a client that named the practice itself; for others what extensions say is left
// out (section 5). A registry that does not announce the practice keeps to it in messages
// all the same, for what else would it do with them.
func (r *Registry) Finish(x *mockserver.Exchange, m *epp.Response) {
	_, login := x.Command.Request.(*epp.Login)
	if m.Err() != nil && !login {
		m.Extension = nil // a hook may have added to it before another refused
		return
	}
	_, poll := x.Command.Request.(*epp.Poll)
	if x.Session.ClID == "" || !poll && !x.Session.Speaks(unhandled.NS) {
		return
	}
	*m = *unhandled.Wrap(m, r.Schema(), &epp.Login{ObjURI: x.Session.ObjURI, ExtURI: x.Session.ExtURI})
}
