package fred_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
)

const (
	addr   = `<o:addr><o:street>Horní 8</o:street><o:city>Litomyšl</o:city><o:pc>57001</o:pc><o:cc>CZ</o:cc></o:addr>`
	postal = `<o:postalInfo><o:name>Sauna Novák</o:name>` + addr + `</o:postalInfo>`
	email  = `<o:email>info@sauna.example</o:email>`
)

func createContact(handle, more string) string {
	return command("create", "contact", id(handle)+postal+email+more)
}

func updateContact(handle, chg string) string {
	return command("update", "contact", id(handle)+`<o:chg>`+chg+`</o:chg>`)
}

func TestContactCreate(t *testing.T) {
	m := start(t, fred.Options{})
	c := m.loginA(t)
	t.Run("all that there is", func(t *testing.T) {
		a := c.Do(command("create", "contact", id("cid-sauna")+
			`<o:postalInfo><o:name>Sauna Novák</o:name><o:org>Sauna a syn</o:org><o:addr><o:street>Horní 8</o:street>`+
			`<o:street>vchod B</o:street><o:city>Litomyšl</o:city><o:sp>Pardubický</o:sp><o:pc>57001</o:pc><o:cc>CZ</o:cc></o:addr></o:postalInfo>`+
			`<o:voice>+420.461123456</o:voice><o:fax>+420.461123457</o:fax><o:email>info@sauna.example,jan@sauna.example</o:email>`+
			`<o:authInfo>not-looked-at</o:authInfo><o:disclose flag="1"><o:voice/><o:email/></o:disclose><o:vat>CZ12345679</o:vat>`+
			`<o:ident type="ico">12345679</o:ident><o:notifyEmail>zmeny@sauna.example</o:notifyEmail>`)).Code(1000)
		require.Equal(t, "CID-SAUNA", a.Text("creData/id"), "handles are in upper case")
		require.Equal(t, "2026-03-01T12:00:00Z", a.Text("crDate"))
		a = c.Do(info("contact", "CID-SAUNA")).Code(1000)
		require.Equal(t, []string{
			"id", "roid", "status", "postalInfo", "voice", "fax", "email", "clID", "crID", "crDate",
			"disclose", "vat", "ident", "notifyEmail",
		}, a.Names("infData"))
		require.Equal(t, "C0000000009-CZ", a.Text("roid"), "after those of the fixtures")
		require.Equal(t, []string{"ok"}, a.Attrs("status", "s"))
		require.Equal(t, []string{"Horní 8", "vchod B"}, a.All("street"))
		require.Equal(t, "info@sauna.example,jan@sauna.example", a.Text("infData/email"))
		require.Equal(t, []string{"addr", "voice", "email"}, a.Names("disclose"))
		c.Do(info("contact", "CID-SAUNA", "not-looked-at")).Code(2202)
	})
	refusals(t, c, []refusedRow{
		{"exists", createContact("CID-MYOWN", ""), 2302, []string{"CID-MYOWN"}},
		{"exists in another case", createContact("cid-myown", ""), 2302, []string{"cid-myown"}},
		{"within the protection period", createContact("CID-GONE", ""), 2306, []string{"CID-GONE"}},
		{"a country that there is not", command("create", "contact", id("CID-NEW")+
			`<o:postalInfo><o:name>N</o:name><o:addr><o:street>S</o:street><o:city>C</o:city><o:pc>1</o:pc><o:cc>XX</o:cc></o:addr></o:postalInfo>`+
			email), 2306, []string{"XX"}},
		{"both at once", command("create", "contact", id("CID-GONE")+
			`<o:postalInfo><o:name>N</o:name><o:addr><o:street>S</o:street><o:city>C</o:city><o:pc>1</o:pc><o:cc>cz</o:cc></o:addr></o:postalInfo>`+
			email), 2306, []string{"CID-GONE", "cz"}},
	})
	t.Run("a handle of another form is against the schema", func(t *testing.T) {
		c.Send("<command>" + createContact("CID--NEW", "") + "</command>").Code(2001)
	})
	t.Run("what was refused is not there", func(t *testing.T) { c.Do(info("contact", "CID-NEW")).Code(2303) })
}

