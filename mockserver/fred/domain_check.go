package fred

import (
	"github.com/eppkit/eppkit/fred/auction"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var reasonAuction = phrase{"The domain name is kept for the winner of an auction", "Jméno je vyhrazeno vítězi aukce"}

// Auction is a name that was auctioned, and the contact that has won it. Nobody else can
// register it.
type Auction struct {
	Name   string `yaml:"name" json:"name"`
	Winner string `yaml:"winner" json:"winner"`
}

// Key is the name, in lower case.
func (a *Auction) Key() string { return a.Name }

// Links are the winner.
func (a *Auction) Links() []registry.Ref { return refs(registry.Contact, a.Winner) }

func (r *Registry) domainCheck(x *mockserver.Exchange, q *domain.Check) (*domain.ChkData, error) {
	v := r.View(x)
	a := new(domain.ChkData)
	for _, name := range q.Names {
		why := r.nameTaken(v, lower(name))
		if why == (phrase{}) {
			why = r.withheld(v, x, lower(name), registrantOf(x))
		}
		a.CD = append(a.CD, domain.CD{Name: name, Avail: why == (phrase{}), Reason: why.orNil(x.Session.Lang)})
	}
	return a, nil
}

// withheld says why a name that is free can't be registered, or the zero phrase.
func (r *Registry) withheld(rd registry.Reader, x *mockserver.Exchange, name, registrant string) phrase {
	if r.prohibited.Has(rd, name) && !r.system(x) {
		return reasonProhibited
	}
	if a := r.auctions.Get(rd, name); a != nil && a.Winner != upper(registrant) {
		return reasonAuction
	}
	return phrase{}
}

// registrantOf is for whom a name is checked, or created; "" where a check does not say.
func registrantOf(x *mockserver.Exchange) string {
	if q, ok := x.Command.Request.(*domain.Create); ok {
		return q.Registrant
	}
	if q := extension[*auction.Check](x); q != nil {
		return q.Registrant
	}
	return ""
}
