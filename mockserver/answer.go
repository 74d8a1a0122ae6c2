package mockserver

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// reply makes the answer to a command out of what its handler returned. An answer
// that can't be written becomes 2400: what goes out is always valid.
func (c *conn) reply(x *Exchange, data epp.Element, failure error) (end bool, err error) {
	if failure == nil {
		failure = x.unsound()
	}
	m, cause := c.response(x, data, failure)
	from := len(c.out)
	if cause == nil {
		cause = c.appendAnswer(x, m)
	}
	if cause != nil {
		c.logFailure(x, m.TrID.SvTRID, cause)
		m = &epp.Response{Results: c.results(epp.CommandFailed), TrID: m.TrID}
		if err := c.append(m); err != nil {
			return true, fmt.Errorf("mockserver: even a plain answer can't be written: %w", err)
		}
	}
	c.record(x, m, from)
	c.unsent = append(c.unsent, x.unsent...)
	if end = c.closes(m.Code()); end {
		c.release() // before the client can know: it may come back at once
	}
	return end, nil
}

// unsound reports what in a success would make the answer invalid.
func (x *Exchange) unsound() error {
	switch {
	case x.Code != 0 && (!x.Code.OK() || !x.Code.Known()):
		return fmt.Errorf("mockserver: %04d is not the code of a success", uint16(x.Code))
	case x.MsgQ != nil && x.MsgQ.Count > 0 && x.MsgQ.ID == "":
		return errors.New("mockserver: a MsgQ needs an ID")
	}
	return nil
}

// response puts an answer together. The error is one that is not for the client.
func (c *conn) response(x *Exchange, data epp.Element, failure error) (*epp.Response, error) {
	if x.script != nil {
		return x.script.Response, nil
	}
	m := &epp.Response{TrID: epp.TrID{ClTRID: x.Command.ClTRID, SvTRID: x.SvTRID()}}
	var refusal *epp.ResultError
	var code epp.Code
	switch {
	case failure == nil:
		code = x.Code
		if code == 0 {
			code = epp.Success
		}
		m.Results = c.results(code)
		m.ResData = x.ResData
		if data != nil {
			m.ResData = append(slices.Clip(m.ResData), data)
		}
	case errors.As(failure, &refusal) && proper(refusal.Results):
		m.Results = c.translated(refusal.Results)
	case errors.As(failure, &code) && code.Known() && !code.OK():
		m.Results = c.results(code)
	default:
		return m, failure
	}
	if x.MsgQ != nil && x.MsgQ.Count > 0 {
		m.MsgQ = x.MsgQ
	}
	m.Extension = x.Extension
	if err := c.finish(x, m); err != nil {
		return m, err
	}
	m.Extension = c.spoken(x, m.Extension)
	return m, nil
}

// finish gives the registry the last word.
func (c *conn) finish(x *Exchange, m *epp.Response) (err error) {
	defer caught(&err)
	if f, ok := c.srv.reg.(Finisher); ok {
		f.Finish(x, m)
	}
	return nil
}

// results is one result with the code's text in the session's language.
func (c *conn) results(code epp.Code) []epp.Result {
	return []epp.Result{{Code: code, Msg: c.text(code)}}
}

func (c *conn) text(code epp.Code) epp.Text {
	if t, ok := c.srv.reg.(Translator); ok {
		return t.ResultText(code, c.sess.Lang)
	}
	return epp.Text{Text: code.Text()}
}

// proper reports whether the results may be sent as those of a failure.
func proper(results []epp.Result) bool {
	for i := range results {
		if code := results[i].Code; !code.Known() || code.OK() {
			return false
		}
	}
	return len(results) > 0
}

// translated replaces the standard's texts by those of the session's language.
func (c *conn) translated(results []epp.Result) []epp.Result {
	if _, ok := c.srv.reg.(Translator); !ok {
		return results
	}
	results = slices.Clone(results)
	for i := range results {
		if r := &results[i]; r.Msg == (epp.Text{Text: r.Code.Text()}) {
			r.Msg = c.text(r.Code)
		}
	}
	return results
}

// spoken drops the extensions that are announced but that the login did not name. Of an
// answer to a login that is the login itself, also of one that failed.
func (c *conn) spoken(x *Exchange, exts []epp.Element) []epp.Element {
	if c.srv.profile.IgnoreServices || len(exts) == 0 {
		return exts
	}
	named := c.sess.ExtURI
	if q, ok := x.Command.Request.(*epp.Login); ok && c.sess.ClID == "" {
		named = q.ExtURI
	}
	return slices.DeleteFunc(slices.Clone(exts), func(e epp.Element) bool {
		uri := c.srv.schema.NameOf(e).Space
		return slices.Contains(c.srv.services.ext, uri) && !slices.Contains(named, uri)
	})
}

