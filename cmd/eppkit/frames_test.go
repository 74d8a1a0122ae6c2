package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/internal/canon"
	"github.com/eppkit/eppkit/internal/epptest"
)

// split splits a command line; single quotes keep spaces.
func split(line string) []string {
	args := regexp.MustCompile(`'[^']*'|[^\s']+(?:'[^']*')?`).FindAllString(line, -1)
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "'", "")
	}
	return args
}

// dryRun is the frame that a command line would send.
func dryRun(t *testing.T, stdin, line string) []byte {
	t.Helper()
	r := eppkit(t, nil, stdin, append(split(line), "--dry-run", "-o", "xml")...)
	require.Equal(t, exitOK, r.status, r.err)
	require.Empty(t, r.err, "a dry run starts no registry")
	return []byte(r.out)
}

const witnesses = "../../../shared/corpus"

// What several of the RFCs' examples have in common.
const (
	created = " --registrant jd1234 --admin sh8013 --tech sh8013 --authinfo-file -"
	sh8013  = "contact create sh8013 --name 'John Doe' --org 'Example Inc.' --street '123 Example Dr.' --street 'Suite 100' --city Dulles --sp VA --pc 20166-6503 --cc US --voice +1.7035555555x1234 --fax +1.7035555556 --email jdoe@example.com --hide voice,email --authinfo-file -"
	ds12345 = " --ds '12345 3 1 49FD46E6C4B45C55D4AC'"
	ds12346 = "'12346 3 1 38EC35D5B3A34B44C39B'"
)

