package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/schemas"
)

func (a *app) validateCommand() *cobra.Command {
	var dirs []string
	var quiet bool
	cmd := &cobra.Command{
		Use:   "validate FILE|DIR|-...",
		Short: "Say of frames in files whether they are valid, and why not",
		Long: `Hold documents to the XML schemas of EPP, of its extensions and of FRED, and say
what is wrong in each, in a line per violation: FILE:LINE:COLUMN: PATH: what.
A directory stands for the regular files *.xml in it and below. A document may be a frame
as it was on the wire, with its four octets of length.

With --profile the namespaces of a registry that has URIs of its own count as ours.

Nothing is sent, and no value that may be a secret is shown.

Exit status: 0 all are valid; 1 some are not; 2 usage, or a file that can't be read.`,
		Example: "  eppkit validate frame.xml\n" +
			"  eppkit validate --schemas registry/xsd frames -o json\n" +
			"  eppkit domain info mydomain.cz --dry-run | eppkit validate -",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if i := slices.Index(args, "-"); i >= 0 && slices.Contains(args[i+1:], "-") {
				return usage("standard input, -, is given twice")
			}
			return a.validate(cmd.Context(), args, dirs, quiet)
		},
	}
	schemasFlag(cmd, &dirs)
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "print nothing of what is not valid; the exit status says it")
	withFlags(cmd, "output", "config", "profile")
	ofFiles(cmd)
	cmd.Annotations["outputs"] = "text json"
	cmd.Annotations["usage of output"] = "`FORMAT` of what is found: text, or json, a list with an object for each file"
	return cmd
}

// schemasFlag is for the dirs of allSchemas.
func schemasFlag(cmd *cobra.Command, dirs *[]string) {
	cmd.Flags().StringArrayVar(dirs, "schemas", nil, "`DIR` with a registry's own schemas, *.xsd, which take the place of those that eppkit has; may be repeated")
	_ = cmd.MarkFlagDirname("schemas")
}

// ofFiles says what the flags that choose a profile are for where nothing is sent.
func ofFiles(cmd *cobra.Command) {
	cmd.Annotations["usage of profile"] = "`NAME` of the profile whose registry has namespaces of its own, which the files may have"
	cmd.Annotations["usage of config"] = "configuration `FILE` with that profile (default eppkit/config.yaml in your configuration directory; also $EPPKIT_CONFIG)"
}

// A notValidError is that documents are not valid. It is in order that it says no more
// than how many: the rest has been printed.
type notValidError struct{ bad, all int }

func (e *notValidError) Error() string {
	if e.all == 1 {
		return "the document is not valid"
	}
	return fmt.Sprintf("%d of %d documents are not valid", e.bad, e.all)
}

// A verdict is what is found of one file, as JSON has it.
type verdict struct {
	File  string `json:"file"`
	Valid bool   `json:"valid"`
	// Header says that the document stood behind the header of a frame.
	Header     bool        `json:"header,omitempty"`
	Violations []violation `json:"violations,omitempty"`
	// Unreadable says why the file could not be read.
	Unreadable string `json:"unreadable,omitempty"`
}

// A violation is one whose element has the words that elements have elsewhere in JSON.
type violation struct {
	schemas.Violation
	Element *elementName `json:"element,omitempty"`
}

type elementName struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace,omitempty"`
}

func violations(list []schemas.Violation) []violation {
	out := make([]violation, len(list))
	for i, v := range list {
		out[i].Violation = v
		if v.Element != (epp.Name{}) {
			out[i].Element = &elementName{v.Element.Local, v.Element.Space}
		}
	}
	return out
}

func (a *app) validate(ctx context.Context, args, dirs []string, quiet bool) error {
	set, err := a.allSpoken()
	if err != nil {
		return err
	}
	v, err := allSchemas(set, dirs)
	if err != nil {
		return err
	}
	var list []verdict
	var unread error
	bad := 0
	for _, name := range documents(args) {
		found, err := a.judge(ctx, v, name)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			unread = cmp.Or(unread, err)
			found.Unreadable = err.Error()
		case !found.Valid:
			bad++
		}
		list = append(list, found)
		switch {
		case a.flags.output == "json":
		case err != nil:
			if err != unread { // which is said at the end
				a.note(err.Error())
			}
		case !quiet:
			printVerdict(a.out, found, len(args) == 1 && name == args[0])
		}
		if found.Header && !quiet && a.flags.output == "text" {
			fmt.Fprintf(a.err, "eppkit: %s has a frame's header of 4 octets, which counts for nothing here\n", oneLine(inputName(name)))
		}
	}
	if a.flags.output == "json" && !quiet {
		if err := a.printJSON(list); err != nil {
			return err
		}
	}
	switch {
	case unread != nil:
		return &configError{unread}
	case bad > 0:
		if quiet {
			a.err = io.Discard
		}
		return &notValidError{bad, len(list)}
	}
	if len(list) > 1 && a.flags.output == "text" && !quiet {
		fmt.Fprintf(a.out, "%d documents are valid\n", len(list))
	}
	return nil
}

