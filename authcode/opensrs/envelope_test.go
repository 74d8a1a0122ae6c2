package opensrs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// block puts items into an envelope.
func block(items string) string {
	return `<OPS_envelope><header><version>0.9</version></header><body><data_block><dt_assoc>` + items +
		`</dt_assoc></data_block></body></OPS_envelope>`
}

func TestRead(t *testing.T) {
	const item = `<item key="a">1</item>`
	one := Assoc{{"a", Text("1")}}
	for _, row := range []struct {
		name, doc string
		want      Assoc
	}{
		{"plain", block(item), one},
		{"declaration", `<?xml version="1.0"?>` + block(item), one},
		{"declaration in other quotes", `<?xml version='1.0' encoding='utf-8' standalone='no' ?>` + block(item), one},
		{"byte order mark", "\ufeff" + block(item), one},
		{"byte order mark before a DOCTYPE", "\ufeff<?xml version='1.0'?><!DOCTYPE OPS_envelope SYSTEM 'ops.dtd'>" + block(item), one},
		{"white space before the declaration", "\n  <?xml version='1.0'?>\n" + block(item), one},
		{"comments and instructions", "<!-- <!DOCTYPE x [ --><?pi?>" + block("<!-- a -->"+item+"<?pi?>") + "<!-- z -->", one},
		{"DOCTYPE after a comment", "<!-- c --><!DOCTYPE OPS_envelope>" + block(item), one},
		{"DOCTYPE with a public name", `<!DOCTYPE OPS_envelope PUBLIC "-//X//[>" 'ops.dtd' >` + block(item), one},
		{"attribute in other quotes", block(`<item  other='x' key = 'a' >1</item >`), one},
		{"no header", strings.Replace(block(item), "<header><version>0.9</version></header>", "", 1), one},
		{"elements around the block", strings.Replace(block(item), "<body>", "<body><extra/>", 1), one},
		{"empty", block(""), Assoc{}},
		{"empty items", block(`<item key="a"/><item key="b"></item><item key=""> </item>`), Assoc{{"a", Text("")}, {"b", Text("")}, {"", Text(" ")}}},
		{"text as it is", block("<item key='a'>  x\n\ty </item>"), Assoc{{"a", Text("  x\n\ty ")}}},
		{"line ends", block("<item key='a'>a\r\nb\rc&#13;d&#xD;&#10;e</item>"), Assoc{{"a", Text("a\nb\nc\rd\r\ne")}}},
		{"entities of XML", block(`<item key='&lt;&#65;'>)*(&amp;&lt;&quot;$&apos;&gt;</item>`), Assoc{{"<A", Text(`)*(&<"$'>`)}}},
		{"CDATA", block(`<item key='a'>x<![CDATA[<&]]>&lt;<!-- c -->y</item>`), Assoc{{"a", Text("x<&<y")}}},
		{"not ASCII", block(`<item key='a'>Ž-þ€𝛑</item>`), Assoc{{"a", Text("Ž-þ€𝛑")}}},
		{"ISO-8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?>" + block("<item key='a'>caf\xe9</item>"), Assoc{{"a", Text("café")}}},
		{"ISO-8859-1 with a DOCTYPE", "<?xml version=\"1.0\" encoding = \"iso-8859-1\" standalone=\"no\"?><!DOCTYPE OPS_envelope>" + block("<item key='a'>\xe9</item>"), Assoc{{"a", Text("é")}}},
		{
			"nested", block("<item key='a'>\n<dt_assoc>\n" + item + "\n</dt_assoc></item><item key='b'><dt_array>" +
				"<item key='0'>x</item><item key='1'><dt_assoc/></item><item key='2'><dt_array></dt_array></item></dt_array></item>"),
			Assoc{{"a", Value{Assoc: one}}, {"b", Value{Array: []Value{Text("x"), {Assoc: Assoc{}}, {Array: []Value{}}}}}},
		},
		{"array out of order", block("<item key='a'><dt_array><item key='2'>c</item><item key='10'>d</item><item key='00'>a</item></dt_array></item>"), Assoc{{"a", Value{Array: []Value{Text("a"), Text("c"), Text("d")}}}}},
		{"scalar", block("<item key='a'> <dt_scalar>1</dt_scalar>\n</item>"), one},
	} {
		t.Run(row.name, func(t *testing.T) {
			e, err := Read([]byte(row.doc))
			require.NoError(t, err)
			require.Equal(t, row.want, e.Data)
			require.Equal(t, strings.Contains(row.name, "DOCTYPE"), e.Doctype)
			again(t, e)
		})
	}
}

