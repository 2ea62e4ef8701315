package search

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"broadsheet/internal/paper"
)

// The reference of a paper that there is not, in the styles that people paste.
func TestParsePasted(t *testing.T) {
	const title = "Sparse coding of birdsong: a survey"
	names := []string{"Ada Lovelace", "Émilie du Châtelet"}
	for _, text := range []string{
		"A. Lovelace et al., Sparse coding of birdsong: a survey, NeurIPS 2019",
		"Lovelace, A., du Châtelet, É.: Sparse coding of birdsong: a survey. In: Advances in Neural Information Processing Systems, pp. 1–11 (2019)",
		"Lovelace, A., & du Châtelet, É. (2019). Sparse coding of birdsong: A survey. In Proceedings of the Conference on Birds.",
		"[12] A. Lovelace and É. du Châtelet, “Sparse coding of birdsong: a survey,” in Proc. ICML, 2019, pp. 1-11.",
		`Lovelace, Ada, and Émilie du Châtelet. "Sparse coding of birdsong: A survey." Journal of Birds 3.2 (2019): 1-11.`,
		"Ada Lovelace and Emilie du Chatelet. 2019. Sparse Coding of Birdsong: A Survey. arXiv preprint arXiv:2406.10500.",
		"Lovelace A, du Châtelet É. Sparse coding of birdsong: a survey. Nature. 2019;12(3):1–11.",
		"Lovelace et al 2019 Sparse coding of birdsong: a survey",
		"Lovelace et al. (2019): Sparse coding of bird-\nsong: a survey",
		"@article{x2019,\n title = {{Sparse} coding of {B}irdsong: a survey},\n author={Lovelace, Ada and du Ch{\\^a}telet, {\\'E}milie}, year = 2019}",
		`@inproceedings{x, author = "Ada Lovelace", title = "Sparse coding of birdsong: a survey", year = "2019"`,
		"TY  - JOUR\nTI  - Sparse coding of birdsong: a survey\nAU  - Lovelace, Ada\nPY  - 2019\nER  - ",
		"TY - JOUR T1 - Sparse coding of birdsong: a survey AU - Lovelace, Ada PY - 2019/05 ER -",
		"%0 Journal Article\n%T Sparse coding of birdsong: a survey\n%A Lovelace, Ada\n%D 2019",
	} {
		p, ok := ParsePasted(text)
		if !ok || len(p.References) != 1 {
			t.Errorf("%q: %+v", text, p)
			continue
		}
		r := &p.References[0]
		if !slices.Contains(r.Keys(), TitleKey(title)) {
			t.Errorf("%q has no title among %q", text, r.Titles)
		}
		if q := r.Query(); !strings.HasPrefix(strings.ToLower(q.Text), "sparse coding of birdsong") {
			t.Errorf("%q asks for %q", text, q.Text)
		}
		if r.Year != 2019 || r.Agrees(title, names, 2019) == 0 {
			t.Errorf("%q: year %d, agreement %v", text, r.Year, r.Agrees(title, names, 2019))
		}
		for _, other := range []string{"Dense coding of whale song", "A survey", "Journal of Birds", "Sparse coding"} {
			if r.Agrees(other, []string{"Wei Li"}, 2019) > 0 {
				t.Errorf("%q agrees with %q of another author", text, other)
			}
		}
	}
}

func TestParsePastedWithoutMarks(t *testing.T) {
	p, ok := ParsePasted("Lovelace et al sparse coding of birdsong")
	if !ok || !slices.Contains(p.References[0].Keys(), TitleKey("Sparse coding of birdsong")) {
		t.Errorf("%+v", p)
	}
}

func TestParsePastedFiles(t *testing.T) {
	for text, want := range map[string][]Reference{
		"@misc{a, title={One of two}, eprint={2406.10500}}\n@misc{b, title={The second}, year={2020}}": {
			{Titles: []string{"One of two"}, Text: "One of two. ", IDs: []paper.ID{"2406.10500"}},
			{Titles: []string{"The second"}, Text: "The second. ", Year: 2020}},
		"@comment{x, title={no}} @misc{b, note={arXiv:2406.10500}}": {{Text: "", IDs: []paper.ID{"2406.10500"}}},
		"TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\nTI  - Two\nER  - ": {
			{Titles: []string{"One"}, Text: "One"}, {Titles: []string{"Two"}, Text: "Two"}},
		"https://www.semanticscholar.org/paper/Sparse-coding%3A-of-birdsong-Lovelace/0123456789abcdef0123456789abcdef01234567": {
			{Titles: []string{"Sparse coding of birdsong Lovelace"}, Text: "Sparse coding of birdsong Lovelace", Slug: true}},
	} {
		p, ok := ParsePasted(text)
		if !ok || !p.File || !p.Sure || len(p.References) != len(want) {
			t.Errorf("%q: %+v", text, p)
			continue
		}
		for i, r := range p.References {
			w := want[i]
			if !slices.Equal(r.Titles, w.Titles) || r.Text != w.Text || r.Year != w.Year || !slices.Equal(r.IDs, w.IDs) || r.Slug != w.Slug {
				t.Errorf("%q: %+v, want %+v", text, r, w)
			}
		}
	}
}

func TestParsePastedNot(t *testing.T) {
	for _, text := range []string{"", "deep learning", "attention is all you need", "graph neural networks for molecules", `"chain of thought" -survey`,
		"author:hinton year:2017 deep belief nets", "@user said something", "a OR b in 2017 and more", "year:2020..2023 video generation by diffusion"} {
		if p, ok := ParsePasted(text); ok {
			t.Errorf("%q is read as a reference: %+v", text, p)
		}
	}
}

