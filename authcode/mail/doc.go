// Package mail brings transfer codes to their holders by mail.
//
// [SMTP] is the [authcode.Courier] for use: it hands each letter to a mail server,
// over TLS alone, for a code may travel only encrypted (RFC 9154, section 4.3).
// [Outbox] is the Courier for tests and for trying out: it keeps the letters.
//
// Both write the same mail, from [Templates] in the recipient's language. They are
// built in for en, cs and nl, and LoadTemplates reads others from files:
//
//	Subject: The code of {{.Domain}}
//
//	{{.Code}} is the code of {{.Domain}}.
//	{{with .Expires}}It is valid until {{.}}.{{end}}
package mail
