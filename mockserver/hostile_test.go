package mockserver_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

// RFC 5734, section 4: the header.
func TestHeader(t *testing.T) {
	for _, row := range []struct {
		name string
		sent []byte
		err  error
	}{
		{"0", []byte{0, 0, 0, 0}, epp.ErrFrameTooShort},
		{"3", []byte{0, 0, 0, 3}, epp.ErrFrameTooShort},
		{"4", []byte{0, 0, 0, 4}, epp.ErrFrameTooShort},
		{"2^32-1", []byte{0xFF, 0xFF, 0xFF, 0xFF}, epp.ErrFrameTooLong},
		{"above the limit", []byte{0, 0, 0x3E, 0x85}, epp.ErrFrameTooLong},
		{"cut in the header", []byte{0, 0}, io.ErrUnexpectedEOF},
		{"cut after the header", []byte{0, 0, 1, 0}, io.ErrUnexpectedEOF},
		{"cut in the body", frame(helloDoc)[:20], io.ErrUnexpectedEOF},
		{"nothing", nil, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newServer(t, mockserver.Options{Registry: &toy{profile: mockserver.Profile{MaxFrame: 16_004}}})
			p, ended := pipe(t, s)
			if row.sent != nil {
				_, err := p.c.Write(row.sent)
				require.NoError(t, err)
			}
			if row.err == io.ErrUnexpectedEOF || row.err == nil {
				p.c.Close()
			} else {
				p.ended()
			}
			if err := <-ended; row.err == nil {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, row.err)
			}
			require.Equal(t, 1, s.Journal().Count(mockserver.Any), "the greeting alone")
		})
	}
}

func TestFrameOfTheLimit(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{profile: mockserver.Profile{MaxFrame: 16_004}}})
	p, _ := pipe(t, s)
	p.send(helloDoc + strings.Repeat(" ", 16_000-len(helloDoc)))
	require.IsType(t, new(epp.Greeting), p.recv())
}

func TestOneByteAtATime(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{}})
	p, _ := pipe(t, s)
	for _, b := range frame(loginDoc("REG-A", password)) {
		_, err := p.c.Write([]byte{b})
		require.NoError(t, err)
	}
	require.Equal(t, epp.Success, p.answer().Code())
}

// Documents that want to take a parser's memory, stack or time.
func TestBombs(t *testing.T) {
	var laughs strings.Builder
	laughs.WriteString(`<!DOCTYPE epp [<!ENTITY a0 "ha">`)
	for i := range 30 {
		fmt.Fprintf(&laughs, `<!ENTITY a%d "&a%d;&a%d;">`, i+1, i, i)
	}
	laughs.WriteString(`]>` + doc(`<hello>&a30;</hello>`))

	var attrs strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&attrs, ` a%d="x"`, i)
	}

	s := newServer(t, mockserver.Options{Registry: &toy{}})
	p, _ := pipe(t, s)
	for name, bomb := range map[string]string{
		"100,000 deep":       strings.Repeat("<a>", 100_000) + strings.Repeat("</a>", 100_000),
		"100,000 deep, open": strings.Repeat("<a>", 100_000),
		"billion laughs":     laughs.String(),
		"external entity":    `<!DOCTYPE epp [<!ENTITY x SYSTEM "file:///etc/hostname">]>` + doc(`<hello>&x;</hello>`),
		"50,000 attributes":  `<epp xmlns="` + epp.NS + `"` + attrs.String() + `><hello/></epp>`,
		"100,000 elements":   doc(`<hello>` + strings.Repeat(`<a/>`, 100_000) + `</hello>`),
		"invalid UTF-8":      doc("<hello>\xff\xfe</hello>"),
		"control character":  doc("<hello>\x01</hello>"),
		"a name with quotes": `<a"'<>`,
	} {
		require.Equal(t, epp.CommandSyntaxError, p.ask(bomb).Code(), name)
	}
	p.login("REG-A")

	var sent []string
	for _, e := range s.Journal().All(mockserver.Sent) {
		sent = append(sent, e.Frame())
	}
	validate(t, sent)
}

