package cite

import (
	"strings"

	"broadsheet/internal/paper"
)

// RIS is the paper as one RIS record, with the line ends the format asks for.
func RIS(p paper.Paper) string {
	var b strings.Builder
	tag := func(key, value string) {
		if value != "" {
			b.WriteString(key + "  - " + value + "\r\n")
		}
	}
	tag("TY", risType(p))
	tag("ID", Key(p))
	tag("TI", plain(p.Title))
	for _, n := range authors(p) {
		tag("AU", n.inverted())
	}
	tag("PY", yearOf(p))
	tag("DA", risDate(issued(p)))
	tag("AB", plain(p.Abstract))
	for _, keyword := range p.Keywords {
		tag("KW", plain(keyword))
	}
	if p.ID.IsArXiv() {
		tag("PB", "arXiv")
		tag("AN", "arXiv:"+string(p.ID))
	}
	tag("DO", doiOf(p))
	tag("UR", p.ID.AbsURL(0))
	tag("L1", p.ID.PDFURL(0))
	tag("N1", plain(p.JournalRef))
	b.WriteString("ER  - \r\n")
	return b.String()
}

// risType is the type of reference: unpublished for a preprint, else generic.
func risType(p paper.Paper) string {
	if p.ID.IsArXiv() {
		return "UNPB"
	}
	return "GEN"
}

// risDate is YYYY/MM/DD/ with what is not known left empty.
func risDate(d paper.Date) string {
	switch {
	case d.IsZero():
		return ""
	case d.Precision == paper.PrecisionMonth:
		return d.Time.Format("2006/01//")
	}
	return d.Time.Format("2006/01/02/")
}