func TestContactDisclose(t *testing.T) {
	shown := func(t *testing.T, o fred.Options, disclose string) (flag, items []string) {
		c := start(t, o).loginA(t)
		c.Do(createContact("CID-NEW", disclose)).Code(1000)
		a := c.Do(info("contact", "CID-NEW"))
		return a.Attrs("disclose", "flag"), a.Names("disclose")
	}
	for _, tt := range []struct {
		name, disclose string
		all            bool
		flag           string
		items          []string
	}{
		{"none: the address alone", "", false, "1", []string{"addr"}},
		{"none: what is named is shown", `<o:disclose flag="1"><o:fax/><o:ident/></o:disclose>`, false, "1", []string{"addr", "fax", "ident"}},
		{"none: what is hidden is", `<o:disclose flag="0"><o:fax/></o:disclose>`, false, "1", []string{"addr"}},
		{"all: nothing to say", "", true, "", nil},
		{"all: what is named is hidden", `<o:disclose flag="0"><o:voice/><o:notifyEmail/></o:disclose>`, true, "0", []string{"voice", "notifyEmail"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			flag, items := shown(t, fred.Options{DiscloseAll: tt.all}, tt.disclose)
			if tt.flag == "" {
				require.Empty(t, flag)
				return
			}
			require.Equal(t, []string{tt.flag}, flag)
			require.Equal(t, tt.items, items)
		})
	}
	t.Run("the greeting says which", func(t *testing.T) {
		require.Equal(t, []string{"all"}, start(t, fred.Options{DiscloseAll: true}).dial(t, "REG-MORAVA").Greeting.Names("access"))
	})

	m := start(t, fred.Options{})
	b := m.loginB(t) // the sponsor of CID-HIDDEN, who was identified
	t.Run("update leaves what it does not name", func(t *testing.T) {
		b.Do(updateContact("CID-HIDDEN", `<o:disclose flag="1"><o:voice/><o:email/></o:disclose>`)).Code(1000)
		b.Do(updateContact("CID-HIDDEN", `<o:disclose flag="0"><o:voice/></o:disclose>`)).Code(1000)
		require.Equal(t, []string{"email"}, b.Do(info("contact", "CID-HIDDEN")).Names("disclose"))
	})
	t.Run("who was identified may show the address and hide it again", func(t *testing.T) {
		b.Do(updateContact("CID-HIDDEN", `<o:disclose flag="1"><o:addr/></o:disclose>`)).Code(1000)
		require.Equal(t, []string{"addr", "email"}, b.Do(info("contact", "CID-HIDDEN")).Names("disclose"))
		b.Do(updateContact("CID-HIDDEN", `<o:disclose flag="0"><o:addr/></o:disclose>`)).Code(1000)
		require.Equal(t, []string{"email"}, b.Do(info("contact", "CID-HIDDEN")).Names("disclose"))
	})
	t.Run("nobody else may hide it", func(t *testing.T) {
		b.Do(updateContact("CID-TECH2", `<o:disclose flag="0"><o:addr/></o:disclose>`)).Code(2304)
	})
	t.Run("nor who changes what was identified", func(t *testing.T) {
		b.Do(updateContact("CID-HIDDEN", `<o:voice>+420.777123456</o:voice><o:disclose flag="0"><o:addr/></o:disclose>`)).Code(2304)
	})
	t.Run("a change makes the address public", func(t *testing.T) {
		b.Do(updateContact("CID-HIDDEN", `<o:voice>+420.777123456</o:voice>`)).Code(1000)
		require.Equal(t, []string{"addr", "email"}, b.Do(info("contact", "CID-HIDDEN")).Names("disclose"))
	})
}

