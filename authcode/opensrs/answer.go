package opensrs

import (
	"errors"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/authcode"
)

// An Answer is what every request gets.
type Answer struct {
	Protocol string // XCP
	Action   string // reply, in any case
	Object   string // of the request, in any case
	// IsSuccess says that the request was carried out or, with the ResponseCode
	// 250, that it was accepted and goes on.
	IsSuccess    bool
	ResponseCode string
	ResponseText string
	Attributes   Assoc
	// Extra are the items of which the document says nothing.
	Extra      Assoc
	HTTPStatus int
	Body       authcode.Body
}

// Pending reports whether the request was accepted and is not carried out yet.
func (a *Answer) Pending() bool { return a.IsSuccess && a.ResponseCode == codePending }

// TransactionID is the item transaction_id, among the attributes or beside them; "" for
// none.
func (a *Answer) TransactionID() string {
	if id := a.Attributes.Word("transaction_id"); id != "" {
		return id
	}
	return a.Extra.Word("transaction_id")
}

// AuthInfo is the answer to DomainAuthInfo.
type AuthInfo struct {
	*Answer
	DomainAuthInfo authcode.Secret // "" for a domain that has none
}

// Status is the answer to LockState.
type Status struct {
	*Answer
	LockState bool // transfers are forbidden
	// CanModify says whether SetLockState may change that, as far as the attribute
	// can_modify tells.
	CanModify authcode.Truth
}

var (
	errContradiction = errors.New("is_success and response_code contradict each other, or one is missing")
	errNoReply       = errors.New("the answer is no reply of XCP")
	errMissing       = errors.New("the answer lacks the attribute that was asked for")
	errInternal      = errors.New("an internal error, before the request was carried out or after it")
	errAccepted      = errors.New("the request was accepted and goes on")
)

// readAnswer reads an answer. It is an error when the answer says neither yes nor no,
// or both.
func readAnswer(doc []byte) (*Answer, error) {
	e, err := Read(doc)
	if err != nil {
		return nil, err
	}
	d := e.Data
	attributes, _ := d.Get("attributes")
	a := &Answer{
		Protocol: d.Word("protocol"), Action: d.Word("action"), Object: d.Word("object"),
		ResponseCode: d.Word("response_code"), ResponseText: d.Word("response_text"),
		Attributes: attributes.Assoc,
		Extra: d.without("protocol", "action", "object", "is_success", "response_code",
			"response_text", "attributes"),
		Body: doc,
	}
	if a.Action != "" && !strings.EqualFold(a.Action, "reply") {
		return nil, errNoReply
	}
	success := strings.ToLower(d.Word("is_success"))
	yes := slices.Contains([]string{"1", "true"}, success)
	no := slices.Contains([]string{"0", "false"}, success)
	switch done := a.ResponseCode == codeDone || a.ResponseCode == codePending; {
	case yes && done:
		a.IsSuccess = true
	case no && !done:
	case success == "" && a.ResponseCode >= "3": // no code of a success begins so
	default:
		return nil, errContradiction
	}
	return a, nil
}
