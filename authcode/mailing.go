package authcode

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/internal/mask"
)

// An Address is where mail goes.
type Address struct {
	Name  string // "" where it is not known
	Email string
	Lang  string // a language tag, as in "cs"; "" for the courier's default
}

// Mask shows the address in part, as in "j*****@e*****.*".
func (a Address) Mask() string { return mask.Email(a.Email, 5) }

// String is Mask, so that no address gets into a log by accident.
func (a Address) String() string { return a.Mask() }

// LogValue is Mask too.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.Mask()) }

// A Letter brings one code to one recipient.
type Letter struct {
	To      Address
	Role    Recipient // why it is this one
	Domain  string    // in canonical form
	Code    Secret
	Expires time.Time // zero where the code does not expire, or nobody says
}

// A Courier delivers letters. Any number of goroutines may use it at once.
type Courier interface {
	// Deliver returns when the letter was taken for delivery. The error is an
	// *Error, whose Unknown says that the letter may have been taken.
	Deliver(ctx context.Context, l Letter) error
}

// A Mailing is a Provider that sends the codes which another Provider only shows: it
// has the code shown and mails it, one letter for each address. What the other one
// sends by itself is left to it.
//
// It sends the code that the domain has, where asking for it changes nothing and the
// request is not for a fresh one, and has a new one made otherwise. Where the provider
// may send a new one by itself, one is made for the registrant alone. Before that it
// looks for the addresses, so that no code is made for nobody. A letter that is not
// delivered is a failed hand-over: the outcome is Refused, of class Undeliverable, and
// a new code that nobody got is revoked. It is Retryable where nobody got a code, and no
// server said that it never takes the letter. A new code that takes its time is not waited
// for: it will not be mailed, and the outcome is unknown.
type Mailing struct {
	Provider Provider
	Courier  Courier
	// Directory has the addresses of registrants and administrative contacts. Nil
	// is the provider's own; without one, resellers alone get mail.
	Directory Directory
	// Least is how much of its time a code must have left to be mailed; one hour.
	// In place of one that has less a new one is made, where that can be.
	Least time.Duration
	// Now is the clock; time.Now.
	Now func() time.Time
}

const leastTime = time.Hour

// revokeTimeout bounds the end of a code that nobody got. It goes on when the caller
// has given up.
const revokeTimeout = 30 * time.Second

// Choose returns the Provider that shows the codes.
func (p *Mailing) Choose(context.Context, string) (Provider, error) { return p.Provider, nil }

// Capabilities are the provider's, and the recipients that the Mailing adds.
func (p *Mailing) Capabilities(ctx context.Context, domain string) (Capabilities, error) {
	caps, err := p.Provider.Capabilities(ctx, domain)
	if err != nil {
		return caps, err
	}
	read, fresh := sources(caps)
	if !read && !fresh {
		return caps, nil
	}
	directory, err := p.directory(ctx, domain)
	if err != nil {
		return Capabilities{}, err
	}
	send := map[Recipient]Ability{}
	for _, to := range Recipients {
		a := caps.Send[to]
		if !sends(a) {
			a = Ability{} // one that may show the code is no Send here
			if able := fresh && mayMake(caps, to); (read || able) && (to == Reseller || directory != nil) {
				a = Ability{Outcomes: KindSent, NewCode: able}
			}
		}
		if a.Any() {
			send[to] = a
		}
	}
	caps.Send = send
	return caps, nil
}

// HandOver carries out a request.
func (p *Mailing) HandOver(ctx context.Context, r Request) (Outcome, error) {
	return AsOutcome(p.handOver(ctx, r))
}

func (p *Mailing) handOver(ctx context.Context, r Request) (Outcome, error) {
	r, err := r.Canonical()
	if err != nil {
		return nil, err
	}
	caps, err := p.Provider.Capabilities(ctx, r.Domain)
	if err != nil {
		return nil, err
	}
	read, fresh := sources(caps)
	if r.Verb != Send || sends(caps.For(r)) || !read && !fresh {
		return p.Provider.HandOver(ctx, r)
	}
	if r.Scope == Internal {
		no, _ := caps.Refuse(r)
		return no, nil
	}
	fresh = fresh && mayMake(caps, r.To)
	if !fresh && (!read || r.Fresh && caps.Regenerate.Any()) {
		return Refused{
			Class: Unsupported, Text: "a new code might be sent to somebody other than the " + string(r.To),
		}, nil
	}
	to, err := p.addresses(ctx, r)
	if err != nil {
		return nil, err
	}
	var out Outcome
	if read && !(r.Fresh && fresh) {
		out, err = p.Provider.HandOver(ctx, Request{Domain: r.Domain, Verb: Retrieve})
		fresh = fresh && err == nil && p.wanting(out)
	}
	if fresh {
		out, err = p.Provider.HandOver(ctx, Request{Domain: r.Domain, Verb: Regenerate})
	}
	if err != nil {
		return nil, err
	}
	switch out := out.(type) {
	case Code:
		return p.deliver(ctx, r, to, out, fresh)
	case Pending:
		out.Text = "" // which might have a code in it
		return nil, p.notMailed(r, "a new code is being made, and nobody will mail it: "+out.String())
	case Sent:
		if len(out.To) > 0 && !slices.Contains(out.To, r.To) {
			return nil, p.notMailed(r, out.String())
		}
	}
	return out, nil
}

