package tex

import (
	"strings"
	"unicode/utf8"
)

// The symbols, by class: a name and what it stands for, in pairs.
const (
	greek = `
alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ varkappa ϰ
lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ
chi χ psi ψ omega ω digamma ϝ Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
Alpha Α Beta Β Epsilon Ε Zeta Ζ Eta Η Iota Ι Kappa Κ Mu Μ Nu Ν Omicron Ο Rho Ρ Tau Τ Chi Χ
varGamma Γ varDelta Δ varTheta Θ varLambda Λ varXi Ξ varPi Π varSigma Σ varUpsilon Υ varPhi Φ varPsi Ψ varOmega Ω
upmu μ upalpha α upbeta β upgamma γ updelta δ uppi π upsigma σ uptau τ uplambda λ textmu μ textalpha α textbeta β textgamma γ
textmugreek μ straightphi φ straightepsilon ϵ omikron ο`
	ordinaries = `
infty ∞ ell ℓ hbar ℏ hslash ℏ partial ∂ nabla ∇ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ aleph ℵ beth ℶ gimel ℷ
daleth ℸ Re ℜ Im ℑ wp ℘ imath ı jmath ȷ prime ′ backprime ‵ top ⊤ bot ⊥ angle ∠ measuredangle ∡ sphericalangle ∢ triangle △ square □
Box □ blacksquare ■ lozenge ◊ Diamond ◇ blacklozenge ⧫ bigstar ★ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ flat ♭
natural ♮ sharp ♯ surd √ neg ¬ lnot ¬ ldots … dots … dotsc … dotso … cdots ⋯ dotsb ⋯ dotsm ⋯ dotsi ⋯ hdots … vdots ⋮ ddots ⋱ iddots ⋰
backslash \ complement ∁ eth ð mho ℧ Finv Ⅎ Game ⅁ Bbbk 𝕜 degree ° textdegree ° textquotesingle ' pounds £ euro € yen ¥ checkmark ✓
maltese ✠ circledR ® circledS Ⓢ aa å AA Å o ø O Ø ss ß ae æ AE Æ oe œ OE Œ l ł L Ł i ı j ȷ dag † ddag ‡ S § P ¶
hyphen ‐ lambdabar ƛ lambdaslash ƛ diagup ╱ diagdown ╲ Angstrom Å angstrom Å percent % micro µ ohm Ω sun ☉ earth ♁ Earth ♁ Sun ☉ astrosun ☉
Mars ♂ Venus ♀ Jupiter ♃ Saturn ♄ varsun ☉ taurus ♉ mars ♂ venus ♀ varheartsuit ♥ vardiamondsuit ♦ star ⋆
blacktriangle ▴ blacktriangledown ▾ triangledown ▽ vartriangle △ bigtriangleup △ bigtriangledown ▽ smallint ∫ celsius ℃ copyright © registered ®
bigcirc ◯ infinity ∞ female ♀ male ♂ lq ‘ rq ’ lbrack [ rbrack ]`
	relations = `
leq ≤ le ≤ geq ≥ ge ≥ leqslant ⩽ geqslant ⩾ leqq ≦ geqq ≧ lt < gt > ll ≪ gg ≫ lll ⋘ ggg ⋙ Ll ⋘ Gg ⋙ neq ≠ ne ≠ equiv ≡ sim ∼ simeq ≃ approx ≈ approxeq ≊
cong ≅ asymp ≍ propto ∝ varpropto ∝ doteq ≐ doteqdot ≑ Doteq ≑ triangleq ≜ coloneqq ≔ coloneq ≔ eqqcolon ≕ defeq ≝ eqdef ≝ circeq ≗ bumpeq ≏ Bumpeq ≎ eqsim ≂
thicksim ∼ thickapprox ≈ backsim ∽ lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ lessgtr ≶ gtrless ≷ lesseqgtr ⋚ gtreqless ⋛ lneq ⪇ gneq ⪈ lneqq ≨ gneqq ≩ lnsim ⋦ gnsim ⋧
nleq ≰ ngeq ≱ nless ≮ ngtr ≯ nleqslant ≰ ngeqslant ≱ lessdot ⋖ gtrdot ⋗ prec ≺ succ ≻ preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽ precsim ≾ succsim ≿ nprec ⊀ nsucc ⊁ precneqq ⪵ succneqq ⪶
precapprox ⪷ succapprox ⪸ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subseteqq ⫅ supseteqq ⫆ subsetneq ⊊ supsetneq ⊋ subsetneqq ⫋ supsetneqq ⫌ varsubsetneq ⊊ varsupsetneq ⊋ nsubseteq ⊈ nsupseteq ⊉ Subset ⋐ Supset ⋑
varsubsetneqq ⫋ nsubset ⊄ sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒ sqsubsetneq ⋤ in ∈ ni ∋ owns ∋ notin ∉ mid ∣ nmid ∤ divides ∣ parallel ∥ nparallel ∦ shortparallel ∥ shortmid ∣ perp ⟂ Perp ⫫ models ⊨ vdash ⊢ dashv ⊣ vDash ⊨ Vdash ⊩ Vvdash ⊪
nvdash ⊬ nvDash ⊭ smile ⌣ frown ⌢ smallsmile ⌣ smallfrown ⌢ bowtie ⋈ Join ⋈ between ≬ pitchfork ⋔ therefore ∴ because ∵ ncong ≇ nsim ≁
trianglelefteq ⊴ trianglerighteq ⊵ unlhd ⊴ unrhd ⊵ vartriangleleft ⊲ vartriangleright ⊳ ntriangleleft ⋪ ntrianglelefteq ⋬ ntriangleright ⋫ blacktriangleleft ◂ blacktriangleright ▸ lhd ⊲ rhd ⊳ trianglelefteqslant ⊴
to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ impliedby ⟸ iff ⟺ longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹ Longleftarrow ⟸ Longleftrightarrow ⟺
mapsto ↦ longmapsto ⟼ hookrightarrow ↪ hookleftarrow ↩ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ Updownarrow ⇕ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖
rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽ rightleftharpoons ⇌ leftrightharpoons ⇋ upharpoonright ↾ restriction ↾ upharpoonleft ↿ downharpoonright ⇂ leadsto ⇝ rightsquigarrow ⇝ leftrightsquigarrow ↭
twoheadrightarrow ↠ twoheadleftarrow ↞ rightarrowtail ↣ leftarrowtail ↢ rightrightarrows ⇉ leftleftarrows ⇇ rightleftarrows ⇄ leftrightarrows ⇆ upuparrows ⇈ downdownarrows ⇊ curvearrowright ↷ curvearrowleft ↶ circlearrowleft ↺ circlearrowright ↻
looparrowright ↬ looparrowleft ↫ dashrightarrow ⇢ dashleftarrow ⇠ dasharrow ⇢ nrightarrow ↛ nleftarrow ↚ nRightarrow ⇏ nLeftrightarrow ⇎ multimap ⊸ Rrightarrow ⇛ Lleftarrow ⇚ Lsh ↰ Rsh ↱ rightrightharpoons ⇉ xleftrightarrow ↔
textrightarrow → textleftarrow ← vcentcolon : Colon ∷ dblcolon ∷ varparallel ∥ upmodels ⊨ notni ∌ nequiv ≢ napprox ≉ simlt ≲ simgt ≳ lsim ≲ gsim ≳`
	binaries = `
pm ± mp ∓ times × div ÷ cdot · cdotp · centerdot · ast ∗ circ ∘ bullet ∙ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ cap ∩ cup ∪ Cap ⋒ Cup ⋓ uplus ⊎ sqcap ⊓ sqcup ⊔ vee ∨ lor ∨ wedge ∧ land ∧
setminus ∖ smallsetminus ∖ wr ≀ amalg ⨿ dagger † ddagger ‡ ltimes ⋉ rtimes ⋊ leftthreetimes ⋋ rightthreetimes ⋌ boxplus ⊞ boxminus ⊟ boxtimes ⊠ boxdot ⊡ circledast ⊛ circledcirc ⊚ circleddash ⊝
diamond ⋄ triangleleft ◃ triangleright ▹ intercal ⊺ barwedge ⊼ veebar ⊻ curlyvee ⋎ curlywedge ⋏ divideontimes ⋇ dotplus ∔ ltimesblack ⋉ doublecap ⋒ doublecup ⋓ And & textpm ± texttimes ×`
	larges = `
sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ iiiint ⨌ oint ∮ oiint ∯ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄ bigsqcup ⨆ bigvee ⋁ bigwedge ⋀ fint ⨍ idotsint ∫`
	openings  = `langle ⟨ lceil ⌈ lfloor ⌊ lbrace { lvert | lVert ‖ llbracket ⟦ llangle ⟪ lgroup ⟮ ulcorner ⌜ llcorner ⌞ lparen ( { {`
	closings  = `rangle ⟩ rceil ⌉ rfloor ⌋ rbrace } rvert | rVert ‖ rrbracket ⟧ rrangle ⟫ rgroup ⟯ urcorner ⌝ lrcorner ⌟ rparen ) } }`
	marksSet  = `vert | Vert ‖ | ‖ arrowvert | textbar | bracevert |`
	punctuals = `colon : ldotp . comma ,`
)

