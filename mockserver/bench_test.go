package mockserver_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/eppkit/eppkit/mockserver"
)

// BenchmarkCheck is a round trip over loopback TLS: a client that only moves
// octets, and so the Server's cost and that of TLS. Allocations are the Server's,
// a command, for the client makes none.
func BenchmarkCheck(b *testing.B) {
	for _, deep := range []int{1, 16} {
		for _, journal := range []int{mockserver.DefaultJournalSize, -1} {
			b.Run(fmt.Sprintf("deep=%d/journal=%d", deep, journal), func(b *testing.B) {
				s := mockserver.StartTest(b, mockserver.Options{Registry: &toy{}, JournalSize: journal})
				p := dial(b, s, "").login("REG-A")
				if err := p.c.SetDeadline(time.Time{}); err != nil {
					b.Fatal(err)
				}
				ask := bytes.Repeat(frame(checkDoc("a.example")), deep)
				b.ReportAllocs()
				for i := 0; i < b.N; i += deep {
					if _, err := p.c.Write(ask); err != nil {
						b.Fatal(err)
					}
					for range deep {
						if _, err := p.in.Next(); err != nil {
							b.Fatal(err)
						}
					}
				}
			})
		}
	}
}

// BenchmarkParallel is BenchmarkCheck with a connection for each processor and
// more.
func BenchmarkParallel(b *testing.B) {
	s := mockserver.StartTest(b, mockserver.Options{Registry: &toy{profile: mockserver.Profile{MaxSessions: 1000}}})
	ask := frame(checkDoc("a.example"))
	b.SetParallelism(8)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		p := dial(b, s, "").login("REG-A")
		for pb.Next() {
			if _, err := p.c.Write(ask); err != nil {
				b.Error(err)
				return
			}
			if _, err := p.in.Next(); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkEcho is the floor: the same octets over the same TLS, without EPP.
func BenchmarkEcho(b *testing.B) {
	s := mockserver.StartTest(b, mockserver.Options{Registry: &toy{}})
	p := dial(b, s, "").login("REG-A")
	if err := p.c.SetDeadline(time.Time{}); err != nil {
		b.Fatal(err)
	}
	p.send(checkDoc("a.example"))
	answer, err := p.in.Next()
	if err != nil {
		b.Fatal(err)
	}
	ask := frame(checkDoc("a.example"))
	near, far := tlsPair(b, s)
	go func() {
		in, out := make([]byte, len(ask)), frame(string(answer))
		for {
			if _, err := io.ReadFull(far, in); err != nil {
				return
			}
			if _, err := far.Write(out); err != nil {
				return
			}
		}
	}()
	in := make([]byte, len(answer)+4)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := near.Write(ask); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(near, in); err != nil {
			b.Fatal(err)
		}
	}
}

// tlsPair is a TLS connection over loopback, both its ends.
func tlsPair(b *testing.B, s *mockserver.Server) (near, far net.Conn) {
	b.Helper()
	cert, err := s.ClientCert("REG-A")
	if err != nil {
		b.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	accepted := make(chan net.Conn, 1)
	go func() {
		c, _ := l.Accept()
		_ = c.(*tls.Conn).Handshake()
		accepted <- c
	}()
	near, err = tls.Dial("tcp", l.Addr().String(), &tls.Config{
		InsecureSkipVerify: true, // a client's certificate names no host
	})
	if err != nil {
		b.Fatal(err)
	}
	far = <-accepted
	b.Cleanup(func() { near.Close(); far.Close() })
	return near, far
}
