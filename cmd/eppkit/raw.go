package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

func (a *app) rawCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "raw FILE|-",
		Short: "Send a frame from a file or standard input as it is, after logging in",
		Long: `Send a document, without the four octets of length, as it is: valid or not.
The registry's answer is printed, whatever its code.`,
		Example: "  eppkit raw frame.xml -o xml\n  eppkit contact info CID-MYOWN --dry-run | eppkit raw - -o xml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			doc, err := readFile(cmd.Context(), args[0], a.in)
			if err != nil {
				return err
			}
			if len(doc) == 0 {
				return &configError{fmt.Errorf("%s is empty; there is nothing to send", inputName(args[0]))}
			}
			if a.flags.dryRun {
				return a.printRaw(doc)
			}
			return a.session(cmd.Context(), func(ctx context.Context, s *client.Session) error {
				m, err := s.SendRaw(ctx, doc)
				if err != nil {
					return unanswered(doc, err)
				}
				switch m := m.(type) {
				case *epp.Greeting:
					return a.printGreeting(m)
				case *epp.Response:
					if err := a.printResponse(m, nil); err != nil {
						return err
					}
					return m.Err()
				}
				return fmt.Errorf("%w: a %s", client.ErrInvalidAnswer, m.XMLName())
			})
		},
	}
	return noClTRID(cmd)
}

// printRaw is the dry run of a document that is sent as it is.
func (a *app) printRaw(doc []byte) error {
	if a.flags.output == "xml" {
		return a.printDocument(doc)
	}
	_, err := a.out.Write(doc)
	return err
}

// A malformedError is that no answer came to a document that is not well-formed.
type malformedError struct{ syntax, err error }

func (e *malformedError) Error() string {
	return fmt.Sprintf("no answer came (%v); the document is not well-formed, so that the registry can't have executed anything: %v", e.err, e.syntax)
}

// plainXML is a document of XML 1.0 in UTF-8, as far as its beginning says.
var plainXML = regexp.MustCompile(`^\s*(<\?xml version=["']1\.0["'](\s+encoding=["'](?i:utf-8)["'])?(\s+standalone=["'](yes|no)["'])?\s*\?>|<[^?]|[^<\s])`)

// wellFormed returns what makes a document unreadable for any registry. What this
// program refuses although others may read it, such as a DOCTYPE, is not meant.
func wellFormed(doc []byte) error {
	_, syntax := epp.NewRaw(doc)
	if syntax == nil || !plainXML.Match(doc) || bytes.Contains(doc, []byte("<!DOCTYPE")) {
		return nil
	}
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for {
		switch _, err := d.Token(); err {
		case nil:
		case io.EOF:
			return nil
		default:
			return syntax
		}
	}
}

// unanswered says of a document without an answer whether it was one at all.
func unanswered(doc []byte, err error) error {
	var trouble *client.Error
	if !errors.As(err, &trouble) || trouble.Fate != client.Unknown {
		return err
	}
	if syntax := wellFormed(doc); syntax != nil {
		return &malformedError{syntax: syntax, err: trouble.Err}
	}
	return err
}
