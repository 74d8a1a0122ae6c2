package client_test

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
	"github.com/eppkit/eppkit/fred"
	fredcontact "github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/mockserver"
	mockfred "github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// These tests run against a mock registry over TLS.

func dialGTLD(t *testing.T, opts client.Options) (*client.Session, *mockserver.Server) {
	reg, err := gtld.New(gtld.Options{})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	opts.Schema, opts.TLS = schema(t), srv.ClientTLS("reg-north")
	opts.Credentials = &client.Credentials{ClID: "reg-north", PW: "north-Gate9"}
	s, err := client.Dial(t.Context(), srv.Addr(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s, srv
}

func TestStormOverTLS(t *testing.T) {
	s, srv := dialGTLD(t, client.Options{})
	const callers, each = 64, 20
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(i)))
			for k := range each {
				ctx, cancel := context.WithCancel(t.Context())
				if random.IntN(10) == 0 {
					time.AfterFunc(time.Duration(random.IntN(2000))*time.Microsecond, cancel)
				}
				name := fmt.Sprintf("n%d-%d.example", i, k)
				chk, err := client.Do(ctx, s, check(name))
				cancel()
				if err != nil && !errors.Is(err, context.Canceled) || err == nil && chk.CD[0].Name != name {
					t.Error(name, chk, err)
				}
			}
		})
	}
	all.Wait()
	require.NoError(t, s.Logout(t.Context()))
	require.Positive(t, srv.Journal().Count(mockserver.Verb("check")))
}

func TestServerClosesWhileIdle(t *testing.T) {
	s, srv := dialGTLD(t, client.Options{})
	require.NoError(t, srv.Close())
	<-s.Done()
	_, err := client.Do(t.Context(), s, check("a.example"))
	requireFate(t, client.NotSent, err)
}

func TestRefusedLoginsOverTLS(t *testing.T) {
	reg, err := gtld.New(gtld.Options{})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	opts := client.Options{Schema: schema(t), TLS: srv.ClientTLS("reg-north")}
	s, err := client.Dial(t.Context(), srv.Addr(), opts)
	require.NoError(t, err)
	defer s.Close()
	_, err = client.Do(t.Context(), s, check("a.example"))
	require.ErrorIs(t, err, epp.CommandUseError)
	wrong := client.Credentials{ClID: "reg-north", PW: "not-the-one"}
	require.ErrorIs(t, s.Login(t.Context(), wrong), epp.AuthenticationError)
	require.NoError(t, s.Login(t.Context(), client.Credentials{ClID: "reg-north", PW: "north-Gate9"}))
	require.ErrorIs(t, s.Login(t.Context(), wrong), epp.CommandUseError)
	_, err = s.Hello(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.Logout(t.Context()))
}

// Commands of a protocol extension carry their clTRID inside it (RFC 5730, section
// 2.7.1).
func TestProtocolExtension(t *testing.T) {
	reg, err := mockfred.New(mockfred.Options{})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	set, err := epp.NewSchema(fred.Extensions()...)
	require.NoError(t, err)
	s, err := client.Dial(t.Context(), srv.Addr(), client.Options{
		Schema: set, TLS: srv.ClientTLS("REG-MORAVA"),
		Credentials: &client.Credentials{ClID: "REG-MORAVA", PW: "vinice-Sklep73"},
	})
	require.NoError(t, err)
	defer s.Close()

	credit, err := client.Do(t.Context(), s, new(fred.CreditInfo))
	require.NoError(t, err)
	require.NotEmpty(t, credit.ZoneCredit)

	a, err := client.Call(t.Context(), s, fred.SendAuthInfo(&fredcontact.SendAuthInfo{ID: "CID-MYOWN"}))
	require.NoError(t, err)
	require.Nil(t, a.Data, "the addresses are not disclosed")
	require.Contains(t, a.TrID.ClTRID, "eppkit-")

	_, err = client.Do(t.Context(), s, fred.SendAuthInfo(&fredcontact.SendAuthInfo{ID: "CID-NONE"}))
	require.ErrorIs(t, err, epp.ObjectDoesNotExist)

	// A command that was read from somewhere keeps its envelope and its clTRID.
	for _, id := range []string{"READ-1", ""} {
		doc, err := epp.Append(nil, &epp.Command{Request: new(fred.CreditInfo), ClTRID: id})
		require.NoError(t, err)
		m, err := set.Parse(doc)
		require.NoError(t, err)
		m.(*epp.Command).ClTRID = "ANOTHER-1"
		r, err := s.Exchange(t.Context(), m.(*epp.Command))
		require.NoError(t, err)
		require.Equal(t, epp.Success, r.Code())
	}
	doc, err := epp.Append(nil, &epp.Command{Request: fred.SendAuthInfo(&fredcontact.SendAuthInfo{ID: "CID-MYOWN"}), ClTRID: "READ-2"})
	require.NoError(t, err)
	m, err := set.Parse(doc)
	require.NoError(t, err)
	m.(*epp.Command).ClTRID = "ANOTHER-1"
	r, err := s.Exchange(t.Context(), m.(*epp.Command))
	require.NoError(t, err)
	require.Equal(t, "READ-2", r.TrID.ClTRID)
	require.NoError(t, s.Logout(t.Context()))
}

var _ client.Doer = (*client.Session)(nil)
