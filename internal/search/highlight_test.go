package search

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// marked writes fragments with brackets around what is marked.
func marked(fragments []Fragment) string {
	var b strings.Builder
	for _, f := range fragments {
		if f.Marked {
			b.WriteString("[" + f.Text + "]")
			continue
		}
		b.WriteString(f.Text)
	}
	return b.String()
}

func TestHighlight(t *testing.T) {
	for _, tt := range []struct{ text, query, want string }{
		{"Learning to rank", "", "Learning to rank"},
		{"", "rank", ""},
		{"Learning to rank", "learned ranks", "[Learning] to [rank]"},
		{"On Erdős's bounds", "erdos", "On [Erdős's] bounds"},
		{"Fast k-means and kmeans", "k-means", "Fast [k-means] and [kmeans]"},
		{"GPT-4o, again", "gpt4o", "[GPT-4o], again"},
		{"Deep nets learn deep learning", `"deep learning"`, "Deep nets learn [deep learning]"},
		{"The state of the art", `"state of the art"`, "The [state of the art]"},
		{"Graphs without trees", "graphs -trees", "[Graphs] without trees"},
		{"Graphs and bounds", "abs:graphs title:bounds author:graphs", "Graphs and [bounds]"},
		{"Graphs and trees", `"x y" OR title:trees`, "Graphs and [trees]"},
		{"What $O(n^2)$ costs", "what costs", "What O(n²) [costs]"},
		{"机器学习", "学习", "机器[学习]"},
		{"A dataset of data sets, a set", "data set", "A [dataset] of [data sets], a [set]"},
		{"SAM2 and SAM 2", "sam 2", "[SAM2] and [SAM 2]"},
		{"SAM2 and SAM 2", "SAM2", "[SAM2] and [SAM 2]"},
		{"LLMs and an LLM", "llm", "[LLMs] and an [LLM]"},
		{"Matrices, behaviours", "matrix behavior", "[Matrices], [behaviours]"},
		{"The α-determinant", "alpha determinant", "The [α]-[determinant]"},
		{"Transformers and transformer", `"transformers"`, "[Transformers] and transformer"},
		{"Operators operating systems", `"operating systems"`, "Operators [operating systems]"},
		{"Graph cuts, graphs cut", `"graph cuts"`, "[Graph cuts], graphs cut"},
		{"기계학습은", "학습", "[기계학습은]"},
	} {
		q, _ := Parse(tt.query, testNow)
		if got := marked(Highlight(tt.text, q)); got != tt.want {
			t.Errorf("%q for %q: %q, want %q", tt.text, tt.query, got, tt.want)
		}
	}
}

func TestPassage(t *testing.T) {
	const text = "This paper is long. It begins with nothing of note at all. Then come graphs and their bounds, both sharp. Nothing follows but remarks."
	for _, tt := range []struct {
		query string
		most  int
		want  string
	}{
		{"bounds", 500, strings.Replace(text, "bounds", "[bounds]", 1)},
		{"graphs bounds", 50, "…Then come [graphs] and their [bounds], both sharp.…"},
		{"unheard", 30, "This paper is long. It begins…"},
		{"", 19, "This paper is long.…"},
		{"remarks", 30, "…Nothing follows but [remarks]."},
	} {
		q, _ := Parse(tt.query, testNow)
		if got := marked(Passage(text, q, tt.most)); got != tt.want {
			t.Errorf("%q in %d bytes: %q, want %q", tt.query, tt.most, got, tt.want)
		}
	}
}

func TestPassageLong(t *testing.T) {
	q, _ := Parse(`a "a a a a a b" x`, testNow)
	for _, s := range []string{"a", "a ", "x a ", "é", "a. "} {
		text := strings.Repeat(s, 1<<20/len(s))
		began := time.Now()
		fragments := Passage(text, q, 300)
		if took := time.Since(began); took > 5*time.Second || len(marked(fragments)) > 1500 {
			t.Errorf("%q again and again: %v, %d bytes", s, took, len(marked(fragments)))
		}
	}
}

func FuzzPassage(f *testing.F) {
	f.Add("Deep nets, deep learning. Bounds.", `"deep learning" bounds`, 12)
	f.Add("é模型\xff", "模型", 1)
	f.Fuzz(func(t *testing.T, text, query string, most int) {
		q, _ := Parse(query, testNow)
		whole := ""
		for _, fragment := range Highlight(text, q) {
			whole += fragment.Text
		}
		passage := ""
		for _, fragment := range Passage(text, q, most%1000) {
			passage += fragment.Text
		}
		if !utf8.ValidString(whole) || !utf8.ValidString(passage) || !strings.Contains(whole+"……", strings.Trim(passage, "…")) {
			t.Errorf("%q for %q: %q, %q", text, query, whole, passage)
		}
	})
}
