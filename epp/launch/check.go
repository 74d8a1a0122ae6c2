package launch

import "github.com/eppkit/eppkit/epp"

// The forms of a [Check] (RFC 8334, section 3.1).
const (
	CheckClaims    = "claims"    // does a mark match, in a phase? The default
	CheckAvail     = "avail"     // can a name be had in a phase?
	CheckTrademark = "trademark" // does a mark match, whatever the phase?
)

// Check extends the check of domains. The answer to CheckAvail is that of the check;
// the others are answered with [ChkData] alone, and say nothing of availability.
type Check struct {
	Type  string // one of the Check constants; "" is CheckClaims
	Phase *Phase // nil for CheckTrademark
}

// XMLName is launch:check.
func (*Check) XMLName() epp.Name { return epp.Name{Space: NS, Local: "check"} }

// AnswerOptional reports whether the check of domains is answered without its own data.
func (m *Check) AnswerOptional() bool { return m.Type != CheckAvail }

// Fields walks the content of <launch:check>.
func (m *Check) Fields(x *epp.Codec) {
	if x.OptAttr("type", epp.Token(&m.Type)) {
		x.Check(m.Type == CheckClaims || m.Type == CheckAvail || m.Type == CheckTrademark,
			"@type", "must be claims, avail or trademark")
	}
	epp.Maybe(x, "phase", &m.Phase)
}

// ChkData says of each name whether a mark matches it.
type ChkData struct {
	Phase *Phase // that of the check
	CD    []CD
}

// XMLName is launch:chkData.
func (*ChkData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "chkData"} }

// Fields walks the content of <launch:chkData>.
func (m *ChkData) Fields(x *epp.Codec) {
	epp.Maybe(x, "phase", &m.Phase)
	epp.Each(x, "cd", &m.CD)
	x.NotEmpty(len(m.CD), "cd")
}

// CD is what [ChkData] says of one name.
type CD struct {
	Name      string
	Exists    bool       // a mark matches
	ClaimKeys []ClaimKey // to ask for the claims with
}

// Fields walks the content of <launch:cd>.
func (m *CD) Fields(x *epp.Codec) {
	epp.Verdict(x, "name", &m.Name, "exists", &m.Exists)
	x.Length("name", m.Name, 1, 255)
	epp.Each(x, "claimKey", &m.ClaimKeys)
}

// ClaimKey is what a validator gives the notice of claims for. It is no secret.
type ClaimKey struct {
	Key         string
	ValidatorID string // "" is ICANN's clearinghouse
}

// Fields walks the attribute and the key.
func (m *ClaimKey) Fields(x *epp.Codec) {
	validatorID(x, &m.ValidatorID)
	x.Text(epp.Token(&m.Key))
}
