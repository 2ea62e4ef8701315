package paper

import (
	"slices"
	"strings"
	"testing"
)

func TestFindMentions(t *testing.T) {
	const it = "1706.03762"
	for _, test := range []struct {
		text string
		want []ID
		only bool
	}{
		{"arXiv:1706.03762,", []ID{it}, true},
		{"(arXiv:1706.03762)", []ID{it}, true},
		{"[1706.03762]", []ID{it}, true},
		{"“1706.03762”", []ID{it}, true},
		{"1706.03762v7.", []ID{it}, true},
		{"arXiv: 1706.03762", []ID{it}, true},
		{"arXiv preprint arXiv:1706.03762", []ID{it}, true},
		{"arXiv preprint arXiv:1706.03762, 2017.", []ID{it}, true},
		{"arXiv：１７０６.０３７６２", []ID{it}, true},
		{"arXiv:1706.03762v7 [cs.CL] 2 Aug 2023", []ID{it}, true},
		{"arXiv:1706.03762v7\n [cs.CL]\n 2 Aug 2023", []ID{it}, true},
		{"arXiv:1706.\n03762v7 [cs.CL] 2 Aug 2023", []ID{it}, true},
		{"arXiv : 1706 . 03762", []ID{it}, true},
		{"a r X i v : 1 7 0 6 . 0 3 7 6 2 v 7 [ c s . C L ] 2 A u g 2 0 2 3", []ID{it}, true},
		{"3202 guA 2 ]LC.sc[ 7v26730.6071:viXra", []ID{it}, true},
		{"3\n2\n0\n2\n \ng\nu\nA\n \n2\n \n \n]\nL\nC\n.\ns\nc\n[\n \n \n7\nv\n2\n6\n7\n3\n0\n.\n6\n0\n7\n1\n:\nv\ni\nX\nr\na", []ID{it}, true},
		{"hep-th/9901001", []ID{"hep-th/9901001"}, true},
		{"(arXiv:hep-th/9901001v2)", []ID{"hep-th/9901001"}, true},
		{"math.AG/0601001,", []ID{"math/0601001"}, true},
		{"cs/0112017v2", []ID{"cs/0112017"}, true},
		{"cs.CL/0112017", []ID{"cs/0112017"}, true},
		{"https://arxiv.org/abs/1706.03762v7#bib", []ID{it}, true},
		{"http://www.arxiv.org/pdf/1706.03762v7.pdf", []ID{it}, true},
		{"https://export.arxiv.org/html/1706.03762", []ID{it}, true},
		{"arxiv.org/src/1706.03762, arxiv.org/ftp/arxiv/papers/1706/1706.03762.pdf", []ID{it}, true},
		{"https://arxiv.org/abs/hep-th%2F9901001", []ID{"hep-th/9901001"}, true},
		{"<https://ar5iv.labs.arxiv.org/html/1706.03762>", []ID{it}, true},
		{"https://www.alphaxiv.org/overview/1706.03762v7", []ID{it}, true},
		{"[the paper](https://huggingface.co/papers/1706.03762)", []ID{it}, true},
		{"https://www.semanticscholar.org/arxiv/1706.03762", []ID{it}, true},
		{"https://api.semanticscholar.org/arXiv:1706.03762", []ID{it}, true},
		{"https://api.semanticscholar.org/graph/v1/paper/arXiv%3A1706.03762?fields=title", []ID{it}, true},
		{"https://scirate.com/arxiv/1706.03762", []ID{it}, true},
		{"https://ui.adsabs.harvard.edu/abs/2017arXiv170603762V/abstract", []ID{it}, true},
		{"2017arXiv170603762V", []ID{it}, true},
		{"2010arXiv1001.0020A", []ID{"1001.0020"}, true},
		{"https://ui.adsabs.harvard.edu/abs/1997hep.th...11200M", []ID{"hep-th/9711200"}, true},
		{"2006math......1001A", []ID{"math/0601001"}, true},
		{"https://ui.adsabs.harvard.edu/abs/arXiv:1706.03762", []ID{it}, true},
		{"https://inspirehep.net/arxiv/1706.03762", []ID{it}, true},
		{"https://inspirehep.net/literature?sort=mostrecent&q=arxiv%3A1706.03762", []ID{it}, true},
		{"https://inspirehep.net/literature?q=eprint%201706.03762", []ID{it}, true},
		{"eprint 1706.03762", []ID{it}, true},
		{"https://papers.cool/arxiv/1706.03762", []ID{it}, true},
		{"https://dblp.org/rec/journals/corr/abs-1706-03762.html", []ID{it}, true},
		{"DBLP:journals/corr/abs-1706-03762", []ID{it}, true},
		{"dblp.org/rec/journals/corr/cs-CL-0112017", []ID{"cs/0112017"}, true},
		{"https://doi.org/10.48550/arXiv.1706.03762", []ID{it}, true},
		{"https://doi.org/10.48550/arXiv.hep-th/9901001", []ID{"hep-th/9901001"}, true},
		{"see doi:10.48550/arXiv.1706.03762.", []ID{it}, true},
		{"(https://doi.org/10.1145/3292500.3330701).", []ID{"10.1145/3292500.3330701"}, true},
		{"doi:10.1016/S0140-6736(20)30183-5).", []ID{"10.1016/s0140-6736(20)30183-5"}, true},
		{"1706.03762, 1512.03385 and hep-th/9901001", []ID{it, "1512.03385", "hep-th/9901001"}, true},
		{"1706.03762 1706.03762v2", []ID{it}, true},
		{"Vaswani et al. Attention is all you need. arXiv:1706.03762, 2017", []ID{it}, false},
		{"eprint={1706.03762},", []ID{it}, true},
		{"Comment on arXiv:hep-th/9901001 by others", []ID{"hep-th/9901001"}, false},
		{"the price of 1234.5678 dollars", nil, false},
		{"version 2.10.1234", nil, false},
		{"1706.03762.5", nil, false},
		{"1706.037625", nil, false},
		{"x1706.03762", nil, false},
		{"$1706.0376", nil, false},
		{"2024.01.15", nil, false},
		{"and/or 1234567", nil, false},
		{"km/1234567", nil, false},
		{"", nil, false},
	} {
		m := FindMentions(test.text)
		if got := m.IDs(); !slices.Equal(got, test.want) || m.Only() != test.only {
			t.Errorf("%q names %v, only %v, rest %q; want %v, %v", test.text, got, m.Only(), m.Rest, test.want, test.only)
		}
	}
}

