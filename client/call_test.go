package client_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// remark is an extension of a command and of its answer.
type remark struct{ Text string }

const remarkNS = "urn:example:remark-1.0"

func (*remark) XMLName() epp.Name     { return epp.Name{Space: remarkNS, Local: "remark"} }
func (m *remark) Fields(x *epp.Codec) { x.Text(epp.Token(&m.Text)) }

// ask is a request whose answer may do without its data.
type ask struct{ ID string }

func (*ask) XMLName() epp.Name     { return epp.Name{Space: remarkNS, Local: "info"} }
func (*ask) Answer() *remark       { return new(remark) }
func (*ask) AnswerOptional() bool  { return true }
func (m *ask) Fields(x *epp.Codec) { x.Elem("id", epp.Token(&m.ID)) }

// answer makes a script of one command, whose answer holds what is given.
func answer(verb string, code epp.Code, change func(*epp.Response)) []step {
	return []step{expect(verb), func(p *peer) error {
		r := result(code, p.asked[0].ClTRID)
		if change != nil {
			change(r)
		}
		return send(r)(p)
	}}
}

func raw(t *testing.T, xml string) *epp.Raw {
	r, err := epp.NewRaw([]byte(xml))
	require.NoError(t, err)
	return r
}

func TestDoInfersTheAnswer(t *testing.T) {
	s := session(t, client.Options{}, answer("info", epp.Success, func(r *epp.Response) {
		r.ResData = []epp.Element{&domain.InfData{Name: "a.example", ROID: "D1-EX", ClID: "REG-A"}}
	})...)
	inf, err := client.Do(t.Context(), s, &domain.Info{Name: "a.example"})
	require.NoError(t, err)
	require.Equal(t, "REG-A", inf.ClID)
}

func TestCallGivesTheWholeAnswer(t *testing.T) {
	set, err := epp.NewSchema(domain.Extension(), epp.Extension{
		URI: remarkNS, Level: epp.CommandLevel, Elements: []func() epp.Element{epp.Make[remark]},
	})
	require.NoError(t, err)
	var got *epp.Command
	script := append([]step{greet}, answer("check", epp.Success, func(r *epp.Response) {
		r.MsgQ = &epp.MsgQ{Count: 3, ID: "77"}
		r.ResData = []epp.Element{&domain.ChkData{CD: []domain.CD{{Name: "a.example"}}}}
		r.Extension = []epp.Element{&remark{"answer"}}
	})...)
	ask := script[1]
	script[1] = func(p *peer) error {
		err := ask(p)
		got = p.asked[0]
		return err
	}
	s := sessionOn(t, play(t, script...), client.Options{Schema: set})
	a, err := client.Call(t.Context(), s, check("a.example"), &remark{"question"})
	require.NoError(t, err)
	require.Equal(t, "a.example", a.Data.CD[0].Name)
	require.Equal(t, epp.Success, a.Code())
	require.EqualValues(t, 3, a.MsgQ.Count)
	require.Equal(t, &remark{"answer"}, a.Extension[0])
	require.Equal(t, "SV-1", a.TrID.SvTRID)
	require.Equal(t, got.ClTRID, a.TrID.ClTRID)
	require.Contains(t, got.Extension[0].(*epp.Raw).XML, "question")
}

