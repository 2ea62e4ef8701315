package segment

import (
	"cmp"
	"strings"
	"sync"
)

// A NamedOrganization is an organization with a unique name, ready to be completed.
type NamedOrganization struct {
	Name, Text       string // the unique one, and the one that people read
	NameKey, TextKey string // FoldKey of them
	Term             Term   // of the documents that have it
}

// organizationCache is the organizations of a segment, made when they are first asked for.
type organizationCache struct {
	once sync.Once
	all  []*NamedOrganization
}

// NamedOrganizations are the organizations that have a unique name, each once. They are
// shared.
func (s *Segment) NamedOrganizations() []*NamedOrganization {
	s.organizations.once.Do(func() {
		seen := map[string]bool{}
		for _, org := range s.orgNames {
			name, text, _ := strings.Cut(org, "\t")
			if name == "" || seen[name] {
				continue
			}
			seen[name] = true
			text = cmp.Or(text, name)
			s.organizations.all = append(s.organizations.all, &NamedOrganization{Name: name, Text: text,
				NameKey: FoldKey(name), TextKey: FoldKey(text), Term: s.Term(ClassOrganization, name)})
		}
	})
	return s.organizations.all
}
