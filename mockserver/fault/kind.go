package fault

import "slices"

// A Kind is what goes wrong. Its value is its name in files.
type Kind string

// Faults of the connection, before there is TLS: the client's certificate is not
// known yet. They may be matched by Connection and Remote alone.
const (
	Refuse                Kind = "refuse"
	AcceptDelay           Kind = "accept-delay"
	StallBeforeTLS        Kind = "stall-before-tls"
	StallInTLS            Kind = "stall-in-tls"
	ExpiredCertificate    Kind = "expired-certificate"
	EarlyCertificate      Kind = "not-yet-valid-certificate"
	WrongNameCertificate  Kind = "wrong-name-certificate"
	UntrustedCertificate  Kind = "untrusted-certificate"
	IncompleteCertificate Kind = "incomplete-certificate-chain"
	OldTLS                Kind = "old-tls"
)

// Faults of the connection's beginning, when TLS is established. They may also be
// matched by the session, and by the registrar that the Server made the client's
// certificate for.
const (
	StallBeforeGreeting Kind = "stall-before-greeting"
	LateGreeting        Kind = "late-greeting"
	MissingGreeting     Kind = "missing-greeting"
)

// Faults of the connection, at its beginning or, where the match says something of a
// command, at that command, which is then not executed.
const (
	Reset              Kind = "reset"
	CloseWithoutNotify Kind = "close-without-notify"
	HalfOpen           Kind = "half-open"
	Bandwidth          Kind = "bandwidth"
	OctetByOctet       Kind = "octet-by-octet"
	SmallRecords       Kind = "small-records"
)

// Faults of the frame that an answer is in. With the verb "greeting" they strike the
// greeting at the beginning of a connection.
const (
	Length0       Kind = "length-0"
	Length3       Kind = "length-3"
	Length4       Kind = "length-4"
	LengthMax     Kind = "length-max"
	LengthTooLong Kind = "length-too-long"
	LengthShort   Kind = "length-too-short"
	CutHeader     Kind = "cut-header"
	CutBody       Kind = "cut-body"
	TwoFrames     Kind = "two-frames"
	Garbage       Kind = "garbage"
	HTML          Kind = "html"
	WrongEncoding Kind = "wrong-encoding"
	Latin1        Kind = "latin-1"
)

// Faults of an answer.
const (
	Greeting         Kind = "greeting"
	Result           Kind = "result"
	ResultText       Kind = "result-text"
	WrongClTRID      Kind = "wrong-cltrid"
	MissingClTRID    Kind = "missing-cltrid"
	MissingSvTRID    Kind = "missing-svtrid"
	Duplicate        Kind = "duplicate"
	OutOfOrder       Kind = "out-of-order"
	OtherObject      Kind = "other-object"
	UnknownExtension Kind = "unknown-extension"
	UnknownElement   Kind = "unknown-element"
	ExtraResults     Kind = "extra-results"
	Slow             Kind = "slow"
	NoAnswer         Kind = "no-answer"
)

// Faults of what a command does.
const (
	CommitThenDrop   Kind = "commit-then-drop"
	DropBeforeCommit Kind = "drop-before-commit"
	CommitTwice      Kind = "commit-twice"
	StaleRead        Kind = "stale-read"
)

// A Point is a moment at which a server asks whether a fault strikes.
type Point int

// The points, in the order in which a connection meets them.
const (
	Connecting Point = iota // a connection was accepted
	Connected               // TLS is established, nothing was said yet
	Commanded               // a frame was read that was not looked at yet
)

// Info describes a Kind.
type Info struct {
	Kind Kind
	// Says is what the client sees.
	Says string
	// Needs and Takes are the parameters that must and that may be given, by
	// their keys in files.
	Needs, Takes []string

	point Point
	// either is for a fault that also strikes at the other of Connected and
	// Commanded.
	either bool
}

// Kinds describes all faults, in the order of the constants.
func Kinds() []Info { return slices.Clone(kinds) }

var (
	limit = []string{"delay"}
	octet = []string{"text", "size", "framed"}
)

