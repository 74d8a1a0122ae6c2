package main

import (
	"errors"
	"slices"

	"github.com/eppkit/eppkit/epp/ttl"
)

// ttlAddition is RFC 9803.
func ttlAddition() addition {
	create := func(x *fields) extender {
		m := &ttl.Create{}
		each(x, "ttl", ttlHelp, &m.TTL, timeToLive)
		return ifGiven(x, m, "ttl")
	}
	update := func(x *fields) extender {
		m := &ttl.Update{}
		each(x, "ttl", ttlHelp+"; TYPE= goes back to the registry's default", &m.TTL, timeToLive)
		return ifGiven(x, m, "ttl")
	}
	info := func(x *fields) extender {
		m := &ttl.Info{}
		asked := false
		yes(x, "ttl", "show times to live that are not the default", &asked)
		yesNo(x, "ttl-policy", "show the times to live of all types of record, and what may be set", &m.Policy)
		return ifGiven(x, m, "ttl", "ttl-policy")
	}
	return addition{"gtld", []string{ttl.NS}, map[string]func(*fields) extender{
		"domain create": create, "host create": create,
		"domain update": update, "host update": update,
		"domain info": info, "host info": info,
	}}
}

const ttlHelp = "how long resolvers may keep a type of record, as `TYPE=SECONDS`"

func timeToLive(s string) (ttl.TTL, error) {
	kind, seconds, err := cutPair(s)
	if err != nil {
		return ttl.TTL{}, errors.New("it must be TYPE=SECONDS, as NS=86400")
	}
	m := ttl.TTL{For: kind}
	if !slices.Contains([]string{ttl.NSRecord, ttl.DSRecord, ttl.DNAMERecord, ttl.ARecord, ttl.AAAARecord}, kind) {
		m.For, m.Custom = ttl.Custom, kind
	}
	if seconds == "" {
		return m, nil
	}
	n, err := number(seconds)
	if err != nil || n > ttl.Max {
		return m, errors.New("its seconds must be a number from 0 to 2147483647")
	}
	m.Seconds = &n
	return m, nil
}
