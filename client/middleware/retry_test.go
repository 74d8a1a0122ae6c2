package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

func TestRetry(t *testing.T) {
	ok := answering(epp.Success)
	lost, unsent := failing(fate(client.Unknown)), failing(fate(client.NotSent))
	late := taking(time.Hour, ok)
	poll := func(op string) *epp.Command { return &epp.Command{Request: &epp.Poll{Op: op, MsgID: "1"}} }
	transfer := func(op string) *epp.Command {
		return &epp.Command{Request: &domain.Transfer{Op: op, Name: "sauna.example"}}
	}
	refusedHere := func(err error) *doer {
		return failing(&client.Error{Op: "domain:check", Fate: client.NotSent, Err: err})
	}
	unwritable := refusedHere(&epp.FieldError{Path: "/epp", Err: epp.ErrMissing})
	for name, c := range map[string]struct {
		cmd   *epp.Command
		opts  middleware.RetryOptions
		steps []client.Doer
		calls int
		ok    bool
	}{
		"nothing wrong":                  {cmd: check("a.example"), steps: []client.Doer{ok}, calls: 1, ok: true},
		"query, lost":                    {cmd: check("a.example"), steps: []client.Doer{lost, lost, ok}, calls: 3, ok: true},
		"query, lost too often":          {cmd: check("a.example"), steps: []client.Doer{lost, lost, lost, ok}, calls: 3},
		"query, never sent":              {cmd: check("a.example"), steps: []client.Doer{unsent, ok}, calls: 2, ok: true},
		"query, timed out":               {cmd: check("a.example"), opts: middleware.RetryOptions{AttemptTimeout: time.Second}, steps: []client.Doer{late, ok}, calls: 2, ok: true},
		"query, 2400":                    {cmd: check("a.example"), steps: []client.Doer{answering(epp.CommandFailed), ok}, calls: 2, ok: true},
		"query, 2500":                    {cmd: check("a.example"), steps: []client.Doer{answering(epp.CommandFailedClosing), ok}, calls: 2, ok: true},
		"query, 2303":                    {cmd: check("a.example"), steps: []client.Doer{answering(epp.ObjectDoesNotExist), ok}, calls: 1},
		"query, answer invalid":          {cmd: check("a.example"), steps: []client.Doer{failing(fate(client.Answered)), ok}, calls: 1},
		"query, another Doer's error":    {cmd: check("a.example"), steps: []client.Doer{failing(errors.New("what?")), ok}, calls: 1},
		"query, unwritable":              {cmd: check("a.example"), steps: []client.Doer{unwritable, ok}, calls: 1},
		"query, circuit open":            {cmd: check("a.example"), steps: []client.Doer{refusedHere(&middleware.OpenError{}), ok}, calls: 1},
		"query, limited":                 {cmd: check("a.example"), steps: []client.Doer{refusedHere(middleware.ErrLimited), ok}, calls: 1},
		"query, pool's queue full":       {cmd: check("a.example"), steps: []client.Doer{refusedHere(client.ErrQueueFull), ok}, calls: 1},
		"query, 2400 not asked for":      {cmd: check("a.example"), opts: middleware.RetryOptions{On: middleware.Lost}, steps: []client.Doer{answering(epp.CommandFailed), ok}, calls: 1},
		"query, lost not asked for":      {cmd: check("a.example"), opts: middleware.RetryOptions{On: middleware.NeverSent}, steps: []client.Doer{lost, ok}, calls: 1},
		"five attempts":                  {cmd: check("a.example"), opts: middleware.RetryOptions{Attempts: 5}, steps: []client.Doer{lost}, calls: 5},
		"poll req":                       {cmd: poll(epp.PollReq), steps: []client.Doer{lost, ok}, calls: 2, ok: true},
		"poll ack":                       {cmd: poll(epp.PollAck), steps: []client.Doer{lost, ok}, calls: 1},
		"transfer query":                 {cmd: transfer(epp.TransferQuery), steps: []client.Doer{lost, ok}, calls: 2, ok: true},
		"transfer request":               {cmd: transfer(epp.TransferRequest), steps: []client.Doer{lost, ok}, calls: 1},
		"transform, never sent":          {cmd: create(), steps: []client.Doer{unsent, unsent, ok}, calls: 3, ok: true},
		"transform, lost":                {cmd: create(), steps: []client.Doer{lost, ok}, calls: 1},
		"transform, never sent, lost":    {cmd: create(), steps: []client.Doer{unsent, lost, ok}, calls: 2},
		"transform, 2400":                {cmd: create(), steps: []client.Doer{answering(epp.CommandFailed), ok}, calls: 1},
		"transform, 2500":                {cmd: create(), steps: []client.Doer{answering(epp.CommandFailedClosing), ok}, calls: 1},
		"transform, slow, not cut short": {cmd: create(), opts: middleware.RetryOptions{AttemptTimeout: time.Second}, steps: []client.Doer{taking(5*time.Second, ok)}, calls: 1, ok: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				inner := playing(c.steps...)
				r := middleware.NewRetry(c.opts)
				resp, err := middleware.Wrap(inner, r).Exchange(t.Context(), c.cmd)
				require.EqualValues(t, c.calls, inner.calls.Load())
				require.Equal(t, c.ok, err == nil && resp.Code().OK(), "%v", err)
				require.EqualValues(t, c.calls-1, r.Repeats())
			})
		})
	}
}

