package epp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

// handOver is a transfer that knows its operation.
type handOver struct {
	Op, ID string
}

func (*handOver) XMLName() epp.Name {
	return epp.Name{Space: "urn:example:hand-1.0", Local: "transfer"}
}
func (m *handOver) TransferOp() *string { return &m.Op }
func (m *handOver) Fields(x *epp.Codec) { x.Elem("id", epp.Token(&m.ID)) }

func TestTransferer(t *testing.T) {
	set, err := epp.NewSchema(epp.Extension{
		URI: "urn:example:hand-1.0", Level: epp.ObjectLevel,
		Elements: []func() epp.Element{epp.Make[handOver]},
	})
	require.NoError(t, err)
	frame := func(op string) string {
		return head + `<command><transfer op="` + op + `"><hand:transfer xmlns:hand="urn:example:hand-1.0">` +
			`<hand:id>H1</hand:id></hand:transfer></transfer></command>` + tail
	}
	for _, op := range []string{
		epp.TransferApprove, epp.TransferCancel, epp.TransferQuery, epp.TransferReject, epp.TransferRequest,
	} {
		t.Run(op, func(t *testing.T) {
			out, err := epp.Append(nil, &epp.Command{Request: &handOver{Op: op, ID: "H1"}})
			require.NoError(t, err)
			require.Equal(t, frame(op), string(out))

			m, err := set.ParseStrict(out)
			require.NoError(t, err)
			require.Equal(t, &epp.Command{Request: &handOver{Op: op, ID: "H1"}, Verb: "transfer", Op: op}, m)
		})
	}
	t.Run("the request's word counts", func(t *testing.T) {
		out, err := epp.Append(nil, &epp.Command{Request: &handOver{Op: epp.TransferReject, ID: "H1"}, Op: epp.TransferApprove})
		require.NoError(t, err)
		require.Equal(t, frame("reject"), string(out))
	})
	t.Run("the command's, where the request has none", func(t *testing.T) {
		out, err := epp.Append(nil, &epp.Command{Request: &handOver{ID: "H1"}, Op: epp.TransferApprove})
		require.NoError(t, err)
		require.Equal(t, frame("approve"), string(out))
	})
	t.Run("nobody's", func(t *testing.T) {
		_, err := epp.Append(nil, &epp.Command{Request: &handOver{ID: "H1"}})
		require.ErrorContains(t, err, "/epp/command/transfer/@op: must be approve, cancel, query, reject or request")
	})
	t.Run("an operation that there is not", func(t *testing.T) {
		m, err := set.Parse([]byte(frame("ask")))
		require.NoError(t, err)
		require.Equal(t, "ask", m.(*epp.Command).Request.(*handOver).Op)
		out, err := set.Append(nil, m)
		require.NoError(t, err)
		require.Equal(t, frame("ask"), string(out), "as it came")
		m.(*epp.Command).ClTRID = "ABC-9"
		_, err = set.Append(nil, m)
		require.ErrorContains(t, err, "@op: must be approve")
	})
}

// letGo is a payload whose name is not that of its command.
type letGo struct{ ID string }

func (*letGo) XMLName() epp.Name     { return epp.Name{Space: "urn:example:hand-1.0", Local: "letGo"} }
func (*letGo) Verb() string          { return "update" }
func (m *letGo) Fields(x *epp.Codec) { x.Elem("id", epp.Token(&m.ID)) }

func TestVerber(t *testing.T) {
	set, err := epp.NewSchema(epp.Extension{
		URI: "urn:example:hand-1.0", Level: epp.ObjectLevel,
		Elements: []func() epp.Element{epp.Make[letGo], epp.Make[handOver]},
	})
	require.NoError(t, err)
	const payload = `<hand:letGo xmlns:hand="urn:example:hand-1.0"><hand:id>H1</hand:id></hand:letGo>`
	frame := head + command(`<update>`+payload+`</update>`) + tail

	t.Run("known", func(t *testing.T) {
		out, err := epp.Append(nil, &epp.Command{Request: &letGo{ID: "H1"}})
		require.NoError(t, err)
		require.Equal(t, frame, string(out))
		m, err := set.ParseStrict(out)
		require.NoError(t, err)
		require.Equal(t, &epp.Command{Request: &letGo{ID: "H1"}, Verb: "update"}, m)
	})
	t.Run("unknown", func(t *testing.T) { // the schema asks for any element of another namespace
		for verb, attr := range map[string]string{"update": "", "info": "", "transfer": ` op="approve"`} {
			frame := head + command(`<`+verb+attr+`>`+payload+`</`+verb+`>`) + tail
			m, err := (*epp.Schema)(nil).ParseStrict([]byte(frame))
			require.NoError(t, err)
			q := m.(*epp.Command)
			require.Equal(t, verb, q.Verb)
			require.Equal(t, payload, q.Request.(*epp.Raw).XML)
			out, err := epp.Append(nil, q)
			require.NoError(t, err)
			require.Equal(t, frame, string(out))
		}
	})
	t.Run("known, and that of another command", func(t *testing.T) {
		frame := head + command(`<delete>`+payload+`</delete>`) + tail
		_, err := set.ParseStrict([]byte(frame))
		require.ErrorContains(t, err, "the command and the element in it differ")

		m, err := set.Parse([]byte(frame))
		require.NoError(t, err)
		q := m.(*epp.Command)
		require.ErrorContains(t, q.Request.(*epp.Raw).Err, "/epp/command/delete (line 1): the command and the element in it differ")
		out, err := epp.Append(nil, q)
		require.NoError(t, err)
		require.Equal(t, frame, string(out))
	})
	t.Run("a Raw of a program", func(t *testing.T) {
		raw, err := epp.NewRaw([]byte(nounXML("check", "")))
		require.NoError(t, err)
		out, err := epp.Append(nil, &epp.Command{Request: raw})
		require.NoError(t, err)
		require.Equal(t, head+command(`<check>`+nounXML("check", "")+`</check>`)+tail, string(out))
	})
}
