package eppcode_test

import (
	"context"
	"fmt"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func Example() {
	// A registry that keeps to RFC 9154, in this process; yours is elsewhere.
	clock := registry.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	reg, err := gtld.New(gtld.Options{SecureAuthInfo: true, Options: registry.Options{Clock: clock}})
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
	defer srv.Close()
	ctx := context.Background()

	schema, _ := epp.NewSchema(domain.Extension(), contact.Extension())
	pool, err := client.NewPool(client.PoolOptions{
		Options: client.Options{
			Schema:      schema,
			TLS:         srv.ClientTLS("reg-north"),
			Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
		},
		Addresses: []string{srv.Addr()},
		FailFast:  true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Shutdown(ctx)
	p, err := eppcode.New(eppcode.Options{Doer: pool, ClID: "reg-north", Now: clock.Now})
	if err != nil {
		fmt.Println(err)
		return
	}

	for _, name := range []string{"alpha.example", "beta.example", "gamma.test"} {
		out, err := p.HandOver(ctx, authcode.Request{Domain: name, Verb: authcode.Regenerate})
		if err != nil {
			fmt.Println(err)
			return
		}
		switch out := out.(type) {
		case authcode.Code:
			fmt.Println(name, "has a code of", len(out.Value.Reveal()), "characters until", out.Expires.Format(time.DateOnly))
		default:
			fmt.Println(name, out)
		}
	}

	clock.Advance(eppcode.DefaultTTL) // a program that goes on uses p.Run
	ended, err := p.Expire(ctx)
	fmt.Println("ended:", ended, err)
	// Output:
	// alpha.example has a code of 21 characters until 2026-03-08
	// beta.example authcode: refused (locked): its status is clientTransferProhibited
	// gamma.test authcode: refused (not yours): another registrar sponsors the domain
	// ended: [alpha.example] <nil>
}
