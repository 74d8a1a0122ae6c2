package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/bulk"
)

// A rowSource makes questions of rows.
type rowSource interface {
	name() string // of the command, as the command line calls it
	// parts are what makes the command what it is, for all rows.
	parts() []bulk.Part
	// about says in which columns a cell may hold several values, and secret in which
	// there are secrets.
	about() (many, secret func(string) bool)
	// question is what a row asks. What is wrong with the row is a usageError.
	question(ctx context.Context, row bulk.Row) (*rowQuestion, error)
}

// A rowForm is a command about objects that is filled in by rows.
type rowForm struct {
	object   string
	verb     verb
	kind     string // of registry
	defaults *form  // for what a row does not give
	args     []string
	set      *epp.Schema // to try whether a frame can be made
	adds     []addition
}

// sheet is an empty one.
func (x *rowForm) sheet() *sheet {
	return newSheet(x.object, x.verb, x.adds, nil, noInput{}, x.kind)
}

// name is what the command line calls the command, with the argument that all rows share.
func (x *rowForm) name() string {
	return strings.Join(append([]string{x.object, x.verb.name()}, x.args...), " ")
}

func (x *rowForm) parts() []bulk.Part {
	var given []byte
	for _, f := range x.defaults.fields {
		given = fmt.Appendf(given, "%s=%q\n", f.name, f.given)
	}
	return []bulk.Part{{Name: "command", Content: []byte(x.name())}, {Name: "default", Content: given}}
}

// A param is an argument of a command: as a column it has its name in small letters.
type param struct {
	name           string
	optional, many bool
}

// params are those of a command, from the line that says how it is used.
func (v verb) params() (list []param) {
	for _, word := range strings.Fields(v.use)[1:] {
		name, many := strings.CutSuffix(word, "...")
		bare := strings.Trim(name, "[]")
		list = append(list, param{strings.ToLower(bare), bare != name, many})
	}
	return list
}

// A rowQuestion is what a row asks: with a question of ours, or with a document.
type rowQuestion struct {
	object string // that it is about
	question
	exts []maker

	doc    []byte       // is sent as it is
	cmd    *epp.Command // of doc; nil where that can't be read as one
	secret bool         // doc stands in the row, and there are secrets in it
}

// command is the command for a registry that has sent this greeting; nil for one of
// which nothing is known.
func (q *rowQuestion) command(g *epp.Greeting, set *epp.Schema, clTRID string) (*epp.Command, error) {
	if q.doc != nil {
		return q.cmd, nil
	}
	elements, err := extensionsFor(g, set, q.exts)
	if err != nil {
		return nil, err
	}
	return &epp.Command{Request: q.request(), Extension: elements, ClTRID: clTRID}, nil
}

// isQuery reports whether asking twice is as good as once.
func (q *rowQuestion) isQuery() bool {
	if q.doc != nil {
		return q.cmd != nil && q.cmd.IsQuery()
	}
	return (&epp.Command{Request: q.request()}).IsQuery()
}

// frame is what would be sent, as far as that is known before a greeting.
func (q *rowQuestion) frame(set *epp.Schema) ([]byte, error) {
	if q.doc != nil {
		return q.doc, nil
	}
	cmd, err := q.command(nil, nil, "eppkit-dry-run")
	if err != nil {
		return nil, err
	}
	return set.Append(nil, cmd)
}

// noInput is the standard input of a row.
type noInput struct{}

func (noInput) Read([]byte) (int, error) { return 0, errors.New("a row can't read standard input") }

func (x *rowForm) question(ctx context.Context, row bulk.Row) (*rowQuestion, error) {
	s := x.sheet()
	for _, f := range s.fields {
		if d := x.defaults.field(f.name); d != nil {
			f.given = slices.Clone(d.given)
		}
	}
	params := x.verb.params()
	given := make([][]string, len(params))
	if len(x.args) > 0 {
		given[0] = x.args[:1]
	}
	var begun []any // the fields and params that this row has given something
	for _, cell := range row.Cells {
		if i := slices.IndexFunc(params, func(p param) bool { return p.name == cell.Name }); i >= 0 {
			if !slices.Contains(begun, any(i)) {
				begun, given[i] = append(begun, i), nil
			}
			given[i] = append(given[i], cell.Value)
			continue
		}
		f, direct := s.column(cell.Name)
		if f == nil {
			return nil, usage("there is no column %q; %s %s has: %s", cell.Name, x.object, s.name, strings.Join(x.columns(), ", "))
		}
		if slices.Contains(begun, any(f)) && f.direct != direct {
			return nil, usage("%s and %s can't be used together", f.secret, f.name)
		}
		if !slices.Contains(begun, any(f)) {
			begun, f.given, f.direct = append(begun, f), nil, direct
		}
		if err := f.Set(cell.Value); err != nil {
			return nil, err
		}
	}
	args, err := arguments(params, given)
	if err != nil {
		return nil, err
	}
	q, exts, err := s.question(ctx, x.kind, args)
	if err != nil {
		return nil, err
	}
	last := len(params) - 1
	return &rowQuestion{object: strings.Join(given[last], " "), question: q, exts: exts}, nil
}

