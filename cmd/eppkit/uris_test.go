package main

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/fee"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/namespaces"
)

// The URIs of a registry that has its own even for EPP.
const (
	ownEPP    = "urn:registry.example:epp-2"
	ownDomain = "urn:registry.example:dom-2"
	ownFee    = "urn:registry.example:price-3"
)

const ownNamespaces = `{epp-1.0: "` + ownEPP + `", "` + domain.NS + `": "` + ownDomain + `", "` + fee.NS + `": "` + ownFee + `"}`

// ownConfig is the configuration in a file, with these namespaces for its profile.
func ownConfig(t *testing.T, conf string) string {
	t.Helper()
	b, err := os.ReadFile(conf)
	require.NoError(t, err)
	text := strings.Replace(string(b), "clID:", "registry: gtld, namespaces: "+ownNamespaces+", clID:", 1)
	require.NoError(t, os.WriteFile(conf, []byte(text), 0o600))
	return conf
}

// ownRegistry answers each command with the next of some answers, and keeps what came.
func ownRegistry(t *testing.T, answers ...string) (p *fakePeer, got *[]string) {
	t.Helper()
	exts, err := at(namespaces.All(), map[string]string{"epp-1.0": ownEPP, "domain-1.0": ownDomain, fee.NS: ownFee})
	require.NoError(t, err)
	set, err := epp.NewSchema(exts...)
	require.NoError(t, err)
	got = new([]string)
	p = newPeer(t, func(c *peerConn) {
		in := epp.FrameReader{R: bufio.NewReader(c)}
		send := func(m epp.Message) {
			b, err := set.AppendFrame(nil, m)
			if err == nil {
				_, _ = c.Write(b)
			}
		}
		greeting := &epp.Greeting{
			SvID: "own", SvDate: time.Unix(1_800_000_000, 0), Version: []string{"1.0"}, Lang: []string{"en"},
			ObjURI: []string{ownDomain}, ExtURI: []string{ownFee, secdns.NS},
			DCP: epp.DCP{Access: "all", Statements: []epp.Statement{
				{Purpose: epp.Purpose{Prov: true}, Recipient: epp.Recipient{Public: true}, Retention: "stated"},
			}},
		}
		send(greeting)
		for i := -1; ; i++ {
			frame, err := in.Next()
			if err != nil {
				return
			}
			*got = append(*got, string(frame))
			m, _ := set.Parse(frame)
			q, ok := m.(*epp.Command)
			if !ok {
				send(greeting)
				continue
			}
			if i >= 0 && i < len(answers) {
				c.sendText(strings.NewReplacer("CLTRID", q.ClTRID, epp.NS, ownEPP).Replace(answers[i]))
				continue
			}
			send(&epp.Response{Results: []epp.Result{{Code: epp.Success}}, TrID: epp.TrID{ClTRID: q.ClTRID, SvTRID: "SV-0001"}})
		}
	})
	p.conf = ownConfig(t, p.conf)
	return p, got
}

// TestNamespacesOfItsOwn talks to a registry under its own URIs.
func TestNamespacesOfItsOwn(t *testing.T) {
	answer := says("1000", `<d:infData xmlns:d="`+ownDomain+`"><d:name>sauna.example</d:name><d:roid>D1-X</d:roid><d:clID>REG-ME</d:clID></d:infData>`, "")
	p, got := ownRegistry(t, answer)
	r := eppkit(t, map[string]string{"PW": "sesame-42"}, "", "--config", p.conf, "domain", "info", "sauna.example", "-v")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, "domain:infData\n  name  sauna.example\n")
	require.NotContains(t, r.err, "sesame-42")
	require.Len(t, *got, 3)
	require.Contains(t, (*got)[0], "<objURI>"+ownDomain+"</objURI>")
	require.Contains(t, (*got)[0], "<extURI>"+ownFee+"</extURI>")
	require.Contains(t, (*got)[1], `xmlns="`+ownEPP+`"`)
	require.Contains(t, (*got)[1], `"`+ownDomain+`"`)

	p, got = ownRegistry(t, says("2400", "", ""))
	r = eppkit(t, map[string]string{"PW": "sesame-42"}, "", "--config", p.conf, "domain", "create", "sauna.example", "--fee", "10.00", "--ds", "1 13 2 AB")
	require.Equal(t, exitRefused, r.status, r.err)
	require.Contains(t, (*got)[1], `"`+ownFee+`"`)
	require.NotContains(t, strings.Join(*got, ""), fee.NS)

	r = eppkit(t, nil, "", "--config", p.conf, "domain", "check", "sauna.example", "--dry-run")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, ownDomain)
	require.NotContains(t, r.out, epp.NS)

	r = eppkit(t, map[string]string{"PW": "sesame-42"}, "", "--config", p.conf, "hello", "-o", "json")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, ownDomain)
}

