package middleware_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/fred"
	fredcontact "github.com/eppkit/eppkit/fred/contact"
)

// A doer is a Doer that is a function, and counts its calls.
type doer struct {
	calls atomic.Int64
	f     func(ctx context.Context, cmd *epp.Command) (*epp.Response, error)
}

func (d *doer) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	d.calls.Add(1)
	return d.f(ctx, cmd)
}

// answering makes a Doer that answers with a code.
func answering(code epp.Code) *doer {
	return &doer{f: func(_ context.Context, cmd *epp.Command) (*epp.Response, error) { return answer(code, cmd), nil }}
}

// failing makes a Doer that fails with err each time.
func failing(err error) *doer {
	return &doer{f: func(context.Context, *epp.Command) (*epp.Response, error) { return nil, err }}
}

// playing makes a Doer of which each call does the next of the steps, and the last for
// ever.
func playing(steps ...client.Doer) *doer {
	var n atomic.Int64
	return &doer{f: func(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
		i := min(int(n.Add(1)), len(steps)) - 1
		return steps[i].Exchange(ctx, cmd)
	}}
}

// taking makes a Doer that needs some time for what d does, and tells of a caller who does
// not wait for it as a session does.
func taking(took time.Duration, d client.Doer) *doer {
	return &doer{f: func(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
		select {
		case <-time.After(took):
			return d.Exchange(ctx, cmd)
		case <-ctx.Done():
			return nil, &client.Error{Op: "domain:check", Fate: client.Unknown, Err: context.Cause(ctx)}
		}
	}}
}

func answer(code epp.Code, cmd *epp.Command) *epp.Response {
	return &epp.Response{
		Results: []epp.Result{{Code: code, Msg: epp.Text{Text: code.Text()}}},
		TrID:    epp.TrID{ClTRID: cmd.ClTRID, SvTRID: "SV-7"},
	}
}

func fate(f client.Fate) error {
	return &client.Error{Op: "domain:any", ClTRID: "A-1", Fate: f, Err: errors.New("the line is cut")}
}

func check(names ...string) *epp.Command {
	return &epp.Command{Request: &domain.Check{Names: names}, ClTRID: "A-1"}
}

func create() *epp.Command {
	return &epp.Command{Request: &domain.Create{Name: "sauna.example"}, ClTRID: "A-2"}
}

// RFC 5730, section 2.9.
func TestClassOf(t *testing.T) {
	for name, c := range map[string]struct {
		cmd  *epp.Command
		name string
		want middleware.Class
	}{
		"2.9.1.1 login":          {&epp.Command{Request: &epp.Login{}}, "login", middleware.Session},
		"2.9.1.2 logout":         {&epp.Command{Request: &epp.Logout{}}, "logout", middleware.Session},
		"2.9.2.1 check":          {check("a.example"), "domain:check", middleware.Query},
		"2.9.2.2 info":           {&epp.Command{Request: &contact.Info{ID: "SAUNA-1"}}, "contact:info", middleware.Query},
		"2.9.2.3 poll req":       {&epp.Command{Request: &epp.Poll{Op: epp.PollReq}}, "poll", middleware.Query},
		"2.9.2.3 poll ack":       {&epp.Command{Request: &epp.Poll{Op: epp.PollAck, MsgID: "9"}}, "poll", middleware.Query},
		"2.9.3.4 transfer query": {&epp.Command{Request: &domain.Transfer{Op: epp.TransferQuery}}, "domain:transfer", middleware.Query},
		"2.9.3.4 transfer":       {&epp.Command{Request: &domain.Transfer{Op: epp.TransferRequest}}, "domain:transfer", middleware.Transform},
		"2.9.3.1 create":         {create(), "domain:create", middleware.Transform},
		"2.7.1 sendAuthInfo": {
			&epp.Command{Request: fred.SendAuthInfo(&fredcontact.SendAuthInfo{ID: "CID-1"})}, "contact:sendAuthInfo", middleware.Transform,
		},
		"nothing": {new(epp.Command), "command", middleware.Transform},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, middleware.ClassOf(c.cmd))
			var info middleware.Info
			trace := middleware.Trace(func(ctx context.Context, i middleware.Info) (context.Context, func(middleware.Outcome)) {
				info = i
				return ctx, nil
			})
			_, err := middleware.Wrap(answering(epp.Success), trace).Exchange(t.Context(), c.cmd)
			require.NoError(t, err)
			require.Equal(t, c.name, info.Name)
			require.Equal(t, c.want, info.Class)
		})
	}
}

