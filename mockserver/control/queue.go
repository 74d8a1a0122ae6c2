package control

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func queueRoutes() []route {
	return []route{{
		method: http.MethodPost, path: "/messages", body: Message{}, answer: Queued{},
		says: "Queue a message for a registrar to poll. Those that wait are the records of table message.",
		serve: func(x *call) (any, error) {
			var q Message
			if err := x.decode(&q); err != nil {
				return nil, err
			}
			m, err := x.mock.message(&q)
			if err != nil {
				return nil, err
			}
			id, err := registry.Do(x.mock.State, func(tx *registry.Tx) (string, error) {
				return x.mock.State.Queue.Put(tx, m), nil
			})
			return Queued{id, x.mock.State.Queue.Len(q.ClID)}, err
		},
	}}
}

// Message is one to queue. ResData and Extension are elements as XML, of namespaces that
// the registry knows or not.
type Message struct {
	ClID      string   `yaml:"clID" json:"clID"`
	Text      string   `yaml:"text" json:"text,omitempty"`
	ResData   []string `yaml:"resData" json:"resData,omitempty"`
	Extension []string `yaml:"extension" json:"extension,omitempty"`
}

// Queued is a message that waits, and how many do for that registrar.
type Queued struct {
	ID    string `json:"id"`
	Count int    `json:"count"`
}

// message reads the elements of a message.
func (m *Mock) message(q *Message) (registry.Message, error) {
	out := registry.Message{ClID: q.ClID, Text: q.Text}
	if m.State.Accounts.Table.Get(m.State.View(nil), q.ClID) == nil {
		return out, &problem{http.StatusBadRequest, "clID", fmt.Sprintf("there is no registrar %q", q.ClID)}
	}
	if q.Text == "" && len(q.ResData)+len(q.Extension) == 0 {
		return out, &problem{http.StatusBadRequest, "text", "a message has a text, data, or both"}
	}
	var err error
	if out.ResData, err = m.elements("resData", q.ResData); err != nil {
		return out, err
	}
	if out.Extension, err = m.elements("extension", q.Extension); err != nil {
		return out, err
	}
	if strings.ContainsFunc(q.Text, func(c rune) bool { return unicode.IsControl(c) && !unicode.IsSpace(c) }) {
		return out, &problem{http.StatusBadRequest, "text", "holds a control character, which no answer can"}
	}
	return out, nil
}

// elements reads elements out of a response that is made around each.
func (m *Mock) elements(in string, docs []string) ([]epp.Element, error) {
	var list []epp.Element
	for i, doc := range docs {
		frame := `<epp xmlns="` + epp.NS + `"><response><result code="1000"><msg>x</msg></result><` + in + `>` + doc +
			`</` + in + `><trID><svTRID>control</svTRID></trID></response></epp>`
		got, err := m.State.Schema().ParseStrict([]byte(frame))
		r, ok := got.(*epp.Response)
		if err != nil || !ok {
			return nil, &problem{http.StatusBadRequest, fmt.Sprintf("%s[%d]", in, i), fmt.Sprintf("this can't be in an answer: %v", err)}
		}
		list = append(append(list, r.ResData...), r.Extension...)
	}
	return list, nil
}
