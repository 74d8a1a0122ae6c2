package gtld_test

import (
	"bytes"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

const gone = `tlds:
- name: gone
  contacts: {model: thin}
  prices: {standard: {create: 10, renew: 10}}
  offline: [{names: [waiting], commands: [create], after: 2d}]
- name: lost
  contacts: {model: thin}
  launch: [{phase: landrush, to: 2026-03-20T00:00:00Z, applications: true, first: true}]
`

// TestOrphans has domains below a top-level domain that the registry does not have, as a
// snapshot of another may: nothing happens with them, and nothing else suffers.
func TestOrphans(t *testing.T) {
	before := startWith(t, gtld.Options{Policies: policies(t, gone)})
	x, y := before.loginX(t), before.loginY(t)
	for _, name := range []string{"plain.gone", "expiring.gone", "deleted.gone", "moving.gone"} {
		x.Do(createPlain(name, "")).Code(1000)
	}
	x.Do(createPlain("applied.lost", "") + ext(launched("create", "landrush", ""))).Code(1001)
	newHost(x, "ns1.plain.gone", "192.0.2.7").Code(1000)
	x.Do(updateDomain("alpha.example", add(hostObjs("ns1.plain.gone")))).Code(1000)
	before.Advance(6 * 24 * time.Hour)
	x.Do(makeDomain("waiting.gone", hushed)).Code(1001)
	x.Do(deleteDomain("deleted.gone")).Code(1001)
	y.Do(transfer("request", "moving.gone", "", "fresh-Secret7")).Code(1001)
	var snapshot bytes.Buffer
	require.NoError(t, before.WriteSnapshot(&snapshot, ""))

	var log bytes.Buffer
	o := gtld.Options{}
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	m := startWith(t, o)
	require.NoError(t, m.Load(&snapshot))
	x, y = m.loginX(t), m.loginY(t)
	m.Advance(400 * 24 * time.Hour)

	t.Run("what there is can be seen", func(t *testing.T) {
		require.Equal(t, "2027-03-01T12:00:00Z", x.Do(infoDomain("plain.gone", "", "")).Code(1000).Text("exDate"))
		require.Equal(t, []string{"pendingCreate", "inactive"}, status(x, "waiting.gone"))
		require.Equal(t, []string{"pendingDelete", "inactive"}, status(x, "deleted.gone"))
		require.Equal(t, "pending", x.Do(transfer("query", "moving.gone", "", "")).Code(1000).Text("trStatus"))
		require.Equal(t, []string{"0", "0"}, x.Do(checkDomains("plain.gone", "free.gone")).Code(1000).Attrs("cd/name", "avail"))
		infoHost(x, "ns1.plain.gone").Code(1000)
	})
	t.Run("nothing can be changed", func(t *testing.T) {
		x.Do(updateDomain("plain.gone", addStatus("clientHold"))).Code(2306)
		x.Do(renewDomain("plain.gone", "2027-03-01", years(1))).Code(2306)
		x.Do(deleteDomain("plain.gone")).Code(2306)
		x.Do(restore("deleted.gone", "<d:chg/>", "request", "")).Code(2306)
		y.Do(transfer("request", "plain.gone", "", "fresh-Secret7")).Code(2306)
		x.Do(transfer("approve", "moving.gone", "", "")).Code(2306)
		y.Do(updateDomain("plain.gone", addStatus("clientHold"))).Code(2201)
	})
	t.Run("but by the registry's own hand", func(t *testing.T) {
		require.ErrorContains(t, m.Decide("waiting.gone", true), "no policy")
		require.ErrorIs(t, m.RefuseRestore("deleted.gone"), gtld.ErrNotRestoring)
		require.ErrorIs(t, m.SetApplication("A1", launch.Allocated, ""), gtld.ErrNoApplication, "it was rejected")
		require.NoError(t, m.ChangeDomain("plain.gone", gtld.Change{}, func(d *gtld.Domain) error {
			d.Status = []string{"serverHold"}
			return nil
		}))
		require.NoError(t, m.ChangeDomain("plain.gone", gtld.Change{}, nil))
		x.Do(infoDomain("plain.gone", "", "")).Code(2303)
	})
	require.Empty(t, log.String())
}
