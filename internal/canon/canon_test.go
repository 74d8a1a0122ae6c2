package canon

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCanonical(t *testing.T) {
	for _, tt := range []struct{ name, doc, want string }{
		{"expanded names", `<a xmlns="urn:a" xmlns:b="urn:b"><b:c/></a>`, "{urn:a}a\n  {urn:b}c\n"},
		{"no namespace", `<a xmlns="urn:a"><c xmlns=""/></a>`, "{urn:a}a\n  c\n"},
		{"attributes in order", `<a z="1" b:y="2" xmlns:b="urn:b" x="3"/>`, `a x="3" z="1" {urn:b}y="2"` + "\n"},
		{
			"schemaLocation",
			`<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:a a.xsd" xsi:nil="true"/>`,
			`a {http://www.w3.org/2001/XMLSchema-instance}nil="1"` + "\n",
		},
		{"white space", "<a>\n <b> x\ty </b>\n</a>", "a\n  b \"x y\"\n"},
		{"comments and instructions", "<?p i?><a><!-- c -->x<!-- c -->y<?p i?></a>", "a \"xy\"\n"},
		{"CDATA and references", "<a><![CDATA[<&]]>&amp;&#x41;</a>", "a \"<&&A\"\n"},
		{"mixed content", "<a>x<b/>y</a>", "a\n  \"x\"\n  b\n  \"y\"\n"},
		{"booleans", `<a b="false">true</a>`, "a b=\"0\" \"1\"\n"},
		{"times", "<a>2026-05-04T01:30:25.50+02:00</a>", "a \"2026-05-03T23:30:25.5Z\"\n"},
		{"a date is not a time", "<a>2026-05-04</a>", "a \"2026-05-04\"\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Canonical([]byte(tt.doc))
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for _, doc := range []string{"", "<a>", "<a></b>", "<a/><b/>", "<a>&x;</a>"} {
		_, err := Canonical([]byte(doc))
		require.Error(t, err, doc)
	}
}

func TestErrNames(t *testing.T) {
	_, err := Canonical([]byte("<d\u076a/>"))
	require.ErrorIs(t, err, ErrNames)
	_, err = Canonical([]byte("<1/>"))
	require.Error(t, err)
	require.NotErrorIs(t, err, ErrNames)
}