func TestAnswerData(t *testing.T) {
	infData := func(crDate string) string {
		return fmt.Sprintf(`<d:infData xmlns:d="%s"><d:name>a.example</d:name><d:crDate>%s</d:crDate></d:infData>`, domain.NS, crDate)
	}
	t.Run("missing", func(t *testing.T) {
		s := session(t, client.Options{}, answer("check", epp.Success, nil)...)
		_, err := client.Do(t.Context(), s, check("a.example"))
		requireFate(t, client.Answered, err)
		require.ErrorIs(t, err, client.ErrInvalidAnswer)
		require.ErrorContains(t, err, "a success without domain:chkData")
		require.NoError(t, s.Err(), "the session goes on")
	})
	t.Run("another in its place", func(t *testing.T) {
		s := session(t, client.Options{}, answer("check", epp.Success, func(r *epp.Response) {
			r.ResData = []epp.Element{&domain.InfData{Name: "a.example", ROID: "D1-EX", ClID: "REG-A"}}
		})...)
		_, err := client.Do(t.Context(), s, check("a.example"))
		require.ErrorContains(t, err, "a success without domain:chkData")
	})
	t.Run("after another", func(t *testing.T) {
		s := session(t, client.Options{}, answer("check", epp.Success, func(r *epp.Response) {
			r.ResData = []epp.Element{raw(t, `<x xmlns="urn:example:x"/>`), &domain.ChkData{CD: []domain.CD{{Name: "a.example"}}}}
		})...)
		chk, err := client.Do(t.Context(), s, check("a.example"))
		requireName(t, "a.example", chk, err)
	})
	t.Run("1001 without data", func(t *testing.T) {
		s := session(t, client.Options{}, answer("check", epp.ActionPending, nil)...)
		a, err := client.Call(t.Context(), s, check("a.example"))
		require.NoError(t, err)
		require.Nil(t, a.Data)
		require.Equal(t, epp.ActionPending, a.Code())
	})
	t.Run("optional and absent", func(t *testing.T) {
		s := session(t, client.Options{}, answer("info", epp.Success, nil)...)
		r, err := client.Do(t.Context(), s, &ask{"C-1"})
		require.NoError(t, err)
		require.Nil(t, r)
	})
	t.Run("of a namespace that only the request knows", func(t *testing.T) {
		s := session(t, client.Options{}, answer("info", epp.Success, func(r *epp.Response) {
			r.ResData = []epp.Element{&remark{"here"}}
		})...)
		r, err := client.Do(t.Context(), s, &ask{"C-1"})
		require.NoError(t, err)
		require.Equal(t, "here", r.Text)
	})
	t.Run("of that kind and unreadable", func(t *testing.T) {
		s := session(t, client.Options{Schema: new(epp.Schema)}, answer("info", epp.Success, func(r *epp.Response) {
			r.ResData = []epp.Element{raw(t, infData("yesterday"))}
		})...)
		_, err := client.Do(t.Context(), s, &domain.Info{Name: "a.example"})
		requireFate(t, client.Answered, err)
		require.ErrorContains(t, err, `domain:infData/domain:crDate (line 1): "yesterday" is not`)
	})
	t.Run("with an unreadable date", func(t *testing.T) {
		s := session(t, client.Options{}, answer("info", epp.Success, func(r *epp.Response) {
			r.ResData = []epp.Element{raw(t, infData("yesterday"))}
		})...)
		_, err := client.Do(t.Context(), s, &domain.Info{Name: "a.example"})
		requireFate(t, client.Answered, err)
		require.ErrorIs(t, err, client.ErrInvalidAnswer)
		require.ErrorContains(t, err, `/epp/response/resData/domain:infData/domain:crDate (line 1): "yesterday" is not`)
		var fe *epp.FieldError
		require.ErrorAs(t, err, &fe)
	})
	t.Run("with a readable date", func(t *testing.T) {
		s := session(t, client.Options{}, answer("info", epp.Success, func(r *epp.Response) {
			r.ResData = []epp.Element{raw(t, infData("2026-03-01T10:00:00+02:00"))}
		})...)
		inf, err := client.Do(t.Context(), s, &domain.Info{Name: "a.example"})
		require.NoError(t, err)
		require.Equal(t, "2026-03-01T08:00:00Z", inf.CrDate.Format("2006-01-02T15:04:05Z07:00"))
	})
}

// RFC 5730, section 2.6: a failure may have several results, with values and
// reasons.
func TestRefusal(t *testing.T) {
	s := session(t, client.Options{}, answer("check", epp.ParameterRangeError, func(r *epp.Response) {
		r.Results = append(r.Results, epp.Result{Code: epp.ParameterPolicyError, Msg: epp.Text{Text: "Not here"}})
		r.Results[0].Values = []epp.ErrValue{{
			Value:  epp.Mixed{Elements: []epp.Element{raw(t, `<pw xmlns="urn:example:x">hunter22</pw>`)}},
			Reason: &epp.Text{Text: "too long"},
		}}
	})...)
	_, err := client.Do(t.Context(), s, check("a.example"))
	require.ErrorIs(t, err, epp.ParameterRangeError)
	require.ErrorIs(t, err, epp.ParameterPolicyError)
	require.NotErrorIs(t, err, epp.ObjectExists)
	var re *epp.ResultError
	require.ErrorAs(t, err, &re)
	require.Len(t, re.Results, 2)
	require.Contains(t, re.Results[0].Values[0].Value.Elements[0].(*epp.Raw).XML, "hunter22")
	require.ErrorContains(t, err, "2004 Parameter value range error (too long); 2306 Not here")
	require.NotContains(t, err.Error(), "hunter22")
	require.False(t, client.SafeToRetry(err))
	require.False(t, client.OutcomeUnknown(err))
}

