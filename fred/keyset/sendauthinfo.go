package keyset

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// SendAuthInfo asks the registry to mail the authInfo of a keyset to its technical
// contacts.
// It is sent with fred.SendAuthInfo, which puts it into FRED's envelope.
type SendAuthInfo struct{ ID string }

// XMLName is keyset:sendAuthInfo.
func (*SendAuthInfo) XMLName() epp.Name { return epp.Name{Space: NS, Local: "sendAuthInfo"} }

// Answer is keyset:sendAuthInfoData.
func (*SendAuthInfo) Answer() *SendAuthInfoData { return new(SendAuthInfoData) }

// AnswerOptional is true: a registry that does not disclose the addresses answers
// with a result alone.
func (*SendAuthInfo) AnswerOptional() bool { return true }

// Fields walks the content of <keyset:sendAuthInfo>.
func (m *SendAuthInfo) Fields(x *epp.Codec) { fredcom.Handle(x, &m.ID) }

// SendAuthInfoData says to which addresses the registry sent the authInfo.
type SendAuthInfoData struct {
	// Email lists the addresses, masked as in "j*****@e*****.*".
	Email []string
}

// XMLName is keyset:sendAuthInfoData.
func (*SendAuthInfoData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "sendAuthInfoData"} }

// Fields walks the content of <keyset:sendAuthInfoData>.
func (m *SendAuthInfoData) Fields(x *epp.Codec) {
	fredcom.Emails(x, &m.Email)
}
