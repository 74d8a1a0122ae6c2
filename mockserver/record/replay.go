package record

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/xmltree"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/match"
)

// ReplayOptions says how a [Replay] serves a record. The zero value works.
type ReplayOptions struct {
	// Schema is the one of the record's Proxy: what is secret. It also lets
	// mockserver's journal name the objects of extensions.
	Schema *epp.Schema
	// Now is the registry's clock; time.Now.
	Now func() time.Time
	// ByOrder gives connections the sessions of the record in their order.
	// Without it, a login gets a session of its clID.
	ByOrder bool
	// Once serves each session once. Without it, a connection that finds none
	// which was not served gets one that was, the least often served first.
	Once bool
	// Profile has the time-outs and limits, see mockserver.Profile.
	Profile mockserver.Profile
}

// A Replay is a registry that says what a record has. It is a mockserver.Player, for
// mockserver.Options.Registry.
type Replay struct {
	opts   ReplayOptions
	start  time.Time
	svTRID atomic.Int64

	mu       sync.Mutex
	sessions []*talk
	moved    bool
	by       time.Duration // from the record to now, of whole seconds
}

// A talk is a session of the record as it is served.
type talk struct {
	greeting string
	clID     string
	turns    []turn
	played   int // how often
}

// A turn is a command and its answer.
type turn struct {
	leaves   []leaf // nil for what is not well-formed
	hello    bool
	clTRID   string
	answer   string
	answered bool
	title    string // for people
}

