package hub

import (
	"slices"
	"strings"

	"broadsheet/internal/links"
	"broadsheet/internal/paper"
)

// links are the repository and the project page, each graded by who added it,
// and the repositories that the abstract names.
func (f *flat) links(abstract string) []paper.Link {
	var out []paper.Link
	if address, ok := links.Clean(f.GithubRepo); ok {
		out = links.Add(out, paper.Link{Kind: paper.LinkCode, URL: address, Grade: grade(f.GithubAddedBy)})
	}
	for _, l := range links.InText(abstract) {
		out = links.Add(out, l)
	}
	if address, ok := links.Clean(f.ProjectPage); ok {
		out = links.Add(out, paper.Link{Kind: paper.LinkProject, URL: address, Grade: paper.GradeListed})
	}
	return out
}

// grade says what the source's word for who added a repository is worth. Older
// answers do not say it.
func grade(addedBy string) paper.Grade {
	switch addedBy {
	case "user":
		return paper.GradeReader
	case "auto":
		return paper.GradeAuto
	case "admin":
		return paper.GradeStaff
	}
	return paper.GradeListed
}

// media are the pictures and films, which stand within the paper now and stood
// beside it before.
func (it *item) media() []string {
	var out []string
	for _, list := range [][]string{it.Paper.MediaURLs, it.MediaURLs, {it.MediaURL}} {
		for _, s := range list {
			address, ok := links.Clean(s)
			if ok && !isThumbnail(address) && !slices.Contains(out, address) {
				out = append(out, address)
			}
		}
	}
	return out
}

// thumbnail is the picture that the source made. In 2024 it stood in mediaUrl for
// a time.
func (it *item) thumbnail() string {
	if address, ok := links.Clean(it.Thumbnail); ok {
		return address
	}
	if address, ok := links.Clean(it.MediaURL); ok && isThumbnail(address) {
		return address
	}
	return ""
}

func isThumbnail(address string) bool {
	_, rest, _ := strings.Cut(address, "://")
	return strings.HasPrefix(rest, "cdn-thumbnails.") || strings.Contains(rest, "/social-thumbnails/")
}
