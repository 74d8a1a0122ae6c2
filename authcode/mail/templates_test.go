package mail_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/mail"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

const plain = "Subject: Own {{.Domain}}\n\n{{.Code}}\n{{.Expires}}\n"

func TestTemplatesChoice(t *testing.T) {
	own, err := mail.LoadTemplates(fstest.MapFS{
		"registrant.en.txt":    file(plain),
		"registrant.pt-br.txt": file(strings.Replace(plain, "Own", "BR", 1)),
		"registrant.sk.txt":    file("\ufeff" + strings.ReplaceAll(strings.Replace(plain, "Own", "SK", 1), "\n", "\r\n")),
		"README.md":            file("not a template"),
	})
	require.NoError(t, err)
	const en, cs, nl = "Transfer code of ", "Kód pro převod domény ", "Verhuiscode van "
	for name, c := range map[string]struct {
		templates     *mail.Templates
		lang, courier string
		role          authcode.Recipient
		subject, tag  string
	}{
		"built in":                        {nil, "cs", "", authcode.Registrant, cs, "cs"},
		"region to language":              {nil, "cs-CZ", "", authcode.Admin, cs, "cs"},
		"script and region to language":   {nil, "nl-Latn-BE", "", authcode.Admin, nl, "nl"},
		"as POSIX writes it":              {nil, "nl_BE", "", authcode.Reseller, nl, "nl"},
		"none: English":                   {nil, "", "", authcode.Registrant, en, "en"},
		"unknown: English":                {nil, "eo", "", authcode.Registrant, en, "en"},
		"unknown: the courier's":          {nil, "eo", "nl-NL", authcode.Registrant, nl, "nl"},
		"unknown, and the courier's too":  {nil, "eo", "ia", authcode.Registrant, en, "en"},
		"nonsense":                        {nil, "-", "--", authcode.Registrant, en, "en"},
		"own":                             {own, "en-GB", "", authcode.Registrant, "Own ", "en"},
		"own, of a region":                {own, "pt-BR", "", authcode.Registrant, "BR ", "pt-br"},
		"own, of another region":          {own, "pt-PT", "", authcode.Registrant, "Own ", "en"},
		"own, with CRLF and a mark":       {own, "sk", "", authcode.Registrant, "SK ", "sk"},
		"built in beside own: a language": {own, "cs", "", authcode.Registrant, cs, "cs"},
		"built in beside own: a role":     {own, "en", "", authcode.Admin, en, "en"},
	} {
		l := letter()
		l.To.Lang, l.Role = c.lang, c.role
		data, err := compose(l, func(b *mail.Outbox) { b.Templates, b.Lang = c.templates, c.courier })
		require.NoError(t, err, name)
		got := parse(t, data)
		require.Equal(t, c.subject+"alpha.example", got.subject, name)
		require.Equal(t, c.tag, got.header.Get("Content-Language"), name)
	}
}

func TestTemplateFields(t *testing.T) {
	own, err := mail.LoadTemplates(fstest.MapFS{"admin.en.txt": file(
		"Subject: {{.Role}} {{.Domain}} {{.Expires}} {{.ExpiresAt.Year}}\n\n" +
			"{{.Role}} {{.Domain}} [{{.Name}}] [{{.Expires}}]\n{{.ExpiresAt.Format \"2. 1. 2006\"}}\n\n{{.Code}}",
	)})
	require.NoError(t, err)
	l := letter()
	l.Role, l.To.Lang = authcode.Admin, "en"
	data, err := compose(l, func(b *mail.Outbox) { b.Templates = own })
	require.NoError(t, err)
	got := parse(t, data)
	require.Equal(t, "admin alpha.example 2031-05-04 12:00 UTC 2031", got.subject)
	require.Equal(t, "admin alpha.example [Jana Malá] [2031-05-04 12:00 UTC]\n4. 5. 2031\n\n"+theCode, got.body)

	l.To.Name, l.Expires = "", time.Time{}
	data, err = compose(l, func(b *mail.Outbox) { b.Templates = own })
	require.NoError(t, err)
	require.Contains(t, parse(t, data).body, "admin alpha.example [] []\n")
}

// TestBuiltInTemplates: nothing is said of an end that a code does not have.
func TestBuiltInTemplates(t *testing.T) {
	for _, role := range authcode.Recipients {
		for _, lang := range []string{"en", "cs", "nl"} {
			l := letter()
			l.Role, l.To = role, authcode.Address{Email: jana.Email, Lang: lang}
			with, err := compose(l, nil)
			require.NoError(t, err)
			l.Expires = time.Time{}
			without, err := compose(l, nil)
			require.NoError(t, err)
			a, b := parse(t, with), parse(t, without)
			require.Equal(t, lang, a.header.Get("Content-Language"))
			require.Contains(t, a.body, "2031-05-04 12:00 UTC")
			require.NotContains(t, b.body, "UTC")
			require.Equal(t, strings.Count(a.body, "\n"), strings.Count(b.body, "\n")+1)
			for _, text := range []string{a.body, b.body} {
				require.Contains(t, text, "\n\n"+theCode+"\n\n")
				require.Contains(t, text, "alpha.example")
				require.NotContains(t, text, "\n\n\n")
				require.NotContains(t, text, ", ,")
			}
		}
	}
}

