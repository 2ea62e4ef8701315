package config

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A rule returns what is allowed when a text is not, and "" when all is well.
type rule func(text string) string

// ruleOf returns the rule that a field's tag names; an empty tag allows everything.
func ruleOf(tag string) rule {
	name, rest, _ := strings.Cut(tag, " ")
	words := strings.Fields(rest)
	switch name {
	case "":
		return func(string) string { return "" }
	case "optional":
		return optional(ruleOf(rest))
	case "not-empty":
		return notEmpty(rest)
	case "one-of":
		return oneOf(words)
	case "number":
		return numberBetween(words[0], words[1])
	case "span":
		return spanBetween(words[0], words[1])
	case "address":
		return address
	case "database":
		return database
	case "site":
		return publicURL
	case "zone":
		return zone
	case "clock":
		return opens
	case "index":
		return indexDir
	case "embedding":
		return embedding
	case "networks":
		return proxies
	}
	panic("config: there is no rule " + name)
}

func notEmpty(allowed string) rule {
	return func(text string) string {
		if strings.TrimSpace(text) == "" {
			return allowed
		}
		return ""
	}
}

func optional(r rule) rule {
	return func(text string) string {
		if text == "" {
			return ""
		}
		return r(text)
	}
}

func oneOf(words []string) rule {
	return func(text string) string {
		if slices.Contains(words, text) {
			return ""
		}
		return "write " + strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
	}
}

func numberBetween(low, high string) rule {
	from, to := number(low), number(high)
	return func(text string) string {
		if n, err := strconv.Atoi(text); err == nil && from <= n && n <= to {
			return ""
		}
		return "write a number from " + low + " to " + high
	}
}

// number reads a number in a tag.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic("config: " + err.Error())
	}
	return n
}

func spanBetween(low, high string) rule {
	from, to := span(low), span(high)
	return func(text string) string {
		if d, err := time.ParseDuration(text); err == nil && from <= d && d <= to {
			return ""
		}
		return "write a time span from " + low + " to " + high
	}
}

// span reads a time span in a tag.
func span(text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil {
		panic("config: " + err.Error())
	}
	return d
}

func address(text string) string {
	const allowed = "write HOST:PORT, for example 127.0.0.1:8080"
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return allowed
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return allowed
	}
	return ""
}

func database(text string) string {
	const allowed = "write sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME"
	if path, ok := strings.CutPrefix(text, "sqlite:"); ok && path != "" || text == "" {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Path == "" || u.Path == "/" {
		return allowed
	}
	return ""
}

func publicURL(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "write https://HOST or http://HOST, without a path"
	}
	return ""
}

func proxies(text string) string {
	if _, err := networks(text); err != nil {
		return "write addresses and networks separated by commas, for example 127.0.0.1, 10.0.0.0/8"
	}
	return ""
}

// networks reads a list of addresses and networks.
func networks(text string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for one := range strings.SplitSeq(text, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		if addr, err := netip.ParseAddr(one); err == nil {
			all = append(all, netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(one)
		if err != nil {
			return nil, err
		}
		all = append(all, p.Masked())
	}
	return all, nil
}

func zone(text string) string {
	if _, err := time.LoadLocation(text); err != nil || text == "" || text == "Local" {
		return "write a time zone, for example America/New_York or UTC"
	}
	return ""
}

func opens(text string) string {
	if _, err := time.Parse("15:04", text); err != nil {
		return "write hour and minute, for example 21:30"
	}
	return ""
}

func indexDir(text string) string {
	if dir, ok := strings.CutPrefix(text, "index:"); ok && dir != "" {
		return ""
	}
	return "write index:DIR, for example index:data/index"
}

func embedding(text string) string {
	u, err := url.Parse(text)
	endpoint := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
	if text == "builtin" || text == "off" || endpoint {
		return ""
	}
	return "write builtin, off, or an address such as https://example.org/v1"
}
