package client

import (
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/loginsec"
)

const module = "github.com/eppkit/eppkit"

// DefaultUserAgent is what a login says of its software where [Credentials] say nothing
// else: this module and Go, with their versions, and the system (RFC 8807, section 4.1).
func DefaultUserAgent() *loginsec.UserAgent {
	app, tech, os := "eppkit", "Google Go "+strings.TrimPrefix(runtime.Version(), "go"), runtime.GOARCH+" "+runtime.GOOS
	if info, ok := debug.ReadBuildInfo(); ok {
		mods := append([]*debug.Module{&info.Main}, info.Deps...)
		i := slices.IndexFunc(mods, func(m *debug.Module) bool { return m.Path == module })
		if i >= 0 && mods[i].Version != "" && mods[i].Version != "(devel)" {
			app += " " + mods[i].Version
		}
	}
	return &loginsec.UserAgent{App: &app, Tech: &tech, OS: &os}
}

// addUserAgent says in a login that asks for loginSec what software it is of.
func (c *Credentials) addUserAgent(cmd *epp.Command, schema *epp.Schema) {
	q, ok := cmd.Request.(*epp.Login)
	if !ok || !slices.Contains(q.ExtURI, schema.NameOf(new(loginsec.LoginSec)).Space) {
		return
	}
	agent := c.UserAgent
	switch {
	case agent == nil:
		agent = DefaultUserAgent()
	case *agent == loginsec.UserAgent{}:
		return
	}
	for _, e := range cmd.Extension {
		if m, ok := e.(*loginsec.LoginSec); ok {
			if m.UserAgent == nil {
				m.UserAgent = agent
			}
			return
		}
	}
	cmd.Extension = append(cmd.Extension, &loginsec.LoginSec{UserAgent: agent})
}
