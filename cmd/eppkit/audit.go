package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/eppkit/eppkit/authcode/gateway"
)

// An audit is where the lines of the hand-overs go, and of those who were not let in.
type audit struct {
	entry  func(context.Context, gateway.Entry)
	denied func(context.Context, gateway.Denial)
	close  func() error
}

// openAudit appends to a file that is its owner's alone, or with "" writes to standard
// output.
func (a *app) openAudit(path string, log *slog.Logger) (*audit, error) {
	if path == "" {
		return newAudit(a.out, func() error { return nil }, log), nil
	}
	info, err := os.Stat(path)
	device := err == nil && info.Mode()&os.ModeCharDevice != 0 // such as /dev/null
	if err == nil && !info.Mode().IsRegular() && !device {
		// Opening a pipe would wait for its reader.
		return nil, &configError{fmt.Errorf("the audit file %s is no file", path)}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err == nil && !device {
		if err = private("the audit file", path); err != nil {
			f.Close()
		}
	}
	if err != nil {
		return nil, &configError{err}
	}
	return newAudit(f, f.Close, log), nil
}

func newAudit(w io.Writer, end func() error, log *slog.Logger) *audit {
	lines := slog.New(slog.NewJSONHandler(told{w, log}, nil))
	return &audit{entry: gateway.AuditLog(lines), denied: gateway.DenialLog(lines), close: end}
}

// told logs what a Writer could not write: package slog would not say.
type told struct {
	io.Writer
	log *slog.Logger
}

func (t told) Write(line []byte) (int, error) {
	n, err := t.Writer.Write(line)
	if err != nil {
		t.log.Error("a line is missing in the audit", "error", err)
	}
	return n, err
}
