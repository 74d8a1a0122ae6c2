package schemas

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/internal/xmltree"
)

const (
	corpusDir   = "../../shared/corpus"
	officialDir = "../../shared/reference/xsd"
	fredDir     = "../../shared/reference/fred/xsd"
)

// mutantsPerFrame times the frames of the corpus is more than 5,000.
const mutantsPerFrame = 20

// TestVerdicts has a second opinion on every frame of the corpus and on mutants of
// each: that of xmllint with the official schemas. There is a subtest for each
// namespace, so that
//
//	go test ./schemas -run Verdicts/launch-1.0
//
// is about the frames of that namespace alone.
func TestVerdicts(t *testing.T) {
	sets := schemaSets(t)
	all := true
	for _, set := range sets {
		names := slices.AppendSeq(slices.Collect(maps.Keys(set.frames)), maps.Keys(set.made))
		slices.Sort(names)
		for _, ns := range slices.Compact(names) {
			ran := false
			t.Run(ns, func(t *testing.T) {
				ran = true
				set.verdicts(t, ns)
			})
			all = all && ran
		}
	}
	judged, wrong := 0, map[string]int{}
	for _, set := range sets {
		judged += set.judged
		for why, n := range set.wrong {
			wrong[why] += n
		}
	}
	t.Logf("%d frames; xmllint was wrong: %v", judged, wrong)
	if all { // not one namespace that was asked for
		require.Greater(t, judged, 5000+400)
		require.Len(t, wrong, 2, "where xmllint is no longer wrong, or no frame shows it")
	}
}

// A schemaSet is official schemas, ours of the same namespaces, and the frames of
// the corpus that are in them.
type schemaSet struct {
	driver    string // of the official schemas
	validator *Validator
	words     vocabulary
	frames    map[string][]sample // by the namespace that they are about
	files     []file
	made      map[string][]sample

	judged int
	wrong  map[string]int // how often xmllint was, and why
}

// A sample is a frame or a mutant of one.
type sample struct {
	name, what string
	about      string // a namespace
	doc        []byte
}

func schemaSets(t *testing.T) []*schemaSet {
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed; Debian has it in libxml2-utils")
	}
	for _, dir := range []string{corpusDir, officialDir, fredDir} {
		if _, err := os.Stat(dir); err != nil {
			t.Skip("the corpus or the official schemas are not beside this checkout:", dir)
		}
	}
	rfc := newSchemaSet(t, officialDir, "driver.xsd")
	fred := newSchemaSet(t, fredDir, "all-2.4.7.xsd")
	names, err := filepath.Glob(corpusDir + "/*/*.xml")
	require.NoError(t, err)
	more, err := filepath.Glob(corpusDir + "/*/*/*.xml")
	require.NoError(t, err)
	for _, name := range append(names, more...) {
		doc, err := os.ReadFile(name)
		require.NoError(t, err)
		set := rfc
		if strings.Contains(name, "/fred-") {
			set = fred
		}
		set.add(strings.TrimPrefix(filepath.ToSlash(name), corpusDir+"/"), doc)
	}
	rfc.group()
	fred.group()
	return []*schemaSet{rfc, fred}
}

// newSchemaSet compiles our schemas of the namespaces of a directory.
func newSchemaSet(t *testing.T, dir, driver string) *schemaSet {
	set := &schemaSet{driver: filepath.Join(dir, driver), frames: map[string][]sample{}, made: map[string][]sample{}, wrong: map[string]int{}}
	ours, err := embeddedFiles()
	require.NoError(t, err)
	names, err := filepath.Glob(dir + "/*.xsd")
	require.NoError(t, err)
	var files, official []file
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		set.words.read(string(data))
		f, err := newFile(filepath.Base(name), data)
		require.NoError(t, err)
		if f.name == driver || f.name == "all.xsd" {
			continue
		}
		official = append(official, f)
		at := slices.IndexFunc(ours, func(o file) bool { return o.target == f.target })
		require.GreaterOrEqual(t, at, 0, "no schema of ours of %s", f.target)
		files = append(files, ours[at])
	}
	set.words.sort()
	x, err := newShapes(official)
	require.NoError(t, err)
	for _, made := range samples(x, &set.words) {
		short := shortName(made.about)
		set.made[short] = append(set.made[short], made)
	}
	set.files = files
	set.validator, err = newValidator(files, 0)
	require.NoError(t, err)
	return set
}

func (set *schemaSet) add(name string, doc []byte) {
	set.frames[""] = append(set.frames[""], sample{name: name, doc: doc})
}

// group sorts the frames by the namespace in each that the fewest frames are in.
func (set *schemaSet) group() {
	all := set.frames[""]
	delete(set.frames, "")
	in := map[string]int{}
	spaces := make([][]string, len(all))
	for i, f := range all {
		spaces[i] = spacesOf(f.doc)
		for _, ns := range spaces[i] {
			in[ns]++
		}
	}
	for i, f := range all {
		f.about = slices.MinFunc(spaces[i], func(a, b string) int { return cmp.Or(in[a]-in[b], strings.Compare(a, b)) })
		short := shortName(f.about)
		set.frames[short] = append(set.frames[short], f)
	}
}

// shortName is the last part of a namespace.
func shortName(ns string) string { return ns[strings.LastIndexAny(ns, ":/")+1:] }

