package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/eppkit/eppkit/internal/durable"
	"github.com/eppkit/eppkit/internal/filelock"
)

// Unreadable is the directory, inside that of a [Dir], for what can't be read.
const Unreadable = "unreadable"

// lockName is the file that a Dir locks. It is the name of no identifier.
const lockName = ".lock"

// ErrInUse is the error of [Open] for a directory that another process has open.
var ErrInUse = errors.New("another process has it open")

// A Dir is a directory of entries. One process has it open at a time.
type Dir struct {
	path string
	lock *os.File
}

// An Entry is what is kept under one name: the document as it came, in a file .xml, and
// its description in a file .json.
type Entry struct{ XML, JSON []byte }

// Open opens a directory, which is made, for its owner alone, where it is not there. What
// an earlier process left half written is removed.
func Open(path string) (*Dir, error) {
	if err := makeDir(path); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(path, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	d := &Dir{path, lock}
	locked, err := filelock.TryLock(lock)
	switch {
	case err == nil && !locked:
		err = fmt.Errorf("%s: %w", path, ErrInUse)
	case err == nil:
		err = errors.Join(d.sweep(""), d.sweep(Unreadable))
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// Close lets another process open the directory.
func (d *Dir) Close() error { return d.lock.Close() }

// Path is that of the first entry of an identifier, without .xml and .json.
func (d *Dir) Path(sub, id string) string { return filepath.Join(d.path, sub, Name(id)) }

// makeDir makes a directory, and its name durable.
func makeDir(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	return durable.SyncDir(filepath.Dir(path))
}

// sweep removes what is half written.
func (d *Dir) sweep(sub string) error {
	dir := filepath.Join(d.path, sub)
	list, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range list {
		if strings.HasPrefix(f.Name(), durable.TempPrefix) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, f.Name())))
		}
	}
	return err
}

// Put keeps an entry, in the directory itself or, with sub, in one inside it. An entry of
// the identifier that is the same, as the caller has it, is a repeat, which is not written
// again; where what is there is another, the new one gets a name of its own. It returns the
// path of the files, without .xml and .json. When it returns no error, they are on the
// disk.
func (d *Dir) Put(sub, id string, e Entry, same func(old Entry) bool) (path string, repeat bool, err error) {
	path = d.Path(sub, id)
	first, dir := path, filepath.Dir(path)
	if err := makeDir(dir); err != nil {
		return "", false, err
	}
	for n := 2; ; n++ {
		old, there, err := read(path)
		switch {
		case err != nil:
			return "", false, err
		case !there:
			return path, false, write(dir, path, e)
		case same(old):
			if old.XML == nil { // somebody removed it
				return path, true, write(dir, path, e)
			}
			return path, true, durable.SyncDir(dir) // its name may be there since before a crash
		}
		path = fmt.Sprintf("%s~%d", first, n)
	}
}

// read reads the entry of a path. Where there is no description, it was never put.
func read(path string) (e Entry, there bool, err error) {
	e.JSON, err = os.ReadFile(path + ".json")
	if err == nil {
		there = true
		e.XML, err = os.ReadFile(path + ".xml")
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return e, there, err
}

// write writes the description last, so that an entry that has one is whole.
func write(dir, path string, e Entry) error {
	if err := durable.WriteFile(path+".xml", e.XML); err != nil {
		return err
	}
	if err := durable.WriteFile(path+".json", e.JSON); err != nil {
		return err
	}
	return durable.SyncDir(dir)
}
