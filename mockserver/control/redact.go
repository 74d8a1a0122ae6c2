package control

import (
	"bytes"
	"encoding/json"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/secret"
)

// shown is a record's JSON with its secrets hidden, unless they are to be seen. What is
// under a name that says so is a secret.
func shown(doc json.RawMessage, secrets bool) json.RawMessage {
	if secrets {
		return doc
	}
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return json.RawMessage(`null`)
	}
	if !hide(v) {
		return doc
	}
	out, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage(`null`)
	}
	return out
}

// hide replaces secrets in a value, and reports whether there were any.
func hide(v any) (hid bool) {
	switch v := v.(type) {
	case map[string]any:
		for name, inside := range v {
			if secret.IsName(name) {
				if s, isText := inside.(string); !isText || s != "" {
					v[name], hid = epp.Redacted, true
				}
				continue
			}
			hid = hide(inside) || hid
		}
	case []any:
		for _, inside := range v {
			hid = hide(inside) || hid
		}
	}
	return hid
}