func TestLoadTemplatesRefuses(t *testing.T) {
	const head = "Subject: x\n\n"
	for name, c := range map[string]struct {
		file, text, want string
	}{
		"no role":                    {"en.txt", plain, "as in registrant.en.txt"},
		"another role":               {"registrat.en.txt", plain, "as in registrant.en.txt"},
		"no language":                {"admin.txt", plain, "as in registrant.en.txt"},
		"language in capitals":       {"admin.CS.txt", plain, "as in registrant.en.txt"},
		"one language more":          {"admin.cs.en.txt", plain, "as in registrant.en.txt"},
		"no subject":                 {"admin.en.txt", "{{.Code}}\n\n{{.Expires}}", "must begin with"},
		"no empty line":              {"admin.en.txt", "Subject: x\n{{.Code}} {{.Expires}}", "must begin with"},
		"another header":             {"admin.en.txt", "Subject: x\nBcc: a@b.example\n\n{{.Code}} {{.Expires}}", "must begin with"},
		"not UTF-8":                  {"admin.en.txt", "Subject: \xe9\n\n{{.Code}} {{.Expires}}", "must begin with"},
		"empty":                      {"admin.en.txt", "", "must begin with"},
		"no code":                    {"admin.en.txt", head + "{{.Expires}}", "does not show .Code"},
		"code with escapes":          {"admin.en.txt", head + "{{.Code | html}} {{.Expires}}", "does not show .Code"},
		"code in pieces":             {"admin.en.txt", head + "{{slice .Code 0 4}} {{slice .Code 4}} {{.Expires}}", "does not show .Code"},
		"code only for the named":    {"admin.en.txt", head + "{{if .Name}}{{.Code}}{{end}} {{.Expires}}", "does not show .Code"},
		"code only until it ends":    {"admin.en.txt", head + "{{if .Expires}}{{.Code}}{{end}} {{.Expires}}", "does not show .Code"},
		"no end":                     {"admin.en.txt", head + "{{.Code}}", "until when"},
		"that there is an end":       {"admin.en.txt", head + "{{.Code}} {{if .Expires}}It ends.{{end}}", "until when"},
		"end only for the named":     {"admin.en.txt", head + "{{.Code}} {{if .Name}}{{.Expires}}{{end}}", "until when"},
		"end only for the unnamed":   {"admin.en.txt", head + "{{.Code}} {{if not .Name}}{{.Expires}}{{end}}", "until when"},
		"another field":              {"admin.en.txt", head + "{{.Code}} {{.Expires}} {{.Password}}", "Password"},
		"another field, for some":    {"admin.en.txt", head + "{{.Code}} {{.Expires}} {{if .Name}}{{.Nick}}{{end}}", "Nick"},
		"broken":                     {"admin.en.txt", head + "{{.Code}", "bad character"},
		"broken for the unnamed":     {"admin.en.txt", head + "{{.Code}} {{.Expires}} {{slice .Name 1}}", "slice"},
		"broken subject":             {"admin.en.txt", "Subject: {{\n\n{{.Code}} {{.Expires}}", "subject"},
		"code in the subject":        {"admin.en.txt", "Subject: {{.Code}}\n\n{{.Code}} {{.Expires}}", "Code"},
		"name in the subject":        {"admin.en.txt", "Subject: {{.Name}}\n\n{{.Code}} {{.Expires}}", "Name"},
		"subject with a newline":     {"admin.en.txt", "Subject: {{\"a\\nBcc: b\"}}\n\n{{.Code}} {{.Expires}}", "line breaks"},
		"subject with a tab":         {"admin.en.txt", "Subject: a\tb\n\n{{.Code}} {{.Expires}}", "line breaks"},
		"subject, empty for an end":  {"admin.en.txt", "Subject: {{if .Expires}}x{{end}}\n\n{{.Code}} {{.Expires}}", "empty"},
		"subject of spaces":          {"admin.en.txt", "Subject:   \n\n{{.Code}} {{.Expires}}", "empty"},
		"a directory with this name": {"admin.en.txt/x", "", "admin.en.txt"},
	} {
		_, err := mail.LoadTemplates(fstest.MapFS{c.file: file(c.text)})
		require.ErrorContains(t, err, c.want, name)
	}
	_, err := mail.LoadTemplates(fstest.MapFS{"README": file("")})
	require.ErrorContains(t, err, "no templates")
}

// TestTemplateFailsForALetter: the error does not tell what the template was about.
func TestTemplateFailsForALetter(t *testing.T) {
	own, err := mail.LoadTemplates(fstest.MapFS{
		"admin.en.txt": file("Subject: x\n\n{{.Code}} {{.Expires}} {{slice .Code 12}}"),
		"admin.nl.txt": file("Subject: {{if eq .Domain \"alpha.example\"}}x{{else}}{{\"a\\nb\"}}{{end}}\n\n{{.Code}} {{.Expires}}"),
	})
	require.NoError(t, err)
	l := letter()
	l.Role, l.To.Lang, l.Code = authcode.Admin, "en", "23x"
	_, err = compose(l, func(b *mail.Outbox) { b.Templates = own })
	require.ErrorContains(t, err, "the template admin.en can't be carried out for this letter")
	requireDiscreet(t, err)
	l.To.Lang, l.Domain = "nl", "beta.example"
	_, err = compose(l, func(b *mail.Outbox) { b.Templates = own })
	require.ErrorContains(t, err, "the template admin.nl can't be carried out for this letter")
}
