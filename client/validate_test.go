package client_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// picky refuses every frame with a certain word in it.
type picky struct{}

var errBad = errors.New("unwanted stands in it")

func (picky) Validate(_ context.Context, frame []byte) error {
	if strings.Contains(string(frame), "unwanted") {
		return errBad
	}
	return nil
}

func TestValidator(t *testing.T) {
	ask := func(s *client.Session, name string) error {
		_, err := client.Do(t.Context(), s, &domain.Check{Names: []string{name}})
		return err
	}
	spoilt := func(code epp.Code) step {
		return func(p *peer) error {
			cmd := p.asked[0]
			p.asked = nil
			r := respond(cmd, code)
			r.Results[0].Msg.Text = "unwanted"
			return send(r)(p)
		}
	}
	t.Run("a command that is not valid is not sent", func(t *testing.T) {
		s := session(t, client.Options{Validator: picky{}}, expect("check"), reply(0, epp.Success))
		err := ask(s, "unwanted.example")
		require.ErrorIs(t, err, errBad)
		var e *client.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, client.NotSent, e.Fate)
		require.NoError(t, ask(s, "a.example"))
	})
	t.Run("an answer that is not valid is its call's error alone", func(t *testing.T) {
		s := session(t, client.Options{Validator: picky{}}, expect("check"), spoilt(epp.Success), expect("check"), spoilt(epp.ObjectDoesNotExist), expect("check"), reply(0, epp.Success))
		err := ask(s, "a.example")
		require.ErrorIs(t, err, errBad)
		require.ErrorIs(t, err, client.ErrInvalidAnswer)
		var e *client.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, client.Answered, e.Fate)

		err = ask(s, "b.example")
		require.ErrorIs(t, err, errBad)
		require.ErrorIs(t, err, epp.ObjectDoesNotExist, "what the answer said is not lost")
		require.NoError(t, ask(s, "c.example"))
	})
	t.Run("a document that is sent as it is, and its answer, may be anything", func(t *testing.T) {
		s := session(t, client.Options{Validator: picky{}}, expect("check"), spoilt(epp.Success))
		doc, err := epp.Append(nil, &epp.Command{Request: &domain.Check{Names: []string{"unwanted.example"}}, ClTRID: "RAW-1"})
		require.NoError(t, err)
		_, err = s.SendRaw(t.Context(), doc)
		require.NoError(t, err)
	})
	t.Run("a greeting that is not valid is none", func(t *testing.T) {
		g := greeting()
		g.SvID = "unwanted registry"
		s := client.New(play(t, send(g)), client.Options{Schema: schema(t), Validator: picky{}})
		defer s.Close()
		_, err := s.Greet(t.Context())
		require.ErrorIs(t, err, errBad)
		require.ErrorIs(t, err, client.ErrInvalidAnswer)
	})
}
