package eppcode

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// tries is how many codes are made before the registry's checks are taken for
// more than bad luck (RFC 9154, section 5.2).
const tries = 3

// retrieve shows the authInfo that the registry shows to the sponsor.
func (p *Provider) retrieve(ctx context.Context, name string) (authcode.Outcome, error) {
	inf, err := p.info(ctx, name, domain.HostsNone)
	if err != nil {
		return nil, err
	}
	unset := func(why string) (authcode.Outcome, error) {
		return nil, authcode.Refused{Class: authcode.Unset, Text: why}
	}
	switch a := inf.AuthInfo; {
	case a == nil:
		return unset("the registry shows no code: none is set, or it never shows one")
	case a.Ext != nil || a.ROID != "":
		return unset("the registry shows no code of the domain's own")
	case a.PW == "":
		return unset("the registry shows no code, but may have one set")
	}
	terms, err := p.terms(ctx, name)
	if err != nil {
		return nil, err
	}
	out := authcode.Code{Value: inf.AuthInfo.PW, Scope: authcode.External}
	if open := live(terms); len(open) > 0 {
		out.Expires = open[0].Due
		if !p.opts.Now().Before(out.Expires) {
			return unset("the time of the code is over")
		}
	} else if len(terms) > 0 {
		return unset("the code that the registry has is none that anybody was told")
	}
	return out, nil
}

// regenerate sets a new code: the caller's, or a random one.
func (p *Provider) regenerate(ctx context.Context, name string, chosen authcode.Secret) (authcode.Outcome, error) {
	if why := p.unfit(chosen.Reveal()); chosen != "" && why != "" {
		return nil, authcode.Refused{Class: authcode.Invalid, Text: why}
	}
	leave, err := p.enter(ctx, name)
	if err != nil {
		return nil, err
	}
	defer leave()
	inf, err := p.info(ctx, name, domain.HostsNone)
	if err != nil {
		return nil, err
	}
	if s := has(inf.Status, locks...); s != "" && !p.opts.IgnoreLock {
		return nil, authcode.Refused{Class: authcode.Locked, Text: "its status is " + s}
	}
	t, err := p.begin(ctx, name)
	if err != nil {
		return nil, err
	}
	value, a, err := p.set(ctx, name, chosen)
	switch {
	case authcode.OutcomeUnknown(err):
		return nil, err // the new code may be in force, or the one before
	case err != nil:
		t.cancel(ctx)
		return nil, err
	case a.Code() == epp.ActionPending: // as with an unknown outcome
		return pending(a.Response), nil
	}
	p.sees.made(name)
	return authcode.Code{Value: value, Expires: t.confirm(ctx), Scope: authcode.External}, nil
}

// leastChosen is how many characters a chosen code has where Limits say nothing: what a
// guesser gets through is no code (RFC 9154, section 4.1).
const leastChosen = 16

// unfit says why the caller can't have a code of their choice, or "".
func (p *Provider) unfit(chosen string) string {
	l := p.opts.Limits
	least := cmp.Or(l.Min, leastChosen)
	switch n := utf8.RuneCountInString(chosen); {
	case strings.ContainsAny(chosen, "\t\r\n"):
		// XML would make spaces of them, and so another code (xs:normalizedString).
		return "a code can't have line breaks or tabs"
	case n < least:
		return fmt.Sprintf("a code must have %d characters or more", least)
	case l.Max != 0 && n > l.Max:
		return fmt.Sprintf("a code must have %d characters or fewer", l.Max)
	case l.Alphabet != "" && strings.ContainsFunc(chosen, func(r rune) bool { return !strings.ContainsRune(l.Alphabet, r) }):
		return "a code may only have these characters: " + l.Alphabet
	}
	return ""
}

// pending is a command that the registry has taken, and will decide on later (1001).
func pending(r *epp.Response) authcode.Pending {
	return authcode.Pending{Operation: r.TrID.SvTRID, Text: r.Results[0].Msg.Text}
}

// set updates the domain's authInfo. A registry may find a random value weak, and
// then gets another one.
func (p *Provider) set(ctx context.Context, name string, chosen authcode.Secret) (
	authcode.Secret, *client.Answer[*epp.NoData], error,
) {
	for try := 1; ; try++ {
		value := chosen
		if value == "" {
			var err error
			if value, err = authcode.Generate(p.opts.Rand, p.opts.Limits); err != nil {
				return "", nil, updating(name).error(false, err)
			}
		}
		a, err := do(ctx, p, updating(name), &domain.Update{
			Name: name, Chg: &domain.Chg{AuthInfo: &domain.AuthInfoChg{PW: value}},
		})
		no, refused := authcode.AsRefused(err)
		if !refused {
			return value, a, err
		}
		if strings.Contains(no.Text, value.Reveal()) {
			no.Text = "what the registry said is not shown: it quotes the code"
		}
		if chosen != "" || no.Code != code(epp.InvalidAuthInfo) || try == tries {
			return "", nil, no
		}
		p.opts.Log.Info("the registry refused a random code; it gets another", "domain", name, "try", try)
	}
}
