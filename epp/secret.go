package epp

import "github.com/eppkit/eppkit/internal/secret"

// A Secret is a password or an authInfo, a type of string. Whatever prints, encodes
// or logs it shows [Redacted] in its place, so that it can't get out by accident;
// string(s), or s.Reveal(), is the secret itself.
type Secret = secret.Secret

// SecretToken is [Token] for a Secret.
func SecretToken(v *Secret) Value { return (*token)(v) }

// SecretString is [String] for a Secret.
func SecretString(v *Secret) Value { return (*normalized)(v) }
