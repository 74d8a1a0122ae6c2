package registry

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

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
type Hash struct{ *hashed } // a pointer, for most objects have none

type hashed struct {
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
	return Hash{&hashed{salt: salt, key: derive(secret, salt, n), iterations: n}}
}

// Matches compares in constant time.
func (h Hash) Matches(secret epp.Secret) bool {
	if h.IsZero() {
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

// IsZero reports whether this is the zero Hash, of no secret.
func (h Hash) IsZero() bool { return h.hashed == nil || len(h.key) == 0 }

// hashForm begins a Hash as a text.
const hashForm = "pbkdf2-sha256"

// MarshalText writes the Hash for a snapshot; "" is the zero Hash.
func (h Hash) MarshalText() ([]byte, error) {
	if h.IsZero() {
		return nil, nil
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Appendf(nil, "%s$%d$%s$%s", hashForm, h.iterations, b64(h.salt), b64(h.key)), nil
}

// UnmarshalText reads what MarshalText writes. The error does not quote it.
func (h *Hash) UnmarshalText(b []byte) error {
	*h = Hash{}
	if len(b) == 0 {
		return nil
	}
	parts := strings.Split(string(b), "$")
	if len(parts) != 4 || parts[0] != hashForm {
		return errors.New("registry: not a hash of the form " + hashForm)
	}
	n, err := strconv.Atoi(parts[1])
	salt, err2 := base64.RawStdEncoding.DecodeString(parts[2])
	key, err3 := base64.RawStdEncoding.DecodeString(parts[3])
	if errors.Join(err, err2, err3) != nil || n <= 0 || len(key) == 0 {
		return errors.New("registry: a hash that can't be read")
	}
	*h = Hash{&hashed{salt: salt, key: key, iterations: n}}
	return nil
}
