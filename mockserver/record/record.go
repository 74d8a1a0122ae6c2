package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/eppkit/eppkit/epp"
)

const (
	format  = "eppkit-record"
	version = 1
)

// A Record is what was said in some sessions with one server.
type Record struct {
	Start    time.Time
	Server   string // its address
	Sessions []*Session
}

// A Session is what was said on one connection.
type Session struct {
	ID     int64
	Frames []Frame
	// End is why it ended; "" when the record ended before.
	End string
}

// A Frame is one data unit.
type Frame struct {
	At         time.Time
	FromClient bool
	// Octets is the length of what came, with its header. Doc is shorter or
	// longer where something was redacted.
	Octets int
	Doc    string
}

// A header is the first line of a file.
type header struct {
	Format  string    `json:"format"`
	Version int       `json:"version"`
	Start   time.Time `json:"start"`
	Server  string    `json:"server"`
}

// A line is one of the others: a frame, or the end of a session.
type line struct {
	Session int64     `json:"session"`
	At      time.Time `json:"at"`
	From    string    `json:"from,omitempty"` // "C" or "S", as in the RFCs
	Octets  int       `json:"octets,omitempty"`
	Frame   string    `json:"frame,omitempty"`
	End     string    `json:"end,omitempty"`
}

// An Error is a file that is no record.
type Error struct {
	File   string // "" when it was not read from a file
	Line   int    // from 1
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("record: %s:%d: %s", e.File, e.Line, e.Reason)
}

// Read reads a record from a file.
func Read(file string) (*Record, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	defer f.Close()
	r, err := Decode(f)
	if e, ok := errors.AsType[*Error](err); ok {
		e.File = file
	}
	return r, err
}

// Decode reads a record. A last line that is not whole is left out: whoever wrote it was
// interrupted. The error is an *Error, or that of reading.
func Decode(in io.Reader) (*Record, error) {
	r := new(Record)
	sessions := make(map[int64]*Session)
	buf := bufio.NewReader(in)
	for n := 1; ; n++ {
		text, err := buf.ReadBytes('\n')
		switch {
		case err == io.EOF && n == 1:
			return nil, &Error{Line: 1, Reason: "there is no whole line"}
		case err == io.EOF:
			return r, nil
		case err != nil:
			return nil, fmt.Errorf("record: reading: %w", err)
		}
		if n == 1 {
			err = r.header(text)
		} else {
			err = r.line(text, sessions)
		}
		if err != nil {
			return nil, &Error{Line: n, Reason: err.Error()}
		}
	}
}

func (r *Record) header(text []byte) error {
	var h header
	if err := json.Unmarshal(text, &h); err != nil || h.Format != format {
		return errors.New("this is not a record of eppkit")
	}
	if h.Version != version {
		return fmt.Errorf("version %d of the format is not known, only %d", h.Version, version)
	}
	r.Start, r.Server = h.Start, h.Server
	return nil
}

func (r *Record) line(text []byte, sessions map[int64]*Session) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	var l line
	if err := dec.Decode(&l); err != nil {
		return err
	}
	s := sessions[l.Session]
	if s == nil {
		s = &Session{ID: l.Session}
		sessions[l.Session] = s
		r.Sessions = append(r.Sessions, s)
	}
	switch {
	case l.End != "" && l.From == "":
		s.End = l.End
	case l.From == "C", l.From == "S":
		s.Frames = append(s.Frames, Frame{At: l.At, FromClient: l.From == "C", Octets: l.Octets, Doc: l.Frame})
	default:
		return errors.New(`a line is from "C" or "S", or an end`)
	}
	return nil
}

// A writer writes a record. It may be used by any number of goroutines.
type writer struct {
	set *epp.Schema

	mu  sync.Mutex
	out io.Writer
	err error // the first
}

// Create makes a file for a record, for ProxyOptions.Out. It must not exist yet, and only
// its owner may read it. The caller closes it after the Proxy.
func Create(file string) (*os.File, error) {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	return f, nil
}

// newWriter begins a record.
func newWriter(out io.Writer, set *epp.Schema, start time.Time, server string) (*writer, error) {
	w := &writer{set: set, out: out}
	w.put(header{format, version, start.UTC(), server})
	return w, w.err
}

// frame enters a frame, without its secrets.
func (w *writer) frame(session int64, at time.Time, fromClient bool, doc []byte) error {
	from := "S"
	if fromClient {
		from = "C"
	}
	return w.put(line{
		Session: session, At: at.UTC(), From: from, Octets: len(doc) + 4, Frame: string(w.set.Redact(doc)),
	})
}

// end enters the end of a session.
func (w *writer) end(session int64, at time.Time, why string) error {
	return w.put(line{Session: session, At: at.UTC(), End: why})
}

func (w *writer) put(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // it is to be read by people, too
	if err := enc.Encode(v); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		if _, err := w.out.Write(b.Bytes()); err != nil {
			w.err = fmt.Errorf("record: writing: %w", err)
		}
	}
	return w.err
}
