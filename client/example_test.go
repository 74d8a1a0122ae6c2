package client_test

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// start starts a registry to talk to, in this process, over TLS.
func start() *mockserver.Server {
	registry, err := gtld.New(gtld.Options{})
	if err != nil {
		panic(err)
	}
	srv, err := mockserver.New(mockserver.Options{Registry: registry})
	if err != nil {
		panic(err)
	}
	if err := srv.Start(); err != nil {
		panic(err)
	}
	return srv
}

func Example() {
	srv := start()
	defer srv.Close()
	ctx := context.Background()

	schema, _ := epp.NewSchema(domain.Extension(), contact.Extension())
	s, err := client.Dial(ctx, srv.Addr(), client.Options{
		Schema:      schema,
		TLS:         srv.ClientTLS("reg-north"), // roots and a certificate; yours for a real registry
		Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	inf, err := client.Do(ctx, s, &domain.Info{Name: "alpha.example"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(inf.Name, "expires on", inf.ExDate.Format("2006-01-02"))
	fmt.Println(s.Logout(ctx))
	// Output:
	// alpha.example expires on 2031-01-12
	// <nil>
}

// An error says what to do next.
func ExampleDo_errors() {
	srv := start()
	defer srv.Close()
	ctx := context.Background()
	schema, _ := epp.NewSchema(domain.Extension(), contact.Extension())
	s, err := client.Dial(ctx, srv.Addr(), client.Options{
		Schema:      schema,
		TLS:         srv.ClientTLS("reg-north"),
		Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	_, err = client.Do(ctx, s, &domain.Info{Name: "omega.example"})
	fmt.Println("does not exist:", errors.Is(err, epp.ObjectDoesNotExist))

	s.Close()
	_, err = client.Do(ctx, s, &domain.Info{Name: "alpha.example"})
	fmt.Println("safe to retry:", client.SafeToRetry(err), "outcome unknown:", client.OutcomeUnknown(err))
	// Output:
	// does not exist: true
	// safe to retry: true outcome unknown: false
}

// A pool takes the place of a session, for any number of callers.
func ExampleNewPool() {
	srv := start()
	defer srv.Close()
	ctx := context.Background()

	schema, _ := epp.NewSchema(domain.Extension())
	pool, err := client.NewPool(client.PoolOptions{
		Options: client.Options{
			Schema:      schema,
			TLS:         srv.ClientTLS("reg-north"), // roots and a certificate; yours for a real registry
			Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
		},
		Addresses:   []string{srv.Addr()},
		MaxSessions: 5,
		OnEvent: func(e client.Event) {
			if _, ok := e.(client.Stopped); ok {
				fmt.Println("somebody has to look:", e)
			}
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var workers sync.WaitGroup
	names := []string{"alpha.example", "sauna.example", "beta.example"}
	avail := make([]bool, len(names))
	for i, name := range names {
		workers.Go(func() {
			chk, err := client.Do(ctx, pool, &domain.Check{Names: []string{name}})
			if err == nil {
				avail[i] = chk.CD[0].Avail
			}
		})
	}
	workers.Wait()
	fmt.Println(names, avail)
	fmt.Println(pool.Shutdown(ctx)) // answers what is under way, and logs out
	// Output:
	// [alpha.example sauna.example beta.example] [false true false]
	// <nil>
}
