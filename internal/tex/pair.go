package tex

import "strings"

// pairs tells for each opener in s where its partner is: for {, $, $$, \(, \[ and
// \begin the index of the closing }, $, $$, \), \] and \end; 0 where there is
// none. Finding them all beforehand keeps reading linear: nothing is ever tried
// and taken back.
func pairs(s string) []int32 {
	pair := make([]int32, len(s)+1)
	pairBraces(s, pair)
	frames := []frame{{end: len(s)}}
	for i := 0; i < len(s); i++ {
		top := &frames[len(frames)-1]
		if i == top.end {
			frames = frames[:len(frames)-1]
			continue
		}
		switch s[i] {
		case '{':
			if pair[i] != 0 {
				frames = append(frames, frame{end: int(pair[i])})
			}
		case '$':
			i += top.dollar(s, i, pair)
		case '\\':
			i += top.backslash(s, i, pair)
		}
	}
	return pair
}

func pairBraces(s string, pair []int32) {
	var open []int32
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			open = append(open, int32(i))
		case '}':
			if n := len(open); n > 0 {
				pair[open[n-1]] = int32(i)
				open = open[:n-1]
			}
		}
	}
}

// A frame is what is still open at one level of braces. Positions are kept plus
// one, so that 0 is none.
type frame struct {
	end                            int
	single, double, paren, bracket int
	begins                         []int32
}

// dollar notes the $ or $$ at i and gives the number of further bytes it took.
func (f *frame) dollar(s string, i int, pair []int32) int {
	if f.double > 0 {
		if at(s, i+1) == '$' {
			pair[f.double-1], f.double = int32(i), 0
			return 1
		}
		return 0
	}
	if f.single > 0 && formula(s, f.single-1, i) {
		pair[f.single-1], f.single = int32(i), 0
		return 0
	}
	f.single = i + 1
	if at(s, i+1) == '$' && i+1 < f.end {
		f.single, f.double = 0, i+1
		return 1
	}
	return 0
}

// backslash notes the command at i and gives the number of further bytes it took.
func (f *frame) backslash(s string, i int, pair []int32) int {
	switch at(s, i+1) {
	case '(':
		f.paren = i + 1
	case ')':
		closeAt(&f.paren, i, pair)
	case '[':
		f.bracket = i + 1
	case ']':
		closeAt(&f.bracket, i, pair)
	case 'b':
		if strings.HasPrefix(s[i:], `\begin{`) {
			f.begins = append(f.begins, int32(i))
		}
	case 'e':
		if n := len(f.begins); n > 0 && strings.HasPrefix(s[i:], `\end{`) {
			pair[f.begins[n-1]] = int32(i)
			f.begins = f.begins[:n-1]
		}
	}
	return 1
}

func closeAt(open *int, i int, pair []int32) {
	if *open > 0 {
		pair[*open-1], *open = int32(i), 0
	}
}

// formula reports whether the dollars at i and j enclose mathematics rather than
// being two amounts of money, as in "$5 and $10".
func formula(s string, i, j int) bool {
	in := s[i+1 : j]
	if in == "" {
		return false
	}
	money := isDigit(in[0])
	if money && in[len(in)-1] == ' ' && !strings.ContainsAny(in, `\^_{}=<>`) {
		return false
	}
	if strings.ContainsAny(in, `\^_{}=<>`) {
		return true
	}
	return proseWords(in) < 3 && (!money || !isDigit(at(s, j+1)) || proseWords(in) == 0)
}

// proseWords counts the words of three letters and more in s.
func proseWords(s string) (n int) {
	run := 0
	for i := 0; i <= len(s); i++ {
		if isLetter(at(s, i)) {
			run++
			continue
		}
		if run >= 3 {
			n++
		}
		run = 0
	}
	return n
}
