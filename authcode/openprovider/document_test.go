package openprovider_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/openprovider"
)

// document is Openprovider's description of the two operations, which is not ours to
// copy.
const document = "../../../shared/seeds/002_a06c402b76ea2bcb.txt"

// sample is a command line of the document and the answer beside it.
type sample struct{ command, answer string }

// samples cuts the document's examples out of it.
func samples(t *testing.T, doc string) []sample {
	t.Helper()
	var list []sample
	parts := strings.Split(doc, "REQUEST EXAMPLE\n")[1:]
	for _, part := range parts {
		command, answer, ok := strings.Cut(part, "RESPONSE EXAMPLE\n")
		require.True(t, ok, "an example has no answer")
		var body json.RawMessage // the first value; prose follows
		require.NoError(t, json.NewDecoder(strings.NewReader(answer)).Decode(&body))
		list = append(list, sample{strings.TrimLeft(command, "\n"), string(body)})
	}
	return list
}

// doubled is a brace that the document has twice.
var doubled = regexp.MustCompile(`\{\s*\{`)

// mend makes a command line one that a shell takes: the brace once, and the quote that
// is left open closed. A backslash at its end stays, with the empty line after it.
func mend(command string) string {
	command = doubled.ReplaceAllString(command, "{")
	if strings.Count(command, "'")%2 == 1 {
		command = strings.TrimRight(command, "\n") + "'"
	}
	return command
}

// TestDocument runs the command lines of the document against the handler, and compares
// what they get with the answers of the document.
func TestDocument(t *testing.T) {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Skip("the document is not there: ", err)
	}
	for _, tool := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	list := samples(t, string(text))
	require.Len(t, list, 2)
	for _, s := range list {
		var want struct {
			Data struct {
				AuthCode string `json:"auth_code"`
				Type     string
			}
		}
		require.NoError(t, json.Unmarshal([]byte(s.answer), &want))
		bearer := regexp.MustCompile(`Bearer ([^']+)'`).FindStringSubmatch(s.command)
		number := regexp.MustCompile(`/domains/(\d+)/`).FindStringSubmatch(s.command)
		require.NotNil(t, bearer)
		require.NotNil(t, number)
		n, err := strconv.ParseInt(number[1], 10, 32)
		require.NoError(t, err)

		p := shows(want.Data.AuthCode)
		srv := offer(t, p, authcode.Secret(bearer[1]), int32(n))
		command := strings.Replace(mend(s.command), "https://api.openprovider.eu", srv.URL, 1)
		command = strings.Replace(command, "curl ", "curl -sSi --max-time 20 ", 1)
		require.Contains(t, command, srv.URL)
		cmd := exec.Command("sh", "-c", command)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		got, err := cmd.Output()
		require.NoError(t, err, "%s\n%s", command, stderr.String())
		require.Empty(t, stderr.String(), command)

		resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(got)), nil)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, resp.StatusCode)
		require.Equal(t, "application/json", resp.Header.Get("Content-Type"))
		require.JSONEq(t, s.answer, string(body))
		require.Len(t, p.asked(), 1)

		// What the document shows, the client reads.
		c := dial(t, srv.URL+"/v1beta", func(o *openprovider.Options) { o.Token = authcode.Secret(bearer[1]) })
		verb := authcode.Retrieve
		if strings.Contains(command, "reset") {
			verb = authcode.Regenerate
		}
		out, err := c.HandOver(t.Context(), request(verb, authcode.Scope(want.Data.Type)))
		require.NoError(t, err)
		require.Equal(t, authcode.Code{
			Value: authcode.Secret(want.Data.AuthCode), Scope: authcode.Scope(want.Data.Type),
		}, out)
	}
}

// TestMend: without mending, the second command line would not do.
func TestMend(t *testing.T) {
	require.Equal(t, "curl -d '{\n\"a\": 1\n}'", mend("curl -d '{\n{\n\"a\": 1\n}\n\n"))
	require.Equal(t, "curl 'x' \\\n\n", mend("curl 'x' \\\n\n"))
}

// offer serves one domain to one account that has a token.
func offer(t *testing.T, p authcode.Provider, token authcode.Secret, id int32) *httptest.Server {
	t.Helper()
	accounts, err := gateway.NewAccounts([]gateway.Account{{
		Name: "reader", User: "reader", Secret: "pass-of-the-reader", Tokens: []authcode.Secret{token},
		Domains: []gateway.Holding{{Name: name, ID: id}},
	}})
	require.NoError(t, err)
	g, err := gateway.New(gateway.Options{Provider: p, Accounts: accounts})
	require.NoError(t, err)
	srv := httptest.NewServer(openprovider.NewHandler(g, openprovider.HandlerOptions{}))
	t.Cleanup(srv.Close)
	return srv
}
