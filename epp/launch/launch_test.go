package launch_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/epp/mark"
	"github.com/eppkit/eppkit/epp/signedmark"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension(), launch.Extension(), mark.Extension(), signedmark.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<l:` + local + ` xmlns:l="` + launch.NS + `">` + content + `</l:` + local + `>`
}

// with gives the element that el made an attribute.
func with(attr, xml string) string { return strings.Replace(xml, " ", " "+attr+" ", 1) }

func date(day int) time.Time { return time.Date(2025, 2, day, 4, 5, 6, 0, time.UTC) }

const (
	aMark   = `<m:mark xmlns:m="` + mark.NS + `"/>`
	encoded = `<s:encodedSignedMark xmlns:s="` + signedmark.NS + `">c2F1bmE=</s:encodedSignedMark>`
	sunrise = `<l:phase>sunrise</l:phase>`
	claims  = `<l:phase>claims</l:phase>`
	notice  = `<l:notice><l:noticeID validatorID="steam">N-1</l:noticeID><l:notAfter>2025-02-09T04:05:06Z</l:notAfter>` +
		`<l:acceptedDate>2025-02-03T04:05:06Z</l:acceptedDate></l:notice>`
)

var (
	create = &domain.Create{Name: "sauna.example", AuthInfo: new(epp.AuthInfo)}
	update = &domain.Update{Name: "sauna.example"}
	inf    = &domain.InfData{Name: "sauna.example", ROID: "SAUNA1-TEST", ClID: "RegOne"}

	inSunrise = launch.Phase{Phase: launch.Sunrise}
	inClaims  = launch.Phase{Phase: launch.Claims}
	accepted  = launch.Notice{
		NoticeID: launch.NoticeID{ID: "N-1", ValidatorID: "steam"}, NotAfter: date(9), AcceptedDate: date(3),
	}
	encodedMark = signedmark.Encode([]byte("sauna"))
)

func rows() []epptest.Row {
	row := func(name, xml string, v, extends epp.Element) epptest.Row {
		return epptest.Row{Name: name, XML: xml, Value: v, Extends: extends}
	}
	check := &domain.Check{Names: []string{"sauna.example"}}
	info := &domain.Info{Name: "sauna.example"}
	out := []epptest.Row{
		row("RFC 8334, 3.1.1 claims check, left unsaid", el("check", claims), &launch.Check{Phase: &inClaims}, check),
		row("RFC 8334, 3.1.1 claims check", with(`type="claims"`, el("check", `<l:phase name="landrush">claims</l:phase>`)),
			&launch.Check{Type: launch.CheckClaims, Phase: &launch.Phase{Phase: launch.Claims, Name: "landrush"}}, check),
		row("RFC 8334, 3.1.2 availability check", with(`type="avail"`, el("check", `<l:phase name="founders">custom</l:phase>`)),
			&launch.Check{Type: launch.CheckAvail, Phase: &launch.Phase{Phase: launch.Custom, Name: "founders"}}, check),
		row("RFC 8334, 3.1.3 trademark check", with(`type="trademark"`, el("check", "")),
			&launch.Check{Type: launch.CheckTrademark}, check),
		row("RFC 8334, 3.1.1 chkData", el("chkData", claims+`<l:cd><l:name exists="0">sauna.example</l:name></l:cd>
			<l:cd><l:name exists="true">kiuas.example</l:name><l:claimKey validatorID="steam">K/1</l:claimKey><l:claimKey>K/2</l:claimKey></l:cd>`),
			&launch.ChkData{Phase: &inClaims, CD: []launch.CD{
				{Name: "sauna.example"},
				{Name: "kiuas.example", Exists: true, ClaimKeys: []launch.ClaimKey{{Key: "K/1", ValidatorID: "steam"}, {Key: "K/2"}}},
			}}, epptest.Answer),
		row("RFC 8334, 3.1.3 chkData without a phase", el("chkData", `<l:cd><l:name exists="1">sauna.example</l:name><l:claimKey/></l:cd>`),
			&launch.ChkData{CD: []launch.CD{{Name: "sauna.example", Exists: true, ClaimKeys: make([]launch.ClaimKey, 1)}}}, epptest.Answer),
		row("RFC 8334, 3.2 info of a registration", el("info", sunrise), &launch.Info{Phase: inSunrise}, info),
		row("RFC 8334, 3.2 info of an application", with(`includeMark="1"`, el("info", sunrise+`<l:applicationID>A-1</l:applicationID>`)),
			&launch.Info{IncludeMark: new(true), Phase: inSunrise, ApplicationID: "A-1"}, info),
		row("RFC 8334, 3.2 info without marks", with(`includeMark="false"`, el("info", sunrise)),
			&launch.Info{IncludeMark: new(false), Phase: inSunrise}, info),
		row("RFC 8334, 3.2 infData, least", el("infData", sunrise), &launch.InfData{Phase: inSunrise}, inf),
		row("RFC 8334, 3.2 infData, most", el("infData", sunrise+`<l:applicationID>A-1</l:applicationID>
			<l:status s="custom" name="onHold" lang="fi">Odottaa</l:status>`+aMark+aMark),
			&launch.InfData{
				Phase: inSunrise, ApplicationID: "A-1",
				Status: &launch.Status{S: launch.CustomStatus, Name: "onHold", Lang: "fi", Text: "Odottaa"},
				Marks:  []epp.Element{new(mark.Mark), new(mark.Mark)},
			}, inf),
		row("RFC 8334, 3.3.1 create with codes and marks", el("create", sunrise+
			`<l:codeMark><l:code validatorID="steam">49-FD</l:code></l:codeMark><l:codeMark><l:code>50-FE</l:code>`+aMark+`</l:codeMark>
			<l:codeMark>`+aMark+`</l:codeMark><l:codeMark/>`),
			&launch.Create{Phase: inSunrise, CodeMarks: []launch.CodeMark{
				{Code: &launch.Code{Code: "49-FD", ValidatorID: "steam"}},
				{Code: &launch.Code{Code: "50-FE"}, Marks: []epp.Element{new(mark.Mark)}},
				{Marks: []epp.Element{new(mark.Mark)}},
				{},
			}}, create),
		row("RFC 8334, 3.3.1 create with encoded signed marks", with(`type="application"`, el("create", sunrise+encoded+encoded)),
			&launch.Create{Type: launch.Application, Phase: inSunrise, SignedMarks: []epp.Element{encodedMark, encodedMark}}, create),
		row("RFC 8334, 3.3.2 create with notices", with(`type="registration"`, el("create", claims+notice+
			strings.Replace(notice, ` validatorID="steam"`, "", 1))),
			&launch.Create{Type: launch.Registration, Phase: inClaims, Notices: []launch.Notice{
				accepted, {NoticeID: launch.NoticeID{ID: "N-1"}, NotAfter: date(9), AcceptedDate: date(3)},
			}}, create),
		row("RFC 8334, 3.3.3 create in a phase", el("create", `<l:phase>landrush</l:phase>`),
			&launch.Create{Phase: launch.Phase{Phase: launch.Landrush}}, create),
		row("RFC 8334, 3.3.4 create with a code and a notice", el("create", `<l:phase name="mixed">custom</l:phase><l:codeMark/>`+notice),
			&launch.Create{
				Phase: launch.Phase{Phase: launch.Custom, Name: "mixed"}, CodeMarks: make([]launch.CodeMark, 1),
				Notices: []launch.Notice{accepted},
			}, create),
		row("RFC 8334, 3.3.4 create with a signed mark and a notice", el("create", sunrise+encoded+notice),
			&launch.Create{Phase: inSunrise, SignedMarks: []epp.Element{encodedMark}, Notices: []launch.Notice{accepted}}, create),
		row("RFC 8334, 3.3.5 creData", el("creData", sunrise+`<l:applicationID>A-1</l:applicationID>`),
			&launch.CreData{Phase: inSunrise, ApplicationID: "A-1"}, epptest.Answer),
		row("RFC 8334, 3.4 update", el("update", sunrise+`<l:applicationID>A-1</l:applicationID>`),
			&launch.Update{Phase: inSunrise, ApplicationID: "A-1"}, update),
		row("RFC 8334, 4 an empty application", el("update", sunrise+`<l:applicationID/>`), &launch.Update{Phase: inSunrise}, update),
		row("RFC 8334, 3.5 delete", el("delete", `<l:phase>open</l:phase><l:applicationID>A-1</l:applicationID>`),
			&launch.Delete{Phase: launch.Phase{Phase: launch.Open}, ApplicationID: "A-1"}, &domain.Delete{Name: "sauna.example"}),
	}
	for _, s := range []string{
		launch.PendingValidation, launch.Validated, launch.Invalid, launch.PendingAllocation,
		launch.Allocated, launch.Rejected, launch.CustomStatus,
	} {
		out = append(out, row("RFC 8334, 2.4 "+s, el("infData", sunrise+`<l:status s="`+s+`"/>`),
			&launch.InfData{Phase: inSunrise, Status: &launch.Status{S: s}}, inf))
	}
	return out
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows())
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	var refusals []epptest.Refusal
	add := func(name string, v epp.Element, path, text string) {
		refusals = append(refusals, epptest.Refusal{Name: name, Value: v, Path: path, Error: text, Extends: update})
	}
	code := func(c launch.Code) *launch.Create {
		return &launch.Create{Phase: inSunrise, CodeMarks: []launch.CodeMark{{Code: &c}}}
	}
	noticed := func(change func(*launch.Notice)) *launch.Create {
		n := accepted
		change(&n)
		return &launch.Create{Phase: inClaims, Notices: []launch.Notice{n}}
	}
	cd := func(c launch.CD) *launch.ChkData { return &launch.ChkData{CD: []launch.CD{c}} }
	own := []epp.Element{&launch.Info{Phase: inSunrise}}
	marks := []epp.Element{new(mark.Mark), new(mark.Mark)}
	add("no phase", new(launch.Delete), "launch:phase", "not a phase")
	add("an unknown phase", &launch.Create{Phase: launch.Phase{Phase: "sunset"}}, "launch:phase", "not a phase")
	add("an unknown check", &launch.Check{Type: "free"}, "@type", "claims, avail or trademark")
	add("chkData of nothing", new(launch.ChkData), "launch:cd", "is missing")
	add("chkData of no name", cd(launch.CD{}), "launch:name", "1 to 255")
	add("a validator of spaces", cd(launch.CD{Name: "x", ClaimKeys: []launch.ClaimKey{{ValidatorID: " "}}}), "launch:claimKey/@validatorID", "must not be empty")
	add("no status", &launch.InfData{Phase: inSunrise, Status: new(launch.Status)}, "launch:status/@s", "not a status")
	add("a status of RFC 5731", &launch.InfData{Phase: inSunrise, Status: &launch.Status{S: "ok"}}, "launch:status/@s", "not a status")
	add("a language that is none", &launch.InfData{Phase: inSunrise, Status: &launch.Status{S: "invalid", Lang: "1"}}, "launch:status/@lang", "language")
	add("an element of its own as a mark", &launch.InfData{Phase: inSunrise, Marks: own}, "launch:infData", "of its own")
	add("an unknown type of object", &launch.Create{Type: "auction", Phase: inSunrise}, "@type", "application or registration")
	add("an empty code", code(launch.Code{}), "launch:code", "must not be empty")
	add("a code from a validator of spaces", code(launch.Code{Code: "x", ValidatorID: " "}), "launch:code/@validatorID", "must not be empty")
	add("two marks with a code", &launch.Create{Phase: inSunrise, CodeMarks: []launch.CodeMark{{Marks: marks}}}, "launch:codeMark", "one mark at most")
	add("an element of its own with a code", &launch.Create{Phase: inSunrise, CodeMarks: []launch.CodeMark{{Marks: own}}}, "launch:codeMark", "of its own")
	add("codes beside signed marks", &launch.Create{
		Phase: inSunrise, CodeMarks: make([]launch.CodeMark, 1), SignedMarks: []epp.Element{encodedMark},
	}, "launch:create", "both codeMark")
	add("signed marks encoded and not", &launch.Create{
		Phase: inSunrise, SignedMarks: []epp.Element{encodedMark, new(mark.Mark)},
	}, "launch:create", "both encoded")
	add("an element of its own as a signed mark", &launch.Create{Phase: inSunrise, SignedMarks: own}, "launch:create", "of its own")
	add("a notice without an identifier", noticed(func(n *launch.Notice) { n.NoticeID.ID = "" }), "launch:noticeID", "must not be empty")
	add("a notice that never expires", noticed(func(n *launch.Notice) { n.NotAfter = time.Time{} }), "launch:notAfter", "is missing")
	add("a notice not accepted", noticed(func(n *launch.Notice) { n.AcceptedDate = time.Time{} }), "launch:acceptedDate", "is missing")
	epptest.Refused(t, refusals)
}

// TestTolerant reads what the schema does not allow but anybody understands, and loses
// nothing of it.
func TestTolerant(t *testing.T) {
	for _, tt := range []struct {
		name, content string
		want          epp.Element
	}{
		{"a notice before signed marks", el("create", sunrise+notice+encoded), &launch.Create{
			Phase: inSunrise, SignedMarks: []epp.Element{encodedMark}, Notices: []launch.Notice{accepted},
		}},
		{"signed marks beside codes", el("create", sunrise+encoded+`<l:codeMark/>`), &launch.Create{
			Phase: inSunrise, CodeMarks: make([]launch.CodeMark, 1), SignedMarks: []epp.Element{encodedMark},
		}},
		{"two marks with a code", el("create", sunrise+`<l:codeMark>`+aMark+aMark+`</l:codeMark>`), &launch.Create{
			Phase: inSunrise, CodeMarks: []launch.CodeMark{{Marks: []epp.Element{new(mark.Mark), new(mark.Mark)}}},
		}},
		{"a mark before the status", el("infData", sunrise+aMark+`<l:status s="invalid"/>`), &launch.InfData{
			Phase: inSunrise, Status: &launch.Status{S: launch.Invalid}, Marks: []epp.Element{new(mark.Mark)},
		}},
		{"an unknown phase", el("update", `<l:phase>sunset</l:phase>`), &launch.Update{Phase: launch.Phase{Phase: "sunset"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			frame := []byte(`<epp xmlns="` + epp.NS + `"><command><update><d:update xmlns:d="` + domain.NS +
				`"><d:name>sauna.example</d:name></d:update></update><extension>` + tt.content + `</extension></command></epp>`)
			_, err := set(t).ParseStrict(frame)
			var field *epp.FieldError
			require.ErrorAs(t, err, &field)
			m, err := set(t).Parse(frame)
			require.NoError(t, err)
			require.Equal(t, []epp.Element{tt.want}, m.(*epp.Command).Extension)
		})
	}
}

