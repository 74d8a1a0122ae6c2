package schemas

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/jacoelho/xsd"
	"github.com/jacoelho/xsd/xsderrors"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// Options is what a Validator is made of. The zero value knows every namespace
// that this package carries a schema for.
type Options struct {
	// URIs are the namespaces to know of those that this package carries, with
	// those they refer to. All when nil, none when empty.
	URIs []string
	// Dirs are directories with schemas of the caller's own, in files *.xsd there
	// or below. Where one is of a namespace that this package carries too, it
	// takes its place. A schema may be parts in several files that include each
	// other; where an xs:import says that a namespace is to be found makes no
	// difference. A DOCTYPE is passed over, unless an entity of it is used.
	//
	// Of namespaces that nobody but these files knows, no value is shown in a
	// Violation: which of them are secret can't be told.
	Dirs []string
	// MaxViolations is how many are reported of one frame, 100 when it is 0.
	MaxViolations int
}

const defaultMaxViolations = 100

// A Validator validates frames. Its methods may be called by any number of
// goroutines.
type Validator struct {
	engine *xsd.Engine
	shapes *shapes
	forms  func() forms // of the shapes
	max    int
	states sync.Pool // of *state
}

// state is what one validation needs and the next can use again.
type state struct {
	session *xsd.Session
	tree    xmltree.Tree
	doc     []byte
}

// New compiles schemas. An error names the file and where in it something is wrong.
func New(o Options) (*Validator, error) {
	known, err := embeddedFiles()
	if err != nil {
		return nil, err
	}
	own, err := dirFiles(o.Dirs)
	if err != nil {
		return nil, err
	}
	strange := strangers(own, func(uri string) bool { return has(known, uri) })
	known = slices.DeleteFunc(known, func(f file) bool { return has(own, f.target) })
	if o.URIs != nil {
		known, err = needed(known, own, o.URIs)
		if err != nil {
			return nil, err
		}
	}
	v, err := newValidator(append(known, own...), o.MaxViolations)
	if err != nil {
		return nil, err
	}
	v.shapes.strange = strange
	return v, nil
}

// strangers are the namespaces of own that are none of those known.
func strangers(own []file, known func(uri string) bool) map[string]bool {
	out := make(map[string]bool)
	for _, f := range own {
		if !known(f.target) {
			out[f.target] = true
		}
	}
	return out
}

func has(files []file, uri string) bool {
	return slices.ContainsFunc(files, func(f file) bool { return f.target == uri })
}

// dirFiles reads directories of schemas.
func dirFiles(dirs []string) ([]file, error) {
	var files []file
	for _, dir := range dirs {
		found, err := readDir(os.DirFS(dir), ".", filepath.ToSlash(dir)+"/")
		var at *fs.PathError // below dir
		if errors.As(err, &at) {
			err = fmt.Errorf("schemas: %s: %w", filepath.Join(dir, at.Path), at.Err)
		}
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("schemas: no file *.xsd in %s", dir)
		}
		files = append(files, found...)
	}
	return files, nil
}

// needed are the files of the namespaces uris, and of those that they and own
// refer to.
func needed(known, own []file, uris []string) ([]file, error) {
	want := slices.Clone(uris)
	for _, f := range own {
		want = append(want, f.imports...)
	}
	var out []file
	for i := 0; i < len(want); i++ {
		at := slices.IndexFunc(known, func(f file) bool { return f.target == want[i] })
		switch {
		case slices.Contains(want[:i], want[i]):
		case at >= 0:
			out = append(out, known[at])
			want = append(want, known[at].imports...)
		case i < len(uris) && !slices.ContainsFunc(own, func(f file) bool { return f.target == want[i] }):
			return nil, fmt.Errorf("schemas: there is no schema of the namespace %q", want[i])
		}
	}
	return out, nil
}

func newValidator(files []file, most int) (*Validator, error) {
	if most == 0 {
		most = defaultMaxViolations
	}
	engine, err := compile(files, withEmptyText)
	if err != nil {
		return nil, compileError(files, err)
	}
	x, err := newShapes(files)
	if err != nil {
		return nil, err
	}
	return &Validator{engine: engine, shapes: x, forms: sync.OnceValue(x.forms), max: most}, nil
}

func asItIs(data []byte) ([]byte, error) { return data, nil }

func compile(files []file, rewrite func([]byte) ([]byte, error)) (*xsd.Engine, error) {
	files = append(slices.Clone(files), file{name: "empty.xsd", data: []byte(emptySchema)})
	for i, f := range files {
		data, err := rewrite(f.data)
		if err != nil {
			return nil, fmt.Errorf("schemas: %s: %w", f.name, err)
		}
		files[i].data = data
	}
	resolve := xsd.ResolverFunc(func(_ context.Context, base, location string) (xsd.SchemaSource, error) {
		return referred(files, base, location)
	})
	sources := make([]xsd.SchemaSource, len(files))
	for i, f := range files {
		sources[i] = xsd.Bytes(f.name, f.data).WithResolver(resolve)
	}
	return xsd.Compile(context.Background(), sources...)
}

