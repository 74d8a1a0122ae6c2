package mail_test

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/mail"
)

// parsed is a mail as its reader sees it.
type parsed struct {
	header  netmail.Header
	subject string
	body    string
}

func parse(t require.TestingT, data string) parsed {
	m, err := netmail.ReadMessage(strings.NewReader(data))
	require.NoError(t, err)
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "text/plain", kind)
	require.Equal(t, "utf-8", strings.ToLower(params["charset"]))
	require.Equal(t, "quoted-printable", m.Header.Get("Content-Transfer-Encoding"))
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	require.NoError(t, err)
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	require.NoError(t, err)
	return parsed{m.Header, subject, strings.ReplaceAll(string(body), "\r\n", "\n")}
}

// compose is the mail of a letter, as an Outbox keeps it.
func compose(l authcode.Letter, change func(*mail.Outbox)) (string, error) {
	box := &mail.Outbox{From: from, Now: func() time.Time { return noon }}
	if change != nil {
		change(box)
	}
	if err := box.Deliver(context.Background(), l); err != nil {
		return "", err
	}
	k, _ := box.Last()
	return string(k.Mail), nil
}

func TestMail(t *testing.T) {
	data, err := compose(letter(), func(b *mail.Outbox) { b.Random = strings.NewReader("0123456789abcdef") })
	require.NoError(t, err)
	got := parse(t, data)
	require.Equal(t, "Kód pro převod domény alpha.example", got.subject)
	want := map[string]string{
		"From":           `"Eppkit Hostmaster" <hostmaster@reg.example>`,
		"To":             "=?utf-8?q?Jana_Mal=C3=A1?= <jana@lipa.example>",
		"Date":           "Sun, 04 May 2031 12:00:00 +0000",
		"Message-Id":     "<30313233343536373839616263646566@reg.example>",
		"Auto-Submitted": "auto-generated", "Mime-Version": "1.0", "Content-Language": "cs",
	}
	for name, value := range want {
		require.Equal(t, value, got.header.Get(name))
	}
	// Nothing else: no program's name, no machine's, nothing that tracks.
	require.ElementsMatch(t, append(slices.Collect(keys(want)), "Subject", "Content-Type", "Content-Transfer-Encoding"),
		slices.Collect(keys(got.header)))
	require.Contains(t, got.body, "Dobrý den, Jana Malá,\n")
	require.Contains(t, got.body, "\n"+theCode+"\n")
	require.Contains(t, got.body, "Kód platí do 2031-05-04 12:00 UTC.\n")
	for line := range strings.SplitSeq(data, "\r\n") {
		require.LessOrEqual(t, len(line), 78)
		require.NotContains(t, line, "\n")
	}
}

func keys[M ~map[string]V, V any](m M) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func TestCodesSurvive(t *testing.T) {
	for _, code := range []string{
		`23)9W*(zHLBCEwg4`, `)*(&<"$'`, "a=b=3D=", "příliš žluťoučký", "コード-42", "🔑key", ".", "..", "From me", "--",
		" lead and trail ", "a  b", "{{.Domain}}", "%s%d", `\r\n`, "=?utf-8?q?x?=", strings.Repeat("W9)", 85), strings.Repeat("é", 200),
	} {
		for _, role := range authcode.Recipients {
			for _, lang := range []string{"en", "cs", "nl"} {
				l := letter()
				l.Code, l.Role, l.To.Lang = authcode.Secret(code), role, lang
				data, err := compose(l, nil)
				require.NoError(t, err, code)
				require.Contains(t, strings.Split(parse(t, data).body, "\n"), code)
			}
		}
	}
}

