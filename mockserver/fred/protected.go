package fred

import (
	"time"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// Protected is a handle that can't be taken again until some time.
type Protected struct {
	Kind   string    `yaml:"kind" json:"kind"` // contact, nsset or keyset
	Handle string    `yaml:"handle" json:"handle"`
	Until  time.Time `yaml:"until" json:"until"`
}

// Key is made of kind and handle.
func (p *Protected) Key() string { return protectedKey(registry.Ref{Kind: p.Kind, Handle: p.Handle}) }

// Due is when the handle is free again.
func (p *Protected) Due() time.Time { return p.Until }

// protect keeps a handle that was deleted from being taken at once.
func (r *Registry) protect(tx *registry.Tx, obj registry.Ref) {
	if r.opts.ProtectionMonths > 0 {
		until := tx.Now().AddDate(0, r.opts.ProtectionMonths, 0)
		r.protected.Put(tx, &Protected{Kind: obj.Kind, Handle: obj.Handle, Until: until})
	}
}

// unprotect frees a handle.
func (r *Registry) unprotect(tx *registry.Tx, p *Protected) { r.protected.Delete(tx, p.Key()) }

// protectedKey has a character that is in no handle.
func protectedKey(obj registry.Ref) string { return obj.Kind + "\t" + obj.Handle }

// Prohibited is a name that nobody may register.
type Prohibited struct {
	Name string `json:"name"` // in lower case
}

// Key is the name.
func (p *Prohibited) Key() string { return p.Name }
