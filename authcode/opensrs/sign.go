package opensrs

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/hex"
	"strings"

	"github.com/eppkit/eppkit/authcode"
)

// Sign is the signature of a document, as X-Signature has it: the MD5 of the MD5 of the
// document and the key, and of the key again, each time as hexadecimal digits in
// lower case.
func Sign(doc []byte, key authcode.Secret) string {
	inner := hash(doc, key)
	return hash([]byte(inner), key)
}

func hash(b []byte, key authcode.Secret) string {
	h := md5.New()
	h.Write(b)
	h.Write([]byte(key))
	return hex.EncodeToString(h.Sum(nil))
}

// signed reports in constant time whether a signature, in any case, is that of a
// document.
func signed(doc []byte, key authcode.Secret, signature string) bool {
	given := strings.ToLower(strings.TrimSpace(signature))
	return subtle.ConstantTimeCompare([]byte(Sign(doc, key)), []byte(given)) == 1
}
