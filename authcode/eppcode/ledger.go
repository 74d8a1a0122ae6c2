package eppcode

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/internal/durable"
)

// An Entry says that a domain's code is to be ended.
type Entry struct {
	Domain string // in canonical form
	Due    time.Time
	// Untold says that the code has been ended, and by another one that nobody
	// was told, because the registry wants a domain to have one. Due is when
	// that was, and nothing is left to be done.
	Untold bool
}

func (e Entry) is(o Entry) bool { return byDue(e, o) == 0 }

func byDue(a, b Entry) int {
	return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.suffix(), b.suffix()))
}

// suffix is at the end of the name of an entry's file.
func (e Entry) suffix() string {
	if e.Untold {
		return untoldSuffix
	}
	return ""
}

// live are those of some entries whose codes are to be ended.
func live(all []Entry) []Entry {
	return slices.DeleteFunc(slices.Clone(all), func(e Entry) bool { return e.Untold })
}

// A Ledger remembers which domains have a code until when, and never a code. It is
// about the domains of one registrar at one registry. Any number of goroutines may use
// it at once.
//
// A domain may have several entries: one is made before a code is set, and the ones
// before it go when the registry has taken the code. So there is no moment at which
// a code is in force and no entry there.
type Ledger interface {
	// Add makes an entry; one that is there already stays.
	Add(ctx context.Context, e Entry) error
	// Remove removes an entry, if it is there.
	Remove(ctx context.Context, e Entry) error
	// Entries are a domain's, or with "" all, the earliest first.
	Entries(ctx context.Context, domain string) ([]Entry, error)
}

// A SharedLedger is a Ledger that several Providers, or processes, may use for the same
// registrar. It keeps them from changing a domain at once, when the one would end the
// code that the other has just set.
type SharedLedger interface {
	Ledger
	// Lock waits until nobody else has the domain's lock, or ctx ends. Its holder
	// calls unlock once; who dies with it has unlocked it too.
	Lock(ctx context.Context, domain string) (unlock func(), err error)
}

var _ SharedLedger = Dir{}

// memory is a Ledger of this process alone.
type memory struct {
	mu sync.Mutex
	of map[string][]Entry // by domain
}

func (l *memory) Add(_ context.Context, e Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = make(map[string][]Entry)
	}
	if list := l.of[e.Domain]; !slices.ContainsFunc(list, e.is) {
		l.of[e.Domain] = append(list, e)
	}
	return nil
}

func (l *memory) Remove(_ context.Context, e Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := slices.DeleteFunc(l.of[e.Domain], e.is)
	if len(list) == 0 {
		delete(l.of, e.Domain)
	} else {
		l.of[e.Domain] = list
	}
	return nil
}

func (l *memory) Entries(_ context.Context, domain string) ([]Entry, error) {
	l.mu.Lock()
	list := slices.Clone(l.of[domain])
	if domain == "" {
		list = slices.Concat(slices.Collect(maps.Values(l.of))...)
	}
	l.mu.Unlock()
	slices.SortFunc(list, byDue)
	return list, nil
}

// A Dir is a SharedLedger in a directory, which is made when it is needed. It outlives
// the processes that share it. Nobody else can read it.
//
// A domain has a directory of its own name, and an entry is an empty file in it,
// named after its time. So an entry is there or not, and never half written. The locks
// are files in a directory .lock.
type Dir struct{ Path string }

// dueLayout is the name of an entry's file, in UTC, and untoldSuffix comes behind it
// where the entry is Untold.
const (
	dueLayout    = "20060102T150405.000000000Z"
	untoldSuffix = ".untold"
)

func (e Entry) file() string { return e.Due.UTC().Format(dueLayout) + e.suffix() }

// Add makes the entry's file, and waits until it is on the disk.
func (l Dir) Add(_ context.Context, e Entry) error {
	dir, err := l.of(e.Domain)
	if err != nil {
		return err
	}
	var f *os.File
	for range 100 {
		if err = os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		f, err = os.OpenFile(filepath.Join(dir, e.file()), os.O_CREATE|os.O_WRONLY, 0o600)
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
		// Another process has just removed the directory, which was empty.
	}
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close(), durable.SyncDir(dir), durable.SyncDir(l.Path))
}

// Remove removes the entry's file, and the domain's directory when it is empty.
func (l Dir) Remove(_ context.Context, e Entry) error {
	dir, err := l.of(e.Domain)
	if err != nil {
		return err
	}
	err = os.Remove(filepath.Join(dir, e.file()))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_ = os.Remove(dir) // fails where there are other entries
	return nil
}

// Entries reads the names of the files. What is no entry is passed over.
func (l Dir) Entries(_ context.Context, domain string) ([]Entry, error) {
	names := []string{domain}
	if domain == "" {
		var err error
		if names, err = namesIn(l.Path, true); err != nil {
			return nil, err
		}
	}
	var list []Entry
	for _, name := range names {
		dir, err := l.of(name)
		if err != nil && domain == "" {
			continue
		}
		if err != nil {
			return nil, err
		}
		files, err := namesIn(dir, false)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			date, untold := strings.CutSuffix(file, untoldSuffix)
			if due, err := time.Parse(dueLayout, date); err == nil {
				list = append(list, Entry{Domain: name, Due: due, Untold: untold})
			}
		}
	}
	slices.SortFunc(list, byDue)
	return list, nil
}

// of is the directory of a domain. Only a domain's name may become a path.
func (l Dir) of(domain string) (string, error) {
	if name, err := authcode.CanonicalDomain(domain); err != nil || name != domain {
		return "", errors.New("eppcode: this is not the canonical name of a domain")
	}
	return filepath.Join(l.Path, domain), nil
}

// namesIn lists the directories in a directory, or what else is in it. It need not be
// there.
func namesIn(dir string, dirs bool) (names []string, err error) {
	list, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range list {
		if e.IsDir() == dirs {
			names = append(names, e.Name())
		}
	}
	return names, nil
}
