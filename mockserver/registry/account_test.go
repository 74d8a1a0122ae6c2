package registry

import (
	"crypto/x509"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
)

func TestAccountsLogin(t *testing.T) {
	own := &x509.Certificate{Raw: []byte("own")}
	hex := mockserver.Fingerprint(own)
	a := accountsOf(t, []Account{
		{ClID: "open", Password: "hush-hush", MaxSessions: 2},
		{ClID: "pinned", Password: "hush-hush", Certificates: []string{hex}},
		{ClID: "plain", Password: "hush-hush", Certificates: []string{strings.ToLower(strings.ReplaceAll(hex, ":", ""))}},
		{ClID: "issued", Password: "hush-hush", Certificates: []string{CertIssued}},
		{ClID: "blocked", Password: "hush-hush", Certificates: []string{CertIssued}, Blocked: true},
	})
	other := &x509.Certificate{Raw: []byte("other")}
	for _, tt := range []struct {
		name, clID, pw string
		cert           *x509.Certificate
		certFor        string
		want           error
	}{
		{"no certificate asked for", "open", "hush-hush", nil, "", nil},
		{"no certificate asked for, one shown", "open", "hush-hush", other, "issued", nil},
		{"wrong password", "open", "hush-hush.", nil, "", ErrCredentials},
		{"unknown", "nobody", "hush-hush", nil, "", ErrCredentials},
		{"unknown, with no password", "nobody", "", nil, "", ErrCredentials},
		{"the pinned certificate", "pinned", "hush-hush", own, "", nil},
		{"the pinned certificate, without colons", "plain", "hush-hush", own, "", nil},
		{"another than the pinned", "pinned", "hush-hush", other, "pinned", ErrCertificate},
		{"none where one is pinned", "pinned", "hush-hush", nil, "", ErrCertificate},
		{"issued to the registrar", "issued", "hush-hush", own, "issued", nil},
		{"issued to another", "issued", "hush-hush", own, "open", ErrCertificate},
		{"issued by somebody else", "issued", "hush-hush", own, "", ErrCertificate},
		{"blocked", "blocked", "hush-hush", own, "blocked", ErrBlocked},
		{"blocked and without the certificate", "blocked", "hush-hush", nil, "", ErrCertificate},
		{"blocked and with a wrong password", "blocked", "hush", own, "blocked", ErrCredentials},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &mockserver.Session{Cert: tt.cert, CertFor: tt.certFor}
			require.Equal(t, tt.want, a.Login(s, &epp.Login{ClID: tt.clID, PW: epp.Secret(tt.pw)}))
		})
	}
	t.Run("a refused login changes no password", func(t *testing.T) {
		q := &epp.Login{ClID: "pinned", PW: "hush-hush", NewPW: "changed-7"}
		require.Error(t, a.Login(&mockserver.Session{}, q))
		require.NoError(t, a.Login(&mockserver.Session{Cert: own}, &epp.Login{ClID: "pinned", PW: "hush-hush"}))
	})
	t.Run("session limit", func(t *testing.T) {
		require.Equal(t, 2, a.SessionLimit("open"))
		require.Zero(t, a.SessionLimit("pinned"))
		require.Zero(t, a.SessionLimit("nobody"))
	})
	require.Error(t, a.SetBlocked("nobody", true))
}

// accountsOf are the accounts of a registry that has nothing else.
func accountsOf(t *testing.T, list []Account) *Accounts {
	s, err := NewState(Options{Clock: NewClock(noon), HashIterations: 10}, nil)
	require.NoError(t, err)
	require.NoError(t, s.Begin(func(tx *Tx) error { return s.Accounts.Load(tx, list) }))
	return s.Accounts
}

func TestCharge(t *testing.T) {
	a := accountsOf(t, []Account{{ClID: "open", Password: "hush-hush", Credit: map[string]Amount{"cz": 1000}}})
	charge := func(zone string, amount Amount) (left Amount, err error) {
		err = a.state.Change(func(tx *Tx) error {
			left, err = a.Charge(tx, "open", zone, amount)
			return err
		})
		return left, err
	}
	left, err := charge("cz", 400)
	require.NoError(t, err)
	require.Equal(t, Amount(600), left)
	_, err = charge("cz", 601)
	require.ErrorIs(t, err, ErrCredit)
	require.Equal(t, []ZoneCredit{{"cz", 600}}, a.Credit("open"))
	left, err = charge("cz", -50)
	require.NoError(t, err)
	require.Equal(t, Amount(650), left, "a refund")
	_, err = charge("sk", 1_000_000)
	require.NoError(t, err, "a zone without credit is free")
}

// TestConcurrently is for the race detector.
func TestConcurrently(t *testing.T) {
	s, err := NewState(Options{HashIterations: 1}, nil)
	require.NoError(t, err)
	a := NewAuthInfos(s, time.Hour)
	require.NoError(t, s.Begin(func(tx *Tx) error {
		return s.Accounts.Load(tx, []Account{{ClID: "open", Password: "hush-hush"}})
	}))
	const each = 20
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range each {
				_ = s.Accounts.Login(&mockserver.Session{}, &epp.Login{ClID: "open", PW: "hush-hush", NewPW: "hush-hush"})
				_ = s.Accounts.SetBlocked("open", false)
				s.Advance(time.Nanosecond)
				a.Set(obj, "open", "abcabcab")
				a.Use(obj, "abcabcab")
				a.Active(obj)
				_ = s.Change(func(tx *Tx) error {
					s.Outbox.Put(tx, Mail{To: []string{tx.Rand().Text("abc", 8) + "@one.example"}, About: obj})
					return nil
				})
				s.Outbox.Last()
				s.Queue.Add("open", "text", nil)
				s.NextCommand()
			}
		})
	}
	wg.Wait()
	require.Len(t, s.Outbox.All(), 4*each)
	require.Equal(t, 4*each, s.Queue.Len("open"))
	require.Equal(t, uint64(4*each+1), s.NextCommand())
	require.Len(t, a.Active(obj), 1)
}
