package reconcile_test

import (
	"context"
	"fmt"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/reconcile"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/match"
)

// A connection ends between a create and its answer. Was the domain registered?
func Example() {
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
	defer srv.Close()
	schema, err := epp.NewSchema(domain.Extension(), contact.Extension())
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	dial := func() *client.Session {
		s, err := client.Dial(ctx, srv.Addr(), client.Options{
			Schema: schema, TLS: srv.ClientTLS("reg-north"),
			Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
		})
		if err != nil {
			panic(err)
		}
		return s
	}
	_, err = srv.Faults().Add(fault.Fault{Kind: fault.CommitThenDrop, Match: fault.Match{Match: match.Match{Verb: "create"}}, Times: 1})
	if err != nil {
		panic(err)
	}

	cmd := &epp.Command{Request: &domain.Create{
		Name: "loyly.example", Registrant: "jr-1",
		Contacts: []domain.Contact{{Type: domain.Admin, ID: "jr-1"}, {Type: domain.Tech, ID: "jr-1"}},
		AuthInfo: &epp.AuthInfo{PW: "loyly-Secret7"},
	}}
	opts := reconcile.Options{ClID: "reg-north", Sent: registry.Now(), Now: registry.Now}
	_, err = dial().Exchange(ctx, cmd)
	fmt.Println("outcome unknown:", client.OutcomeUnknown(err))

	s := dial()
	defer s.Close()
	v, err := reconcile.Reconcile(ctx, s, cmd, opts)
	fmt.Println(v.Outcome, err)
	for _, f := range v.Fields {
		fmt.Println(f.Name, f.Asked, f.Match)
	}
	// Output:
	// outcome unknown: true
	// done <nil>
	// authInfo [[redacted]] agrees
	// contact [admin jr-1 tech jr-1] agrees
	// registrant [jr-1] agrees
}
