package tex

import (
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var seeds = []string{
	"plain text", `Erd\H{o}s $O(n^2)$`, `$$\frac{a}{b}$$ \[x\] \(y\)`, `{\it a {\bf b}} \emph{c}`, `\begin{cases} a & b \\ c \end{cases}`,
	`$\left( \middle| x \right)$`, `$x_a^b''_c^d$`, `\href{https://a.example/"<}{\url{x}} \cite[a]{b}`, `\verb|<script>|`, "a\n\n  b",
	`$\sqrt[3]{x} \xrightarrow[a]{b} \overset{a}{=} {a \over b}$`, `\unicode{x3c} \char{60} \'{\i} \"{$x$}`, `{ } $ $$ \( \begin{x} \left(`,
	`\item[a] \footnote{b} \textcolor{red}{c} \ce{H2O} \SI{1}{\meter}`, "<script>alert(1)</script>", `$\text{a $b$ c} \mbox{d} \big\{ \not=$`,
	`\begin{enumerate}\item a\begin{align*}b&=c\\&d\end{align*}\end{enumerate}`, "\x00\xff\u2028\ufffe ‘’", "$5 and $10, 5k$, ~5, x^2_3, ``q'' --- `r'",
}

func FuzzHTML(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h := string(HTML(s))
		wellFormed(t, h)
		if strings.Contains(strings.ToLower(h), "<script") || strings.Contains(strings.ToLower(h), `"javascript:`) {
			t.Errorf("HTML(%q) lets markup in: %s", s, h)
		}
		parts := Paragraphs(s)
		if len(parts) == 0 && clean(s) != "" {
			t.Errorf("Paragraphs(%q) has none", s)
		}
		for _, p := range parts {
			wellFormed(t, string(p))
		}
	})
}

func FuzzText(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Text(s)
		if !utf8.ValidString(got) || strings.ContainsAny(got, "\n\t\r\x00") {
			t.Errorf("Text(%q) = %q", s, got)
		}
		if Complete(s) && strings.Contains(s, "$x$") && got == s {
			t.Errorf("Text(%q) left a formula", s)
		}
	})
}

// TestHostile holds that nothing takes more than linear time: a quadratic step
// would need minutes for some of these. The megabyte of each takes a while, so it is
// left to the run that also reads all papers.
func TestHostile(t *testing.T) {
	size := 1 << 20
	if os.Getenv("BROADSHEET_WHOLE_CORPUS") != "1" {
		size = 1 << 15
	}
	for _, s := range []string{
		"{", "}", "$", "$$", `\(`, `\({\(}`, `\begin{a}`, `\end{a}`, `\left(`, `$x^`, "x^a", `\'`, `\"`, `\"a`, `\'{`, `\hat`, `$\hat `, `\it `, `{\it `,
		`\frac`, `$\sqrt[`, `\cite[`, `\item[`, `\verb|`, "`", "$5 ", "$a", "_{", "^", "~", "--", "\n", "\n\n", `\\`, `\begin{matrix}&`, `{a \over `,
		`\unicode{`, `\not`, `\big`, `\text{$`, `\href{`, `[`, `\alpha`, `\zzz`, "a", "é", `\'\i`, `$$x$`, `\text`, `\url{\~`, `\left(\middle|`,
		`\overline{`, `\underline `, `\footnote{`, `$\underset{`, `\left. `, `x'`, `\sp`, `$a\choose `,
	} {
		for _, close := range []string{"", "}", "$"} {
			n := size / (len(s) + len(close))
			in := strings.Repeat(s, n) + strings.Repeat(close, n)
			start := time.Now()
			HTML(in)
			Text(in)
			Paragraphs(in)
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("%d bytes of %q and %q took %v", size, s, close, took)
			}
		}
	}
}

const abstract = `We prove that every {\em sparse} graph $G=(V,E)$ with $|V|=n$ vertices has a cut of size at most ` +
	`$O(\sqrt{n\log n})$, which improves the bound $\frac{n}{2}+\varepsilon$ of Erd\H{o}s and R\'enyi. For $p\in[1,\infty)$ ` +
	`and $f\in L^p(\mathbb{R}^d)$ we have $$\sum_{i=1}^{n} \|f_i\|_p \leq C_{p,d}\, \|f\|_p.$$ The proof --- which is short --- uses ` +
	`the \emph{regularity lemma} and the ring $\mathcal{O}_K$. Nothing else in this abstract is written in any special way, as is usual.`

func BenchmarkHTML(b *testing.B) {
	plain := strings.Repeat("Nothing in this sentence is written in any special way, as is usual. ", 20)
	for name, in := range map[string]string{"tex": abstract, "plain": plain} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				HTML(in)
			}
		})
	}
}

func BenchmarkText(b *testing.B) {
	b.SetBytes(int64(len(abstract)))
	b.ReportAllocs()
	for b.Loop() {
		Text(abstract)
	}
}
