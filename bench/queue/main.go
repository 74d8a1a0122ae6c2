// Queue measures the client's part of what a registrar's back end does all day: it drains
// queues of messages by client.Messages, beside a bare TLS echo of the same octets, and it
// keeps sessions of a client.Pool that have nothing to do.
//
//	go run ./queue
//
// The registry is in a process of its own, which is this program started again. The
// contenders take turns, so that what else the machine does meets all alike.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/eppkit/eppkit/bench/turns"
)

type options struct {
	only      string
	messages  int // in each queue
	sessions  int // that are idle
	rounds    int
	turn      time.Duration
	inProcess bool
}

func main() {
	var o options
	flag.StringVar(&o.only, "only", "", "measure only one of drain, idle")
	flag.IntVar(&o.messages, "messages", 100_000, "how many messages each queue has")
	flag.IntVar(&o.sessions, "sessions", 500, "how many sessions of a pool are idle")
	flag.IntVar(&o.rounds, "rounds", 7, "how often each contender has its turn")
	flag.DurationVar(&o.turn, "turn", 300*time.Millisecond, "how long a turn is")
	cpu := flag.String("cpuprofile", "", "write a profile of this process here")
	child := flag.Bool(serveFlag, false, "be the registry's process (the program does this by itself)")
	flag.Parse()
	err := turns.Profiled(*cpu, func() error {
		if *child {
			return serve(o, os.Stdin, os.Stdout)
		}
		return run(o, os.Stdout)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "queue:", err)
		os.Exit(1)
	}
}

func run(o options, out io.Writer) error {
	b, err := start(o)
	if err != nil {
		return err
	}
	for _, m := range []struct {
		name string
		run  func(*backend, options, io.Writer) error
	}{{"drain", drain}, {"idle", idle}} {
		if o.only != "" && o.only != m.name {
			continue
		}
		if err := m.run(b, o, out); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", m.name, err), b.stop())
		}
	}
	return b.stop()
}
