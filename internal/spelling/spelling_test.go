package spelling

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	names := []string{"author", "title", "abs", "listen", "metrics_listen"}
	for _, c := range []struct {
		s     string
		limit int
		want  string
	}{
		{"autor", 2, "author"},
		{"title", 2, "title"},
		{"titel", 2, "title"},
		{"lisen", 3, "listen"},
		{"zzzzz", 3, ""},
		{"", 2, ""},
		{strings.Repeat("a", 1_000_000), 3, ""},
	} {
		if got := Nearest(c.s, names, c.limit); got != c.want {
			t.Errorf("%.20q: %q, want %q", c.s, got, c.want)
		}
	}
}
