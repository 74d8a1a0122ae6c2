package jsonwire_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

func TestHalfSurrogatePairs(t *testing.T) {
	for doc, code := range map[string]string{
		`{"code":"\ud835\udecd"}`:       "𝛍",
		`{"code":"\uD835\uDECD\u00e9"}`: "𝛍é",
		`{"code":"\\ud835"}`:            `\ud835`,
		`{"code":"\\\\ud835\u0041"}`:    `\\ud835A`,
		`{"code":"\ud835"}`:             "",
		`{"code":"\udecd\ud835"}`:       "",
		`{"code":"\ud835\ud835\udecd"}`: "",
		`{"code":"\ud835x\udecd"}`:      "",
		`{"\ud835":1}`:                  "",
		`{"code":"\ud835`:               "",
		`{"code":"\u`:                   "",
	} {
		var v struct {
			Code string `json:"code"`
		}
		_, err := jsonwire.Unmarshal([]byte(doc), &v)
		require.Equal(t, code == "", err != nil, doc)
		if code == "" {
			require.ErrorIs(t, err, jsonwire.ErrMalformed)
			continue
		}
		require.Equal(t, code, v.Code, doc)
	}
}
