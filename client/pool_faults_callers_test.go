package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// This file is the callers of a pool under faults: what they do, what they were told, and
// whether that is what the registry's journal and its state say.

// heard is what a caller was told of a command.
type heard string

const (
	answered heard = "answered"        // with a success
	refused  heard = "refused"         // by a result code
	unknown  heard = "outcome unknown" // by an error
	notSent  heard = "not sent"        // by an error
	useless  heard = "of no use"       // executed, by an error
)

// heardOf reads what became of a command.
func heardOf(r *epp.Response, err error) heard {
	var e *client.Error
	switch {
	case err == nil && r.Err() == nil:
		return answered
	case err == nil:
		return refused
	case client.SafeToRetry(err):
		return notSent
	case client.OutcomeUnknown(err):
		return unknown
	case errors.As(err, &e) && e.Fate == client.Answered:
		return useless
	}
	return heard("an error of no kind: " + err.Error())
}

// A deed is one command of a caller.
type deed struct {
	id, verb, name string
	query          bool
	heard          heard
	code           epp.Code
	svTRID         string // of the answer
	about          string // the name that the answer's data are about
	err            error
}

// An object is what a caller knows of a domain that it has made.
type object struct {
	name   string
	exDate time.Time
	word   string // the text of its clientHold, "" without one
	gone   bool
	doubt  bool // something was done to it with an outcome that nobody knows
}

// A caller sends commands, one after another, about domains of its own.
type caller struct {
	number  int
	rnd     *rand.Rand
	doer    client.Doer
	sent    int
	deeds   []deed
	objects []*object
	current *object
}

func newCaller(number int, seed uint64, d client.Doer) *caller {
	return &caller{number: number, rnd: rand.New(rand.NewPCG(seed, uint64(number))), doer: d}
}

// patience is how long a caller waits for an answer: longer than anything that a fault
// may cost.
const patience = 30 * time.Second

// send sends a command, and notes what the caller is told.
func (c *caller) send(ctx context.Context, verb, name string, q epp.Element) (*epp.Response, heard) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c.sent++
	cmd := &epp.Command{Request: q, ClTRID: fmt.Sprintf("CALL-%d-%d", c.number, c.sent)}
	r, err := c.doer.Exchange(ctx, cmd)
	d := deed{id: cmd.ClTRID, verb: verb, name: name, query: cmd.IsQuery(), heard: heardOf(r, err), err: err}
	if err == nil {
		d.code, d.svTRID, d.about = r.Code(), r.TrID.SvTRID, about(r)
	}
	c.deeds = append(c.deeds, d)
	return r, d.heard
}

// about is the name that an answer's data are about, "" for none.
func about(r *epp.Response) string {
	for _, e := range r.ResData {
		switch m := e.(type) {
		case *domain.ChkData:
			return m.CD[0].Name
		case *domain.InfData:
			return m.Name
		case *domain.CreData:
			return m.Name
		case *domain.RenData:
			return m.Name
		}
	}
	return ""
}

// step sends one command of a mix.
func (c *caller) step(ctx context.Context) {
	o := c.current
	switch n := c.rnd.IntN(10); {
	case n < 2:
		name := "alpha.example"
		if o != nil {
			name = o.name
		}
		c.send(ctx, "check", name, check(name))
	case n < 4 && o != nil:
		c.send(ctx, "info", o.name, &domain.Info{Name: o.name})
	case n < 4:
		c.send(ctx, "info", "alpha.example", &domain.Info{Name: "alpha.example"})
	case o == nil:
		c.create(ctx)
	case n < 6 && o.exDate.Before(time.Now().AddDate(8, 0, 0)): // ten years are the most
		c.renew(ctx)
	case n < 9:
		c.toggle(ctx)
	default:
		c.remove(ctx)
	}
}

