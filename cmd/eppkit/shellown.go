package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/shell"
)

// An own command is one that the shell itself carries out.
type own struct {
	name, args, about string
	most              int // arguments
	words             []string
	run               func(c *console, ctx context.Context, args []string) error
	// secret says that with arguments it has a secret.
	secret bool
}

// owns are made when they are first asked for: help lists them.
func owns() []own {
	return []own{
		{name: "help", args: "[COMMAND]", about: "list the commands, or describe one", most: 9, run: (*console).help},
		{name: "login", args: "[ID [PASSWORD]]", about: "open the session again, perhaps as somebody else; the password is asked for where it is neither given nor configured", most: 2, secret: true, run: (*console).logIn},
		{name: "logout", about: "end the session, not the shell", run: (*console).logOut},
		{name: "last", args: "[raw]", about: "show the last frames, laid out or as they were, without secrets", most: 1, words: []string{"raw"}, run: func(c *console, _ context.Context, args []string) error {
			return c.showLast(len(args) == 1)
		}},
		{name: "edit", about: "edit the frame that was sent last, or a new one, in $VISUAL or $EDITOR, and send it", run: func(c *console, ctx context.Context, _ []string) error {
			return c.edit(ctx)
		}},
		{name: "run", args: "FILE", about: "carry out the lines of a file until one fails", most: 1, run: (*console).runFile},
		{name: "record", args: "FILE|off", about: "add the lines that go well to the end of a file, for run; none with a secret", most: 1, words: []string{"off"}, run: (*console).startRecord},
		{name: "set", args: "output FORMAT", about: "set the form of answers: " + strings.Join(outputs, ", "), most: 2, run: (*console).set},
		{name: "verbose", args: "on|off", about: "show all frames, or none", most: 1, words: []string{"on", "off"}, run: (*console).setVerbose},
		{name: "exit", about: "log out and end the shell; also quit, and Ctrl-D", run: func(*console, context.Context, []string) error { return errExit }},
		{name: "quit", about: "", run: func(*console, context.Context, []string) error { return errExit }},
		{name: "shell", about: "", most: 99, run: func(*console, context.Context, []string) error {
			return usage("this is a shell already")
		}},
	}
}