// spacesOf lists the namespaces of the elements of a document.
func spacesOf(doc []byte) []string {
	t, err := xmltree.Parse(doc, xmltree.Limits{})
	if err != nil {
		return []string{"not-well-formed"}
	}
	seen := map[string]bool{}
	for _, n := range t.Nodes[xmltree.Root:] {
		if ns := t.SpaceURI(n.NS); ns != "" {
			seen[ns] = true
		}
	}
	if len(seen) == 0 {
		return []string{"no-namespace"}
	}
	return slices.Sorted(maps.Keys(seen))
}

// verdicts compares ours with xmllint's on each frame and its mutants.
func (set *schemaSet) verdicts(t *testing.T, ns string) {
	var all []sample
	for _, f := range set.frames[ns] {
		all = append(append(all, f), set.words.mutants(f, mutantsPerFrame)...)
	}
	all = append(all, set.made[ns]...)
	theirs := xmllint(t, set.driver, all)
	valid := 0
	var disputed []dispute
	var collapsed []sample
	for i, f := range all {
		err := set.validator.Validate(t.Context(), f.doc)
		if theirs[i] == "" {
			valid++
		}
		if (err == nil) != (theirs[i] == "") {
			disputed = append(disputed, dispute{f, err, theirs[i]})
			f.doc = collapse(f.doc)
			collapsed = append(collapsed, f)
		}
	}
	again := xmllint(t, set.driver, collapsed)
	lost := 0
	for i, d := range disputed {
		switch {
		case d.ours == nil && again[i] == "":
			set.wrong[whiteSpace]++
		case d.theirs == "" && notBase64(d):
			set.wrong[strayBase64]++
		default:
			if lost++; lost <= 10 {
				t.Errorf("%s: %s\n  ours:    %v\n  xmllint: %v\n%s", d.name, d.what, d.ours, cmp.Or(d.theirs, "valid"), d.doc)
			}
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d disputed", lost, len(all))
	}
	set.judged += len(all)
	t.Logf("%d frames and mutants, %d valid", len(all), valid)
}

// Where xmllint is wrong.
const (
	whiteSpace  = "white space around a number or a time is no part of it (XML Schema Part 2, 4.3.6), but xmllint reads it as one"
	strayBase64 = "base64 has no other characters than its own and white space (XML Schema Part 2, 3.2.16), but xmllint skips them"
)

type dispute struct {
	sample
	ours   error
	theirs string // "" for valid
}

// spaced is a number or a time with white space around it.
var spaced = regexp.MustCompile(`>(?:\s|&#9;|&#10;)*([0-9TZ:.+-]+)(?:\s|&#9;|&#10;)*<`)

// collapse takes white space from around numbers and times.
func collapse(doc []byte) []byte { return spaced.ReplaceAll(doc, []byte(">$1<")) }

// notBase64 reports whether all that is wrong is that values are not base64, by
// another decoder too.
func notBase64(d dispute) bool {
	var e *Error
	if !errors.As(d.ours, &e) {
		return false
	}
	for _, v := range e.Violations {
		line := strings.SplitAfter(string(d.doc), "\n")[v.Line-1:]
		text, _, _ := strings.Cut(string([]rune(strings.Join(line, ""))[v.Column-1:]), "<")
		text = strings.Map(func(r rune) rune {
			if strings.ContainsRune(" \t\r\n", r) {
				return -1
			}
			return r
		}, text)
		_, err := base64.StdEncoding.DecodeString(text)
		if err == nil || v.Code != BadType || !strings.HasSuffix(v.Message, "base64") {
			return false
		}
	}
	return true
}

// xmllint judges many documents: "" for a valid one, or what is wrong with it.
func xmllint(t *testing.T, driver string, all []sample) []string {
	const atOnce = 500
	dir := t.TempDir()
	verdicts := make([]string, len(all))
	for from := 0; from < len(all); from += atOnce {
		args := []string{"--nonet", "--noout", "--schema", driver}
		part := all[from:min(from+atOnce, len(all))]
		for i, f := range part {
			name := filepath.Join(dir, fmt.Sprintf("%05d.xml", from+i))
			require.NoError(t, os.WriteFile(name, f.doc, 0o600))
			args = append(args, name)
		}
		cmd := exec.CommandContext(t.Context(), "xmllint", args...)
		var out bytes.Buffer
		cmd.Stderr = &out
		_ = cmd.Run() // says that not all are valid
		said := readVerdicts(out.String(), dir)
		for i := range part {
			v, ok := said[fmt.Sprintf("%05d", from+i)]
			require.True(t, ok, "no verdict on %s %s:\n%s", part[i].name, part[i].doc, out.String())
			verdicts[from+i] = v
		}
	}
	return verdicts
}

// readVerdicts reads what xmllint says of each file, by its name.
func readVerdicts(out, dir string) map[string]string {
	said := map[string]string{}
	first := map[string]string{}
	for line := range strings.Lines(out) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), dir+string(filepath.Separator))
		if !ok {
			continue
		}
		name, words, _ := strings.Cut(rest, ".xml")
		switch {
		case words == " validates":
			said[name] = ""
		case words == " fails to validate" || strings.HasSuffix(words, "internal error"):
			said[name] = cmp.Or(first[name], "invalid")
		case strings.Contains(words, "parser error"), strings.Contains(words, "namespace error"):
			said[name] = words
		case first[name] == "":
			first[name] = strings.TrimLeft(words, ":0123456789 ")
		}
	}
	return said
}
