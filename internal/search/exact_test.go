package search

import (
	"strings"
	"testing"
)

func TestJoinWords(t *testing.T) {
	for text, want := range map[string]string{
		"data set":       "[data | dataset] [set | dataset]",
		"SAM 2":          "[sam | sam2] [2 | sam2]",
		"trans- former":  "[tran | transformer] [former | transformer]",
		"non linear map": "[non | nonlinear] [linear | nonlinear] [map]",
		"neural network": "[neural] [network]",
		"set data":       "[set] [data]",
	} {
		var got []string
		p := Compile(Words(text))
		for _, n := range p.Telling {
			var forms []string
			for _, f := range n.AnyOf {
				forms = append(forms, strings.Join(f.Terms, "+"))
			}
			got = append(got, "["+strings.Join(forms, " | ")+"]")
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s, want %s", text, s, want)
		}
	}
	boosts := map[string]uint32{}
	for _, w := range Compile(Words("data set size")).Words {
		if w.Field == FieldAny {
			boosts[w.Text] = w.Boost
		}
	}
	if boosts["dataset"] != mainBoost || boosts["data"] != partBoost || boosts["set"] != partBoost || boosts["size"] != mainBoost {
		t.Errorf("boosts are %v", boosts)
	}
}

func TestExactTerms(t *testing.T) {
	for text, want := range map[string]string{
		"Transformers of GPT4": "transformers",
		"what is it":           "", // nothing telling, nothing exact
		"of the":               "",
		"to be or not to be":   "be not or to",
		"behaviours":           "behaviors",

		"Transformers learning graphs":         "transformers learning graphs",
		"Transformers learning graphs quickly": "", // a long question
	} {
		var got []string
		for _, w := range Compile(Words(text)).Words {
			if w.Field == FieldExact {
				got = append(got, w.Text)
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: exact words %q, want %q", text, s, want)
		}
	}
}
