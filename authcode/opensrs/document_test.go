package opensrs

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/internal/canon"
)

// document returns the request and the answer of the document, as they stand in it.
func document(t *testing.T) (request, answer []byte) {
	const file = "../../../shared/seeds/003_eaadd5baa1baf077.txt"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("the document is not there: %s", file)
	}
	const begin, end = "<?xml", "</OPS_envelope>"
	var found [][]byte
	for rest := string(b); ; {
		from := strings.Index(rest, begin)
		if from < 0 {
			break
		}
		to := strings.Index(rest, end)
		require.Greater(t, to, from)
		found = append(found, []byte(rest[from:to+len(end)]))
		rest = rest[to+len(end):]
	}
	require.Len(t, found, 2)
	return found[0], found[1]
}

// inDocument is the domain of a request.
func inDocument(t *testing.T, request []byte) string {
	e, err := Read(request)
	require.NoError(t, err)
	v, _ := e.Data.Get("attributes")
	require.NotEmpty(t, v.Assoc.Word("domain_name"))
	return v.Assoc.Word("domain_name")
}

func requireSame(t *testing.T, want, got []byte) {
	w, err := Read(want)
	require.NoError(t, err)
	g, err := Read(got)
	require.NoError(t, err)
	require.Equal(t, w, g) // the order of items too
	cw, err := canon.Canonical(want)
	require.NoError(t, err)
	cg, err := canon.Canonical(got)
	require.NoError(t, err)
	require.Equal(t, cw, cg)
}

// sendByCurl signs a file with md5sum and posts it with curl. It prints the answer's body,
// and in a last line its status and content type.
const sendByCurl = `
hash() { cat "$@" | md5sum | cut -d' ' -f1 | tr -d '\n'; }
printf %s "$KEY" >key
hash request.xml key >inner
signature=$(hash inner key)
curl -sS --noproxy '*' --data-binary @request.xml -H 'Content-Type: text/xml' -H "X-Username: $USERNAME" \
	-H "X-Signature: $signature" -w '\n%{http_code} %{content_type}' "$URL"
`

// TestDocumentByCurl has curl send the document's request, and get its answer.
func TestDocumentByCurl(t *testing.T) {
	request, answer := document(t)
	for _, program := range []string{"sh", "curl", "md5sum"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	p := newFake()
	accounts, err := gateway.NewAccounts([]gateway.Account{{
		Name: "n", User: user, Secret: key, Domains: []gateway.Holding{{Name: inDocument(t, request)}},
	}})
	require.NoError(t, err)
	s := httptest.NewServer(handlerOf(t, gateway.Options{Provider: p, Accounts: accounts}, HandlerOptions{}))
	defer s.Close()

	cmd := exec.CommandContext(t.Context(), "sh", "-ec", sendByCurl)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "KEY="+key.Reveal(), "USERNAME="+user, "URL="+s.URL)
	require.NoError(t, os.WriteFile(filepath.Join(cmd.Dir, "request.xml"), request, 0o600))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	at := strings.LastIndexByte(string(out), '\n')
	require.Equal(t, "200 text/xml", string(out[at+1:]), "%s", out)
	requireSame(t, answer, out[:at])
	require.Equal(t, []string{"send to admin " + inDocument(t, request)}, p.asked)
}

// TestDocumentByClient has the client make the document's request, and take its answer.
func TestDocumentByClient(t *testing.T) {
	request, answer := document(t)
	var asked []byte
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, _ = io.ReadAll(r.Body)
		w.Write(answer)
	}))
	defer s.Close()
	out, err := clientOf(t, s.URL).HandOver(t.Context(), authcode.Request{
		Domain: inDocument(t, request), Verb: authcode.Send, To: authcode.Admin,
	})
	require.NoError(t, err)
	require.Equal(t, authcode.Sent{To: []authcode.Recipient{authcode.Admin}}, out)
	requireSame(t, request, asked)
}
