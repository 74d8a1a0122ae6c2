package epp

import "github.com/eppkit/eppkit/internal/secret"

// A Secret is a password or an authInfo, a type of string. Whatever prints, encodes
// or logs it shows [Redacted] in its place, so that it can't get out by accident;
// string(s), or s.Reveal(), is the secret itself.
//
// In a frame there is only the name of an element or attribute to tell a secret by. These
// are hidden in any namespace and in any case of letters, with whatever is inside them:
// pw, newPW, oldPW, auth, key; and names that contain password, passwd, passphrase, secret,
// token, apiKey, authInfo or authCode (or auth_info, auth-info, auth_code, auth-code),
// unless they begin with sendAuthInfo. So is launch:code. For others, such as a pin, an
// extension names its [Extension].Secrets.
type Secret = secret.Secret

// SecretToken is [Token] for a Secret.
func SecretToken(v *Secret) Value { return (*token)(v) }

// SecretString is [String] for a Secret.
func SecretString(v *Secret) Value { return (*normalized)(v) }
