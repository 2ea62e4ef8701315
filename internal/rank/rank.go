// Package rank is pure scoring: numbers in, a score and its parts out. The clock
// is passed in, and nothing is read or kept.
//
// [Trending] orders the trending page; its formula is published at
// /about/trending in the words of [Trending]'s documentation.
package rank

import (
	"math"
	"time"
)

// Weights tune [Trending]. The zero value is not useful: start from [Default].
type Weights struct {
	Vote    float64 // points a vote
	Comment float64 // points a comment
	Star    float64 // points a tenfold of repository stars
	HalfDay float64 // days after which a paper's points count half
}

// Default is what the trending page uses when nobody asks for anything else.
var Default = Weights{Vote: 1, Comment: 2, Star: 4, HalfDay: 3}

// Signals is what is known about a paper when it is scored.
type Signals struct {
	Votes, Comments, Stars int
	Since                  time.Time // when it entered its first edition, else when it was published
}

// A Score is a paper's place among the trending, with the parts it is made of.
type Score struct {
	Votes    float64       // points from votes
	Comments float64       // points from comments
	Stars    float64       // points from stars
	Age      time.Duration // since Signals.Since
	Decay    float64       // halvings by age; what is taken off
	Total    float64       // log2(1 + points) - Decay
}

// Trending scores a paper at the time now:
//
//	points = Vote·votes + Comment·comments + Star·log10(1 + stars)
//	score  = log2(1 + points) − age / HalfDay
//
// with age in days, never below zero. Taking one off the score for each HalfDay
// halves what the points are worth, so the order of two papers does not depend on
// now, and a page stays right while nobody votes.
func Trending(s Signals, w Weights, now time.Time) Score {
	age := max(0, now.Sub(s.Since))
	sc := Score{
		Votes:    w.Vote * float64(s.Votes),
		Comments: w.Comment * float64(s.Comments),
		Stars:    w.Star * math.Log10(1+float64(s.Stars)),
		Age:      age,
	}
	if w.HalfDay > 0 {
		sc.Decay = age.Hours() / 24 / w.HalfDay
	}
	sc.Total = math.Log2(1+sc.Votes+sc.Comments+sc.Stars) - sc.Decay
	return sc
}
