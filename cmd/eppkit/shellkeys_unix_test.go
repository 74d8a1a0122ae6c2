//go:build unix

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

func TestScreenCtrlC(t *testing.T) {
	t.Parallel()
	s := newScreen(t, t.TempDir(), nil, "shell", "--mock")
	s.shows(atMock)
	s.types("frobnicate" + ctrlC)
	s.shows("^C")
	s.shows(atMock)
	s.types("<epp\r")
	s.shows("...> ")
	s.types(ctrlC)
	s.shows("^C")
	s.shows(atMock)
	s.types("<epp\r")
	s.shows("...> ")
	s.types("\r")
	s.shows("an empty line: the frame, which is not whole, was given up")
	s.shows(atMock)
	s.types("poll watch --interval 1h\r")
	s.shows("the queue is empty")
	s.types(ctrlC)
	s.shows(atMock)
	s.types("version\r")
	s.shows("eppkit (devel)")
	s.shows(atMock)
	s.types(ctrlD)
	require.Equal(t, exitOK, s.status(), s.all())
	require.NotContains(t, s.all(), "there is no command")
}

// hold holds an answer of a peer back: it says that the command came, and waits to be told.
func hold(t *testing.T, came chan<- struct{}, answer <-chan struct{}) {
	for range 2 {
		select {
		case came <- struct{}{}:
			came = nil
		case <-answer:
			return
		case <-t.Context().Done():
			return
		}
	}
}

// A command that is given up has its answer yet to come, and others wait behind it.
func TestScreenCtrlCOfACommand(t *testing.T) {
	t.Parallel()
	came, answer := make(chan struct{}), make(chan struct{}, 1)
	p := newPeer(t, func(c *peerConn) {
		c.greet()
		c.answer(c.next(), epp.Success)
		for _, held := range []bool{true, false, true} {
			q := c.next()
			if held {
				hold(t, came, answer)
			}
			c.answer(q, epp.ObjectDoesNotExist)
		}
		c.answer(c.next(), epp.EndingSession)
		c.wait()
	})
	const at = "p/REG-ME> "
	s := newScreen(t, t.TempDir(), []string{"PW=sesame-42"}, "shell", "--config", p.conf, "--keep-alive", "0")
	s.shows(at)
	s.types("check_domain one.cz\r")
	s.waits(came)
	s.types(ctrlC)
	s.shows("outcome unknown")
	require.NotContains(t, s.shows(at), "look before", "what was asked can be asked again")
	s.types("check_domain two.cz\r")
	s.shows("waiting for the answer to the line before")
	answer <- struct{}{}
	s.shows("2303")
	s.shows(at)
	s.types("delete_domain three.cz\r")
	s.waits(came)
	s.types(ctrlC)
	s.shows("look before you send it again")
	s.shows(at)
	answer <- struct{}{}
	s.types("exit\r")
	require.Equal(t, exitOK, s.status(), s.all())
	require.Equal(t, 1, strings.Count(s.all(), "waiting for the answer"))
}

// A Ctrl-D that is typed while a command runs reaches the next line as a NUL.
func TestScreenCtrlDBeforehand(t *testing.T) {
	t.Parallel()
	came, answer := make(chan struct{}), make(chan struct{}, 1)
	p := newPeer(t, func(c *peerConn) {
		c.greet()
		c.answer(c.next(), epp.Success)
		for range 2 {
			q := c.next()
			hold(t, came, answer)
			c.answer(q, epp.ObjectDoesNotExist)
		}
		c.answer(c.next(), epp.EndingSession)
		c.wait()
	})
	const at = "p/REG-ME> "
	s := newScreen(t, t.TempDir(), []string{"PW=sesame-42"}, "shell", "--config", p.conf, "--keep-alive", "0")
	s.shows(at)
	s.types("check_domain one.cz\r")
	s.waits(came)
	s.types("vers" + ctrlD)
	answer <- struct{}{}
	s.shows(at)
	s.types("\x00io\x1b[D\x00\x1b[Cn\r") // and Ctrl-Space is nothing, also before a character
	s.shows("eppkit (devel)")
	s.shows(at)
	s.types("check_domain two.cz\r")
	s.waits(came)
	s.types(ctrlD)
	answer <- struct{}{}
	require.Equal(t, exitOK, s.status(), s.all())
	require.NotContains(t, s.all(), "there is no command")
}
