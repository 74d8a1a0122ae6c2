package gtld_test

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var unseen5734 = map[string]string{
	"R5734-001": "the port is the operator's choice (Options.Listen), and a test may not take one below 1024",
}

// frameOf is a document with its header.
func frameOf(doc string) []byte { return wiretest.Unit(doc) }

func checkFrame(clTRID string) []byte {
	return frameOf(whole(commandOf(checkDomains("free.example"), clTRID)))
}

// connect makes a connection with TLS, of which nothing was read.
func (s *site) connect(cfg *tls.Config) (*tls.Conn, error) {
	c, err := tls.Dial("tcp", s.addr, cfg)
	if err == nil {
		s.Cleanup(func() { c.Close() })
		require.NoError(s, c.SetDeadline(time.Now().Add(10*time.Second)))
	}
	return c, err
}

// unserved wants no greeting to come over a connection, which may have failed.
func (s *site) unserved(c *tls.Conn, err error) {
	s.Helper()
	if err == nil {
		var n int
		n, err = c.Read(make([]byte, 8))
		require.Zero(s, n)
	}
	require.Error(s, err)
	require.NotErrorIs(s, err, os.ErrDeadlineExceeded)
}

// served wants a greeting to come.
func (s *site) served(c *tls.Conn, err error) {
	s.Helper()
	require.NoError(s, err)
	require.Contains(s, string(s.unit(c)), "<greeting>")
}

// unit reads a frame, and wants its header to be right.
func (s *site) unit(c io.Reader) []byte {
	s.Helper()
	head := make([]byte, 4)
	_, err := io.ReadFull(c, head)
	require.NoError(s, err)
	n := binary.BigEndian.Uint32(head)
	require.Less(s, n, uint32(1<<16))
	doc := make([]byte, n-4)
	_, err = io.ReadFull(c, doc)
	require.NoError(s, err)
	require.True(s, bytes.HasSuffix(bytes.TrimSpace(doc), []byte("</epp>")), string(doc))
	return doc
}

func mutual(p *plan) { p.server.RequireClientCert = true }

