package shell

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A History is the lines that were entered, oldest first. Its methods are for one
// goroutine.
type History struct {
	lines []string
	max   int
	file  *os.File
}

// NewHistory is a history of at most so many lines, and without a file.
func NewHistory(most int) *History { return &History{max: most} }

// OpenHistory is a history that is kept in a file, which its owner alone can read. The
// file is made, with its directory, where it is not there. It grows by the lines that are
// added, those of other runs among them, and is cut to half of what it may have at most
// when it is opened.
func OpenHistory(path string, most int) (*History, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	h := NewHistory(most)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := h.read(f, path); err != nil {
		f.Close()
		return nil, err
	}
	h.file = f
	return h, nil
}

func (h *History) read(f *os.File, path string) error {
	info, err := f.Stat()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no file", path)
	}
	if err := f.Chmod(0o600); err != nil {
		return err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(b)) {
		h.remember(strings.TrimSuffix(line, "\n"))
	}
	if bytes.Count(b, []byte("\n")) <= 2*h.max {
		return nil
	}
	// In place: another run may have the file open, too.
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteString(strings.Join(h.lines, "\n") + "\n")
	return err
}

// Add remembers a line; where kept says so, in the file, too. One that repeats the line
// before it changes nothing.
func (h *History) Add(line string, kept bool) error {
	line = strings.TrimSpace(strings.ReplaceAll(line, "\n", " "))
	if line == "" || len(h.lines) > 0 && h.lines[len(h.lines)-1] == line {
		return nil
	}
	h.remember(line)
	if !kept || h.file == nil {
		return nil
	}
	_, err := h.file.WriteString(line + "\n")
	return err
}

func (h *History) remember(line string) {
	if line == "" {
		return
	}
	h.lines = append(h.lines, line)
	if n := len(h.lines) - h.max; n > 0 {
		h.lines = slices.Delete(h.lines, 0, n)
	}
}

// Lines are the lines, oldest first. They must not be changed.
func (h *History) Lines() []string { return h.lines }

// Close closes the file.
func (h *History) Close() error {
	if h.file == nil {
		return nil
	}
	return h.file.Close()
}
