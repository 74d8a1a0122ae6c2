package main

import (
	"encoding"
	"fmt"
	"go/ast"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// This file makes the pages about the files that a mock registry is given: their keys, from
// the structs that read them and the comments there.

const fixturesIntro = `<!-- Generated: go test ./cmd/eppkit -run TestDocsOfFixtures -update -->
# Fixtures of the mock registries

What a mock registry begins with: the file of ` + "`eppkit mock serve --fixtures`" + `, the ` + "`fixtures`" + ` of a tenant, and
what ` + "`ParseFixtures`" + ` of ` + "`mockserver/gtld`" + ` and ` + "`mockserver/fred`" + ` reads. It is YAML, or JSON. A key that is not
here is refused. All keys may be left out, but for the registrars and what names an object, its sponsor
(` + "`clID`" + `) and its dates; what is left out is empty, zero or false, or the default that is named. The built-in
fixtures are [gtld.yaml](../mockserver/gtld/fixtures/gtld.yaml) and
[fred.yaml](../mockserver/fred/fixtures/fred.yaml). What the staff of a running registry can do is in
[control.md](control.md): ` + "`POST /seed`" + ` adds objects that are written as here.
`

const policiesIntro = `<!-- Generated: go test ./cmd/eppkit -run TestDocsOfFixtures -update -->
# Policies of top-level domains

What a gtld registry decides where the standards leave it open, for each top-level domain: the file of
` + "`eppkit mock serve --registry gtld --policy`" + `, or the key ` + "`tlds`" + ` of its [fixtures](fixtures.md). A key that is not
here is refused. All may be left out but for the name; the default is named beside what has one, and otherwise it
is empty, zero or false. A time span is written as in ` + "`90m`, `12h` or `5d`" + `, an amount as in ` + "`8.50`" + `.
`

const gtldExample = `zones: [lake]
tlds:
  - {name: example, periods: {max: 5}, prices: {standard: {create: 8.00, renew: 8.00}}}
registrars:
  - {clID: reg-oak, password: oak-Gate9, credit: {example: 100.00}}
  - {clID: reg-elm, password: elm-Gate9, maxSessions: 2}
contacts:
  - id: ann-1
    clID: reg-oak
    crDate: 2026-01-02
    postal: [{type: int, name: Ann Oak, city: Cork, cc: IE}]
    email: ann@oak.example
hosts:
  - {name: ns1.sauna.example, clID: reg-oak, crDate: 2026-01-02, addrs: [192.0.2.1]}
domains:
  - name: sauna.example
    clID: reg-oak
    crDate: 2026-01-02
    exDate: 2028-01-02
    registrant: ann-1
    contacts: [{type: tech, id: ann-1}]
    ns: [ns1.sauna.example]
    authInfo: sauna-Secret7
`

const fredExample = `zones: [cz]
zoneRules:
  cz: {createPrice: 20.00, renewPrice: 150.00}
options:
  hideContacts: true
  idleMonths: 1
  authInfoTTL: 2d
  life: {delete: 45, location: Europe/Prague}
  tests: [{name: glue_ok}, {name: existence, level: 1, fails: true, note: nobody answers}]
registrars:
  - {clID: REG-DUB, password: zelena-Kura7, certificates: [issued], credit: {cz: 1000.00}}
contacts:
  - {id: CID-EVA, clID: REG-DUB, crDate: 2026-01-02, name: Eva Dubová, city: Brno, cc: CZ, email: eva@dub.example}
nssets:
  - {id: NID-DUB, clID: REG-DUB, crDate: 2026-01-02, hosts: [{name: ns1.dub.example}], techs: [CID-EVA]}
domains:
  - {name: dub.cz, clID: REG-DUB, crDate: 2026-01-02, exDate: 2027-01-02, registrant: CID-EVA, nsset: NID-DUB}
`

const policiesExample = `tlds:
  - name: example
    periods: {min: 1, max: 5, total: 6}
    grace: {add: 3d, autoRenew: 30d}
    redemption: 14d
    transfer: {pending: 2d, outcome: cancel, lock: 60d}
    contacts: {required: [admin, tech], maxPerType: 2}
    ns: {min: 2, max: 6}
    authInfo: {min: 12}
    names:
      minLength: 3
      idn: [{tag: fi, characters: äåö}]
      reserved: {registry: It is ours}
    prices:
      currency: EUR
      standard: {create: 8.00, renew: 8.00, transfer: 8.00, restore: 40.00}
      classes: {gold: {create: 250.00, renew: 100.00}}
      premium: {sauna: gold}
      lowBalance: 50.00
    dnssec: {algorithms: [8, 13], maxRecords: 4}
    offline: [{names: [slow*], commands: [create, delete], after: 2d}]
  - name: lake
    launch:
      - {phase: sunrise, to: 2026-04-01T00:00:00Z, applications: true, first: true}
      - {phase: open, from: 2026-04-01T00:00:00Z}
`

func TestDocsOfFixtures(t *testing.T) {
	_, err := gtld.ParseFixtures("", []byte(gtldExample))
	require.NoError(t, err)
	_, err = fred.ParseFixtures("", []byte(fredExample))
	require.NoError(t, err)
	_, err = gtld.ParsePolicies("", []byte(policiesExample))
	require.NoError(t, err)

	policy := reflect.TypeFor[gtld.Policy]()
	x := &keyPages{
		t: t, packages: make(map[string]*goPackage), written: make(map[reflect.Type]bool),
		elsewhere: map[reflect.Type]string{policy: "[Policy](policies.md)"},
	}
	x.WriteString(fixturesIntro)
	x.section("Of a gtld registry", gtldExample, reflect.TypeFor[gtld.Fixtures]())
	x.section("Of FRED", fredExample, reflect.TypeFor[fred.Fixtures]())
	x.held("fixtures.md")

	x.elsewhere = nil
	x.WriteString(policiesIntro)
	x.section("A file of policies", policiesExample, reflect.TypeFor[gtld.Policies]())
	x.held("policies.md")
}

// keyPages writes pages about the keys that structs have in YAML.
type keyPages struct {
	strings.Builder
	t         *testing.T
	packages  map[string]*goPackage
	elsewhere map[reflect.Type]string // what another page is about
	written   map[reflect.Type]bool   // on this page, or to come
}

// held compares the page with its file, and begins another.
func (x *keyPages) held(name string) {
	file := docsDir + "/" + name
	if *update {
		require.NoError(x.t, os.WriteFile(file, []byte(x.String()), 0o644))
	}
	have, err := os.ReadFile(file)
	require.NoError(x.t, err)
	require.Equal(x.t, x.String(), string(have), "go test ./cmd/eppkit -run TestDocsOfFixtures -update writes what is so")
	x.Reset()
	clear(x.written)
}

// section has an example and the keys of a struct, and of all structs in it.
func (x *keyPages) section(title, example string, root reflect.Type) {
	fmt.Fprintf(x, "\n## %s\n\n```yaml\n%s```\n", title, example)
	list := []reflect.Type{root}
	for i := 0; i < len(list); i++ {
		rows, inside := x.rows(list[i])
		fmt.Fprintf(x, "\n### %s\n\n%s\n\n| key | value | meaning |\n|---|---|---|\n", list[i], x.about(list[i]))
		for _, r := range rows {
			fmt.Fprintf(x, "| %s | %s | %s |\n", r.keys, r.value, r.says)
		}
		for _, t := range inside {
			if !x.written[t] {
				x.written[t] = true
				list = append(list, t)
			}
		}
	}
}

// inner is a capital letter inside a name.
var inner = regexp.MustCompile(`[a-z][A-Z]`)

type keyRow struct{ keys, value, says string }

// rows are the keys of a struct, and the structs that they hold. A key that the comment of
// the one before speaks of, too, is in its row.
func (x *keyPages) rows(t reflect.Type) (rows []keyRow, inside []reflect.Type) {
	comment, names := "", []string{}
	var phrases []string // names that are no words of the language
	for _, f := range reflect.VisibleFields(t) {
		if key, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); key != "" && key != "-" && inner.MatchString(f.Name) {
			phrases = append(phrases, f.Name, key)
		}
	}
	for _, f := range x.fields(t) {
		sf, ok := t.FieldByName(f.name)
		require.True(x.t, ok, "%s.%s", t, f.name)
		key, opts, _ := strings.Cut(sf.Tag.Get("yaml"), ",")
		if opts == "inline" {
			more, deeper := x.rows(sf.Type)
			rows, inside = append(rows, more...), append(inside, deeper...)
			continue
		}
		if key == "-" {
			continue
		}
		require.NotEmpty(x.t, key, "%s.%s has no key", t, f.name)
		value, structs := x.value(sf.Type)
		inside = append(inside, structs...)
		if f.doc == "" && comment != "" && regexp.MustCompile(`\b`+f.name+`\b`).MatchString(comment) {
			last := &rows[len(rows)-1]
			last.keys += ", `" + key + "`"
			names = append(names, f.name, key)
			last.says = x.says(comment, names)
			if !strings.HasSuffix(last.value, value) {
				last.value += ", " + value
			}
			continue
		}
		if f.doc == "" && sf.Type.Kind() == reflect.Map && sf.Type.Name() != "" {
			f.doc = x.about(sf.Type)
		}
		comment, names = f.doc, append(slices.Clone(phrases), f.name, key)
		rows = append(rows, keyRow{"`" + key + "`", value, x.says(f.doc, names)})
	}
	return rows, inside
}

