package search

import (
	"slices"
	"strings"
	"testing"
)

func TestNameOf(t *testing.T) {
	for _, tt := range []struct {
		author, name string
		want         NameMatch
	}{
		{"Kaiming He", "Kaiming He", FullName}, {"Kaiming He", "he kaiming", FullName}, {"Kaiming He", "He, Kaiming", FullName},
		{"Kaiming He", "K. He", NameInitials}, {"Kaiming He", "He K", NameInitials}, {"Kaiming He", "Kaiming H", NameInitials},
		{"Kaiming He", "Kaiming Wang", NoName}, {"Kaiming He", "Ming He", NoName}, {"Kaiming He", "X. He", NoName},
		{"Kaiming He", "Kaiming Xiang He", NoName}, {"Kai-Ming He", "KM He", NameInitials}, {"K. He", "Kaiming He", NameInitials},
		{"Geoffrey E. Hinton", "Geoffrey Hinton", FullName}, {"Geoffrey Hinton", "Geoffrey E. Hinton", FullName},
		{"Geoffrey Hinton", "G. E. Hinton", NameInitials}, {"Geoffrey E. Hinton", "G. Hinton", NameInitials},
		{"Geoffrey E. Hinton", "Hinton, G.E.", NameInitials}, {"Geoffrey A. Hinton", "Geoffrey E. Hinton", NoName},
		{"Geoffrey Everest Hinton", "G. E. Hinton", NameInitials}, {"Adam Hinton", "G. Hinton", NoName},
		{"J. Robert Oppenheimer", "Robert Oppenheimer", FullName}, {"J. Robert Oppenheimer", "J. Oppenheimer", PartOfName},
		{"Laurens van der Maaten", "Laurens Maaten", FullName}, {"L. Maaten", "L. van der Maaten", FullName},
		{"Laurens van der Maaten", "van der Maaten, Laurens", FullName},
		{"Juan Delacruz", "Juan de la Cruz", FullName}, {"Di Wu", "Wu Di", FullName}, {"Bin Yu", "Li Yu", NoName},
		{"Jean-Pierre Serre", "Jean Pierre Serre", FullName}, {"Jean-Pierre Serre", "JP Serre", NameInitials},
		{"Jean-Pierre Serre", "J.-P. Serre", NameInitials}, {"J.-P. Serre", "Jean-Pierre Serre", NameInitials}, {"JP Serre", "Serre, Jean-Pierre", NameInitials},
		{"Xiao-Ming Li", "Xiaoming Li", FullName}, {"Xiaoming Li", "Li Xiao Ming", FullName}, {"Xiao Ming Li", "xiaoming li", FullName},
		{"Xiaoming Li", "X.-M. Li", NameInitials}, {"Kaiming He", "KM He", NameInitials}, {"Andrew Ng", "Andrew NG", FullName}, {"Xiaoming Li", "Xiaomin Li", NoName},
		{"Patrick O'Brien", "Patrick OBrien", FullName}, {"Patrick O’Brien", "P. O'Brien", NameInitials}, {"Patrick OBrien", "Patrick O Brien", FullName},
		{"Luca D’Angelo", "Luca DAngelo", FullName}, {"Martin Luther King Jr.", "Martin Luther King", FullName},
		{"William Strunk", "William Strunk, Jr.", FullName}, {"John Smith III", "Smith, John", FullName},
		{"Klaus Müller", "Klaus Mueller", FullName}, {"Klaus Mueller", "Klaus Muller", FullName}, {"Klaus Muller", "Müller, Klaus", FullName},
		{"Lars Møller", "Lars Moeller", FullName}, {"Lars Moeller", "Lars Moller", FullName}, {"Per Åkesson", "Per Aakesson", FullName},
		{"Anna Weiß", "Anna Weiss", FullName}, {"Jan Łukasz", "Jan Lukasz", FullName}, {"Ana Đorđević", "Ana Djordjevic", FullName},
		{"José Muñoz", "Jose Munoz", FullName}, {`Paul Erd\H{o}s`, "Erdős Paul", FullName}, {`G\"unther Gr{\"o}tschel`, "Guenther Groetschel", FullName},
		{"Lin Lü", "Lin Lv", FullName}, {"Yuexin Wang", "Yuxin Wang", NoName}, {"Taehun Kim", "Tahun Kim", NoName}, {"Michael Kowalski", "Michal Kowalski", NoName},
		{"Kurt Gödel", "Kurt Goedel", FullName}, {"Iwan Петров", "Петров Iwan", FullName},
		{"Juan Pablo García López", "Juan García", PartOfName}, {"May D. Wang", "Wang diffusion", NoName}, {"May D. Wang", "D. Wang", PartOfName}, {"Plato", "Plato", FullName}, {"Kaiming He", "he", PartOfName}, {"Hänsel Meyer", "Haensel", PartOfName}, {"Gemma Team", "gemma team", FullName},
		{"Ada Lovelace", "Ada Ada", NoName}, {"Wang Wang", "Wang Wang", FullName}, {"", "", NoName},
	} {
		n := ParseName(tt.name)
		if got := min(n.Of(tt.author), FullName); got != tt.want {
			t.Errorf("%q is %q: %d, want %d", tt.name, tt.author, got, tt.want)
		}
	}
}

// Of several authors whom a name fits, those who have just that name come first.
func TestSameName(t *testing.T) {
	for _, tt := range []struct {
		author, name string
		want         NameMatch
	}{
		{"Alex X. Lee", "Lee, Alex X.", SameName}, {"Alex Lee", "Alex X. Lee", FullName}, {"Alex X. Lee", "alex lee", FullName},
		{"Hadi Pour Ansari", "Hadi Pouransari", FullName}, {"Klaus Müller", "Mueller, Klaus", SameName}, {"Plato", "Plato", SameName},
	} {
		n := ParseName(tt.name)
		if got := n.Of(tt.author); got != tt.want {
			t.Errorf("%q is %q: %d, want %d", tt.name, tt.author, got, tt.want)
		}
	}
}

// Whoever looks for a name looks at the keys with its prefixes only.
func TestNamePrefixes(t *testing.T) {
	names := strings.Split("Kaiming He;He, K.;K. He;Geoffrey E. Hinton;G. E. Hinton;Laurens van der Maaten;Xiao-Ming Li;Xiaoming Li;JP Serre;Jean-Pierre Serre;Klaus Müller;Mueller K.;Juan de la Cruz;Juan Delacruz;Per Åkesson;Aakesson, P.", ";")
	for _, author := range names {
		for _, name := range names {
			n := ParseName(name)
			prefixes, found := n.Prefixes(), NoName
			for _, term := range AuthorTerms(author) {
				if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(term, p) }) {
					found = max(found, n.Match(term))
				}
			}
			if want := n.Of(author); found != want {
				t.Errorf("%q is %q: %d by its prefixes, %d", name, author, found, want)
			}
		}
	}
}

func TestAuthorTerms(t *testing.T) {
	for name, want := range map[string][]string{
		"Yann LeCun": {"lecun", "lecun yann", "yann", "yann lecun"}, "": nil, "Plato": {"plato"},
		`P. Erd\H{o}s`: {"erdos", "erdos p", "p"}, "王小明": {"王小明"}, "Hänsel": {"haensel", "hansel"},
		"Jean-Luc": {"jean", "jean luc", "jeanluc", "luc", "luc jean"},
	} {
		if got := AuthorTerms(name); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
