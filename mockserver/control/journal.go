package control

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func journalRoutes() []route {
	return []route{
		{
			method: http.MethodPost, path: "/journal/search", body: Search{}, answer: Journal{},
			says: "Find frames that were received and sent. An empty query finds all.",
			serve: func(x *call) (any, error) {
				var q Search
				if err := x.decode(&q); err != nil {
					return nil, err
				}
				list, err := x.mock.Server.Journal().Search(q.Query)
				return journalOf(list, q.Secrets), err
			},
		},
		{
			method: http.MethodPost, path: "/journal/wait", body: Wait{}, answer: Journal{},
			says:  "Wait until so many frames are what a query means, and get them; otherwise hear what came nearest.",
			serve: wait,
		},
		{
			method: http.MethodPost, path: "/journal/expect", body: Expect{}, answer: Expected{},
			says: "Check how many frames are what a query means, and hear what came nearest where it is another number.",
			serve: func(x *call) (any, error) {
				var q Expect
				if err := x.decode(&q); err != nil {
					return nil, err
				}
				if q.Count == nil {
					return nil, missing("count")
				}
				if err := atLeast("count", *q.Count, 0); err != nil {
					return nil, err
				}
				return expected(x.mock.Server.Journal().Expect(*q.Count, q.Query))
			},
		},
		{
			method: http.MethodDelete, path: "/journal",
			says: "Forget all frames.",
			serve: func(x *call) (any, error) {
				x.mock.Server.Journal().Reset()
				return nil, nil
			},
		},
	}
}

// Search is a query, and whether secrets are shown in what it finds.
type Search struct {
	mockserver.Query `yaml:",inline"`
	Secrets          bool `yaml:"secrets" json:"secrets,omitempty"`
}

// Wait is a query that is waited for.
type Wait struct {
	mockserver.Query `yaml:",inline"`
	Secrets          bool `yaml:"secrets" json:"secrets,omitempty"`
	Count            *int `yaml:"count" json:"count,omitempty"` // 1
	// Timeout is by the machine's clock; 10s, and a minute at most.
	Timeout registry.Duration `yaml:"timeout" json:"timeout,omitempty"`
}

// Expect is a query, and how many frames it should mean.
type Expect struct {
	mockserver.Query `yaml:",inline"`
	Count            *int `yaml:"count" json:"count"`
}

// Expected is whether an expectation was met.
type Expected struct {
	Met bool `json:"met"`
	// Why is for people; Nearest is what came nearest, and Mismatches what it lacks.
	Why        string                `json:"why,omitempty"`
	Wanted     int                   `json:"wanted"`
	Got        int                   `json:"got"`
	Nearest    *Entry                `json:"nearest,omitempty"`
	Mismatches []mockserver.Mismatch `json:"mismatches,omitempty"`
}

// Journal are frames, and what became of an expectation of them.
type Journal struct {
	Entries []Entry   `json:"entries"`
	Unmet   *Expected `json:"unmet,omitempty"`
}

// Entry is a frame.
type Entry struct {
	Seq     int64     `json:"seq"`
	Time    time.Time `json:"time"`
	Session int64     `json:"session"`
	ClID    string    `json:"clID,omitempty"`
	Sent    bool      `json:"sent"`
	Name    string    `json:"name,omitempty"`
	Verb    string    `json:"verb,omitempty"`
	Code    int       `json:"code,omitempty"`
	ClTRID  string    `json:"clTRID,omitempty"`
	SvTRID  string    `json:"svTRID,omitempty"`
	Fault   string    `json:"fault,omitempty"`
	Stub    string    `json:"stub,omitempty"`    // the one that made the answer
	Answers int64     `json:"answers,omitempty"` // the seq of the command that it answers
	Frame   string    `json:"frame"`
}

func entryOf(e *mockserver.Entry, secrets bool) Entry {
	out := Entry{
		Seq: e.Seq, Time: e.Time, Session: e.Session, ClID: e.ClID, Sent: e.Sent, Verb: e.Verb,
		Code: int(e.Code), ClTRID: e.ClTRID, SvTRID: e.SvTRID, Fault: e.Fault, Stub: e.Stub, Answers: e.Answers, Frame: e.Frame(),
	}
	if e.Name.Local != "" {
		out.Name = e.Name.String()
	}
	if secrets {
		out.Frame = e.Unredacted()
	}
	return out
}

func journalOf(list []mockserver.Entry, secrets bool) Journal {
	out := Journal{Entries: []Entry{}}
	for i := range list {
		out.Entries = append(out.Entries, entryOf(&list[i], secrets))
	}
	return out
}

// maxWait is how long a request may wait.
const maxWait = time.Minute

func wait(x *call) (any, error) {
	var q Wait
	if err := x.decode(&q); err != nil {
		return nil, err
	}
	limit := q.Timeout.D()
	switch {
	case limit == 0:
		limit = 10 * time.Second
	case limit > maxWait:
		return nil, &problem{http.StatusBadRequest, "timeout", "may be a minute at most"}
	}
	count := 1
	if q.Count != nil {
		if err := atLeast("count", *q.Count, 1); err != nil {
			return nil, err
		}
		count = *q.Count
	}
	ctx, cancel := context.WithTimeout(x.Context(), limit)
	defer cancel()
	defer context.AfterFunc(x.ctl.closing, cancel)()
	list, err := x.mock.Server.Journal().Wait(ctx, count, q.Query)
	out := journalOf(list, q.Secrets)
	if unmet, ok := errors.AsType[*mockserver.ExpectError](err); ok {
		out.Unmet, _ = expected(unmet)
		return out, nil
	}
	return out, err
}

// expected makes an answer of an expectation that was not met. Another error stays one.
func expected(err error) (*Expected, error) {
	if err == nil {
		return &Expected{Met: true}, nil
	}
	e, ok := errors.AsType[*mockserver.ExpectError](err)
	if !ok {
		return nil, err
	}
	out := &Expected{Why: trim(e.Error()), Wanted: e.Wanted, Got: e.Got, Mismatches: e.Mismatches}
	if e.Nearest.Seq != 0 {
		near := entryOf(&e.Nearest, false)
		out.Nearest = &near
	}
	return out, nil
}
