package httpserver

import (
	"net/http"
	"strings"
)

// Origin is scheme and host of this site as the client calls it, for the absolute
// addresses of answers where no setting names them. A host that could not be one is
// "localhost".
func Origin(r *http.Request) string {
	host := r.Host
	if host == "" || strings.ContainsFunc(host, notInHosts) {
		host = "localhost"
	}
	if r.TLS != nil {
		return "https://" + host
	}
	return "http://" + host
}

// notInHosts reports what stands in no name or number of a host.
func notInHosts(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune(".-_:[]", c)
}
