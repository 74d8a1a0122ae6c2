package fred_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
)

func dnskey(flags, protocol, alg int, key string) string {
	return fmt.Sprintf(`<o:dnskey><o:flags>%d</o:flags><o:protocol>%d</o:protocol><o:alg>%d</o:alg><o:pubKey>%s</o:pubKey></o:dnskey>`,
		flags, protocol, alg, key)
}

// good is a key that is taken.
var good = dnskey(257, 3, 13, "c2F1bmE=")

func createKeySet(handle, keys string, techs ...string) string {
	return command("create", "keyset", id(handle)+keys+tag("tech", techs...))
}

// ring is n keys.
func ring(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(dnskey(256, 3, 8, fmt.Sprintf("a2V%c", 'a'+i)))
	}
	return b.String()
}

func TestKeySetCreate(t *testing.T) {
	c := start(t, fred.Options{}).loginA(t)
	a := c.Do(createKeySet("kid-sauna", good+dnskey(0, 3, 8, "YQ=="), "cid-tech1")).Code(1000)
	require.Equal(t, "KID-SAUNA", a.Text("creData/id"))
	a = c.Do(info("keyset", "KID-SAUNA")).Code(1000)
	require.Equal(t, []string{"id", "roid", "status", "clID", "crID", "crDate", "dnskey", "dnskey", "tech"}, a.Names("infData"))
	require.Equal(t, "K0000000003-CZ", a.Text("roid"))
	require.Equal(t, []string{"257", "0"}, a.All("flags"))
	require.Equal(t, []string{"c2F1bmE=", "YQ=="}, a.All("pubKey"))
	require.Equal(t, []string{"CID-TECH1"}, a.All("tech"))

	for _, tt := range []struct {
		name, command string
		code          int
		keys          []string // pubKeys that are quoted
		other         []string // other values
	}{
		{"no key", createKeySet("KID-NEW", "", "CID-TECH1"), 2003, nil, []string{"KID-NEW"}},
		{"exists", createKeySet("KID-MYKEYSET", good, "CID-TECH1"), 2302, nil, []string{"KID-MYKEYSET"}},
		{"techs before keys", createKeySet("KID-NEW", dnskey(1, 1, 1, "YQ=="), "CID-NOBODY", "CID-TECH1", "CID-TECH1"), 2306, nil, []string{"CID-NOBODY", "CID-TECH1"}},
		{"a key twice", createKeySet("KID-NEW", good+dnskey(1, 3, 8, "YQ==")+good, "CID-TECH1"), 2306, []string{"c2F1bmE="}, nil},
		{"flags", createKeySet("KID-NEW", dnskey(1, 3, 8, "YQ==")+dnskey(255, 3, 8, "Yg==")+dnskey(256, 2, 8, "Yw=="), "CID-TECH1"), 2306, []string{"YQ==", "Yg=="}, nil},
		{"protocol", createKeySet("KID-NEW", dnskey(256, 2, 8, "Yw==")+dnskey(256, 3, 0, "YQ=="), "CID-TECH1"), 2306, []string{"Yw=="}, nil},
		{"algorithm", createKeySet("KID-NEW", dnskey(256, 3, 0, "YQ==")+dnskey(256, 3, 255, "Yg==")+good, "CID-TECH1"), 2306, []string{"YQ==", "Yg=="}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := c.Do(tt.command).Code(tt.code)
			require.Equal(t, tt.keys, a.All("extValue/value/dnskey/pubKey"))
			if tt.other != nil {
				require.Equal(t, tt.other, a.All("extValue/value/*"))
			}
			require.NotEmpty(t, a.All("extValue/reason"))
		})
	}
	t.Run("ten keys, no more", func(t *testing.T) {
		c.Do(createKeySet("KID-TEN", ring(10), "CID-TECH1")).Code(1000)
		c.Send("<command>" + createKeySet("KID-NEW", ring(11), "CID-TECH1") + "</command>").Code(2001)
	})
}

func TestKeySetUpdate(t *testing.T) {
	m := start(t, fred.Options{})
	a, b := m.loginA(t), m.loginB(t)
	acknowledge(a)
	mine := dnskey(257, 3, 13, "bXlkb21haW4ga2V5IG9uZQ==")
	update := func(content string) string { return command("update", "keyset", id("kid-mykeyset")+content) }
	add := func(content string) string { return update(`<o:add>` + content + `</o:add>`) }
	rem := func(content string) string { return update(`<o:rem>` + content + `</o:rem>`) }

	t.Run("a key for another, a tech for another", func(t *testing.T) {
		a.Do(update(`<o:add>` + good + tag("tech", "CID-TECH1") + `</o:add><o:rem>` + mine + tag("tech", "cid-tech2") + `</o:rem>`)).Code(1000)
		d := a.Do(info("keyset", "KID-MYKEYSET"))
		require.Equal(t, []string{"c2F1bmE="}, d.All("pubKey"))
		require.Equal(t, []string{"CID-TECH1"}, d.All("tech"))
		require.Equal(t, "REG-MORAVA", d.Text("upID"))
		silent(t, a)
	})
	for _, tt := range []struct {
		name, command string
		code          int
	}{
		{"unknown", command("update", "keyset", id("KID-NONE")), 2303},
		{"a key that is there", add(good), 2306},
		{"a key of a flaw", add(dnskey(2, 3, 8, "YQ==")), 2306},
		{"a key that is not there", rem(mine), 2306},
		{"leaves no key", rem(good), 2306},
		{"leaves eleven keys", add(ring(10)), 2306},
		{"leaves no tech", rem(tag("tech", "CID-TECH1")), 2306},
		{"a tech that is there", add(tag("tech", "CID-TECH1")), 2306},
		{"a tech that is not there", rem(tag("tech", "CID-TECH2")), 2306},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.NotEmpty(t, a.Do(tt.command).Code(tt.code).All("extValue/reason"))
		})
	}
	t.Run("a key twice", func(t *testing.T) {
		for _, cmd := range []string{rem(good + good), add(ring(1) + ring(1))} {
			require.Len(t, a.Do(cmd).Code(2306).All("extValue/value/dnskey"), 1, "the second one")
		}
	})
	t.Run("another's", func(t *testing.T) { b.Do(add("")).Code(2201) })
}
