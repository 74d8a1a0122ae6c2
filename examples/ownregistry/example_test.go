package ownregistry_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/examples/ownregistry"
	"github.com/eppkit/eppkit/examples/ownregistry/office"
	"github.com/eppkit/eppkit/mockserver"
)

// A client registers a domain at an office, over TLS, and asks for it. Both sides take
// the same namespaces; the types are those of epp/domain.
func Example() {
	set, err := epp.NewSchema(ownregistry.Namespaces()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	srv, err := mockserver.New(mockserver.Options{Registry: &registry{set: set}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	if err := srv.Start(); err != nil {
		fmt.Println(err)
		return
	}

	ctx := context.Background()
	s, err := client.Dial(ctx, srv.Addr(), client.Options{
		Schema: set, TLS: srv.ClientTLS("REG-A"),
		Credentials: &client.Credentials{ClID: "REG-A", PW: password},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	fmt.Println("announced:", strings.Join(append(s.Greeting().ObjURI, s.Greeting().ExtURI...), " "))

	created, err := client.Call(ctx, s, &domain.Create{Name: "sauna.example", AuthInfo: new(epp.AuthInfo)},
		&office.Create{Code: "OUL"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("created:", created.Data.Name)

	info, err := client.Call(ctx, s, &domain.Info{Name: "sauna.example"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("office of "+info.Data.Name+":", info.Response.Extension[0].(*office.InfData).Code)

	sent, _ := srv.Journal().Last(mockserver.And(mockserver.Received, mockserver.Verb("info")))
	_, frame, _ := strings.Cut(string(sent.Frame()), "?>")
	fmt.Println(frame[:strings.Index(frame, "<clTRID>")])
	// Output:
	// announced: urn:registry.example:domain-1.3 urn:ietf:params:xml:ns:secDNS-1.1 https://registry.example/epp/office-1.0
	// created: sauna.example
	// office of sauna.example: OUL
	// <epp xmlns="urn:registry.example:epp-2.1"><command><info><domain:info xmlns:domain="urn:registry.example:domain-1.3"><domain:name>sauna.example</domain:name></domain:info></info>
}
