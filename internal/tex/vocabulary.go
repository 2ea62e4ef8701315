package tex

// styles are the macros that set their argument in an element.
var styles = map[string]string{
	"emph": "em", "textit": "em", "textsl": "em", "textbf": "strong", "texttt": "code", "textsc": smallCaps,
	"underline": "u", "uline": "u", "textsuperscript": "sup", "textsubscript": "sub", "textbfit": "strong",
	"uppercase": "", "textrm": "", "textsf": "", "text": "", "mbox": "", "hbox": "", "textup": "", "textmd": "",
	"textnormal": "", "mathrm": "", "mathsf": "", "mathup": "", "mathnormal": "", "mathit": "em", "mathbf": "strong", "mathtt": "code",
	"fbox": "", "unit": "", "si": "", "centerline": "", "textcircled": "", "sout": "s", "st": "s", "lowercase": "", "textbb": "strong", "textnoun": smallCaps,
	"makebox": "", "framebox": "", "intertext": "", "uwave": "u", "hl": "", "bold": "strong", "mathmode": "", "vbox": "",
	"section*": "strong", "section": "strong", "subsection": "strong", "subsection*": "strong", "paragraph": "strong", "paragraph*": "strong",
	"title": "", "author": "", "date": "", "textipa": "", "boxed": "", "texorpdfstring": "", "raisebox": "", "mathclap": "", "gls": "",
	"ac": "", "acp": "", "acs": "", "acf": "", "acl": "", "acrshort": "", "acrlong": "", "Gls": "", "glspl": "", "num": "", "mathop": "", "keywords": "",
}

// smallCaps is an element with a class, which the site's style sheet may know.
const smallCaps = "small-caps"

// declarations set the rest of the group in an element.
var declarations = map[string]string{
	"it": "em", "em": "em", "sl": "em", "itshape": "em", "slshape": "em", "bf": "strong", "bfseries": "strong",
	"tt": "code", "ttfamily": "code", "sc": smallCaps, "scshape": smallCaps, "rm": "", "sf": "", "rmfamily": "", "sffamily": "",
	"normalfont": "", "upshape": "", "mdseries": "", "boldmath": "strong", "cal": "em", "mit": "em", "unboldmath": "",
}

// phrases are the macros that stand for text of their own.
var phrases = map[string]string{
	"LaTeX": "LaTeX", "TeX": "TeX", "LaTeXe": "LaTeX2ε", "BibTeX": "BibTeX", "XeTeX": "XeTeX", "AmS": "AMS", "pdfLaTeX": "pdfLaTeX",
	"textbackslash": `\`, "textasciitilde": "~", "textasciicircum": "^", "textquoteright": "’", "textquoteleft": "‘",
	"textquotedblleft": "“", "textquotedblright": "”", "textendash": "–", "textemdash": "—", "textgreater": ">", "textless": "<",
	"textbar": "|", "textbardbl": "‖", "textbraceleft": "{", "textbraceright": "}", "textunderscore": "_", "textregistered": "®",
	"texttrademark": "™", "textcopyright": "©", "textellipsis": "…", "textbullet": "•", "textperiodcentered": "·", "textquotedbl": `"`,
	"guillemotleft": "«", "guillemotright": "»", "guilsinglleft": "‹", "guilsinglright": "›", "fg": "»", "og": "«", "quotedblbase": "„", "glqq": "„",
	"grqq": "“", "glq": "‚", "grq": "‘", "textsection": "§", "textparagraph": "¶", "textdollar": "$", "textsterling": "£", "texteuro": "€",
	"EUR": "€", "textdagger": "†", "textasteriskcentered": "*", "textordmasculine": "º", "textordfeminine": "ª", "TM": "™", "numero": "№",
	"textonehalf": "½", "textonequarter": "¼", "textonesuperior": "¹", "texttwosuperior": "²", "textthreesuperior": "³", "textcelsius": "℃",
	"textmultiply": "×", "textacutedbl": "˝", "textasciiacute": "´", "textasciigrave": "`", "textohm": "Ω", "textperthousand": "‰",
	"dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "SS": "SS", "ldots": "…", "dots": "…",
	"eg": "e.g.", "ie": "i.e.", "etal": "et al.", "etc": "etc.", "cf": "cf.", "vs": "vs.", "wrt": "w.r.t.", "aka": "a.k.a.", "viz": "viz.",
	"etcetera": "etc.", "slash": "/", "lbrack": "[", "rbrack": "]", "textminus": "−", "msun": "M⊙", "Msun": "M⊙",
	"lsun": "L⊙", "Lsun": "L⊙", "rsun": "R⊙", "Rsun": "R⊙", "kms": "km/s", "arcsec": "″", "arcmin": "′", "farcs": "″", "AMSTeX": "AMSTeX", "kahler": "Kähler", "Kahler": "Kähler",
	"deg": "°", "Oh": "O", "half": "½", "Renyi": "Rényi", "Ito": "Itô", "epem": "e⁺e⁻", "insitu": "in situ", "Poincare": "Poincaré",
	"meter": "m", "metre": "m", "second": "s", "minute": "min", "hour": "h", "hertz": "Hz", "gram": "g", "kilogram": "kg", "kelvin": "K",
	"watt": "W", "joule": "J", "volt": "V", "tesla": "T", "electronvolt": "eV", "degreeCelsius": "°C", "kilo": "k", "mega": "M", "giga": "G",
	"milli": "m", "nano": "n", "pico": "p", "femto": "f", "tera": "T", "centi": "c", "per": "/", "squared": "²", "cubed": "³", "byte": "B", "bit": "bit", "mum": "μm", "um": "μm", "micron": "μm", "msol": "M⊙", "Msol": "M⊙", "solar": "⊙", "kpc": "kpc", "Mpc": "Mpc",
	"hmpc": "h⁻¹ Mpc", "mpc": "Mpc", "kev": "keV", "gev": "GeV", "tev": "TeV", "mev": "MeV", "ev": "eV", "ergs": "erg/s", "eps": "ε",
}

// keyed are the citations and references, and what goes around their keys.
var keyed = map[string][2]string{
	"cite": {"[", "]"}, "citep": {"[", "]"}, "citet": {"[", "]"}, "citealt": {"[", "]"}, "citealp": {"[", "]"},
	"citeauthor": {"[", "]"}, "citeyear": {"[", "]"}, "Cite": {"[", "]"}, "citen": {"[", "]"}, "textcite": {"[", "]"},
	"parencite": {"[", "]"}, "onlinecite": {"[", "]"}, "autocite": {"[", "]"}, "footcite": {"[", "]"}, "Citet": {"[", "]"},
	"citeNP": {"[", "]"}, "citenum": {"[", "]"}, "fullcite": {"[", "]"}, "cites": {"[", "]"},
	"ref": {}, "autoref": {}, "cref": {}, "Cref": {}, "pageref": {}, "secref": {}, "figref": {}, "nameref": {},
	"prettyref": {},
	"eqref":     {"(", ")"}, "tag": {"(", ")"}, "eqno": {"(", ")"},
}
