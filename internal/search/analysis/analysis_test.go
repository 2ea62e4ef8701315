package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTokens(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", ""},
		{"blank", " \t ,;. ", ""},
		{"stems", "Learning learned learners", "0:learn 1:learn 2:learner"},
		{"stop words keep their place", "state of the art", "0:state 3:art"},
		{"accents", "Erdős Møller Straße Þór naïve ﬁeld ＧＰＴ İstanbul", "0:erdo 1:moller 2:strass 3:thor 4:naiv 5:field 6:gpt 7:istanbul"},
		{"accent apart", "Erdo\u030bs", "0:erdo"},
		{"Greek", "Λόγος ΛΟΓΟΣ", "0:λογοσ 1:λογοσ"},
		{"Cyrillic", "Йога ёж", "0:иога 1:еж"},
		{"hyphen", "k-means", "0:k 1:mean 1:kmean"},
		{"hyphen lost", "kmeans", "0:kmean"},
		{"model with digits", "GPT-4o", "0:gpt 1:4o 1:gpt4o"},
		{"model without hyphen", "gpt4o", "0:gpt4o 0:gpt 0:4o"},
		{"model with a point", "Qwen2.5-VL", "0:qwen2.5 0:qwen 0:2.5 1:vl 1:qwen2.5vl"},
		{"abbreviation", "DPO", "0:dpo"},
		{"camel", "AutoCoder", "0:autocod 0:auto 0:coder"},
		{"camel with capitals", "GPTModel", "0:gptmodel 0:gpt 0:model"},
		{"no camel", "LLMs LaTeX iPhone", "0:llms 1:latex 2:iphon"},
		{"stop words are not joined", "text-to-image state-of-the-art", "0:text 2:imag 3:state 6:art"},
		{"capital is joined", "A-GEM", "1:gem 1:agem"},
		{"dashes", "pre–training pre‑training", "0:pre 1:train 1:pretrain 2:pre 3:train 3:pretrain"},
		{"underscore", "L_2 norm", "0:l 1:2 1:l2 2:norm"},
		{"ampersand", "R&D", "0:r 1:d 1:rd"},
		{"not joined", "end - start -x", "0:end 1:start 2:x"},
		{"numbers", "2.5 1,000 3.", "0:2.5 1:1 2:000 3:3"},
		{"identifiers", "arXiv:2401.01234 hep-th/9901001", "0:arxiv 1:2401.01234 2:hep 3:th 3:hepth 4:9901001"},
		{"apostrophes", "Prandtl's don't O’Brien Erdős's dogs'", "0:prandtl 1:dont 2:obrien 3:erdo 4:dog"},
		{"C++ and C#", "C++ C# c", "0:c++ 1:c# 2:c"},
		{"scripts of formulas", "O(n²) ℓ₂ ℝ", "0:o 1:n2 2:l2 3:r"},
		{"Chinese", "机器学习", "0:机器 0:机 1:器学 1:器 2:学习 2:学 3:习"},
		{"Chinese among Latin", "BERT模型", "0:bert 1:模型 1:模 2:型"},
		{"Korean", "기계 학습", "0:기계 1:학습"},
		{"Korean apart", "\u1100\u1175계", "0:기계"},
		{"Hindi keeps its vowel signs", "हिन्दी", "0:हिन्दी"},
		{"Arabic", "تعلم", "0:تعلم"},
		{"broken UTF-8", "a\xffb\xc3", "1:b"},
		{"soft hyphen", "sur\u00adface", "0:surfac"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, tok := range Tokens(tt.text) {
				got = append(got, fmt.Sprintf("%d:%s", tok.Position, tok.Term))
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("%q\n got %s\nwant %s", tt.text, s, tt.want)
			}
		})
	}
}

