package mijndomeinreseller_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/mijndomeinreseller"
)

// registries shows the codes of .eu and mails those of .be.
type registries struct{}

func (registries) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return authcode.Capabilities{Regenerate: authcode.Ability{
		Outcomes: authcode.KindCode | authcode.KindSent, NewCode: true,
	}}, nil
}

func (registries) HandOver(_ context.Context, r authcode.Request) (authcode.Outcome, error) {
	if r.Domain == "alpha.be" {
		return authcode.Sent{To: []authcode.Recipient{authcode.Registrant}}, nil
	}
	return authcode.Code{Value: "k7-Quince", Expires: time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)}, nil
}

// A client asks a handler, which stands in for the vendor.
func Example() {
	const apiKey = authcode.Secret("3f9a1c07-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.")
	accounts, err := gateway.NewAccounts([]gateway.Account{{
		Name: "shop", Key: apiKey, Domains: []gateway.Holding{{Name: "alpha.eu"}, {Name: "alpha.be"}},
	}})
	if err != nil {
		panic(err)
	}
	g, err := gateway.New(gateway.Options{Provider: registries{}, Accounts: accounts})
	if err != nil {
		panic(err)
	}
	srv := httptest.NewServer(mijndomeinreseller.NewHandler(g, mijndomeinreseller.HandlerOptions{}))
	defer srv.Close()

	c, err := mijndomeinreseller.New(mijndomeinreseller.Options{
		HTTP: authcode.HTTP{Base: srv.URL}, Key: apiKey,
	})
	if err != nil {
		panic(err)
	}
	for _, domain := range []string{"alpha.eu", "alpha.be", "bravo.eu"} {
		out, err := c.HandOver(context.Background(), authcode.Request{Domain: domain, Verb: authcode.Regenerate})
		if err != nil {
			panic(err)
		}
		fmt.Println(out.String())
		if code, ok := out.(authcode.Code); ok {
			fmt.Println(code.Value, code.Value.Reveal())
		}
	}
	// Output:
	// a code was given, valid until 2026-05-06T07:08:09Z
	// [redacted] k7-Quince
	// the code was sent to registrant
	// refused (not found) with not found: there is no such domain
}
