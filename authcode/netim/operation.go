package netim

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// A Status is how far an operation is.
type Status string

// The statuses. They are compared without regard to case.
const (
	Done      Status = "Done"
	Pending   Status = "Pending"
	Failed    Status = "Failed"
	Cancelled Status = "Cancelled"
)

var statuses = [...]Status{Done, Pending, Failed, Cancelled}

// An Operation is what every change is at Netim (StructOperationResponse).
type Operation struct {
	ID      int64     // ID_OPE
	Status  Status    // STATUS, in the spelling of the constants
	Message string    // MESSAGE: why, where the status is Failed
	Type    string    // TYPE, as in "domainAuthID"
	Date    time.Time // DATE, zero where there is none
	// Data is DATA of version 3.0 as it came, in JSON.
	Data authcode.Body
	// Extra are further fields, and a DATE that is no date.
	Extra map[string]json.RawMessage
}

// Refused is what an operation that is Failed or Cancelled comes to; false for others.
func (op *Operation) Refused() (authcode.Refused, bool) {
	if op.Status != Failed && op.Status != Cancelled {
		return authcode.Refused{}, false
	}
	return authcode.Refused{Class: authcode.Failed, Code: string(op.Status), Text: op.Message}, true
}

type wireOperation struct {
	ID      *jsonwire.Int   `json:"ID_OPE"`
	Status  string          `json:"STATUS"`
	Message string          `json:"MESSAGE"`
	Type    string          `json:"TYPE"`
	Date    string          `json:"DATE"`
	Data    json.RawMessage `json:"DATA,omitempty"`
}

var (
	errNoOperation = errors.New("the answer is no operation: ID_OPE or a known STATUS is missing")
	errOtherDomain = errors.New("the answer does not tell about this domain")
)

// parseOperation reads an operation. One without a number or without a status of the
// document is none, whatever the HTTP status was.
func parseOperation(doc []byte, loc *time.Location) (*Operation, error) {
	var w wireOperation
	extra, err := jsonwire.Unmarshal(doc, &w)
	if err != nil {
		return nil, err
	}
	status, ok := parseStatus(w.Status)
	if !ok || w.ID == nil {
		return nil, errNoOperation
	}
	op := &Operation{ID: int64(*w.ID), Status: status, Message: w.Message, Type: w.Type, Extra: extra}
	op.Date = date(w.Date, "DATE", loc, &op.Extra)
	if string(w.Data) != "null" {
		op.Data = authcode.Body(w.Data)
	}
	return op, nil
}

func parseStatus(s string) (Status, bool) {
	for _, status := range statuses {
		if strings.EqualFold(s, string(status)) {
			return status, true
		}
	}
	return "", false
}

// wire is the operation as a version has it: DATA came with 3.0.
func (op *Operation) wire(v Version, loc *time.Location) wireOperation {
	id := jsonwire.Int(op.ID)
	w := wireOperation{
		ID: &id, Status: string(op.Status), Message: op.Message, Type: op.Type,
		Date: formatTime(op.Date, timeLayout, loc),
	}
	if v == V3 {
		w.Data = json.RawMessage("null")
		if len(op.Data) > 0 {
			w.Data = json.RawMessage(op.Data)
		}
	}
	return w
}

// A PendingOperation is one of those that go on (StructQueryOpePending).
type PendingOperation struct {
	ID    int64     // id_ope
	Type  string    // code_ope
	Date  time.Time // date_ope
	Data  string    // data_ope: what it is about, such as a domain
	Extra map[string]json.RawMessage
}

type wirePending struct {
	ID   *jsonwire.Int `json:"id_ope"`
	Type string        `json:"code_ope"`
	Date string        `json:"date_ope"`
	Data string        `json:"data_ope"`
}

func parsePending(doc []byte, loc *time.Location) ([]PendingOperation, error) {
	var elements []json.RawMessage
	if err := json.Unmarshal(doc, &elements); err != nil || elements == nil {
		return nil, jsonwire.ErrMalformed
	}
	list := make([]PendingOperation, len(elements))
	for i, e := range elements {
		var w wirePending
		extra, err := jsonwire.Unmarshal(e, &w)
		if err != nil {
			return nil, err
		}
		if w.ID == nil {
			return nil, errNoOperation
		}
		list[i] = PendingOperation{ID: int64(*w.ID), Type: w.Type, Data: w.Data, Extra: extra}
		list[i].Date = date(w.Date, "date_ope", loc, &list[i].Extra)
	}
	return list, nil
}

func (op *PendingOperation) wire(loc *time.Location) wirePending {
	id := jsonwire.Int(op.ID)
	return wirePending{ID: &id, Type: op.Type, Date: formatTime(op.Date, timeLayout, loc), Data: op.Data}
}

// The forms of dates.
const (
	timeLayout = "2006-01-02 15:04:05"
	dayLayout  = "2006-01-02"
)

// date reads a date. One that is none is kept in extra, under its name, so that an odd
// date does not cost the caller the rest of the answer.
func date(s, name string, loc *time.Location, extra *map[string]json.RawMessage) time.Time {
	if s == "" || strings.HasPrefix(s, "0000-00-00") { // how SQL writes that there is none
		return time.Time{}
	}
	for _, layout := range []string{timeLayout, dayLayout, time.RFC3339} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return t
		}
	}
	if *extra == nil {
		*extra = map[string]json.RawMessage{}
	}
	(*extra)[name] = jsonwire.Append(s)
	return time.Time{}
}

func formatTime(t time.Time, layout string, loc *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(loc).Format(layout)
}