func TestTimeouts(t *testing.T) {
	profile := mockserver.Profile{LoginTimeout: 20 * time.Second, IdleTimeout: 5 * time.Minute}

	t.Run("before the login", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(t, mockserver.Options{Registry: &toy{profile: profile}})
			began := time.Now()
			p, ended := pipe(t, s)
			time.Sleep(15 * time.Second)
			p.send(helloDoc) // does not put it off
			p.recv()
			p.ended()
			require.Equal(t, 20*time.Second, time.Since(began))
			require.ErrorContains(t, <-ended, "timed out")
		})
	})
	t.Run("idle", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(t, mockserver.Options{Registry: &toy{profile: profile}})
			p, _ := pipe(t, s)
			p.c.SetDeadline(time.Time{})
			p.login("REG-A")
			time.Sleep(4 * time.Minute)
			p.ask(checkDoc("a.example"))
			began := time.Now()
			_, err := p.c.Write([]byte{0, 0}) // half a header is no command
			require.NoError(t, err)
			p.ended()
			require.Equal(t, 5*time.Minute, time.Since(began))
			synctest.Wait()
			require.Zero(t, s.Sessions("REG-A"))
		})
	})
	t.Run("idle, with a last word", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			profile := profile
			profile.IdleCode = epp.AuthenticationErrorClosing
			s := newServer(t, mockserver.Options{Registry: &toy{profile: profile}})
			p, ended := pipe(t, s)
			p.c.SetDeadline(time.Time{})
			p.login("REG-A")
			require.Equal(t, epp.AuthenticationErrorClosing, p.answer().Code())
			p.ended()
			require.ErrorContains(t, <-ended, "timed out")
		})
	})
	t.Run("a peer that never reads", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(t, mockserver.Options{Registry: &toy{profile: profile}, WriteTimeout: 7 * time.Second})
			p, ended := pipe(t, s)
			began := time.Now()
			p.send(helloDoc)
			require.ErrorContains(t, <-ended, "timed out")
			require.Equal(t, 7*time.Second, time.Since(began))
		})
	})
}

// The same over TLS, where the kernel's buffers have to fill up first.
func TestNeverReadsTLS(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{Registry: &toy{}, WriteTimeout: 50 * time.Millisecond, Log: quiet})
	p := dial(t, s, "").login("REG-A")
	many := bytes.Repeat(frame(checkDoc("a.example")), 1000)
	var err error
	for err == nil {
		_, err = p.c.Write(many)
	}
	require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the server cut the connection")
}

func TestPlainTCP(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{Registry: &toy{}, Log: quiet})
	c, err := net.Dial("tcp", s.Addr())
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
	_, err = c.Write(frame(helloDoc))
	require.NoError(t, err)
	got, _ := io.ReadAll(c)
	require.NotContains(t, string(got), "<epp")
	require.Zero(t, s.Journal().Count(mockserver.Any))
}

func TestSilentTCP(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{Registry: &toy{}, HandshakeTimeout: 20 * time.Millisecond, Log: quiet})
	c, err := net.Dial("tcp", s.Addr())
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
	_, err = io.ReadAll(c)
	require.NoError(t, err, "closed by the server")
}

func TestOldTLS(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{Registry: &toy{}, Log: quiet})
	cfg := s.ClientTLS("")
	cfg.MinVersion, cfg.MaxVersion = tls.VersionTLS11, tls.VersionTLS11
	_, err := tls.Dial("tcp", s.Addr(), cfg)
	require.Error(t, err)
}

// RFC 5734, section 3: pipelined commands are answered in order, whatever they are.
func TestPipelined(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{Registry: &toy{}, Log: quiet})
	p := dial(t, s, "").login("REG-A")
	var all []byte
	const n = 500
	for i := range n {
		name := []string{"a.example", "panic.example", "refuse.example"}[i%3]
		all = append(all, frame(commandDoc(checkXML(name), fmt.Sprintf("PIPE-%d", i)))...)
	}
	all = append(all, frame(logoutDoc)...)
	all = append(all, frame(checkDoc("a.example"))...) // too late
	wrote := make(chan error, 1)
	go func() { _, err := p.c.Write(all); wrote <- err }()
	for i := range n {
		r := p.answer()
		require.Equal(t, fmt.Sprintf("PIPE-%d", i), r.TrID.ClTRID)
		require.Equal(t, []epp.Code{1000, 2400, 2201}[i%3], r.Code())
	}
	require.NoError(t, <-wrote)
	require.Equal(t, epp.EndingSession, p.answer().Code())
	p.ended()
	require.Equal(t, n, s.Journal().Count(mockserver.And(mockserver.Received, mockserver.Name(epp.Name{Space: domain.NS, Local: "check"}))))
}