// plain takes the meaning off what Markdown has one for.
var plain = strings.NewReplacer("|", `\|`, "*", `\*`, "<", "&lt;")

// says is a comment with the keys in place of Go's names, which stand in pairs.
func (x *keyPages) says(comment string, names []string) string {
	comment = links.ReplaceAllString(strings.Join(strings.Fields(comment), " "), "`$1`")
	for i := 0; i < len(names); i += 2 {
		comment = regexp.MustCompile(`(^|[ (])`+names[i]+`([ ,;:.)]|$)`).ReplaceAllString(comment, "$1`"+names[i+1]+"`$2")
	}
	return plain.Replace(comment)
}

// A keyField is a field of a struct, and what its comments say.
type keyField struct{ name, doc string }

func (x *keyPages) fields(t reflect.Type) []keyField {
	var list []keyField
	for _, f := range x.spec(t).Fields.List {
		text := f.Doc.Text()
		if line := strings.TrimSpace(f.Comment.Text()); line != "" {
			text = strings.TrimSpace(text + " " + line)
		}
		name := ""
		switch typ := f.Type.(type) {
		case *ast.SelectorExpr:
			name = typ.Sel.Name
		case *ast.Ident:
			name = typ.Name
		}
		if len(f.Names) == 0 {
			list = append(list, keyField{name, text})
		}
		for _, n := range f.Names {
			list = append(list, keyField{n.Name, text})
		}
	}
	return list
}

