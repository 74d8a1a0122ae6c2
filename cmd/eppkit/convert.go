package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/xmljson"
)

// maxJSON is what a frame may have as JSON, which is longer for its indentation.
const maxJSON = 16 * epp.DefaultMaxFrame

func (a *app) convertCommand() *cobra.Command {
	forms := []string{"json", "xml"}
	var to string
	var open bool
	var dirs []string
	cmd := &cobra.Command{
		Use:   "convert [FILE|-]",
		Short: "Write a frame as JSON, or JSON as a frame",
		Long: `Write any XML document as JSON and back, without loss; the input says by itself
which of the two it is. Nothing is sent, and nothing is hidden: passwords and
authInfo are shown as they are in the file.

An element is a member of an object, and named as in its schema, with the usual
prefix of its namespace. Its value is "text" when text is all it has by its schema,
and otherwise an object, in which stand, in the order of the document:

  "@name": "value"      an attribute; "@xmlns:PREFIX" in the root declares a prefix
  "$text": "text"       the text beside attributes
  "name": value         a child; an array where the schema allows several, even when
                        there is one, and in elements that have no schema
  "$content": [ ... ]   instead of children, texts and objects of one child each, where
                        their order matters: text between elements, names in turn
  "$xml": "<name ..."   instead of the others, a signed element as it was written

The name of an element in no namespace begins with a colon. Not kept are comments,
processing instructions, the prefixes, and white space between elements.

With --profile the namespaces of a registry that has URIs of its own count as ours.`,
		Example: "  eppkit domain info mydomain.cz -o raw | eppkit convert | jq '.epp.response.resData'\n" +
			"  eppkit convert frame.json | eppkit raw -",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if to != "" {
				if err := oneOf("--to", to, forms); err != nil {
					return err
				}
			}
			name := "-"
			if len(args) > 0 {
				name = args[0]
			}
			in, err := readUpTo(cmd.Context(), name, a.in, maxJSON)
			if err != nil {
				return err
			}
			set, err := a.allSpoken()
			if err != nil {
				return err
			}
			o := xmljson.Options{Prefix: usualPrefix(set), OpenSigned: open}
			if len(dirs) > 0 || !looksLikeJSON(in) {
				v, err := allSchemas(set, dirs)
				if err != nil {
					return err
				}
				o.Form = func(parent, child xmljson.Name) (xmljson.Form, bool) {
					f, known := v.Form(epp.Name(parent), epp.Name(child))
					return xmljson.Form(f), known
				}
			}
			out, err := convert(in, to, o)
			if err != nil {
				return &configError{fmt.Errorf("%s: %w", inputName(name), err)}
			}
			_, err = a.out.Write(out)
			return err
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "`FORM` to write, json or xml (default the one that the input has not)")
	complete(cmd, "to", forms)
	cmd.Flags().BoolVar(&open, "open-signed", false, "write signed elements as JSON, too; made into XML again, their signatures may not be valid")
	schemasFlag(cmd, &dirs)
	withFlags(cmd, "config", "profile")
	ofFiles(cmd)
	return cmd
}

// convert writes XML as JSON, and JSON as XML. What is in the form to already is an
// error.
func convert(in []byte, to string, o xmljson.Options) ([]byte, error) {
	isJSON := looksLikeJSON(in)
	switch {
	case len(bytes.TrimSpace(in)) == 0:
		return nil, errors.New("empty; there is nothing to convert")
	case isJSON && to == "json":
		return nil, errors.New("this is JSON already")
	case !isJSON && to == "xml":
		return nil, errors.New("this is no JSON; --to xml makes XML of JSON")
	case isJSON:
		return xmljson.ToXML(in)
	}
	doc, _, err := withoutHeader(in)
	if err != nil {
		return nil, err
	}
	if len(doc) > epp.DefaultMaxFrame {
		return nil, fmt.Errorf("more than %d octets", epp.DefaultMaxFrame)
	}
	return xmljson.FromXML(doc, o)
}

// looksLikeJSON reports whether a document begins as JSON and not as XML. Strings and
// numbers are no frames, and UTF-16 is no JSON, but the reader of JSON knows best what to
// say of them.
func looksLikeJSON(in []byte) bool {
	if order := utf16Order(in); order != nil {
		for ; len(in) > 1; in = in[2:] {
			if c := order.Uint16(in); !strings.ContainsRune(" \t\r\n\ufeff", rune(c)) {
				return c == '{' || c == '[' || c == '"'
			}
		}
		return false
	}
	in = bytes.TrimLeft(bytes.TrimPrefix(in, []byte("\ufeff")), " \t\r\n")
	return len(in) > 0 && (in[0] == '{' || in[0] == '[' || in[0] == '"')
}

// utf16Order is the order of octets of a document in UTF-16; nil where it is in none.
func utf16Order(in []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(in, []byte("\xff\xfe")):
		return binary.LittleEndian
	case bytes.HasPrefix(in, []byte("\xfe\xff")), len(in) > 4 && in[0] == 0 && in[2] == 0 && in[4] == 0: // a frame's header ends before 4
		return binary.BigEndian
	}
	return nil
}
