package netim_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/netim"
)

// A drawer is a provider with one code in it.
type drawer struct{ code authcode.Secret }

func (p *drawer) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return authcode.Capabilities{
		Retrieve:   authcode.Ability{Outcomes: authcode.KindCode},
		Regenerate: authcode.Ability{Outcomes: authcode.KindCode, NewCode: true},
	}, nil
}

func (p *drawer) HandOver(_ context.Context, r authcode.Request) (authcode.Outcome, error) {
	if r.Verb == authcode.Regenerate {
		p.code = "Maple-2-syrup!"
	}
	return authcode.Code{Value: p.code}, nil
}

// The handler stands over a provider, and the client talks to the handler.
func Example() {
	accounts, err := gateway.NewAccounts([]gateway.Account{{
		Name: "maple", User: "MAPLE", Secret: "tapped", Domains: []gateway.Holding{{Name: "maple.example"}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := gateway.New(gateway.Options{Provider: &drawer{code: "Maple-1-sap"}, Accounts: accounts})
	if err != nil {
		fmt.Println(err)
		return
	}
	srv := httptest.NewServer(netim.NewHandler(g, netim.HandlerOptions{}))
	defer srv.Close()

	ctx := context.Background()
	c, err := netim.New(netim.Options{
		HTTP: authcode.HTTP{Base: srv.URL + "/1.0"}, ID: "MAPLE", Secret: "tapped",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close(ctx)
	for _, r := range []authcode.Request{
		{Domain: "maple.example", Verb: authcode.Regenerate},
		{Domain: "maple.example", Verb: authcode.Send, To: authcode.Registrant},
		{Domain: "oak.example", Verb: authcode.Retrieve},
	} {
		out, err := c.HandOver(ctx, r)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(out.String())
		if code, ok := out.(authcode.Code); ok {
			fmt.Println("it is", code.Value.Reveal())
		}
	}
	// Output:
	// a code was given
	// it is Maple-2-syrup!
	// refused (unsupported) with 422: codes can't be handed over this way here: send to registrant
	// refused (not found) with 404: there is no such domain
}