// TestFilesWithNamespacesOfTheirOwn has frames of such a registry in files.
func TestFilesWithNamespacesOfTheirOwn(t *testing.T) {
	conf := ownConfig(t, writeFile(t, t.TempDir(), "c.yaml",
		"profiles: {own: {address: x, clID: ME-1, password: {env: PW}}, other: {address: x, clID: ME-1, password: {env: PW}}}\n"))
	frame := func(verb string) string {
		return `<x:epp xmlns:x="` + ownEPP + `"><x:command><x:check><d:` + verb + ` xmlns:d="` + ownDomain + `"><d:name>sauna.example</d:name></d:` + verb + `></x:check></x:command></x:epp>`
	}
	own := []string{"--config", conf, "--profile", "own"}

	r := eppkit(t, nil, frame("check"), append(own, "validate", "-")...)
	require.Equal(t, exitOK, r.status, r.out+r.err)
	r = eppkit(t, nil, frame("chekc"), append(own, "validate", "-")...)
	require.Equal(t, exitRefused, r.status, r.err)
	r = eppkit(t, nil, goodFrame, append(own, "validate", "-")...)
	require.Equal(t, exitRefused, r.status, "a frame of others")
	r = eppkit(t, map[string]string{"EPPKIT_PROFILE": "own", "EPPKIT_CONFIG": conf}, frame("check"), "validate", "-")
	require.Equal(t, exitRefused, r.status, "the surroundings don't count")

	r = eppkit(t, nil, frame("check"), append(own, "convert")...)
	require.Equal(t, exitOK, r.status, r.err)
	require.JSONEq(t, `{"epp": {"@xmlns": "`+ownEPP+`", "@xmlns:domain": "`+ownDomain+`",
		"command": {"check": {"domain:check": {"domain:name": ["sauna.example"]}}}}}`, r.out)
	back := eppkit(t, nil, r.out, append(own, "convert")...)
	require.Equal(t, exitOK, back.status, back.err)
	requireSame(t, frame("check"), back.out)
}

// A registry of one kind may have the URI that another kind has for something else.
func TestNamespaceAtTheURIOfAnother(t *testing.T) {
	conf := writeFile(t, t.TempDir(), "c.yaml",
		"profiles: {it: {address: x, registry: fred, clID: ME-1, password: {env: PW}, namespaces: {domain-1.4: '"+domain.NS+"'}}}\n")
	r := eppkit(t, nil, "", "--config", conf, "domain", "check", "sauna.cz", "--dry-run", "-o", "raw")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, domain.NS)
	set, err := (&app{flags: flags{config: conf, registry: "fred"}, stdio: stdio{getenv: func(string) string { return "" }}}).allSpoken()
	require.NoError(t, err)
	_, err = set.Parse([]byte(r.out))
	require.NoError(t, err)
}

func TestNamespacesOfProfiles(t *testing.T) {
	for _, row := range []struct{ registry, namespaces, says string }{
		{"gtld", `{dom-1.0: "urn:x"}`, `profile it: namespaces: "dom-1.0" is none`},
		{"fred", `{domain-1.0: "urn:x"}`, `"domain-1.0" is none`},
		{"gtld", `{domain-1.0: ""}`, `domain-1.0 has no URI`},
		{"gtld", `{domain-1.0: " "}`, `domain-1.0 has no URI`},
		{"gtld", `{domain-1.0: "urn:x y"}`, `domain-1.0: the URI "urn:x y" has white space`},
		{"gtld", `{fee-1.0: "urn:x"}`, `"fee-1.0" may be each of urn:ietf:params:xml:ns:epp:fee-1.0, urn:ietf:params:xml:ns:fee-1.0; give the URI`},
		{"gtld", `{fee-1.0-draft: "urn:x", epp-1.0: "urn:y"}`, ""},
		{"gtld", `{domain-1.0: "urn:x", "` + domain.NS + `": "urn:y"}`, `is given twice`},
		{"gtld", `{domain-1.0: "urn:x", host-1.0: "urn:x"}`, `"urn:x"`},
		{"fred", `{domain-1.4: "urn:x", epp-1.0: "urn:y"}`, ""},
	} {
		t.Run(row.namespaces, func(t *testing.T) {
			conf := filepath.Join(t.TempDir(), "c.yaml")
			require.NoError(t, os.WriteFile(conf, []byte("profiles: {it: {address: x, clID: ME-1, registry: "+row.registry+", namespaces: "+row.namespaces+"}}"), 0o600))
			r := eppkit(t, nil, "", "--config", conf, "domain", "check", "sauna.cz", "--dry-run")
			if row.says == "" {
				require.Equal(t, exitOK, r.status, r.err)
				require.Contains(t, r.out, `xmlns="urn:y"`)
				return
			}
			require.Equal(t, exitUsage, r.status, r.err)
			require.Contains(t, r.err, row.says)
		})
	}
	conf := writeFile(t, t.TempDir(), "c.yaml", "profiles: {it: {dialect: opensrs, user: me, namespaces: {domain-1.0: x}}}")
	r := eppkit(t, nil, "", "--config", conf, "authcode", "can", "sauna.example")
	require.Equal(t, exitUsage, r.status)
	require.Contains(t, r.err, "no use for namespaces")
}

// Each namespace has a name of its own, but for one that some registries misspell.
func TestNamesOfNamespaces(t *testing.T) {
	const misspelt = "urn:ietf:params:xml:ns:fee-1.0"
	seen := map[string]bool{}
	for _, e := range namespaces.All() {
		name := e.URI[strings.LastIndexAny(e.URI, ":/")+1:]
		require.Equal(t, e.URI == misspelt, seen[name], e.URI)
		seen[name] = true
	}
}
