package main

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// connect is the session that all lines share. One that was lost is replaced; what was
// sent on it is not sent again.
func (c *console) connect(ctx context.Context) (*client.Session, error) {
	switch {
	case c.session != nil && c.session.Err() == nil:
		if c.owed.Load() > 0 { // one was given up
			c.note("waiting for the answer to the line before")
		}
		return c.session, nil
	case c.loggedOut:
		return nil, &configError{errors.New("you have logged out; login opens a session again")}
	case c.refused != nil:
		return nil, c.refused
	}
	if c.session != nil {
		c.note(fmt.Sprintf("the session was lost (%v); connecting again", c.session.Err()))
		c.session.Close()
		c.session = nil
	}
	if wait := time.Until(c.notBefore); wait > 0 {
		c.note(fmt.Sprintf("waiting %s before another try", wait.Round(time.Second/10)))
		if linger(ctx, wait); ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	s, err := c.dial(ctx)
	if err != nil {
		c.notBefore = time.Now().Add(backOff(c.failures))
		c.failures++
		return nil, err
	}
	c.session, c.failures = s, 0
	c.warn(s.LoginResponse())
	return s, nil
}

func (c *console) dial(ctx context.Context) (*client.Session, error) {
	t, err := c.target(ctx, true)
	if err != nil {
		return nil, err
	}
	defer t.close()
	c.asToldBy(t.opts.Credentials)
	t.opts.Trace = c.trace(t)
	s, err := t.dial(ctx)
	if err == nil {
		c.clID = t.opts.Credentials.ClID
		c.tape.clear() // of the login
		c.owed.Store(0)
		return s, nil
	}
	var login *client.LoginError
	if errors.As(err, &login) {
		if exitStatus(err) == exitAuthentication {
			c.refused = fmt.Errorf("nothing is tried again before you say login, so that no account gets locked: %w", err)
		}
		var re *epp.ResultError
		if errors.As(err, &re) && re.Response != nil {
			c.warn(re.Response)
		}
	}
	return nil, err
}

// backOff is how long the registry is left alone after so many failures and one.
func backOff(failures int) time.Duration {
	return min(time.Second<<min(failures, 5), 30*time.Second)
}

// lend gives the session to a line, unless that chose another registry.
func (c *console) lend(line *app) func(context.Context) (*client.Session, error) {
	return func(ctx context.Context) (*client.Session, error) {
		if err := c.sameRegistry(line); err != nil {
			return nil, err
		}
		return c.connect(ctx)
	}
}

// identify has a line with sessions of its own, such as bulk, log in as the shell did.
func (c *console) identify(line *app) func(*client.Credentials) error {
	return func(cred *client.Credentials) error {
		if err := c.sameRegistry(line); err != nil {
			return err
		}
		c.asToldBy(cred)
		return nil
	}
}

// sameRegistry refuses a line that chose another registry.
func (c *console) sameRegistry(line *app) error {
	of, mine := line.flags, c.flags
	if of.config != mine.config || of.profile != mine.profile || of.mock != mine.mock || of.registry != mine.registry {
		return usage("this session is with %s; another registry is for another shell", c.name)
	}
	return nil
}

// asToldBy makes the profile's credentials those that login was given, where it was.
func (c *console) asToldBy(cred *client.Credentials) {
	if c.as != nil {
		cred.ClID, cred.PW = c.as.ClID, c.as.PW
	}
}

// mayRun refuses a command that goes by the configuration alone while somebody else is
// logged in. login is about the password that is in there.
func (c *console) mayRun(cmd *cobra.Command) error {
	top := strings.Fields(cmd.CommandPath())[1:]
	if c.as == nil || c.as.ClID == c.configured || len(top) == 0 || top[0] != "authcode" && top[0] != "login" {
		return nil
	}
	return &configError{fmt.Errorf("you are logged in as %s; this command would use %s of the profile", c.as.ClID, c.configured)}
}

// keepAlive sends a hello after each stretch of silence, until it is told to stop. It
// waits for that.
func (c *console) keepAlive(ctx context.Context) (stop func()) {
	s := c.session
	if s == nil || s.Err() != nil || c.options.keepAlive == 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	c.quiet.Store(true)
	go func() {
		defer close(done)
		stayAwake(ctx, c.options.keepAlive, func(ctx context.Context) error {
			_, _ = s.Hello(ctx)
			return s.Err() // which the next command tells
		})
	}()
	return func() {
		cancel()
		<-done
		c.quiet.Store(false)
	}
}

// helloTime is what a hello may take that nobody asked for.
const helloTime = 20 * time.Second

// stayAwake says hello after each stretch of time, until that fails or ctx ends.
func stayAwake(ctx context.Context, every time.Duration, hello func(context.Context) error) {
	for linger(ctx, every); ctx.Err() == nil; linger(ctx, every) {
		if err := within(ctx, helloTime, hello); err != nil {
			return
		}
	}
}

// linger waits for a time, or until ctx ends.
func linger(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func within(ctx context.Context, d time.Duration, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return f(ctx)
}

// trace keeps the frames of a line, and what can be completed from them, and has the line
// show them.
func (c *console) trace(t *target) func(client.Direction, []byte) {
	return func(dir client.Direction, frame []byte) {
		quiet := c.quiet.Load()
		c.owe(dir, quiet)
		if quiet {
			return
		}
		shown := t.opts.Schema.Redact(frame)
		if cred := t.opts.Credentials; cred != nil {
			shown = cred.Redact(shown)
		}
		c.tape.add(dir, shown)
		c.see(dir, frame)
		line := c.current.Load()
		if line == nil {
			line = c.app
		}
		line.trace(t.opts.Schema, t)(dir, frame)
	}
}

// owe counts the answers that lines wait for. What the console asks for itself is not
// counted, and as its answer may come later, there are never less than none.
func (c *console) owe(dir client.Direction, quiet bool) {
	switch n := c.owed.Load(); {
	case dir == client.Sent && !quiet:
		c.owed.Add(1)
	case dir == client.Received && n > 0:
		c.owed.CompareAndSwap(n, n-1)
	}
}

// A tape has the frames of the latest line that sent any, without their secrets.
type tape struct {
	mu     sync.Mutex
	frames []taped
	stale  bool // the frames are of a line before
	sent   []byte
}

type taped struct {
	dir   client.Direction
	frame []byte
}

// tapedFrames are kept at most.
const tapedFrames = 20

func (t *tape) add(dir client.Direction, frame []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stale {
		t.frames, t.stale = nil, false
	}
	if len(t.frames) == tapedFrames {
		t.frames = t.frames[1:]
	}
	t.frames = append(t.frames, taped{dir, frame})
	if dir == client.Sent {
		t.sent = frame
	}
}

func (t *tape) nextLine() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stale = true
}

func (t *tape) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.frames, t.sent = nil, nil
}

