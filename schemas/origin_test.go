package schemas_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/namespaces"
	"github.com/eppkit/eppkit/schemas"
)

var update = flag.Bool("update", false, "write the table in README.md")

// TestReadme holds the table of origins in README.md to what is embedded.
func TestReadme(t *testing.T) {
	const begin, end = "<!-- origins -->\n", "<!-- end -->"
	b, err := os.ReadFile("README.md")
	require.NoError(t, err)
	head, rest, ok := strings.Cut(string(b), begin)
	require.True(t, ok)
	_, tail, ok := strings.Cut(rest, end)
	require.True(t, ok)
	var table strings.Builder
	table.WriteString("| schema | namespace | written from |\n|---|---|---|\n")
	for _, o := range schemas.Embedded() {
		fmt.Fprintf(&table, "| [%s](%s) | `%s` | %s |\n", strings.TrimPrefix(o.File, "xsd/"), o.File, o.Namespace, o.Document)
	}
	want := head + begin + table.String() + end + tail
	if *update {
		require.NoError(t, os.WriteFile("README.md", []byte(want), 0o644))
		return
	}
	require.Equal(t, want, string(b), "go test ./schemas -run Readme -update")
}

// TestOrigins says of each schema what it is written from.
func TestOrigins(t *testing.T) {
	document := regexp.MustCompile(`^(RFC \d{4}|draft-[a-z0-9-]+-\d\d|FRED, schema set \d\.\d\.\d)$`)
	seen := map[string]string{}
	for _, o := range schemas.Embedded() {
		require.Regexp(t, document, o.Document, o.File)
		require.NotEmpty(t, o.Namespace, o.File)
		require.Empty(t, seen[o.Namespace], o.File)
		seen[o.Namespace] = o.File
	}
	require.NotEmpty(t, seen)
}

// TestNamespaces has one schema for each namespace that eppkit has types for, be it that
// the extension brings it, and the other way round, less those that have no elements of
// their own.
func TestNamespaces(t *testing.T) {
	var typed, described []string
	for _, e := range namespaces.All() {
		if len(e.Elements) > 0 {
			typed = append(typed, e.URI)
		}
		if e.XSD != "" {
			described = append(described, e.URI)
		}
	}
	parts := []string{
		epp.NS, "urn:ietf:params:xml:ns:eppcom-1.0", "http://www.nic.cz/xml/epp/fredcom-1.2",
		"http://www.w3.org/2000/09/xmldsig#", // a signature is kept as it stands
	}
	for _, o := range schemas.Embedded() {
		if !slices.Contains(parts, o.Namespace) {
			described = append(described, o.Namespace)
		}
	}
	require.ElementsMatch(t, typed, described)
}

// TestOwnWords compares our schemas with the official ones: facts are shared, and
// neither sentences nor the way in which they are laid out.
func TestOwnWords(t *testing.T) {
	official := map[string]bool{}
	sentences := map[string]bool{}
	for _, dir := range []string{"../../shared/reference/xsd", "../../shared/reference/fred/xsd"} {
		names, err := filepath.Glob(dir + "/*.xsd")
		require.NoError(t, err)
		if len(names) == 0 {
			t.Skip("the official schemas are not beside this checkout:", dir)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			require.NoError(t, err)
			for line := range strings.Lines(string(b)) {
				official[strings.TrimSpace(line)] = true
			}
			for _, s := range sentencesOf(string(b)) {
				sentences[s] = true
			}
		}
	}
	for _, o := range schemas.Embedded() {
		b, err := os.ReadFile(filepath.FromSlash(o.File))
		require.NoError(t, err)
		for _, s := range sentencesOf(string(b)) {
			require.False(t, sentences[s], "%s: %s", o.File, s)
		}
		inARow := 0
		for line := range strings.Lines(string(b)) {
			line = strings.TrimSpace(line)
			switch {
			case !strings.Contains(line, `name="`): // there is no other way
			case official[line] || official[strings.ReplaceAll(line, "xs:", "")]:
				inARow++
				require.Less(t, inARow, 12, "%s: %s", o.File, line)
			default:
				inARow = 0
			}
		}
	}
}

var (
	proseIn = regexp.MustCompile(`(?s)<!--(.*?)-->|<(?:\w+:)?documentation[^>]*>(.*?)</`)
	spaces  = regexp.MustCompile(`\s+`)
)

// sentencesOf are the sentences of a schema's comments and documentation, of four
// words or more.
func sentencesOf(schema string) (out []string) {
	for _, m := range proseIn.FindAllStringSubmatch(schema, -1) {
		for s := range strings.SplitSeq(m[1]+m[2], ". ") {
			s = strings.TrimSuffix(strings.TrimSpace(spaces.ReplaceAllString(s, " ")), ".")
			if strings.Count(s, " ") >= 3 {
				out = append(out, strings.ToLower(s))
			}
		}
	}
	return out
}
