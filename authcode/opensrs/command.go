package opensrs

import (
	"context"
	"errors"
	"strings"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
)

// A command is what a request asks for: its action, and what of the domain it is about.
type command struct{ action, what string }

// A query is the rest of a request.
type query struct {
	who        gateway.Caller
	domain     string
	attributes Assoc
}

// commands are those there are, all of the object domain.
var commands = map[command]func(*handler, context.Context, query) (reply, error){
	{"send_authcode", ""}:          (*handler).sendAuthCode,
	{"get", "domain_auth_info"}:    (*handler).domainAuthInfo,
	{"get", "status"}:              (*handler).lockState,
	{"modify", "domain_auth_info"}: (*handler).setDomainAuthInfo,
	{"modify", "status"}:           (*handler).setLockState,
}

// carryOut answers a request. The error is a Refused or an *authcode.Error.
func (h *handler) carryOut(ctx context.Context, who gateway.Caller, data Assoc) (reply, error) {
	v, _ := data.Get("attributes")
	q := query{who: who, attributes: v.Assoc}
	word := func(key string) string { return strings.ToLower(q.attributes.Word(key)) }
	c := command{action: strings.ToLower(data.Word("action"))}
	name := "domain"
	switch c.action {
	case "send_authcode":
		name = "domain_name"
	case "get":
		c.what = word("type")
	case "modify":
		c.what = word("data")
	}
	q.domain = q.attributes.Word(name)
	if q.domain == "" && name == "domain" {
		q.domain = data.Word(name) // where some clients have it
	}
	do := commands[c]
	protocol := data.Word("protocol")
	switch {
	case protocol != "" && !strings.EqualFold(protocol, "XCP"),
		!strings.EqualFold(data.Word("object"), "domain"), do == nil:
		return reply{code: codeCommand, text: "there is no such command here"}, nil
	case q.domain == "":
		return missing(name), nil
	}
	return do(h, ctx, q)
}

func missing(key string) reply {
	return reply{code: codeMissing, text: "the attribute " + key + " is missing"}
}

func done(attributes Assoc) reply {
	return reply{code: codeDone, text: "Command successful", attributes: attributes}
}

// accepted is the answer to what goes on.
func accepted(out authcode.Pending) reply {
	r := reply{code: codePending, text: out.Text}
	if r.text == "" {
		r.text = "Command accepted"
	}
	if out.Operation != "" {
		r.attributes = Assoc{{"transaction_id", Text(printable(out.Operation))}}
	}
	return r
}

// sendAuthCode has the code sent to the administrative contact.
func (h *handler) sendAuthCode(ctx context.Context, q query) (reply, error) {
	out, err := h.g.HandOver(ctx, q.who, authcode.Request{
		Domain: q.domain, Verb: authcode.Send, To: authcode.Admin,
	}, authcode.KindSent|authcode.KindPending)
	if err != nil {
		return reply{}, err
	}
	switch out := out.(type) {
	case authcode.Refused:
		return reply{}, out
	case authcode.Pending:
		return accepted(out), nil
	}
	return reply{code: codeDone, text: "Message sent"}, nil
}

// domainAuthInfo shows the code, unless more would come of that.
func (h *handler) domainAuthInfo(ctx context.Context, q query) (reply, error) {
	if caps, err := h.g.Capabilities(ctx, q.who, q.domain); err == nil && caps.Retrieve.NewCode {
		return reply{}, authcode.Refused{
			Class: authcode.Unsupported, Text: "to read the code would replace it, so it is not read here",
		}
	} // an error comes again
	out, err := h.g.HandOver(ctx, q.who, authcode.Request{Domain: q.domain, Verb: authcode.Retrieve}, authcode.KindCode)
	if err != nil {
		return reply{}, err
	}
	var code authcode.Secret
	switch out := out.(type) {
	case authcode.Code:
		code = out.Value
	case authcode.Refused:
		if out.Class != authcode.Unset || h.opts.Codes[authcode.Unset] != "" {
			return reply{}, out
		}
	}
	return done(Assoc{{"domain_auth_info", Value{Text: code}}}), nil
}

var errOtherCode = errors.New("another code was set than the one that was asked for")

// setDomainAuthInfo sets the code that the request has.
func (h *handler) setDomainAuthInfo(ctx context.Context, q query) (reply, error) {
	code := q.attributes.Text("domain_auth_info")
	if code == "" {
		return missing("domain_auth_info"), nil
	}
	out, err := h.g.HandOver(ctx, q.who, authcode.Request{
		Domain: q.domain, Verb: authcode.Regenerate, Value: code,
	}, authcode.KindCode|authcode.KindPending)
	if err != nil {
		return reply{}, err
	}
	switch out := out.(type) {
	case authcode.Refused:
		return reply{}, out
	case authcode.Pending:
		return accepted(out), nil
	case authcode.Code:
		if out.Value != code {
			h.g.Log().Error("a code of the provider's own", "domain", q.domain)
			return reply{}, &authcode.Error{
				System: "opensrs", Op: "modify", Domain: q.domain, Unknown: true, Err: errOtherCode,
			}
		}
	}
	return done(nil), nil
}

// lockState tells whether transfers are forbidden.
func (h *handler) lockState(ctx context.Context, q query) (reply, error) {
	d, err := h.g.Describe(ctx, q.who, q.domain)
	if err != nil {
		return reply{}, err
	}
	if d.Locked == authcode.Untold {
		return reply{}, authcode.Refused{
			Class: authcode.Unsupported, Text: "it is not known here whether the domain is locked",
		}
	}
	state := Assoc{{"lock_state", Text(flag(d.Locked == authcode.Yes))}}
	if d.Lockable != authcode.Untold {
		state = append(state, Item{"can_modify", Text(flag(d.Lockable == authcode.Yes))})
	}
	return done(state), nil
}

// setLockState locks or unlocks, because the request says so.
func (h *handler) setLockState(ctx context.Context, q query) (reply, error) {
	state := q.attributes.Word("lock_state")
	switch state {
	case "":
		return missing("lock_state"), nil
	case "0", "1":
	default:
		return reply{}, authcode.Refused{Class: authcode.Invalid, Text: "lock_state is neither 0 nor 1"}
	}
	if err := h.g.SetLock(ctx, q.who, q.domain, state == "1"); err != nil {
		return reply{}, err
	}
	return done(nil), nil
}
