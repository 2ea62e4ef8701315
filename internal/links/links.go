// Package links finds and checks the addresses that belong to a paper.
//
// [InText] finds code repositories that a text names, [Clean] decides whether an
// address that somebody gave can be used, and [Add] keeps one link for each
// target.
//
// Addresses are only ever http and https. Whether anything answers there is not
// asked here.
package links

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/paper"
)

// maxURL is the most bytes of a usable address: browsers and proxies refuse
// longer ones.
const maxURL = 2048

// Clean returns the address in the form in which it is kept: absolute, http or
// https. It reports false for what is no such address. An address without scheme
// ("github.com/a/b") gets https, line breaks within it go, as in browsers, and
// an address on a code host gets the one form that [InText] gives too.
func Clean(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if strings.ContainsAny(s, "\t\r\n") {
		s = strings.Join(strings.FieldsFunc(s, isBreak), "")
	}
	if s == "" || len(s) > maxURL || strings.ContainsAny(s, " <>\"\\^`{|}") {
		return "", false
	}
	u, err := url.Parse(withScheme(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || !validHost(u.Hostname()) {
		return "", false
	}
	u.Host = strings.ToLower(u.Host)
	s = u.String()
	if len(s) > maxURL {
		return "", false
	}
	if repo, ok := parseRepo(u.Host, strings.TrimPrefix(s, u.Scheme+"://"+u.Host)); ok {
		return repo.url(), true
	}
	return s, true
}

func isBreak(r rune) bool { return r == '\t' || r == '\r' || r == '\n' }

// withScheme puts https before an address that begins with a host name.
func withScheme(s string) string {
	if rest, ok := strings.CutPrefix(s, "//"); ok {
		return "https://" + rest
	}
	host, _, _ := strings.Cut(s, "/")
	if strings.Contains(host, ".") && !strings.ContainsAny(host, ":@?#") {
		return "https://" + s
	}
	return s
}

// validHost wants a name with a dot in it, or an address of IPv6.
func validHost(host string) bool {
	odd := func(r rune) bool { return r < utf8.RuneSelf && r != ':' && !isNameByte(byte(r)) }
	return strings.ContainsAny(strings.Trim(host, "."), ".:") && !strings.HasPrefix(host, ".") &&
		!strings.Contains(host, "..") && !strings.ContainsFunc(host, odd)
}

// Add adds l to list. Where list has a link to the same target already, that one
// stays, with the stronger grade of the two; two addresses within one repository
// are one target.
func Add(list []paper.Link, l paper.Link) []paper.Link {
	key := target(l.URL)
	for _, k := range list {
		if k.Kind == l.Kind && target(k.URL) == key {
			l.URL = k.URL
			break
		}
	}
	return paper.AddLink(list, l)
}

// target is what addresses of one repository have in common; other addresses are
// their own target.
func target(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	if r, ok := parseRepo(host, rest[len(host):]); ok {
		return r.key()
	}
	return strings.TrimSuffix(rest, "/")
}
