package client_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// A toyQueue answers polls, as a registry does.
type toyQueue struct {
	ids     []string
	stuck   bool     // acknowledging removes nothing
	ackCode epp.Code // of an acknowledgement, 0 is success
	reqErr  []error  // of the requests, one after another; nil is none
	ackErr  []error  // of the acknowledgements, after they took effect
	took    time.Duration

	log    []string
	onPoll func()
}

func (q *toyQueue) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	poll := cmd.Request.(*epp.Poll)
	q.log = append(q.log, strings.TrimSpace(poll.Op+" "+poll.MsgID))
	if q.onPoll != nil {
		q.onPoll()
	}
	if q.took > 0 {
		select {
		case <-time.After(q.took):
		case <-ctx.Done():
			return nil, &client.Error{Op: "poll", Fate: client.Unknown, Err: context.Cause(ctx)}
		}
	}
	r := new(epp.Response)
	code := epp.NoMessages
	if poll.Op == epp.PollAck {
		if code = q.ackCode; code == 0 {
			code = epp.Success
		}
		if !q.stuck && len(q.ids) > 0 && q.ids[0] == poll.MsgID {
			q.ids = q.ids[1:]
		}
		if err := shift(&q.ackErr); err != nil {
			return nil, err
		}
	} else {
		if err := shift(&q.reqErr); err != nil {
			return nil, err
		}
		if len(q.ids) > 0 {
			code = epp.AckToDequeue
			r.MsgQ = &epp.MsgQ{Count: uint64(len(q.ids)), ID: q.ids[0], Msg: &epp.Msg{Mixed: epp.Mixed{Text: " Löyly\n is ready "}}}
		}
	}
	r.Results = []epp.Result{{Code: code}}
	return r, nil
}

func shift(errs *[]error) error {
	if len(*errs) == 0 {
		return nil
	}
	err := (*errs)[0]
	*errs = (*errs)[1:]
	return err
}

// around is a Doer around another.
type around struct{ client.Doer }

func (d around) Unwrap() client.Doer { return d.Doer }

// taking is a handler that keeps the ids.
func taking(ids *[]string) client.Handler {
	return func(_ context.Context, m *client.Message) error {
		*ids = append(*ids, m.ID)
		return nil
	}
}

var errFull = errors.New("the disk is full")

func TestDrain(t *testing.T) {
	for _, row := range []struct {
		name  string
		setUp func(*toyQueue, *client.MessagesOptions)
		taken string
		n     int
		err   error
		log   string
	}{
		{"until the queue is empty", nil, "a b c", 3, nil, "req, ack a, req, ack b, req, ack c, req"},
		{"a number of messages", func(_ *toyQueue, o *client.MessagesOptions) { o.Max = 2 }, "a b", 2, nil, "req, ack a, req, ack b"},
		{"an empty queue", func(q *toyQueue, _ *client.MessagesOptions) { q.ids = nil }, "", 0, nil, "req"},
		{"somebody else takes messages, too: 2303", func(q *toyQueue, _ *client.MessagesOptions) {
			q.ackCode = epp.ObjectDoesNotExist
		}, "a b c", 3, nil, "req, ack a, req, ack b, req, ack c, req"},
		{"an acknowledgement is refused", func(q *toyQueue, _ *client.MessagesOptions) {
			q.ackCode, q.stuck = epp.CommandFailed, true
		}, "a", 0, epp.CommandFailed, "req, ack a"},
		{"an acknowledgement without effect", func(q *toyQueue, _ *client.MessagesOptions) {
			q.stuck = true
		}, "a", 1, client.ErrInvalidAnswer, "req, ack a, req"},
		{"2303 to the acknowledgement of what is still the first", func(q *toyQueue, _ *client.MessagesOptions) {
			q.stuck, q.ackCode = true, epp.ObjectDoesNotExist
		}, "a", 1, client.ErrInvalidAnswer, "req, ack a, req"},
		{"a message without an id", func(q *toyQueue, _ *client.MessagesOptions) { q.ids = []string{""} }, "", 0, client.ErrInvalidAnswer, "req"},
		{"a request that fails ends what is not over a pool", func(q *toyQueue, _ *client.MessagesOptions) {
			q.reqErr = []error{nil, errFull}
		}, "a", 1, errFull, "req, ack a, req"},
	} {
		t.Run(row.name, func(t *testing.T) {
			q := &toyQueue{ids: []string{"a", "b", "c"}}
			var opts client.MessagesOptions
			var events []string
			opts.OnEvent = func(e client.Event) { events = append(events, e.String()) }
			if row.setUp != nil {
				row.setUp(q, &opts)
			}
			var taken []string
			n, err := client.NewMessages(q, opts).Drain(t.Context(), taking(&taken))
			if row.err == nil {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, row.err)
			}
			require.Equal(t, row.taken, strings.TrimSpace(strings.Join(taken, " ")))
			require.Equal(t, row.n, n)
			require.Equal(t, row.log, strings.Join(q.log, ", "))
			require.Equal(t, q.ackCode == epp.ObjectDoesNotExist, len(events) > 0, events)
		})
	}
}

