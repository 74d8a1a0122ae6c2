// Package secret is the type of what must not get out by accident. Packages that
// have nothing to do with each other export it under their own name.
package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// Redacted is what stands in place of a secret.
const Redacted = "[redacted]"

// A Secret is a password, a transfer code or a key. Whatever prints, encodes or logs
// it shows [Redacted] in its place; string(s), or Reveal, is the secret itself.
//
// Package fmt shows it all the same in a field that is not exported, where it can call
// no method, and for the verbs %p and %w, which go vet finds.
type Secret string

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// shown is what stands for the secret: nothing where there is none.
func (s Secret) shown() string {
	if s == "" {
		return ""
	}
	return Redacted
}

// Format hides the secret from the verbs of package fmt.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, s.shown()) }

// String hides it from whatever asks for a text.
func (s Secret) String() string { return s.shown() }

// MarshalText hides it from JSON and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.shown()), nil }

// LogValue hides it from structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.shown()) }
