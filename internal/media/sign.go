package media

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"broadsheet/internal/urls"
)

const (
	keyBytes = 32
	sigBytes = 16
)

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

// loadKey reads the key of file, making file when it is missing. Of several
// processes that start at once, the first to make it decides the key.
func loadKey(file string) ([]byte, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeKey(file); err == nil {
			b, err = os.ReadFile(file)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("media: key: %w", err)
	}
	key, err := hex.DecodeString(string(bytes.TrimSpace(b)))
	if err != nil || len(key) != keyBytes {
		return nil, fmt.Errorf("media: %s does not hold a key: remove the file, and a new key is made at the next start", file)
	}
	return key, nil
}

// makeKey writes a new key beside file and links it there, so that file is never
// seen half written and a key that another process made meanwhile stays.
func makeKey(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	key := make([]byte, keyBytes)
	rand.Read(key) // never fails
	tmp, err := os.CreateTemp(filepath.Dir(file), ".key-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = fmt.Fprintf(tmp, "%x\n", key)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err = os.Link(tmp.Name(), file); errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}
