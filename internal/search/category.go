package search

import (
	"cmp"
	"slices"
	"strings"

	"broadsheet/internal/spelling"
)

// archives are those of arXiv, with the archives of the group physics first.
var archives = strings.Fields(`astro-ph cond-mat gr-qc hep-ex hep-lat hep-ph hep-th math-ph nlin nucl-ex
	nucl-th physics quant-ph cs econ eess math q-bio q-fin stat acc-phys adap-org alg-geom ao-sci atom-ph
	bayes-an chao-dyn chem-ph cmp-lg comp-gas dg-ga funct-an mtrl-th patt-sol plasm-ph q-alg solv-int supr-con`)

const physicsArchives = 13

// categories are those within archives, by arXiv's taxonomy, with the aliases that old
// papers have.
var categories = strings.Fields(`
	astro-ph.CO astro-ph.EP astro-ph.GA astro-ph.HE astro-ph.IM astro-ph.SR cond-mat.dis-nn cond-
	mat.mes-hall cond-mat.mtrl-sci cond-mat.other cond-mat.quant-gas cond-mat.soft cond-mat.stat-mech
	cond-mat.str-el cond-mat.supr-con cs.AI cs.AR cs.CC cs.CE cs.CG cs.CL cs.CR cs.CV cs.CY cs.DB cs.DC
	cs.DL cs.DM cs.DS cs.ET cs.FL cs.GL cs.GR cs.GT cs.HC cs.IR cs.IT cs.LG cs.LO cs.MA cs.MM cs.MS
	cs.NA cs.NE cs.NI cs.OH cs.OS cs.PF cs.PL cs.RO cs.SC cs.SD cs.SE cs.SI cs.SY econ.EM econ.GN
	econ.TH eess.AS eess.IV eess.SP eess.SY math.AC math.AG math.AP math.AT math.CA math.CO math.CT
	math.CV math.DG math.DS math.FA math.GM math.GN math.GR math.GT math.HO math.IT math.KT math.LO
	math.MG math.MP math.NA math.NT math.OA math.OC math.PR math.QA math.RA math.RT math.SG math.SP
	math.ST nlin.AO nlin.CD nlin.CG nlin.PS nlin.SI physics.acc-ph physics.ao-ph physics.app-ph
	physics.atm-clus physics.atom-ph physics.bio-ph physics.chem-ph physics.class-ph physics.comp-ph
	physics.data-an physics.ed-ph physics.flu-dyn physics.gen-ph physics.geo-ph physics.hist-ph
	physics.ins-det physics.med-ph physics.optics physics.plasm-ph physics.pop-ph physics.soc-ph
	physics.space-ph q-bio.BM q-bio.CB q-bio.GN q-bio.MN q-bio.NC q-bio.OT q-bio.PE q-bio.QM q-bio.SC
	q-bio.TO q-fin.CP q-fin.EC q-fin.GN q-fin.MF q-fin.PM q-fin.PR q-fin.RM q-fin.ST q-fin.TR stat.AP
	stat.CO stat.ME stat.ML stat.OT stat.TH`)

// knownCategory reports whether a name, written as arXiv does, is a category or an archive.
func knownCategory(c string) bool {
	_, found := slices.BinarySearch(categories, c)
	return found || slices.Contains(archives, c)
}

// nicknames are what people call categories.
var nicknames = map[string]string{
	"nlp": "cs.CL", "ml": "cs.LG", "vision": "cs.CV", "robotics": "cs.RO", "crypto": "cs.CR", "speech": "eess.AS", "ir": "cs.IR", "hci": "cs.HC",
}

// mostNear is how many near names a hint has.
const mostNear = 3

// nearCategories ends the sentence that there is no category of a name: with the names
// that may be meant, or with what names are like.
func nearCategories(name string) string {
	name = strings.ToLower(name)
	archive, class, _ := strings.Cut(name, ".")
	meant := cmp.Or(nicknames[cmp.Or(class, archive)], nicknames[name])
	var near []string
	if meant != "" {
		near = append(near, meant)
	}
	for most := 1; most <= 2 && len(near) == 0; most++ {
		for _, c := range slices.Concat(archives, categories) {
			lower := strings.ToLower(c)
			_, of, _ := strings.Cut(lower, ".")
			if of == name || spelling.Nearest(name, []string{lower}, most) != "" && len(name) > most+1 {
				near = append(near, c)
			}
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { // those that begin alike first
		return cmp.Compare(commonStart(strings.ToLower(b), name), commonStart(strings.ToLower(a), name))
	})
	switch near = near[:min(len(near), mostNear)]; len(near) {
	case 0:
		return "; categories are like cs.CL, cs, math.CO or hep-ph."
	case 1:
		return ". Did you mean " + near[0] + "?"
	default:
		last := len(near) - 1
		return ". Did you mean " + strings.Join(near[:last], ", ") + " or " + near[last] + "?"
	}
}

// commonStart is how many bytes two texts begin with alike.
func commonStart(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
