package openprovider

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/eppkit/eppkit/authcode/internal/httpcall"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// A LockUpdate is the answer to a change of the lock.
type LockUpdate struct {
	Status string
	// Extra are further fields of the data.
	Extra map[string]json.RawMessage
	Reply Reply
}

type lockRequest struct {
	IsLocked *boolean `json:"is_locked"`
}

type lockData struct {
	Status string `json:"status"`
}

func (*lockData) complete() bool { return true }

// UpdateLock locks or unlocks a domain. The error is a Refused or an *authcode.Error.
func (c *Client) UpdateLock(ctx context.Context, id int32, locked bool) (*LockUpdate, error) {
	lock := boolean(locked)
	var d lockData
	a, err := c.do(ctx, httpcall.Call{
		Op: "PUT domains/id", Method: http.MethodPut,
		Path: httpcall.Path("domains", idText(id)),
		Body: jsonwire.Append(lockRequest{IsLocked: &lock}),
	}, &d)
	if err != nil {
		return nil, err
	}
	return &LockUpdate{Status: d.Status, Extra: a.extra, Reply: a.Reply}, nil
}

// SetLock locks or unlocks a domain by its name.
func (c *Client) SetLock(ctx context.Context, domain string, locked bool) error {
	return c.named(ctx, domain, func(id int32, _ string) error {
		_, err := c.UpdateLock(ctx, id, locked)
		return err
	})
}
