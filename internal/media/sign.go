package media

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"broadsheet/internal/urls"
)

// KeyBytes is the size of a signing key.
const KeyBytes = 32

const sigBytes = 16

// sign is the address of src on this site: urls.Pictures, signature, "/", src in
// URL-safe base64.
func (s *Service) sign(src string) string {
	mac := hmac.New(sha256.New, s.o.Secret)
	mac.Write([]byte(urls.Pictures + src))
	b64 := base64.RawURLEncoding
	return urls.Pictures + b64.EncodeToString(mac.Sum(nil)[:sigBytes]) + "/" + b64.EncodeToString([]byte(src))
}

// verify returns the source that the path of an address names, and whether this
// server signed it.
func (s *Service) verify(p string) (src string, ok bool) {
	rest, ok := strings.CutPrefix(p, urls.Pictures)
	if !ok {
		return "", false
	}
	_, encoded, ok := strings.Cut(rest, "/")
	if !ok || len(encoded) > base64.RawURLEncoding.EncodedLen(maxSource) {
		return "", false
	}
	b, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return "", false
	}
	src = string(b)
	return src, hmac.Equal([]byte(p), []byte(s.sign(src))) // the one spelling only
}
