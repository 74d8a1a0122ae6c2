package gtld_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// contactCommand is a command with a contact's element around content, whose elements are
// in the contact's namespace.
func contactCommand(command, content string) string {
	attr := ""
	command, op, transfer := strings.Cut(command, " ")
	if transfer {
		attr = ` op="` + op + `"`
	}
	return `<` + command + attr + `><` + command + ` xmlns="` + contactNS + `">` + content + `</` + command + `></` + command + `>`
}

const (
	taavi     = `<postalInfo type="int"><name>Taavi Lehto</name><addr><city>Oulu</city><cc>FI</cc></addr></postalInfo>`
	taaviMail = `<email>taavi@sauna.example</email>`
	taaviPW   = `<authInfo><pw>Birch-and-Steam-42</pw></authInfo>`
)

// newContact makes a contact with the least that it needs.
func newContact(c *wiretest.Client, id string) *wiretest.Answer {
	return c.Do(contactCommand("create", "<id>"+id+"</id>"+taavi+taaviMail+taaviPW))
}

func TestContactCreate(t *testing.T) {
	m := start(t)
	x, y := m.loginX(t), m.loginY(t)
	t.Run("R5733-019 RFC 5733, 3.2.1 creData", func(t *testing.T) {
		a := newContact(x, "taavi").Code(1000)
		require.Equal(t, []string{"id", "crDate"}, a.Names("creData"))
		require.Equal(t, "2026-03-01T12:00:00Z", a.Text("crDate"))
	})
	t.Run("R5733-014 what never happened is absent", func(t *testing.T) {
		a := x.Do(infoContact("taavi", "")).Code(1000)
		require.Equal(t, []string{"id", "roid", "status", "postalInfo", "email", "clID", "crID", "crDate", "authInfo"}, a.Names("infData"))
		require.Equal(t, []string{"ok"}, a.Attrs("status", "s"))
		require.Equal(t, "reg-north", a.Text("crID"))
		require.Equal(t, "Birch-and-Steam-42", a.Text("authInfo/pw"))
	})
	t.Run("RST epp-07 all that was given is kept", func(t *testing.T) {
		x.Do(contactCommand("create", `<id>whole-1</id>
			<postalInfo type="loc"><name>Päivi Mäki</name><org>Löyly Oy</org><addr><street>Rantatie 4</street><street>B 7</street><street>Ovi 2</street><city>Jyväskylä</city><sp>Keski-Suomi</sp><pc>40100</pc><cc>FI</cc></addr></postalInfo>
			<postalInfo type="int"><name>Paivi Maki</name><org/><addr><city>Jyvaskyla</city><cc>FI</cc></addr></postalInfo>
			<voice x="77">+358.401234567</voice><fax x="5">+358.401234568</fax><email>paivi.maki@loyly.example</email>`+taaviPW+
			`<disclose flag="0"><name type="loc"/><org type="int"/><addr type="loc"/><addr type="int"/><voice/><fax/><email/></disclose>`)).Code(1000)
		a := x.Do(infoContact("whole-1", "")).Code(1000)
		require.Equal(t, []string{"loc", "int"}, a.Attrs("postalInfo", "type"))
		require.Equal(t, []string{"Päivi Mäki", "Paivi Maki"}, a.All("postalInfo/name"))
		require.Equal(t, []string{"Löyly Oy"}, a.All("postalInfo/org"))
		require.Equal(t, []string{"Rantatie 4", "B 7", "Ovi 2"}, a.All("street"))
		require.Equal(t, []string{"Jyväskylä", "Jyvaskyla"}, a.All("city"))
		require.Equal(t, "Keski-Suomi", a.Text("sp"))
		require.Equal(t, "40100", a.Text("pc"))
		require.Equal(t, []string{"FI", "FI"}, a.All("cc"))
		require.Equal(t, "+358.401234567", a.Text("infData/voice"))
		require.Equal(t, []string{"77"}, a.Attrs("infData/voice", "x"))
		require.Equal(t, []string{"5"}, a.Attrs("infData/fax", "x"))
		require.Equal(t, "paivi.maki@loyly.example", a.Text("infData/email"))
		require.Equal(t, []string{"name", "org", "addr", "addr", "voice", "fax", "email"}, a.Names("disclose"))
	})
	t.Run("R5730-101 2302: also a stranger's", func(t *testing.T) {
		require.Equal(t, "taavi", newContact(y, "taavi").Code(2302).Text("result/value/id"))
		newContact(x, "jr-1").Code(2302)
		newContact(x, "TAAVI").Code(1000)
	})
	t.Run("RFC 5733, 2.3 identifiers of 3 to 16", func(t *testing.T) {
		newContact(x, "ab").Code(2001)
		newContact(x, "abcdefghijklmnopq").Code(2001)
		newContact(x, "abc").Code(1000)
		newContact(x, "abcdefghijklmnop").Code(1000)
	})
}

