package shell

import (
	"slices"
	"strings"
	"sync"
)

// Seen remembers names of several kinds, for completion: of each kind so many as came
// last. Any number of goroutines may use it.
type Seen struct {
	most int
	mu   sync.Mutex
	of   map[string][]string
}

// NewSeen remembers at most so many names of each kind.
func NewSeen(most int) *Seen { return &Seen{most: most, of: make(map[string][]string)} }

// Add remembers a name. One that has blanks or control characters is none.
func (s *Seen) Add(kind, name string) {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	names := s.of[kind]
	if i := slices.Index(names, name); i >= 0 {
		names = slices.Delete(names, i, i+1)
	}
	if len(names) >= s.most {
		names = slices.Delete(names, 0, len(names)-s.most+1)
	}
	s.of[kind] = append(names, name)
}

// Of returns the names of a kind, sorted.
func (s *Seen) Of(kind string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(slices.Values(s.of[kind]))
}
