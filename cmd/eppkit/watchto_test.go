package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/spool"
)

// A postbox is a registry that has messages. An answer with CLTRID in it gets that of its
// request.
type postbox struct {
	*fakePeer
	answers []string // to requests, of the messages that are left
	first   int      // the number of the first of them
	logins  int
	cut     bool // the connection ends with the first acknowledgement, which counts
}

func newPostbox(t *testing.T, answers ...string) *postbox {
	b := &postbox{answers: answers}
	b.fakePeer = newPeer(t, func(c *peerConn) {
		c.greet()
		c.answer(c.next(), epp.Success)
		b.logins++
		for {
			q := c.next()
			if q == nil {
				return
			}
			poll, ok := q.Request.(*epp.Poll)
			switch {
			case !ok:
				c.answer(q, epp.EndingSession)
				return
			case poll.Op == epp.PollAck:
				b.answers = b.answers[1:]
				if b.first++; b.cut {
					b.cut = false
					return
				}
				c.answer(q, epp.Success)
			case len(b.answers) == 0:
				c.answer(q, epp.NoMessages)
			default:
				c.sendText(strings.ReplaceAll(b.answers[0], "CLTRID", q.ClTRID))
			}
		}
	})
	return b
}

func (b *postbox) watch(args string) result {
	b.t.Helper()
	return eppkit(b.t, map[string]string{"PW": "sesame-42"}, "", append([]string{"--config", b.conf, "poll", "watch"}, strings.Fields(args)...)...)
}

// messageAnswer is the answer that brings a message.
func messageAnswer(id, count, text string) string {
	return response("1301", "Here is one", `<msgQ count="`+count+`" id="`+id+`"><qDate>2026-03-01T12:00:00Z</qDate><msg>`+text+`</msg></msgQ>`, "CLTRID")
}

// filesIn lists the files of a directory, without the lock.
func filesIn(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		if e.Name() != ".lock" {
			list = append(list, e.Name())
		}
	}
	return list
}

func TestWatchToDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "messages")
	b := newPostbox(t, messageAnswer("a/1", "2", "Wood is low"), messageAnswer("7", "1", "Water is low"))
	r := b.watch("--until-empty --to " + dir)
	require.Equal(t, exitOK, r.status, r.err)
	require.Empty(t, r.out)
	require.Equal(t, "eppkit: 2 messages are in "+dir+"\n", r.err)
	require.Empty(t, b.answers)
	require.Equal(t, []string{"7.json", "7.xml", "a%2F1.json", "a%2F1.xml"}, filesIn(t, dir))
	frame, err := os.ReadFile(filepath.Join(dir, "a%2F1.xml"))
	require.NoError(t, err)
	require.Contains(t, string(frame), `id="a/1"`)
	doc, err := os.ReadFile(filepath.Join(dir, "7.json"))
	require.NoError(t, err)
	require.Equal(t, byte('\n'), doc[len(doc)-1])
	shown := newPostbox(t, messageAnswer("7", "1", "Water is low")).watch("--no-ack -o json").out
	require.True(t, sameMessage(doc, []byte(shown)), "%s%s", doc, shown)
	if runtime.GOOS != "windows" {
		info, err := os.Stat(filepath.Join(dir, "7.json"))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}

	t.Run("the same message is not written again", func(t *testing.T) {
		r := newPostbox(t, messageAnswer("7", "5", "Water is low")).watch("--until-empty --to " + dir)
		require.Equal(t, exitOK, r.status, r.err)
		require.Contains(t, r.err, "the message 7 came again; it is in "+filepath.Join(dir, "7.xml"))
		require.Contains(t, r.err, "eppkit: 1 message is in "+dir)
		require.Len(t, filesIn(t, dir), 4)
	})
	t.Run("another one of the same id is kept beside it", func(t *testing.T) {
		r := newPostbox(t, messageAnswer("7", "1", "Water is high")).watch("--until-empty --to " + dir)
		require.Equal(t, exitOK, r.status, r.err)
		require.Contains(t, r.err, "there is another message 7 already; this one is in "+filepath.Join(dir, "7~2.xml"))
		require.Contains(t, filesIn(t, dir), "7~2.json")
	})
	t.Run("none", func(t *testing.T) {
		r := newPostbox(t).watch("--until-empty --to " + dir)
		require.Equal(t, exitOK, r.status, r.err)
		require.Equal(t, "eppkit: there were no messages for "+dir+"\n", r.err)
	})
	t.Run("left in the queue", func(t *testing.T) {
		b := newPostbox(t, messageAnswer("8", "1", "Soap is low"))
		r := b.watch("--no-ack --to " + dir)
		require.Equal(t, exitOK, r.status, r.err)
		require.Len(t, b.answers, 1)
		require.Contains(t, filesIn(t, dir), "8.xml")
	})
	t.Run("one process at a time", func(t *testing.T) {
		d, err := spool.Open(dir)
		require.NoError(t, err)
		defer d.Close()
		b := newPostbox(t)
		r := b.watch("--until-empty --to " + dir)
		require.Equal(t, exitUsage, r.status)
		require.Contains(t, r.err, "another process has it open")
		require.Zero(t, b.logins)
	})
	t.Run("what can't be written stays in the queue", func(t *testing.T) {
		dir := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(dir, "9.json"), 0o700))
		b := newPostbox(t, messageAnswer("9", "1", "Soap is low"))
		r := b.watch("--until-empty --to " + dir)
		require.Equal(t, exitUsage, r.status)
		require.Contains(t, r.err, "the message 9 stays in the queue: writing it: ")
		require.NotContains(t, r.err, "messages")
		require.Len(t, b.answers, 1)
	})
}