func TestMessage(t *testing.T) {
	q := &toyQueue{ids: []string{"a", "b"}}
	for m, err := range client.NewMessages(q, client.MessagesOptions{}).All(t.Context()) {
		require.NoError(t, err)
		require.Equal(t, "Löyly is ready", m.Text)
		require.EqualValues(t, len(q.ids), m.Count)
		require.NoError(t, m.Err)
		require.Equal(t, "client.Message("+m.ID+")", fmt.Sprintf("%+v", m))
	}
	require.Empty(t, q.ids)
}

// What a handler does not take stays in the queue, and comes again.
func TestHandlerFails(t *testing.T) {
	q := &toyQueue{ids: []string{"a", "b"}}
	c := client.NewMessages(q, client.MessagesOptions{})
	n, err := c.Drain(t.Context(), func(_ context.Context, m *client.Message) error {
		if m.ID == "b" {
			return errFull
		}
		return nil
	})
	require.Equal(t, 1, n)
	var me *client.MessageError
	require.ErrorAs(t, err, &me)
	require.Equal(t, "b", me.ID)
	require.ErrorIs(t, err, errFull)
	require.ErrorContains(t, err, "the message b stays in the queue: the disk is full")
	require.Equal(t, []string{"b"}, q.ids)

	var taken []string
	_, err = c.Drain(t.Context(), taking(&taken))
	require.NoError(t, err)
	require.Equal(t, []string{"b"}, taken)
}

// A loop acknowledges a message when it goes on to the next.
func TestLoop(t *testing.T) {
	q := &toyQueue{ids: []string{"a", "b", "c"}}
	c := client.NewMessages(q, client.MessagesOptions{})
	for m := range c.All(t.Context()) {
		require.Contains(t, q.ids, m.ID)
		if m.ID == "b" {
			break
		}
	}
	require.Equal(t, []string{"b", "c"}, q.ids)

	func() {
		defer func() { require.Equal(t, "oops", recover()) }()
		for range c.Watch(t.Context()) {
			panic("oops")
		}
	}()
	require.Equal(t, []string{"b", "c"}, q.ids)

	q.reqErr = []error{nil, errFull}
	var last error
	var taken []string
	for m, err := range c.All(t.Context()) {
		if last = err; err == nil {
			taken = append(taken, m.ID)
		}
	}
	require.ErrorIs(t, last, errFull)
	require.Equal(t, []string{"b"}, taken)
}

// One consumer at a time, however many layers are around what they share.
func TestOneConsumer(t *testing.T) {
	s := session(t, client.Options{})
	other := func(d client.Doer) error {
		return client.NewMessages(d, client.MessagesOptions{}).Run(t.Context(), nil)
	}
	q := &toyQueue{ids: []string{"a"}}
	c := client.NewMessages(q, client.MessagesOptions{})
	_, err := c.Drain(t.Context(), func(context.Context, *client.Message) error {
		require.ErrorIs(t, c.Run(t.Context(), nil), client.ErrConsuming)
		return nil
	})
	require.NoError(t, err)

	locked := client.NewMessages(around{s}, client.MessagesOptions{Lock: func(context.Context) (func(), error) {
		for _, d := range []client.Doer{s, around{s}, around{around{s}}} {
			require.ErrorIs(t, other(d), client.ErrConsuming)
		}
		return nil, errFull
	}})
	for range 2 { // the turn is given back
		require.ErrorIs(t, locked.Run(t.Context(), nil), errFull)
	}
}

// The lock is held from before the first request until after the last answer.
func TestLock(t *testing.T) {
	q := &toyQueue{ids: []string{"a"}}
	c := client.NewMessages(q, client.MessagesOptions{Lock: func(context.Context) (func(), error) {
		q.log = append(q.log, "lock")
		return func() { q.log = append(q.log, "unlock") }, nil
	}})
	var taken []string
	_, err := c.Drain(t.Context(), taking(&taken))
	require.NoError(t, err)
	require.Equal(t, []string{"lock", "req", "ack a", "req", "unlock"}, q.log)
}

// A message that was handled, but whose acknowledgement got no answer, is not handed over
// again: the next request shows what became of it.
func TestUnknownAcknowledgement(t *testing.T) {
	unknown := &client.Error{Op: "poll", Fate: client.Unknown, Err: errors.New("cut off")}
	for _, row := range []struct {
		name  string
		stuck bool // it had no effect
		then  string
	}{
		{"it took effect", false, "req, ack b, req"},
		{"it did not", true, "req, ack a, req, ack b, req"},
	} {
		t.Run(row.name, func(t *testing.T) {
			q := &toyQueue{ids: []string{"a", "b"}, stuck: row.stuck, ackErr: []error{unknown}}
			c := client.NewMessages(q, client.MessagesOptions{})
			var taken []string
			n, err := c.Drain(t.Context(), taking(&taken))
			require.True(t, client.OutcomeUnknown(err), "%v", err)
			require.ErrorContains(t, err, "the message a was handled; acknowledging it: ")
			require.Zero(t, n)
			q.stuck, q.log = false, nil
			n, err = c.Drain(t.Context(), taking(&taken))
			require.NoError(t, err)
			require.Equal(t, 2, n)
			require.Equal(t, []string{"a", "b"}, taken)
			require.Equal(t, row.then, strings.Join(q.log, ", "))
		})
	}
}

