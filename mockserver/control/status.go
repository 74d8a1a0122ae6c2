package control

import (
	"context"
	"net/http"
	"time"
)

func statusRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: "/status", answer: Status{},
			says: "Tell where the registry listens, its time, and how much it holds.",
			serve: func(x *call) (any, error) {
				m := x.mock
				s := Status{
					TenantInfo: infoOf(m), Time: m.State.Now(), Changes: m.State.View(nil).Commit(),
					Sessions: m.Server.SessionCounts(), Records: make(map[string]int),
				}
				for _, t := range m.State.Tables() {
					s.Records[t] = m.State.CountRecords(t)
				}
				return s, nil
			},
		},
		{
			method: http.MethodPost, path: "/reset",
			says: "Go back to the beginning: drop the connections, and clear all that was changed, queued, sent, recorded, saved, or set to go wrong.",
			serve: func(x *call) (any, error) {
				ctx, cancel := context.WithTimeout(x.Context(), dropTime)
				defer cancel()
				return nil, x.mock.Server.Reset(ctx)
			},
		},
		{
			method: http.MethodDelete, path: "/sessions",
			says: "Cut all connections.",
			serve: func(x *call) (any, error) {
				ctx, cancel := context.WithTimeout(x.Context(), dropTime)
				defer cancel()
				return nil, x.mock.Server.Drop(ctx)
			},
		},
		{
			method: http.MethodGet, path: "/ca.pem", raw: "application/x-pem-file", answer: "",
			says: "Get the certificate of the authority that made the server's.",
			serve: func(x *call) (any, error) {
				x.w.Header().Set("Content-Type", "application/x-pem-file")
				_, _ = x.w.Write(x.mock.Server.CAPEM())
				return "", nil
			},
		},
		{
			method: http.MethodPost, path: "/certificates", body: CertificateFor{}, answer: Certificate{},
			says: "Make a client certificate for a registrar, with its key.",
			serve: func(x *call) (any, error) {
				var q CertificateFor
				if err := x.decode(&q); err != nil {
					return nil, err
				}
				if q.ClID == "" {
					return nil, &problem{http.StatusBadRequest, "clID", "is missing"}
				}
				cert, key, err := x.mock.Server.ClientPEM(q.ClID)
				return Certificate{string(cert), string(key)}, err
			},
		},
	}
}

// dropTime is how long a command in progress is waited for.
const dropTime = 10 * time.Second

// Status is how a registry is.
type Status struct {
	TenantInfo
	Time time.Time `json:"time"`
	// Changes counts what has changed the registry.
	Changes uint64 `json:"changes"`
	// Sessions are those open, by registrar.
	Sessions map[string]int `json:"sessions"`
	// Records are how many each table has.
	Records map[string]int `json:"records"`
}

// CertificateFor is whom a certificate is for.
type CertificateFor struct {
	ClID string `yaml:"clID" json:"clID"`
}

// Certificate is one with its key, as PEM.
type Certificate struct {
	Certificate string `json:"certificate"`
	Key         string `json:"key"`
}