// appendAnswer appends the answer to a command, which is a stub's document where there
// is one.
func (c *conn) appendAnswer(x *Exchange, m *epp.Response) error {
	if x.script == nil || x.script.Document == nil {
		return c.append(m)
	}
	out, err := epp.AppendDataUnit(c.out, x.script.Document)
	if err == nil {
		c.take(out, true)
	}
	return err
}

// append appends a message to what is to be written. What a handler returned may
// panic while it is encoded.
func (c *conn) append(m epp.Message) (err error) {
	defer caught(&err)
	out, err := c.srv.schema.AppendFrame(c.out, m)
	if err == nil {
		err = c.checkAnswer(out[len(c.out)+4:])
	}
	if err == nil {
		c.take(out, false)
	}
	return err
}

// take has out, which is c.out and a frame more, written in its place, as faults have
// it, and hostility unless the document is exact.
func (c *conn) take(out []byte, exact bool) {
	if hostile := c.hostile != nil && !exact; hostile || !c.blow.none() {
		out = append(out[:len(c.out)], unit(c.altered(out[len(c.out)+4:], hostile))...)
	}
	c.out = out
}

func (c *conn) appendGreeting() error {
	if c.play == nil {
		return c.append(c.srv.reg.Greeting())
	}
	out, err := epp.AppendDataUnit(c.out, c.play.Greeting())
	if err == nil {
		c.take(out, true)
	}
	return err
}

// greet appends a greeting.
func (c *conn) greet() error {
	from := len(c.out)
	if err := c.appendGreeting(); err != nil {
		return err
	}
	c.srv.journal.add(Entry{
		Time: c.srv.reg.Now(), Session: c.sess.ID, ClID: c.sess.ClID, Sent: true,
		Name: greetingName, Verb: "greeting", Fault: c.blow.String(), frame: c.written(from),
	})
	return nil
}

// written is the document that was appended to out after offset from.
func (c *conn) written(from int) string {
	if c.srv.journal.size < 0 {
		return ""
	}
	return string(c.out[from+4:])
}

// enter puts a frame that came into the journal.
func (c *conn) enter(frame []byte, e Entry) {
	if c.srv.journal.size < 0 {
		return
	}
	e.Time, e.Session, e.ClID = c.srv.reg.Now(), c.sess.ID, c.sess.ClID
	e.ClTRID, e.frame = strings.Clone(e.ClTRID), string(frame)
	c.asked = c.srv.journal.add(e)
}

// record puts an answer into the journal.
func (c *conn) record(x *Exchange, m *epp.Response, from int) {
	if c.srv.journal.size < 0 {
		return
	}
	e := Entry{
		Time: x.Now(), Session: c.sess.ID, ClID: c.sess.ClID, Sent: true,
		Verb: verbOf(x.Command), Code: m.Code(), Answers: c.asked,
		ClTRID: strings.Clone(m.TrID.ClTRID), SvTRID: m.TrID.SvTRID,
		Fault: c.blow.String(), frame: c.written(from),
	}
	if x.Command.Request != nil {
		e.Name = nameOf(x.Command)
	}
	if x.script != nil {
		e.Stub = x.script.Stub
	}
	if e.Name == helloName {
		e.Name, e.Verb = greetingName, "greeting"
	}
	c.asked = 0 // what else is said answers nothing
	c.srv.journal.add(e)
}

// logFailure logs an error that the client is not told.
func (c *conn) logFailure(x *Exchange, svTRID string, err error) {
	attrs := []any{"session", c.sess.ID, "clID", c.sess.ClID, "svTRID", svTRID, "error", err}
	if x.Command.Request != nil {
		attrs = append(attrs, "command", nameOf(x.Command).String())
	}
	var p *panicError
	if errors.As(err, &p) {
		attrs = append(attrs, "stack", string(p.stack))
	}
	c.srv.log.Error("command failed", attrs...)
}

// Limits on what an answer repeats of a frame.
const maxName, maxReason = 256, 512

// refuse makes a refusal that names the element at fault, or <epp> where there is
// none. The element is empty: what was in it may be a secret.
func refuse(code epp.Code, at epp.Name, reason string) *epp.ResultError {
	if at.Space == "" || len(at.Local) > maxName || len(at.Space) > maxName {
		at = epp.Name{Space: epp.NS, Local: "epp"}
	}
	v := epp.ErrValue{Value: epp.Mixed{Elements: []epp.Element{empty(at)}}}
	if reason != "" {
		v.Reason = &epp.Text{Text: printable(reason)}
	}
	return epp.Refuse(code, v)
}

// printable makes a text fit for XML, and for people.
func printable(s string) string {
	if len(s) > maxReason {
		s = s[:maxReason] + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// empty is an element of that name with nothing in it.
type empty epp.Name

func (m empty) XMLName() epp.Name { return epp.Name(m) }
func (m empty) Fields(*epp.Codec) {}