func TestContactUpdate(t *testing.T) {
	f, err := fred.DefaultFixtures()
	require.NoError(t, err)
	for i := range f.Contacts {
		switch c := &f.Contacts[i]; c.ID {
		case "CID-LOCKED":
			c.Status = []string{"serverUpdateProhibited"}
		case "CID-SILENT":
			c.Status = []string{"deleteCandidate"}
		case "CID-TECH1":
			c.Status = []string{
				"serverContactNameChangeProhibited", "serverContactOrganizationChangeProhibited",
				"serverContactIdentChangeProhibited", "serverContactPermanentAddressChangeProhibited",
			}
		}
	}
	m := start(t, fred.Options{Fixtures: f, SystemRegistrar: "REG-SLEZSKO"})
	a, system := m.loginA(t), m.loginB(t)
	acknowledge(a)

	t.Run("each part", func(t *testing.T) {
		m.Clock.Advance(time.Minute)
		a.Do(updateContact("cid-myown", `<o:postalInfo><o:org>Bartoš a spol.</o:org>`+addr+`</o:postalInfo><o:voice/>`+
			`<o:fax>+420.541123457</o:fax><o:email>nova@bartos.example</o:email><o:vat>CZ7</o:vat>`+
			`<o:ident>1979-08-22</o:ident><o:notifyEmail/>`)).Code(1000)
		d := a.Do(info("contact", "CID-MYOWN"))
		require.Equal(t, []string{
			"id", "roid", "status", "postalInfo", "fax", "email", "clID", "crID", "crDate", "upID", "upDate", "disclose", "vat", "ident",
		}, d.Names("infData"))
		require.Equal(t, "Adam Bartoš", d.Text("name"), "what is not named stays")
		require.Equal(t, "Bartoš a spol.", d.Text("org"))
		require.Equal(t, "Litomyšl", d.Text("city"))
		require.Equal(t, []string{"birthday"}, d.Attrs("ident", "type"), "the kind of document stays")
		require.Equal(t, "2026-03-01T12:01:00Z", d.Text("upDate"))
		a.Do(updateContact("CID-MYOWN", `<o:postalInfo><o:org/></o:postalInfo><o:ident/>`)).Code(1000)
		d = a.Do(info("contact", "CID-MYOWN"))
		require.NotContains(t, d.Names("infData"), "ident")
		require.NotContains(t, d.Names("postalInfo"), "org")
		silent(t, a)
	})
	refusals(t, a, []refusedRow{
		{"unknown", updateContact("CID-NOBODY", ""), 2303, []string{"CID-NOBODY"}},
		{"another's: before its status", updateContact("CID-TECH2", ""), 2201, []string{""}},
		{"serverUpdateProhibited", updateContact("CID-LOCKED", email), 2304, []string{"CID-LOCKED"}},
		{"deleteCandidate", updateContact("CID-SILENT", email), 2304, []string{"CID-SILENT"}},
		{"cc", updateContact("CID-MYOWN", `<o:postalInfo><o:addr><o:street>S</o:street><o:city>C</o:city><o:pc>1</o:pc><o:cc>ZZ</o:cc></o:addr></o:postalInfo>`), 2306, []string{"ZZ"}},
		{"an ident of no kind", updateContact("CID-MYOWN", `<o:ident>77</o:ident>`), 2003, []string{"77"}},
		{"the name is locked", updateContact("CID-TECH1", `<o:postalInfo><o:name>K. L.</o:name></o:postalInfo>`), 2304, []string{"CID-TECH1"}},
		{"the organization is locked", updateContact("CID-TECH1", `<o:postalInfo><o:org>O</o:org></o:postalInfo>`), 2304, []string{"CID-TECH1"}},
		{"the address is locked", updateContact("CID-TECH1", `<o:postalInfo>`+addr+`</o:postalInfo>`), 2304, []string{"CID-TECH1"}},
		{"the ident is locked", updateContact("CID-TECH1", `<o:ident type="op">1</o:ident>`), 2304, []string{"CID-TECH1"}},
	})
	t.Run("what is locked may be said again", func(t *testing.T) {
		a.Do(updateContact("CID-TECH1", `<o:postalInfo><o:name>Karla Lesná</o:name></o:postalInfo>`)).Code(1000)
	})
	t.Run("the system registrar is not bound, and the sponsor is told", func(t *testing.T) {
		d := system.Do(updateContact("CID-LOCKED", `<o:email>zamek@smutny.example</o:email>`)).Code(1000)
		msg := next(t, a)
		require.Equal(t, []string{"updateData"}, msg.Names("msgQ/msg"))
		require.Equal(t, d.Text("svTRID"), msg.Text("opTRID"), "the command that did it")
		require.Equal(t, "radek@smutny.example", msg.Text("oldData/infData/email"))
		require.Equal(t, "zamek@smutny.example", msg.Text("newData/infData/email"))
		require.Equal(t, "REG-SLEZSKO", msg.Text("newData/infData/upID"))
		silent(t, system)
	})
	t.Run("and so are the sponsors of domains whose holder or admin it is", func(t *testing.T) {
		// CID-TECH2 holds otherdomain.cz, CID-ADMIN2 is an admin of mydomain.cz.
		m := start(t, fred.Options{})
		a, b := m.loginA(t), m.loginB(t)
		acknowledge(a)
		b.Do(updateContact("CID-ADMIN2", email)).Code(1000)
		require.Equal(t, "CID-ADMIN2", next(t, a).Text("newData/infData/id"))
		silent(t, b)
		b.Do(updateContact("CID-HIDDEN", email)).Code(1000)
		silent(t, a)
	})
}

