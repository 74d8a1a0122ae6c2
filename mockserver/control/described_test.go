package control_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// described checks an answer against the description: that there is such a path and
// method, the status, the media type, and the JSON by its schema.
func (b *bench) described(method, path string, r *http.Response, doc []byte) {
	b.t.Helper()
	if r.StatusCode == http.StatusNotFound || r.StatusCode == http.StatusMethodNotAllowed {
		return // it may be about a path that there is not
	}
	path, _, _ = strings.Cut(path, "?")
	op := b.operation(method, path)
	if op == nil {
		b.t.Errorf("%s %s is not described", method, path)
		return
	}
	answers := op["responses"].(map[string]any)
	answer, ok := answers[fmt.Sprint(r.StatusCode)].(map[string]any)
	if !ok {
		if r.StatusCode < 400 {
			b.t.Errorf("%s %s: status %d is not described", method, path, r.StatusCode)
		}
		answer = answers["default"].(map[string]any)
	}
	content, _ := answer["content"].(map[string]any)
	if content == nil {
		if len(doc) > 0 {
			b.t.Errorf("%s %s: a body where none is described: %s", method, path, doc)
		}
		return
	}
	media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	form, ok := content[media].(map[string]any)
	if !ok {
		b.t.Errorf("%s %s: %s is not described", method, path, media)
		return
	}
	if media != "application/json" {
		return
	}
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		b.t.Errorf("%s %s: %v", method, path, err)
		return
	}
	for _, fault := range b.misfits("", form["schema"].(map[string]any), v) {
		b.t.Errorf("%s %s: %s", method, path, fault)
	}
}

// operation finds what describes a request.
func (b *bench) operation(method, path string) map[string]any {
	var found map[string]any
	best := -1
	for form, item := range b.doc["paths"].(map[string]any) {
		op, ok := item.(map[string]any)[strings.ToLower(method)].(map[string]any)
		if fixed, fits := fits(form, path); ok && fits && fixed > best {
			found, best = op, fixed
		}
	}
	return found
}

// fits reports whether a path has a form, and how many of its parts are fixed in it.
func fits(form, path string) (fixed int, ok bool) {
	a, b := strings.Split(form, "/"), strings.Split(path, "/")
	if len(a) != len(b) {
		return 0, false
	}
	for i := range a {
		switch {
		case strings.HasPrefix(a[i], "{"):
		case a[i] != b[i]:
			return 0, false
		default:
			fixed++
		}
	}
	return fixed, true
}

// misfits says where a value is not as a schema says.
func (b *bench) misfits(at string, schema map[string]any, v any) (list []string) {
	if ref, ok := schema["$ref"].(string); ok {
		all := b.doc["components"].(map[string]any)["schemas"].(map[string]any)
		schema = all[strings.TrimPrefix(ref, "#/components/schemas/")].(map[string]any)
	}
	wrong := func(what string) { list = append(list, fmt.Sprintf("%s: %s", at, what)) }
	switch schema["type"] {
	case "object":
		m, ok := v.(map[string]any)
		if !ok {
			wrong("is no object")
			return list
		}
		props, _ := schema["properties"].(map[string]any)
		more := schema["additionalProperties"]
		for _, name := range slice(schema["required"]) {
			if _, there := m[name.(string)]; !there {
				wrong(name.(string) + " is missing")
			}
		}
		for name, inside := range m {
			if p, known := props[name].(map[string]any); known {
				list = append(list, b.misfits(at+"."+name, p, inside)...)
			} else if p, any := more.(map[string]any); any {
				list = append(list, b.misfits(at+"."+name, p, inside)...)
			} else if more == false {
				wrong(name + " is not described")
			}
		}
	case "array":
		items, ok := v.([]any)
		if !ok {
			wrong("is no array")
		}
		for i, inside := range items {
			list = append(list, b.misfits(fmt.Sprintf("%s[%d]", at, i), schema["items"].(map[string]any), inside)...)
		}
	case "string":
		if _, ok := v.(string); !ok {
			wrong("is no string")
		}
	case "integer", "number":
		if _, ok := v.(float64); !ok {
			wrong("is no number")
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			wrong("is no boolean")
		}
	}
	return list
}

func slice(v any) []any {
	list, _ := v.([]any)
	return list
}
