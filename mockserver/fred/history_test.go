package fred_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
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

// A deed is one of a history: what a registrar says, or time that passes.
type deed struct {
	clID, say string
	of        registry.Ref // whose newest authInfo stands for CODE
	pass      time.Duration
}

// deeds makes a list of n, from a seed.
func deeds(seed uint64, n int) []deed {
	rnd := rand.New(rand.NewPCG(seed, 11))
	var list []deed
	for range n {
		it := deed{clID: walkers[rnd.IntN(len(walkers))]}
		contact, name := fmt.Sprint("CID-", rnd.IntN(4)), fmt.Sprintf("d%d.cz", rnd.IntN(4))
		kind, handle := "domain", name
		switch rnd.IntN(4) {
		case 0:
			kind, handle = "contact", contact
		case 1:
			kind, handle = "nsset", fmt.Sprint("NID-", rnd.IntN(3))
		case 2:
			kind, handle = "keyset", fmt.Sprint("KID-", rnd.IntN(3))
		}
		switch rnd.IntN(14) {
		case 0, 1:
			it.say = createContact(contact, "")
		case 2:
			if kind == "nsset" || kind == "keyset" {
				it.say = createSet(kind, handle, contact)
				break
			}
			fallthrough
		case 3, 4:
			it.say = domainCommand("create", name, years(1), el("registrant", contact))
		case 5:
			it.say = command("delete", kind, tag(namespaces[kind].id, handle))
		case 6:
			it.say = sendAuthInfo(kind, handle)
		case 7, 8:
			it.say, it.of = transfer(kind, handle, "CODE"), registry.Ref{Kind: kind, Handle: handle}
		case 9:
			it.say = info(kind, handle)
		case 10:
			it.say = `<poll op="req"/>`
		case 11:
			it.say = fredCommand("creditInfo", "")
		default:
			it = deed{pass: time.Duration(rnd.IntN([]int{24, 24, 100, 60 * 24}[rnd.IntN(4)])) * time.Hour}
		}
		if it.clID != "" && !strings.HasPrefix(it.say, "<extension>") {
			it.say = "<command>" + it.say + "</command>"
		}
		list = append(list, it)
		if it.pass > 0 {
			for _, clID := range walkers {
				list = append(list, deed{clID: clID, say: `<command><poll op="req"/></command>`})
			}
		}
	}
	return list
}

// A history is what a list of deeds makes of a registry: all answers, and all that it holds
// in the end.
type history struct {
	*mock
	t    *testing.T
	conn map[string]*wiretest.Client
	out  strings.Builder
}

func newHistory(t *testing.T, seed uint64) *history {
	h := &history{mock: startWalk(t, seed), t: t, conn: make(map[string]*wiretest.Client)}
	for _, clID := range walkers {
		h.conn[clID] = h.walker(t, clID)
	}
	return h
}

// do does a list of deeds; pass is how time passes.
func (h *history) do(list []deed, pass func(time.Duration)) *history {
	for _, it := range list {
		if it.clID == "" {
			pass(it.pass)
			continue
		}
		say := it.say
		for _, mail := range h.Outbox.All() {
			if mail.About == it.of {
				say = strings.Replace(it.say, "CODE", string(mail.AuthInfo), 1)
			}
		}
		a := h.conn[it.clID].Send(say)
		h.out.WriteString(a.XML + "\n")
		if ids := a.Attrs("msgQ", "id"); len(ids) > 0 {
			h.out.WriteString(h.conn[it.clID].Send(`<command><poll op="ack" msgID="`+ids[0]+`"/></command>`).XML + "\n")
		}
	}
	return h
}

// end is all of the answers, and all that the registry holds but for how many steps led to
// it, and the salts of its hashes.
func (h *history) end() (answers, state string) {
	var b bytes.Buffer
	require.NoError(h.t, h.WriteSnapshot(&b, ""))
	_, state, _ = strings.Cut(b.String(), "\n")
	return h.out.String(), state
}

// The same on two mocks with one seed and one time is the same, octet by octet; and so it
// is where time passes bit by bit.
func TestSameHistorySameBytes(t *testing.T) {
	all := ""
	for seed := range uint64(3) {
		list := deeds(seed, 500)
		one := newHistory(t, seed)
		answers, state := one.do(list, one.Advance).end()
		all += answers
		two := newHistory(t, seed)
		again, stateAgain := two.do(list, two.Advance).end()
		sameLines(t, answers, again)
		sameLines(t, state, stateAgain)

		slow := newHistory(t, seed)
		again, stateAgain = slow.do(list, func(d time.Duration) {
			for ; d > 0; d -= 7 * time.Hour {
				slow.Advance(min(d, 7*time.Hour))
			}
		}).end()
		sameLines(t, answers, again)
		sameLines(t, state, stateAgain)

		other := newHistory(t, seed+90)
		_, stateAgain = other.do(list, other.Advance).end()
		require.False(t, state == stateAgain, "another seed gives other authInfos")
	}
	for _, said := range []string{"trnData", "idleDelData", "impendingExpData", `code="2202"`} {
		require.True(t, strings.Contains(all, said), "nothing of %s", said)
	}
}

// sameLines wants two texts to be the same, and shows the first line that is not.
func sameLines(t *testing.T, want, got string) {
	t.Helper()
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		require.Equal(t, w[i], g[i], "line %d", i+1)
	}
	require.Equal(t, len(w), len(g), "lines")
}

// What was saved, written, and read by another mock goes on as it does where it was saved,
// and does so each time that it is restored.
func TestRestoreGoesOnAlike(t *testing.T) {
	h := newHistory(t, 6)
	h.do(deeds(6, 200), h.Advance)
	h.Save("here")
	var file bytes.Buffer
	require.NoError(t, h.WriteSnapshot(&file, "here"))
	list := deeds(60, 300)
	goOn := func(h *history, name string) string {
		require.NoError(t, h.Restore(name))
		h.out.Reset()
		h.do(list, h.Advance)
		var b strings.Builder
		for line := range strings.Lines(h.out.String()) {
			before, _, _ := strings.Cut(line, "<trID>") // it counts on
			b.WriteString(before + "\n")
		}
		for _, mail := range h.Outbox.All() {
			fmt.Fprintln(&b, mail, string(mail.AuthInfo))
		}
		return b.String()
	}
	want := goOn(h, "here")
	require.True(t, strings.Contains(want, "trnData"))
	sameLines(t, want, goOn(h, "here"))

	other := newHistory(t, 6)
	require.NoError(t, other.ReadSnapshot(&file, "read"))
	sameLines(t, want, goOn(other, "read"))
	require.NoError(t, other.invariants())
}
