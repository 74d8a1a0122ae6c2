package registry

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEdit(t *testing.T) {
	r := storied(t)
	doc, err := r.Record("thing", "c")
	require.NoError(t, err)
	require.JSONEq(t, `{"name":"c","on":["a","b"]}`, string(doc.Value))
	require.Equal(t, 4, r.CountRecords("thing"))
	require.Zero(t, r.CountRecords("nothing"))
	require.Contains(t, r.Tables(), "registrar")

	key, err := r.PutRecord("thing", []byte(`{"name": "e", "on": ["c"], "ring": "2026-04-01T00:00:00Z"}`))
	require.NoError(t, err)
	require.Equal(t, "e", key)
	require.Equal(t, []string{"c"}, r.Get(r.View(nil), "e").On)

	list, err := r.Records("thing", "b", 2)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, "b", list[0].Key)
	require.Equal(t, "c", list[1].Key)

	require.NoError(t, r.DeleteRecord("thing", "e"))
	for want, err := range map[string]error{
		`no table "nothing"`: r.DeleteRecord("nothing", "e"),
		`thing "e"`:          r.DeleteRecord("thing", "e"),
	} {
		require.ErrorIs(t, err, ErrNoRecord)
		require.ErrorContains(t, err, want)
	}
	r.Queue.Add("REG-B", "\x01one\x00", nil)
	require.Equal(t, " one ", r.Queue.first(r.View(nil), "REG-B").Text, "what can't be told")
	for _, table := range []string{"counter", "mailbox", "message"} {
		_, err := r.PutRecord(table, []byte(`{}`))
		require.ErrorContains(t, err, "the registry alone")
	}
	require.ErrorContains(t, r.DeleteRecord("mailbox", "REG-B"), "the registry alone")
	require.NoError(t, r.DeleteRecord("message", r.Queue.first(r.View(nil), "REG-B").Key()))
	require.Zero(t, r.Queue.Len("REG-B"), "the count agrees")
	require.ErrorContains(t, r.DeleteRecord("thing", "a"), "thing a is gone, and thing c refers to it")
	for _, tt := range []struct{ name, doc, want string }{
		{"unknown field", `{"name":"x","hush":"hush-hush"}`, "thing.hush: there is no such field"},
		{"another type", `{"name":"x","rings":"hush-hush"}`, "thing.rings: can't be of the kind string"},
		{"no time", `{"name":"x","ring":"hush-hush"}`, "thing.ring: its value is not of the form that it needs"},
		{"not JSON", `hush-hush`, "this is no JSON object"},
		{"cut off", `{"name":"x"`, "this is no JSON object"},
		{"more", `{"name":"x"} {}`, "something follows"},
		{"no name", `{}`, "it has no name"},
		{"a link to nothing", `{"name":"x","on":["y"]}`, "thing x refers to thing y, which is not there"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := r.PutRecord("thing", []byte(tt.doc))
			var edit *EditError
			require.ErrorAs(t, err, &edit)
			require.ErrorContains(t, err, tt.want)
			require.NotContains(t, err.Error(), "hush-")
			require.False(t, r.Has(r.View(nil), "x"))
		})
	}
}

// TestEditHeld has a table that does not bear everything.
func TestEditHeld(t *testing.T) {
	r := storied(t)
	r.Validate(func(_ Reader, m *thing) error {
		if m.Rings < 0 {
			return Path{"rings"}.Errorf("must not be less than 0")
		}
		return nil
	})
	r.Hold(func(_ Reader, m *thing) error {
		if m.Name == "c" {
			return errors.New("c stays")
		}
		return nil
	})
	before := r.CountRecords("thing")
	_, err := r.PutRecord("thing", []byte(`{"name": "e", "rings": -1}`))
	require.IsType(t, new(EditError), err)
	require.EqualError(t, err, "registry: thing.rings: must not be less than 0")
	require.EqualError(t, r.DeleteRecord("thing", "c"), "registry: thing: c stays")
	require.Equal(t, before, r.CountRecords("thing"))
}
