package tex

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Attention to detail", "Attention to detail"},
		{"white space", " Two\n  lines  here ", "Two lines here"},
		{"empty", "", ""},
		{"double acute", `Erd\H{o}s`, "Erdős"},
		{"umlaut", `Schr\"odinger and G{\"o}del`, "Schrödinger and Gödel"},
		{"accents", `\'etale \` + "`" + `a \^{e} \~n \=a \.z \u{a} \v{s} \c{c} \k{a} \r{u} \d{h} \b{t}`, "étale à ê ñ ā ż ă š ç ą ů ḥ ṯ"},
		{"dotless", `na\"{\i}ve, Mart\'\i nez`, "naïve, Martínez"},
		{"letters", `S\o ren, \L{}\'od\'z, Stra\ss e, \AA ngstr\"om, \ae \oe`, "Søren, Łódź, Straße, Ångström, æœ"},
		{"accent alone", `\^{} and \~{}`, "^ and ~"},
		{"quoted words", `the \"so-called\" model`, `the "so-called" model`},
		{"dashes", "one---two, 3--4, a - b, x --flag", "one—two, 3–4, a - b, x --flag"},
		{"quotes", "``good'' and `fine' but it's", "“good” and ‘fine' but it's"},
		{"ticks of code", "run `go test` now", "run `go test` now"},
		{"tie", "Fig.~3 costs ~10", "Fig. 3 costs ~10"},
		{"escaped", `50\% \& \#1 a\_b \{x\} \$5`, "50% & #1 a_b {x} $5"},
		{"percent", "50% of all", "50% of all"},
		{"emphasis", `\emph{x} \textbf{y} {\it z} {\bf w}`, "x y z w"},
		{"group", "{BERT} for {NLP}", "BERT for NLP"},
		{"line break", `a\\b`, "a b"},
		{"power", "$O(n^2)$", "O(n²)"},
		{"power outside", "10^6 and x^{ab}, D^2", "10⁶ and xᵃᵇ, D²"},
		{"names keep underscores", "the file_1 and my_var ^_^", "the file_1 and my_var ^_^"},
		{"chemistry", "CO_2 and H_2O", "CO₂ and H₂O"},
		{"script without character", `$x^{a,b}$ $L^\infty$ $M_{BH}$`, "x^(a,b) L^∞ M_(BH)"},
		{"Greek", `\alpha and $\beta$`, "α and β"},
		{"blackboard", `$\mathbb{R}^n$ over $\mathbb Z$`, "ℝⁿ over ℤ"},
		{"calligraphic", `$\mathcal{N}=4$`, "N=4"},
		{"relations", `$x\in X$, $n\geq 3$, $\sim 10$, $a\to b$`, "x ∈ X, n ≥ 3, ∼ 10, a → b"},
		{"signs", `$\pm 1$ and $a\pm b$`, "±1 and a ± b"},
		{"functions", `$O(n\log n)$, $\log^2 n$, $\sin(x)$`, "O(n log n), log² n, sin(x)"},
		{"nothing gets lost", `$\widehat\sl$ $n^{1/4}/\log n$`, `\sl n^(1/4)/log n`},
		{"limits", `$\lim_{n\to\infty} a_n$, $\sum_{i=1}^n i$`, "lim_(n→∞) aₙ, ∑ᵢ₌₁ⁿ i"},
		{"fractions", `$\frac{1}{2}$, $\frac{a+b}{c}$, $\frac12 n$`, "1/2, (a+b)/c, (1/2)n"},
		{"over", `${a \over b}$ and ${n \choose k}$`, "a/b and (n choose k)"},
		{"roots", `$\sqrt{2}$ $\sqrt{n+1}$ $\sqrt[3]{x}$`, "√2 √(n+1) ∛x"},
		{"marks", `$\bar{x}$ $\hat y$ $\overline{ab}$`, "x̄ ŷ a̅b̅"},
		{"primes", "$f''(x)$ and $x'^2$", "f′′(x) and x′²"},
		{"star", "$C^*$-algebra", "C*-algebra"},
		{"degrees", `$90^\circ$`, "90°"},
		{"negation", `$x\not\in A\not= B$`, "x ∉ A ≠ B"},
		{"text in formula", `$x \text{ if } y$`, "x if y"},
		{"delimiters", `$\left( x \right)$, $\left. y \right|$, $\bigl\{ z \bigr\}$`, "(x), y|, {z}"},
		{"modulo", `$a \equiv b \pmod{n}$`, "a ≡ b (mod n)"},
		{"cases", `\begin{cases} 0 & x \\ 1 & y \end{cases}`, "{0 x; 1 y"},
		{"matrix", `$\begin{pmatrix} a & b \\ c & d \end{pmatrix}$`, "(a, b; c, d)"},
		{"money", "from $5 and $10 to $20", "from $5 and $10 to $20"},
		{"money and formula", "costs $5 for $x$ units", "costs $5 for x units"},
		{"one dollar", "a $100 prize", "a $100 prize"},
		{"display", `so $$a=b$$ holds`, "so a=b holds"},
		{"parentheses", `\(x^2\) and \[y\]`, "x² and y"},
		{"link", `\href{https://example.org/}{here} \url{https://example.org/a\_b}`, "here https://example.org/a_b"},
		{"citation", `as in \cite[Thm.~1]{Smith04}`, "as in [Smith04, Thm. 1]"},
		{"footnote", `word\footnote{aside}`, "word (aside)"},
		{"list", `\begin{enumerate}\item one \item two\end{enumerate}`, "1. one 2. two"},
		{"logo", `\LaTeX{} and \TeX`, "LaTeX and TeX"},
		{"unknown", `our \mymethod works`, `our \mymethod works`},
		{"unknown in formula", `$\mymethod^2$`, `\mymethod²`},
		{"brace alone", "a { b", "a { b"},
		{"dollar alone", "a $x b", "a $x b"},
		{"backslash at the end", `a\`, `a\`},
		{"not escaped", "a<b & c", "a<b & c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Text(c.in); got != c.want {
				t.Errorf("Text(%q)\n got %q\nwant %q", c.in, got, c.want)
			}
		})
	}
}

func TestHTML(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "a < b & c", "a &lt; b &amp; c"},
		{"no markup gets in", `<script>x</script> \emph{<b>}`, "&lt;script&gt;x&lt;/script&gt; <em>&lt;b&gt;</em>"},
		{"no markup in formulas", `$a<b$`, "<math><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow></math>"},
		{"power", "$x^2$", "<math><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>"},
		{"display", `$$x$$`, `<math display="block"><mrow><mi>x</mi></mrow></math>`},
		{"brackets", `\[x\]`, `<math display="block"><mrow><mi>x</mi></mrow></math>`},
		{"looks", `\texttt{a--b} {\bf c} \textsc{d}`, `<code>a--b</code> <strong>c</strong> <span class="small-caps">d</span>`},
		{"fraction", `$\frac12$`, "<math><mrow><mfrac><mn>1</mn><mn>2</mn></mfrac></mrow></math>"},
		{"root", `$\sqrt[3]{x}$`, "<math><mrow><mroot><mi>x</mi><mrow><mn>3</mn></mrow></mroot></mrow></math>"},
		{"sum", `$\sum_{i}^{n}$`, "<math><mrow><munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover></mrow></math>"},
		{"integral", `$\int_0^1$`, "<math><mrow><msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup></mrow></math>"},
		{"fonts", `$\mathbb{R}\mathcal{O}\mathrm{SL}\mathrm{d}$`, `<math><mrow><mi>ℝ</mi><mi>𝒪</mi><mi>SL</mi><mi mathvariant="normal">d</mi></mrow></math>`},
		{"minus", `$-1$`, "<math><mrow><mo>−</mo><mn>1</mn></mrow></math>"},
		{"mark", `$\bar x$`, `<math><mrow><mover accent="true"><mi>x</mi><mo stretchy="false">¯</mo></mover></mrow></math>`},
		{"unknown", `$\zzz x$`, `<math><mrow><mtext>\zzz</mtext><mi>x</mi></mrow></math>`},
		{"script outside", "x^{2} H_2", "x<sup>2</sup> H<sub>2</sub>"},
		{"link", `\href{https://example.org/?a=1\&b}{x}`, `<a href="https://example.org/?a=1&amp;b" rel="nofollow noopener">x</a>`},
		{"link that is none", `\href{javascript:alert(1)}{x}`, "x"},
		{"link in link", `\href{https://a.example/}{\url{https://b.example/}}`, `<a href="https://a.example/" rel="nofollow noopener">https://b.example/</a>`},
		{"quote in link", `\url{https://a.example/"onclick="x}`, `<a href="https://a.example/&#34;onclick=&#34;x" rel="nofollow noopener">https://a.example/&#34;onclick=&#34;x</a>`},
		{"line break", `a\\b`, "a<br/>b"},
		{"tie", "a~b", "a\u00a0b"},
		{"control characters", "a\x00\x1fb", "ab"},
		{"broken characters", "a\xffb $\xff$", "a\ufffdb <math><mrow><mo>\ufffd</mo></mrow></math>"},
		{"code points", `\unicode{x3c}b\unicode{x0}`, `&lt;b\unicode{x0}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := string(HTML(c.in))
			if got != c.want {
				t.Errorf("HTML(%q)\n got %s\nwant %s", c.in, got, c.want)
			}
			wellFormed(t, got)
		})
	}
}

// wellFormed fails the test unless s is well-formed markup of the elements that
// this package writes.
func wellFormed(t *testing.T, s string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader("<x>" + s + "</x>"))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, s)
		}
		if e, ok := tok.(xml.StartElement); ok && !strings.Contains(ours, " "+e.Name.Local+" ") {
			t.Fatalf("element %s in %s", e.Name.Local, s)
		}
	}
}

const ours = " x a br em strong code sub sup u s span math mrow mi mn mo mtext mspace msub msup msubsup munder mover munderover" +
	" mfrac msqrt mroot mtable mtr mtd "

func TestParagraphs(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"empty", "", nil},
		{"one", "One paragraph.", []string{"One paragraph."}},
		{"wrapped", "One\nparagraph.", []string{"One paragraph."}},
		{"blank line", "One.\n\n$x$ two.\n \n\nThree.", []string{"One.", "<math><mrow><mi>x</mi></mrow></math> two.", "Three."}},
		{"indented", "  One\nline.\n  Two.", []string{"One line.", "Two."}},
		{"layout", "One\n  two\n  three\n  four", []string{"One two three four"}},
		{"in a group", "a {b\n\nc} d", []string{"a b", "c d"}},
		{"only a brace", "{", []string{"{"}},
		{"nothing to see", `\label{x}`, []string{`\label{x}`}},
		{"blank", " \n", []string{""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Paragraphs(c.in)
			if len(got) != len(c.want) {
				t.Fatalf("Paragraphs(%q) = %q", c.in, got)
			}
			for i, h := range got {
				if string(h) != c.want[i] {
					t.Errorf("paragraph %d: %q, want %q", i, h, c.want[i])
				}
				wellFormed(t, string(h))
			}
		})
	}
}

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		in   string
		want bool
	}{
		{"plain", true}, {`$\alpha^2$ \emph{x} 50% $5`, true}, {`\zzz`, false}, {`$\zzz$`, false},
		{"{", false}, {"}", false}, {"a $x b", false}, {`$\left( x$`, false}, {`\begin{itemize}`, false}, {`\'`, true},
	} {
		if got := Complete(c.in); got != c.want {
			t.Errorf("Complete(%q) = %v", c.in, got)
		}
	}
}

func TestSymbols(t *testing.T) {
	for name, s := range symbols {
		if n := len([]rune(s.text)); n != 1 && !strings.HasSuffix(s.text, "\u0338") {
			t.Errorf("%q stands for %q", name, s.text)
		}
		for _, r := range name {
			if r > 0x7f {
				t.Errorf("the name %q is none", name)
			}
		}
	}
	for name, s := range aliases {
		if _, ok := symbols[s]; !ok {
			t.Errorf("the alias %q is for %q, which is none", name, s)
		}
	}
}
