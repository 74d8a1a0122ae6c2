package script

import (
	"errors"
	"fmt"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/yamldoc"
	"github.com/eppkit/eppkit/mockserver/match"
)

// Start is the state in which a scenario begins.
const Start = "start"

// A Stub is an answer, and to what it is given.
type Stub struct {
	// ID names the stub in its [Set], which chooses one where it is "".
	ID string `yaml:"id" json:"id,omitempty"`
	// Match says which commands are meant. All of its criteria must hold.
	Match match.Match `yaml:"match" json:"match,omitzero"`
	// Priority comes before a lower one.
	Priority int `yaml:"priority" json:"priority,omitempty"`
	// Nth is the match that is answered first, counted from 1; 0 means 1.
	Nth int `yaml:"nth" json:"nth,omitempty"`
	// Times is how often the stub answers, 0 has no limit. Nth 3 with Times 1 is
	// the third match alone. An answer counts when it is given, whether or not
	// it arrives.
	Times int `yaml:"times" json:"times,omitempty"`
	// Scenario names the state machine that the stub depends on, "" none. State
	// is the state in which the stub answers, "" any; Next is the state after the
	// answer was sent, "" the same.
	Scenario string `yaml:"scenario" json:"scenario,omitempty"`
	State    string `yaml:"state" json:"state,omitempty"`
	Next     string `yaml:"next" json:"next,omitempty"`

	Answer Answer `yaml:"answer" json:"answer"`
}

// An Answer is what a [Stub] says: a Document, or a Code with what belongs to it. Its
// texts may have placeholders.
type Answer struct {
	// Document is sent as it is: nobody looks whether it is valid.
	Document string `yaml:"document" json:"document,omitempty"`

	// Code is the result code, one that the standard has; Msg its text, "" the
	// standard's. The answer has the command's clTRID and is valid, or 2400.
	Code epp.Code `yaml:"code" json:"code,omitempty"`
	Msg  string   `yaml:"msg" json:"msg,omitempty"`
	// ResData and Extension are elements, each with the namespaces it uses
	// declared.
	ResData   []string `yaml:"resData" json:"resData,omitempty"`
	Extension []string `yaml:"extension" json:"extension,omitempty"`
}

// An Error is a stub that can't be.
type Error struct {
	File string // "" when it is not from a file
	Line int    // 0 likewise
	// Field is where: the key, as in "match.xpath", in a file "stubs[2].match.xpath".
	Field  string
	Reason string

	path yamldoc.Path
}

func (e *Error) Error() string {
	at := ""
	if e.File != "" {
		at = e.File + ":"
	}
	if e.Line > 0 {
		at += fmt.Sprintf("%d:", e.Line)
	}
	if at != "" {
		at += " "
	}
	if e.Field != "" {
		at += e.Field + ": "
	}
	return "script: " + at + e.Reason
}

// in is the error with the path of what the stub is in.
func (e *Error) in(keys ...any) *Error {
	e.path = append(yamldoc.Path(keys), e.path...)
	e.Field = e.path.String()
	return e
}

// Validate checks that a stub is complete and makes sense. The error is an *Error, for
// the first thing that is wrong.
func (s Stub) Validate() error {
	_, err := compile(s)
	return err
}

func wrong(reason string, path ...any) *Error {
	return &Error{Field: yamldoc.Path(path).String(), Reason: reason, path: path}
}

// check looks at what is not the answer.
func (s *Stub) check() error {
	switch {
	case s.Nth < 0:
		return wrong("must not be negative", "nth")
	case s.Times < 0:
		return wrong("must not be negative", "times")
	case s.Scenario == "" && s.State != "":
		return wrong("is nothing without a scenario", "state")
	case s.Scenario == "" && s.Next != "":
		return wrong("is nothing without a scenario", "next")
	case s.Scenario != "" && s.State == "" && s.Next == "":
		return wrong("needs a state or a next", "scenario")
	case s.Match.Verb == verbHello && s.Answer.Document == "":
		return wrong("is missing: a hello is answered with a document, a greeting", "answer", "document")
	}
	return nil
}

// An answer is an Answer that is ready for use.
type answer struct {
	exact              bool
	document, msg      template
	code               epp.Code
	resData, extension []template
}

func (a *Answer) compile() (*answer, error) {
	out := &answer{exact: a.Document != "", code: a.Code}
	switch {
	case !out.exact && a.Code == 0:
		return nil, wrong("needs a document or a code", "answer")
	case out.exact && (a.Code != 0 || a.Msg != "" || len(a.ResData)+len(a.Extension) > 0):
		return nil, wrong("is exact: there can be nothing beside it", "answer", "document")
	case !out.exact && !a.Code.Known():
		return nil, wrong(fmt.Sprintf("%d is not a result code of the standard", a.Code), "answer", "code")
	case !a.Code.OK() && !out.exact && len(a.ResData) > 0:
		return nil, wrong(fmt.Sprintf("a failure, %d, has none", a.Code), "answer", "resData")
	}
	var err error
	if out.document, err = parseTemplate(a.Document); err != nil {
		return nil, wrong(err.Error(), "answer", "document")
	}
	if out.msg, err = parseTemplate(a.Msg); err != nil {
		return nil, wrong(err.Error(), "answer", "msg")
	}
	if out.resData, err = compileElements("resData", a.ResData); err != nil {
		return nil, err
	}
	if out.extension, err = compileElements("extension", a.Extension); err != nil {
		return nil, err
	}
	return out, nil
}

func compileElements(key string, elements []string) ([]template, error) {
	var out []template
	for i, el := range elements {
		t, err := parseTemplate(el)
		if err == nil {
			// A number is a name, an amount and, nearly, a date.
			_, err = epp.NewRaw([]byte(t.fill(func(placeholder) string { return "1" })))
		}
		if err != nil {
			return nil, wrong(err.Error(), "answer", key, i)
		}
		out = append(out, t)
	}
	return out, nil
}

// render makes the reply to a command.
func (a *answer) render(c *Command) (*Reply, error) {
	trID := epp.TrID{ClTRID: c.Frame.ClTRID, SvTRID: c.SvTRID()}
	value := c.values(trID)
	if a.exact {
		return &Reply{Document: []byte(a.document.fill(escaped(value)))}, nil
	}
	r := &epp.Response{Results: []epp.Result{{Code: a.code, Msg: epp.Text{Text: a.code.Text()}}}, TrID: trID}
	if msg := a.msg.fill(value); msg != "" {
		r.Results[0].Msg.Text = msg
	}
	var failed []error
	elements := func(templates []template) (out []epp.Element) {
		for _, t := range templates {
			raw, err := epp.NewRaw([]byte(t.fill(escaped(value))))
			failed = append(failed, err)
			out = append(out, raw)
		}
		return out
	}
	r.ResData, r.Extension = elements(a.resData), elements(a.extension)
	return &Reply{Response: r}, errors.Join(failed...)
}
