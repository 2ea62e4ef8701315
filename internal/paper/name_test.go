package paper

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSlug(t *testing.T) {
	tests := []struct{ name, want string }{
		{"", ""}, {" . ", ""}, {"-", ""}, {"…", ""},
		{"Ada Lovelace", "ada-lovelace"},
		{"J. K. Rowling", "j-k-rowling"},
		{"  Jean-Pierre   Serre ", "jean-pierre-serre"},
		{"Miles O'Brien", "miles-o-brien"},
		{"Miles O’Brien", "miles-o-brien"},
		{"Paul Erdős", "paul-erdos"},
		{"Paul Erdo\u030bs", "paul-erdos"}, // the accent as a character of its own
		{`Paul Erd\H{o}s`, "paul-erdos"}, {`Paul Erd{\H o}s`, "paul-erdos"}, {`Micha{\l} Kowalczyk`, "michal-kowalczyk"},
		{`Genevi\` + "`" + `eve Raugel`, "genevieve-raugel"}, {`{Ada} Love{lace`, "ada-love-lace"},
		{"Øystein Ore", "oystein-ore"},
		{"Karl Weierstraß", "karl-weierstrass"},
		{"KARL WEIERSTRAẞ", "karl-weierstrass"},
		{"Jan Łukasiewicz", "jan-lukasiewicz"},
		{"Æsa Œrsted", "aesa-oersted"},
		{"Þórður Guðmundsson", "thordur-gudmundsson"},
		{"İsmail Ilgın", "ismail-ilgin"},
		{"Nguyễn Văn Đức", "nguyen-van-duc"},
		{"ﬁnn", "finn"},
		{"Ｆｕｌｌ Ｗｉｄｔｈ", "full-width"},
		{"Андрей Колмогоров", "андрей-колмогоров"},
		{"Αρχιμήδης", "αρχιμήδης"},
		{"华罗庚", "华罗庚"},
		{"が", "が"}, {"か\u3099", "が"},
		{"김 민준", "김-민준"},
		{"श्रीनिवास रामानुजन", "श्रीनिवास-रामानुजन"},
		{"A\u200bB", "ab"}, {"A\u00adB", "ab"}, {"A\u00a0B", "a-b"},
		{"team 2", "team-2"},
		{"<script>", "script"}, {"a/../b", "a-b"}, {"a\x00b", "a-b"}, {"a\xffb", "a-b"}, {"é\xff", "e"},
		{strings.Repeat("x", 200), strings.Repeat("x", 80)},
		{strings.Repeat("x", 79) + " y", strings.Repeat("x", 79)},
		{strings.Repeat("華", 40), strings.Repeat("華", 26)},
	}
	for _, test := range tests {
		if got := Slug(test.name); got != test.want {
			t.Errorf("Slug(%q) = %q, want %q", test.name, got, test.want)
		}
	}
}

func TestCleanLine(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""}, {" ", ""}, {"\n\t", ""},
		{"On the Reading of Maps", "On the Reading of Maps"},
		{"On the\n  Reading of Maps", "On the Reading of Maps"},
		{" On  the\tReading ", "On the Reading"},
		{"Über\u00a0die\u2003Karten", "Über die Karten"},
		{"Über die Karten", "Über die Karten"},
		{"Karten ", "Karten"},
		{"Ü ", "Ü"},
	}
	for _, test := range tests {
		if got := CleanLine(test.in); got != test.want {
			t.Errorf("CleanLine(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func FuzzSlug(f *testing.F) {
	for _, seed := range []string{"Paul Erdős", "Ελένη Σ.", "श्री", "김", "Ǆ", "İ", "K", "ŉ", "\u0345", "A\u0301\u0301", "ﬀ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		slug := Slug(name)
		if again := Slug(slug); again != slug {
			t.Errorf("Slug(%q) = %q, whose own slug is %q", name, slug, again)
		}
		if len(slug) > MaxSlugBytes || !utf8.ValidString(slug) || strings.ContainsAny(slug, " /\\.%?#\"<>&") || strings.Contains(slug, "--") {
			t.Errorf("Slug(%q) = %q", name, slug)
		}
		line := CleanLine(name)
		if CleanLine(line) != line || len(line) > len(name) || strings.Contains(line, "  ") || strings.TrimSpace(line) != line {
			t.Errorf("CleanLine(%q) = %q", name, line)
		}
	})
}

func BenchmarkSlug(b *testing.B) {
	for name, in := range map[string]string{"ascii": "Jean-Pierre B. Serre", "accents": "Paul Erdős", "han": "华罗庚"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Slug(in)
			}
		})
	}
}

func BenchmarkCleanLine(b *testing.B) {
	in := strings.Repeat("a clean title of some length ", 3) + "end"
	b.ReportAllocs()
	for b.Loop() {
		CleanLine(in)
	}
}