// TestHostileLetters: nothing in a letter makes a header, a recipient or a command.
func TestHostileLetters(t *testing.T) {
	const inject = "\r\nBcc: eve@evil.example"
	for name, c := range map[string]struct {
		change func(*authcode.Letter)
		want   string // the error; or none, and then
		name   string // is how the recipient is called
	}{
		"name with a header":         {func(l *authcode.Letter) { l.To.Name = "Jana" + inject }, "", "Jana Bcc: eve@evil.example"},
		"name with a lone LF":        {func(l *authcode.Letter) { l.To.Name = "Jana\nBcc: eve@evil.example" }, "", "Jana Bcc: eve@evil.example"},
		"name with a lone CR":        {func(l *authcode.Letter) { l.To.Name = "Jana\rX" }, "", "Jana X"},
		"name with NEL, LS, PS, NUL": {func(l *authcode.Letter) { l.To.Name = "a\u0085b\u2028c\u2029d\x00e" }, "", "a b c d e"},
		"name that turns around":     {func(l *authcode.Letter) { l.To.Name = "a\u202eb" }, "", "a b"},
		"name with quotes":           {func(l *authcode.Letter) { l.To.Name = `"Jana" <eve@evil.example>, \ "` }, "", `"Jana" <eve@evil.example>, \ "`},
		"name with a comment":        {func(l *authcode.Letter) { l.To.Name = "Jana (x), eve@evil.example" }, "", "Jana (x), eve@evil.example"},
		"name that looks encoded":    {func(l *authcode.Letter) { l.To.Name = "=?utf-8?q?=0ABcc:?=" }, "", "=?utf-8?q?=0ABcc:?="},
		"name beyond ASCII":          {func(l *authcode.Letter) { l.To.Name = "Žofie Červenková, \"s.r.o.\"" }, "", "Žofie Červenková, \"s.r.o.\""},
		"name that is not UTF-8":     {func(l *authcode.Letter) { l.To.Name = "Jan\xff" }, "", "Jan"},
		"name of spaces":             {func(l *authcode.Letter) { l.To.Name = strings.Repeat(" ", 300) + "x" }, "", "x"},
		"name of a thousand":         {func(l *authcode.Letter) { l.To.Name = strings.Repeat("ž", 1000) }, "", strings.Repeat("ž", 1000)},
		"name with templates":        {func(l *authcode.Letter) { l.To.Name = "{{.Code}}" }, "", "{{.Code}}"},

		"address with a header":     {func(l *authcode.Letter) { l.To.Email += inject }, "not one", ""},
		"address with a newline":    {func(l *authcode.Letter) { l.To.Email += "\n" }, "not one", ""},
		"address with a command":    {func(l *authcode.Letter) { l.To.Email = "a@b.example>\r\nRCPT TO:<eve@evil.example" }, "not one", ""},
		"address with a parameter":  {func(l *authcode.Letter) { l.To.Email = "a@b.example> NOTIFY=NEVER" }, "not one", ""},
		"two addresses":             {func(l *authcode.Letter) { l.To.Email = "a@b.example,eve@evil.example" }, "not one", ""},
		"a group":                   {func(l *authcode.Letter) { l.To.Email = "g:a@b.example;" }, "not one", ""},
		"address with a name":       {func(l *authcode.Letter) { l.To.Email = "Jana <a@b.example>" }, "not one", ""},
		"address in brackets":       {func(l *authcode.Letter) { l.To.Email = "<a@b.example>" }, "not one", ""},
		"address with a comment":    {func(l *authcode.Letter) { l.To.Email = "a@b.example (c)" }, "not one", ""},
		"address in quotes":         {func(l *authcode.Letter) { l.To.Email = `"a b"@c.example` }, "not one", ""},
		"address half in quotes":    {func(l *authcode.Letter) { l.To.Email = `"a"@c.example` }, "not one", ""},
		"address with a remark":     {func(l *authcode.Letter) { l.To.Email = "a(b)@c.example" }, "not one", ""},
		"address with NUL":          {func(l *authcode.Letter) { l.To.Email = "a\x00@b.example" }, "not one", ""},
		"address with NEL":          {func(l *authcode.Letter) { l.To.Email = "a\u0085@b.example" }, "not one", ""},
		"address with a wide space": {func(l *authcode.Letter) { l.To.Email = "a\u3000b@c.example" }, "not one", ""},
		"address of no host":        {func(l *authcode.Letter) { l.To.Email = "a@é_.example" }, "not one", ""},
		"address of a path":         {func(l *authcode.Letter) { l.To.Email = "a@b/c.example" }, "not one", ""},
		"address of a number":       {func(l *authcode.Letter) { l.To.Email = "a@[192.0.2.1]" }, "not one", ""},
		"no address":                {func(l *authcode.Letter) { l.To.Email = "" }, "not one", ""},

		"domain with a header": {func(l *authcode.Letter) { l.Domain += inject }, "canonical", ""},
		"domain in capitals":   {func(l *authcode.Letter) { l.Domain = "Alpha.example" }, "canonical", ""},
		"domain with a path":   {func(l *authcode.Letter) { l.Domain = "../alpha.example" }, "canonical", ""},
		"no domain":            {func(l *authcode.Letter) { l.Domain = "" }, "canonical", ""},
		"no code":              {func(l *authcode.Letter) { l.Code = "" }, "code is empty", ""},
		"code with lines":      {func(l *authcode.Letter) { l.Code = "23x\r\nYou have won" }, "control characters", ""},
		"code not UTF-8":       {func(l *authcode.Letter) { l.Code = "23x\xff" }, "control characters", ""},
		"role of nobody":       {func(l *authcode.Letter) { l.Role = "tech" }, "no text for this recipient", ""},
		"no role":              {func(l *authcode.Letter) { l.Role = "" }, "no text for this recipient", ""},
		"role with a path":     {func(l *authcode.Letter) { l.Role = "../registrant" }, "no text for this recipient", ""},
		"language with a path": {func(l *authcode.Letter) { l.To.Lang = "../cs\r\nBcc: x" }, "", "Jana Malá"},
	} {
		t.Run(name, func(t *testing.T) {
			l := letter()
			c.change(&l)
			data, err := compose(l, nil)
			if c.want != "" {
				require.ErrorContains(t, err, c.want)
				require.True(t, authcode.SafeToRetry(err))
				require.NotContains(t, err.Error(), "23x")
				require.NotContains(t, err.Error(), "@")
				return
			}
			require.NoError(t, err)
			requireOneRecipient(t, data, l.To.Email, c.name)
		})
	}
}

