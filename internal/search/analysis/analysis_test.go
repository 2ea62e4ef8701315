package analysis

import (
	"cmp"
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
		{"no camel", "LLMs LaTeX iPhone", "0:llm 1:latex 2:iphon"},
		{"plurals of acronyms", "LLMs llms GPUs gpus NeRFs MoEs H100s APIs", "0:llm 1:llm 2:gpu 3:gpu 4:nerf 5:moe 6:h100 7:api"},
		{"no plurals", "GaAs bus bias gas class gps 1990s AdS", "0:gaa 1:bus 2:bias 3:gas 4:class 5:gps 6:1990s 7:ads"},
		{"irregular plurals", "matrices vertices criteria analyses radii lenses", "0:matrix 1:vertex 2:criterion 3:analysi 4:radius 5:len"},
		{"a plural of two words", "bases", "0:base 0:basi"},
		{"British spelling", "behaviour modelling optimised analyse centre grey", "0:behavior 1:model 2:optim 3:analyz 4:center 5:gray"},
		{"stems parted", "operators operating transformers transforms universe university", "0:oper 1:operation 2:transformer 3:transform 4:universe 5:university"},
		{"compounds", "data sets, fine tuning", "0:data 1:set 1:dataset 2:fine 3:tune 3:finetun"},
		{"no compounds", "neural network data, set", "0:neural 1:network 2:data 3:set"},
		{"prefixes", "non linear multi modal", "0:non 1:linear 1:nonlinear 2:multi 3:modal 3:multimod"},
		{"versions", "SAM 2, Llama 3.1 of 2019; T 5 x 5", "0:sam 1:2 1:sam2 2:llama 3:3.1 3:llama3.1 5:2019 6:t 7:5 7:t5 8:x 9:5"},
		{"no version", "in 2 GPT 2019", "1:2 2:gpt 3:2019"},
		{"Greek letters", "α-determinant ΛCDM χ² 𝛽", "0:alpha 1:determinant 1:alphadetermin 2:lambda 3:cdm 3:lambdacdm 4:chi 5:2 5:chi2 6:beta"},
		{"ends of lines", "trans-\nformer sur\u00ad\nface low- to high", "0:tran 1:former 1:transformer 2:sur 3:face 3:surfac 4:low 6:high"},
		{"accents of a PDF", "Erd\u02ddos M\u00a8uller", "0:erdo 1:muller"},
		{"acronyms like stop words", "IT and OR", "0:it 2:or"},
		{"capitals", "IT IS NEW", "2:new"},
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
		{"Korean with particles", "기계학습은 LLM은", "0:기계학습은 0:기계 0:계학 0:학습 0:습은 1:llm 2:은 2:llm은"},
		{"Japanese long vowels", "データ", "0:デー 0:デ 1:ータ 1:ー 2:タ"},
		{"Thai", "เรียน AIก", "0:เรี 1:รีย 2:ยน 3:ai 4:ก"},
		{"Arabic", "تعلم", "0:تعلم"},
		{"Arabic marks and forms of letters", "مُحَمَّد آلة مـــد", "0:محمد 1:اله 2:مد"},
		{"Hebrew", "שָׁלוֹם", "0:שלום"},
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
		{"LLM", "LLMs", "llms", "LLM's"},
		{"data set", "dataset", "data-set", "Data Sets"},
		{"SAM 2", "SAM2", "SAM-2", "sam 2"},
		{"Llama 3", "Llama3", "Llama-3", "llama 3"},
		{"time series", "timeseries", "time-series"},
		{"wave function", "wavefunctions", "wave-function"},
		{"fine tuning", "finetuning", "fine-tuned", "fine tune"},
		{"α-determinant", "alpha determinant", "alpha-determinant", "α determinant"},
		{"ℓ_1", "l1", "ℓ₁", "L_1", "ℓ1"},
		{"self-supervised", "self-\nsupervised", "selfsupervised"},
		{"behaviours", "behavior"}, {"labelling", "labeling"}, {"generalisations", "generalization"},
		{"fibres", "fiber"}, {"analysers", "analyzer"}, {"dialogues", "dialog"}, {"catalogued", "cataloged"},
		{"corpora", "corpus"}, {"indices", "index"}, {"phenomena", "phenomenon"}, {"bases", "basis"}, {"bases", "base"},
		{"학습은", "학습"}, {"大语言模型", "语言"},
	} {
		document := Terms(forms[0])
		for _, query := range forms {
			if !slices.ContainsFunc(Terms(query), func(s string) bool { return slices.Contains(document, s) }) {
				t.Errorf("%q has no term of %q", query, forms[0])
			}
		}
	}
}

