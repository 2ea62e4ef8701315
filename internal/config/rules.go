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

// rules holds what a setting's text must satisfy beyond its type. A rule returns
// what is allowed when the text is not, and "" when all is well.
var rules = map[string]func(text string) string{
	"data":           notEmpty("name a folder, for example data"),
	"database":       database,
	"listen":         address,
	"metrics_listen": optional(address),
	"base_url":       optional(publicURL),
	"site_name":      notEmpty("give the site a name"),
	"clock_zone":     zone,
	"clock_opens":    opens,
	"media":          oneOf("off", "link", "proxy"),
	"search":         optional(indexDir),
	"embedding":      embedding,

	"api_limit":            numberBetween(0, 1_000_000_000),
	"trusted_proxies":      proxies,
	"embedding_dimensions": numberBetween(0, 8192),
	"log_format":           oneOf("text", "json"),
	"log_level":            oneOf("error", "warn", "info", "debug"),
	"request_timeout":      spanBetween(time.Second, time.Hour),
	"max_connections":      numberBetween(1, 1_000_000),
}

func notEmpty(allowed string) func(string) string {
	return func(text string) string {
		if strings.TrimSpace(text) == "" {
			return allowed
		}
		return ""
	}
}

func optional(rule func(string) string) func(string) string {
	return func(text string) string {
		if text == "" {
			return ""
		}
		return rule(text)
	}
}

func oneOf(words ...string) func(string) string {
	return func(text string) string {
		if slices.Contains(words, text) {
			return ""
		}
		return "write " + strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
	}
}

func numberBetween(low, high int) func(string) string {
	return func(text string) string {
		if n, err := strconv.Atoi(text); err == nil && low <= n && n <= high {
			return ""
		}
		return "write a number from " + strconv.Itoa(low) + " to " + strconv.Itoa(high)
	}
}

func spanBetween(low, high time.Duration) func(string) string {
	return func(text string) string {
		if d, err := time.ParseDuration(text); err == nil && low <= d && d <= high {
			return ""
		}
		return "write a time span from " + shortDuration(low) + " to " + shortDuration(high)
	}
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