// TestWitnesses has each command line make the frame that a real client made, or that an
// RFC shows.
func TestWitnesses(t *testing.T) {
	if _, err := os.Stat(witnesses); err != nil {
		t.Skipf("no reference frames in %s", witnesses)
	}
	for _, row := range []struct{ file, stdin, line string }{
		{"fred-commands/05", "", "contact check CID-1 CID-2"},
		{"fred-commands/06", "", "domain check example.cz nic.cz"},
		{"fred-commands/07", "", "nsset check NSSID-1"},
		{"fred-commands/08", "", "keyset check KEYID-1"},
		{"fred-commands/09", "", "contact info CID-MYOWN"},
		{"fred-commands/10", "secret12", "contact info CID-MYOWN --authinfo-file -"},
		{"fred-commands/11", "", "domain info example.cz"},
		{"fred-commands/12", "secret12", "domain info example.cz --authinfo-file -"},
		{"fred-commands/13", "secret12", "nsset info NSSID-1 --authinfo-file -"},
		{"fred-commands/14", "secret12", "keyset info KEYID-1 --authinfo-file -"},
		{"fred-commands/15", "", "contact create CID-NEW --name 'Jan Novak' --org 'Firma s.r.o.' --street 'Narodni 1' --city Praha --pc 11000 --cc CZ " +
			"--voice +420.222745111 --email jan@example.cz --disclose voice,email --vat CZ12345678 --ident ico=12345678 --notify-email notify@example.cz"},
		{"fred-commands/16", "", "contact create CID-NEW2 --name 'Jan Novak' --street 'Narodni 1' --street 'patro 2' --city Praha --pc 11000 --cc CZ " +
			"--email jan@example.cz --mailing-street 'Mailing 42' --mailing-city Brno --mailing-pc 60200 --mailing-cc CZ"},
		{"fred-commands/17", "", "domain create example.cz --registrant CID-MYOWN --nsset NSSID-1 --keyset KEYID-1 --period 3y --admin CID-ADMIN1 --admin CID-ADMIN2"},
		{"fred-commands/18", "", "domain create 1.1.1.7.4.5.2.2.2.0.2.4.e164.arpa --registrant CID-MYOWN --nsset NSSID-1 --period 1y --admin CID-ADMIN1 --val-ex-date 2027-06-08 --publish"},
		{"fred-commands/19", "", "nsset create NSSID-2 --dns ns1.example.cz=192.0.2.1,2001:db8::1 --dns ns2.example.net --tech CID-TECH --report-level 4"},
		{"fred-commands/20", "", "keyset create KEYID-2 --dnskey '257 3 5 AwEAAddt2AkLfYGKgiEZB5SmIF8EvrjxNMH6HtxWEA4RJ9Ao6LCWheg8' --tech CID-TECH"},
		{"fred-commands/21", "", "contact update CID-NEW --voice +420.222745112 --email new@example.cz --disclose addr,voice"},
		{"fred-commands/22", "", "contact update CID-NEW --rem-mailing"},
		{"fred-commands/23", "secret12", "domain update example.cz --add-admin CID-ADMIN3 --rem-admin CID-ADMIN2 --chg-nsset NSSID-2 --chg-keyset KEYID-2 --chg-registrant CID-NEW --authinfo-file -"},
		{"fred-commands/24", "", "nsset update NSSID-2 --add-dns ns3.example.cz=192.0.2.3 --add-tech CID-TECH2 --rem-dns ns2.example.net --rem-tech CID-TECH --report-level 5"},
		{"fred-commands/25", "", "keyset update KEYID-2 --add-tech CID-TECH2 --rem-tech CID-TECH"},
		{"fred-commands/26", "", "domain renew example.cz --cur-exp-date 2027-01-11 --period 2y"},
		{"fred-commands/27", "secret12", "contact transfer CID-MYOWN --authinfo-file -"},
		{"fred-commands/28", "secret12", "domain transfer request example.cz --authinfo-file -"},
		{"fred-commands/29", "secret12", "nsset transfer NSSID-1 --authinfo-file -"},
		{"fred-commands/30", "secret12", "keyset transfer KEYID-1 --authinfo-file -"},
		{"fred-commands/31", "", "contact delete CID-NEW"},
		{"fred-commands/32", "", "domain delete example.cz"},
		{"fred-commands/33", "", "nsset delete NSSID-2"},
		{"fred-commands/34", "", "keyset delete KEYID-2"},
		{"fred-commands/35", "", "contact send-authinfo CID-MYOWN"},
		{"fred-commands/36", "", "domain send-authinfo example.cz"},
		{"fred-commands/37", "", "nsset send-authinfo NSSID-1"},
		{"fred-commands/38", "", "keyset send-authinfo KEYID-1"},
		{"fred-commands/39", "", "credit"},
		{"fred-commands/40", "", "nsset test NSSID-1 --level 4 --name example.cz"},

		{"rfc-examples/rfc5731/01", "", "domain check example.com example.net example.org"},
		{"rfc-examples/rfc5731/03", "", "domain info example.com --hosts all"},
		{"rfc-examples/rfc5731/04", "2fooBAR", "domain info example.com --hosts all --authinfo-file -"},
		{"rfc-examples/rfc5731/07", "2fooBAR", "domain transfer query example.com --authinfo-file - --authinfo-roid JD1234-REP"},
		{"rfc-examples/rfc5731/09", "2fooBAR", "domain create example.com --period 2y --ns ns1.example.net --ns ns2.example.net" + created},
		{"rfc-examples/rfc5731/11", "", "domain delete example.com"},
		{"rfc-examples/rfc5731/13", "", "domain renew example.com --cur-exp-date 2000-04-03 --period 5y"},
		{"rfc-examples/rfc5731/15", "2fooBAR", "domain transfer request example.com --period 1y --authinfo-file - --authinfo-roid JD1234-REP"},
		{"rfc-examples/rfc5731/17", "2BARfoo", "domain update example.com --add-ns ns2.example.com --add-contact tech=mak21 --add-status clientHold='Payment overdue.' " +
			"--rem-ns ns1.example.com --rem-contact tech=sh8013 --rem-status clientUpdateProhibited --chg-registrant sh8013 --authinfo-file -"},
		{"rfc-examples/rfc5732/01", "", "host check ns1.example.com ns2.example.com ns3.example.com"},
		{"rfc-examples/rfc5732/03", "", "host info ns1.example.com"},
		{"rfc-examples/rfc5732/05", "", "host create ns1.example.com --addr 192.0.2.2 --addr 192.0.2.29 --addr 1080:0:0:0:8:800:200C:417A"},
		{"rfc-examples/rfc5732/07", "", "host delete ns1.example.com"},
		{"rfc-examples/rfc5732/09", "", "host update ns1.example.com --add-addr 192.0.2.22 --add-status clientUpdateProhibited --rem-addr 1080:0:0:0:8:800:200C:417A --chg-name ns2.example.com"},
		{"rfc-examples/rfc5733/01", "", "contact check sh8013 sah8013 8013sah"},
		{"rfc-examples/rfc5733/03", "2fooBAR", "contact info sh8013 --authinfo-file -"},
		{"rfc-examples/rfc5733/05", "2fooBAR", "contact transfer query sh8013 --authinfo-file -"},
		{"rfc-examples/rfc5733/07", "2fooBAR", sh8013},
		{"rfc-examples/rfc5733/09", "", "contact delete sh8013"},
		{"rfc-examples/rfc5733/11", "2fooBAR", "contact transfer request sh8013 --authinfo-file -"},
		{"rfc-examples/rfc5733/13", "2fooBAR", "contact update sh8013 --add-status clientDeleteProhibited --org '' --street '124 Example Dr.' --street 'Suite 200' --city Dulles --sp VA --pc 20166-6503 --cc US " +
			"--voice +1.7034444444 --fax '' --authinfo-file - --disclose voice,email"},

		{"rfc-examples/rfc5910/04", "2fooBAR", "domain create example.com --period 2y --ns ns1.example.com --ns ns2.example.com" + created + " --max-sig-life 604800" + ds12345},
		{"rfc-examples/rfc5910/06", "2fooBAR", "domain create example.com --period 2y --ns ns1.example.com --ns ns2.example.com" + created + " --key '257 3 1 AQPJ////4Q=='"},
		{"rfc-examples/rfc5910/07", "", "domain update example.com --rem-ds '12345 3 1 38EC35D5B3A34B33C99B' --ds " + ds12346},
		{"rfc-examples/rfc5910/08", "", "domain update example.com --max-sig-life 605900"},
		{"rfc-examples/rfc5910/09", "", "domain update example.com --rem-key '257 3 1 AQPJ////4QQQ' --key '257 3 1 AQPJ////4Q==' --max-sig-life 605900"},
		{"rfc-examples/rfc5910/10", "", "domain update example.com --rem-ds " + ds12346},
		{"rfc-examples/rfc5910/12", "", "domain update example.com --urgent --rem-all-ds --ds " + ds12346},
		{"rfc-examples/rfc3915/03", "", "domain update example.com --restore request"},

		{"rfc-examples/rfc8334/04", "", "domain check domain1.example domain2.example domain3.example --launch-check claims --launch-phase claims"},
		{"rfc-examples/rfc8334/06", "", "domain check domain1.example domain2.example --launch-check avail --launch-phase custom:idn-release"},
		{"rfc-examples/rfc8334/07", "", "domain check domain1.example domain2.example domain3.example --launch-check trademark"},
		{"rfc-examples/rfc8334/09", "", "domain info domain.example --launch-phase sunrise --application-id abc123 --include-mark"},
		{"rfc-examples/rfc8334/10", "", "domain info domain.example --launch-phase sunrise"},
		{"rfc-examples/rfc8334/17", "2fooBAR", "domain create domain.example" + created + " --launch-phase claims " +
			"--notice '370d0b7c9223372036854775807@tmch 2014-06-19T10:00:00Z 2014-06-19T09:00:00Z' " +
			"--notice '470d0b7c9223654313275808@custom-tmch 2014-06-19T10:00:00Z 2014-06-19T09:00:30Z'"},
		{"rfc-examples/rfc8334/18", "2fooBAR", "domain create domain.example" + created + " --launch-phase landrush --launch-type application"},
		{"rfc-examples/rfc8334/21", "", "domain update domain.example --add-ns ns2.domain.example --rem-ns ns1.domain.example --launch-phase sunrise --application-id abc123"},
		{"rfc-examples/rfc8334/22", "", "domain delete domain.example --launch-phase sunrise --application-id abc123"},
		{"rfc-examples/rfc8495/01", "abc123", "domain check allocation.example --allocation-token-file -"},
		{"rfc-examples/rfc8495/03", "abc123", "domain check allocation.example allocation2.example --allocation-token-file -"},
		{"rfc-examples/rfc8495/05", "", "domain info allocation.example --allocation-token"},
		{"rfc-examples/rfc8543/01", "", "org check res1523 re1523 1523res"},
		{"rfc-examples/rfc8543/03", "", "org info res1523"},
		{"rfc-examples/rfc8543/06", "", "org create res1523 --role reseller --parent-id 1523res --name 'Example Organization Inc.' --street '123 Example Dr.' --street 'Suite 100' " +
			"--city Dulles --sp VA --pc 20166-6503 --cc US --voice +1.7035555555x1234 --fax +1.7035555556 --email contact@organization.example " +
			"--url https://organization.example --contact admin=sh8013 --contact billing=sh8013"},
		{"rfc-examples/rfc8543/08", "", "org delete res1523"},
		{"rfc-examples/rfc8543/10", "", "org update res1523 --add-contact tech=sh8013 --add-role privacyproxy:clientLinkProhibited --add-status clientLinkProhibited " +
			"--rem-contact billing=sh8014 --rem-role reseller --street '124 Example Dr.' --street 'Suite 200' --city Dulles --sp VA --pc 20166-6503 --cc US --voice +1.7034444444 --fax ''"},
		{"rfc-examples/rfc8544/05", "", "domain update example.com --add-org reseller=reseller1523"},
		{"rfc-examples/rfc8544/06", "", "domain update example.com --add-org reseller=reseller1523 --add-org privacyproxy=proxy2935"},
		{"rfc-examples/rfc8544/08", "", "domain update example.com --rem-org reseller= --rem-org privacyproxy="},
		{"rfc-examples/rfc8544/10", "", "domain update example.com --chg-org reseller=reseller1523 --chg-org privacyproxy=proxy2935"},
		{"rfc-examples/rfc8748/01", "", "domain check example.com example.net example.xyz --currency USD --fee-command create=2y,renew,transfer,restore"},
		{"rfc-examples/rfc8748/04", "2fooBAR", "domain create example.com --period 2y --ns ns1.example.net --ns ns2.example.net --fee 5.00 --currency USD" + created},
		{"rfc-examples/rfc8748/07", "", "domain renew example.com --cur-exp-date 2019-04-03 --period 5y --fee 5.00 --currency USD"},
		{"rfc-examples/rfc8748/09", "2fooBAR", "domain transfer request example.com --period 1y --authinfo-file - --authinfo-roid JD1234-REP --fee 5.00 --currency USD"},
		{"rfc-examples/rfc8748/11", "", "domain update example.com --chg-registrant sh8013 --fee 5.00 --currency USD"},
		{"rfc-examples/rfc9803/01", "", "domain info example.com --ttl-policy=false"},
		{"rfc-examples/rfc9803/03", "", "host info ns1.example.com --ttl-policy=false"},
		{"rfc-examples/rfc9803/05", "", "domain info example.com --ttl-policy"},
		{"rfc-examples/rfc9803/07", "", "host info ns1.example.com --ttl-policy"},
		{"rfc-examples/rfc9803/10", "", "host create ns1.example.com --addr 192.0.2.2 --addr 2001:db8::8:800:200c:417a --ttl A= --ttl AAAA=86400"},
		{"rfc-examples/rfc9803/11", "", "domain update example.com --ttl NS= --ttl DELEG= --ttl DS=86400"},
		{"rfc-examples/rfc9803/12", "", "host update ns1.example.com --ttl A=86400 --ttl AAAA=3600"},
		{"rfc-examples/rfc9873/04", "2fooBAR", sh8013 + " --addl-email jdoe-alt@example.net"},
		{"rfc-examples/rfc9873/05", "2fooBAR", sh8013 + " --addl-email 麥克風@example.com --addl-email-primary"},
		{"rfc-examples/rfc9873/06", "", "contact update sh8013 --addl-email jdoe-alt@example.net"},
		{"rfc-examples/rfc9873/08", "", "contact update sh8013 --addl-email ''"},
	} {
		t.Run(row.file+" "+strings.Join(split(row.line)[:2], " "), func(t *testing.T) {
			t.Parallel()
			kind := "gtld"
			if strings.HasPrefix(row.file, "fred") {
				kind = "fred"
			}
			require.Equal(t, witness(t, row.file), plainFrame(t, dryRun(t, row.stdin, row.line+" --registry "+kind)))
		})
	}
}