// What is answered together is written together.
func TestCoalesced(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{}})
	p, _ := pipe(t, s)
	p.login("REG-A")
	_, err := p.c.Write(bytes.Repeat(frame(checkDoc("a.example")), 5))
	require.NoError(t, err)
	b := make([]byte, 64<<10)
	n, err := p.c.Read(b) // a net.Pipe keeps writes apart
	require.NoError(t, err)
	require.Equal(t, 5, bytes.Count(b[:n], []byte("</epp>")))
}

// halfConn is a net.Pipe that can be closed by halves, as TCP can.
type halfConn struct {
	net.Conn
	halfClosed chan struct{}
}

func (c *halfConn) CloseWrite() error { close(c.halfClosed); return nil }

// What a client still sends after the end is read, or closing would reset the
// connection, and on some systems take the last answers back.
func TestLingers(t *testing.T) {
	for name, last := range map[string][]byte{
		"logout":               frame(logoutDoc),
		"garbage":              frame("no XML"),
		"a header too large":   {0xFF, 0xFF, 0xFF, 0xFF},
		"a header too small":   {0, 0, 0, 4},
		"a header that waited": slices.Concat(frame(checkDoc("a.example")), []byte{0, 0, 0, 0}),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t, mockserver.Options{Registry: &toy{profile: mockserver.Profile{CloseOnGarbage: true}}})
				a, b := net.Pipe()
				half := &halfConn{b, make(chan struct{})}
				ended := make(chan error, 1)
				go func() { ended <- s.ServeConn(t.Context(), half) }()
				p := newPeer(t, a)
				p.recv()
				p.login("REG-A")
				_, err := p.c.Write(last)
				require.NoError(t, err)
				if name == "logout" || name == "a header that waited" {
					p.answer()
				}
				<-half.halfClosed
				require.Zero(t, s.Sessions("REG-A"), "the client may come back at once")
				p.send(checkDoc("a.example"))
				began := time.Now()
				p.ended() // although this client does not close
				require.Equal(t, 500*time.Millisecond, time.Since(began))
				require.Equal(t, name == "logout", <-ended == nil)
			})
		})
	}
}

// However a connection ends, the answers to what was done before are written first.
func TestAnswersBeforeTheEnd(t *testing.T) {
	closing := mockserver.Profile{CloseOnGarbage: true, MaxFrame: 4000}
	for _, row := range []struct {
		name    string
		profile mockserver.Profile
		junk    []byte
	}{
		{"garbage", closing, frame("no XML")},
		{"a response", closing, frame(decisions[4].doc)},
		{"a header of 0", closing, []byte{0, 0, 0, 0}},
		{"a header of 4", closing, []byte{0, 0, 0, 4}},
		{"a header above the limit, and the whole of it", closing, frame(strings.Repeat(" ", 4001))},
		{"a header above the limit", closing, []byte{0xFF, 0xFF, 0xFF, 0xFF}},
		{"half a frame", closing, []byte{0, 0, 1, 0, '<'}},
		{"a handler that ends its goroutine", closing, frame(gateDoc)},
	} {
		t.Run(row.name, func(t *testing.T) {
			reg := &toy{profile: row.profile, routes: func(m *mockserver.Mux) {
				mockserver.Handle(m, func(*mockserver.Exchange, *otherCheck) (*epp.NoData, error) {
					runtime.Goexit()
					return nil, nil
				})
			}}
			s := mockserver.StartTest(t, mockserver.Options{Registry: reg, Log: quiet})
			c, err := tls.Dial("tcp", s.Addr(), s.ClientTLS(""))
			require.NoError(t, err)
			defer c.Close()
			p := newPeer(t, c)
			_, err = c.Write(slices.Concat(frame(loginDoc("REG-A", password)), frame(checkDoc("a.example")), row.junk))
			require.NoError(t, err)
			if row.name == "half a frame" {
				require.NoError(t, c.CloseWrite())
			}
			require.IsType(t, new(epp.Greeting), p.recv())
			require.Equal(t, "LOG-1", p.answer().TrID.ClTRID)
			require.Equal(t, "CHK-1", p.answer().TrID.ClTRID)
			p.ended() // by close_notify, or tls would say unexpected EOF
		})
	}
}
