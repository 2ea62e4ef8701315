package httpserver

import (
	"net"
	"net/http"
	"net/netip"

	"github.com/realclientip/realclientip-go"
)

// A ClientAddress finds the address that a request comes from: the sender's or, where
// that is a trusted proxy, the last one in X-Forwarded-For that is not. What stands
// before it there is the client's own word, which nobody need believe.
type ClientAddress struct {
	proxies   []netip.Prefix
	forwarded realclientip.Strategy
}

// NewClientAddress takes the networks of the proxies that are trusted.
func NewClientAddress(proxies []netip.Prefix) *ClientAddress {
	nets := make([]net.IPNet, len(proxies))
	for i, p := range proxies {
		p = p.Masked()
		nets[i] = net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
	}
	return &ClientAddress{proxies, realclientip.Must(realclientip.NewRightmostTrustedRangeStrategy("X-Forwarded-For", nets))}
}

// Of is the client's address. Where a proxy names none that makes sense, it is the
// proxy's own; the zero Addr where the sender has none.
func (c *ClientAddress) Of(r *http.Request) netip.Addr {
	sender := parseAddr(realclientip.RemoteAddrStrategy{}.ClientIP(nil, r.RemoteAddr))
	if !c.trusted(sender) || r.Header.Get("X-Forwarded-For") == "" {
		return sender
	}
	if client := parseAddr(c.forwarded.ClientIP(r.Header, "")); client.IsValid() {
		return client
	}
	return sender
}

// parseAddr is the zero Addr where text is no address.
func parseAddr(text string) netip.Addr {
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap()
}

func (c *ClientAddress) trusted(a netip.Addr) bool {
	for _, p := range c.proxies {
		if p.Contains(a.WithZone("")) {
			return true
		}
	}
	return false
}

// network is what is counted as one client: an IPv4 address, or the network of an IPv6
// address, all of which a household or a server has.
func network(a netip.Addr) netip.Addr {
	if a.Is4() {
		return a
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return netip.Addr{}
	}
	return p.Addr()
}