func TestRetryWaits(t *testing.T) {
	for _, c := range []struct {
		rand float64
		want []time.Duration
	}{
		{0, []time.Duration{50, 100, 200, 250, 250}},
		{0.5, []time.Duration{75, 150, 300, 375, 375}},
	} {
		synctest.Test(t, func(t *testing.T) {
			last := time.Now()
			var waits []time.Duration
			inner := &doer{f: func(context.Context, *epp.Command) (*epp.Response, error) {
				waits = append(waits, time.Since(last)/time.Millisecond)
				last = time.Now()
				return nil, fate(client.Unknown)
			}}
			r := middleware.NewRetry(middleware.RetryOptions{
				Attempts: 6, Min: 100 * time.Millisecond, Max: 500 * time.Millisecond, Rand: func() float64 { return c.rand },
			})
			_, err := middleware.Wrap(inner, r).Exchange(t.Context(), check("a.example"))
			require.True(t, client.OutcomeUnknown(err))
			require.Equal(t, c.want, waits[1:])
		})
	}
}

func TestRetryKeepsTheCallersTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := middleware.NewRetry(middleware.RetryOptions{Attempts: 99, Min: time.Second, Rand: func() float64 { return 1 }})
		inner := failing(fate(client.Unknown))
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		_, err := middleware.Wrap(inner, r).Exchange(ctx, check("a.example"))
		require.Error(t, err)
		require.EqualValues(t, 2, inner.calls.Load())
		require.Equal(t, time.Second, time.Since(start), "the third would come too late; nobody waits for it")

		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, stop)
		start = time.Now()
		_, err = middleware.Wrap(inner, r).Exchange(ctx, check("a.example"))
		require.EqualError(t, err, fate(client.Unknown).Error(), "what happened, not that the caller left")
		require.Equal(t, 500*time.Millisecond, time.Since(start))
	})
}

// Whatever happens in whatever order, a transform that may have been executed is not sent
// again.
func TestRetryNeverRepeatsATransform(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	commands := []*epp.Command{
		create(),
		{Request: &domain.Update{Name: "sauna.example"}},
		{Request: &domain.Delete{Name: "sauna.example"}},
		{Request: &domain.Renew{Name: "sauna.example"}},
		{Request: &domain.Transfer{Name: "sauna.example", Op: epp.TransferRequest}},
		{Request: &domain.Transfer{Name: "sauna.example", Op: epp.TransferApprove}},
		{Request: &epp.Poll{Op: epp.PollAck, MsgID: "1"}},
		{Request: &epp.Logout{}},
	}
	synctest.Test(t, func(t *testing.T) {
		repeated := 0
		for round := range 2000 {
			var story []string
			mayBeDone := 0
			inner := &doer{f: func(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
				kind := random.IntN(6)
				story = append(story, fmt.Sprint(kind))
				require.Zero(t, mayBeDone, "round %d: sent again after %v", round, story)
				if kind > 0 {
					mayBeDone++
				}
				switch kind {
				case 0:
					repeated++
					return nil, fate(client.NotSent)
				case 1:
					return nil, fate(client.Unknown)
				case 2:
					return nil, &client.Error{Fate: client.Unknown, Err: context.DeadlineExceeded}
				case 3:
					return nil, errors.New("an error of another kind")
				case 4:
					return nil, fate(client.Answered)
				}
				return answer([]epp.Code{epp.Success, epp.CommandFailed, epp.CommandFailedClosing, epp.SessionLimitExceeded}[random.IntN(4)], cmd), nil
			}}
			r := middleware.NewRetry(middleware.RetryOptions{
				Attempts: 1 + random.IntN(6), On: middleware.Trouble(random.IntN(int(middleware.AnyTrouble) + 1)),
				AttemptTimeout: time.Duration(random.IntN(2)) * time.Second, Rand: random.Float64,
			})
			_, _ = middleware.Wrap(inner, r).Exchange(t.Context(), commands[random.IntN(len(commands))])
		}
		require.Greater(t, repeated, 300, "and what was never sent is")
	})
}
