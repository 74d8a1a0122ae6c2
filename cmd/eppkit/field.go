package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/eppkit/eppkit/epp"
)

// A form is the flags of one command. What kind of registry the command is for is known
// only when it runs, so that a form has the flags of all kinds, and keeps what was given
// until then.
type form struct {
	cmd    *cobra.Command // nil for a form that no command line fills in
	stdin  io.Reader
	fields []*formField
	rules  map[string][]func() error // by kind of registry
}

// A formField is one flag of a form. Kinds of registry that have a flag of the same name
// share it; what each makes of its values is its own matter.
type formField struct {
	name  string
	yesNo bool     // may stand without a value
	off   bool     // false is as if it were not there
	many  bool     // may be given several times
	words []string // for completion
	given []string
	// A flag that names a file with a secret has the name of the secret, such as
	// authinfo; direct says that given is the secret itself.
	secret string
	direct bool
	uris   []string // of the extension that the flag is of
	of     []kindField
}

// A kindField is what a kind of registry makes of a flag.
type kindField struct {
	kind  string
	help  string
	read  func(context.Context, []string) error // gets the values
	empty bool                                  // one may be empty
}

// at is a flag as a kind of registry has it, or nil.
func (f *formField) at(kind string) *kindField {
	i := slices.IndexFunc(f.of, func(of kindField) bool { return of.kind == kind })
	if i < 0 {
		return nil
	}
	return &f.of[i]
}

// Set keeps a value. It is a method of pflag.Value, as are the next two.
func (f *formField) Set(s string) error {
	if off, err := boolean(s); f.off && err == nil && !off {
		f.given = nil
		return nil
	}
	f.given = append(f.given, s)
	return nil
}

func (f *formField) String() string { return "" }

func (f *formField) Type() string {
	if f.yesNo {
		return "bool"
	}
	return "string"
}

// fields are those of a form that one kind of registry has.
type fields struct {
	*form
	kind string
}

// add adds a flag. read gets at least one value.
func (x *fields) add(name, help string, read func(context.Context, []string) error) *formField {
	f := x.field(name)
	if f == nil {
		f = &formField{name: name}
		x.fields = append(x.fields, f)
		if x.cmd != nil {
			x.cmd.Flags().Var(f, name, help)
		}
	}
	of := kindField{kind: x.kind, help: help, read: read}
	if had := f.at(x.kind); had != nil {
		*had = of
	} else {
		f.of = append(f.of, of)
	}
	return f
}

// emptyForNone lets flags be given an empty value, which removes what there was. For any
// other flag that is an error: it comes of a script whose variable was never set.
func (x *fields) emptyForNone(names ...string) {
	for _, name := range names {
		of := x.field(name).at(x.kind)
		of.empty = true
		of.help += "; empty for none"
		x.flag(name).Usage = of.help
	}
}

func (x *form) field(name string) *formField {
	i := slices.IndexFunc(x.fields, func(f *formField) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return x.fields[i]
}

// flag is a flag as its command has it, or one that nobody sees.
func (x *form) flag(name string) *pflag.Flag {
	if x.cmd == nil {
		return new(pflag.Flag)
	}
	return x.cmd.Flags().Lookup(name)
}

// given reports whether one of some flags was given.
func (x *form) given(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { f := x.field(name); return f != nil && len(f.given) > 0 })
}

// value is what a flag was given first, or "".
func (x *form) value(name string) string {
	if !x.given(name) {
		return ""
	}
	return x.field(name).given[0]
}

// anyGiven reports whether any flag was given.
func (x *form) anyGiven() bool {
	return slices.ContainsFunc(x.fields, func(f *formField) bool { return len(f.given) > 0 })
}

// must adds a rule of the kind of registry, which is looked at before any flag is read.
func (x *fields) must(rule func() error) {
	x.rules[x.kind] = append(x.rules[x.kind], rule)
}

// notBoth refuses two flags of which one is to be chosen.
func (x *fields) notBoth(a, b string) {
	x.must(func() error {
		if x.given(a) && x.given(b) {
			return usage("--%s and --%s can't be used together", a, b)
		}
		return nil
	})
}

// needs refuses a flag without another one.
func (x *fields) needs(a, b string) {
	x.must(func() error {
		if x.given(a) && !x.given(b) {
			return usage("--%s needs --%s", a, b)
		}
		return nil
	})
}

// required refuses a command without one of the flags that it can't do without.
func (x *fields) required(names ...string) {
	x.must(func() error { return x.need(names...) })
}

func (x *form) need(names ...string) error {
	for _, name := range names {
		if !x.given(name) {
			return usage("--%s is missing", name)
		}
	}
	return nil
}