// What can't be read is put aside with all that came, and the queue moves on.
func TestWatchParks(t *testing.T) {
	wreck := `<epp xmlns="` + epp.NS + `"><response><result code="1301"><msg>One</msg></result><msgQ count="3" id="w1"><msg>&löyly;</msg></msgQ>`
	dated := strings.Replace(messageAnswer("w2", "2", "Dated oddly"), "2026-03-01T12:00:00Z", "last Tuesday", 1)
	answers := []string{wreck, dated, messageAnswer("w3", "1", "Water is low")}
	dir := t.TempDir()
	b := newPostbox(t, answers...)
	r := b.watch("--until-empty --to " + dir)
	require.Equal(t, exitOK, r.status, r.err)
	require.Empty(t, b.answers)
	require.Equal(t, []string{"unreadable", "w3.json", "w3.xml"}, filesIn(t, dir))
	aside := filepath.Join(dir, "unreadable")
	require.Equal(t, []string{"w1.json", "w1.xml", "w2.json", "w2.xml"}, filesIn(t, aside))
	frame, err := os.ReadFile(filepath.Join(aside, "w1.xml"))
	require.NoError(t, err)
	require.Equal(t, wreck, string(frame))
	for id, says := range map[string]string{"w1": "line 1", "w2": "last Tuesday"} {
		require.Contains(t, r.err, "the message "+id+" can't be read; it is in "+filepath.Join(aside, id+".xml"))
		doc, err := os.ReadFile(filepath.Join(aside, id+".json"))
		require.NoError(t, err)
		var got struct{ Unread string }
		require.NoError(t, json.Unmarshal(doc, &got))
		require.Contains(t, got.Unread, says)
	}

	for form, says := range map[string]string{
		"-o text": "id w1\nnot readable: ", "-o json": `"frame":"`, "-o raw": wreck + "\n", "--to -": `"frame":"`,
	} {
		r := newPostbox(t, answers...).watch("--until-empty --reconnect=false " + form)
		require.Equal(t, exitInvalid, r.status, "a frame that can't be parsed ends its session: %s", r.err)
		require.Contains(t, r.out, says, form)
	}
}

func TestWatchToStandardOutput(t *testing.T) {
	r := newPostbox(t, messageAnswer("7", "2", "Water is low"), messageAnswer("8", "1", "Soap is low")).watch("--until-empty --to -")
	require.Equal(t, exitOK, r.status, r.err)
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	require.Len(t, lines, 2)
	for _, line := range lines {
		require.True(t, json.Valid([]byte(line)), line)
	}
	for _, args := range []string{"--to - -o text", "--to x -o xml", "--to="} {
		r := newPostbox(t).watch(args)
		require.Equal(t, exitUsage, r.status, "%s: %s", args, r.err)
	}
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer out.Close()
	require.NoError(t, (&app{stdio: stdio{out: &oneAtATime{w: out}}}).outputOnDisk())
	require.NoError(t, out.Close())
	require.Error(t, (&app{stdio: stdio{out: &oneAtATime{w: out}}}).outputOnDisk())
}

// A connection that breaks is made again, and nothing is written twice.
func TestWatchReconnects(t *testing.T) {
	answers := []string{messageAnswer("7", "2", "Water is low"), messageAnswer("8", "1", "Soap is low")}
	b := newPostbox(t, answers...)
	b.cut = true
	r := b.watch("--until-empty --to -")
	require.Equal(t, exitOK, r.status, r.err)
	require.Equal(t, 2, b.logins)
	require.Equal(t, 2, strings.Count(r.out, "\n"), r.out)
	require.Equal(t, 1, strings.Count(r.out, "Water"))

	b = newPostbox(t, answers...)
	b.cut = true
	r = b.watch("--until-empty --to - --reconnect=false")
	require.Equal(t, exitUnknown, r.status, r.err)
	require.Contains(t, r.err, "the message 7 was handled; acknowledging it: ")
	require.Equal(t, 1, b.logins)
}

// The first connection has to succeed, with the statuses that other commands have.
func TestWatchCannotBegin(t *testing.T) {
	for _, reconnect := range []bool{true, false} {
		flag := fmt.Sprintf("--reconnect=%v", reconnect)
		refusing := func(code epp.Code) *fakePeer {
			return newPeer(t, func(c *peerConn) {
				c.greet()
				q := c.next()
				c.send(&epp.Response{
					Results: []epp.Result{{Code: code, Msg: epp.Text{Text: "Not with sesame-42"}}}, TrID: epp.TrID{ClTRID: q.ClTRID, SvTRID: "SV-1"},
				})
			})
		}
		for code, status := range map[epp.Code]int{
			epp.AuthenticationError: exitAuthentication, epp.SessionLimitExceeded: exitRefused, epp.CommandFailed: exitRefused,
		} {
			r := (&postbox{fakePeer: refusing(code)}).watch(flag)
			require.Equal(t, status, r.status, "%v %s: %s", reconnect, code, r.err)
			require.NotContains(t, r.err, "sesame-42")
			require.Equal(t, 1, strings.Count(r.err, "\n"), r.err)
		}
		gone := newPeer(t, func(*peerConn) {})
		r := (&postbox{fakePeer: gone}).watch(flag)
		require.Equal(t, exitConnection, r.status, r.err)
	}
}