// TestContactRefused has for each element what RST's epp-07 and the prose of RFC 5733 want
// refused. Nothing of such a command may be carried out.
func TestContactRefused(t *testing.T) {
	x := start(t).loginX(t)
	const id = "<id>never-1</id>"
	post := func(change ...string) string { return strings.NewReplacer(change...).Replace(taavi) }
	tel := func(el, number string) string { return "<" + el + ">" + number + "</" + el + ">" }
	for _, tt := range []struct {
		name, content string
		code          int
		at            string // the element that the answer names
	}{
		{"R5733-018 2.3 no id", taavi + taaviMail + taaviPW, 2001, ""},
		{"R5733-018 3.2.1 no postalInfo", id + taaviMail + taaviPW, 2001, ""},
		{"R5733-018 3.2.1 no email", id + taavi + taaviPW, 2001, ""},
		{"R5733-018 3.2.1 no authInfo", id + taavi + taaviMail, 2001, ""},
		{"R5733-018 3.2.1 no city", id + post("<city>Oulu</city>", "") + taaviMail + taaviPW, 2001, ""},
		{"R5733-018 3.2.1 no cc", id + post("<cc>FI</cc>", "") + taaviMail + taaviPW, 2001, ""},
		{"2.4 a form that there is not", id + post(`"int"`, `"both"`) + taaviMail + taaviPW, 2001, ""},
		{"2.4 a form twice", id + taavi + taavi + taaviMail + taaviPW, 2306, "postalInfo"},
		{"2.4 three forms", id + taavi + taavi + taavi + taaviMail + taaviPW, 2001, ""},
		{"2.4.1 empty name", id + post("Taavi Lehto", "") + taaviMail + taaviPW, 2001, ""},
		{"2.4.1 blank name", id + post("Taavi Lehto", "  ") + taaviMail + taaviPW, 2005, "name"},
		{"2.4.1 long name", id + post("Taavi Lehto", strings.Repeat("x", 256)) + taaviMail + taaviPW, 2001, ""},
		{"2.4.2 four streets", id + post("<city>", strings.Repeat("<street>1</street>", 4)+"<city>") + taaviMail + taaviPW, 2001, ""},
		{"2.4.2 empty city", id + post("Oulu", "") + taaviMail + taaviPW, 2001, ""},
		{"2.4.2 blank city", id + post("Oulu", " ") + taaviMail + taaviPW, 2005, "city"},
		{"2.4.2 long pc", id + post("<cc>", "<pc>12345678901234567</pc><cc>") + taaviMail + taaviPW, 2001, ""},
		{"R5733-007 2.4.3 XX", id + post("FI", "XX") + taaviMail + taaviPW, 2004, "cc"},
		{"R5733-007 2.4.3 small letters", id + post("FI", "fi") + taaviMail + taaviPW, 2004, "cc"},
		{"R5733-007 2.4.3 UK is GB", id + post("FI", "UK") + taaviMail + taaviPW, 2004, "cc"},
		{"R5733-007 2.4.3 one letter", id + post("FI", "F") + taaviMail + taaviPW, 2001, ""},
		{"R5733-007 2.4.3 three letters", id + post("FI", "FIN") + taaviMail + taaviPW, 2001, ""},
		{"R5733-007 2.4.3 empty", id + post("FI", "") + taaviMail + taaviPW, 2001, ""},
		{"R5733-012 name in int", id + post("Lehto", "Lehtö") + taaviMail + taaviPW, 2005, "name"},
		{"R5733-012 street in int", id + post("<city>", "<street>Å 1</street><city>") + taaviMail + taaviPW, 2005, "street"},
		{"R5733-012 city in int", id + post("Oulu", "Óulu") + taaviMail + taaviPW, 2005, "city"},
		{"R5733-005 2.5 empty voice", id + taavi + tel("voice", "") + taaviMail + taaviPW, 2005, "voice"},
		{"R5733-005 2.5 empty fax", id + taavi + tel("fax", "") + taaviMail + taaviPW, 2005, "fax"},
		{"R5733-005 2.5 no dot", id + taavi + tel("voice", "+12345") + taaviMail + taaviPW, 2001, ""},
		{"R5733-005 2.5 long country", id + taavi + tel("voice", "+1111.1") + taaviMail + taaviPW, 2001, ""},
		{"R5733-005 2.5 no plus", id + taavi + tel("voice", "55") + taaviMail + taaviPW, 2001, ""},
		{"R5733-005 2.5 nothing after the dot", id + taavi + tel("fax", "+1.") + taaviMail + taaviPW, 2001, ""},
		{"R5733-005 2.5 a letter", id + taavi + tel("fax", "+1.a") + taaviMail + taaviPW, 2001, ""},
		{"R5733-005 2.5 no country begins with 0", id + taavi + tel("voice", "+044.12345") + taaviMail + taaviPW, 2005, "voice"},
		{"R5733-006 2.6 empty", id + taavi + "<email></email>" + taaviPW, 2001, ""},
		{"R5733-006 2.6 no @", id + taavi + "<email>example</email>" + taaviPW, 2005, "email"},
		{"R5733-006 2.6 nobody", id + taavi + "<email>@example.com</email>" + taaviPW, 2005, "email"},
		{"R5733-006 2.6 nowhere", id + taavi + "<email>taavi@</email>" + taaviPW, 2005, "email"},
		{"R5733-006 2.6 two", id + taavi + "<email>a@b.example,c@d.example</email>" + taaviPW, 2005, "email"},
		{"R5733-006 2.6 dots", id + taavi + "<email>a..b@c.example</email>" + taaviPW, 2005, "email"},
		{"R5733-006 2.6 not ASCII", id + taavi + "<email>päivi@c.example</email>" + taaviPW, 2005, "email"},
		{"2.8 an ext", id + taavi + taaviMail + `<authInfo><ext><delete><id>Birch</id></delete></ext></authInfo>`, 2102, "authInfo"},
		{"2.8 an empty pw", id + taavi + taaviMail + `<authInfo><pw/></authInfo>`, 2202, "authInfo"},
		{"2.8 a roid", id + taavi + taaviMail + `<authInfo><pw roid="C1-MOCK">Birch-and-Steam-42</pw></authInfo>`, 2306, "authInfo"},
		{"R5733-009 2.9 a disclose of nothing", id + taavi + taaviMail + taaviPW + `<disclose flag="1"/>`, 2003, "disclose"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := x.Do(contactCommand("create", tt.content)).Code(tt.code)
			if tt.at != "" {
				require.Contains(t, a.Names("extValue/value"), tt.at, a.XML)
				require.NotEmpty(t, a.All("extValue/reason"))
			}
			require.NotContains(t, a.XML, "Birch")
			require.Equal(t, []string{"1"}, x.Do(checkContacts("never-1")).Attrs("cd/id", "avail"))
		})
	}
	t.Run("all that is wrong is told", func(t *testing.T) {
		a := x.Do(contactCommand("create", id+post("Oulu", " ")+tel("voice", "")+"<email>x</email>"+taaviPW)).Code(2005)
		require.Len(t, a.All("extValue"), 3)
	})
}