// TestSecret prints a code in all ways.
func TestSecret(t *testing.T) {
	c := launch.Code{Code: "49-FD", ValidatorID: "steam"}
	create := &launch.Create{Phase: inSunrise, CodeMarks: []launch.CodeMark{{Code: &c}}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		require.NotContains(t, fmt.Sprintf(verb, c)+fmt.Sprintf(verb, &c)+fmt.Sprintf(verb, create), "49-FD")
		require.NotContains(t, fmt.Sprintf(verb, c), "34392d4644") // in hexadecimal
	}
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc8334", launch.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows()) }

// A domain is registered in the claims phase, for a registrant who has seen the claims.
func ExampleCreate() {
	frame, err := epp.Append(nil, &epp.Command{
		Request: &domain.Create{Name: "sauna.example", AuthInfo: new(epp.AuthInfo)},
		Extension: []epp.Element{&launch.Create{
			Phase: launch.Phase{Phase: launch.Claims},
			Notices: []launch.Notice{{
				NoticeID:     launch.NoticeID{ID: "N-1"},
				NotAfter:     time.Date(2025, 2, 9, 0, 0, 0, 0, time.UTC),
				AcceptedDate: time.Date(2025, 2, 3, 12, 0, 0, 0, time.UTC),
			}},
		}},
	})
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "<extension>")
	fmt.Println(strings.ReplaceAll(extension, "><", ">\n<"))
	// Output:
	// <launch:create xmlns:launch="urn:ietf:params:xml:ns:launch-1.0">
	// <launch:phase>claims</launch:phase>
	// <launch:notice>
	// <launch:noticeID>N-1</launch:noticeID>
	// <launch:notAfter>2025-02-09T00:00:00Z</launch:notAfter>
	// <launch:acceptedDate>2025-02-03T12:00:00Z</launch:acceptedDate>
	// </launch:notice>
	// </launch:create>
	// </extension>
	// </command>
	// </epp>
}
