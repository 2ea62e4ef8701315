// Package media decides what becomes of foreign pictures: thumbnails and figures
// that papers name by URL. By default readers never see them (off). They may be
// linked as they are (link), or fetched once by the server, checked, kept in a
// folder and served from here (proxy), so that a reader's browser talks to nobody
// but this site.
//
// Start with [New]. [Service.URL] gives the address to put into a page, and the
// Service itself is the handler of [urls.Pictures].
//
// Callers must mount the Service there with the path as it came, and keep the key, which
// all servers of one site share: with a new key every picture gets a new address.
//
// Only addresses that this server signed are fetched, so the proxy is not open to
// the world; only public IP addresses are dialled, checked when the connection is
// made and again for every redirect, so it reaches nothing inside; only bytes that
// are PNG, JPEG, GIF, WebP or AVIF are kept and served, never SVG or HTML.
//
// The package leaves films out: URL returns "" for them in every mode, because
// they are too large to keep and cannot be checked by their first bytes. It does
// not decode, scale or convert pictures either.
package media

import (
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"broadsheet/internal/paper"
)

// Mode says what becomes of foreign pictures.
type Mode string

// The modes.
const (
	Off   Mode = "off"   // pages show none
	Link  Mode = "link"  // pages load them from where they are, if that is https
	Proxy Mode = "proxy" // the server fetches, checks, keeps and serves them
)

// ParseMode reads a mode as the configuration writes it; "" is Off.
func ParseMode(s string) (Mode, error) {
	switch m := Mode(strings.ToLower(strings.TrimSpace(s))); m {
	case "":
		return Off, nil
	case Off, Link, Proxy:
		return m, nil
	}
	return "", paper.Invalid("media", "%q is not a mode: use off, link or proxy", s)
}

// Options are the settings of a Service. The zero value is a Service that is off.
type Options struct {
	Mode       Mode          // "" means Off
	Dir        string        // folder of the kept pictures, made when missing; needed for Proxy
	Secret     []byte        // the signing key, the same for all servers of one site; needed for Proxy
	MaxBytes   int64         // largest picture; 0 means 8 MiB
	CacheBytes int64         // most that Dir may hold; 0 means 512 MiB
	Timeout    time.Duration // for one picture from dialling to its last byte; 0 means 8 s
	Log        *slog.Logger  // nil means silence

	allow func(netip.Addr) bool // which addresses may be dialled; tests set it, nil means public ones
	now   func() time.Time      // tests set it; nil means time.Now
}

// A Service gives foreign pictures their addresses and serves the proxied ones.
// It is safe for concurrent use.
type Service struct {
	o        Options
	client   *http.Client
	cache    *cache
	flight   singleflight.Group
	slots    chan struct{} // one for each fetch under way
	failures failures
}

// maxFetches bounds the fetches under way at one time.
const maxFetches = 16

// New returns a Service. In mode Proxy it makes the folder if it is missing; the other
// modes touch no file.
func New(o Options) (*Service, error) {
	mode, err := ParseMode(string(o.Mode))
	if err != nil {
		return nil, err
	}
	o.Mode = mode
	o = o.withDefaults()
	s := &Service{o: o}
	if o.Mode != Proxy {
		return s, nil
	}
	if o.Dir == "" {
		return nil, paper.Invalid("media", "proxied pictures need a folder to be kept in")
	}
	if s.cache, err = openCache(o.Dir, o.CacheBytes); err != nil {
		return nil, err
	}
	if len(o.Secret) == 0 {
		return nil, paper.Invalid("media", "proxied pictures need a key to sign their addresses with")
	}
	s.client = newClient(o)
	s.slots = make(chan struct{}, maxFetches)
	return s, nil
}

func (o Options) withDefaults() Options {
	if o.MaxBytes <= 0 {
		o.MaxBytes = 8 << 20
	}
	if o.CacheBytes <= 0 {
		o.CacheBytes = 512 << 20
	}
	if o.Timeout <= 0 {
		o.Timeout = 8 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.allow == nil {
		o.allow = public
	}
	if o.now == nil {
		o.now = time.Now
	}
	return o
}

// Mode is the mode in force: "off", "link" or "proxy".
func (s *Service) Mode() string { return string(s.o.Mode) }

// URL is the address under which a page shows the picture src, or "" where it
// may show none: always when off, for plain http in mode Link, for films and SVG,
// and for what is not an absolute http or https URL.
func (s *Service) URL(src string) string {
	if s.o.Mode == Off {
		return ""
	}
	u := parseSource(src)
	switch {
	case u == nil, s.o.Mode == Link && u.Scheme != "https":
		return ""
	case s.o.Mode == Link:
		return u.String()
	}
	return s.sign(src)
}

// maxSource bounds the length of a picture's URL, so that its signed address
// stays within what servers in front of this one accept.
const maxSource = 2048

// parseSource returns src as a URL that may hold a picture, else nil.
func parseSource(src string) *url.URL {
	if len(src) > maxSource {
		return nil
	}
	u, err := url.Parse(src)
	if err != nil || !fetchable(u) || notPicture[strings.ToLower(path.Ext(u.Path))] {
		return nil
	}
	return u
}

// fetchable reports whether u is an http or https URL with a host and without a
// name and password.
func fetchable(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}

// notPicture holds the endings that are known to be no picture this package serves.
var notPicture = map[string]bool{
	".mp4": true, ".m4v": true, ".mov": true, ".webm": true, ".mkv": true, ".avi": true, ".ogv": true,
	".mp3": true, ".wav": true, ".pdf": true, ".svg": true, ".svgz": true, ".htm": true, ".html": true,
}