func TestSameTerms(t *testing.T) {
	for _, forms := range [][]string{
		{"GPT-4o", "gpt-4o", "gpt4o", "gpt 4o", "GPT4o"},
		{"k-means", "kmeans", "k means", "K-Means"},
		{"Qwen2.5-VL", "qwen2.5 vl", "Qwen2.5VL", "qwen 2.5 vl"},
		{"AutoCoder", "autocoder", "auto coder"},
		{"pre-training", "pretraining", "pre training"},
	} {
		document := Terms(forms[0])
		for _, query := range forms {
			if !slices.ContainsFunc(Terms(query), func(s string) bool { return slices.Contains(document, s) }) {
				t.Errorf("%q has no term of %q", query, forms[0])
			}
		}
	}
}

func TestOffsets(t *testing.T) {
	const text = "A Møller-type k-means of AutoCoder, 2.5 模型"
	for _, tok := range Tokens(text) {
		part := text[tok.Start:tok.End]
		if part == "" || strings.Trim(part, " ,") != part || !utf8.ValidString(part) {
			t.Errorf("%q stands at %q", tok.Term, part)
		}
	}
}

func TestPhrase(t *testing.T) {
	var got []string
	for _, tok := range Phrase("the AutoCoder of k-means") {
		got = append(got, fmt.Sprint(tok.Position, tok.Term))
	}
	if want := []string{"1autocod", "3k", "4mean"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPlain(t *testing.T) {
	if got := Terms(Plain(`Erd\H{o}s on $k$-means`)); !slices.Equal(got, []string{"erdo", "k", "mean", "kmean"}) {
		t.Errorf("got %v", got)
	}
}

func TestNoBlanks(t *testing.T) {
	for _, s := range []string{"x", "é", "模", "x-", "1.", "Ab", "\u0301", "'s", "\xff"} {
		text := strings.Repeat(s, 2<<20/len(s))
		a, n := New(), 0
		a.Each(text, func(tok Token) {
			n++
			if len(tok.Term) > MaxTermBytes {
				t.Fatalf("a term of %d bytes", len(tok.Term))
			}
		})
		t.Logf("%q: %d terms", s, n)
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"GPT-4o", "Erdős's", "a\xffb", "机器x", "हिन्दी-हि", "C++", "AutoCoder's", "ß’s-İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := -1
		for _, tok := range Tokens(s) {
			if tok.Term == "" || len(tok.Term) > MaxTermBytes || !utf8.ValidString(tok.Term) {
				t.Fatalf("%q: term %q", s, tok.Term)
			}
			if tok.Start < 0 || tok.Start >= tok.End || tok.End > len(s) || tok.Position < last {
				t.Fatalf("%q: %+v after %d", s, tok, last)
			}
			last = tok.Position
		}
	})
}

func BenchmarkEach(b *testing.B) {
	const text = "We present a fully differential calculation of cross-sections at next-to-leading order; " +
		"its predictions for GPT-4o and AutoCoder are contrasted with those of Erdős and Rényi (2.5 sigma). "
	a := New()
	long := strings.Repeat(text, 6)
	b.SetBytes(int64(len(long)))
	b.ReportAllocs()
	for b.Loop() {
		a.Each(long, func(Token) {})
	}
}

func TestCommon(t *testing.T) {
	for _, w := range []string{"what", "Could", "does", "having"} {
		if got := Terms(w); len(got) != 1 || !Common(got[0]) {
			t.Errorf("%q has terms %v, not common", w, got)
		}
	}
	for _, w := range []string{"model", "attention", "need"} {
		if Common(Terms(w)[0]) {
			t.Errorf("%q is common", w)
		}
	}
}

func TestWords(t *testing.T) {
	for name, want := range map[string]string{
		"Yann LeCun": "yann lecun", "A. Will": "a will", "Jean-Pierre Serre": "jean pierre serre",
		"O’Brien, M.": "obrien m", "王小明": "王小明", "": "", "Paul Erdős": "paul erdos",
	} {
		if got := strings.Join(Words(name), " "); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
