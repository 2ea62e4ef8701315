package web

import (
	"fmt"
	"strconv"
	"strings"

	"broadsheet/internal/paper"
)

// The sparkline's own units; the style sheet stretches them.
const (
	sparkWidth  = 240
	sparkHeight = 42
	sparkPoints = 60 // the most that are drawn
)

// sparkline is vote counts over time, drawn, and said for those who do not see them.
type sparkline struct{ Label, Points string }

// Width and Height are those of its units.
func (*sparkline) Width() int  { return sparkWidth }
func (*sparkline) Height() int { return sparkHeight }

// spark draws vote counts. It is nil when there are fewer than two: one number has no course.
func spark(votes []paper.Signal) *sparkline {
	votes = thin(votes, sparkPoints)
	if len(votes) < 2 {
		return nil
	}
	first, last := votes[0], votes[len(votes)-1]
	span := last.At.Sub(first.At).Seconds()
	if span <= 0 {
		return nil
	}
	most := 1
	for _, v := range votes {
		most = max(most, v.Value)
	}
	var points strings.Builder
	for i, v := range votes {
		if i > 0 {
			points.WriteByte(' ')
		}
		x := v.At.Sub(first.At).Seconds() / span * sparkWidth
		y := sparkHeight - 2 - float64(max(0, v.Value))/float64(most)*(sparkHeight-4)
		points.WriteString(strconv.FormatFloat(x, 'f', 1, 64) + "," + strconv.FormatFloat(y, 'f', 1, 64))
	}
	label := fmt.Sprintf("Votes over time: %s on %s, %s on %s", number(first.Value), first.At.UTC().Format("2 January 2006"),
		number(last.Value), last.At.UTC().Format("2 January 2006"))
	return &sparkline{label, points.String()}
}

// thin keeps at most n of the signals, evenly, with the first and the last.
func thin(votes []paper.Signal, n int) []paper.Signal {
	if len(votes) <= n {
		return votes
	}
	out := make([]paper.Signal, n)
	for i := range out {
		out[i] = votes[i*(len(votes)-1)/(n-1)]
	}
	return out
}
