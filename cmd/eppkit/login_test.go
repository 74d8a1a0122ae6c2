package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/loginsec"
)

const longPW, longNewPW = "a password of many words", "another of even more words"

// loginWith runs the program with a password against a registry that answers a login and a
// logout, and returns the login.
func loginWith(t *testing.T, pw string, offers []string, login, line string) (result, *epp.Command) {
	t.Helper()
	s := &script{}
	asked := make(chan *epp.Command, 10)
	s.peer = newPeer(t, func(c *peerConn) {
		g := greetingOf(t, offers)
		c.schema = g.schema
		c.send(g.Greeting)
		if q := c.next(); q != nil {
			asked <- q
			if login == "" {
				return
			}
			c.sendText(replaceID(login, q.ClTRID))
		}
		for q := c.next(); q != nil; q = c.next() {
			if q.Verb == "logout" {
				c.answer(q, epp.EndingSession)
				return
			}
			c.answer(q, epp.ObjectDoesNotExist)
		}
	})
	r := eppkit(t, map[string]string{"PW": pw}, "", append([]string{"--config", s.conf, "--registry", "gtld"}, split(line)...)...)
	for _, secret := range []string{longPW, longNewPW, "sesame-42", "sesame-43"} {
		require.NotContains(t, r.out+r.err, secret)
	}
	select {
	case q := <-asked:
		return r, q
	default:
		return r, nil
	}
}
