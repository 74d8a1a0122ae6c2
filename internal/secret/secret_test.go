package secret_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/eppkit/eppkit/internal/secret"
)

const code = `23)9W*"<&x`

type holder struct {
	Code secret.Secret `json:"code" xml:"code" yaml:"code"`
}

// TestShown has everything that makes a text of a value make one without the secret.
func TestShown(t *testing.T) {
	s := secret.Secret(code)
	h := holder{s}
	shown := map[string]string{
		"String": s.String(),
		"slog's": s.LogValue().String(),
		"error":  errors.Join(fmt.Errorf("no: %v", s)).Error(),
		"Sprint": fmt.Sprint(s, &s, h, &h, []secret.Secret{s}, map[string]secret.Secret{"a": s}, map[secret.Secret]int{s: 1}, any(s)),
	}
	for _, verb := range []string{"v", "+v", "#v", "s", "q", "x", "X", "d", "t", "e", "c", "U", "b", "o", "20s", "-20v", ".3s", "#x", "z"} {
		shown[verb] = fmt.Sprintf("%"+verb+" %"+verb+" %"+verb, s, h, []any{s})
	}
	var err error
	encode := func(name string, b []byte, e error) {
		shown[name] = string(b)
		err = errors.Join(err, e)
	}
	b, e := json.Marshal(h)
	encode("JSON", b, e)
	b, e = xml.Marshal(h)
	encode("XML", b, e)
	b, e = yaml.Marshal(h)
	encode("YAML", b, e)
	require.NoError(t, err)
	var lines bytes.Buffer
	for _, log := range []*slog.Logger{slog.New(slog.NewTextHandler(&lines, nil)), slog.New(slog.NewJSONHandler(&lines, nil))} {
		log.Info("x", "secret", s, "holder", h, "pointer", &h, "list", []secret.Secret{s}, slog.Group("g", "s", s))
	}
	shown["slog"] = lines.String()

	for name, text := range shown {
		require.NotContains(t, text, "23)9W", name)
		require.NotContains(t, text, fmt.Sprintf("%x", code), name)
		require.Contains(t, text, secret.Redacted, name)
	}
}

// TestEmpty shows that there is none.
func TestEmpty(t *testing.T) {
	require.Empty(t, fmt.Sprintf("%s%v%q", secret.Secret(""), secret.Secret(""), secret.Secret("")))
	b, err := json.Marshal(holder{})
	require.NoError(t, err)
	require.JSONEq(t, `{"code":""}`, string(b))
}

// TestRevealed gives the secret to who asks for it, and reads one.
func TestRevealed(t *testing.T) {
	s := secret.Secret(code)
	require.Equal(t, code, s.Reveal())
	require.Equal(t, code, string(s))
	var h holder
	require.NoError(t, json.Unmarshal([]byte(`{"code":"23)9W*\"<&x"}`), &h))
	require.Equal(t, code, h.Code.Reveal())
	require.NoError(t, yaml.Unmarshal([]byte(`code: 23)9W*"<&x`), &h))
	require.Equal(t, code, h.Code.Reveal())
}
