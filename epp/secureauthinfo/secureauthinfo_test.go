package secureauthinfo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/secureauthinfo"
)

func TestR9154_001Announced(t *testing.T) {
	s, err := epp.NewSchema(secureauthinfo.Extension())
	require.NoError(t, err)
	require.Equal(t, []string{"urn:ietf:params:xml:ns:epp:secure-authinfo-transfer-1.0"}, s.ExtURI())
	require.Empty(t, s.ObjURI())
}
