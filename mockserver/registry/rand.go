package registry

import (
	"encoding/binary"
	"math/rand/v2"
	"sync"
)

// A Rand is the only randomness of a registry: the same seed gives the same values
// in the same order. It is for a mock; what it gives can be foretold. Its methods
// may be called by any number of goroutines.
type Rand struct {
	mu  sync.Mutex
	src *rand.ChaCha8
	rnd *rand.Rand
}

// NewRand makes a source of randomness.
func NewRand(seed uint64) *Rand { return newRand(seed, 0) }

// newRand makes the n-th source of a seed.
func newRand(seed, n uint64) *Rand {
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	binary.BigEndian.PutUint64(key[8:], n)
	src := rand.NewChaCha8(key)
	return &Rand{src: src, rnd: rand.New(src)}
}

// Bytes returns n random octets.
func (r *Rand) Bytes(n int) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := make([]byte, n)
	_, _ = r.src.Read(b) // its error is always nil
	return b
}

// Text returns n random characters of an alphabet of ASCII characters.
func (r *Rand) Text(alphabet string, n int) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.rnd.IntN(len(alphabet))]
	}
	return string(b)
}