// witness reads the one file that begins with a name.
func witness(t *testing.T, name string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(witnesses, name+"-*"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	doc, err := os.ReadFile(files[0])
	require.NoError(t, err)
	return plainFrame(t, doc)
}

// plainFrame is a frame in canonical form, without what says nothing: the clTRID, the
// language that is the default, and how many zeros a second has.
func plainFrame(t *testing.T, doc []byte) string {
	t.Helper()
	nothing := regexp.MustCompile(`<(\w+:)?clTRID>[^<]*</(\w+:)?clTRID>| lang="en"|\.0Z|\s*$`)
	out, err := canon.Canonical(nothing.ReplaceAllFunc(doc, func(b []byte) []byte {
		if string(b) == ".0Z" {
			return []byte("Z")
		}
		return nil
	}))
	require.NoError(t, err)
	return out
}

// TestFrames has the command lines make frames that are valid, and say what they are to.
func TestFrames(t *testing.T) {
	dir := t.TempDir()
	mark := writeFile(t, dir, "mark.smd", "Marks: sauna\n-----BEGIN ENCODED SMD-----\nPHNhdW5h\nLz4=\n-----END ENCODED SMD-----\n")
	before, after := writeFile(t, dir, "before", "Held by anna-1"), writeFile(t, dir, "after", "Held by anna-1 again")
	token := writeFile(t, dir, "token", "kiuas-7\n")
	const anna = " --name 'Anna Lind' --street 'Quay 4' --city Turku --pc 20100 --cc FI --email anna@lind.example"
	frames := map[string][][]byte{}
	set, err := (&app{}).allSpoken()
	require.NoError(t, err)
	v, err := allSchemas(set, nil)
	require.NoError(t, err)
	for _, row := range []struct{ kind, stdin, line, has string }{
		{"gtld", "", "domain check Löyly.example plain_Name.example", `<domain:name>xn--lyly-5qa.example</domain:name><domain:name>plain_Name.example</domain:name>`},
		{"gtld", "", "domain transfer query löyly.example", `<domain:name>xn--lyly-5qa.example</domain:name>`},
		{"gtld", "", "domain update sauna.example --add-ns ns.löyly.example", `<domain:hostObj>ns.xn--lyly-5qa.example</domain:hostObj>`},
		{"gtld", "", "host update ns.löyly.example --chg-name ns1.löyly.example", `<host:chg><host:name>ns1.xn--lyly-5qa.example</host:name></host:chg>`},
		{"gtld", "", "domain create sauna.example", `<domain:authInfo><domain:pw/></domain:authInfo>`},
		{
			"gtld", "", "domain create sauna.example --ns ns1.sauna.example=192.0.2.1,2001:db8::1 --ns ns2.kiuas.example --period 18m --billing otto-2",
			`<domain:period unit="m">18</domain:period><domain:ns><domain:hostAttr><domain:hostName>ns1.sauna.example</domain:hostName>` +
				`<domain:hostAddr ip="v4">192.0.2.1</domain:hostAddr><domain:hostAddr ip="v6">2001:db8::1</domain:hostAddr></domain:hostAttr>` +
				`<domain:hostAttr><domain:hostName>ns2.kiuas.example</domain:hostName></domain:hostAttr></domain:ns><domain:contact type="billing">otto-2</domain:contact>`,
		},
		{"gtld", "", "domain create sauna.example --ns ns2.kiuas.example=", `<domain:hostAttr><domain:hostName>ns2.kiuas.example</domain:hostName></domain:hostAttr>`},
		{"gtld", "", "domain create sauna.example --idn-table fi --idn-uname säunä.example", `<idn:table>fi</idn:table><idn:uname>säunä.example</idn:uname>`},
		{
			"gtld", "", "domain create sauna.example --ttl NS=3600 --org reseller=lind-1 --allocation-token-file " + token,
			`>kiuas-7</allocationToken:allocationToken>`,
		},
		{
			"gtld", "", "domain create sauna.example --launch-phase sunrise --launch-type registration --smd " + mark,
			`>PHNhdW5hLz4=</signedMark:encodedSignedMark>`,
		},
		{"gtld", "", "domain create sauna.example --fee 10 --fee 0.50", `<fee:fee>10</fee:fee><fee:fee>0.50</fee:fee>`},
		{
			"gtld", "", "domain check sauna.example --fee-command create,renew=2y --period 1y",
			`<fee:command name="create"><fee:period unit="y">1</fee:period></fee:command><fee:command name="renew"><fee:period unit="y">2</fee:period></fee:command>`,
		},
		{"gtld", "", "domain check sauna.example --launch-phase claims", `<launch:phase>claims</launch:phase>`},
		{"gtld", "", "domain info sauna.example --ttl --hosts del", `<ttl:info`},
		{"gtld", "", "domain transfer approve sauna.example", `<transfer op="approve">`},
		{"gtld", "", "domain transfer reject sauna.example", `<transfer op="reject">`},
		{"gtld", "", "domain transfer cancel sauna.example", `<transfer op="cancel">`},
		{"gtld", "", "domain update sauna.example --null-authinfo", `<domain:chg><domain:authInfo><domain:null/></domain:authInfo></domain:chg>`},
		{"gtld", "", "domain update sauna.example --chg-registrant ''", `<domain:chg><domain:registrant/></domain:chg>`},
		{"gtld", "", "domain update sauna.example --rem-all-ds=false", `<secDNS:rem><secDNS:all>0</secDNS:all></secDNS:rem>`},
		{
			"gtld", "", "domain update sauna.example --restore report --pre-data " + before + " --post-data " + after +
				" --del-time 2030-01-02T03:04:05Z --res-time 2030-01-03T03:04:05Z --res-reason 'By mistake' --statement 'For the holder' --statement 'It is true' --other more",
			`<rgp:statement>For the holder</rgp:statement><rgp:statement>It is true</rgp:statement><rgp:other>more</rgp:other>`,
		},
		{"gtld", "", "domain update sauna.example --add-status clientHold='Not paid' --rem-status clientHold", `<domain:status s="clientHold">Not paid</domain:status>`},
		{"gtld", "", "domain renew sauna.example --cur-exp-date 2031-04-15", `<domain:curExpDate>2031-04-15</domain:curExpDate></domain:renew>`},
		{
			"gtld", "", "contact create anna-1" + anna + " --loc-name 'Änna Lind' --loc-city Åbo --loc-cc FI --disclose name,name:loc,email",
			`<contact:disclose flag="1"><contact:name type="int"/><contact:name type="loc"/><contact:email/></contact:disclose>`,
		},
		{"gtld", "", "contact create anna-1 --type loc" + anna, `<contact:postalInfo type="loc">`},
		{"gtld", "", "contact update anna-1 --loc-org Lind --rem-status clientUpdateProhibited", `<contact:postalInfo type="loc"><contact:org>Lind</contact:org></contact:postalInfo>`},
		{"gtld", "", "contact update anna-1 --loc-org '' --voice ''", `<contact:postalInfo type="loc"><contact:org/></contact:postalInfo><contact:voice/>`},
		{"gtld", "Four5six", "contact update anna-1 --authinfo-file -", `<contact:pw>Four5six</contact:pw>`},
		{"gtld", "", "host create ns1.sauna.example --ttl A=60", `<ttl:ttl for="A">60</ttl:ttl>`},
		{"gtld", "", "host update ns1.sauna.example --chg-name ns2.sauna.example", `<host:chg><host:name>ns2.sauna.example</host:name></host:chg>`},
		{
			"gtld", "", "org create lind-1 --role reseller:ok,linked=R-7 --status hold --contact custom:legal=anna-1 --loc-name Lind",
			`<org:role><org:type>reseller</org:type><org:status>ok</org:status><org:status>linked</org:status><org:roleID>R-7</org:roleID></org:role><org:status>hold</org:status>`,
		},
		{"gtld", "", "org update lind-1 --url ''", `<org:chg><org:url/></org:chg>`},
		{"fred", "", "domain update sauna.cz --chg-nsset ''", `<domain:chg><domain:nsset/></domain:chg>`},
		{"fred", "", "domain update 1.2.2.4.e164.arpa --publish=false", `<enumval:publish>0</enumval:publish>`},
		{"fred", "", "domain renew 1.2.2.4.e164.arpa --cur-exp-date 2031-04-15 --val-ex-date 2031-05-15", `<enumval:renew`},
		{"fred", "Four5six", "domain transfer sauna.cz --authinfo-file -", `<transfer op="request">`},
		{"fred", "", "contact create CID-ANNA" + anna + " --email anna@home.example --hide vat,notifyEmail", `<contact:email>anna@lind.example,anna@home.example</contact:email>`},
		{
			"fred", "", "contact update CID-ANNA --ident 4711 --notify-email '' --fax '' --mailing-street 'Quay 5' --mailing-city Turku --mailing-sp West --mailing-pc 20100 --mailing-cc FI",
			`<contact:ident>4711</contact:ident><contact:notifyEmail/>`,
		},
		{
			"fred", "", "contact update CID-ANNA --org '' --voice '' --vat '' --ident ''",
			`<contact:postalInfo><contact:org/></contact:postalInfo><contact:voice/><contact:vat/><contact:ident/>`,
		},
		{"fred", "", "domain update sauna.cz --chg-keyset '' --chg-registrant CID-ANNA", `<domain:chg><domain:keyset/><domain:registrant>`},
		{"fred", "", "nsset update NSS-SAUNA --report-level 0", `<nsset:reportlevel>0</nsset:reportlevel>`},
		{"fred", "", "keyset update KEY-SAUNA --add-dnskey '257 3 13 c2F1 bmE=' --rem-dnskey '257 3 13 a2l1YXM='", `<keyset:pubKey>c2F1bmE=</keyset:pubKey>`},
		{"fred", "", "keyset test KEY-SAUNA --name sauna.cz", `<keyset:test`},
		{"fred", "", "list contacts", `<fred:listContacts/>`},
		{"fred", "", "list domains", `<fred:listDomains/>`},
		{"fred", "", "list domains --by-contact CID-ANNA", `<fred:domainsByContact><fred:id>CID-ANNA</fred:id></fred:domainsByContact>`},
		{"fred", "", "list domains --by-nsset NSS-SAUNA", `<fred:domainsByNsset>`},
		{"fred", "", "list domains --by-keyset KEY-SAUNA", `<fred:domainsByKeyset>`},
		{"fred", "", "list nssets", `<fred:listNssets/>`},
		{"fred", "", "list nssets --by-contact CID-ANNA", `<fred:nssetsByContact>`},
		{"fred", "", "list nssets --by-ns ns.sauna.cz", `<fred:nssetsByNs><fred:name>ns.sauna.cz</fred:name></fred:nssetsByNs>`},
		{"fred", "", "list keysets", `<fred:listKeysets/>`},
		{"fred", "", "list keysets --by-contact CID-ANNA", `<fred:keysetsByContact>`},
	} {
		t.Run(row.line, func(t *testing.T) {
			r := eppkit(t, nil, row.stdin, append(split(row.line), "--dry-run", "-o", "raw", "--registry", row.kind)...)
			require.Equal(t, exitOK, r.status, r.err)
			require.Contains(t, r.out, row.has)
			for _, frame := range strings.SplitAfter(r.out, "</epp>") {
				if frame == "" {
					continue
				}
				require.NoError(t, v.Validate(t.Context(), []byte(frame)), frame)
				frames[row.kind] = append(frames[row.kind], []byte(frame))
			}
		})
	}
	t.Run("XMLLint", func(t *testing.T) {
		epptest.XMLLint(t, "../../../shared/reference/xsd/driver.xsd", frames["gtld"])
		epptest.XMLLint(t, "../../../shared/reference/fred/xsd/all-2.4.7.xsd", frames["fred"])
	})
}

// TestExamples has a dry run of each example in the help of the commands about objects.
func TestExamples(t *testing.T) {
	code := writeFile(t, t.TempDir(), "code.txt", "Four5six\n")
	n := 0
	for _, cmd := range (&app{stdio: stdio{getenv: func(string) string { return "" }}}).root().Commands() {
		if !slices.Contains([]string{"domain", "contact", "host", "nsset", "keyset", "org", "list"}, cmd.Name()) {
			continue
		}
		for _, sub := range cmd.Commands() {
			require.NotEmpty(t, sub.Example, sub.CommandPath())
			for line := range strings.Lines(sub.Example) {
				line = strings.NewReplacer("eppkit ", "", "code.txt", code, "-o json", "").Replace(strings.TrimSpace(line))
				fred := eppkit(t, nil, "", append(split(line), "--dry-run", "--registry", "fred")...)
				gtld := eppkit(t, nil, "", append(split(line), "--dry-run", "--registry", "gtld")...)
				require.True(t, fred.status == exitOK || gtld.status == exitOK, "%s\n%s%s", line, fred.err, gtld.err)
				n++
			}
		}
	}
	require.Greater(t, n, 40)
}

func TestCompletionOfFlags(t *testing.T) {
	for line, want := range map[string]string{
		"domain transfer ''":                           "approve\n",
		"domain update sauna.example --add-status ''":  "clientHold\n",
		"domain update sauna.example --restore ''":     "report\n",
		"domain check sauna.example --launch-check ''": "trademark\n",
		"contact create anna-1 --type ''":              "loc\n",
		"contact create CID-ANNA --disclose ''":        "voice\n",
	} {
		r := eppkit(t, nil, "", append([]string{"__complete"}, split(line)...)...)
		require.Equal(t, exitOK, r.status, r.err)
		require.Contains(t, r.out, want, line)
	}
}
