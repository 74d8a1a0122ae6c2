package mail

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"
	"unicode/utf8"

	"github.com/eppkit/eppkit/authcode"
)

// Templates are the texts of mail, one for each recipient and language.
//
// A text is a file ROLE.LANG.txt, as in registrant.en.txt: a line "Subject: ", an
// empty line, the body; UTF-8, as text/template has it. Its fields are
//
//	.Domain     the domain's name, in ASCII
//	.Code       the code; not in the subject
//	.Expires    until when the code is valid, as in "2031-05-04 12:00 UTC"; "" for no end
//	.ExpiresAt  the same, as a time.Time
//	.Name       the recipient's name, or ""; not in the subject
//	.Role       registrant, reseller or admin
//
// The body must have the code, and until when it is valid (RFC 9154, section 4.2).
//
// For a recipient whose language is cs-CZ it is the text in cs-cz, or else in cs, or
// else in the courier's language, or else in en. In each language a text of the user
// comes before the built-in one. So who replaces the texts of one language still has
// the built-in ones in the others.
type Templates struct {
	texts map[string]*text // by role.lang
}

type text struct {
	lang          string
	subject, body *template.Template
}

// fields are what a body can show.
type fields struct {
	Domain, Code, Expires, Name string
	ExpiresAt                   time.Time
	Role                        authcode.Recipient
}

// heading is what a subject can show: nothing secret, and nothing that the recipient
// has chosen.
type heading struct {
	Domain, Expires string
	ExpiresAt       time.Time
	Role            authcode.Recipient
}

// A written text is a template carried out.
type written struct{ lang, subject, body string }

//go:embed templates
var files embed.FS

var builtIn = sync.OnceValue(func() *Templates {
	dir, err := fs.Sub(files, "templates")
	if err != nil {
		panic(err)
	}
	t := &Templates{texts: map[string]*text{}}
	if err := t.load(dir); err != nil {
		panic(err)
	}
	return t
})

// LoadTemplates returns the built-in templates with those of a directory in place of
// them or beside them: of all its files that end in .txt. The error says which file
// is no template, or does not say what it must.
func LoadTemplates(dir fs.FS) (*Templates, error) {
	t := &Templates{texts: maps.Clone(builtIn().texts)}
	if err := t.load(dir); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *Templates) load(dir fs.FS) error {
	names, err := fs.Glob(dir, "*.txt")
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	if len(names) == 0 {
		return errors.New("mail: no templates in this directory")
	}
	for _, name := range names {
		content, err := fs.ReadFile(dir, name)
		if err != nil {
			return fmt.Errorf("mail: %w", err)
		}
		role, lang, ok := strings.Cut(strings.TrimSuffix(name, ".txt"), ".")
		if !ok || !slices.Contains(authcode.Recipients[:], authcode.Recipient(role)) || !languageTag(lang) {
			return fmt.Errorf("mail: template %s: its name should be as in registrant.en.txt", name)
		}
		x, err := parse(authcode.Recipient(role), lang, string(content))
		if err != nil {
			return fmt.Errorf("mail: template %s: %w", name, err)
		}
		t.texts[role+"."+lang] = x
	}
	return nil
}

// languageTag reports whether s looks like a tag of RFC 5646 in small letters.
func languageTag(s string) bool {
	return len(s) >= 2 && s[0] != '-' &&
		strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// parse reads a template and tries it, so that what is wrong with it comes out now and
// not with a letter.
func parse(role authcode.Recipient, lang, content string) (*text, error) {
	content = strings.ReplaceAll(strings.TrimPrefix(content, "\ufeff"), "\r\n", "\n")
	head, body, ok := strings.Cut(content, "\n\n")
	subject, found := strings.CutPrefix(head, "Subject: ")
	if !ok || !found || strings.Contains(head, "\n") || !utf8.ValidString(content) {
		return nil, errors.New(`it must begin with a line "Subject: ..." and an empty one, in UTF-8`)
	}
	x := &text{lang: lang}
	var err error
	if x.subject, err = template.New("subject").Parse(subject); err != nil {
		return nil, err
	}
	if x.body, err = template.New("body").Parse(body); err != nil {
		return nil, err
	}
	return x, x.try(role)
}

// sample is a code with the characters that are easily changed on the way.
const sample = `s4)*(&<"$'>%{\}=.`

// try carries a template out for made-up letters.
func (x *text) try(role authcode.Recipient) error {
	f := fields{Domain: "alpha.example", Code: sample, Role: role}
	var bodies []string
	for _, name := range []string{"", "Jana Malá"} {
		for _, until := range []time.Time{{}, time.Unix(1e9, 0), time.Unix(2e9, 0)} {
			f.Name, f.Expires, f.ExpiresAt = name, valid(until), until
			w, err := x.write(f)
			if err != nil {
				return err
			}
			if !strings.Contains(w.body, sample) {
				return errors.New("it does not show .Code as it is")
			}
			bodies = append(bodies, w.body)
		}
	}
	if bodies[1] == bodies[2] || bodies[4] == bodies[5] {
		return errors.New("it does not say until when the code is valid; show .Expires")
	}
	return nil
}

func (x *text) write(f fields) (written, error) {
	w := written{lang: x.lang}
	var b strings.Builder
	if err := x.subject.Execute(&b, heading{f.Domain, f.Expires, f.ExpiresAt, f.Role}); err != nil {
		return w, err
	}
	// One space in place of many: when a header is folded, they may be a line of their
	// own, which some take for the header's end.
	w.subject = strings.Join(strings.Fields(b.String()), " ")
	if w.subject == "" || strings.ContainsFunc(b.String(), breaking) {
		return w, errors.New("its subject is empty, or has line breaks or other control characters")
	}
	b.Reset()
	if err := x.body.Execute(&b, f); err != nil {
		return w, err
	}
	w.body = b.String()
	return w, nil
}

// write carries out the template for a role in the first of the languages in which
// there is one. The error tells nothing of the fields.
func (t *Templates) write(role authcode.Recipient, langs []string, f fields) (written, error) {
	for _, lang := range append(langs, "en") {
		lang = strings.ReplaceAll(strings.ToLower(lang), "_", "-")
		for lang != "" {
			if x, ok := t.texts[string(role)+"."+lang]; ok {
				w, err := x.write(f)
				if err != nil {
					// Its text may quote a field.
					err = fmt.Errorf("the template %s.%s can't be carried out for this letter", role, x.lang)
				}
				return w, err
			}
			lang = lang[:max(0, strings.LastIndexByte(lang, '-'))]
		}
	}
	return written{}, errors.New("there is no text for this recipient")
}
