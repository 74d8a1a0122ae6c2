package fred_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	rfccontact "github.com/eppkit/eppkit/epp/contact"
	rfcdomain "github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/internal/canon"
	"github.com/eppkit/eppkit/internal/epptest"
)

// everything is a set of all that this module has types for.
func everything(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(append(fred.Extensions(), rfccontact.Extension(), rfcdomain.Extension())...)
	require.NoError(t, err)
	return s
}

// What is in the corpus but can't be read, with a part of the error.
var notRead = map[string]string{
	"fred-docs/ProtocolBasics_Commands-01-command.xml":                                           "is not declared",     // a template
	"fred-docs/ProtocolBasics_GenericMessage-01-command.xml":                                     "has no root element", // a template
	"fred-docs/ProtocolBasics_GenericMessage-02-command.xml":                                     "holds no greeting",   // a template
	"fred-docs/ProtocolBasics_ServiceDiscovery-02-greeting.xml":                                  "does not match",      // not well-formed
	"rfc-examples/rfc5730/08-C-elements-identified-using-xml-namespace-notation-with-a-refe.xml": "the root element is epp, not",
	"rfc-examples/rfc7848/01-X-the-following-is-an-example-of-an-smd.xml":                        "the root element is {urn:ietf:params:xml:ns:signedMark-1.0}",
}

// What is read, but breaks a rule that writing is held to, with a part of the error.
var notWritten = map[string]string{
	"edge/check-reason-33.xml":          "1 to 32 characters",
	"edge/clTRID-2-chars.xml":           "3 to 64 characters",
	"edge/clTRID-65-chars.xml":          "3 to 64 characters",
	"edge/domain-12-status.xml":         "11 times",
	"edge/extension-epp-ns-child.xml":   "other namespaces than EPP's",
	"edge/greeting-no-dcp.xml":          "one of its known children",
	"edge/login-clid-17.xml":            "3 to 16 characters",
	"edge/login-no-objURI.xml":          "is missing",
	"edge/login-pw-17.xml":              "6 to 16 characters",
	"edge/login-version-2.0.xml":        "must be 1.0",
	"edge/result-unknown-code-2310.xml": "not a code",
	"edge/roid-two-hyphens.xml":         "roid: is not a repository",
	"edge/login-pw-5.xml":               "6 to 16 characters",
	"edge/msgQ-no-id.xml":               "is missing",
	"edge/poll-no-op.xml":               "req or ack",
	"edge/result-value-text-only.xml":   "one element",
	"edge/transfer-no-op.xml":           "approve, cancel, query",
	"rfc-examples/rfc8334/01-S-the-following-is-an-example-poll-message-for-a-launch-applic.xml": "roid: is not a repository",
	"rfc-examples/rfc9038/02-S-below-is-a-template-for-an-unhandled-namespace-response-for.xml":  "one element",
	"rfc-examples/rfc9038/05-S-below-is-a-template-of-an-unhandled-namespace-response-for-a.xml": "one element",
	"rfc-examples/rfc9095/01-S-check-response-described-in-the-epp-domain-name-mapping-rfc5.xml": "1 to 32 characters",
}

// What is written otherwise than it was read, and how.
var changed = map[string]string{
	"edge/clTRID-before-extension.xml":           "put in order",
	"edge/domain-exDate-before-upDate.xml":       "put in order",
	"edge/greeting-dcp-order.xml":                "put in order",
	"edge/response-extension-before-resData.xml": "put in order",
}

// TestCorpus reads every frame of the corpus, and requires that it is written with
// the same infoset, whether this module has types for it or not. What is valid by
// the official schemas must be read strictly, too, and may be no exception.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus is not beside this checkout:", corpus)
	}
	valid := verdicts(t)
	set := everything(t)
	frames := 0
	require.NoError(t, filepath.WalkDir(corpus, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".xml" {
			return err
		}
		frames++
		name, err := filepath.Rel(corpus, path)
		require.NoError(t, err)
		t.Run(name, func(t *testing.T) { corpusFrame(t, set, name, valid[name]) })
		return nil
	}))
	require.Greater(t, frames, 400)
}

func corpusFrame(t *testing.T, set *epp.Schema, name string, valid bool) {
	in := read(t, filepath.Join(corpus, name))
	m, err := set.Parse(in)
	if reason, ok := notRead[name]; ok {
		require.ErrorContains(t, err, reason)
		return
	}
	require.NoError(t, err)
	if valid {
		_, err := set.ParseStrict(in)
		require.NoError(t, err)
	}
	out, err := epp.Append(nil, m)
	if reason, ok := notWritten[name]; ok {
		require.ErrorContains(t, err, reason)
		require.False(t, valid)
		return
	}
	require.NoError(t, err)
	epptest.Stable(t, set, in)
	if reason, ok := changed[name]; ok {
		require.True(t, !valid || strings.Contains(reason, "means nothing"))
		require.NotEqual(t, canonical(t, in), canonical(t, out))
		return
	}
	require.Equal(t, canonical(t, in), canonical(t, out))
}

func canonical(t *testing.T, doc []byte) string {
	s, err := canon.Canonical(doc)
	require.NoError(t, err)
	return s
}

// verdicts says which frames of the corpus are known to be valid by the official
// schemas.
func verdicts(t *testing.T) map[string]bool {
	valid := make(map[string]bool)
	for line := range strings.Lines(string(read(t, corpus+"/edge/RESULTS.tsv"))) {
		if f := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(f) > 1 && f[1] == "valid" {
			valid["edge/"+f[0]+".xml"] = true
		}
	}
	for line := range strings.Lines(string(read(t, corpus+"/rfc-examples/VALIDATION.tsv"))) {
		// The third column counts namespaces that an RFC made up as known.
		if f := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(f) > 2 && f[2] == "ok" {
			valid["rfc-examples/"+f[0]] = true
		}
	}
	require.Greater(t, len(valid), 200)
	return valid
}
