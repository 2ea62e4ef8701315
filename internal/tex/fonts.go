package tex

// A font is a style of letters in formulas.
type font uint8

const (
	italic font = iota // the usual one
	roman
	bold
	boldItalic
	sans
	mono
	blackboard
	calligraphic
	fraktur
)

// fontMacros take one argument and set it in a font.
var fontMacros = map[string]font{
	"mathrm": roman, "mathup": roman, "roman": roman, "mathnormal": italic, "mathit": italic,
	"mathbf": bold, "bold": bold, "boldsymbol": boldItalic, "bm": boldItalic, "pmb": boldItalic, "mathbfit": boldItalic,
	"mathsf": sans, "mathtt": mono, "mathbb": blackboard, "Bbb": blackboard, "mathds": blackboard, "mathbbm": blackboard,
	"mathcal": calligraphic, "mathscr": calligraphic, "Cal": calligraphic, "scr": calligraphic, "EuScript": calligraphic,
	"mathfrak": fraktur, "frak": fraktur, "goth": fraktur, "mathbbmss": blackboard, "Bbbb": blackboard,
	"mbb": blackboard, "bb": blackboard, "mf": fraktur, "mc": calligraphic, "mr": roman, "bbm": blackboard, "mathscript": calligraphic,
	"symbf": bold, "symbb": blackboard, "mathbold": bold, "mathpzc": calligraphic, "mb": bold, "mathbfcal": calligraphic,
}

// fontDeclarations set the rest of the group in a font.
var fontDeclarations = map[string]font{
	"rm": roman, "bf": bold, "it": italic, "mit": italic, "sf": sans, "tt": mono, "cal": calligraphic,
	"sl": italic, "sc": roman, "em": italic, "boldmath": bold, "bfseries": bold, "rmfamily": roman,
	"itshape": italic, "upshape": roman, "normalfont": roman, "unboldmath": italic,
}

// upright reports whether letters of the font join to words.
func (f font) upright() bool { return f == roman || f == sans || f == mono || f == bold }

// alphabets are the first letters of the Unicode mathematical alphabets: capital A,
// small a, digit 0.
var alphabets = map[font][3]rune{
	bold:         {0x1d400, 0x1d41a, 0x1d7ce},
	boldItalic:   {0x1d468, 0x1d482, 0x1d7ce},
	sans:         {0x1d5a0, 0x1d5ba, 0x1d7e2},
	mono:         {0x1d670, 0x1d68a, 0x1d7f6},
	blackboard:   {0x1d538, 0x1d552, 0x1d7d8},
	calligraphic: {0x1d49c, 0x1d4b6, 0},
	fraktur:      {0x1d504, 0x1d51e, 0},
}

// older are the letters that Unicode had before the alphabets, whose places are empty.
var older = map[rune]rune{
	0x1d53a: 'ℂ', 0x1d53f: 'ℍ', 0x1d545: 'ℕ', 0x1d547: 'ℙ', 0x1d548: 'ℚ', 0x1d549: 'ℝ', 0x1d551: 'ℤ',
	0x1d49d: 'ℬ', 0x1d4a0: 'ℰ', 0x1d4a1: 'ℱ', 0x1d4a3: 'ℋ', 0x1d4a4: 'ℐ', 0x1d4a7: 'ℒ', 0x1d4a8: 'ℳ', 0x1d4ad: 'ℛ',
	0x1d4ba: 'ℯ', 0x1d4bc: 'ℊ', 0x1d4c4: 'ℴ',
	0x1d506: 'ℭ', 0x1d50b: 'ℌ', 0x1d50c: 'ℑ', 0x1d515: 'ℜ', 0x1d51d: 'ℨ',
}

// boldGreek are the first bold letters for Α and α, upright and italic.
var boldGreek = map[font][2]rune{bold: {0x1d6a8, 0x1d6c2}, boldItalic: {0x1d71c, 0x1d736}}

// letter gives r in the font, or r itself where the font lacks it.
func (f font) letter(r rune) rune {
	if g, ok := boldGreek[f]; ok && r >= 'Α' && r <= 'ω' {
		if r >= 'α' {
			return g[1] + r - 'α'
		}
		return g[0] + r - 'Α'
	}
	a, ok := alphabets[f]
	switch {
	case !ok:
		return r
	case r >= 'A' && r <= 'Z':
		r = a[0] + r - 'A'
	case r >= 'a' && r <= 'z':
		r = a[1] + r - 'a'
	case r >= '0' && r <= '9' && a[2] != 0:
		r = a[2] + r - '0'
	}
	if o, ok := older[r]; ok {
		return o
	}
	return r
}
