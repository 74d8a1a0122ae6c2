package registry

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"

	"github.com/eppkit/eppkit/epp"
)

// DefaultIterations is how often a secret is hashed unless told otherwise: enough
// to be the real thing, few enough for tests. A live registry would use hundreds
// of times as many.
const DefaultIterations = 1000

// A Hasher hashes passwords and authInfos with PBKDF2, SHA-256 and a salt.
type Hasher struct {
	Rand       *Rand // the salts
	Iterations int   // 0 means DefaultIterations
}

// A Hash is a secret that can be compared but not read. The zero Hash matches
// nothing.
type Hash struct {
	salt, key  []byte
	iterations int
}

// Hash hashes a secret.
func (h *Hasher) Hash(secret epp.Secret) Hash {
	n := h.Iterations
	if n == 0 {
		n = DefaultIterations
	}
	salt := h.Rand.Bytes(16)
	return Hash{salt: salt, key: derive(secret, salt, n), iterations: n}
}

// Matches compares in constant time.
func (h Hash) Matches(secret epp.Secret) bool {
	if len(h.key) == 0 {
		return false
	}
	return subtle.ConstantTimeCompare(h.key, derive(secret, h.salt, h.iterations)) == 1
}

// derive returns nil, which matches nothing, where the platform refuses PBKDF2.
func derive(secret epp.Secret, salt []byte, iterations int) []byte {
	key, err := pbkdf2.Key(sha256.New, string(secret), salt, iterations, sha256.Size)
	if err != nil {
		return nil
	}
	return key
}