func TestObjects(t *testing.T) {
	pw := &epp.AuthInfo{PW: "canary"}
	for name, c := range map[string]struct {
		request epp.Element
		want    []string
	}{
		"names":         {&domain.Check{Names: []string{"a.example", "b.example"}}, []string{"a.example", "b.example"}},
		"a name":        {&domain.Info{Name: "sauna.example", AuthInfo: pw}, []string{"sauna.example"}},
		"an ID":         {&contact.Info{ID: "SAUNA-1", AuthInfo: pw}, []string{"SAUNA-1"}},
		"a message":     {&epp.Poll{Op: epp.PollAck, MsgID: "77"}, []string{"77"}},
		"poll":          {&epp.Poll{Op: epp.PollReq}, nil},
		"login":         {&epp.Login{ClID: "REG-A", PW: "canary"}, nil},
		"in an element": {fred.SendAuthInfo(&fredcontact.SendAuthInfo{ID: "CID-1"}), []string{"CID-1"}},
		"nothing":       {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			trace := middleware.Trace(func(ctx context.Context, i middleware.Info) (context.Context, func(middleware.Outcome)) {
				got = i.Objects()
				return ctx, nil
			})
			_, err := middleware.Wrap(answering(epp.Success), trace).Exchange(t.Context(), &epp.Command{Request: c.request})
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestOutcomeResult(t *testing.T) {
	for want, d := range map[string]*doer{
		"1000":     answering(epp.Success),
		"2303":     answering(epp.ObjectDoesNotExist),
		"other":    answering(3999),
		"not sent": failing(fate(client.NotSent)),
		"unknown":  failing(fate(client.Unknown)),
		"executed": failing(fate(client.Answered)),
	} {
		require.Equal(t, want, outcome(t, d).Result())
	}
	require.Equal(t, "unknown", outcome(t, failing(errors.New("of another Doer"))).Result(), "who does not say is not believed")
}

func outcome(t *testing.T, d client.Doer) middleware.Outcome {
	var got middleware.Outcome
	trace := middleware.Trace(func(ctx context.Context, _ middleware.Info) (context.Context, func(middleware.Outcome)) {
		return ctx, func(o middleware.Outcome) { got = o }
	})
	cmd := check("a.example")
	resp, err := middleware.Wrap(d, trace).Exchange(t.Context(), cmd)
	require.Equal(t, err == nil, resp != nil)
	require.Equal(t, "A-1", got.ClTRID)
	return got
}

// peerDoer has what a session has beside Exchange.
type peerDoer struct {
	*doer
	greeting *epp.Greeting
	schema   *epp.Schema
}

func (p *peerDoer) Greeting() *epp.Greeting { return p.greeting }
func (p *peerDoer) Schema() *epp.Schema     { return p.schema }

func TestWrap(t *testing.T) {
	schema, err := epp.NewSchema(domain.Extension())
	require.NoError(t, err)
	inner := &peerDoer{answering(epp.Success), &epp.Greeting{SvID: "Sauna registry"}, schema}
	var order []string
	say := func(word string) middleware.Layer {
		return middleware.Func(func(ctx context.Context, cmd *epp.Command, next client.Doer) (*epp.Response, error) {
			order = append(order, word)
			return next.Exchange(ctx, cmd)
		})
	}
	w := middleware.Wrap(middleware.Wrap(inner, say("third")), say("first"), say("second"))
	_, err = w.Exchange(t.Context(), check("a.example"))
	require.NoError(t, err)
	require.Equal(t, []string{"first", "second", "third"}, order)
	require.Same(t, inner.greeting, w.Greeting())
	require.Same(t, schema, w.Schema())

	found, ok := middleware.As[*peerDoer](w)
	require.True(t, ok)
	require.Same(t, inner, found)
	_, ok = middleware.As[*client.Session](w)
	require.False(t, ok)

	bare := middleware.Wrap(answering(epp.Success))
	require.Nil(t, bare.Greeting())
	require.Nil(t, bare.Schema())
	resp, err := bare.Exchange(t.Context(), nil)
	require.NoError(t, err, "no layer has to think of no command")
	require.Equal(t, epp.Success, resp.Code())
}

// Session and Pool keep their greeting and schema below layers.
var (
	_ interface {
		client.Doer
		Greeting() *epp.Greeting
		Schema() *epp.Schema
	} = (*middleware.Wrapped)(nil)
	_ = []middleware.Layer{
		(*middleware.Log)(nil), (*middleware.Limit)(nil), (*middleware.Retry)(nil),
		(*middleware.Breaker)(nil), (*middleware.Latency)(nil), middleware.Trace(nil), middleware.Func(nil),
	}
)
