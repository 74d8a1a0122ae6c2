package epp

import "fmt"

// A Code is a result code (RFC 5730, section 3). It is an error of its own kind,
// so that a caller can ask errors.Is(err, epp.ObjectExists).
type Code uint16

// The result codes of RFC 5730, section 3.
const (
	Success                      Code = 1000
	ActionPending                Code = 1001
	NoMessages                   Code = 1300
	AckToDequeue                 Code = 1301
	EndingSession                Code = 1500
	UnknownCommand               Code = 2000
	CommandSyntaxError           Code = 2001
	CommandUseError              Code = 2002
	RequiredParameterMissing     Code = 2003
	ParameterRangeError          Code = 2004
	ParameterSyntaxError         Code = 2005
	UnimplementedVersion         Code = 2100
	UnimplementedCommand         Code = 2101
	UnimplementedOption          Code = 2102
	UnimplementedExtension       Code = 2103
	BillingFailure               Code = 2104
	NotEligibleForRenewal        Code = 2105
	NotEligibleForTransfer       Code = 2106
	AuthenticationError          Code = 2200
	AuthorizationError           Code = 2201
	InvalidAuthInfo              Code = 2202
	ObjectPendingTransfer        Code = 2300
	ObjectNotPendingTransfer     Code = 2301
	ObjectExists                 Code = 2302
	ObjectDoesNotExist           Code = 2303
	StatusProhibitsOperation     Code = 2304
	AssociationProhibitsOp       Code = 2305
	ParameterPolicyError         Code = 2306
	UnimplementedObjectService   Code = 2307
	DataManagementPolicyViolated Code = 2308
	CommandFailed                Code = 2400
	CommandFailedClosing         Code = 2500
	AuthenticationErrorClosing   Code = 2501
	SessionLimitExceeded         Code = 2502
)

var codeTexts = map[Code]string{
	Success:                      "Command completed successfully",
	ActionPending:                "Command completed successfully; action pending",
	NoMessages:                   "Command completed successfully; no messages",
	AckToDequeue:                 "Command completed successfully; ack to dequeue",
	EndingSession:                "Command completed successfully; ending session",
	UnknownCommand:               "Unknown command",
	CommandSyntaxError:           "Command syntax error",
	CommandUseError:              "Command use error",
	RequiredParameterMissing:     "Required parameter missing",
	ParameterRangeError:          "Parameter value range error",
	ParameterSyntaxError:         "Parameter value syntax error",
	UnimplementedVersion:         "Unimplemented protocol version",
	UnimplementedCommand:         "Unimplemented command",
	UnimplementedOption:          "Unimplemented option",
	UnimplementedExtension:       "Unimplemented extension",
	BillingFailure:               "Billing failure",
	NotEligibleForRenewal:        "Object is not eligible for renewal",
	NotEligibleForTransfer:       "Object is not eligible for transfer",
	AuthenticationError:          "Authentication error",
	AuthorizationError:           "Authorization error",
	InvalidAuthInfo:              "Invalid authorization information",
	ObjectPendingTransfer:        "Object pending transfer",
	ObjectNotPendingTransfer:     "Object not pending transfer",
	ObjectExists:                 "Object exists",
	ObjectDoesNotExist:           "Object does not exist",
	StatusProhibitsOperation:     "Object status prohibits operation",
	AssociationProhibitsOp:       "Object association prohibits operation",
	ParameterPolicyError:         "Parameter value policy error",
	UnimplementedObjectService:   "Unimplemented object service",
	DataManagementPolicyViolated: "Data management policy violation",
	CommandFailed:                "Command failed",
	CommandFailedClosing:         "Command failed; server closing connection",
	AuthenticationErrorClosing:   "Authentication error; server closing connection",
	SessionLimitExceeded:         "Session limit exceeded; server closing connection",
}

// Text is the standard's English text of the code, or "" for a code that the
// standard does not have.
func (c Code) Text() string { return codeTexts[c] }

// Known reports whether the standard has the code.
func (c Code) Known() bool { return codeTexts[c] != "" }

// OK reports whether the code says that the command succeeded: 1000 to 1999.
func (c Code) OK() bool { return c >= 1000 && c < 2000 }

// Closes reports whether the server closes the connection after an answer with
// this code: 1500, 2500, 2501 and 2502, and any other x5xx (RFC 5730, section 2,
// figure 1).
func (c Code) Closes() bool { return c/100%10 == 5 }

// Error makes the code usable with errors.Is.
func (c Code) Error() string {
	if t := c.Text(); t != "" {
		return fmt.Sprintf("epp: %04d %s", uint16(c), t)
	}
	return fmt.Sprintf("epp: %04d", uint16(c))
}