func TestContactInfoRules(t *testing.T) {
	f, err := gtld.DefaultFixtures()
	require.NoError(t, err)
	f.ContactRules = gtld.ContactRules{Open: true, Narrow: true, Hidden: []string{"fax"}}
	m := startWith(t, gtld.Options{Fixtures: f})
	y := m.loginY(t)
	for name, pw := range map[string]string{"open": "", "narrow": "jil-Secret7"} {
		t.Run("RFC 5733, 2.9 a stranger sees what is disclosed: "+name, func(t *testing.T) {
			a := y.Do(infoContact("jr-1", pw)).Code(1000)
			require.Equal(t, []string{"-", "Jil Rombåch"}, a.All("postalInfo/name"))
			require.Equal(t, []string{"-", "-"}, a.All("city"))
			require.Equal(t, []string{"ZZ", "ZZ"}, a.All("cc"))
			require.Equal(t, []string{"Rombach Ltd"}, a.All("org"))
			require.Equal(t, "jil@rombach.example", a.Text("infData/email"))
			require.NotContains(t, a.Names("infData"), "voice")
			require.NotContains(t, a.Names("infData"), "fax")
			require.NotContains(t, a.Names("infData"), "authInfo", "R5733-013")
		})
	}
	t.Run("an authInfo that is wrong is refused all the same", func(t *testing.T) {
		y.Do(infoContact("jr-1", "Jil-Secret7")).Code(2202)
	})
	t.Run("the sponsor sees all", func(t *testing.T) {
		require.Equal(t, []string{"Jil Rombach", "Jil Rombåch"}, m.loginX(t).Do(infoContact("jr-1", "")).All("postalInfo/name"))
	})
}

