package tex

import "strings"

// Authors leave the macros of their papers in abstracts. Those below are defined
// alike by so many that reading them so is right far more often than showing the
// source; macros whose meaning varies (\la, \be, \cd) are not among them.

// boardLetters are blackboard letters in formulas: \R, and with these prefixes
// \bR, \bbR, \BR; doubled, \RR.
const boardLetters = "ACDEFGHKNPQRSTZ"

// namesakes are macros that stand for their own name, set upright.
const namesakes = `
Ab Ad Alb Alg Ann Arg Ass Aut Bin Bir Bl Br Bun CAlg Cat Ch Cl Coh Con Cone Conv Coker Cor Cov Cr Curl Cyc Der Det Diff
Diffeo Div End Ent Exp Ext Fix Fl Frac Frob Fun GL GSp Gal Gr Grad Grp Hilb Hom Homeo Hull Id Ind Inn Int Inv Iso Isom
Jac Ker Lie Lim Lip Lk Loc Log Map Mat Max Min Mod Mor Nm Ob Ord Out PGL PMod PSL PSU PSh Perf Pf Pic Pin Poi Prim Prob
Proj QCoh Quot Rad Rank Rep Res Ric Ring SL SO SU Sch Sel Sets Sh Sha Sing Soc Sp Span Spec Spin Stab Str Supp Sym Tan
Teich Top Tor Tot Tr Unif Var Vect Vol ad adj aff arccosh card cdf char cl codim coker colim cone const conv corr cov crit
crys cone curl cut cyc depth det diag diam dist div dom eff erfc ev ext gldim grad hocolim holim hull id im ind inv kin lcm
lk loc mor obs ob ord otp pd pdf polylog poly proj rad ran rank reg res rev rk rot sSet sdepth sgn sh sign sing soc span spec
sym supp th tors tot tr vir vol AD ALG AdS BH BMO BPP BPS BQP CFT CH CP CPT CSP CY DC DT EXP FO GCH GOE GUE GW HOD HQ IR LHC
MA MCG MHV MSO NP OPT ORD PFA PSPACE PT QCD QED QMA SAT SLE CLE ST SUSY SYM TSP UV VMO YM ZF ZFC GeV TeV MeV keV eV iid dR
coNP Irr Alt Hol FPT Per Hess Gen Bil`

// aliases are other names for symbols.
var aliases = map[string]string{
	"a": "alpha", "alp": "alpha", "cross": "times", "eps": "varepsilon", "ep": "varepsilon", "vareps": "varepsilon", "veps": "varepsilon", "epsi": "epsilon",
	"al": "alpha", "gam": "gamma", "Gam": "Gamma", "lam": "lambda", "Lam": "Lambda", "sig": "sigma", "Sig": "Sigma",
	"ga": "gamma", "Ga": "Gamma", "De": "Delta", "del": "delta", "Del": "Delta", "La": "Lambda", "om": "omega", "Om": "Omega",
	"si": "sigma", "Si": "Sigma", "ka": "kappa", "vp": "varphi", "ph": "phi", "kap": "kappa", "vphi": "varphi", "vph": "varphi",
	"vt": "vartheta", "ze": "zeta", "Th": "Theta", "Ups": "Upsilon", "ups": "upsilon", "lm": "lambda", "Ph": "Phi", "bcdot": "cdot",
	"sm": "setminus", "ox": "otimes", "ot": "otimes", "bt": "boxtimes", "rar": "rightarrow", "lrar": "leftrightarrow",
	"lra": "longrightarrow", "hra": "hookrightarrow", "Ra": "Rightarrow", "Lra": "Leftrightarrow", "inn": "in",
	"sub": "subset", "subs": "subset", "es": "emptyset", "pa": "partial", "prt": "partial", "dl": "delta", "bu": "bullet", "dotsp": "dots",
	"semidirect": "rtimes", "ltsim": "lesssim", "gtsim": "gtrsim", "lesim": "lesssim",
	"ltsimeq": "lesssim", "gapprox": "gtrapprox", "lapprox": "lessapprox", "simgeq": "gtrsim", "simleq": "lesssim", "bigtimes": "times",
	"deltaup": "delta", "alphaup": "alpha", "vac": "emptyset", "isom": "cong", "iso": "cong", "bdot": "cdot", "dirac": "delta",
}

// letters are macros that stand for one letter in a font.
var letters = func() map[string]node {
	m := map[string]node{
		"Z": letterNode("Z", blackboard), "reals": letterNode("R", blackboard), "Reals": letterNode("R", blackboard),
		"real": letterNode("R", blackboard), "Real": letterNode("R", blackboard), "complex": letterNode("C", blackboard), "Complex": letterNode("C", blackboard),
		"integers": letterNode("Z", blackboard), "Rational": letterNode("Q", blackboard),
		"IR": letterNode("R", blackboard), "IC": letterNode("C", blackboard), "IZ": letterNode("Z", blackboard), "IN": letterNode("N", blackboard),
		"IQ": letterNode("Q", blackboard), "IP": letterNode("P", blackboard), "IF": letterNode("F", blackboard), "cnums": letterNode("C", blackboard),
		"O": letterNode("O", calligraphic), "L": letterNode("L", calligraphic), "OO": letterNode("O", calligraphic), "one": letterNode("1", bold),
		"ints": letterNode("Z", blackboard), "nat": letterNode("N", blackboard), "Nat": letterNode("N", blackboard), "naturals": letterNode("N", blackboard), "rationals": letterNode("Q", blackboard),
	}
	for i := range len(boardLetters) {
		l := boardLetters[i : i+1]
		for _, name := range []string{l, "b" + l, "bb" + l, "B" + l, "BB" + l, l + l, "bb" + strings.ToLower(l), "mathbb" + l} {
			m[name] = letterNode(l, blackboard)
		}
	}
	for c := 'A'; c <= 'Z'; c++ {
		for _, prefix := range []string{"c", "cal", "mc", "sc", "s", "mathcal", "scr"} {
			m[prefix+string(c)] = letterNode(string(c), calligraphic)
		}
		m["f"+string(c)] = letterNode(string(c), fraktur)
		m["frak"+string(c)] = letterNode(string(c), fraktur)
	}
	for _, l := range []string{"g", "h", "k", "m", "n", "p", "q", "a", "b", "t", "s"} {
		m["f"+l] = letterNode(l, fraktur)
		m["frak"+l] = letterNode(l, fraktur)
	}
	return m
}()

func letterNode(s string, f font) node { return node{kind: identifier, text: s, font: f} }

// uprights is namesakes as a set.
var uprights = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(namesakes) {
		m[n] = true
	}
	return m
}()
