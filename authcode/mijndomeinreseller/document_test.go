package mijndomeinreseller_test

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
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
)

const document = "../../../shared/seeds/001_fe89092bd21f0134.txt"

// A sample is one of the document's examples.
type sample struct {
	php  string // the program
	curl string // the command line
	// The answer; the body is mended, and nil where there is none.
	status int
	ctype  string
	body   map[string]string
}

var (
	inCurl   = regexp.MustCompile(`(?s)curl -X.*?/auth_code\b`)
	inPHP    = regexp.MustCompile(`(?s)<\?php.*?curl_close`)
	inAnswer = regexp.MustCompile(`HTTP/1\.1 (\d{3}) .*\s*(?:Content-Type: (\S+)\s*(\{[^}]*\}))?`)
	inKey    = regexp.MustCompile(`Bearer (\S+)"`)
	inPath   = regexp.MustCompile(`/v2/domains/([^/]+)/auth_code`)
	surplus  = regexp.MustCompile(`,(\s*\})`)
)

// samples reads the document.
func samples(t *testing.T) []sample {
	doc, err := os.ReadFile(document)
	if err != nil {
		t.Skip("the document is not here: ", err)
	}
	curls, phps := inCurl.FindAllString(string(doc), -1), inPHP.FindAllString(string(doc), -1)
	answers := inAnswer.FindAllStringSubmatch(string(doc), -1)
	require.Len(t, curls, 3)
	require.Len(t, phps, 3)
	require.Len(t, answers, 3)
	list := make([]sample, 3)
	for i := range list {
		a := answers[i]
		status, err := strconv.Atoi(a[1])
		require.NoError(t, err)
		list[i] = sample{php: phps[i], curl: curls[i], status: status, ctype: a[2]}
		if a[3] != "" {
			require.NoError(t, json.Unmarshal([]byte(surplus.ReplaceAllString(a[3], "$1")), &list[i].body))
		}
	}
	return list
}

// promised is a server that does for each domain what the document says.
func promised(t *testing.T, list []sample) *httptest.Server {
	outcomes := map[string]authcode.Outcome{}
	account := gateway.Account{Name: "sample", Key: authcode.Secret(inKey.FindStringSubmatch(list[0].curl)[1])}
	for _, s := range list {
		domain := inPath.FindStringSubmatch(s.curl)[1]
		account.Domains = append(account.Domains, gateway.Holding{Name: domain})
		if s.body == nil {
			outcomes[domain] = authcode.Sent{To: registrant}
			continue
		}
		code := authcode.Code{Value: authcode.Secret(s.body["auth_code"])}
		if at := s.body["auth_code_date_expiry"]; at != "" {
			var err error
			code.Expires, err = time.Parse(time.RFC3339, at)
			require.NoError(t, err)
		}
		outcomes[domain] = code
	}
	accounts, err := gateway.NewAccounts([]gateway.Account{account})
	require.NoError(t, err)
	p := &fake{
		caps: authcode.Capabilities{Regenerate: either},
		do:   func(r authcode.Request) (authcode.Outcome, error) { return outcomes[r.Domain], nil },
	}
	srv := httptest.NewServer(handler(t, gateway.Options{Provider: p, Accounts: accounts}))
	t.Cleanup(srv.Close)
	return srv
}

// same compares an answer with the document's.
func same(t *testing.T, s sample, answer []byte) {
	resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(answer)), nil)
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, s.status, resp.StatusCode)
	require.Equal(t, s.ctype, resp.Header.Get("Content-Type"))
	if s.body == nil {
		require.Empty(t, body)
		return
	}
	var got map[string]string
	require.NoError(t, json.Unmarshal(body, &got), "valid JSON, unlike the document's")
	require.Equal(t, s.body, got)
}

// TestDocumentCurl runs the document's command lines, with another host.
func TestDocumentCurl(t *testing.T) {
	for _, tool := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("there is no ", tool)
		}
	}
	list := samples(t)
	srv := promised(t, list)
	for _, s := range list {
		t.Run(inPath.FindString(s.curl), func(t *testing.T) {
			line := strings.NewReplacer("curl ", "curl -si --noproxy '*' ", "https://api-test.mijndomeinreseller.nl", srv.URL).Replace(s.curl)
			require.Contains(t, line, srv.URL)
			out, err := exec.CommandContext(t.Context(), "sh", "-c", line).Output()
			require.NoError(t, err)
			same(t, s, out)
		})
	}
}

// TestDocumentPHP makes the requests that the document's programs make.
func TestDocumentPHP(t *testing.T) {
	list := samples(t)
	srv := promised(t, list)
	apiKey := regexp.MustCompile(`\$api_key\s*= "(.*?)"`)
	for _, s := range list {
		t.Run(inPath.FindString(s.php), func(t *testing.T) {
			require.Contains(t, s.php, `CURLOPT_POSTFIELDS, ""`)
			answer := say(t, srv, php(inPath.FindString(s.php), apiKey.FindStringSubmatch(s.php)[1],
				"Content-Length: 0\nContent-Type: application/x-www-form-urlencoded\n"))
			same(t, s, []byte(answer))
		})
	}
}

// TestDocumentClient has the client read the document's answers as they are printed,
// with their slips.
func TestDocumentClient(t *testing.T) {
	doc, err := os.ReadFile(document)
	if err != nil {
		t.Skip("the document is not here: ", err)
	}
	list := samples(t)
	for i, a := range inAnswer.FindAllStringSubmatch(string(doc), -1) {
		res, err := client(t, &answers{status: list[i].status, body: a[3]}).AuthCode(t.Context(), "alpha.example")
		require.NoError(t, err)
		require.Equal(t, a[3] == "", res.Mailed)
		if !res.Mailed {
			require.Regexp(t, `,\s*\}`, a[3])
			require.Equal(t, list[i].body["auth_code"], res.Code.AuthCode.Reveal())
			require.Equal(t, list[i].body["auth_code_date_expiry"], res.Code.Expiry)
			require.Equal(t, res.Code.Expiry == "", res.Code.Expires.IsZero())
		}
	}
}
