// Package wiretest is what the tests of the mock registries look through: a client
// that sends frames written by hand over real TLS, reads the answers as trees, and
// holds them to the official schemas. It shares no code with the project's client.
package wiretest

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
)

// timeout bounds every wait.
const timeout = 10 * time.Second

// A Client is one connection.
type Client struct {
	t    testing.TB
	conn *tls.Conn
	in   epp.FrameReader
	sent int
	docs []string // what the server said

	// Greeting is what the server said first.
	Greeting *Answer
}

// Dial connects with the certificate of a registrar, or with none for "". At the
// end of the test, all answers are validated with xmllint and the schema at a path,
// where both are there.
func Dial(t testing.TB, s *mockserver.Server, clID, schema string) *Client {
	t.Helper()
	return DialTLS(t, s.Addr(), s.ClientTLS(clID), schema)
}

// DialTLS is Dial for what is not quite a Server.
func DialTLS(t testing.TB, addr string, cfg *tls.Config, schema string) *Client {
	t.Helper()
	d := &tls.Dialer{Config: cfg}
	nc, err := d.DialContext(t.Context(), "tcp", addr)
	require.NoError(t, err)
	c := &Client{t: t, conn: nc.(*tls.Conn)}
	c.in.R = bufio.NewReader(c.conn)
	t.Cleanup(func() {
		c.conn.Close()
		if HasXMLLint(schema) == nil {
			Validate(t, schema, c.docs)
		}
	})
	c.Greeting = c.read()
	return c
}

// Login logs in with all services that the greeting offers and wants it to succeed.
func (c *Client) Login(clID, pw string) *Client {
	c.t.Helper()
	c.Do(c.LoginXML(clID, pw, "")).Code(1000)
	return c
}

// LoginXML is a <login>; newPW may be "".
func (c *Client) LoginXML(clID, pw, newPW string) string {
	var svcs strings.Builder
	for _, el := range c.Greeting.All("objURI") {
		fmt.Fprintf(&svcs, "<objURI>%s</objURI>", el)
	}
	if exts := c.Greeting.All("extURI"); len(exts) > 0 {
		svcs.WriteString("<svcExtension><extURI>" + strings.Join(exts, "</extURI><extURI>") + "</extURI></svcExtension>")
	}
	if newPW != "" {
		newPW = "<newPW>" + newPW + "</newPW>"
	}
	return "<login><clID>" + clID + "</clID><pw>" + pw + "</pw>" + newPW +
		"<options><version>1.0</version><lang>en</lang></options><svcs>" + svcs.String() + "</svcs></login>"
}

// Do sends a <command> around the given element, and returns the answer to it.
func (c *Client) Do(element string) *Answer {
	c.t.Helper()
	id := fmt.Sprintf("wire-%d", c.sent)
	a := c.Send("<command>" + element + "<clTRID>" + id + "</clTRID></command>")
	require.Equal(c.t, id, a.Text("trID/clTRID"))
	return a
}

// Send sends a frame that is an <epp> around content.
func (c *Client) Send(content string) *Answer {
	c.t.Helper()
	c.Write(content)
	return c.read()
}

// Write sends a frame that is an <epp> around content, and reads no answer.
func (c *Client) Write(content string) {
	c.t.Helper()
	c.sent++
	c.WriteOctets(Unit(`<epp xmlns="` + epp.NS + `">` + content + `</epp>`))
}

// Unit is a document with the header of a frame before it.
func Unit(doc string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(doc)+4)), doc...)
}

// WriteOctets sends what may be a frame, less than one, or several.
func (c *Client) WriteOctets(b []byte) {
	c.t.Helper()
	require.NoError(c.t, c.conn.SetDeadline(time.Now().Add(timeout)))
	_, err := c.conn.Write(b)
	require.NoError(c.t, err)
}

// SendDoc sends a frame with a document that is not put into an <epp>, and returns the
// answer to it.
func (c *Client) SendDoc(doc string) *Answer {
	c.t.Helper()
	c.WriteOctets(Unit(doc))
	return c.read()
}

// Read reads the answer to what Write sent.
func (c *Client) Read() *Answer {
	c.t.Helper()
	return c.read()
}

