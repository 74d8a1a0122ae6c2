package epptest

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

// Poll reads each row that is an answer's data where a poll brings it, in the message
// that waits first, and requires that it is written again with the same infoset.
func Poll(t *testing.T, set *epp.Schema, rows []Row) {
	t.Helper()
	polled := 0
	for _, row := range rows {
		if row.Extends != nil || !strings.HasSuffix(row.Value.XMLName().Local, "Data") {
			continue
		}
		polled++
		t.Run(row.Name, func(t *testing.T) {
			in := []byte(`<epp xmlns="` + epp.NS + `"><response><result code="1301"><msg>One waits</msg></result>` +
				`<msgQ count="3" id="M-7"><qDate>2025-02-03T04:05:06Z</qDate><msg lang="fi">Odottaa</msg></msgQ>` +
				`<resData>` + row.XML + `</resData><trID><svTRID>POLL-1</svTRID></trID></response></epp>`)
			m, err := set.ParseStrict(in)
			require.NoError(t, err)
			r := m.(*epp.Response)
			require.Equal(t, []epp.Element{row.Value}, r.ResData)
			require.Equal(t, &epp.MsgQ{
				Count: 3, ID: "M-7", QDate: time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC),
				Msg: &epp.Msg{Lang: "fi", Mixed: epp.Mixed{Text: "Odottaa"}},
			}, r.MsgQ)
			out, err := epp.Append(nil, m)
			require.NoError(t, err)
			SameInfoset(t, in, out)
		})
	}
	require.NotZero(t, polled)
}
