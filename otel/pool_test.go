package otel_test

import (
	"context"
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/otel"
)

// A span over a pool says where its command went, and how long it waited for a session.
func TestSpansOverAPool(t *testing.T) {
	reg, err := gtld.New(gtld.Options{})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	set, err := epp.NewSchema(domain.Extension(), contact.Extension())
	require.NoError(t, err)
	dialing, goOn := make(chan bool, 1), make(chan bool)
	pool, err := client.NewPool(client.PoolOptions{
		Options: client.Options{
			Schema: set, TLS: srv.ClientTLS("reg-north"), Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				dialing <- true
				<-goOn
				return new(net.Dialer).DialContext(ctx, network, address)
			},
		},
		Addresses: []string{srv.Addr()}, MaxSessions: 1, FailFast: true,
	})
	require.NoError(t, err)
	defer pool.Close()
	seen := tracetest.NewSpanRecorder()
	tp := trace.NewTracerProvider(trace.WithSpanProcessor(seen))
	d := middleware.Wrap(pool, otel.Spans(otel.Options{TracerProvider: tp, Address: "the registry"}))
	var all sync.WaitGroup
	all.Go(func() { _, _ = d.Exchange(t.Context(), info()) })
	<-dialing
	close(goOn)
	all.Wait()
	_, err = d.Exchange(t.Context(), info())
	require.NoError(t, err)
	require.NoError(t, pool.Close())
	_, err = d.Exchange(t.Context(), info())
	require.ErrorIs(t, err, client.ErrClosed)

	host, port, err := net.SplitHostPort(srv.Addr())
	require.NoError(t, err)
	n, err := strconv.Atoi(port)
	require.NoError(t, err)
	values := func(i int) map[attribute.Key]attribute.Value {
		got := map[attribute.Key]attribute.Value{}
		for _, a := range seen.Ended()[i].Attributes() {
			got[a.Key] = a.Value
		}
		return got
	}
	require.Len(t, seen.Ended(), 3)
	for i := range 2 {
		require.Equal(t, host, values(i)["server.address"].AsString())
		require.EqualValues(t, n, values(i)["server.port"].AsInt64())
	}
	require.Positive(t, values(0)["epp.client.pool.waited"].AsFloat64(), "for the dial")
	require.Zero(t, values(1)["epp.client.pool.waited"].AsFloat64())
	got := values(2)
	require.Equal(t, "the registry", got["server.address"].AsString(), "it went nowhere")
	require.NotContains(t, got, attribute.Key("server.port"))
	require.NotContains(t, got, attribute.Key("epp.client.pool.waited"))
}
