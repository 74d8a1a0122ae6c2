package mijndomeinreseller

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// A Result is what came of a call that was not refused. One of Code, Mailed and Pending
// is set.
type Result struct {
	// Code was made and shown (201).
	Code *AuthCode
	// Mailed says that the registry mails the code to the registrant (204).
	Mailed bool
	// Pending is an answer that promises one of the others for later (202). The
	// document does not have it.
	Pending *Accepted

	Status int           // of HTTP
	Body   authcode.Body // the answer as it came
}

// An AuthCode is the code of a domain as it was made and shown.
type AuthCode struct {
	AuthCode authcode.Secret // auth_code
	// Expires is auth_code_date_expiry, in UTC. It is zero where the code does not
	// expire, and where Expiry can't be read: the code was made and has ended the
	// one before, so that it is worth having without its date.
	Expires time.Time
	// Expiry is auth_code_date_expiry as it came; "" where there is none.
	Expiry string
	Extra  map[string]json.RawMessage // fields that the document does not have
}

// Accepted is the body of a 202. Its fields are those that NewHandler writes.
type Accepted struct {
	Operation string // names what goes on; "" where the answer does not
	Message   string
	Extra     map[string]json.RawMessage
}

var (
	errStatus  = errors.New("the answer says neither that it was done nor that it was refused")
	errNoCode  = errors.New("the answer says that it was done, but has no code")
	errNoWords = errors.New("the interface has no words for it")
)

// read reads an answer. The error is a Refused, or quotes nothing of the body.
func (o *Options) read(status int, body []byte) (*Result, error) {
	res := &Result{Status: status, Body: body, Mailed: status == http.StatusNoContent}
	if res.Mailed {
		return res, nil
	}
	var err error
	if res.Code, err = readCode(status, body); err == nil {
		return res, nil
	}
	if no, refused := o.refused(status, body); refused {
		return nil, no
	}
	empty := len(bytes.TrimSpace(body)) == 0
	if status == http.StatusAccepted && (empty || errors.Is(err, errNoCode)) {
		res.Pending = readAccepted(body)
		return res, nil
	}
	return nil, err
}

// codeBody is the body of a 201.
type codeBody struct {
	AuthCode jsonwire.Exact `json:"auth_code"`
	Expiry   datetime       `json:"auth_code_date_expiry,omitzero"`
}

// readCode reads the code of a 201. Another 2xx will do: it is a code that was made.
func readCode(status int, body []byte) (*AuthCode, error) {
	if status < 200 || status > 299 {
		return nil, errStatus
	}
	var b codeBody
	extra, err := jsonwire.Unmarshal(body, &b)
	switch {
	case err != nil:
		return nil, err
	case b.AuthCode == "":
		return nil, errNoCode
	}
	return &AuthCode{
		AuthCode: authcode.Secret(b.AuthCode),
		Expires:  b.Expiry.Time, Expiry: b.Expiry.text, Extra: extra,
	}, nil
}

// acceptedBody is the body of a 202.
type acceptedBody struct {
	Operation string `json:"operation,omitempty"`
	Message   string `json:"message,omitempty"`
}

// readAccepted reads the body of a 202, which may be empty. What is in it hardly
// matters: the status has said it.
func readAccepted(body []byte) *Accepted {
	fields, err := jsonwire.Unmarshal(body, &struct{}{})
	if err != nil {
		return &Accepted{}
	}
	a := &Accepted{Operation: text(fields["operation"]), Message: text(fields["message"])}
	delete(fields, "operation")
	delete(fields, "message")
	if len(fields) > 0 {
		a.Extra = fields
	}
	return a
}

// writeOutcome returns the answer that says what came of a request. It is an error where
// there is none.
func writeOutcome(out authcode.Outcome) (status int, body []byte, err error) {
	switch out := out.(type) {
	case authcode.Code:
		if out.Value == "" {
			return 0, nil, errNoWords
		}
		body, err = jsonwire.Marshal(codeBody{jsonwire.Exact(out.Value), datetime{Time: out.Expires}})
		return http.StatusCreated, body, err
	case authcode.Sent:
		if slices.Contains(out.To, authcode.Registrant) {
			return http.StatusNoContent, nil, nil
		}
	case authcode.Pending:
		return http.StatusAccepted, jsonwire.Append(acceptedBody{out.Operation, out.Text}), nil
	}
	return 0, nil, errNoWords
}

// datetime is the document's Datetime: RFC 3339, in UTC. What is not of this form is
// kept as text.
type datetime struct {
	time.Time
	text string
}

// IsZero reports whether there is none that RFC 3339 could write.
func (d datetime) IsZero() bool {
	return d.Time.IsZero() || d.UTC().Year() < 0 || d.UTC().Year() > 9999
}

// MarshalJSON writes it with whole seconds, never later than it is.
func (d datetime) MarshalJSON() ([]byte, error) {
	return json.Marshal(d.UTC().Format(time.RFC3339))
}

// UnmarshalJSON takes anything, so that no code is lost with its date.
func (d *datetime) UnmarshalJSON(b []byte) error {
	*d = datetime{}
	if string(b) == "null" {
		return nil
	}
	if json.Unmarshal(b, &d.text) != nil {
		d.text = string(b)
	}
	if t, err := time.Parse(time.RFC3339, d.text); err == nil && !(datetime{Time: t}).IsZero() {
		d.Time = t.UTC()
	}
	return nil
}
