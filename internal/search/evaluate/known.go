package evaluate

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"broadsheet/internal/cite"
	"broadsheet/internal/paper"
	"broadsheet/internal/tex"
)

// Known asks n times each for one paper, in the ways people ask for a paper that they
// know of. Right is the paper, or one with the same title.
func (s *Sampler) Known(n int) []*Collection {
	var out []*Collection
	for _, kind := range knownKinds {
		c := newKind(kind.name)
		r := s.random(c.Name)
		for _, i := range sample(s.told(), n, r) {
			p := &s.b.papers[i]
			grades := map[string]int{string(p.ID): 1}
			if text := kind.text(s, p, r, len(c.Queries)); text != "" {
				if kind.name != kindID {
					for _, id := range s.byTitle[titleKey(p.Title)] {
						grades[id] = 1
					}
				}
				c.ask(text, grades)
			}
		}
		out = append(out, c)
	}
	return out
}

// told are the papers that have all that is asked for.
func (s *Sampler) told() []int {
	var out []int
	for i := range s.b.papers {
		p := &s.b.papers[i]
		if p.Title != "" && p.Abstract != "" && len(people(p)) > 0 && p.ID.IsArXiv() {
			out = append(out, i)
		}
	}
	return out
}

// people are the authors who have given and family names.
func people(p *paper.Paper) (out []person) {
	for _, a := range p.Authors {
		if family, given, ok := nameParts(a.Name); ok && !a.Hidden {
			out = append(out, person{family, given})
		}
	}
	return out
}

type person struct{ family, given string }

// kindID is the kind of queries that are identifiers.
const kindID = "identifier"

// knownKinds are the ways to ask for a known paper; number counts the queries of a kind,
// so that each form of it has its turn.
var knownKinds = []struct {
	name string
	text func(s *Sampler, p *paper.Paper, r *rand.Rand, number int) string
}{
	{"title", func(_ *Sampler, p *paper.Paper, _ *rand.Rand, _ int) string { return tex.Text(p.Title) }},
	{"title with a slip", func(_ *Sampler, p *paper.Paper, r *rand.Rand, _ int) string { return slip(tex.Text(p.Title), r) }},
	{"first sentence", func(_ *Sampler, p *paper.Paper, _ *rand.Rand, _ int) string {
		return firstSentence(tex.Text(p.Abstract))
	}},
	{"author and two words", func(s *Sampler, p *paper.Paper, _ *rand.Rand, _ int) string {
		first := people(p)[0]
		rare := s.rarest(p.Title, first.family, 2)
		if len(rare) < 2 {
			return ""
		}
		return first.family + " " + strings.Join(rare, " ")
	}},
	{"reference", func(_ *Sampler, p *paper.Paper, _ *rand.Rand, number int) string { return reference(p, number) }},
	{"BibTeX", func(_ *Sampler, p *paper.Paper, _ *rand.Rand, number int) string { return bibTeX(p, number) }},
	{"RIS", func(_ *Sampler, p *paper.Paper, _ *rand.Rand, number int) string { return ris(p, number) }},
	{kindID, func(_ *Sampler, p *paper.Paper, _ *rand.Rand, number int) string { return identifier(p, number) }},
}

var longWord = regexp.MustCompile(`[A-Za-z]{5,}`)

// slip makes one typo: in a word of five letters or more it swaps two neighbors, drops a
// letter or replaces one, behind the first. It is "" for a text without such a word.
func slip(text string, r *rand.Rand) string {
	all := longWord.FindAllStringIndex(text, -1)
	if len(all) == 0 {
		return ""
	}
	at := all[r.IntN(len(all))]
	word := []byte(text[at[0]:at[1]])
	for string(word) == text[at[0]:at[1]] {
		i := 1 + r.IntN(len(word)-2)
		switch r.IntN(3) {
		case 0:
			word[i], word[i+1] = word[i+1], word[i]
		case 1:
			word = slices.Delete(word, i, i+1)
		case 2:
			word[i] = byte('a' + r.IntN(26))
		}
	}
	return text[:at[0]] + string(word) + text[at[1]:]
}

