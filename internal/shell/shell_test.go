package shell

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSplit(t *testing.T) {
	for _, row := range []struct {
		line        string
		words       []string
		text, last  string
		quote       byte
		stillTyping bool
	}{
		{line: "", words: nil},
		{line: "  a  b\t", words: []string{"a", "b"}, text: "a  b"},
		{line: "a b", words: []string{"a", "b"}, text: "a b", last: "b"},
		{line: "\v", words: []string{"\v"}, text: "\v", last: "\v"},
		{line: `a\ `, words: []string{"a "}, text: `a\ `, last: "a "},
		{line: "a # b 'c", words: []string{"a"}, text: "a"},
		{line: "a#b", words: []string{"a#b"}, text: "a#b", last: "a#b"},
		{line: `'a b' "c d"e f\ g`, words: []string{"a b", "c de", "f g"}, text: `'a b' "c d"e f\ g`, last: "f g"},
		{line: `'a\'`, words: []string{`a\`}, text: `'a\'`, last: `a\`},
		{line: `"a\"b\c\\"`, words: []string{`a"b\c\`}, text: `"a\"b\c\\"`, last: `a"b\c\`},
		{line: `'' ""`, words: []string{"", ""}, text: `'' ""`},
		{line: `\# \'`, words: []string{"#", "'"}, text: `\# \'`, last: "'"},
		{line: "žluť 漢字", words: []string{"žluť", "漢字"}, text: "žluť 漢字", last: "漢字"},
		{line: "a 'b c", words: []string{"a", "b c"}, text: "a 'b c", last: "b c", quote: '\'', stillTyping: true},
		{line: `a b\`, words: []string{"a", "b"}, text: `a b\`, last: "b", stillTyping: true},
	} {
		l, err := Split(row.line)
		require.Equal(t, row.stillTyping, errors.Is(err, ErrOpenQuote), row.line)
		require.Equal(t, row.words, l.Words, row.line)
		require.Equal(t, row.text, l.Text, row.line)
		require.Equal(t, row.last, l.Last, row.line)
		require.Equal(t, row.quote, l.Quote, row.line)
	}
}

// A place for a value is one word, or part of one.
func TestSplitTemplate(t *testing.T) {
	for line, want := range map[string][]string{
		"domain  check a.example ":      {"domain", "check", "a.example"},
		"renew {{take mine}} --x='' y":  {"renew", "{{take mine}}", "--x=", "y"},
		"a{{ b }}c d":                   {"a{{ b }}c", "d"},
		"{{a b}}{{c d}} #":              {"{{a b}}{{c d}}"},
		`'{{a b}} c' "{{d}}"e \{{f g}}`: {"{{a b}} c", "{{d}}e", "{{f", "g}}"},
		"a {{b 'c":                      {"a", "{{b 'c"},
		"a {b c} { {d":                  {"a", "{b", "c}", "{", "{d"},
	} {
		l, err := SplitTemplate(line)
		require.NoError(t, err)
		require.Equal(t, want, l.Words, line)
	}
	_, err := SplitTemplate("a '{{b}}")
	require.ErrorIs(t, err, ErrOpenQuote)
}

// What completes a word is read as that word.
func TestRest(t *testing.T) {
	for _, typed := range []string{"x ab", "x 'ab", `x "ab`, `x a\b`} {
		for _, word := range []string{"abc", "ab c", "ab#'c", "ab"} {
			l, _ := Split(typed)
			whole, err := Split(typed + l.Rest(word, true) + "y")
			if l.Quote == '\'' && strings.Contains(word, "'") {
				continue // nothing in '' stands for a '
			}
			require.NoError(t, err, typed)
			require.Equal(t, []string{"x", word, "y"}, whole.Words, typed)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add(`a 'b' "c\"" \d #e`)
	f.Fuzz(func(t *testing.T, line string) {
		l, err := Split(line)
		if err != nil {
			return
		}
		again, err := Split(l.Text)
		require.NoError(t, err)
		require.Equal(t, l.Words, again.Words)
	})
}

func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "history")
	h, err := OpenHistory(path, 3)
	require.NoError(t, err)
	for _, line := range []string{"one", "one", "", " two\nlines ", "three", "four"} {
		require.NoError(t, h.Add(line, true))
	}
	require.NoError(t, h.Add("secret", false))
	require.Equal(t, []string{"three", "four", "secret"}, h.Lines())
	require.NoError(t, h.Close())
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "one\ntwo lines\nthree\nfour\n", string(b))

	require.NoError(t, os.Chmod(path, 0o644))
	h, err = OpenHistory(path, 3)
	require.NoError(t, err)
	require.Equal(t, []string{"two lines", "three", "four"}, h.Lines())
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	for _, line := range []string{"5", "6", "7"} {
		require.NoError(t, h.Add(line, true))
	}
	require.NoError(t, h.Close())

	h, err = OpenHistory(path, 3) // seven lines are too many
	require.NoError(t, err)
	require.NoError(t, h.Add("8", true))
	require.NoError(t, h.Close())
	b, err = os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "5\n6\n7\n8\n", string(b))

	_, err = OpenHistory(t.TempDir(), 3)
	require.Error(t, err)
}

func TestSeen(t *testing.T) {
	s := NewSeen(2)
	for _, name := range []string{"c", "a", "", "has blank", "tab\t", "c", "b"} {
		s.Add("kind", name)
	}
	require.Equal(t, []string{"b", "c"}, s.Of("kind"), "a is the one that came first")
	require.Empty(t, s.Of("other"))
}

func TestFiles(t *testing.T) {
	dir := t.TempDir() + string(filepath.Separator)
	for _, name := range []string{"one", "other", ".hidden"} {
		require.NoError(t, os.WriteFile(dir+name, nil, 0o600))
	}
	require.NoError(t, os.Mkdir(dir+"odd", 0o700))
	require.Equal(t, []string{dir + "odd" + string(filepath.Separator), dir + "one", dir + "other"}, Files(dir+"o"))
	require.Len(t, Files(dir), 3)
	require.Equal(t, []string{dir + ".hidden"}, Files(dir+".h"))
	require.Empty(t, Files(dir+"nosuch/x"))
	t.Chdir(dir)
	require.Equal(t, []string{"one"}, Files("on"))
}

func TestLines(t *testing.T) {
	l := NewLines(strings.NewReader("a\r\nb\n\nc"), 100)
	for _, want := range []string{"a", "b", "", "c"} {
		got, err := l.ReadLine(t.Context(), "> ")
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := l.ReadLine(t.Context(), "")
	require.Equal(t, io.EOF, err)

	_, err = NewLines(strings.NewReader(strings.Repeat("x", 200)), 100).ReadLine(t.Context(), "")
	require.Error(t, err)
}

// A read that is given up does not lose the line.
func TestLinesGivenUp(t *testing.T) {
	r, w := io.Pipe()
	l := NewLines(r, 100)
	ctx, cancel := context.WithCancel(t.Context())
	given := make(chan error, 1)
	go func() {
		_, err := l.ReadLine(ctx, "")
		given <- err
	}()
	cancel()
	require.ErrorIs(t, <-given, context.Canceled)
	go io.WriteString(w, "late\n")
	got, err := l.ReadLine(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, "late", got)
}
