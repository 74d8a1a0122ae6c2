package gtld_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp/maintenance"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func maintenanceInfo(content string) string {
	return `<info><m:info xmlns:m="` + maintenance.NS + `">` + content + `</m:info></info>`
}

func TestMaintenance(t *testing.T) {
	m := extended(t, gtld.Options{}, `
zones: [example]
maintenance:
  - {id: old-1, name: New racks, systems: [{name: EPP}], start: 2026-02-01T00:00:00Z, end: 2026-02-01T04:00:00Z, crDate: 2026-01-02T08:00:00Z}
`)
	x, y := m.loginX(t), m.loginY(t)
	require.Contains(t, x.Greeting.All("objURI"), maintenance.NS)
	x.Do(`<poll op="req"/>`).Code(1300)
	plan := gtld.Maintenance{
		Name: "New stove", Type: "Routine work", Systems: []gtld.System{{Name: "EPP", Host: "epp.sauna.example", Impact: "partial"}, {Name: "DNS"}},
		Start: noon.AddDate(0, 0, 10), End: noon.AddDate(0, 0, 10).Add(2 * time.Hour), Courtesy: registry.Day,
		Detail: "https://sauna.example/work", Description: "The stove is changed.", TLDs: []string{"example"}, Connection: true,
	}
	var id string
	t.Run("4.1.2 create", func(t *testing.T) {
		var err error
		id, err = m.SetMaintenance(plan)
		require.NoError(t, err)
		next(t, y)
		a := next(t, x)
		require.Equal(t, "create", a.Text("pollType"))
		require.Equal(t, id, a.Text("item/id"))
	})
	t.Run("4.1.1.1 one", func(t *testing.T) {
		a := x.Do(maintenanceInfo("<m:id>" + id + "</m:id>")).Code(1000)
		require.Equal(t, []string{
			"id", "type", "systems", "environment", "start", "end", "reason", "detail", "description", "tlds", "intervention", "crDate",
		}, a.Names("item"))
		require.Equal(t, []string{"partial", "full", "planned", "The stove is changed.", "example", "2026-03-11T14:00:00Z"},
			append(a.All("impact"), a.Text("item/reason"), a.Text("description"), a.Text("tld"), a.Text("end")))
		require.Equal(t, []string{"production"}, a.Attrs("environment", "type"))
	})
	t.Run("R9167-001 4.1.1.1 unknown", func(t *testing.T) { x.Do(maintenanceInfo("<m:id>M99</m:id>")).Code(2303) })
	t.Run("4.1.1.2 list", func(t *testing.T) {
		a := x.Do(maintenanceInfo("<m:list/>")).Code(1000)
		require.Equal(t, []string{id, "old-1"}, a.All("listItem/id"))
		require.Equal(t, []string{"New stove", "New racks"}, a.Attrs("listItem/id", "name"))
	})
	t.Run("4.1.2 update", func(t *testing.T) {
		m.Advance(time.Hour)
		plan.ID, plan.Emergency = id, true
		same, err := m.SetMaintenance(plan)
		require.NoError(t, err)
		require.Equal(t, id, same)
		a := next(t, x)
		require.Equal(t, []string{"update", "emergency", "2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z"},
			append(a.All("pollType"), a.Text("item/reason"), a.Text("crDate"), a.Text("upDate")))
	})
	t.Run("4.1.2 courtesy and end, by the clock", func(t *testing.T) {
		m.Advance(20 * registry.Day.D())
		a := next(t, x)
		require.Equal(t, []string{"courtesy", "2026-03-10T12:00:00Z"}, append(a.All("pollType"), a.Text("qDate")))
		a = next(t, x)
		require.Equal(t, []string{"end", "2026-03-11T14:00:00Z"}, append(a.All("pollType"), a.Text("qDate")))
		x.Do(`<poll op="req"/>`).Code(1300)
	})
	t.Run("4.1.2 delete", func(t *testing.T) {
		require.NoError(t, m.DeleteMaintenance(id))
		require.ErrorIs(t, m.DeleteMaintenance(id), gtld.ErrNoMaintenance)
		require.Equal(t, "delete", next(t, x).Text("pollType"))
		require.Equal(t, []string{"old-1"}, x.Do(maintenanceInfo("<m:list/>")).All("listItem/id"))
	})
	t.Run("3.3 what is wrong", func(t *testing.T) {
		for _, wrong := range []func(*gtld.Maintenance){
			func(p *gtld.Maintenance) { p.End = p.Start },
			func(p *gtld.Maintenance) { p.Systems = nil },
			func(p *gtld.Maintenance) { p.Systems = []gtld.System{{Name: "EPP", Impact: "some"}} },
			func(p *gtld.Maintenance) { p.Environment = "moon" },
		} {
			p := plan
			wrong(&p)
			_, err := m.SetMaintenance(p)
			require.Error(t, err)
		}
		x.Do(`<poll op="req"/>`).Code(1300)
	})
}
