package fred_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// fredCommand is a frame of a command of FRED's with what is in it.
func fredCommand(local, content string) string {
	return extcommand("<fred:"+local+">"+content+"</fred:"+local+">", "list-1")
}

// prepared is what a list has, as the count says, and in how many parts it came.
func prepared(t *testing.T, c *wiretest.Client, local, content string) (items []string, parts int) {
	t.Helper()
	count := c.Send(fredCommand(local, content)).Code(1000).Text("infoResponse/count")
	for {
		part := c.Send(fredCommand("getResults", "")).Code(1000).All("resultsList/item")
		if len(part) == 0 {
			break
		}
		items = append(items, part...)
		parts++
	}
	require.Equal(t, count, strconv.Itoa(len(items)))
	return items, parts
}

func TestLists(t *testing.T) {
	f, err := fred.DefaultFixtures()
	require.NoError(t, err)
	f.NSSets[0].Hosts = []fred.Host{{Name: "NS1.loyly.example"}, {Name: "ns2.loyly.example"}}
	m := start(t, fred.Options{Fixtures: f})
	a, b := m.loginA(t), m.loginB(t)
	id := func(s string) string { return "<fred:id>" + s + "</fred:id>" }
	for _, tt := range []struct {
		command, content string
		a, b             []string
	}{
		{"listContacts", "", []string{"CID-ADMIN1", "CID-LOCKED", "CID-MYOWN", "CID-SILENT", "CID-TECH1"}, []string{"CID-ADMIN2", "CID-HIDDEN", "CID-TECH2"}},
		{"listDomains", "", []string{"lockeddomain.cz", "mydomain.cz", "silentdomain.cz"}, []string{"otherdomain.cz"}},
		{"listNssets", "", []string{"NID-LOCKED", "NID-MYNSSET"}, nil},
		{"listKeysets", "", []string{"KID-LOCKED", "KID-MYKEYSET"}, nil},
		{"domainsByContact", id("CID-MYOWN"), []string{"lockeddomain.cz", "mydomain.cz"}, nil},
		{"domainsByContact", id("cid-admin2"), []string{"mydomain.cz"}, []string{"otherdomain.cz"}},
		{"domainsByContact", id("CID-NONE"), nil, nil},
		{"domainsByNsset", id("NID-MYNSSET"), []string{"mydomain.cz"}, []string{"otherdomain.cz"}},
		{"domainsByKeyset", id("KID-MYKEYSET"), []string{"mydomain.cz"}, nil},
		{"nssetsByContact", id("CID-TECH1"), []string{"NID-LOCKED", "NID-MYNSSET"}, nil},
		{"keysetsByContact", id("CID-TECH2"), []string{"KID-MYKEYSET"}, nil},
		{"nssetsByNs", "<fred:name>ns1.LOYLY.example</fred:name>", []string{"NID-MYNSSET"}, nil},
		{"nssetsByNs", "<fred:name>ns3.loyly.example</fred:name>", nil, nil},
	} {
		t.Run(tt.command, func(t *testing.T) {
			got, _ := prepared(t, a, tt.command, tt.content)
			require.Equal(t, tt.a, got)
			got, _ = prepared(t, b, tt.command, tt.content)
			require.Equal(t, tt.b, got)
		})
	}
}

