package openprovider

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// A Reply is what stands around the data of an answer.
type Reply struct {
	Code        int // 0 for success, 393 for a code that was mailed
	Desc        string
	Maintenance bool
	Warnings    json.RawMessage // as they came; nil for none
	// Extra are further fields.
	Extra map[string]json.RawMessage
}

// envelope is a Reply on the wire, as it is read.
type envelope struct {
	Code        *jsonwire.Int   `json:"code"`
	Desc        *string         `json:"desc"`
	Data        json.RawMessage `json:"data"`
	Maintenance boolean         `json:"maintenance"`
	Warnings    json.RawMessage `json:"warnings"`

	extra map[string]json.RawMessage
}

// response is a Reply on the wire, as it is written.
type response struct {
	Code        int    `json:"code"`
	Desc        string `json:"desc"`
	Data        any    `json:"data"`
	Maintenance bool   `json:"maintenance,omitempty"`
}

// boolean is read in all forms and written as true or false.
type boolean bool

// UnmarshalJSON reads true, 1, "1" and the like.
func (b *boolean) UnmarshalJSON(doc []byte) error { return (*jsonwire.Flag)(b).UnmarshalJSON(doc) }

// is is the value; false where there is none.
func (b *boolean) is() bool { return b != nil && bool(*b) }

// truth is the value; Untold where there is none.
func (b *boolean) truth() authcode.Truth { return (*jsonwire.Flag)(b).Truth() }

var (
	errNoEnvelope = errors.New("the answer is not of the documented form")
	errData       = errors.New("the data of the answer is not of the documented form")
	errOther      = errors.New("the answer is about another domain")
)

// readEnvelope reads an answer; nil for one that has no envelope.
func readEnvelope(body []byte) *envelope {
	var e envelope
	extra, err := jsonwire.Unmarshal(body, &e)
	if err != nil || e.Code == nil {
		return nil
	}
	e.extra = extra
	return &e
}

// code is the code of an answer, which every envelope has.
func (e *envelope) code() int { return int(*e.Code) }

func (e *envelope) reply() Reply {
	r := Reply{Code: e.code(), Maintenance: bool(e.Maintenance), Warnings: e.Warnings, Extra: e.extra}
	if e.Desc != nil {
		r.Desc = *e.Desc
	}
	return r
}

// read reads the data into v. Some answers have a text in place of data that say
// nothing: v stays as it is then.
func (e *envelope) read(v payload) (extra map[string]json.RawMessage, err error) {
	if bytes.HasPrefix(e.Data, []byte("{")) {
		if extra, err = jsonwire.Unmarshal(e.Data, v); err != nil {
			return nil, err
		}
	}
	if !v.complete() {
		return nil, errData
	}
	return extra, nil
}

// textOf reads a text; false for what is none.
func textOf(doc []byte) (s string, ok bool) {
	err := json.Unmarshal(doc, &s)
	return s, err == nil
}

// judge decides what an answer is: the envelope of one that says success, or a Refused,
// or an *authcode.Error.
func (c *Client) judge(q httpcall.Call, r *httpcall.Reply) (*envelope, error) {
	e := readEnvelope(r.Body)
	if e != nil && e.code() == 0 && r.OK() {
		return e, nil
	}
	if no, refused := refusal(r, e, q.Safe, c.classes); refused {
		return nil, no
	}
	err := c.http.Foreign(q, r, errNoEnvelope)
	var fail *authcode.Error
	if e != nil && errors.As(err, &fail) {
		fail.Code = strconv.Itoa(e.code())
	}
	return nil, err
}

// unusable is the error of an answer that says success, and whose data are not what
// was asked for.
func (c *Client) unusable(q httpcall.Call, r *httpcall.Reply, e *envelope) error {
	if no, refused := refusal(r, e, q.Safe, c.classes); refused {
		return no // there is maintenance
	}
	return c.http.Error(q, r, !q.Safe, errData)
}
