package epp

import "fmt"

// This file holds what a Fields method may call for values that have limits: checks,
// and the children that are most often limited.

// Length is [Codec.Check] for the number of characters in the child local, which is a
// token: white space around it does not count.
func (x *Codec) Length(local, s string, least, most int) {
	if x.checking() {
		x.StringLength(local, Collapse(s), least, most)
	}
}

// StringLength is Length for a text in which white space counts.
func (x *Codec) StringLength(local, s string, least, most int) {
	if x.checking() && !between(s, least, most) {
		x.flaw(local, &RuleError{Reason: fmt.Sprintf("must have %d to %d characters", least, most)})
	}
}

// NotBlank is [Codec.Check] for the child local, a token that must have a character.
func (x *Codec) NotBlank(local, s string) {
	if x.checking() {
		x.Check(Collapse(s) != "", local, "must not be empty")
	}
}

// NotEmpty is [Codec.Check] for a list that must have at least one child local.
func (x *Codec) NotEmpty(n int, local string) {
	if n == 0 && x.checking() {
		x.flaw(local, ErrMissing)
	}
}

// AtMost is [Codec.Check] for a list that may have no more than most children local.
func (x *Codec) AtMost(n, most int, local string) {
	if n > most && x.checking() {
		x.flaw(local, &RuleError{Reason: fmt.Sprintf("may occur %d times at most", most)})
	}
}

// Range is [Codec.Check] for the number in the child local.
func (x *Codec) Range(local string, n, least, most int) {
	if x.checking() && (n < least || n > most) {
		x.flaw(local, &RuleError{Reason: fmt.Sprintf("must be from %d to %d", least, most)})
	}
}

// Sized is a child that must be there and holds a token of least to most characters.
func (x *Codec) Sized(local string, v *string, least, most int) {
	x.Elem(local, Token(v))
	x.Length(local, *v, least, most)
}

// OptSized is Sized for a child that may be absent, which "" stands for.
func (x *Codec) OptSized(local string, v *string, least, most int) {
	if x.Opt(local, Token(v)) {
		x.Length(local, *v, least, most)
	}
}

// SizedList is Sized for a child that may occur any number of times.
func (x *Codec) SizedList(local string, v *[]string, least, most int) {
	x.List(local, v)
	for _, s := range *v {
		x.Length(local, s, least, most)
	}
}

// Ranged is a child that must be there and holds an integer from least to most.
func (x *Codec) Ranged(local string, v *int, least, most int) {
	x.Elem(local, Int(v))
	x.Range(local, *v, least, most)
}
