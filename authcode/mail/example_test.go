package mail_test

import (
	"context"
	"fmt"
	netmail "net/mail"
	"strings"
	"testing/fstest"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/mail"
)

// What a mail will look like can be tried with an Outbox and one's own templates, which
// os.DirFS reads from files.
func Example() {
	templates, err := mail.LoadTemplates(fstest.MapFS{"registrant.en.txt": {Data: []byte(`Subject: Moving {{.Domain}}

Dear {{with .Name}}{{.}}{{else}}holder{{end}},
the code is {{.Code}}
{{if .Expires}}Use it before {{.Expires}}.{{end}}
`)}})
	if err != nil {
		fmt.Println(err)
		return
	}
	box := &mail.Outbox{Templates: templates, Now: func() time.Time { return time.Unix(1.9e9, 0) }}
	err = box.Deliver(context.Background(), authcode.Letter{
		To:   authcode.Address{Name: "Hana Lípová", Email: "hana@lipa.example"},
		Role: authcode.Registrant, Domain: "alpha.example",
		Code: "Kq7+pepper", Expires: time.Unix(1.9e9, 0).Add(24 * time.Hour),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	kept, _ := box.Last()
	fmt.Println(kept.To, kept.Code)
	m, err := netmail.ReadMessage(strings.NewReader(string(kept.Mail)))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Header.Get("Subject"))
	// Output:
	// h*****@l*****.* [redacted]
	// Moving alpha.example
}