// allSchemas has those of a set, of which some may be its own, and those in dirs, which
// take their place.
func allSchemas(set *epp.Schema, dirs []string) (*schemas.Validator, error) {
	v, err := schemas.For(set, schemas.Options{Dirs: dirs})
	if err != nil {
		return nil, &configError{err}
	}
	return v, nil
}

// documents are the files that arguments stand for. A directory that holds none stays
// itself: reading it is an error.
func documents(args []string) []string {
	var out []string
	for _, arg := range args {
		if info, err := os.Stat(arg); arg == "-" || err != nil || !info.IsDir() {
			out = append(out, arg)
			continue
		}
		before := len(out)
		err := filepath.WalkDir(arg, func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if strings.EqualFold(filepath.Ext(path), ".xml") && mayBeDocument(path, e) {
				out = append(out, path)
			}
			return nil
		})
		if err != nil || len(out) == before {
			out = append(out, arg)
		}
	}
	return out
}

// mayBeDocument reports whether an entry of a directory can be read to its end, as a
// named pipe can't, or is one of which reading will say why it can't.
func mayBeDocument(path string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.Type().IsRegular()
	}
	info, err := os.Stat(path)
	return err != nil || info.Mode().IsRegular()
}

// judge says whether a document is valid. An error is that it can't be read.
func (a *app) judge(ctx context.Context, v *schemas.Validator, name string) (verdict, error) {
	found := verdict{File: name}
	doc, err := readFile(ctx, name, a.in)
	if err != nil {
		if info, serr := os.Stat(name); serr == nil && info.IsDir() {
			err = fmt.Errorf("%s: no file *.xml in it or below, or a directory that can't be read", name)
		}
		return found, err
	}
	doc, found.Header, err = withoutHeader(doc)
	if err == nil {
		err = v.Validate(ctx, doc)
	}
	var invalid *schemas.Error
	switch {
	case err == nil:
		found.Valid = true
	case errors.As(err, &invalid):
		found.Violations = violations(invalid.Violations)
	default:
		return found, err
	}
	return found, nil
}

// withoutHeader returns the document of what is a frame as it goes over the wire
// (RFC 5734, section 4), and what is none as it is. A frame that is cut, or is
// followed by more, is an error.
func withoutHeader(b []byte) (doc []byte, header bool, err error) {
	utf16 := bytes.HasPrefix(b, []byte{0, '<'}) // without a byte order mark
	if len(b) < 4 || b[0] != 0 || utf16 {
		return b, false, nil
	}
	switch length := binary.BigEndian.Uint32(b); {
	case uint64(length) == uint64(len(b)):
		return b[4:], true, nil
	case uint64(length) < uint64(len(b)) && length > 4:
		err = fmt.Errorf("a frame of %d octets, and %d more behind it; put each frame into a file of its own", length, len(b)-int(length))
	default:
		err = fmt.Errorf("begins like a frame's header, for %d octets, but there are %d", length, len(b))
	}
	return nil, false, &schemas.Error{Violations: []schemas.Violation{{Code: schemas.Syntax, Message: err.Error()}}}
}

// printVerdict writes a line per violation. Of a valid document it says so where it is
// the only one.
func printVerdict(w io.Writer, v verdict, only bool) {
	file := oneLine(v.File)
	if v.Valid && only {
		fmt.Fprintf(w, "%s: valid\n", file)
	}
	for _, x := range v.Violations {
		at := []string{file}
		if x.Line > 0 {
			at[0] = fmt.Sprintf("%s:%d:%d", file, x.Line, x.Column)
		}
		if x.Path != "" {
			at = append(at, x.Path)
		}
		fmt.Fprintln(w, oneLine(strings.Join(slices.Concat(at, []string{x.Message}), ": ")))
	}
}
