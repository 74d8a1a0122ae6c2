package fred_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	cznic "github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/nsset"
)

// one is one of a crowd of sessions that use a few objects at once.
type one struct {
	*client.Session
	rnd *rand.Rand
	m   *mock
}

func (m *mock) one(t *testing.T, i int) *one {
	t.Helper()
	schema, err := epp.NewSchema(cznic.Extensions()...)
	require.NoError(t, err)
	clID := walkers[i%len(walkers)]
	s, err := client.Dial(t.Context(), m.srv.Addr(), client.Options{
		Schema: schema, TLS: m.srv.ClientTLS(clID), Credentials: &client.Credentials{ClID: clID, PW: "chodec-Brana4"},
	})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return &one{Session: s, rnd: rand.New(rand.NewPCG(uint64(i), 3)), m: m}
}

// act does one thing.
func (s *one) act(ctx context.Context) error {
	id, name, set := fmt.Sprint("CID-", s.rnd.IntN(4)), fmt.Sprintf("d%d.cz", s.rnd.IntN(4)), fmt.Sprint("NID-", s.rnd.IntN(2))
	var err error
	switch s.rnd.IntN(12) {
	case 0, 1:
		_, err = client.Do(ctx, s.Session, &contact.Create{
			ID: id, Email: []string{"info@sauna.example"},
			PostalInfo: contact.PostalInfo{Name: "Sauna", Addr: &contact.Addr{City: "Brno", PC: new("60200"), CC: "CZ", Street: []string{"Horní 8"}}},
		})
	case 2:
		_, err = client.Do(ctx, s.Session, &contact.Delete{ID: id})
	case 3:
		_, err = client.Do(ctx, s.Session, &nsset.Create{
			ID: set, Techs: []string{id}, NS: []nsset.NameServer{{Name: "ns1.sauna.example"}, {Name: "ns2.sauna.example"}},
		})
	case 4, 5:
		_, err = client.Do(ctx, s.Session, &domain.Create{Name: name, Registrant: id, Nsset: set})
	case 6:
		_, err = client.Do(ctx, s.Session, &domain.Update{Name: name, Chg: &domain.Chg{Registrant: id, Nsset: new(string)}})
	case 7:
		_, err = client.Do(ctx, s.Session, &domain.Delete{Name: name})
	case 8:
		_, err = client.Do(ctx, s.Session, cznic.SendAuthInfo(&domain.SendAuthInfo{Name: name}))
	case 9:
		if mail, ok := s.m.Outbox.Last(); ok {
			_, err = client.Do(ctx, s.Session, &domain.Transfer{Op: epp.TransferRequest, Name: mail.About.Handle, AuthInfo: mail.AuthInfo})
		}
	case 10:
		a, reqErr := client.Call(ctx, s.Session, &epp.Poll{Op: epp.PollReq})
		if err = reqErr; err == nil && a.MsgQ != nil {
			_, err = client.Call(ctx, s.Session, &epp.Poll{Op: epp.PollAck, MsgID: a.MsgQ.ID})
		}
	default:
		s.m.Advance(time.Hour)
	}
	var refusal *epp.ResultError
	if errors.As(err, &refusal) && !errors.Is(err, epp.CommandFailed) && !errors.Is(err, epp.CommandSyntaxError) {
		return nil
	}
	return err
}

// TestManySessions has 32 sessions do whatever comes, while time passes. Nothing fails, and
// the tables are in order afterwards.
func TestManySessions(t *testing.T) {
	m := startWalk(t, 4)
	sessions := make([]*one, 32)
	for i := range sessions {
		sessions[i] = m.one(t, i)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	for _, s := range sessions {
		wg.Go(func() {
			for range 40 {
				if err := s.act(ctx); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	require.NoError(t, m.invariants())
	require.Positive(t, m.CountRecords("domain"), "nothing is there")
	require.Positive(t, m.CountRecords("mail"), "nobody was sent anything")
}
