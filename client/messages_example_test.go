package client_test

import (
	"context"
	"fmt"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// Take the messages that wait. Each is acknowledged when its handler has returned nil.
func ExampleMessages() {
	srv := start()
	defer srv.Close()
	schema, _ := epp.NewSchema(domain.Extension())
	pool, err := client.NewPool(client.PoolOptions{
		Addresses: []string{srv.Addr()},
		Options: client.Options{
			Schema: schema, TLS: srv.ClientTLS("reg-north"),
			Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()

	queue := client.NewMessages(pool, client.MessagesOptions{})
	n, err := queue.Drain(context.Background(), func(_ context.Context, m *client.Message) error {
		fmt.Println(m.ID, m.Text)
		return nil // it is safe with us
	})
	fmt.Println(n, err)
	// Output:
	// 1 The name servers of alpha.example answer.
	// 2 The registry rests on Sunday from 4 to 5 UTC.
	// 2 <nil>
}
