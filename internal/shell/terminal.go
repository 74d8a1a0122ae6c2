package shell

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"sync"

	"github.com/ergochat/readline"
)

// A Terminal reads lines from the terminal of the process, which can be edited, recalled
// (Up, Ctrl-R) and completed (Tab).
type Terminal struct {
	edit    *readline.Instance
	history *History
	hidden  *readline.Config
	typed   int // characters in the line
}

// TerminalOptions say what a Terminal is to do.
type TerminalOptions struct {
	// In and Out are the process's own standard input and output.
	In, Out *os.File
	// History holds what can be recalled.
	History *History
	// Complete returns what can be typed after the line as far as the cursor.
	Complete func(line string) []string
}

// NewTerminal takes over the terminal while a line is read, and leaves it as it was in
// between.
func NewTerminal(o TerminalOptions) (*Terminal, error) {
	tty := &column{in: o.In, out: o.Out}
	t := &Terminal{history: o.History}
	edit, err := readline.NewFromConfig(&readline.Config{
		Stdin: tty, Stdout: tty, Stderr: tty,
		AutoComplete:           completer(o.Complete),
		DisableAutoSaveHistory: true,
		HistoryLimit:           o.History.max + 1, // and the line that is being typed
		InterruptPrompt:        "^C",
		EOFPrompt:              "^D",
		Undo:                   true,
		Listener:               t.count,
		FuncFilterInputRune:    t.key,
	})
	if err != nil {
		return nil, err
	}
	t.edit, t.hidden = edit, edit.GeneratePasswordConfig()
	t.hidden.Listener, t.hidden.FuncFilterInputRune = t.count, t.key
	return t, nil
}

// count keeps how long the line is.
func (t *Terminal) count(line []rune, _ int, _ rune) ([]rune, int, bool) {
	t.typed = len(line)
	return nil, 0, false
}

// key is what a key stands for, if for anything. A Ctrl-D from before the line was read is
// a NUL by now, by the terminal's own doing.
func (t *Terminal) key(r rune) (rune, bool) {
	if r != 0 {
		return r, true
	}
	return readline.CharEOT, t.typed == 0
}

// ReadLine reads a line.
func (t *Terminal) ReadLine(ctx context.Context, prompt string) (string, error) {
	t.edit.ResetHistory()
	for _, line := range t.history.Lines() {
		_ = t.edit.SaveToHistory(line) // there is no file that could fail
	}
	t.edit.SetPrompt(prompt)
	return t.until(ctx, t.edit.ReadLine)
}

// ReadHidden reads a line that is not shown, and that no history gets.
func (t *Terminal) ReadHidden(ctx context.Context, prompt string) (string, error) {
	t.hidden.Prompt = prompt
	return t.until(ctx, func() (string, error) { return t.edit.ReadLineWithConfig(t.hidden) })
}

// until reads until ctx ends. That is the end of the terminal, too.
func (t *Terminal) until(ctx context.Context, read func() (string, error)) (string, error) {
	stop := context.AfterFunc(ctx, func() { _ = t.edit.Close() })
	defer stop()
	line, err := read()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, readline.ErrInterrupt):
		return "", ErrInterrupted
	}
	return line, err
}

// Close leaves the terminal as it was found.
func (t *Terminal) Close() error { return t.edit.Close() }

// completer is a function as package readline has it.
type completer func(line string) []string

// Do returns what can follow, and how much of the last word there is already.
func (c completer) Do(line []rune, pos int) (rest [][]rune, length int) {
	for _, s := range c(string(line[:pos])) {
		rest = append(rest, []rune(s))
	}
	l, _ := Split(string(line[:pos]))
	return rest, len([]rune(l.Raw))
}

// A column is the terminal, with an answer of its own to the question where the cursor
// is: in the first column. Package readline asks before each prompt and waits for ever,
// and some terminals do not know the question. That it is so is seen to here.
type column struct {
	in, out *os.File

	mu     sync.Mutex
	answer []byte
}

var (
	whereIsIt   = []byte("\x1b[6n")
	firstColumn = []byte("\x1b[1;1R")
)

func (c *column) Write(b []byte) (int, error) {
	if !bytes.Equal(b, whereIsIt) {
		return c.out.Write(b)
	}
	c.mu.Lock()
	c.answer = append(c.answer, firstColumn...)
	c.mu.Unlock()
	return len(b), nil
}

func (c *column) Read(b []byte) (int, error) {
	c.mu.Lock()
	n := copy(b, c.answer)
	c.answer = c.answer[n:]
	c.mu.Unlock()
	if n > 0 {
		return n, nil
	}
	if len(b) == 0 {
		return 0, io.ErrShortBuffer
	}
	return c.in.Read(b)
}