// referred is the schema that another refers to by its place. Only what was given is
// ever read.
func referred(files []file, base, location string) (xsd.SchemaSource, error) {
	want := path.Join(path.Dir(base), location)
	for _, f := range files {
		if f.name == want {
			return xsd.Bytes(f.name, f.data), nil
		}
	}
	return xsd.SchemaSource{}, xsderrors.ErrSchemaNotFound
}

// compileError says where in which file.
func compileError(files []file, err error) error {
	// The files as they are have the positions that their author knows.
	if _, plain := compile(files, asItIs); plain != nil {
		err = plain
	}
	var e *xsderrors.Error
	switch {
	case !errors.As(err, &e):
		return fmt.Errorf("schemas: %w", err)
	case e.Path == "":
		return fmt.Errorf("schemas: %s%s", culprit(files), e.Message)
	}
	return fmt.Errorf("schemas: %s:%d:%d: %s", e.Path, e.Line, e.Column, e.Message)
}

// culprit is the name of a file that can't be compiled though all that it refers to
// can. The library does not say it of a pattern that it can't read.
func culprit(files []file) string {
	name, fewest := "", len(files)
	for _, f := range files {
		others, err := needed(files, []file{f}, nil)
		if err != nil || len(others) >= fewest {
			continue
		}
		if _, err := compile(append(others, f), asItIs); err != nil {
			name, fewest = f.name+": ", len(others)
		}
	}
	return name
}

// Validate returns nil for a valid frame, and an [*Error] with every violation for
// one that is not, be it for its schema or because it is no XML that eppkit
// accepts. Any other error is the context's.
func (v *Validator) Validate(ctx context.Context, frame []byte) error {
	s, err := v.state()
	if err != nil {
		return err
	}
	defer v.free(s)
	if err := s.tree.Parse(frame, xmltree.Limits{}); err != nil {
		return syntaxError(err)
	}
	s.doc = plain(s.doc[:0], &s.tree)
	err = s.session.Validate(ctx, bytes.NewReader(s.doc))
	if err == nil {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	r := report{tree: &s.tree, shapes: v.shapes}
	if found := r.violations(err); len(found) > 0 {
		return &Error{Violations: found}
	}
	return nil
}

func (v *Validator) state() (*state, error) {
	if s, ok := v.states.Get().(*state); ok {
		return s, nil
	}
	session, err := v.engine.NewSession(xsd.ValidateOptions{MaxErrors: v.max})
	if err != nil {
		return nil, fmt.Errorf("schemas: %w", err)
	}
	return &state{session: session}, nil
}

const keepDoc = 1 << 18 // a larger buffer is not worth keeping

func (v *Validator) free(s *state) {
	clear(s.doc)
	if s.tree.Reset() && cap(s.doc) <= keepDoc {
		v.states.Put(s)
	}
}

const xsiNS = "http://www.w3.org/2001/XMLSchema-instance"

// plain is the document of a tree as the validator wants it, without that any
// position in it changes. White space stands in place of the byte order mark and
// the XML declaration, for the text is UTF-8 whatever they say, and of hints where
// schemas are to be found, which nobody should follow (RFC 5730, section 2).
func plain(out []byte, t *xmltree.Tree) []byte {
	out = append(out, t.Doc...)
	head := 0
	if strings.HasPrefix(t.Doc, "\ufeff") {
		head = len("\ufeff")
	}
	if strings.HasPrefix(t.Doc[head:], "<?xml ") {
		head += strings.Index(t.Doc[head:], "?>") + len("?>")
	}
	blank(out[:head])
	xsi, ok := t.Space(xsiNS)
	if !ok {
		return out
	}
	for _, a := range t.Attrs {
		if a.NS == xsi && (a.Local == "schemaLocation" || a.Local == "noNamespaceSchemaLocation") {
			blank(out[attrStart(t.Doc, a) : a.End+1])
		}
	}
	return out
}

// attrStart is where the name of an attribute begins.
func attrStart(doc string, a xmltree.Attr) int {
	name := doc[:strings.LastIndexByte(doc[:a.Start], '=')]
	return strings.LastIndexAny(strings.TrimRight(name, " \t\r\n"), " \t\r\n") + 1
}

func blank(b []byte) {
	for i, c := range b {
		if c != '\n' && c != '\r' {
			b[i] = ' '
		}
	}
}