// A symbol is what a name stands for in a formula.
type symbol struct {
	text  string
	class class
}

// symbols is every symbol by name, classes the class of every symbol by itself.
var symbols, classes = func() (map[string]symbol, map[rune]class) {
	names, runes := make(map[string]symbol, 700), make(map[rune]class, 500)
	for _, t := range []struct {
		class class
		list  string
	}{
		{ordinary, greek}, {ordinary, ordinaries}, {relation, relations}, {binary, binaries}, {large, larges},
		{opening, openings}, {closing, closings}, {ordinary, marksSet}, {punctuation, punctuals},
	} {
		fields := strings.Fields(t.list)
		for i := 0; i+1 < len(fields); i += 2 {
			names[fields[i]] = symbol{fields[i+1], t.class}
			r, _ := utf8.DecodeRuneInString(fields[i+1])
			if r > 0x7f {
				runes[r] = t.class
			}
		}
	}
	for r, c := range map[rune]class{
		'=': relation, '<': relation, '>': relation, '+': binary, '-': binary, '*': binary, '−': binary,
		'(': opening, '[': opening, ')': closing, ']': closing, ',': punctuation, ';': punctuation,
	} {
		runes[r] = c
	}
	return names, runes
}()

// functions are set upright; true means that scripts go below and above.
var functions = map[string]bool{
	"lim": true, "limsup": true, "liminf": true, "max": true, "min": true, "sup": true, "inf": true, "det": true,
	"gcd": true, "Pr": true, "argmax": true, "argmin": true, "varinjlim": true, "varprojlim": true, "injlim": true,
	"projlim": true, "esssup": true, "essinf": true, "varlimsup": true, "varliminf": true, "lcm": false,
}

