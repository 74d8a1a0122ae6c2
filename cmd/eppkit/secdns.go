package main

import (
	"errors"

	"github.com/eppkit/eppkit/epp/secdns"
)

const (
	dsHelp  = " a DS record, as `\"KEYTAG ALG DIGESTTYPE DIGEST\"`"
	keyHelp = " a DNSKEY record, as `\"FLAGS PROTOCOL ALG PUBKEY\"`"
)

// secDNSAddition is RFC 5910.
func secDNSAddition() addition {
	return addition{"gtld", []string{secdns.NS}, map[string]func(*fields) extender{
		"domain create": secDNSCreate,
		"domain update": secDNSUpdate,
	}}
}

func secDNSCreate(x *fields) extender {
	m := &secdns.Create{}
	each(x, "ds", "sign with"+dsHelp, &m.DSData, dsData)
	each(x, "key", "sign with"+keyHelp, &m.KeyData, keyData)
	one(x, "max-sig-life", "`SECONDS` that signatures of the registry are to be valid at most", &m.MaxSigLife, seconds)
	x.notBoth("ds", "key")
	x.must(func() error {
		if x.given("max-sig-life") && !x.given("ds", "key") {
			return usage("--max-sig-life needs --ds or --key")
		}
		return nil
	})
	return ifGiven(x, m, "ds", "key")
}

func secDNSUpdate(x *fields) extender {
	var add secdns.Add
	var rem secdns.Rem
	var chg secdns.Chg
	m := &secdns.Update{}
	each(x, "ds", "add"+dsHelp, &add.DSData, dsData)
	each(x, "key", "add"+keyHelp, &add.KeyData, keyData)
	each(x, "rem-ds", "remove"+dsHelp, &rem.DSData, dsData)
	each(x, "rem-key", "remove"+keyHelp, &rem.KeyData, keyData)
	yesNo(x, "rem-all-ds", "remove all DS and DNSKEY records", &rem.All)
	one(x, "max-sig-life", "`SECONDS` that signatures of the registry are to be valid at most", &chg.MaxSigLife, seconds)
	yesNo(x, "urgent", "ask the registry to hurry", &m.Urgent)
	for _, pair := range [][2]string{{"ds", "key"}, {"rem-ds", "rem-key"}, {"rem-ds", "rem-all-ds"}, {"rem-key", "rem-all-ds"}} {
		x.notBoth(pair[0], pair[1])
	}
	changes := []string{"ds", "key", "rem-ds", "rem-key", "rem-all-ds", "max-sig-life"}
	x.must(func() error {
		if x.given("urgent") && !x.given(changes...) {
			return usage("--urgent needs a change of DS or DNSKEY records")
		}
		return nil
	})
	return func(args []string) (maker, error) {
		m.Rem, m.Add, m.Chg = some(rem), some(add), some(chg)
		return ifGiven(x, m, changes...)(args)
	}
}

func seconds(s string) (int, error) {
	n, err := number(s)
	if err != nil || n == 0 {
		return 0, errors.New("it must be a number, 1 or more")
	}
	return n, nil
}
