package httpserver

import (
	"iter"
	"slices"
	"strconv"
	"strings"
)

// accepted are the values of an Accept header of any kind, in small letters, and their
// qualities: 1 where none is given, 0 where it is no number from 0 to 1.
func accepted(header string) iter.Seq2[string, float64] {
	return func(yield func(string, float64) bool) {
		for one := range strings.SplitSeq(header, ",") {
			value, params, _ := strings.Cut(one, ";")
			if !yield(strings.ToLower(strings.TrimSpace(value)), quality(params)) {
				return
			}
		}
	}
}

func quality(params string) float64 {
	for params != "" {
		var one string
		one, params, _ = strings.Cut(params, ";")
		name, value, _ := strings.Cut(one, "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil || !(q >= 0 && q <= 1) {
				return 0
			}
			return q
		}
	}
	return 1
}

// acceptsGzip reads an Accept-Encoding header.
func acceptsGzip(header string) bool {
	others := false
	for coding, q := range accepted(header) {
		switch coding {
		case "gzip":
			return q > 0
		case "*":
			others = q > 0
		}
	}
	return others
}

// Prefers reads an Accept header. Who names a wanted media type gets it, unless another
// one that could be had is worth more to them, by name or as one of any kind; of two
// names that are worth the same the first counts.
func Prefers(header string, wanted, others []string) bool {
	want, other, rest := -1.0, -1.0, -1.0 // the last for whatever is not named
	first := false
	for kind, q := range accepted(header) {
		switch {
		case slices.Contains(wanted, kind):
			want, first = max(want, q), first || other < 0
		case slices.Contains(others, kind):
			other = max(other, q)
		case strings.HasSuffix(kind, "/*"):
			rest = max(rest, q)
		}
	}
	if other < 0 {
		return want > 0 && want >= rest
	}
	return want > 0 && (want > other || want == other && first)
}
