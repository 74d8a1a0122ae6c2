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
	var said []bool
	switch m := data.(type) {
	case *domain.ChkData:
		for _, cd := range m.CD {
			said = append(said, cd.Avail)
		}
	case *contact.ChkData:
		for _, cd := range m.CD {
			said = append(said, cd.Avail)
		}
	case *host.ChkData:
		for _, cd := range m.CD {
			said = append(said, cd.Avail)
		}
	case *freddomain.ChkData:
		for _, cd := range m.CD {
			said = append(said, cd.Avail)
		}
	case *fredcontact.ChkData:
		for _, cd := range m.CD {
			said = append(said, cd.Avail)
		}
	case *nsset.ChkData:
		for _, cd := range m.CD {
			said = append(said, cd.Avail)
		}
	case *keyset.ChkData:
		for _, cd := range m.CD {
			said = append(said, cd.Avail)
		}
	}
	if len(said) != 1 {
		return false, false
	}
	return said[0], true
}
