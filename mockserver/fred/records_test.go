package fred_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// TestRecordsThatNobodyBears puts what no command makes and no fixture may hold.
func TestRecordsThatNobodyBears(t *testing.T) {
	m := start(t, fred.Options{})
	a := m.loginA(t)
	a.Send(testFrame("<n:id>NID-MYNSSET</n:id>")).Code(1000)
	put := func(t *testing.T, table, key, changes string) error {
		t.Helper()
		r, err := m.Record(table, key)
		require.NoError(t, err)
		var doc, fresh map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(r.Value, &doc))
		require.NoError(t, json.Unmarshal([]byte(changes), &fresh))
		for name, v := range fresh {
			if doc[name] = v; string(v) == "null" {
				delete(doc, name)
			}
		}
		out, err := json.Marshal(doc)
		require.NoError(t, err)
		_, err = m.PutRecord(table, out)
		return err
	}
	for _, tt := range []struct{ name, table, key, changes, want string }{
		{"a handle in small letters", "contact", "CID-MYOWN", `{"id": "cid-new", "roid": "C0000000099-CZ"}`, `contact.id: must be "CID-NEW"`},
		{"no handle", "contact", "CID-MYOWN", `{"id": "CID--NEW", "roid": "C0000000099-CZ"}`, `contact: "CID--NEW" is not a handle`},
		{"a sponsor that there is not", "contact", "CID-MYOWN", `{"clID": "REG-NOBODY"}`, "contact.clID: there is no registrar"},
		{"no ROID", "contact", "CID-MYOWN", `{"roid": null}`, "contact.roid: is missing"},
		{"another's ROID", "contact", "CID-MYOWN", `{"roid": "D0000000001-CZ"}`, "contact.roid: there is D0000000001-CZ already"},
		{"no crID", "contact", "CID-MYOWN", `{"crID": null}`, "contact.crID: is missing"},
		{"no crDate", "contact", "CID-MYOWN", `{"crDate": null}`, "contact: has no crDate"},
		{"a status that there is not", "contact", "CID-MYOWN", `{"status": ["asleep"]}`, `contact.status[0]: there is no status "asleep"`},
		{"what nobody discloses", "contact", "CID-MYOWN", `{"disclose": ["dream"]}`, "contact.disclose[0]: "},
		{"a handle of a set in small letters", "nsset", "NID-MYNSSET", `{"id": "nid-new", "roid": "N0000000099-CZ"}`, `nsset.id: must be "NID-NEW"`},
		{"a set without techs", "nsset", "NID-MYNSSET", `{"techs": []}`, "has no techs"},
		{"a host in capitals", "nsset", "NID-MYNSSET", `{"hosts": [{"name": "NS.mydomain.cz"}, {"name": "ns2.mydomain.cz"}]}`, "nsset.hosts[0].name: must be in lower case"},
		{"a key that is none", "keyset", "KID-MYKEYSET", `{"dnsKeys": [{"flags": 1, "protocol": 3, "alg": 13, "pubKey": "AA=="}]}`, "keyset.dnsKeys[0]: is not a key"},
		{"a name in capitals", "domain", "mydomain.cz", `{"name": "New.cz", "roid": "D0000000099-CZ"}`, `domain.name: must be "new.cz"`},
		{"a name in no zone", "domain", "mydomain.cz", `{"name": "new.example", "roid": "D0000000099-CZ"}`, "domain: new.example is in none of the zones"},
		{"no exDate", "domain", "mydomain.cz", `{"exDate": "0001-01-01T00:00:00Z"}`, "domain: mydomain.cz has no exDate"},
		{"a registrant that there is not", "domain", "mydomain.cz", `{"registrant": "CID-NOBODY"}`, "domain.registrant: there is no CID-NOBODY"},
		{"a test of no set", "test", "00000000000000000001", `{"nsset": ""}`, "test.nsset: is not a handle"},
		{"a zone without a period", "zone", "cz", `{"minPeriod": 0}`, "zone: minPeriod must be"},
		{"a registrar's certificate", "registrar", "REG-MORAVA", `{"certificates": ["none"]}`, "registrar.certificates[0]: must be"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := put(t, tt.table, tt.key, tt.changes)
			var edit *registry.EditError
			require.ErrorAs(t, err, &edit)
			require.ErrorContains(t, err, tt.want)
		})
	}
	t.Run("what there is can be put", func(t *testing.T) {
		for _, table := range []string{"domain", "nsset", "keyset", "contact", "zone", "test", "registrar"} {
			list, err := m.Records(table, "", 100)
			require.NoError(t, err)
			require.NotEmpty(t, list, table)
			for _, r := range list {
				require.NoError(t, put(t, table, r.Key, `{}`), r.Key)
			}
		}
	})
	t.Run("a registrar of whom something is left stays", func(t *testing.T) {
		require.ErrorContains(t, m.DeleteRecord("registrar", "REG-MORAVA"), "names it")
		require.NoError(t, m.Seed([]byte(`registrars: [{clID: REG-SNOW, password: snow-Gate9}]`)))
		m.Queue.Add("REG-SNOW", "A word.", nil)
		require.ErrorContains(t, m.DeleteRecord("registrar", "REG-SNOW"), "a message names it")
	})
}
