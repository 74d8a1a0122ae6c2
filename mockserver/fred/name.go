package fred

import (
	"regexp"
	"strings"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// Why something is not available. The English texts are FRED's.
var (
	reasonRegistered = phrase{"Registered already", "Již registrováno"}
	reasonProtected  = phrase{"Within the protection period", "V ochranné lhůtě"}
	reasonInvalid    = phrase{"An invalid format", "Neplatný formát"}
	reasonProhibited = phrase{"Registration is prohibited", "Registrace je zakázána"}
	reasonNoZone     = phrase{"The domain name not applicable", "Takové jméno zde nelze registrovat"}
)

// upper and lower bring handles and names into the case in which FRED keeps and
// shows them.
func upper(handle string) string { return registry.Upper(handle) }
func lower(name string) string   { return registry.Lower(name) }

// word is what a handle is made of, and a label of a name: no hyphen at the ends or
// after another one.
var word = regexp.MustCompile(`^[a-zA-Z0-9](-?[a-zA-Z0-9])*$`)

func validHandle(s string) bool { return len(s) <= 30 && word.MatchString(s) }

func validName(s string) bool {
	if len(s) > 255 || !strings.Contains(s, ".") {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if len(label) > 63 || !word.MatchString(label) {
			return false
		}
	}
	return true
}

// refs names objects of one kind.
func refs(kind string, handles ...string) []registry.Ref {
	list := make([]registry.Ref, 0, len(handles))
	for _, h := range handles {
		list = append(list, registry.Ref{Kind: kind, Handle: h})
	}
	return list
}

// handleTaken says why a handle can't be created, or the zero phrase.
func (r *Registry) handleTaken(rd registry.Reader, obj registry.Ref, exists bool) phrase {
	switch {
	case !validHandle(obj.Handle):
		return reasonInvalid
	case exists:
		return reasonRegistered
	case r.protected.Has(rd, protectedKey(obj)):
		return reasonProtected
	}
	return phrase{}
}

// nameTaken says why a domain can't be created, or the zero phrase.
func (r *Registry) nameTaken(rd registry.Reader, name string) phrase {
	switch {
	case !validName(name):
		return reasonInvalid
	case r.zoneOf(rd, name) == nil:
		return reasonNoZone
	case r.domains.Has(rd, name):
		return reasonRegistered
	case r.prohibited.Has(rd, name):
		return reasonProhibited
	}
	return phrase{}
}
