package eppkit_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	mock "github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// README: begin
func sendAuthInfo(ctx context.Context, addr string, tc *tls.Config, cred client.Credentials, id string) ([]string, error) {
	schema, err := epp.NewSchema(fred.Extensions()...)
	if err != nil {
		return nil, err
	}
	s, err := client.Dial(ctx, addr, client.Options{Schema: schema, TLS: tc, Credentials: &cred})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	sent, err := client.Do(ctx, s, fred.SendAuthInfo(&contact.SendAuthInfo{ID: id}))
	if err != nil || sent == nil { // sent is nil where the registry does not disclose to whom
		return nil, err
	}
	return sent.Email, s.Logout(ctx)
}

// README: end

func Example() {
	reg, err := mock.New(mock.Options{PartiallyDiscloseContactEmails: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	srv, err := mockserver.New(mockserver.Options{Registry: reg})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := srv.Start(); err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	fmt.Println(sendAuthInfo(context.Background(), srv.Addr(), srv.ClientTLS("REG-MORAVA"),
		client.Credentials{ClID: "REG-MORAVA", PW: "vinice-Sklep73"}, "CID-MYOWN"))
	mail, _ := reg.Outbox.Last()
	fmt.Println(mail.To, len(mail.AuthInfo))
	// Output:
	// [a*****@b*****.* c*****@d*****.*] <nil>
	// [adam@bartos.example cyril@dum.example] 8
}

// README: begin
func handOver(ctx context.Context, p authcode.Provider, domain string) error {
	out, err := p.HandOver(ctx, authcode.Request{Domain: domain, Verb: authcode.Send, To: authcode.Registrant})
	if authcode.OutcomeUnknown(err) {
		return fmt.Errorf("look before you ask again: %w", err)
	} else if err != nil {
		return err
	}
	switch out := out.(type) {
	case authcode.Code:
		fmt.Println("show this to the holder:", out.Value.Reveal())
	case authcode.Sent:
		fmt.Println("it went to", out.To, "at", out.Addresses)
	case authcode.Pending:
		fmt.Println("ask later for operation", out.Operation)
	case authcode.Refused:
		fmt.Println(out) // why, and whether somebody got it all the same
	}
	return nil
}

// README: end

func Example_handOver() {
	fmt.Println(handOver(context.Background(), new(authcode.Router), "alpha.example"))
	// Output:
	// authcode: refused (not yours): no system is known that has this domain
	// <nil>
}

// README: begin
func TestTransferCodeExpires(t *testing.T) {
	clock := registry.NewClock(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	reg, err := mock.New(mock.Options{Options: registry.Options{Clock: clock}})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})

	// What is to be tested talks to srv.Addr() with srv.ClientTLS("REG-MORAVA").
	runProgram(t, srv)

	mail, sent := reg.Outbox.Last()
	require.True(t, sent)
	require.Equal(t, "CID-MYOWN", mail.About.Handle)
	asked := mockserver.And(mockserver.Received, mockserver.Name((&contact.SendAuthInfo{}).XMLName()))
	require.Equal(t, 1, srv.Journal().Count(asked))

	require.True(t, reg.AuthInfos.Use(mail.About, mail.AuthInfo))
	clock.Advance(14 * 24 * time.Hour)
	require.False(t, reg.AuthInfos.Use(mail.About, mail.AuthInfo), "valid for 14 days")
}

// README: end

// README: begin
func mockRegistry(t *testing.T) (*gtld.Registry, *mockserver.Server) {
	clock := registry.NewClock(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)) // stands still
	reg, err := gtld.New(gtld.Options{Options: registry.Options{Clock: clock}})
	require.NoError(t, err)
	return reg, mockserver.StartTest(t, mockserver.Options{Registry: reg})
}

func TestTransferIsApprovedByTheClock(t *testing.T) {
	reg, srv := mockRegistry(t)
	south := logIn(t, srv, "reg-south", "south-Gate9")
	_, err := client.Do(t.Context(), south, &domain.Transfer{
		Op: epp.TransferRequest, Name: "alpha.example", AuthInfo: &epp.AuthInfo{PW: "alpha-Secret7"},
	})
	require.NoError(t, err)
	reg.Advance(5 * 24 * time.Hour)
	info, err := client.Do(t.Context(), south, &domain.Info{Name: "alpha.example"})
	require.NoError(t, err)
	require.Equal(t, "reg-south", info.ClID)
}

func TestAnswerIsLost(t *testing.T) {
	_, srv := mockRegistry(t)
	_, err := srv.Faults().Add(fault.Fault{
		Kind: fault.CommitThenDrop, Match: fault.Match{Match: match.Match{Verb: "renew"}}, Times: 1,
	})
	require.NoError(t, err)
	north := logIn(t, srv, "reg-north", "north-Gate9")
	_, err = client.Do(t.Context(), north, &domain.Renew{
		Name: "beta.example", CurExpDate: time.Date(2031, 1, 12, 0, 0, 0, 0, time.UTC),
	})
	require.True(t, client.OutcomeUnknown(err))
	info, err := client.Do(t.Context(), logIn(t, srv, "reg-north", "north-Gate9"), &domain.Info{Name: "beta.example"})
	require.NoError(t, err)
	require.Equal(t, 2032, info.ExDate.Year(), "it was executed")
}

func TestSnapshotIsRestored(t *testing.T) {
	reg, srv := mockRegistry(t)
	north := logIn(t, srv, "reg-north", "north-Gate9")
	reg.Save("before")
	_, err := client.Do(t.Context(), north, &domain.Delete{Name: "beta.example"})
	require.NoError(t, err)
	reg.Advance(365 * 24 * time.Hour)
	_, err = client.Do(t.Context(), north, &domain.Info{Name: "beta.example"})
	require.ErrorIs(t, err, epp.ObjectDoesNotExist)
	require.NoError(t, reg.Restore("before"))
	_, err = client.Do(t.Context(), north, &domain.Info{Name: "beta.example"})
	require.NoError(t, err)
}

// README: end

func logIn(t *testing.T, srv *mockserver.Server, clID string, pw epp.Secret) *client.Session {
	schema, err := epp.NewSchema(domain.Extension())
	require.NoError(t, err)
	s, err := client.Dial(t.Context(), srv.Addr(), client.Options{
		Schema: schema, TLS: srv.ClientTLS(clID), Credentials: &client.Credentials{ClID: clID, PW: pw},
	})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func runProgram(t *testing.T, srv *mockserver.Server) {
	emails, err := sendAuthInfo(t.Context(), srv.Addr(), srv.ClientTLS("REG-MORAVA"),
		client.Credentials{ClID: "REG-MORAVA", PW: "vinice-Sklep73"}, "CID-MYOWN")
	require.NoError(t, err)
	require.Empty(t, emails, "the registry does not disclose them")
}

// TestREADME holds the README to the code above, and to that of the examples.
func TestREADME(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var blocks []string
	for _, file := range []string{"readme_test.go", "readme_backend_test.go", "examples/ownregistry/doc.go"} {
		code, err := os.ReadFile(file)
		require.NoError(t, err)
		blocks = append(blocks, strings.Split(string(code), "\n// README: begin\n")[1:]...)
	}
	require.Len(t, blocks, strings.Count(string(readme), "```go\n"), "every block of Go is here")
	for _, code := range blocks {
		code, _, _ = strings.Cut(code, "\n// README: end\n")
		require.Contains(t, string(readme), "```go\n"+strings.TrimSpace(code)+"\n```")
	}
}