func arguments(params []param, given [][]string) (args []string, err error) {
	for i, p := range params {
		switch n := len(given[i]); {
		case n == 0 && !p.optional:
			return nil, usage("%s is missing", p.name)
		case n > 1 && !p.many:
			return nil, usage("%s is given twice", p.name)
		}
		args = append(args, given[i]...)
	}
	return args, nil
}

// column finds the field that a column fills; direct says that it holds a secret where the
// command line would name a file with it.
func (x *form) column(name string) (f *formField, direct bool) {
	if f := x.field(name); f != nil {
		return f, false
	}
	i := slices.IndexFunc(x.fields, func(f *formField) bool { return f.secret == name })
	if i < 0 {
		return nil, false
	}
	return x.fields[i], true
}

// columns are the names of all columns.
func (x *rowForm) columns() []string {
	names := map[string]bool{}
	for _, f := range x.sheet().fields {
		names[f.name] = true
		if f.secret != "" {
			names[f.secret] = true
		}
	}
	var list []string
	for _, p := range x.verb.params() {
		list = append(list, p.name)
		delete(names, p.name)
	}
	return append(list, slices.Sorted(maps.Keys(names))...)
}

func (x *rowForm) about() (many, secret func(string) bool) {
	s := x.sheet()
	many = func(name string) bool {
		if i := slices.IndexFunc(x.verb.params(), func(p param) bool { return p.name == name }); i >= 0 {
			return x.verb.params()[i].many
		}
		f, _ := s.column(name)
		return f != nil && f.many
	}
	secret = func(name string) bool {
		f, direct := s.column(name)
		return f != nil && f.secret != "" && (direct || f.secret == f.name)
	}
	return many, secret
}

// What a look at all rows, before anything is sent, has found.
type rowsSeen struct {
	total      int
	transforms bool   // not all rows are queries
	extended   bool   // some depend on what the registry offers
	secret     string // a column
	// docs is a hash of the documents that are sent as they are, which may be in files of
	// their own; nil where there are none.
	docs hash.Hash
}

// maxWrong is how many wrong rows are told at once.
const maxWrong = 20

// checkRows tries all rows; each gets the frame that it makes, where that is not nil. The
// error, a usageError, names each row that is wrong.
func checkRows(ctx context.Context, x rowSource, set *epp.Schema, in *bulk.Input, secret func(string) bool, each func([]byte) error) (seen rowsSeen, err error) {
	var wrong []string
	for row, err := range in.Rows() {
		if err != nil {
			return seen, &configError{err}
		}
		if err := ctx.Err(); err != nil {
			return seen, err
		}
		seen.total++
		q, err := x.question(ctx, row)
		if err == nil {
			err = seen.try(q, set, each)
		}
		if err != nil {
			if exitStatus(err) != exitUsage {
				return seen, err
			}
			if wrong = append(wrong, fmt.Sprintf("row %d (line %d): %v", row.Number, row.Line, err)); len(wrong) == maxWrong {
				wrong = append(wrong, "there may be more")
				break
			}
		}
		for _, cell := range row.Cells {
			if seen.secret == "" && secret(cell.Name) {
				seen.secret = cell.Name
			}
		}
	}
	if len(wrong) > 0 {
		return seen, usage("nothing was sent:\n%s", strings.Join(wrong, "\n"))
	}
	return seen, nil
}

// try makes the frame of a row.
func (x *rowsSeen) try(q *rowQuestion, set *epp.Schema, each func([]byte) error) error {
	frame, err := q.frame(set)
	if err != nil {
		return err
	}
	x.transforms = x.transforms || !q.isQuery()
	x.extended = x.extended || len(q.exts) > 0
	if q.doc != nil {
		if x.docs == nil {
			x.docs = sha256.New()
		}
		if q.secret {
			x.secret = "frame"
		}
		fmt.Fprintf(x.docs, "%d\n%s", len(q.doc), q.doc)
	}
	if each != nil {
		return each(frame)
	}
	return nil
}
