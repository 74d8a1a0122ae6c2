package registry

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
)

// A Queue holds each registrar's service messages (RFC 5730, section 2.9.2.3). Its
// methods may be called by any number of goroutines.
type Queue struct {
	// TTL is how long a message stays; 0 means until it is acknowledged.
	TTL time.Duration
	// InMsg puts a message's data into <msg>, as FRED does; otherwise it is
	// the answer's resData.
	InMsg bool
	// AckNext makes the answer to an acknowledgement name the message that is
	// next, as FRED does; otherwise it names the one that is gone, as in
	// RFC 5730.
	AckNext bool

	state    *State
	messages *Table[*queued]
	boxes    *Table[*mailbox]
}

func newQueue(s *State) *Queue {
	q := &Queue{state: s}
	q.messages = NewTable(s, "message", q.expire)
	q.boxes = NewTable[*mailbox](s, "mailbox", nil)
	q.messages.own, q.boxes.own = true, true
	return q
}

// A Message is one for a registrar. It has a text, data, or both; where data goes into
// <msg> it stands in place of the text.
type Message struct {
	ClID string `yaml:"clID"`
	Text string `yaml:"text"`
	// QDate is when it was queued; where it is zero, that is now.
	QDate time.Time `yaml:"qDate"`
	// ResData and Extension are of the answer that brings the message.
	ResData   []epp.Element `yaml:"-"`
	Extension []epp.Element `yaml:"-"`
}

// queued is a message that waits. Its key orders the messages of a registrar.
type queued struct {
	ClID    string    `json:"clID"`
	ID      uint64    `json:"id"`
	QDate   time.Time `json:"qDate"`
	Expires time.Time `json:"expires,omitzero"`
	Text    string    `json:"text,omitempty"`
	// Answer is a response document with the message's data, "" for none.
	Answer string `json:"answer,omitempty"`

	key string // made once: a tree asks for it often
}

func (m *queued) Key() string    { return m.key }
func (m *queued) Due() time.Time { return m.Expires }

// UnmarshalJSON reads a message from a snapshot.
func (m *queued) UnmarshalJSON(doc []byte) error {
	type plain queued
	if err := json.Unmarshal(doc, (*plain)(m)); err != nil {
		return err
	}
	m.key = messageKey(m.ClID, m.ID)
	return nil
}

// messageKey has a character that no clID has.
func messageKey(clID string, id uint64) string { return fmt.Sprintf("%s\t%020d", clID, id) }

// mailbox counts a registrar's messages.
type mailbox struct {
	ClID string `json:"clID"`
	N    uint64 `json:"n"`
}

func (m *mailbox) Key() string { return m.ClID }

// Add queues a message for a registrar and returns its identifier, which is unique
// in the registry.
func (q *Queue) Add(clID, text string, data epp.Element) (id string) {
	m := Message{ClID: clID, Text: text}
	if data != nil {
		m.ResData = []epp.Element{data}
	}
	_ = q.state.Change(func(tx *Tx) error {
		id = q.Put(tx, m)
		return nil
	})
	return id
}

// Put queues a message as a part of a change. One whose data can't be written makes the
// change fail.
func (q *Queue) Put(tx *Tx, m Message) (id string) {
	n := tx.Count("message")
	fresh := &queued{ClID: strings.Clone(m.ClID), ID: n, QDate: m.QDate.UTC(), Text: writable(m.Text)}
	if m.QDate.IsZero() {
		fresh.QDate = tx.Now()
	}
	if q.TTL > 0 {
		fresh.Expires = fresh.QDate.Add(q.TTL)
	}
	if len(m.ResData)+len(m.Extension) > 0 {
		doc, err := q.state.schema.Append(nil, &epp.Response{
			Results: []epp.Result{{Code: epp.AckToDequeue, Msg: epp.Text{Text: epp.AckToDequeue.Text()}}},
			ResData: m.ResData, Extension: m.Extension, TrID: epp.TrID{SvTRID: "message"},
		})
		if err != nil {
			tx.fail("a message for %s: %w", m.ClID, err)
			return ""
		}
		fresh.Answer = string(doc)
	}
	fresh.key = messageKey(fresh.ClID, n)
	q.messages.Put(tx, fresh)
	q.count(tx, fresh.ClID, +1)
	return strconv.FormatUint(n, 10)
}

