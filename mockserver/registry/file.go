package registry

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"time"
)

// A snapshot file is lines of JSON, compressed with gzip or not: a header, and then a
// record each, as {"domain":{…}}.
const (
	fileForm    = "eppkit registry"
	fileVersion = 1
)

type fileHeader struct {
	Form     string    `json:"form"`
	Version  int       `json:"version"`
	Kind     string    `json:"kind"`
	Time     time.Time `json:"time"`
	Commit   uint64    `json:"commit"`
	Commands uint64    `json:"commands"`
	Epoch    uint64    `json:"epoch,omitempty"` // see keep.go
	// Records is how many lines follow; a file that somebody makes may leave it out.
	Records *int `json:"records,omitempty"`
}

// A FileError is a snapshot file that can't be read.
type FileError struct {
	Line   int
	Reason string // quotes no content
	Cause  error
}

func (e *FileError) Error() string {
	return fmt.Sprintf("registry: line %d of the snapshot: %s", e.Line, e.Reason)
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Cause }

// WriteSnapshot writes a snapshot, by name, for [State.ReadSnapshot]; "" is the registry
// as it is now. It holds secrets: authInfos, and passwords as hashes. The error is
// ErrNoSnapshot or that of w.
func (s *State) WriteSnapshot(w io.Writer, name string) error {
	v, err := s.snapshot(name)
	if err != nil {
		return err
	}
	return s.write(w, v)
}

func (s *State) write(w io.Writer, v *View) error {
	out := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s.header(v)); err != nil {
		return err
	}
	for i, t := range s.tables {
		var err error
		v.tables[i].Scan(func(r Record) bool {
			fmt.Fprintf(out, `{%q:`, t.name)
			var b []byte
			if b, err = json.Marshal(r); err != nil {
				err = fmt.Errorf("registry: %s %s: %w", t.name, r.Key(), err)
				return false
			}
			out.Write(b)
			_, err = out.WriteString("}\n")
			return err == nil
		})
		if err != nil {
			return err
		}
	}
	return out.Flush()
}

func (s *State) header(v *View) fileHeader {
	n := 0
	for _, t := range v.tables {
		n += t.Len()
	}
	return fileHeader{
		Form: fileForm, Version: fileVersion, Kind: s.Kind, Time: v.now,
		Commit: v.commit, Commands: s.commands.Load(), Epoch: s.epoch, Records: &n,
	}
}

// ReadSnapshot reads what WriteSnapshot wrote and keeps it under a name, from where
// [State.Restore] brings it back. The error is a *FileError or that of rd.
func (s *State) ReadSnapshot(rd io.Reader, name string) error {
	v, _, err := s.read(rd)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saved[name] = v
	return nil
}

// Load has the registry begin with what WriteSnapshot wrote, in place of its fixtures:
// [State.Reset] comes back to it. A clock that stands still is set to its time. The error
// is as in [State.ReadSnapshot]. Call it before the registry is served, and before
// [State.KeepIn].
func (s *State) Load(rd io.Reader) error {
	v, h, err := s.read(rd)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keep != nil {
		return errors.New("registry: it is kept on disk already, and can't begin with a snapshot")
	}
	if s.Clock.Scale() == 0 {
		s.Clock.Set(v.now)
		s.started = v.now
	}
	s.current.Store(v)
	s.initial, s.past = v, nil
	s.commands.Store(max(s.commands.Load(), h.Commands)) // none may be given twice
	return nil
}

// maxLine bounds a record.
const maxLine = 16 << 20

// read reads a snapshot file into a View of its own.
func (s *State) read(rd io.Reader) (*View, fileHeader, error) {
	var h fileHeader
	in := bufio.NewReaderSize(rd, 1<<16)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, h, fmt.Errorf("registry: the snapshot: %w", err)
		}
		in = bufio.NewReaderSize(z, 1<<16)
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 1<<16), maxLine)
	if !lines.Scan() {
		if err := lines.Err(); err != nil {
			return nil, h, fmt.Errorf("registry: the snapshot: %w", err)
		}
		return nil, h, &FileError{Line: 1, Reason: "the file is empty"}
	}
	if err := json.Unmarshal(lines.Bytes(), &h); err != nil || h.Form != fileForm {
		return nil, h, &FileError{Line: 1, Reason: "this is not a snapshot of a registry", Cause: err}
	}
	switch {
	case h.Version != fileVersion:
		return nil, h, &FileError{Line: 1, Reason: fmt.Sprintf("its version is %d, and this program reads %d", h.Version, fileVersion)}
	case h.Kind != s.Kind:
		return nil, h, &FileError{Line: 1, Reason: fmt.Sprintf("it is of a registry of kind %q, and this is one of kind %q", h.Kind, s.Kind)}
	}
	b := newBulk(s, h)
	if err := s.readRecords(b, lines); err != nil {
		return nil, h, err
	}
	if h.Records != nil && *h.Records != b.n {
		return nil, h, &FileError{Line: b.n + 2, Reason: fmt.Sprintf("it ends here, with %d of %d records", b.n, *h.Records)}
	}
	if err := b.finish(); err != nil {
		return nil, h, &FileError{Line: 1, Reason: strings.TrimPrefix(err.Error(), "registry: ")}
	}
	return &b.tx.View, h, nil
}

