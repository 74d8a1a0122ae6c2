package fred_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	nicfred "github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fred"
)

// A registrar asks FRED to send a contact its authInfo. The mail is in the outbox,
// and the authInfo in it is valid until the clock is fourteen days ahead.
func Example() {
	mock, err := fred.New(fred.Options{PartiallyDiscloseContactEmails: true})
	if err != nil {
		panic(err)
	}
	srv, err := mockserver.New(mockserver.Options{Registry: mock, RequireClientCert: true})
	if err != nil {
		panic(err)
	}
	if err := srv.Start(); err != nil {
		panic(err)
	}
	defer srv.Close()

	ctx := context.Background()
	schema, err := epp.NewSchema(nicfred.Extensions()...)
	if err != nil {
		panic(err)
	}
	session, err := client.Dial(ctx, srv.Addr(), client.Options{
		Schema:      schema,
		TLS:         srv.ClientTLS("REG-MORAVA"),
		Credentials: &client.Credentials{ClID: "REG-MORAVA", PW: "vinice-Sklep73"},
	})
	if err != nil {
		panic(err)
	}
	defer session.Close()

	sent, err := client.Do(ctx, session, nicfred.SendAuthInfo(&contact.SendAuthInfo{ID: "CID-MYOWN"}))
	fmt.Println(sent.Email, err)

	mail, _ := mock.Outbox.Last()
	fmt.Println(mail.About, mail.To)

	info := &contact.Info{ID: "CID-MYOWN", AuthInfo: &mail.AuthInfo}
	data, err := client.Do(ctx, session, info)
	fmt.Println(data.PostalInfo.Name, err)

	mock.Clock.Advance(14 * 24 * time.Hour)
	_, err = client.Do(ctx, session, info)
	fmt.Println(errors.Is(err, epp.InvalidAuthInfo))
	// Output:
	// [a*****@b*****.* c*****@d*****.*] <nil>
	// contact CID-MYOWN [adam@bartos.example cyril@dum.example]
	// Adam Bartoš <nil>
	// true
}
