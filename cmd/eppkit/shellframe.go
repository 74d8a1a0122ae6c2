package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

func isFrame(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), "<") }

// isWhole reports whether nothing more can follow that would make a frame of the text:
// its root is closed, or it is broken.
func isWhole(text string) bool {
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // any: it is refused once it is whole
	depth := 0
	for {
		tok, err := d.Token()
		var syntax *xml.SyntaxError
		switch {
		case errors.As(err, &syntax):
			return !strings.Contains(syntax.Msg, "unexpected EOF")
		case err != nil:
			return false
		}
		switch tok.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth--; depth <= 0 {
				return true
			}
		}
	}
}

// send sends a frame as it was typed. What is no frame of EPP is refused here: it would
// be a slip, which costs the session with some registries.
func (c *console) send(ctx context.Context, text string) error {
	raw, err := epp.NewRaw([]byte(text))
	switch {
	case err != nil:
		return usage("the frame is not well-formed, and was not sent: %w", err)
	case raw.XMLName().Local != "epp":
		return usage("<%s> is no frame of EPP, and was not sent; \"raw FILE\" sends what is none", oneLine(raw.XMLName().Local))
	case strings.Contains(text, epp.Redacted):
		return usage("the frame has %s in place of a secret, and was not sent; write the secret there", epp.Redacted)
	}
	return c.command(ctx, []string{"raw", "-"}, strings.NewReader(text))
}

// frameIsPublic reports whether a frame has no secret.
func (c *console) frameIsPublic(text string) bool {
	set, err := c.allSpoken()
	return err == nil && string(set.Redact([]byte(text))) == text
}

// showLast shows the frames of the latest line that sent any.
func (c *console) showLast(raw bool) error {
	frames, _ := c.tape.last()
	if len(frames) == 0 {
		return &configError{errors.New("no frames have been sent yet")}
	}
	for _, f := range frames {
		mark, text := "C:", string(f.frame)
		if f.dir == client.Received {
			mark = "S:"
		}
		if !raw {
			text = indent(f.frame)
		}
		fmt.Fprintf(c.out, "%s %s\n", mark, printable(text))
	}
	return nil
}

const emptyFrame = `<?xml version="1.0" encoding="UTF-8"?>
<epp xmlns="urn:ietf:params:xml:ns:epp-1.0">
  <command>
    
    <clTRID>eppkit-edit-1</clTRID>
  </command>
</epp>
`

// edit has the frame that was sent last edited, and sends what was saved.
func (c *console) edit(ctx context.Context) error {
	if c.interrupt == nil {
		return usage("edit is for somebody at a terminal")
	}
	text := emptyFrame
	if _, sent := c.tape.last(); sent != nil {
		text = indent(sent) + "\n"
	}
	dir, err := os.MkdirTemp("", "eppkit-") // its owner's alone
	if err != nil {
		return &configError{err}
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "frame.xml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return &configError{err}
	}
	if err := c.runEditor(path); err != nil {
		return &configError{fmt.Errorf("the editor: %w; nothing was sent", err)}
	}
	b, err := readAll(path, nil, epp.DefaultMaxFrame)
	switch {
	case err != nil:
		return err
	case string(b) == text || len(bytes.TrimSpace(b)) == 0:
		c.note("nothing was changed, and nothing sent")
		return nil
	}
	return c.send(ctx, string(b))
}

// runEditor runs the user's editor, which has the terminal, and Ctrl-C, to itself.
func (c *console) runEditor(path string) error {
	editor := strings.Fields(c.getenv("VISUAL"))
	if len(editor) == 0 {
		editor = strings.Fields(c.getenv("EDITOR"))
	}
	if len(editor) == 0 {
		editor = []string{"vi"}
		if runtime.GOOS == "windows" {
			editor = []string{"notepad"}
		}
	}
	cmd := exec.Command(editor[0], append(editor[1:], path)...)
	cmd.Stdin, cmd.Stderr = c.in, c.err
	_, cmd.Stdout = terminals(c.stdio)
	cmd.Stderr = cmd.Stdout
	return cmd.Run()
}