// about is what the comment of a struct says.
func (x *keyPages) about(t reflect.Type) string {
	for _, typ := range x.pkg(t).Types {
		if typ.Name == t.Name() {
			return plain.Replace(links.ReplaceAllString(strings.Join(strings.Fields(typ.Doc), " "), "`$1`"))
		}
	}
	return ""
}

func (x *keyPages) spec(t reflect.Type) *ast.StructType {
	for _, typ := range x.pkg(t).Types {
		for _, s := range typ.Decl.Specs {
			if s := s.(*ast.TypeSpec); s.Name.Name == t.Name() {
				return s.Type.(*ast.StructType)
			}
		}
	}
	x.t.Fatalf("%s is not there", t)
	return nil
}

func (x *keyPages) pkg(t reflect.Type) *goPackage {
	p := x.packages[t.PkgPath()]
	if p == nil {
		p = readPackage(x.t, t.PkgPath())
		x.packages[t.PkgPath()] = p
	}
	return p
}

// value is what a key has, in words, and the structs in it.
func (x *keyPages) value(t reflect.Type) (says string, inside []reflect.Type) {
	switch {
	case t.Kind() == reflect.Pointer:
		return x.value(t.Elem())
	case x.elsewhere[t] != "":
		return x.elsewhere[t], nil
	case t == reflect.TypeFor[time.Time]():
		return "time", nil
	case t == reflect.TypeFor[registry.Duration]():
		return "time span", nil
	case t == reflect.TypeFor[registry.Amount]():
		return "amount", nil
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return "text", nil
	}
	switch t.Kind() {
	case reflect.Slice:
		says, inside = x.value(t.Elem())
		return "list of " + says, inside
	case reflect.Map:
		says, inside = x.value(t.Elem())
		return "keys with " + says, inside
	case reflect.Struct:
		anchor := strings.ToLower(strings.ReplaceAll(t.String(), ".", ""))
		return "[" + t.Name() + "](#" + anchor + ")", []reflect.Type{t}
	case reflect.Bool:
		return "true or false", nil
	case reflect.String:
		return "text", nil
	}
	return "number", nil
}