var kinds = []Info{
	{Kind: Refuse, Says: "the connection is reset as soon as it was accepted"},
	{Kind: AcceptDelay, Needs: limit, Says: "TLS begins so much later"},
	{Kind: StallBeforeTLS, Takes: limit, Says: "the TCP connection is open, and nothing answers the ClientHello"},
	{Kind: StallInTLS, Takes: limit, Says: "after the first record, the ServerHello, nothing comes"},
	{Kind: ExpiredCertificate, Says: "the server's certificate has expired"},
	{Kind: EarlyCertificate, Says: "the server's certificate is not valid yet"},
	{Kind: WrongNameCertificate, Says: "the server's certificate is for another host"},
	{Kind: UntrustedCertificate, Says: "the server's certificate is from an authority nobody knows"},
	{Kind: IncompleteCertificate, Says: "the server's certificate is from an intermediate authority, which is left out"},
	{Kind: OldTLS, Says: "the server has TLS 1.0 and 1.1 alone"},

	{Kind: StallBeforeGreeting, point: Connected, Takes: limit, Says: "after the TLS handshake nothing comes"},
	{Kind: LateGreeting, point: Connected, Needs: limit, Says: "the greeting comes so much later"},
	{Kind: MissingGreeting, point: Connected, Says: "no greeting comes; commands are answered"},

	{Kind: Reset, point: Connected, either: true, Says: "the TCP connection is reset (RST)"},
	{Kind: CloseWithoutNotify, point: Connected, either: true, Says: "the TCP connection ends (FIN) without TLS's close_notify"},
	{Kind: HalfOpen, point: Connected, either: true, Takes: limit, Says: "the server neither reads nor writes any more, and keeps the connection"},
	{Kind: Bandwidth, point: Connected, either: true, Needs: []string{"rate"}, Says: "from here on so many octets come in a second"},
	{Kind: OctetByOctet, point: Connected, either: true, Says: "from here on each octet comes in a write, and a TLS record, of its own"},
	{Kind: SmallRecords, point: Connected, either: true, Takes: []string{"size"}, Says: "from here on no TLS record has more octets than size, or 16"},

	{Kind: Length0, point: Commanded, either: true, Says: "the header says 0"},
	{Kind: Length3, point: Commanded, either: true, Says: "the header says 3, less than its own length"},
	{Kind: Length4, point: Commanded, either: true, Says: "the header says 4: no document"},
	{Kind: LengthMax, point: Commanded, either: true, Says: "the header says 4294967295"},
	{Kind: LengthTooLong, point: Commanded, either: true, Takes: []string{"size"}, Says: "the header says more than comes, by size octets, or 1"},
	{Kind: LengthShort, point: Commanded, either: true, Takes: []string{"size"}, Says: "the header says less than comes, by size octets, or 1"},
	{Kind: CutHeader, point: Commanded, either: true, Says: "the connection ends after 2 octets of the header"},
	{Kind: CutBody, point: Commanded, either: true, Says: "the connection ends in the middle of the document"},
	{Kind: TwoFrames, point: Commanded, Takes: limit, Says: "the answer waits for the next one, and both come in one write; or it comes alone after the delay, or 1s"},
	{Kind: Garbage, point: Commanded, either: true, Takes: octet, Says: "size octets, or 64, that mean nothing, or the text; without a header unless framed"},
	{Kind: HTML, point: Commanded, either: true, Takes: []string{"framed"}, Says: "an HTTP error with an HTML page; when framed, the page in a frame"},
	{Kind: WrongEncoding, point: Commanded, either: true, Says: "the document is UTF-8 and declares UTF-16"},
	{Kind: Latin1, point: Commanded, either: true, Says: "the document declares UTF-8 and has Latin-1 letters"},

	{Kind: Greeting, point: Commanded, Says: "a greeting nobody asked for comes before the answer"},
	{Kind: Result, point: Commanded, Needs: []string{"code"}, Takes: []string{"text", "close", "commit"}, Says: "the answer has this result code and nothing else; the command is executed only with commit"},
	{Kind: ResultText, point: Commanded, Needs: []string{"text"}, Says: "the result's msg is another text"},
	{Kind: WrongClTRID, point: Commanded, Takes: []string{"text"}, Says: "the answer has the clTRID text, or wrong-clTRID"},
	{Kind: MissingClTRID, point: Commanded, Says: "the answer has no clTRID"},
	{Kind: MissingSvTRID, point: Commanded, Says: "the answer has no svTRID, against the schema"},
	{Kind: Duplicate, point: Commanded, Says: "the answer comes twice"},
	{Kind: OutOfOrder, point: Commanded, Takes: limit, Says: "the answer comes after the next one; or alone after the delay, or 1s"},
	{Kind: OtherObject, point: Commanded, Takes: []string{"text"}, Says: "the answer's data are said to be of the object text, or of one whose name begins with another letter"},
	{Kind: UnknownExtension, point: Commanded, Says: "the answer has an extension that no greeting announced"},
	{Kind: UnknownElement, point: Commanded, Says: "the answer's resData holds a further element of a namespace nobody knows"},
	{Kind: ExtraResults, point: Commanded, Says: "a further result, 2400, follows the answer's own"},
	{Kind: Slow, point: Commanded, Needs: limit, Says: "the command is executed, and answered so much later"},
	{Kind: NoAnswer, point: Commanded, Says: "the command is executed and not answered; the session goes on"},

	{Kind: CommitThenDrop, point: Commanded, Says: "the command is executed, and the connection ends instead of an answer"},
	{Kind: DropBeforeCommit, point: Commanded, Says: "the connection ends, and the command is not executed"},
	{Kind: CommitTwice, point: Commanded, Says: "the command is executed twice; the answer is that of the first time. What the first time has changed may refuse the second: a renew adds one period, for its curExpDate is over then"},
	{Kind: StaleRead, point: Commanded, Takes: []string{"stale"}, Says: "the command reads the state of so many commits ago, or 1"},
}

// info describes a kind; false when there is none of that name.
func (k Kind) info() (Info, bool) {
	i := slices.IndexFunc(kinds, func(i Info) bool { return i.Kind == k })
	if i < 0 {
		return Info{}, false
	}
	return kinds[i], true
}
