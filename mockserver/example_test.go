package mockserver_test

import (
	"bufio"
	"crypto/tls"
	"fmt"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

// A registry binds a handler to a type of request, and the Server does the rest.
// In a test, StartTest starts and closes it.
func Example() {
	registry := &toy{routes: func(mux *mockserver.Mux) {
		mockserver.Handle(mux, func(x *mockserver.Exchange, q *domain.Info) (*domain.InfData, error) {
			if q.Name != "hill.example" {
				return nil, epp.Refuse(epp.ObjectDoesNotExist)
			}
			return &domain.InfData{Name: q.Name, ROID: "D1-TOY", ClID: x.ClID()}, nil
		})
	}}
	srv, err := mockserver.New(mockserver.Options{Registry: registry})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	if err := srv.Start(); err != nil {
		fmt.Println(err)
		return
	}

	// A client; the package client has a real one.
	conn, err := tls.Dial("tcp", srv.Addr(), srv.ClientTLS("REG-A"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	in := epp.FrameReader{R: bufio.NewReader(conn)}
	for _, request := range []epp.Element{
		nil, // the greeting comes first
		&epp.Login{
			ClID: "REG-A", PW: password, Version: "1.0", Lang: "en", ObjURI: []string{domain.NS},
		},
		&domain.Info{Name: "hill.example"},
		&domain.Info{Name: "dale.example"},
		&epp.Logout{},
	} {
		if request != nil {
			out, _ := epp.AppendFrame(nil, &epp.Command{Request: request})
			_, _ = conn.Write(out)
		}
		if _, err := in.Next(); err != nil {
			fmt.Println(err)
			return
		}
	}

	for _, e := range srv.Journal().All(mockserver.Sent) {
		fmt.Println(e.Verb, e.Code)
	}
	last, _ := srv.Journal().Last(mockserver.And(mockserver.Received, mockserver.Verb("login")))
	fmt.Println(last.Frame()[38:])
	// Output:
	// greeting epp: 0000
	// login epp: 1000 Command completed successfully
	// info epp: 1000 Command completed successfully
	// info epp: 2303 Object does not exist
	// logout epp: 1500 Command completed successfully; ending session
	// <epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><login><clID>REG-A</clID><pw>[redacted]</pw><options><version>1.0</version><lang>en</lang></options><svcs><objURI>urn:ietf:params:xml:ns:domain-1.0</objURI></svcs></login></command></epp>
}
