package search

import (
	"slices"
	"testing"
)

func TestOrganizationTerms(t *testing.T) {
	for _, tt := range []struct {
		unique, name string
		want         []string
	}{
		{"nvidia", "NVIDIA", []string{"=nvidia", "~nvidia"}},
		{"", "", nil},
		{"MIT", "Massachusetts Institute of Technology", []string{"=mit", "~massachusetts institute of technology", "~mit"}},
		{"sail", "Shanghai AI Laboratory", []string{"=sail", "~sail", "~shanghai ai lab"}},
		{"IVUL-KAUST", "Image and Video Understanding Lab", []string{"=ivul-kaust", "~image and video understanding lab", "~ivul", "~ivul kaust"}},
		{"x", "Robotic Systems Lab - ETH Zürich", []string{"=x", "~eth zurich", "~ethz", "~robotic systems lab", "~robotic systems lab eth zurich", "~rsl", "~rslethz", "~x"}},
		{"y", "The Odd Company (ODC) Inc.", []string{"=y", "~odc", "~odd", "~odd company odc", "~toci", "~tocodci", "~y"}},
	} {
		var got []string
		for _, term := range OrganizationTerms(tt.unique, tt.name) {
			got = append(got, term.Text)
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q, %q: %q, want %q", tt.unique, tt.name, got, tt.want)
		}
	}
}
