package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"github.com/eppkit/eppkit/bench/echo"
	"github.com/eppkit/eppkit/bench/ratio"
	"github.com/eppkit/eppkit/bench/turns"
	"github.com/eppkit/eppkit/client"
)

// A consumer takes a queue, a part in each turn, and makes sure that nothing is missing.
type consumer struct {
	pool  *client.Pool
	queue *client.Messages
	taken int
}

// consume opens a consumer; deep is how many commands may be on their way.
func (b *backend) consume(clID string, deep int, trace func(client.Direction, []byte), o client.MessagesOptions) (*consumer, error) {
	p, err := b.pool(clID, func(o *client.PoolOptions) {
		o.MaxSessions, o.Depth, o.Trace = 1, deep, trace
	})
	if err != nil {
		return nil, err
	}
	return &consumer{pool: p, queue: client.NewMessages(p, o)}, nil
}

// next takes messages until f says that it is enough, or the queue is empty.
func (c *consumer) next(f func() bool) (n int, err error) {
	enough := errors.New("enough")
	_, err = c.queue.Drain(context.Background(), func(_ context.Context, m *client.Message) error {
		if f() {
			return enough // and the message stays in the queue
		}
		if want := fmt.Sprintf("Transfer %d was approved", c.taken); m.Text != want || len(m.ResData) != 1 {
			return fmt.Errorf("the message %q where %q is next", m.Text, want)
		}
		c.taken++
		n++
		return nil
	})
	if errors.Is(err, enough) {
		err = nil
	}
	return n, err
}

func (c *consumer) contender(name string) *turns.Contender {
	return &turns.Contender{
		Name: name, Closers: []func() error{c.pool.Close},
		Workers: []turns.Worker{func(stop *atomic.Bool) (int, error) { return c.next(stop.Load) }},
	}
}

// sizes finds out how many octets an acknowledgement, a request and their answers have.
func (b *backend) sizes() (ack, req echo.Size, err error) {
	var sent, got []int
	c, err := b.consume(b.Clients[0], 1, func(dir client.Direction, frame []byte) {
		if dir == client.Sent {
			sent = append(sent, len(frame)+4)
		} else {
			got = append(got, len(frame)+4)
		}
	}, client.MessagesOptions{NoPipelining: true})
	if err != nil {
		return ack, req, err
	}
	times := 0
	_, err = c.next(func() bool { times++; return times == 3 })
	if err = errors.Join(err, c.pool.Close()); err != nil {
		return ack, req, err
	}
	// The login, a request, two acknowledgements with a request after each.
	if len(sent) < 6 || len(got) < 7 {
		return ack, req, fmt.Errorf("%d commands and %d answers", len(sent), len(got))
	}
	return echo.Size{Ask: sent[2], Answer: got[3]}, echo.Size{Ask: sent[3], Answer: got[4]}, nil
}

// drain measures how fast queues are emptied.
func drain(b *backend, o options, out io.Writer) error {
	ack, req, err := b.sizes()
	if err != nil {
		return err
	}
	var consumers []*consumer
	all, err := turns.Open(
		func() (*turns.Contender, error) {
			cfg, err := b.tls()
			if err != nil {
				return nil, err
			}
			e, err := echo.Dial(b.Echo, cfg, ack, req)
			if err != nil {
				return nil, err
			}
			return &turns.Contender{Name: "TLS echo, 2 on their way", Closers: []func() error{e.Close}, Workers: []turns.Worker{
				func(stop *atomic.Bool) (int, error) {
					n, err := e.Run(2, stop)
					return n / 2, err
				},
			}}, nil
		},
		b.contend(&consumers, 1, "Messages", 2, client.MessagesOptions{}),
		b.contend(&consumers, 2, "Messages, one after the other", 1, client.MessagesOptions{NoPipelining: true}),
	)
	if err != nil {
		return err
	}
	r, err := turns.Measure(all, o.rounds, o.turn, b.cpu)
	if err != nil {
		return errors.Join(err, turns.Close(all))
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "octets of a message and its acknowledgement\tcontender\tmessages/s\tof the echo's\t(from\tto)\tCPU µs each\techo's / it\t%d take\n", o.messages)
	for i, name := range r.Names {
		low, high := ratio.Range(r.Rates[i], r.Rates[0])
		rate := ratio.Median(r.Rates[i])
		fmt.Fprintf(w, "%d+%d, %d+%d\t%s\t%.0f\t%.2f\t%.2f\t%.2f\t%.1f\t%.2f\t%.1f s\n", req.Ask, req.Answer, ack.Ask, ack.Answer, name,
			rate, ratio.Of(r.Rates[i], r.Rates[0]), low, high, ratio.Median(r.CPU[i]), ratio.Of(r.CPU[0], r.CPU[i]), float64(o.messages)/rate)
	}
	if err := w.Flush(); err != nil {
		return errors.Join(err, turns.Close(all))
	}
	for _, c := range consumers {
		began, n := time.Now(), c.taken
		if _, err := c.next(func() bool { return false }); err != nil {
			return errors.Join(err, turns.Close(all))
		}
		if c.taken != o.messages {
			return errors.Join(fmt.Errorf("%d messages came, of %d", c.taken, o.messages), turns.Close(all))
		}
		fmt.Fprintf(out, "the other %d of a queue took %.1f s; all came, in order, once\n", c.taken-n, time.Since(began).Seconds())
	}
	return turns.Close(all)
}

func (b *backend) contend(all *[]*consumer, client int, name string, deep int, o client.MessagesOptions) func() (*turns.Contender, error) {
	return func() (*turns.Contender, error) {
		c, err := b.consume(b.Clients[client], deep, nil, o)
		if err != nil {
			return nil, err
		}
		*all = append(*all, c)
		return c.contender(name), nil
	}
}
