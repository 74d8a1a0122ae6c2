package mockserver_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/internal/xmltree"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
)

// wordy is a toy that has much to say.
func wordy() *toy {
	return &toy{routes: func(m *mockserver.Mux) {
		mockserver.Handle(m, func(x *mockserver.Exchange, q *domain.Info) (*domain.InfData, error) {
			if q.Name != "sauna.example" {
				return nil, epp.Refuse(epp.ObjectDoesNotExist)
			}
			day := toyNow.AddDate(0, 0, -1)
			return &domain.InfData{
				Name: q.Name, ROID: "D1-TOY", ClID: x.ClID(), CrDate: day, ExDate: day,
				Status: []epp.Status{{S: "clientHold", Lang: "en", Text: "<unpaid> & cold"}, {S: "clientUpdateProhibited"}},
			}, nil
		})
	}}
}

var conversation = []epp.Element{
	&domain.Check{Names: []string{"a.example"}},
	&domain.Check{Names: []string{"note.example", "queue.example", "b.example"}},
	&domain.Check{Names: []string{"queue.example"}},
	&domain.Check{Names: []string{"refuse.example"}},
	&domain.Info{Name: "sauna.example"},
	&domain.Info{Name: "cellar.example"},
	&epp.Poll{Op: epp.PollReq},
}

// A client of ours has the same conversation with a calm and with a hostile server.
func TestHostileMeansTheSame(t *testing.T) {
	answers := func(hostile *mockserver.Hostile) []string {
		s := mockserver.StartTest(t, mockserver.Options{Registry: wordy(), Hostile: hostile})
		c, err := client.Dial(t.Context(), s.Addr(), client.Options{
			Schema: toySchema, TLS: s.ClientTLS("REG-A"), Credentials: &client.Credentials{ClID: "REG-A", PW: password},
		})
		require.NoError(t, err)
		defer c.Close()
		var out []string
		for _, q := range conversation {
			r, err := c.Exchange(t.Context(), &epp.Command{Request: q})
			if r == nil {
				require.NoError(t, err)
			}
			r.TrID = epp.TrID{SvTRID: "S-1"}
			doc, err := toySchema.Append(nil, r)
			require.NoError(t, err)
			lines := strings.Split(string(doc), "><")
			out = append(out, fmt.Sprint(len(lines), slices.Sorted(slices.Values(lines))))
		}
		require.NoError(t, c.Logout(t.Context()))
		return out
	}
	calm := answers(nil)
	for seed := range uint64(15) {
		require.Equal(t, calm, answers(&mockserver.Hostile{Seed: seed}), "seed %d", seed)
	}
}

// What a hostile server says is valid by the official schemas.
func TestHostileIsValid(t *testing.T) {
	var docs []string
	for seed := range uint64(20) {
		s := newServer(t, mockserver.Options{Registry: wordy(), Hostile: &mockserver.Hostile{Seed: seed}})
		a, b := net.Pipe()
		t.Cleanup(func() { a.Close() })
		go func() { _ = s.ServeConn(context.Background(), b) }()
		p := newPeer(t, a)
		read := func() {
			doc, err := p.in.Next()
			require.NoError(t, err)
			docs = append(docs, string(doc))
		}
		read()
		p.send(loginWith("REG-A", password, "1.0", "en", objURIs)) // the toy's extension has no schema
		read()
		for _, q := range conversation {
			doc, err := toySchema.Append(nil, &epp.Command{Request: q, ClTRID: "ABC-1"})
			require.NoError(t, err)
			p.send(string(doc))
			read()
		}
		p.send("<epp>")
		read()
	}
	written := 0
	for _, d := range docs {
		_, err := xmltree.Parse([]byte(d), xmltree.Limits{})
		require.NoError(t, err)
		if strings.Contains(d, "\x00") {
			written++
		}
	}
	require.Greater(t, written, 10, "UTF-16")
	validate(t, docs)
}

// The same seed gives the same octets to the same sessions.
func TestHostileIsRepeatable(t *testing.T) {
	talk := func(seed uint64) string {
		s := newServer(t, mockserver.Options{Registry: wordy(), Hostile: &mockserver.Hostile{Seed: seed}, JournalSecrets: true})
		p, _ := pipe(t, s)
		p.login("REG-A").ask(checkDoc("a.example"))
		var all strings.Builder
		for _, e := range s.Journal().All(mockserver.Sent) {
			all.WriteString(e.Frame())
		}
		return all.String()
	}
	require.Equal(t, talk(3), talk(3))
	require.NotEqual(t, talk(3), talk(4))
}

// Faults and hostility go together.
func TestHostileWithFaults(t *testing.T) {
	for _, kind := range []fault.Kind{fault.WrongClTRID, fault.UnknownExtension, fault.WrongEncoding, fault.Duplicate, fault.OutOfOrder} {
		for seed := range uint64(10) {
			s := newServer(t, mockserver.Options{Registry: wordy(), Hostile: &mockserver.Hostile{Seed: seed}})
			p, _ := pipe(t, s)
			p.login("REG-A")
			f := fault.Fault{Kind: kind, Match: onCheck}
			if kind == fault.OutOfOrder {
				f.Delay = time.Millisecond
			}
			add(t, s, f)
			p.send(checkDoc("a.example"))
			if kind == fault.WrongEncoding {
				doc, err := p.in.Next()
				require.NoError(t, err)
				require.True(t, strings.HasPrefix(string(doc), `<?xml version="1.0" encoding="UTF-16"?><epp`))
				continue
			}
			r := p.answer()
			require.Equal(t, epp.Success, r.Code())
			switch kind {
			case fault.WrongClTRID:
				require.Equal(t, "wrong-clTRID", r.TrID.ClTRID)
			case fault.UnknownExtension:
				require.Len(t, r.Extension, 1)
			case fault.Duplicate:
				require.Equal(t, "CHK-1", p.answer().TrID.ClTRID)
			}
		}
	}
}

// Sessions side by side, for the race detector.
func TestHostileByMany(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{
		Registry: &toy{profile: mockserver.Profile{MaxSessions: 10}}, Hostile: &mockserver.Hostile{}, Log: quiet,
	})
	var wg sync.WaitGroup
	for range 4 {
		p := dial(t, s, "REG-A")
		wg.Go(func() {
			p.login("REG-A")
			for range 20 {
				p.ask(checkDoc("a.example"))
			}
		})
	}
	wg.Wait()
}
