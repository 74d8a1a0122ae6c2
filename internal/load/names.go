package load

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A Source gives names. One of its fields says how.
type Source struct {
	// Sequence is a pattern in which {{n}} is a number that grows, from From on.
	Sequence string `yaml:"sequence,omitempty"`
	From     int    `yaml:"from,omitempty"`
	// Random is a pattern in which {{n}} is a random number below Of; 1,000,000.
	Random string `yaml:"random,omitempty"`
	Of     int    `yaml:"of,omitempty"`
	// List and the lines of File are names of which one is chosen at random.
	List []string `yaml:"list,omitempty"`
	File string   `yaml:"file,omitempty"`
	// Made are the names of commands: the first name in one that succeeded is from
	// then on one of this source, with the facts of the answer.
	Made []string `yaml:"made,omitempty"`
}

// A record is a name and what is known of it.
type record struct {
	name  string
	facts map[string]string
}

// names is a Source at work. Its methods may be called by many goroutines.
type names struct {
	pattern Template
	random  int // numbers below, or 0 for a sequence
	run     string

	mu   sync.Mutex
	n    int
	list []record
}

func newNames(s Source, run string) (*names, error) {
	x := &names{run: run, n: s.From}
	ways := 0
	for _, there := range []bool{s.Sequence != "", s.Random != "", len(s.List) > 0 || s.File != "" || len(s.Made) > 0} {
		if there {
			ways++
		}
	}
	if ways != 1 {
		return nil, fmt.Errorf("must have one of sequence, random, and list, file or made")
	}
	if s.Random != "" {
		if x.random = s.Of; x.random <= 0 {
			x.random = 1_000_000
		}
	}
	if pattern := s.Sequence + s.Random; pattern != "" {
		var err error
		if x.pattern, err = ParseTemplate(pattern); err != nil {
			return nil, err
		}
		if _, err := x.pattern.Expand(Values{"n": "", "run": ""}); err != nil {
			return nil, fmt.Errorf("%w; a pattern may have {{n}} and {{run}}", err)
		}
		if !slices.ContainsFunc(x.pattern.parts, func(p part) bool { return p.source == "n" }) {
			return nil, fmt.Errorf("the pattern has no {{n}}")
		}
	}
	for _, name := range s.List {
		x.list = append(x.list, record{name: name})
	}
	if s.File != "" {
		b, err := os.ReadFile(s.File)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(b)) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
				x.list = append(x.list, record{name: line})
			}
		}
		if len(x.list) == 0 {
			return nil, fmt.Errorf("%s holds no names", s.File)
		}
	}
	return x, nil
}

// draw gives a name. take removes it from a list.
func (x *names) draw(rng *rand.Rand, take bool) (record, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.pattern.parts == nil {
		if len(x.list) == 0 {
			return record{}, false
		}
		i := rng.IntN(len(x.list))
		r := x.list[i]
		if take {
			last := len(x.list) - 1
			x.list[i] = x.list[last]
			x.list = x.list[:last]
		}
		return r, true
	}
	n := x.n
	if x.random > 0 {
		n = rng.IntN(x.random)
	} else {
		x.n++
	}
	name, _ := x.pattern.Expand(Values{"n": strconv.Itoa(n), "run": x.run})
	return record{name: name}, true
}

// add puts a name into a list.
func (x *names) add(r record) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.list = append(x.list, r)
}
