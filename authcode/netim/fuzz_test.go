package netim

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// stable are the times that a format of the interface can hold.
func stable(t *testing.T, got, want time.Time) {
	require.True(t, got.Equal(want.Truncate(time.Second)), "%s, %s", got, want)
}

// inRange reports whether a year has four digits, as the formats want it.
func inRange(times ...time.Time) bool {
	for _, t := range times {
		if y := t.UTC().Year(); y < 1 || y > 9999 {
			return false
		}
	}
	return true
}

func FuzzOperation(f *testing.F) {
	f.Add([]byte(`{"ID_OPE":4711,"STATUS":"Done","MESSAGE":"m","TYPE":"domainAuthID","DATE":"2031-05-06 12:00:00","DATA":{"a":[1,]},}`))
	f.Add([]byte(`{"ID_OPE":"1","STATUS":"PENDING","DATE":"0000-00-00 00:00:00"}`))
	f.Add([]byte(`{"message":"<html>"}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		op, err := parseOperation(doc, time.UTC)
		if err != nil {
			return
		}
		require.Contains(t, statuses, op.Status)
		if !inRange(op.Date) {
			return
		}
		again, err := parseOperation(jsonwire.Append(op.wire(V3, time.UTC)), time.UTC)
		require.NoError(t, err)
		stable(t, again.Date, op.Date)
		require.Equal(t, len(op.Data) > 0, len(again.Data) > 0)
		again.Date, again.Data, again.Extra = op.Date, op.Data, op.Extra
		require.Equal(t, op, again)
	})
}

func FuzzPending(f *testing.F) {
	f.Add([]byte(`[{"id_ope":"7","code_ope":"domainAuthID","date_ope":"2031-05-06 12:00:00","data_ope":"birch.example"},{"id_ope":8}]`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		list, err := parsePending(doc, time.UTC)
		if err != nil {
			return
		}
		wire := []wirePending{}
		for _, op := range list {
			if !inRange(op.Date) {
				return
			}
			wire = append(wire, op.wire(time.UTC))
		}
		again, err := parsePending(jsonwire.Append(wire), time.UTC)
		require.NoError(t, err)
		require.Len(t, again, len(list))
		for i, op := range list {
			stable(t, again[i].Date, op.Date)
			again[i].Date, again[i].Extra = op.Date, op.Extra
			require.Equal(t, op, again[i])
		}
	})
}

func FuzzInfo(f *testing.F) {
	f.Add([]byte(`{"domain":"birch.example","dateCreate":"2020-02-03","domainIsLock":"1","ns":["a","b"],"authID":"23)9W*(zHLBCEwg4"}`))
	f.Add([]byte(`{"domain":"BIRCH.example.","ns":null,"authID":")*(&<\"$'","status":"x","IsSigned":true,"DNSSEC":[]}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		info, err := parseInfo(doc, "birch.example", time.UTC)
		if err != nil {
			return
		}
		d := info.describe()
		if !inRange(d.Created, d.Expires) {
			return
		}
		wire := wireInfoOf(d, info.AuthID, time.UTC)
		again, err := parseInfo(jsonwire.Append(wire), "birch.example", time.UTC)
		require.NoError(t, err)
		require.Equal(t, info.AuthID, again.AuthID)
		back := again.describe()
		stable(t, back.Created, d.Created.Truncate(24*time.Hour))
		stable(t, back.Expires, d.Expires.Truncate(24*time.Hour))
		back.Created, back.Expires = d.Created, d.Expires
		if len(d.NS) == 0 {
			d.NS, back.NS = nil, nil
		}
		require.Equal(t, d, back)
	})
}

func FuzzRefusal(f *testing.F) {
	f.Add(400, false, []byte(`{"message":"no"}`))
	f.Add(503, true, []byte(`{"message":"no"}`))
	f.Add(503, false, []byte(`{"message":"no","code":"unavailable"}`))
	f.Add(503, true, []byte(`<html>`))
	f.Add(200, true, []byte(``))
	f.Fuzz(func(t *testing.T, status int, safe bool, doc []byte) {
		no, ok := refusal(&httpcall.Reply{Status: status, Body: doc}, safe, nil)
		if !ok {
			return
		}
		require.True(t, status >= 400 && status < 500 || status == 503)
		body := failureOf(no)
		body.Message = no.Text
		again, ok := refusal(&httpcall.Reply{Status: status, Body: jsonwire.Append(body)}, safe, nil)
		require.True(t, ok)
		require.Equal(t, no.Text, again.Text)
		require.Equal(t, no.Class, again.Class)
	})
}

// FuzzFlag holds that a body that is taken asks for exactly one recipient, which comes
// back when it is written.
func FuzzFlag(f *testing.F) {
	f.Add([]byte(`{"sendtoregistrant":1,}`))
	f.Add([]byte(`{"sendto":"2","source":"x"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, version := range []Version{V1, V3} {
			var w wireSendTo
			if _, err := jsonwire.Unmarshal(body, &w); err != nil {
				require.ErrorIs(t, err, jsonwire.ErrMalformed)
				return
			}
			flag := *w.of(version)
			if flag == nil || !SendTo(*flag).valid(version) {
				continue
			}
			var alone, again wireSendTo
			*alone.of(version) = flag
			_, err := jsonwire.Unmarshal(jsonwire.Append(alone), &again)
			require.NoError(t, err)
			require.Equal(t, alone, again)
		}
	})
}

// TestMapping holds that what a class is answered with is read as that class, or as the
// first of those that share the status.
func TestMapping(t *testing.T) {
	for _, class := range authcode.Classes {
		status := statusOf(class, nil)
		back, ok := classOf(status, nil)
		require.True(t, ok, class)
		require.Equal(t, status, statusOf(back, nil), class)
	}
}
