package papertest

import "broadsheet/internal/paper"

// Clock is the feed clock of tests: editions open at 21:30 in New York.
func Clock() paper.Clock {
	clock, err := paper.NewClock("America/New_York", "21:30")
	if err != nil {
		panic("papertest: " + err.Error()) // the zones are compiled in
	}
	return clock
}
