package fred

import "github.com/eppkit/eppkit/epp"

// SendAuthInfo makes a request of an object's command sendAuthInfo, such as
// *contact.SendAuthInfo. The registry mails the object's authInfo to those that may
// use it; it does not show it to the client.
//
// The request has a method AnswerOptional, which is true: the answer is nil unless
// the registry discloses, in part, which addresses it wrote to.
func SendAuthInfo[R epp.Element](object epp.Request[R]) epp.Request[R] {
	return &objectRequest[R]{objectCommand: objectCommand{local: "sendAuthInfo", Object: object}, answer: object.Answer}
}

// Test makes a request of an object's command test, such as *nsset.Test: a technical
// test, of which the results come later as a poll message.
func Test[R epp.Element](object epp.Request[R]) epp.Request[R] {
	return &objectRequest[R]{objectCommand: objectCommand{local: "test", Object: object}, answer: object.Answer}
}

// objectCommand is the element around a command that an object defines: one of
// readWriteType.
type objectCommand struct {
	local  string
	Object epp.Element
}

func sendAuthInfo() epp.Element { return &objectCommand{local: "sendAuthInfo"} }
func test() epp.Element         { return &objectCommand{local: "test"} }

// XMLName is fred:sendAuthInfo or fred:test.
func (m *objectCommand) XMLName() epp.Name { return epp.Name{Space: NS, Local: m.local} }

// Fields walks the one element inside.
func (m *objectCommand) Fields(x *epp.Codec) { x.Any(&m.Object) }

// objectRequest is the element with the type of its answer.
type objectRequest[R epp.Element] struct {
	objectCommand
	answer func() R
}

func (m *objectRequest[R]) Answer() R { return m.answer() }

// AnswerOptional is true: neither command has to be answered with data.
func (*objectRequest[R]) AnswerOptional() bool { return true }

func (m *objectRequest[R]) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: &m.objectCommand, ClTRID: clTRID}
}