// again writes an envelope and reads it back.
func again(t *testing.T, e *Envelope) {
	b, err := e.XML()
	require.NoError(t, err)
	back, err := Read(b)
	require.NoError(t, err, "%s", b)
	if e.Version == "" {
		e.Version = "0.9"
	}
	require.Equal(t, e, back)
}

func TestReadRefuses(t *testing.T) {
	const hidden = "s3cr3t"
	for _, row := range []struct{ name, doc, text string }{
		{"nothing", "", "line 1, column 1"},
		{"no XML", hidden, "line 1, column 1"},
		{"HTML", "<html><body>" + hidden + "</body></html>", "no OPS_envelope"},
		{"a real client's slip", strings.Replace(block(""), "</OPS_envelope>", "</header>", 1), "line 1"},
		{"cut off", block("")[:80], "line 1"},
		{"code that is not escaped", "\n\n" + block("<item key='a'>)(<"+hidden+"</item>"), "line 1"},
		{"code that looks like a tag", block("<item key='a'>)(<" + hidden + "></item>"), "line 1"},
		{"bare ampersand", block("<item key='a'>)(&" + hidden + "</item>"), "line 1"},
		{"two roots", block("") + block(""), "line 1"},
		{"text after it", block("") + hidden, "line 1"},
		{"attribute twice", block("<item key='a' key='b'/>"), "line 1"},
		{"control character", block("<item key='a'>\x01</item>"), "line 1"},
		{"reference to a control character", block("<item key='a'>&#1;</item>"), "line 1"},
		{"invalid UTF-8", block("<item key='a'>\xff</item>"), "line 1"},
		{"unknown encoding", "<?xml version='1.0' encoding='EBCDIC'?>" + block(""), "line 1"},
		{"unknown entity", block("<item key='a'>&" + hidden + ";</item>"), "line 1"},
		{"entity declared", `<!DOCTYPE OPS_envelope [<!ENTITY x "` + hidden + `">]>` + block("<item key='a'>&x;</item>"), "declares something"},
		{"external entity", `<!DOCTYPE OPS_envelope SYSTEM "ops.dtd" [ <!ENTITY % x SYSTEM "file:///etc/passwd"> %x; ]>` + block(""), "declares something"},
		{"entities of entities", `<!DOCTYPE OPS_envelope [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>` + block("<item key='a'>&b;</item>"), "declares something"},
		{"DOCTYPE without end", `<!DOCTYPE OPS_envelope SYSTEM "ops.dtd` + block(""), "does not end"},
		{"DOCTYPE runs into the envelope", `<!DOCTYPE OPS_envelope ` + block(""), "does not end"},
		{"DOCTYPE at the end", `<!DOCTYPE OPS_envelope`, "does not end"},
		{"two DOCTYPEs", `<!DOCTYPE a><!DOCTYPE a>` + block(""), "line 1"},
		{"doctype in small letters", `<!doctype OPS_envelope>` + block(""), "line 1"},
		{"no block", "<OPS_envelope><body/></OPS_envelope>", "no dt_assoc"},
		{"block with an array", "<OPS_envelope><body><data_block><dt_array/></data_block></body></OPS_envelope>", "no dt_assoc"},
		{"text between items", block(hidden), "text between items"},
		{"no item", block("<x/>"), "no item"},
		{"no key", block("<item>" + hidden + "</item>"), "no key"},
		{"two of one key", block("<item key='a'/><item key='a'/>"), "two items of one key"},
		{"text beside an array", block("<item key='a'>" + hidden + "<dt_assoc/></item>"), "text beside"},
		{"two values", block("<item key='a'><dt_assoc/><dt_assoc/></item>"), "two values"},
		{"unknown value", block("<item key='a'><dt_other/></item>"), "neither"},
		{"array key that is no number", block("<item key='a'><dt_array><item key='x'/></dt_array></item>"), "no number"},
		{"array key below 0", block("<item key='a'><dt_array><item key='-1'/></dt_array></item>"), "no number"},
		{"array key twice", block("<item key='a'><dt_array><item key='1'/><item key='01'/></dt_array></item>"), "two items of one key"},
		{"array in an array, wrong inside", block("<item key='a'><dt_array><item key='0'><dt_array><y/></dt_array></item></dt_array></item>"), "no item"},
		{"too deep", block(strings.Repeat("<item key='a'><dt_assoc>", 40) + strings.Repeat("</dt_assoc></item>", 40)), "line 1"},
		{"too many items", block("<item key='a'><dt_array>" + strings.Repeat("<item key='0'/>", maxElements) + "</dt_array></item>"), "line 1"},
		{"too large", strings.Repeat(" ", maxSize+1), "larger"},
	} {
		t.Run(row.name, func(t *testing.T) {
			e, err := Read([]byte(row.doc))
			require.ErrorIs(t, err, ErrMalformed)
			require.Nil(t, e)
			require.ErrorContains(t, err, row.text)
			require.NotContains(t, err.Error(), hidden)
		})
	}
}

