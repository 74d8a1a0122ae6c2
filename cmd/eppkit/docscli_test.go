package main

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

// This file finds out which commands speak which namespaces: it runs their examples
// without sending, and reads the frames.

// A usageOf is what the command line has of one namespace.
type usageOf struct {
	command string   // "domain create NAME"
	flags   []string // "--period"
}

// commandLine is by namespace what the command line has of it.
func commandLine(t *testing.T, set *epp.Schema) map[string][]usageOf {
	t.Chdir(t.TempDir())
	uses := map[string][]usageOf{}
	root := (&app{stdio: stdio{getenv: func(string) string { return "" }}}).root()
	for _, cmd := range leaves(root) {
		for _, kind := range registries {
			for _, uri := range spacesOfExamples(t, set, cmd, kind) {
				u := usageOf{useOf(cmd), ownFlags(cmd, kind)}
				same := func(v usageOf) bool { return v.command == u.command && slices.Equal(v.flags, u.flags) }
				if !slices.Contains(set.ExtURI(), uri) && !slices.ContainsFunc(uses[uri], same) {
					uses[uri] = append(uses[uri], u)
				}
			}
		}
		for _, uri := range strings.Fields(cmd.Annotations[flagNamespaces]) {
			uses[uri] = append(uses[uri], usageOf{useOf(cmd), ownFlags(cmd, registries[0])})
		}
		for uri, flags := range extensionFlags(cmd) {
			uses[uri] = append(uses[uri], usageOf{useOf(cmd), flags})
		}
	}
	return uses
}

func leaves(cmd *cobra.Command) (out []*cobra.Command) {
	if len(cmd.Commands()) == 0 && cmd.Runnable() {
		return []*cobra.Command{cmd}
	}
	for _, sub := range cmd.Commands() {
		out = append(out, leaves(sub)...)
	}
	return out
}

// useOf is a command as it is typed, without the program's name.
func useOf(cmd *cobra.Command) string {
	path := strings.TrimPrefix(cmd.CommandPath(), "eppkit ")
	_, args, _ := strings.Cut(cmd.Use, " ")
	return strings.TrimSpace(path + " " + args)
}

// spacesOfExamples are the namespaces in the frames of a command's examples, without that
// of EPP where there are others.
func spacesOfExamples(t *testing.T, set *epp.Schema, cmd *cobra.Command, kind string) (out []string) {
	for line := range strings.Lines(cmp.Or(cmd.Example, cmd.CommandPath())) {
		args := shellWords(strings.TrimSpace(line))
		if len(args) < 2 || args[0] != "eppkit" || slices.Contains(args, "--registry") {
			continue
		}
		for _, arg := range args {
			if _, file, ok := strings.Cut(arg, "="); ok {
				arg = file
			}
			if ext := filepath.Ext(arg); ext == ".txt" {
				require.NoError(t, os.WriteFile(arg, []byte("sundial-72\n"), 0o600))
			}
		}
		args = slices.DeleteFunc(args[1:], func(arg string) bool { return arg == "json" || arg == "-o" })
		r := eppkit(t, nil, "sundial-72\n", append(args, "--dry-run", "-o", "raw", "--registry", kind)...)
		if r.status != exitOK {
			continue // it is of the other kind of registry, or has no dry run
		}
		for frame := range strings.SplitSeq(r.out, "<?xml") {
			m, err := set.Parse([]byte("<?xml" + frame))
			if err != nil {
				continue // it does not speak EPP
			}
			for _, uri := range spacesIn(m) {
				if !slices.Contains(out, uri) {
					out = append(out, uri)
				}
			}
		}
	}
	if len(out) > 1 {
		out = slices.DeleteFunc(out, func(uri string) bool { return uri == epp.NS })
	}
	return out
}

// shellWords are those of a line, as a shell has them.
func shellWords(line string) (out []string) {
	var word strings.Builder
	quote, any := byte(0), false
	for i := range len(line) {
		switch c := line[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, any = c, true
		case quote == 0 && c == ' ':
			if any || word.Len() > 0 {
				out = append(out, word.String())
			}
			word.Reset()
			any = false
		default:
			word.WriteByte(c)
		}
	}
	if any || word.Len() > 0 {
		out = append(out, word.String())
	}
	return out
}

// ownFlags are the flags that a command has for registries of a kind, but those for
// extensions.
func ownFlags(cmd *cobra.Command, kind string) (out []string) {
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		other := strings.HasSuffix(f.Usage, "("+otherKind(kind)+")")
		if f.Name != "help" && !other && f.Annotations[flagNamespaces] == nil {
			out = append(out, "--"+f.Name)
		}
	})
	return out
}

// extensionFlags are those for extensions, by namespace.
func extensionFlags(cmd *cobra.Command) map[string][]string {
	out := map[string][]string{}
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		for _, uri := range f.Annotations[flagNamespaces] {
			out[uri] = append(out[uri], "--"+f.Name)
		}
	})
	return out
}
