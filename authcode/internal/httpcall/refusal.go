package httpcall

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/eppkit/eppkit/authcode"
)

// Foreign is the error of an answer that is not in the system's form: it comes from a
// server in front of the system, or from an address at which there is none. It may speak
// of the caller, and never of a domain: 401, 403 and 429 make a Refused, and all else an
// *authcode.Error. Of other statuses that authcode.ClassOfStatus has as 4xx nothing was
// done.
func (c *Caller) Foreign(q Call, r *Reply, err error) error {
	class, undone := authcode.ClassOfStatus(r.Status)
	switch r.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		class = authcode.Unauthorized
	case http.StatusTooManyRequests:
	default:
		return c.Error(q, r, !q.Safe && (!undone || r.Status >= 500), err)
	}
	return authcode.Refused{
		Class: class, Code: strconv.Itoa(r.Status), Retryable: class == authcode.RateLimited,
		HTTPStatus: r.Status, Body: r.Body,
	}
}

// Login is the error of a login, to which r is the answer. A Refused is of the caller
// alone, since the call that wanted the session takes it for its own: that of a domain
// would be wrong.
func (c *Caller) Login(q Call, r *Reply, err error) error {
	no, refused := authcode.AsRefused(err)
	if !refused {
		return err
	}
	switch no.Class {
	case authcode.Unauthorized, authcode.RateLimited, authcode.Unavailable:
		return err
	case authcode.NotYours, authcode.Denied:
		no.Class = authcode.Unauthorized
		return no
	}
	return c.Error(q, r, false, fmt.Errorf("refused (%s)", no.Class)) // its text is the system's
}
