package eppcode

import (
	"sync"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/epp"
)

// sight is whether the registry shows codes to the sponsor, as far as its answers have
// told. A registry by RFC 9154 does not.
type sight struct {
	mu    sync.Mutex
	shown authcode.Truth
	since time.Time // when it became No
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

// hiddenFor is how long a registry that showed no code counts as one that shows none. Then
// it is looked at again: what was taken for hidden may have been a code that somebody
// else had ended.
const hiddenFor = time.Hour

// saw learns from what the registry tells of a domain that is ours. Once a code was shown,
// one that is not there was ended.
func (s *sight) saw(name string, a *epp.AuthInfo, now time.Time) {
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
	case s.shown == authcode.Yes:
	case has, a != nil:
		// It was set, or its value is empty, which is one that is set and hidden
		// (RFC 9154, section 5.3).
		s.shown, s.since = authcode.No, now
	}
}

// hidden reports whether the registry has turned out not to show codes.
func (s *sight) hidden(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown == authcode.No && now.Sub(s.since) < hiddenFor
}
