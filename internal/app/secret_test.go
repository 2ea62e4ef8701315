package app

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"broadsheet/internal/config"
	"broadsheet/internal/media"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// Servers with folders of their own sign pictures with one key, which is the one that a
// folder held before.
func TestServersShareTheKeyOfPictures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		key := func(old string) string {
			t.Helper()
			cfg := config.Default()
			cfg.Data, cfg.Media = t.TempDir(), string(media.Proxy)
			if old != "" {
				if err := os.MkdirAll(cfg.MediaDir(), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(cfg.MediaDir(), "key"), []byte(old+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			b, err := pictureSecret(t.Context(), &cfg, db)
			if err != nil || len(b) != media.KeyBytes {
				t.Fatal(b, err)
			}
			return hex.EncodeToString(b)
		}
		const old = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
		if got := key(old); got != old {
			t.Errorf("key %s, the folder had %s", got, old)
		}
		if got := key(""); got != old {
			t.Errorf("another server's key: %s", got)
		}
		if got := key("ff" + old[2:]); got != old {
			t.Errorf("a server that had another key: %s", got)
		}
	})
}
