package paper

import "testing"

func TestUnwrap(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"empty", " \n ", ""},
		{"one line", "  A claim. ", "A claim."},
		{"blanks", "A  claim.\tTwo.", "A claim. Two."},
		{"wrapped", "  A claim that\nis long and\nends here.\n", "A claim that is long and ends here."},
		{"indented paragraph", "First\npart.\n  Second\npart.", "First part.\n\nSecond part."},
		{"empty line", "First.\n\n\nSecond.\n \nThird.", "First.\n\nSecond.\n\nThird."},
		{"CRLF", "First\r\npart.\r\n\r\nSecond.", "First part.\n\nSecond."},
	} {
		got := Unwrap(tt.in)
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		if again := Unwrap(got); again != got {
			t.Errorf("%s: done twice it gives %q", tt.name, again)
		}
	}
}