// writable makes spaces of the characters that an answer can't hold: a message that can't
// be told would keep all that come after it from being told.
func writable(text string) string {
	return strings.Map(func(c rune) rune {
		if c != '\n' && unfit(c) {
			return ' '
		}
		return c
	}, strings.Clone(text))
}

func (q *Queue) count(tx *Tx, clID string, by int) {
	box := mailbox{ClID: clID}
	if old := q.boxes.Get(tx, clID); old != nil {
		box.N = old.N
	}
	box.N += uint64(by)
	q.boxes.Put(tx, &box)
}

// expire drops a message that is too old.
func (q *Queue) expire(tx *Tx, m *queued) { q.remove(tx, m) }

func (q *Queue) remove(tx *Tx, m *queued) {
	q.messages.Delete(tx, m.Key())
	q.count(tx, m.ClID, -1)
}

// Len is how many messages wait for a registrar.
func (q *Queue) Len(clID string) int { return q.LenAt(q.state.View(nil), clID) }

// LenAt is Len as a View, or a Tx, has it.
func (q *Queue) LenAt(rd Reader, clID string) int { return int(q.waiting(rd, clID)) }

func (q *Queue) waiting(rd Reader, clID string) uint64 {
	if box := q.boxes.Get(rd, clID); box != nil {
		return box.N
	}
	return 0
}

// first is the message that a registrar gets next, or nil.
func (q *Queue) first(rd Reader, clID string) *queued {
	for m := range q.messages.Prefix(rd, clID+"\t") {
		return m
	}
	return nil
}

// Poll serves <poll>: it is the handler of *epp.Poll.
func (q *Queue) Poll(x *mockserver.Exchange, m *epp.Poll) (*epp.NoData, error) {
	switch m.Op {
	case epp.PollReq:
		return nil, q.req(x)
	case epp.PollAck:
		return Do(q.state, func(tx *Tx) (*epp.NoData, error) { return nil, q.ack(tx, x, m.MsgID) })
	}
	return nil, epp.Refuse(epp.CommandSyntaxError)
}

func (q *Queue) req(x *mockserver.Exchange) error {
	v := q.state.View(x)
	m := q.first(v, x.ClID())
	if m == nil {
		x.Code = epp.NoMessages
		return nil
	}
	msg := &epp.Msg{Mixed: epp.Mixed{Text: m.Text}}
	if m.Answer != "" {
		doc, err := q.state.schema.Parse([]byte(m.Answer))
		if err != nil {
			return fmt.Errorf("registry: message %d: %w", m.ID, err)
		}
		data := doc.(*epp.Response)
		x.ResData, x.Extension = data.ResData, data.Extension
		if q.InMsg {
			msg.Mixed, x.ResData = epp.Mixed{Elements: data.ResData}, nil
		}
	}
	x.Code = epp.AckToDequeue
	x.MsgQ = &epp.MsgQ{Count: q.waiting(v, m.ClID), ID: strconv.FormatUint(m.ID, 10), QDate: m.QDate, Msg: msg}
	return nil
}

// ack removes a message: any of the registrar's own, although a client can only
// know the first.
func (q *Queue) ack(tx *Tx, x *mockserver.Exchange, id string) error {
	if id == "" {
		return epp.Refuse(epp.RequiredParameterMissing)
	}
	n, err := strconv.ParseUint(id, 10, 64)
	m := q.messages.Get(tx, messageKey(x.ClID(), n))
	if err != nil || m == nil || strconv.FormatUint(n, 10) != id {
		return epp.Refuse(epp.ObjectDoesNotExist)
	}
	q.remove(tx, m)
	next := q.first(tx, m.ClID)
	if next == nil {
		return nil
	}
	x.MsgQ = &epp.MsgQ{Count: q.waiting(tx, m.ClID), ID: strings.Clone(id)}
	if q.AckNext {
		x.MsgQ.ID = strconv.FormatUint(next.ID, 10)
	}
	return nil
}
