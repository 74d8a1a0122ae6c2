package fred_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
)

// settings are all there are, each other than its default.
const settings = `
options:
  discloseEmails: true
  mask: {stars: 2, once: true, showDisclosed: true}
  hideContacts: true
  discloseAll: true
  mailingAddress: true
  systemRegistrar: REG-A
  idleMonths: 1
  protectionMonths: 3
  authInfoTTL: 2d
  authInfoLength: 12
  life: {notice: 10, outage: 11, outageHour: 12, delete: 13, deleteHour: 14, deleteDelay: 2h, validationNotice: 15, validationWindow: 16, location: Europe/Prague}
  nssetClearsKeySet: true
  auction: true
  requestFee: {free: 3, price: 0.50}
  tests: [{name: stove, level: 2, fails: true, note: cold}]
  testDelay: 5m
`

func TestSettings(t *testing.T) {
	f, err := fred.ParseFixtures("f.yaml", []byte(small+settings))
	require.NoError(t, err)
	for _, v := range []reflect.Value{reflect.ValueOf(f.Options), reflect.ValueOf(f.Options.Life)} {
		for i := range v.NumField() {
			require.False(t, v.Field(i).IsZero(), "%s is not tried", v.Type().Field(i).Name)
		}
	}
	t.Run("of fixtures", func(t *testing.T) {
		m := start(t, fred.Options{Fixtures: f})
		g := m.Greeting()
		require.Equal(t, "all", g.DCP.Access)
		require.Contains(t, strings.Join(g.ExtURI, " "), "extra-addr-1.0")
		require.Contains(t, strings.Join(g.ExtURI, " "), "auction-1.0")
		a := m.dial(t, "REG-A").Login("REG-A", "hush-hush")
		a.Do(`<delete><d:delete xmlns:d="` + namespaces["domain"].uri + `"><d:name>one.cz</d:name></d:delete></delete>`).Code(1000)
		c, _ := m.Contact("CID-A")
		require.Zero(t, c.IdleAt, "its nsset is there")
		s, _ := m.NSSet("nid-a")
		require.Equal(t, noon.AddDate(0, 1, 0), s.IdleAt)
		m.Advance(24 * time.Hour)
		require.Equal(t, 1, m.Queue.Len("REG-A"), "the commands of the day are told")
	})
	t.Run("options come first", func(t *testing.T) {
		m := start(t, fred.Options{Fixtures: f, IdleMonths: 2})
		a := m.dial(t, "REG-A").Login("REG-A", "hush-hush")
		a.Do(`<delete><d:delete xmlns:d="` + namespaces["domain"].uri + `"><d:name>one.cz</d:name></d:delete></delete>`).Code(1000)
		s, _ := m.NSSet("NID-A")
		require.Equal(t, noon.AddDate(0, 2, 0), s.IdleAt)
	})
	t.Run("a life", func(t *testing.T) {
		m := start(t, fred.Options{Fixtures: f})
		d, ok := m.Domain("ONE.cz")
		require.True(t, ok)
		m.Advance(d.ExDate.Sub(noon) + 20*24*time.Hour)
		_, ok = m.Domain("one.cz")
		require.False(t, ok, "it is deleted after 13 days, and not after 61")
	})
	for _, tt := range []struct{ old, fresh, want string }{
		{"systemRegistrar: REG-A", "systemRegistrar: REG-Q", "options.systemRegistrar: there is no registrar"},
		{"stars: 2", "stars: -2", "options.mask.stars: must not be negative"},
		{"authInfoLength: 12", "authInfoLength: -1", "options.authInfoLength: must not be negative"},
		{"authInfoTTL: 2d", "authInfoTTL: soon", "options.authInfoTTL: "},
		{"outageHour: 12", "outageHour: 24", "options.life.outageHour: must be 0 to 23"},
		{"outage: 11", "outage: 14", "options.life.delete: must not be before outage"},
		{"Europe/Prague", "Europe/Sauna", "options.life.location: there is no such place"},
		{"price: 0.50", "price: -0.50", "options.requestFee.price: must not be negative"},
		{"level: 2", "level: 11", "options.tests[0].level: must be 0 to 10"},
		{"auction: true", "auctions: true", "options.auctions: there is no such key"},
	} {
		t.Run(tt.fresh, func(t *testing.T) {
			_, err := fred.ParseFixtures("f.yaml", []byte(small+strings.Replace(settings, tt.old, tt.fresh, 1)))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

// What is read can be changed, and the registry is as it was.
func TestRead(t *testing.T) {
	m := start(t, fred.Options{})
	d, ok := m.Domain("MyDomain.cz")
	require.True(t, ok)
	was := d.Admins[0]
	d.Admins[0] = "X"
	d, _ = m.Domain("mydomain.cz")
	require.Equal(t, was, d.Admins[0])
	_, ok = m.Domain("none.cz")
	require.False(t, ok)
	c, ok := m.Contact("cid-myown")
	require.True(t, ok)
	require.Equal(t, "1979-08-21", c.Ident.Text)
	s, ok := m.NSSet("nid-mynsset")
	require.True(t, ok)
	s.Hosts[0].Addrs[0] = "X"
	s, _ = m.NSSet("NID-MYNSSET")
	require.Equal(t, "194.0.12.7", s.Hosts[0].Addrs[0])
	k, ok := m.KeySet("kid-mykeyset")
	require.True(t, ok)
	require.Equal(t, 257, k.DNSKeys[0].Flags)
}
