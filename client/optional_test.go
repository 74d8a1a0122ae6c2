package client_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/launch"
)

// RFC 8334, section 3.1.1: the answer to a check for claims has no domain:chkData.
func TestAnswerWithoutDataThatAnExtensionAsksFor(t *testing.T) {
	set, err := epp.NewSchema(domain.Extension(), launch.Extension())
	require.NoError(t, err)
	data := &launch.ChkData{CD: []launch.CD{{Name: "a.example"}}}
	claims := func(p *peer) error {
		r := result(epp.Success, p.asked[0].ClTRID)
		r.Extension = []epp.Element{data}
		p.asked = nil
		return send(r)(p)
	}
	s := session(t, client.Options{Schema: set}, expect("check"), claims, expect("check"), claims)
	q := &domain.Check{Names: []string{"a.example"}}
	a, err := client.Call(t.Context(), s, q, &launch.Check{Type: launch.CheckClaims, Phase: &launch.Phase{Phase: "claims"}})
	require.NoError(t, err)
	require.Nil(t, a.Data)
	require.Equal(t, []epp.Element{data}, a.Extension)
	_, err = client.Call(t.Context(), s, q, &launch.Check{Type: launch.CheckAvail, Phase: &launch.Phase{Phase: "claims"}})
	require.ErrorIs(t, err, client.ErrInvalidAnswer)
}
