package gtld_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// TestMessagesExpire is about messages that nobody polls.
func TestMessagesExpire(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, doc string
		option    time.Duration
		days      int // the last on which it waits
	}{
		{"by the fixtures", "messageTTL: 3d\n", 0, 2},
		{"by the options, which come first", "messageTTL: 3d\n", 2 * day, 1},
		{"never", "", 0, 4000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := gtld.ParseFixtures("f.yaml", []byte(tt.doc+"zones: [sauna]\nregistrars: [{clID: reg-north, password: north-Gate9}]\n"+
				"messages: [{clID: reg-north, text: Good morning.}]\n"))
			require.NoError(t, err)
			reg, err := gtld.New(gtld.Options{Options: registry.Options{Clock: registry.NewClock(start)}, Fixtures: f, MessageTTL: tt.option})
			require.NoError(t, err)
			reg.Advance(time.Duration(tt.days) * day)
			require.Equal(t, 1, reg.Queue.Len("reg-north"))
			if tt.name != "never" {
				reg.Advance(day)
				require.Zero(t, reg.Queue.Len("reg-north"))
			}
		})
	}
}