func TestGetResults(t *testing.T) {
	f, err := fred.DefaultFixtures()
	require.NoError(t, err)
	for i := range 2498 {
		d := f.Domains[3]
		d.Name = fmt.Sprintf("les%04d.cz", i)
		f.Domains = append(f.Domains, d)
	}
	m := start(t, fred.Options{Fixtures: f})
	a := m.loginA(t)
	t.Run("nothing is prepared", func(t *testing.T) {
		ans := a.Send(fredCommand("getResults", "")).Code(1000)
		require.Contains(t, ans.XML, "resultsList")
		require.Empty(t, ans.All("item"))
	})
	t.Run("1000 per chunk until empty", func(t *testing.T) {
		items, parts := prepared(t, a, "listDomains", "")
		require.Len(t, items, 2501)
		require.True(t, slices.IsSorted(items))
		require.Equal(t, 3, parts)
	})
	a2 := m.loginA(t)
	t.Run("per registrar, survives sessions", func(t *testing.T) {
		a.Send(fredCommand("listDomains", "")).Code(1000)
		require.Len(t, a.Send(fredCommand("getResults", "")).All("item"), 1000)
		m.loginB(t).Send(fredCommand("listDomains", "")).Code(1000)
		a.Do("<logout/>").Code(1500)
		a = a2
		require.Len(t, a.Send(fredCommand("getResults", "")).All("item"), 1000)
		require.Equal(t, []string{"otherdomain.cz"}, m.loginB(t).Send(fredCommand("getResults", "")).All("item"))
	})
	t.Run("reset by the next prepare", func(t *testing.T) {
		a.Send(fredCommand("listKeysets", "")).Code(1000)
		require.Len(t, a.Send(fredCommand("getResults", "")).All("item"), 2)
		require.Empty(t, a.Send(fredCommand("getResults", "")).All("item"))
	})
	t.Run("a part of the registry's state", func(t *testing.T) {
		a.Send(fredCommand("listKeysets", "")).Code(1000)
		m.Save("prepared")
		for range 2 {
			require.Len(t, a.Send(fredCommand("getResults", "")).All("item"), 2)
			require.NoError(t, m.Restore("prepared"))
		}
	})
}

// testFrame is a frame of nsset:test.
func testFrame(content string) string {
	return extcommand(`<fred:test><n:test xmlns:n="`+nic+`nsset-1.2">`+content+`</n:test></fred:test>`, "test-1")
}

func TestNssetTest(t *testing.T) {
	m := start(t, fred.Options{TestDelay: time.Hour, Tests: []fred.TechnicalTest{
		{Name: "glue_ok"}, {Name: "existence", Level: 4, Fails: true, Note: "ns2.loyly.example is silent"},
	}})
	a, b := m.loginA(t), m.loginB(t)
	drain(t, a)
	results := func(t *testing.T, c *wiretest.Client) *wiretest.Answer {
		t.Helper()
		ans := c.Do(`<poll op="req"/>`).Code(1301)
		drain(t, c)
		return ans
	}
	t.Run("missing object", func(t *testing.T) { a.Send(testFrame("<n:id>NID-NONE</n:id>")).Code(2303) })
	t.Run("1000 at once, testData later", func(t *testing.T) {
		ans := a.Send(testFrame("<n:id>nid-mynsset</n:id>")).Code(1000)
		require.NotContains(t, ans.XML, "resData")
		m.Advance(time.Hour - time.Second)
		a.Do(`<poll op="req"/>`).Code(1300)
		m.Advance(time.Second)
		ans = results(t, a)
		require.Equal(t, []string{"id", "name", "name", "result"}, ans.Names("testData"), "cltestid is left out")
		require.Equal(t, "NID-MYNSSET", ans.Text("testData/id"))
		require.Equal(t, []string{"mydomain.cz", "otherdomain.cz"}, ans.All("testData/name"))
		require.Equal(t, []string{"glue_ok"}, ans.All("testname"), "the nsset's own level is 3")
		require.Equal(t, []string{"1"}, ans.All("status"))
	})
	t.Run("with a level and a name, by any registrar", func(t *testing.T) {
		b.Send(testFrame("<n:id>NID-MYNSSET</n:id><n:level>5</n:level><n:name>SAUNA.cz</n:name>")).Code(1000)
		m.Advance(time.Hour)
		ans := results(t, b)
		require.Equal(t, "sauna.cz", ans.Text("testData/name"))
		require.Equal(t, []string{"glue_ok", "existence"}, ans.All("testname"))
		require.Equal(t, []string{"1", "0"}, ans.All("status"))
		require.Equal(t, "ns2.loyly.example is silent", ans.Text("note"))
		a.Do(`<poll op="req"/>`).Code(1300)
	})
	t.Run("unknown object in test", func(t *testing.T) {
		a.Send(extcommand(`<fred:test><k:test xmlns:k="`+nic+`keyset-1.3"><k:id>KID-MYKEYSET</k:id></k:test></fred:test>`, "test-1")).Code(2000)
	})
}
