package control

import (
	"net/http"
	"time"

	"github.com/eppkit/eppkit/mockserver/registry"
)

func mailRoutes() []route {
	return []route{{
		method: http.MethodGet, path: "/outbox", answer: Outbox{},
		query: []param{
			{"since", "integer", "The number of the last mail that is known already."},
			{"about", "string", "The handle or name of the object that the mail is about."},
			secretsParam,
		},
		says: "Read the mail that the registry would have sent, oldest first.",
		serve: func(x *call) (any, error) {
			since, err := x.number("since", 0, 1<<53)
			if err != nil {
				return nil, err
			}
			secrets, err := x.flag("secrets")
			if err != nil {
				return nil, err
			}
			box := x.mock.State.Outbox
			list := box.All()
			if about := x.args.Get("about"); about != "" {
				list = box.For(about)
			}
			out := Outbox{Mails: []Mail{}}
			for _, m := range list {
				if m.N > uint64(since) {
					out.Mails = append(out.Mails, mailOf(m, secrets))
				}
			}
			return out, nil
		},
	}}
}

// Outbox is mail that was not sent.
type Outbox struct {
	Mails []Mail `json:"mails"`
}

// Mail is one of them.
type Mail struct {
	Number      uint64       `json:"number"`
	At          time.Time    `json:"at"`
	To          []string     `json:"to"`
	About       registry.Ref `json:"about"`
	RequestedBy string       `json:"requestedBy"`
	AuthInfo    string       `json:"authInfo,omitempty"`
}

func mailOf(m registry.Mail, secrets bool) Mail {
	out := Mail{Number: m.N, At: m.At, To: m.To, About: m.About, RequestedBy: m.RequestedBy, AuthInfo: m.AuthInfo.String()}
	if secrets {
		out.AuthInfo = m.AuthInfo.Reveal()
	}
	return out
}
