package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

const hello = `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><hello/></epp>`

func TestRaw(t *testing.T) {
	frame := eppkit(t, nil, "", "domain", "check", "mydomain.cz", "--dry-run").out
	r := eppkit(t, nil, frame, "raw", "-")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, "1000 ")

	file := filepath.Join(t.TempDir(), "frame.xml")
	require.NoError(t, os.WriteFile(file, []byte(frame), 0o600))
	r = eppkit(t, nil, "", "raw", file)
	require.Equal(t, exitOK, r.status, r.err)

	r = eppkit(t, nil, `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><frob/></command></epp>`, "raw", "-")
	require.Equal(t, exitRefused, r.status, r.err)
}

func TestRawHello(t *testing.T) {
	asked := eppkit(t, nil, "", "hello", "-o", "json")
	require.Equal(t, exitOK, asked.status, asked.err)
	r := eppkit(t, nil, hello, "raw", "-", "-o", "json")
	require.Equal(t, exitOK, r.status, r.err)
	var got, want struct{ Greeting map[string]any }
	require.NoError(t, json.Unmarshal([]byte(r.out), &got), r.out)
	require.NoError(t, json.Unmarshal([]byte(asked.out), &want))
	require.Equal(t, want.Greeting["objURI"], got.Greeting["objURI"])
	require.NotEmpty(t, got.Greeting["svID"])
}

func TestRawInput(t *testing.T) {
	for _, row := range []struct{ name, in, says string }{
		{"empty", "", "standard input is empty"},
		{"longer than a frame", strings.Repeat(" ", epp.DefaultMaxFrame+1), "has more than"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := eppkit(t, nil, row.in, "raw", "-")
			require.Equal(t, exitUsage, r.status, r.err)
			require.Contains(t, r.err, row.says)
			require.NotContains(t, r.err, "mock registry", "nothing is started")
		})
	}
}

func TestRawDryRun(t *testing.T) {
	r := eppkit(t, nil, hello, "raw", "-", "--dry-run")
	require.Equal(t, result{exitOK, hello, ""}, r)
	r = eppkit(t, nil, hello, "raw", "-", "--dry-run", "-o", "xml")
	require.Contains(t, r.out, "\n  <hello/>\n")
}

func TestRawNotWellFormed(t *testing.T) {
	closing := func(c *peerConn) {
		c.greet()
		c.answer(c.next(), epp.Success)
		c.next()
	}
	for _, row := range []struct {
		name, doc string
		status    int
		says      string
	}{
		{"garbage", "<epp", exitInvalid, "can't have executed anything"},
		{"well-formed", hello, exitUnknown, "look before you send it again"},
		{"a DOCTYPE, which others may read", "<!DOCTYPE epp>" + hello, exitUnknown, "look before you send it again"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := newPeer(t, closing)
			r := eppkit(t, map[string]string{"PW": "sesame-42"}, row.doc, "--config", p.conf, "raw", "-")
			require.Equal(t, row.status, r.status, r.err)
			require.Contains(t, r.err, row.says)
			if row.status == exitInvalid {
				require.NotContains(t, r.err, "outcome unknown")
			}
		})
	}
}

// What another reader of XML may understand is not called unreadable.
func TestWellFormed(t *testing.T) {
	for doc, readable := range map[string]bool{
		`<a/>`: true,
		"<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?><a>\xe9</a>": true,
		`<?xml version="1.1"?><a/>`:                                  true,
		`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`:                   true,
		`<?xml version="1.0" encoding="utf-8" standalone="no"?><a>`:  false,
		`<?xml version="1.0"?><a><b></a>`:                            false,
		`<a>`:                                                        false,
	} {
		require.Equal(t, readable, wellFormed([]byte(doc)) == nil, doc)
	}
}
