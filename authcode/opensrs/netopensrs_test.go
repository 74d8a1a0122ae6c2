package opensrs

import (
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

// netOpenSRS runs the script with a handler behind TLS, whose certificate the client
// verifies, and returns the lines by their labels.
func netOpenSRS(t *testing.T, p *fake, h HandlerOptions, trust bool, code authcode.Secret) map[string]string {
	if err := exec.Command("perl", "-MNet::OpenSRS", "-MLWP::Protocol::https", "-e", "1").Run(); err != nil {
		t.Skip("Perl's Net::OpenSRS is not installed (Debian's libnet-opensrs-perl)")
	}
	s := httptest.NewUnstartedServer(handlerOf(t, options(t, p), h))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that fail as they should
	s.StartTLS()
	t.Cleanup(s.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	require.NoError(t, os.WriteFile(ca, cert, 0o600))

	cmd := exec.CommandContext(t.Context(), "perl", "testdata/netopensrs.pl", s.URL, strings.ToUpper(user), key.Reveal(),
		hex.EncodeToString([]byte(code)), "gamma.example")
	cmd.Env = append(os.Environ(), "PERL_LWP_SSL_VERIFY_HOSTNAME=1", "no_proxy=127.0.0.1", "NO_PROXY=127.0.0.1")
	if trust {
		cmd.Env = append(cmd.Env, "PERL_LWP_SSL_CA_FILE="+ca)
	}
	out, err := cmd.Output()
	require.NoError(t, err)
	lines := map[string]string{}
	for line := range strings.Lines(string(out)) {
		label, value, _ := strings.Cut(line, " ")
		if rest, ok := strings.CutPrefix(value, "last_response "); ok {
			label, value = label+" last_response", rest
		}
		lines[label] = strings.TrimSpace(value)
	}
	return lines
}

// TestNetOpenSRS lets a client by others, Perl's Net::OpenSRS, talk to the handler with
// verified TLS.
func TestNetOpenSRS(t *testing.T) {
	for _, row := range []struct {
		name          string
		options       HandlerOptions
		code          authcode.Secret
		reply, domain string
	}{
		{"as the document has it", HandlerOptions{}, codes[0], "reply", "domain"},
		{"in capitals, without a DOCTYPE", HandlerOptions{Upper: true, NoDoctype: true}, codes[1], "REPLY", "DOMAIN"},
		{"not ASCII", HandlerOptions{}, codes[2], "reply", "domain"},
		{"like markup", HandlerOptions{}, codes[3], "reply", "domain"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := newFake()
			p.out[authcode.Retrieve] = authcode.Code{Value: codes[1]}
			got := netOpenSRS(t, p, row.options, true, row.code)
			answer := func(label, success, code, text string, attributes map[string]any) {
				t.Helper()
				want := map[string]any{
					"protocol": "XCP", "action": row.reply, "object": row.domain,
					"is_success": success, "response_code": code, "response_text": text,
				}
				if attributes != nil {
					want["attributes"] = attributes
				}
				b, err := json.Marshal(want)
				require.NoError(t, err)
				require.JSONEq(t, string(b), got[label], label)
				require.Equal(t, `"`+code+": "+text+`"`, got[label+" last_response"])
			}
			answer("send", "1", "200", "Message sent", nil)
			answer("get", "1", "200", "Command successful", map[string]any{"domain_auth_info": codes[1].Reveal()})
			answer("modify", "1", "200", "Command successful", nil)
			require.Equal(t, row.code.Reveal(), p.value.Reveal())
			answer("get-again", "1", "200", "Command successful", map[string]any{"domain_auth_info": row.code.Reveal()})
			answer("status", "1", "200", "Command successful", map[string]any{"lock_state": "0", "can_modify": "1"})
			answer("lock", "1", "200", "Command successful", nil)
			answer("status-locked", "1", "200", "Command successful", map[string]any{"lock_state": "1", "can_modify": "1"})
			answer("other", "0", "435", "the domain is not in this account", nil)
			answer("no-such-domain", "0", "480", "there is no such domain", nil)
			answer("missing", "0", "460", "the attribute domain_name is missing", nil)
			answer("lookup", "0", "430", "there is no such command here", nil)
			answer("list", "1", "200", "Command successful", map[string]any{"lock_state": "1", "can_modify": "1"})
			const wrong = "the user name or the signature is wrong"
			answer("wrong-key", "0", "401", wrong, nil)
			answer("wrong-key-missing-domain", "0", "401", wrong, nil)
		})
	}

	t.Run("a root that it does not know", func(t *testing.T) {
		p := newFake()
		got := netOpenSRS(t, p, HandlerOptions{}, false, codes[0])
		require.Equal(t, "null", got["send"])
		require.Empty(t, p.asked)
	})
	t.Run("an unknown outcome is no answer", func(t *testing.T) {
		p := newFake()
		p.err = &authcode.Error{Unknown: true, Err: errAccepted}
		got := netOpenSRS(t, p, HandlerOptions{}, true, codes[0])
		require.Equal(t, "null", got["send"])
	})
	t.Run("pending, and no code", func(t *testing.T) {
		p := newFake()
		p.out[authcode.Send] = authcode.Pending{Operation: "op 7", Text: "wait"}
		p.out[authcode.Retrieve] = authcode.Refused{Class: authcode.Unset}
		got := netOpenSRS(t, p, HandlerOptions{}, true, codes[0])
		require.JSONEq(t, `{"protocol":"XCP","action":"reply","object":"domain","is_success":"1","response_code":"250",
			"response_text":"wait","attributes":{"transaction_id":"op 7"}}`, got["send"])
		require.JSONEq(t, `{"protocol":"XCP","action":"reply","object":"domain","is_success":"1","response_code":"200",
			"response_text":"Command successful","attributes":{"domain_auth_info":null}}`, got["get"])
	})
}
