package fred_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// REG-SLEZSKO, who sponsors none of these, asks for them.
func TestTransfer(t *testing.T) {
	for kind, handle := range map[string]string{"contact": "CID-MYOWN", "nsset": "NID-MYNSSET", "keyset": "KID-MYKEYSET"} {
		t.Run(kind, func(t *testing.T) {
			m := start(t, fred.Options{})
			a, b := m.loginA(t), m.loginB(t)
			acknowledge(a)
			obj := registry.Ref{Kind: kind, Handle: handle}
			a.Send(sendAuthInfo(kind, handle)).Code(1000)
			others := m.lastCode(t)
			b.Send(sendAuthInfo(kind, handle)).Code(1000)
			code := m.lastCode(t)

			b.Do(transfer(kind, handle+"X", code)).Code(2303)
			a.Do(transfer(kind, handle, "wrong")).Code(2106)
			b.Do(transfer(kind, handle, "wrong")).Code(2202)
			b.Do(transfer(kind, handle, "")).Code(2202)
			silent(t, a)
			op := b.Do(strings.Replace(transfer(kind, handle, code), `op="request"`, `op="query"`, 1)).Code(2102)
			require.Equal(t, []string{handle}, op.All("extValue/value/transfer/id"))
			require.NotContains(t, op.XML, code)

			m.Clock.Advance(time.Hour)
			done := b.Do(transfer(kind, strings.ToLower(handle), code)).Code(1000)
			require.NotContains(t, done.XML, "resData")
			d := b.Do(info(kind, handle))
			require.Equal(t, "REG-SLEZSKO", d.Text("infData/clID"))
			require.Equal(t, "REG-MORAVA", d.Text("infData/crID"))
			require.Equal(t, "2026-03-01T13:00:00Z", d.Text("infData/trDate"))

			msg := next(t, a)
			require.Equal(t, []string{"trnData"}, msg.Names("msgQ/msg"))
			require.Equal(t, []string{"id", "trDate", "clID"}, msg.Names("trnData"))
			require.Equal(t, handle, msg.Text("trnData/id"))
			require.Equal(t, "2026-03-01", msg.Text("trnData/trDate"), "a day")
			require.Equal(t, "REG-SLEZSKO", msg.Text("trnData/clID"), "the new sponsor")
			silent(t, b)

			require.Empty(t, m.AuthInfos.Active(obj), "all have ended, and there is no new one")
			a.Do(transfer(kind, handle, others)).Code(2202)
			a.Do(transfer(kind, handle, code)).Code(2202)
		})
	}
}

func TestTransferProhibited(t *testing.T) {
	for _, status := range []string{"serverTransferProhibited", "deleteCandidate"} {
		f, err := fred.DefaultFixtures()
		require.NoError(t, err)
		f.Contacts[6].Status, f.NSSets[1].Status, f.KeySets[1].Status = []string{status}, []string{status}, []string{status}
		for kind, handle := range map[string]string{"contact": "CID-LOCKED", "nsset": "NID-LOCKED", "keyset": "KID-LOCKED"} {
			t.Run(kind+" "+status, func(t *testing.T) {
				m := start(t, fred.Options{Fixtures: f})
				m.AuthInfos.Set(registry.Ref{Kind: kind, Handle: handle}, "REG-SLEZSKO", "known")
				m.loginA(t).Do(transfer(kind, handle, "known")).Code(2106)
				m.loginB(t).Do(transfer(kind, handle, "wrong")).Code(2304) // before the authInfo
				m.loginB(t).Do(transfer(kind, handle, "known")).Code(2304)

				m = start(t, fred.Options{Fixtures: f, SystemRegistrar: "REG-SLEZSKO"})
				m.AuthInfos.Set(registry.Ref{Kind: kind, Handle: handle}, "REG-SLEZSKO", "known")
				m.loginB(t).Do(transfer(kind, handle, "wrong")).Code(2202)
				m.loginB(t).Do(transfer(kind, handle, "known")).Code(1000)
			})
		}
	}
}

// The authInfo of a tech moves its sets too, and stays valid.
func TestTransferByTech(t *testing.T) {
	for kind, handle := range map[string]string{"nsset": "NID-MYNSSET", "keyset": "KID-MYKEYSET"} {
		t.Run(kind, func(t *testing.T) {
			m := start(t, fred.Options{})
			a, b := m.loginA(t), m.loginB(t)
			tech := registry.Ref{Kind: "contact", Handle: "CID-TECH2"}
			b.Send(sendAuthInfo("contact", "CID-TECH2")).Code(1000)
			code := m.lastCode(t)
			a.Send(sendAuthInfo(kind, handle)).Code(1000)
			b.Do(transfer(kind, handle, code)).Code(1000)
			require.Equal(t, 1, m.AuthInfos.Active(tech)[0].Uses)
			require.Empty(t, m.AuthInfos.Active(registry.Ref{Kind: kind, Handle: handle}), "those of the set have ended")
			a.Do(transfer(kind, handle, code)).Code(1000)
			require.Equal(t, 2, m.AuthInfos.Active(tech)[0].Uses)

			b.Send(sendAuthInfo("contact", "CID-MYOWN")).Code(1000)
			b.Do(transfer(kind, handle, m.lastCode(t))).Code(2202) // a holder is no tech
		})
	}
}

func TestUpdateSetsAuthInfo(t *testing.T) {
	for kind, handle := range map[string]string{"contact": "CID-MYOWN", "nsset": "NID-MYNSSET", "keyset": "KID-MYKEYSET"} {
		t.Run(kind, func(t *testing.T) {
			m := start(t, fred.Options{})
			a, b := m.loginA(t), m.loginB(t)
			set := func(value string) string {
				return command("update", kind, id(handle)+`<o:chg>`+tag("authInfo", value)+`</o:chg>`)
			}
			b.Do(set("own-choice-1")).Code(2201)
			a.Do(set("")).Code(1000)
			require.Empty(t, m.AuthInfos.Active(registry.Ref{Kind: kind, Handle: handle}))
			a.Do(set("own-choice-1")).Code(1000)
			a.Do(set("own-choice-2")).Code(1000)
			b.Do(info(kind, handle, "own-choice-1")).Code(2202)
			m.Clock.Advance(14*24*time.Hour - time.Second)
			d := b.Do(info(kind, handle, "own-choice-2")).Code(1000)
			require.NotContains(t, d.XML, "own-choice")
			m.Clock.Advance(time.Second)
			b.Do(transfer(kind, handle, "own-choice-2")).Code(2202)
		})
	}
}

// A handle that is taken again has none of the authInfos of what it was before.
func TestDeleteEndsAuthInfo(t *testing.T) {
	m := start(t, fred.Options{ProtectionMonths: -1})
	a, b := m.loginA(t), m.loginB(t)
	a.Do(createContact("CID-NEW", "")).Code(1000)
	b.Send(sendAuthInfo("contact", "CID-NEW")).Code(1000)
	a.Do(command("delete", "contact", id("CID-NEW"))).Code(1000)
	a.Do(createContact("CID-NEW", "")).Code(1000)
	b.Do(transfer("contact", "CID-NEW", m.lastCode(t))).Code(2202)
}
