package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/internal/spool"
)

// taker returns what takes each message to where it is to go, and what ends that. The
// error of take leaves the message in the queue.
func (a *app) taker(to string) (take func(*client.Message) error, done func(), err error) {
	switch to {
	case "":
		return func(m *client.Message) error { return a.showMessage(a.flags.output, m) }, func() {}, nil
	case "-":
		return func(m *client.Message) error {
			err := a.showMessage("json", m)
			if err == nil {
				err = asConfig(a.outputOnDisk())
			}
			return err
		}, func() {}, nil
	}
	dir, err := spool.Open(to)
	if err != nil {
		return nil, nil, &configError{fmt.Errorf("--to: %w", err)}
	}
	return func(m *client.Message) error { return asConfig(a.keepMessage(dir, m)) }, func() { dir.Close() }, nil
}

// keepMessage writes a message into a directory, unless it is there.
func (a *app) keepMessage(dir *spool.Dir, m *client.Message) error {
	var doc bytes.Buffer
	enc := json.NewEncoder(&doc)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(messageObject(m)); err != nil {
		return err
	}
	sub := ""
	if m.Err != nil {
		sub = spool.Unreadable
	}
	e := spool.Entry{XML: []byte(m.Frame()), JSON: doc.Bytes()}
	path, repeat, err := dir.Put(sub, m.ID, e, func(old spool.Entry) bool {
		return sameMessage(old.JSON, e.JSON) && (m.Response != nil || bytes.Equal(old.XML, e.XML))
	})
	switch {
	case err != nil:
		return fmt.Errorf("writing it: %w", err)
	case repeat:
		a.note(fmt.Sprintf("the message %s came again; it is in %s.xml", m.ID, path))
	case m.Err != nil:
		a.note(fmt.Sprintf("the message %s can't be read; it is in %s.xml", m.ID, path))
	case path != dir.Path(sub, m.ID):
		a.note(fmt.Sprintf("there is another message %s already; this one is in %s.xml", m.ID, path))
	}
	return nil
}

// sameMessage reports whether two documents of JSON are of the same message: all but what
// belongs to the exchange that brought it.
func sameMessage(a, b []byte) bool {
	var docs [2]map[string]any
	for i, doc := range [][]byte{a, b} {
		if json.Unmarshal(doc, &docs[i]) != nil {
			return false
		}
		delete(docs[i], "clTRID")
		delete(docs[i], "svTRID")
		if q, ok := docs[i]["msgQ"].(map[string]any); ok {
			delete(q, "count")
		}
	}
	return reflect.DeepEqual(docs[0], docs[1])
}

// messageObject is a message as JSON has it.
func messageObject(m *client.Message) object {
	if m.Response == nil {
		return object{{"id", m.ID}, {"unread", m.Err.Error()}}
	}
	o := responseObject(m.Response)
	if m.Err != nil && m.Response.Unread == nil {
		o = append(o, field{"unread", m.Err.Error()})
	}
	return o
}

// showMessage writes a message in one piece, so that it was written or was not.
func (a *app) showMessage(form string, m *client.Message) error {
	var b bytes.Buffer
	switch form {
	case "json":
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		o := messageObject(m)
		if m.Response == nil {
			o = append(o, field{"frame", m.Frame()})
		}
		if err := enc.Encode(o); err != nil {
			return err
		}
	case "xml":
		fmt.Fprintln(&b, indent([]byte(m.Frame())))
	case "raw":
		fmt.Fprintln(&b, m.Frame())
	default:
		if m.Response == nil {
			fmt.Fprintf(&b, "id %s\nnot readable: %s\n%s\n", oneLine(m.ID), oneLine(m.Err.Error()), printable(m.Frame()))
		} else {
			printMessage(&b, m.Response)
		}
		fmt.Fprintln(&b)
	}
	if _, err := a.out.Write(b.Bytes()); err != nil {
		return &configError{fmt.Errorf("writing it: %w", err)}
	}
	return nil
}

// outputOnDisk waits until what was written to standard output is on the disk, where that
// is a file.
func (a *app) outputOnDisk() error {
	one, _ := a.out.(*oneAtATime)
	if one == nil {
		return nil
	}
	f, ok := one.w.(*os.File)
	if !ok {
		return nil
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() {
		err = f.Sync()
	}
	if err != nil {
		return fmt.Errorf("writing it: %w", err)
	}
	return nil
}