// Closed wants the server to have closed the connection.
func (c *Client) Closed() {
	c.t.Helper()
	require.NoError(c.t, c.conn.SetDeadline(time.Now().Add(timeout)))
	_, err := c.in.Next()
	require.Error(c.t, err)
	require.NotErrorIs(c.t, err, os.ErrDeadlineExceeded)
}

// Over wants the server to have ended the session: it answers nothing more. Unlike
// [Client.Closed] it need not wait for one that goes on.
func (c *Client) Over() {
	c.t.Helper()
	require.NoError(c.t, c.conn.SetDeadline(time.Now().Add(timeout)))
	_, _ = c.conn.Write(Unit(`<epp xmlns="` + epp.NS + `"><hello/></epp>`)) // may be too late
	_, err := c.in.Next()
	require.Error(c.t, err)
	require.NotErrorIs(c.t, err, os.ErrDeadlineExceeded)
}

func (c *Client) read() *Answer {
	c.t.Helper()
	require.NoError(c.t, c.conn.SetDeadline(time.Now().Add(timeout)))
	b, err := c.in.Next()
	require.NoError(c.t, err)
	c.docs = append(c.docs, string(b))
	doc := etree.NewDocument()
	require.NoError(c.t, doc.ReadFromBytes(b))
	return &Answer{t: c.t, XML: string(b), root: doc.Root()}
}

// An Answer is a frame that the server sent.
type Answer struct {
	XML  string
	t    testing.TB
	root *etree.Element
}

// Code wants the result code and returns the answer.
func (a *Answer) Code(want int) *Answer {
	a.t.Helper()
	result := a.root.FindElement("response/result")
	require.NotNil(a.t, result, a.XML)
	require.Equal(a.t, fmt.Sprint(want), result.SelectAttrValue("code", ""), a.XML)
	return a
}

// Root is the frame's outermost element.
func (a *Answer) Root() *etree.Element { return a.root }

// All returns the text of all elements with a local name or a path, in order.
func (a *Answer) All(path string) []string {
	var out []string
	for _, el := range a.root.FindElements("//" + path) {
		out = append(out, el.Text())
	}
	return out
}

// Text returns the text of the element with a local name or a path, which must be
// there once; else "".
func (a *Answer) Text(path string) string {
	if all := a.All(path); len(all) == 1 {
		return all[0]
	}
	return ""
}

// Attrs returns an attribute of all elements with a local name or a path.
func (a *Answer) Attrs(path, name string) []string {
	var out []string
	for _, el := range a.root.FindElements("//" + path) {
		out = append(out, el.SelectAttrValue(name, "absent"))
	}
	return out
}

// Names returns the local names of the children of the element at a path.
func (a *Answer) Names(path string) []string {
	var out []string
	if el := a.root.FindElement("//" + path); el != nil {
		for _, child := range el.ChildElements() {
			out = append(out, child.Tag)
		}
	}
	return out
}

// HasXMLLint says why answers can't be validated, or nil.
func HasXMLLint(schema string) error {
	if _, err := os.Stat(schema); err != nil {
		return fmt.Errorf("the official schemas are not there: %w", err)
	}
	if _, err := exec.LookPath("xmllint"); err != nil {
		return fmt.Errorf("xmllint (libxml2-utils) is not there: %w", err)
	}
	return nil
}

// Validate holds documents to a schema.
func Validate(t testing.TB, schema string, docs []string) {
	t.Helper()
	if len(docs) == 0 {
		return
	}
	dir := t.TempDir()
	args := []string{"--nonet", "--noout", "--schema", schema}
	for i, doc := range docs {
		file := filepath.Join(dir, fmt.Sprintf("answer-%d.xml", i))
		require.NoError(t, os.WriteFile(file, []byte(doc), 0o600))
		args = append(args, file)
	}
	out, err := exec.Command("xmllint", args...).CombinedOutput()
	if err != nil {
		t.Errorf("xmllint: %v\n%s", err, out)
	}
}

// Docs is all that the server said on this connection.
func (c *Client) Docs() []string { return c.docs }