// A batch is some lines, and the records that are made of them by another goroutine. It
// is used again for others.
type batch struct {
	first   int // its first line's number
	buf     []byte
	ends    []int // of the lines in buf
	records []Record
	tables  []*table
	err     error
	done    chan struct{}
}

const batchLines = 1024

// reset readies a batch for lines from this number on.
func (b *batch) reset(first int) {
	b.first, b.done = first, make(chan struct{})
	b.buf, b.ends, b.records, b.tables = b.buf[:0], b.ends[:0], b.records[:0], b.tables[:0]
}

// lines are the batch's, by their numbers.
func (b *batch) lines(yield func(int, []byte) bool) {
	at := 0
	for i, end := range b.ends {
		if !yield(b.first+i, b.buf[at:end]) {
			return
		}
		at = end
	}
}

// readRecords decodes lines on all processors, and puts the records in their order.
func (s *State) readRecords(into *bulk, lines *bufio.Scanner) error {
	work := make(chan *batch, 2*runtime.GOMAXPROCS(0))
	order := make(chan *batch, 4*runtime.GOMAXPROCS(0))
	used := sync.Pool{New: func() any { return new(batch) }}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	defer wg.Wait()
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			common := make(shared)
			for b := range work {
				b.err = s.decode(b, common)
				close(b.done)
			}
		})
	}
	var readErr error
	wg.Go(func() {
		defer close(order)
		defer close(work)
		for n := 2; ; {
			b := used.Get().(*batch)
			b.reset(n)
			for len(b.ends) < batchLines && lines.Scan() {
				b.buf = append(b.buf, lines.Bytes()...)
				b.ends = append(b.ends, len(b.buf))
			}
			if n += len(b.ends); len(b.ends) == 0 {
				readErr = lines.Err() // seen by whoever sees order closed
				return
			}
			select {
			case work <- b:
				order <- b
			case <-stop:
				return
			}
		}
	})
	var failure error
	for b := range order {
		<-b.done
		if failure != nil {
			continue
		}
		if failure = b.err; failure != nil {
			close(stop)
			continue
		}
		for i, r := range b.records {
			if failure != nil {
				break
			}
			if failure = into.add(b.first+i, b.tables[i], r); failure != nil {
				close(stop)
			}
		}
		used.Put(b)
	}
	if failure == nil && readErr != nil {
		failure = fmt.Errorf("registry: the snapshot: %w", readErr)
	}
	return failure
}

// decode makes records of a batch's lines.
func (s *State) decode(b *batch, common shared) (err error) {
	defer func() { // a record that lacks what it must have
		if v := recover(); v != nil {
			err = &FileError{Line: b.first + len(b.records), Reason: fmt.Sprintf("the record can't be understood: %v", v)}
		}
	}()
	var d decoder
	for n, line := range b.lines {
		name, doc, ok := cutRecord(line)
		t := s.byName[string(name)]
		if !ok || t == nil {
			return &FileError{Line: n, Reason: "it is no record of a table that there is"}
		}
		r, err := d.decode(t, doc)
		if err == nil && r.Key() == "" {
			err = &EditError{Table: t.name, Reason: "it has no name"}
		}
		if err != nil {
			return &FileError{Line: n, Reason: strings.TrimPrefix(err.Error(), "registry: "), Cause: err}
		}
		if r, ok := r.(Sharing); ok {
			r.Share(common.share)
		}
		b.records, b.tables = append(b.records, r), append(b.tables, t)
	}
	return nil
}

// A decoder is for many records, each of which it decodes as [table.strict] does.
type decoder struct {
	json *json.Decoder
	doc  []byte // what is left to read
	fed  int64
}

func (d *decoder) Read(p []byte) (int, error) {
	if len(d.doc) == 0 {
		return 0, io.EOF
	}
	n := copy(p, d.doc)
	d.doc = d.doc[n:]
	return n, nil
}

func (d *decoder) decode(t *table, doc []byte) (Record, error) {
	if d.json == nil {
		d.json = json.NewDecoder(d)
		d.json.DisallowUnknownFields()
	}
	r := t.make()
	d.doc, d.fed = doc, d.fed+int64(len(doc))
	if d.json.Decode(r) == nil && d.json.InputOffset() == d.fed {
		return r, nil
	}
	*d = decoder{}
	return t.strict(doc) // which says what is wrong
}

// shared are strings that several records have, each once.
type shared map[string]string

func (m shared) share(s *string) {
	one, ok := m[*s]
	if !ok {
		if len(m) > maxShared {
			clear(m)
		}
		m[*s], one = *s, *s
	}
	*s = one
}

// maxShared bounds how many of them are kept at a time.
const maxShared = 1 << 18

// cutRecord splits {"table":{…}} without decoding what is inside.
func cutRecord(line []byte) (name, doc []byte, ok bool) {
	rest, ok1 := bytes.CutPrefix(bytes.TrimSpace(line), []byte(`{"`))
	rest, ok2 := bytes.CutSuffix(rest, []byte(`}`))
	table, doc, ok3 := bytes.Cut(rest, []byte(`":`))
	return table, doc, ok1 && ok2 && ok3
}
