package epptest

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/canon"
)

// A Row is an element as XML and as a Go value.
type Row struct {
	Name string // which section of the standard it is about
	XML  string // declares the prefixes it uses
	// Value is what XML reads as, and what is written as XML.
	Value epp.Element
	// Extends is what the value extends: a command's request or an answer's data.
	// [Answer] stands for an answer without data. Nil is for a value that is
	// itself a request or data.
	Extends epp.Element
	Op      string // of a transfer
}

// Answer is what a Row extends whose value stands in an answer without data.
var Answer epp.Element = new(epp.NoData)

// Elements reads the XML of each row strictly and compares the result with the
// value, and writes the value and compares the result with the XML. It returns the
// frames that it wrote. A value that extends nothing stands in the command that it is
// called like, or else in an answer's resData.
func Elements(t *testing.T, set *epp.Schema, rows []Row) (frames [][]byte) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.Name, func(t *testing.T) {
			in, out := frameOf(row)
			m, err := set.ParseStrict(in)
			require.NoError(t, err)
			require.Equal(t, row.Value, payload(row, m))

			frame, err := epp.Append(nil, out)
			require.NoError(t, err)
			SameInfoset(t, in, frame)
			frames = append(frames, frame)

			frame, err = epp.Append(nil, m)
			require.NoError(t, err)
			SameInfoset(t, in, frame)
		})
	}
	return frames
}

// frameOf makes a frame around a row's XML, and the message that is to be written
// as that frame.
func frameOf(row Row) (frame []byte, m epp.Message) {
	name := row.Value.XMLName()
	// What stands in the place of the value until its XML does.
	hole := fmt.Sprintf(`<%s xmlns="urn:hole"/>`, name.Local)
	raw, err := epp.NewRaw([]byte(hole))
	if err != nil {
		panic(err)
	}
	frame, err = epp.Append(nil, message(row, raw))
	if err != nil {
		panic(err)
	}
	return bytes.Replace(frame, []byte(hole), []byte(row.XML), 1), message(row, row.Value)
}

// message makes a row's message around v.
func message(row Row, v epp.Element) epp.Message {
	const id = "TABLE-1"
	base, exts := v, []epp.Element(nil)
	if row.Extends != nil {
		base, exts = row.Extends, []epp.Element{v}
	}
	if epp.IsObjectVerb(base.XMLName().Local) {
		return &epp.Command{Request: base, Op: row.Op, Extension: exts, ClTRID: id}
	}
	m := &epp.Response{
		Results:   []epp.Result{{Code: epp.Success, Msg: epp.Text{Text: "Done"}}},
		Extension: exts,
		TrID:      epp.TrID{ClTRID: id, SvTRID: "ROW-1"},
	}
	if base != Answer {
		m.ResData = []epp.Element{base}
	}
	return m
}

// payload finds a row's value in a message.
func payload(row Row, m epp.Message) epp.Element {
	var base epp.Element
	var exts []epp.Element
	switch m := m.(type) {
	case *epp.Command:
		base, exts = m.Request, m.Extension
	case *epp.Response:
		if exts = m.Extension; len(m.ResData) > 0 {
			base = m.ResData[0]
		}
	}
	if row.Extends != nil && len(exts) > 0 {
		return exts[0]
	}
	return base
}

// SameInfoset requires that two documents say the same.
func SameInfoset(t testing.TB, want, got []byte) {
	t.Helper()
	w, err := canon.Canonical(want)
	require.NoError(t, err)
	g, err := canon.Canonical(got)
	require.NoError(t, err)
	require.Equal(t, w, g)
}

// A Refusal is a value that may not be written, and why.
type Refusal struct {
	Name  string
	Value epp.Element
	Path  string // the end of the path in the error, as in "contact:id"
	Error string // a part of its text
	// Extends and Op are as in a [Row].
	Extends epp.Element
	Op      string
}

// Refused tries to write each value and requires a [*epp.FieldError].
func Refused(t *testing.T, rows []Refusal) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.Name, func(t *testing.T) {
			_, err := epp.Append(nil, message(Row{Extends: row.Extends, Op: row.Op}, row.Value))
			var field *epp.FieldError
			require.ErrorAs(t, err, &field)
			require.Contains(t, field.Path+"$", "/"+row.Path+"$")
			require.ErrorContains(t, err, row.Error)
		})
	}
}
