package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/load"
)

// A catcher is a peer that keeps the command that it is to send.
type catcher struct {
	peer
	caught *epp.Command
}

// errCaught ends the command line of which the command was kept.
var errCaught = errors.New("the command was kept")

// Exchange keeps the command.
func (c *catcher) Exchange(_ context.Context, cmd *epp.Command) (*epp.Response, error) {
	q := *cmd
	q.ClTRID = ""
	c.caught = &q
	return nil, errCaught
}

// loadable are the groups of commands that send one command each.
var loadable = []string{"domain", "contact", "host", "nsset", "keyset", "org", "credit", "poll"}

// commandOf is what a command line would send to a registry of some kind.
func (a *app) commandOf(ctx context.Context, words []string, kind string, to peer, authInfo string) (*epp.Command, error) {
	line := strings.Join(words, " ")
	if len(words) == 0 || !slices.Contains(loadable, words[0]) || len(words) > 1 && words[0] == "poll" && words[1] == "watch" {
		return nil, usage("%q is no command line for a load; it begins with one of %s, hello, login", line, strings.Join(loadable, ", "))
	}
	for _, w := range words {
		name, _, _ := strings.Cut(strings.TrimPrefix(w, "--"), "=")
		if strings.HasPrefix(w, "--") && slices.Contains(sharedFlags, name) {
			return nil, usage("%q: --%s can't be used here", line, name)
		}
	}
	c := &catcher{peer: to}
	sub := &app{
		stdio:  stdio{in: strings.NewReader(authInfo), out: io.Discard, err: io.Discard, getenv: func(string) string { return "" }},
		shared: c,
	}
	root := sub.root()
	root.SetArgs(append(slices.Clone(words), "--mock", "--registry", kind))
	root.SetOut(io.Discard)
	root.SetErr(io.Discard)
	err := root.ExecuteContext(ctx)
	if sub.cancel != nil {
		sub.cancel()
	}
	switch {
	case c.caught != nil:
		return c.caught, nil
	case err == nil:
		err = errors.New("it sends no command")
	}
	return nil, usage("%q: %w", line, err)
}

// newAuthInfo is one that suits every registry: letters of both kinds, digits and a sign.
func newLoadAuthInfo() string { return "Ld1-" + rand.Text()[:16] + "\n" }

// A pattern is a command line that was made into a frame once. Others are made of that by
// putting in other values, once it has proved to give the same as the command line does.
type pattern struct {
	mu     sync.Mutex
	shapes map[string]*shape
}

// A shape is a pattern for values that look alike: what looks otherwise, such as a name
// in capitals, a command line may treat otherwise.
type shape struct {
	frame  []byte
	values load.Values
	proved int  // how often it gave the same
	failed bool // it did not
}

// enough is how often a pattern has to have proved good.
const enough = 3

var plainValue = regexp.MustCompile(`^[A-Za-z0-9.:_-]+$`)

// fill makes a frame with the values that are used, where that is possible, or has make
// make it.
func (p *pattern) fill(v load.Values, used []string, make_ func() ([]byte, error)) ([]byte, error) {
	key := ""
	for _, name := range used {
		if !plainValue.MatchString(v[name]) {
			return make_()
		}
		if strings.ToLower(v[name]) != v[name] {
			key += "A"
		} else {
			key += "a"
		}
	}
	p.mu.Lock()
	s := p.shapes[key]
	if s == nil {
		s = &shape{}
		if p.shapes == nil {
			p.shapes = make(map[string]*shape)
		}
		p.shapes[key] = s
	}
	defer p.mu.Unlock()
	if s.proved >= enough {
		return s.with(v, used), nil
	}
	frame, err := make_()
	if err != nil || s.failed {
		return frame, err
	}
	switch {
	case s.frame == nil:
		s.frame, s.values = frame, v
	case !bytes.Equal(s.with(v, used), frame):
		s.failed = true
	default:
		s.proved++
	}
	return frame, nil
}

// with is the frame with other values. The longer go first: one may be in another.
func (s *shape) with(v load.Values, used []string) []byte {
	order := slices.Clone(used)
	slices.SortFunc(order, func(a, b string) int { return len(s.values[b]) - len(s.values[a]) })
	pairs := make([]string, 0, 2*len(order))
	for _, name := range order {
		var to strings.Builder
		_ = xml.EscapeText(&to, []byte(v[name]))
		pairs = append(pairs, s.values[name], to.String())
	}
	return []byte(strings.NewReplacer(pairs...).Replace(string(s.frame)))
}

// expand fills the templates of words.
func expand(templates []load.Template, v load.Values) ([]string, error) {
	var words []string
	for _, t := range templates {
		w, err := t.Expand(v)
		if err != nil {
			return nil, fmt.Errorf("load: %w", err)
		}
		words = append(words, w)
	}
	return words, nil
}
