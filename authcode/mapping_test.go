package authcode_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	freddomain "github.com/eppkit/eppkit/fred/domain"
)

var update = flag.Bool("update", false, "write the tables of the documents")

// The table in README.md says how every interface says every outcome, and how its
// client reads that. Each of its cells is a call: this test makes them all, and the
// table of what it saw has to be the one in the file.

// column is an interface in the table.
type column struct {
	title string
	hop   string // name in hops
	// asks is what brings Sent and Pending, and the refusals.
	asks authcode.Request
	// say is an answer in a word; "" for those that only lead to it.
	say func(path string, status int, body []byte) string
}

var columns = []column{
	{"Netim", "netim 1.0", authcode.Request{Verb: authcode.Send, To: authcode.Registrant}, sayNetim},
	{"Mijndomeinreseller", "mijndomeinreseller", authcode.Request{Verb: authcode.Regenerate}, sayStatus},
	{"Openprovider", "openprovider", authcode.Request{Verb: authcode.Regenerate}, sayOpenprovider},
	{"OpenSRS", "opensrs", authcode.Request{Verb: authcode.Send, To: authcode.Admin}, sayOpenSRS},
}

func sayStatus(_ string, status int, _ []byte) string { return fmt.Sprint(status) }

func sayNetim(path string, status int, body []byte) string {
	var answer struct {
		Status string `json:"STATUS"`
		AuthID string `json:"authID"`
	}
	_ = json.Unmarshal(body, &answer)
	switch {
	case strings.Contains(path, "session"):
		return ""
	case answer.Status != "":
		return answer.Status
	case answer.AuthID != "":
		return "`authID`"
	}
	return fmt.Sprint(status)
}

func sayOpenprovider(path string, status int, body []byte) string {
	var answer struct {
		Code *int `json:"code"`
		Data struct {
			AuthCode string `json:"auth_code"`
		} `json:"data"`
	}
	_ = json.Unmarshal(body, &answer)
	switch {
	case !strings.Contains(path, "authcode"):
		return ""
	case answer.Code == nil:
		return fmt.Sprint(status)
	case *answer.Code != 0:
		return fmt.Sprint(*answer.Code)
	case answer.Data.AuthCode != "":
		return "`auth_code`"
	}
	return "0, no code"
}

func sayOpenSRS(_ string, status int, body []byte) string {
	var e struct {
		Items []struct {
			Key  string `xml:"key,attr"`
			Text string `xml:",chardata"`
		} `xml:"body>data_block>dt_assoc>item"`
	}
	_ = xml.Unmarshal(body, &e)
	for _, it := range e.Items {
		if it.Key == "response_code" {
			return it.Text
		}
	}
	return fmt.Sprint(status)
}

// row is an outcome, and a world that has it.
type row struct {
	title string
	mode  mode
	verb  authcode.Verb // in place of the column's
}

func rows() []row {
	list := []row{
		{"Code", shows, authcode.Regenerate},
		{"Sent", mails, ""},
		{"Pending", queues, ""},
	}
	for _, c := range authcode.Classes {
		list = append(list, row{"Refused, " + string(c), refuses(c), ""})
	}
	return append(list, row{"Refused, and some have it", inPart, ""}, row{"error, outcome unknown", lost, ""}, row{"error, nothing done", down, ""})
}

func TestMapping(t *testing.T) {
	var b strings.Builder
	b.WriteString("| Outcome |")
	for _, c := range columns {
		fmt.Fprintf(&b, " %s |", c.title)
	}
	b.WriteString(" EPP, RFC 5731 | EPP, FRED |\n|" + strings.Repeat("---|", len(columns)+3) + "\n")
	byRFC, byFRED := eppCodes(t, eppcode.RFC), eppCodes(t, eppcode.FRED)
	for _, r := range rows() {
		fmt.Fprintf(&b, "| %s |", r.title)
		for i := range columns {
			fmt.Fprintf(&b, " %s |", columns[i].cell(t, r))
		}
		fmt.Fprintf(&b, " %s | %s |\n", cmp.Or(byRFC[r.title], "–"), cmp.Or(byFRED[r.title], "–"))
	}
	sameTable(t, "README.md", "mapping", b.String())
}

