// Package child runs a program a second time, as a process of its own whose memory and
// processor time are not the measuring one's.
package child

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// A Process is this program, started again.
type Process struct {
	in   io.WriteCloser
	dec  *json.Decoder
	wait func() error
}

// Start starts this program with arguments, and reads what it says first into hello.
// The program has to call [Serve] then.
func Start(hello any, args ...string) (*Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, args...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &Process{in: in, dec: json.NewDecoder(out), wait: cmd.Wait}
	if err := p.dec.Decode(hello); err != nil {
		return nil, errors.Join(fmt.Errorf("the other process: %w", err), p.Stop())
	}
	return p, nil
}

// Ask asks the process a question, of one line, and reads what it says.
func (p *Process) Ask(question string, answer any) error {
	if _, err := io.WriteString(p.in, question+"\n"); err != nil {
		return err
	}
	return p.dec.Decode(answer)
}

// Stop ends the process, and waits for it.
func (p *Process) Stop() error {
	p.in.Close()
	return p.wait()
}

// Serve is the process: it says hello, and answers each question that it reads. It ends
// with its parent, whose end closes in.
func Serve(in io.Reader, out io.Writer, hello any, answer func(question string) any) error {
	enc, lines := json.NewEncoder(out), bufio.NewScanner(in)
	err := enc.Encode(hello)
	for err == nil && lines.Scan() {
		err = enc.Encode(answer(lines.Text()))
	}
	return errors.Join(err, lines.Err())
}