// last are the frames, and the one that was sent last.
func (t *tape) last() (frames []taped, sent []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append(frames, t.frames...), t.sent
}

// seenIn are the kinds of names that stand in elements, by prefix and local name.
var seenIn = map[string]string{
	"domain:name": "domain", "domain:hostObj": "host", "host:name": "host", "domain:ns": "host",
	"contact:id": "contact", "domain:registrant": "contact", "domain:contact": "contact", "domain:admin": "contact",
	"nsset:tech": "contact", "keyset:tech": "contact", "org:contact": "contact",
	"nsset:id": "nsset", "domain:nsset": "nsset", "keyset:id": "keyset", "domain:keyset": "keyset", "org:id": "org",
	"nsset:name": "host",
}

// listed are the kinds of what FRED's lists hold, by how their commands begin.
var listed = []struct{ prefix, kind string }{
	{"listContacts", "contact"},
	{"listDomains", "domain"},
	{"listNssets", "nsset"},
	{"listKeysets", "keyset"},
	{"domainsBy", "domain"},
	{"nssetsBy", "nsset"},
	{"keysetsBy", "keyset"},
}

// see remembers the names in a frame.
func (c *console) see(dir client.Direction, frame []byte) {
	d := xml.NewDecoder(strings.NewReader(string(frame)))
	kind := ""
	for {
		tok, err := d.Token()
		if err != nil {
			return
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			prefix := epp.PrefixOf(tok.Name.Space)
			kind = seenIn[prefix+":"+tok.Name.Local]
			if prefix == "fred" {
				kind = c.seeListed(tok.Name.Local)
			}
			if tok.Name.Local == "msgQ" && dir == client.Received {
				for _, a := range tok.Attr {
					if a.Name.Local == "id" {
						c.seen.Add("message", a.Value)
					}
				}
			}
		case xml.CharData:
			if kind != "" {
				c.seen.Add(kind, strings.TrimSpace(string(tok)))
			}
		case xml.EndElement:
			kind = ""
		}
	}
}

// seeListed remembers what a list is of, and returns that for its items.
func (c *console) seeListed(local string) string {
	if kind := c.listing.Load(); local == "item" && kind != nil {
		return *kind
	}
	for _, l := range listed {
		if strings.HasPrefix(local, l.prefix) {
			c.listing.Store(&l.kind)
		}
	}
	return ""
}
