package evaluate

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMeasures(t *testing.T) {
	grades := map[string]int{"a": 3, "b": 1, "c": 0, "d": 2, "z": -1}
	log2 := math.Log2
	best := 3 + 2/log2(3) + 1/log2(4)
	tests := []struct {
		name                  string
		ranking               []string
		ndcg, ap, rr, recall2 float64
	}{
		{"nothing", nil, 0, 0, 0, 0},
		{"best", []string{"a", "d", "b"}, 1, 1, 1, 2. / 3},
		{"none relevant", []string{"c", "x", "z"}, 0, 0, 0, 0},
		{"second and fourth", []string{"x", "a", "c", "b"}, (3/log2(3) + 1/log2(5)) / best, (1./2 + 2./4) / 3, 1. / 2, 1. / 3},
		{"below the cut", []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "a"}, 0, 1. / 11 / 3, 0, 0},
	}
	for _, tt := range tests {
		for what, pair := range map[string][2]float64{
			"nDCG":   {NDCG(tt.ranking, grades, 10), tt.ndcg},
			"AP":     {AveragePrecision(tt.ranking, grades), tt.ap},
			"RR":     {ReciprocalRank(tt.ranking, grades, 10), tt.rr},
			"recall": {Recall(tt.ranking, grades, 2), tt.recall2},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-12 {
				t.Errorf("%s: %s %v, want %v", tt.name, what, pair[0], pair[1])
			}
		}
	}
}

func TestMean(t *testing.T) {
	c := &Collection{
		Queries: []Query{{ID: "1"}, {ID: "2"}, {ID: "unjudged"}},
		Grades:  map[string]map[string]int{"1": {"a": 1}, "2": {"b": 1}, "unjudged": {"c": 0}},
	}
	got := c.Measure(map[string][]string{"1": {"a"}, "unjudged": {"c"}})
	if want := (Measures{Queries: 2, NDCG10: .5, MAP: .5, MRR: .5, Recall: .5}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := (&Collection{}).Measure(nil); got != (Measures{}) {
		t.Errorf("an empty collection has %+v", got)
	}
}

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRead(t *testing.T) {
	for _, qrels := range []string{"qrels.tsv", "qrels/test.tsv"} {
		dir := write(t, map[string]string{
			"corpus.jsonl":  `{"_id":"d1","title":"T","text":"x","metadata":{}}` + "\n\n" + `{"_id":"d2","text":"y"}`,
			"queries.jsonl": `{"_id":"q1","text":"what"}` + "\n",
			qrels:           "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\t0\td2\t1\n",
		})
		c, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		if c.Name != filepath.Base(dir) || len(c.Documents) != 2 || c.Documents[0].Title != "T" || c.Queries[0].Text != "what" {
			t.Errorf("read %+v", c)
		}
		if c.Grades["q1"]["d1"] != 2 || c.Grades["q1"]["d2"] != 1 {
			t.Errorf("grades %v", c.Grades)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	good := map[string]string{"corpus.jsonl": "{}", "queries.jsonl": "{}", "qrels.tsv": ""}
	for name, bad := range map[string]string{"corpus.jsonl": "{", "queries.jsonl": "[1]", "qrels.tsv": "q d much"} {
		files := map[string]string{}
		for k, v := range good {
			files[k] = v
		}
		files[name] = bad
		if _, err := Read(write(t, files)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("read a folder that is not there")
	}
}
