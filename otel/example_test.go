package otel_test

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
	eppotel "github.com/eppkit/eppkit/otel"
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
	ctx := context.Background()
	schema, _ := epp.NewSchema(domain.Extension(), contact.Extension())
	s, err := client.Dial(ctx, srv.Addr(), client.Options{
		Schema: schema, TLS: srv.ClientTLS("reg-north"),
		Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()

	spans := tracetest.NewSpanRecorder() // yours sends them somewhere
	provider := trace.NewTracerProvider(trace.WithSpanProcessor(spans))
	d := middleware.Wrap(s, eppotel.Spans(eppotel.Options{TracerProvider: provider, Registry: "example"}))
	_, _ = client.Do(ctx, d, &domain.Info{Name: "omega.example"})
	for _, span := range spans.Ended() {
		for _, a := range span.Attributes() {
			if a.Key == "rpc.response.status_code" || a.Key == "epp.objects" {
				fmt.Println(span.Name(), a.Key, a.Value.String())
			}
		}
	}
	// Output:
	// domain:info epp.objects ["omega.example"]
	// domain:info rpc.response.status_code 2303
}