func TestContactRules(t *testing.T) {
	f, err := gtld.DefaultFixtures()
	require.NoError(t, err)
	f.ContactRules = gtld.ContactRules{
		Forms: []string{"int"}, Required: []string{"street", "voice"},
		Hidden: []string{"voice"}, Fixed: []string{"voice", "email"},
	}
	x := startWith(t, gtld.Options{Fixtures: f}).loginX(t)
	street := strings.Replace(taavi, "<city>", "<street>Kaj 4</street><city>", 1)
	const voice = "<voice>+358.401234567</voice>"
	create := func(id, post, rest string) *wiretest.Answer {
		return x.Do(contactCommand("create", "<id>"+id+"</id>"+post+rest))
	}
	disclose := func(flag, el string) string { return `<disclose flag="` + flag + `"><` + el + `/></disclose>` }

	t.Run("what is required", func(t *testing.T) {
		require.Equal(t, []string{"street"}, create("none-1", taavi, voice+taaviMail+taaviPW).Code(2003).Names("extValue/value"))
		require.Equal(t, []string{"voice"}, create("none-1", street, taaviMail+taaviPW).Code(2003).Names("extValue/value"))
		create("some-1", street, voice+taaviMail+taaviPW).Code(1000)
		x.Do(contactCommand("update", "<id>some-1</id><chg><voice/></chg>")).Code(2003)
	})
	t.Run("a form that is not used", func(t *testing.T) {
		create("none-2", strings.Replace(street, `"int"`, `"loc"`, 1), voice+taaviMail+taaviPW).Code(2306)
	})
	t.Run("R5733-008 RFC 5733, 2.9 a wish against the policy", func(t *testing.T) {
		for _, wish := range []string{disclose("1", "voice"), disclose("0", "email")} {
			a := create("none-3", street, voice+taaviMail+taaviPW+wish).Code(2308)
			require.Equal(t, []string{"disclose"}, a.Names("extValue/value"))
			x.Do(contactCommand("update", "<id>some-1</id><chg>"+wish+"</chg>")).Code(2308)
		}
		for i, wish := range []string{disclose("0", "voice"), disclose("1", "email"), disclose("0", "fax")} {
			create("some-2"+string(rune('a'+i)), street, voice+taaviMail+taaviPW+wish).Code(1000)
		}
	})
}

