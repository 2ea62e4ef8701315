package media

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestPublic(t *testing.T) {
	tests := []struct {
		addr string
		want bool
	}{
		{"1.1.1.1", true},
		{"172.15.255.255", true},
		{"172.32.0.0", true},
		{"100.128.0.1", true},
		{"223.255.255.255", true},
		{"2606:4700::1111", true},
		{"2a00:1450::1", true},
		{"0.0.0.0", false},
		{"0.1.2.3", false},
		{"10.0.0.1", false},
		{"100.64.0.1", false},
		{"127.0.0.1", false},
		{"127.255.0.1", false},
		{"169.254.169.254", false},
		{"172.16.0.1", false},
		{"172.31.255.255", false},
		{"192.0.0.8", false},
		{"192.0.2.1", false},
		{"192.168.1.1", false},
		{"198.18.0.1", false},
		{"198.51.100.7", false},
		{"203.0.113.9", false},
		{"224.0.0.1", false},
		{"255.255.255.255", false},
		{"::", false},
		{"::1", false},
		{"::ffff:1.1.1.1", false},
		{"::ffff:127.0.0.1", false},
		{"::127.0.0.1", false},
		{"64:ff9b::7f00:1", false},
		{"64:ff9b:1::1", false},
		{"100::1", false},
		{"2001::1", false},
		{"2001:db8::1", false},
		{"2002:7f00:1::", false},
		{"3fff::1", false},
		{"fc00::1", false},
		{"fd12::1", false},
		{"fe80::1", false},
		{"fe80::1%eth0", false},
		{"2606:4700::1111%eth0", false},
		{"fec0::1", false},
		{"ff02::1", false},
	}
	for _, tt := range tests {
		if got := public(netip.MustParseAddr(tt.addr)); got != tt.want {
			t.Errorf("public(%s) = %v, want %v", tt.addr, got, tt.want)
		}
	}
	if public(netip.Addr{}) {
		t.Error("the zero address is public")
	}
}

// Nothing inside is reached, however it is named, even when somebody listens there.
func TestRefusesInside(t *testing.T) {
	base, asked := counted(t, func(w http.ResponseWriter, r *http.Request) { w.Write(picture(100)) })
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(base, "http://"))
	s := service(t, Options{})
	for _, host := range []string{
		"127.0.0.1:" + port, "localhost:" + port, "127.1.2.3:" + port, "0.0.0.0:" + port, "[::1]:" + port, "[::]:" + port,
		"[::ffff:127.0.0.1]:" + port, "10.1.2.3", "192.168.0.1", "169.254.169.254", "[fd00::1]", "[64:ff9b::7f00:1]:" + port,
	} {
		w := get(s, s.URL("http://"+host+"/a.png"))
		if w.Code != 502 || !strings.Contains(w.Body.String(), "not public") {
			t.Errorf("%s: %d %q, want 502: not public", host, w.Code, w.Body)
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("reached the loopback %d times", n)
	}
}

// A server that may be reached redirects to one that may not.
func TestRefusesRedirectInside(t *testing.T) {
	inside, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skip("no second loopback address: ", err)
	}
	reached := false
	secret := &httptest.Server{Listener: inside, Config: &http.Server{Handler: http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) { reached = true; w.Write(picture(100)) })}}
	secret.Start()
	defer secret.Close()
	base, _ := counted(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, secret.URL+"/a.png", http.StatusFound)
	})
	s := service(t, Options{allow: func(a netip.Addr) bool { return a == netip.MustParseAddr("127.0.0.1") }})
	w := get(s, s.URL(base+"/a.png"))
	if w.Code != 502 || !strings.Contains(w.Body.String(), "not public") || reached {
		t.Errorf("%d %q, reached: %v", w.Code, w.Body, reached)
	}
}

// Settings of the environment do not lead around the check.
func TestIgnoresProxies(t *testing.T) {
	base, asked := counted(t, func(w http.ResponseWriter, r *http.Request) { w.Write(picture(100)) })
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY"} {
		t.Setenv(name, base)
	}
	if newClient(Options{}.withDefaults()).Transport.(*http.Transport).Proxy != nil {
		t.Error("the client uses a proxy")
	}
	s := service(t, Options{})
	get(s, s.URL("http://192.0.2.1/a.png"))
	if n := asked.Load(); n != 0 {
		t.Errorf("asked a proxy %d times", n)
	}
}
