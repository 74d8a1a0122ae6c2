package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
)

// A hole is a number of eight digits in a frame: what a command is about.
type hole int

const (
	taken   hole = iota // a domain that there is
	own                 // one of the session's registrar
	free                // a name that nobody has
	fresh               // the name that the session registered last
	holder              // a contact
	server              // a host
	another             // another host
	holes
)

// mark is what stands in a hole of a frame that is not filled.
func (h hole) mark() int { return 99_990_000 + int(h) }

// A command is a frame that is ready but for its holes.
type command struct {
	name  string
	frame []byte
	at    [holes][]int // where they are
	// creates has the session count a name that it registered.
	creates bool
}

func newCommand(name string, q epp.Element) command {
	frame, err := epp.AppendFrame(nil, &epp.Command{Request: q, ClTRID: "bench-4XKQ7M2ZP9D1C"})
	if err != nil {
		panic(err) // these are all valid
	}
	c := command{name: name, frame: frame, creates: name == "create"}
	for h := range holes {
		mark := fmt.Appendf(nil, "%08d", h.mark())
		for at := 0; ; {
			i := bytes.Index(frame[at:], mark)
			if i < 0 {
				break
			}
			at += i + len(mark)
			c.at[h] = append(c.at[h], at-len(mark))
		}
	}
	return c
}

// created is what a session calls the domains that it registers; each has a prefix of its
// own.
func createdName(prefix string, n int) string { return fmt.Sprintf("%s%08d.%s", prefix, n, zone) }

// mix is what a session says, again and again: of a hundred commands 60 checks, 25
// infos, 5 creates and 5 updates, and 5 others.
func mix(prefix string, seed uint64) []command {
	check := newCommand("check", &domain.Check{Names: []string{domainName(taken.mark()), domainName(free.mark())}})
	info := newCommand("info", &domain.Info{Name: domainName(own.mark())})
	create := newCommand("create", &domain.Create{
		Name: createdName(prefix, fresh.mark()), Registrant: contactID(holder.mark()),
		Contacts: []domain.Contact{{Type: domain.Admin, ID: contactID(holder.mark())}},
		NS:       &domain.NameServers{HostObj: []string{hostName(server.mark()), hostName(another.mark())}},
		AuthInfo: &epp.AuthInfo{PW: "sundial-72"},
	})
	update := newCommand("update", &domain.Update{Name: domainName(own.mark()), Chg: &domain.Chg{Registrant: new(contactID(holder.mark()))}})
	others := []command{
		newCommand("poll", &epp.Poll{Op: epp.PollReq}),
		newCommand("renew", &domain.Renew{Name: createdName(prefix, fresh.mark()), CurExpDate: began.AddDate(1, 0, 0)}),
		newCommand("contact info", &contact.Info{ID: contactID(holder.mark()), AuthInfo: &epp.AuthInfo{PW: "sundial-72"}}),
		newCommand("transfer query", &domain.Transfer{Op: epp.TransferQuery, Name: domainName(own.mark())}),
		newCommand("delete", &domain.Delete{Name: createdName(prefix, fresh.mark())}),
	}
	rnd := rand.New(rand.NewPCG(seed, 1))
	var all []command
	for _, other := range others { // each in a fifth that begins with a create
		part := []command{update, other}
		for range 12 {
			part = append(part, check)
		}
		for range 5 {
			part = append(part, info)
		}
		rnd.Shuffle(len(part), func(i, k int) { part[i], part[k] = part[k], part[i] })
		all = append(append(all, create), part...)
	}
	return all
}
