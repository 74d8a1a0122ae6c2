package fred

import (
	"slices"
	"time"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// The limits of an nsset.
const (
	minHosts           = 2
	maxHosts           = 10
	maxReportLevel     = 10
	defaultReportLevel = 3
)

// NSSet is a set of name servers.
type NSSet struct {
	ID              string `yaml:"id" json:"id"`
	registry.Object `yaml:",inline"`

	// Hosts are two to ten; fixtures may do without.
	Hosts []Host   `yaml:"hosts" json:"hosts,omitempty"`
	Techs []string `yaml:"techs" json:"techs"`
	// ReportLevel is how thorough the technical tests are, 0 to 10; nil is 3.
	ReportLevel *int `yaml:"reportLevel" json:"reportLevel,omitempty"`

	Idle `yaml:"-"`
}

// Host is a name server of an NSSet.
type Host struct {
	Name  string   `yaml:"name" json:"name"`
	Addrs []string `yaml:"addrs" json:"addrs,omitempty"`
}

// Key is the handle, in upper case.
func (s *NSSet) Key() string { return s.ID }

// Links are the techs.
func (s *NSSet) Links() []registry.Ref { return refs(registry.Contact, s.Techs...) }

// Due is when the nsset will have been idle for too long.
func (s *NSSet) Due() time.Time { return s.IdleAt }

func (s *NSSet) ref() registry.Ref { return registry.Ref{Kind: registry.NSSet, Handle: s.ID} }

// clone is a copy that can be changed.
func (s *NSSet) clone() *NSSet {
	c := *s
	c.Status, c.Techs, c.Hosts = slices.Clone(s.Status), slices.Clone(s.Techs), slices.Clone(s.Hosts)
	return &c
}

func (s *NSSet) reportLevel() int {
	if s.ReportLevel == nil {
		return defaultReportLevel
	}
	return *s.ReportLevel
}
