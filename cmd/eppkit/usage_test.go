package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestUsage refuses what does not go together, in words and before anything is sent.
func TestUsage(t *testing.T) {
	for _, row := range []struct{ line, says string }{
		{"domain create sauna.cz", "--registrant is missing"},
		{"domain create sauna.cz --registrant CID-A --ns ns1.sauna.cz", "--ns is of registries of the kind gtld; this one is of the kind fred"},
		{"domain create sauna.cz --registrant CID-A --registrant CID-B", "--registrant is given twice"},
		{"domain create sauna.cz --registrant CID-A --period 2", "--period is \"2\"; it must be a number of years"},
		{"domain create sauna.cz --registrant CID-A --period 100y", "from 1 to 99"},
		{"domain create sauna.cz --registrant CID-A --publish=maybe", "it must be true or false"},
		{"domain create sauna.example --registry gtld --nsset N", "--nsset is of registries of the kind fred"},
		{"domain create sauna.example --registry gtld --ns ns1=192.0.2.300", `"192.0.2.300" is no IP address`},
		{"domain create sauna.example --registry gtld --ns =192.0.2.3", "it must be HOST"},
		{"domain create sauna.example --registry gtld --ds '1 2 3 AB' --key '257 3 13 c2F1bmE='", "--ds and --key can't be used together"},
		{"domain create sauna.example --registry gtld --ds '1 2 AB'", "it must be KEYTAG ALG DIGESTTYPE DIGEST"},
		{"domain create sauna.example --registry gtld --max-sig-life 7", "--max-sig-life needs --ds or --key"},
		{"domain create sauna.example --registry gtld --currency EUR", "--currency needs --fee"},
		{"domain create sauna.example --registry gtld --fee ten", "it must be an amount"},
		{"domain create sauna.example --registry gtld --fee 10 --currency euro", "three capital letters"},
		{"domain create sauna.example --registry gtld --smd nofile", "--smd needs --launch-phase"},
		{"domain create sauna.example --registry gtld --smd nofile --launch-phase sunrise", "nofile"},
		{"domain create sauna.example --registry gtld --launch-phase dawn", "it must be one of sunrise"},
		{"domain create sauna.example --registry gtld --idn-uname x", "--idn-uname needs --idn-table"},
		{"domain create sauna.example --registry gtld --ttl NS=soon", "from 0 to 2147483647"},
		{"domain create sauna.example --registry gtld --ttl 300", "it must be TYPE=SECONDS"},
		{"domain create sauna.example --registry gtld --org lind-1", "--org is"},
		{"domain update sauna.cz", "there is nothing to change"},
		{"domain update sauna.example --registry gtld --add-status hold", "it must be one of clientDeleteProhibited"},
		{"domain update sauna.example --registry gtld --rem-status clientHold=paid", "it must be STATUS alone"},
		{"domain update sauna.example --registry gtld --add-contact boss=anna-1", "it must be ROLE=ID"},
		{"domain update sauna.example --registry gtld --rem-ds '1 2 3 AB' --rem-all-ds", "can't be used together"},
		{"domain update sauna.example --registry gtld --urgent", "--urgent needs"},
		{"domain update sauna.example --registry gtld --restore report", "--pre-data is missing"},
		{"domain update sauna.example --registry gtld --restore request --res-reason x", "a report is sent with --restore report"},
		{"domain update sauna.example --registry gtld --restore soon", "it must be one of request, report"},
		{"domain update sauna.example --registry gtld --null-authinfo --authinfo-file -", "can't be used together"},
		{"domain update sauna.example --registry gtld --launch-phase claims", "--launch-phase needs --application-id"},
		{"domain renew sauna.cz --period 1y", "--cur-exp-date is missing"},
		{"domain renew sauna.cz --cur-exp-date 15.4.2031", "it must be a day"},
		{"domain transfer sauna.cz", "--authinfo-file"},
		{"domain transfer query sauna.cz", "knows of request alone"},
		{"domain transfer request", "what is request to be about?"},
		{"domain transfer steal sauna.cz", `"steal" is not what can be done`},
		{"domain transfer sauna.example --registry gtld", "say what to do about the transfer"},
		{"domain info sauna.cz --authinfo-roid A1-X", "--authinfo-roid is of registries of the kind gtld"},
		{"domain info sauna.example --registry gtld --application-id 7", "--application-id needs --launch-phase"},
		{"domain check sauna.example --registry gtld --fee-command buy", "it must be one of create"},
		{"domain check sauna.example --registry gtld --launch-check trademark --launch-phase claims", "is about no phase"},
		{"domain check sauna.example --registry gtld --launch-check claims", "--launch-phase is missing"},
		{"domain send-authinfo sauna.example --registry gtld", "domain send-authinfo is a command of registries of the kind fred; this one is of the kind gtld"},
		{"contact create CID-ANNA --name Anna", "--street is missing"},
		{"contact create anna-1 --registry gtld --name Anna --email a@b.example", "--city is missing"},
		{"contact create anna-1 --registry gtld --type loc --name Anna --email a@b.example --loc-city Turku", "the same form again"},
		{"contact create CID-ANNA --name A --street S --city C --pc 1 --cc CZ --email a@b.example --hide addr", "it must be one or several of voice"},
		{"contact update CID-ANNA --disclose voice --hide email", "can't be used together"},
		{"contact update CID-ANNA --city Turku", "--street is missing; an address is given as a whole"},
		{"contact update CID-ANNA --voice 112", "it must be a telephone number"},
		{"contact update CID-ANNA --voice +420.222745112x7", "without an extension"},
		{"contact update CID-ANNA --ident pass=7", "it must be KIND=NUMBER"},
		{"contact update CID-ANNA --mailing-city Turku", "--mailing-street is missing"},
		{"contact update CID-ANNA --rem-mailing --mailing-street A --mailing-city B --mailing-pc 1 --mailing-cc CZ", "can't be used together"},
		{"contact update anna-1 --registry gtld --addl-email-primary", "--addl-email-primary needs --addl-email"},
		{"domain check löyly..example --registry gtld", "is not a domain name"},
		{"domain create sauna.example --registry gtld --ns ns.löyly-.example", "it must be a host name"},
		{"host create ns1.sauna.cz", "host create is a command of registries of the kind gtld"},
		{"host create ns1.sauna.example --registry gtld --addr here", "is no IP address"},
		{"nsset create NSS-A --tech CID-A", "--dns is missing"},
		{"nsset check N --registry gtld", "nsset check is a command of registries of the kind fred"},
		{"nsset transfer query NSS-A", "knows of request alone"},
		{"nsset update NSS-A --report-level high", "it must be a number"},
		{"keyset create KEY-A --tech CID-A --dnskey '257 3'", "it must be FLAGS PROTOCOL ALG PUBKEY"},
		{"org create lind-1 --registry gtld", "--role is missing"},
		{"org update lind-1 --registry gtld --add-contact boss=anna-1", "its type is \"boss\""},
		{"domain create sauna.cz --registrant CID-A --nsset ''", "--nsset is empty"},
		{"domain create sauna.cz --registrant CID-A --keyset ''", "--keyset is empty"},
		{"domain update sauna.cz --chg-registrant ''", "--chg-registrant is empty"},
		{"domain update sauna.cz --add-admin CID-A --rem-admin ''", "--rem-admin is empty"},
		{"domain info sauna.cz --authinfo ''", "--authinfo is empty"},
		{"domain transfer sauna.cz --authinfo-file ''", "--authinfo-file is empty"},
		{"domain update sauna.example --registry gtld --null-authinfo=false", "there is nothing to change"},
		{"contact create CID-ANNA --name A --street S --city C --pc 1 --cc CZ --email a@b.example --vat ''", "--vat is empty"},
		{"contact update CID-ANNA --name ''", "--name is empty"},
		{"contact update CID-ANNA --email ''", "--email is empty"},
		{"contact update CID-ANNA --rem-mailing=false", "there is nothing to change"},
		{"contact update anna-1 --registry gtld --email ''", "--email is empty"},
		{"host update ns1.sauna.example --registry gtld --chg-name ''", "--chg-name is empty"},
		{"org create lind-1 --registry gtld --role reseller --parent-id ''", "--parent-id is empty"},
		{"org update lind-1 --registry gtld --url '' --parent-id ''", "--parent-id is empty"},
		{"list domains --by-contact C --by-nsset N", "can't be used together"},
		{"list domains --registry gtld", "is a command of FRED"},
		{"list hosts", "unknown command"},
	} {
		t.Run(row.line, func(t *testing.T) {
			r := eppkit(t, nil, "", split(row.line)...)
			require.Equal(t, exitUsage, r.status, r.out+r.err)
			require.Contains(t, r.err, row.says)
			require.NotContains(t, r.err, "mock registry", "nothing is started")
		})
	}
}

func TestSignedMarks(t *testing.T) {
	for content, says := range map[string]string{
		"-----BEGIN ENCODED SMD-----\nPHNhd":                             "holds an encoded signed mark that is not whole",
		"-----BEGIN ENCODED SMD-----\n=PHN\n-----END ENCODED SMD-----\n": "holds an encoded signed mark that is not whole",
		"<sauna/>": "holds no signed mark",
		"":         "holds no signed mark",
	} {
		file := writeFile(t, t.TempDir(), "mark.smd", content)
		r := eppkit(t, nil, "", split("domain create sauna.example --registry gtld --dry-run --launch-phase sunrise --smd "+file)...)
		require.Equal(t, exitUsage, r.status, "%q %s", content, r.out)
		require.Contains(t, r.err, says)
	}
}
