package analysis

import "strings"

// american gives a folded word in American spelling: behaviour is behavior, optimised
// is optimized, labelled is labeled. Rules know the endings and the words that only
// look as if they had them; spellings has single words.
func american(word string) string {
	if len(word) < 4 {
		return word
	}
	if w, ok := spellings[word]; ok {
		return w
	}
	for _, r := range roots {
		if i := strings.Index(word, r.british); i >= 0 {
			word = word[:i] + r.american + word[i+len(r.british):]
			break
		}
	}
	if w, ok := ize(word); ok {
		return w
	}
	if w, ok := meter(word); ok {
		return w
	}
	return singleL(word)
}

// A root is spelled otherwise wherever it stands in a word.
type root struct{ british, american string }

// roots are looked for in this order.
var roots = func() (out []root) {
	for _, r := range strings.Fields(`behaviour colour favour flavour honour humour
		labour neighbour rumour tumour vapour vigour rigour harbour armour odour savour
		endeavour parlour fervour splendour candour demeanour valour`) {
		out = append(out, root{r, strings.TrimSuffix(r, "our") + "or"})
	}
	for entry := range strings.SplitSeq(`sulph sulf, haemo hemo, haemat hemat, anaem anem,
		leukaem leukem, ischaem ischem, glycaem glycem, paediatr pediatr, orthopaed orthoped,
		encyclopaed encycloped, palaeo paleo, archaeolog archeolog, oesoph esoph,
		oedema edema, foetal fetal, foetus fetus, gynaecol gynecol, anaesthe anesthe,
		diarrhoea diarrhea, oestr estr, aetiolog etiolog, caesium cesium, sceptic skeptic,
		artefact artifact, aluminium aluminum, smoulder smolder, focuss focus,
		connexion connection, reflexion reflection`, ",") {
		from, to, _ := strings.Cut(strings.TrimSpace(entry), " ")
		out = append(out, root{from, to})
	}
	return out
}()

// ize spells the verbs that end in -ise and -yse, and what is made of them, with a z.
func ize(word string) (string, bool) {
	for _, ending := range []string{"isations", "isation", "isational", "isability", "isable", "isers", "ising", "iser", "ised", "ises", "ise"} {
		if stem, ok := strings.CutSuffix(word, ending); ok {
			if !isVerb(stem) {
				return word, false
			}
			return stem + "iz" + ending[2:], true
		}
	}
	for _, ending := range []string{"ysers", "ysing", "yser", "ysed", "yse"} {
		if stem, ok := strings.CutSuffix(word, ending); ok && (strings.HasSuffix(stem, "al") || strings.HasSuffix(stem, "ol")) {
			return stem + "yz" + ending[2:], true
		}
	}
	return word, false
}

// isVerb reports whether what stands before -ise can be that of a verb in -ize. It
// cannot after a vowel (noise, raise, disguise), after v, w and pr (revise, otherwise,
// surprise), after a c without i (exercise), nor in the words of notIze.
func isVerb(stem string) bool {
	n := len(stem)
	if n < 3 || notIze[stem] || strings.HasSuffix(stem, "pr") {
		return false
	}
	switch stem[n-1] {
	case 'a', 'o', 'u', 'v', 'w':
		return false
	case 'c':
		return stem[n-2] == 'i'
	}
	return true
}

var notIze = setOf(`prom unprom comprom uncomprom prem dem surm expert treat mort parad merchand franch
	enfranch desp chast advert sunr moonr cer val disfranch`)

// meter spells -metre, -centre, -fibre and the like with -er.
func meter(word string) (string, bool) {
	for _, w := range []string{"centre", "metre", "fibre", "litre", "spectre", "theatre", "calibre", "sombre", "meagre", "lustre"} {
		i := strings.LastIndex(word, w[:len(w)-1])
		if i < 0 {
			continue
		}
		switch head, rest := word[:i]+w[:len(w)-2], word[i+len(w)-1:]; rest {
		case "e", "es":
			return head + "er" + rest[1:], true
		case "ed", "ing":
			if w == "centre" || w == "fibre" {
				return head + "er" + rest, true
			}
		}
	}
	return word, false
}

// singleL takes the second l out of labelled, modelling and the like.
func singleL(word string) string {
	for _, ending := range []string{"led", "ling", "lings", "ler", "lers"} {
		stem, ok := strings.CutSuffix(word, ending)
		if !ok || !strings.HasSuffix(stem, "l") {
			continue
		}
		for _, verb := range oneL {
			if strings.HasSuffix(stem, verb) {
				return stem + ending[1:]
			}
		}
	}
	return word
}

var oneL = strings.Fields(`label model signal travel channel cancel tunnel level fuel total
	dial pencil marshal counsel spiral equal rival panel quarrel duel parallel funnel
	shovel carol initial pedal swivel unravel`)

// spellings are words by themselves.
var spellings = pairs(`grey gray, greys grays, greyscale grayscale, greybox graybox,
greyish grayish, greybody graybody, programme program, programmes programs, defence defense,
defences defenses, offence offense, offences offenses, licence license, licences licenses,
pretence pretense, practise practice, practised practiced, practises practices,
practising practicing, cheque check, cheques checks, tyre tire, tyres tires,
plough plow, ploughs plows, ploughing plowing, mould mold, moulds molds, moulding molding,
moulded molded, ageing aging, judgement judgment, judgements judgments,
acknowledgement acknowledgment, acknowledgements acknowledgments, towards toward,
afterwards afterward, learnt learned, spelt spelled, burnt burned, whilst while,
amongst among, manoeuvre maneuver, manoeuvres maneuvers, manoeuvred maneuvered,
manoeuvring maneuvering, manoeuvrable maneuverable, manoeuvrability maneuverability,
disc disk, discs disks, catalogue catalog, catalogues catalogs, catalogued cataloged,
cataloguing cataloging, analogue analog, analogues analogs, dialogue dialog,
dialogues dialogs, monologue monolog, homologue homolog, homologues homologs,
epilogue epilog, prologue prolog, fulfil fulfill, fulfils fulfills, fulfilment fulfillment,
enrol enroll, enrolment enrollment, instalment installment, skilful skillful,
skilfully skillfully, wilful willful, jewellery jewelry, cosy cozy, storey story,
storeys stories, kerb curb, biassed biased,
benefitted benefited, benefitting benefiting, targetted targeted, targetting targeting,
saviour savior, glamour glamor, clamour clamor, aeroplane airplane, aeroplanes airplanes,
maths math, cypher cipher, cyphers ciphers,
mediaeval medieval, speciality specialty, likeable likable, sizeable sizable`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
