package fee

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// A Version is one of the namespaces that the extension has had.
type Version uint8

// The versions that are in service, the newest first. The number is that of the
// namespace, and not that of the draft.
const (
	V1_0      Version = iota // RFC 8748
	V1_0Draft                // the same before it was one: urn:ietf:params:xml:ns:fee-1.0
	V0_23
	V0_21
	V0_12 // as Google's registry has it
	V0_11
	V0_9
	V0_8
	V0_7
	V0_6
	V0_5
)

// A feature is what some of the versions have, and others don't.
type feature uint32

const (
	infoElements feature = 1 << iota // info and infData
	asksOnce                         // a check asks for one command, of all objects
	asksByObject                     // or for one of each object, that it names itself
	objIDs                           // an object is named with the element that identifies it
	objURIs                          // and the kind that it is of
	objElements                      // or by an element of its own mapping
	askedClass                       // in a check
	objClass                         // of an object
	commandClass                     // of a command
	avail                            // whether there is an answer for an object, and why not
	reasonLang                       // the language of that
	customNames                      // commands that are not known
	noCommands                       // an object may be without any
	dates                            // when a fee applies
	standard                         // whether a fee is the usual one
	applied                          // when a fee is taken
	feeLang                          // the language of descriptions
	credits                          // beyond delData
	delFees                          // fees in delData
	trnPeriod                        // a period in trnData
	resultPeriod                     // and in the rest of its kind
	freeCurrency                     // a command need not say the currency
	freeResult                       // nor need an answer
	freePeriod                       // nor what answers a check its period
	freeCheck                        // nor its fees
	freeFees                         // nor does any other answer need a fee, but trnData
	freeTransfer                     // nor does trnData
)

// Where the versions differ, by what they have in common. They are here in the order in
// which they came.
const (
	f05 = infoElements | asksByObject | objClass
	f06 = f05 | applied | trnPeriod | freeCheck
	f07 = f06 | freeCurrency | freePeriod
	f08 = f07&^infoElements | credits | freeFees
	f09 = f08 | objIDs | objURIs | askedClass
	f11 = f09&^(asksByObject|objIDs|objURIs) | asksOnce | objElements | avail
	f12 = f11&^(asksOnce|objClass) | commandClass | dates | delFees
	f21 = f12&^(objElements|dates) | objIDs | customNames | reasonLang | resultPeriod | freeResult | freeTransfer
	f23 = f21 | noCommands
	f10 = f23&^(commandClass|askedClass) | objClass | standard | feeLang
)

// A dialect is what there is to know of a version.
type dialect struct {
	uri, document string
	features      feature
}

const (
	drafts = "urn:ietf:params:xml:ns:fee-"
	brown  = "draft-brown-epp-fees-"
	regext = "draft-ietf-regext-epp-fees-"
)

var dialects = [...]dialect{
	V1_0:      {NS, "RFC 8748", f10},
	V1_0Draft: {drafts + "1.0", regext + "12", f10},
	V0_23:     {drafts + "0.23", regext + "06", f23},
	V0_21:     {drafts + "0.21", regext + "05", f21},
	V0_12:     {drafts + "0.12", regext + "01", f12},
	V0_11:     {drafts + "0.11", regext + "00", f11},
	V0_9:      {drafts + "0.9", brown + "06", f09},
	V0_8:      {drafts + "0.8", brown + "05", f08},
	V0_7:      {drafts + "0.7", brown + "04", f07},
	V0_6:      {drafts + "0.6", brown + "03", f06},
	V0_5:      {drafts + "0.5", brown + "02", f05},
}

// URI is the namespace of the version, or "" where there is no such version.
func (v Version) URI() string {
	if int(v) < len(dialects) {
		return dialects[v].uri
	}
	return ""
}

// String is the version as its namespace ends: fee-1.0 or fee-0.23.
func (v Version) String() string {
	return v.URI()[strings.LastIndexByte(v.URI(), ':')+1:]
}

// named is the name of an element in the version.
func (v Version) named(local string) epp.Name { return epp.Name{Space: v.URI(), Local: local} }

// A walk is the reading or writing of an element of one version.
type walk struct {
	*epp.Codec
	version  Version
	features feature
}

func (v Version) walk(x *epp.Codec) *walk {
	w := &walk{Codec: x, version: v}
	if x.Check(v.URI() != "", "", "is of a version that there is not"); v.URI() != "" {
		w.features = dialects[v].features
	}
	return w
}

func (x *walk) has(f feature) bool { return x.features&f != 0 }

// place reports whether the version has a feature, which is the child or attribute local.
// Where it has not, what is set there is refused, so that nothing is left out in silence.
func (x *walk) place(f feature, local string, set bool) bool {
	if !x.has(f) {
		x.Check(!set, local, "has no place in "+x.version.String())
	}
	return x.has(f)
}

// need is [epp.Codec.NotEmpty] unless the version is free of it.
func (x *walk) need(free feature, n int, local string) {
	if !x.has(free) {
		x.NotEmpty(n, local)
	}
}
