package control

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/secret"
)

// shown is a record's JSON with its secrets hidden, unless they are to be seen. What is
// under a name that says so is a secret, and so it is inside texts that are documents.
func (m *Mock) shown(doc json.RawMessage, secrets bool) json.RawMessage {
	if secrets {
		return doc
	}
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return json.RawMessage(`null`)
	}
	if _, hid := m.hide(v); !hid {
		return doc
	}
	out, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage(`null`)
	}
	return out
}

// hide replaces secrets in a value, and reports whether there were any.
func (m *Mock) hide(v any) (hidden any, hid bool) {
	switch v := v.(type) {
	case map[string]any:
		for name, inside := range v {
			if secret.IsName(name) {
				if s, isText := inside.(string); !isText || s != "" {
					v[name], hid = epp.Redacted, true
				}
				continue
			}
			fresh, did := m.hide(inside)
			if did {
				v[name], hid = fresh, true
			}
		}
	case []any:
		for i, inside := range v {
			if fresh, did := m.hide(inside); did {
				v[i], hid = fresh, true
			}
		}
	case string:
		if strings.Contains(v, "</") {
			shown := string(m.State.Schema().Redact([]byte(v)))
			return shown, shown != v
		}
	}
	return v, hid
}
