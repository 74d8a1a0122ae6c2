package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/shell"
)

const aboutShell = `Talk to a registry line by line, over one session. A line is a command of eppkit
without "eppkit", as in "domain check sauna.cz", with quotation marks and # comments as
in a shell; or one under the name that FRED's own client has for it, as in
"check_domain sauna.cz"; or a frame, which begins with < and goes on until it is whole.
"help" lists what else there is.

Tab completes commands, options, and the names and handles that this session has seen.
Ctrl-C gives up a line or a command, Ctrl-D logs out and ends the shell.

A session that is lost is opened again before the next command, with a notice. Nothing
is ever sent a second time. While you think, a hello after each minute of silence keeps
the session open (--keep-alive, or keepAlive in the sessions of the profile).

The history is in eppkit/history in your state directory ($XDG_STATE_HOME, or
~/.local/state); only you can read it. A line with a password or an authInfo is not kept
at all, and one that eppkit does not understand, which may hold one by mistake, only until
the shell ends.

Where standard input is no terminal, there is no prompt, and the first line that fails
ends the run with its exit status, unless --keep-going says otherwise.`

// A console is a run of the shell: lines that share one session.
type console struct {
	*app      // of the command "shell"; each line has one of its own
	options   consoleOptions
	source    shell.Source
	edited    *shell.Terminal // nil where lines can't be edited
	history   *shell.History
	seen      *shell.Seen
	listing   atomic.Pointer[string] // the kind of what was listed last
	tape      tape
	current   atomic.Pointer[app] // the line that is carried out
	quiet     atomic.Bool         // frames are the console's own
	owed      atomic.Int32        // answers that are still to come to lines
	interrupt chan os.Signal
	record    *os.File
	depth     int // of files that run

	// These are of the session.
	name       string // of the registry, for the prompt
	configured string // the registrar that logs in where login is not told of another
	clID       string
	as         *client.Credentials // that login was given
	session    *client.Session
	loggedOut  bool
	refused    error // why nothing is tried before login
	failures   int
	notBefore  time.Time
}

type consoleOptions struct {
	history              string
	noHistory, keepGoing bool
	keepAlive            time.Duration
}