func TestContactDelete(t *testing.T) {
	m := start(t, fred.Options{})
	a, b := m.loginA(t), m.loginB(t)
	del := func(handle string) string { return command("delete", "contact", id(handle)) }
	a.Do(createContact("CID-NEW", "")).Code(1000)
	refusals(t, a, []refusedRow{
		{"unknown", del("CID-NOBODY"), 2303, []string{"CID-NOBODY"}},
		{"another's", del("CID-HIDDEN"), 2201, []string{""}},
		{"a holder", del("CID-MYOWN"), 2305, []string{"CID-MYOWN"}},
		{"an admin", del("CID-ADMIN1"), 2305, []string{"CID-ADMIN1"}},
		{"a tech", del("CID-TECH1"), 2305, []string{"CID-TECH1"}},
	})
	a.Do(del("cid-new")).Code(1000)
	a.Do(info("contact", "CID-NEW")).Code(2303)
	t.Run("the handle is protected, for all", func(t *testing.T) {
		require.Equal(t, "Within the protection period", b.Do(check("contact", "CID-NEW")).Text("reason"))
		a.Do(createContact("CID-NEW", "")).Code(2306)
	})
	t.Run("for two months", func(t *testing.T) {
		m.SetTime(time.Date(2026, 5, 1, 11, 59, 59, 0, time.UTC))
		a.Do(createContact("CID-NEW", "")).Code(2306)
		m.Advance(time.Second)
		a.Do(createContact("CID-NEW", "")).Code(1000)
		require.Equal(t, "C0000000010-CZ", a.Do(info("contact", "CID-NEW")).Text("roid"), "it is another contact")
	})
	t.Run("or not at all", func(t *testing.T) {
		c := start(t, fred.Options{ProtectionMonths: -1}).loginA(t)
		c.Do(createContact("CID-NEW", "")).Code(1000)
		c.Do(del("CID-NEW")).Code(1000)
		c.Do(createContact("CID-NEW", "")).Code(1000)
	})
	for _, status := range []string{"serverDeleteProhibited", "serverUpdateProhibited", "deleteCandidate"} {
		t.Run(status, func(t *testing.T) {
			f, err := fred.DefaultFixtures()
			require.NoError(t, err)
			for i := range f.Contacts {
				if f.Contacts[i].ID == "CID-LOCKED" {
					f.Contacts[i].Status = []string{status}
				}
			}
			start(t, fred.Options{Fixtures: f}).loginA(t).Do(del("CID-LOCKED")).Code(2304)
		})
	}
}