var sentenceEnd = regexp.MustCompile(`[.!?] +\p{Lu}`)

// firstSentence is "" for a text that has but one.
func firstSentence(text string) string {
	const least = 40 // bytes: before them, "et al. We" ends nothing
	text = strings.TrimSpace(text)
	if len(text) < least {
		return ""
	}
	end := sentenceEnd.FindStringIndex(text[least:])
	if end == nil {
		return ""
	}
	return text[:least+end[0]+1]
}

// venues are those of references, short and long.
var venues = [][2]string{
	{"NeurIPS", "Advances in Neural Information Processing Systems"},
	{"ICML", "International Conference on Machine Learning"},
	{"CVPR", "Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition"},
	{"ACL", "Proceedings of the Annual Meeting of the Association for Computational Linguistics"},
	{"ICLR", "International Conference on Learning Representations"},
}

// reference is a paper as the lists at the ends of papers have it, in one of seven styles.
func reference(p *paper.Paper, number int) string {
	title, all := tex.Text(p.Title), people(p)
	first, year, venue := all[0], yearOf(p), venues[number%len(venues)]
	switch number % 7 {
	case 0:
		return fmt.Sprintf("%s %s et al., %s, %s %s", initialOf(first.given), first.family, title, venue[0], year)
	case 1:
		return fmt.Sprintf("%s: %s. arXiv:%s (%s)", listed(all, 3, ", ", ", ", invertedInitial), title, p.ID, year)
	case 2:
		return fmt.Sprintf("%s (%s). %s. In %s.", listed(all, 6, ", ", ", & ", invertedInitial), year, title, venue[1])
	case 3:
		return fmt.Sprintf("[%d] %s, “%s,” in %s, %s, pp. 1–11.", number+1, listed(all, 3, ", ", ", and ", initialFirst), title, venue[1], year)
	case 4:
		return fmt.Sprintf("%s, %s, et al. \"%s.\" arXiv preprint arXiv:%s (%s).", first.family, first.given, title, p.ID, year)
	case 5:
		return fmt.Sprintf("%s. %s. %s. In %s (%s).", listed(all, 8, ", ", ", and ", spoken), year, title, venue[1], venue[0])
	}
	return fmt.Sprintf("%s et al. (%s): %s", first.family, year, title)
}

func yearOf(p *paper.Paper) string {
	if p.Published.IsZero() {
		return "2023"
	}
	return p.Published.Time.Format("2006")
}

func invertedInitial(x person) string { return x.family + ", " + initialOf(x.given) }
func initialFirst(x person) string    { return initialOf(x.given) + " " + x.family }
func spoken(x person) string          { return x.given + " " + x.family }
func inverted(x person) string        { return x.family + ", " + x.given }

// listed names the first people.
func listed(all []person, most int, between, last string, style func(person) string) string {
	all = all[:min(most, len(all))]
	text := style(all[0])
	for i, x := range all[1:] {
		if i == len(all)-2 {
			text += last + style(x)
		} else {
			text += between + style(x)
		}
	}
	return text
}

