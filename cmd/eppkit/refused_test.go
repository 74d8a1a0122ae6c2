package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// FRED quotes a wrong authInfo in the value of a 2202. It is shown only where the answer is
// asked for as it came.
func TestRefusedAuthInfo(t *testing.T) {
	commands := [][]string{
		{"domain", "info", "mydomain.cz"},
		{"contact", "info", "CID-MYOWN"},
		{"nsset", "info", "NID-MYNSSET"},
		{"keyset", "info", "KID-MYKEYSET"},
		{"domain", "transfer", "request", "otherdomain.cz"},
	}
	const wrong = "hush-Hush77"
	for _, command := range commands {
		for _, form := range []string{"text", "json", "xml"} {
			args := append(command[:len(command):len(command)], "--authinfo-file", "-", "-o", form, "--verbose")
			r := eppkit(t, nil, wrong+"\n", args...)
			require.Equal(t, exitRefused, r.status, "%v", args)
			require.Contains(t, r.out+r.err, "2202")
			require.NotContains(t, r.out+r.err, wrong, "%v", args)
		}
	}
	r := eppkit(t, nil, wrong+"\n", append(commands[0], "--authinfo-file", "-", "-o", "raw")...)
	require.Contains(t, r.out, ">"+wrong+"<")

	doc := filepath.Join(t.TempDir(), "info.xml")
	require.NoError(t, os.WriteFile(doc, []byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><info>`+
		`<d:info xmlns:d="http://www.nic.cz/xml/epp/domain-1.4"><d:name>mydomain.cz</d:name><d:authInfo>`+wrong+`</d:authInfo></d:info>`+
		`</info><clTRID>refused-1</clTRID></command></epp>`), 0o600))
	for _, form := range []string{"text", "json", "xml"} {
		r := eppkit(t, nil, "", "raw", doc, "-o", form, "--verbose")
		require.Equal(t, exitRefused, r.status, r.err)
		require.NotContains(t, r.out+r.err, wrong, form)
	}
}
