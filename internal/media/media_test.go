package media

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// picture is a file that begins like a PNG and is n bytes long.
func picture(n int) []byte {
	b := bytes.Repeat([]byte{'x'}, n)
	copy(b, "\x89PNG\r\n\x1a\n")
	return b
}

func anywhere(netip.Addr) bool { return true }

func service(t *testing.T, o Options) *Service {
	t.Helper()
	if o.Mode == "" {
		o.Mode = Proxy
	}
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	if o.Secret == nil {
		o.Secret = []byte("secret")
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func get(s *Service, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// counted serves h on the loopback and counts the requests.
func counted(t *testing.T, h http.HandlerFunc) (base string, n *atomic.Int32) {
	t.Helper()
	n = new(atomic.Int32)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		h(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv.URL, n
}

func TestParseMode(t *testing.T) {
	for in, want := range map[string]Mode{"": Off, "off": Off, "Link": Link, " proxy ": Proxy} {
		if got, err := ParseMode(in); got != want || err != nil {
			t.Errorf("ParseMode(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	_, err := ParseMode("on")
	var invalid *paper.InvalidError
	if !errors.As(err, &invalid) {
		t.Errorf("ParseMode(on): %v, want an InvalidError", err)
	}
	if _, err := New(Options{Mode: "on"}); !errors.As(err, &invalid) {
		t.Errorf("New(on): %v, want an InvalidError", err)
	}
	if _, err := New(Options{Mode: Proxy}); !errors.As(err, &invalid) {
		t.Errorf("New without a folder: %v, want an InvalidError", err)
	}
}

func TestURL(t *testing.T) {
	off, link, proxy := service(t, Options{Mode: Off}), service(t, Options{Mode: Link}), service(t, Options{})
	tests := []struct {
		src           string
		linked, proxy bool
	}{
		{"https://example.com/a.png", true, true},
		{"https://example.com/a.webp?x=1&y=2", true, true},
		{"https://example.com/no-ending", true, true},
		{"http://example.com/a.png", false, true},
		{"https://example.com/a.MP4", false, false},
		{"https://example.com/a.svg", false, false},
		{"https://user:word@example.com/a.png", false, false},
		{"//example.com/a.png", false, false},
		{"/avatars/a.png", false, false},
		{"data:image/png;base64,AAAA", false, false},
		{"javascript:alert(1)", false, false},
		{"file:///etc/passwd", false, false},
		{"https://", false, false},
		{"https://example.com/" + strings.Repeat("a", maxSource), false, false},
		{"", false, false},
	}
	for _, tt := range tests {
		if got := off.URL(tt.src); got != "" {
			t.Errorf("off: URL(%q) = %q", tt.src, got)
		}
		if got := link.URL(tt.src); (got == tt.src && got != "") != tt.linked {
			t.Errorf("link: URL(%q) = %q", tt.src, got)
		}
		got := proxy.URL(tt.src)
		if strings.HasPrefix(got, urls.Pictures) != tt.proxy || !tt.proxy && got != "" {
			t.Errorf("proxy: URL(%q) = %q", tt.src, got)
		}
		if src, ok := proxy.verify(got); tt.proxy && (!ok || src != tt.src) {
			t.Errorf("proxy: verify(URL(%q)) = %q, %v", tt.src, src, ok)
		}
	}
	if off.Mode() != "off" || link.Mode() != "link" || proxy.Mode() != "proxy" {
		t.Errorf("modes %s, %s, %s", off.Mode(), link.Mode(), proxy.Mode())
	}
}

// An address holds on every server that has the key, and on no other.
func TestKeySigns(t *testing.T) {
	const src = "https://example.com/a.png"
	first := service(t, Options{}).URL(src)
	if src, ok := service(t, Options{}).verify(first); !ok || src == "" {
		t.Error("another server with the same key does not know the address")
	}
	if _, ok := service(t, Options{Secret: []byte("another")}).verify(first); ok {
		t.Error("a server with another key takes the address")
	}
	if _, err := New(Options{Mode: Proxy, Dir: t.TempDir()}); err == nil {
		t.Error("pictures are served without a key")
	}
}

func TestServe(t *testing.T) {
	want := picture(3000)
	base, asked := counted(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie")+r.Header.Get("Referer") != "" || !strings.Contains(r.UserAgent(), "Broadsheet") {
			t.Errorf("asked with %v", r.Header)
		}
		w.Header().Set("Content-Type", "text/html") // what it is called does not count
		w.Write(want)
	})
	s := service(t, Options{allow: anywhere})
	u := s.URL(base + "/a.png?size=1&kind=b")
	for range 3 {
		w := get(s, u, "Cookie", "a=b", "Referer", "http://here/")
		if w.Code != 200 || !bytes.Equal(w.Body.Bytes(), want) {
			t.Fatalf("%d %.40q", w.Code, w.Body)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("fetched %d times, want once", n)
	}
	w := get(s, u)
	for name, value := range map[string]string{
		"Content-Type":            "image/png",
		"X-Content-Type-Options":  "nosniff",
		"Content-Security-Policy": "default-src 'none'; sandbox",
		"Cache-Control":           "public, max-age=2592000",
		"Content-Length":          "3000",
	} {
		if got := w.Header().Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if w := get(s, u, "If-None-Match", w.Header().Get("ETag")); w.Code != 304 {
		t.Errorf("with its ETag: %d, want 304", w.Code)
	}
	if w := get(s, u, "Range", "bytes=1-3"); w.Code != 206 || w.Body.String() != "PNG" {
		t.Errorf("range: %d %q", w.Code, w.Body)
	}
}

func TestServeRefuses(t *testing.T) {
	base, asked := counted(t, func(w http.ResponseWriter, r *http.Request) { w.Write(picture(100)) })
	s := service(t, Options{allow: anywhere})
	good := s.URL(base + "/a.png")
	other := s.URL(base + "/b.png")
	sig := strings.Split(good, "/")[2]
	for _, target := range []string{
		urls.Pictures,
		urls.Pictures + "x",
		urls.Pictures + "x/y",
		urls.Pictures + "/" + strings.Split(good, "/")[3],
		urls.Pictures + sig + "/" + strings.Split(other, "/")[3],
		urls.Pictures + sig + "/%21%21",
		good + "A",
		good + "/..",
		"/elsewhere",
	} {
		if w := get(s, target); w.Code != 404 {
			t.Errorf("%s: %d, want 404", target, w.Code)
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("fetched %d times for addresses that were not signed", n)
	}
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, httptest.NewRequest("POST", good, nil)); w.Code != 405 {
		t.Errorf("POST: %d, want 405", w.Code)
	}
	for _, m := range []Mode{Off, Link} {
		if w := get(service(t, Options{Mode: m}), good); w.Code != 404 {
			t.Errorf("%s: %d, want 404", m, w.Code)
		}
	}
}

// A server that may be fetched from misbehaves in every way.
func TestFailures(t *testing.T) {
	release := make(chan struct{})
	base, asked := counted(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/gone":
			w.WriteHeader(410)
		case "/broken":
			w.WriteHeader(500)
		case "/html":
			w.Header().Set("Content-Type", "image/png")
			io.WriteString(w, "<!doctype html><script>alert(1)</script>")
		case "/svg":
			w.Header().Set("Content-Type", "image/svg+xml")
			io.WriteString(w, `<svg xmlns="http://www.w3.org/2000/svg"/>`)
		case "/empty":
		case "/large":
			w.Write(picture(2000))
		case "/large-unannounced":
			w.Write(picture(900))
			w.(http.Flusher).Flush()
			w.Write(picture(900))
		case "/cut":
			w.Header().Set("Content-Length", "900")
			w.Write(picture(500))
		case "/slow":
			w.Write(picture(100))
			w.(http.Flusher).Flush()
			<-release
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		}
	})
	defer close(release)
	s := service(t, Options{allow: anywhere, MaxBytes: 1000, Timeout: 300 * time.Millisecond})
	for path, want := range map[string]int{
		"/gone": 404, "/broken": 502, "/html": 415, "/svg": 415, "/empty": 415, "/large": 502,
		"/large-unannounced": 502, "/cut": 502, "/slow": 502, "/loop": 502, "/file": 502,
	} {
		w := get(s, s.URL(base+path))
		if w.Code != want || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") || w.Body.Len() > 100 {
			t.Errorf("%s: %d %q %q, want %d", path, w.Code, w.Header().Get("Content-Type"), w.Body, want)
		}
		before := asked.Load()
		if again := get(s, s.URL(base+path)); again.Code != want || asked.Load() != before {
			t.Errorf("%s: asked again at once, or another answer: %d", path, again.Code)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(s.o.Dir, "*.img")); len(left) > 0 {
		t.Errorf("kept: %v", left)
	}
	if left, _ := filepath.Glob(filepath.Join(s.o.Dir, tmpPattern)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestFailureIsForgotten(t *testing.T) {
	var up atomic.Bool
	base, asked := counted(t, func(w http.ResponseWriter, r *http.Request) {
		if up.Load() {
			w.Write(picture(100))
			return
		}
		w.WriteHeader(503)
	})
	var clock atomic.Int64
	s := service(t, Options{allow: anywhere, now: func() time.Time { return time.Unix(clock.Load(), 0) }})
	u := s.URL(base + "/a.png")
	codes := []int{get(s, u).Code}
	up.Store(true)
	codes = append(codes, get(s, u).Code)
	clock.Add(int64(failureAge / time.Second))
	codes = append(codes, get(s, u).Code)
	if fmt.Sprint(codes) != "[502 502 200]" || asked.Load() != 2 {
		t.Errorf("%v after %d requests, want [502 502 200] after 2", codes, asked.Load())
	}
}

func TestRedirects(t *testing.T) {
	base, _ := counted(t, func(w http.ResponseWriter, r *http.Request) {
		if next, ok := map[string]string{"/0": "/1", "/1": "/2", "/2": "/3", "/3": "/4"}[r.URL.Path]; ok {
			http.Redirect(w, r, next, http.StatusFound)
			return
		}
		w.Write(picture(100))
	})
	s := service(t, Options{allow: anywhere})
	if w := get(s, s.URL(base+"/1")); w.Code != 200 {
		t.Errorf("three redirects: %d, want 200", w.Code)
	}
	if w := get(s, s.URL(base+"/0")); w.Code != 502 {
		t.Errorf("four redirects: %d, want 502", w.Code)
	}
}

// Many readers at once make one fetch.
func TestOneFetch(t *testing.T) {
	base, asked := counted(t, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(50 * time.Millisecond)
		w.Write(picture(100))
	})
	s := service(t, Options{allow: anywhere})
	u := s.URL(base + "/a.png")
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if w := get(s, u); w.Code != 200 {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	wg.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("fetched %d times, want once", n)
	}
}

// What is wrong with a kept file is mended by fetching the picture again.
func TestDamagedFiles(t *testing.T) {
	base, asked := counted(t, func(w http.ResponseWriter, r *http.Request) { w.Write(picture(500)) })
	s := service(t, Options{allow: anywhere})
	src := base + "/a.png"
	file := s.cache.file(src)
	change := func(f func(b []byte) []byte) func() error {
		return func() error {
			b, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			return os.WriteFile(file, f(b), 0o600)
		}
	}
	get(s, s.URL(src))
	for name, damage := range map[string]func() error{
		"vanished": func() error { return os.Remove(file) },
		"empty":    change(func([]byte) []byte { return nil }),
		"cut":      change(func(b []byte) []byte { return b[:300] }),
		"flipped":  change(func(b []byte) []byte { b[200] ^= 1; return b }),
		"longer":   change(func(b []byte) []byte { return append(b, 0) }),
		"replaced": change(func([]byte) []byte { return bytes.Repeat([]byte("<html>"), 50) }),
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		before := asked.Load()
		w := get(s, s.URL(src))
		if w.Code != 200 || !bytes.Equal(w.Body.Bytes(), picture(500)) || asked.Load() != before+1 {
			t.Errorf("%s: %d, %d bytes, %d fetches", name, w.Code, w.Body.Len(), asked.Load()-before)
		}
	}
}

func TestEviction(t *testing.T) {
	base, asked := counted(t, func(w http.ResponseWriter, r *http.Request) { w.Write(picture(1000)) })
	dir := t.TempDir()
	s := service(t, Options{Dir: dir, allow: anywhere, CacheBytes: 5000})
	src := func(i int) string { return fmt.Sprintf("%s/%d.png", base, i) }
	old := time.Now().Add(-time.Hour)
	for i := range 5 {
		get(s, s.URL(src(i)))
		at := old.Add(time.Duration(i) * time.Minute)
		if err := os.Chtimes(s.cache.file(src(i)), at, at); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	for i, want := range []bool{false, true, true, true, true} {
		if _, err := os.Stat(s.cache.file(src(i))); (err == nil) != want {
			t.Errorf("picture %d kept: %v, want %v", i, err == nil, want)
		}
	}
	if get(s, s.URL(src(0))); asked.Load() != 6 {
		t.Errorf("%d fetches, want 6: an evicted picture is fetched again", asked.Load())
	}
	// A new start counts what is there, and clears what a crash left.
	stale := filepath.Join(dir, ".fetch-1")
	if err := errors.Join(os.WriteFile(stale, nil, 0o600), os.Chtimes(stale, old.Add(-time.Hour), old.Add(-time.Hour))); err != nil {
		t.Fatal(err)
	}
	again := service(t, Options{Dir: dir, allow: anywhere, CacheBytes: 2500})
	if _, err := os.Stat(stale); err == nil {
		t.Error("an unfinished file of long ago is still there")
	}
	if again.cache.size > 2500 || again.cache.size == 0 {
		t.Errorf("%d bytes after a start with a limit of 2500", again.cache.size)
	}
}

func TestSniff(t *testing.T) {
	tests := []struct{ head, want string }{
		{"\x89PNG\r\n\x1a\n0000", "image/png"},
		{"\xff\xd8\xff\xe0", "image/jpeg"},
		{"GIF89a", "image/gif"},
		{"GIF87a", "image/gif"},
		{"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"},
		{"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00", "image/avif"},
		{"\x00\x00\x00\x20ftypmif1\x00\x00\x00\x00miafavif\x00\x00\x00\x00\x00\x00\x00\x00", "image/avif"},
		{"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42", ""},
		{"\x00\x00\x00\x10ftypmif1\x00\x00\x00\x00avif", ""}, // beyond its box
		{"RIFF\x00\x00\x00\x00WAVEfmt ", ""},
		{"<svg xmlns=", ""},
		{"<!doctype html>", ""},
		{"%PDF-1.7", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := sniff([]byte(tt.head)); got != tt.want {
			t.Errorf("sniff(%q) = %q, want %q", tt.head, got, tt.want)
		}
	}
}

func FuzzVerify(f *testing.F) {
	s, err := New(Options{Mode: Proxy, Dir: f.TempDir(), Secret: []byte("secret")})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.URL("https://example.com/a.png"))
	f.Add(urls.Pictures + "a/b")
	f.Fuzz(func(t *testing.T, p string) {
		if src, ok := s.verify(p); ok && s.sign(src) != p {
			t.Errorf("verify(%q) holds, but %q is signed as %q", p, src, s.sign(src))
		}
	})
}
