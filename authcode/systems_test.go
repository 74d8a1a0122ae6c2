package authcode_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

// The README's table of the five systems is what works, from end to end: through the
// client, over HTTP or EPP, to the handler or the mock registry, and what is behind it.

// system is a row of the table.
type systemRow struct {
	title, sides string
	// make returns clients of all that may be behind the other side.
	make []func(t *testing.T) (authcode.Provider, end)
}

func systemRows() []systemRow {
	list := []systemRow{
		{"FRED, by EPP", "`client`, `eppcode`; mock registry `fred`", []func(t *testing.T) (authcode.Provider, end){
			func(t *testing.T) (authcode.Provider, end) { e := newFREDEnd(t); return e, e },
		}},
		{"Registries by the RFCs, by EPP", "`client`, `eppcode`, `mail`; mock registry `gtld`", []func(t *testing.T) (authcode.Provider, end){
			func(t *testing.T) (authcode.Provider, end) { e := newRFCEnd(t); return e, e },
		}},
		{"Registries by RFC 9154, by EPP", "the same, with `SecureAuthInfo`", []func(t *testing.T) (authcode.Provider, end){
			func(t *testing.T) (authcode.Provider, end) { e := newSecureEnd(t, false, true); return e.Provider, e },
		}},
	}
	for _, it := range []struct{ title, folder, hop string }{
		{"Netim REST 1.0", "netim", "netim 1.0"},
		{"Netim REST 3.0", "netim", "netim 3.0"},
		{"Mijndomeinreseller v2", "mijndomeinreseller", "mijndomeinreseller"},
		{"Openprovider v1beta", "openprovider", "openprovider"},
		{"OpenSRS XCP", "opensrs", "opensrs"},
	} {
		h := &hops[slices.IndexFunc(hops, func(h hop) bool { return h.name == it.hop })]
		over := func(m mode) func(t *testing.T) (authcode.Provider, end) {
			return func(t *testing.T) (authcode.Provider, end) {
				w := newWorld(m)
				return h.over(t, w, nil), w
			}
		}
		list = append(list, systemRow{it.title, "client and handler in `authcode/" + it.folder + "`", []func(t *testing.T) (authcode.Provider, end){over(shows), over(mails)}})
	}
	return list
}

func TestSystems(t *testing.T) {
	var b strings.Builder
	b.WriteString("| System | both sides | retrieve | regenerate | send |\n|---|---|---|---|---|\n")
	for _, row := range systemRows() {
		cells := map[authcode.Verb][]string{}
		for _, make := range row.make {
			_, e := make(t)
			for _, r := range requests(e.domain()) {
				p, e := make(t)
				out, err := p.HandOver(t.Context(), r)
				truth(t, p, e, out, err)
				word := kind(out, err)
				if word != "code" && word != "sent" {
					continue
				}
				if r.Verb == authcode.Send {
					if word == "code" {
						continue // a code that was to be sent, and was shown
					}
					word = string(r.To)
				}
				if !slices.Contains(cells[r.Verb], word) {
					cells[r.Verb] = append(cells[r.Verb], word)
				}
			}
		}
		fmt.Fprintf(&b, "| %s | %s |", row.title, row.sides)
		for _, v := range []authcode.Verb{authcode.Retrieve, authcode.Regenerate, authcode.Send} {
			cell := "–"
			if words := cells[v]; words != nil {
				slices.Sort(words)
				cell = strings.Join(words, " or ")
			}
			if v == authcode.Send && cell != "–" {
				cell = "to " + strings.Join(cells[v], ", ")
			}
			fmt.Fprintf(&b, " %s |", cell)
		}
		b.WriteByte('\n')
	}
	sameTable(t, "../README.md", "systems", b.String())
}

// sameTable holds the table between the marks of a document to what it should be, or
// with -update writes it.
func sameTable(t *testing.T, file, mark, table string) {
	t.Helper()
	doc, err := os.ReadFile(file)
	require.NoError(t, err)
	begin, end := "<!-- "+mark+" -->\n", "<!-- /"+mark+" -->\n"
	before, rest, ok := strings.Cut(string(doc), begin)
	require.True(t, ok, "%s has no mark %s", file, mark)
	old, after, ok := strings.Cut(rest, end)
	require.True(t, ok)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(before+begin+table+end+after), 0o644))
		return
	}
	require.Equal(t, table, old, "go test ./authcode -run '%s' -update writes what is so", t.Name())
}
