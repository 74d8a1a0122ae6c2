package main

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/loginsec"
)

// unquote takes the passwords out of the words of an answer to a login.
func unquote(r *epp.Response, cred *client.Credentials) {
	if r == nil {
		return
	}
	unquoteResults(r.Results, cred)
	r.Frame = withoutPasswords(r.Frame, cred)
	for _, e := range r.Extension {
		if data, ok := e.(*loginsec.LoginSecData); ok {
			for i := range data.Events {
				ev := &data.Events[i]
				for _, s := range []*string{&ev.Type, &ev.Name, &ev.Value, &ev.Text} {
					*s = withoutPasswords(*s, cred)
				}
			}
		}
	}
}

func unquoteResults(results []epp.Result, cred *client.Credentials) {
	for i := range results {
		results[i].Msg.Text = withoutPasswords(results[i].Msg.Text, cred)
		for _, v := range results[i].Values {
			if v.Reason != nil {
				v.Reason.Text = withoutPasswords(v.Reason.Text, cred)
			}
		}
	}
}

// withoutPasswords is a text, or a document, in which the passwords of a login are
// replaced, however the white space in them is laid out. The longer goes first: the other
// one may be a part of it.
func withoutPasswords[T ~string | ~[]byte](s T, cred *client.Credentials) T {
	pws := []string{string(cred.PW), string(cred.NewPW)}
	slices.SortFunc(pws, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, pw := range pws {
		if words := strings.Fields(pw); len(words) > 0 {
			for i := range words {
				words[i] = inXML.Replace(regexp.QuoteMeta(words[i]))
			}
			s = T(regexp.MustCompile(strings.Join(words, space)).ReplaceAllString(string(s), epp.Redacted))
		}
	}
	return s
}

// space finds white space, as XML may have it, too.
const space = `(?:\s|&#0*(?:9|10|13|32|x0*(?:9|[aA]|[dD]|20));)+`

// inXML makes an expression that finds what XML may have in place of a character, too.
var inXML = strings.NewReplacer(
	"&", "(?:&amp;|&#38;|&#x26;|&)", "<", "(?:&lt;|&#60;|&#x3[cC];|<)", ">", "(?:&gt;|&#62;|&#x3[eE];|>)",
	`"`, `(?:&quot;|&#34;|&#x22;|")`, "'", "(?:&apos;|&#39;|&#x27;|')",
)
