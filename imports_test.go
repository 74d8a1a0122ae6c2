package eppkit_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/eppkit/eppkit/"

// importRule says what the packages below from may not import, themselves or
// through others.
type importRule struct {
	from   string
	not    []string // module-relative package trees
	except []string // of from
	direct bool     // the rule is about a package's own imports alone
}

var importRules = []importRule{
	{
		from: "internal", not: []string{"epp", "fred", "client", "mockserver", "cmd"},
		except: []string{"internal/epptest"}, // for tests of the namespaces
	},
	{from: "schemas", not: []string{"fred", "client", "mockserver", "authcode", "conformance", "cmd"}},
	{from: "epp", not: []string{"fred", "client", "mockserver", "authcode", "conformance", "cmd"}},
	{from: "fred", not: []string{"client", "mockserver", "authcode", "conformance", "cmd", "epp/domain", "epp/contact"}},
	{from: "client", not: []string{"mockserver", "authcode", "conformance", "cmd"}},
	{
		from: "client", not: []string{"fred", "epp/domain", "epp/contact"},
		except: []string{"client/reconcile"}, // it knows what objects look like
	},
	{from: "mockserver", not: []string{"client", "authcode", "conformance", "cmd"}},
	{
		from: "mockserver", not: []string{"fred", "epp/domain", "epp/contact"}, direct: true,
		except: []string{"mockserver/gtld", "mockserver/fred"},
	},
	{from: "mockserver/registry", not: []string{"mockserver/gtld", "mockserver/fred"}},
	{from: "mockserver/gtld", not: []string{"fred", "mockserver/fred"}},
	{from: "mockserver/fred", not: []string{"mockserver/gtld"}},
	{
		from: "authcode", not: []string{"epp", "fred", "client", "mockserver", "conformance", "cmd"},
		except: []string{"authcode/eppcode"}, // where it meets EPP
	},
	{from: "examples", not: []string{"internal", "cmd"}, direct: true}, // what anybody can do
	{from: "authcode/eppcode", not: []string{"mockserver", "conformance", "cmd"}},
}

type goPackage struct {
	ImportPath    string
	Imports, Deps []string
}

// TestImportRules holds the packages to the lines of who may import whom.
func TestImportRules(t *testing.T) {
	pkgs := list(t)
	for _, p := range pkgs {
		for _, r := range importRules {
			if !below(p.ImportPath, r.from) || belowAny(p.ImportPath, r.except) {
				continue
			}
			imports := p.Deps
			if r.direct {
				imports = p.Imports
			}
			for _, imp := range imports {
				require.False(t, belowAny(imp, r.not), "%s must not import %s", p.ImportPath, imp)
			}
		}
		siblings(t, p, "epp/")
		siblings(t, p, "fred/")
	}
}

// siblings refuses that one namespace's package imports another's of the same
// family. What they share is in the family's internal packages.
func siblings(t *testing.T, p goPackage, family string) {
	if !strings.HasPrefix(p.ImportPath, module+family) {
		return
	}
	for _, imp := range p.Imports {
		shared := strings.HasPrefix(imp, module+family+"internal/")
		require.False(t, strings.HasPrefix(imp, module+family) && imp != p.ImportPath && !shared,
			"%s must not import its sibling %s", p.ImportPath, imp)
	}
}

func below(pkg, tree string) bool {
	return pkg == module+tree || strings.HasPrefix(pkg, module+tree+"/")
}

func belowAny(pkg string, trees []string) bool {
	for _, t := range trees {
		if below(pkg, t) {
			return true
		}
	}
	return false
}

func list(t *testing.T) []goPackage {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...").Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("go list: %s", exit.Stderr)
	}
	require.NoError(t, err)
	dec := json.NewDecoder(strings.NewReader(string(out)))
	var pkgs []goPackage
	for {
		var p goPackage
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else {
			require.NoError(t, err)
		}
		pkgs = append(pkgs, p)
	}
	require.NotEmpty(t, pkgs)
	return pkgs
}
