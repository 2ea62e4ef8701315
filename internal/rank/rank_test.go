package rank

import (
	"math"
	"testing"
	"time"
)

var now = time.Date(2026, 5, 29, 12, 0, 0, 0, time.UTC)

func TestTrending(t *testing.T) {
	for _, c := range []struct {
		name string
		s    Signals
		w    Weights
		want float64
	}{
		{"nothing, just now", Signals{Since: now}, Default, 0},
		{"seven votes", Signals{Votes: 7, Since: now}, Default, 3},
		{"a comment counts two", Signals{Votes: 5, Comments: 1, Since: now}, Default, 3},
		{"nine stars count four", Signals{Votes: 3, Stars: 9, Since: now}, Default, 3},
		{"three days take one off", Signals{Votes: 7, Since: now.AddDate(0, 0, -3)}, Default, 2},
		{"the future is now", Signals{Votes: 7, Since: now.AddDate(0, 0, 3)}, Default, 3},
		{"no ageing", Signals{Votes: 7, Since: now.AddDate(-1, 0, 0)}, Weights{Vote: 1}, 3},
	} {
		if got := Trending(c.s, c.w, now).Total; math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// The order of two papers stays as it is while time passes.
func TestOrderDoesNotDependOnNow(t *testing.T) {
	a := Signals{Votes: 90, Since: now.Add(-50 * time.Hour)}
	b := Signals{Votes: 40, Since: now.Add(-9 * time.Hour)}
	first := Trending(a, Default, now).Total - Trending(b, Default, now).Total
	later := Trending(a, Default, now.AddDate(0, 1, 0)).Total - Trending(b, Default, now.AddDate(0, 1, 0)).Total
	if math.Abs(first-later) > 1e-9 {
		t.Errorf("difference %v became %v", first, later)
	}
}
