package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/ingest"
)

// summary says how an import went.
func summary(s ingest.Summary) string {
	parts := []string{
		thousands(s.Added) + " new",
		thousands(s.Changed) + " changed",
		thousands(s.Unchanged) + " unchanged",
	}
	if s.Repaired > 0 {
		parts = append(parts, thousands(s.Repaired)+" with a repaired identifier")
	}
	if s.Waiting > 0 {
		parts = append(parts, thousands(s.Waiting)+" kept for papers that are not known yet")
	}
	parts = append(parts, thousands(s.Bad)+" bad")
	return fmt.Sprintf("%s records in %s (%s/s): %s", thousands(s.Records), roundTime(s.Took),
		thousands(perSecond(s.Records, s.Took)), strings.Join(parts, ", "))
}

// perSecond is n over took, 0 when nothing took time.
func perSecond(n int, took time.Duration) int {
	if took <= 0 {
		return 0
	}
	return int(float64(n) / took.Seconds())
}

// roundTime is d as people say it.
func roundTime(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// thousands is n with a comma every three digits.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// count is n things of a kind whose plural takes an s.
func count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + one + "s"
}