func (c *caller) create(ctx context.Context) {
	o := &object{name: fmt.Sprintf("caller%d-%d.example", c.number, c.sent)}
	r, t := c.send(ctx, "create", o.name, &domain.Create{
		Name: o.name, Period: &epp.Period{N: 1, Unit: epp.Years}, Registrant: "jr-1",
		AuthInfo: &epp.AuthInfo{PW: "Caller-Secret7"},
	})
	data := dataIn[*domain.CreData](r)
	switch {
	case t == answered && data != nil:
		o.exDate, c.current = data.ExDate, o
	case t == refused, t == notSent:
		o.gone = true
	}
	c.note(o, t, data != nil)
	c.objects = append(c.objects, o)
}

// note gives up an object of which the caller does not know what has become.
func (c *caller) note(o *object, t heard, whole bool) {
	if t == unknown || t == useless || t == answered && !whole {
		o.doubt, c.current = true, nil
	}
}

func (c *caller) renew(ctx context.Context) {
	o := c.current
	r, t := c.send(ctx, "renew", o.name, &domain.Renew{Name: o.name, CurExpDate: o.exDate, Period: &epp.Period{N: 1, Unit: epp.Years}})
	data := dataIn[*domain.RenData](r)
	if t == answered && data != nil {
		o.exDate = data.ExDate
	}
	c.note(o, t, data != nil)
}

// toggle sets or removes clientHold, with a text of its own, so that a second execution
// would be refused.
func (c *caller) toggle(ctx context.Context) {
	o := c.current
	word, q := fmt.Sprintf("word %d", c.sent), &domain.Update{Name: o.name}
	hold := &domain.AddRem{Status: []epp.Status{{S: "clientHold", Text: word}}}
	if o.word == "" {
		q.Add = hold
	} else {
		word, q.Rem = "", hold
	}
	_, t := c.send(ctx, "update", o.name, q)
	if t == answered {
		o.word = word
	}
	c.note(o, t, true)
}

func (c *caller) remove(ctx context.Context) {
	o := c.current
	_, t := c.send(ctx, "delete", o.name, &domain.Delete{Name: o.name})
	if t == answered {
		o.gone, c.current = true, nil
	}
	c.note(o, t, true)
}

// dataIn finds data of a type in an answer.
func dataIn[T epp.Element](r *epp.Response) (data T) {
	if r == nil {
		return data
	}
	for _, e := range r.ResData {
		if m, ok := e.(T); ok {
			return m
		}
	}
	return data
}

// An inbox is the consumer of the message queue.
type inbox struct {
	srv *mockserver.Server

	mu      sync.Mutex
	handled map[string]int64 // by id, after which entry of the journal first
}

func (i *inbox) handle(_ context.Context, m *client.Message) error {
	last, _ := i.srv.Journal().Last(mockserver.Any)
	i.mu.Lock()
	defer i.mu.Unlock()
	if _, again := i.handled[m.ID]; !again {
		i.handled[m.ID] = last.Seq
	}
	return nil
}

// An audit holds what callers were told against what the server did.
type audit struct {
	srv   *mockserver.Server
	reg   *gtld.Registry
	row   *faultRow
	wrong []string // what is wrong

	commands map[string][]mockserver.Entry // by clTRID
	answers  map[int64][]mockserver.Entry  // by the command
}

func (a *audit) complain(format string, args ...any) {
	a.wrong = append(a.wrong, fmt.Sprintf(format, args...))
}

// unexecuted are the faults with which a command is not executed.
var unexecuted = []string{
	string(fault.Reset), string(fault.CloseWithoutNotify), string(fault.HalfOpen), string(fault.DropBeforeCommit), string(fault.Result),
}

func (a *audit) run(callers []*caller) {
	a.commands, a.answers = map[string][]mockserver.Entry{}, map[int64][]mockserver.Entry{}
	for _, e := range a.srv.Journal().All(mockserver.Any) {
		if e.Sent {
			a.answers[e.Answers] = append(a.answers[e.Answers], e)
		} else {
			a.commands[e.ClTRID] = append(a.commands[e.ClTRID], e)
		}
	}
	for _, c := range callers {
		for i := range c.deeds {
			a.deed(&c.deeds[i])
		}
		for _, o := range c.objects {
			a.object(o)
		}
	}
}

