package control

import (
	"encoding"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// openAPI describes the routes by OpenAPI 3.1.
func (c *Control) openAPI() map[string]any {
	s := &schemas{byName: map[string]any{}}
	s.of(reflect.TypeFor[Failure]())
	paths := make(map[string]any)
	for i := range c.routes {
		r := &c.routes[i]
		if r.path == actPath {
			c.describeActs(paths, s)
			continue
		}
		describe(paths, r, s, "")
		if !r.global {
			describe(paths, r, s, tenantPath)
		}
	}
	return map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{
			"title":       "Control of an eppkit mock registry",
			"version":     "1",
			"description": "What is of one registry is for the first one, and below /tenants/{tenant} for each. Bodies may be YAML too.",
		},
		"paths":      paths,
		"components": map[string]any{"schemas": s.byName},
	}
}

func describe(paths map[string]any, r *route, s *schemas, prefix string) {
	path := strings.ReplaceAll(prefix+r.path, "...}", "}")
	op := map[string]any{"summary": r.says, "operationId": (&route{method: r.method, path: prefix + r.path}).operationID()}
	if list := parameters(path, r); len(list) > 0 {
		op["parameters"] = list
	}
	switch {
	case r.body != nil:
		op["requestBody"] = map[string]any{"required": true, "content": content("application/json", s.of(typeOf(r.body)))}
	case r.raw != "" && r.answer == nil:
		op["requestBody"] = map[string]any{"required": true, "content": content(r.raw, map[string]any{})}
	}
	answers := map[string]any{"default": map[string]any{
		"description": "It could not be done.",
		"content":     content("application/json", s.of(reflect.TypeFor[Failure]())),
	}}
	switch {
	case r.answer == nil:
		answers["204"] = map[string]any{"description": "Done."}
	case r.raw != "":
		answers["200"] = map[string]any{"description": "Done.", "content": content(r.raw, map[string]any{"type": "string"})}
	default:
		answers["200"] = map[string]any{"description": "Done.", "content": content("application/json", s.of(typeOf(r.answer)))}
	}
	op["responses"] = answers
	item, ok := paths[path].(map[string]any)
	if !ok {
		item = make(map[string]any)
		paths[path] = item
	}
	item[strings.ToLower(r.method)] = op
}

func typeOf(v any) reflect.Type { return reflect.TypeOf(v) }

func content(media string, schema map[string]any) map[string]any {
	return map[string]any{media: map[string]any{"schema": schema}}
}

func parameters(path string, r *route) []any {
	var list []any
	for part := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			list = append(list, map[string]any{
				"name": strings.TrimSuffix(name, "}"), "in": "path", "required": true, "schema": map[string]any{"type": "string"},
			})
		}
	}
	for _, p := range r.query {
		list = append(list, map[string]any{
			"name": p.name, "in": "query", "description": p.says, "schema": map[string]any{"type": p.typ},
		})
	}
	return list
}

// schemas makes JSON schemas of Go's types, by what their JSON tags say.
type schemas struct{ byName map[string]any }

var (
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	spanType     = reflect.TypeFor[registry.Duration]()
	rawType      = reflect.TypeFor[json.RawMessage]()
	textType     = reflect.TypeFor[encoding.TextMarshaler]()
)

func (s *schemas) of(t reflect.Type) map[string]any {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == rawType:
		return map[string]any{} // anything
	case t == timeType:
		return map[string]any{"type": "string", "format": "date-time"}
	case t == durationType, t == spanType:
		return map[string]any{"type": "string", "description": "A time span, such as 90s, 12h or 5d."}
	case t.Implements(textType):
		return map[string]any{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Float32, reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		if t.Elem().Kind() == reflect.Interface {
			return map[string]any{"type": "object"}
		}
		return map[string]any{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Struct:
		return s.object(t)
	}
	return map[string]any{"type": "integer"} // what is left are whole numbers
}

// object enters a struct's schema under its name, and returns a reference to it.
func (s *schemas) object(t reflect.Type) map[string]any {
	name := t.Name()
	if pkg := t.PkgPath(); !strings.HasSuffix(pkg, "/control") {
		pkg = pkg[strings.LastIndexByte(pkg, '/')+1:]
		name = title(pkg) + title(name)
	}
	ref := map[string]any{"$ref": "#/components/schemas/" + name}
	if _, known := s.byName[name]; known {
		return ref
	}
	s.byName[name] = nil // for a type that has itself in it
	props, required := make(map[string]any), make(map[string]bool)
	for _, f := range reflect.VisibleFields(t) {
		tag, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		key := f.Tag.Get("yaml")
		switch {
		case !f.IsExported(), f.Anonymous && tag == "":
			continue
		case key == "-", tag == "-" && key == "":
			continue
		case tag == "-": // written by a method of its own
			tag, opts = key, "omitempty"
		case tag == "":
			tag = f.Name
		}
		props[tag] = s.of(f.Type)
		if !strings.Contains(opts, "omit") {
			required[tag] = true
		}
	}
	def := map[string]any{"type": "object", "properties": props, "additionalProperties": false}
	if len(required) > 0 {
		def["required"] = slices.Sorted(maps.Keys(required))
	}
	s.byName[name] = def
	return ref
}

func title(name string) string { return strings.ToUpper(name[:1]) + name[1:] }