// fill hands to each flag of a kind of registry what was given.
func (x *form) fill(ctx context.Context, kind string) error {
	for _, f := range x.fields {
		if len(f.given) == 0 {
			continue
		}
		of := f.at(kind)
		if of == nil {
			return usage("--%s is of registries of the kind %s; this one is of the kind %s", f.name, otherKind(kind), kind)
		}
		if slices.Contains(f.given, "") && !of.empty {
			return usage("--%s is empty", f.name)
		}
	}
	for _, rule := range x.rules[kind] {
		if err := rule(); err != nil {
			return err
		}
	}
	for _, f := range x.fields {
		if len(f.given) == 0 {
			continue
		}
		if err := f.at(kind).read(ctx, f.given); err != nil {
			return err
		}
	}
	return nil
}

// label says in the help of each flag which kind of registry has it, where that is not
// both, and what it is for each where that differs.
func (x *form) label() {
	for _, f := range x.fields {
		fred, gtld := f.at("fred"), f.at("gtld")
		switch {
		case gtld == nil:
			x.flag(f.name).Usage = fred.help + " (fred)"
		case fred == nil:
			x.flag(f.name).Usage = gtld.help + " (gtld)"
		case fred.help != gtld.help:
			x.flag(f.name).Usage = fred.help + " (fred); " + strings.ReplaceAll(gtld.help, "`", "") + " (gtld)"
		}
	}
}

func otherKind(kind string) string {
	if kind == "gtld" {
		return "fred"
	}
	return "gtld"
}

// one is a flag that may be given once. An error of parse says what the value must be.
func one[T any](x *fields, name, help string, v *T, parse func(string) (T, error)) *formField {
	return x.add(name, help, func(_ context.Context, given []string) error {
		if len(given) > 1 {
			return usage("--%s is given twice", name)
		}
		return parsed(name, given[0], v, parse)
	})
}

// opt is a flag whose absence is nil.
func opt[T any](x *fields, name, help string, v **T, parse func(string) (T, error)) *formField {
	return one(x, name, help, v, func(s string) (*T, error) {
		value, err := parse(s)
		return &value, err
	})
}

// each is a flag that may be given several times.
func each[T any](x *fields, name, help string, v *[]T, parse func(string) (T, error)) *formField {
	f := x.add(name, help+"; may be given several times", func(_ context.Context, given []string) error {
		for _, s := range given {
			var value T
			if err := parsed(name, s, &value, parse); err != nil {
				return err
			}
			*v = append(*v, value)
		}
		return nil
	})
	f.many = true
	return f
}

func parsed[T any](name, s string, v *T, parse func(string) (T, error)) (err error) {
	if *v, err = parse(s); err != nil {
		return usage("--%s is %q; %w", name, s, err)
	}
	return nil
}

// choice is a flag with one of some words.
func choice(x *fields, name, help string, v *string, words ...string) {
	x.offer(one(x, name, help+": "+strings.Join(words, ", "), v, wordOf(words...)), words)
}

// offer lets words complete a flag.
func (x *fields) offer(f *formField, words []string) {
	if x.cmd == nil {
		return
	}
	f.words = append(f.words, slices.DeleteFunc(slices.Clone(words), func(word string) bool { return slices.Contains(f.words, word) })...)
	_ = x.cmd.RegisterFlagCompletionFunc(f.name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return f.words, cobra.ShellCompDirectiveNoFileComp
	}) // it is there already where both kinds have the flag
}

// yes is a flag that is there or not.
func yes(x *fields, name, help string, v *bool) {
	f := one(x, name, help, v, boolean)
	f.off = true
	mayStandAlone(x, f)
}

// yesNo is yes where no is an answer, too: --name=false.
func yesNo(x *fields, name, help string, v **bool) { mayStandAlone(x, opt(x, name, help, v, boolean)) }

func mayStandAlone(x *fields, f *formField) {
	f.yesNo = true
	x.flag(f.name).NoOptDefVal = "true"
}

// file is a flag that names a file, or - for standard input. An error of parse continues
// a sentence that begins with its name.
func file[T any](x *fields, name, help string, v *T, parse func([]byte) (T, error)) *formField {
	return x.add(name, help, func(ctx context.Context, given []string) error {
		if len(given) > 1 {
			return usage("--%s is given twice", name)
		}
		b, err := readFile(ctx, given[0], x.stdin)
		if err != nil {
			return err
		}
		if *v, err = parse(b); err != nil {
			return &configError{fmt.Errorf("%s %w", inputName(given[0]), err)}
		}
		return nil
	})
}

// secret is the flag --name-file, which names a file with a secret in its first line:
// what stands in a command line other users of the machine may see.
func secret(x *fields, name, help, what string, v **epp.Secret) {
	f := file(x, name+"-file", help+" in the first line of this `FILE`, or of standard input for -", v,
		func(b []byte) (*epp.Secret, error) {
			line := firstLine(b)
			if line == "" {
				return nil, fmt.Errorf("holds no %s on its first line", what)
			}
			return new(epp.Secret(line)), nil
		})
	f.secret = name
	of := f.at(x.kind)
	fromFile := of.read
	of.read = func(ctx context.Context, given []string) error {
		switch {
		case !f.direct:
			return fromFile(ctx, given)
		case len(given) > 1:
			return usage("%s is given twice", name)
		}
		*v = new(epp.Secret(given[0]))
		return nil
	}
}
