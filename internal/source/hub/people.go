package hub

import (
	"cmp"
	"strings"

	"broadsheet/internal/links"
	"broadsheet/internal/paper"
)

// An author is a name on a paper, with the account that claimed it.
type author struct {
	Key      string   `json:"_id"`
	Name     string   `json:"name"`
	Hidden   bool     `json:"hidden"`
	Status   string   `json:"status"`
	StatusAt string   `json:"statusLastChangedAt"`
	User     *account `json:"user"`
}

// An account is a person as the site shows it: within papers the unique name is
// user, beside them it is name.
type account struct {
	Key       string `json:"_id"`
	OldKey    string `json:"id"`
	User      string `json:"user"`
	Name      string `json:"name"`
	FullName  string `json:"fullname"`
	Avatar    string `json:"avatarUrl"`
	Type      string `json:"type"`
	Pro       bool   `json:"isPro"`
	Staff     bool   `json:"isHf"`
	Admin     bool   `json:"isHfAdmin"`
	Moderator bool   `json:"isMod"`
	Followers int    `json:"followerCount"`
}

type organization struct {
	Key      string `json:"_id"`
	Name     string `json:"name"`
	FullName string `json:"fullname"`
	Avatar   string `json:"avatar"`
}

// people are the authors in their order; those without any name are left out.
func people(in []author) ([]paper.Author, error) {
	out := make([]paper.Author, 0, len(in))
	for _, a := range in {
		name := paper.CleanLine(a.Name)
		if name == "" {
			continue
		}
		at, err := parseTime("paper.authors.statusLastChangedAt", a.StatusAt)
		if err != nil {
			return nil, err
		}
		person, err := a.User.person("paper.authors.user")
		if err != nil {
			return nil, err
		}
		out = append(out, paper.Author{Name: name, Key: a.Key, Hidden: a.Hidden,
			Status: a.Status, StatusAt: at.Time, Person: person})
	}
	return out, nil
}

// person is nil for an account without a name.
func (a *account) person(field string) (*paper.Person, error) {
	if a == nil {
		return nil, nil
	}
	p := &paper.Person{
		Key:       cmp.Or(a.Key, a.OldKey),
		Name:      paper.CleanLine(cmp.Or(a.User, a.Name)),
		FullName:  paper.CleanLine(a.FullName),
		Avatar:    avatar(a.Avatar),
		Type:      a.Type,
		Pro:       a.Pro,
		Staff:     a.Staff,
		Admin:     a.Admin,
		Moderator: a.Moderator,
		Followers: a.Followers,
	}
	if p.Name == "" {
		return nil, nil
	}
	if err := checkCount(field+".followerCount", a.Followers); err != nil {
		return nil, err
	}
	return p, checkName(field, p.Name)
}

// submitter is who the paper says submitted it, completed by what the item says
// of the same account.
func (it *item) submitter() (*paper.Person, error) {
	inner, err := it.Paper.SubmittedBy.person("paper.submittedOnDailyBy")
	if err != nil {
		return nil, err
	}
	outer, err := it.SubmittedBy.person("submittedBy")
	switch {
	case err != nil:
		return nil, err
	case inner == nil:
		return outer, nil
	case outer == nil || outer.Name != inner.Name:
		return inner, nil
	}
	return &paper.Person{
		Key:       cmp.Or(inner.Key, outer.Key),
		Name:      inner.Name,
		FullName:  cmp.Or(inner.FullName, outer.FullName),
		Avatar:    cmp.Or(inner.Avatar, outer.Avatar),
		Type:      cmp.Or(inner.Type, outer.Type),
		Pro:       inner.Pro || outer.Pro,
		Staff:     inner.Staff || outer.Staff,
		Admin:     inner.Admin || outer.Admin,
		Moderator: inner.Moderator || outer.Moderator,
		Followers: max(inner.Followers, outer.Followers),
	}, nil
}

// organization is nil for one without a name.
func (o *organization) organization(field string) (*paper.Organization, error) {
	if o == nil {
		return nil, nil
	}
	name := paper.CleanLine(o.Name)
	if name == "" {
		return nil, nil
	}
	picture, _ := links.Clean(o.Avatar)
	return &paper.Organization{Key: o.Key, Name: name, FullName: paper.CleanLine(o.FullName), Avatar: picture},
		checkName(field, name)
}

// checkName refuses names that could not be a segment of an address.
func checkName(field, name string) error {
	if name == "." || name == ".." || strings.ContainsAny(name, "/\\?#% ") {
		return paper.Invalid(field+".name", "%q is not the name of an account", paper.Shorten(name))
	}
	return nil
}

// avatar is an address, or a path on the source's own site.
func avatar(s string) string {
	if strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") && !strings.ContainsAny(s, " \\\r\n\t\"<>") {
		return s
	}
	address, _ := links.Clean(s)
	return address
}
