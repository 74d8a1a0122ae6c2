package reconcile

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	fredcontact "github.com/eppkit/eppkit/fred/contact"
	freddomain "github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
)

// available is what the answer to a check of one object says.
func available(data epp.Element) (avail, ok bool) {
	switch m := data.(type) {
	case *domain.ChkData:
		return only(m.CD, func(cd domain.CD) bool { return cd.Avail })
	case *contact.ChkData:
		return only(m.CD, func(cd contact.CD) bool { return cd.Avail })
	case *host.ChkData:
		return only(m.CD, func(cd host.CD) bool { return cd.Avail })
	case *freddomain.ChkData:
		return only(m.CD, func(cd freddomain.CD) bool { return cd.Avail })
	case *fredcontact.ChkData:
		return only(m.CD, func(cd fredcontact.CD) bool { return cd.Avail })
	case *nsset.ChkData:
		return only(m.CD, func(cd nsset.CD) bool { return cd.Avail })
	case *keyset.ChkData:
		return only(m.CD, func(cd keyset.CD) bool { return cd.Avail })
	}
	return false, false
}

// only is what the one entry says, where there is just one.
func only[CD any](list []CD, says func(CD) bool) (avail, ok bool) {
	if len(list) != 1 {
		return false, false
	}
	return says(list[0]), true
}
