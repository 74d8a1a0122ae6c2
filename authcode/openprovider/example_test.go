package openprovider_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/openprovider"
)

// A client logs in at a handler, which stands on another Provider.
func Example() {
	accounts, err := gateway.NewAccounts([]gateway.Account{{
		Name: "reseller", User: "reseller", Secret: "long and secret",
		Domains: []gateway.Holding{{Name: "alpha.example", ID: 4711}},
	}})
	if err != nil {
		log.Fatal(err)
	}
	g, err := gateway.New(gateway.Options{Provider: shows("23)9W*(zHLBCEwg4"), Accounts: accounts})
	if err != nil {
		log.Fatal(err)
	}
	srv := httptest.NewServer(openprovider.NewHandler(g, openprovider.HandlerOptions{}))
	defer srv.Close()

	c, err := openprovider.New(openprovider.Options{
		HTTP:     authcode.HTTP{Base: srv.URL + "/v1beta"},
		Username: "reseller", Password: "long and secret",
	})
	if err != nil {
		log.Fatal(err)
	}
	out, err := c.HandOver(context.Background(), authcode.Request{Domain: "Alpha.Example", Verb: authcode.Regenerate})
	if err != nil {
		log.Fatal(err)
	}
	switch out := out.(type) {
	case authcode.Code:
		fmt.Println(out, "-", out.Value.Reveal())
	default:
		fmt.Println(out)
	}
	// Output: a code was given - 23)9W*(zHLBCEwg4
}
