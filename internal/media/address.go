package media

import (
	"net/netip"

	"code.dny.dev/ssrf"
)

// guardian knows IANA's registries of special-purpose addresses.
var guardian = ssrf.New(ssrf.WithAnyPort())

// public reports whether a is an address of the public Internet. An IPv4-mapped IPv6
// address is not: no host of the public Internet has one.
func public(a netip.Addr) bool { return a.IsValid() && a.Zone() == "" && guardian.SafeAddr(a) == nil }
