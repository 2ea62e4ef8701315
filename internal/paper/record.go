package paper

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// A Record is a paper together with what each source has said of it. Whatever the
// order in which observations come, and however often, the Record ends the same:
//
//  1. Of each source one observation holds; see [Observation.Supersedes].
//  2. Each field is the word of the first source, in the field's order, that says
//     anything of it. A more precise date holds against a less precise one.
//  3. Links are those of all sources.
//  4. Votes, comments and stars are signals, and no business of a Record.
type Record struct {
	Paper        Paper
	Observations []Observation // one of each source, by its name, without submission and signals
}

// Observation returns what a source has said; the zero value if it has not.
func (r *Record) Observation(s Source) Observation {
	for i := range r.Observations {
		if r.Observations[i].Source == s {
			return r.Observations[i]
		}
	}
	return Observation{}
}

// Supersedes reports whether o takes the place of old, an observation of the same
// source: a later one does, an undamaged identifier wins against a repaired one, and
// what is not told apart by time goes to the one read last if it is undated, else to
// the larger fingerprint, so that reading both again in the same order changes nothing.
func (o *Observation) Supersedes(old Observation) bool {
	switch {
	case o.Fingerprint == 0 || o.Fingerprint == old.Fingerprint:
		return false
	case old.Fingerprint == 0:
		return true
	case !o.At.Equal(old.At):
		return o.At.After(old.At)
	case o.Repaired != old.Repaired:
		return old.Repaired
	case o.At.IsZero() && !o.Repaired:
		return true
	}
	return o.Fingerprint > old.Fingerprint
}

// Add takes in an observation and reports whether it is one that holds now.
func (r *Record) Add(o Observation) bool {
	i, known := slices.BinarySearchFunc(r.Observations, o.Source, func(have Observation, s Source) int { return cmp.Compare(have.Source, s) })
	var old Observation
	if known {
		old = r.Observations[i]
	}
	if !o.Supersedes(old) {
		return false
	}
	o.Submission, o.Signals = nil, nil
	if known {
		r.Observations[i] = o
	} else {
		r.Observations = slices.Insert(r.Observations, i, o)
	}
	r.merge()
	return true
}

// Remove takes out what a source has said.
func (r *Record) Remove(s Source) {
	r.Observations = slices.DeleteFunc(r.Observations, func(o Observation) bool { return o.Source == s })
	r.merge()
}

// merge makes the paper of what the sources say.
func (r *Record) merge() {
	merged := Paper{ID: r.Paper.ID}
	if len(r.Observations) == 1 { // nearly all papers
		merged = r.Observations[0].Paper
		merged.Links = nil
		for _, l := range r.Observations[0].Paper.Links {
			merged.Links = AddLink(merged.Links, l)
		}
	} else {
		r.mergeFields(&merged)
	}
	merged.Demo = !slices.ContainsFunc(r.Observations, func(o Observation) bool { return o.Source != SourceDemo })
	merged.Votes, merged.Comments, merged.Stars = r.Paper.Votes, r.Paper.Comments, r.Paper.Stars
	r.Paper = merged
}

func (r *Record) mergeFields(merged *Paper) {
	var sources []Source
	links := map[Source][]Link{}
	for i := range r.Observations {
		o := &r.Observations[i]
		sources = append(sources, o.Source)
		links[o.Source] = o.Paper.Links
		merged.ID = o.Paper.ID
	}
	for _, f := range fields {
		if f.derived {
			continue
		}
		var holds *Paper
		for _, s := range order(sources, f.precedence) {
			i := slices.Index(sources, s)
			p := &r.Observations[i].Paper
			if !f.empty(p) && (holds == nil || f.better != nil && f.better(p, holds)) {
				holds = p
			}
		}
		if holds != nil {
			f.copy(merged, holds)
		}
	}
	merged.Links = MergeLinks(links)
}

// MergeLinks makes one list of the links that several sources know.
func MergeLinks(by map[Source][]Link) []Link {
	var links []Link
	for _, s := range order(slices.Collect(maps.Keys(by)), asCurated) {
		for _, l := range by[s] {
			links = AddLink(links, l)
		}
	}
	return links
}

// AddLink adds l to links, or strengthens the grade of the link that already leads
// there.
func AddLink(links []Link, l Link) []Link {
	for i, k := range links {
		if k.Kind == l.Kind && k.URL == l.URL {
			if gradeRank[l.Grade] < gradeRank[k.Grade] {
				links[i].Grade = l.Grade
			}
			if l.Checked.After(k.Checked) {
				links[i].Checked = l.Checked
			}
			return links
		}
	}
	return append(links, l)
}

var gradeRank = map[Grade]int{GradeAuthors: 0, GradeReader: 1, GradeStaff: 2, GradeAuto: 3, GradeListed: 4}

// Differences returns where o, one of the record's observations, says otherwise than
// r.Paper does, as JSON, and "" for nowhere: together with the paper it is all that the
// source says, but for its links.
func (r *Record) Differences(o *Observation) (string, error) {
	if len(r.Observations) == 1 {
		return "", nil
	}
	differ := map[Field]json.RawMessage{}
	for _, f := range fields {
		if f.derived {
			continue
		}
		equal, err := f.equal(&o.Paper, &r.Paper)
		if err == nil && !equal {
			differ[f.name], err = f.said(&o.Paper)
		}
		if err != nil {
			return "", err
		}
	}
	if len(differ) == 0 {
		return "", nil
	}
	text, err := json.Marshal(differ)
	return string(text), err
}

// Restore makes o again what its source said: p as it is merged but for these
// differences, and these links.
func (o *Observation) Restore(p Paper, differences string, links []Link) error {
	o.Paper = p
	o.Paper.Links = links
	if differences == "" {
		return nil
	}
	var differ map[Field]json.RawMessage
	if err := json.Unmarshal([]byte(differences), &differ); err != nil {
		return fmt.Errorf("what %s says of %s: %w", o.Source, p.ID, err)
	}
	for _, f := range fields {
		if text, ok := differ[f.name]; ok {
			if err := f.restore(&o.Paper, text); err != nil {
				return fmt.Errorf("what %s says: %w", o.Source, err)
			}
		}
	}
	return nil
}

// Counting picks, of the sources that count something, the one whose count a paper
// shows; "" of none.
func Counting(sources []Source) Source {
	if len(sources) == 0 {
		return ""
	}
	return order(sources, countPrecedence)[0]
}