// rules5734 are those of EPP over TCP (RFC 5734).
var rules5734 = []rule{
	{id: "R5734-002", deviate: faulty(fault.Fault{Kind: fault.CloseWithoutNotify}), check: func(s *site) {
		s.served(s.connect(s.tls("")))
	}},
	{id: "R5734-003", deviate: staying(1500, "logout"), check: func(s *site) {
		c := s.north()
		c.Do(logout).Code(1500)
		c.Over()
	}},
	{id: "R5734-004", deviate: func(p *plan) {
		var last []byte
		tampering(func(frame []byte, honest func([]byte) []byte) []byte {
			answer := honest(frame)
			if bytes.Contains(frame, []byte("<check>")) {
				if last == nil {
					last = answer
				}
				return last
			}
			return answer
		})(p)
	}, check: func(s *site) {
		a, b := s.north(), s.south()
		a.Write(commandOf(checkDomains("of-a.example"), "from-a"))
		require.Equal(s, "from-a", a.Read().Code(1000).Text("trID/clTRID"))
		b.Write(commandOf(checkDomains("of-b.example"), "from-b"))
		a.Write(commandOf(checkDomains("of-a.example"), "from-a-2"))
		require.Equal(s, "from-b", b.Read().Code(1000).Text("trID/clTRID"))
		require.Equal(s, "from-a-2", a.Read().Code(1000).Text("trID/clTRID"))
	}},
	{id: "R5734-006", deviate: misread("(</epp>)<epp.*", "$1"), check: func(s *site) {
		c := s.south()
		c.SendDoc(whole(hello) + whole(hello)).Code(2001)
		c.SendDoc(whole(commandOf(checkDomains("free.example"), "two-1")) + whole(commandOf(checkDomains("free.example"), "two-2"))).Code(2001)
		c.Do(checkDomains("free.example")).Code(1000)
	}},
	{id: "R5734-007", deviate: faulty(fault.Fault{Kind: fault.OutOfOrder, Match: fault.Match{Match: match.Match{ClTRID: "late-1"}}}), check: func(s *site) {
		c := s.south()
		c.Write(commandOf(checkDomains("free.example"), "late-1"))
		c.Write(commandOf(infoDomain("gamma.test", "", ""), "late-2"))
		require.Equal(s, "late-1", c.Read().Code(1000).Text("trID/clTRID"))
		require.Equal(s, "gamma.test", c.Read().Code(1000).Text("infData/name"))
	}},
	{id: "R5734-008", deviate: func(p *plan) {
		failed := false
		tampering(func(frame []byte, honest func([]byte) []byte) []byte {
			if failed {
				return []byte(refusal(2400, ""))
			}
			answer := honest(frame)
			failed = bytes.Contains(answer, []byte(`code="2`))
			return answer
		})(p)
	}, check: func(s *site) {
		c := s.south()
		c.WriteOctets(append(append(checkFrame("good-1"), frameOf(whole("<command>"))...), checkFrame("good-2")...))
		c.Read().Code(1000)
		c.Read().Code(2001)
		require.Equal(s, "good-2", c.Read().Code(1000).Text("trID/clTRID"))
	}},

	{id: "R5734-009", deviate: faulty(
		fault.Fault{Kind: fault.LengthShort, Size: 4, Match: fault.Match{Match: match.Match{Verb: fault.VerbGreeting}}},
		fault.Fault{Kind: fault.LengthShort, Size: 4},
	), check: func(s *site) {
		c, err := s.connect(s.tls(""))
		require.NoError(s, err)
		s.unit(c)
		for range 2 {
			_, err = c.Write(checkFrame("long-1"))
			require.NoError(s, err)
			require.Contains(s, string(s.unit(c)), `code="2002"`)
		}
	}},
	{id: "R5734-010", deviate: lined(line{wrap: func(c *tls.Conn) net.Conn { return perRecord{c} }}), check: func(s *site) {
		slow, other := s.north(), s.south()
		frame := checkFrame("slow-1")
		for _, part := range [][]byte{frame[:3], frame[3:4], frame[4:40], frame[40:]} {
			slow.WriteOctets(part)
			other.Do(checkDomains("free.example")).Code(1000) // time passes
		}
		require.Equal(s, "slow-1", slow.Read().Code(1000).Text("trID/clTRID"))
	}},
	{id: "R5734-011", deviate: lined(line{wrap: func(c *tls.Conn) net.Conn { return forgiving{c, new(bytes.Buffer)} }}), check: func(s *site) {
		for _, n := range []uint32{0, 1, 3, 4, 1<<31 - 1, 1 << 31, 1<<32 - 1} {
			c, err := s.connect(s.tls(""))
			require.NoError(s, err)
			s.unit(c)
			_, err = c.Write(binary.BigEndian.AppendUint32(nil, n))
			require.NoError(s, err)
			said := make([]byte, 1<<14)
			size, err := c.Read(said)
			require.NotErrorIs(s, err, os.ErrDeadlineExceeded, n)
			require.NotRegexp(s, `<greeting>|code="1`, string(said[:size]), n)
		}
		s.north().Do(checkDomains("free.example")).Code(1000)
	}},

	{id: "R5734-012", given: mutual, deviate: func(p *plan) { p.server.RequireClientCert = false }, check: func(s *site) {
		s.unserved(s.connect(s.tls("")))
		plain, err := net.Dial("tcp", s.addr)
		require.NoError(s, err)
		defer plain.Close()
		require.NoError(s, plain.SetDeadline(time.Now().Add(10*time.Second)))
		_, err = plain.Write(frameOf(whole(hello)))
		require.NoError(s, err)
		said, _ := io.ReadAll(plain) // perhaps TLS's alert
		require.NotContains(s, string(said), "epp")
		c, err := s.connect(s.tls("reg-north"))
		s.served(c, err)
		require.GreaterOrEqual(s, c.ConnectionState().Version, uint16(tls.VersionTLS13))
	}},
	{
		id: "R5734-013",
		given: func(p *plan) {
			mutual(p)
			for i := range p.fixtures.Registrars {
				p.fixtures.Registrars[i].Certificates = []string{registry.CertIssued}
			}
		},
		deviate: func(p *plan) { p.fixtures.Registrars[0].Certificates = nil },
		check: func(s *site) {
			c := s.dialAs("reg-south")
			c.Do(c.LoginXML("reg-north", "north-Gate9", "")).Code(2200)
			c.Login("reg-south", "south-Gate9")
			s.dialAs("reg-north").Login("reg-north", "north-Gate9")
		},
	},
	rule5734Certificates(),
	{id: "R5734-020", deviate: lined(line{wrap: func(c *tls.Conn) net.Conn { return perRecord{c} }}), check: func(s *site) {
		c := s.south()
		var all []byte
		ids := []string{"rec-1", "rec-2", "rec-3", "rec-4"}
		for _, id := range ids {
			all = append(all, checkFrame(id)...)
		}
		c.WriteOctets(all) // one record
		for _, id := range ids {
			require.Equal(s, id, c.Read().Code(1000).Text("trID/clTRID"))
		}
		for _, octet := range all { // a record each
			c.WriteOctets([]byte{octet})
		}
		for _, id := range ids {
			require.Equal(s, id, c.Read().Code(1000).Text("trID/clTRID"))
		}
		c.Do(checkDomains("long-"+strings.Repeat("x", 40)+".example", "free.example")).Code(1000)
	}},
	{
		id: "R5734-021",
		given: func(p *plan) {
			p.server.Profile = func(f *mockserver.Profile) { f.IdleTimeout = 20 * time.Millisecond }
		},
		deviate: lined(line{wrap: func(c *tls.Conn) net.Conn { return abrupt{c, c.NetConn()} }}),
		check: func(s *site) {
			raw, err := net.Dial("tcp", s.addr)
			require.NoError(s, err)
			heard := &records{Conn: raw}
			cfg := s.tls("")
			cfg.MaxVersion = tls.VersionTLS12 // later ones hide what is an alert
			c := tls.Client(heard, cfg)
			defer c.Close()
			require.NoError(s, c.SetDeadline(time.Now().Add(10*time.Second)))
			s.served(c, nil)
			_, err = c.Write(frameOf(whole(commandOf(`<login><clID>reg-south</clID><pw>south-Gate9</pw><options><version>1.0</version>`+
				`<lang>en</lang></options><svcs><objURI>`+domainNS+`</objURI></svcs></login>`, "idle-1"))))
			require.NoError(s, err)
			require.Contains(s, string(s.unit(c)), `code="1000"`)
			_, err = io.ReadAll(c) // until the session has been idle for too long
			require.NoError(s, err)
			const alert = 21
			require.EqualValues(s, alert, heard.last(s))
		},
	},
}

// rule5734Certificates is about the validity of clients' certificates. That of servers' is
// the client's to check.
func rule5734Certificates() rule {
	var trusted *certAuthority
	return rule{
		id: "R5734-016",
		given: func(p *plan) {
			mutual(p)
			trusted = newAuthority(p)
			p.server.ClientCAs = trusted.pool()
		},
		deviate: lined(line{auth: tls.RequireAnyClientCert}),
		check: func(s *site) {
			with := func(cert tls.Certificate) *tls.Config {
				cfg := s.tls("")
				// It is shown whatever issuers the server names.
				cfg.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &cert, nil }
				return cfg
			}
			soon := time.Now().Add(time.Hour)
			s.served(s.connect(with(trusted.issue(s, "reg-north", soon))))
			s.unserved(s.connect(with(trusted.issue(s, "reg-north", soon.AddDate(0, 0, -1)))))
			s.unserved(s.connect(with(trusted.issue(s, "reg-north", soon.AddDate(2, 0, 0))))) // not yet
			s.unserved(s.connect(with(newAuthority(s).issue(s, "reg-north", soon))))
		},
	}
}
