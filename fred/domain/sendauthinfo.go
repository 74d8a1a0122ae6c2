package domain

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// SendAuthInfo asks the registry to mail the authInfo of a domain to its
// registrant and its administrative contacts.
// It is sent with fred.SendAuthInfo, which puts it into FRED's envelope.
type SendAuthInfo struct{ Name string }

// XMLName is domain:sendAuthInfo.
func (*SendAuthInfo) XMLName() epp.Name { return epp.Name{Space: NS, Local: "sendAuthInfo"} }

// Answer is domain:sendAuthInfoData.
func (*SendAuthInfo) Answer() *SendAuthInfoData { return new(SendAuthInfoData) }

// AnswerOptional is true: a registry that does not disclose the addresses answers
// with a result alone.
func (*SendAuthInfo) AnswerOptional() bool { return true }

// Fields walks the content of <domain:sendAuthInfo>.
func (m *SendAuthInfo) Fields(x *epp.Codec) { name(x, &m.Name) }

// SendAuthInfoData says to which addresses the registry sent the authInfo.
type SendAuthInfoData struct {
	// Email lists the addresses, masked as in "j*****@e*****.*".
	Email []string
}

// XMLName is domain:sendAuthInfoData.
func (*SendAuthInfoData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "sendAuthInfoData"} }

// Fields walks the content of <domain:sendAuthInfoData>.
func (m *SendAuthInfoData) Fields(x *epp.Codec) {
	fredcom.Emails(x, &m.Email)
}