func ownCommand(name string) *own {
	all := owns()
	i := slices.IndexFunc(all, func(o own) bool { return o.name == name })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// takes reports whether a line is for the shell: login with flags is that of the command
// line.
func (o *own) takes(words []string) bool {
	return o.name != "login" || !slices.ContainsFunc(words[1:], func(w string) bool { return strings.HasPrefix(w, "--") })
}

// keepable says where a line with these arguments may be kept.
func (o *own) keepable(c *console, args []string) keeping {
	known := true
	switch {
	case o.secret && len(args) > 1:
		return nowhere
	case len(args) > o.most, o.name == "shell":
		return inMemory
	case o.words != nil && o.name != "record" && len(args) > 0:
		known = slices.Contains(o.words, args[0])
	case o.name == "help":
		known = len(args) == 0 || slices.Contains(c.names(), args[0])
	case o.name == "set" && len(args) > 0:
		known = args[0] == "output"
	}
	if !known {
		return inMemory
	}
	return inFile
}

// check refuses arguments that it has no use for.
func (o *own) check(args []string, least int) error {
	if len(args) < least || len(args) > o.most {
		return usage("that is not how %s is used\nUsage: %s", o.name, strings.TrimSpace(o.name+" "+o.args))
	}
	return nil
}

func (c *console) help(ctx context.Context, args []string) error {
	if len(args) > 0 {
		return c.helpOn(ctx, args)
	}
	w := tabwriter.NewWriter(c.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "Commands (\"help COMMAND\" has more of each):")
	for _, cmd := range c.tree(&app{stdio: c.stdio}).Commands() {
		if cmd.IsAvailableCommand() && ownCommand(cmd.Name()) == nil && !strings.Contains(cmd.Name(), "_") {
			fmt.Fprintf(w, "  %s\t%s\n", cmd.Name(), cmd.Short)
		}
	}
	fmt.Fprintln(w, "\nThe names of FRED's client:")
	for _, f := range fredNames {
		fmt.Fprintf(w, "  %s\t%s\n", strings.TrimSpace(f.name+" "+f.args), f.is)
	}
	for _, cmd := range c.preparingCommands() {
		fmt.Fprintf(w, "  %s\t%s\n", cmd.Use, cmd.Short)
	}
	fmt.Fprintln(w, "\nOf the shell:")
	for _, o := range owns() {
		if o.about != "" {
			fmt.Fprintf(w, "  %s\t%s\n", strings.TrimSpace(o.name+" "+o.args), o.about)
		}
	}
	fmt.Fprintln(w, "  <...>\ta line that begins with < is a frame; it is sent once it is whole")
	return w.Flush()
}

func (c *console) helpOn(ctx context.Context, args []string) error {
	if o := ownCommand(args[0]); o != nil && o.about != "" {
		fmt.Fprintf(c.out, "%s: %s\n", strings.TrimSpace(o.name+" "+o.args), o.about)
		return nil
	}
	if f := fredNameOf(args[0]); f != nil {
		fmt.Fprintf(c.out, "%s is %q here, with all the flags of that.\n\n", strings.TrimSpace(f.name+" "+f.args), f.is)
		args = strings.Fields(f.is)
	}
	cmd, _, err := c.tree(&app{stdio: c.stdio}).Find(args)
	if err != nil || !cmd.HasParent() {
		return &unknownError{strings.Join(args, " ")}
	}
	return c.command(ctx, append(args, "--help"), strings.NewReader(""))
}

func (c *console) logIn(ctx context.Context, args []string) (err error) {
	if err := ownCommand("login").check(args, 0); err != nil {
		return err
	}
	if len(args) == 0 && c.session != nil && c.session.Err() == nil {
		fmt.Fprintf(c.out, "%s is logged in at %s\n", oneLine(c.clID), c.name)
		return nil
	}
	if len(args) > 0 {
		var cred *client.Credentials
		if cred, err = c.credentials(ctx, args); err != nil {
			return err
		}
		if c.session != nil && c.session.Err() == nil {
			if err := c.logOut(ctx, nil); err != nil {
				return err
			}
		}
		before := c.as
		c.as = cred
		defer func() {
			if err != nil {
				c.as = before
				c.refused = cmp.Or(c.refused, fmt.Errorf("%s is not logged in; login opens a session as %s: %w", args[0], c.clID, err))
			}
		}()
	}
	c.loggedOut, c.refused = false, nil
	err = within(ctx, c.flags.timeout, func(ctx context.Context) error {
		_, err := c.connect(ctx)
		return err
	})
	if err == nil {
		fmt.Fprintf(c.out, "%s is logged in at %s\n", oneLine(c.clID), c.name)
	}
	return err
}

// credentials are those that login is given, or nil for the configured ones: of the
// configured registrar without a password.
func (c *console) credentials(ctx context.Context, args []string) (*client.Credentials, error) {
	cred := &client.Credentials{ClID: args[0]}
	switch {
	case len(args) == 2:
		cred.PW = epp.Secret(args[1])
	case cred.ClID == c.configured:
		return nil, nil
	default:
		pw, err := c.ask(ctx, "password (not shown): ")
		if err != nil {
			return nil, err
		}
		cred.PW = epp.Secret(firstLine([]byte(pw)))
	}
	if cred.PW == "" {
		return nil, usage("the password is empty")
	}
	return cred, nil
}

func (c *console) logOut(ctx context.Context, args []string) error {
	if err := ownCommand("logout").check(args, 0); err != nil {
		return err
	}
	c.loggedOut = true
	s := c.session
	if s == nil || s.Err() != nil {
		return nil
	}
	c.session = nil
	c.tape.nextLine()
	if err := within(ctx, c.flags.timeout, s.Logout); err != nil {
		return err
	}
	fmt.Fprintln(c.out, "logged out")
	return nil
}

// deepestRun bounds files that run each other.
const deepestRun = 8

func (c *console) runFile(ctx context.Context, args []string) error {
	if err := ownCommand("run").check(args, 1); err != nil {
		return err
	}
	if c.depth == deepestRun {
		return usage("%d files run each other; do they for ever?", deepestRun)
	}
	f, err := os.Open(args[0])
	if err != nil {
		return &configError{err}
	}
	defer f.Close()
	c.depth++
	defer func() { c.depth-- }()
	return c.lines(ctx, shell.NewLines(f, epp.DefaultMaxFrame), args[0])
}

func (c *console) startRecord(_ context.Context, args []string) error {
	if err := ownCommand("record").check(args, 1); err != nil {
		return err
	}
	c.stopRecord()
	if args[0] == "off" {
		return nil
	}
	f, err := os.OpenFile(args[0], os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return &configError{err}
	}
	if err = private("the record", args[0]); err == nil {
		err = endLine(f)
	}
	if err != nil {
		f.Close()
		return &configError{err}
	}
	c.record = f
	return nil
}

// endLine ends the last line of a file, where it has no end.
func endLine(f *os.File) error {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	last := make([]byte, 1)
	if _, err := f.ReadAt(last, info.Size()-1); err != nil || last[0] == '\n' {
		return err
	}
	_, err = f.WriteString("\n")
	return err
}

func (c *console) stopRecord() {
	if c.record == nil {
		return
	}
	if err := c.record.Close(); err != nil {
		c.note("the record: " + err.Error())
	}
	c.record = nil
}

// recorded writes a line into the record, if there is one, it went well, and it has no
// secret.
func (c *console) recorded(text string, keep keeping, err error) {
	if c.record == nil || err != nil || strings.TrimSpace(text) == "" {
		return
	}
	if words, _ := wordsOf(text); !isFrame(text) && (len(words) == 0 || words[0] == "record") {
		return
	}
	text = withoutComment(text)
	if keep != inFile {
		text = "# a line with a secret is left out here"
		c.note("the record leaves this line out, which has a secret")
	}
	if _, err := fmt.Fprintln(c.record, text); err != nil {
		c.note("the record: " + err.Error() + "; it ends here")
		c.stopRecord()
	}
}

func (c *console) set(_ context.Context, args []string) error {
	if len(args) == 0 {
		fmt.Fprintf(c.out, "output %s\nverbose %v\n", c.flags.output, map[bool]string{true: "on", false: "off"}[c.flags.verbose])
		return nil
	}
	if err := ownCommand("set").check(args, 2); err != nil {
		return err
	}
	if args[0] != "output" {
		return usage("there is nothing to set but output")
	}
	if err := oneOf("output", args[1], outputs); err != nil {
		return err
	}
	c.flags.output = args[1]
	return nil
}

func (c *console) setVerbose(_ context.Context, args []string) error {
	if err := ownCommand("verbose").check(args, 1); err != nil {
		return err
	}
	if err := oneOf("verbose", args[0], []string{"on", "off"}); err != nil {
		return err
	}
	c.flags.verbose = args[0] == "on"
	return nil
}

// names are those of all commands.
func (c *console) names() (names []string) {
	for _, o := range owns() {
		names = append(names, o.name)
	}
	for _, f := range fredNames {
		names = append(names, f.name)
	}
	for _, cmd := range c.tree(&app{stdio: c.stdio}).Commands() {
		if cmd.IsAvailableCommand() && !slices.Contains(names, cmd.Name()) {
			names = append(names, cmd.Name())
		}
	}
	return names
}
