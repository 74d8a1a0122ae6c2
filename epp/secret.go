package epp

import (
	"fmt"
	"io"
	"log/slog"
)

// A Secret is a password or an authInfo. Whatever prints, encodes or logs it shows
// [Redacted] in its place, so that it can't get out by accident; string(s) is the
// secret itself.
type Secret string

// shown is what stands for the secret: nothing where there is none.
func (s Secret) shown() string {
	if s == "" {
		return ""
	}
	return Redacted
}

// Format hides the secret from the verbs of package fmt.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, s.shown()) }

// MarshalText hides it from JSON and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.shown()), nil }

// LogValue hides it from structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.shown()) }

// SecretToken is [Token] for a Secret.
func SecretToken(v *Secret) Value { return (*token)(v) }

// SecretString is [String] for a Secret.
func SecretString(v *Secret) Value { return (*normalized)(v) }
