package feed

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// writeICS writes a calendar of days. A list that is made of editions has these as
// events, with their papers in the description; any other list has each paper on the
// day of its first edition, else of its publication. A paper without any date has no
// place in a calendar and is left out.
//
// An event's UID is the identifier that the edition or the paper has in every feed.
func writeICS(p *page) ([]byte, error) {
	cal := ics.NewCalendar()
	cal.SetProductId("-//" + generator + "//Papers//EN")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(p.Heading())
	cal.SetXWRCalDesc(p.Text)
	cal.SetUrl(p.Home)
	cal.SetRefreshInterval(duration(p.AskAgain()))
	cal.SetXPublishedTTL(duration(p.AskAgain()))
	for i := range p.Editions {
		addEditionEvent(cal, &p.Editions[i], p)
	}
	for i := range p.Entries {
		if e := &p.Entries[i]; len(p.Editions) == 0 && e.Day != "" {
			addPaperEvent(cal, e)
		}
	}
	var b bytes.Buffer
	if err := cal.SerializeTo(&b, ics.WithNewLineWindows); err != nil {
		return nil, fmt.Errorf("as iCalendar: %w", err)
	}
	return b.Bytes(), nil
}

// duration is a time of whole hours as iCalendar writes it.
func duration(d time.Duration) string { return fmt.Sprintf("PT%dH", int(d.Hours())) }

// addEvent adds days that keep nobody busy.
func addEvent(cal *ics.Calendar, id string, first, last paper.Day, at time.Time) *ics.VEvent {
	ev := cal.AddEvent(id)
	ev.SetDtStampTime(at)
	ev.SetModifiedAt(at)
	ev.SetAllDayStartAt(first.Time())
	ev.SetAllDayEndAt(last.Add(1).Time()) // the day after the last
	ev.SetTimeTransparency(ics.TransparencyTransparent)
	return ev
}

func addEditionEvent(cal *ics.Calendar, e *edition, p *page) {
	ev := addEvent(cal, editionID(e.Period), e.Period.First(), e.Period.Last(), e.Updated())
	ev.SetSummary(p.Site + ": papers of " + e.Period.Title())
	ev.SetURL(p.Base + urls.Edition(e.Period))
	ev.SetStatus(ics.ObjectStatusConfirmed)
	if e.State != catalog.Closed {
		ev.SetStatus(ics.ObjectStatusTentative)
	}
	var b strings.Builder
	b.WriteString(openness(e.State, e.Opens, e.Closes))
	for i := range e.Entries {
		fmt.Fprintf(&b, "\n\n%d. %s\n%s", i+1, e.Entries[i].Title, e.Entries[i].URL)
	}
	ev.SetDescription(b.String())
}

func addPaperEvent(cal *ics.Calendar, e *entry) {
	ev := addEvent(cal, e.ID, e.Day, e.Day, e.Updated)
	ev.SetSummary(e.Title)
	ev.SetURL(e.URL)
	text := strings.Join(e.Authors, ", ")
	if e.Text != "" {
		text = strings.TrimPrefix(text+"\n\n"+e.Text, "\n\n")
	}
	ev.SetDescription(strings.TrimPrefix(text+"\n\n"+e.URL, "\n\n"))
}
