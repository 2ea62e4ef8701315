package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"

	"broadsheet/internal/config"
	"broadsheet/internal/media"
	"broadsheet/internal/store"
)

// pictureSecret is the key that signs the addresses of pictures, which all servers of a
// database share; nil where no picture is served. A key that lies in the folder of the
// pictures, where it was kept before, stays in use, so that addresses stay as they are.
func pictureSecret(ctx context.Context, cfg *config.Config, db *store.DB) ([]byte, error) {
	const name = "pictures"
	if media.Mode(cfg.Media) != media.Proxy {
		return nil, nil
	}
	if b, err := os.ReadFile(filepath.Join(cfg.MediaDir(), "key")); err == nil && !db.ReadOnly() {
		if key, err := hex.DecodeString(string(bytes.TrimSpace(b))); err == nil && len(key) == media.KeyBytes {
			if err := db.KeepSecret(ctx, name, key); err != nil {
				return nil, err
			}
		}
	}
	key, err := db.Secret(ctx, name, media.KeyBytes)
	if errors.Is(err, store.ErrReadOnly) { // nobody has made one: it is this server's own
		key, err = make([]byte, media.KeyBytes), nil
		rand.Read(key)
	}
	return key, err
}
