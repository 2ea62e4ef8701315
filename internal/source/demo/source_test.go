package demo

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/paper"
)

// seedFile is the list that the catalog was made from. It holds abstracts and
// is therefore no part of the program.
const seedFile = "../../../../shared/data/seed_papers.json"

// A seed is one paper of seedFile.
type seed struct {
	ID           paper.ID `json:"arxiv_id"`
	Title        string   `json:"title"`
	Abstract     string   `json:"abstract"`
	Authors      []string `json:"authors"`
	Published    string   `json:"published"`
	Comments     int      `json:"comments"`
	URLs         []string `json:"urls_in_abstract"`
	Organization *struct {
		Name     string `json:"name"`
		FullName string `json:"fullname"`
	} `json:"organization"`
}

func seeds(t *testing.T) []seed {
	t.Helper()
	data, err := os.ReadFile(seedFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the list that the catalog was made from is not here: %s", seedFile)
	}
	if err != nil {
		t.Fatal(err)
	}
	var list []seed
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestFactsAreAsInSource(t *testing.T) {
	list, want := observations(t), seeds(t)
	if len(list) != len(want) {
		t.Fatalf("%d papers, want %d", len(list), len(want))
	}
	for i, s := range want {
		p := list[i].Paper
		if p.ID != s.ID {
			t.Fatalf("paper %d is %s, want %s", i, p.ID, s.ID)
		}
		published := s.Published
		if published == "" {
			published = s.ID.Month().String()
		}
		if p.Title != s.Title || p.Published.String() != published || p.Comments != s.Comments {
			t.Errorf("%s: %q, %s, %d comments; want %q, %s, %d", p.ID,
				p.Title, p.Published, p.Comments, s.Title, published, s.Comments)
		}
		checkNames(t, p, s)
	}
}

func checkNames(t *testing.T, p paper.Paper, s seed) {
	t.Helper()
	var names, urls []string
	for _, a := range p.Authors {
		names = append(names, a.Name)
	}
	for _, l := range p.Links {
		urls = append(urls, l.URL)
	}
	if !slices.Equal(names, s.Authors) {
		t.Errorf("%s: authors %q, want %q", p.ID, names, s.Authors)
	}
	if !slices.Equal(urls, s.URLs) {
		t.Errorf("%s: links %q, want %q", p.ID, urls, s.URLs)
	}
	switch o := p.Organization; {
	case (o == nil) != (s.Organization == nil):
		t.Errorf("%s: organization %+v, want %+v", p.ID, o, s.Organization)
	case o != nil && (o.Name != s.Organization.Name || o.FullName != s.Organization.FullName):
		t.Errorf("%s: organization %+v, want %+v", p.ID, *o, *s.Organization)
	}
}

var wordPattern = regexp.MustCompile(`[\pL\pN]+`)

// runs returns every run of n words in s.
func runs(s string, n int) []string {
	words := wordPattern.FindAllString(strings.ToLower(s), -1)
	var list []string
	for i := 0; i+n <= len(words); i++ {
		list = append(list, strings.Join(words[i:i+n], " "))
	}
	return list
}

func TestSummariesAreOurOwnWords(t *testing.T) {
	list := observations(t)
	for i, s := range seeds(t) {
		theirs := make(map[string]bool)
		for _, run := range runs(s.Abstract, 8) {
			theirs[run] = true
		}
		for _, run := range runs(list[i].Paper.Summary, 8) {
			if theirs[run] {
				t.Errorf("%s: the summary repeats the abstract: %q", s.ID, run)
			}
		}
	}
}
