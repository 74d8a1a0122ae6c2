package authcode

import (
	"errors"
	"fmt"
	"strings"
)

// A Refused is a request that the system turned down: nobody got a code and none was
// made, unless Delivered or Replaced say so. It is also an error, for functions whose
// result is no Outcome.
type Refused struct {
	Class Class
	// Code and Text are the upstream's own: an EPP or XCP code, an HTTP status
	// where the interface has nothing else. "" where eppkit itself refused.
	Code string
	Text string
	// Retryable says that the same request may succeed later, as it is.
	Retryable bool
	// HTTPStatus and Body are of the answer that said no, where there was one.
	HTTPStatus int
	Body       Body
	// Delivered are the masked addresses of those who got the code although the
	// hand-over failed: some mail was delivered, and some not.
	Delivered []string
	// Replaced says that a new code was made before the hand-over failed: one that
	// was handed over before does not work any more.
	Replaced bool
}

// Partial reports whether something was done although the request was refused.
func (o Refused) Partial() bool { return len(o.Delivered) > 0 || o.Replaced }

// A Class is why a request was refused, in words that all systems share.
type Class string

// The classes.
const (
	Invalid       Class = "invalid"       // the request makes no sense to the system
	Unsupported   Class = "unsupported"   // the system does not do that
	NoCodes       Class = "no codes"      // domains of this kind have no codes
	NotFound      Class = "not found"     // there is no such domain
	NotYours      Class = "not yours"     // the domain is another's
	Locked        Class = "locked"        // the domain's status forbids a transfer; unlock it first
	Unset         Class = "unset"         // the domain has no code; regenerate one
	Denied        Class = "denied"        // the holder or the registry forbids it
	Unauthorized  Class = "unauthorized"  // the system does not know the caller
	RateLimited   Class = "rate limited"  // too many requests
	Busy          Class = "busy"          // another operation on the domain goes on
	Undeliverable Class = "undeliverable" // the code could not be sent
	Unavailable   Class = "unavailable"   // the system is out of service; nothing was done
	Failed        Class = "failed"        // the system tried and failed
)

// Classes are all classes.
var Classes = [...]Class{
	Invalid, Unsupported, NoCodes, NotFound, NotYours, Locked, Unset, Denied,
	Unauthorized, RateLimited, Busy, Undeliverable, Unavailable, Failed,
}

// String tells why, without the body.
func (o Refused) String() string {
	s := "refused (" + string(o.Class) + ")"
	if o.Code != "" {
		s += " with " + o.Code
	}
	s = withText(s, o.Text)
	if len(o.Delivered) > 0 {
		s += "; but it was sent to " + strings.Join(o.Delivered, ", ")
	}
	if o.Replaced {
		s += "; the code before does not work any more"
	}
	return s
}

// Error is String.
func (o Refused) Error() string { return "authcode: " + o.String() }

// Is reports whether target is a Refused of the same class that says nothing else:
// errors.Is(err, authcode.Refused{Class: authcode.NotFound}).
func (o Refused) Is(target error) bool {
	t, ok := target.(Refused)
	return ok && t.Class == o.Class && t.Code == "" && t.Text == ""
}

// A Body is an answer as it came. It may hold a code, so that what prints it shows
// its length alone.
type Body []byte

// Format hides the content from package fmt.
func (b Body) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "(%d octets)", len(b)) }

// String is the length in words.
func (b Body) String() string { return fmt.Sprintf("(%d octets)", len(b)) }

// MarshalText hides the content from JSON and logs.
func (b Body) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// AsRefused returns the Refused in err's chain; false where there is none.
func AsRefused(err error) (Refused, bool) {
	var no Refused
	ok := errors.As(err, &no)
	return no, ok
}
