package record

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// all reads everything and gives one line for each record or error.
func all(t testing.TB, r *Reader) []string {
	t.Helper()
	var out []string
	for range 1_000_000 {
		rec, err := r.Next()
		var bad *LineError
		switch {
		case err == io.EOF:
			if _, err := r.Next(); err != io.EOF {
				t.Errorf("after io.EOF came %v", err)
			}
			return out
		case errors.As(err, &bad):
			out = append(out, bad.Error())
		case err != nil:
			t.Fatalf("Next: %v, which is neither io.EOF nor a *LineError", err)
		default:
			out = append(out, fmt.Sprintf("%d %s", rec.Line, rec.Data))
		}
	}
	t.Fatal("Next does not come to an end")
	return nil
}

func openText(t testing.TB, text string) *Reader {
	t.Helper()
	r, err := Open("-", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func TestNext(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"only blanks", " \n\t\n", ""},
		{"lines", `{"a":1}` + "\n" + `{"a":2}` + "\n", `1 {"a":1}|2 {"a":2}`},
		{"no end of line", `{"a":1}`, `1 {"a":1}`},
		{"blank lines", "\n\n{}\n\n  \n{}\n", `3 {}|6 {}`},
		{"CRLF", "{}\r\n\r\n{}\r\n", `1 {}|3 {}`},
		{"BOM", "\xef\xbb\xbf{}\n{}", `1 {}|2 {}`},
		{"only a BOM", "\xef\xbb\xbf", ""},
		{"a broken line is the decoder's business", "{\n{}\n", `1 {|2 {}`},
		{"invalid UTF-8", "{}\n{\"a\":\"b\xffc\"}\n{}\n", `1 {}|stdin:2: invalid UTF-8 at byte offset 7|3 {}`},
		{"offset from the start of the line", "{}\n  \xc3(\n", `1 {}|stdin:2: invalid UTF-8 at byte offset 2`},
		{"NUL", "{}\x00\n{}", `stdin:1: NUL character at byte offset 2|2 {}`},
		{"escaped NUL", `{"a":"\u0000"}` + "\n{}", `stdin:1: NUL character (\u0000) at byte offset 6|2 {}`},
		{"a backslash before u0000", `{"a":"\\u0000"}`, `1 {"a":"\\u0000"}`},
		{"surrogate pair", `["\ud83d\ude00"]`, `1 "\ud83d\ude00"`},
		{"half a pair", `{"a":"\ud83d"}`, `stdin:1: half of a surrogate pair at byte offset 6`},
		{"the other half", `{"a":"\ude00"}`, `stdin:1: half of a surrogate pair at byte offset 6`},

		{"array", `[{"a":[1,{}]},{"b":"]"}]`, `1 {"a":[1,{}]}|1 {"b":"]"}`},
		{"empty array", " [ ] \n", ""},
		{"indented array", "\n[\n  {\n    \"a\": 1\n  },\n\n  {\"b\": 2}\n]\n", "3 {\n    \"a\": 1\n  }|7 {\"b\": 2}"},
		{"array of others", `[1, "a\"b" ,null,[2] ]`, `1 1|1 "a\"b"|1 null|1 [2]`},
		{"array behind a BOM", "\xef\xbb\xbf[{}]", `1 {}`},
		{"invalid UTF-8 in an element", "[{},\n\"\xff\",\n{}]", `1 {}|stdin:2: invalid UTF-8 at byte offset 1|3 {}`},
		{"array cut off in an element", "[{},\n{\"a\":", `1 {}|stdin:2: the file ends in the middle of the list`},
		{"array cut off between elements", "[{},\n{}\n", `1 {}|2 {}|stdin:3: the file ends in the middle of the list`},
		{"no comma", "[{}\n{}]", `1 {}|stdin:2: expected a comma or the end of the array, got '{'; the rest of the array is not read`},
		{"two commas", "[{},,{}]", `1 {}|stdin:1: expected a record, got ','; the rest of the array is not read`},
		{"comma at the end", "[{},]", `1 {}|stdin:1: expected a record, got ']'; the rest of the array is not read`},
		{"text behind the array", "[{}]\nx", `1 {}|stdin:2: 'x' stands behind the end of the list`},
		{"text without end", "[\"a\n\",{}]", `stdin:1: a string does not end on its line; the rest of the array is not read`},
	} {
		if got := strings.Join(all(t, openText(t, tt.text)), "|"); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestTooLong(t *testing.T) {
	long := strings.Repeat("x", 10<<20)
	got := all(t, openText(t, "{}\n"+long+"\n{}\n"+long))
	want := []string{"1 {}", "stdin:2: line of more than 8 MiB", "3 {}", "stdin:4: line of more than 8 MiB"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("lines: got %.200q", got)
	}
	got = all(t, openText(t, "[{},\n\""+long+"\",\n{}]"))
	want = []string{"1 {}", "stdin:2: element of more than 8 MiB", "3 {}"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("array: got %.200q", got)
	}
	fits := strings.Repeat("y", 1<<20) // more than the buffer, less than the limit
	if got := all(t, openText(t, fits+"\n{}")); len(got) != 2 || got[0] != "1 "+fits || got[1] != "2 {}" {
		t.Errorf("a line of 1 MiB is not read as it is")
	}
}

// packed writes text into a file of its own.
func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func zstdOf(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	return packed(t, &b, w, text)
}

func gzipOf(t testing.TB, text string) []byte {
	var b bytes.Buffer
	return packed(t, &b, gzip.NewWriter(&b), text)
}

func packed(t testing.TB, b *bytes.Buffer, w io.WriteCloser, text string) []byte {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rows is text that packs badly enough to fill several blocks.
func rows(n int) string {
	var b strings.Builder
	seed := uint32(1)
	for i := range n {
		seed = seed*1664525 + 1013904223
		fmt.Fprintf(&b, `{"n":%d,"x":"%08x%08x"}`+"\n", i, seed, seed*2654435761)
	}
	return b.String()
}

func TestPacked(t *testing.T) {
	text := rows(20_000)
	for name, data := range map[string][]byte{
		"plain.jsonl": []byte(text), "a.jsonl.zst": zstdOf(t, text), "b.jsonl.gz": gzipOf(t, text),
		"kept-its-name.zst": []byte(text),
	} {
		path := write(t, name, data)
		r, err := Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := all(t, r)
		if len(got) != 20_000 || !strings.HasPrefix(got[19_999], `20000 {"n":19999,`) {
			t.Errorf("%s: %d records", name, len(got))
		}
		if done, total := r.Progress(); done != int64(len(data)) || total != done {
			t.Errorf("%s: progress %d of %d, want %d", name, done, total, len(data))
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestDamaged(t *testing.T) {
	text := rows(20_000)
	for _, tt := range []struct {
		name   string
		data   []byte
		damage func([]byte) []byte
	}{
		{"cut.zst", zstdOf(t, text), func(b []byte) []byte { return b[:len(b)/2] }},
		{"cut.gz", gzipOf(t, text), func(b []byte) []byte { return b[:len(b)/2] }},
		{"flipped.zst", zstdOf(t, text), flip},
		{"flipped.gz", gzipOf(t, text), flip},
	} {
		path := write(t, tt.name, tt.damage(tt.data))
		r, err := Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := all(t, r)
		last := got[len(got)-1]
		if !strings.HasPrefix(last, path+":") || !strings.Contains(last, "the compressed data is damaged: ") {
			t.Errorf("%s: the last is %q", tt.name, last)
		}
		if len(got) < 1000 || got[0] != "1 "+strings.SplitN(text, "\n", 2)[0] {
			t.Errorf("%s: only %d records came before the damage", tt.name, len(got))
		}
		_ = r.Close()
	}
}

// flip damages the last quarter, where checks find it at the latest.
func flip(b []byte) []byte {
	b = bytes.Clone(b)
	for i := len(b) * 3 / 4; i < len(b)*3/4+64; i++ {
		b[i] ^= 0x55
	}
	return b
}

func TestUnreadable(t *testing.T) {
	whole := zstdOf(t, rows(1000))
	for _, tt := range []struct{ path, want string }{
		{filepath.Join(t.TempDir(), "no.jsonl"), "no such file"},
		{t.TempDir(), "this is a folder"},
		{write(t, "a.jsonl.zst", append([]byte("\x00\x00\x00\x00"), whole[4:]...)), "cannot be unpacked"},
		{write(t, "b.jsonl.zst", whole[:9]), "cannot be unpacked"},
		{write(t, "c.jsonl.zst", append(bytes.Clone(whole[:4]), bytes.Repeat([]byte{0xff}, 64)...)), "cannot be unpacked"},
		{write(t, "d.jsonl.gz", gzipOf(t, "{}")[:5]), "cannot be unpacked"},
		{write(t, "e.jsonl.gz", nil), "empty"},
		{write(t, "f.zip", []byte("PK\x03\x04rest of the archive")), "unpack it first"},
		{write(t, "g.jsonl", []byte("\xff\xfe{\x00}\x00")), "UTF-16"},
	} {
		r, err := Open(tt.path, nil)
		var bad *UnreadableError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), tt.want) || bad.Name != tt.path {
			t.Errorf("Open(%s): %v, want an *UnreadableError with %q", filepath.Base(tt.path), err, tt.want)
		}
		if err == nil {
			_ = r.Close()
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "no"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file is not os.ErrNotExist: %v", err)
	}
}

func TestPackedStdin(t *testing.T) {
	r, err := Open("-", bytes.NewReader(zstdOf(t, "{}\n[]\n")))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got := strings.Join(all(t, r), "|"); got != "1 {}|2 []" {
		t.Error(got)
	}
	if _, total := r.Progress(); total != 0 {
		t.Errorf("the size of standard input is %d, want 0: unknown", total)
	}
}

func TestBad(t *testing.T) {
	err := Record{Line: 7}.Bad("papers.jsonl", os.ErrInvalid)
	if err.Error() != "papers.jsonl:7: invalid argument" || !errors.Is(err, os.ErrInvalid) {
		t.Error(err)
	}
}

func FuzzReader(f *testing.F) {
	for _, s := range []string{"{}\n{}", "[{},{}]", "\xef\xbb\xbf[1,\n\"a\"", "[\"\\", "\xff\n\x00\n", "\r\n[", "[[[]", "\x28\xb5\x2f\xfd", "\x1f\x8b\x08"} {
		f.Add([]byte(s))
	}
	f.Add(zstdOf(f, rows(20)))
	f.Add(gzipOf(f, rows(20)))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Open("-", bytes.NewReader(data))
		if err != nil {
			var bad *UnreadableError
			if !errors.As(err, &bad) {
				t.Fatalf("Open: %v is no *UnreadableError", err)
			}
			return
		}
		defer r.Close()
		r.limit = 1000
		all(t, r)
	})
}