func TestMessagesTimes(t *testing.T) {
	t.Run("an empty queue is asked every Interval", func(t *testing.T) {
		for given, want := range map[time.Duration]time.Duration{
			0: time.Minute, time.Second: time.Second, time.Hour: 5 * time.Minute,
		} {
			synctest.Test(t, func(t *testing.T) {
				q := new(toyQueue)
				ctx, cancel := context.WithCancel(t.Context())
				var events []string
				start := time.Now()
				var at []time.Duration
				q.onPoll = func() {
					at = append(at, time.Since(start))
					switch len(at) {
					case 3:
						q.ids = []string{"a"}
					case 6:
						cancel()
					}
				}
				var taken []string
				c := client.NewMessages(q, client.MessagesOptions{Interval: given, OnEvent: func(e client.Event) { events = append(events, e.String()) }})
				require.NoError(t, c.Run(ctx, taking(&taken)))
				require.Equal(t, []time.Duration{0, want, 2 * want, 2 * want, 2 * want, 3 * want}, at)
				require.Equal(t, []string{"a"}, taken)
				require.Len(t, events, 2, "%q", events)
			})
		}
	})
	t.Run("the end of the context ends a wait", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
			defer cancel()
			start := time.Now()
			require.NoError(t, client.NewMessages(new(toyQueue), client.MessagesOptions{}).Run(ctx, nil))
			require.Equal(t, 7*time.Second, time.Since(start))
			_, err := client.NewMessages(new(toyQueue), client.MessagesOptions{}).Drain(ctx, nil)
			require.ErrorIs(t, err, context.DeadlineExceeded)
		})
	})
	t.Run("what was handled when the context ended is acknowledged", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			q := &toyQueue{ids: []string{"a", "b"}, took: 4 * time.Second}
			ctx, cancel := context.WithCancel(t.Context())
			err := client.NewMessages(q, client.MessagesOptions{}).Run(ctx, func(context.Context, *client.Message) error {
				cancel()
				return nil
			})
			require.NoError(t, err)
			require.Equal(t, []string{"req", "ack a"}, q.log)
			require.Equal(t, []string{"b"}, q.ids)
		})
	})
	t.Run("in 5 seconds", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			q := &toyQueue{ids: []string{"a"}}
			ctx, cancel := context.WithCancel(t.Context())
			var start time.Time
			err := client.NewMessages(q, client.MessagesOptions{}).Run(ctx, func(context.Context, *client.Message) error {
				cancel()
				q.took, start = time.Hour, time.Now()
				return nil
			})
			require.Equal(t, 5*time.Second, time.Since(start))
			require.True(t, client.OutcomeUnknown(err), "%v", err)
		})
	})
	t.Run("a handler that the end of the context stops is no error", func(t *testing.T) {
		q := &toyQueue{ids: []string{"a"}}
		ctx, cancel := context.WithCancel(t.Context())
		require.NoError(t, client.NewMessages(q, client.MessagesOptions{}).Run(ctx, func(ctx context.Context, _ *client.Message) error {
			cancel()
			return fmt.Errorf("writing: %w", ctx.Err())
		}))
		require.Equal(t, []string{"req"}, q.log)
	})
}

// deafToPairs is a registry that answers no two commands at once.
type deafToPairs struct {
	*toyQueue
	pairs int
}

func (q *deafToPairs) Pipeline(context.Context, ...*epp.Command) []client.Outcome {
	q.pairs++
	lost := &client.Error{Op: "poll", Fate: client.Unknown, Err: errors.New("cut off")}
	return []client.Outcome{{Err: lost}, {Err: lost}}
}

func TestPairsThatFail(t *testing.T) {
	q := &deafToPairs{toyQueue: &toyQueue{ids: []string{"a", "b", "c", "d"}}}
	c := client.NewMessages(q, client.MessagesOptions{})
	var taken []string
	for failed := 0; ; failed++ {
		_, err := c.Drain(t.Context(), taking(&taken))
		if err == nil {
			require.Equal(t, 2, failed)
			break
		}
	}
	require.Equal(t, 2, q.pairs)
	require.Equal(t, []string{"a", "b", "c", "d"}, slices.Compact(taken))

	q = &deafToPairs{toyQueue: &toyQueue{ids: []string{"a", "b"}}}
	_, err := client.NewMessages(q, client.MessagesOptions{NoPipelining: true}).Drain(t.Context(), taking(&taken))
	require.NoError(t, err)
	require.Zero(t, q.pairs)
}
