package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/eppkit/eppkit/authcode"
)

// notSent reports whether a system showed the code that it was to send.
func notSent(r authcode.Request, out authcode.Outcome) bool {
	return r.Verb == authcode.Send && out.Kind() == authcode.KindCode
}

// A notSentError is a Send whose outcome is a Code.
type notSentError struct {
	domain  string
	printed bool
}

func (e *notSentError) Error() string {
	s := "the code of " + e.domain + " was NOT sent; the system showed it instead"
	if !e.printed {
		s += `, and it is not printed: "authcode get", or "reset" where the system shows new codes alone, has it or another; "send --show" prints it the next time`
	}
	return s
}

// printOutcome writes the code alone on standard output, so that a script can take it,
// and what is to be said about it on standard error. In text it leaves a code out where
// show does not ask for it. ours says that eppkit is to end a code that expires.
func (a *app) printOutcome(r authcode.Request, out authcode.Outcome, show, ours bool) error {
	if a.flags.output == "json" {
		return a.printJSON(outcomeObject(r, out))
	}
	switch out := out.(type) {
	case authcode.Code:
		if !show {
			return nil
		}
		value := out.Value.Reveal()
		if shown := oneLine(value); shown != value {
			fmt.Fprintln(a.err, "eppkit: the code has control characters, which are shown as spaces; -o json has it as it is")
			value = shown
		}
		fmt.Fprintln(a.out, value)
		fmt.Fprintf(a.err, "eppkit: the code of %s; %s\n", r.Domain, life(out.Expires, ours))
	case authcode.Sent:
		to := "the code of " + r.Domain + " was sent"
		if len(out.To) > 0 {
			to += " to the " + join(out.To)
		}
		fmt.Fprintln(a.out, to)
		for _, address := range out.Addresses {
			fmt.Fprintln(a.out, "  "+oneLine(address))
		}
		fmt.Fprintf(a.err, "eppkit: %s\n", life(out.Expires, ours))
	case authcode.Pending:
		fmt.Fprintln(a.out, oneLine(r.Domain+": "+out.String()))
	}
	return nil
}

// noOutcome tells a program that reads JSON why there is no outcome, and passes the
// error on. about is what was asked for.
func (a *app) noOutcome(about object, err error) error {
	if a.flags.output != "json" || exitStatus(err) == exitUsage {
		return err
	}
	o, call := append(about, field{"outcome", "failed"}), new(authcode.Error)
	no, refused := authcode.AsRefused(err)
	switch {
	case refused:
		o = append(about, refusalFields(no)...)
	case authcode.OutcomeUnknown(err):
		o = append(about, field{"outcome", "unknown"})
	}
	if errors.As(err, &call) {
		o = append(o, field{"system", call.System})
		if len(call.Delivered) > 0 {
			o = append(o, field{"delivered", list(call.Delivered)})
		}
	}
	if perr := a.printJSON(append(o, field{"error", oneLine(err.Error())})); perr != nil {
		return perr
	}
	return err
}

// life says until when a code is valid. One that is ours nobody else ends.
func life(expires time.Time, ours bool) string {
	if expires.IsZero() {
		return "the system does not tell until when it is valid"
	}
	s := "it is valid until " + expires.UTC().Format(time.RFC3339)
	if ours {
		s += `, when "authcode serve", or "authcode expire" run by cron, unsets it; where neither runs it stays valid`
	}
	return s
}

func join[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}

// outcomeObject is an outcome as JSON has it, with the code.
func outcomeObject(r authcode.Request, out authcode.Outcome) object {
	o := object{{"domain", r.Domain}, {"verb", string(r.Verb)}}
	if no, refused := out.(authcode.Refused); refused {
		return append(o, refusalFields(no)...)
	}
	o = append(o, field{"outcome", out.Kind().String()})
	add := func(name, value string) {
		if value != "" {
			o = append(o, field{name, value})
		}
	}
	switch out := out.(type) {
	case authcode.Code:
		o = append(o, field{"code", out.Value.Reveal()}, field{"scope", string(out.Scope.OrExternal())})
		if notSent(r, out) {
			o = append(o, field{"sent", false})
		}
		if !out.Expires.IsZero() {
			add("expires", out.Expires.UTC().Format(time.RFC3339))
		}
	case authcode.Sent:
		o = append(o, field{"to", list(out.To)})
		if len(out.Addresses) > 0 {
			o = append(o, field{"addresses", list(out.Addresses)})
		}
		if !out.Expires.IsZero() {
			add("expires", out.Expires.UTC().Format(time.RFC3339))
		}
	case authcode.Pending:
		add("operation", out.Operation)
		add("text", out.Text)
	}
	return o
}

func refusalFields(no authcode.Refused) object {
	o := object{{"outcome", no.Kind().String()}, {"class", string(no.Class)}}
	if no.Code != "" {
		o = append(o, field{"code", no.Code})
	}
	if no.Text != "" {
		o = append(o, field{"text", no.Text})
	}
	o = append(o, field{"retryable", no.Retryable})
	if len(no.Delivered) > 0 {
		o = append(o, field{"delivered", list(no.Delivered)})
	}
	if no.Replaced {
		o = append(o, field{"replaced", true})
	}
	return o
}

func (a *app) printCapabilities(c authcode.Capabilities) error {
	if a.flags.output == "json" {
		var send object
		for _, to := range authcode.Recipients {
			send = append(send, field{string(to), abilityObject(c.Send[to])})
		}
		return a.printJSON(object{
			{"get", abilityObject(c.Retrieve)},
			{"reset", abilityObject(c.Regenerate)},
			{"send", send},
			{"internal", c.Internal},
		})
	}
	o := object{{"get", abilityText(c.Retrieve)}, {"reset", abilityText(c.Regenerate)}}
	for _, to := range authcode.Recipients {
		o = append(o, field{"send --to " + string(to), abilityText(c.Send[to])})
	}
	printObject(a.out, append(o, field{"--internal", c.Internal}))
	return nil
}

func abilityObject(can authcode.Ability) object {
	return object{
		{"can", can.Any()},
		{"outcomes", list(can.Outcomes.Names())},
		{"newCode", can.NewCode},
		{"chosen", can.Chosen},
	}
}

func abilityText(can authcode.Ability) string {
	if !can.Any() {
		return "no"
	}
	text := "yes; outcome: " + strings.Join(can.Outcomes.Names(), " or ")
	if can.NewCode {
		text += "; a code handed over before may stop working"
	}
	return text
}

// list is a list as an object has it.
func list[T ~string](words []T) []any {
	l := make([]any, len(words))
	for i, w := range words {
		l[i] = string(w)
	}
	return l
}