func TestMailingAddress(t *testing.T) {
	ext := func(verb, content string) string {
		return `<extension><e:` + verb + ` xmlns:e="` + nic + `extra-addr-1.0">` + content + `</e:` + verb + `></extension>`
	}
	mailing := func(cc string) string {
		return `<e:mailing><e:addr><e:street>Poštovní 1</e:street><e:city>Svitavy</e:city><e:pc>56802</e:pc><e:cc>` + cc + `</e:cc></e:addr></e:mailing>`
	}
	m := start(t, fred.Options{MailingAddress: true, HideContacts: true})
	a, b := m.loginA(t), m.loginB(t)
	require.Contains(t, a.Greeting.All("extURI"), nic+"extra-addr-1.0")
	a.Do(createContact("CID-NEW", "") + ext("create", mailing("CZ"))).Code(1000)
	require.Equal(t, "Svitavy", a.Do(info("contact", "CID-NEW")).Text("extension/infData/mailing/addr/city"))
	require.Equal(t, "Svitavy", b.Do(info("contact", "CID-NEW")).Text("mailing/addr/city"), "the address is public")
	a.Do(createContact("CID-NEW2", "") + ext("create", mailing("XX"))).Code(2306)
	a.Do(command("update", "contact", id("CID-NEW")) + ext("update", `<e:rem><e:mailing/></e:rem>`)).Code(1000)
	require.NotContains(t, a.Do(info("contact", "CID-NEW")).XML, "mailing")
	a.Do(command("update", "contact", id("CID-NEW")) + ext("update", `<e:set>`+mailing("QQ")+`</e:set>`)).Code(2306)
	a.Do(command("update", "contact", id("CID-NEW")) + ext("update", `<e:set>`+mailing("SK")+`</e:set>`)).Code(1000)
	require.Equal(t, "SK", a.Do(info("contact", "CID-NEW")).Text("mailing/addr/cc"))

	t.Run("hidden with the address", func(t *testing.T) {
		b.Do(command("update", "contact", id("CID-HIDDEN")) + ext("update", `<e:set>`+mailing("CZ")+`</e:set>`)).Code(1000)
		require.NotContains(t, a.Do(info("contact", "CID-HIDDEN")).XML, "mailing")
		require.Contains(t, b.Do(info("contact", "CID-HIDDEN")).XML, "mailing")
	})
	t.Run("not there unless asked for", func(t *testing.T) {
		require.NotContains(t, start(t, fred.Options{}).dial(t, "REG-MORAVA").Greeting.XML, "extra-addr")
	})
}

// What is said in a Czech session is in Czech.
func TestCzech(t *testing.T) {
	c := start(t, fred.Options{}).loginCzech(t)
	for name, tt := range map[string]struct{ command, path, text string }{
		"a reason":         {createContact("CID-GONE", ""), "extValue/reason", "V ochranné lhůtě"},
		"a check's reason": {check("contact", "CID-MYOWN"), "cd/reason", "Již registrováno"},
		"a status":         {info("nsset", "NID-LOCKED"), "infData/status", "Určeného registrátora nelze změnit"},
		"ok":               {info("contact", "CID-HIDDEN"), "infData/status", "Totožnost kontaktu byla ověřena"},
	} {
		t.Run(name, func(t *testing.T) {
			a := c.Do(tt.command)
			require.Equal(t, []string{tt.text}, a.All(tt.path))
			require.Equal(t, []string{"cs"}, a.Attrs(tt.path, "lang"))
		})
	}
}
