package epp

import "time"

// The operations of a poll.
const (
	PollReq = "req" // fetch the first message
	PollAck = "ack" // remove it
)

// Poll fetches the first message of the queue, or removes it (RFC 5730, section
// 2.9.2.3).
type Poll struct {
	Op    string // PollReq or PollAck
	MsgID string // of the message to remove
}

// XMLName is epp:poll.
func (*Poll) XMLName() Name { return Name{NS, "poll"} }

// Answer says that what a poll brings is in the response itself: its MsgQ and
// whatever is in its ResData.
func (*Poll) Answer() *NoData { return new(NoData) }

// Fields walks the attributes of <poll>.
func (m *Poll) Fields(x *Codec) {
	x.Attr("op", Token(&m.Op))
	x.Check(m.Op == PollReq || m.Op == PollAck, "@op", "must be req or ack")
	x.OptAttr("msgID", Token(&m.MsgID))
}

// MsgQ says that messages wait, and in the answer to a poll holds the first of
// them (RFC 5730, section 2.6).
type MsgQ struct {
	Count uint64 // of the messages in the queue
	ID    string // of the first message, or of the one just removed
	// QDate and Msg are there in the answer to a poll request.
	QDate time.Time
	Msg   *Msg
}

// Fields walks the content of <msgQ>.
func (m *MsgQ) Fields(x *Codec) {
	x.lenient(func() { x.Attr("count", Uint(&m.Count)) })
	x.Attr("id", Token(&m.ID))
	x.NotEmpty(len(Collapse(m.ID)), "@id")
	x.lenient(func() { x.Opt("qDate", DateTime(&m.QDate)) })
	Maybe(x, "msg", &m.Msg)
}

// Msg is the text of a queued message. Some registries put elements into it.
type Msg struct {
	Lang string // "" is English
	Mixed
}

// Fields walks the content of <msg>.
func (m *Msg) Fields(x *Codec) {
	x.Lang(&m.Lang)
	m.Mixed.Fields(x)
}
