package record_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/record"
)

// expires asks a server, whichever it is, when a domain expires.
func expires(addr string, cfg *tls.Config, pw epp.Secret) string {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	set, _ := epp.NewSchema(domain.Extension())
	s, err := client.Dial(ctx, addr, client.Options{Schema: set, TLS: cfg, Credentials: &client.Credentials{ClID: "REG-A", PW: pw}})
	if err != nil {
		return err.Error()
	}
	defer s.Close()
	inf, err := client.Do(ctx, s, &domain.Info{Name: "sauna.example"})
	if err != nil {
		return err.Error()
	}
	if err := s.Logout(ctx); err != nil {
		return err.Error()
	}
	return inf.ExDate.Format(time.DateOnly)
}

// A session with a server is recorded, and served again without it, a year later.
func Example() {
	set, _ := epp.NewSchema(domain.Extension())
	server, err := mockserver.New(mockserver.Options{Registry: &upstream{set: set}}) // stands for a real one
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	if err := server.Start(); err != nil {
		fmt.Println(err)
		return
	}

	var file bytes.Buffer // record.Create makes a file
	proxy, err := record.NewProxy(record.ProxyOptions{
		Server: server.Addr(), TLS: server.ClientTLS(""), Schema: set, Out: &file,
		Now: func() time.Time { return began },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := proxy.Start(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(expires(proxy.Addr(), proxy.ClientTLS(), password))
	fmt.Println(proxy.Close(), proxy.Stats().FromClient.Frames)

	rec, err := record.Decode(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	registry, err := record.NewReplay(rec, record.ReplayOptions{
		Schema: set, Now: func() time.Time { return began.AddDate(1, 0, 0) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mock, err := mockserver.New(mockserver.Options{Registry: registry})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer mock.Close()
	if err := mock.Start(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(expires(mock.Addr(), mock.ClientTLS(""), "any password"))
	fmt.Println(mock.Journal().Expect(1, mockserver.Query{Code: epp.EndingSession}))
	// Output:
	// 2027-03-12
	// <nil> 3
	// 2028-03-11
	// <nil>
}
