package web

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/paper"
	"broadsheet/internal/tex"
)

// format is the size of a cover and how close its strokes stand.
type format struct {
	width, height int
	perLine       int // the most strokes of a line
}

var (
	wide  = format{960, 280, 150} // over a lead story
	small = format{480, 170, 80}  // beside a paper
)

const (
	margin    = 32  // of a cover, at the left and right
	mostWords = 480 // that a cover shows
	longest   = 14  // letters of the tallest stroke
	coverHues = 8   // classes k0 to k7 of the style sheet
)

// stroke is a word of a text as a cover draws it.
type stroke struct {
	letters int
	named   bool // the word, or one with its beginning, stands in the title
	ends    bool // it ends a sentence
}

// drawing is a cover, as two paths.
type drawing struct {
	Hue, Width, Height int
	Plain, Named       string
}

// cover draws a paper without a picture as the sound of its text: a stroke for
// each word, as tall as the word is long, a pause after each sentence, and the
// words of its title in a second color. The hue is that of its subject. The same
// paper always has the same cover.
func cover(p *paper.Paper, f format) *drawing {
	title := tex.Text(p.Title)
	text := blurb(p)
	if len(text) < len(title) {
		text = title
	}
	words := strokes(text, title)
	if len(words) == 0 {
		return nil
	}
	plain, named := f.draw(words)
	return &drawing{hue(p), f.width, f.height, plain, named}
}

// hue is a number for the paper's subject: its category, else its first keyword.
func hue(p *paper.Paper) int {
	subject := string(p.ID)
	switch {
	case len(p.Categories) > 0:
		subject = p.Categories[0]
	case len(p.Keywords) > 0:
		subject = p.Keywords[0]
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(subject)) // never fails
	return int(h.Sum32() % coverHues)
}

// strokes reads the words of a text.
func strokes(text, title string) []stroke {
	inTitle := map[string]bool{}
	for _, w := range strings.Fields(title) {
		if s := stem(w); s != "" {
			inTitle[s] = true
		}
	}
	var out []stroke
	for w := range strings.FieldsSeq(text) {
		bare := strings.TrimFunc(w, unicode.IsPunct)
		out = append(out, stroke{
			letters: min(max(1, utf8.RuneCountInString(bare)), longest),
			named:   inTitle[stem(w)],
			ends:    strings.ContainsAny(w[len(w)-1:], ".!?"),
		})
		if len(out) == mostWords {
			break
		}
	}
	return out
}

// stem is the beginning of a word by which it is known again in another form;
// "" for the little words.
func stem(w string) string {
	w = strings.ToLower(strings.TrimFunc(w, unicode.IsPunct))
	if utf8.RuneCountInString(w) < 4 {
		return ""
	}
	return string([]rune(w)[:min(6, utf8.RuneCountInString(w))])
}

// draw sets the strokes in lines and gives the two paths.
func (f format) draw(words []stroke) (plain, named string) {
	lines := (len(words) + f.perLine - 1) / f.perLine
	each := (len(words) + lines - 1) / lines
	high := float64(f.height) / (float64(lines) + .3)
	var paths [2]pen
	for i := range lines {
		line := words[i*each : min((i+1)*each, len(words))]
		middle := float64(f.height)/2 + (float64(i)-float64(lines-1)/2)*high
		f.drawLine(&paths, line, each, middle, high)
	}
	return paths[0].String(), paths[1].String()
}

// drawLine sets one line; each is how many words a full one has.
func (f format) drawLine(paths *[2]pen, line []stroke, each int, middle, high float64) {
	pauses := 0
	for _, w := range line {
		if w.ends {
			pauses++
		}
	}
	step := float64(f.width-2*margin) / float64(max(each, len(line))+pauses)
	step = min(step, 14)
	x := (float64(f.width) - step*float64(len(line)+pauses-1)) / 2
	for _, w := range line {
		half := max(1.5, float64(w.letters)/longest*high*.44)
		path := &paths[0]
		if w.named {
			path = &paths[1]
		}
		path.stroke(int(x+.5), int(middle-half+.5), int(2*half+.5))
		if x += step; w.ends {
			x += step
		}
	}
}

// A pen writes the path of upright strokes in few bytes.
type pen struct {
	strings.Builder
	x, y int // where it stands
}

// stroke draws downwards from x, y.
func (p *pen) stroke(x, y, length int) {
	p.WriteByte('m')
	p.WriteString(strconv.Itoa(x - p.x))
	if dy := y - p.y; dy >= 0 {
		p.WriteByte(' ')
		p.WriteString(strconv.Itoa(dy))
	} else {
		p.WriteString(strconv.Itoa(dy))
	}
	p.WriteByte('v')
	p.WriteString(strconv.Itoa(length))
	p.x, p.y = x, y+length
}