// cell is how an interface says an outcome, and what its client reads, where that is
// not the same.
func (c *column) cell(t *testing.T, r row) string {
	var h *hop
	for i := range hops {
		if hops[i].name == c.hop {
			h = &hops[i]
		}
	}
	var said []string
	watch := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, q)
			body := bytes.Clone(rec.Body.Bytes())
			if s := c.say(q.URL.Path, rec.Code, body); s != "" {
				said = append(said, s)
			}
			for name, values := range rec.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(rec.Code)
			_, _ = w.Write(body)
		})
	}
	q := c.asks
	q.Domain = "alpha.example"
	if r.verb != "" {
		q.Verb, q.To = r.verb, ""
	}
	out, err := h.over(t, newWorld(r.mode), watch).HandOver(t.Context(), q)
	read, means := kind(out, err), r.mode.outcome(q)
	if len(said) == 0 {
		return "(not asked)"
	}
	s := strings.Join(said, ", ")
	if read != means {
		s += " → " + read
	}
	return s
}

// outcome is what a world of this mode says, in the words of kind.
func (m mode) outcome(r authcode.Request) string {
	return kind(newWorld(m).HandOver(context.Background(), r))
}

// eppCodes are the result codes, by the row for which they stand, of the command that
// changes something: domain:update, or sendAuthInfo.
func eppCodes(t *testing.T, k eppcode.Kind) map[string]string {
	list := map[string][]string{}
	for code := epp.Code(1000); code < 2600; code++ {
		if !code.Known() {
			continue
		}
		p, err := eppcode.New(eppcode.Options{Doer: answering(code), ClID: "reg-north", Kind: k})
		require.NoError(t, err)
		out, err := p.HandOver(t.Context(), authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate})
		var title string
		switch is := kind(out, err); is {
		case "code":
			title = "Code"
		case "sent":
			title = "Sent"
		case "pending":
			title = "Pending"
		case "unknown":
			title = "error, outcome unknown"
		default:
			title = "Refused, " + is
		}
		if code == epp.Success || code == epp.ActionPending || !code.OK() {
			list[title] = append(list[title], fmt.Sprint(uint16(code)))
		}
	}
	// These are no codes, but what the client says of a connection.
	for fate, title := range map[client.Fate]string{client.Unknown: "error, outcome unknown", client.NotSent: "error, nothing done"} {
		p, err := eppcode.New(eppcode.Options{Doer: cut(fate), ClID: "reg-north", Kind: k})
		require.NoError(t, err)
		_, err = p.HandOver(t.Context(), authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate})
		require.Equal(t, title == "error, outcome unknown", authcode.OutcomeUnknown(err))
		require.Equal(t, title != "error, outcome unknown", authcode.SafeToRetry(err))
		list[title] = append(list[title], "cut off, "+fate.String())
	}
	cells := map[string]string{}
	for title, codes := range list {
		cells[title] = strings.Join(codes, ", ")
	}
	return cells
}

// answering is a registry that tells about domains and answers everything else with one
// code.
type answering epp.Code

func (c answering) Exchange(_ context.Context, cmd *epp.Command) (*epp.Response, error) {
	r := &epp.Response{Results: []epp.Result{{Code: epp.Success}}}
	switch cmd.Request.(type) {
	case *domain.Info:
		r.ResData = []epp.Element{&domain.InfData{Name: "alpha.example", ROID: "A1-X", ClID: "reg-north"}}
	case *freddomain.Info:
		r.ResData = []epp.Element{&freddomain.InfData{Name: "alpha.example", ROID: "A1-X", ClID: "reg-north", Registrant: "HANA"}}
	default:
		r.Results[0].Code = epp.Code(c)
	}
	return r, nil
}

// cut is a connection that is cut off at the command that changes something.
type cut client.Fate

func (f cut) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	r, err := answering(epp.Success).Exchange(ctx, cmd)
	if len(r.ResData) > 0 {
		return r, err
	}
	return nil, &client.Error{Op: "command", Fate: client.Fate(f), Err: errors.New("cut off")}
}
