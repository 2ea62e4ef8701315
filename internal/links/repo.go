package links

import "strings"

// A repo is an address on a code host.
type repo struct {
	host string
	root string // "owner/name", or whatever the host's repositories are called by
	rest string // what follows within the repository: "/tree/main/src", or ""
}

func (r repo) url() string { return "https://" + r.host + "/" + r.root + r.rest }

// key is the same for all addresses within one repository.
func (r repo) key() string { return strings.ToLower(r.host + "/" + r.root) }

// A codeHost is a site that holds repositories.
type codeHost struct {
	prefix string   // of the path, before the repository's name
	parts  int      // path segments that name a repository
	groups bool     // repositories may lie deeper, up to "/-/"
	not    []string // first segments that are pages of the site itself
}

var codeHosts = map[string]codeHost{
	"github.com": {parts: 2, not: []string{"about", "apps", "collections", "enterprise", "features",
		"login", "marketplace", "orgs", "search", "settings", "sponsors", "topics", "trending", "users"}},
	"gist.github.com":         {parts: 2},
	"gitlab.com":              {parts: 2, groups: true, not: []string{"explore", "groups", "users"}},
	"gitee.com":               {parts: 2, not: []string{"explore"}},
	"bitbucket.org":           {parts: 2, not: []string{"product", "account"}},
	"codeberg.org":            {parts: 2, not: []string{"explore"}},
	"git.sr.ht":               {parts: 2},
	"sourceforge.net":         {prefix: "projects/", parts: 1},
	"anonymous.4open.science": {prefix: "r/", parts: 1},
}

// hostOf finds what is known of a host; www. does not count. Institutions run
// GitLab under names that begin so.
func hostOf(host string) (string, codeHost, bool) {
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	if h, ok := codeHosts[host]; ok {
		return host, h, true
	}
	if strings.HasPrefix(host, "gitlab.") && strings.Count(host, ".") >= 2 && validHost(host) {
		return host, codeHosts["gitlab.com"], true
	}
	return "", codeHost{}, false
}

// parseRepo reads the host and the path of an address. It reports false when the
// address is not within a repository.
func parseRepo(host, path string) (repo, bool) {
	name, h, ok := hostOf(host)
	if !ok {
		return repo{}, false
	}
	path, ok = strings.CutPrefix(strings.TrimLeft(path, "/"), h.prefix)
	if !ok {
		return repo{}, false
	}
	end := rootEnd(path, h.parts)
	if end < 0 {
		return repo{}, false
	}
	if h.groups {
		end = groupEnd(path, end)
	}
	root, rest := path[:end], path[end:]
	for _, not := range h.not {
		if strings.HasPrefix(root, not+"/") {
			return repo{}, false
		}
	}
	if trimmed := strings.TrimSuffix(root, ".git"); !strings.HasSuffix(trimmed, "/") {
		root = trimmed
	}
	return repo{name, h.prefix + root, cleanRest(rest)}, true
}

// rootEnd is where a path's first segments end, so many as name a repository; -1
// when there are fewer.
func rootEnd(path string, parts int) int {
	start := 0
	for i := 0; ; i++ {
		if i < len(path) && isNameByte(path[i]) {
			continue
		}
		if segment := path[start:i]; strings.Trim(segment, ".") == "" {
			return -1
		}
		if parts--; parts == 0 {
			return i
		}
		if i == len(path) || path[i] != '/' {
			return -1
		}
		start = i + 1
	}
}

// groupEnd is where the name of a repository within groups ends, which is behind
// its first segments at the earliest.
func groupEnd(path string, end int) int {
	for end+1 < len(path) && path[end] == '/' && !strings.HasPrefix(path[end:], "/-/") {
		n := rootEnd(path[end+1:], 1)
		if n < 0 {
			break
		}
		switch path[end+1 : end+1+n] {
		case "tree", "blob", "raw", "issues", "wikis":
			return end
		}
		end += 1 + n
	}
	return end
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '-' || c == '_' || c == '.' || c == '~'
}

// cleanRest keeps a path within the repository. What does not change where a
// bare repository's address leads goes: a slash, a query, a fragment.
func cleanRest(rest string) string {
	if !strings.HasPrefix(rest, "/") {
		return ""
	}
	return strings.TrimRight(rest, "/")
}
