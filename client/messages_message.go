package client

import (
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/unhandled"
)

// A Message is one of the queue.
type Message struct {
	// ID names the message in the queue (RFC 5730, section 2.6). It is "" where there
	// is none that can be read.
	ID    string
	Count uint64    // of the messages in the queue, this one included
	QDate time.Time // when it was put there

	Text     string        // with white space collapsed
	Lang     string        // of Text, "" is English
	Elements []epp.Element // that some registries put into the text

	// Data are the response's ResData and Extension, and with them what the server had
	// to put elsewhere (RFC 9038).
	unhandled.Data

	// Response is the whole answer, or nil where the frame can't be parsed.
	Response *epp.Response
	// Err says what of the message can't be read, if anything: a value (see
	// [epp.Response], Unread, and [epp.Raw], Err), or the frame as a whole, which is
	// then an [*UnreadableError]. What can be read is there all the same.
	Err error

	frame string
}

// Frame is the document that the message came in, secrets and all.
func (m *Message) Frame() string { return m.frame }

// Format names the message, whatever the verb. It leaves out the content, which may hold a
// secret.
func (m Message) Format(f fmt.State, _ rune) { io.WriteString(f, "client.Message("+m.ID+")") }

// messageOf reads the answer to a request, as what r and greeting know, of which either
// may be nil.
func messageOf(r *epp.Response, set *epp.Schema, greeting *epp.Greeting) *Message {
	m := &Message{Response: r, Err: r.Unread, frame: r.Frame}
	if q := r.MsgQ; q != nil {
		m.ID, m.Count, m.QDate = epp.Collapse(q.ID), q.Count, q.QDate
		if q.Msg != nil {
			m.Text, m.Lang, m.Elements = epp.Collapse(q.Msg.Text), q.Msg.Lang, q.Msg.Elements
		}
	}
	m.Data = unhandled.Of(r, set, greeting)
	for _, list := range [][]epp.Element{m.Elements, m.ResData, m.Extension, m.Unplaced} {
		for _, e := range list {
			if raw, ok := e.(*epp.Raw); ok && raw.Err != nil && m.Err == nil {
				m.Err = raw.Err
			}
		}
	}
	return m
}

// unreadableMessage is one of whose frame nothing is known but its id, as well as that can
// be found. It is nil where the frame holds no message. The parser may know the frame, and
// only a Validator not.
func unreadableMessage(e *UnreadableError, set *epp.Schema, greeting *epp.Greeting) *Message {
	if doc, err := set.Parse(e.Frame()); err == nil {
		r, ok := doc.(*epp.Response)
		if !ok {
			return nil
		}
		m := messageOf(r, set, greeting)
		m.Err = e
		return m
	}
	doc := strings.ReplaceAll(string(e.Frame()), "\x00", "") // of UTF-16
	if !strings.Contains(doc, "msgQ") {
		return nil
	}
	return &Message{ID: idInWreck(doc), Err: e, frame: string(e.Frame())}
}

var msgQTag = regexp.MustCompile(`<(?:[\pL_][\pL\pN._-]*:)?msgQ\s[^<>]*>`)

var idAttr = regexp.MustCompile(`\sid\s*=\s*("[^"]*"|'[^']*')`)

// idInWreck finds a message's id in a document that can't be parsed. Where there is more
// than one place that may hold it, there is none: the wrong one would remove a message
// that nobody has seen.
func idInWreck(doc string) string {
	tags := msgQTag.FindAllString(doc, 2)
	if len(tags) != 1 {
		return ""
	}
	ids := idAttr.FindAllStringSubmatch(tags[0], 2)
	if len(ids) != 1 {
		return ""
	}
	var value struct {
		ID string `xml:"id,attr"`
	}
	if xml.Unmarshal([]byte("<q id="+ids[0][1]+"/>"), &value) != nil {
		return ""
	}
	return epp.Collapse(value.ID)
}
