package papertest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/papertest"
	"broadsheet/internal/search/evaluate"
	"broadsheet/internal/source/arxiv"
	"broadsheet/internal/source/hub"
)

// Paper number i does not depend on how many there are.
func TestSamePapersInEveryCorpus(t *testing.T) {
	few, many := papertest.New(100), papertest.New(1000)
	if d := cmp.Diff(few.Papers, many.Papers[:100]); d != "" {
		t.Error(d)
	}
	seen := map[string]bool{}
	for _, p := range many.Papers {
		if seen[p.ID] {
			t.Errorf("%s stands twice", p.ID)
		}
		seen[p.ID] = true
	}
	if p := many.Papers[0]; p.Day != "2026-05-29" || p.ID[:5] != "2605." {
		t.Errorf("the newest paper is %s of %s", p.ID, p.Day)
	}
}

// Every format is read by the package that reads it from files.
func TestFormatsAreUnderstood(t *testing.T) {
	c := papertest.New(500)
	var items, rows, votes, orgs bytes.Buffer
	for _, err := range []error{c.HubItems(&items), c.ArXivRows(&rows), c.VoteCounts(&votes), c.OrganizationRows(&orgs)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	byHub, byArXiv, repaired, editions := map[string]string{}, map[string]string{}, 0, map[string]int{}
	for line := range bytes.Lines(items.Bytes()) {
		o, err := hub.DecodeItem(line)
		if err != nil {
			t.Fatal(err)
		}
		byHub[string(o.Paper.ID)] = o.Paper.Title
		editions[string(o.Submission.Day)]++
	}
	for line := range bytes.Lines(rows.Bytes()) {
		o, err := arxiv.DecodeSnapshot(line)
		if err != nil {
			t.Fatal(err)
		}
		byArXiv[string(o.Paper.ID)] = o.Paper.Title
		if o.Repaired {
			repaired++
		}
	}
	want := map[string]string{}
	for _, p := range c.Papers {
		want[p.ID] = p.Title
	}
	if d := cmp.Diff(want, byHub); d != "" {
		t.Error("hub:", d)
	}
	if d := cmp.Diff(want, byArXiv); d != "" {
		t.Error("arXiv:", d)
	}
	if repaired < 5 || len(editions) != 13 || editions["2026-05-29"] < papertest.PerDay {
		t.Errorf("%d repaired identifiers, editions %v", repaired, editions)
	}
	for line := range bytes.Lines(votes.Bytes()) {
		if v, err := hub.DecodeCounts(line); err != nil || want[string(v.Paper.ID)] == "" {
			t.Fatal(v, err)
		}
	}
	for line := range bytes.Lines(orgs.Bytes()) {
		if _, err := hub.DecodeOrganization(line); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWrite(t *testing.T) {
	c, dir := papertest.New(60), t.TempDir()
	files, err := c.Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{files.Hub, files.ArXiv, files.Votes, files.Organizations} {
		if info, err := os.Stat(name); err != nil || info.Size() == 0 || filepath.Dir(name) != dir {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := c.WriteJudged(dir); err != nil {
		t.Fatal(err)
	}
	judged, err := evaluate.Read(dir)
	if err != nil || len(judged.Documents) != 60 || len(judged.Queries) != 3 || judged.Grades["20"][c.Papers[20].ID] != 2 {
		t.Errorf("%+v, %v", judged, err)
	}
}