// requireOneRecipient holds that a mail has the headers that all have, and no more.
func requireOneRecipient(t require.TestingT, data, email, name string) {
	got := parse(t, data)
	to, err := netmail.ParseAddressList(got.header.Get("To"))
	require.NoError(t, err)
	require.Equal(t, []*netmail.Address{{Name: name, Address: email}}, to)
	require.Equal(t, []string{
		"Auto-Submitted", "Content-Language", "Content-Transfer-Encoding", "Content-Type", "Date", "From",
		"Message-Id", "Mime-Version", "Subject", "To",
	}, slices.Sorted(keys(got.header)))
	for name, values := range got.header {
		require.Len(t, values, 1, name)
	}
	header, _, _ := strings.Cut(data, "\r\n\r\n")
	require.False(t, strings.ContainsFunc(strings.ReplaceAll(header, "\r\n", ""), unicode.IsControl))
}

func TestMessageIDNeedsRandomness(t *testing.T) {
	broken := errors.New("the generator is broken")
	_, err := compose(letter(), func(b *mail.Outbox) { b.Random = iotest.ErrReader(broken) })
	require.ErrorIs(t, err, broken)
	one, err := compose(letter(), nil)
	require.NoError(t, err)
	other, err := compose(letter(), nil)
	require.NoError(t, err)
	require.NotEqual(t, parse(t, one).header.Get("Message-Id"), parse(t, other).header.Get("Message-Id"))
}

func FuzzLetter(f *testing.F) {
	f.Add("Jana", "jana@lipa.example", "alpha.example", theCode, "cs")
	f.Add("a\r\nBcc: x@y", "a@b.example\r\n", "a\n.example", "\r\n.\r\n", "en\n")
	f.Add("=?utf-8?b?Cg==?=", "ž@š.example", "xn--a.example", "=0A", "nl_NL")
	f.Add(strings.Repeat(" ", 80)+"\"", "\"a\"@b.example", "alpha.example", ".", "")
	f.Fuzz(func(t *testing.T, name, email, domain, code, lang string) {
		l := authcode.Letter{
			To:   authcode.Address{Name: name, Email: email, Lang: lang},
			Role: authcode.Admin, Domain: domain, Code: authcode.Secret(code), Expires: noon,
		}
		data, err := compose(l, nil)
		if err != nil {
			require.True(t, authcode.SafeToRetry(err))
			return
		}
		got := parse(t, data)
		to, err := netmail.ParseAddressList(got.header.Get("To"))
		require.NoError(t, err)
		require.Len(t, to, 1)
		requireOneRecipient(t, data, to[0].Address, to[0].Name)
		require.Contains(t, strings.Split(got.body, "\n"), code)
	})
}