func TestMentionsRest(t *testing.T) {
	for text, want := range map[string]string{
		"Comment on arXiv:2401.01234v2 [cs.LG] by others": "Comment on by others",
		"A title (https://arxiv.org/abs/2401.01234) here": "A title here",
		"no number":                   "no number",
		"GPT at 2401.01234-like cost": "GPT at -like cost",
	} {
		if got := FindMentions(text).Rest; got != want {
			t.Errorf("%q leaves %q, want %q", text, got, want)
		}
	}
}

func TestMentionsSure(t *testing.T) {
	for text, want := range map[string]bool{
		"arXiv:2401.01234": true, "2401.01234v1": true, "x/2401.01234": true, "2401.01234 [cs.LG]": true, "eprint = {2401.01234}": true,
		"2401.01234": false, "a cost of 2401.01234": false, "10.1145/3292500": true,
	} {
		m := FindMentions(text)
		if len(m.Papers) != 1 || m.Papers[0].Sure != want {
			t.Errorf("%q: %+v, want sure %v", text, m.Papers, want)
		}
	}
}

func FuzzFindMentions(f *testing.F) {
	for _, seed := range []string{"arXiv:1706.\n03762v7 [cs.CL] 2 Aug 2023", "see 10.1016/S0140(20)3). and hep-th/9901001,", "7v26730.6071:viXra",
		"https://ui.adsabs.harvard.edu/abs/1997hep.th...11200M", "arXiv%3A1706.03762 abs-1706-03762", "a r X i v : 1 7 0 6 . 0 3 7 6 2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := FindMentions(s)
		seen := map[ID]bool{}
		for _, p := range m.Papers {
			checkID(t, p.ID)
			if seen[p.ID] {
				t.Errorf("%q names %s twice", s, p.ID)
			}
			seen[p.ID] = true
			if again := FindMentions(string(p.ID)); len(again.Papers) != 1 || again.Papers[0].ID != p.ID {
				t.Errorf("%s, named in %q, names %v", p.ID, s, again.Papers)
			}
		}
		if len(m.Rest) > 3*len(s)+2*len(m.Papers) {
			t.Errorf("%q leaves more: %q", s, m.Rest)
		}
	})
}

// The work for a long text grows with its length and not faster: here by the places
// that are found, each of which is looked at once.
func TestFindMentionsLong(t *testing.T) {
	for _, piece := range []string{"1706.03762/", "arXiv:1706.03762,", "a/", "10.1145/", "(((", "abs-", "arxiv: ", "hep-"} {
		m := FindMentions(strings.Repeat(piece, 100_000/len(piece)))
		if len(m.Papers) > 1 && piece != "10.1145/" {
			t.Errorf("%q again and again names %d papers", piece, len(m.Papers))
		}
	}
}
