package metrics_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/metrics"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

func Example() {
	registry, err := gtld.New(gtld.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	srv, err := mockserver.New(mockserver.Options{Registry: registry})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := srv.Start(); err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	schema, _ := epp.NewSchema(domain.Extension(), contact.Extension())
	pool, err := client.NewPool(client.PoolOptions{
		Options: client.Options{
			Schema: schema, TLS: srv.ClientTLS("reg-north"),
			Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
		},
		Addresses: []string{srv.Addr()},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()

	latency := middleware.NewLatency(middleware.LatencyOptions{})
	d := middleware.Wrap(pool, latency)
	_, _ = client.Do(context.Background(), d, &domain.Check{Names: []string{"alpha.example"}})

	h, err := metrics.New(metrics.Options{Sources: []metrics.Source{{Name: "example", Pool: pool, Latency: latency}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(w.Body.String()) {
		if strings.HasPrefix(line, "eppkit_commands_total") || strings.HasPrefix(line, "eppkit_pool_sessions{") {
			fmt.Print(line)
		}
	}
	// Output:
	// eppkit_commands_total{registry="example",command="domain:check",class="query",result="1000"} 1
	// eppkit_pool_sessions{registry="example"} 1
}
