package mail_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/mail"
)

func TestOutbox(t *testing.T) {
	var box mail.Outbox
	_, ok := box.Last()
	require.False(t, ok)
	now := noon
	box.Now = func() time.Time { return now }
	for _, domain := range []string{"alpha.example", "beta.example", "alpha.example"} {
		l := letter()
		l.Domain = domain
		require.NoError(t, box.Deliver(t.Context(), l))
		now = now.Add(time.Hour)
	}
	all := box.All()
	require.Len(t, all, 3)
	require.Equal(t, letter(), all[0].Letter)
	require.Equal(t, noon, all[0].At)
	require.Equal(t, `"eppkit" <outbox@eppkit.invalid>`, `"eppkit" `+parse(t, string(all[0].Mail)).header.Get("From"))
	require.Equal(t, []mail.Kept{all[0], all[2]}, box.For("alpha.example"))
	require.Empty(t, box.For("gamma.example"))
	last, ok := box.Last()
	require.True(t, ok)
	require.Equal(t, noon.Add(2*time.Hour), last.At)
	require.Equal(t, theCode, last.Code.Reveal())
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		require.NotContains(t, fmt.Sprintf(verb, last), "23x")
	}
}

func TestOutboxKeepsTheNewest(t *testing.T) {
	box := mail.Outbox{Max: 2}
	for i := range 5 {
		l := letter()
		l.Domain = fmt.Sprintf("a%d.example", i)
		require.NoError(t, box.Deliver(t.Context(), l))
	}
	require.Len(t, box.All(), 2)
	require.Len(t, box.For("a3.example"), 1)
	require.Len(t, box.For("a4.example"), 1)
}

func TestOutboxFails(t *testing.T) {
	paper := errors.New("no paper")
	given := &authcode.Error{System: "smtp", Op: "deliver", Unknown: true, Err: paper}
	box := mail.Outbox{Dir: filepath.Join(t.TempDir(), "box")}

	box.Fail = func(l authcode.Letter) error { return paper }
	err := box.Deliver(t.Context(), letter())
	require.ErrorIs(t, err, paper)
	require.True(t, authcode.SafeToRetry(err))

	box.Fail = func(l authcode.Letter) error { return given }
	require.Equal(t, error(given), box.Deliver(t.Context(), letter()))

	box.Fail = func(l authcode.Letter) error { return nil }
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, box.Deliver(ctx, letter()), context.Canceled)

	bad := letter()
	bad.To.Email = "nobody"
	require.Error(t, box.Deliver(t.Context(), bad))
	box.From.Email = "nobody"
	require.ErrorContains(t, box.Deliver(t.Context(), letter()), "From")

	require.Empty(t, box.All())
	require.NoDirExists(t, box.Dir)
}

func TestOutboxFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "box")
	box := mail.Outbox{Dir: dir}
	long := letter()
	long.Domain = strings.Repeat(strings.Repeat("a", 60)+".", 4) + "example"
	for _, l := range []authcode.Letter{letter(), letter(), long} {
		require.NoError(t, box.Deliver(t.Context(), l))
	}
	again := mail.Outbox{Dir: dir} // after a restart
	require.NoError(t, again.Deliver(t.Context(), letter()))

	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 4)
	for i, name := range []string{"000001-alpha.example-registrant.eml", "000002-alpha.example-registrant.eml", "", "000004-alpha.example-registrant.eml"} {
		if name != "" {
			require.Equal(t, name, files[i].Name())
		}
		info, err := files[i].Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		content, err := os.ReadFile(filepath.Join(dir, files[i].Name()))
		require.NoError(t, err)
		require.Contains(t, parse(t, string(content)).body, theCode)
		if i < 3 {
			require.Equal(t, string(box.All()[i].Mail), string(content))
		}
	}
}

func TestOutboxRefusesAnOpenDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "box")
	require.NoError(t, os.Mkdir(dir, 0o700))
	require.NoError(t, os.Chmod(dir, 0o755))
	box := mail.Outbox{Dir: dir}
	require.ErrorContains(t, box.Deliver(t.Context(), letter()), "0700")
	require.Empty(t, box.All())
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, files)

	box.Dir = filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(box.Dir, nil, 0o600))
	require.Error(t, box.Deliver(t.Context(), letter()))
	box.Dir = filepath.Join(box.Dir, "below")
	require.Error(t, box.Deliver(t.Context(), letter()))
}

func TestOutboxServesManyAtOnce(t *testing.T) {
	box := mail.Outbox{Dir: filepath.Join(t.TempDir(), "box")}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := box.Deliver(t.Context(), letter()); err != nil {
				t.Error(err)
			}
			box.Last()
			box.For("alpha.example")
		})
	}
	all.Wait()
	require.Len(t, box.All(), 20)
}
