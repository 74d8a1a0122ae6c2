package main

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/beevik/etree"

	"github.com/eppkit/eppkit/epp"
)

// printResponse writes an answer in the form that --output asks for. For text,
// words writes what is special about this command's answer; nil lists the data.
func (a *app) printResponse(r *epp.Response, words func(io.Writer)) error {
	if !r.Code().OK() && a.flags.output != "raw" {
		r = a.withoutSecrets(r)
	}
	switch a.flags.output {
	case "xml", "raw":
		return a.printDocument([]byte(r.Frame))
	case "json":
		return a.printJSON(responseObject(r))
	}
	fmt.Fprintf(a.out, "%04d %s\n", r.Code(), oneLine(r.Results[0].Msg.Text))
	if words != nil {
		words(a.out)
		return nil
	}
	printData(a.out, r.ResData)
	printRest(a.out, r)
	return nil
}

// withoutSecrets is a refusal for people and their logs to see: some registries quote a
// wrong authInfo in it.
func (a *app) withoutSecrets(r *epp.Response) *epp.Response {
	set, _ := a.schema() // a session has one
	return withoutSecretsOf(set, r)
}

// withoutSecretsOf is an answer of a registry that speaks some namespaces, without secrets.
func withoutSecretsOf(set *epp.Schema, r *epp.Response) *epp.Response {
	m, err := set.Parse(set.Redact([]byte(r.Frame)))
	if clean, ok := m.(*epp.Response); ok && err == nil {
		return clean
	}
	return r
}

// printData writes elements: a line that says what each is, and below it two columns.
func printData(w io.Writer, elements []epp.Element) {
	for _, e := range elements {
		if raw, ok := e.(*epp.Raw); ok {
			printObject(w, viewElement(raw))
			continue
		}
		fmt.Fprintln(w, e.XMLName().Qualified())
		printColumns(w, "  ", dataOf(e))
	}
}

// printRest writes what an answer has beside its data: extensions, values of its results,
// in which data stand that have no place elsewhere (RFC 9038), and what this program has
// no place for.
func printRest(w io.Writer, r *epp.Response) {
	printData(w, r.Extension)
	for _, result := range r.Results {
		for _, v := range result.Values {
			if v.Reason != nil {
				fmt.Fprintln(w, oneLine(epp.Collapse(v.Reason.Text)))
			}
			printData(w, v.Value.Elements)
		}
	}
	for _, e := range extraList(r.Extra) {
		printObject(w, object{{"extra", e}})
	}
}

// printDocument writes a document as it is for --output raw, and laid out otherwise.
func (a *app) printDocument(doc []byte) error {
	if a.flags.output == "raw" {
		_, err := a.out.Write(doc)
		return err
	}
	_, err := fmt.Fprintln(a.out, indent(doc))
	return err
}

func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// responseObject is an answer as JSON has it.
func responseObject(r *epp.Response) object {
	o := object{
		{"code", uint64(r.Code())},
		{"message", r.Results[0].Msg.Text},
		{"clTRID", r.TrID.ClTRID},
		{"svTRID", r.TrID.SvTRID},
	}
	var reasons []any
	withData := len(r.Results) > 1
	for i := range r.Results {
		for j := range r.Results[i].Values {
			withData = withData || len(r.Results[i].Values[j].Value.Elements) > 0
			if reason := r.Results[i].Values[j].Reason; reason != nil {
				reasons = append(reasons, reason.Text)
			}
		}
	}
	if reasons != nil {
		o = append(o, field{"reasons", reasons})
	}
	if withData {
		o = append(o, field{"results", view(reflect.ValueOf(r.Results))})
	}
	if r.MsgQ != nil {
		o = append(o, field{"msgQ", view(reflect.ValueOf(r.MsgQ))})
	}
	o = appendElements(o, "data", r.ResData)
	o = appendElements(o, "extension", r.Extension)
	if len(r.Extra) > 0 {
		o = append(o, field{"extra", extraList(r.Extra)})
	}
	if r.Unread != nil {
		o = append(o, field{"unread", r.Unread.Error()})
	}
	return o
}

// appendElements adds elements under a name: one as itself, several as a list.
func appendElements(o object, name string, elements []epp.Element) object {
	switch len(elements) {
	case 0:
		return o
	case 1:
		return append(o, field{name, viewElement(elements[0])})
	}
	var list []any
	for _, e := range elements {
		list = append(list, viewElement(e))
	}
	return append(o, field{name, list})
}

// printObject writes names and values in two columns.
func printObject(w io.Writer, v any) { printColumns(w, "", v) }

func printColumns(w io.Writer, indent string, v any) {
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, l := range lines("", v) {
		fmt.Fprintf(tw, "%s%s\t%s\n", indent, l[0], oneLine(l[1]))
	}
	tw.Flush()
}

// oneLine keeps a registry's text from starting a line, and is printable.
func oneLine(s string) string {
	return printable(strings.NewReplacer("\n", " ", "\u2028", " ", "\u2029", " ").Replace(s))
}

// printable keeps a text from moving the cursor, and from turning the direction of
// what follows it.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, s)
}

// indent lays out a document for people. What is no document is left as it is.
func indent(doc []byte) string {
	d := etree.NewDocument()
	if err := d.ReadFromBytes(doc); err != nil || d.Root() == nil {
		return string(doc)
	}
	d.Indent(2)
	s, err := d.WriteToString()
	if err != nil {
		return string(doc)
	}
	return strings.TrimSuffix(s, "\n")
}