const plainFunctions = `log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan arcsinh arccosh arctanh
arg deg dim hom ker sgn sign sech csch erf erfc arccot arcsec arccsc th sh ch tg ctg cotan arctg`

func init() {
	for _, f := range strings.Fields(plainFunctions) {
		functions[f] = false
	}
}

// spellings are the functions that are not written as they are named.
var spellings = map[string]string{
	"limsup": "lim sup", "liminf": "lim inf", "varlimsup": "lim sup", "varliminf": "lim inf", "argmax": "arg max",
	"argmin": "arg min", "varinjlim": "colim", "varprojlim": "lim", "injlim": "inj lim", "projlim": "proj lim",
	"esssup": "ess sup", "essinf": "ess inf",
}

// widths are the spaces, by macro.
var widths = map[string]string{
	",": "0.1667em", ":": "0.2222em", ">": "0.2222em", ";": "0.2778em", " ": "0.25em", "\n": "0.25em", "quad": "1em", "qquad": "2em",
	"enspace": "0.5em", "enskip": "0.5em", "thinspace": "0.1667em", "medspace": "0.2222em", "thickspace": "0.2778em", "space": "0.25em",
	"nobreakspace": "0.25em", "thinmuskip": "0.1667em", "textvisiblespace": "0.25em",
}

// silent macros show nothing, wherever they stand. Those that are true swallow an argument.
var silent = map[string]bool{
	"!": false, "/": false, "-": false, "@": false, "displaystyle": false, "textstyle": false, "scriptstyle": false,
	"scriptscriptstyle": false, "nonumber": false, "notag": false, "noindent": false, "indent": false, "limits": false,
	"nolimits": false, "relax": false, "protect": false, "allowbreak": false, "break": false, "nobreak": false, "linebreak": false,
	"smallskip": false, "medskip": false, "bigskip": false, "tiny": false, "small": false, "large": false, "Large": false,
	"LARGE": false, "huge": false, "Huge": false, "footnotesize": false, "scriptsize": false, "normalsize": false, "centering": false,
	"label": true, "vspace": true, "vspace*": true, "phantom": true, "hphantom": true, "vphantom": true, "color": true,
	"strut": false, "mathstrut": false, "hfill": false, "hfil": false, "vfill": false,
	"xspace": false, "negthinspace": false, "negmedspace": false, "null": false, "maketitle": false, "nobreakdash": false,
	"noalign": true, "bibliographystyle": true, "ignorespaces": false, "unskip": false, "leavevmode": false,
	"clearpage": false, "newpage": false, "pagebreak": false, "hline": false, "empty": false,
	"selectfont": false, "sloppy": false, "thanks": true, "index": true, "nopagebreak": false,
	"displaylimits": false,
}
