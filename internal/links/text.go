package links

import (
	"slices"
	"strings"

	"broadsheet/internal/paper"
)

// InText finds the code repositories whose addresses stand in a text that the
// authors wrote, in its order, each once. The text may hold TeX.
func InText(s string) []paper.Link {
	var found []paper.Link
	for i := 0; ; {
		j := strings.IndexByte(s[i:], '/')
		if j < 0 {
			return found
		}
		i += j
		if r, ok := repoAt(s, i); ok {
			found = Add(found, paper.Link{Kind: paper.LinkCode, URL: r.url(), Grade: paper.GradeAuthors})
		}
		i++
	}
}

// repoAt reads the address whose host ends before the slash at i.
func repoAt(s string, i int) (repo, bool) {
	start := i
	for start > 0 && isHostByte(s[start-1]) {
		start--
	}
	if _, _, ok := hostOf(s[start:i]); !ok || !mayPrecede(s[:start]) {
		return repo{}, false
	}
	return parseRepo(s[start:i], untangle(s[i:]))
}

func isHostByte(c byte) bool { return isNameByte(c) && c != '_' && c != '~' }

// mayPrecede reports whether an address may begin behind this text. Behind a
// slash or an at sign the host is part of some other address.
func mayPrecede(before string) bool {
	if strings.HasSuffix(before, "://") {
		return strings.HasSuffix(before, "http://") || strings.HasSuffix(before, "https://")
	}
	return !strings.HasSuffix(before, "/") && !strings.HasSuffix(before, "@")
}

// tangles are the ways in which TeX writes characters of addresses.
var tangles = []struct{ tex, plain string }{
	{`\_`, "_"}, {`$\_$`, "_"}, {`{\_}`, "_"}, {`$_$`, "_"}, {`\textunderscore{}`, "_"}, {`\textunderscore `, "_"},
	{`\-`, ""}, {`\/`, ""}, {`\~{}`, "~"}, {`\~`, "~"}, {`$\sim$`, "~"}, {`\%`, "%"}, {`\#`, "#"}, {`\&`, "&"},
}

// untangle returns the path that the text begins with, up to what cannot be part
// of an address, without TeX and without the punctuation of the sentence.
func untangle(s string) string {
	var path strings.Builder
	for i := 0; i < len(s); {
		if isPathByte(s[i]) {
			path.WriteByte(s[i])
			i++
			continue
		}
		t := slices.IndexFunc(tangles, func(t struct{ tex, plain string }) bool {
			return strings.HasPrefix(s[i:], t.tex)
		})
		if t < 0 {
			break
		}
		path.WriteString(tangles[t].plain)
		i += len(tangles[t].tex)
	}
	address, _, _ := strings.Cut(path.String(), "---") // a dash of TeX
	return strings.TrimRight(address, ".:?!#&=%@+~-")
}

// isPathByte leaves out what ends an address in running text: blanks, quotes,
// brackets, commas, and what only TeX would write.
func isPathByte(c byte) bool {
	return isNameByte(c) || strings.IndexByte("/%+@=&?#:!", c) >= 0
}
