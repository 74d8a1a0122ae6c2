package opensrs_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/opensrs"
)

// registrar has the code of every domain, and sends it to nobody.
type registrar struct{}

func (registrar) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return authcode.Capabilities{Retrieve: authcode.Ability{Outcomes: authcode.KindCode}}, nil
}

func (registrar) HandOver(context.Context, authcode.Request) (authcode.Outcome, error) {
	return authcode.Code{Value: `7&x<Q"2`}, nil
}

// A handler offers a provider over HTTP, and a client reaches it there.
func Example() {
	accounts, err := gateway.NewAccounts([]gateway.Account{{
		Name: "north", User: "north", Secret: "north's key", Domains: []gateway.Holding{{Name: "*"}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := gateway.New(gateway.Options{Provider: registrar{}, Accounts: accounts})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(opensrs.NewHandler(g, opensrs.HandlerOptions{}))
	defer server.Close()

	client, err := opensrs.New(opensrs.Options{
		HTTP:     authcode.HTTP{Base: server.URL},
		Username: "north", Key: "north's key",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range []authcode.Request{
		{Domain: "alpha.example", Verb: authcode.Retrieve},
		{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Admin},
	} {
		out, err := client.HandOver(context.Background(), r)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(out.String())
		if code, ok := out.(authcode.Code); ok {
			fmt.Println(code.Value.Reveal())
		}
	}
	// Output:
	// a code was given
	// 7&x<Q"2
	// refused (unsupported) with 430: codes can't be handed over this way here: send to admin
}
