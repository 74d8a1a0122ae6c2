package control

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

var update = flag.Bool("update", false, "write docs/control.md")

// TestDocs holds docs/control.md to the routes.
func TestDocs(t *testing.T) {
	const file = "../../docs/control.md"
	rfc, err := gtld.New(gtld.Options{})
	require.NoError(t, err)
	cz, err := fred.New(fred.Options{})
	require.NoError(t, err)
	c, err := New(Options{Mocks: []*Mock{
		{Name: "gtld", State: rfc.State, Acts: rfc.Acts()}, {Name: "fred", State: cz.State, Acts: cz.Acts()},
	}})
	require.NoError(t, err)
	defer c.Close()
	page := c.page()
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(page), 0o644))
	}
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, page, string(got), "go test ./mockserver/control -run TestDocs -update")
}

// page describes the routes for people.
func (c *Control) page() string {
	var b strings.Builder
	b.WriteString(`<!-- Generated: go test ./mockserver/control -run TestDocs -update -->
# The control of a mock registry

What ` + "`eppkit mock serve --control`" + ` answers over HTTP, and package ` + "`mockserver/control`" + ` in
Go. Bodies are JSON, or the same as YAML, with the Content-Type ` + "`application/json` or\n`application/yaml`" + `. What is of one registry is there for each tenant, too, below
` + "`/tenants/{tenant}`" + `. What can't be done is answered with a status of 400 or more and a ` + "`Failure`" + `, which names the field at
fault. Where no answer is given, it is 204. ` + "`GET /openapi.json`" + ` has all of this for programs.

| request | what it does | parameters | body | answer |
|---|---|---|---|---|
`)
	s := &schemas{byName: map[string]any{}}
	for i := range c.routes {
		r := &c.routes[i]
		var query []string
		for _, p := range r.query {
			query = append(query, "`"+p.name+"`")
		}
		fmt.Fprintf(&b, "| `%s %s` | %s | %s | %s | %s |\n", r.method, r.path, r.says, strings.Join(query, " "),
			shape(s, r.body, r.raw, r.raw != "" && r.answer == nil), shape(s, r.answer, r.raw, r.raw != "" && r.answer != nil))
	}
	b.WriteString(`
## Acts

What the registry's staff does, and no registrar can, as with ` + "`POST /acts/decide`" + `. Fields that are set are those of the
record as ` + "`GET /records/{table}/{key}`" + ` has it, in place of what it has; null takes one away.

| registry | act | what it does | body | answer |
|---|---|---|---|---|
`)
	for _, m := range c.opts.Mocks {
		for _, a := range m.Acts {
			fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s |\n", m.State.Kind, a.Name, a.Says, shape(s, a.Body, "", false), shape(s, a.Answer, "", false))
		}
	}
	b.WriteString("\n## Bodies and answers\n\nA name in brackets may be left out.\n\n| | fields |\n|---|---|\n")
	s.of(typeOf(Failure{}))
	for _, name := range slices.Sorted(maps.Keys(s.byName)) {
		def := s.byName[name].(map[string]any)
		required, _ := def["required"].([]string)
		props := def["properties"].(map[string]any)
		var fields []string
		for _, key := range slices.Sorted(maps.Keys(props)) {
			field := "`" + key + "` " + kindOf(props[key].(map[string]any))
			if !slices.Contains(required, key) {
				field = "[`" + key + "`] " + kindOf(props[key].(map[string]any))
			}
			fields = append(fields, field)
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", name, strings.Join(fields, ", "))
	}
	return b.String()
}

// shape is what a body or an answer is: a media type where it is raw.
func shape(s *schemas, v any, media string, raw bool) string {
	switch {
	case raw:
		return "`" + media + "`"
	case v == nil:
		return ""
	}
	return kindOf(s.of(typeOf(v)))
}

// kindOf is a schema in a word.
func kindOf(schema map[string]any) string {
	if ref, ok := schema["$ref"].(string); ok {
		return "`" + ref[strings.LastIndexByte(ref, '/')+1:] + "`"
	}
	switch schema["type"] {
	case "array":
		return "list of " + kindOf(schema["items"].(map[string]any))
	case "object":
		if each, ok := schema["additionalProperties"].(map[string]any); ok {
			return "object of " + kindOf(each)
		}
		return "object"
	case nil:
		return "any"
	}
	switch {
	case schema["format"] == "date-time":
		return "time"
	case schema["description"] != nil:
		return "span"
	}
	return schema["type"].(string)
}
