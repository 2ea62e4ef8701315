package search

import (
	"fmt"
	"testing"
)

func TestTelling(t *testing.T) {
	for text, want := range map[string]string{
		"what does attention need":  "[attent] [need]",
		"kites;fly":                 "[kite] [fli]",
		"pre-training pre-training": "[pre+train | pretrain]",
		"state-of-the-art":          "[state] [art]",
		"vision-language-action":    "[vision+languag+action]",
		"a/b-c-d/e":                 "[\"b c d\"] [e]",
		"k-means":                   "[\"k mean\" | kmean]",
		"GPT4o":                     "[gpt4o]",
		"what could":                "[what] [could]",
		"of the":                    "",
		"to be or not to be":        "[exact:be+not+or+to]",
	} {
		got := ""
		for i, n := range Compile(Words(text)).Telling {
			if i > 0 {
				got += " "
			}
			got += "[" + nodeText(n) + "]"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func nodeText(n Node) (out string) {
	for i, m := range n.AnyOf {
		if i > 0 {
			out += " | "
		}
		out += nodeText(m)
	}
	for i, term := range n.Terms {
		if i > 0 {
			out += "+"
		}
		if n.Field != FieldAny && i == 0 {
			out += fmt.Sprint(n.Field, ":")
		}
		out += term
	}
	for i, p := range n.Phrase {
		if i == 0 {
			out += `"`
		} else {
			out += " "
		}
		out += p.Term
	}
	if n.Phrase != nil {
		out += `"`
	}
	return out
}

func TestEnough(t *testing.T) {
	for text, want := range map[string][2]int{
		"": {0, 1}, "one": {1, 1}, "one two three": {3, 1}, "one two three four": {2, WordsDepth}, "one two three four five": {3, WordsDepth},
	} {
		if p := Compile(Words(text)); [2]int{p.Enough, p.Papers} != want {
			t.Errorf("%q: %d of %d words, %d papers; want %v", text, p.Enough, len(p.Telling), p.Papers, want)
		}
	}
}