// notMailed is a request after which there may be another code, and not for whom it was
// meant.
func (p *Mailing) notMailed(r Request, why string) error {
	return &Error{System: "mail", Op: r.String(), Domain: r.Domain, Unknown: true, Err: errors.New(why)}
}

// mayMake reports whether a new code can be made for a recipient: one that the provider
// may send by itself goes to the registrant.
func mayMake(c Capabilities, to Recipient) bool {
	return to == Registrant || c.Regenerate.Outcomes&KindSent == 0
}

// wanting reports whether what was read calls for a new code: there is none, or one that
// ends too soon.
func (p *Mailing) wanting(out Outcome) bool {
	switch out := out.(type) {
	case Refused:
		return out.Class == Unset
	case Code:
		now := time.Now
		if p.Now != nil {
			now = p.Now
		}
		return !out.Expires.IsZero() && out.Expires.Sub(now()) < cmp.Or(p.Least, leastTime)
	}
	return false
}

// sends reports whether a provider keeps the promise that the code is sent.
func sends(a Ability) bool { return a.Any() && a.Outcomes&KindCode == 0 }

// sources says how a code can be had to be mailed: by reading the one there is,
// without side effects, and by making one.
func sources(c Capabilities) (read, fresh bool) {
	return c.Retrieve.Any() && !c.Retrieve.SideEffects(), c.Regenerate.Outcomes&KindCode != 0
}

func (p *Mailing) directory(ctx context.Context, domain string) (Directory, error) {
	if p.Directory != nil {
		return p.Directory, nil
	}
	d, _, err := Find[Directory](ctx, p.Provider, domain)
	return d, err
}

// addresses are where the letters go, each once.
func (p *Mailing) addresses(ctx context.Context, r Request) ([]Address, error) {
	list := r.Reseller
	if r.To != Reseller {
		directory, err := p.directory(ctx, r.Domain)
		if err != nil {
			return nil, err
		}
		if directory == nil {
			return nil, Refused{Class: Unsupported, Text: "nobody here knows the address of the " + string(r.To)}
		}
		if list, err = directory.Addresses(ctx, r.Domain, r.To); err != nil {
			return nil, err
		}
	}
	var to []Address
	for _, a := range list {
		known := slices.ContainsFunc(to, func(b Address) bool { return strings.EqualFold(a.Email, b.Email) })
		if a.Email != "" && !known {
			to = append(to, a)
		}
	}
	if len(to) == 0 {
		return nil, Refused{Class: Undeliverable, Text: "there is no address of the " + string(r.To)}
	}
	return to, nil
}

// deliver mails a code, which is new or not, to all the addresses.
func (p *Mailing) deliver(ctx context.Context, r Request, to []Address, code Code, isNew bool) (Outcome, error) {
	var (
		sent, failed []string
		unknown      error
		passes       = true // what went wrong everywhere
	)
	for _, a := range to {
		err := p.Courier.Deliver(ctx, Letter{To: a, Role: r.To, Domain: r.Domain, Code: code.Value, Expires: code.Expires})
		switch {
		case err == nil:
			sent = append(sent, a.Mask())
		case OutcomeUnknown(err):
			unknown = errors.Join(unknown, err)
		default:
			failed = append(failed, a.Mask()+" ("+cause(err)+")")
			passes = passes && temporary(err)
		}
	}
	if unknown != nil {
		return nil, &Error{System: "mail", Op: r.String(), Domain: r.Domain, Unknown: true, Delivered: sent, Err: unknown}
	}
	if len(failed) == 0 {
		return Sent{To: []Recipient{r.To}, Addresses: sent, Expires: code.Expires}, nil
	}
	no := Refused{
		Class: Undeliverable, Retryable: passes && len(sent) == 0, Delivered: sent, Replaced: isNew,
		Text: "it could not be mailed to " + strings.Join(failed, ", "),
	}
	if isNew && len(sent) == 0 {
		no.Text += "; " + p.revoke(ctx, r.Domain)
	}
	return no, nil
}

// revoke ends a new code that nobody got, and says whether it could.
func (p *Mailing) revoke(ctx context.Context, domain string) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), revokeTimeout)
	defer cancel()
	end, ok, err := Find[Revoker](ctx, p.Provider, domain)
	if ok && err == nil {
		err = end.Revoke(ctx, domain)
	}
	if !ok || err != nil {
		return "the new code that nobody has stays in force"
	}
	return "the new code was ended again"
}

// temporary reports whether a letter may be delivered later: the server could not be
// reached, or did not say that it never will be (5yz, RFC 5321, section 4.2.1).
func temporary(err error) bool {
	var e *Error
	return SafeToRetry(err) && errors.As(err, &e) && !strings.HasPrefix(e.Code, "5")
}

// cause is what went wrong with a letter, without where.
func cause(err error) string {
	var e *Error
	if !errors.As(err, &e) || e.Err == nil {
		return err.Error()
	}
	if e.Code != "" {
		return e.Err.Error() + ", code " + e.Code
	}
	return e.Err.Error()
}
