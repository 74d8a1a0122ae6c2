package eppcode

import (
	"sync"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/epp"
)

// sight is whether the registry shows codes to the sponsor, as far as its answers have
// told. A registry by RFC 9154 does not.
type sight struct {
	mu    sync.Mutex
	shown authcode.Truth
	// set is the domain whose code was set last; "" when its information was asked
	// for since, or its code was ended.
	set string
}

// made notes that a domain has a code; or with "" that this is not known of any.
func (s *sight) made(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.set = name
}

// saw learns from what the registry tells of a domain that is ours.
func (s *sight) saw(name string, a *epp.AuthInfo) {
	s.mu.Lock()
	defer s.mu.Unlock()
	has := s.set == name
	if has {
		s.set = ""
	}
	switch {
	case a != nil && (a.Ext != nil || a.ROID != ""): // not the domain's own
	case a != nil && a.PW != "":
		s.shown = authcode.Yes
	case has:
		s.shown = authcode.No
	case a != nil && s.shown == authcode.Untold:
		// An empty value is one that is set, and hidden (RFC 9154, section 5.3). A
		// registry that has shown one may mean that there is none.
		s.shown = authcode.No
	}
}

// hidden reports whether the registry has turned out not to show codes.
func (s *sight) hidden() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown == authcode.No
}
