package authcode

import "net/http"

// The HTTP statuses of refusals, for interfaces that document none. Several classes
// share a status; the first of them is what it is read as.
var statuses = [...]struct {
	class  Class
	status int
}{
	{Invalid, http.StatusBadRequest},
	{Unauthorized, http.StatusUnauthorized},
	{NotYours, http.StatusForbidden},
	{Denied, http.StatusForbidden},
	{NotFound, http.StatusNotFound},
	{Busy, http.StatusConflict},
	{Unset, http.StatusConflict},
	{Unsupported, http.StatusUnprocessableEntity},
	{NoCodes, http.StatusUnprocessableEntity},
	{Locked, http.StatusLocked},
	{Failed, http.StatusFailedDependency},
	{Undeliverable, http.StatusFailedDependency},
	{RateLimited, http.StatusTooManyRequests},
	{Unavailable, http.StatusServiceUnavailable},
}

// statusClientGone is nginx's 499: who asked did not wait for the answer.
const statusClientGone = 499

// HTTPStatus is the status of a refusal where the interface does not say.
func (c Class) HTTPStatus() int {
	for _, s := range statuses {
		if s.class == c {
			return s.status
		}
	}
	return http.StatusBadRequest
}

// ClassOfStatus is the class of a 4xx status, and of 503, where the interface does not
// say more. Other statuses are no refusals: it is false for them, and for 408 and 499,
// with which servers in between end what took too long.
func ClassOfStatus(status int) (Class, bool) {
	if status == http.StatusRequestTimeout || status == statusClientGone {
		return "", false
	}
	for _, s := range statuses {
		if s.status == status {
			return s.class, true
		}
	}
	return Invalid, status >= 400 && status < 500
}
