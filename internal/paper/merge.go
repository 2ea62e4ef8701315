package paper

import (
	"cmp"
	"time"
)

// A Record is a paper together with who has spoken of it, which is what is needed
// to take in further observations. Whatever the order in which observations come,
// and however often, the Record ends the same.
type Record struct {
	Paper    Paper // its Links are those of all sources
	Stamps   map[Source]Stamp
	LinksBy  map[Source][]Link
	DateRank int // how good Paper.Published is; see dateRank
}

// A Stamp names the observation of one source that holds.
type Stamp struct {
	At          time.Time // zero when the source gives no time
	Mended      bool
	Fingerprint int64 // of the record it was read from; never 0
}

// Stamp is the observation's own.
func (o Observation) Stamp() Stamp {
	return Stamp{At: o.At, Mended: o.Mended, Fingerprint: o.Fingerprint}
}

// Beats reports whether an observation stamped s replaces one of the same source
// stamped old: a later one does, an undamaged identifier wins against a mended
// one, and what is not told apart by time goes to the one read last if it is
// undated, else to the larger fingerprint, so that reading both again in the same
// order changes nothing.
func (s Stamp) Beats(old Stamp) bool {
	switch {
	case s.Fingerprint == 0 || s.Fingerprint == old.Fingerprint:
		return false
	case old.Fingerprint == 0:
		return true
	case !s.At.Equal(old.At):
		return s.At.After(old.At)
	case s.Mended != old.Mended:
		return old.Mended
	case s.At.IsZero() && !s.Mended:
		return true
	}
	return s.Fingerprint > old.Fingerprint
}

// Has reports whether the source has spoken of this paper.
func (r *Record) Has(s Source) bool { return r.Stamps[s].Fingerprint != 0 }

// Add takes in an observation and reports whether it changed what is known. The
// numbers (votes, comments, stars) are not its business: they are signals.
//
// Each source is best at something. Title, abstract and all that is printed on the
// paper are arXiv's when arXiv has spoken; authors, who may be tied to accounts,
// summary, organization, pictures and discussion are the hub's; the demonstration
// catalogue gives way to both.
func (r *Record) Add(o Observation) bool {
	if o.Source == SourceDemo && (r.Has(SourceHub) || r.Has(SourceArXiv)) {
		return false
	}
	if !o.Stamp().Beats(r.Stamps[o.Source]) {
		return false
	}
	r.addText(o)
	r.addPeople(o)
	r.addDate(o)
	r.addLinks(o)
	if r.Stamps == nil {
		r.Stamps = map[Source]Stamp{}
	}
	r.Stamps[o.Source] = o.Stamp()
	r.Paper.ID = o.Paper.ID
	r.Paper.Demo = !r.Has(SourceHub) && !r.Has(SourceArXiv)
	return true
}

func (r *Record) addText(o Observation) {
	p, q := &r.Paper, &o.Paper
	if o.Source != SourceArXiv && r.Has(SourceArXiv) {
		return
	}
	p.Title, p.Abstract = q.Title, cmp.Or(q.Abstract, p.Abstract)
	if o.Source != SourceArXiv {
		return
	}
	p.Categories, p.Versions, p.Updated = q.Categories, q.Versions, q.Updated
	p.Remarks, p.JournalRef, p.DOI = q.Remarks, q.JournalRef, q.DOI
	p.ReportNo, p.License = q.ReportNo, q.License
}

func (r *Record) addPeople(o Observation) {
	p, q := &r.Paper, &o.Paper
	if len(q.Authors) > 0 && (o.Source == SourceHub || !r.Has(SourceHub) || len(p.Authors) == 0) {
		p.Authors = q.Authors
	}
	if o.Source == SourceArXiv {
		return
	}
	p.Summary, p.SummaryModel, p.Keywords = q.Summary, q.SummaryModel, q.Keywords
	p.Organization = q.Organization
	p.Media, p.Thumbnail = q.Media, q.Thumbnail
	p.DiscussionID, p.AuthorActive, p.Withdrawn = q.DiscussionID, q.AuthorActive, q.Withdrawn
}

func (r *Record) addDate(o Observation) {
	if rank := dateRank(o); rank >= r.DateRank && rank > 0 {
		r.Paper.Published, r.DateRank = o.Paper.Published, rank
	}
}

// dateRank orders publication dates: the more precise one first, then by source.
func dateRank(o Observation) int {
	if o.Paper.Published.IsZero() {
		return 0
	}
	source := map[Source]int{SourceDemo: 0, SourceHub: 1, SourceArXiv: 2}[o.Source]
	return int(o.Paper.Published.Precision)*3 + source
}

func (r *Record) addLinks(o Observation) {
	if len(o.Paper.Links) == 0 && len(r.LinksBy[o.Source]) == 0 {
		return
	}
	if r.LinksBy == nil {
		r.LinksBy = map[Source][]Link{}
	}
	r.LinksBy[o.Source] = o.Paper.Links
	r.Paper.Links = r.Paper.Links[:0]
	for _, s := range []Source{SourceHub, SourceArXiv, SourceDemo} {
		for _, l := range r.LinksBy[s] {
			r.Paper.Links = AddLink(r.Paper.Links, l)
		}
	}
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

// Forget takes out what only the demonstration catalogue said of a paper that other
// sources know.
func (r *Record) Forget(s Source) {
	if s != SourceDemo || !r.Has(s) {
		return
	}
	if !r.Has(SourceHub) {
		r.Paper.Summary, r.Paper.SummaryModel, r.Paper.Keywords = "", "", nil
		r.Paper.Organization = nil
	}
	delete(r.LinksBy, s)
	delete(r.Stamps, s)
	r.Paper.Links = nil
}
