package allocationtoken

import (
	"fmt"
	"io"

	"github.com/eppkit/eppkit/epp"
)

// AllocationToken is the token: in a command the one that the client has, and in the
// answer to an info the one that the object asks for (RFC 8495, section 2.1). It is a
// credential.
type AllocationToken struct{ Token epp.Secret }

// Format leaves out the token, as that of [epp.AuthInfo] leaves out the secret.
func (m AllocationToken) Format(f fmt.State, _ rune) {
	io.WriteString(f, "allocationtoken.AllocationToken("+epp.Redacted+")")
}

// XMLName is allocationToken:allocationToken.
func (*AllocationToken) XMLName() epp.Name { return epp.Name{Space: NS, Local: "allocationToken"} }

// Fields walks the content of <allocationToken:allocationToken>.
func (m *AllocationToken) Fields(x *epp.Codec) {
	x.Text(epp.SecretToken(&m.Token))
	x.NotBlank("", string(m.Token))
}