func TestOtherTerms(t *testing.T) {
	for _, forms := range [][]string{
		{"transformer", "transforms"}, {"operator", "operating"}, {"universe", "university"}, {"experiment", "experience"},
		{"organ", "organization"}, {"emergence", "emergency"}, {"numerical", "numerous"}, {"importance", "import"},
		{"international", "internal"}, {"relativity", "relation"}, {"policy", "police"}, {"arm", "army"}, {"new", "news"},
		{"ratio", "rational"}, {"promise", "promize"}, {"noise", "noize"}, {"probe", "probable"}, {"community", "communication"},
		{"universal", "university"}, {"general", "generation"}, {"automaton", "automatic"}, {"secure", "second"},
	} {
		if a, b := Terms(forms[0]), Terms(forms[1]); slices.Equal(a, b) {
			t.Errorf("%q and %q are both %v", forms[0], forms[1], a)
		}
	}
}

func TestForms(t *testing.T) {
	for text, want := range map[string]string{
		"Transformers":   "transformers",
		"behaviours":     "behaviors",
		"fine-tuning":    "fine tuning +finetuning",
		"data sets":      "data sets +datasets",
		"LLMs LLM":       "llms llm",
		"AutoCoder, 2.5": "autocoder - - -",
		"模型":             "- - -",
	} {
		var got []string
		for _, tok := range Tokens(text) {
			form := cmp.Or(tok.Form, "-")
			if tok.Joined {
				form = "+" + form
			}
			got = append(got, form)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: got %s, want %s", text, s, want)
		}
	}
}

func TestAmerican(t *testing.T) {
	for word, want := range map[string]string{
		"colouring": "coloring", "neighbourhood": "neighborhood", "contour": "contour", "four": "four",
		"characterise": "characterize", "polarisability": "polarizability", "criticised": "criticized",
		"exercise": "exercise", "precise": "precise", "denoising": "denoising", "denoiser": "denoiser", "ising": "ising",
		"unsupervised": "unsupervised", "otherwise": "otherwise", "surprising": "surprising", "crises": "crises",
		"promising": "promising", "expertise": "expertise", "analysing": "analyzing", "analysis": "analysis",
		"catalysed": "catalyzed", "metres": "meters", "symmetric": "symmetric", "centred": "centered",
		"microfibre": "microfiber", "labelled": "labeled", "remodelling": "remodeling", "controlled": "controlled",
		"called": "called", "paralleled": "paralleled", "sulphide": "sulfide", "palaeontology": "paleontology",
		"programme": "program", "programmed": "programmed", "defence": "defense", "focussed": "focused",
		"anaemia": "anemia", "disguised": "disguised", "raise": "raise",
	} {
		if got := american(word); got != want {
			t.Errorf("%s: got %s, want %s", word, got, want)
		}
	}
}

// The tables hold words as they are looked up: folded, in American spelling, and once.
func TestTables(t *testing.T) {
	seen := map[string]bool{}
	for _, word := range strings.Fields(partedTable) {
		if word != american(word) || seen[word] || !stemmable(word) {
			t.Errorf("%s among the words parted is spelled %s, or stands there twice", word, american(word))
		}
		seen[word] = true
	}
	for from, to := range irregular {
		if from != american(from) || to != american(to) {
			t.Errorf("the plural %s of %s is spelled %s and %s", from, to, american(from), american(to))
		}
	}
	for from, to := range spellings {
		if to != american(to) {
			t.Errorf("%s is spelled %s, which is spelled %s", from, to, american(to))
		}
	}
	for term, cut := range compounds.cuts {
		if cut < 2 || term == "" {
			t.Errorf("the compound %q is cut at %d", term, cut)
		}
	}
}

func TestScripts(t *testing.T) {
	for text, want := range map[string]string{
		"attention": "", "α-determinant of ΛCDM": "", "naïve Erdős": "", "大语言模型 BERT": "Chinese",
		"機械学習の": "Japanese", "학습": "Korean", "Машинное обучение": "Cyrillic", "λόγος": "Greek",
		"تعلم": "Arabic", "שלום и": "Hebrew Cyrillic", "การเรียนรู้": "Thai", "": "", "\xff": "",
	} {
		if got := strings.Join(Scripts(text), " "); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
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
	for _, s := range []string{"x", "é", "模", "x-", "1.", "Ab", "\u0301", "'s", "\xff",
		"α", "αb", "학", "ก", "ก\u0e34", "x- ", "-  ", "\u00ad ", "IT ", "non ", "a 1 ", "data set ", "¨", "As"} {
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
	for _, s := range []string{"GPT-4o", "Erdős's", "a\xffb", "机器x", "हिन्दी-हि", "C++", "AutoCoder's", "ß’s-İ",
		"LLMs H100s", "data set SAM 2", "αβ-x ΛCDM 𝛼", "trans-\nformer", "sur\u00ad\nface", "학습은LLM", "การ", "Erd\u02ddos", "IT is", "bases", "مُح"} {
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
			if !utf8.ValidString(tok.Form) || len(tok.Form) > MaxTermBytes+2 {
				t.Fatalf("%q: form %q", s, tok.Form)
			}
			last = tok.Position
		}
		for _, word := range slices.Concat(Spelled(s), Stops(s), Words(s)) {
			if word == "" || !utf8.ValidString(word) {
				t.Fatalf("%q: word %q", s, word)
			}
		}
		for _, name := range Scripts(s) {
			if name == "" {
				t.Fatalf("%q is written in a script without a name", s)
			}
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
