package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/match"
)

// registry starts a registry to talk to, in this process, and a session with it.
func registry() (*mockserver.Server, *client.Session) {
	reg, err := gtld.New(gtld.Options{})
	if err != nil {
		panic(err)
	}
	srv, err := mockserver.New(mockserver.Options{Registry: reg})
	if err != nil {
		panic(err)
	}
	if err := srv.Start(); err != nil {
		panic(err)
	}
	schema, err := epp.NewSchema(domain.Extension(), contact.Extension())
	if err != nil {
		panic(err)
	}
	s, err := client.Dial(context.Background(), srv.Addr(), client.Options{
		Schema:      schema,
		TLS:         srv.ClientTLS("reg-north"),
		Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
	})
	if err != nil {
		panic(err)
	}
	return srv, s
}

func ExampleWrap() {
	srv, s := registry() // a client.Pool goes as well
	defer srv.Close()
	defer s.Close()

	limit, err := middleware.NewLimit(middleware.LimitOptions{Rules: []middleware.Rule{
		{Of: "check", Rate: 100, Burst: 10},
		{Of: "transform", Rate: 5, Burst: 5},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	latency := middleware.NewLatency(middleware.LatencyOptions{})
	breaker := middleware.NewBreaker(middleware.BreakerOptions{})
	d := middleware.Wrap(s, latency, middleware.NewRetry(middleware.RetryOptions{}), breaker, limit)

	_, _ = client.Do(context.Background(), d, &domain.Check{Names: []string{"alpha.example"}})
	_, _ = client.Do(context.Background(), d, &domain.Info{Name: "omega.example"})
	for _, h := range latency.Snapshot() {
		fmt.Println(h.Command, h.Class, h.Result, h.Count)
	}
	fmt.Println("circuit", breaker.Stats().State, "and", limit.Stats().Passed, "within the limits, of", d.Greeting().SvID)
	// Output:
	// domain:check query 1000 1
	// domain:info query 2303 1
	// circuit closed and 1 within the limits, of eppkit mock registry
}

func ExampleLog() {
	srv, s := registry()
	defer srv.Close()
	defer s.Close()
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "took" || a.Key == "svTRID" || a.Key == "clTRID" {
			return slog.Attr{} // they differ from run to run
		}
		return a
	}}))
	d := middleware.Wrap(s, middleware.NewLog(middleware.LogOptions{Log: log}))
	_, _ = client.Do(context.Background(), d, &domain.Info{Name: "alpha.example", AuthInfo: &epp.AuthInfo{PW: "not shown"}})
	_, _ = client.Do(context.Background(), d, &contact.Info{ID: "NOBODY-1"})
	// Output:
	// level=WARN msg="EPP command" command=domain:info object=alpha.example code=2202
	// level=WARN msg="EPP command" command=contact:info object=NOBODY-1 code=2303
}

func ExampleLimit() {
	srv, s := registry()
	defer srv.Close()
	defer s.Close()
	limit, err := middleware.NewLimit(middleware.LimitOptions{Rules: []middleware.Rule{{Of: "domain:check", Rate: 1, Burst: 2}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	d := middleware.Wrap(s, limit)
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	for range 3 {
		_, err := client.Do(ctx, d, &domain.Check{Names: []string{"alpha.example"}})
		fmt.Println(errors.Is(err, middleware.ErrLimited), client.SafeToRetry(err))
	}
	// Output:
	// false false
	// false false
	// true true
}

func ExampleRetry() {
	srv, s := registry()
	defer srv.Close()
	defer s.Close()
	// The registry answers the first check with 2400.
	if _, err := srv.Faults().Add(fault.Fault{Kind: fault.Result, Code: epp.CommandFailed, Times: 1, Match: fault.Match{Match: match.Match{Verb: "check"}}}); err != nil {
		fmt.Println(err)
		return
	}
	retry := middleware.NewRetry(middleware.RetryOptions{Min: time.Millisecond})
	d := middleware.Wrap(s, retry)
	chk, err := client.Do(context.Background(), d, &domain.Check{Names: []string{"alpha.example"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(chk.CD[0].Name, chk.CD[0].Avail, "after", retry.Repeats(), "repeat")
	// Output:
	// alpha.example false after 1 repeat
}

func ExampleBreaker() {
	srv, s := registry()
	defer s.Close()
	breaker := middleware.NewBreaker(middleware.BreakerOptions{
		MinCommands: 3,
		OnChange:    func(from, to middleware.State) { fmt.Println(from, "to", to) },
	})
	d := middleware.Wrap(s, breaker)
	srv.Close() // the registry is gone
	var err error
	for range 4 {
		_, err = client.Do(context.Background(), d, &domain.Check{Names: []string{"alpha.example"}})
	}
	fmt.Println(errors.Is(err, middleware.ErrOpen))
	// Output:
	// closed to open
	// true
}

func ExampleLatency() {
	srv, s := registry()
	defer srv.Close()
	defer s.Close()
	latency := middleware.NewLatency(middleware.LatencyOptions{})
	d := middleware.Wrap(s, latency)
	for range 10 {
		_, _ = client.Do(context.Background(), d, &domain.Info{Name: "alpha.example"})
	}
	for _, h := range latency.Snapshot() {
		fmt.Println(h.Command, h.Result, h.Count, h.Quantile(0.9) <= 4*time.Second)
	}
	// Output:
	// domain:info 1000 10 true
}

func ExampleTrace() {
	srv, s := registry()
	defer srv.Close()
	defer s.Close()
	trace := middleware.Trace(func(ctx context.Context, i middleware.Info) (context.Context, func(middleware.Outcome)) {
		fmt.Println("begin", i.Class, i.Name, i.Objects())
		return ctx, func(o middleware.Outcome) { fmt.Println("end", o.Result()) }
	})
	_, _ = client.Do(context.Background(), middleware.Wrap(s, trace), &domain.Check{Names: []string{"alpha.example"}})
	// Output:
	// begin query domain:check [alpha.example]
	// end 1000
}
