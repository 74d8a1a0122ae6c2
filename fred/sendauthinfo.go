package fred

import "github.com/eppkit/eppkit/epp"

// SendAuthInfo makes a request of an object's command sendAuthInfo, such as
// *contact.SendAuthInfo. The registry mails the object's authInfo to those that may
// use it; it does not show it to the client.
//
// The request has a method AnswerOptional, which is true: the answer is nil unless
// the registry discloses, in part, which addresses it wrote to.
func SendAuthInfo[R epp.Element](object epp.Request[R]) epp.Request[R] {
	return &sendAuthInfoRequest[R]{sendAuthInfo: sendAuthInfo{Object: object}, answer: object.Answer}
}

// sendAuthInfo is the element around an object's command.
type sendAuthInfo struct{ Object epp.Element }

// XMLName is fred:sendAuthInfo.
func (*sendAuthInfo) XMLName() epp.Name { return epp.Name{Space: NS, Local: "sendAuthInfo"} }

// Fields walks the content of <fred:sendAuthInfo>.
func (m *sendAuthInfo) Fields(x *epp.Codec) { x.Any(&m.Object) }

// sendAuthInfoRequest is the element with the type of its answer.
type sendAuthInfoRequest[R epp.Element] struct {
	sendAuthInfo
	answer func() R
}

func (m *sendAuthInfoRequest[R]) Answer() R { return m.answer() }

func (*sendAuthInfoRequest[R]) AnswerOptional() bool { return true }

func (m *sendAuthInfoRequest[R]) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: &m.sendAuthInfo, ClTRID: clTRID}
}
