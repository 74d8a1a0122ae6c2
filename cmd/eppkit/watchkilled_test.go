//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/spool"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/match"
)

// A killedWatch is a series of runs of poll watch that are killed.
type killedWatch struct {
	t      *testing.T
	reg    *gtld.Registry
	srv    *mockserver.Server
	dir    string // of the configuration
	to     string
	random *rand.Rand
	put    map[string]string // texts by id
}

// TestKilledWatch kills the program at random points, 200 times, while its queue is being
// filled. After each kill every message is whole in the directory or still in the queue,
// and what the registry was told is acknowledged is in the directory.
func TestKilledWatch(t *testing.T) {
	const series, kills = 4, 50
	for i := range series {
		t.Run(fmt.Sprintf("series %d", i), func(t *testing.T) {
			t.Parallel()
			x := newKilledWatch(t, uint64(i))
			if i%2 == 1 {
				x.spoil()
			}
			for range kills {
				x.fill(x.random.IntN(12))
				x.kill()
				x.check()
			}
			x.srv.Faults().Reset()
			out, err := x.command("--until-empty").CombinedOutput()
			require.NoError(t, err, "%s", out)
			x.check()
			require.Zero(t, x.reg.Queue.Len("reg-birch"))
			files, err := filepath.Glob(filepath.Join(x.to, "*.json"))
			require.NoError(t, err)
			require.Len(t, files, len(x.put), "each once")
			t.Logf("%d messages", len(x.put))
		})
	}
}

func newKilledWatch(t *testing.T, seed uint64) *killedWatch {
	reg, err := newMock(mockOptions{kind: "gtld", document: []byte("zones: [sauna.example]\nregistrars: [{clID: reg-birch, password: birch-Gate9, maxSessions: 100}]\n")})
	require.NoError(t, err)
	x := &killedWatch{
		t: t, reg: reg.Registry.(*gtld.Registry), dir: t.TempDir(), random: rand.New(rand.NewPCG(6, seed)), put: map[string]string{},
	}
	x.to = filepath.Join(x.dir, "messages")
	x.srv = mockserver.StartTest(t, mockserver.Options{Registry: reg.Registry, RequireClientCert: true, JournalSize: 1_000_000, Log: slog.New(slog.DiscardHandler)})
	files := &mockFiles{dir: x.dir, kind: "gtld", registrars: reg.registrars}
	require.NoError(t, files.prepare())
	require.NoError(t, files.write(x.srv, ""))
	return x
}

// spoil has some of the requests and acknowledgements go wrong.
func (x *killedWatch) spoil() {
	for _, kind := range []fault.Kind{fault.CommitThenDrop, fault.DropBeforeCommit, fault.WrongClTRID, fault.OutOfOrder} {
		f := fault.Fault{Kind: kind, Probability: 0.02, Seed: x.random.Uint64(), Match: fault.Match{Match: match.Match{Verb: "poll"}}}
		_, err := x.srv.Faults().Add(f)
		require.NoError(x.t, err)
	}
}

// fill puts messages into the queue.
func (x *killedWatch) fill(n int) {
	for range n {
		text := fmt.Sprintf("Bucket %d is full", len(x.put))
		x.put[x.reg.Queue.Add("reg-birch", text, nil)] = text
	}
}

func (x *killedWatch) command(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], append([]string{"--config", filepath.Join(x.dir, "eppkit.yaml"), "poll", "watch", "--interval", "10ms", "--to", x.to}, args...)...)
	cmd.Env = append(os.Environ(), "EPPKIT_TEST_PROCESS=1", "EPPKIT_PROFILE=")
	return cmd
}

// kill runs the program until the registry has received, or answered, some polls, and a
// little longer. More messages come meanwhile.
func (x *killedWatch) kill() {
	t := x.t
	last, _ := x.srv.Journal().Last(mockserver.Any)
	n, more, answers := 1+x.random.IntN(16), x.random.IntN(6), x.random.IntN(2) == 0
	longer := time.Duration(x.random.IntN(4000)) * time.Microsecond
	var stderr bytes.Buffer
	cmd := x.command()
	cmd.Stderr = &stderr
	require.NoError(t, cmd.Start())
	ctx, ended := context.WithTimeout(t.Context(), time.Minute)
	defer ended()
	go func() {
		defer ended()
		_ = cmd.Wait()
	}()
	polls := func(n int) error {
		return x.srv.Journal().WaitFor(ctx, n, func(e *mockserver.Entry) bool {
			return e.Seq > last.Seq && e.Verb == "poll" && e.Sent == answers
		})
	}
	require.NoError(t, polls(1), "%s", &stderr)
	x.fill(more)
	require.NoError(t, polls(n), "%s", &stderr)
	time.AfterFunc(longer, func() { _ = cmd.Process.Kill() })
	<-ctx.Done()
	require.ErrorIs(t, ctx.Err(), context.Canceled, "it does not end: %s", &stderr)
	require.Equal(t, -1, cmd.ProcessState.ExitCode(), "%s", &stderr)
}

var acked = regexp.MustCompile(`op="ack"[^>]* msgID="([^"]*)"|msgID="([^"]*)"[^>]* op="ack"`)

// check holds the directory to what was put and what was acknowledged.
func (x *killedWatch) check() {
	t := x.t
	waiting := x.reg.Queue.Len("reg-birch")
	kept := 0
	for id, text := range x.put {
		if x.isKept(id, text) {
			kept++
		} else {
			waiting--
		}
	}
	require.GreaterOrEqual(t, waiting, 0, "a message is neither in the directory nor in the queue")
	told := map[string]bool{}
	for _, e := range x.srv.Journal().All(mockserver.And(mockserver.Received, mockserver.Verb("poll"))) {
		if m := acked.FindStringSubmatch(e.Frame()); m != nil {
			told[m[1]+m[2]] = true
		}
	}
	for id := range told {
		require.True(t, x.isKept(id, x.put[id]), "the message %s was acknowledged and is not there", id)
	}
	require.LessOrEqual(t, len(told), kept)
}

// isKept reports whether a message is in the directory, and requires that it is whole.
func (x *killedWatch) isKept(id, text string) bool {
	path := filepath.Join(x.to, spool.Name(id))
	doc, err := os.ReadFile(path + ".json")
	if err != nil {
		return false
	}
	var got struct {
		MsgQ struct {
			ID  string
			Msg struct{ Text string }
		}
	}
	require.NoError(x.t, json.Unmarshal(doc, &got))
	require.Equal(x.t, id, got.MsgQ.ID)
	require.Equal(x.t, text, got.MsgQ.Msg.Text)
	frame, err := os.ReadFile(path + ".xml")
	require.NoError(x.t, err)
	_, err = new(epp.Schema).Parse(frame)
	require.NoError(x.t, err)
	require.Contains(x.t, string(frame), text)
	require.False(x.t, strings.Contains(path, "~"))
	return true
}
