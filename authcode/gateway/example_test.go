package gateway_test

import (
	"context"
	"fmt"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
)

// A gateway lets each account ask for its own domains, and writes down what came of it.
func Example() {
	accounts, err := gateway.NewAccounts([]gateway.Account{
		{Name: "one", Key: "key-of-one", Domains: []gateway.Holding{{Name: "alpha.example"}}},
		{Name: "two", Key: "key-of-two", Domains: []gateway.Holding{{Name: "*.two.example"}}},
	})
	if err != nil {
		panic(err)
	}
	g, err := gateway.New(gateway.Options{
		Provider: &upstream{caps: all(authcode.KindCode), out: authcode.Code{Value: "Zx81.Kl+42"}},
		Accounts: accounts,
		Audit: func(_ context.Context, e gateway.Entry) {
			fmt.Printf("audit: %s, %s, %s: %s\n", e.Account, e.Verb, e.Domain, e.Outcome)
		},
	})
	if err != nil {
		panic(err)
	}
	for _, key := range []string{"key-of-one", "key-of-two"} {
		who := gateway.Caller{Account: g.Accounts().ByKey(key), Via: "mijndomeinreseller"}
		out, err := g.HandOver(context.Background(), who,
			authcode.Request{Domain: "alpha.example", Verb: authcode.Retrieve}, authcode.KindCode)
		if err != nil {
			panic(err)
		}
		fmt.Println(out.String())
	}
	// Output:
	// audit: one, retrieve, alpha.example: code
	// a code was given
	// audit: two, retrieve, alpha.example: refused
	// refused (not yours): the domain is not in this account
}
