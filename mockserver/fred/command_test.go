package fred_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// command is a verb with an object's element, in which the prefix is o.
func command(verb, kind, content string) string {
	attr := ""
	if verb == "transfer" {
		attr = ` op="request"`
	}
	return `<` + verb + attr + `><o:` + verb + ` xmlns:o="` + namespaces[kind].uri + `">` + content +
		`</o:` + verb + `></` + verb + `>`
}

// tag is elements of one name in the namespace of the command's object.
func tag(name string, texts ...string) string {
	var b strings.Builder
	for _, s := range texts {
		b.WriteString(`<o:` + name + `>` + s + `</o:` + name + `>`)
	}
	return b.String()
}

func id(handle string) string { return tag("id", handle) }

// transfer asks for an object with an authInfo.
func transfer(kind, handle, authInfo string) string {
	return command("transfer", kind, tag(namespaces[kind].id, handle)+tag("authInfo", authInfo))
}

// loginCzech is a session of REG-MORAVA in Czech.
func (m *mock) loginCzech(t *testing.T) *wiretest.Client {
	t.Helper()
	c := m.dial(t, "REG-MORAVA")
	c.Do(strings.Replace(c.LoginXML("REG-MORAVA", "vinice-Sklep73", ""), "<lang>en<", "<lang>cs<", 1)).Code(1000)
	return c
}

// acknowledge acknowledges what waits for a registrar.
func acknowledge(c *wiretest.Client) {
	for {
		ids := c.Do(`<poll op="req"/>`).Attrs("msgQ", "id")
		if len(ids) == 0 {
			return
		}
		c.Do(`<poll op="ack" msgID="` + ids[0] + `"/>`)
	}
}

// next is the message that waits, which is acknowledged. There must be no other.
func next(t *testing.T, c *wiretest.Client) *wiretest.Answer {
	t.Helper()
	a := c.Do(`<poll op="req"/>`).Code(1301)
	require.Equal(t, []string{"1"}, a.Attrs("msgQ", "count"), a.XML)
	c.Do(`<poll op="ack" msgID="` + a.Attrs("msgQ", "id")[0] + `"/>`).Code(1000)
	return a
}

// silent wants no message to wait.
func silent(t *testing.T, c *wiretest.Client) {
	t.Helper()
	c.Do(`<poll op="req"/>`).Code(1300)
}

// A refusedRow is a command that is refused, and the texts of the elements that the
// answer quotes, each of which has a reason.
type refusedRow struct {
	name, command string
	code          int
	quotes        []string
}

// refusals sends commands and looks at the answers.
func refusals(t *testing.T, c *wiretest.Client, rows []refusedRow) {
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			a := c.Do(row.command).Code(row.code)
			require.Equal(t, row.quotes, a.All("extValue/value/*"), a.XML)
			require.Len(t, a.All("extValue/reason"), len(row.quotes))
			require.NotContains(t, a.All("extValue/reason"), "")
		})
	}
}