// deed checks one command: how often it came, whether it was executed, and whether the
// answer that its caller got is its own.
func (a *audit) deed(d *deed) {
	came, executed := a.commands[d.id], 0
	for _, e := range came {
		if !slices.Contains(unexecuted, e.Fault) {
			executed++
		}
	}
	if !d.query && len(came) > 1 {
		a.complain("%s %s (%s) was sent %d times", d.verb, d.name, d.id, len(came))
	}
	allowed := a.row.transforms
	if d.query {
		allowed = a.row.queries
	}
	switch {
	case d.heard == answered, slices.Contains(allowed, d.heard):
	case d.heard == refused && a.row.lies: // it believed what it heard before
	default:
		a.complain("%s %s (%s) was %s: code %d, %v", d.verb, d.name, d.id, d.heard, d.code, d.err)
	}
	switch {
	case d.heard == notSent && len(came) > 0:
		a.complain("%s %s (%s) was sent, and its caller was told that it was not", d.verb, d.name, d.id)
	case (d.heard == answered || d.heard == useless) && executed == 0 && !a.row.lies:
		a.complain("%s %s (%s) was %s, and not executed", d.verb, d.name, d.id, d.heard)
	}
	if d.heard != answered && d.heard != refused {
		return
	}
	if !slices.ContainsFunc(came, func(e mockserver.Entry) bool {
		return slices.ContainsFunc(a.answers[e.Seq], func(r mockserver.Entry) bool {
			return (r.SvTRID == d.svTRID || d.svTRID == "" && a.row.kind == fault.MissingSvTRID) && r.Code == d.code
		})
	}) {
		a.complain("%s %s (%s) got an answer (%d, %s) that is not its own", d.verb, d.name, d.id, d.code, d.svTRID)
	}
	if d.about != "" && d.about != d.name && !a.row.renames {
		a.complain("%s %s (%s) got an answer about %s", d.verb, d.name, d.id, d.about)
	}
	if d.heard == refused && !a.row.lies && slices.ContainsFunc(came, func(e mockserver.Entry) bool {
		return slices.ContainsFunc(a.answers[e.Seq], func(r mockserver.Entry) bool { return r.Code.OK() })
	}) && !d.query {
		a.complain("%s %s (%s) was refused, and executed", d.verb, d.name, d.id)
	}
}

// object holds what a caller knows of a domain against the registry.
func (a *audit) object(o *object) {
	if o.doubt || a.row.lies {
		return
	}
	rec, err := a.reg.Record("domain", o.name)
	if (err != nil) != o.gone {
		a.complain("%s: gone for its caller: %t; of the registry: %v", o.name, o.gone, err)
		return
	}
	var d gtld.Domain
	if err != nil {
		return
	}
	if err := json.Unmarshal(rec.Value, &d); err != nil {
		a.complain("%s: %v", o.name, err)
		return
	}
	if word := d.Texts["clientHold"].Text; !d.ExDate.Equal(o.exDate) || word != o.word {
		a.complain("%s has %s and %q at the registry, %s and %q for its caller", o.name, d.ExDate, word, o.exDate, o.word)
	}
}

var msgID = regexp.MustCompile(`msgID="([^"]*)"`)

// messages checks that none was lost: each was handled before it was acknowledged, and
// there is none left that was not.
func (a *audit) messages(box *inbox, all []string) {
	for _, e := range a.srv.Journal().All(mockserver.And(mockserver.Received, mockserver.Verb("poll"))) {
		if id := msgID.FindStringSubmatch(e.Frame()); id != nil {
			if at, ok := box.handled[id[1]]; !ok || at >= e.Seq {
				a.complain("the message %s was acknowledged before it was handled", id[1])
			}
		}
	}
	for _, id := range all {
		if _, ok := box.handled[id]; !ok {
			a.complain("the message %s was lost", id)
		}
	}
	if n := a.reg.Queue.Len("reg-north"); n > 0 {
		a.complain("%d messages are left", n)
	}
}