// A command that can't be written is an error before anything is sent.
func TestUnwritableCommand(t *testing.T) {
	s := session(t, client.Options{}, expect("check"), reply(0, epp.Success))
	for name, cmd := range map[string]*epp.Command{
		"no request":             {},
		"no names":               {Request: &domain.Check{}},
		"clTRID of 2 characters": {Request: check("a.example"), ClTRID: "ab"},
		"clTRID of 65":           {Request: check("a.example"), ClTRID: fmt.Sprintf("%065d", 1)},
		"a control character":    {Request: check("a\x01.example")},
	} {
		_, err := s.Exchange(t.Context(), cmd)
		requireFate(t, client.NotSent, err)
		var fe *epp.FieldError
		require.ErrorAs(t, err, &fe, name)
		require.False(t, client.SafeToRetry(err), "it would fail again")
	}
	chk, err := client.Do(t.Context(), s, check("a.example"))
	requireName(t, "a.example", chk, err)
}

func TestErrorTables(t *testing.T) {
	refusal := epp.Refuse(epp.ObjectExists)
	for name, tt := range map[string]struct {
		err           error
		retry, unsure bool
		text          string
	}{
		"nil":             {nil, false, false, ""},
		"another error":   {errors.New("other"), false, false, "other"},
		"a refusal":       {refusal, false, false, "epp: 2302 Object exists"},
		"a refused login": {&client.LoginError{ClID: "REG-A", Err: refusal}, false, false, "client: login of REG-A: epp: 2302 Object exists"},
		"not sent":        {&client.Error{Op: "dial", Err: errors.New("no route")}, true, false, "client: dial: no route"},
		"a command not sent": {
			&client.Error{Op: "domain:check", ClTRID: "A-1", Err: context.Canceled}, true, false,
			"client: domain:check (clTRID A-1): not sent: context canceled",
		},
		"unknown": {
			&client.Error{Op: "domain:check", ClTRID: "A-1", Fate: client.Unknown, Err: context.Canceled}, false, true,
			"client: domain:check (clTRID A-1): outcome unknown: context canceled",
		},
		"executed": {
			&client.Error{Op: "domain:check", ClTRID: "A-1", Fate: client.Answered, Err: client.ErrInvalidAnswer}, false, false,
			"client: domain:check (clTRID A-1): executed: invalid answer",
		},
		"wrapped": {
			fmt.Errorf("while renewing: %w", &client.Error{Op: "domain:renew", Fate: client.Unknown, Err: refusal}), false, true,
			"while renewing: client: domain:renew: outcome unknown: epp: 2302 Object exists",
		},
	} {
		require.Equal(t, tt.retry, client.SafeToRetry(tt.err), name)
		require.Equal(t, tt.unsure, client.OutcomeUnknown(tt.err), name)
		if tt.err != nil {
			require.EqualError(t, tt.err, tt.text)
		}
	}
	require.Equal(t, "sent received", fmt.Sprint(client.Sent, client.Received))
}

// SendRaw sends what it is given, and takes the answer to it.
func TestSendRaw(t *testing.T) {
	const epp10 = `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0">`
	for name, tt := range map[string]struct {
		doc    string
		answer epp.Message
		ok     bool
	}{
		"a command":                              {epp10 + `<command><logout/><clTRID> RAW-1 </clTRID></command></epp>`, result(epp.Success, "RAW-1"), true},
		"a command, answered for another":        {epp10 + `<command><logout/><clTRID>RAW-1</clTRID></command></epp>`, result(epp.Success, "RAW-2"), false},
		"a command without a clTRID":             {epp10 + `<command><logout/></command></epp>`, result(epp.Success, ""), true},
		"a hello":                                {epp10 + `<hello/></epp>`, greeting(), true},
		"a hello that is refused":                {epp10 + `<hello x="1"/></epp>`, result(epp.CommandSyntaxError, ""), true},
		"a command, answered by a greeting":      {epp10 + `<command><logout/></command></epp>`, greeting(), true},
		"an unknown extension that has a clTRID": {epp10 + `<extension><x xmlns="urn:example:x"><clTRID>RAW-1</clTRID></x></extension></epp>`, result(epp.UnknownCommand, "RAW-1"), true},
		"not XML":                                {"hello?", result(epp.CommandSyntaxError, ""), true},
		"not XML, answered with a clTRID":        {"hello?", result(epp.CommandSyntaxError, "NONE"), true},
	} {
		t.Run(name, func(t *testing.T) {
			s := session(t, client.Options{}, func(p *peer) error {
				doc, err := p.in.Next()
				if err == nil && string(doc) != tt.doc {
					err = fmt.Errorf("the document is %s", doc)
				}
				return err
			}, send(tt.answer))
			m, err := s.SendRaw(t.Context(), []byte(tt.doc))
			if !tt.ok {
				requireFate(t, client.Unknown, err)
				require.ErrorIs(t, err, client.ErrInvalidAnswer)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.answer.XMLName(), m.XMLName())
		})
	}
}
