package gtld

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// A history is what a generated list of commands, and of steps of the clock, makes of a
// registry: all answers, and all that it holds in the end.
type history struct {
	t    *testing.T
	reg  *Registry
	conn map[string]*wiretest.Client
	out  strings.Builder
}

func newHistory(t *testing.T, seed uint64) *history {
	h := &history{t: t, reg: walkRegistry(t, seed), conn: make(map[string]*wiretest.Client)}
	srv := mockserver.StartTest(t, mockserver.Options{Registry: h.reg})
	for _, clID := range walkers {
		h.conn[clID] = wiretest.Dial(t, srv, "", "").Login(clID, "walk-Gate9")
	}
	return h
}

// deed is one of a history: a command of a registrar, or time that passes.
type deed struct {
	clID, xml string
	pass      time.Duration
}

const (
	historyDomain = "urn:ietf:params:xml:ns:domain-1.0"
	historyHost   = "urn:ietf:params:xml:ns:host-1.0"
)

// deeds makes a list of n, from a seed.
func deeds(seed uint64, n int) []deed {
	rnd := rand.New(rand.NewPCG(seed, 11))
	d := func(verb, attr, inside string) string {
		return "<" + verb + attr + "><d:" + verb + ` xmlns:d="` + historyDomain + `">` + inside + "</d:" + verb + "></" + verb + ">"
	}
	var list []deed
	for range n {
		clID := walkers[rnd.IntN(len(walkers))]
		name := fmt.Sprintf("d%d.sauna", rnd.IntN(8))
		named := "<d:name>" + name + "</d:name>"
		auth := "<d:authInfo><d:pw>" + name + "-Secret7</d:pw></d:authInfo>"
		var xml string
		switch rnd.IntN(10) {
		case 0, 1, 2:
			xml = d("create", "", named+`<d:period unit="y">2</d:period>`+auth)
		case 3:
			xml = d("info", "", named+auth)
		case 4:
			xml = d("transfer", ` op="request"`, named+auth)
		case 5:
			xml = d("transfer", ` op="approve"`, named)
		case 6:
			xml = d("delete", "", named)
		case 7:
			xml = `<poll op="req"/>`
		case 8:
			xml = `<create><h:create xmlns:h="` + historyHost + `"><h:name>ns1.` + name + `</h:name><h:addr ip="v4">192.0.2.7</h:addr></h:create></create>`
		default:
			list = append(list, deed{pass: time.Duration(rnd.IntN(60*24)) * time.Hour})
			continue
		}
		list = append(list, deed{clID: clID, xml: xml})
	}
	return list
}

// do does a list of deeds; pass is how time passes.
func (h *history) do(list []deed, pass func(time.Duration)) {
	for _, it := range list {
		if it.clID == "" {
			pass(it.pass)
			continue
		}
		h.out.WriteString(h.conn[it.clID].Do(it.xml).XML + "\n")
	}
}

// end is all of the answers, and all that the registry holds.
func (h *history) end() string {
	var b bytes.Buffer
	require.NoError(h.t, h.reg.WriteSnapshot(&b, ""))
	return h.out.String() + b.String()
}

// TestSameHistorySameBytes does the same on two mocks with one seed and one time.
func TestSameHistorySameBytes(t *testing.T) {
	for seed := range uint64(3) {
		one, two := newHistory(t, seed), newHistory(t, seed)
		list := deeds(seed, 400)
		one.do(list, one.reg.Advance)
		two.do(list, two.reg.Advance)
		require.Equal(t, one.end(), two.end())
		require.Contains(t, one.end(), `<result code="1301">`)

		// Another way for time to pass: bit by bit, without anybody looking.
		three := newHistory(t, seed)
		three.do(list, func(d time.Duration) {
			for ; d > 0; d -= time.Hour {
				three.reg.Advance(time.Hour)
			}
		})
		sameButCounted(t, one.end(), three.end())
	}
	other := newHistory(t, 99)
	other.do(deeds(98, 400), other.reg.Advance)
	again := newHistory(t, 99)
	again.do(deeds(97, 400), again.reg.Advance)
	require.NotEqual(t, other.end(), again.end(), "another history is another")
}

// sameButCounted leaves out how many steps led there.
func sameButCounted(t *testing.T, want, got string) {
	t.Helper()
	drop := func(s string) string {
		var lines []string
		for line := range strings.Lines(s) {
			if !strings.HasPrefix(line, `{"form":`) {
				lines = append(lines, line)
			}
		}
		return strings.Join(lines, "")
	}
	require.Equal(t, drop(want), drop(got))
}

// TestTenYears lets ten years pass at once, and in many small steps.
func TestTenYears(t *testing.T) {
	run := func(steps int) string {
		h := newHistory(t, 5)
		h.do(deeds(5, 200), h.reg.Advance)
		for range steps {
			h.reg.Advance(3650 * 24 * time.Hour / time.Duration(steps))
		}
		for _, clID := range walkers {
			for range h.reg.Queue.Len(clID) {
				a := h.conn[clID].Do(`<poll op="req"/>`)
				id := a.Attrs("response/msgQ", "id")[0]
				h.out.WriteString(a.XML + "\n")
				h.conn[clID].Do(`<poll op="ack" msgID="` + id + `"/>`)
			}
		}
		return h.end()
	}
	want := run(1)
	require.Contains(t, want, "was renewed by itself")
	for _, steps := range []int{10, 3650} {
		sameButCounted(t, want, run(steps))
	}
}

// TestRestoreGoesOnAlike restores a snapshot, and does the same again: but for the numbers
// of the commands, the answers are the same.
func TestRestoreGoesOnAlike(t *testing.T) {
	h := newHistory(t, 6)
	h.do(deeds(6, 200), h.reg.Advance)
	h.reg.Save("here")
	list := deeds(60, 200)
	again := func() string {
		require.NoError(t, h.reg.Restore("here"))
		h.out.Reset()
		h.do(list, h.reg.Advance)
		var b strings.Builder
		for line := range strings.Lines(h.out.String()) {
			before, _, _ := strings.Cut(line, "<trID>")
			b.WriteString(before)
		}
		return b.String()
	}
	want := again()
	require.Equal(t, want, again())
	require.NotEmpty(t, want)
}
