package epptest

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/canon"
)

// A Row is an element as XML and as a Go value.
type Row struct {
	Name string // which section of the standard it is about
	XML  string
	// Value is what XML reads as, and what is written as XML.
	Value epp.Element
}

// Elements reads the XML of each row strictly and compares the result with the
// value, and writes the value and compares the result with the XML. It returns the
// frames that it wrote. Elements that are called like a command stand in that
// command, others in an answer's resData.
func Elements(t *testing.T, set *epp.Schema, rows []Row) (frames [][]byte) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.Name, func(t *testing.T) {
			in, out := frameOf(row)
			m, err := set.ParseStrict(in)
			require.NoError(t, err)
			require.Equal(t, row.Value, payload(m))

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
	const head, tail = `<epp xmlns="` + epp.NS + `">`, `</epp>`
	verb := row.Value.XMLName().Local
	if slices.Contains([]string{"check", "create", "delete", "info", "renew", "update"}, verb) {
		return []byte(head + `<command><` + verb + `>` + row.XML + `</` + verb + `><clTRID>TABLE-1</clTRID></command>` + tail),
			&epp.Command{Request: row.Value, ClTRID: "TABLE-1"}
	}
	return []byte(head + `<response><result code="1000"><msg>Done</msg></result><resData>` + row.XML +
			`</resData><trID><clTRID>TABLE-1</clTRID><svTRID>ROW-1</svTRID></trID></response>` + tail),
		&epp.Response{
			Results: []epp.Result{{Code: epp.Success, Msg: epp.Text{Text: "Done"}}},
			ResData: []epp.Element{row.Value},
			TrID:    epp.TrID{ClTRID: "TABLE-1", SvTRID: "ROW-1"},
		}
}

func payload(m epp.Message) epp.Element {
	switch m := m.(type) {
	case *epp.Command:
		return m.Request
	case *epp.Response:
		return m.ResData[0]
	}
	return m
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
}

// Refused tries to write each value and requires a [*epp.FieldError].
func Refused(t *testing.T, rows []Refusal) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.Name, func(t *testing.T) {
			_, m := frameOf(Row{Value: row.Value})
			_, err := epp.Append(nil, m)
			var field *epp.FieldError
			require.ErrorAs(t, err, &field)
			require.Contains(t, field.Path+"$", "/"+row.Path+"$")
			require.ErrorContains(t, err, row.Error)
		})
	}
}
