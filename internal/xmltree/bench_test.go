package xmltree

import (
	"fmt"
	"strings"
	"testing"
)

// infoFrame makes the answer to a domain info, of about 1.9 kB.
func infoFrame() []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="no"?>` + "\n" +
		`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0">` + "\n  <response>\n" +
		`    <result code="1000"><msg lang="en">Command completed successfully</msg></result>` + "\n    <resData>\n" +
		`      <domain:infData xmlns:domain="urn:ietf:params:xml:ns:domain-1.0">` + "\n")
	line := func(format string, args ...any) { fmt.Fprintf(&b, "        "+format+"\n", args...) }
	line(`<domain:name>harbour-lights.example</domain:name>`)
	line(`<domain:roid>D2077-EXAMPLE</domain:roid>`)
	for _, s := range []string{"clientTransferProhibited", "serverDeleteProhibited"} {
		line(`<domain:status s="%s" lang="en">held for the &lt;owner&gt;</domain:status>`, s)
	}
	line(`<domain:registrant>HARB-1</domain:registrant>`)
	for _, typ := range []string{"admin", "billing", "tech"} {
		line(`<domain:contact type="%s">HARB-2</domain:contact>`, typ)
	}
	line(`<domain:ns>`)
	for i := range 4 {
		line(`  <domain:hostObj>ns%d.harbour-lights.example</domain:hostObj>`, i)
	}
	line(`</domain:ns>`)
	for i := range 2 {
		line(`<domain:host>ns%d.harbour-lights.example</domain:host>`, i)
	}
	for _, id := range []string{"cl", "cr", "up"} {
		line(`<domain:%sID>REG-LANTERN</domain:%[1]sID>`, id)
	}
	for i, d := range []string{"cr", "up", "ex", "tr"} {
		line(`<domain:%sDate>202%d-03-01T09:30:00.0Z</domain:%[1]sDate>`, d, i)
	}
	line(`<domain:authInfo><domain:pw>blue-Tide-77</domain:pw></domain:authInfo>`)
	b.WriteString("      </domain:infData>\n    </resData>\n    <trID>\n" +
		"      <clTRID>LANTERN-000431</clTRID>\n      <svTRID>REG-99120</svTRID>\n    </trID>\n  </response>\n</epp>\n")
	return []byte(b.String())
}

func TestAllocations(t *testing.T) {
	frame := infoFrame()
	var tree Tree
	if err := tree.Parse(frame, Limits{}); err != nil {
		t.Fatal(err)
	}
	n := testing.AllocsPerRun(100, func() { _ = tree.Parse(frame, Limits{}) })
	if n > 3 { // the document, and two statuses with references in them
		t.Errorf("%v allocations to parse %d bytes into a tree that is used again", n, len(frame))
	}
}

func BenchmarkParse(b *testing.B) {
	frame := infoFrame()
	b.SetBytes(int64(len(frame)))
	b.ReportAllocs()
	var t Tree
	for b.Loop() {
		if err := t.Parse(frame, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