func TestProse(t *testing.T) {
	abstract := strings.Repeat("We look into the songs of the birds (Lovelace et al. 2019), and find that they are sparse. ", 3)
	authors := strings.Repeat("Lovelace, A., du Châtelet, É., ", 8) + "et al. (2019). Sparse coding of birdsong. In Proceedings of the Conference on Birds."
	for text, want := range map[string]bool{abstract: true, authors: false, "a short text of the birds": false, abstract + " year:2019": false} {
		if got := Prose(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
		if _, ok := ParsePasted(text); ok != (text == authors) {
			t.Errorf("%q: a reference: %v", text, ok)
		}
	}
	if _, ok := ParsePasted("We look into the work of Lovelace et al. (2019) on birdsong."); ok {
		t.Error("a sentence is read as a reference")
	}
}

func TestQuote(t *testing.T) {
	const abstract = "Birds sing. We look into the songs of Erdős' birds, and find $k$-means clusters of them all."
	for text, want := range map[string]bool{
		"we look into the songs of Erdos birds and find k-means": true,
		"We look into the songs of Erdős' birds, and find":       true,
		"look into the songs": false,
		"we look into the songs of Erdos birds and lose k-means":  false,
		"ook into the songs of Erdos birds and find":              false,
		"we look into the songs of Erdos birds and find sort:new": false,
		"+we look into the songs of Erdos birds and find":         false,
	} {
		q, _ := Parse(text, testNow)
		if got := QuoteOf(q).In(abstract); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestShortened(t *testing.T) {
	text := strings.Repeat("the common bird song ", 20) + "zebra finch unheard"
	papers := map[string]int{"common": 1000, "bird": 10, "song": 20, "zebra": 1, "finch": 2}
	short := Words(text).Shortened(func(n Node) int { return papers[n.Terms[0]] })
	if got := short.String(); got != strings.Repeat("common bird song ", 20)+"zebra finch" {
		t.Errorf("%q", got)
	}
	var many []string
	for i := range 60 {
		many = append(many, "w"+strconv.Itoa(i))
	}
	q := Words(strings.Join(many, " "))
	short = q.Shortened(func(n Node) int { i, _ := strconv.Atoi(n.Terms[0][1:]); return 100 - i })
	if len(short.Should) != keptWords || short.Should[0].Text != "w28" || short.Should[keptWords-1].Text != "w59" || short.Text != q.Text {
		t.Errorf("%v", short)
	}
	if none := q.Shortened(func(Node) int { return 0 }); len(none.Should) != longQuery {
		t.Errorf("of words that nothing has, %d stay", len(none.Should))
	}
	if few := Words("a b c"); len(few.Shortened(nil).Should) != 3 {
		t.Error("a short query is cut")
	}
}

func TestAgrees(t *testing.T) {
	for _, tt := range []struct {
		text, title, author string
		want                bool
	}{
		{"Lovelace 2019 Sparse codng of birdsong", "Sparse coding of birdsong", "Ada Lovelace", true},
		{"Lovelace 2019 Sparse coding of birdsong", "Sparse coding of birdsong", "Wei Li", false},
		{"Lovelace 2019 Sparse coding of birdsong and of all that sings", "Sparse coding of birdsong and of all that sings", "", true},
		{"GPT-4 Technical Report 2023", "GPT-4 Technical Report", "", true},
		{"Lovelace 2019 Sparse", "Sparse coding of birdsong", "Ada Lovelace", false},
		{"Birdsong, Lovelace, 2019", "Birdsong", "Ada Lovelace", true},
		{"Birdsong in 2019, a story", "Birdsong", "", false},
		{"Sparse song 2019", "", "Ada Lovelace", false},
	} {
		r := line(tt.text)
		if got := r.Agrees(tt.title, []string{tt.author}, 2019) > 0; got != tt.want {
			t.Errorf("%q and %q of %q: %v", tt.text, tt.title, tt.author, got)
		}
	}
}

func TestUnbroken(t *testing.T) {
	for text, want := range map[string]string{"bird-\nsong": "birdsong", "bird-\r\n  song": "birdsong", "pre- and\npost-": "pre- and\npost-", "K-\nMeans": "K-\nMeans", "bird\u00ad\nsong": "birdsong"} {
		if got := Unbroken(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzParsePasted(f *testing.F) {
	for _, s := range []string{"@article{x, title={A {B} c}, author=\"D\", year=2019}", "TY  - JOUR\nTI  - One\nER  - ", "%0 x\n%T One",
		"A. Lovelace et al., “Sparse coding,” in Proc. ICML, 2019, pp. 1-11. arXiv:2406.10500", "semanticscholar.org/paper/A-b-c-d-e/0123456789abcdef0123456789abcdef01234567"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := ParsePasted(s)
		if ok == (len(p.References) == 0) || len(p.References) > maxReferences {
			t.Fatalf("%q: %+v, %v", s, p, ok)
		}
		for i := range p.References {
			r := &p.References[i]
			if len(r.Titles) > maxTitles+1 && !p.File {
				t.Errorf("%q: %d titles", s, len(r.Titles))
			}
			if r.Agrees(s, []string{s}, 2019) < 0 || r.Agrees("", nil, 0) != 0 {
				t.Errorf("%q agrees with nothing", s)
			}
			Compile(r.Query())
		}
	})
}

// A long text is read once: what it repeats is looked at so often, and no more.
func TestParsePastedLong(t *testing.T) {
	for _, piece := range []string{"@a{b, title={", "@a{b,", "title=", "{", "A. B, 2019. ", "TY  - TI  - ", "%0 %T ", "“", "x, ", "semanticscholar.org/paper/", "a-\n"} {
		p, _ := ParsePasted(strings.Repeat(piece, 100_000/len(piece)))
		if len(p.References) > maxReferences {
			t.Errorf("%q again and again: %d references", piece, len(p.References))
		}
	}
}
