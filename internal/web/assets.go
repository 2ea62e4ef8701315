package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/urls"
)

//go:embed static
var staticFiles embed.FS

// assets are the style sheet, the script and the icon, each under a name that has
// its checksum in it, so that browsers may keep them for ever.
type assets struct {
	paths  map[string]string                     // "site.css" -> "/static/site.1a2b3c4d5e.css"
	byName map[string]*httpserver.CachedResponse // by the last part of the path
}

// loadAssets reads the embedded files.
func loadAssets() (assets, error) {
	a := assets{paths: map[string]string{}, byName: map[string]*httpserver.CachedResponse{}}
	err := fs.WalkDir(staticFiles, "static", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := staticFiles.ReadFile(file)
		if err != nil {
			return err
		}
		a.add(path.Base(file), body)
		return nil
	})
	return a, err
}

func (a assets) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	a.paths[name] = urls.Asset(hashed)
	a.byName[hashed] = httpserver.Uncached(&httpserver.Response{Kind: mediaType(ext), Body: bytes.TrimSpace(body), MaxAge: httpserver.Forever})
}

// mediaType does not ask the machine's own table, which may lack a line.
func mediaType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(ext)
}

// path is the address of an asset.
func (a assets) path(name string) string { return a.paths[name] }

// ServeHTTP answers below /static/.
func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k := a.byName[r.PathValue("file")]
	if k == nil {
		http.NotFound(w, r)
		return
	}
	k.Write(w, r)
}
