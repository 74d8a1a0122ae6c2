package main

import (
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/eppkit/eppkit/internal/durable"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/registry"
	scripting "github.com/eppkit/eppkit/mockserver/script"
)

// registry makes the registry: its clock, what it begins with, and where it is kept. The
// Keeper is nil where that is nowhere.
func (o *mockServeOptions) registry() (*mockRegistry, *registry.Keeper, error) {
	if o.sync && o.keep == "" {
		return nil, nil, usage("--keep-sync needs --keep")
	}
	if o.onExit != "" {
		if s, err := os.Stat(filepath.Dir(o.onExit)); err != nil || !s.IsDir() {
			return nil, nil, &configError{fmt.Errorf("--snapshot-on-exit: there is no directory %s", filepath.Dir(o.onExit))}
		}
	}
	var err error
	if o.mock.Clock, err = o.newClock(); err != nil {
		return nil, nil, err
	}
	m, err := newMock(o.mock)
	if err != nil {
		return nil, nil, err
	}
	if o.load != "" {
		if err := loadSnapshot(m.state, o.load); err != nil {
			return nil, nil, &configError{fmt.Errorf("%s: %w", o.load, err)}
		}
	}
	var k *registry.Keeper
	if o.keep != "" {
		if k, err = m.state.KeepIn(o.keep, registry.KeepOptions{Sync: o.sync}); err != nil {
			return nil, nil, &configError{err}
		}
	}
	if o.load != "" || o.keep != "" {
		if err := m.meet(); err != nil {
			if k != nil {
				err = errors.Join(err, k.Close())
			}
			return nil, nil, &configError{err}
		}
	}
	return m, k, nil
}

// newClock is the clock that --clock and --clock-scale ask for.
func (o *mockServeOptions) newClock() (*registry.Clock, error) {
	clock := registry.SystemClock()
	if o.clock != "" {
		t, err := parseTime(o.clock)
		if err != nil {
			return nil, usage("--clock is %q; it must be a time as in 2026-03-01 or 2026-03-01T12:00:00Z", o.clock)
		}
		clock = registry.NewClock(t)
	}
	if o.paced {
		if !(o.scale >= 0 && o.scale <= 1e9) {
			return nil, usage("--clock-scale must be from 0 to 1000000000")
		}
		clock.SetScale(o.scale)
	}
	return clock, nil
}

func parseTime(s string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, s)
}

// meet finds out who can log in at a registry that was read from disk. Of a password only
// the hash is there: it is known where it is still that of the fixtures.
func (m *mockRegistry) meet() error {
	given := m.registrars
	m.registrars = nil
	for acc := range m.state.Accounts.Table.All(m.state.View(nil)) {
		r := registrar{ClID: acc.ClID, hash: acc.Hash}
		if i := slices.IndexFunc(given, func(g registrar) bool { return g.ClID == acc.ClID }); i >= 0 && acc.Hash.Matches(given[i].PW) {
			r.PW = given[i].PW
		}
		m.registrars = append(m.registrars, r)
	}
	if len(m.registrars) == 0 {
		return errors.New("nobody can log in: what was read has no registrars")
	}
	return nil
}

func loadSnapshot(s *registry.State, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	return s.Load(f)
}

// saveAtEnd writes the snapshot of --snapshot-on-exit, for its owner alone.
func (o *mockServeOptions) saveAtEnd(s *registry.State) error {
	if o.onExit == "" {
		return nil
	}
	err := durable.Replace(o.onExit, 0o600, func(f *os.File) error {
		if !strings.HasSuffix(o.onExit, ".gz") {
			return cmp.Or(s.WriteSnapshot(f, ""), f.Sync())
		}
		z := gzip.NewWriter(f)
		return cmp.Or(s.WriteSnapshot(z, ""), z.Close(), f.Sync())
	})
	if err != nil {
		return &configError{fmt.Errorf("--snapshot-on-exit: %w", err)}
	}
	return nil
}

// spoiling is what goes wrong in the registries of a process, and what is answered
// instead.
type spoiling struct {
	faults  []fault.Fault
	stubs   []scripting.Stub
	hostile *mockserver.Hostile
}

// spoiling reads the files of --faults and --scripts.
func (o *mockServeOptions) spoiling() (*spoiling, error) {
	s := new(spoiling)
	if o.faults != "" {
		doc, err := os.ReadFile(o.faults)
		if err != nil {
			return nil, &configError{err}
		}
		if s.faults, err = fault.Parse(doc); err != nil {
			return nil, &configError{fmt.Errorf("%s: %w", o.faults, err)}
		}
	}
	if o.scripts != "" {
		var err error
		if s.stubs, err = scripting.Read(o.scripts); err != nil {
			return nil, &configError{err}
		}
	}
	if o.hostile != "" {
		seed, err := strconv.ParseUint(o.hostile, 10, 64)
		if err != nil {
			return nil, usage("--hostile is %q; its seed must be a number of 0 or more", o.hostile)
		}
		s.hostile = &mockserver.Hostile{Seed: seed}
	}
	return s, nil
}

// spoil gives a registry sets of its own, of which nothing has struck yet.
func (s *spoiling) spoil(so *mockserver.Options, seed uint64) error {
	so.Faults, so.Scripts, so.Hostile = fault.NewSet(fault.Options{Seed: seed}), new(scripting.Set), s.hostile
	if err := so.Faults.AddAll(s.faults); err != nil {
		return err
	}
	_, err := so.Scripts.Add(s.stubs...)
	return err
}
