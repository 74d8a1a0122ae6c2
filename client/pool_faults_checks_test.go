package client_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/fault"
)

// The checks of TestPoolUnderFaults find what is wrong with pools that are.
func TestChecksOfPoolUnderFaults(t *testing.T) {
	for name, tt := range map[string]struct {
		doer    func(client.Doer) client.Doer
		forgets bool // the consumer of messages
		want    string
	}{
		"it sends transforms again":             {doer: func(d client.Doer) client.Doer { return resender{d} }, want: "was sent 2 times"},
		"it says that nothing was sent":         {doer: func(d client.Doer) client.Doer { return denier{d} }, want: "was sent, and its caller was told that it was not"},
		"it says that all was refused":          {doer: func(d client.Doer) client.Doer { return refuser{d} }, want: "gone for its caller: true"},
		"it gives callers others' answers":      {doer: func(d client.Doer) client.Doer { return &mixer{Doer: d} }, want: "that is not its own"},
		"it invents answers":                    {doer: func(d client.Doer) client.Doer { return inventor{d} }, want: "that is not its own"},
		"it acknowledges before it has handled": {forgets: true, want: "was acknowledged before it was handled"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStorm(t, &faultRow{kind: fault.CommitThenDrop, transforms: lost})
			if tt.doer != nil {
				s.doer = tt.doer(s.pool)
			}
			s.arm(0.1, 0)
			s.load(4, func(*caller) bool { return s.fired() >= 10 })
			s.srv.Faults().Reset()
			handle := s.box.handle
			if tt.forgets {
				handle = func(context.Context, *client.Message) error { return nil }
				s.reg.Queue.Add("reg-north", "one more", nil)
			}
			_, err := s.messages().Drain(t.Context(), handle)
			require.NoError(t, err)
			require.NoError(t, s.pool.Shutdown(t.Context()))
			require.Contains(t, strings.Join(s.audit(), "\n"), tt.want)
		})
	}
}

// A resender sends transforms again.
type resender struct{ client.Doer }

func (d resender) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	r, err := d.Doer.Exchange(ctx, cmd)
	if client.OutcomeUnknown(err) {
		return d.Doer.Exchange(ctx, cmd)
	}
	return r, err
}

// A denier says of what was lost that it was never sent.
type denier struct{ client.Doer }

func (d denier) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	r, err := d.Doer.Exchange(ctx, cmd)
	if client.OutcomeUnknown(err) {
		return nil, &client.Error{Op: "command", Fate: client.NotSent, Err: errors.New("lost")}
	}
	return r, err
}

// A refuser says of what was lost that it was refused.
type refuser struct{ client.Doer }

func (d refuser) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	r, err := d.Doer.Exchange(ctx, cmd)
	if client.OutcomeUnknown(err) {
		return response(epp.CommandFailed, cmd), nil
	}
	return r, err
}

// An inventor has a success for what was lost.
type inventor struct{ client.Doer }

func (d inventor) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	r, err := d.Doer.Exchange(ctx, cmd)
	if client.OutcomeUnknown(err) {
		return response(epp.Success, cmd), nil
	}
	return r, err
}

func response(code epp.Code, cmd *epp.Command) *epp.Response {
	return &epp.Response{Results: []epp.Result{{Code: code}}, TrID: epp.TrID{ClTRID: cmd.ClTRID, SvTRID: "made-up"}}
}

// A mixer gives a caller the answer that came before its own.
type mixer struct {
	client.Doer
	mu     sync.Mutex
	before *epp.Response
}

func (d *mixer) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	r, err := d.Doer.Exchange(ctx, cmd)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.before != nil {
		r, d.before = d.before, r
	} else {
		d.before = r
	}
	return r, nil
}
