package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// Options are what the caller knows of a command. The zero value knows nothing: little can
// be told then.
type Options struct {
	// ClID is the caller's own identifier at the registry, with which the command was
	// sent.
	ClID string
	// Sent is when the command was sent, by the caller's clock.
	Sent time.Time
	// Skew is how far the registry's clock may be from the caller's; 0 stands for one
	// minute, and less than 0 for not at all.
	Skew time.Duration
	// ClTRID is that of the command; "" takes it from the command, which does not have it
	// where the session chose it. The verdict repeats it: no answer to a query has it, but
	// the registry's logs do, and the messages about what was pending (RFC 5731, section
	// 3.3).
	ClTRID string
	// Before is the answer to an earlier info of the object, or to the poll request that
	// showed the message, if there is one: after the caller's last change of the object,
	// and before Sent. A refusal, that there was no such object, counts too.
	Before *epp.Response
	// Now is the caller's clock; nil is time.Now.
	Now func() time.Time
}

// Reconcile asks the registry what the object of a command looks like now, and says what
// became of the command. It sends queries alone, through d.
//
// An error means that the registry could not be asked, or failed; the verdict then is
// CantTell and has what was asked so far. A command that has no rule is no error.
func Reconcile(ctx context.Context, d client.Doer, cmd *epp.Command, opts Options) (Verdict, error) {
	if cmd == nil || cmd.Request == nil {
		return Verdict{Why: "there is no command"}, errors.New("reconcile: there is no command")
	}
	if opts.Skew == 0 {
		opts.Skew = time.Minute
	}
	opts.Skew = max(opts.Skew, 0)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	x := &inquiry{ctx: ctx, d: d, opts: opts}
	n := cmd.Request.XMLName()
	x.v.Command = n.Local
	if p := epp.PrefixOf(n.Space); p != "" {
		x.v.Command = p + ":" + n.Local
	}
	x.v.ClTRID = cmp.Or(opts.ClTRID, cmd.ClTRID)
	err := x.run(cmd)
	if err != nil {
		x.say(CantTell, "the registry could not be asked: %v", err)
		err = fmt.Errorf("reconcile %s: %w", x.v.Command, err)
	}
	return x.v, err
}

// An inquiry is one Reconcile.
type inquiry struct {
	ctx    context.Context
	d      client.Doer
	opts   Options
	s      *subject
	along  []epp.Element // extensions that go with each query
	before *state        // as Options.Before shows it, or nil
	v      Verdict
}

func (x *inquiry) run(cmd *epp.Command) error {
	if q, ok := cmd.Request.(*epp.Poll); ok && q.Op == epp.PollAck {
		x.v.Object = q.MsgID
		return acknowledged(x, q.MsgID)
	}
	if cmd.IsQuery() {
		x.say(CantTell, "it is a query, which changes nothing; it can be sent again")
		return nil
	}
	x.s = subjectOf(cmd)
	if x.s == nil {
		x.say(CantTell, "nothing that can be asked shows whether it was carried out")
		return nil
	}
	x.v.Object = x.s.name
	if x.s.op != "" {
		x.v.Command += " " + x.s.op
	}
	along, unknown := x.s.wish.extend(cmd.Extension)
	if unknown != "" {
		x.say(CantTell, "its extension %s is not compared", unknown)
		return nil
	}
	x.along = along
	if b := x.opts.Before; b != nil {
		x.before = x.earlier(b)
	}
	return x.s.rule(x)
}

// earlier is the object as an earlier answer shows it, or nil.
func (x *inquiry) earlier(b *epp.Response) *state {
	if b.Code() == epp.ObjectDoesNotExist {
		return &state{}
	}
	for _, e := range b.ResData {
		if st := stateOf(e, b.Extension); st != nil {
			return st
		}
	}
	return nil
}

func (x *inquiry) say(o Outcome, format string, args ...any) {
	x.v.Outcome, x.v.Why = o, fmt.Sprintf(format, args...)
}

// An answer to a question. A refusal is one too.
type answer struct {
	code epp.Code
	data epp.Element
	resp *epp.Response // of a success
}

func (x *inquiry) ask(q question) (answer, error) {
	resp, data, err := q.ask(x.ctx, x.d, x.along)
	var refusal *epp.ResultError
	switch {
	case err == nil:
		a := answer{code: resp.Code(), data: data, resp: resp}
		x.v.Asked = append(x.v.Asked, Question{Query: q.name, Code: a.code, Answer: data})
		return a, nil
	case errors.As(err, &refusal) && len(refusal.Results) > 0:
		code := refusal.Results[0].Code
		x.v.Asked = append(x.v.Asked, Question{Query: q.name, Code: code})
		if code >= epp.CommandFailed { // the server failed, or has ended the session
			return answer{}, err
		}
		return answer{code: code}, nil
	default:
		return answer{}, err
	}
}

// look asks for the object. The state is nil when the answer says nothing that could be
// used; the verdict says so then.
func (x *inquiry) look(q question) (*state, error) {
	a, err := x.ask(q)
	if err != nil {
		return nil, err
	}
	switch a.code {
	case epp.ObjectDoesNotExist:
		return &state{}, nil
	case epp.AuthorizationError, epp.InvalidAuthInfo:
		return &state{there: true}, nil
	}
	var st *state
	if a.resp != nil {
		st = stateOf(a.data, a.resp.Extension)
	}
	if st == nil {
		x.say(CantTell, "the registry does not say what the object looks like (%d)", a.code)
	}
	return st, nil
}

// after reports whether a time of the registry's clock can be after the command was sent.
// The registry may count in whole seconds.
func (x *inquiry) after(t time.Time) bool {
	return !x.opts.Sent.IsZero() && !t.IsZero() && !t.Before(x.earliest())
}

// earlierThan reports whether a time of the registry's clock is certainly before the
// command was sent.
func (x *inquiry) earlierThan(t time.Time) bool {
	return !x.opts.Sent.IsZero() && t.Before(x.earliest())
}

func (x *inquiry) earliest() time.Time {
	return x.opts.Sent.Add(-x.opts.Skew).Truncate(time.Second)
}

// past reports whether a time may have come by the registry's clock.
func (x *inquiry) past(t time.Time) bool { return !t.After(x.opts.Now().Add(x.opts.Skew)) }

func (x *inquiry) ours(clID string) bool { return clID != "" && clID == x.opts.ClID }

// recent is within what time after a command the registry will not have removed by itself
// what the command made: the shortest registration is for a month (RFC 5731, section 2.5).
const recent = 28 * 24 * time.Hour

// soon reports whether the command was sent so short a time ago.
func (x *inquiry) soon() bool {
	return !x.opts.Sent.IsZero() && x.opts.Now().Sub(x.opts.Sent) < recent
}

// compare notes what the state shows of the command's wish, and how it was before.
func (x *inquiry) compare(st *state) {
	x.v.Fields = x.s.wish.compare(st)
	if x.before == nil || !x.before.there {
		return
	}
	for i, f := range x.s.wish.compare(x.before) {
		x.v.Fields[i].Before = f.Match == Agrees
	}
}