func (a *app) shellCommand() *cobra.Command {
	var o consoleOptions
	cmd := &cobra.Command{
		Use:   "shell",
		Short: "Talk to a registry line by line, over one session",
		Long:  aboutShell,
		Example: `  eppkit shell
  eppkit shell --profile cz <commands.txt
  echo 'domain check mydomain.cz' | eppkit shell -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.keepAlive < 0 {
				return usage("--keep-alive must not be negative")
			}
			return a.shell(cmd.Context(), o, cmd.Flags().Changed("keep-alive"))
		},
	}
	cmd.Flags().StringVar(&o.history, "history", "", "`FILE` of the history (default eppkit/history in your state directory)")
	cmd.Flags().BoolVar(&o.noHistory, "no-history", false, "keep no history")
	cmd.Flags().BoolVarP(&o.keepGoing, "keep-going", "k", false, "go on after a line that fails; the exit status is that of the first")
	cmd.Flags().DurationVar(&o.keepAlive, "keep-alive", time.Minute, "`TIME` of silence after which a hello keeps the session open; 0 for none")
	cmd.MarkFlagsMutuallyExclusive("history", "no-history")
	withFlags(cmd, "config", "profile", "mock", "registry", "output", "verbose", "timeout")
	cmd.Annotations[timeoutOfEach] = "yes"
	cmd.Annotations["usage of timeout"] = "give up a line after this `TIME`"
	return cmd
}

func (a *app) shell(ctx context.Context, o consoleOptions, asked bool) error {
	c := &console{app: a, options: o, seen: shell.NewSeen(500)}
	p, err := a.chosenProfile()
	if err != nil {
		return err
	}
	if p == nil {
		if a.within, err = a.announcedMock(); err != nil {
			return err
		}
		defer a.within.Close()
		c.name, c.clID = "mock "+a.flags.registry, a.within.reg.registrars[0].ClID
	} else {
		c.name, c.clID = p.name, p.ClID
		if d := time.Duration(p.Sessions.KeepAlive); d != 0 && !asked {
			c.options.keepAlive = max(d, 0)
		}
	}
	c.configured = c.clID
	defer c.close(ctx)
	in, out := terminals(a.stdio)
	if in == nil || out == nil {
		c.source = shell.NewLines(a.in, epp.DefaultMaxFrame)
		return c.lines(ctx, c.source, "standard input")
	}
	if err := c.open(in, out); err != nil {
		return err
	}
	if _, err := c.connect(ctx); err != nil {
		return err
	}
	c.talk(ctx)
	return nil
}

// terminals are the standard input and output, each nil where it is no terminal.
func terminals(std stdio) (in, out *os.File) {
	if f, ok := std.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		in = f
	}
	w := std.out
	if o, ok := w.(*oneAtATime); ok {
		w = o.w
	}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		out = f
	}
	return in, out
}

// open prepares for somebody at a terminal.
func (c *console) open(in, out *os.File) error {
	c.history = shell.NewHistory(historyLines)
	if !c.options.noHistory {
		h, err := c.keptHistory()
		if err != nil {
			return &configError{fmt.Errorf("the history: %w; --no-history does without", err)}
		}
		c.history = h
	}
	c.interrupt = make(chan os.Signal, 1)
	signal.Ignore(os.Interrupt) // which for other commands is the end of the run
	signal.Notify(c.interrupt, os.Interrupt)
	if c.getenv("TERM") == "dumb" {
		lines := shell.NewLines(in, epp.DefaultMaxFrame)
		lines.Prompt = out
		c.source = lines
		return nil
	}
	edited, err := shell.NewTerminal(shell.TerminalOptions{In: in, Out: out, History: c.history, Complete: c.complete})
	c.source, c.edited = edited, edited
	return err
}

// historyLines are kept at most.
const historyLines = 1000

func (c *console) keptHistory() (*shell.History, error) {
	path := c.options.history
	if path == "" {
		dir := c.getenv("XDG_STATE_HOME")
		if dir == "" {
			home, err := os.UserHomeDir()
			if err != nil {
				return nil, err
			}
			dir = filepath.Join(home, ".local", "state")
		}
		path = filepath.Join(dir, "eppkit", "history")
	}
	return shell.OpenHistory(path, historyLines)
}

// close logs out and leaves everything in order.
func (c *console) close(ctx context.Context) {
	if c.edited != nil {
		_ = c.edited.Close()
	}
	if c.history != nil {
		if err := c.history.Close(); err != nil {
			c.note("the history: " + err.Error())
		}
	}
	c.stopRecord()
	if s := c.session; s != nil && s.Err() == nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), logoutTime)
		defer cancel()
		ctx, stop := c.interruptible(ctx)
		defer stop()
		if err := s.Logout(ctx); err != nil {
			c.note(err.Error())
		}
	}
	if c.session != nil {
		c.session.Close()
	}
}

// errExit is that the user has had enough.
var errExit = errors.New("exit")

// talk carries out what somebody types, until that is over.
func (c *console) talk(ctx context.Context) {
	for ctx.Err() == nil {
		text, err := c.next(ctx, c.source, c.prompt())
		var wrong *usageError
		switch {
		case errors.Is(err, shell.ErrInterrupted):
			continue
		case errors.As(err, &wrong):
			c.printError(err)
			continue
		case err == io.EOF, ctx.Err() != nil:
			return
		case err != nil:
			c.printError(&configError{err})
			return
		}
		keep := c.keepable(text)
		if keep != nowhere {
			if err := c.history.Add(withoutComment(text), keep == inFile); err != nil {
				c.note("the history: " + err.Error())
			}
		}
		err = c.enter(ctx, text)
		if err == errExit {
			return
		}
		if err != nil {
			c.printError(err)
		}
		c.recorded(text, keep, err)
	}
}

// A lineError is what went wrong in a line of a file.
type lineError struct {
	file string
	line int
	err  error
}

func (e *lineError) Error() string { return fmt.Sprintf("%s, line %d: %v", e.file, e.line, e.err) }
func (e *lineError) Unwrap() error { return e.err }

// lines carries out those of a file, until one fails.
func (c *console) lines(ctx context.Context, from shell.Source, file string) (first error) {
	count := &counted{Source: from}
	for {
		text, err := c.next(ctx, count, "")
		if err == io.EOF {
			return first
		}
		unread := err != nil
		at := count.lines - strings.Count(text, "\n")
		if err == nil {
			keep := c.keepable(text)
			if err = c.enter(ctx, text); c.depth == 0 && err != errExit {
				c.recorded(text, keep, err)
			}
		}
		switch {
		case err == nil:
			continue
		case err == errExit && c.depth > 0:
			return err
		case err == errExit:
			return first
		}
		err = &lineError{file, at, err}
		if !c.options.keepGoing || c.depth > 0 || unread || ctx.Err() != nil {
			return err
		}
		c.printError(err)
		if first == nil {
			first = fmt.Errorf("not all lines went well; the first that did not: %w", err)
		}
	}
}

// counted counts lines.
type counted struct {
	shell.Source
	lines int
}

func (c *counted) ReadLine(ctx context.Context, prompt string) (string, error) {
	c.lines++
	return c.Source.ReadLine(ctx, prompt)
}

// prompt says whom the session is with, and as whom.
func (c *console) prompt() string {
	s := c.name + "/" + c.clID
	if c.session == nil || c.session.Err() != nil {
		s += " (not connected)"
	}
	return oneLine(s) + "> "
}

// next reads a command, or a frame of several lines. While it waits the session is kept
// open.
func (c *console) next(ctx context.Context, from shell.Source, prompt string) (string, error) {
	text, err := c.read(ctx, from, prompt)
	if err != nil || !isFrame(text) {
		return text, err
	}
	for !isWhole(text) {
		more, err := c.read(ctx, from, strings.Repeat(" ", max(len(prompt)-5, 0))+"...> ")
		switch {
		case err == io.EOF:
			return "", usage("the frame is not whole; \"raw FILE\" sends what is none")
		case err != nil:
			return "", err
		case more == "" && c.interrupt != nil && c.depth == 0:
			return "", usage("an empty line: the frame, which is not whole, was given up; \"raw FILE\" sends what is none")
		}
		text += "\n" + more
	}
	return text, nil
}

func (c *console) read(ctx context.Context, from shell.Source, prompt string) (string, error) {
	stop := c.keepAlive(ctx)
	defer stop()
	return from.ReadLine(ctx, prompt)
}

// interruptible is a context that Ctrl-C ends.
func (c *console) interruptible(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	if c.interrupt == nil {
		return ctx, cancel
	}
	select {
	case <-c.interrupt: // of before
	default:
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-c.interrupt:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(); <-done }
}
