package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	secrets "github.com/eppkit/eppkit/internal/secret"
	"github.com/eppkit/eppkit/internal/shell"
)

// enter carries out a line or a frame.
func (c *console) enter(ctx context.Context, text string) error {
	ctx, stop := c.interruptible(ctx)
	defer stop()
	if isFrame(text) {
		return c.send(ctx, text)
	}
	words, err := wordsOf(text)
	if err != nil || len(words) == 0 {
		return err
	}
	if own := ownCommand(words[0]); own != nil && own.takes(words) {
		if slices.Contains(words, "--help") || slices.Contains(words, "-h") {
			return c.helpOn(ctx, words[:1])
		}
		return own.run(c, ctx, words[1:])
	}
	if !slices.Contains(c.names(), words[0]) && !strings.HasPrefix(words[0], "-") {
		return &unknownError{words[0]}
	}
	words, in, err := c.asOurs(words)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(words, func(w string) bool { return w == "-" || strings.HasSuffix(w, "=-") }) && in == "" {
		if in, err = c.ask(ctx, inputOf(words)+" (not shown): "); err != nil {
			return err
		}
	}
	return c.command(ctx, words, strings.NewReader(in))
}

// inputOf is what a line reads from standard input, for people.
func inputOf(words []string) string {
	const flag = "--authinfo-file"
	for i, w := range words {
		if w == flag+"=-" || w == "-" && i > 0 && words[i-1] == flag {
			return "authInfo"
		}
	}
	return "standard input"
}

// wordsOf are those of a line, without the name of this program.
func wordsOf(text string) ([]string, error) {
	l, err := shell.Split(text)
	if err != nil {
		return nil, &usageError{err}
	}
	if len(l.Words) > 0 && l.Words[0] == "eppkit" {
		return l.Words[1:], nil
	}
	return l.Words, nil
}

// withoutComment is a line, or a frame, as it is kept: a comment may hold anything.
func withoutComment(text string) string {
	if isFrame(text) {
		return text
	}
	l, _ := shell.Split(text)
	return l.Text
}

// ask has a line typed that is not shown; where there is nobody to ask it is empty.
func (c *console) ask(ctx context.Context, prompt string) (string, error) {
	if c.edited == nil {
		return "", nil
	}
	s, err := c.edited.ReadHidden(ctx, prompt)
	if err != nil {
		return "", &configError{fmt.Errorf("reading what is asked for: %w", err)}
	}
	return s + "\n", nil
}

// command carries out a line of the command line's own.
func (c *console) command(ctx context.Context, words []string, in io.Reader) error {
	line := &app{stdio: c.stdio, mocked: c.mocked, within: c.within}
	line.in = in
	line.lasting, line.become = c.lend(line), c.identify(line)
	root := c.tree(line)
	root.SetArgs(words)
	root.SetIn(line.in)
	root.SetOut(line.out)
	root.SetErr(line.err)
	c.tape.nextLine()
	defer c.current.Store(nil)
	err := root.ExecuteContext(ctx)
	if line.cancel != nil {
		line.cancel()
	}
	if err != nil && (strings.HasPrefix(err.Error(), "unknown command") || strings.HasPrefix(err.Error(), "required flag")) {
		return &usageError{err} // cobra has no types for these, and a line's number comes before them
	}
	return err
}

// otherRegistries are the flags that choose one. Tab does not offer them: a shell has one
// session, and most lines that have them are refused.
var otherRegistries = []string{"config", "profile", "mock", "registry"}

// tree is the command line for one line, with what the shell was told for its defaults,
// and with the commands that only a shell has.
func (c *console) tree(line *app) *cobra.Command {
	root := line.root()
	root.CompletionOptions.DisableDefaultCmd = true
	if sub, _, err := root.Find([]string{"shell"}); err == nil && sub != root {
		root.RemoveCommand(sub)
	}
	for _, cmd := range line.preparingCommands() {
		usageErrors(cmd)
		root.AddCommand(cmd)
	}
	line.flags = c.flags
	for _, name := range otherRegistries {
		root.PersistentFlags().Lookup(name).Hidden = true
	}
	begin := root.PersistentPreRunE
	root.PersistentPreRunE = func(cmd *cobra.Command, args []string) error {
		if forms := outputsOf(cmd); !cmd.Flags().Changed("output") && (!slices.Contains(forms, line.flags.output) || line.flags.dryRun) {
			line.flags.output = forms[0]
		}
		if err := begin(cmd, args); err != nil {
			return err
		}
		c.current.Store(line) // from here on its flags stay as they are
		return c.mayRun(cmd)
	}
	return root
}

// A keeping is where a line may be kept.
type keeping int

const (
	nowhere  keeping = iota // it has a secret
	inMemory                // it is not understood: a word may be a secret in a place where none is expected
	inFile
)

// keepable says where a line may be kept.
func (c *console) keepable(text string) keeping {
	if isFrame(text) {
		if c.frameIsPublic(text) {
			return inFile
		}
		return nowhere
	}
	words, err := wordsOf(text)
	if err != nil || len(words) == 0 {
		return inMemory
	}
	if own := ownCommand(words[0]); own != nil && own.takes(words) {
		return own.keepable(c, words[1:])
	}
	words, in, err := c.asOurs(words)
	switch {
	case err != nil:
		return inMemory
	case in != "":
		return nowhere
	}
	if slices.ContainsFunc(words, secretWord) {
		return nowhere
	}
	cmd, rest, err := c.tree(&app{stdio: c.stdio}).Find(words)
	if err != nil || !cmd.HasParent() || cmd.ParseFlags(rest) != nil {
		return inMemory
	}
	keep := inFile
	if cmd.ValidateArgs(cmd.Flags().Args()) != nil {
		keep = inMemory
	}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if secretFlag(f) {
			keep = nowhere
		}
	})
	return keep
}

// secretFlag reports whether the value of a flag is a secret: by its name, unless it names
// where the secret is.
func secretFlag(f *pflag.Flag) bool {
	return secrets.IsName(f.Name) && f.Value.Type() != "bool" && !strings.HasSuffix(f.Name, "-file")
}

// secretWord reports whether a word looks as a flag whose value is a secret, though there
// may be no such flag.
func secretWord(word string) bool {
	name, is := strings.CutPrefix(word, "--")
	name, _, _ = strings.Cut(name, "=")
	return is && secrets.IsName(name) && !strings.HasSuffix(name, "-file") && !strings.HasPrefix(name, "null-")
}