func TestWrite(t *testing.T) {
	e := &Envelope{Data: Assoc{
		{"k<&\"'\t\n\r", Text("v<&\"'\t\n\r]]>")},
		{"list", Value{Array: []Value{Text("x"), {Array: []Value{Text("y")}}, {Assoc: Assoc{{"z", Text("")}}}}}},
		{"none", Value{Array: []Value{}}},
	}}
	for n, c := range codes {
		e.Data = append(e.Data, Item{fmt.Sprint("code ", n), Value{Text: c}})
	}
	again(t, e)
	e.Doctype, e.Version = true, "1.0"
	again(t, e)

	for _, bad := range []string{"\x00", "\x1b", "\x7f\x0b", "\uffff", "\xff"} {
		for _, e := range []Envelope{
			{Data: Assoc{{"a", Text("s3cr3t" + bad)}}},
			{Data: Assoc{{"a" + bad, Text("")}}},
			{Data: Assoc{{"a", Value{Array: []Value{Text(bad)}}}}},
			{Version: bad},
		} {
			_, err := e.XML()
			require.ErrorIs(t, err, errCharacter)
			require.NotContains(t, err.Error(), "s3cr3t")
		}
	}
}

func TestValuesPrintRedacted(t *testing.T) {
	e, err := Read([]byte(block("<item key='domain_auth_info'>s3cr3t</item><item key='a'><dt_array><item key='0'>s3cr3t</item></dt_array></item>")))
	require.NoError(t, err)
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		require.NotContains(t, fmt.Sprintf(format, e), "s3cr3t", format)
		require.NotContains(t, fmt.Sprintf(format, *e), "s3cr3t", format)
	}
	require.Equal(t, "s3cr3t", e.Data.Text("domain_auth_info").Reveal())
}

func TestSign(t *testing.T) {
	// printf 'doc''key' | md5sum, twice.
	const wantSignature = "cb90c769f078b4ec4416fe741bd3dfec"
	const doc, secret = "<OPS_envelope/>", "0123abcd"
	require.Equal(t, wantSignature, Sign([]byte(doc), secret))
	require.True(t, signed([]byte(doc), secret, " "+strings.ToUpper(wantSignature)+"\t"))
	require.False(t, signed([]byte(doc), secret, wantSignature[:31]))
	require.False(t, signed([]byte(doc), secret, ""))
	require.False(t, signed([]byte(doc+" "), secret, wantSignature))
}

// FuzzRead holds the reader to one meaning: what it accepts is written and read back
// the same.
func FuzzRead(f *testing.F) {
	f.Add([]byte(block(`<item key="a">1</item>`)))
	f.Add([]byte("<?xml version='1.0' encoding='ISO-8859-1'?><!-- x --><!DOCTYPE OPS_envelope SYSTEM 'ops.dtd'>" + block("<item key='\xe9'>&#13;<![CDATA[ ]]></item>")))
	f.Add([]byte(block("<item key='a'><dt_array><item key='3'>x</item><item key='1'><dt_assoc><item key='&#10;'/></dt_assoc></item></dt_array></item>")))
	f.Add([]byte(`<!DOCTYPE a [ <!ENTITY b "c"> ]><OPS_envelope/>`))
	f.Add([]byte("\xff\xfe<\x00a\x00/\x00>\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := Read(b)
		if err != nil {
			require.ErrorIs(t, err, ErrMalformed)
			return
		}
		again(t, e)
	})
}