// bibTeX is a paper as an entry of ours, of DBLP, of Google Scholar, and of a conference.
func bibTeX(p *paper.Paper, number int) string {
	names := listed(people(p), 20, " and ", " and ", spoken)
	year, venue := yearOf(p), venues[number%len(venues)]
	switch number % 4 {
	case 0:
		return cite.BibTeX(*p)
	case 1:
		return fmt.Sprintf(`@article{DBLP:journals/corr/abs-%s,
  author       = {%s},
  title        = {%s},
  journal      = {CoRR},
  volume       = {abs/%s},
  year         = {%s},
  url          = {https://doi.org/10.48550/arXiv.%[4]s},
  eprinttype   = {arXiv},
  eprint       = {%[4]s},
  biburl       = {https://dblp.org/rec/journals/corr/abs-%[1]s.bib},
  bibsource    = {dblp computer science bibliography, https://dblp.org}
}`, strings.NewReplacer(".", "-", "/", "-").Replace(string(p.ID)), listed(people(p), 20, " and\n                  ", " and\n                  ", spoken), p.Title, p.ID, year)
	case 2:
		return fmt.Sprintf("@article{%s,\n  title={%s},\n  author={%s},\n  journal={arXiv preprint arXiv:%s},\n  year={%s}\n}",
			cite.Key(*p), p.Title, listed(people(p), 20, " and ", " and ", inverted), p.ID, year)
	}
	return fmt.Sprintf("@inproceedings{%s,\n  title     = {{%s}},\n  author    = {%s},\n  booktitle = {%s ({%s})},\n  year      = %s,\n  pages     = {1--11},\n}",
		cite.Key(*p), p.Title, names, venue[1], venue[0], year)
}

// ris is a paper as a record of ours, and of a conference.
func ris(p *paper.Paper, number int) string {
	if number%2 == 0 {
		return cite.RIS(*p)
	}
	text := "TY  - CONF\n"
	for _, x := range people(p) {
		text += "AU  - " + inverted(x) + "\n"
	}
	return text + fmt.Sprintf("TI  - %s\nT2  - %s\nPY  - %s\nSP  - 1\nEP  - 11\nER  - \n", tex.Text(p.Title), venues[number%len(venues)][1], yearOf(p))
}

// identifier is the identifier of a paper in one of the forms that stand in texts and
// addresses.
func identifier(p *paper.Paper, number int) string {
	class := "cs.CL"
	if len(p.Categories) > 0 {
		class = p.Categories[0]
	}
	family := paper.Slug(people(p)[0].family)
	forms := identifierForms
	if strings.Contains(string(p.ID), "/") {
		forms = forms[:formsOfOld]
	}
	return strings.NewReplacer(
		"ID", string(p.ID),
		"DASHED", strings.ReplaceAll(string(p.ID), ".", "-"),
		"BIBCODE", yearOf(p)+"arXiv"+strings.ReplaceAll(string(p.ID), ".", "")+strings.ToUpper(string([]rune(family)[:1])),
		"CLASS", class,
		"DAY", p.Published.Time.Format("2 Jan 2006"),
	).Replace(forms[number%len(forms)])
}

// formsOfOld is how many of the forms are used with identifiers such as hep-th/9901001.
const formsOfOld = 18

var identifierForms = []string{
	"ID", "arXiv:ID", "arxiv:IDv2", "arXiv: ID", "arXiv:ID,", "(arXiv:ID)", "[arXiv:ID]", "arXiv:ID.", "ID [CLASS]",
	"arXiv:IDv3 [CLASS] DAY",
	"https://arxiv.org/abs/ID", "arxiv.org/abs/IDv1", "https://arxiv.org/pdf/IDv2.pdf", "http://arxiv.org/pdf/ID", "https://arxiv.org/html/IDv1",
	"10.48550/arXiv.ID", "https://doi.org/10.48550/arXiv.ID", "doi:10.48550/arXiv.ID",
	"https://www.semanticscholar.org/arxiv/ID", "https://api.semanticscholar.org/arXiv:ID", "https://www.alphaxiv.org/abs/ID",
	"https://scirate.com/arxiv/ID", "https://ui.adsabs.harvard.edu/abs/BIBCODE/abstract", "https://ui.adsabs.harvard.edu/abs/arXiv:ID/abstract",
	"https://inspirehep.net/arxiv/ID", "https://papers.cool/arxiv/ID", "https://dblp.org/rec/journals/corr/abs-DASHED",
	"https://huggingface.co/papers/ID",
	"As shown in arXiv:ID, this holds.", "See https://arxiv.org/abs/ID for details.", "available at <https://arxiv.org/abs/ID>.",
	"arXiv preprint arXiv:ID", "CoRR abs/ID",
}
