package registry

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
)

// A Queue holds each registrar's service messages (RFC 5730, section 2.9.2.3). Its
// methods may be called by any number of goroutines.
type Queue struct {
	Clock *Clock
	// TTL is how long a message stays; 0 means until it is acknowledged.
	TTL time.Duration
	// InMsg puts a message's data into <msg>, as FRED does; otherwise it is
	// the answer's resData.
	InMsg bool
	// AckNext makes the answer to an acknowledgement name the message that is
	// next, as FRED does; otherwise it names the one that is gone, as in
	// RFC 5730.
	AckNext bool

	mu   sync.Mutex
	last uint64 // the newest message's identifier
	byID map[string][]message
}

// A Message waits for a registrar when the registry starts.
type Message struct {
	ClID string `yaml:"clID"`
	Text string `yaml:"text"`
	// QDate is when it was queued; where it is zero, when the registry
	// starts.
	QDate time.Time `yaml:"qDate"`
}

type message struct {
	id    string
	qDate time.Time
	text  string
	data  epp.Element
}

// Add queues a message for a registrar and returns its identifier, which is unique
// in the registry. A message has a text, data, or both; where data goes into <msg>
// it stands in place of the text.
func (q *Queue) Add(clID, text string, data epp.Element) (id string) {
	return q.add(clID, message{qDate: q.Clock.Now(), text: strings.Clone(text), data: data})
}

func (q *Queue) add(clID string, m message) (id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.byID == nil {
		q.byID = make(map[string][]message)
	}
	q.last++
	id = strconv.FormatUint(q.last, 10)
	m.id = id
	q.byID[strings.Clone(clID)] = append(q.byID[clID], m)
	return id
}

// load queues what fixtures hold.
func (q *Queue) load(list []Message) {
	for _, m := range list {
		if m.QDate.IsZero() {
			m.QDate = q.Clock.Now()
		}
		q.add(m.ClID, message{qDate: m.QDate.UTC(), text: m.Text})
	}
}

// Len is how many messages wait for a registrar.
func (q *Queue) Len(clID string) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting(clID))
}

// waiting returns a registrar's messages, after removing those that are too old.
func (q *Queue) waiting(clID string) []message {
	list := q.byID[clID]
	if q.TTL > 0 && len(list) > 0 {
		now := q.Clock.Now()
		list = slices.DeleteFunc(list, func(m message) bool { return !now.Before(m.qDate.Add(q.TTL)) })
		q.byID[clID] = list
	}
	return list
}

// Poll serves <poll>: it is the handler of *epp.Poll.
func (q *Queue) Poll(x *mockserver.Exchange, m *epp.Poll) (*epp.NoData, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch m.Op {
	case epp.PollReq:
		q.req(x)
		return nil, nil
	case epp.PollAck:
		return nil, q.ack(x, m.MsgID)
	}
	return nil, epp.Refuse(epp.CommandSyntaxError)
}

func (q *Queue) req(x *mockserver.Exchange) {
	list := q.waiting(x.ClID())
	if len(list) == 0 {
		x.Code = epp.NoMessages
		return
	}
	first := list[0]
	msg := &epp.Msg{Mixed: epp.Mixed{Text: first.text}}
	switch {
	case first.data == nil:
	case q.InMsg:
		msg.Mixed = epp.Mixed{Elements: []epp.Element{first.data}}
	default:
		x.ResData = []epp.Element{first.data}
	}
	x.Code = epp.AckToDequeue
	x.MsgQ = &epp.MsgQ{Count: uint64(len(list)), ID: first.id, QDate: first.qDate, Msg: msg}
}

// ack removes a message: any of the registrar's own, although a client can only
// know the first.
func (q *Queue) ack(x *mockserver.Exchange, id string) error {
	if id == "" {
		return epp.Refuse(epp.RequiredParameterMissing)
	}
	clID := x.ClID()
	list := q.waiting(clID)
	i := slices.IndexFunc(list, func(m message) bool { return m.id == id })
	if i < 0 {
		return epp.Refuse(epp.ObjectDoesNotExist)
	}
	list = slices.Delete(list, i, i+1)
	q.byID[clID] = list
	if len(list) == 0 {
		return nil
	}
	x.MsgQ = &epp.MsgQ{Count: uint64(len(list)), ID: id}
	if q.AckNext {
		x.MsgQ.ID = list[0].id
	}
	return nil
}
