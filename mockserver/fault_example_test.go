package mockserver_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
)

// The answer to a delete is lost after the registry has committed it. The client is
// told that it does not know, asks, and finds the domain gone.
func ExampleServer_Faults() {
	there := map[string]bool{"sauna.example": true}
	registry := &toy{routes: func(mux *mockserver.Mux) {
		mockserver.Handle(mux, func(x *mockserver.Exchange, q *domain.Delete) (*epp.NoData, error) {
			delete(there, q.Name)
			return nil, nil
		})
		mockserver.Handle(mux, func(x *mockserver.Exchange, q *domain.Info) (*domain.InfData, error) {
			if !there[q.Name] {
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
	faults, err := fault.Parse([]byte(`
faults:
  - id: lost answer
    kind: commit-then-drop
    match: {verb: delete, object: sauna.example}
    times: 1
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := srv.Faults().AddAll(faults); err != nil {
		fmt.Println(err)
		return
	}

	ctx := context.Background()
	dial := func() *client.Session {
		s, err := client.Dial(ctx, srv.Addr(), client.Options{
			Schema:      registry.Schema(),
			TLS:         srv.ClientTLS("REG-A"),
			Credentials: &client.Credentials{ClID: "REG-A", PW: password},
		})
		if err != nil {
			panic(err)
		}
		return s
	}
	s := dial()
	defer s.Close()
	_, err = client.Do(ctx, s, &domain.Delete{Name: "sauna.example"})
	fmt.Println("failed:", err != nil, "- safe to send again:", client.SafeToRetry(err))

	again := dial()
	defer again.Close()
	_, err = client.Do(ctx, again, &domain.Info{Name: "sauna.example"})
	fmt.Println("gone:", errors.Is(err, epp.ObjectDoesNotExist))

	f, _ := srv.Faults().Get("lost answer")
	fmt.Println("struck", f.Fired, "time")
	// Output:
	// failed: true - safe to send again: false
	// gone: true
	// struck 1 time
}
