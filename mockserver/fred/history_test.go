package fred_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
)

// What will happen by the clock, and what is prepared, survives in a file.
func TestSnapshotOfWhatIsToCome(t *testing.T) {
	o := fred.Options{Auction: true, TestDelay: 48 * time.Hour, RequestFee: &fred.RequestFee{Price: 10}}
	from := start(t, o)
	a := from.loginA(t)
	a.Do(domainCommand("create", "sauna.cz", el("nsset", "NID-MYNSSET"), holder)).Code(1000)
	a.Do(domainCommand("create", telephone, holder) + enum("create", valEx("2026-08-01")+"<e:publish>true</e:publish>")).Code(1000)
	from.SetTime(at("2027-02-01"))
	drain(t, a)
	a.Send(testFrame("<n:id>NID-MYNSSET</n:id>")).Code(1000)
	a.Send(fredCommand("listDomains", "")).Code(1000)
	from.Save("now")
	var file bytes.Buffer
	require.NoError(t, from.WriteSnapshot(&file, "now"))

	to := start(t, o)
	require.NoError(t, to.ReadSnapshot(&file, "then"))
	require.NoError(t, to.Restore("then"))
	b := to.loginA(t)
	require.NoError(t, from.Restore("now"))
	a = from.loginA(t) // it is counted
	compare := func(frames ...string) {
		t.Helper()
		for _, frame := range frames {
			require.Equal(t, said(a.Send(frame)), said(b.Send(frame)))
		}
	}
	const req, credit = `<command><poll op="req"/></command>`, "<fred:creditInfo/>"
	compare(fredCommand("getResults", ""), fredCommand("getResults", ""), extcommand(credit, "credit-1"))
	for _, day := range []string{"2027-02-04", "2027-03-02", "2027-04-01", "2027-05-01", "2027-05-02"} {
		for _, m := range []*mock{from, to} {
			m.SetTime(at(day, "13:00:00"))
		}
		compare(req, "<command>"+info("domain", "sauna.cz")+"</command>", "<command>"+info("domain", telephone)+"</command>")
		require.Equal(t, drain(t, a), drain(t, b))
	}
}

// A change that fails leaves nothing behind: no bill, no number, no message.
func TestNothingOfARefusal(t *testing.T) {
	m := start(t, fred.Options{})
	b := m.loginB(t)
	before := m.View(nil).Commit()
	b.Do(domainCommand("create", "sauna.cz", years(9), holder)).Code(2104)
	b.Do(domainCommand("create", "sauna.cz", el("registrant", "CID-NONE"))).Code(2306)
	b.Do(domainCommand("transfer", "mydomain.cz", el("authInfo", "wrong"))).Code(2202)
	b.Do(domainCommand("update", "otherdomain.cz", el("chg", el("registrant", "CID-NONE")))).Code(2306)
	require.Equal(t, before, m.View(nil).Commit())
	b.Do(domainCommand("create", "sauna.cz", holder)).Code(1000)
	require.Equal(t, "D0000000005-CZ", b.Do(info("domain", "sauna.cz")).Text("roid"))
}
