package match_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver/match"
)

// A check under prefixes that nobody else uses.
const checkDoc = `<q:epp xmlns:q="` + epp.NS + `"><q:command><q:check><d.1:check xmlns:d.1="` + domain.NS + `">` +
	`<d.1:name> Sauna.example </d.1:name><d.1:name>lake.example</d.1:name></d.1:check></q:check>` +
	`<q:extension><x:name xmlns:x="urn:example:x-1.0">ghost.example</x:name></q:extension>` +
	`<q:clTRID>ABC-7</q:clTRID></q:command></q:epp>`

func frame(doc string) *match.Frame {
	f := match.NewFrame(func() string { return doc })
	f.Verb, f.Name = "check", epp.Name{Space: domain.NS, Local: "check"}
	f.ClID, f.ClTRID, f.Session = "REG-A", "ABC-7", 3
	return f
}

func TestMatch(t *testing.T) {
	fits := map[string]match.Match{
		"nothing":        {},
		"verb":           {Verb: "check"},
		"namespace":      {Namespace: domain.NS},
		"prefix":         {Namespace: "domain"},
		"name":           {Name: "check"},
		"qualified":      {Name: "domain:check"},
		"object":         {Object: "lake.EXAMPLE"},
		"object, spaced": {Object: "sauna.example"},
		"object, *":      {Object: "l*.example"},
		"clID":           {ClID: "REG-A"},
		"clTRID, *":      {ClTRID: "ABC-*"},
		"session":        {Session: 3},
		"text":           {Text: "lake.ex"},
		"path, usual":    {XPath: "//domain:name[text()='lake.example']"},
		"path, bare":     {XPath: "/epp/command/check/check/name"},
		"path, URI":      {XPath: "//*[namespace-uri()='" + domain.NS + "']"},
		"path, EPP":      {XPath: "//clTRID[namespace-uri()='" + epp.NS + "']"},
		"all": {
			Verb: "check", Namespace: "domain", Name: "check", Object: "lake.example", ClID: "REG-*",
			ClTRID: "*-7", Session: 3, Text: "name", XPath: "//clTRID",
		},
	}
	for name, m := range fits {
		c, err := m.Compile()
		require.NoError(t, err, name)
		require.True(t, c.Matches(frame(checkDoc)), name)
		require.Empty(t, c.Mismatches(frame(checkDoc)), name)
	}
	misses := map[string]match.Match{
		"verb: wanted create, got check":                                          {Verb: "create"},
		"namespace: wanted contact, got " + domain.NS:                             {Namespace: "contact"},
		"name: wanted contact:check, got domain:check":                            {Name: "contact:check"},
		"object: wanted ghost.example, got Sauna.example, lake.example":           {Object: "ghost.example"},
		"clID: wanted REG-B, got REG-A":                                           {ClID: "REG-B"},
		"clTRID: wanted ABC, got ABC-7":                                           {ClTRID: "ABC"},
		"session: wanted 4, got 3":                                                {Session: 4},
		`text: wanted "hill", got a frame without it`:                             {Text: "hill"},
		"xpath: wanted //host:name, got a frame without it":                       {XPath: "//host:name"},
		"xpath: wanted //domain:name[@x='<y>'], got a frame without it":           {XPath: "//domain:name[@x='<y>']"},
		"xpath: wanted //d.1:name, got a frame without it":                        {XPath: "//d.1:name"},
		"name: wanted check.x, got domain:check":                                  {Name: "check.x"},
		"object: wanted sauna.example.*, got Sauna.example, lake.example":         {Object: "sauna.example.*"},
		"clTRID: wanted ABC-7*ABC-7, got ABC-7":                                   {ClTRID: "ABC-7*ABC-7"},
		"clTRID: wanted *x*, got ABC-7":                                           {ClTRID: "*x*"},
		"namespace: wanted urn:ietf:params:xml:ns:host-*, got " + domain.NS:       {Namespace: "urn:ietf:params:xml:ns:host-*"},
		"object: wanted nothing.example, got Sauna.example, lake.example":         {Object: "nothing.example", Verb: "check"},
		"xpath: wanted //domain:name[text()='x'][2], got a frame without it":      {XPath: "//domain:name[text()='x'][2]"},
		"xpath: wanted /command/check, got a frame without it":                    {XPath: "/command/check"},
		"verb: wanted [check], got check":                                         {Verb: "[check]"},
		"name: wanted {urn:ietf:params:xml:ns:domain-1.0}check, got domain:check": {Name: "{urn:ietf:params:xml:ns:domain-1.0}check"},
	}
	for want, m := range misses {
		c, err := m.Compile()
		require.NoError(t, err, want)
		require.False(t, c.Matches(frame(checkDoc)), want)
		got := c.Mismatches(frame(checkDoc))
		require.Len(t, got, 1, want)
		require.Equal(t, want, got[0].String())
	}
}

