package netim_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/netim"
)

// document is Netim's "Send AuthID", version 1.0.
const document = "../../../shared/seeds/000_3711e7903253d2b5.txt"

// TestDocument runs the document's own command line.
func TestDocument(t *testing.T) {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Skipf("the document is not there: %v", err)
	}
	for _, program := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("there is no %s: %v", program, err)
		}
	}
	command := regexp.MustCompile(`(?m)^curl (.*\\\n)*.*$`).FindString(string(text))
	find := func(pattern string) string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(command)
		require.NotNil(t, m, "%s in %s", pattern, command)
		return m[1]
	}
	host, domain := find(`(https://[^/]*)/`), find(`/domain/([^/]*)/`)
	token := authcode.Secret(find(`Bearer ([^']*)'`)) // with its stray sign at the end

	for version, command := range map[netim.Version]string{
		netim.V1: command,
		netim.V3: strings.NewReplacer("/1.0/", "/3.0/", "sendtoregistrant", "sendto").Replace(command),
	} {
		p := newFake()
		reader := gateway.Account{
			Name: "reader", User: "READER", Secret: "reader-secret", Tokens: []authcode.Secret{token},
			Domains: []gateway.Holding{{Name: domain}},
		}
		srv := serve(t, p, gateway.Options{Accounts: accounts(t, reader)}, netim.HandlerOptions{})
		run := func(command string) (*http.Response, string) {
			command = strings.ReplaceAll(command, host, srv.URL) + " -s -S -i --max-time 20"
			out, err := exec.CommandContext(t.Context(), "sh", "-c", command).CombinedOutput()
			require.NoError(t, err, "%s\n%s", command, out)
			resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(string(out))), nil)
			require.NoError(t, err)
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			return resp, string(body)
		}
		resp, body := run(command)
		require.Equal(t, 200, resp.StatusCode, body)
		require.Equal(t, "application/json", resp.Header.Get("Content-Type"))
		data := ""
		if version == netim.V3 {
			data = `,"DATA":null`
		}
		require.Equal(t, operationAt(firstID, "Done", "the code was sent to registrant", "domainAuthID", data), body)
		require.Equal(t, []string{"send fresh to registrant " + domain}, p.took())

		// What the document says of the flag 0, and of each request.
		codes := map[string]bool{}
		for range 2 {
			resp, _ = run(strings.Replace(command, `":1}`, `":0}`, 1))
			require.Equal(t, 200, resp.StatusCode)
			resp, body = run(strings.NewReplacer("PATCH", "GET", "/authid/", "/info/").Replace(command))
			require.Equal(t, 200, resp.StatusCode)
			var told struct {
				Code string `json:"authID"`
			}
			require.NoError(t, json.Unmarshal([]byte(body), &told))
			codes[told.Code] = true
		}
		require.Equal(t, map[string]bool{"new-Code-2": true, "new-Code-3": true}, codes)

		resp, body = run(strings.Replace(command, token.Reveal(), strings.TrimSuffix(token.Reveal(), "="), 1))
		require.Equal(t, 401, resp.StatusCode)
		require.JSONEq(t, `{"message":"there is no such session"}`, body)
	}
}
