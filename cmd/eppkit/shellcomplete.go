package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/eppkit/eppkit/internal/shell"
)

// complete returns what can be typed after a line.
func (c *console) complete(text string) (rest []string) {
	l, _ := shell.Split(text)
	if isFrame(text) || len(l.Text) < len(strings.TrimSpace(text)) { // or in a comment
		return nil
	}
	before := l.Words
	if l.Raw != "" {
		before = before[:len(before)-1]
	}
	if len(before) > 0 && before[0] == "eppkit" {
		before = before[1:]
	}
	for _, word := range slices.Compact(slices.Sorted(slices.Values(c.candidates(before, l.Last)))) {
		if strings.HasPrefix(word, l.Last) {
			goesOn := strings.HasSuffix(word, "=") || strings.HasSuffix(word, string(os.PathSeparator))
			rest = append(rest, l.Rest(word, !goesOn))
		}
	}
	return rest
}

// candidates are words that may follow some others.
func (c *console) candidates(before []string, last string) []string {
	if len(before) == 0 {
		names := c.names()
		if last == "" { // the names of FRED's client are many, and for those who know them
			names = slices.DeleteFunc(names, func(name string) bool { return strings.Contains(name, "_") })
		}
		return names
	}
	if o := ownCommand(before[0]); o != nil && !strings.HasPrefix(last, "-") {
		return c.ownCandidates(o, before, last)
	}
	if f := fredNameOf(before[0]); f != nil {
		before = append(strings.Fields(f.is), before[1:]...)
	}
	return c.ourCandidates(before, last)
}

func (c *console) ownCandidates(o *own, before []string, last string) []string {
	switch {
	case o.name == "run" && len(before) == 1:
		return shell.Files(last)
	case o.name == "record" && len(before) == 1:
		return append(shell.Files(last), o.words...)
	case o.name == "help" && len(before) == 1:
		return c.names()
	case o.name == "help":
		return c.ourCandidates(before[1:], last)
	case o.name == "set" && len(before) == 1:
		return []string{"output"}
	case o.name == "set" && len(before) == 2:
		return outputs
	case len(before) == 1:
		return o.words
	}
	return nil
}

// ourCandidates are those of the command line: what it knows of itself, and the names
// that have been seen.
func (c *console) ourCandidates(before []string, last string) []string {
	cmd, rest, err := c.tree(&app{stdio: c.stdio}).Find(before)
	if err != nil || !cmd.HasParent() {
		return nil
	}
	_ = cmd.ParseFlags(nil) // which merges the flags of all
	flag, value, of := flagOf(cmd, before, last)
	words := c.cobraCandidates(before, last)
	if flag != nil {
		for i := range words {
			words[i] = of + words[i]
		}
		for _, word := range c.valuesOf(flag.Name, value) {
			words = append(words, of+word)
		}
		return words
	}
	if strings.HasPrefix(last, "-") || cmd.HasSubCommands() && len(rest) == 0 {
		return words
	}
	switch name := objectOf(cmd); name {
	case "file":
		return append(words, shell.Files(last)...)
	default:
		return append(words, c.seen.Of(name)...)
	}
}

// flagOf is the flag whose value is being typed, or nil; that value as far as it goes, and
// what of the last word comes before it.
func flagOf(cmd *cobra.Command, before []string, last string) (flag *pflag.Flag, value, of string) {
	if name, value, ok := strings.Cut(last, "="); ok && strings.HasPrefix(name, "--") {
		return cmd.Flag(name[2:]), value, name + "="
	}
	prev := before[len(before)-1]
	switch {
	case strings.HasPrefix(prev, "--") && !strings.Contains(prev, "="):
		flag = cmd.Flag(prev[2:])
	case len(prev) == 2 && prev[0] == '-':
		flag = cmd.Flags().ShorthandLookup(prev[1:])
	}
	if flag == nil || flag.NoOptDefVal != "" {
		return nil, "", ""
	}
	return flag, last, ""
}

// flagKinds are the kinds of names that flags take, by how the flags' names end.
var flagKinds = []struct{ end, kind string }{
	{"registrant", "contact"},
	{"admin", "contact"},
	{"tech", "contact"},
	{"billing", "contact"},
	{"by-contact", "contact"},
	{"nsset", "nsset"},
	{"keyset", "keyset"},
	{"ns", "host"},
	{"dns", "host"},
	{"org", "org"},
	{"parent-id", "org"},
	{"name", "domain"},
	{"-file", "file"},
	{"smd", "file"},
	{"config", "file"},
	{"dir", "file"},
	{"to", "file"},
}

func (c *console) valuesOf(flag, value string) []string {
	for _, f := range flagKinds {
		if flag == strings.TrimPrefix(f.end, "-") || strings.HasSuffix(flag, "-"+strings.TrimPrefix(f.end, "-")) {
			if f.kind == "file" {
				return shell.Files(value)
			}
			return c.seen.Of(f.kind)
		}
	}
	return nil
}

// objectOf is the kind of names that a command takes for arguments.
func objectOf(cmd *cobra.Command) string {
	words := strings.Fields(cmd.CommandPath())[1:]
	switch {
	case len(words) == 2 && words[0] == "poll" && words[1] == "ack":
		return "message"
	case words[0] == "raw", words[0] == "validate", words[0] == "convert":
		return "file"
	case words[0] == "authcode":
		return "domain"
	}
	if _, by, ok := strings.Cut(words[0], "_by_"); ok {
		if by == "ns" {
			return "host"
		}
		return by
	}
	return words[0]
}

// cobraCandidates are what the command line knows of itself, by the way in which the
// shells of the system ask it.
func (c *console) cobraCandidates(before []string, last string) (words []string) {
	root := c.tree(&app{stdio: c.stdio})
	root.PersistentPreRunE = nil // nothing begins
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(io.Discard)
	root.SetArgs(append(append([]string{cobra.ShellCompNoDescRequestCmd}, before...), last))
	if err := root.ExecuteContext(context.Background()); err != nil {
		return nil
	}
	for line := range strings.Lines(out.String()) {
		line = strings.TrimSuffix(line, "\n")
		if directive, ok := strings.CutPrefix(line, ":"); ok {
			if _, err := strconv.Atoi(directive); err == nil {
				continue
			}
		}
		if line != "" && !strings.HasPrefix(line, "_activeHelp_") {
			words = append(words, line)
		}
	}
	return words
}