func TestMismatchesInOrder(t *testing.T) {
	c, err := match.Match{XPath: "//x", Verb: "info", ClID: "REG-A", Session: 9}.Compile()
	require.NoError(t, err)
	var got []string
	for _, m := range c.Mismatches(frame("<not xml")) {
		got = append(got, m.Criterion)
	}
	require.Equal(t, []string{"verb", "session", "xpath"}, got)
	c, err = match.Match{ClID: "REG-A"}.Compile()
	require.NoError(t, err)
	require.Equal(t, "clID: wanted REG-A, got none", c.Mismatches(new(match.Frame))[0].String())
}

func TestPath(t *testing.T) {
	const doc = `<epp xmlns="` + epp.NS + `"><command><poll/><poll op="ack" msgID="a'7/@x"/><clTRID>ABC-7</clTRID></command></epp>`
	for path, want := range map[string]string{
		"//clTRID":              "ABC-7",
		"//poll/@msgID":         "a'7/@x",
		"/epp/command/poll/@op": "ack",
		"//poll[@op='ack']/@op": "ack",
		"//poll[@msgID='/@op']": "-",
		"//poll/@other":         "-",
		"//other":               "-",
		"//poll[@op='ack']":     "",
		"//command/*[2]/@msgID": "a'7/@x",
	} {
		p, err := match.ParsePath(path)
		require.NoError(t, err, path)
		got, ok := p.In(frame(doc))
		if !ok {
			got = "-"
		}
		require.Equal(t, want, got, path)
		_, ok = p.In(frame("<epp"))
		require.False(t, ok)
	}
	c, err := match.Match{XPath: "//poll/@msgID"}.Compile()
	require.NoError(t, err)
	require.True(t, c.Matches(frame(doc)))
}

func TestBadPaths(t *testing.T) {
	for _, path := range []string{"//name[", "//name[@x='y]", "[", "//poll/@", "//name[text()=", "//name[]", "//[", "a[b='c"} {
		_, err := match.Match{XPath: path}.Compile()
		if err == nil { // a path that package etree takes finds nothing, and does not panic
			c, _ := match.Match{XPath: path}.Compile()
			c.Matches(frame(checkDoc))
			continue
		}
		var bad *match.Error
		require.ErrorAs(t, err, &bad)
		require.Equal(t, "xpath", bad.Criterion)
		require.Contains(t, err.Error(), path)
	}
	_, err := match.Match{XPath: "//name[@x='y]"}.Compile()
	require.Error(t, err)
}

// What is an object, by where it stands.
func TestObjects(t *testing.T) {
	const d = `xmlns:d="` + domain.NS + `"`
	for doc, want := range map[string]string{
		`<command><info><d:info ` + d + `><d:name>a.example</d:name></d:info></info></command>`:                                                                    "a.example",
		`<command><create><c:create xmlns:c="urn:c"><c:id>C1</c:id><c:postalInfo><c:name>Anna</c:name></c:postalInfo></c:create></create></command>`:               "C1",
		`<response><resData><d:chkData ` + d + `><d:cd><d:name avail="1">a.example</d:name></d:cd></d:chkData></resData></response>`:                               "a.example",
		`<response><resData><d:infData ` + d + `><d:name>a.example</d:name><d:ns><d:name>n.example</d:name></d:ns></d:infData></resData></response>`:               "a.example",
		`<extension><f:e xmlns:f="urn:f"><f:sendAuthInfo><d:sendAuthInfo ` + d + `><d:name>a.example</d:name></d:sendAuthInfo></f:sendAuthInfo></f:e></extension>`: "a.example",
		`<response><result code="1000"><value><d:name ` + d + `>x</d:name></value></result></response>`:                                                            "",
		`<hello/>`: "",
		`<id/>`:    "",
	} {
		f := match.NewFrame(func() string { return `<epp xmlns="` + epp.NS + `">` + doc + `</epp>` })
		require.Equal(t, want, strings.Join(f.Objects(), " "), doc)
	}
	answer := match.NewFrame(func() string { return `<epp/>` })
	answer.Also = frame(checkDoc)
	require.Equal(t, []string{"Sauna.example", "lake.example"}, answer.Objects())
}

// Two versions of a namespace, and names without one.
func TestUsualPrefixes(t *testing.T) {
	f := frame(`<epp xmlns="` + epp.NS + `"><a xmlns="urn:x:domain-1.0" xml:lang="fi"/><b xmlns="urn:x:domain-2.0"/><c xmlns=""/></epp>`)
	doc, err := f.Tree()
	require.NoError(t, err)
	for path, uri := range map[string]string{"//domain:a": "urn:x:domain-1.0", "//domain2:b": "urn:x:domain-2.0", "//a[@xml:lang='fi']": "urn:x:domain-1.0"} {
		el := doc.FindElement(path)
		require.NotNil(t, el, path)
		require.Equal(t, uri, el.NamespaceURI(), path)
	}
	_, err = frame("<epp").Tree()
	require.Error(t, err)
}