// NewReplay makes a Replay. The error tells that there is nothing to serve.
func NewReplay(r *Record, opts ReplayOptions) (*Replay, error) {
	if opts.Schema == nil {
		var err error
		if opts.Schema, err = epp.NewSchema(); err != nil {
			return nil, err
		}
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	p := &Replay{opts: opts, start: r.Start}
	for _, s := range r.Sessions {
		if t := newTalk(s); t.greeting != "" {
			p.sessions = append(p.sessions, t)
		}
	}
	if len(p.sessions) == 0 {
		return nil, errors.New("record: the record has no session with a greeting")
	}
	return p, nil
}

// newTalk pairs what was asked with what was answered: a server answers in order. What
// it says unasked after the greeting is left out.
func newTalk(s *Session) *talk {
	t := new(talk)
	answered := 0
	for _, f := range s.Frames {
		switch {
		case f.FromClient:
			t.turns = append(t.turns, newTurn(f.Doc))
			if clID := loginOf(f.Doc); t.clID == "" {
				t.clID = clID
			}
		case answered < len(t.turns):
			t.turns[answered].answer, t.turns[answered].answered = f.Doc, true
			answered++
		case t.greeting == "" && len(t.turns) == 0:
			t.greeting = f.Doc
		}
	}
	return t
}

// loginOf is the clID of a login, "" of any other command.
func loginOf(doc string) string { return textIn(doc, "/epp/command/login/clID") }

// textIn is what a path finds in a document, or "".
func textIn(doc, path string) string {
	p, err := match.ParsePath(path)
	if err != nil {
		return ""
	}
	s, _ := p.In(match.NewFrame(func() string { return undeclared(doc) }))
	return epp.Collapse(s)
}

// newTurn reads a command, of the record or of a client.
func newTurn(doc string) turn {
	t := turn{title: "a frame that is not well-formed"}
	doc = undeclared(doc)
	tree, err := xmltree.Parse([]byte(doc), xmltree.Limits{})
	if err != nil {
		return t
	}
	t.leaves = leaves(tree)
	t.hello = len(t.leaves) > 1 && t.leaves[1].path == "/epp/hello"
	t.title = title(t.leaves, match.NewFrame(func() string { return doc }).Objects())
	t.clTRID = textIn(doc, "//clTRID")
	return t
}

// title is the payload and what it is about, as in "domain:check sauna.example".
func title(leaves []leaf, objects []string) string {
	path, depth := "", 0
	for _, l := range leaves {
		// epp, command, check, domain:check
		if n := strings.Count(l.path, "/"); n > depth && n <= 4 && !strings.Contains(l.path, "/@") {
			path, depth = l.path, n
		}
	}
	return strings.Join(append([]string{path[strings.LastIndexByte(path, '/')+1:]}, objects...), " ")
}

// ClIDs are the registrars who log in in the record, in its order.
func (p *Replay) ClIDs() []string {
	var ids []string
	for _, t := range p.sessions {
		if t.clID != "" && !slices.Contains(ids, t.clID) {
			ids = append(ids, t.clID)
		}
	}
	return ids
}

// Schema is that of the options.
func (p *Replay) Schema() *epp.Schema { return p.opts.Schema }

// Greeting is empty: each session has its own.
func (p *Replay) Greeting() *epp.Greeting { return new(epp.Greeting) }

// Routes binds nothing.
func (p *Replay) Routes(*mockserver.Mux) {}

// Login is not called.
func (p *Replay) Login(*mockserver.Exchange, *epp.Login) error { return epp.CommandFailed }

// Now is the time by the clock of the options.
func (p *Replay) Now() time.Time { return p.opts.Now() }

// SvTRID makes an identifier.
func (p *Replay) SvTRID() string { return fmt.Sprintf("REPLAY-%d", p.svTRID.Add(1)) }

// Profile is that of the options.
func (p *Replay) Profile() mockserver.Profile { return p.opts.Profile }

// Play begins a connection.
func (p *Replay) Play(*mockserver.Session) mockserver.Play {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.moved {
		p.moved, p.by = true, p.opts.Now().Sub(p.start).Truncate(time.Second)
	}
	return &play{
		Replay: p, greeting: p.least(p.sessions).greeting, by: p.by,
		ids: identifiers{clTRID: make(map[string]string), svTRID: make(map[string]string)},
	}
}

// least is the session that was played least often, the first of several.
func (p *Replay) least(of []*talk) *talk {
	best := of[0]
	for _, t := range of {
		if t.played < best.played {
			best = t
		}
	}
	return best
}

// take finds a session for a connection that begins with a login of a clID, or with
// another command; nil when there is none.
func (p *Replay) take(clID string) *talk {
	p.mu.Lock()
	defer p.mu.Unlock()
	var fit []*talk
	for _, t := range p.sessions {
		if (p.opts.ByOrder || clID == "" || t.clID == clID) && (t.played == 0 || !p.opts.Once) {
			fit = append(fit, t)
		}
	}
	if len(fit) == 0 {
		return nil
	}
	t := p.least(fit)
	t.played++
	return t
}

// A play is one connection.
type play struct {
	*Replay
	greeting string
	talk     *talk // nil before the first command
	next     int
	by       time.Duration
	ids      identifiers
}

// Greeting is that of the session that a connection gets if nothing speaks against it.
func (p *play) Greeting() []byte {
	doc, err := retell(p.greeting, epp.TrID{}, p.ids, p.by)
	if err != nil { // it was recorded so
		return []byte(p.greeting)
	}
	return []byte(doc)
}

// Answer answers a command as the server of the record did.
func (p *play) Answer(frame []byte) []byte {
	// What is redacted in both is compared as such.
	doc := string(p.opts.Schema.Redact(frame))
	got := newTurn(doc)
	if got.hello && (p.talk == nil || p.next >= len(p.talk.turns) || !p.talk.turns[p.next].hello) {
		return p.Greeting()
	}
	if p.talk == nil {
		clID := loginOf(doc)
		if p.talk = p.take(clID); p.talk == nil {
			return p.refuse(got, "the record has no further session of "+orEmpty(clID))
		}
	}
	at := p.next
	for at < len(p.talk.turns) && p.talk.turns[at].hello && !got.hello {
		at++
	}
	if at == len(p.talk.turns) {
		return p.refuse(got, "the record ends here")
	}
	want := &p.talk.turns[at]
	if m := misses(want.leaves, got.leaves, p.by); len(m) > 0 {
		return p.refuse(got, p.differs(at, got, m))
	}
	p.next = at + 1
	if want.clTRID != "" {
		p.ids.clTRID[want.clTRID] = got.clTRID
	}
	if !want.answered {
		return nil
	}
	out, err := retell(want.answer, epp.TrID{ClTRID: got.clTRID, SvTRID: p.SvTRID()}, p.ids, p.by)
	if err != nil { // it was recorded so
		return []byte(want.answer)
	}
	return []byte(out)
}

// differs says how a command differs from the one of the record, and whether it is a
// later one.
func (p *play) differs(at int, got turn, m []match.Mismatch) string {
	var b strings.Builder
	fmt.Fprintf(&b, "the record has another command here, its number %d, %s", at+1, p.talk.turns[at].title)
	for i, one := range m {
		if i == 3 {
			fmt.Fprintf(&b, "; and %d more", len(m)-i)
			break
		}
		fmt.Fprintf(&b, "; %s", one)
	}
	for i := at + 1; i < len(p.talk.turns); i++ {
		if t := &p.talk.turns[i]; t.leaves != nil && len(misses(t.leaves, got.leaves, p.by)) == 0 {
			fmt.Fprintf(&b, "; this is number %d", i+1)
			break
		}
	}
	return b.String()
}

// refuse answers what the record has no answer to.
func (p *play) refuse(got turn, why string) []byte {
	m := &epp.Response{
		Results: []epp.Result{{Code: epp.CommandFailed, Msg: epp.Text{Text: "Replay: " + why}}},
		TrID:    epp.TrID{ClTRID: got.clTRID, SvTRID: p.SvTRID()},
	}
	doc, err := p.opts.Schema.Append(nil, m)
	if err != nil { // its clTRID is none
		m.TrID.ClTRID = ""
		doc, _ = p.opts.Schema.Append(nil, m)
	}
	return doc
}