func TestContactUpdate(t *testing.T) {
	m := start(t)
	x, y := m.loginX(t), m.loginY(t)
	newContact(x, "taavi").Code(1000)
	update := func(c *wiretest.Client, content string) *wiretest.Answer {
		return c.Do(contactCommand("update", "<id>taavi</id>"+content))
	}
	info := func() *wiretest.Answer { return x.Do(infoContact("taavi", "")).Code(1000) }
	before := info().XML

	t.Run("R5733-022 RFC 5733, 3.2.5 nothing to do", func(t *testing.T) {
		update(x, "").Code(2003)
		update(x, "<chg/>").Code(2003)
		update(x, "<add/>").Code(2001)
		update(x, `<chg><postalInfo type="int"/></chg>`).Code(2003)
	})
	t.Run("R5733-017 2201, RST epp-08", func(t *testing.T) {
		require.Equal(t, []string{"id"}, update(y, "<chg><email>y@sauna.example</email></chg>").Code(2201).Names("result/value"))
		y.Do(contactCommand("delete", "<id>taavi</id>")).Code(2201)
	})
	t.Run("R5730-102 2303", func(t *testing.T) {
		x.Do(contactCommand("update", "<id>nobody</id><chg><voice/></chg>")).Code(2303)
	})
	for _, tt := range []struct {
		name, content string
		code          int
	}{
		{"cc", `<postalInfo type="int"><addr><city>Oulu</city><cc>XX</cc></addr></postalInfo>`, 2004},
		{"empty city", `<postalInfo type="int"><addr><city/><cc>FI</cc></addr></postalInfo>`, 2001},
		{"empty name", `<postalInfo type="int"><name/></postalInfo>`, 2001},
		{"blank name", `<postalInfo type="int"><name> </name></postalInfo>`, 2005},
		{"org that is not ASCII", `<postalInfo type="int"><org>Löyly</org></postalInfo>`, 2005},
		{"a form twice", `<postalInfo type="int"><org>A</org></postalInfo><postalInfo type="int"><org>B</org></postalInfo>`, 2306},
		{"a new form without a name", `<postalInfo type="loc"><addr><city>Oulu</city><cc>FI</cc></addr></postalInfo>`, 2003},
		{"a new form without an address", `<postalInfo type="loc"><name>Taavi</name></postalInfo>`, 2003},
		{"voice", `<voice>+0.1</voice>`, 2005},
		{"fax", `<fax>1.2</fax>`, 2001},
		{"email", `<email>taavi</email>`, 2005},
		{"an ext", `<authInfo><ext><delete><id>Birch</id></delete></ext></authInfo>`, 2102},
		{"a good part beside a bad one", `<email>good@sauna.example</email><disclose flag="0"/>`, 2003},
	} {
		t.Run("RST epp-09 refused: "+tt.name, func(t *testing.T) { update(x, "<chg>"+tt.content+"</chg>").Code(tt.code) })
	}
	strip := func(s string) string { return s[:strings.Index(s, "<trID>")] }
	require.Equal(t, strip(before), strip(info().XML), "R5730-091 what is refused leaves nothing")

	t.Run("R5733-023 RFC 5733, 3.2.5 a form is changed in part", func(t *testing.T) {
		a := update(x, `<chg><postalInfo type="int"><org>Steam Ltd</org></postalInfo></chg>`).Code(1000)
		require.NotContains(t, a.XML, "resData")
		a = info()
		require.Equal(t, "Taavi Lehto", a.Text("postalInfo/name"))
		require.Equal(t, "Steam Ltd", a.Text("org"))
		require.Equal(t, "reg-north", a.Text("upID"))
		require.Equal(t, "2026-03-01T12:00:00Z", a.Text("upDate"))
	})
	t.Run("an address is replaced as a whole, a new form added", func(t *testing.T) {
		update(x, `<chg><postalInfo type="int"><addr><street>Kaj 1</street><city>Turku</city><pc>20100</pc><cc>FI</cc></addr></postalInfo></chg>`).Code(1000)
		update(x, `<chg><postalInfo type="loc"><name>Taavi Lehtö</name><addr><city>Åbo</city><cc>FI</cc></addr></postalInfo>`+
			`<postalInfo type="int"><addr><city>Raisio</city><cc>FI</cc></addr></postalInfo></chg>`).Code(1000)
		a := info()
		require.Equal(t, []string{"int", "loc"}, a.Attrs("postalInfo", "type"))
		require.Equal(t, []string{"Raisio", "Åbo"}, a.All("city"))
		require.Empty(t, a.All("street"))
		require.Empty(t, a.All("pc"))
		require.Equal(t, []string{"Steam Ltd"}, a.All("org"))
	})
	t.Run("what is there and empty is taken away", func(t *testing.T) {
		update(x, `<chg><voice x="1">+358.401234567</voice><fax>+358.401234568</fax></chg>`).Code(1000)
		require.Equal(t, []string{"1"}, info().Attrs("infData/voice", "x"))
		update(x, `<chg><postalInfo type="int"><org/></postalInfo><voice/></chg>`).Code(1000)
		a := info()
		require.Empty(t, a.All("org"))
		require.NotContains(t, a.Names("infData"), "voice")
		require.Equal(t, "+358.401234568", a.Text("infData/fax"))
	})
	t.Run("email, authInfo and disclose", func(t *testing.T) {
		update(x, `<chg><email>new@sauna.example</email><authInfo><pw>Other-Steam-7</pw></authInfo><disclose flag="0"><email/></disclose></chg>`).Code(1000)
		a := info()
		require.Equal(t, "new@sauna.example", a.Text("infData/email"))
		require.Equal(t, []string{"email"}, a.Names("disclose"))
		y.Do(infoContact("taavi", "Other-Steam-7")).Code(1000)
		y.Do(infoContact("taavi", "Birch-and-Steam-42")).Code(2202)
		update(x, `<chg><authInfo><pw/></authInfo></chg>`).Code(1000)
		y.Do(infoContact("taavi", "Other-Steam-7")).Code(2202)
		require.NotContains(t, info().Names("infData"), "authInfo")
	})
	t.Run("RST epp-09 statuses that there are not, or are the server's", func(t *testing.T) {
		update(x, `<add><status s="clientHold"/></add>`).Code(2001)
		update(x, `<add><status s="serverUpdateProhibited"/></add>`).Code(2306)
		update(x, `<add><status s="ok"/></add>`).Code(2306)
		update(x, `<rem><status s="linked"/></rem>`).Code(2306)
		update(x, `<rem><status s="clientDeleteProhibited"/></rem>`).Code(2306)
	})
	t.Run("R5733-002 R5733-003 RFC 5733, 2.2 prohibitions", func(t *testing.T) {
		update(x, `<add><status s="clientDeleteProhibited" lang="fi">Pyydetty</status><status s="clientTransferProhibited"/><status s="clientUpdateProhibited"/></add>`).Code(1000)
		a := info()
		require.Equal(t, []string{"clientDeleteProhibited", "clientTransferProhibited", "clientUpdateProhibited"}, a.Attrs("status", "s"))
		require.Equal(t, []string{"Pyydetty", "", ""}, a.All("status"))
		x.Do(contactCommand("delete", "<id>taavi</id>")).Code(2304)
		require.Equal(t, []string{"id"}, update(x, `<chg><voice/></chg>`).Code(2304).Names("extValue/value"))
		update(x, `<rem><status s="clientUpdateProhibited"/></rem><chg><voice/></chg>`).Code(2304)
		update(x, `<rem><status s="clientUpdateProhibited"/></rem>`).Code(1000)
		update(x, `<rem><status s="clientDeleteProhibited"/><status s="clientTransferProhibited"/></rem>`).Code(1000)
		require.Equal(t, []string{"ok"}, info().Attrs("status", "s"))
	})
}

func TestContactDelete(t *testing.T) {
	m := start(t)
	x, y := m.loginX(t), m.loginY(t)
	del := func(c *wiretest.Client, id string) *wiretest.Answer {
		return c.Do(contactCommand("delete", "<id>"+id+"</id>"))
	}
	t.Run("R5733-020 RFC 5733, 3.2.2 2305", func(t *testing.T) {
		require.Equal(t, []string{"id"}, del(x, "jr-1").Code(2305).Names("extValue/value"))
		del(y, "lu-3").Code(2305)
	})
	t.Run("R5733-003 2304 comes before it", func(t *testing.T) { del(x, "kt-2").Code(2304) })
	t.Run("RST epp-10 gone", func(t *testing.T) {
		require.NotContains(t, del(y, "mv-4").Code(1000).XML, "resData")
		y.Do(infoContact("mv-4", "")).Code(2303)
		del(y, "mv-4").Code(2303)
		newContact(x, "mv-4").Code(1000)
	})
	t.Run("R5733-016 there is no renew", func(t *testing.T) {
		require.Contains(t, []string{"2001", "2101"}, x.Do(contactCommand("renew", "<id>jr-1</id>")).Attrs("result", "code")[0])
	})
}
