package shell

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
)

// ErrInterrupted is that a line was given up with Ctrl-C.
var ErrInterrupted = errors.New("interrupted")

// A Source is where lines come from: a [*Terminal] or [Lines].
type Source interface {
	// ReadLine reads a line, which comes without its end. io.EOF is that there are no
	// more, ErrInterrupted that the user gave this one up. It returns when ctx ends.
	ReadLine(ctx context.Context, prompt string) (string, error)
}

// Lines are those of a file or a pipe.
type Lines struct {
	// Prompt is where the prompt is written; nil for nowhere.
	Prompt io.Writer

	in   *bufio.Scanner
	read chan line // that a ReadLine left behind, or nil
}

type line struct {
	text string
	err  error
}

// NewLines reads lines of at most so many octets.
func NewLines(r io.Reader, most int) *Lines {
	l := &Lines{in: bufio.NewScanner(r)}
	l.in.Buffer(nil, most)
	return l
}

// ReadLine reads a line. A read of a pipe into which nobody writes can't be called off:
// one that outlives ctx is left to the next ReadLine.
func (l *Lines) ReadLine(ctx context.Context, prompt string) (string, error) {
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if l.Prompt != nil {
		fmt.Fprint(l.Prompt, prompt)
	}
	if l.read == nil {
		read := make(chan line, 1)
		l.read = read
		go func() {
			switch {
			case l.in.Scan():
				read <- line{text: l.in.Text()}
			case l.in.Err() != nil:
				read <- line{err: l.in.Err()}
			default:
				read <- line{err: io.EOF}
			}
		}()
	}
	select {
	case line := <-l.read:
		l.read = nil
		return line.text, line.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
