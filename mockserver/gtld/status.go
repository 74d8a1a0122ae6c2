package gtld

import (
	"maps"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// What is kept of an object's statuses is what was set: by clients, by the registry, and
// the pending ones. Those that follow from the object or from others, ok, inactive and
// linked, are added when they are shown.

// What a status may prohibit.
const (
	actDelete   = "Delete"
	actRenew    = "Renew"
	actTransfer = "Transfer"
	actUpdate   = "Update"
)

const (
	clientUpdateProhibited = "clientUpdateProhibited"
	pendingCreate          = "pendingCreate"
	pendingDelete          = "pendingDelete"
	pendingTransfer        = "pendingTransfer"
)

// prohibits returns the status that prohibits an act, or "" (RFC 5731, section 2.3; RFC
// 5732, section 2.3; RFC 5733, section 2.2). While something is pending nothing else may
// begin, for two of those can't stand together.
func prohibits(list []string, act string) string {
	for _, s := range list {
		if strings.HasPrefix(s, "pending") || s == "client"+act+"Prohibited" || s == "server"+act+"Prohibited" {
			return s
		}
	}
	return ""
}

// prohibitsUpdate is prohibits for an update. One that removes clientUpdateProhibited,
// and does nothing else (other says whether it does), is not prohibited by that.
func prohibitsUpdate(list []string, add, rem []epp.Status, other bool) string {
	if !other && len(add) == 0 && len(rem) == 1 && rem[0].S == clientUpdateProhibited {
		list = without(list, clientUpdateProhibited)
	}
	return prohibits(list, actUpdate)
}

// excludes reports whether an object can't have both statuses: one thing is pending at a
// time, and what is pending is not prohibited.
func excludes(a, b string) bool {
	one := func(a, b string) bool {
		act, pending := strings.CutPrefix(a, "pending")
		return pending && a != b && (strings.HasPrefix(b, "pending") || strings.HasSuffix(b, act+"Prohibited"))
	}
	return one(a, b) || one(b, a)
}

// with returns the statuses with one more, and without those that it excludes. It is for
// what the registry itself sets. The list stays as it is.
func with(list []string, s string) []string {
	list = slices.DeleteFunc(slices.Clone(list), func(t string) bool { return t == s || excludes(s, t) })
	return append(list, s)
}

// without returns the statuses without one. The list stays as it is.
func without(list []string, s string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(t string) bool { return t == s })
}

// alterStatuses carries out what an update asks for: it removes statuses, and then adds
// some, so that the text of one can be replaced. Only what begins with client is a
// client's. The error names the element, in the namespace of the object, and the list
// and the texts stay as they are.
func alterStatuses(space string, list []string, texts map[string]Text, add, rem []epp.Status) ([]string, map[string]Text, error) {
	list, texts = slices.Clone(list), maps.Clone(texts)
	refuse := func(s *epp.Status, reason string) ([]string, map[string]Text, error) {
		v := registry.Part(space, "status", s)
		v.Reason = &epp.Text{Text: reason}
		return nil, nil, epp.Refuse(epp.ParameterPolicyError, v)
	}
	for i := range rem {
		s := &rem[i]
		switch k := slices.Index(list, s.S); {
		case !strings.HasPrefix(s.S, "client"):
			return refuse(s, "is not a client's to remove")
		case k < 0:
			return refuse(s, "is not set")
		default:
			list = slices.Delete(list, k, k+1)
			delete(texts, s.S)
		}
	}
	for i := range add {
		s := &add[i]
		k := slices.IndexFunc(list, func(t string) bool { return excludes(s.S, t) })
		switch {
		case !strings.HasPrefix(s.S, "client"):
			return refuse(s, "is not a client's to add")
		case slices.Contains(list, s.S):
			return refuse(s, "is set already")
		case k >= 0:
			return refuse(s, "can't stand beside "+list[k])
		}
		list = append(list, strings.Clone(s.S))
		if s.Text != "" {
			if texts == nil {
				texts = make(map[string]Text)
			}
			texts[strings.Clone(s.S)] = Text{Lang: strings.Clone(s.Lang), Text: strings.Clone(s.Text)}
		}
	}
	return list, texts, nil
}

// statusList are the statuses that a domain shows: one without a delegation is inactive,
// and one without any is ok (RFC 5731, section 2.3).
func (d *Domain) statusList() []string {
	list := slices.Clone(d.Status)
	if len(d.NS)+len(d.Attr) == 0 {
		list = append(list, "inactive")
	}
	if len(list) == 0 {
		list = append(list, "ok")
	}
	return list
}

// statuses lists an object's statuses. One without any of those given is ok, beside
// which only linked may stand.
func statuses(list []string, texts map[string]Text, linked bool) []epp.Status {
	if len(list) == 0 {
		list = []string{"ok"}
	}
	if linked {
		list = append(list[:len(list):len(list)], "linked")
	}
	out := make([]epp.Status, len(list))
	for i, s := range list {
		t := texts[s]
		out[i] = epp.Status{S: s, Lang: t.Lang, Text: t.Text}
	}
	return out
}
