package analysis

import "strings"

// irregular are plurals that end as no English ones do, and those that the stemmer
// does not bring together with their singulars.
var irregular = pairs(`
matrices matrix, submatrices submatrix, supermatrices supermatrix, vertices vertex,
indices index, subindices subindex, multiindices multiindex, appendices appendix,
vortices vortex, antivortices antivortex, helices helix, cortices cortex, apices apex,
codices codex, simplices simplex, directrices directrix, cicatrices cicatrix,
criteria criterion, phenomena phenomenon, automata automaton, polyhedra polyhedron,
tetrahedra tetrahedron, octahedra octahedron, dodecahedra dodecahedron,
icosahedra icosahedron, cuboctahedra cuboctahedron, ganglia ganglion,
mitochondria mitochondrion, taxa taxon,
corpora corpus, genera genus, datum data, lemmata lemma, schemata schema,
stigmata stigma, stomata stoma, spectra spectrum, subspectra subspectrum,
pseudospectra pseudospectrum, bispectra bispectrum, quanta quantum, strata stratum,
substrata substratum, momenta momentum, memoranda memorandum, errata erratum,
addenda addendum, maxima maximum, minima minimum, optima optimum, extrema extremum,
equilibria equilibrium, bacteria bacterium, continua continuum, curricula curriculum,
sera serum, ova ovum, crania cranium, aquaria aquarium, symposia symposium,
consortia consortium, compendia compendium, perihelia perihelion,
analyses analysis, hypotheses hypothesis, theses thesis, syntheses synthesis,
parentheses parenthesis, emphases emphasis, crises crisis, oases oasis, axes axis,
diagnoses diagnosis, prognoses prognosis, metastases metastasis, neuroses neurosis,
paralyses paralysis, biosyntheses biosynthesis, antitheses antithesis,
catharses catharsis, geneses genesis, mitoses mitosis, synopses synopsis,
stimuli stimulus, nuclei nucleus, radii radius, foci focus, loci locus, fungi fungus,
cacti cactus, alumni alumnus, syllabi syllabus, calculi calculus, tori torus,
thesauri thesaurus, hippocampi hippocampus, bacilli bacillus, annuli annulus,
cumuli cumulus, villi villus, gyri gyrus, sulci sulcus, thalami thalamus,,
formulae formula, antennae antenna, nebulae nebula, supernovae supernova, novae nova,
hypernovae hypernova, kilonovae kilonova, larvae larva, algae alga, vertebrae vertebra,
lacunae lacuna, hyperbolae hyperbola, parabolae parabola, personae persona, coronae corona,
mice mouse, feet foot, teeth tooth, geese goose, men man, women woman, children child,
oxen ox, lice louse, halves half, wolves wolf, shelves shelf, calves calf, thieves thief,
lenses lens, microlenses microlens, metalenses metalens, canvases canvas, aliases alias,
buses bus, gases gas, biogases biogas, biases bias, quizzes quiz, busses bus`)

// twofold are plurals of two words.
var twofold = map[string]string{"bases": "basis", "ellipses": "ellipsis"}

// pairs reads a table: two words, a comma, two words.
func pairs(table string) map[string]string {
	out := map[string]string{}
	for entry := range strings.SplitSeq(table, ",") {
		from, to, _ := strings.Cut(strings.TrimSpace(entry), " ")
		out[from] = to
	}
	return out
}

// acronymPlural is how long a word is without the s that makes a plural of an acronym
// or of a name, by the case of its letters: LLMs, NeRFs, H100s. It is 0 for another
// word, and for compounds of arsenic: GaAs.
func acronymPlural(source string) int {
	n := len(source) - 1
	if n < 2 || source[n] != 's' {
		return 0
	}
	last := rune(source[n-1])
	if last == 'A' && isLower(rune(source[n-2])) {
		return 0
	}
	if '0' <= last && last <= '9' {
		if !isUpper(rune(source[0])) {
			return 0
		}
		return n
	}
	if !isUpper(last) {
		return 0
	}
	for i := range n - 1 {
		if isUpper(rune(source[i])) {
			return n
		}
	}
	return 0
}

// consonantsAndS reports whether a folded word is the plural of an acronym without
// vowels, as llms and cnns are; words of three letters, such as gps, are none.
func consonantsAndS(word string) bool {
	n := len(word) - 1
	return n >= 3 && word[n] == 's' && word[n-1] != 's' && !strings.ContainsAny(word, "aeiouy")
}

// acronyms are the plurals of acronyms with vowels, folded, that the stemmer would not
// cut: those that 20 papers of arXiv write with capitals and a small s and that are no
// other word, and three short ones.
var acronyms = setOf(acronymTable)

const acronymTable = `bcis bmis bsdes ccas cdes cdos cfes cmes cpus cves cwes ddes ddis dfas dlas dlos dmas
dnas dpus dras ecus fbsdes fcis fdes fnos fpdes fpgas ftles gcis ggas gles gpgpus gpus
grus hdas hsis icus idss ifss imus irss kges kgs kpis lcas lmas lmis lms lncrnas lses
mcus mles mnos mris mrnas msas mvnos mwes nfas nfes ngos nles nns npus nqes pces pdas
pdes pfas pmus ppis prus ptas ptass qfas qpus qsos rbas rcas relus riss rmses rnas rpas
rplas rsus sddes sdes slas slos smes snas spdes spes sres srnas stas stos svas tles tnos
tpus trnas vlas vqas vrus wsis`
