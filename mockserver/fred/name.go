package fred

import (
	"regexp"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Why something is not available, in FRED's words.
const (
	reasonRegistered = "Registered already"
	reasonProtected  = "Within the protection period"
	reasonInvalid    = "An invalid format"
	reasonProhibited = "Registration is prohibited"
	reasonNoZone     = "The domain name not applicable"
)

// upper and lower bring handles and names into the case in which FRED keeps and
// shows them.
func upper(handle string) string { return registry.Upper(handle) }
func lower(name string) string   { return registry.Lower(name) }

// word is what a handle is made of, and a label of a name: no hyphen at the ends or
// after another one.
// refs names objects of one kind.
func refs(kind string, handles ...string) []registry.Ref {
	list := make([]registry.Ref, 0, len(handles))
	for _, h := range handles {
		list = append(list, registry.Ref{Kind: kind, Handle: h})
	}
	return list
}

var word = regexp.MustCompile(`^[a-zA-Z0-9](-?[a-zA-Z0-9])*$`)

func validHandle(s string) bool { return len(s) <= 30 && word.MatchString(s) }

// validHost is a name server's name. Unlike a domain's, it is of any zone.
func validHost(s string) bool { return validName(s) }

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

// handleTaken says why a handle can't be created, or "".
func (r *Registry) handleTaken(rd registry.Reader, obj registry.Ref, exists bool) string {
	switch {
	case !validHandle(obj.Handle):
		return reasonInvalid
	case exists:
		return reasonRegistered
	case r.protected.Has(rd, protectedKey(obj)):
		return reasonProtected
	}
	return ""
}

// nameTaken says why a domain can't be created, or "".
func (r *Registry) nameTaken(rd registry.Reader, name string) string {
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
	return ""
}

func reason(text string) *epp.Text {
	if text == "" {
		return nil
	}
	return &epp.Text{Text: text}
}

// statusTexts are the words that go with a status.
var statusTexts = map[string]string{
	"ok":                       "Object is without restrictions",
	"linked":                   "Other objects refer to this one",
	"serverTransferProhibited": "Change of the sponsoring registrar is not permitted",
	"serverDeleteProhibited":   "Deletion is not permitted",
	"serverUpdateProhibited":   "Update is not permitted",
	"serverRenewProhibited":    "Renewal is not permitted",
	"identifiedContact":        "Identity of the contact was confirmed",
	"validatedContact":         "Data of the contact were validated",
}

// statuses says what an object's statuses are; one without any is ok.
func statuses(list ...string) []epp.Status {
	if len(list) == 0 {
		list = []string{"ok"}
	}
	var out []epp.Status
	for _, s := range list {
		out = append(out, epp.Status{S: s, Text: statusTexts[s]})
	}
	return out
}
