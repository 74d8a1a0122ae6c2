package client_test

import (
	"bufio"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// benchSession is a session with a peer that answers every frame with the same
// octets, and coalesces too.
func benchSession(b *testing.B) *client.Session {
	b.Helper()
	const id = "BENCH-1"
	answer, err := epp.AppendFrame(nil, respond(&epp.Command{Request: check("a.example"), ClTRID: id}, epp.Success))
	require.NoError(b, err)
	ours, theirs := net.Pipe()
	var server sync.WaitGroup
	server.Go(func() {
		p := &peer{conn: theirs, in: epp.FrameReader{R: bufio.NewReader(theirs)}}
		if greet(p) != nil {
			return
		}
		var out []byte
		for {
			if _, err := p.in.Next(); err != nil {
				return
			}
			if out = append(out, answer...); p.in.Buffered() {
				continue
			}
			if _, err := theirs.Write(out); err != nil {
				return
			}
			out = out[:0]
		}
	})
	s := client.New(ours, client.Options{Schema: schema(b), NewTRID: func() string { return id }})
	_, err = s.Greet(b.Context())
	require.NoError(b, err)
	b.Cleanup(func() {
		s.Close()
		server.Wait()
	})
	return s
}

func BenchmarkDo(b *testing.B) {
	s := benchSession(b)
	q := &domain.Check{Names: []string{"a.example"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.Do(b.Context(), s, q); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDo16Deep(b *testing.B) {
	s := benchSession(b)
	q := &domain.Check{Names: []string{"a.example"}}
	b.ReportAllocs()
	b.SetParallelism(8) // times GOMAXPROCS
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := client.Do(b.Context(), s, q); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
