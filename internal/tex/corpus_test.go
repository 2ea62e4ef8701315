package tex

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// TestCorpus converts the titles and abstracts of arXiv and holds the shares that
// are fully understood. It reads every twentieth paper, or all of them when
// BROADSHEET_WHOLE_CORPUS is 1.
func TestCorpus(t *testing.T) {
	path := filepath.FromSlash("../../../../shared/data/arxiv.jsonl.zst")
	file, err := os.Open(path)
	if err != nil {
		t.Skipf("no papers to read: %v", err)
	}
	defer file.Close()
	step := 20
	if os.Getenv("BROADSHEET_WHOLE_CORPUS") == "1" {
		step = 1
	} else if testing.Short() {
		t.Skip("reading the papers takes a while")
	}
	z, err := zstd.NewReader(file, zstd.WithDecoderMaxWindow(128<<20))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()

	var title, abstract share
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 16<<20)
	for n := 0; lines.Scan(); n++ {
		if n%step != 0 {
			continue
		}
		var p struct{ Title, Abstract string }
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		title.count(t, p.Title)
		abstract.count(t, p.Abstract)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	title.hold(t, "titles", 0.999)
	abstract.hold(t, "abstracts", 0.985)
}

// A share is how many of the texts were understood, also of those with any TeX.
type share struct{ all, complete, tex, texComplete int }

func (s *share) count(t *testing.T, text string) {
	t.Helper()
	s.all++
	if plain(clean(text)) {
		s.complete++
		return
	}
	s.tex++
	if Complete(text) {
		s.complete++
		s.texComplete++
	}
	if Text(text) == "" {
		t.Errorf("nothing left of %q", text)
	}
	wellFormed(t, string(HTML(text)))
}

func (s *share) hold(t *testing.T, what string, floor float64) {
	t.Helper()
	got := float64(s.complete) / float64(s.all)
	t.Logf("%s: %d of %d complete (%.3f %%); with TeX %d of %d (%.3f %%)", what,
		s.complete, s.all, 100*got, s.texComplete, s.tex, 100*float64(s.texComplete)/float64(s.tex))
	if got < floor {
		t.Errorf("%s: share %.4f is below %.4f", what, got, floor)
	}
}
