package paper

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"broadsheet/internal/tex"
)

// MaxSlugBytes is the most that [Slug] gives.
const MaxSlugBytes = 80

// Slug is the form of an author's name in the address /authors/{slug}: in lower
// case, Latin letters without their accents, letters of other scripts as they
// are, and one hyphen for whatever stands between. Spellings of a name that
// differ only so share one page. It is "" when the name has no letter or digit,
// and Slug(Slug(name)) is Slug(name).
func Slug(name string) string {
	if strings.ContainsAny(name, `\{}$`) {
		name = tex.Text(name) // Erd\H{o}s
	}
	buf := make([]byte, 0, MaxSlugBytes)
	for i := range len(name) {
		c := name[i]
		if c >= utf8.RuneSelf {
			return slugUnicode(name)
		}
		if len(buf) == MaxSlugBytes {
			break
		}
		buf = appendSlugByte(buf, c)
	}
	return string(trimHyphen(buf))
}

// appendSlugByte adds one ASCII character, or the hyphen that stands for it.
func appendSlugByte(buf []byte, c byte) []byte {
	switch {
	case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
		return append(buf, c)
	case 'A' <= c && c <= 'Z':
		return append(buf, c+'a'-'A')
	case len(buf) > 0 && buf[len(buf)-1] != '-':
		return append(buf, '-')
	}
	return buf
}

func trimHyphen(buf []byte) []byte {
	if n := len(buf); n > 0 && buf[n-1] == '-' {
		return buf[:n-1]
	}
	return buf
}

// slugUnicode is Slug for names beyond ASCII. Compatibility forms (ligatures,
// full-width letters) are composed first, so that two encodings of one name meet.
func slugUnicode(name string) string {
	buf := make([]byte, 0, MaxSlugBytes+utf8.UTFMax)
	latin := false // the letter before this one is Latin: marks on it are dropped
	for _, r := range norm.NFKC.String(strings.ToLower(norm.NFKC.String(name))) {
		before := len(buf)
		switch {
		case r < utf8.RuneSelf:
			buf, latin = appendSlugByte(buf, byte(r)), true
		case unicode.Is(unicode.Latin, r):
			buf, latin = appendFolded(buf, r), true
		case unicode.IsMark(r):
			if !latin && before > 0 && buf[before-1] != '-' { // vowel signs are part of their word
				buf = utf8.AppendRune(buf, r)
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			buf, latin = utf8.AppendRune(buf, r), false
		case !unicode.Is(unicode.Cf, r): // joiners are not seen, and part nothing
			buf, latin = appendSlugByte(buf, ' '), true
		}
		if len(buf) > MaxSlugBytes {
			buf = buf[:before]
			break
		}
	}
	return string(trimHyphen(buf))
}

// latinFolds are the Latin letters that are not an ASCII letter with a mark.
var latinFolds = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l",
	'ı': "i", 'ȷ': "j", 'ħ': "h", 'ŧ': "t", 'ŋ': "ng", 'ĸ': "k", 'ɓ': "b", 'ɗ': "d",
	'ɖ': "d", 'ƙ': "k", 'ƴ': "y", 'ɛ': "e", 'ɔ': "o", 'ə': "e", 'ǝ': "e", 'ɨ': "i",
	'ʉ': "u", 'ƀ': "b", 'ƶ': "z", 'ǥ': "g", 'ɣ': "g", 'ƒ': "f", 'ɩ': "i", 'ʋ': "v",
	'ŀ': "l", 'ƚ': "l", 'ʼ': "",
}

// appendFolded adds a lower-case Latin letter without its marks: in ASCII where
// there is a fold, else as it is.
func appendFolded(buf []byte, r rune) []byte {
	if fold, ok := latinFolds[r]; ok {
		return append(buf, fold...)
	}
	base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	if base < utf8.RuneSelf {
		return appendSlugByte(buf, byte(base))
	}
	if fold, ok := latinFolds[base]; ok { // ǿ
		return append(buf, fold...)
	}
	return utf8.AppendRune(buf, base)
}

// CleanLine puts a text on one line: white space around it goes, and each run of
// white space inside becomes one blank.
func CleanLine(s string) string {
	if isCleanLine(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

func isCleanLine(s string) bool {
	blank := true // as if one stood before the text
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || c < ' ' {
			return isCleanUnicode(s)
		}
		if c == ' ' && blank {
			return false
		}
		blank = c == ' '
	}
	return !blank || s == ""
}

func isCleanUnicode(s string) bool {
	blank := true
	for _, r := range s {
		if unicode.IsSpace(r) && (r != ' ' || blank) {
			return false
		}
		blank = r == ' '
	}
	return !blank || s == ""
}
